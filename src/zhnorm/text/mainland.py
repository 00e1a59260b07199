"""The default conversion: any Chinese text into mainland Simplified, and Simplified text left as it is.

Two things are ours. A table of words (data/script/context.tsv) decides the characters that have more than one
Simplified form. And a line that is Simplified already is not touched: the characters that Simplified text uses too
(乾 著 瞭 ...) are converted only where the line does not prove to be Simplified.

A line that holds a Simplified-only character once it is converted will be left alone the second time. A line that
proves nothing even then is converted until nothing changes, so that converting twice is converting once.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import product
from operator import itemgetter

from .anchors import Block, Occurrence
from .characters import SHARED, rows, simplified_map, simplified_only, traditional_only
from .detect import KANA, is_japanese, proofs
from .dictionaries import bundled
from .expressions import OneOf
from .kinds import code_points
from .phrases import Plain, Step, StepTables, splice
from .prepared import prepared
from .table import CharacterTable

__all__ = ["Mainland", "context_phrases", "mainland"]

_ROUNDS = 4
_PROVES_SIMPLIFIED, _PROVES_TRADITIONAL, _DOUBTFUL, _KANA = (1 << bit for bit in (24, 25, 26, 27))
_NEWLINE = ord("\n")


@lru_cache(maxsize=1)
def context_characters() -> dict[str, str]:
    """What each character becomes where no word decides."""
    found = dict(simplified_map())
    for row in rows("context"):
        if row[2] == "*":
            found[row[0]] = row[1]
    return {key: value for key, value in found.items() if key != value}


@lru_cache(maxsize=1)
def context_phrases() -> dict[str, str]:
    """Words that decide: the installed dictionary's, ours, and their Simplified forms, which stay as they are."""
    table = str.maketrans(context_characters())
    decided = {row[0] for row in rows("context") if row[2] == "*"}
    found = {word: result for word, result in bundled("TSPhrases").items() if decided.isdisjoint(word)}
    for character, becomes, words, *_ in rows("context"):
        for word in words.split(" ") if words != "*" else ():
            pattern, _, result = word.partition("=")
            for each in expand(pattern):
                found[each] = result or each.replace(character, "\0").translate(table).replace("\0", becomes)
    for result in list(found.values()):
        found.setdefault(result, result)
    return found


def expand(pattern: str) -> Iterator[str]:
    """The words that a pattern stands for.

    >>> list(expand("[甲乙]丙[丁戊]"))
    ['甲丙丁', '甲丙戊', '乙丙丁', '乙丙戊']
    """
    parts = [part.rstrip("]") if part.endswith("]") else (part,) for part in re.findall(r"\[[^]]+\]|[^[]+", pattern)]
    return map("".join, product(*([*part.lstrip("[")] if isinstance(part, str) else part for part in parts)))


class Mainland:
    """The conversion, ready for use. `convert` takes text of any number of lines."""

    def __init__(self) -> None:
        self.step = Step(StepTables.of_plain(_tables()), marks=_marks)
        self._doubtful = OneOf({*map(chr, code_points(KANA)), *(c for c in SHARED if ord(c) in self.step.codes)})

    @cached_property
    def _strays(self) -> CharacterTable:
        return CharacterTable({code: new for code, new in self.step.codes.items() if chr(code) not in SHARED})

    def convert(self, text: str) -> str:
        """The text in mainland Simplified."""
        block = self.step.look_up(text)
        return splice(self.step.plain(block), self.winners(block))

    def winners(self, block: Block) -> list[Occurrence]:
        """Where the result is not what the characters alone become: words, and whole lines."""
        words = self.step.winners(block)
        places = [word.start for word in words]
        doubtful = self._lines(block.text, places) if block.seen is None else self._lines_of(block, places)
        lines = [found for found in (self._decide(block.text, *each, words) for each in doubtful) if found is not None]
        return _outer(words, lines) if lines else words

    def _decide(self, text: str, start: int, stop: int, words: list[Occurrence]) -> Occurrence | None:
        """What becomes of a line in which a doubtful character stands; None if it is converted as usual."""
        line = text[start:stop]
        simplified, traditional = proofs()
        if is_japanese(line):
            return Occurrence(start, stop - start, -1, line)
        for_simplified = simplified.count(line)
        for_traditional = traditional.count(line) if for_simplified else 0
        if for_simplified > for_traditional:
            return Occurrence(start, stop - start, -1, self._strays.apply(line) if for_traditional else line)
        if for_simplified:
            return None
        first, last = (bisect_left(words, place, key=itemgetter(0)) for place in (start, stop))
        mine = [word._replace(start=word.start - start) for word in words[first:last]]
        once = splice(self.step.plain(Block(line)), mine)
        for _ in range(_ROUNDS):
            if once == line or simplified.are_in(once):
                break
            again = self.step.convert(once)
            if again == once:
                break
            once = again
        return Occurrence(start, stop - start, -1, once)

    def _lines(self, text: str, places: list[int]) -> Iterator[tuple[int, int]]:
        """The lines that hold one of the places or a doubtful character."""
        stop = -1
        for place in sorted({*places, *self._doubtful.places(text)}):
            if place > stop:
                start, stop = text.rfind("\n", 0, place) + 1, text.find("\n", place)
                stop = len(text) if stop < 0 else stop
                yield start, stop

    def _lines_of(self, block: Block, words: list[int]) -> list[tuple[int, int]]:
        """The same, without the lines that prove to be Traditional, which are the most."""
        import numpy as np

        assert block.codes is not None
        assert block.seen is not None
        ends = np.flatnonzero(block.codes == _NEWLINE)
        if block.text[-1] != "\n":
            ends = np.append(ends, len(block.codes))
        starts = np.append(0, ends[:-1] + 1)
        marks = np.bitwise_or.reduceat(block.seen, starts)
        marks[np.searchsorted(ends, np.array(words, np.int64))] |= _DOUBTFUL
        proven = (marks & (_PROVES_TRADITIONAL | _PROVES_SIMPLIFIED | _KANA)) == _PROVES_TRADITIONAL
        lines = np.flatnonzero(((marks & (_DOUBTFUL | _KANA)) != 0) & ~proven)
        return list(zip(starts[lines].tolist(), ends[lines].tolist(), strict=True))


@prepared
def _tables() -> Plain:
    return StepTables.of([context_phrases(), context_characters()], across=True).as_plain()


@prepared
def _marks() -> dict[int, int]:
    """What each character tells about the line that it stands in."""
    characters = context_characters()
    simplified = simplified_only()
    # Only what becomes Simplified-only proves that the converted line will be left alone.
    traditional = {c for c in traditional_only() if characters.get(c) in simplified}
    marks = dict.fromkeys(map(ord, simplified), _PROVES_SIMPLIFIED)
    marks |= dict.fromkeys(map(ord, traditional), _PROVES_TRADITIONAL)
    marks |= dict.fromkeys(map(ord, SHARED & characters.keys()), _DOUBTFUL)
    marks |= dict.fromkeys(code_points(KANA), _KANA)
    return {code: mark for code, mark in sorted(marks.items()) if code <= 0xFFFF}


def _outer(words: list[Occurrence], lines: list[Occurrence]) -> list[Occurrence]:
    """Lines and words in order; a word in one of the lines is gone."""
    merged: list[Occurrence] = []
    stop = -1
    for each in sorted([*words, *lines], key=lambda found: (found.start, found.order)):
        if each.start < stop:
            continue
        merged.append(each)
        if each.order < 0:
            stop = each.start + each.length
    return merged


@lru_cache(maxsize=1)
def mainland() -> Mainland:
    """The one Mainland of this process: its tables are built once."""
    return Mainland()
