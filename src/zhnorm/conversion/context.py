"""Characters by the words they stand in: one step of a conversion in which no word reaches over the border of another.

Nearly all of a text is what a table makes of its characters. So the step finds the places at which a word can give something
else (`arrays/literals.py`), asks there alone whether that word may be read in this place (`conversion/division.py`), and patches what it
becomes into the text that the table has made.

What is looked for are words in folded characters, save those characters that have more than one result: so a word is found
in text of any region and in half converted text, and what a place becomes does not depend on what has become of its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import compress
from operator import itemgetter
from typing import NamedTuple

from ..arrays.character_table import CHARACTER, CharacterTable, codes_of, in_arrays, text_of
from ..arrays.literals import Anchors, Block, Occurrence, Pairs
from .division import division
from .phrases import splice

__all__ = ["INSTALLED", "NEXT", "OURS", "PREVIOUS", "Context", "Plain", "Read", "Speller"]

_REACH = 12
"""How many characters a context may look at."""
_READ_OTHERWISE = 1 << 29
_MANY = 20
"""So many words are worth an array."""
OURS, INSTALLED, PREVIOUS, NEXT = range(4)
"""Where a word is from; or that a character is to be looked at for the sake of the one before it, or behind it."""

Context = tuple[str, str, str]
"""An expression for what stands before a word, one for what stands behind it, and the result."""
Plain = tuple[
    dict[int, int],
    dict[int, int],
    tuple[dict[str, str], list[str], list[str]],
    dict[str, list[Context]],
    list[str],
]
"""What a step looks up, in plain data: what characters become, how they are read, words under their anchors, contexts, and
the characters that have to be looked at wherever they stand."""


class Read(NamedTuple):
    """A text, looked up.

    Attributes:
        text: as it came.
        block: as it is read, with its arrays if it is long enough.
        plain: what the characters alone become; None if it is in the arrays of the block.
    """

    text: str
    block: Block
    plain: str | None


class Speller:
    """One step.

    Args:
        plain: what it looks up (`Plain`).
        marks: gives, for code points, bits 24 to 28, which `read` is to show.
    """

    def __init__(self, plain: Plain, marks: Callable[[], Mapping[int, int]] = dict) -> None:
        self.tables = plain
        self.codes, self._reading, pairs, self._contexts, alone = plain
        self._anchors = Anchors(Pairs(*pairs), alone)
        self._marks = marks
        self._table = CharacterTable(self.codes, self._all_marks)
        self._read_table = CharacterTable(self._reading)
        # Into Simplified most characters are read as what they become, into Traditional as they are.
        self._read_as_converted = len(self._reading) > len(self.codes) / 2

    def _all_marks(self) -> dict[int, int]:
        found = dict(self._marks())
        anchors = self._anchors.marks()
        for code, mark in anchors.items():
            found[code] = found.get(code, 0) | mark
        for code, new in self._reading.items():
            found[code] = found.get(code, 0) | anchors.get(new, 0)
        base = self.codes if self._read_as_converted else {}
        for code in {*self._reading, *base}:
            if self._reading.get(code, code) != base.get(code, code):
                found[code] = found.get(code, 0) | _READ_OTHERWISE
        return {code: mark for code, mark in found.items() if mark}

    def convert(self, text: str) -> str:
        """The converted text. Lines are converted as if each stood alone."""
        read = self.read(text)
        return splice(self.plain(read), self.winners(read))

    def read(self, text: str) -> Read:
        """The text, ready for the other methods."""
        if not in_arrays(len(text)):
            return Read(text, Block(self._read_table.apply(text)), self._table.apply(text))
        import numpy as np

        codes = codes_of(text)
        seen = self._table.look_up(codes)
        reading = seen & np.uint32(CHARACTER) if self._read_as_converted else codes
        marked = np.flatnonzero(seen >= _READ_OTHERWISE)
        others = marked[(seen.take(marked) & _READ_OTHERWISE) != 0]
        if len(others):
            reading = reading if self._read_as_converted else codes.copy()
            reading[others] = self._read_table.look_up(codes.take(others)) & np.uint32(CHARACTER)
        return Read(text, Block(text if reading is codes else text_of(reading), reading, seen, marked), None)

    def plain(self, read: Read) -> str:
        """What the characters alone become."""
        if read.plain is not None:
            return read.plain
        assert read.block.seen is not None
        return text_of(read.block.seen & CHARACTER)

    def winners(self, read: Read) -> list[Occurrence]:
        """Where the result is something else than what the characters become, in order, without overlap."""
        found, alone = self._anchors.find(read.block)
        text, contexts = read.block.text, self._contexts
        asked: list[Occurrence] = []
        opens: dict[int, tuple[bool, bool]] = {}
        places = set(alone)

        def ask_in_context(start: int, word: str) -> None:
            for each, *open_sides in self._in_context(text, start, word):
                opens[len(asked)] = open_sides[0], open_sides[1]
                asked.append(each)

        for each in found:
            start, length, order, value = each
            if order >= PREVIOUS:
                places.add(start + (order == PREVIOUS))
                continue
            if order == OURS and (word := text[start : start + length]) in contexts:
                ask_in_context(start, word)
                if not value:
                    continue
            asked.append(each)
        for place in places:
            ask_in_context(place, text[place])
        return _apart(self._held(read.block, asked, opens)) if asked else []

    def _held(self, block: Block, asked: list[Occurrence], opens: Mapping[int, tuple[bool, bool]]) -> list[Occurrence]:
        """Those that may be read as words; `opens` tells of some, by their number, whether what stands before them, behind them,
        may be part of them."""
        if block.codes is not None and len(asked) >= _MANY:
            begins = [each[0] for each in asked]
            ends = [each[0] + each[1] for each in asked]
            holds = division().hold(block.codes, begins, ends, opens)
            return list(compress(asked, holds))
        shut = False, False
        return [
            each
            for number, each in enumerate(asked)
            if division().holds(block.text, each[0], each[0] + each[1], *opens.get(number, shut))
        ]

    def _in_context(self, text: str, start: int, word: str) -> list[tuple[Occurrence, bool, bool]]:
        """What a word becomes in the first of its contexts that fits, if one does."""
        stop = start + len(word)
        front = back = ""
        for before, after, result in self._contexts[word]:
            # What stands behind is looked at first: it begins at one place, what stands before may begin at many.
            if after:
                back = back or text[stop : stop + _REACH].partition("\n")[0].translate(division().fold)
                if not _begins_with(after).match(back):
                    continue
            if before:
                front = front or text[max(0, start - _REACH) : start].rpartition("\n")[2].translate(division().fold)
                if not _ends_with(before).search(front):
                    continue
            opens = before != "" and before[-1] != "/", after != "" and after[0] != "/"
            return [(Occurrence(start, len(word), -1, result), *opens)]
        return []


@cache
def _ends_with(expression: str) -> re.Pattern[str]:
    return re.compile(f"(?:{expression.removesuffix('/')})\\Z")


@cache
def _begins_with(expression: str) -> re.Pattern[str]:
    return re.compile(expression.removeprefix("/"))


def _apart(found: list[Occurrence]) -> list[Occurrence]:
    """Those that win: of some that overlap the longest, ours before the installed dictionary's, the first before the next."""
    kept: list[Occurrence] = []
    together: list[Occurrence] = []
    end = 0
    for each in sorted(found, key=itemgetter(0)):
        start = each[0]
        if start >= end and together:
            kept += _best(together) if len(together) > 1 else together
            together = []
        together.append(each)
        end = max(end, start + each[1])
    return kept + (_best(together) if len(together) > 1 else together)


def _best(overlapping: list[Occurrence]) -> list[Occurrence]:
    ordered = sorted(overlapping, key=lambda one: (-one[1], one[2], one[0]))
    begin, length, *_ = ordered[0]
    if all(begin <= start and start + size <= begin + length for start, size, *_ in ordered):
        return ordered[:1]
    kept: list[Occurrence] = []
    for each in ordered:
        together = [one for one in kept if one.start < each.start + each.length and each.start < one.start + one.length]
        if not together:
            kept.append(each)
        elif len(together) == 1 and (joined := _joined(*sorted((each, together[0])))) is not None:
            kept[kept.index(together[0])] = joined
    return sorted(kept)


def _joined(first: Occurrence, second: Occurrence) -> Occurrence | None:
    """Two that overlap as one, if they say the same where they do: 灰蒙 and 蒙蒙 are 灰濛濛, not 灰濛蒙."""
    if len(first.value) != first.length or len(second.value) != second.length:
        return None
    shared = first.start + first.length - second.start
    if shared >= second.length or first.value[-shared:] != second.value[:shared]:
        return None
    length = first.length + second.length - shared
    return Occurrence(first.start, length, min(first.order, second.order), first.value + second.value[shared:])
