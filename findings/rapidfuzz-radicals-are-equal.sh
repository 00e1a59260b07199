#!/usr/bin/env bash
# rapidfuzz finds any two titles made of Kangxi radicals equal, or wholly unlike, by the name of the function.
# One would expect default_process, which lower-cases and takes out marks, to leave characters that look like 用户 alone.
# What happens: text copied from PDF often has ⽤⼾ (U+2F64 U+2F3E), which look the same but are symbols to Unicode, so
# default_process deletes them and nothing is left. ratio and partial_ratio of nothing with nothing is 100; QRatio, WRatio
# and token_set_ratio say 0. In mixed text the radical becomes a space and splits the word.
# Seen with rapidfuzz 3.14.6.
# Why it matters: in a search for near-equal titles, every such title (and every one of marks only) joins one group or none.
# Fold with NFKC before comparing (which writes 用戶, with the Traditional form of 户).
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq rapidfuzz==3.14.6
venv/bin/python - <<'PY'
import unicodedata
from importlib.metadata import version

from rapidfuzz import fuzz, utils

print("rapidfuzz", version("rapidfuzz"))
one, other = "\u2f64\u2f3e", "\u2f45\u2f47"
left = [utils.default_process(text) for text in (one, other, "北京\u2f64户\u2f3f册")]
print("after default_process:", left)
names = ("ratio", "partial_ratio", "QRatio", "WRatio", "token_set_ratio")
seen = {name: getattr(fuzz, name)(one, other, processor=utils.default_process) for name in names}
print(f"{one} with {other}:", seen)
folded = [unicodedata.normalize("NFKC", text) for text in (one, other)]
after = fuzz.ratio(*folded, processor=utils.default_process)
print("folded first:", folded, after)
stated = {"ratio": 100, "partial_ratio": 100, "QRatio": 0, "WRatio": 0, "token_set_ratio": 0}
raise SystemExit(0 if left == ["", "", "北京 户 册"] and seen == stated and after == 0 else "not as stated")
PY
