"""Lines that begin with, end with or hold one of many literals, found by pairs of characters.

Thousands of literals have a few thousand first pairs. A table of hashes says of every pair of neighbours in a text whether
it may be one of them, at the same cost for one literal and for thousands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .anchors import HASHES, pair_hash
from .character_kinds import Kinds, LineArrays, among

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Gates"]

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
