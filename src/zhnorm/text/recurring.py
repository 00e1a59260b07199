"""What lines of a page say that stands on the page elsewhere, too, to the letter: a line, or clauses of one, inside of another line.

What is copied begins where a clause does, and ends where one does, on the line that it is of; on the line that holds it anything may stand around
it. All runs of five letters of many pages are hashed at once, and those that a clause begins with are looked up among all of them; only the few
that are there twice are compared, clause by clause.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
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
_SLOTS = 32
"""So many slots for each hash that is looked up: few others fall into one that is taken."""


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
    for page, twice in _Copies(_Letters(texts, [len(page) for page in pages])).twice():
        found[page].append(twice)
    return found


class _Letters:
    """The letters of the lines of many pages, one behind the other, and for each of them the number of its line, and its place there."""

    def __init__(self, texts: Sequence[str], sizes: Sequence[int]) -> None:
        import numpy as np

        codes = codes_of(fold("\n".join(texts)))
        is_end = codes == ord("\n")
        at = np.flatnonzero(are_letters(codes))
        letters = codes[at]
        self.said = text_of(letters)
        self.line = np.cumsum(is_end, dtype=np.int32)[at]
        # A clause is what stands between two marks, and a mark is all that is no letter.
        self.begins = new_runs(at - np.arange(len(at)))
        self.stops = np.append(np.flatnonzero(self.begins)[1:], [len(at)] * min(1, len(at)))
        # What a caption says behind 图为 is printed without it, too.
        shows = np.flatnonzero(letters[:-2] == ord("图"))
        self.begins[2 + shows[self.begins[shows] & (letters[shows + 1] == ord("为"))]] = True
        self.bounds = np.searchsorted(self.line, np.arange(len(texts) + 1))
        self.page = np.repeat(np.arange(len(sizes)), sizes)
        self._grams = self._hashes(letters)
        self.at, self.starts = at, np.append(0, np.flatnonzero(is_end) + 1)
        self.first = np.cumsum(sizes) - sizes

    def _hashes(self, letters: NDArray[Any]) -> NDArray[Any]:
        """A number for each run of `LEAST_CHARS` letters, and for its page; 0 where another line begins in it."""
        import numpy as np

        if len(letters) < LEAST_CHARS:
            return np.zeros(0, np.uint64)
        count = len(letters) - LEAST_CHARS + 1
        first, last = self.line[:count], self.line[LEAST_CHARS - 1 :]
        grams = (self.page.astype(np.uint64) * np.uint64(_PAGE))[first]
        for step in range(LEAST_CHARS):
            grams *= np.uint64(_BASE)
            grams += letters[step : step + count]
        grams *= np.uint64(_BASE)
        grams[first != last] = 0
        return grams

    def pairs(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Places of equal hashes, of which the second begins a clause, and how many letters that has at least."""
        import numpy as np

        order, group = self._groups()
        begins = self.begins[order]
        clauses, firsts = order[begins], np.searchsorted(group[begins], np.arange(group[-1:].sum() + 2))
        # Most of what menus repeat stands in lines too short to hold anything and more.
        holds = np.diff(self.bounds)[self.line[order]] >= LEAST_CHARS + LEAST_REST
        order, group = order[holds], group[holds]
        counts = firsts[group + 1] - firsts[group]
        places = np.repeat(order, counts)
        others = clauses[np.arange(len(places)) + np.repeat(firsts[group] - np.cumsum(counts) + counts, counts)]
        sizes = self.stops[np.searchsorted(self.stops, others + LEAST_CHARS)] - others
        fits = sizes <= np.minimum(self.bounds[self.line[places] + 1] - places, abs(others - places))
        places, others, sizes = places[fits], others[fits], sizes[fits]
        in_order = np.lexsort((others, places))
        return places[in_order], others[in_order], sizes[in_order]

    def _groups(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """The places of runs that are there more than once, and for each the number of its run, by which they are sorted."""
        import numpy as np

        grams = self._grams
        begins = np.flatnonzero(self.begins[: len(grams)] & (grams != 0))
        bits = (len(begins) * _SLOTS).bit_length()
        shift = np.uint64(64 - bits)
        known = np.zeros(1 << bits, np.bool_)
        known[grams[begins] >> shift] = True
        maybe = np.flatnonzero(known[grams >> shift] & (grams != 0))
        order = maybe[np.argsort(grams[maybe], kind="stable")]
        is_new = new_runs(grams[order])
        counts = np.diff(np.append(np.flatnonzero(is_new), len(order)))
        group = np.cumsum(is_new) - 1
        several = (counts[group] > 1) & (counts[group] <= MOST_PLACES)
        return order[several], group[several]


class _Copies:
    """What of the letters of lines is there twice, place by place: of single numbers views are quicker than arrays."""

    def __init__(self, letters: _Letters) -> None:
        self._letters, self._said = letters, letters.said
        self._at, self._line, self._page = letters.at.data, letters.line.data, letters.page.data
        self._starts, self._bounds, self._first = letters.starts.data, letters.bounds.data, letters.first.data
        self._begins, self._stops = letters.begins.data, letters.stops.data

    def twice(self) -> Iterator[tuple[int, Twice]]:
        """What lines say that stands elsewhere, too, from left to right, with the numbers of their pages."""
        behind = 0
        for place, copies in groupby(self._copies(), key=itemgetter(0)):
            if place < behind:
                continue
            line = self._line[place]
            start, stop = self._bounds[line], self._bounds[line + 1]
            sizes = {other: self._size(place, stop, other, least) for _, other, least in copies}
            size = max(sizes.values())
            if stop - start - size < LEAST_REST:
                continue
            behind = place + size
            page = self._page[line]
            first = self._first[page]
            yield (
                page,
                Twice(
                    line - first,
                    *self._span(place, size),
                    size,
                    place - start,
                    stop - behind,
                    self._begins[place],
                    self._stops[bisect(self._stops, behind - 1)] == behind,
                    tuple([self._source(other, size, first) for other in sizes if sizes[other] == size]),
                ),
            )

    def _copies(self) -> Iterator[tuple[int, int, int]]:
        """Places where a line says a clause of another one, with the place where that begins, and how many letters it has; in order."""
        said = self._said
        for place, other, size in zip(*(each.tolist() for each in self._letters.pairs()), strict=True):
            if said.startswith(said[other : other + size], place):
                yield place, other, size

    def _size(self, place: int, stop: int, other: int, size: int) -> int:
        """How many letters from a place on, up to the end of its line, are said elsewhere up to the end of a clause, if so many are at least."""
        said, stops = self._said, self._stops
        most = min(stop - place, self._bounds[self._line[other] + 1] - other, abs(other - place))
        for number in range(bisect(stops, other + size), len(stops)):
            end = stops[number]
            if end - other > most or not said.startswith(said[other + size : end], place + size):
                break
            size = end - other
        return size

    def _span(self, place: int, size: int) -> tuple[int, int]:
        """Where on its line a run of letters begins and ends."""
        start = self._starts[self._line[place]]
        return self._at[place] - start, self._at[place + size - 1] + 1 - start

    def _source(self, place: int, size: int, first: int) -> Source:
        line = self._line[place]
        start, stop = self._bounds[line], self._bounds[line + 1]
        return Source(line - first, *self._span(place, size), place == start, place + size == stop)
