"""Elements of Markdown, and what shows of each on a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from ..arrays.expressions import expression
from ..signs import CLOSING_QUOTES, ELLIPSES, FULL_STOPS
from .code import is_comment, is_program
from .frame import DESTINATION, IMAGE, TAG

__all__ = [
    "MARKUP_STARTS", "VERBATIM", "Kind", "closes_fence", "is_delimiter_row", "is_front_line", "is_list_item", "is_paragraph", "is_underline",
    "items_with_lines",
    "kind_of", "may_hold_markup", "opens_comment", "opens_fence",
]  # fmt: skip


class Kind(Enum):
    """What a line is that is no text."""

    FRONT = "front matter"
    CODE = "code"
    TABLE = "table"
    IMAGE = "image"
    TAG = "tag"
    """An HTML tag or comment, or a mark of one of Markdown's dialects such as `!!! note`."""
    REFERENCE = "reference"
    HEADING = "heading"
    UNDERLINE = "underline"


VERBATIM = frozenset({Kind.FRONT, Kind.CODE})
"""Lines that stay as they are to the letter."""


# What has been read is never read again in another way (`*+`): a line of 100,000 hyphens is no more than any other line.
_OPENS_MARKUP = expression(
    r"[ \t]*+(?:[>*+_-][ \t>*+_-]*+|[0-9]{1,9}[.)][ \t]++)?+(?:```|~~~|\[?!\[|\[[^\]\n]+\]:|<[A-Za-z/!]|#+[ \t]"
    r"|\|?[ \t]*+:?-[-: \t]*+\||\|[ \t]*+:?-++:?[ \t]*+$|!!!|\?\?\?|:::|===[ \t])"
    # Hyphens of the row that parts the head of a table, behind those of items.
    r"|(?:[ \t-]*+[>*+_])*+[ \t]*+-[-: \t]*+\|"
)
"""Rows of a table are told by the one that parts its head from the others."""
MARKUP_STARTS = frozenset(">*+_-`~[!<#|:=?")
"""With these a line of markup begins, spaces and numbers of items left out."""
_BEYOND_ASCII = "\x80"
_FENCE = expression(r"[ \t>]*(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]+)?(?:(`{3,})[^`]*|(~{3,}).*)$")
_FRONT_LINE = expression(r"(?:[\w.:@-]+|\"[^\"]*\")[ \t]*:(?:\s|$)|[ \t]+\S|-(?:[ \t]|$)|#|\s*$")
_DELIMITER_ROW = expression(r"[ \t>]*+(?:\|[ \t]*+)?:?-++:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+(?:\|[ \t]*+)?$")
_UNDERLINE = expression(r" {0,3}(?:=+|-{2,})[ \t]*$")
_HEADING = expression(r" {0,3}#{1,6}[ \t]+\S")
_ITEM = expression(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]")
_IMAGES = expression(
    rf"(?:[ \t>]|[-*+][ \t]|[0-9]{{1,9}}[.)][ \t])*+(?:[*_\s\\]*+(?:{IMAGE}|\[{IMAGE}\]{DESTINATION}"
    rf"|(?:<a\b[^<>\n]*>)?<img\b[^<>\n]*>(?:</a>)?))+[*_\s\\]*+(?:\{{[^{{}}\n]*\}}\s*)?$",
)
_DIRECTIVE = expression(r"[ \t]*(?:(?:!!!|\?\?\?\+?)[ \t]+[a-z]+(?:[ \t]|$)|===[ \t]+\"|:::)")
_TAGS = expression(rf"[ \t>]*(?:(?:{TAG}|<https?://[^<>\s]+>)\s*)+$")
_REFERENCE = expression(
    r" {0,3}\[[^\]^\n][^\]\n]*\]:[ \t]+(?:<[^<>\n]*>|https?:|mailto:|[./#]|[!-~]+\.[A-Za-z]{2,})\S*"
)
_PROSE_CHARS = 20
_PROSE_ENDS = frozenset(f"{FULL_STOPS}{ELLIPSES}{CLOSING_QUOTES}")


def may_hold_markup(lines: Sequence[str], *, is_new: bool = False) -> bool:
    """Whether any line begins like markup or a program. Soon said of most texts: their lines begin with Chinese characters.

    Args:
        lines: consecutive lines.
        is_new: the document begins with them, and front matter may.

    >>> may_hold_markup(["今天下雨。", "2012 年"]), may_hold_markup(["今天下雨。", "# 天气"])
    (False, True)
    """
    match = _OPENS_MARKUP.match
    if is_new and lines and lines[0].rstrip() == "---":
        return True
    # A whole line is smaller than a character if it begins with a smaller one.
    for line in [line for line in lines if line < _BEYOND_ASCII]:
        first = line.lstrip()[:1]
        if "" < first < _BEYOND_ASCII:
            if match(line) if first in MARKUP_STARTS else "```" in line or "~~~" in line:
                return True
            if is_program(line):
                return True
    return False


def kind_of(line: str) -> Kind | None:
    """What a line is that shows it by itself; not code, tables and front matter.

    >>> [kind_of(line) for line in ("## 圖片", "![](a.png)", "<br>", "[1]: https://a.b/", "圖片")]
    [<Kind.HEADING: 'heading'>, <Kind.IMAGE: 'image'>, <Kind.TAG: 'tag'>, <Kind.REFERENCE: 'reference'>, None]
    """
    if line >= _BEYOND_ASCII:
        return None
    if _HEADING.match(line):
        return Kind.HEADING
    if ("![" in line or "<img" in line) and _IMAGES.match(line):
        return Kind.IMAGE
    if _DIRECTIVE.match(line) or ("<" in line and (_TAGS.match(line) or _is_comment(line))):
        return Kind.TAG
    if "]:" in line and _REFERENCE.match(line):
        return Kind.REFERENCE
    return None


def opens_fence(line: str) -> str:
    """The marks with which a line opens a fence, or "".

    >>> opens_fence("- ~~~~ python"), opens_fence("```js code```")
    ('~~~~', '')
    """
    found = _FENCE.match(line) if "```" in line or "~~~" in line else None
    return (found[1] or found[2]) if found else ""


def closes_fence(line: str, marks: str) -> bool:
    """Whether the line closes a fence that these marks opened."""
    bare = line.strip(" \t>")
    return len(bare) >= len(marks) and bare.strip(marks[0]) == ""


def _is_comment(line: str) -> bool:
    bare = line.strip()
    return bare.startswith("<!--") and bare.find("-->") == len(bare) - len("-->")


def opens_comment(line: str) -> bool:
    """Whether an HTML comment begins with this line and goes on behind it."""
    return "<!--" in line and line.lstrip().startswith("<!--") and "-->" not in line


def is_front_line(line: str) -> bool:
    """Whether a line may be one of front matter: a key, or what belongs to the key above."""
    return _FRONT_LINE.match(line) is not None


def is_delimiter_row(line: str) -> bool:
    """Whether the line parts the head of a table from its other rows."""
    return "|" in line and "-" in line and _DELIMITER_ROW.match(line) is not None


def is_underline(line: str) -> bool:
    """Whether the line makes the one above it a heading, in Markdown."""
    return _UNDERLINE.match(line) is not None


def is_list_item(line: str) -> bool:
    """Whether the line begins an item of a list."""
    return _ITEM.match(line) is not None


def items_with_lines(lines: Sequence[str]) -> dict[int, int]:
    """Items of lists below which indented lines stand, each with the index where these stop: without the item they would be
    something else.

    >>> items_with_lines(["- 甲", "", "  甲說的話", "- 乙", "丙"])
    {0: 3}
    """
    found: dict[int, int] = {}
    open_items: list[tuple[int, int]] = []
    for i, line in enumerate([*lines, "."]):
        if line and not line.isspace():
            indent = len(line) - len(line.lstrip(" \t"))
            while open_items and indent <= open_items[-1][1]:
                item, _ = open_items.pop()
                if i > item + 1:
                    found[item] = i
            if is_list_item(line):
                open_items.append((i, indent))
    return found


def is_paragraph(line: str) -> bool:
    """Whether a line is a Chinese sentence, and no line of code with a comment."""
    line = line.strip()
    if len(line) < _PROSE_CHARS or line[-1] not in _PROSE_ENDS or is_comment(line) or is_program(line):
        return False
    return 2 * sum("\u3400" <= character <= "\u9fff" for character in line) > len(line)
