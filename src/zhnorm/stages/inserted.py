"""A line of the page that is printed once more inside of another one: the caption of a picture, a heading or the title, in the middle of a paragraph.

A scraper puts the text of a picture where the picture stood, which may be within a paragraph: behind a sentence, behind a comma,
before the first word, often without so much as a space. A writer who says the same words again makes them a part of a sentence, which
leads to them and goes on behind them. So the copy has to be to the letter, stand near the line that it is of, unless that is the title, and
begin and end where its sentence does not need it. (Titles that come back on several lines are found in their parts, too: see `titles`.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.detect import evidence
from ..conversion.division import division
from ..conversion.fold import fold, key, letter_places
from ..line import Block, Span
from ..markup.markup import is_list_item
from ..signs import CLOSING_BRACKETS, CLOSING_QUOTES, COLONS, COMMAS, CRIES, ELLIPSES, FULL_STOPS, OPENING_QUOTES
from ..text.shape import ends_sentence, is_item, is_spoken
from .stage import Memory, Stage
from .titles_in_line import CUT_OFF, GOES_ON, JOINING, PARTICLES, SENTENCE_ENDS
from .titles_lines import halves, is_markup

__all__ = ["Inserted"]

LEAST_CHARS, MOST_CHARS = 7, 60
"""Shorter lines are words; longer ones are paragraphs, which are compared whole."""
SENTENCE_CHARS = 10
"""A sentence with its own mark is said again more easily."""
LONG_CHARS = 14
HAN_CHARS = 5
TITLE_CHARS = 12
"""A title of so many letters is one wherever it stands."""
HEADLINE_CHARS = 8
"""A title of so many letters is no word with which a text begins."""
TITLE_LINES = 4
NEAR_LINES = 6
"""A caption stands so near the paragraph that it was printed into;"""
BESIDE_LINES = 2
"""so near, if nothing parts it from the text behind it."""
MOST_TIMES = 3
REST_CHARS = 6
_SAID_AGAIN = frozenset(("prose", "lead", "quote", "dialogue", "qa", "note", "byline", "credit"))
"""What writers say twice on purpose: sentences of reports, what people ask and answer, names."""
_MAY_BE_SENTENCES = frozenset(("title", "caption", "repeat"))
_MARKS = frozenset(f"{FULL_STOPS}{CRIES}{ELLIPSES}{CLOSING_QUOTES}{CLOSING_BRACKETS}")
_OPENS = frozenset(f'{OPENING_QUOTES}"')
_COMMAS = frozenset(f"{COMMAS}；;")
_BREAKS = frozenset(f"{COMMAS}{COLONS}；;")
_STOPS = frozenset(f"{FULL_STOPS}!?！？{ELLIPSES}")
_CLOSES = frozenset(CLOSING_QUOTES)
_CONTINUES = (*JOINING, "的", "之", "等", "吧", "呢", "吗", "啊", "呀", "着", "过")
"""With these a sentence goes on behind its own beginning;"""
_GOES_ON = (*PARTICLES, *_CONTINUES, "中", "上", "里", "如")
"""and with these behind its own clause."""
_PREDICATES = frozenset(
    "是在有位由为指旨实告鼓将已成于共全又即从自以对把被给让使用不没能会可要应需就才只仍正曾刚开进出来去到起上下中里内外前后者们性化型类"
)
"""With these a sentence goes on behind its subject."""
_LABELLED = expression("[(\\[【]?(?:插?[图画]|[表附])[0-9a-z一二三四五六七八九十]{0,3}[)\\]】:\\s]")
"""So captions begin, and no sentence does."""
_NAME_ENDS = frozenset("院局部委会司处所厅校室馆县市区镇村省国学社队团组店厂案")
"""With these the names of places, bodies and cases end, and the sentence says what they do."""
_BEFORE_CAPTION = expression(
    "^[\\s▲▼►●■◆]*(?:[(\\[【]?(?:插?[图画]|表)[0-9一二三四五六七八九十]{0,3}(?:说|注|片|为)?[)\\]】]?\\s*[:/|]?\\s*)?"
)
_BEHIND_CAPTION = expression(
    "\\s*(?:[(\\[【][^()\\[\\]【】]{2,24}[)\\]】]|[。]?\\s*[|/]?\\s*(?:图|摄影|摄|图片|照片|资料图片?|来源)\\s*[:/|]\\s*\\S{1,12}|\\s\\S{1,12}\\s?(?:摄|提供|供图|/图))\\s*$"
)
_OF_CAPTION = frozenset("▲▼►●■◆(（[【/／|｜图圖画畫表摄攝供")
_BRACKETS = {"（": "）", "(": ")", "【": "】", "[": "]"}
_ABOUT = ("的", "之", "等", "中", "里")
_BREAK = expression("[\\W_]")
LEAST_ADDRESSED = 4
"""Before a colon fewer letters are a label."""
_OF_HEADLINE = expression("[\\s/|]")
"""Between these signs stand the parts of a headline."""


class _Part(NamedTuple):
    """What is looked for in other lines: what it says, the line if all of it is, and whether it is half of a title."""

    said: str
    text: str
    is_half: bool


class _Source(NamedTuple):
    """A line that another one holds: its index, what of it, whether it is the title, whether it stands above the other line, how many lines away,
    and whether none besides the two says it."""

    line: int
    part: _Part
    is_title: bool
    is_above: bool
    distance: int
    is_once: bool


class Inserted(Stage):
    """Takes out of paragraphs the lines near them that were printed into them.

    Args:
        titles: the title goes, too.
    """

    name = "inserted"

    def __init__(self, *, titles: bool) -> None:
        self._titles = titles

    def clean(self, block: Block, memory: Memory) -> None:
        """Trim the paragraphs of a block that hold a whole line near them, or the title."""
        if memory.markup.is_markdown:
            return
        for source, i in _held(block, memory):
            if (self._titles or not source.is_title) and block.text[source.line] is not None:
                self._trim(block, i, source)

    def _trim(self, block: Block, i: int, source: _Source) -> None:
        """Take every copy of a line out of another one where it is no part of a sentence."""
        for start, stop in reversed(list(_copies(block.text[i] or "", source.part))):
            text = block.text[i] or ""
            # A full stop that was printed behind a headline goes with it.
            end = stop + (not key(text[:start]) and text.startswith("。", stop))
            rest = text[:start].rstrip() + text[end:].lstrip()
            if len(key(rest)) >= REST_CHARS and _is_apart(text, start, stop, source):
                stage, rule = ("titles", "titles/in-line") if source.is_title else ("duplicates", "duplicates/inserted")
                block.rewrite(i, rest, key(rest), stage=stage, rule=rule, evidence=Span(start, end))


def _held(block: Block, memory: Memory) -> Iterator[tuple[_Source, int]]:
    """Lines, and the indices of others near them that hold what they say, or a part of it, and more."""
    lines = [i for i in block.speaking() if i not in block.verbatim]
    keys = [block.key[i] for i in lines]
    hosts = [
        place
        for place, i in enumerate(lines)
        if (memory.looks.prose[i] or len(keys[place]) > LONG_CHARS) and i not in block.opaque
    ]
    said = "\n".join(keys)
    starts = [0, *accumulate(len(one) + 1 for one in keys)]

    def is_elsewhere(one: str, place: int) -> bool:
        return said.find(one, starts[place + 1]) >= 0 or said.find(one, 0, starts[place]) >= 0

    for place, i in enumerate(lines):
        own, text = keys[place], block.text[i] or ""
        if not LEAST_CHARS <= len(own) <= MOST_CHARS:
            continue
        is_first = block.is_head and place < TITLE_LINES
        parts = [part for part in _parts(text, own, is_first=is_first) if is_elsewhere(part.said, place)]
        if not parts or CUT_OFF.search(text):
            # Of what is cut off another line is not a copy, but the whole.
            continue
        near = hosts if is_first else _near(hosts, place)
        for at in near:
            part = next((part for part in parts if part.said in keys[at]), None)
            if part is None or at == place or keys[at].replace(part.said, "", 1) in own:
                # What says nothing else is a copy as a whole, however much of it is cut off.
                continue
            # A title of whole sentences is a paragraph.
            is_title = is_first and "。" not in text and memory.is_title(i)
            is_near = abs(at - place) <= NEAR_LINES and not part.is_half
            if not (is_title or is_near):
                continue
            times = sum(part.said in other for other in keys)
            # What more lines hold is a formula.
            is_known = is_title or (times <= MOST_TIMES and _is_source(block, i, memory))
            is_once = times == 2
            if is_known and _is_said_of_things(part, is_once=is_once):
                yield _Source(i, part, is_title, at > place, abs(at - place), is_once), lines[at]


def _near(hosts: list[int], place: int) -> list[int]:
    return hosts[bisect_left(hosts, place - NEAR_LINES) : bisect_right(hosts, place + NEAR_LINES)]


def _parts(text: str, said: str, *, is_first: bool) -> Iterator[_Part]:
    """What of a line may be printed elsewhere: all of it, a caption without whose picture it is, some parts of a title."""
    yield _Part(said, text, is_half=False)
    if not _OF_CAPTION.isdisjoint(text):
        caption = key(_BEFORE_CAPTION.sub("", _BEHIND_CAPTION.sub("", fold(text))))
        if LEAST_CHARS <= len(caption) < len(said):
            yield _Part(caption, "", is_half=False)
    for half in halves(text) if is_first else ():
        yield _Part(half, "", is_half=True)


def _is_source(block: Block, i: int, memory: Memory) -> bool:
    """Whether a line is one that a scraper prints elsewhere, too: no text, no item, no speech."""
    text = block.text[i] or ""
    if memory.is_of(i, _SAID_AGAIN) or (ends_sentence(text) and not memory.is_of(i, _MAY_BE_SENTENCES)):
        return False
    if _LABELLED.match(fold(text)):
        return True
    return not (is_markup(text) or is_item(text) or is_list_item(text) or is_spoken(text))


def _is_said_of_things(part: _Part, *, is_once: bool) -> bool:
    """Whether a text is no address, and half of a title no name of a product, which comes back."""
    han = evidence(part.said).han
    return han >= HAN_CHARS and (han == len(part.said) or not part.is_half or (is_once and han >= len(part.said) / 2))


def _copies(text: str, part: _Part) -> Iterator[tuple[int, int]]:
    """Where a line holds what another one says, with the marks around that, or in brackets."""
    letters, own = letter_places(text), key(text)
    shown = part.text.strip()
    places = letter_places(shown)
    begins, ends = (shown[: places[0]], shown[places[-1] + 1 :]) if places else ("", "")
    at = own.find(part.said) if len(letters) == len(own) else -1
    while at >= 0:
        start, stop = letters[at], letters[at + len(part.said) - 1] + 1
        start -= len(begins) * text.endswith(begins, 0, start)
        stop += len(ends) * text.startswith(ends, stop)
        if start and _BRACKETS.get(text[start - 1]) == text[stop : stop + 1]:
            start, stop = start - 1, stop + 1
        yield start, stop
        at = own.find(part.said, at + len(part.said))


def _is_apart(text: str, start: int, stop: int, source: _Source) -> bool:
    """Whether a copy is no part of the sentence around it."""
    before, after = text[:start].rstrip(), text[stop:].lstrip()
    if _BRACKETS.get(text[start]) == text[stop - 1]:
        return not source.part.is_half and not after.startswith(_ABOUT)
    shown, last = fold(text[start:stop]), before[-1:]
    if last in _OPENS or (after and after[0] in GOES_ON and not (_is_headline(shown, source) and not before)):
        return False
    if not source.is_title and shown[-1:] in _NAME_ENDS and after[:1].isalnum():
        return False
    own_mark = text[stop - 1] in _MARKS
    is_labelled = _LABELLED.match(shown) is not None
    if key(before) and (last in SENTENCE_ENDS or (is_labelled and last in _BREAKS)):
        is_sure = own_mark or is_labelled or source.is_title
        goes_on = after.startswith(_CONTINUES) or (after[:1] in _PREDICATES and not is_sure)
        is_long = len(source.part.said) >= SENTENCE_CHARS or not own_mark
        return is_long and not goes_on and _has_sentence(before + after)
    if after.startswith(_GOES_ON) or (source.part.is_half and not _may_be_glued(after, source)):
        return False
    is_spaced, spaced_behind = len(before) < start, len(after) < len(text) - stop
    if not key(before):
        return _stands_before(after, shown, source, is_spaced=spaced_behind, own_mark=own_mark)
    if last in _COMMAS:
        is_sure = not own_mark or (
            (source.is_title or source.distance == 1) and len(source.part.said) >= SENTENCE_CHARS
        )
        return after[:1].isalnum() and is_sure and not division().joins(text[:stop], after)
    if last in COLONS:
        is_label = len(key(_BREAK.split(before[:-1])[-1])) < LEAST_ADDRESSED
        return (
            source.is_title
            and source.is_above
            and not key(after)
            and not is_label
            and len(source.part.said) >= LONG_CHARS
        )
    if not key(after):
        return is_spaced and (last in _CLOSES or ends_sentence(before))
    return is_spaced and spaced_behind and _has_sentence(text)


def _may_be_glued(after: str, source: _Source) -> bool:
    """Whether half of a title says enough, on its page for once, to be known where nothing parts it from the text behind it."""
    said = source.part.said
    is_name = len(said) < HEADLINE_CHARS or said[-1] in _NAME_ENDS
    return source.is_once and not is_name and after[:1].isalnum() and after[0] not in _PREDICATES


def _stands_before(after: str, shown: str, source: _Source, *, is_spaced: bool, own_mark: bool) -> bool:
    """Whether a copy that a line begins with is no part of its first sentence."""
    if _is_headline(shown, source) and (is_spaced or after[:1] == "。"):
        return True
    if not _has_sentence(after):
        return False
    if is_spaced and source.is_above:
        return True
    size = len(source.part.said)
    if size < HEADLINE_CHARS or after[0] in _PREDICATES or division().joins(shown, after):
        return False
    if source.is_title and source.is_above:
        return is_spaced or not (own_mark or shown[-1] in _NAME_ENDS)
    is_broken = not shown.isalnum() and size >= LONG_CHARS
    return source.distance == 1 or (source.distance <= BESIDE_LINES and is_broken and not own_mark)


def _is_headline(shown: str, source: _Source) -> bool:
    """Whether the title above was copied, and looks like a headline more than like a sentence."""
    return (
        source.is_title
        and source.is_above
        and len(source.part.said) >= TITLE_CHARS
        and _OF_HEADLINE.search(shown) is not None
    )


def _has_sentence(text: str) -> bool:
    return not _STOPS.isdisjoint(text)
