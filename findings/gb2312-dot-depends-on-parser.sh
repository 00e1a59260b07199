#!/usr/bin/env bash
# The dot in a foreign name on a gb2312 page depends on which parser Beautiful Soup was given.
# One would expect one page, whose bytes and declared charset are plain, to give one text.
# What happens: a page that says gb2312 has the dot of 列夫·托尔斯泰 as A1A4 and a dash as A1AA. Browsers, and html5lib like
# them, read the label gb2312 as GBK: U+00B7 and U+2014. html.parser and lxml take it by the letter: U+30FB, the Japanese
# middle dot, and U+2015. The two look alike, and U+30FB then can't be encoded in gbk at all.
# Seen with beautifulsoup4 4.15.0, lxml 6.1.3 and html5lib 1.1 on Python 3.11.
# Why it matters: the same person from two scrapers is two strings, NFKC doesn't join them, and a table of punctuation
# that has only one of the dots cuts the name in two.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq beautifulsoup4==4.15.0 lxml==6.1.3 html5lib==1.1
venv/bin/python - <<'PY'
import unicodedata
from importlib.metadata import version

from bs4 import BeautifulSoup

print(", ".join(f"{name} {version(name)}" for name in ("beautifulsoup4", "lxml", "html5lib")))
page = '<html><head><meta charset="gb2312"></head><body><p>列夫\u00b7托尔斯泰\u2014作家</p></body></html>'.encode("gbk")
stated = {
    "html.parser": "列夫\u30fb托尔斯泰\u2015作家",
    "lxml": "列夫\u30fb托尔斯泰\u2015作家",
    "html5lib": "列夫\u00b7托尔斯泰\u2014作家",
}
good = True
for parser, expected in stated.items():
    text = BeautifulSoup(page, parser).p.get_text()
    marks = " ".join(f"U+{ord(char):04X}" for char in text if ord(char) < 0x4E00)
    print(f"{parser:<12}{text} {marks}")
    good = good and text == expected
folded = {unicodedata.normalize("NFKC", text) for text in stated.values()}
print("strings left after NFKC:", len(folded))
try:
    stated["lxml"].encode("gbk")
except UnicodeEncodeError as error:
    print("back to gbk:", error.reason, repr(error.object[error.start]))
else:
    good = False
raise SystemExit(0 if good and len(folded) == 2 else "not as stated")
PY
