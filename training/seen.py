"""What the network sees of labelled pages: worked out once by the package itself, and again of what is left when lines are hidden."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhnorm import Cleaner
from zhnorm.reader import lines_to_read
from zhnorm.reading.article import Pages
from zhnorm.reading.kinds import KINDS
from zhnorm.reading.line_features import OWN, own_features
from zhnorm.reading.ngrams import TABLE_BITS, pieces, places_of
from zhnorm.reading.read import Lines
from zhnorm.reading.surroundings import around_features

from .labelled import GONE, Page

__all__ = ["Sample", "Seen"]

_LEAST_SOURCES = 4
"""A piece of a line is learned if so many sites, accounts or authors have it."""
_HITS = tuple(OWN.index(name) for name in ("dropped", "heads-list", "trimmed"))


@dataclass
class Sample:
    """Lines of some pages, as they are read together."""

    lines: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    own: NDArray[np.float32]
    around: NDArray[np.float32]


class Seen:
    """The lines of pages that say something, one page after the other.

    Attributes:
        pages: those that have such lines.
        first: of each page its first line, and one more behind the last.
        wanted: for each line the kinds that are right, as ones in the order of `KINDS`.
        weight: how much each line counts; 0 if nobody has said what it is.
        alone: lines of which nothing around is known.
        goes: lines that are no part of an article.
    """

    def __init__(self, pages: list[Page]) -> None:
        found = list(lines_to_read(Cleaner(), (page.texts for page in pages)))
        self.pages = [page for page, (index, _) in zip(pages, found, strict=True) if index]
        self.lines = Lines()
        wanted: list[frozenset[str]] = []
        weight: list[float] = []
        for page, (index, lines) in zip(pages, found, strict=True):
            if index:
                self.lines.add(lines.texts, lines.keys, lines.hits, lines.links)
                wanted += [page.wanted[i] for i in index]
                weight += [page.weight * page.shares[i] if page.wanted[i] else 0.0 for i in index]
        self.first = np.append(self.lines.starts, len(self.lines.folds))
        number = {kind: place for place, kind in enumerate(KINDS)}
        self.wanted = np.zeros((len(wanted), len(KINDS)), np.float32)
        for line, kinds in enumerate(wanted):
            self.wanted[line, [number[kind] for kind in kinds]] = 1
        self.weight = np.array(weight, np.float32)
        self.alone = np.repeat([page.alone for page in self.pages], np.diff(self.first))
        self.goes = np.array([bool(kinds) and kinds <= GONE for kinds in wanted])
        own = own_features(self.lines.folds, self.lines.keys, self.lines.hits, self.lines.links)
        self.own = own.astype(np.float32)
        found = pieces(self.lines.folds)
        self._hashes, self._line = found.hashes, found.lines

    def table(self, pages: list[int]) -> NDArray[np.uint8]:
        """The marks of the pieces that are learned from these pages: of those that fall on one place the most common."""
        sources = {source: number for number, source in enumerate(sorted({self.pages[page].source for page in pages}))}
        source = np.full(len(self.own), -1)
        for page in pages:
            if not self.pages[page].name.startswith("plain"):
                source[self.first[page] : self.first[page + 1]] = sources[self.pages[page].source]
        known = source[self._line] >= 0
        pairs = np.unique(
            self._hashes[known].astype(np.uint64) << np.uint64(20) | source[self._line[known]].astype(np.uint64)
        )
        found, times = np.unique((pairs >> np.uint64(20)).astype(np.uint32), return_counts=True)
        found, times = found[times >= _LEAST_SOURCES], times[times >= _LEAST_SOURCES]
        places, marks = places_of(found[np.argsort(times, kind="stable")])
        table = np.zeros(1 << TABLE_BITS, np.uint8)
        table[places] = marks
        return table

    def pieces(self, table: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The places of the pieces of all lines that a table knows, and where those of each line begin."""
        places, marks = places_of(self._hashes)
        known = table[places] == marks
        return places[known].astype(np.int64), np.searchsorted(self._line[known], np.arange(len(self.own) + 1))

    def sample(self, pages: list[int], dice: np.random.Generator | None = None, most: int = 10**9) -> Sample:
        """The lines of pages, as they are seen together.

        Args:
            pages: their numbers.
            dice: hides chrome of half of the pages, all of it or some: what was cleaned is to be left alone.
            most: of longer pages so many lines in a row are taken, if there are dice.
        """
        kept, starts = [], []
        count = 0
        for page in pages:
            lines = np.arange(self.first[page], self.first[page + 1])
            if dice is not None:
                if len(lines) > most:
                    at = int(dice.integers(len(lines) - most))
                    lines = lines[at : at + most]
                chance = dice.random()
                hidden = 1.0 if chance < 0.25 else dice.random() if chance < 0.5 else 0.0
                lines = lines[~(self.goes[lines] & (dice.random(len(lines)) < hidden))]
            if len(lines):
                starts.append(count)
                kept.append(lines)
                count += len(lines)
        lines = np.concatenate(kept)
        begins = np.array(starts)
        sizes = np.diff(np.append(begins, count))
        return Sample(
            lines,
            np.repeat(begins, sizes),
            np.repeat(begins + sizes, sizes),
            self.own[lines].copy(),
            self._around(lines, starts),
        )

    def _around(self, lines: NDArray[np.int64], starts: list[int]) -> NDArray[np.float32]:
        hits = self.lines.hits
        return around_features(
            [self.lines.folds[line] for line in lines],
            [self.lines.keys[line] for line in lines],
            {place: hits[line] for place, line in enumerate(lines.tolist()) if line in hits},
            self.own[lines].astype(np.float64),
            Pages(np.array(starts), len(lines)),
        ).astype(np.float32)


def without_hits(own: NDArray[np.float32], dice: np.random.Generator, share: float) -> None:
    """Hide from some lines that a rule knows them: rules know the pages best that they were written with."""
    hidden = dice.random(len(own)) < share
    for column in _HITS:
        own[hidden, column] = 0
