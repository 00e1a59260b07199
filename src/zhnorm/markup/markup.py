"""The markup of a block of lines: the elements of Markdown, lines of code, and what the lines so far leave open.

Code is told by the lines themselves: without a fence around them nothing else shows it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from ..arrays.expressions import expression
from ..signs import CLOSING_QUOTES, ELLIPSES, FULL_STOPS
from .frame import DESTINATION, IMAGE, TAG

__all__ = [
    "MARKUP_STARTS",
    "UNKNOWN",
    "VERBATIM",
    "Kind",
    "Markup",
    "MarkupState",
    "closes_fence",
    "is_comment",
    "is_delimiter_row",
    "is_front_line",
    "is_in_program",
    "is_list_item",
    "is_paragraph",
    "is_program",
    "is_underline",
    "items_with_lines",
    "kind_of",
    "may_hold_markup",
    "opens_comment",
    "opens_fence",
]

MOST_CHARS = 500
"""A longer line is what a scraper made of many, and no longer a program."""

_STRINGS = expression(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`[^`\n]*`")
_COMMENT_BEHIND = expression(r"(?:(?<=\s)|(?<=[;{}(),]))(?:#|//|--|/\*).*$")
_COMMENT = expression(r"\s*(?:#|//|/\*|\*\s|\*/|--\s|<!--|\"\"\"|''')")
_KEYWORDS = (
    "export|public|private|protected|static|final|const|let|var|val|func|fn|fun|function|struct|enum|interface|type|using"
    "|namespace|package|int|void|float|double|char|bool|auto|async|override|abstract"
)
_COMMANDS = r"sudo|git|npm|npx|yarn|pnpm|pip3?|docker|kubectl|curl|wget|apt-get|mkdir|chmod|chown|scp|rsync|cmake|systemctl|gcc|g\+\+|javac"
_WORDS = (
    "python3?|node|apt|brew|cd|ssh|tar|make|cargo|go|java|conda|export|source|echo|ls|cp|mv|rm|cat|grep|sed|awk|vim?|bash|sh"
    "|php|ruby"
)
_CODE_SIGNS = frozenset("=;{}()<>[]$#\\")
_SENTENCE_WORDS = 8
"""Of so many words, with nothing between them that code is made of, a line in English is text."""
_PROGRAM = expression(
    "|".join(
        [
            # What ends like a statement and holds what a statement holds.
            r"\s*(?:return|break|continue|throw|yield)\b[^:]*;$",
            r"\s*[\w$.\[\]<>*&:]+(?:\s+[\w$.\[\]<>*&:]+)*\s*(?:[-+*/|&]?=|\().*;$",
            r"\s*(?:[)\]]*\}[})\]]*(?:\s*(?:else|catch|finally|while)\b.*)?[;,{]?|[)\]]+[;,])$",
            r"\s*[\w:]+<[^;]*>\s+\w+;$",
            r"(?=[^()]*\w\s*\().*\)[^(),;:]{0,40}\{$",
            # Definitions and blocks.
            r"\s*(?:async\s+)?def\s+\w+\s*\(.*",
            r"\s*class\s+[A-Z_]\w*\s*(?:\(.*\))?\s*(?::|\{|extends\b.*|implements\b.*)$",
            r"\s*(?:if|elif|while|for|with)\b.*[\w)\]\"']\s*:$",
            r"\s*(?:else|try|finally|except(?:\s+[\w., ()]+)?)\s*:$",
            r"\s*(?:from\s+[\w.]+\s+import\s+[\w*(, ]+|import\s+[\w.]+(?:\s+as\s+\w+)?(?:\s*,\s*[\w.]+)*|import\s+.*\bfrom\s+\"\";?)$",
            r"\s*#\s*(?:include\s*[<\"]|define\s+\w+|ifn?def\s+\w+|endif$|pragma\s)",
            r"#!\s?/\w+",
            rf"\s*(?:(?:{_KEYWORDS})\s+)+[\w<>\[\].:*&$?]+(?:\s*[=({{;:<\[*&]|\s+[\w<>*&$]+\s*[=({{;:]).*",
            # Calls and assignments.
            r"\s*[A-Za-z_$][\w$]*(?:\.[\w$]+|\[[^\[\]]*\])*\s*(?:[-+*/%|&]?=|:=|<-|=>)\s*(?=\S)[^=].*",
            r"\s*[a-z_$][\w$]*(?:\.[\w$]+)*\(.*\)[;:]?$",
            r"\s*(?:SELECT\s.*\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|CREATE\s+(?:TABLE|INDEX)\s|ALTER\s+TABLE\s)",
            # Commands. Those that are also English words need an option, a path or a file behind them.
            r"\s*\$\s+[a-z][\w.-]*(?:\s|$)",
            rf"\s*(?:{_COMMANDS})\s+[-./~\"'$\w@{{:]",
            rf"\s*(?:{_WORDS})(?:\s+[^\s]+)*\s+(?:--?[A-Za-z]|\.{{0,2}}/|~/|\$|[\w-]+\.[a-z]{{1,4}}\b|\w+=|(?:install|run|build)\b)",
        ]
    )
)
_BEFORE_TEXT = ('"', "'", "`", "#", "//", "/*", "--")
_FIRST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ$#_{}[]()")


def is_program(line: str) -> bool:
    """Whether a line is code, by itself. Chinese may stand in its strings and comments alone.

    >>> [is_program(line) for line in ("    return a + b;", "git push origin main", 'print("你好")  # 問候', "Hello, world", "A=1 是条件")]
    [True, True, True, False, False]
    """
    stripped = line.strip()
    if stripped[:1] not in _FIRST or len(line) > MOST_CHARS:
        return False
    if not stripped.isascii() and not any(mark in stripped for mark in _BEFORE_TEXT):
        return False
    bare = _bare(stripped)
    return bare.isascii() and _PROGRAM.match(bare) is not None


def is_in_program(line: str) -> bool:
    """Whether a line next to a line of code may be another one: a comment, or nothing but ASCII, and no sentence.

    >>> is_in_program("JPY=X"), is_in_program("The average rate fell below 7% for the first time since April.")
    (True, False)
    """
    bare = _bare(line.strip())
    return (bare.isascii() and not _is_sentence(bare)) or is_comment(line)


def _is_sentence(line: str) -> bool:
    return (
        line[:1].isupper()
        and line[-1:] in ".!?"
        and line.count(" ") >= _SENTENCE_WORDS - 1
        and _CODE_SIGNS.isdisjoint(line)
    )


def is_comment(line: str) -> bool:
    """Whether a line is a comment, if it is code.

    >>> is_comment("    // 輸入"), is_comment("輸入")
    (True, False)
    """
    return _COMMENT.match(line) is not None


def _bare(line: str) -> str:
    """The line without what stands in its strings, and without the comment behind it."""
    if line.isascii() and "#" not in line and "/" not in line:
        return _STRINGS.sub('""', line).rstrip() if '"' in line or "'" in line or "`" in line else line
    return _COMMENT_BEHIND.sub("", _STRINGS.sub('""', line)).rstrip()


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
# Tags may be printed with a space behind each sign, too: # 旅行 # 美食.
_HEADING = expression(r" {0,3}(?:#{2,6}[ \t]+\S|#[ \t]+\S(?!.*\s#[ \t]+\w))")
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
            if (first in MARKUP_STARTS or first.isdigit()) and match(line):
                return True
            if first not in MARKUP_STARTS and ("```" in line or "~~~" in line):
                return True
            if is_program(line):
                return True
    return False


def kind_of(line: str) -> Kind | None:
    """What a line is that shows it by itself; not code, tables and front matter.

    >>> [kind_of(line) for line in ("## 圖片", "![](a.png)", "<br>", "[1]: https://a.b/", "# 旅行 # 美食")]
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


UNKNOWN = -1


@dataclass(slots=True)
class MarkupState:
    """What the lines so far leave open.

    Attributes:
        is_new: no line was read yet.
        is_markdown: the document holds what only Markdown has.
        fence: the marks that opened a fence, "" outside of one.
        front: inside front matter.
        table: inside a table.
        in_list: indented lines belong to a list.
        in_program: the line above is one of a program.
        below_blank: the line above is blank, or indented code.
        above: the line above.
    """

    is_new: bool = True
    is_markdown: bool = False
    fence: str = ""
    front: bool = False
    table: bool = False
    in_list: bool = False
    in_program: bool = False
    below_blank: bool = True
    above: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the next line may be markup though nothing in it says so."""
        return bool(self.fence) or self.front or self.table or self.in_program

    def pass_text(self, lines: Sequence[str]) -> None:
        """Go past lines that hold no markup."""
        if lines:
            self.is_new = False
            self.above = lines[-1]
            self.below_blank = not self.above.strip()
            for line in reversed(lines):
                if is_list_item(line) or (line[:1] not in ("", " ", "\t") and not line.isspace()):
                    self.in_list = is_list_item(line)
                    break


@dataclass(frozen=True, slots=True)
class Markup:
    """The markup of a block of lines.

    Attributes:
        kinds: what each line is that is no text, by its index.
        is_markdown: spaces before and behind a line mean something.
        since: the index of the first line for which they do.
        signs: the lines of the block that say so; empty if an earlier block does.
        verbatim: indices of the lines that stay to the letter.
        silent: indices of the lines that say nothing that could be compared, or that a rule could know.
        headings: indices of the headings.
        indented: indices of the lines that are code because they are indented, in Markdown alone.
        items: items of lists with lines of their own, and where these stop; `UNKNOWN` if more may come.
    """

    kinds: Mapping[int, Kind] = field(default_factory=dict)
    is_markdown: bool = False
    since: int = 0
    signs: frozenset[int] = frozenset()
    verbatim: frozenset[int] = frozenset()
    silent: frozenset[int] = frozenset()
    headings: frozenset[int] = frozenset()
    indented: frozenset[int] = frozenset()
    items: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        kinds: Mapping[int, Kind],
        is_markdown: bool,
        since: int,
        signs: frozenset[int],
        indented: frozenset[int],
        items: Mapping[int, int],
    ) -> Markup:
        """The markup of lines of these kinds."""
        verbatim = frozenset([i for i, kind in kinds.items() if kind in VERBATIM])
        headings = frozenset([i for i, kind in kinds.items() if kind is Kind.HEADING])
        silent = frozenset(kinds) - headings
        return cls(kinds, is_markdown, since, signs, verbatim, silent, headings, indented, items)

    def placed(self, lines: Sequence[int]) -> Markup:
        """The markup of the same lines, given by their indices in another block, in order."""
        return Markup.of(
            {lines[i]: kind for i, kind in self.kinds.items()},
            self.is_markdown,
            0,
            frozenset([lines[i] for i in self.signs]),
            frozenset([lines[i] for i in self.indented]),
            {lines[i]: stop if stop == UNKNOWN else lines[stop - 1] + 1 for i, stop in self.items.items()},
        )

    def acts_on(self, texts: Sequence[str | None]) -> tuple[bool, dict[int, Kind], dict[int, list[int]]]:
        """What of the markup still counts: whether the text is Markdown, what lines are, and the items with their own lines."""
        kinds = {i: kind for i, kind in self.kinds.items() if texts[i] is not None}
        items = (i for i in self.items if texts[i] is not None and self.is_parent(i, texts))
        return self.is_markdown, kinds, {i: self.children(i, texts) for i in sorted(items)}

    def is_left(self, texts: Sequence[str | None]) -> bool:
        """Whether a line is left that says that the document is Markdown, if the block has any."""
        return not self.signs or any(texts[i] is not None for i in self.signs)

    def is_parent(self, i: int, texts: Sequence[str | None]) -> bool:
        """Whether others belong to a line: it is a heading, or an item of which lines are left."""
        stop = self.items.get(i, 0)
        return (i in self.headings or stop == UNKNOWN or any(texts[i + 1 : stop])) and self.is_left(texts)

    def children(self, i: int, texts: Sequence[str | None]) -> list[int]:
        """Lines that are left of an item of a list and would be something else without it, but for its images: these go along."""
        lines = range(i + 1, self.items.get(i, 0))
        return [j for j in lines if (texts[j] or "").strip() and self.kinds.get(j) is not Kind.IMAGE]
