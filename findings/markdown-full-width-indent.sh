#!/usr/bin/env bash
# Markdown engines delete the full-width indentation of a paragraph on some of its lines, and not the same ones.
# One would expect U+3000, which Markdown's rules do not count as a space or tab, to pass as the letter it is.
# What happens: in two lines that each begin with two full-width spaces, markdown-it-py and commonmark take the indentation
# off the first line and leave it on the second, and mistune does the reverse. Only cmarkgfm, which wraps the C
# implementation, keeps both.
# Seen with markdown-it-py 4.3.0 (mdurl 0.1.2), commonmark 0.9.1, mistune 3.4.0 and cmarkgfm 2025.10.22.
# Why it matters: those two spaces are how Chinese text marks a paragraph. After a trip through HTML they mark the wrong
# lines: with the first two, what was each paragraph's second line now looks like its beginning.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq markdown-it-py==4.3.0 mdurl==0.1.2 commonmark==0.9.1 mistune==3.4.0 cmarkgfm==2025.10.22
venv/bin/python - <<'PY'
import re
from importlib.metadata import version

import cmarkgfm
import commonmark
import mistune
from markdown_it import MarkdownIt

print(", ".join(f"{name} {version(name)}" for name in ("markdown-it-py", "commonmark", "mistune", "cmarkgfm")))
text = "\u3000\u3000第一行\n\u3000\u3000第二行"
engines = {
    "markdown-it-py": MarkdownIt().render,
    "commonmark": commonmark.commonmark,
    "mistune": mistune.html,
    "cmarkgfm": cmarkgfm.markdown_to_html,
}
stated = {"markdown-it-py": [0, 2], "commonmark": [0, 2], "mistune": [2, 0], "cmarkgfm": [2, 2]}
good = True
print("full-width spaces before each line: [2, 2] in the source")
for name, render in engines.items():
    inside = re.fullmatch(r"<p>(.*)</p>\n?", render(text), re.DOTALL)
    lines = inside.group(1).split("\n")
    seen = [len(line) - len(line.lstrip("\u3000")) for line in lines]
    print(f"{name:<15}{seen} {lines}")
    good = good and seen == stated[name]
raise SystemExit(0 if good else "not as stated")
PY
