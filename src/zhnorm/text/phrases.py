"""One step of a conversion: phrases first, characters for what no phrase has taken.

The rule is OpenCC's as opencc-python-reimplemented reads it. Within a stretch of text between separators, the
longest occurrence of a phrase of the first dictionary is taken, the leftmost among equals, then the same to its left
and to its right; what is left over goes to the next dictionary of the group. Taking all occurrences greedily in the
order (dictionary, longest, leftmost) is the same.

Nearly all of a text is what the table of characters makes of it. A phrase matters only where it gives something else,
and then it holds a character (the anchor) at which it does. So the step looks for pairs of characters around
anchors, decides only there whether the phrase wins against those that overlap it, and patches the winners into the
text that the table has made.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from .table import CharacterTable, in_arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Occurrence", "Step", "splice"]

_SEPARATOR = re.compile(
    r"[\s\-,.?!*，。、；：？！…“”‘’『』「」﹁﹂—－（）《》〈〉～．／＼︒︑︔︓︿﹀︹︺︙︐［﹇］﹈︕︖︰︳︴︽︾︵︶｛︷｝︸﹃﹄【︻】︼]"
)
"""What no phrase reaches across: the list of OpenCC. A phrase that holds one can never match."""

_HASH_BITS = 18


class Occurrence(NamedTuple):
    """A piece of text and what stands in its place."""

    start: int
    length: int
    order: int
    value: str


class _Anchored(NamedTuple):
    offset: int
    phrase: str
    order: int
    value: str


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


class Step:
    """A group of dictionaries in order, and perhaps a map of characters for everything that comes out of it.

    Args:
        dictionaries: phrase to result; the first wins over the second wherever they overlap.
        then: characters to replace in every result (a regional standard).
        every: report every occurrence, also where the result is what the characters become anyway. Turns a step into
            a finder of terms.
        across: let phrases reach across separators, as OpenCC never does.

    >>> Step([{"乾坤": "乾坤"}, {"乾": "干", "淨": "净"}]).convert("乾坤乾淨")
    '乾坤干净'
    """

    def __init__(
        self,
        dictionaries: Sequence[Mapping[str, str]],
        then: Mapping[str, str] | None = None,
        *,
        every: bool = False,
        across: bool = False,
    ) -> None:
        if not (every or across):
            dictionaries = [_possible(found) for found in dictionaries]
        base: dict[str, str] = dict(then or ())
        after = str.maketrans(dict(then or ()))
        for found in reversed(dictionaries):
            base.update((key, value.translate(after)) for key, value in found.items() if len(key) == 1)
        # A character beyond the plane would cost the whole table its 16 bits: it is patched in like a phrase.
        self._solo = {k: v for k, v in base.items() if every or (v != k and (len(v) != 1 or (v > "\uffff" >= k)))}
        self.characters = {k: v for k, v in base.items() if k not in self._solo and v != k}
        self._table = CharacterTable({ord(k): ord(v) for k, v in self.characters.items()})
        last = max((i for i, found in enumerate(dictionaries) if any(len(key) > 1 for key in found)), default=0)
        # A single character keeps a phrase of a later dictionary from taking it.
        self._phrases = [
            found if i < last else {k: v for k, v in found.items() if len(k) > 1}
            for i, found in enumerate(dictionaries)
        ][: last + 1]
        self._longest = [_longest(found) for found in self._phrases]
        self._reach = max((max(found.values(), default=1) for found in self._longest), default=1)
        self._after: dict[str, list[_Anchored]] = {}
        self._before: dict[str, list[_Anchored]] = {}
        for order, found in enumerate(self._phrases):
            self._anchor(order, found, {} if every else base, after)
        self._anchors = {pair[0] for pair in self._after} | {pair[1] for pair in self._before}
        anchors = "".join(map(re.escape, sorted(self._anchors | self._solo.keys())))
        self._pattern = re.compile(f"[{anchors}]" if anchors else "(?!)")
        self._arrays: tuple[Any, Any, Any] | None = None

    def _anchor(self, order: int, found: Mapping[str, str], base: Mapping[str, str], after: Mapping[int, str]) -> None:
        """Index the phrases that give something else than their characters do, by a pair of characters in them."""
        if not found:
            return
        plain = "\n".join(found).translate({ord(key): value for key, value in base.items()}).split("\n")
        for (phrase, result), expected in zip(found.items(), plain, strict=True):
            value = result.translate(after) if after else result
            if len(phrase) < 2 or (base and value == expected):
                continue
            offset = 0
            if len(value) == len(expected) == len(phrase) and value != expected:
                offset = next(i for i, (a, b) in enumerate(zip(value, expected, strict=True)) if a != b)
            entry = _Anchored(offset, phrase, order, value)
            if offset + 1 < len(phrase):
                self._after.setdefault(phrase[offset : offset + 2], []).append(entry)
            else:
                self._before.setdefault(phrase[offset - 1 : offset + 1], []).append(entry)

    def convert(self, text: str) -> str:
        """The converted text. Lines are converted as if each stood alone."""
        codes = self.codes(text)
        return splice(self.look_up(text, codes), self.winners(text, codes))

    def codes(self, text: str) -> NDArray[Any] | None:
        """The text as an array, if it is long enough for that to pay."""
        return self._table.codes(text) if in_arrays(len(text)) else None

    def look_up(self, text: str, codes: NDArray[Any] | None) -> str:
        """What the characters alone become."""
        return self._table.apply(text) if codes is None else self._table.look_up(codes)

    def winners(self, text: str, codes: NDArray[Any] | None = None) -> list[Occurrence]:
        """Where the result is something else than what the characters become, in order, without overlap."""
        if codes is None:
            places: Iterable[int] = [match.start() for match in self._pattern.finditer(text)]
        else:
            places = self._places(codes)
        found, solo = self._occurrences(text, places)
        if found:
            known: dict[tuple[int, int, int], bool] = {}
            found = [each for each in sorted(set(found)) if self._wins(text, each, known)]
        return _merge(found, solo) if solo else found

    def word_at(self, text: str, place: int) -> str:
        """The phrase that takes the character at `place`, whether it makes a difference or not; "" if none does.

        >>> Step([{"乾坤": "乾坤"}, {"乾": "干"}]).word_at("大乾坤", 1)
        '乾坤'
        """
        known: dict[tuple[int, int, int], bool] = {}
        for order, phrases in enumerate(self._phrases):
            for start in range(max(0, place - self._reach + 1), place + 1):
                for size in range(self._longest[order].get(text[start : start + 2], 0), place - start, -1):
                    word = text[start : start + size]
                    whole = len(word) == size > 1 and word in phrases
                    if whole and self._wins(text, Occurrence(start, size, order, ""), known):
                        return word
        return ""

    def _occurrences(self, text: str, places: Iterable[int]) -> tuple[list[Occurrence], list[Occurrence]]:
        found: list[Occurrence] = []
        solo: list[Occurrence] = []
        last = len(self._phrases)
        for place in places:
            entries = self._after.get(text[place : place + 2], ())
            if place and (more := self._before.get(text[place - 1 : place + 1])):
                entries = [*entries, *more]
            for offset, phrase, order, value in entries:
                if place >= offset and text.startswith(phrase, place - offset):
                    found.append(Occurrence(place - offset, len(phrase), order, value))
            if text[place] in self._solo:
                solo.append(Occurrence(place, 1, last, self._solo[text[place]]))
        return found, solo

    def _wins(self, text: str, occurrence: Occurrence, known: dict[tuple[int, int, int], bool]) -> bool:
        """Whether no winner that goes before this occurrence overlaps it."""
        stack = [(occurrence.order, occurrence.length, occurrence.start)]
        while stack:
            order, length, start = stack[-1]
            wins = True
            for rival in self._rivals(text, order, length, start):
                decided = known.get(rival)
                if decided is None:
                    stack.append(rival)
                    break
                if decided:
                    wins = False
                    break
            if stack[-1] == (order, length, start):
                known[order, length, start] = wins
                stack.pop()
        return known[occurrence.order, occurrence.length, occurrence.start]

    def _rivals(self, text: str, order: int, length: int, start: int) -> Iterator[tuple[int, int, int]]:
        """The occurrences of any phrase that overlap this one and go before it."""
        end = start + length
        for earlier in range(order):
            for at in range(start, end):
                if text[at] in self._phrases[earlier]:
                    yield earlier, 1, at
            yield from self._crossing(text, earlier, range(max(0, start - self._reach + 1), end), start, 2)
        # Within one dictionary a rival is longer or further left: it reaches over the left edge or the right one,
        # and the two characters at the edge stand side by side in it.
        joints = self._joints
        if start and text[start - 1 : start + 1] in joints:
            places = range(max(0, start - self._reach + 1), start)
            yield from self._crossing(text, order, places, start, length)
        if text[end - 1 : end + 1] in joints:
            yield from self._crossing(text, order, range(start, end), start, length + 1)

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

    def _places(self, codes: NDArray[Any]) -> list[int]:
        """Where an anchor stands in a pair that some phrase has (or, rarely, seems to)."""
        import numpy as np

        anchors, solo, pairs = self._arrays or self._make_arrays()
        places = np.flatnonzero(anchors.take(codes))
        if not len(places):
            return []
        here = codes.take(places).astype(np.uint32)
        right = codes.take(places + 1, mode="clip").astype(np.uint32)
        left = codes.take(np.maximum(places, 1) - 1).astype(np.uint32)
        keep = pairs.take(_hash(here, right)) & 1
        keep |= pairs.take(_hash(left, here)) & 2
        found: list[int] = places[(keep != 0) | solo.take(here)].tolist()
        return found

    def _make_arrays(self) -> tuple[Any, Any, Any]:
        import numpy as np

        # Arrays of truth values: numpy finds those that are set several times faster than numbers that are not 0.
        solo = np.zeros(0x110000, np.bool_)
        solo[[ord(anchor) for anchor in self._solo]] = True
        anchors = solo.copy()
        anchors[[ord(anchor) for anchor in self._anchors]] = True
        pairs = np.zeros(1 << _HASH_BITS, np.uint8)
        for bit, index in ((1, self._after), (2, self._before)):
            both = np.array([[ord(pair[0]), ord(pair[1])] for pair in index], np.uint32).reshape(-1, 2)
            pairs[_hash(both[:, 0], both[:, 1])] |= bit
        self._arrays = (anchors, solo, pairs)
        return self._arrays


def _hash(first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    mixed: NDArray[Any] = first * 0x9E3779B1 + second * 0x85EBCA6B
    mixed >>= 32 - _HASH_BITS
    return mixed


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
