"""Many literals, found in texts without reading most of them.

*Anchors* are for phrases: a phrase matters only where it gives something else than its characters do, and then it holds a character
(the anchor) at which it does. Anchors are few: the table that looks up all characters marks them as it goes. What is left is to look
at the pair of characters around each of them, and at the phrases that have that pair.

*Gates* are for the beginnings and ends of lines, and for what a line holds: thousands of literals have a few thousand first pairs. A table
of hashes says of every pair of neighbours in a text whether it may be one of them, at the same cost for one literal and for thousands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from .character_kinds import Kinds, LineArrays, among
from .expressions import OneOf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["HASHES", "Anchored", "Anchors", "Block", "Gates", "Occurrence", "Pairs", "pair_hash"]

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


_FIRST, _LAST = 1, 2
_INSIDE, _ANYWHERE = (4, 8, 16), (32, 64, 128)
"""Bits of short literals, of the first half of longer ones, and of their second half."""
_LEFT, _RIGHT = 1, 2


class Gates:
    """Pairs of characters to look for.

    Args:
        first: pairs, or single characters, with which a line begins.
        last: pairs with which a line ends.
        inside: literals of two characters or more in a short line, or near the end of a long one; of longer ones four
            characters are looked at.
        anywhere: literals in lines of any length.

    >>> import numpy
    >>> gates = Gates(["版权"], ["有限"], ["公司"], ["简介"])
    >>> lines = LineArrays("版权声明\\n青石公司简介\\n某某有限")
    >>> gates.at_ends(lines)
    ([0], [2])
    >>> inside, anywhere = gates.held(lines, 40, 0)
    >>> inside, [each.tolist() for each in anywhere]
    ([(1, 7)], [[1], [9]])
    """

    def __init__(
        self, first: Iterable[str], last: Iterable[str], inside: Iterable[str], anywhere: Iterable[str] = ()
    ) -> None:
        first, held = list(first), [(_INSIDE, list(inside)), (_ANYWHERE, list(anywhere))]
        self._pairs = [(_FIRST, [pair for pair in first if len(pair) == 2]), (_LAST, list(last))]
        for (short, start, rest), literals in held:
            self._pairs += [
                (short, [each[:2] for each in literals if len(each) < 4]),
                (start, [each[:2] for each in literals if len(each) >= 4]),
                (rest, [each[2:4] for each in literals if len(each) >= 4]),
            ]
        pairs = [each for _, literals in held for each in literals]
        self._single = sorted(ord(each) for each in first if len(each) == 1)
        # A few of these are written into a class of characters, where "-" would make a range.
        self._kinds = Kinds(
            {
                _LEFT: "".join(sorted({pair[0] for pair in pairs} - {"-"})),
                _RIGHT: "".join(sorted({pair[1] for pair in pairs} - {"-"})),
            }
        )
        self._made: NDArray[Any] | None = None

    @property
    def _hashes(self) -> NDArray[Any]:
        import numpy as np

        if self._made is None:
            hashes = np.zeros(HASHES, np.uint8)
            for bit, pairs in self._pairs:
                both = np.array([[ord(pair[0]), ord(pair[1])] for pair in pairs], np.uint32).reshape(-1, 2)
                hashes[pair_hash(both[:, 0], both[:, 1])] |= bit
            self._made = hashes
        return self._made

    def at_ends(self, lines: LineArrays) -> tuple[list[int], list[int]]:
        """Lines that may begin, and lines that may end with one of the pairs."""
        import numpy as np

        codes, starts, ends = lines.codes, lines.starts, lines.ends
        first = codes[starts]
        begin = (self._hashes.take(pair_hash(first, codes.take(starts + 1, mode="clip"))) & _FIRST) != 0
        begin |= among(first, self._single)
        begin |= ends - starts == 1
        end = (self._hashes.take(pair_hash(codes.take(np.maximum(ends - 2, 0)), codes[ends - 1])) & _LAST) != 0
        filled = ends > starts
        return (begin & filled).nonzero()[0].tolist(), (end & filled).nonzero()[0].tolist()

    def held(
        self, lines: LineArrays, most: int, tail: int, least: int = 0
    ) -> tuple[list[tuple[int, int]], tuple[NDArray[Any], NDArray[Any]]]:
        """Lines that may hold one of the literals inside, each with its index in the whole text; the same of those anywhere as arrays.

        Args:
            lines: the lines.
            most: for literals inside, in lines of more characters than this,
            tail: only so many at the end are looked at.
            least: for literals anywhere, in lines of so many characters or more.
        """
        import numpy as np

        kinds = self._kinds.of_characters(lines)
        places = np.flatnonzero((kinds[:-1] & _LEFT) & (kinds[1:] >> 1))
        codes = lines.codes
        known = self._hashes.take(pair_hash(codes.take(places), codes.take(places + 1)))
        rest = pair_hash(codes.take(places + 2, mode="clip"), codes.take(places + 3, mode="clip"))
        behind = self._hashes.take(rest)
        found = []
        for (short, start, second), anywhere in ((_INSIDE, False), (_ANYWHERE, True)):
            mine = places[((known & short) != 0) | (((known & start) != 0) & ((behind & second) != 0))]
            index = np.searchsorted(lines.starts, mine, "right") - 1
            ends = lines.ends[index]
            sizes = ends - lines.starts[index]
            near = sizes >= least if anywhere else (sizes <= most) | (mine >= ends - tail)
            found.append((index[near], mine[near]))
        lines_inside, places = found[0]
        return list(zip(lines_inside.tolist(), places.tolist(), strict=True)), found[1]
