#!/usr/bin/env bash
# OpenCC's plain Traditional cannot be written in Big5, for some of the commonest characters.
# One would expect s2t, 'Simplified to Traditional', to write what the encoding for Traditional text holds.
# What happens: s2t writes the forms OpenCC takes as its standard, not those in use in Taiwan: 因为 becomes 因爲, 起床 起牀,
# 山峰 山峯, 群众 羣衆. Of these 爲, 牀, 峯 and 衆 are in neither big5 nor cp950, and 爲 not even in big5hkscs: encoding
# fails. s2tw writes 為, 床, 峰, 眾 and works. (裏, the s2t form of 里, is missing from Python's big5 but not from cp950.)
# Seen with OpenCC 1.4.2 and the codecs of Python 3.11.
# Why it matters: text made with the obvious setting fails on its way to a system that takes Big5, or with errors='ignore'
# loses 爲, one of the commonest characters, from every page.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq OpenCC==1.4.2
venv/bin/python - <<'PY'
import platform
from importlib.metadata import version

import opencc

print("OpenCC", version("OpenCC"), "Python", platform.python_version())
CODECS = ("big5", "cp950", "big5hkscs")


def lacking(text: str, codec: str) -> str:
    return "".join(char for char in text if not char.encode(codec, "ignore"))


source = "因为起床看山峰众人在这里"
good = True
stated = {
    ("s2t", "因爲起牀看山峯衆人在這裏"): ("爲牀峯衆裏", "爲牀峯衆", "爲"),
    ("s2tw", "因為起床看山峰眾人在這裡"): ("", "", ""),
}
for (config, expected), missing in stated.items():
    text = opencc.OpenCC(config).convert(source)
    seen = tuple(lacking(text, codec) for codec in CODECS)
    print(f"{config:<5}{text}", ", ".join(f"{codec} lacks {lost or 'none'}" for codec, lost in zip(CODECS, seen)))
    good = good and text == expected and seen == missing
raise SystemExit(0 if good else "not as stated")
PY
