#!/usr/bin/env bash
# Of a page with 300 tags inside each other lxml.html loses all text from the deep part on, and no error is raised.
# One would expect text that is nested deeply to be there, or an error; or at least what stands behind the deep part to be there.
# What happens: libxml2 gives up at a depth of 256 unless it is told that trees may be huge. lxml.html's parser recovers from errors, so it
# hands out what there is: no text of the deep part, nor of the paragraph behind it. The error is only in the parser's log.
# Seen with lxml 6.1.3. With lxml.html.HTMLParser(huge_tree=True) all of it is there.
# Why it matters: old Chinese portals and forums print <font> and <div> that nobody closes, one more for every paragraph or reply, so a long thread gets
# that deep by itself. Extractors that parse with lxml's defaults then say that the page has no text.
set -euo pipefail
export PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONIOENCODING=utf-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"

python3 -m venv venv
venv/bin/pip install -qq lxml==6.1.3
cat > deep.py <<'PY'
from lxml import etree, html

print("lxml", etree.__version__)


def text(count, **options):
    """What lxml sees of replies that each leave a <font> open."""
    page = "<html><body><p>首楼</p>" + "<font>" * count + "<p>雨停了。</p>" + "</font>" * count + "<p>末楼</p></body></html>"
    found = html.document_fromstring(page, parser=html.HTMLParser(**options)).text_content()
    print(f"  {count} tags, {options or 'defaults'}: {found!r}")
    return found


seen = [text(200), text(300), text(300, huge_tree=True)]
is_as_stated = seen[0] == seen[2] == "首楼雨停了。末楼" and "雨停了" not in seen[1] and "末楼" not in seen[1]
raise SystemExit(0 if is_as_stated else "not as stated")
PY
venv/bin/python deep.py
