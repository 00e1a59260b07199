#!/usr/bin/env bash
# polars reads half of a surrogate pair in JSON lines as the character NUL.
# One would expect what other readers do: refuse the file (DuckDB), keep the half (Python's json), or put U+FFFD.
# What happens: a first half with no second one (\ud842, as left when text was cut after N UTF-16 units inside 𠮷) comes out
# as U+0000, without a word. The second half alone (\udfb7) is an error for the whole file. A real \u0000 reads the same,
# so afterwards the two can't be told apart.
# Seen with polars 2.1.0 and DuckDB 2.0.1.
# Why it matters: rare characters in names lie beyond the first 65,536, and excerpts made by JavaScript or Java are cut in
# units. NUL ends a text for much software written in C, and PostgreSQL stores no text that has it.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq polars==2.1.0 polars-runtime-32==2.1.0 duckdb==2.0.1
venv/bin/python - <<'PY'
import json
import pathlib
from importlib.metadata import version

import duckdb
import polars

print("polars", version("polars"), "duckdb", version("duckdb"))
cut, tail = pathlib.Path("cut.jsonl"), pathlib.Path("tail.jsonl")
cut.write_text(r'{"t": "名\ud842"}' + "\n" + r'{"t": "名\ud842\udfb7"}' + "\n" + r'{"t": "名\u0000"}', encoding="utf-8")
tail.write_text(r'{"t": "\udfb7名"}' + "\n", encoding="utf-8")

by_json = [json.loads(line)["t"] for line in cut.read_text(encoding="utf-8").splitlines()]
print("json  ", ascii(by_json))
by_polars = polars.read_ndjson(cut)["t"].to_list()
print("polars", ascii(by_polars))
good = by_json == ["名\ud842", "名\U00020bb7", "名\x00"]
good = good and by_polars == ["名\x00", "名\U00020bb7", "名\x00"]
try:
    polars.read_ndjson(tail)
    good = False
except polars.exceptions.PolarsError as error:
    print("polars, second half alone:", type(error).__name__)
try:
    duckdb.sql(f"select t from read_json('{cut}', format='newline_delimited')").fetchall()
    good = False
except duckdb.Error as error:
    print("duckdb:", type(error).__name__)
raise SystemExit(0 if good else "not as stated")
PY
