#!/usr/bin/env bash
# hanzidentifier calls correct Hong Kong text mixed, Simplified, or both.
# One would expect text that OpenCC has just turned into Traditional to be Traditional.
# What happens: a character is Traditional if zhon's list, made from CC-CEDICT, has it there, and the list follows
# Taiwan. 着, 脱 and 税, which are right in Hong Kong (and 着 is what OpenCC's plain s2t writes), count as Simplified only,
# and 説 as both scripts. So 看着國家 and 脱離 are MIXED, 税 is SIMPLIFIED, and 我的説法 passes is_simplified().
# Seen with hanzidentifier 1.3.0 with zhon 2.1.1, on what OpenCC 1.4.2 writes.
# Why it matters: a filter that keeps 'only Traditional' drops pages from Hong Kong, and one that converts only what isn't
# Simplified yet leaves 説 as it is.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq hanzidentifier==1.3.0 zhon==2.1.1 OpenCC==1.4.2
venv/bin/python - <<'PY'
from importlib.metadata import version

import hanzidentifier
import opencc

print(", ".join(f"{name} {version(name)}" for name in ("hanzidentifier", "zhon", "OpenCC")))
names = {getattr(hanzidentifier, name): name for name in ("UNKNOWN", "TRADITIONAL", "SIMPLIFIED", "BOTH", "MIXED")}
stated = [
    ("s2tw", "看着国家", "看著國家", "TRADITIONAL"),
    ("s2t", "看着国家", "看着國家", "MIXED"),
    ("s2hk", "看着国家", "看着國家", "MIXED"),
    ("s2hk", "脱离", "脱離", "MIXED"),
    ("s2hk", "税", "税", "SIMPLIFIED"),
    ("s2tw", "我的说法", "我的\u8aaa法", "TRADITIONAL"),
    ("s2hk", "我的说法", "我的\u8aac法", "BOTH"),
]
good = True
for config, source, expected, verdict in stated:
    text = opencc.OpenCC(config).convert(source)
    seen = names[hanzidentifier.identify(text)]
    print(f"{config:<5} {source} -> {text} {seen}")
    good = good and (text, seen) == (expected, verdict)
passes = hanzidentifier.is_simplified("我的\u8aac法")
print("is_simplified on the last one:", passes)
raise SystemExit(0 if good and passes else "not as stated")
PY
