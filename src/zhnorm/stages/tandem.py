"""What a line says twice in a row: where, and how long, found in its key.

Each copy has at least a certain number of letters. So one of the samples that are taken every few letters lies wholly in the
first copy, and comes back in the second one, as far on as the copy is long. Only samples that come back are looked at again,
and most lines have none: finding them is a search for a few letters in a few hundred, which takes no expression.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..text.table import codes_of, in_arrays

__all__ = ["Tandem", "may_repeat", "tandems"]

NEAR_CHARS = 96
"""So far a short sample is looked for."""
FAR_SAMPLE, FAR_STEP = 16, 64
"""A paragraph that is pasted behind itself shows in long samples, of which few are enough."""
FAR_CHARS = 20_000
MOST_TRIED = 4
GRAM_CHARS = 8
_BASE, _MIXER = 0x9E3779B1, 0x85EBCA6B


class Tandem(NamedTuple):
    """Letters `start:stop` of a key are one text of `size` letters, printed twice or more; the last may be incomplete."""

    start: int
    stop: int
    size: int


def may_repeat(keys: Sequence[str]) -> Sequence[int]:
    """Which keys may hold a text of eight letters or more twice: of many, those that hold the same eight letters twice.

    >>> may_repeat(["馆长走进了新馆大厅馆长走进了新馆大厅"])
    range(0, 1)
    """
    joined = "\n".join(keys)
    if not in_arrays(len(joined)) or len(joined) < GRAM_CHARS:
        return range(len(keys))
    import numpy as np

    codes = codes_of(joined)
    lines = np.cumsum(codes == ord("\n"), dtype=np.uint32)
    grams, width = codes, 1
    while width < GRAM_CHARS:
        grams = grams[:-width] * np.uint32(pow(_BASE, width, 1 << 32)) + grams[width:]
        width *= 2
    lines = lines[: len(grams)]
    grams = (grams ^ lines * np.uint32(_BASE)) * np.uint32(_MIXER)
    # Few have company where a slot is given to each; only these are compared.
    slots = (grams >> np.uint32(max(0, 30 - len(grams).bit_length()))).astype(np.intp)
    company = np.bincount(slots)[slots] > 1
    pairs = grams[company].astype(np.uint64) << np.uint64(32) | lines[company]
    pairs.sort()
    again = pairs[1:][pairs[1:] == pairs[:-1]] & np.uint64(0xFFFFFFFF)
    found: list[int] = np.unique(again).tolist()
    return found


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
