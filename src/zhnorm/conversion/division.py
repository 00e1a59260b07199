"""Where one word ends and the next begins, in text of either script.

The lexicon has its words in Simplified characters (`conversion/lexicon.py`). Here each of them, and each word that the conversion
tables know, is folded: every form of a character becomes one of them, whatever script or region it is from. So one set of
words divides text of both scripts, converted or not, and always at the same places: that is why converting twice is converting
once. The most probable division of a few characters around a place decides whether a word may be read there.

A few places are divided one by one (`Lexicon.cheapest`), the many places of a large text all at once (`Lattice`): around each
place there are all the words that could be there, and the cheapest way through them is found for all places in one go, position
by position. Both know the same words and prefer the same division.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING

from ..arrays.character_table import CharacterTable, text_of
from .characters import folded_map, rows
from .dictionaries import bundled
from .lexicon import UNITS, UNKNOWN, WORDS, Lexicon, lexicon, read_words
from .prepared import prepared
from .spellings import read_rows, spellings, split_context

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["LONGEST", "Division", "Lattice", "dividing", "division", "make_joints", "make_slots"]

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
        is_part: tells of a word whether what stands from one place in it to another is a part of it.
    """

    def __init__(
        self, slots: bytes, joints: bytes, unknown: int, around: int, is_part: Callable[[str, int, int], bool]
    ) -> None:
        import numpy as np

        self._slots = np.frombuffer(slots, "<u4")
        self._joints = np.frombuffer(joints, np.uint8)
        self._unknown = unknown
        self._around = around
        self._is_part = is_part

    def hold(
        self,
        codes: NDArray[np.uint32],
        begins: Sequence[int],
        ends: Sequence[int],
        opens: Mapping[int, tuple[bool, bool]],
        fold: Callable[[NDArray[np.uint32]], NDArray[np.uint32]],
    ) -> list[bool]:
        """Whether each word ends where words end, or is a part of one.

        Args:
            codes: the code points of the text.
            begins: where each word begins.
            ends: where it ends.
            opens: of some, by their number, whether what stands before it, behind it, may be part of it.
            fold: gives, for code points, the forms that words are kept in.
        """
        import numpy as np

        begin, end = np.array(begins, np.int64), np.array(ends, np.int64)
        open_before, open_after = np.zeros((2, len(begin)), np.bool_)
        for number, sides in opens.items():
            open_before[number], open_after[number] = sides
        # No word reaches over most edges.
        doubtful = self._joined(codes, begin, fold) & ~open_before
        doubtful |= self._joined(codes, end, fold) & ~open_after
        held = ~doubtful
        some = np.flatnonzero(doubtful)
        if len(some):
            held[some] = self._divided(codes, begin[some], end[some], open_before[some], open_after[some], fold)
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
        held: NDArray[np.bool_] = borders[begin - first, column] | open_before
        held &= borders[end - first, column] | open_after
        some = np.flatnonzero(~held & (inside == 0) & ~open_before & ~open_after)
        if len(some):
            held[some] = self._are_parts(
                around[:, some], borders[:, some], begin[some] - first[some], end[some] - first[some]
            )
        return held

    def _are_parts(
        self, around: NDArray[np.uint32], borders: NDArray[np.bool_], begin: NDArray[np.int64], end: NDArray[np.int64]
    ) -> list[bool]:
        """Whether each stretch from `begin` to `end`, which stands in one longer word, is a part of it."""
        import numpy as np

        row = np.arange(len(borders), dtype=np.int64)[:, None]
        column = np.arange(len(begin))
        front = np.maximum.accumulate(np.where(borders, row, 0), axis=0)[begin, column]
        back = np.minimum.accumulate(np.where(borders, row, len(borders))[::-1], axis=0)[::-1][end, column]
        text, width = text_of(np.ascontiguousarray(around.T).ravel()), len(around)
        found = []
        for each, (start, stop, a, b) in enumerate(zip(*(x.tolist() for x in (front, back, begin, end)), strict=True)):
            word = text[each * width + start : each * width + stop]
            found.append(self._is_part(word, a - start, b - start))
        return found

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
            # NUL is in no word, and changes no number that begins with it.
            found[around[:rows] == 0] = _NONE if size > 1 else self._unknown
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


AROUND = 5
"""How many characters on each side of a word are divided with it."""
_MEMORY = 20_000
_TORN = 6 * UNITS
"""Two pieces of a word cost so much more than the word."""
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万")
_RARE = 3
"""How often a word of the tables is thought to occur that the lexicon has not."""


class Division:
    """Divides text around a word, and remembers what it did.

    >>> division().holds("他写着作业", 2, 4), division().holds("他的着作很多", 2, 4)
    (False, True)
    """

    def __init__(self, words: Lexicon, fold: dict[int, int]) -> None:
        self._words = words
        self.fold = fold
        """Every form of a character to the one that words are kept in."""
        self._known: dict[str, tuple[int, ...]] = {}
        self._parts: dict[tuple[str, int, int], bool] = {}

    @cached_property
    def _lattice(self) -> Lattice:
        return Lattice(_slots(), _joints(), self._words.unknown, AROUND, self.is_part)

    @cached_property
    def _fold_table(self) -> CharacterTable:
        return CharacterTable(self.fold)

    def holds(self, text: str, start: int, stop: int, open_before: bool = False, open_after: bool = False) -> bool:
        """Whether the characters from `start` to `stop` may be read as a word: it ends where words end, or is a part of one.

        Args:
            text: some text, its characters folded or not.
            start: where the word begins.
            stop: where it ends.
            open_before: whether what stands in front of it may be part of the same word.
            open_after: the same, behind it.
        """
        first = max(0, start - AROUND)
        ends = self._ends(text[first : stop + AROUND])
        start, stop = start - first, stop - first
        if (open_before or start in ends) and (open_after or stop in ends):
            return True
        if open_before or open_after or any(start < end < stop for end in ends):
            return False
        front = max(end for end in ends if end <= start)
        back = min(end for end in ends if end >= stop)
        word = text[first + front : first + back].translate(self.fold)
        return self.is_part(word, start - front, stop - front)

    def is_part(self, word: str, start: int, stop: int) -> bool:
        """Whether what stands in a word from `start` to `stop` may be a part of it: no shorter word in it begins or ends inside of
        that only.

        >>> division().is_part("启发式", 0, 2), division().is_part("启发式", 1, 3)
        (True, False)
        """
        asked = word, start, stop
        if (known := self._parts.get(asked)) is None:
            if len(self._parts) >= _MEMORY:
                self._parts.clear()
            known = self._parts[asked] = stop - start == len(word) or self._is_part(word, start, stop)
        return known

    def _is_part(self, word: str, start: int, stop: int) -> bool:
        begin = 0
        for part in self._words.cheapest(word, apart=True)[1]:
            end = begin + len(part)
            if begin <= start and stop <= end:
                return self.is_part(part, start - begin, stop - begin)
            if begin < start < end or begin < stop < end:
                return False
            begin = end
        return True

    def hold(
        self,
        codes: NDArray[np.uint32],
        begins: Sequence[int],
        ends: Sequence[int],
        opens: Mapping[int, tuple[bool, bool]],
    ) -> list[bool]:
        """The same of many words of one text, given as its code points; of each word what `holds` asks for, `opens` only of those
        that are open."""
        return self._lattice.hold(codes, begins, ends, opens, self._fold_table.look_up)

    def words(self, text: str, place: int) -> tuple[tuple[str, ...], str]:
        """The words around a place, as they stand in the text: up to three of them; and the one that it is in."""
        first = max(0, place - AROUND)
        around = text[first : place + 1 + AROUND]
        ends = self._ends(around)
        pieces = [around[a:b] for a, b in pairwise(ends)]
        here = next(i for i, end in enumerate(ends[1:]) if end > place - first)
        return tuple(piece for piece in pieces[max(0, here - 1) : here + 2] if piece.strip()), pieces[here]

    def joins(self, before: str, after: str, *, numbers_alone: bool = False) -> bool:
        """Whether the end of one text and the beginning of another are one number, or else one word, that cost more apart.

        >>> division().joins("那一盏挂在药", "铺门口"), division().joins("他走了", "铺门口")
        (True, False)
        """
        before, after = before[-AROUND:], after[:AROUND]
        if before[-1:] in _NUMERALS and after[:1] in _NUMERALS:
            return True
        if numbers_alone or len(before) in self._ends(before + after):
            return False
        together, *apart = (
            self._words.cheapest(text.translate(self.fold))[0] for text in (before + after, before, after)
        )
        return sum(apart) - together >= _TORN

    def _ends(self, around: str) -> tuple[int, ...]:
        if (known := self._known.get(around)) is None:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            ends = [0]
            folded = around.translate(self.fold)
            for word in self._words.cheapest(folded)[1]:
                ends.append(ends[-1] + len(word))
            known = self._known[around] = tuple(ends)
        return known


@cache
def division() -> Division:
    """The one Division of this process."""
    return Division(lexicon().beside(*_tables()), folded_map())


def dividing() -> tuple[dict[int, int], bytes, bytes, int]:
    """What it divides by, for the compiled part: how characters are folded, the words, what stands side by side in them, and what a
    character that is no word costs beyond the rarest of them."""
    return folded_map(), _slots(), _joints(), UNKNOWN


@prepared(of=(WORDS,))
def _tables() -> tuple[bytes, bytes, bytes]:
    """What the words of the lexicon cost here, by their numbers there; the other words as a trie, and their costs."""
    import marisa_trie

    words, known = _costs(), lexicon().words()
    more = marisa_trie.Trie(word for word in words if word not in known)
    costs, others = bytearray(len(known)), bytearray(len(more))
    for word, cost in words.items():
        if word in known:
            costs[known[word]] = cost
        else:
            others[more[word]] = cost
    return bytes(costs), more.tobytes(), bytes(others)


@prepared(of=(WORDS,))
def _slots() -> bytes:
    """The folded words as a lattice finds them."""
    return make_slots(_costs())


@prepared(of=(WORDS,))
def _joints() -> bytes:
    """Which characters stand side by side in words."""
    return make_joints(_costs())


@cache
def _costs() -> dict[str, int]:
    """The folded words, and what each costs."""
    counts: dict[str, int] = {}
    fold = folded_map()
    words = read_words()
    for word, count in zip("\n".join(words).translate(fold).split("\n"), words.values(), strict=True):
        counts[word] = counts.get(word, 0) + count
    total = sum(counts.values())
    for word, result in _table_words():
        folded = word.translate(fold)
        if folded not in counts:
            counts[folded] = counts.get(result.translate(fold), _RARE)
    return {
        word: min(255, round(UNITS * log2(total / max(1, count))))
        for word, count in counts.items()
        if len(word) <= LONGEST
    }


def _table_words() -> list[tuple[str, str]]:
    """Every word of the conversion tables, and how it is written in the lexicon, if that is another way."""
    found = [(word, word) for name in ("STPhrases", "TSPhrases", "TWPhrases", "TWPhrasesRev") for word in bundled(name)]
    for script in ("simplified", "traditional"):
        for row in read_rows(script):
            found += [
                (each.word, each.result or each.word.replace(row.character, row.becomes))
                for each in spellings(row)
                if len(each.word) > 1
            ]
    for here, there, *_ in rows("taiwan"):
        found += [(word, word) for word in (split_context(here)[1], there) if len(word) > 1]
    return found
