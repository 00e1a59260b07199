"""Where in a text a phrase can matter, found without reading most of it.

A phrase matters only where it gives something else than its characters do, and then it holds a character (the anchor)
at which it does. Anchors are few: the table that looks up all characters marks them as it goes. What is left is to look
at the pair of characters around each of them, and at the phrases that have that pair.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .expressions import OneOf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["HASHES", "Anchored", "Anchors", "Block", "Occurrence", "Pairs", "pair_hash"]

_HASH_BITS = 18
HASHES = 1 << _HASH_BITS
_LOOK, _ALONE = 1 << 31, 1 << 30


class Occurrence(NamedTuple):
    """A piece of text and what stands in its place."""

    start: int
    length: int
    order: int
    value: str


class Block(NamedTuple):
    """A text, and as arrays if it is long enough for that to pay.

    Attributes:
        text: one line or more.
        codes: its code points.
        seen: what the table makes of them, with marks.
        marked: the places at which an anchor may stand, if they are known.
    """

    text: str
    codes: NDArray[np.uint32] | None = None
    seen: NDArray[np.uint32] | None = None
    marked: NDArray[np.int64] | None = None


class Anchored(NamedTuple):
    """A phrase of two characters or more, and the offset of the anchor in it."""

    offset: int
    phrase: str
    order: int
    value: str


class Pairs(NamedTuple):
    """Phrases under the pair of characters by which they are found, in plain data.

    Attributes:
        phrases: for each pair its phrases, as `Anchored` has them, but with the offset of the pair, and one field a line: few pairs
            are ever asked for, and a text is loaded several times faster than what it lists.
        first: pairs that begin with their anchor.
        second: pairs that end with it.
    """

    phrases: dict[str, str]
    first: list[str]
    second: list[str]

    @classmethod
    def of(cls, phrases: Iterable[Anchored]) -> Pairs:
        """File phrases."""
        filed: dict[str, list[str]] = {}
        first: set[str] = set()
        second: set[str] = set()
        for offset, phrase, order, value in phrases:
            start = min(offset, len(phrase) - 2)
            pair = phrase[start : start + 2]
            filed.setdefault(pair, []).append(f"{start}\n{phrase}\n{order}\n{value}")
            (first if offset == start else second).add(pair)
        return cls({pair: "\n".join(lines) for pair, lines in filed.items()}, sorted(first), sorted(second))


class Anchors:
    """Finds phrases by their anchors, and single characters.

    Args:
        pairs: what to find.
        alone: characters to find wherever they stand.

    >>> anchors = Anchors(Pairs.of([Anchored(0, "乾坤", 0, "乾坤")]), "淨")
    >>> anchors.find(Block("乾淨乾坤"))
    ([Occurrence(start=2, length=2, order=0, value='乾坤')], [1])
    """

    def __init__(self, pairs: Pairs, alone: Iterable[str] = ()) -> None:
        self._alone = frozenset(alone)
        self._pairs, self._first, self._second = pairs
        self._anchors = {pair[0] for pair in self._first} | {pair[1] for pair in self._second} | self._alone
        self._any = OneOf(self._anchors)
        self._hashes: NDArray[Any] | None = None
        self._ready: dict[str, list[Anchored]] = {}

    def marks(self) -> dict[int, int]:
        """The marks (bits 30 and 31) that `find` needs to see."""
        return {ord(anchor): _LOOK | (_ALONE if anchor in self._alone else 0) for anchor in self._anchors}

    def find(self, block: Block) -> tuple[list[Occurrence], list[int]]:
        """Where the phrases are, whether they overlap or not, and where the single characters."""
        text = block.text
        pairs, alone = self._places(text) if block.seen is None else self._places_of(block)
        found: list[Occurrence] = []
        ready, starts_with = self._ready, text.startswith
        for pair in pairs:
            both = text[pair : pair + 2]
            for offset, phrase, order, value in ready.get(both) or self._filed(both):
                if pair >= offset and starts_with(phrase, pair - offset):
                    found.append(Occurrence(pair - offset, len(phrase), order, value))
        return found, alone

    def _filed(self, pair: str) -> list[Anchored]:
        """The phrases of a pair, with its offset in them."""
        if pair not in self._pairs:
            return []
        lines = iter(self._pairs[pair].split("\n"))
        found = [
            Anchored(int(start), phrase, int(order), value)
            for start, phrase, order, value in zip(*[lines] * 4, strict=True)
        ]
        self._ready[pair] = found
        return found

    def _places(self, text: str) -> tuple[list[int], list[int]]:
        """Where a pair of characters around an anchor begins that some phrase has, and the single characters."""
        anchors = self._any.places(text)
        both = {at for anchor in anchors for at in (anchor - 1, anchor) if text[max(at, 0) : at + 2] in self._pairs}
        return sorted(both), [at for at in anchors if text[at] in self._alone]

    def _places_of(self, block: Block) -> tuple[list[int], list[int]]:
        """The same, found in the arrays; rarely a pair is not what it seems."""
        import numpy as np

        assert block.codes is not None
        assert block.seen is not None
        if block.marked is None:
            anchors = np.flatnonzero(block.seen >= _LOOK)
        else:
            anchors = block.marked[block.seen.take(block.marked) >= _LOOK]
        if not len(anchors):
            return [], []
        here = block.codes.take(anchors)
        right = block.codes.take(anchors + 1, mode="clip")
        left = block.codes.take(anchors - 1, mode="clip")
        hashes = self._make_hashes() if self._hashes is None else self._hashes
        first = anchors[(hashes.take(pair_hash(here, right)) & 1) != 0]
        second = anchors[(hashes.take(pair_hash(left, here)) & 2) != 0] - 1
        alone = anchors[(block.seen.take(anchors) & _ALONE) != 0].tolist() if self._alone else []
        return sorted({*first.tolist(), *second.tolist()}), alone

    def _make_hashes(self) -> NDArray[Any]:
        import numpy as np

        hashes = np.zeros(HASHES, np.uint8)
        for bit, pairs in ((1, self._first), (2, self._second)):
            both = np.array([[ord(pair[0]), ord(pair[1])] for pair in pairs], np.uint32).reshape(-1, 2)
            hashes[pair_hash(both[:, 0], both[:, 1])] |= bit
        self._hashes = hashes
        return hashes


def pair_hash(first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    """A number below HASHES for each pair of code points."""
    mixed: NDArray[Any] = first * 0x9E3779B1 + second * 0x85EBCA6B
    mixed >>= 32 - _HASH_BITS
    return mixed
