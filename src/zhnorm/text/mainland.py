"""The default conversion: any Chinese text into mainland Simplified, and Simplified text left as it is.

Two things are ours. A table of words (data/script/context.tsv) decides the characters that have more than one
Simplified form. And a line that is Simplified already is not touched: the characters that Simplified text uses too
(乾 著 瞭 ...) are converted only where the line does not prove to be Simplified.

A line that holds a Simplified-only character once it is converted will be left alone the second time. A line that proves
nothing even then is converted until nothing changes, so that converting twice is converting once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from .characters import SHARED, rows, simplified_map, simplified_only, traditional_only
from .detect import is_japanese, proofs
from .dictionaries import bundled
from .phrases import Occurrence, Step, splice
from .table import CharacterTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Mainland", "context_phrases", "mainland"]

_ROUNDS = 4
_PROVES_SIMPLIFIED, _TRADITIONAL, _DOUBTFUL, _KANA, _LINE_END = 1, 2, 4, 8, 16


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
    """Words that decide, those of the installed dictionary and ours, with their Simplified forms, which stay as they are."""
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
        characters = context_characters()
        self._step = Step([context_phrases(), characters])
        shared = SHARED & characters.keys()
        self._strays = CharacterTable({ord(k): ord(v) for k, v in characters.items() if k not in shared})
        self._doubtful = re.compile("[ぁ-ゖァ-ヺｦ-ﾝ" + "".join(sorted(shared)) + "]")
        self._arrays: Any = None

    def convert(self, text: str) -> str:
        """The text in mainland Simplified."""
        codes = self._step.codes(text)
        return splice(self._step.look_up(text, codes), self.winners(text, codes))

    def winners(self, text: str, codes: NDArray[Any] | None = None) -> list[Occurrence]:
        """Where the result is not what the characters alone become: words, and whole lines."""
        words = self._step.winners(text, codes)
        doubtful = self._lines(text) if codes is None else self._lines_of(text, codes)
        lines = [found for found in (self._decide(text, *each) for each in doubtful) if found is not None]
        return _outer(words, lines) if lines else words

    def _decide(self, text: str, start: int, stop: int) -> Occurrence | None:
        """What becomes of a line in which a doubtful character stands; None if it is converted as usual."""
        line = text[start:stop]
        simplified, traditional = proofs()
        if is_japanese(line):
            return Occurrence(start, stop - start, -1, line)
        for_simplified = len(simplified.findall(line))
        for_traditional = len(traditional.findall(line)) if for_simplified else 0
        if for_simplified > for_traditional:
            return Occurrence(start, stop - start, -1, self._strays.apply(line) if for_traditional else line)
        if for_simplified:
            return None
        once = splice(self._step.look_up(line, None), self._step.winners(line))
        for _ in range(_ROUNDS):
            if simplified.search(once):
                break
            again = splice(self._step.look_up(once, None), self._step.winners(once))
            if again == once:
                break
            once = again
        return Occurrence(start, stop - start, -1, once)

    def _lines(self, text: str) -> Iterator[tuple[int, int]]:
        """The lines that hold a doubtful character."""
        found = self._doubtful.search(text)
        while found:
            start = text.rfind("\n", 0, found.start()) + 1
            stop = text.find("\n", found.end())
            stop = len(text) if stop < 0 else stop
            yield start, stop
            found = self._doubtful.search(text, stop)

    def _lines_of(self, text: str, codes: NDArray[Any]) -> list[tuple[int, int]]:
        """The same, without the lines that prove to be Traditional, which are the most."""
        import numpy as np

        marks = self._marks().take(codes)
        doubtful = np.flatnonzero(marks & (_DOUBTFUL | _KANA))
        if not len(doubtful):
            return []
        ends = np.append(np.flatnonzero(marks & _LINE_END), len(codes))
        index = np.unique(np.searchsorted(ends, doubtful))
        stops = ends[index]
        starts = np.where(index > 0, ends[index - 1] + 1, 0)

        def count(mark: int) -> NDArray[Any]:
            places = np.flatnonzero(marks & mark)
            counted: NDArray[Any] = np.searchsorted(places, stops) - np.searchsorted(places, starts)
            return counted

        usual = (count(_PROVES_SIMPLIFIED) == 0) & (count(_TRADITIONAL) > 0) & (count(_KANA) == 0)
        return list(zip(starts[~usual].tolist(), stops[~usual].tolist(), strict=True))

    def _marks(self) -> NDArray[Any]:
        import numpy as np

        if self._arrays is None:
            marks = np.zeros(0x110000, np.uint8)
            ends = simplified_only()
            characters = context_characters()
            marks[[ord(c) for c in simplified_only() if c <= "\uffff"]] = _PROVES_SIMPLIFIED
            marks[[ord(c) for c in traditional_only() if c <= "\uffff" and characters.get(c) in ends]] = _TRADITIONAL
            marks[[ord(c) for c in SHARED & characters.keys()]] |= _DOUBTFUL
            for first, last in ("ぁゖ", "ァヺ", "ｦﾝ"):
                marks[ord(first) : ord(last) + 1] = _KANA
            marks[ord("\n")] = _LINE_END
            self._arrays = marks
        return self._arrays


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
