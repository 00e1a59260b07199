"""Whether what a line of a page holds of another one was printed into it, or is said there by whoever wrote it.

A program prints the title, a heading, the caption of a picture, or a sentence of another post into a line wherever that stood on the page: behind a
full stop, behind a comma, in front of everything, often without so much as a space. A writer who says the same again makes it a part of a sentence,
which leads to it and goes on behind it. No sign of that is sure, so each has a weight, in tenths of a bit, that was learned (`python -m
training.copies`) and can be read (`data/reading/copies.tsv`): their sum says how much likelier it is that a program printed it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.detect import script_of
from ..conversion.division import division
from ..conversion.fold import fold, key
from ..package_data import data_path
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
from ..text.recurring import Source, Twice, said_twice

__all__ = ["ALWAYS", "GROUPS", "TABLE", "TITLE_LINES", "Copy", "Page", "copies", "signs_of"]

TABLE = "reading/copies.tsv"
ALWAYS = "always"
"""The row of the table that every copy begins with."""
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
_HOPELESS = -80
"""With less from its lines alone nothing around a copy makes it one."""
_WORD = 12
"""So many letters tell whether a word goes on."""
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
_CLOSES = frozenset(mark for mark, name in _MARKS.items() if not name.startswith(("opening", "dash"))) | {'"'}
_PARTICLES = frozenset("的之是了也都还和与及或而等着过吧呢吗啊呀嘅系")
"""With these a sentence goes on behind any word;"""
_PREDICATES = frozenset(
    "在有位由为指旨实告鼓将已成于共全又即从自以对把被给让使用不没能会可要应需就才只仍正曾刚开进出来去到起上下中里内外前后者们性化型类主表首则"
)
"""with these it goes on behind its subject."""
_NAME_ENDS = frozenset("院局部委会會司处處所厅廳校室馆館县縣市区區镇鎮村省国國学學社队隊团團组組店厂廠案")
"""With these the names of places, bodies and cases end, and the sentence says what they do."""
_CUT_OFF = expression(f"(?:[{ELLIPSES}]|\\.{{3}})\\W*$")
"""So a text ends that goes on elsewhere."""
_NO_COPY = expression("[的之]|为题|\\[[a-z](?:/[a-z]{2})?\\]")
"""Behind a copy these make it a part of its sentence, or of a list of literature."""
_STOPS = frozenset(f"{FULL_STOPS}!?！？{ELLIPSES}")


class Copy(NamedTuple):
    """What a line holds of another one.

    Attributes:
        line: the index of the line.
        start, stop: where in it, with the marks that both lines have around it.
        source: the index of the line that it is of.
        is_title: whether that is the title.
        is_whole: whether it says nothing else.
        evidence: how much likelier it is that a program printed it than that somebody wrote it there, in tenths of a bit.
    """

    line: int
    start: int
    stop: int
    source: int
    is_title: bool
    is_whole: bool
    evidence: int


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


def copies(pages: Sequence[Page]) -> list[list[Copy]]:
    """What the lines of pages hold of other lines of theirs, from left to right, and the evidence that it was printed there. What is hopeless is left out.

    >>> lines = ["渡口的最后一班船，开走了六十年", "船工说明天起不再开了。渡口的最后一班船，开走了六十年码头上站着二十多人，都来送行。"]
    >>> ((found,),) = copies([Page(lines, None, lambda line: "sentences" if line else "title")])
    >>> lines[1][found.start : found.stop], found.source, found.evidence > 0
    ('渡口的最后一班船，开走了六十年', 0, True)
    """
    every = said_twice([page.texts for page in pages])
    return [
        [copy for twice in found if (copy := _copy(page, twice)) is not None]
        for page, found in zip(pages, every, strict=True)
    ]


def _copy(page: Page, twice: Twice) -> Copy | None:
    source, weights = _source_of(page, twice), _weights()
    evidence = weights[ALWAYS] + sum([weights.get(sign, 0) for sign in _of_lines(page, twice, source)])
    if evidence < _HOPELESS or _is_no_copy(page, twice, source):
        return None
    evidence += sum([weights.get(sign, 0) for sign in _of_place(page, twice, source)])
    start, stop = with_labels(page.texts[twice.line], *_with_marks(page, twice, source))
    is_whole = source.begins and source.ends
    return Copy(twice.line, start, stop, source.line, _is_title(page, source), is_whole, evidence)


def _is_title(page: Page, source: Source) -> bool:
    return source.line < page.titles and page.group_of(source.line) in _OF_TITLES


def _is_no_copy(page: Page, twice: Twice, source: Source) -> bool:
    """Whether a line goes on with what another one breaks off, says something twice in a row (see `stages.doubled`), says what many lines do, or has a
    copy as a part of its sentence."""
    text, of = page.texts[twice.line], page.texts[source.line]
    if source.ends and _CUT_OFF.search(of):
        return True
    if source.line == twice.line:
        first, second = sorted(((twice.start, twice.stop), (source.start, source.stop)))
        return not key(text[first[1] : second[0]])
    start, stop = with_labels(text, *_with_marks(page, twice, source))
    if text[start - 1 : start].isalnum() and text[stop : stop + 1] in _MARKS:
        # So ends a clause that says it.
        return True
    if not _is_title(page, source):
        if page.group_of(source.line) not in _PRINTED:
            return True
        is_name = text[twice.stop - 1] in _NAME_ENDS and text[stop : stop + 1].isalnum()
        if is_name or len({each.line for each in twice.sources}) > _FORMULA:
            return True
    return _NO_COPY.match(fold(text[stop:])) is not None


@cache
def _weights() -> Mapping[str, int]:
    with open(data_path(TABLE), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if not line.startswith("#")]
    return {sign: int(tenths) for sign, tenths in rows}


def _source_of(page: Page, twice: Twice) -> Source:
    """The line that a copy is most likely of: the title, or else a line that says nothing else, the nearest one."""
    return min(
        twice.sources,
        key=lambda each: (
            each.line == twice.line,
            each.line >= page.titles,
            not (each.begins and each.ends),
            abs(each.line - twice.line),
            each.start,
        ),
    )


def signs_of(page: Page, twice: Twice) -> Iterator[str]:
    """What speaks for a copy or against it, each by its name in the table."""
    source = _source_of(page, twice)
    yield from _of_lines(page, twice, source)
    yield from _of_place(page, twice, source)


def _of_lines(page: Page, twice: Twice, source: Source) -> Iterator[str]:
    """What speaks for a copy because of the lines that it stands on and is of."""
    text, of = page.texts[twice.line], page.texts[source.line]
    lines, rest = (
        min(len({each.line for each in twice.sources}), _MOST_TIMES),
        _bucket(twice.before + twice.after, _RESTS),
    )
    part, place = _part_of(page, twice, source), _place_of(page, twice, source)
    yield part
    yield place
    yield f"source read as: {page.group_of(source.line)}"
    yield f"source letters: {_bucket(len(of), _SOURCE_SIZES)}"
    yield f"source ends: {_mark(of.rstrip()[-1:])}"
    yield f"line read as: {page.group_of(twice.line)}"
    yield f"letters: {_bucket(twice.size, _SIZES)}"
    yield f"other letters: {rest}"
    yield f"lines: {lines}"
    yield f"space in front: {bool(twice.before) and text[twice.start - 1].isspace()}"
    yield f"space behind: {bool(twice.after) and text[twice.stop].isspace()}"
    yield f"clause begins: {twice.begins}"
    yield f"clause ends: {twice.ends}"
    yield f"{part}, lines: {lines}"
    yield f"{place}, lines: {lines}"
    yield f"{place}, other letters: {rest}"


def _of_place(page: Page, twice: Twice, source: Source) -> Iterator[str]:
    """What speaks for a copy because of what stands around it, and of what it says."""
    text = page.texts[twice.line]
    first, last = _with_marks(page, twice, source)
    start, stop = with_labels(text, first, last)
    before, said, behind = text[:start], text[twice.start : twice.stop], text[stop:]
    front, back = _around(twice, before, said, behind)
    own = _mark(text[last - 1]) if last > twice.stop else "none"
    name = said[-1] in _NAME_ENDS
    part, place = _part_of(page, twice, source), _place_of(page, twice, source)
    yield f"in front: {front}"
    yield f"behind: {back}"
    yield f"own mark: {own}"
    yield f"label in front: {bool(text[start:first].strip())}"
    yield f"label behind: {bool(text[last:stop].strip())}"
    yield f"ends as names do: {name}, behind: {back}"
    yield f"marks inside: {not said.isalnum()}"
    yield f"Chinese: {_share(said, twice.size)}"
    yield f"sentence around: {not (_STOPS.isdisjoint(before) and _STOPS.isdisjoint(behind))}"
    yield f"in another script: {page.raw is not None and _in_another_script(page.raw[twice.line], said)}"
    yield f"between: {front}, {back}"
    yield f"in front: {front}, line read as: {page.group_of(twice.line)}"
    yield f"in front: {front}, own mark: {own}"
    yield f"behind: {back}, own mark: {own}"
    yield f"{part}, behind: {back}"
    yield f"{part}, own mark: {own}"
    yield f"{place}, own mark: {own}"


def _part_of(page: Page, twice: Twice, source: Source) -> str:
    return f"{_PARTS[source.begins, source.ends]} of {_kind_of(page, twice, source)}"


def _place_of(page: Page, twice: Twice, source: Source) -> str:
    where = "above" if (source.line, source.start) < (twice.line, twice.start) else "below"
    return f"{_kind_of(page, twice, source)}, {where} {_bucket(abs(source.line - twice.line), _DISTANCES)} lines"


def _kind_of(page: Page, twice: Twice, source: Source) -> str:
    return "this line" if source.line == twice.line else "the title" if source.line < page.titles else "another line"


def _around(twice: Twice, before: str, said: str, behind: str) -> tuple[str, str]:
    """What stands in front of a copy, and behind it."""
    front = _mark(before.rstrip()[-1:]) if twice.before else "nothing"
    back = _mark(behind.lstrip()[:1]) if twice.after else "nothing"
    if front == "letter" and division().joins(before[-_WORD:], said[:_WORD]):
        front = "the same word"
    if back == "letter":
        letter = fold(behind.lstrip()[0])
        if letter in _PARTICLES:
            back = "particle"
        elif letter in _PREDICATES:
            back = "predicate"
        elif division().joins(said[-_WORD:], behind[:_WORD]):
            back = "the same word"
    return front, back


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


def _with_marks(page: Page, twice: Twice, source: Source) -> tuple[int, int]:
    """Where a copy begins and ends with the marks that stand around it on both lines: what opens in front of it, what does not behind it."""
    text, of = page.texts[twice.line], page.texts[source.line]
    (start, stop), (first, last) = twice[1:3], source[1:3]
    while start and first and text[start - 1] in _OPENS and _mark(text[start - 1]) == _mark(of[first - 1]):
        start, first = start - 1, first - 1
    while stop < len(text) and last < len(of) and text[stop] in _CLOSES and _mark(text[stop]) == _mark(of[last]):
        stop, last = stop + 1, last + 1
    return start, stop
