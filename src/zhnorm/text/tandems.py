"""Tandem repeats: what a key says twice in a row; and which keys may say a sentence again.

Each copy has at least a certain number of letters. So one of the samples that are taken every few letters lies wholly in the first copy, and
comes back in the second one, as far on as the copy is long. Only samples that come back are looked at again, and most lines have none: finding
them is a search for a few letters in a few hundred, which takes no expression.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import accumulate, groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_table import codes_of, in_arrays
from ..arrays.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SENTENCE_CHARS", "Repeating", "Tandem", "may_repeat", "tandems"]

NEAR_CHARS = 96
"""So far a short sample is looked for."""
FAR_SAMPLE, FAR_STEP = 16, 64
"""A paragraph that is pasted behind itself shows in long samples, of which few are enough."""
FAR_CHARS = 20_000
MOST_TRIED = 4
GRAM_CHARS = 4
SENTENCE_CHARS = 7
"""A text of fewer letters that comes back further on is not looked for."""
_IN_A_ROW, _APART = 1, 2
BATCH_CHARS = 1 << 16
"""So many letters are looked at together: each takes forty bytes meanwhile."""
_BASE = 0x9E3779B1


class Tandem(NamedTuple):
    """Letters `start:stop` of a key are one text of `size` letters, printed twice or more; the last may be incomplete."""

    start: int
    stop: int
    size: int


class Repeating(NamedTuple):
    """The places, in order, of keys that may hold a text of four letters or more twice in a row, and of those that may hold one of `SENTENCE_CHARS`
    letters or more twice, wherever."""

    in_a_row: Sequence[int]
    apart: Sequence[int]


def may_repeat(keys: Sequence[str]) -> Repeating:
    """Which keys may hold a text twice; of few keys all of them, where nothing is compiled.

    >>> found = may_repeat(["馆长走进了新馆大厅馆长走进了新馆大厅"])
    >>> list(found.in_a_row), list(found.apart)
    ([0], [0])
    """
    if not in_arrays(sum(map(len, keys)) + len(keys)) and not ("numpy" in sys.modules and compiled()):
        return Repeating(range(len(keys)), range(len(keys)))
    able = [place for place, said in enumerate(keys) if len(said) >= 2 * GRAM_CHARS]
    sizes = accumulate(len(keys[place]) for place in able)
    batches = groupby(zip(able, sizes, strict=True), key=lambda each: each[1] // BATCH_CHARS)
    returns = [each for _, batch in batches for each in _returns_in([keys[place] for place, _ in batch])]
    found = list(zip(able, returns, strict=True))
    in_a_row = [place for place, how in found if how & _IN_A_ROW]
    return Repeating(in_a_row, [place for place, how in found if how & _APART])


def _returns_in(keys: list[str]) -> list[int]:
    """Whether a text comes back in keys: in a row, or apart."""
    joined = "\n".join(keys)
    import numpy as np

    returns = np.zeros(len(keys), np.uint8)
    if part := compiled():
        part.recurring(joined, returns)
        return returns.tolist()
    codes = codes_of(joined)
    starts = np.append(0, np.flatnonzero(codes == ord("\n")) + 1)
    places, distances = _recurring(codes)
    # The next copy of some letters is in the same line, or in none: lines follow each other.
    line = np.searchsorted(starts, places, "right")
    within = places + distances < np.append(starts, len(codes) + 1)[line]
    places, distances, line = places[within], distances[within], line[within]
    if not len(places):
        return returns.tolist()
    # Where a text of n letters is printed twice, n - 3 times in a row four letters come back n letters on, or before that.
    begins = np.flatnonzero(np.diff(places, prepend=-2) != 1)
    runs = np.diff(begins, append=len(places))
    returns[line[begins[np.minimum.reduceat(distances, begins) < runs + GRAM_CHARS]] - 1] |= _IN_A_ROW
    returns[line[begins[runs + GRAM_CHARS > SENTENCE_CHARS]] - 1] |= _APART
    return returns.tolist()


def _recurring(codes: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where, in order, four letters stand that come back, and how far on they do."""
    import numpy as np

    grams, width = codes, 1
    while width < GRAM_CHARS:
        grams = grams[:-width] * np.uint32(pow(_BASE, width, 1 << 32)) + grams[width:]
        width *= 2
    numbered = grams.astype(np.uint64)
    numbered <<= np.uint64(32)
    numbered |= np.arange(len(grams), dtype=np.uint64)
    numbered.sort()
    same = np.flatnonzero((numbered[1:] ^ numbered[:-1]) < np.uint64(1 << 32))
    places = numbered.astype(np.uint32)
    distances = np.zeros(len(grams), np.uint32)
    distances[places[same]] = places[same + 1] - places[same]
    found = np.flatnonzero(distances)
    return found, distances[found]


def tandems(said: str, least: int) -> Iterator[Tandem]:
    """The texts of at least `least` letters (four or more) that a key holds twice in a row, from left to right.

    >>> list(tandems("门开了馆长走进大厅馆长走进大厅人们鼓掌", 5))
    [Tandem(start=3, stop=15, size=6)]
    >>> list(tandems("门开了馆长走进大厅人们走进大厅", 5))
    []
    """
    width = least // 2
    step = least - width + 1
    at, find, size = 0, said.find, len(said)
    for start in range(0, size - least, step):
        if find(said[start : start + width], start + least, start + NEAR_CHARS) < 0 or start < at:
            continue
        if found := _around(said, start, width, least, NEAR_CHARS):
            yield found
            at = found.stop
    if size > NEAR_CHARS and not at:
        for start in range(0, size - NEAR_CHARS, FAR_STEP):
            if start >= at and (found := _around(said, start, FAR_SAMPLE, least, FAR_CHARS)):
                yield found
                at = found.stop


def _around(said: str, start: int, width: int, least: int, reach: int) -> Tandem | None:
    piece = said[start : start + width]
    again = start
    stop = start + reach
    for _ in range(MOST_TRIED):
        again = said.find(piece, max(again + 1, start + least), stop)
        if again < 0:
            return None
        size = again - start
        low, high = start, start + width
        while low > 0 and start - low < size and said[low - 1] == said[low - 1 + size]:
            low -= 1
        while high + size < len(said) and said[high] == said[high + size]:
            high += 1
        if high - low >= size:
            return Tandem(low, high + size, size)
    return None
