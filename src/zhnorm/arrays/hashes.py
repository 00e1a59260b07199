"""Numbers that stand for pieces of text: for thousands of pieces at once, and a table that finds them again.

The hash of a piece is a polynomial of its characters modulo 2**64 (Rabin and Karp 1987), so it is the difference of two running
sums: whatever pieces are asked for, the text is read once. Equal pieces have equal hashes; other pieces practically never
have, and who needs to be sure looks at the text.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from .character_table import PIECE_CHARS, codes_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]

__all__ = ["HashTable", "PieceHashes"]

_BASE = 0x9E3779B97F4A7C15
_MODULUS = 1 << 64
_MIXER = 0xD6E8FEB86659FD93
_LEAST_SLOTS = 1 << 10
_NO_ENTRY = -1


class PieceHashes:
    """Hashes of pieces of one text.

    >>> import numpy as np
    >>> hashes = PieceHashes("新桥通车，新桥")
    >>> first, again, other = hashes.of(np.array([0, 5, 1]), np.array([2, 7, 3])).tolist()
    >>> first == again, first == other
    (True, False)
    """

    def __init__(self, text: str) -> None:
        import numpy as np

        powers, self._inverses = _powers()
        self._sums = np.zeros(len(text) + 1, np.uint64)
        # In parts, each of which begins with the first power: long lines would need as many powers as characters.
        starts = range(0, len(text) + 1, PIECE_CHARS)
        for start in starts:
            codes = codes_of(text[start : start + PIECE_CHARS])
            part = self._sums[start + 1 : start + 1 + len(codes)]
            np.multiply(codes, powers[: len(codes)], out=part)
            part *= np.uint64(pow(_BASE, start, _MODULUS))
        np.cumsum(self._sums, out=self._sums)
        self._inverses_of_parts = np.array([pow(_BASE, -start, _MODULUS) for start in starts], np.uint64)

    def of(self, starts: NDArray[Any], stops: NDArray[Any]) -> Hashes:
        """The hash of each piece from its start to before its stop."""
        import numpy as np

        hashes: Hashes = self._sums[stops] - self._sums[starts]
        hashes *= self._inverses[starts % PIECE_CHARS]
        hashes *= self._inverses_of_parts[starts // PIECE_CHARS]
        # The low bits of a product depend on the low bits of its factors alone.
        hashes += (stops - starts).astype(np.uint64)
        hashes ^= hashes >> np.uint64(32)
        hashes *= np.uint64(_MIXER)
        hashes ^= hashes >> np.uint64(29)
        return hashes


@cache
def _powers() -> tuple[Hashes, Hashes]:
    """The powers of the base, for a part of a text, and of its inverse."""
    import numpy as np

    powers = np.full((2, PIECE_CHARS), [[_BASE], [pow(_BASE, -1, _MODULUS)]], np.uint64)
    powers[:, 0] = 1
    np.cumprod(powers, axis=1, out=powers)
    return powers[0], powers[1]


class HashTable:
    """A number for each hash, the first that was given. Twenty bytes or so for each, as many as there are.

    >>> import numpy as np
    >>> table = HashTable()
    >>> table.add(np.array([7, 8, 7], np.uint64), np.array([1, 2, 3]))
    >>> table.find(np.array([8, 7, 9], np.uint64)).tolist(), len(table)
    ([2, 1, -1], 2)
    """

    def __init__(self) -> None:
        import numpy as np

        self._size = 0
        self._hashes: Hashes = np.empty(_LEAST_SLOTS // 2, np.uint64)
        self._numbers = np.empty(_LEAST_SLOTS // 2, np.int32)
        # In each slot the place of an entry, one more than that.
        self._slots = np.zeros(_LEAST_SLOTS, np.int32)

    def __len__(self) -> int:
        return self._size

    def add(self, hashes: Hashes, numbers: NDArray[Any]) -> None:
        """File numbers under hashes that have none yet; of equal hashes the first has its way."""
        import numpy as np

        hashes, first = np.unique(hashes, return_index=True)
        new = self._find(hashes) == _NO_ENTRY
        hashes, numbers = hashes[new], numbers[first[new]]
        size = self._size + len(hashes)
        self._reserve(size)
        self._hashes[self._size : size] = hashes
        self._numbers[self._size : size] = numbers
        self._fill(self._size, size)
        self._size = size

    def find(self, hashes: Hashes) -> NDArray[Any]:
        """The number of each hash, -1 where there is none."""
        entries = self._find(hashes)
        found: NDArray[Any] = self._numbers[entries]
        found[entries == _NO_ENTRY] = -1
        return found

    def _find(self, hashes: Hashes) -> NDArray[Any]:
        import numpy as np

        found = np.full(len(hashes), _NO_ENTRY)
        left = np.arange(len(hashes))
        slots = self._first_slots(hashes)
        while len(left):
            entries = self._slots[slots] - 1
            there = entries >= 0
            left, slots, entries = left[there], slots[there], entries[there]
            same = self._hashes[entries] == hashes[left]
            found[left[same]] = entries[same]
            left, slots = left[~same], (slots[~same] + 1) & (len(self._slots) - 1)
        return found

    def _first_slots(self, hashes: Hashes) -> NDArray[Any]:
        import numpy as np

        slots: NDArray[Any] = (hashes & np.uint64(len(self._slots) - 1)).astype(np.int64)
        return slots

    def _reserve(self, size: int) -> None:
        """Room for so many entries, half of the slots empty."""
        import numpy as np

        room = len(self._hashes)
        if size > room:
            while size > room:
                room *= 2
            self._hashes = _with_room(self._hashes, room)
            self._numbers = _with_room(self._numbers, room)
            self._slots = np.zeros(2 * room, np.int32)
            self._fill(0, self._size)

    def _fill(self, start: int, stop: int) -> None:
        """Give slots to entries, none of which is there yet: the first empty one behind its own."""
        import numpy as np

        entries = np.arange(start, stop, dtype=np.int32)
        slots = self._first_slots(self._hashes[start:stop])
        while len(entries):
            empty = self._slots[slots] == 0
            self._slots[slots[empty]] = entries[empty] + 1
            # Where several wanted the same slot one has it, and the others go on.
            lost = self._slots[slots] != entries + 1
            entries, slots = entries[lost], (slots[lost] + 1) & (len(self._slots) - 1)


def _with_room(items: NDArray[Any], room: int) -> NDArray[Any]:
    """A longer array that begins with these. What is not written yet takes no memory."""
    import numpy as np

    longer: NDArray[Any] = np.empty(room, items.dtype)
    longer[: len(items)] = items
    return longer
