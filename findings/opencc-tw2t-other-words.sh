#!/usr/bin/env bash
# OpenCC's tw2t, which should only take Taiwan's forms of characters back, writes other words in place of everyday ones, and tw2s inherits it.
# One would expect 核心, 針對 and 下顎, which Taiwan and OpenCC's own standard write alike (s2t gives them just so), to pass tw2t as they are, and
# tw2s to differ from t2s in regional forms alone.
# What happens: the table from OpenCC's standard to Taiwan's has 覈 -> 核, 鍼 -> 針, 纔 -> 才, 蔘 -> 參, 齶 -> 顎, 鮎 -> 鯰, where two words of the standard
# are one in Taiwan, and it was turned round as if each were one to one. So 1.1.9 makes 覈心 of 核心, 鍼對 of 針對, 纔能 of 才能, 蔘加 of 參加.
# 1.4.2 leaves these, but both still turn 下顎 (the jaw) into 下齶, and, by way of it, tw2s turns it into 下腭 (the palate), where t2s and hk2s
# have 下颚; and 鯰魚 into 鲇鱼, where they have 鲶鱼.
# Seen with OpenCC 1.1.9 and 1.4.2.
# Why it matters: tw2s is what one takes for text from Taiwan because it is said to know more than t2s; for such words it knows less, and texts
# that were converted with t2s and with tw2s no longer match.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

cat > look.py <<'PY'
from importlib.metadata import version

import opencc

text = "核心 針對 才能 參加 下顎 鯰魚"
seen = {name: opencc.OpenCC(name).convert(text) for name in ("tw2t", "tw2s", "t2s", "hk2s")}
seen["s2t of t2s"] = opencc.OpenCC("s2t").convert(seen["t2s"])
number = version("opencc")
print("OpenCC", number)
for name, out in seen.items():
    print(f"  {name}: {text} -> {out}")
kept = "核心 针对 才能 参加 下颚 鲶鱼"
stated = {"tw2s": "核心 针对 才能 参加 下腭 鲇鱼", "t2s": kept, "hk2s": kept, "s2t of t2s": text}
stated["tw2t"] = {"1.1.9": "覈心 鍼對 纔能 蔘加 下齶 鮎魚", "1.4.2": "核心 針對 才能 參加 下齶 鮎魚"}[number]
raise SystemExit(0 if seen == stated else "not as stated")
PY

for pinned in OpenCC==1.1.9 OpenCC==1.4.2; do
    rm -rf venv
    python3 -m venv venv
    venv/bin/pip install -qq "$pinned"
    venv/bin/python look.py
done
