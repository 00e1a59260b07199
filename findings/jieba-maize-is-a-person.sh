#!/usr/bin/env bash
# jieba calls maize, vitamins and satellites names of persons.
# One would expect the tag nr (name of a person) on names, with a few doubtful ones at the edge.
# What happens: the dictionary in the package, not the statistical part, gives nr as the only tag of many ordinary words:
# 明白, 文明, 卫星, 维生素, 玉米, 花岗岩, 安静, 张开. A word has that tag whatever stands around it, and keywords that are
# asked for by allowPOS=('nr',) are such words too.
# Seen with jieba 0.42.1.
# Why it matters: masking names by this tag takes nouns out of the text, and a list of persons in a corpus has maize in it.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq jieba==0.42.1
venv/bin/python - <<'PY'
import logging
from importlib.metadata import version

import jieba
import jieba.analyse
import jieba.posseg

jieba.setLogLevel(logging.WARNING)
print("jieba", version("jieba"))
text = "玉米含有维生素。卫星飞过花岗岩。"
tags = [(pair.word, pair.flag) for pair in jieba.posseg.cut(text)]
print(text, " ".join(f"{word}/{flag}" for word, flag in tags))
people = [word for word, flag in tags if flag == "nr"]
print("tagged as persons:", people)
keywords = jieba.analyse.extract_tags(text, allowPOS=("nr",))
print("keywords that are persons:", sorted(keywords))
others = {word: [pair.flag for pair in jieba.posseg.cut(word, HMM=False)] for word in ("明白", "安静", "张开", "文明")}
print("without the statistical part:", others)
named = {"玉米", "维生素", "卫星", "花岗岩"}
good = set(people) == named and set(keywords) == named and all(flags == ["nr"] for flags in others.values())
raise SystemExit(0 if good else "not as stated")
PY
