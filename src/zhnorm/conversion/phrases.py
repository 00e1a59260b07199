"""One step of a conversion: phrases first, characters for what no phrase has taken.

The rule is OpenCC's as opencc-python-reimplemented reads it. Within a stretch of text between separators, the
longest occurrence of a phrase of the first dictionary is taken, the leftmost among equals, then the same to its left
and to its right; what is left over goes to the next dictionary of the group. Taking all occurrences greedily in the
order (dictionary, longest, leftmost) is the same.

Nearly all of a text is what the table of characters makes of it. So the step finds the places at which a phrase can
give something else, decides only there whether the phrase wins against those that overlap it, and patches the winners
into the text that the table has made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from ..arrays.character_table import CHARACTER, CharacterTable, codes_of, in_arrays, text_of
from ..arrays.expressions import expression
from ..arrays.literals import Anchored, Anchors, Block, Occurrence, Pairs

__all__ = ["Step", "StepTables", "splice"]

_SEPARATOR = expression(
    r"[\s\-,.?!*，。、；：？！…“”‘’『』「」﹁﹂—－（）《》〈〉～．／＼︒︑︔︓︿﹀︹︺︙︐［﹇］﹈︕︖︰︳︴︽︾︵︶｛︷｝︸﹃﹄【︻】︼]"
)
"""What no phrase reaches across: the list of OpenCC. A phrase that holds one can never match."""


def splice(text: str, occurrences: Iterable[Occurrence]) -> str:
    """The text with the occurrences put in, which are in order and do not overlap.

    >>> splice("abcd", [Occurrence(1, 2, 0, "X")])
    'aXd'
    """
    pieces, at = [], 0
    for start, length, _, value in occurrences:
        pieces.append(text[at:start])
        pieces.append(value)
        at = start + length
    pieces.append(text[at:])
    return "".join(pieces)


class _Known(NamedTuple):
    """What was found out about the occurrences (order, length, start) in a text: which of them win, and the rivals
    (order, length, how far away) of one with certain characters around it."""

    wins: dict[tuple[int, int, int], bool]
    rivals: dict[tuple[int, int, int, str], list[tuple[int, int, int]]]


Plain = tuple[
    dict[int, int],
    dict[str, str],
    list[dict[str, str]],
    list[dict[str, int]],
    tuple[dict[str, str], list[str], list[str]],
]
"""`StepTables` as they are `prepared`."""


class StepTables(NamedTuple):
    """What a step looks up.

    Attributes:
        codes: what single characters become, in code points.
        solo: those that become more than one character, or none.
        phrases: of each dictionary those that count.
        longest: how long the longest of them is that begins with a pair of characters.
        pairs: those that give something else than their characters do.
    """

    codes: dict[int, int]
    solo: dict[str, str]
    phrases: list[dict[str, str]]
    longest: list[dict[str, int]]
    pairs: Pairs

    @classmethod
    def of(
        cls,
        dictionaries: Sequence[Mapping[str, str]],
        then: Mapping[str, str] | None = None,
        *,
        every: bool = False,
        across: bool = False,
    ) -> StepTables:
        """The tables for a group of dictionaries in order, and perhaps a map of characters for all that comes out of it.

        Args:
            dictionaries: phrase to result; the first wins over the second wherever they overlap.
            then: characters to replace in every result (a regional standard).
            every: report every occurrence, also where the result is what the characters become anyway. Turns a step
                into a finder of terms.
            across: let phrases reach across separators, as OpenCC never does.
        """
        if not (every or across):
            dictionaries = [_possible(found) for found in dictionaries]
        base: dict[str, str] = dict(then or ())
        after = str.maketrans(dict(then or ()))
        for found in reversed(dictionaries):
            base.update((key, value.translate(after)) for key, value in found.items() if len(key) == 1)
        # What the table cannot do is patched in like a phrase.
        solo = {key: value for key, value in base.items() if every or len(value) != 1}
        codes = {ord(key): ord(value) for key, value in base.items() if key not in solo and value != key}
        last = max((i for i, found in enumerate(dictionaries) if any(len(key) > 1 for key in found)), default=0)
        # A single character keeps a phrase of a later dictionary from taking it.
        phrases = [
            dict(found) if i < last else {k: v for k, v in found.items() if len(k) > 1}
            for i, found in enumerate(dictionaries)
        ][: last + 1]
        known = {} if every else base
        pairs = Pairs.of(each for i, found in enumerate(phrases) for each in _anchored(i, found, known, after))
        return cls(codes, solo, phrases, [_longest(found) for found in phrases], pairs)

    def as_plain(self) -> Plain:
        """As a tuple that can be prepared."""
        pairs = self.pairs.phrases, self.pairs.first, self.pairs.second
        return self.codes, self.solo, self.phrases, self.longest, pairs

    @classmethod
    def of_plain(cls, plain: Plain) -> StepTables:
        """As it was."""
        return cls(*plain[:4], Pairs(*plain[4]))


class Step:
    """One step of a conversion.

    Args:
        tables: what it looks up.

    >>> Step(StepTables.of([{"乾坤": "乾坤"}, {"乾": "干", "淨": "净"}])).convert("乾坤乾淨")
    '乾坤干净'
    """

    def __init__(self, tables: StepTables) -> None:
        self.codes, self._solo, self._phrases, self._longest, pairs = tables
        self._reach = max((max(found.values(), default=1) for found in self._longest), default=1)
        self._anchors = Anchors(pairs, self._solo)
        self._table = CharacterTable(self.codes, self._anchors.marks)

    def convert(self, text: str) -> str:
        """The converted text. Lines are converted as if each stood alone."""
        block = self.look_up(text)
        return splice(self.plain(block), self.winners(block))

    def look_up(self, text: str) -> Block:
        """The text, ready for the other methods."""
        if not in_arrays(len(text)):
            return Block(text)
        codes = codes_of(text)
        return Block(text, codes, self._table.look_up(codes))

    def plain(self, block: Block) -> str:
        """What the characters alone become."""
        return self._table.apply(block.text) if block.seen is None else text_of(block.seen & CHARACTER)

    def winners(self, block: Block) -> list[Occurrence]:
        """Where the result is something else than what the characters become, in order, without overlap."""
        text = block.text
        found, solo = self._anchors.find(block)
        if found:
            known = _Known({}, {})
            found = [each for each in sorted(found) if self._wins(text, each, known)]
        last = len(self._phrases)
        return _merge(found, [Occurrence(at, 1, last, self._solo[text[at]]) for at in solo]) if solo else found

    def word_at(self, text: str, place: int) -> str:
        """The phrase that takes the character at `place`, whether it makes a difference or not; "" if none does.

        >>> Step(StepTables.of([{"乾坤": "乾坤"}, {"乾": "干"}])).word_at("大乾坤", 1)
        '乾坤'
        """
        known = _Known({}, {})
        for order, phrases in enumerate(self._phrases):
            for start in range(max(0, place - self._reach + 1), place + 1):
                for size in range(self._longest[order].get(text[start : start + 2], 0), place - start, -1):
                    word = text[start : start + size]
                    whole = len(word) == size > 1 and word in phrases
                    if whole and self._wins(text, Occurrence(start, size, order, ""), known):
                        return word
        return ""

    def _wins(self, text: str, occurrence: Occurrence, known: _Known) -> bool:
        """Whether no winner that goes before this occurrence overlaps it."""
        start, end = occurrence.start, occurrence.start + occurrence.length
        if not (occurrence.order or self._joined(text, start) or self._joined(text, end)):
            return True
        stack = [(occurrence.order, occurrence.length, occurrence.start)]
        while stack:
            order, length, start = stack[-1]
            wins = True
            for before, size, offset in self._rivals_near(text, order, length, start, known):
                rival = before, size, start + offset
                decided = known.wins.get(rival)
                if decided is None:
                    stack.append(rival)
                    break
                if decided:
                    wins = False
                    break
            if stack[-1] == (order, length, start):
                known.wins[order, length, start] = wins
                stack.pop()
        return known.wins[occurrence.order, occurrence.length, occurrence.start]

    def _rivals_near(self, text: str, order: int, length: int, start: int, known: _Known) -> list[tuple[int, int, int]]:
        """The rivals, by their places from this occurrence. Where a text repeats itself, they are the same each time."""
        first = max(0, start - self._reach + 1)
        around = order, length, start - first, text[first : start + length + self._reach - 1]
        if (found := known.rivals.get(around)) is None:
            found = [(before, size, at - start) for before, size, at in self._rivals(text, order, length, start)]
            known.rivals[around] = found
        return found

    def _rivals(self, text: str, order: int, length: int, start: int) -> Iterator[tuple[int, int, int]]:
        """The occurrences of any phrase that overlap this one and go before it."""
        end = start + length
        for earlier in range(order):
            for at in range(start, end):
                if text[at] in self._phrases[earlier]:
                    yield earlier, 1, at
            yield from self._crossing(text, earlier, range(max(0, start - self._reach + 1), end), start, 2)
        # Within one dictionary a rival is longer or further left: it reaches over the left edge or the right one.
        if self._joined(text, start):
            places = range(max(0, start - self._reach + 1), start)
            yield from self._crossing(text, order, places, start, length)
        if self._joined(text, end):
            yield from self._crossing(text, order, range(start, end), start, length + 1)

    def _joined(self, text: str, edge: int) -> bool:
        """Whether the characters before and behind the edge stand side by side in some phrase."""
        return text[edge - 1 : edge + 1] in self._joints

    def _crossing(self, text: str, order: int, places: range, start: int, least: int) -> Iterator[tuple[int, int, int]]:
        longest, phrases = self._longest[order], self._phrases[order]
        for at in places:
            reach = longest.get(text[at : at + 2], 0)
            for size in range(reach, max(least, start - at + 1) - 1, -1):
                if text[at : at + size] in phrases and at + size <= len(text):
                    yield order, size, at

    @cached_property
    def _joints(self) -> set[str]:
        """All pairs of characters that stand side by side in some phrase."""
        return {key[i : i + 2] for found in self._phrases for key in found for i in range(len(key) - 1)}


def _anchored(
    order: int, found: Mapping[str, str], base: Mapping[str, str], after: Mapping[int, str]
) -> Iterator[Anchored]:
    """The phrases that give something else than their characters do."""
    plain = "\n".join(found).translate({ord(key): value for key, value in base.items()}).split("\n")
    for (phrase, result), expected in zip(found.items(), plain if found else (), strict=True):
        value = result.translate(after) if after else result
        if len(phrase) < 2 or (base and value == expected):
            continue
        offset = 0
        if len(value) == len(expected) == len(phrase) and value != expected:
            offset = next(i for i, (a, b) in enumerate(zip(value, expected, strict=True)) if a != b)
        yield Anchored(offset, phrase, order, value)


def _possible(found: Mapping[str, str]) -> Mapping[str, str]:
    if not _SEPARATOR.search("".join(found)):
        return found
    return {key: value for key, value in found.items() if not _SEPARATOR.search(key)}


def _longest(found: Mapping[str, str]) -> dict[str, int]:
    """How long the longest phrase is that begins with a pair of characters."""
    return {key[:2]: len(key) for key in sorted(found, key=len) if len(key) > 1}


def _merge(found: list[Occurrence], solo: list[Occurrence]) -> list[Occurrence]:
    """Single characters that no winner covers, among the winners."""
    merged, ends = [], -1
    for each in sorted([*found, *solo]):
        if each.length == 1 and each.start < ends:
            continue
        merged.append(each)
        ends = each.start + each.length
    return merged
