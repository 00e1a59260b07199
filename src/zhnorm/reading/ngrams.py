"""The words of lines, as numbers: every one to four characters in a row are looked up in a table of vectors.

Nobody lists phrases here. A piece of a line that was seen on pages of several sites has a vector of small whole numbers
(`training/` learns them), and a line's vectors are added up. Where a piece stands in the table follows from its hash; a second
hash says whether what stands there is this piece, or one that fell on the same place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
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
_SEED, _MIX, _LAST = 0x9E3779B1, 0x85EBCA6B, 0x7FEB352D


class Pieces(NamedTuple):
    """Pieces of lines, in the order in which they start.

    Attributes:
        hashes: of each its hash,
        lines: the line that it is of,
        starts: where in `text_of` all these lines it starts,
        sizes: of how many characters it is.
    """

    hashes: NDArray[Any]
    lines: NDArray[Any]
    starts: NDArray[Any]
    sizes: NDArray[Any]


def pieces(folds: Sequence[str], marks: NDArray[Any] | None = None) -> Pieces:
    """The pieces of lines.

    Args:
        folds: the lines (`conversion.fold.fold`). Numbers are all read as 0.
        marks: those of a table, of which only pieces are wanted that it knows.
    """
    import numpy as np

    codes = codes_of(text_of(folds))
    # All pieces of one size beside each other, those of each size below those of the one before.
    hashes = np.empty((_LONGEST, len(codes)), np.uint32)
    wanted = np.zeros((_LONGEST, len(codes)), np.bool_)
    steps = codes * np.uint32(_SEED)
    np.add(steps, np.uint32(_SEED), out=hashes[0])
    breaks = codes == 0x0A
    inside = np.logical_not(breaks, out=wanted[0])
    for size in range(1, min(_LONGEST, len(codes))):
        shorter = hashes[size - 1, :-size]
        longer = np.right_shift(shorter, np.uint32(15), out=hashes[size, :-size])
        longer ^= shorter
        longer *= np.uint32(_MIX)
        longer += steps[size:]
        longer += np.uint32(size)
        np.logical_and(wanted[size - 1, :-size], inside[size:], out=wanted[size, :-size])
    hashes ^= hashes >> np.uint32(16)
    hashes *= np.uint32(_LAST)
    hashes ^= hashes >> np.uint32(15)
    if marks is not None:
        places, own = places_of(hashes)
        wanted &= marks.take(places) == own
    at = wanted.T.ravel().nonzero()[0]
    starts = at // _LONGEST
    sizes = at - _LONGEST * starts
    return Pieces(hashes.ravel().take(sizes * len(codes) + starts), breaks.cumsum().take(starts), starts, sizes + 1)


def text_of(folds: Sequence[str]) -> str:
    """What is read of lines, one a line, with marks for where each begins and ends.

    >>> text_of(["阅读 12,345", "灯" * 100]).split("\\n")[0]
    '^阅读 0,0$'
    """
    lines = [" ".join(line.split()) for line in _DIGITS.sub("0", "\n".join(folds)).split("\n")]
    return "\n".join(
        [
            f"^{line}$" if len(line) <= 2 * MOST_CHARS else f"^{line[:MOST_CHARS]}{_LEFT_OUT}{line[-MOST_CHARS:]}$"
            for line in lines
        ]
    )


def places_of(hashes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where pieces stand in a table, and the mark by which each is known there, 1 to 255."""
    import numpy as np

    return hashes & np.uint32((1 << TABLE_BITS) - 1), ((hashes >> np.uint32(24)) | np.uint32(1)).astype(np.uint8)
