#!/usr/bin/env bash
# Two packages are imported as opencc, and the same configuration of each writes different words.
# One would expect tw2s of opencc-python-reimplemented and of OpenCC to differ in speed only: same module name, same class,
# same names of configurations, tables of one origin.
# What happens: on text that is in Simplified already, OpenCC leaves it alone, while the other takes 么 for the Taiwan
# form of 幺 and turns 什么, 怎么 and 那么 into 什幺, 怎幺 and 那幺. And where text describes a character by its parts (⿰亻國),
# the other converts the part, which then describes another character; OpenCC keeps it.
# Seen with opencc-python-reimplemented 0.1.7 and OpenCC 1.4.2.
# Why it matters: pages mix scripts, so 'convert everything, it does no harm' is true of one and false of the other, and
# which of the two 'import opencc' means depends on what was installed last.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

cat > look.py <<'PY'
import sys
from importlib.metadata import version

import opencc

package = sys.argv[1]
print(package, version(package))
texts = ["什么时候", "你怎么了", "那么多", "⿰亻國"]
seen = [opencc.OpenCC("tw2s").convert(text) for text in texts]
print("  tw2s:", ", ".join(f"{text} -> {out}" for text, out in zip(texts, seen)))
stated = {
    "opencc-python-reimplemented": ["什幺时候", "你怎幺了", "那幺多", "⿰亻国"],
    "OpenCC": texts,
}
raise SystemExit(0 if seen == stated[package] else "not as stated")
PY

for pinned in opencc-python-reimplemented==0.1.7 OpenCC==1.4.2; do
    rm -rf venv
    python3 -m venv venv
    venv/bin/pip install -qq "$pinned"
    venv/bin/python look.py "${pinned%%==*}"
done
