"""The most probable division of many stretches of text at once, in arrays.

Around each place there are all the words that could be there; the cheapest way through them is found for all places in one
go, position by position. A word is found by a hash of its characters, in one of two slots, so a look-up is two reads whatever
is asked for. A slot has room for a part of the hash: one in ten million look-ups of what is no word finds one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LONGEST", "Lattice", "make_joints", "make_slots"]

LONGEST = 6
"""No word that divides text has more characters: longer ones are made of words themselves."""

_SLOT_BITS = 20
_TAG_SHIFT = 40
"""The highest bits of a word's hash, never all of them 0, tell it from others in the same slot."""
_FACTOR, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F
_JOINT_BITS = 22
_LEFT, _RIGHT = 0x9E3779B1, 0x85EBCA6B
_ALL = (1 << 64) - 1
_NONE = 1 << 20
_KICKS = 500


def make_slots(costs: Mapping[str, int]) -> bytes:
    """A table of words of at most `LONGEST` characters: of each 24 bits of its hash, and its cost, in one of its two slots.

    Raises:
        ValueError: there are too many words.
    """
    slots: list[tuple[int, int]] = [(0, 0)] * (1 << _SLOT_BITS)
    for word, cost in costs.items():
        number = 0
        for character in word:
            number = _add(number, ord(character))
        entry = number, cost
        place = _slot(number, _FIRST)
        for _ in range(_KICKS):
            entry, slots[place] = slots[place], entry
            if entry == (0, 0):
                break
            # Whoever stood there goes to its other slot.
            first, second = (_slot(entry[0], factor) for factor in (_FIRST, _SECOND))
            place = second if place == first else first
        else:
            raise ValueError("the words do not fit")
    return b"".join(
        (max(1, number >> _TAG_SHIFT) << 8 | cost if number else 0).to_bytes(4, "little") for number, cost in slots
    )


def make_joints(words: Iterable[str]) -> bytes:
    """A bit for each pair of characters that stand side by side in some word, and for a few that do not."""
    bits = bytearray(1 << _JOINT_BITS - 3)
    for pair in {word[i : i + 2] for word in words for i in range(len(word) - 1)}:
        place = _joint(ord(pair[0]), ord(pair[1]))
        bits[place >> 3] |= 1 << (place & 7)
    return bytes(bits)


def _joint(left: int, right: int) -> int:
    return (left * _LEFT + right * _RIGHT & 0xFFFFFFFF) >> (32 - _JOINT_BITS)


def _add(number: int, code: int) -> int:
    number = (number ^ code) * _FACTOR & _ALL
    return number ^ number >> 29


def _slot(number: int, factor: int) -> int:
    return (number * factor & _ALL) >> (64 - _SLOT_BITS)


class Lattice:
    """Finds for many words of a text whether they may be read there.

    Args:
        slots: what `make_slots` made.
        joints: what `make_joints` made.
        unknown: the cost of a character that is no word.
        around: how many characters on each side of a word are divided with it.
    """

    def __init__(self, slots: bytes, joints: bytes, unknown: int, around: int) -> None:
        import numpy as np

        self._slots = np.frombuffer(slots, "<u4")
        self._joints = np.frombuffer(joints, np.uint8)
        self._unknown = unknown
        self._around = around

    def hold(
        self,
        codes: NDArray[np.uint32],
        asked: Sequence[tuple[int, int, bool, bool]],
        fold: Callable[[NDArray[np.uint32]], NDArray[np.uint32]],
    ) -> list[bool]:
        """Whether each word ends where words end, or is part of one.

        Args:
            codes: the code points of the text.
            asked: of each word its start and its stop, and whether what stands before it, behind it, may be part of it.
            fold: gives, for code points, the forms that words are kept in.
        """
        import numpy as np

        begin, end, open_before, open_after = np.array(asked, np.int64).reshape(-1, 4).T
        # No word reaches over most edges.
        doubtful = self._joined(codes, begin, fold) & (open_before == 0)
        doubtful |= self._joined(codes, end, fold) & (open_after == 0)
        held = ~doubtful
        some = np.flatnonzero(doubtful)
        if len(some):
            held[some] = self._divided(
                codes, begin[some], end[some], open_before[some] != 0, open_after[some] != 0, fold
            )
        found: list[bool] = held.tolist()
        return found

    def _joined(
        self,
        codes: NDArray[np.uint32],
        edges: NDArray[np.int64],
        fold: Callable[[NDArray[np.uint32]], NDArray[np.uint32]],
    ) -> NDArray[np.bool_]:
        """Whether the characters before and behind each edge may be part of one word."""
        import numpy as np

        left, right = fold(codes.take(edges - 1, mode="clip")), fold(codes.take(edges, mode="clip"))
        place = (left * np.uint32(_LEFT) + right * np.uint32(_RIGHT)) >> np.uint32(32 - _JOINT_BITS)
        bit = self._joints.take(place >> np.uint32(3)) >> (place & np.uint32(7)).astype(np.uint8) & np.uint8(1)
        found: NDArray[np.bool_] = (bit != 0) & (edges > 0) & (edges < len(codes))
        return found

    def _divided(
        self,
        codes: NDArray[np.uint32],
        begin: NDArray[np.int64],
        end: NDArray[np.int64],
        open_before: NDArray[np.bool_],
        open_after: NDArray[np.bool_],
        fold: Callable[[NDArray[np.uint32]], NDArray[np.uint32]],
    ) -> NDArray[np.bool_]:
        import numpy as np

        first = np.maximum(begin - self._around, 0)
        width = int((end - begin).max()) + 2 * self._around
        # One column a stretch; beyond its end, and that of the text, there is nothing.
        places = first + np.arange(width)[:, None]
        last = np.minimum(end + self._around, len(codes))
        around = fold(codes.take(places, mode="clip"))
        around[places >= last] = 0
        borders = self._borders(around, self._costs(around))
        column = np.arange(len(begin))
        at = np.cumsum(borders, axis=0, dtype=np.int16)
        inside = at[end - first - 1, column] - at[begin - first, column]
        both = (borders[begin - first, column] | open_before) & (borders[end - first, column] | open_after)
        held: NDArray[np.bool_] = both | ((inside == 0) & ~open_before & ~open_after)
        return held

    def _costs(self, around: NDArray[np.uint32]) -> list[NDArray[np.int32]]:
        """What the word of 1 character, 2, ... costs that begins at each place."""
        import numpy as np

        numbers = np.zeros(around.shape, np.uint64)
        costs = []
        for size in range(1, LONGEST + 1):
            rows = len(around) - size + 1
            if rows < 1:
                break
            numbers = numbers[:rows] ^ around[size - 1 :]
            numbers *= np.uint64(_FACTOR)
            numbers ^= numbers >> np.uint64(29)
            tag = np.maximum(numbers >> np.uint64(_TAG_SHIFT), np.uint64(1)).astype(np.uint32)
            found = np.full(numbers.shape, _NONE if size > 1 else self._unknown, np.int32)
            for factor in (_FIRST, _SECOND):
                entry = self._slots.take((numbers * np.uint64(factor)) >> np.uint64(64 - _SLOT_BITS))
                same = entry >> np.uint32(8) == tag
                found[same] = (entry[same] & np.uint32(0xFF)).astype(np.int32)
            costs.append(found)
        return costs

    def _borders(self, around: NDArray[np.uint32], costs: list[NDArray[np.int32]]) -> NDArray[np.bool_]:
        """Where words end in the cheapest division: one row more than there are characters."""
        import numpy as np

        width, count = around.shape
        best = np.full((width + 1, count), _NONE * 2, np.int32)
        best[0] = 0
        back = np.zeros((width + 1, count), np.int8)
        for start in range(width):
            so_far = best[start]
            for size, found in enumerate(costs, 1):
                if start >= len(found):
                    break
                cost = so_far + found[start]
                better = cost < best[start + size]
                np.copyto(best[start + size], cost, where=better)
                back[start + size][better] = start
        borders = np.zeros((width + 1, count), np.bool_)
        column = np.arange(count)
        at = np.full(count, width, np.int64)
        for _ in range(width):
            borders[at, column] = True
            at = back[at, column].astype(np.int64)
        borders[0] = True
        return borders
