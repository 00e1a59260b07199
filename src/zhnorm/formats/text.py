"""Plain text: back to the bytes it came from, and whole lines of it.

Bytes become characters in `formats.decode`. Those that are none of the encoding's become lone surrogates (Python's
`surrogateescape`) and come out again as the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhnorm.text.expressions import expression
from zhnorm.text.signs import FULL_STOPS

__all__ = ["encode", "is_decodable", "whole_lines"]

_LONGEST_LINE = 1 << 22
_ESCAPED = expression("[\udc80-\udcff]")


def encode(text: str) -> bytes:
    """Text to the bytes it came from: UTF-8, and undecodable bytes as they were.

    >>> encode("甲\\udcff")
    b'\\xe7\\x94\\xb2\\xff'
    """
    return text.encode("utf-8", "surrogateescape")


def is_decodable(text: str) -> bool:
    """Whether `text` came from nothing but valid UTF-8.

    >>> is_decodable("甲"), is_decodable(b"\\xff".decode("utf-8", "surrogateescape"))
    (True, False)
    """
    return text.isascii() or _ESCAPED.search(text) is None


def whole_lines(pieces: Iterable[str], longest: int = _LONGEST_LINE) -> Iterator[str]:
    """The same text, cut only after line ends, and handed on as soon as a line is complete.

    A line of more than `longest` characters is cut after a sentence or a space, or else anywhere: memory stays bounded.

    >>> list(whole_lines(["甲\\n乙", "丙\\n", "丁"]))
    ['甲\\n', '乙丙\\n', '丁']
    """
    held: list[str] = []
    held_chars = 0
    for piece in pieces:
        cut = piece.rfind("\n") + 1
        if cut:
            yield "".join(held) + piece[:cut]
            held, held_chars = [], 0
        if cut < len(piece):
            held.append(piece[cut:])
            held_chars += len(piece) - cut
        if held_chars > longest:
            text = "".join(held)
            cut = max(text.rfind(mark) for mark in f"{FULL_STOPS} ") + 1 or len(text)
            yield text[:cut]
            held, held_chars = [text[cut:]], len(text) - cut
    if any(held):
        yield "".join(held)
