"""What speaks for it that a program printed what a line holds of another one, and what against it: each sign by its name in the table of weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.detect import script_of
from ..conversion.division import division
from ..conversion.fold import fold, key
from ..signs import (
    BARS,
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    CLOSING_TITLES,
    COLONS,
    COMMAS,
    CRIES,
    DASHES,
    ELLIPSES,
    FULL_STOPS,
    OPENING_BRACKETS,
    OPENING_QUOTES,
    OPENING_TITLES,
)
from ..text.copy_labels import with_labels
from ..text.recurring import Source, Twice
from ..text.seams import REACH
from ..text.shape import are_figures, is_spoken

__all__ = ["GROUPS", "TITLE_LINES", "Candidate", "Page", "of_seams"]

TITLE_LINES = 4
"""In one of the first lines of a page stands the title."""
GROUPS = {
    "sentences": frozenset(("lead", "prose", "quote", "qa", "note")),
    "title": frozenset(("title",)),
    "caption": frozenset(("caption", "repeat")),
    "list": frozenset(("item", "row", "code", "sign")),
    "speech": frozenset(("dialogue", "verse")),
    "heading": frozenset(("heading",)),
}
"""Kinds of lines; all others are "other", and what was not read is ""."""
_PRINTED = ("title", "heading", "caption", "")
"""Of other lines people say sentences again, and lists."""
_OF_TITLES = ("title", "other", "")
"""So the title was read, or was not."""
_SIZES = (6, 7, 8, 9, 11, 14, 18, 26)
_RESTS = (6, 16, 40)
_DISTANCES = (1, 2, 3, 7)
_SOURCE_SIZES = (25, 61)
_MOST_TIMES, _FORMULA = 5, 3
"""What more lines say than the last is a formula, if it is no title."""
_NEAR = REACH + 4
"""So many letters around a copy tell whether a text goes on there, with spaces."""
_MOST_BITS = 5
"""What a seam says at most."""
_MARKS = {
    mark: name
    for name, marks in {
        "full stop": "。",
        "cry": f"{CRIES}{ELLIPSES}",
        "comma": f"{COMMAS}；;",
        "pause": "、",
        "colon": COLONS,
        "closing quote": CLOSING_QUOTES,
        "closing bracket": CLOSING_BRACKETS,
        "closing title": CLOSING_TITLES,
        "opening bracket": OPENING_BRACKETS,
        "opening quote": f'{OPENING_QUOTES}{OPENING_TITLES}"',
        "dash or bar": f"{DASHES}{BARS}/·_-",
    }.items()
    for mark in marks
}
_PARTS = {(True, True): "all", (True, False): "beginning", (False, True): "end", (False, False): "middle"}
_OPENS = frozenset(f'{OPENING_QUOTES}{OPENING_BRACKETS}{OPENING_TITLES}"▲▼►●■◆*#')
_CLOSES = frozenset(mark for mark, name in _MARKS.items() if not name.startswith(("opening", "dash"))) | set('"%％℃')
_PARTICLES = frozenset("的之是了也都还和与及或而等着过吧呢吗啊呀嘅系")
"""With these a sentence goes on behind any word;"""
_PREDICATES = frozenset(
    "在有位由为指旨实告鼓将已成于共全又即从自以对把被给让使用不没能会可要应需就才只仍正曾刚开进出来去到起上下中里内外前后者们性化型类主表首则"
)
"""with these it goes on behind its subject."""
_NAME_ENDS = frozenset("院局部委会會司处處所厅廳校室馆館县縣市区區镇鎮村省国國学學社队隊团團组組店厂廠案")
"""With these the names of places, bodies and cases end, and the sentence says what they do."""
_CELLS, _NAMES = expression("(?:^|[\\s：:])[\u3400-\u9fff]{2,4}(?=\\s{2}|\u3000|$)"), 3
"""So many names in a row, with wide spaces between them."""
_CUT_OFF = expression(f"(?:[{ELLIPSES}]|\\.{{3}})\\W*$")
"""So a text ends that goes on elsewhere."""
_IS_LABEL = expression(f"^[^{FULL_STOPS}!?！？{ELLIPSES}]*[{COLONS}]\\s*$")
"""In front of all else that a line says it announces that."""
_NO_COPY = expression("[的之]|为题|\\[[a-z](?:/[a-z]{2})?\\]")
"""Behind a copy these make it a part of its sentence, or of a list of literature."""
_STOPS = frozenset(f"{FULL_STOPS}!?！？{ELLIPSES}")
_NAMES_OPEN, _NAMES_CLOSE = f"{OPENING_QUOTES}[【", f"{CLOSING_QUOTES}]】"


class Page(NamedTuple):
    """The lines of a page that say something, and what is known of them.

    Attributes:
        texts: the lines.
        raw: the same as they were read, of a page in both scripts: what was printed from elsewhere may be in another one than the line around it.
        group_of: tells of a line, by its index, in which of the `GROUPS` it was read.
        titles: one of so many first lines is the title.
    """

    texts: Sequence[str]
    raw: Sequence[str] | None
    group_of: Callable[[int], str]
    titles: int = TITLE_LINES


class Candidate:
    """What a line holds of another one.

    Attributes:
        page: where that is.
        twice: what the line holds.
        source: what it is most likely of: the title, or else a line that says nothing else, the nearest one.
        text: the line.
        of: the other one.
    """

    def __init__(self, page: Page, twice: Twice) -> None:
        self.page, self.twice = page, twice
        self.source = min(twice.sources, key=self._distance)
        self.text, self.of = page.texts[twice.line], page.texts[self.source.line]

    def _distance(self, source: Source) -> tuple[bool, bool, bool, int, int]:
        return (
            source.line == self.twice.line,
            source.line >= self.page.titles,
            not (source.begins and source.ends),
            abs(source.line - self.twice.line),
            source.start,
        )

    @cached_property
    def with_marks(self) -> tuple[int, int]:
        """Where a copy begins and ends with the marks that stand around it on both lines: what opens in front of it, what does not behind it."""
        (start, stop), (first, last) = self.twice[1:3], self.source[1:3]
        text, of = self.text, self.of
        while start and first and text[start - 1] in _OPENS and _mark(text[start - 1]) == _mark(of[first - 1]):
            start, first = start - 1, first - 1
        while stop < len(text) and last < len(of) and text[stop] in _CLOSES and _mark(text[stop]) == _mark(of[last]):
            stop, last = stop + 1, last + 1
        return start, stop

    @cached_property
    def span(self) -> tuple[int, int]:
        """The same with its labels."""
        return with_labels(self.text, *self.with_marks)

    @property
    def is_title(self) -> bool:
        """Whether the other line is the title."""
        return self.source.line < self.page.titles and self.page.group_of(self.source.line) in _OF_TITLES

    @property
    def is_said(self) -> bool:
        """Whether that is one that people say again: a sentence or an item, and no title."""
        is_other = self.source.line != self.twice.line and not self.is_title
        return is_other and self.page.group_of(self.source.line) not in _PRINTED

    def is_none(self) -> bool:
        """Whether the language itself tells that it is none.

        The line goes on with what the other one breaks off, says something twice in a row (see `stages.doubled`), lists the same figures again, announces what it says,
        says what many lines do, or a name, or names in a row, ends a clause with it, or needs it for what stands behind.
        """
        text, twice, source = self.text, self.twice, self.source
        if source.ends and _CUT_OFF.search(self.of):
            return True
        if source.line == twice.line:
            first, second = sorted(((twice.start, twice.stop), (source.start, source.stop)))
            is_in_row = not key(text[first[1] : second[0]])
            is_parallel = "；" in text[first[1] : second[0]] or is_spoken(text)
            return is_in_row or is_parallel or are_figures(text[twice.start : twice.stop]) or self._is_no_unit()
        if len(_CELLS.findall(text)) >= _NAMES or self._is_named():
            return True
        start, stop = self.span
        group = self.page.group_of(twice.line)
        if not twice.after and _IS_LABEL.search(text, 0, start) and group != "sentences":
            return True
        ends_clause = text[start - 1 : start].isalnum() and text[stop : stop + 1] in _MARKS
        if ends_clause or _NO_COPY.match(fold(text[stop:])):
            return True
        is_name = text[twice.stop - 1] in _NAME_ENDS and text[stop : stop + 1].isalnum()
        return not self.is_title and (is_name or self._times > _FORMULA)

    def _is_named(self) -> bool:
        """Whether it stands in quotation marks or brackets behind a word: a button, a window, a work that the sentence names."""
        start, stop = self.twice.start, self.twice.stop
        around = self.text[start - 1 : start], self.text[stop : stop + 1]
        is_set_off = all(around) and around[0] in _NAMES_OPEN and around[1] in _NAMES_CLOSE
        return is_set_off and self.text[: start - 1].rstrip()[-1:].isalnum()

    def _is_no_unit(self) -> bool:
        """Whether it goes from the end of one sentence to the beginning of another one: so do paragraphs repeat themselves that are made alike."""
        before, said = self.text[: self.twice.start].rstrip(), self.text[self.twice.start : self.twice.stop]
        return before[-1:] not in _STOPS and not _STOPS.isdisjoint(said) and bool(before)

    def sides(self) -> tuple[tuple[str, str], tuple[str, str], tuple[str, str]]:
        """What stands on both sides of its beginning, of its end, and of itself, folded."""
        start, stop = self.span
        before, said, behind = (
            fold(self.text[max(0, start - _NEAR) : start]).rstrip(),
            fold(self.text[start:stop]).strip(),
            fold(self.text[stop : stop + _NEAR]).lstrip(),
        )
        return (before, said), (said, behind), (before, behind)

    @cached_property
    def _times(self) -> int:
        """How many lines say it, too."""
        return len({each.line for each in self.twice.sources})

    @cached_property
    def _kind(self) -> str:
        line = self.source.line
        return "this line" if line == self.twice.line else "the title" if line < self.page.titles else "another line"

    @cached_property
    def _part(self) -> str:
        return f"{_PARTS[self.source.begins, self.source.ends]} of {self._kind}"

    @cached_property
    def _place(self) -> str:
        is_above = (self.source.line, self.source.start) < (self.twice.line, self.twice.start)
        lines = _bucket(abs(self.source.line - self.twice.line), _DISTANCES)
        return f"{self._kind}, {'above' if is_above else 'below'} {lines} lines"

    def of_lines(self) -> Iterator[str]:
        """What speaks for a copy because of the lines that it stands on and is of."""
        twice, text = self.twice, self.text
        lines = min(self._times, _MOST_TIMES)
        rest = _bucket(twice.before + twice.after, _RESTS)
        yield self._part
        yield self._place
        yield f"source read as: {self.page.group_of(self.source.line)}"
        yield f"source letters: {_bucket(len(self.of), _SOURCE_SIZES)}"
        yield f"source ends: {_mark(self.of.rstrip()[-1:])}"
        yield f"line read as: {self.page.group_of(twice.line)}"
        yield f"letters: {_bucket(twice.size, _SIZES)}"
        yield f"other letters: {rest}"
        yield f"lines: {lines}"
        yield f"space in front: {bool(twice.before) and _is_space_between(text[: twice.start], text[twice.start])}"
        yield f"space behind: {bool(twice.after) and _is_space_between(text[twice.start : twice.stop + 1], text[twice.stop + 1 :])}"
        yield f"clause begins: {twice.begins}"
        yield f"clause ends: {twice.ends}"
        yield f"{self._part}, lines: {lines}"
        yield f"{self._place}, lines: {lines}"
        yield f"{self._place}, other letters: {rest}"

    def of_place(self) -> Iterator[str]:
        """What speaks for a copy because of what stands around it, and of what it says."""
        twice, text = self.twice, self.text
        (first, last), (start, stop) = self.with_marks, self.span
        before, said, behind = text[:start], text[twice.start : twice.stop], text[stop:]
        front, back = self._around(before, said, behind)
        own = _mark(text[last - 1]) if last > twice.stop else "none"
        raw = self.page.raw
        yield f"in front: {front}"
        yield f"behind: {back}"
        yield f"own mark: {own}"
        yield f"label in front: {bool(text[start:first].strip())}"
        yield f"label behind: {_label(text[last:stop].strip())}"
        yield f"brackets around: {text[start] in OPENING_BRACKETS and text[stop - 1] in CLOSING_BRACKETS}"
        yield f"ends as names do: {said[-1] in _NAME_ENDS}, behind: {back}"
        yield f"marks inside: {not said.isalnum()}"
        yield f"Chinese: {_share(said, twice.size)}"
        yield f"sentence around: {not (_STOPS.isdisjoint(before) and _STOPS.isdisjoint(behind))}"
        yield f"in another script: {raw is not None and _in_another_script(raw[twice.line], said)}"
        yield f"between: {front}, {back}"
        yield f"in front: {front}, line read as: {self.page.group_of(twice.line)}"
        yield f"in front: {front}, own mark: {own}"
        yield f"behind: {back}, own mark: {own}"
        yield f"{self._part}, behind: {back}"
        yield f"{self._part}, own mark: {own}"
        yield f"{self._place}, own mark: {own}"

    def _around(self, before: str, said: str, behind: str) -> tuple[str, str]:
        """What stands in front of a copy, and behind it."""
        front = _mark(before.rstrip()[-1:]) if self.twice.before else "nothing"
        back = _mark(behind.lstrip()[:1]) if self.twice.after else "nothing"
        if front == "letter" and division().joins(before, said):
            front = "the same word"
        if back == "letter":
            letter = fold(behind.lstrip()[0])
            if letter in _PARTICLES:
                back = "particle"
            elif letter in _PREDICATES:
                back = "predicate"
            elif division().joins(said, behind):
                back = "the same word"
        return front, back


def of_seams(torn: Sequence[int | None]) -> Iterator[str]:
    """What speaks for a copy because the text does not go on in front of it, behind it, or from one side of it to the other (`text.seams`)."""
    front, back, across = torn
    yield f"seam in front: {_bits(front)}"
    yield f"seam behind: {_bits(back)}"
    yield f"seam across: {_bits(across)}"
    if front is not None and back is not None:
        yield f"seams, without that across: {_bits((front + back - 2 * (across or 0)) // 2)}"


def _bits(tenths: int | None) -> str:
    """Whole bits of evidence, within bounds."""
    return "none" if tenths is None else str(max(-_MOST_BITS, min(_MOST_BITS, tenths // 10)))


def _is_space_between(before: str, behind: str) -> bool:
    """Whether a space stands between what has none: Latin letters and figures may have one anywhere."""
    around = before.rstrip()[-1:] + behind.lstrip()[:1]
    return before[-1:].isspace() and not any(sign.isascii() and sign.isalnum() for sign in around)


def _label(label: str) -> str:
    return "none" if not label else "in brackets" if label[-1] in CLOSING_BRACKETS else "other"


def _bucket(number: int, bounds: Sequence[int]) -> str:
    """The range of numbers that one belongs to, by its first."""
    return str(max([0, *(bound for bound in bounds if bound <= number)]))


def _mark(sign: str) -> str:
    return _MARKS.get(sign) or ("letter" if sign.isalnum() else "other")


def _share(said: str, size: int) -> str:
    share = sum("\u3400" <= letter < "\ua000" for letter in said) / size
    return "all" if share == 1 else "most" if share > 0.7 else "half" if share > 0.4 else "few"


def _in_another_script(raw: str, said: str) -> bool:
    """Whether a copy stands in a line in another script than what is around it."""
    at = fold(raw).find(fold(said))
    if at < 0:
        return False
    stop = at + len(said)
    own, around = script_of(raw[at:stop]), script_of(raw[:at] + raw[stop:])
    return own != around and "" not in (own, around)
