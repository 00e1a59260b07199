"""Plain text: back to the bytes it came from, and whole lines of it.

Bytes become characters in `formats.decode`. Those that are none of the encoding's become lone surrogates (Python's
`surrogateescape`) and come out again as the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhnorm.arrays.expressions import expression
from zhnorm.signs import FULL_STOPS

from .decode import Decoder

__all__ = ["decoded_again", "encode", "is_decodable", "misread_runs", "reads_otherwise", "whole_lines"]

_LONGEST_LINE = 1 << 22
_ESCAPED = expression("[\udc80-\udcff]")
_ESCAPED_RUN = expression("[\udc80-\udcff]+")


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


def reads_otherwise(text: str) -> bool:
    """Whether text with bytes that are none of its encoding's characters reads as something else in UTF-8 output.

    Several such bytes in a row may happen to be a character in UTF-8: pages in Big5 hold pieces of UTF-8.

    >>> reads_otherwise("\\udce7\\udc94\\udcb2"), reads_otherwise("\\udce7\\udc94")
    (True, False)
    """
    try:
        data = encode(text)
    except UnicodeEncodeError:
        # Half of a pair: no byte stands for it, and only JSON holds it, as an escape.
        return False
    return data.decode("utf-8", "surrogateescape") != text


def misread_runs(text: str, start: int) -> list[tuple[int, int]]:
    """Where the output holds bytes that are no characters, and will be read as some.

    Args:
        text: part of an output.
        start: its first byte.

    Returns:
        First byte and number of bytes of each run of them.

    >>> misread_runs("甲\\udce7\\udc94\\udcb2乙\\udcff", 100)
    [(103, 3)]
    """
    found = []
    at = 0
    for run in _ESCAPED_RUN.finditer(text) if not is_decodable(text) else ():
        start += len(encode(text[at : run.start()]))
        size = run.end() - run.start()
        if reads_otherwise(run[0]):
            found.append((start, size))
        start, at = start + size, run.end()
    return found


def decoded_again(pieces: Iterable[bytes], runs: Iterable[tuple[int, int]], name: str) -> Iterator[str]:
    """An output as text again, bytes that were no characters among them.

    Args:
        pieces: its bytes.
        runs: what `misread_runs` found when it was written.
        name: for messages.

    >>> "".join(decoded_again(["甲甲".encode()], [(3, 3)], "page.txt"))
    '甲\\udce7\\udc94\\udcb2'
    """
    decoder = Decoder("utf-8", name)
    left = iter([*runs, (1 << 62, 1)])
    start, size = next(left)
    at = 0
    for piece in pieces:
        begin = 0
        while begin < len(piece):
            inside = at >= start
            part = piece[begin : begin + (start + size if inside else start) - at]
            yield part.decode("ascii", "surrogateescape") if inside else decoder.feed(part)
            begin, at = begin + len(part), at + len(part)
            if at >= start + size:
                start, size = next(left)
    yield decoder.finish()


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
