"""The lines of a document's earlier blocks, in which repeats are still found.

A document may have millions of lines. So the text of a block's lines is one string, and what they say, whole and by pieces, is
numbers in two tables (`arrays.hashes`); a line that the numbers find is made again from its text and compared. Lines are
remembered in two generations: once the later one is full, the earlier one is forgotten.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..arrays.hashes import HashTable, PieceHashes
from ..conversion.fold import key
from .duplicates_seen import PIECES, Kept, Seen, describe, may_be_alike, own_pieces

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Earlier"]

GENERATION_LINES = 1 << 16
GENERATION_CHARS = 2_500_000
"""A generation is full with so many lines, or so many characters."""
RECENT_LINES = 1000
"""Fewer lines are not worth an array."""
_MIXER = 0x9E3779B97F4A7C15


class Earlier:
    """Lines that stayed in earlier blocks, found again by what they say."""

    def __init__(self) -> None:
        self._recent: list[Kept] = []
        self._seen = Seen()
        self._generations: list[_Generation] = []
        self._equal: dict[str, Kept | None] = {}
        self._alike: dict[str, tuple[Kept, ...]] = {}

    def __len__(self) -> int:
        return len(self._recent) + sum(map(len, self._generations))

    def add(self, lines: Sequence[Kept], *, alike: bool) -> None:
        """Remember the lines of a block; with `alike` also by their pieces."""
        self._equal.clear()
        self._alike.clear()
        self._recent += lines
        if len(self._recent) < RECENT_LINES:
            for line in lines:
                self._seen.add(line, alike=alike)
            return
        if not self._generations or self._generations[-1].is_full:
            self._generations = [*self._generations[-1:], _Generation()]
        self._generations[-1].add(self._recent, alike=alike)
        self._recent, self._seen = [], Seen()

    def equal(self, said: str) -> Kept | None:
        """The first line that says this."""
        if not (self._recent or self._generations):
            return None
        if said not in self._equal:
            self.look_up([said], [])
        return self._equal[said]

    def alike(self, said: str) -> tuple[Kept, ...]:
        """Lines that share a piece with this one, by the keys of their cores: for each piece the first."""
        if not (self._recent or self._generations):
            return ()
        if said not in self._alike:
            self.look_up([], [said])
        return self._alike[said]

    def look_up(self, equal: Iterable[str], alike: Iterable[str]) -> None:
        """Find what `equal` and `alike` will be asked for, all at once: one by one it takes much longer."""
        whole = [said for said in dict.fromkeys(equal) if said not in self._equal]
        self._equal.update(zip(whole, map(self._seen.equal, whole), strict=True))
        long = [said for said in dict.fromkeys(alike) if said not in self._alike]
        others: dict[str, tuple[Kept, ...]] = dict.fromkeys(long, ())
        # What the oldest lines say counts.
        for generation in reversed(self._generations):
            self._equal.update(generation.equal(whole))
        for generation in self._generations:
            for said, line in generation.alike(long):
                others[said] += (line,)
        for said in long:
            self._alike[said] = (*others[said], *self._seen.alike(said))


class _Generation:
    """Lines of one document, up to a number."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._chars = 0
        self._texts: list[str] = []
        self._first: list[int] = []
        self._stops: list[NDArray[Any]] = []
        self._whole = HashTable()
        self._pieces = HashTable()

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def is_full(self) -> bool:
        return len(self._numbers) >= GENERATION_LINES or self._chars >= GENERATION_CHARS

    def add(self, lines: Sequence[Kept], *, alike: bool) -> None:
        import numpy as np

        first = len(self._numbers)
        text = "".join([line.text for line in lines])
        self._numbers.extend([line.line for line in lines])
        self._first.append(first)
        self._texts.append(text)
        self._stops.append(np.cumsum([len(line.text) for line in lines]))
        self._chars += len(text)
        said = [(words, place) for place, line in enumerate(lines, first) for words in line.said()]
        self._whole.add(_hashes([words for words, _ in said]), np.array([place for _, place in said]))
        if alike:
            able = [(line.core_key, place) for place, line in enumerate(lines, first) if may_be_alike(line.core_key)]
            places = np.repeat(np.array([place for _, place in able], np.int64), PIECES)
            self._pieces.add(_piece_hashes([words for words, _ in able]), places)

    def equal(self, said: Sequence[str]) -> Iterator[tuple[str, Kept]]:
        """Those that a line says, each with the first such line."""
        places = self._whole.find(_hashes(said)).tolist() if said else ()
        for words, place in zip(said, places, strict=True):
            if place >= 0:
                text = self._text(place)
                line = describe(self._numbers[place], text, key(text))
                if words in (line.key, line.core_key):
                    yield words, line

    def alike(self, said: Sequence[str]) -> Iterator[tuple[str, Kept]]:
        """Those that share a piece with a line, for each piece with the first such line."""
        if not said or not len(self._pieces):
            return
        found = self._pieces.find(_piece_hashes(said)).reshape(-1, PIECES).tolist()
        places = sorted({place for each in found for place in each if place >= 0})
        texts = [self._text(place) for place in places]
        lines = {
            place: describe(self._numbers[place], text, own)
            for place, text, own in zip(places, texts, key("\n".join(texts)).split("\n"), strict=False)
        }
        for words, each in zip(said, found, strict=True):
            for place in dict.fromkeys(each):
                if place >= 0:
                    yield words, lines[place]

    def _text(self, place: int) -> str:
        chunk = bisect_right(self._first, place) - 1
        stops = self._stops[chunk]
        at = place - self._first[chunk]
        return self._texts[chunk][stops[at - 1] if at else 0 : stops[at]]


def _hashes(texts: Sequence[str]) -> NDArray[Any]:
    import numpy as np

    stops = np.cumsum([len(text) for text in texts])
    starts = np.append(0, stops[:-1])
    return PieceHashes("".join(texts)).of(starts, stops)


def _piece_hashes(keys: Sequence[str]) -> NDArray[Any]:
    """The hashes of the pieces of keys (see `duplicates_seen.own_pieces`), `PIECES` for each key, the last ones twice if it has fewer."""
    import numpy as np

    sizes = np.array([len(said) for said in keys], np.int64)
    first = (np.cumsum(sizes) - sizes).repeat(PIECES)
    kinds, kind = np.unique(sizes, return_inverse=True)
    of_kinds = [own_pieces(size) for size in kinds.tolist()]
    table = np.array([(each + each[-1:])[:PIECES] for each in of_kinds], np.int64)
    places, starts, stops = table[kind].reshape(-1, 3).T
    hashes = PieceHashes("".join(keys)).of(first + starts, first + stops)
    hashes ^= places.astype(np.uint64) * np.uint64(_MIXER)
    return hashes
