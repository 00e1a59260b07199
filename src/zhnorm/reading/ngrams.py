"""The words of lines, as numbers: every one to four characters in a row are looked up in a table of vectors.

Nobody lists phrases here. A piece of a line that was seen on pages of several sites has a vector of small whole numbers
(`training/` learns them), and a line's vectors are added up. Where a piece stands in the table follows from its hash; a second
hash says whether what stands there is this piece, or one that fell on the same place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_table import codes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MOST_CHARS", "TABLE_BITS", "Pieces", "pieces", "places_of", "text_of"]

TABLE_BITS = 16
MOST_CHARS = 28
"""Of a long line so many characters are read at each end: that says what it is as well as all of it."""
_LEFT_OUT = "\x01"
_LONGEST = 4
_DIGITS = re.compile("[0-9]+")
_SPACES = re.compile("[^\\S\n]+")
_SEED, _MIX, _LAST = 0x9E3779B1, 0x85EBCA6B, 0x7FEB352D


class Pieces(NamedTuple):
    """The pieces of one size, from first to last.

    Attributes:
        hashes: of each its hash,
        lines: the line that it is of,
        starts: where in `text_of` all these lines it starts.
        size: of how many characters each is.
    """

    hashes: NDArray[Any]
    lines: NDArray[Any]
    starts: NDArray[Any]
    size: int


def pieces(folds: Sequence[str]) -> Iterator[Pieces]:
    """The pieces of lines, those of one character first.

    Args:
        folds: the lines (`conversion.fold.fold`). Numbers are all read as 0.
    """
    import numpy as np

    codes = codes_of(text_of(folds))
    breaks = codes == 0x0A
    line = np.cumsum(breaks)
    inside = ~breaks
    hashed = (codes + np.uint32(1)) * np.uint32(_SEED)
    whole = inside
    for size in range(1, _LONGEST + 1):
        if size > 1:
            hashed = hashed[:-1]
            hashed = (hashed ^ (hashed >> np.uint32(15))) * np.uint32(_MIX)
            hashed += codes[size - 1 :] * np.uint32(_SEED) + np.uint32(size - 1)
            whole = whole[:-1] & inside[size - 1 :]
        start = np.flatnonzero(whole)
        found = hashed[start]
        found = (found ^ (found >> np.uint32(16))) * np.uint32(_LAST)
        yield Pieces(found ^ (found >> np.uint32(15)), line[start], start, size)


def text_of(folds: Sequence[str]) -> str:
    """What is read of lines, one a line, with marks for where each begins and ends.

    >>> text_of(["阅读 12,345", "灯" * 100]).split("\\n")[0]
    '^阅读 0,0$'
    """
    text = _DIGITS.sub("0", _SPACES.sub(" ", "\n".join(folds)))
    return "\n".join([f"^{_shortened(line.strip())}$" for line in text.split("\n")])


def _shortened(line: str) -> str:
    return line if len(line) <= 2 * MOST_CHARS else line[:MOST_CHARS] + _LEFT_OUT + line[-MOST_CHARS:]


def places_of(hashes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where pieces stand in a table, and the mark by which each is known there, 1 to 255."""
    import numpy as np

    return hashes & np.uint32((1 << TABLE_BITS) - 1), ((hashes >> np.uint32(24)) | np.uint32(1)).astype(np.uint8)
