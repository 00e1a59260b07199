"""What lines of a page say that stands on the page elsewhere, too, to the letter: a line, or clauses of one, inside of another line.

What is copied begins where a clause does, and ends where one does, on the line that it is of; on the line that holds it anything may stand around
it. All runs of seven letters of many pages are hashed at once, and those that a clause begins with are looked up among all of them; only the few
that are there twice are compared letter by letter.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_kinds import new_runs
from ..arrays.character_table import codes_of, text_of
from ..conversion.fold import are_letters, fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LEAST_CHARS", "Source", "Twice", "said_twice"]

LEAST_CHARS = 5
"""Fewer letters are words, which come back by themselves."""
LEAST_REST = 4
"""A line that says hardly more is the same line."""
MOST_PLACES = 12
"""What is there more often is a formula, of which no line has the first right."""
_BASE, _PAGE = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
_SLOT_BITS = 22


class Source(NamedTuple):
    """A line that says it, too: its index, where in it, and whether the line begins with it and ends with it."""

    line: int
    start: int
    stop: int
    begins: bool
    ends: bool


class Twice(NamedTuple):
    """A stretch of a line that another one says, too.

    Attributes:
        line: the index of the line on its page.
        start, stop: where in the line.
        size: how many letters it has.
        before, after: how many letters the line has in front of it and behind it.
        begins, ends: whether a clause of this line begins and ends there.
        sources: the lines that say as much of it as any.
    """

    line: int
    start: int
    stop: int
    size: int
    before: int
    after: int
    begins: bool
    ends: bool
    sources: tuple[Source, ...]


def said_twice(pages: Sequence[Sequence[str]]) -> list[list[Twice]]:
    """What the lines of each page say that stands there elsewhere, too, from left to right; a line's letters are in one of these at most.

    >>> page = ["渡口的最后一班船", "船工说不开了。渡口的最后一班船人都站在岸上。"]
    >>> ((found,),) = said_twice([page])
    >>> page[1][found.start : found.stop], found.sources
    ('渡口的最后一班船', (Source(line=0, start=0, stop=8, begins=True, ends=True),))
    """
    found: list[list[Twice]] = [[] for _ in pages]
    texts = list(chain.from_iterable(pages))
    if not texts:
        return found
    letters = _Letters(texts, [len(page) for page in pages])
    first, page = 0, 0
    for line, places in letters.twice():
        while line >= first + len(pages[page]):
            first += len(pages[page])
            page += 1
        found[page] += letters.compared(line, places, first)
    return found


class _Letters:
    """The letters of the lines of many pages, one behind the other, and for each of them the number of its line, and its place there."""

    def __init__(self, texts: Sequence[str], sizes: Sequence[int]) -> None:
        import numpy as np

        codes = codes_of(fold("\n".join(texts)))
        is_letter = are_letters(codes)
        at = np.flatnonzero(is_letter)
        is_end = codes == ord("\n")
        self.said = text_of(codes[at])
        self._line = np.cumsum(is_end)[at]
        starts = np.append(0, np.flatnonzero(is_end) + 1)
        self._places = at - starts[self._line]
        # A clause is what stands between two marks, and a mark is all that is no letter.
        self._begins = new_runs(at - np.arange(len(at)))
        self._ends = np.append(self._begins[1:], [True] * min(1, len(at)))
        self._stops = np.maximum.accumulate(np.where(self._ends, np.arange(1, len(at) + 1), 0))
        # What a caption says behind 图为 is printed without it, too.
        shows = self._begins[:-2] & (codes[at[:-2]] == ord("图")) & (codes[at[1:-1]] == ord("为"))
        self._begins[2:] |= shows
        lines = np.arange(len(texts) + 1)
        self._bounds = np.searchsorted(self._line, lines)
        self._page = np.repeat(np.arange(len(sizes)), sizes)
        self._grams = self._hashes(codes[at])

    def _hashes(self, codes: NDArray[Any]) -> NDArray[Any]:
        """A number for each run of `LEAST_CHARS` letters, and for its page; 0 where another line begins in it."""
        import numpy as np

        if len(codes) < LEAST_CHARS:
            return np.zeros(0, np.uint64)
        grams = np.zeros(len(codes) - LEAST_CHARS + 1, np.uint64)
        for step in range(LEAST_CHARS):
            grams *= np.uint64(_BASE)
            grams += codes[step : step + len(grams)]
        first, last = self._line[: len(grams)], self._line[LEAST_CHARS - 1 :]
        grams += self._page[first].astype(np.uint64) * np.uint64(_PAGE)
        grams *= np.uint64(_BASE)
        grams[first != last] = 0
        return grams

    def twice(self) -> Iterator[tuple[int, list[list[int]]]]:
        """For each line that holds such runs more than once, the line and the places of each run among all letters, the one on the line first."""
        import numpy as np

        grams = self._grams
        begins = np.flatnonzero(self._begins[: len(grams)] & (grams != 0))
        shift = np.uint64(64 - _SLOT_BITS)
        known = np.zeros(1 << _SLOT_BITS, np.bool_)
        known[grams[begins] >> shift] = True
        maybe = np.flatnonzero(known[grams >> shift] & (grams != 0))
        order = maybe[np.argsort(grams[maybe], kind="stable")]
        ordered = grams[order]
        is_new = new_runs(ordered)
        counts = np.diff(np.append(np.flatnonzero(is_new), len(order)))
        group = np.cumsum(is_new) - 1
        several = (counts[group] > 1) & (counts[group] <= MOST_PLACES)
        order, group = order[several], group[several]
        members: dict[int, list[int]] = {}
        for place, number in zip(order.tolist(), group.tolist(), strict=True):
            members.setdefault(number, []).append(place)
        # Most of what menus repeat stands in lines too short to hold anything and more.
        may_hold = (np.diff(self._bounds) >= LEAST_CHARS + LEAST_REST).tolist()
        lines: dict[int, list[list[int]]] = {}
        for places in members.values():
            for place in places:
                if may_hold[line := int(self._line[place])]:
                    lines.setdefault(line, []).append([place, *(each for each in places if each != place)])
        for line in sorted(lines):
            yield line, sorted(lines[line])

    def compared(self, line: int, runs: list[list[int]], first: int) -> Iterator[Twice]:
        """What a line holds of others, from the runs of letters that it shares with them.

        Args:
            line: its number.
            runs: the places of each run, that on this line first.
            first: the number of the first line of its page.
        """
        start, stop = self._bounds[line : line + 2].tolist()
        behind = start
        for place, *others in runs:
            if place < behind:
                continue
            size, sources = self._longest(place, stop, others)
            if size and stop - start - size >= LEAST_REST:
                behind = place + size
                yield Twice(
                    line - first,
                    *self._span(place, size),
                    size,
                    place - start,
                    stop - behind,
                    bool(self._begins[place]),
                    bool(self._ends[behind - 1]),
                    tuple(self._source(other, size, first) for other in sources),
                )

    def _span(self, place: int, size: int) -> tuple[int, int]:
        """Where on its line a run of letters begins and ends."""
        return int(self._places[place]), int(self._places[place + size - 1]) + 1

    def _source(self, place: int, size: int, first: int) -> Source:
        line = int(self._line[place])
        start, stop = self._bounds[line : line + 2].tolist()
        return Source(line - first, *self._span(place, size), place == start, place + size == stop)

    def _longest(self, place: int, stop: int, others: list[int]) -> tuple[int, list[int]]:
        """How many letters from a place on, up to the end of its line, are said elsewhere up to the end of a clause, and where."""
        best: int = 0
        sources: list[int] = []
        for other in others:
            if not self._begins[other]:
                continue
            source = int(self._line[other])
            start, end = self._bounds[source : source + 2].tolist()
            most = min(stop - place, end - other, abs(other - place))
            size = LEAST_CHARS
            while size < most and self.said[place + size] == self.said[other + size]:
                size += 1
            size = int(self._stops[other + min(size, most) - 1]) - other
            if size < max(best, LEAST_CHARS) or (other == start and other + size == end == stop):
                continue
            if size > best:
                best, sources = size, []
            sources.append(other)
        return best, sources
