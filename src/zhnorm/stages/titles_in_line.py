"""The title inside a line that says more: which of its places there are a scraper's, and which belong to the sentence.

A scraper prints the title of an image where the image stood: in front of a paragraph, behind it, or in its middle, often
without so much as a space. A writer mentions the title in quotation marks, or makes a sentence of it, which goes on.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.detect import evidence
from ..conversion.fold import fold, key
from ..signs import (
    BARS,
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    CLOSING_TITLES,
    COLONS,
    COMMAS,
    CRIES,
    ELLIPSES,
    FULL_STOPS,
    OPENING_BRACKETS,
    OPENING_QUOTES,
    OPENING_TITLES,
    ROUND_CLOSING,
    WAVES,
    one_of,
    without,
)
from .shared_repetition import script_of
from .titles_lines import halves

__all__ = ["CUT_OFF", "GOES_ON", "JOINING", "PARTICLES", "SENTENCE_ENDS", "TRIM_CHARS", "places"]

TRIM_CHARS = 7
"""Shorter titles are words that a sentence may begin with: they are trimmed off a line where a space or its end parts them from all sentences."""
STRONG_CHARS = 14
"""No sentence has so long a headline in it by chance."""
BROKEN_CHARS = 7
"""Nor a headline of several parts, to the letter."""
BRACKETED_CHARS = 6
"""Nor all of a headline in brackets of its own;"""
CLAUSE_CHARS = 8
"""nor a headline between a mark and what only a new clause begins with."""
MAX_LINE_CHARS = 20_000
HAN_CHARS = 4
"""Other titles are names of sites, and parts of addresses."""

_BETWEEN = "[\\W_]*"
_BREAK = expression(f"[\\s{COMMAS}{COLONS}{FULL_STOPS}!?；;{BARS}【】\\[\\]]")
_OF_HEADLINE = expression(f"[{BARS}【】\\[\\]]")
"""These stand in headlines, and in no sentence."""
_BEFORE = expression("(?:^|(?<=\\s))[\\s▲▼►●■◆]*(?:[(（]?(?:原标题|标题|图文|组图|图)\\s*[:：/]\\s*)?$")
_LABEL = expression(
    f"(?:^|(?<=[\\s{FULL_STOPS}!?{ELLIPSES}{CLOSING_QUOTES}{COMMAS}]))[▲▼►●■◆]*"
    "(?:[(\\[【]\\s*(?:图文|组图|图集|多图|视频|图[0-9]{0,2})\\s*[)\\]】]|(?:图文|组图|图)\\s*[0-9]{0,2}\\s*[:/]|(?:原?标题|主题|re)\\s*:|图片?为:?)\\s*$"
)
"""What says that a title follows: (图文), (图2), 图:, 图1:, 图为"""
_COUNTER = (
    "[(（\\[【]\\s*(?:图片?\\s*)?[0-9一二三四五六七八九十]{1,3}\\s*[)）\\]】]|图[0-9]{1,2}(?![0-9])"
    "|[-–—_]?\\s*第[0-9]{1,3}[张幅](?:图片?)?|\\+[0-9]{1,2}(?![0-9%])|\\.(?:jpe?g|png|gif|webp)(?![a-z])"
    "|步骤\\s?[0-9一二三四五六七八九十]{1,2}(?=\\s|$)|(?:图册|的做法|鉴赏)(?=\\s|$)|[-_][0-9]{1,2}$"
    "|(?:步骤|成品|完成|现场|示意|资料|实拍|配|封面|效果|宣传|剧照|海报)(?:图片?|照片?|影片|视频)[0-9]{0,2}(?=\\s|$)"
)
_BEHIND = expression(f"\\s*(?:(?:[-–—_|]\\s*)?(?:{_COUNTER}))?(?:\\s*[|｜_–—-]+(?=\\s)|[{BARS}])?\\s*")
_SITE = expression(
    f"(?:\\s*(?:[-_|–—@]+|::)\\s*(?:看板\\s)?[^\\s{FULL_STOPS}{COMMAS}.!?:@]{{2,12}})"
    f"(?:\\s+(?:[-_|–—@]+|::)\\s+[^\\s{FULL_STOPS}{COMMAS}.!?:@]{{2,12}}){{0,2}}(?:\\s*$|\\s+::\\s*|\\s+)"
)
"""The name of the site, with which the title of a page ends."""
_PICTURE = ("图/", "图:")
"""Behind words of its own, so a line says that the title follows, which is all that follows."""
_CAPTION, _SHOWS = expression("^\\s*[▲▼►]\\s*$"), ("图为", "图片为")
_OWN = CRIES + ELLIPSES
"""With these a headline ends; a full stop or a semicolon behind it is the sentence's."""
_OPENING = f"{OPENING_QUOTES}{without(OPENING_BRACKETS, '〔')}{OPENING_TITLES}"
_MARKS = expression(f"{one_of(_OWN, CLOSING_QUOTES, ROUND_CLOSING)}*")
_MARKS_BEFORE = expression(f"{one_of(_OPENING)}*$")
_OWN_MARKS = frozenset(_OWN)
_OPENERS = frozenset(f'{_OPENING}"')
_CLOSERS = frozenset(f'{CLOSING_TITLES}{CLOSING_QUOTES}"')
SENTENCE_ENDS = frozenset(f"{FULL_STOPS}!?{ELLIPSES}{CLOSING_QUOTES}{without(CLOSING_BRACKETS, '〕')}{WAVES}")
GOES_ON = frozenset(f"{FULL_STOPS}!?；;{COMMAS}{COLONS}{ROUND_CLOSING}{CLOSING_TITLES}{CLOSING_QUOTES}、.%·")
"""A mark behind the title makes it a part of the sentence."""
_ABOUT = ("的", "之", "等", "为题", "一文", "一事")
JOINING = ("了", "是", "也", "都", "还", "和", "与", "及", "或", "而")
"""With these a sentence goes on behind any word."""
PARTICLES = (*_ABOUT, *JOINING, "时", "后", "前", "已", "将", "被", "让", "使", "这")
_NAMED = (
    "为",
    "是",
    "叫",
    "题",
    "名",
    "称",
    "作",
    "即",
    "了",
    "的",
    "在",
    "把",
    "被",
    "对",
    "从",
    "以",
    "和",
    "与",
    "说",
    "道",
    "：",
    ":",
    "了",
    "《",
    "·",
)


CUT_OFF = expression(f"(?:[{ELLIPSES}]|\\.{{3}})\\W*$")
"""So a text ends that goes on elsewhere."""
_CITED = expression("\\[[a-z](?:/[a-z]{2})?\\]")
"""So a list of literature says what a title is of: [J], [EB/OL]."""
_SENTENCE = expression(f"[{FULL_STOPS}!?{COMMAS}{ELLIPSES}]")
_BEGINS = frozenset("我你您他她它这那第答问今昨请如若当先但却只每其因此早而且据很总忽首最所")
"""Characters that begin a sentence at least one and a half times as often as a word inside of one, in 17,000 paragraphs."""
_BRACKETS = {"【": "】", "[": "]", "(": ")"}
_QUOTES = str.maketrans("「」『』＂", '“”‘’"')


class _Title(NamedTuple):
    """What has to be known of the title: how often lines say it alone, whether several parts make it up, its letters."""

    shown: str
    size: int
    copies: int
    is_broken: bool


def places(text: str, raw: str, title: str, shown: str, copies: int) -> list[tuple[int, int]]:
    """Where the title stands in a line as a scraper left it: start and stop of each place, in order.

    Args:
        text: the line.
        raw: the line as it was read: a title in the other script is no part of its sentence.
        title: the key of the title.
        shown: the title as it stands on its line.
        copies: how many other lines say it alone.

    >>> shown = "城东图书馆新馆开放，首日迎来三千读者"
    >>> line = f"{shown}今天上午，馆长打开了大门。"
    >>> places(line, line, key(shown), shown, 0)
    [(0, 18)]
    >>> line = f"他以《{shown}》为题写了一篇报道。"
    >>> places(line, line, key(shown), shown, 0)
    []
    """
    if len(text) > MAX_LINE_CHARS or evidence(title).han < HAN_CHARS:
        return []
    if len(title) < TRIM_CHARS:
        return _places_of_word(text, title, shown)
    if title in key(text):
        return _places(text, raw, title, shown, copies, is_half=False)
    for half in halves(shown):
        if half in key(text):
            return _places(text, raw, half, shown, copies, is_half=True)
    return []


def _places_of_word(text: str, title: str, shown: str) -> list[tuple[int, int]]:
    """Where a title of few letters stands in front of a sentence, with a space behind it, or behind the last one."""
    behind = text[len(shown) :]
    if text.startswith(shown) and behind[:1].isspace() and _SENTENCE.search(behind):
        stop = len(text) - len(behind.lstrip())
        return [] if text[stop] in GOES_ON or text.startswith(PARTICLES, stop) else [(0, stop)]
    before = text[: -len(shown)].rstrip()
    if text.endswith(shown) and len(key(before)) > len(title) and before[-1] in SENTENCE_ENDS:
        return [(len(before), len(text))]
    return []


def _places(text: str, raw: str, title: str, shown: str, copies: int, *, is_half: bool) -> list[tuple[int, int]]:
    folded, folded_title = _plain(text), _plain(shown)
    pattern = re.compile(_BETWEEN.join(map(re.escape, title)))
    own = pattern.search(folded_title)
    opening, inner, closing = (
        (_MARKS_BEFORE.search(folded_title[: own.start()]), own.group(), _MARKS.match(folded_title, own.end()))
        if own
        else (None, title, None)
    )
    about = _Title(inner, len(title), copies, _BREAK.search(inner) is not None)
    is_apart = _is_half_apart if is_half else _is_apart
    runs = _runs(folded, pattern, opening.group() if opening else "", closing.group() if closing else "", inner)
    is_cut_off = CUT_OFF.search(shown) is not None
    labelled = [
        place._replace(start=label.start(), is_labelled=True)
        if (label := _LABEL.search(folded, 0, place.start))
        else place
        for place in runs
        if not (is_cut_off and _goes_on(place))
    ]
    return [_with_decoration(text, place) for place in labelled if is_apart(place, about, raw, pattern)]


def _goes_on(place: _Place) -> bool:
    """Whether text stands right behind the title: what one that is cut off is the beginning of."""
    return place.folded[place.stop : place.stop + 1].isalnum() and place.folded[place.stop - 1] not in _OWN_MARKS


def _with_decoration(text: str, place: _Place) -> tuple[int, int]:
    """From where to where a title in a line goes, with the signs and the label before it and the counter or the site behind it."""
    folded, start, stop = place.folded, place.start, place.stop
    lead = _BEFORE.search(text[:start])
    tail = _tail(folded, stop)
    end = tail.end() if tail else stop
    first = lead.start() if lead and not text[: lead.start()].strip() else start
    if stop == len(folded) and folded.endswith(_PICTURE, 0, first):
        first -= len(_PICTURE[0])
    return first, end + folded.startswith("。", end)


def _tail(folded: str, stop: int) -> re.Match[str] | None:
    """What belongs to a title behind it: a site's name, or a counter, with the spaces."""
    return _SITE.match(folded, stop) or _BEHIND.match(folded, stop)


class _Place(NamedTuple):
    """The title in the fold of a line: start and stop, how many times it stands there, whether to the letter, and behind a label."""

    folded: str
    start: int
    stop: int
    times: int
    exact: bool
    is_labelled: bool = False


def _plain(text: str) -> str:
    """The fold of a text with quotation marks of one kind."""
    return fold(text).translate(_QUOTES)


def _runs(folded: str, pattern: re.Pattern[str], opening: str, closing: str, inner: str) -> list[_Place]:
    """The places of the title with the marks that belong to it; several in a row are one."""
    runs: list[_Place] = []
    for found in pattern.finditer(folded):
        start, stop = found.span()
        if opening and folded.endswith(opening, 0, start):
            start -= len(opening)
        if closing and folded.startswith(closing, stop):
            stop += len(closing)
        if start and stop < len(folded) and _is_bracketed(folded, start - 1, stop + 1):
            start, stop = start - 1, stop + 1
        elif start and _BRACKETS.get(folded[start - 1], "\n") in folded[start:stop]:
            # A part of the title is in brackets here.
            start -= 1
        exact = found.group() == inner
        if runs and _is_gap(folded[runs[-1].stop : start]):
            last = runs[-1]
            runs[-1] = last._replace(stop=stop, times=last.times + 1, exact=last.exact and exact)
        else:
            runs.append(_Place(folded, start, stop, 1, exact))
    return runs


def _is_gap(text: str) -> bool:
    said = key(text)
    return not said or (len(said) <= 4 and re.fullmatch("图?片?[0-9一二三四五六七八九十]{1,3}", said) is not None)


def _is_half_apart(place: _Place, title: _Title, raw: str, pattern: re.Pattern[str]) -> bool:
    """Whether half of the title stands in front of a line, behind it, or between sentences, of a page that has copies."""
    before, after = place.folded[: place.start].rstrip(), place.folded[place.stop :].lstrip()
    if not key(before) and not key(after):
        return False
    if after[:1] in GOES_ON or after.startswith(PARTICLES):
        return False
    bracketed = place.exact and title.size >= BRACKETED_CHARS and _is_bracketed(*place[:3])
    if place.is_labelled or bracketed:
        return True
    if key(before) and before[-1] not in SENTENCE_ENDS:
        return False
    ends = not after or place.folded[place.stop - 1] in _OWN_MARKS
    # Latin words have spaces around them, whatever they are in.
    is_spaced = place.folded[place.stop : place.stop + 1].isspace() and evidence(title.shown).han == len(title.shown)
    is_headline = _OF_HEADLINE.search(place.folded, place.start, place.stop + 1) is not None
    if place.exact and (is_headline or (is_spaced and not key(before) and _SENTENCE.search(after) is not None)):
        return True
    return (ends and title.copies > 1) or _in_other_script(raw, pattern)


def _is_apart(place: _Place, title: _Title, raw: str, pattern: re.Pattern[str]) -> bool:
    """Whether the title at a place is no part of the sentence around it."""
    folded, start, stop, times, exact, _ = place
    tail = _tail(folded, stop)
    after = folded[tail.end() if tail else stop :]
    before = folded[:start].rstrip()
    is_marked = tail is not None and key(tail.group()) != ""
    last, following = before[-1:], after[:1]
    if not (key(before) or key(after)) or last in _OPENERS:
        return False
    is_exact = exact and title.is_broken and title.size >= BROKEN_CHARS
    if exact and title.size >= BRACKETED_CHARS and _is_bracketed(folded, start, stop):
        return not after.startswith(_ABOUT)
    spaced_before, spaced_behind = start > len(before), tail is not None and tail.group()[-1:].isspace()
    joining = _ABOUT if is_exact or (exact and spaced_behind and not key(before)) else PARTICLES
    if following in _CLOSERS or after.startswith(joining) or _CITED.match(after):
        return False
    if times > 1 and (spaced_before or spaced_behind or not key(before) or not key(after) or last in SENTENCE_ENDS):
        return True
    own_mark = folded[stop - 1 : stop] in _OWN_MARKS
    is_long = title.size >= STRONG_CHARS and (title.is_broken or not own_mark)
    strong = is_exact or is_long or _in_other_script(raw, pattern)
    # The answer to a question may say it again.
    begins = exact and title.size >= CLAUSE_CHARS and following in _BEGINS and not own_mark
    if not key(before):
        if following in GOES_ON:
            # The caption of a picture ends like a sentence, and text follows it.
            is_caption = following == "。" and (folded.startswith(_SHOWS, start) or _CAPTION.match(before) is not None)
            return is_marked or ((strong or begins) and is_caption)
        return is_marked or spaced_behind or strong or begins
    if before.endswith(_NAMED) or (key(after) and following in GOES_ON):
        return False
    if not key(after):
        return _stands_behind(before, after, title, is_strong=strong, is_spaced=spaced_before, has_mark=own_mark)
    if spaced_before or last in SENTENCE_ENDS:
        return strong or is_marked or begins or (spaced_before and spaced_behind)
    if last in "，,、；;":
        # A sentence whose beginning the headline was goes on with what it names.
        return begins or (strong and following not in _OPENERS)
    return strong and exact and (title.is_broken or is_marked) and title.size >= STRONG_CHARS


def _is_bracketed(folded: str, start: int, stop: int) -> bool:
    """Whether a place begins and ends with the two halves of a pair of brackets."""
    return _BRACKETS.get(folded[start]) == folded[stop - 1]


def _stands_behind(before: str, after: str, title: _Title, *, is_strong: bool, is_spaced: bool, has_mark: bool) -> bool:
    """Whether a title behind everything else that a line says is no part of its sentence: a paragraph ends with a mark."""
    if not (is_spaced or before[-1:] in SENTENCE_ENDS):
        return is_strong and not after.strip()
    if after.strip() and before[-1:] in SENTENCE_ENDS:
        return False
    return is_strong or title.copies > 0 or is_spaced or not has_mark


def _in_other_script(raw: str, pattern: re.Pattern[str]) -> bool:
    """Whether the title stands in another script than the line around it."""
    found = pattern.search(fold(raw))
    if found is None:
        return False
    start, stop = found.span()
    title, rest = script_of(raw[start:stop]), script_of(raw[:start] + raw[stop:])
    return title != rest and "" not in (title, rest)
