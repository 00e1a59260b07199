"""Text without chrome from packages of documentation and of poems: `python -m training.documents FOLDER MORE`.

    apt-get download debian-reference-zh-cn debian-reference-zh-tw debian-edu-doc-zh-cn debian-faq-zh-cn debmake-doc gimp-help-zh-cn \
        installation-guide-amd64 kicad-doc-zh libreoffice-help-zh-cn libreoffice-help-zh-tw lilypond-doc-html-zh maint-guide-zh-cn maint-guide-zh-tw
    for each in *.deb; do dpkg-deb -x $each FOLDER/${each%%_*}; done
    npm pack chinese-poetry; tar -C FOLDER -xzf chinese-poetry-*.tgz --one-top-level

FOLDER holds the packages, each unpacked into a folder of its name. MORE is the folder that `python -m training --more MORE` learns from: the text is
written into its `plain/`. Nothing of it is in the repository, since it is others'; it is learned from for weights alone.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import html

__all__ = ["main", "pages_of", "text_of"]

BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "pre",
        "dt",
        "dd",
        "table",
        "ul",
        "ol",
        "dl",
        "blockquote",
        "section",
        "article",
        "br",
        "hr",
        "td",
        "th",
        "title",
    ]
)
LEFT_OUT = frozenset(("header", "footer", "aside", "nav", "script", "style", "head"))
NAVIGATION = re.compile(
    "nav|toc_header|advnav|^header|^footer|debug|menu|sidebar|breadcrumb|copyright|legal", re.IGNORECASE
)
BODIES = {"libreoffice-help-zh-cn": "DisplayArea", "libreoffice-help-zh-tw": "DisplayArea"}
"""Where the text is, by the number of its element; elsewhere it is all that is no navigation."""
MOST_PAGES = {"libreoffice-help-zh-cn": 120, "libreoffice-help-zh-tw": 80, "chinese-poetry": 120}
LEAST_HAN, HAN_SHARE = 300, 1.2
"""A page has so many Chinese characters, and so many for each word of another language."""
PIECE_LINES = 400
POEMS = 20
OTHER_PAGES = re.compile("相[关關]主[题題]")
"""What stands below it is a list of other pages."""
_HAN, _WORD = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]{2,}")
_SAID = ("title", "rhythmic", "chapter", "author", "notes", "paragraphs", "content", "para", "prologue")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m training.documents", description="Text without chrome, to learn from."
    )
    parser.add_argument("folder", type=Path, help="packages, each unpacked into a folder of its name")
    parser.add_argument("more", type=Path, help="the folder to learn from")
    options = parser.parse_args()
    dice = random.Random(11)
    for package in sorted(each for each in options.folder.iterdir() if each.is_dir()):
        pages = sorted(pages_of(package))
        most = MOST_PAGES.get(package.name, len(pages))
        chosen = dice.sample(pages, most) if most < len(pages) else pages
        folder = options.more / "plain" / package.name
        folder.mkdir(parents=True, exist_ok=True)
        for number, (_, lines) in enumerate(chosen):
            for start in range(0, len(lines), PIECE_LINES):
                piece = "\n".join(lines[start : start + PIECE_LINES])
                (folder / f"{number:03}-{start // PIECE_LINES}.txt").write_text(piece, "utf-8")
        print(f"{package.name}: {len(chosen)} of {len(pages)} pages")


def pages_of(package: Path) -> Iterator[tuple[str, list[str]]]:
    """The texts of a package in Chinese, each with the name of its file, as lines."""
    for path in sorted(package.rglob("*")):
        name = str(path.relative_to(package))
        if path.suffix == ".json" and package.name == "chinese-poetry":
            poems = json.loads(path.read_text("utf-8"))
            if isinstance(poems, list) and len(lines := list(_said(poems[:POEMS]))) > POEMS // 2:
                yield name, lines
        elif name.removesuffix(".gz").endswith(".html") and "zh" in f"{package.name}/{name}":
            read = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            lines = list(text_of(read, BODIES.get(package.name)))
            text = "\n".join(lines)
            if len(_HAN.findall(text)) >= max(LEAST_HAN, HAN_SHARE * len(_WORD.findall(text))):
                yield name, lines


def text_of(page: bytes, body: str | None = None) -> Iterator[str]:
    """The lines of a page of HTML as a browser shows them, without its navigation, up to a list of other pages.

    >>> list(text_of("<body><nav>首页</nav><h1>渡口</h1><p>停航<b>三天</b>。</p><h2>相关主题</h2><p>大桥</p>".encode()))
    ['渡口', '停航三天。']
    """
    root = html.document_fromstring(page, parser=html.HTMLParser(encoding="utf-8"))
    found = root.get_element_by_id(body, None) if body else root.find("body")
    if found is None:
        return
    for element in list(found.iter()):
        if element is not found and (not isinstance(element.tag, str) or _is_navigation(element)):
            element.drop_tree()
    for line in "".join(_parts(found)).split("\0"):
        said = " ".join(line.split())
        if OTHER_PAGES.fullmatch(said):
            return
        if said:
            yield said


def _is_navigation(element: Any) -> bool:
    named = f"{element.get('class') or ''} {element.get('id') or ''}".split()
    return element.tag in LEFT_OUT or any(map(NAVIGATION.search, named))


def _parts(element: Any) -> Iterator[str]:
    """The text of an element, with a zero byte where a block begins or ends."""
    edge = "\0" if element.tag in BLOCKS else ""
    yield edge + (element.text or "")
    for child in element:
        yield from _parts(child)
        yield child.tail or ""
    yield edge


def _said(found: Any) -> Iterator[str]:
    """The lines of poems as the package has them."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, list):
        for each in found:
            yield from _said(each)
    elif isinstance(found, dict):
        for name in _SAID:
            yield from _said(found.get(name))


if __name__ == "__main__":
    main()
