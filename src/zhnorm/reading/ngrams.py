"""The words of lines, as numbers: every one to four characters in a row are looked up in a table of vectors.

Nobody lists phrases here. A piece of a line that was seen on pages of several sites has a vector of small whole numbers
(`training/` learns them), and a line's vectors are added up. Where a piece stands in the table follows from its hash; a second
hash says whether what stands there is this piece, or one that fell on the same place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_kinds import SPACES, Kinds, LineArrays
from ..arrays.character_table import text_of as text_of_codes

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MOST_CHARS", "TABLE_BITS", "Pieces", "pieces", "places_of", "text_of"]

TABLE_BITS = 16
MOST_CHARS = 28
"""Of a long line so many characters are read at each end: that says what it is as well as all of it."""
_LEFT_OUT = 0x01
_LONGEST = 4
_DIGIT, _SPACE = 1, 2
_KINDS = Kinds({_DIGIT: "0-9", _SPACE: SPACES})
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

    codes = _codes_of(folds)
    # All pieces of one size beside each other, those of each size below those of the one before.
    hashes = np.empty((_LONGEST, len(codes)), np.uint32)
    wanted = np.zeros((_LONGEST, len(codes)), np.bool_)
    steps = codes * np.uint32(_SEED)
    np.add(steps, np.uint32(_SEED), out=hashes[0])
    breaks = codes == 0x0A
    inside = np.logical_not(breaks, out=wanted[0])
    for size in range(1, _LONGEST):
        shorter = hashes[size - 1, : len(codes) - size]
        longer = np.right_shift(shorter, np.uint32(15), out=hashes[size, : len(codes) - size])
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
    return text_of_codes(_codes_of(folds))


def _codes_of(folds: Sequence[str]) -> NDArray[Any]:
    """The code points of `text_of`."""
    import numpy as np

    lines = LineArrays("\n".join(folds))
    codes, kinds = lines.codes, _KINDS.of_characters(lines)
    if kinds.any():
        codes = np.where(kinds == _DIGIT, np.uint32(ord("0")), np.where(kinds == _SPACE, np.uint32(ord(" ")), codes))
        # Numbers and spaces are one character each, and none stands at the end of a line.
        codes = codes[np.append(True, (kinds[1:] == 0) | (kinds[1:] != kinds[:-1]))]
        spaces, breaks = codes == ord(" "), codes == 0x0A
        codes = codes[~(spaces & (np.append(True, breaks[:-1]) | np.append(breaks[1:], True)))]
    ends = (codes == 0x0A).nonzero()[0]
    sizes = np.diff(ends, prepend=-1) - 1
    if sizes.max() > 2 * MOST_CHARS:
        line = np.repeat(np.arange(len(ends)), sizes + 1)
        place = np.arange(len(codes)) - (ends - sizes)[line]
        left_out = (place >= MOST_CHARS) & (place < (sizes - MOST_CHARS)[line]) & (sizes > 2 * MOST_CHARS)[line]
        codes = np.where(left_out & (place == MOST_CHARS), np.uint32(_LEFT_OUT), codes)
        codes = codes[~left_out | (place == MOST_CHARS)]
        ends = (codes == 0x0A).nonzero()[0]
    # Room for a mark in front of each line, and for one behind it.
    breaks = ends + 2 * np.arange(1, len(ends) + 1)
    found = np.empty(len(codes) + 2 * len(ends), np.uint32)
    letters = np.ones(len(found), np.bool_)
    begins = np.append(0, breaks[:-1] + 1)
    letters[begins] = letters[breaks - 1] = False
    found[letters] = codes
    found[begins], found[breaks - 1] = ord("^"), ord("$")
    return found[:-1]


def places_of(hashes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where pieces stand in a table, and the mark by which each is known there, 1 to 255."""
    import numpy as np

    return hashes & np.uint32((1 << TABLE_BITS) - 1), ((hashes >> np.uint32(24)) | np.uint32(1)).astype(np.uint8)
