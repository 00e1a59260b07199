"""What in a line is no text and never changes: addresses, images, code in a sentence, tags, and the spaces that Markdown reads; and what a reader sees of a line.

Before a line is tidied or converted, such pieces are taken out of it, and a mark that no text holds stands for each; afterwards
they are put back. What is left in between is the text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..conversion.protect import line_spans

__all__ = [
    "DESTINATION",
    "IMAGE",
    "LINK_WORDS",
    "SIGN_CHARS",
    "TAG",
    "Frame",
    "has_sign",
    "lines_with_signs",
    "margins",
    "take_out",
    "visible",
]

MARK = "\ufdd0"
"""A noncharacter: Unicode keeps it free for such use."""
_SIGNS = ("`", "](", "<", "://")
_MARKUP_SIGNS = ("`", "](", "<", "![")
SIGN_CHARS = "`\\]<:"
"""A class of characters. What is fixed in a line holds one of them."""

# What was taken is never tried in another way: of brackets that are not closed there would be more ways than can be tried.
DESTINATION = r"\((?:[^()\n]|\([^()\n]*+\))*+\)"
IMAGE = rf"!\[(?:[^\[\]\n]|\[[^\[\]\n]*+\])*+\](?:{DESTINATION}|\[[^\]\n]*+\])"
LINK_WORDS = rf"(?:[^\[\]\n]|\[[^\[\]\n]*+\](?:{DESTINATION})?+)*+"
"""What stands in the brackets of a link, be it an image."""
TAG = r"<!--(?:(?!-->).){0,400}-->|</?[A-Za-z][A-Za-z0-9:-]*(?:\s(?=[^<>\n]*=)[^<>\n]*|\s?/?)>"
"""An HTML comment or tag. `<A股>` is none, nor is `<B 計劃>`: what stands behind a tag's name is an attribute."""
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
# Entities of marks and spaces end an address in running text. Chinese belongs to it behind one of / = _ # ? & -, where it is
# part of a path; Chinese that follows a letter or a digit is the sentence going on.
_REST_OF_ADDRESS = (
    r"(?:(?!&(?:nbsp|[lg]t|quot|[en]msp|#[0-9xX]+[0-9a-fA-F]*);)(?:[!-~]|(?<=[/=_#?&-])"
    rf"[{_HAN}][{_HAN}!-;=?-~]*))+"
)
_WEB = "|".join([start + _REST_OF_ADDRESS for start in ("https?://", "ftp://")])
_ADDRESS = expression(f"(?:https?|ftp)://{_REST_OF_ADDRESS}")
# Every branch begins with a character of its own: so an expression finds its way through a line several times faster.
_FIXED = expression(
    "|".join(
        [
            r"(`{1,3})(?!`)[^\n]{1,500}?(?<!`)\1(?!`)",
            # An image is one thing with its words.
            IMAGE,
            # A destination holds what addresses are made of: [注](見下文) is a remark.
            r"\]\((?:<[^<>\n]+>|(?=[^\s()]*[/.#:%?=]|[!-~]{1,200}?[\s)])(?:[^\s()]|\([^\s()]*\))+)",
            TAG,
            _WEB,
        ]
    )
)
_MARGIN = expression(r"(?:[ \t]+|>[ \t]?|(?:[-*+]|[0-9]{1,9}[.)])[ \t]+|#{1,6}[ \t]+)*")


class Frame(NamedTuple):
    """What stands around and between the text of a line."""

    lead: str
    trail: str
    pieces: tuple[str, ...]

    def around(self, text: str) -> str:
        """The line, made of what has become of its text.

        >>> frame = Frame("- ", "  ", ("`乾 坤`",))
        >>> frame.around("見" + MARK)
        '- 見`乾 坤`  '
        """
        if self.pieces:
            parts = text.split(MARK)
            text = parts[0] + "".join([piece + part for piece, part in zip(self.pieces, parts[1:], strict=True)])
        return self.lead + text + self.trail


def lines_with_signs(text: str) -> list[int]:
    """The numbers of the lines, from 0, in which something may be fixed."""
    found = []
    number = before = 0
    for start, _ in line_spans(text, _SIGNS):
        number += text.count("\n", before, start)
        before = start
        found.append(number)
    return found


def has_sign(line: str) -> bool:
    """Whether something may be fixed in a line."""
    return any(sign in line for sign in _SIGNS)


def take_out(line: str, is_fixed: Callable[[str], bool], *, in_code: bool = False) -> tuple[str, Frame] | None:
    """The text of a line and its frame; None if nothing is fixed in it.

    Args:
        line: the line.
        is_fixed: whether a piece has to be taken out; what would stay as it is anyhow need not be.
        in_code: it is a line of a program, where a backtick opens a string: nothing but addresses is fixed.

    >>> found = take_out("見[臺灣](/wiki/臺灣)和`乾 坤`", lambda piece: True)
    >>> found and found[1].pieces
    ('](/wiki/臺灣', '`乾 坤`')
    """
    has_markup = not in_code and any(sign in line for sign in _MARKUP_SIGNS)
    found = (_FIXED if has_markup else _ADDRESS).finditer(line)
    pieces = [piece for piece in found if is_fixed(piece[0])]
    if not pieces:
        return None
    if MARK in line:
        return "", Frame(line, "", ())
    text, at = [], 0
    for piece in pieces:
        text.append(line[at : piece.start()])
        at = piece.end()
    text.append(line[at:])
    return MARK.join(text), Frame("", "", tuple([piece[0] for piece in pieces]))


def margins(line: str) -> tuple[int, int]:
    """Where the text of a line of Markdown begins and ends: behind its indentation and the marks of lists, quotes and headings, with
    their spaces, and before the two spaces that break a line.

    >>> line = "  -  第一  "
    >>> start, stop = margins(line)
    >>> line[:start], line[start:stop], line[stop:]
    ('  -  ', '第一', '  ')
    """
    found = _MARGIN.match(line)
    start = found.end() if found else 0
    stop = len(line.rstrip(" "))
    if stop <= start:
        return (start, start) if line.strip() else (0, len(line))
    return start, stop if len(line) - stop >= 2 else len(line)


_MARKUP = expression(
    rf"!\[(?P<alt>(?:[^\[\]\n]|\[[^\[\]\n]*+\])*+)\](?:{DESTINATION}|\[[^\]\n]*+\])"
    rf"|\[(?P<text>{LINK_WORDS})\]{DESTINATION}"
    rf"|<(?P<address>https?://[^<>\s]+)>|{TAG}|(?P<mark>\*\*|__)"
)
_IMAGE = expression(rf"!\[([^\[\]\n]*)\](?:{DESTINATION})?")


def visible(line: str) -> tuple[str, float]:
    """What is seen of a line of Markdown, and which share of its letters is the text of links, 0 to 1.

    >>> visible("- [新橋通車](/a) 今天")
    ('- 新橋通車 今天', 0.6666666666666666)
    >>> visible("**走進**新館")
    ('走進新館', 0.0)
    """
    if "[" not in line and "<" not in line and "*" not in line and "_" not in line:
        return line, 0.0
    shown: list[str] = []
    linked = at = 0
    for found in _MARKUP.finditer(line):
        shown.append(line[at : found.start()])
        at = found.end()
        if (text := found["text"]) is not None:
            text = _IMAGE.sub(r"\1", text)
            linked += len(key(text))
            shown.append(text)
        elif found["address"]:
            linked += len(key(found["address"]))
            shown.append(found["address"])
        elif found["alt"]:
            shown.append(found["alt"])
    shown.append(line[at:])
    text = "".join(shown)
    return text, min(1.0, linked / max(1, len(key(text))))
