#!/usr/bin/env bash
# trafilatura's Markdown and text leave out the empty lines inside <pre>; its XML of the same page keeps them.
# One would expect a fence of code to hold the code to the letter, in every format alike.
# What happens: when text is written, runs of line ends become one wherever they stand, also between the ``` of a fence; indentation stays.
# Seen with trafilatura 2.3.1 and lxml 6.1.3; output_format="markdown" and "txt" against "xml".
# Why it matters: in tutorials empty lines part functions and paragraphs of a printed text; a poem or a mail in <pre> loses its stanzas, and whoever compares code by its
# digest finds no copy. Whoever needs the code as it was takes the XML, or the <pre> elements of the page itself.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq trafilatura==2.3.1 lxml==6.1.3 lxml-html-clean==0.4.3
cat > extract.py <<'PY'
from importlib.metadata import version

import trafilatura

print("trafilatura", version("trafilatura"), "lxml", version("lxml"))
CODE = "第一段\n\n\n    第二段，缩进四格\n"
PAGE = (
    "<html><body><article><h1>空行去了哪里</h1>"
    "<p>下面是一段带两个空行的文字，放在 pre 元素里，浏览器照原样显示，一行不多，一行不少，谁都以为它会原样留下来。</p>"
    f"<pre>{CODE}</pre>"
    "<p>后面还有一段普通的话，说明这一页是一篇正常的文章，段落都有一定的长度，提取的程序不会把它当成别的东西。</p>"
    "</article></body></html>"
)


def kept(form):
    found = trafilatura.extract(PAGE, output_format=form)
    middle = found[found.index("第一段") : found.index("缩进四格")]
    print(f"  {form}: {middle!r}")
    return "\n\n\n" in middle, "\n\n" in middle


is_as_stated = [kept(form) for form in ("markdown", "txt", "xml")] == [(False, False), (False, False), (True, True)]
raise SystemExit(0 if is_as_stated else "not as stated")
PY
venv/bin/python extract.py
