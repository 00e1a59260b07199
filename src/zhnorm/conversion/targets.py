"""The targets for cleaning, which take any Chinese text, line by line: by the script that a line is in.

`Mainland` is the default: any text into mainland Simplified, and Simplified text left as it is. A line that is Simplified already is
not touched: the characters that Simplified text uses too (乾 著 瞭 ...) are converted only where the line does not prove to be
Simplified. A line that proves nothing is what its document is. A Japanese line stays, and so does a Japanese title in a Chinese line.
A line that holds a Simplified-only character once it is converted will be left alone the second time. One that proves nothing
even then is converted again, and comes out as it was, because words decide regardless of script (`conversion/context.py`).

`Regional` brings any text into a Traditional standard.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, lru_cache
from operator import itemgetter

from ..arrays.character_kinds import code_points
from ..arrays.character_table import CharacterTable
from ..arrays.expressions import OneOf
from ..arrays.literals import Occurrence
from .at_once import TO_MAINLAND, TO_REGION, AtOnce
from .characters import SHARED, simplified_only, traditional_only
from .context import Read, Speller
from .detect import KANA, Speaks, has_kana, is_japanese, japanese_titles, line_proofs, lines_with_kana, proofs
from .orthography import simplified_characters, tables
from .phrases import splice
from .prepared import prepared

__all__ = ["Mainland", "Regional", "mainland"]

_PROVES_SIMPLIFIED, _PROVES_TRADITIONAL, _DOUBTFUL, _KANA = (1 << bit for bit in (24, 25, 26, 27))
_NEWLINE = ord("\n")


class Mainland:
    """The conversion, ready for use. `convert` takes text of any number of lines."""

    def __init__(self) -> None:
        self.step = Speller(tables("hans"), marks=_marks)
        self._doubtful = OneOf({*map(chr, code_points(KANA)), *(c for c in SHARED if ord(c) in self.step.codes)})

    @cached_property
    def _strays(self) -> CharacterTable:
        return CharacterTable({code: new for code, new in self.step.codes.items() if chr(code) not in SHARED})

    @cached_property
    def at_once(self) -> AtOnce:
        """The same in C."""
        return AtOnce(self.step.tables, TO_MAINLAND)

    def convert(self, text: str, speaks: Speaks) -> str:
        """The text in mainland Simplified; `speaks` tells the script of the document that each line is in."""
        found = self.at_once.lines(text, speaks, lambda line, number: self._twin(line, lambda _: speaks(number)))
        return self._twin(text, speaks) if found is None else found

    def _twin(self, text: str, speaks: Speaks) -> str:
        read = self.step.read(text)
        words = self.step.winners(read)
        places = [word.start for word in words]
        if read.block.seen is None:
            doubtful, kana = self._lines(text, places), has_kana(text)
        else:
            doubtful, kana = self._lines_of(read, places), bool((read.block.seen & _KANA).any())
        kept = [found for start, stop in doubtful for found in self._kept(text, start, stop, speaks, kana=kana)]
        return splice(self.step.plain(read), _outer(words, kept) if kept else words)

    def _kept(self, text: str, start: int, stop: int, speaks: Speaks, *, kana: bool) -> list[Occurrence]:
        """What becomes of a line in which a doubtful character stands, as far as it is not converted as usual; `kana`: there is
        some in the text."""
        line = text[start:stop]
        simplified, traditional = proofs()
        titles = japanese_titles(line) if kana else []
        if kana and is_japanese(line, titles):
            return [Occurrence(start, stop - start, -2, line)]
        for_simplified = simplified.count(line)
        for_traditional = traditional.count(line) if for_simplified else 0
        if for_simplified > for_traditional:
            return [Occurrence(start, stop - start, -2, self._strays.apply(line) if for_traditional else line)]
        if not (for_simplified or traditional.are_in(line)) and speaks(text.count("\n", 0, start)) == "hans":
            return [Occurrence(start, stop - start, -2, line)]
        return [Occurrence(start + a, b - a, -2, line[a:b]) for a, b in titles]

    def _lines(self, text: str, places: list[int]) -> Iterable[tuple[int, int]]:
        """The lines that hold one of the places or a doubtful character."""
        stop = -1
        for place in sorted({*places, *self._doubtful.places(text)}):
            if place > stop:
                start, stop = text.rfind("\n", 0, place) + 1, text.find("\n", place)
                stop = len(text) if stop < 0 else stop
                yield start, stop

    def _lines_of(self, read: Read, words: list[int]) -> list[tuple[int, int]]:
        """The same, without the lines that prove to be Traditional, which are the most."""
        import numpy as np

        seen, codes = read.block.seen, read.block.codes
        assert codes is not None
        assert seen is not None
        ends = np.flatnonzero(codes == _NEWLINE)
        if read.text[-1] != "\n":
            ends = np.append(ends, len(codes))
        starts = np.append(0, ends[:-1] + 1)
        marks = np.bitwise_or.reduceat(seen, starts)
        marks[np.searchsorted(ends, np.array(words, np.int64))] |= _DOUBTFUL
        proven = (marks & (_PROVES_TRADITIONAL | _PROVES_SIMPLIFIED | _KANA)) == _PROVES_TRADITIONAL
        lines = np.flatnonzero(((marks & (_DOUBTFUL | _KANA)) != 0) & ~proven)
        return list(zip(starts[lines].tolist(), ends[lines].tolist(), strict=True))


@prepared
def _marks() -> dict[int, int]:
    """What each character tells about the line that it stands in."""
    characters = simplified_characters()
    simplified = simplified_only()
    # Only what becomes Simplified-only proves that the converted line will be left alone.
    traditional = {c for c in traditional_only() if characters.get(c) in simplified}
    marks = dict.fromkeys(map(ord, simplified), _PROVES_SIMPLIFIED)
    marks |= dict.fromkeys(map(ord, traditional), _PROVES_TRADITIONAL)
    marks |= dict.fromkeys(map(ord, SHARED & characters.keys()), _DOUBTFUL)
    marks |= dict.fromkeys(code_points(KANA), _KANA)
    return {code: mark for code, mark in sorted(marks.items()) if code <= 0xFFFF}


def _outer(words: list[Occurrence], kept: list[Occurrence]) -> list[Occurrence]:
    """What is kept and the words in order; a word that stands in something kept is gone."""
    merged: list[Occurrence] = []
    stops = [each.start + each.length for each in kept]
    for word in words:
        place = bisect_left(stops, word.start + 1)
        if place == len(kept) or kept[place].start >= word.start + word.length:
            merged.append(word)
    return sorted([*merged, *kept], key=itemgetter(0))


@lru_cache(maxsize=1)
def mainland() -> Mainland:
    """The one Mainland of this process: its tables are built once."""
    return Mainland()


class Regional:
    """Converts Simplified and mixed lines; brings Traditional ones to the standard; leaves Japanese ones alone.

    Args:
        step: Simplified to the standard.
        standardize: Traditional to the standard; None leaves Traditional lines as they are.
        standard: the same as characters.
    """

    def __init__(
        self, step: Speller, standardize: Callable[[str], str] | None, standard: Mapping[int, int] | None
    ) -> None:
        self._step = step
        self._standardize = standardize
        self._standard = standard

    @cached_property
    def at_once(self) -> AtOnce:
        """The same in C."""
        return AtOnce(self._step.tables, TO_REGION, self._standard)

    def convert(self, text: str, speaks: Speaks) -> str:
        """The text, its lines converted as each one needs; `speaks` tells the script of the document that a line is in."""
        found = self.at_once.lines(text, speaks, lambda line, number: self._twin(line, lambda _: speaks(number)))
        return self._twin(text, speaks) if found is None else found

    def _twin(self, text: str, speaks: Speaks) -> str:
        lines = text.split("\n")
        kinds = [kind or speaks(number) or "hans" for number, kind in enumerate(_kinds(text, lines))]
        if len(set(kinds)) == 1:
            return self._apply(kinds[0], text)
        # What is of one kind is converted together, however it is mixed with the rest.
        for kind in set(kinds):
            numbers = [number for number, found in enumerate(kinds) if found == kind]
            converted = self._apply(kind, "\n".join([lines[number] for number in numbers]))
            for number, line in zip(numbers, converted.split("\n"), strict=True):
                lines[number] = line
        return "\n".join(lines)

    def _apply(self, kind: str, text: str) -> str:
        if kind == "hans":
            return self._step.convert(text)
        return self._standardize(text) if self._standardize and kind == "hant" else text


_BY_PROOFS = ("", "hans", "hant", "hans")


def _kinds(text: str, lines: list[str]) -> list[str]:
    """How each line is treated: only one without any Simplified character and with a Traditional one is Traditional; "" for
    one that proves nothing."""
    kinds = [_BY_PROOFS[proof] for proof in line_proofs(text)]
    for number in lines_with_kana(text):
        if is_japanese(lines[number], japanese_titles(lines[number])):
            kinds[number] = "japanese"
    return kinds
