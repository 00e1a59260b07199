"""Formed: what is no text in a document of Markdown comes out as it went in, and the rest of it in the structure it had."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from tests.laws.pages import CLUTTER, PROSE, TITLES, settings
from zhnorm import Cleaner
from zhnorm.settings import PROFILES

CODE = [
    "def 總和(a, b):", "    return a + b  # 把兩個數相加", "}", "", "    ", "if x  ==  1:", "git push origin main", "// 乾坤　Ａ", "print('&lt;裡面&gt;')", "網絡: 安全",
    "- 分享到：微博", "相關文章", "| 甲  | 乙 |", "# 註解", "\t\tindent", "trailing  ", "城東圖書館新館開放，首日迎來三千讀者", "\u200b零寬", "<b>", "---",
]  # fmt: skip
URLS = [
    "https://example.com/a?b=1&amp;c=%E8%87%BA%E7%81%A3", "https://zh.example.org/wiki/臺灣", "/圖片/臺灣.png", "../a/分享.html", "#第一節", "img/pic_01.jpg",
]  # fmt: skip
WORDS = ["臺灣", "城東圖書館", "相關文章", "分享", "圖片", "1.2  倍", "ＡＢ", ""]
URL = re.compile(r"https?://[^\s)>\"'\]，。]+|(?<=\]\()[^\s)]+")

urls, words = st.sampled_from(URLS), st.sampled_from(WORDS)
Element = tuple[str, list[str]]
"""What an element is, and its lines."""


@st.composite
def fences(draw: st.DrawFn) -> Element:
    mark = draw(st.sampled_from(["```", "````", "~~~"]))
    indent = draw(st.sampled_from(["", "", "  "]))
    code = draw(st.lists(st.sampled_from(CODE), max_size=6))
    info = draw(st.sampled_from(["", "python", " yaml"]))
    return "code", [indent + mark + info, *(indent + line for line in code), indent + mark]


@st.composite
def tables(draw: st.DrawFn) -> Element:
    rows = draw(st.lists(st.tuples(words, words), min_size=1, max_size=4))
    if draw(st.booleans()):
        return "table", ["| 名稱  | 說明 |", "| --- |:---:|", *(f"| {a or '甲'}  | {b} |" for a, b in rows)]
    return "table", ["名稱 | 說明", "--- | ---", *(f"{a or '甲'} | {b or '乙'}" for a, b in rows)]


@st.composite
def images(draw: st.DrawFn) -> Element:
    image = f"![{draw(words)}]({draw(urls)})"
    return "image", [draw(st.sampled_from([image, f"[{image}]({draw(urls)})", f"**{image}**", f"{image} {image}"]))]


@st.composite
def paragraphs(draw: st.DrawFn) -> Element:
    sentence = draw(st.sampled_from(PROSE))
    line = draw(
        st.sampled_from(
            [
                sentence,
                f"{sentence}見[{draw(words) or '甲'}]({draw(urls)})。",
                f"{sentence}用 `print('乾  坤')` 印出來，地址是 {URLS[0]} 。",
                f'{sentence}<span title="臺灣">臺灣{draw(words)}</span>',
            ]
        )
    )
    return "text", draw(st.sampled_from([[line], [line + "  ", sentence], [line + "\\", sentence], ["> " + line]]))


@st.composite
def lists(draw: st.DrawFn) -> Element:
    mark = draw(st.sampled_from(["-", "*  ", "1.", "1. "]))
    indent = " " * (len(mark) + 1)
    lines = []
    for sentence in draw(st.lists(st.sampled_from(PROSE), min_size=1, max_size=3)):
        lines.append(f"{mark} {sentence}")
        if draw(st.booleans()):
            lines.append(f"{indent}- {draw(st.sampled_from(PROSE))}")
        if draw(st.booleans()):
            lines += ["", indent + draw(st.sampled_from(PROSE)), ""]
    return "text", lines


headings = st.builds(
    lambda level, said: ("text", ["#" * level + " " + said]),
    st.integers(1, 4),
    st.sampled_from([*TITLES, "圖片", "相關文章", "分享", "第一節"]),
)
underlined = st.builds(lambda said: ("text", [said, "-----"]), st.sampled_from([*TITLES, "相關文章", "第一節"]))
tags = st.sampled_from(["<!-- 註解 -->", "<br/>", '<div class="臺灣">', "</div>"]).map(lambda tag: ("tag", [tag]))
references = st.builds(lambda url: ("reference", [f"[1]: {url}"]), urls)
chrome = st.sampled_from(CLUTTER).map(lambda line: ("text", [line]))
front = st.lists(
    st.sampled_from(["title: 城東圖書館", "date:  2020-01-01", "tags:", "  - 圖片", "  - 圖片", "author: '王小明'"]),
    min_size=1,
    max_size=5,
).map(lambda lines: ("front", ["---", "title: 乾坤", *lines, "---"]))
elements = st.one_of(
    fences(), tables(), images(), paragraphs(), lists(), headings, underlined, tags, references, chrome
)
documents = st.tuples(st.lists(front, max_size=1), st.lists(elements, max_size=12)).map(lambda both: both[0] + both[1])


@cache
def _made(wish: tuple[tuple[str, Any], ...]) -> Cleaner:
    return Cleaner(**dict(wish))


def _cleaner(wish: dict[str, Any]) -> Cleaner:
    return _made(tuple(sorted(wish.items())))


def _text(document: list[Element]) -> str:
    return "".join("\n".join(lines) + "\n\n" for _, lines in document)


@given(documents, settings)
def test_code_stays_to_the_letter(document: list[Element], wish: dict[str, Any]) -> None:
    out = "\n" + _cleaner(wish).clean(_text(document))
    at = 0
    for kind, lines in document:
        if kind in ("code", "front"):
            at = out.find("\n" + "\n".join(lines) + "\n", at)
            assert at >= 0, lines


@given(documents, settings)
def test_other_elements_stay_whole(document: list[Element], wish: dict[str, Any]) -> None:
    """Images and references stay to the letter or go; of tables all rows stay, and all that is not converted in them."""
    out = "\n" + _cleaner(wish | {"to": "keep"}).clean(_text(document))
    for kind, lines in document:
        if kind in ("table", "tag"):
            assert "\n" + "\n".join(lines) + "\n" in out
    assert set(re.findall(r"^.*!\[.*$", out, re.MULTILINE)) <= {line for _, lines in document for line in lines}


@given(documents, settings)
def test_addresses_never_change(document: list[Element], wish: dict[str, Any]) -> None:
    text = _text(document)
    assert set(URL.findall(_cleaner(wish).clean(text))) <= set(URL.findall(text))


@given(documents, st.sampled_from([name for name in PROFILES if name != "page"]))
@example([("text", ["相關文章", "-----"]), ("text", ["- " + PROSE[0], "", "  " + PROSE[3]])], "article")
@example(
    [
        *6 * [("code", ["```", "```"])],
        ("text", [PROSE[0]]),
        ("text", ["# 相關文章"]),
        ("text", ["- " + PROSE[4], "  - " + PROSE[2]]),
    ],
    "article",
)
def test_structure_stays(document: list[Element], profile: str) -> None:
    """The blocks that come out, with their depth, are blocks that went in, in their order."""
    # Front matter is no Markdown; a heading shows that the rest is.
    text = _text([("text", ["# 橋"]), *(element for element in document if element[0] != "front")])
    out = _cleaner({"profile": profile, "to": "keep"}).clean(text)
    wanted = iter(_blocks(text))
    for block in _blocks(out):
        assert block in wanted, (block, out)


LAST_SIGN: list[Element] = [("text", ["# 相關文章"])]
"""Markdown, as long as this is there, which goes."""
WIDE_ITEM = f"*   {PROSE[0]}"


@given(documents, settings)
@example([("text", [TITLES[2], "---"]), *2 * [("text", [PROSE[5]]), ("text", [TITLES[0], "---"])], *LAST_SIGN], {})
@example([("text", [PROSE[5]]), ("text", ["    網絡  安全", "", "    點贊"]), *LAST_SIGN], {})
@example([("text", ["- 甲"]), *LAST_SIGN, ("image", ["- ![](a.png)", "", "    點贊", "", "    裡面"])], {})
@example([*LAST_SIGN, ("text", [WIDE_ITEM])], {})
@example([("text", ["# 橋", "", PROSE[0] + "  ", "\xa0  ", PROSE[3]])], {})
def test_settled(document: list[Element], wish: dict[str, Any]) -> None:
    cleaner = _cleaner(wish)
    once = cleaner.clean(_text(document))
    assert cleaner.clean(once) == once


@given(documents, st.sampled_from(list(PROFILES)), st.lists(st.integers(0, 2000), max_size=8))
def test_seamless(document: list[Element], profile: str, cuts: list[int]) -> None:
    """The state of markup goes over the cuts, and over the windows."""
    cleaner = _cleaner({"profile": profile, "window_lines": 50})
    text = _text(document) * 4
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    pieces = [text[start:stop] for start, stop in pairwise(places)]
    assert "".join(cleaner.stream(pieces)) == cleaner.clean(text)


def _blocks(text: str) -> Iterator[tuple[str, int, str]]:
    """The type, the depth and the language of each block of Markdown."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.nesting >= 0 and token.block and token.type != "inline":
            yield token.type, token.level, token.info
