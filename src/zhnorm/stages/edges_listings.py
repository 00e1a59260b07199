"""Lists around an article that have no heading, told by how pages print them: other articles below it, menus on both sides.

A headline with its date, a headline behind a bullet, a first sentence that the page cut off at some width, the name of a section:
one such line can be text, several in a row outside the text are a list. Nothing is removed here: `Edges` does that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import fold, folds_of, key
from ..line import Block
from ..signs import DOTS
from ..text.dates import count_dates, headline, is_dated
from ..text.shape import DIGIT, is_link_like, is_menu_entry, is_section, is_teaser, starts_with_bullet
from .shared_looks import Looks

__all__ = ["HEADLINE_CHARS", "SECTION_CHARS", "Listing", "is_entry", "listings"]

LEAST_LINES = 3
"""Fewer lines are no list."""
HEADLINE_CHARS = 9
"""Headlines are this long on average, without their dates: lines of verse, of recipes and timetables are shorter."""
SECTIONS = 5
"""A run of short lines that holds so many different names of sections is a menu."""
MOST_YEARS = 5
"""Dates in a list of articles are no further apart."""
WIDTH_SPREAD = 4
"""Lines that a page cut off are as wide as each other, give or take so many letters."""
TEASER_CHARS = 10
SECTION_CHARS = 4
"""Names of sections are no longer than this."""
_BULLETS = expression(f"(?:^|[\\s|])[{DOTS}v]\\s*(?=\\S)")
# Filled ones alone: notes and ratings of the text have hollow ones, stars and triangles.
_BULLET = expression(f"[\\s|]*([{DOTS}‧▪■◆●▶►»])")
_YEAR = expression("(?<![0-9])(?:19|20)[0-9]{2}(?=\\s*[-年/.])")
_TWO_PARTS = expression("[^\\x00-\\x7f]\\s[^\\x00-\\x7f]|[(（]组?[图圖][)）]")
"""A headline of two parts has a space between them, where a sentence has a comma."""
_SENTENCE_MARKS = frozenset("，。；")


class Listing(NamedTuple):
    """Lines of one list: the rule that names it, why it is one, and the indices of its lines in the block."""

    rule: str
    reason: str
    lines: list[int]


def listings(block: Block, looks: Looks, head: int, tail: int) -> Iterator[Listing]:
    """The lists around the text, which goes from the index `head` to before `tail`. Without prose there is no text."""
    kept = block.speaking()
    below = [i for i in kept if i >= tail]
    if len(below) == len(kept) or not any(looks.prose[i] for i in kept):
        return
    yield from _menus(block, [i for i in kept if i < head], below)
    yield from _dated(block, looks, below)
    yield from _rows(block, looks, below)
    if len(below) >= LEAST_LINES:
        yield from _bulleted(block, below)
        yield from _cut_off(block, below)


def is_entry(text: str, said: str) -> bool:
    """Whether the line could stand in a list of articles: a headline, or with a bullet or a date the beginning of a text.

    >>> from zhnorm.conversion.fold import key
    >>> line = "- 桥通车了 江岸报 - 2012年1月11日上午6:08 【江岸报讯】昨天上午，新桥通车，三千人步行过桥，桥头的老人说，等了二十年 ..."
    >>> is_entry(line, key(line)), is_link_like(line, key(line))
    (True, False)
    """
    if is_link_like(text, said):
        return True
    return is_teaser(text) and (starts_with_bullet(text) or is_dated(fold(text)))


def _menus(block: Block, above: list[int], below: list[int]) -> Iterator[Listing]:
    """Runs of names of sections, one to a line. What stands before the first and, above the text, behind the last of them
    may be a short title."""
    for around in (above, below):
        if len(around) < SECTIONS:
            continue
        for lines in _runs(around, ["menu" if is_menu_entry(block.text[i] or "") else "" for i in around]):
            sections = [place for place, i in enumerate(lines) if is_section(block.text[i] or "")]
            if len({block.key[lines[place]] for place in sections}) >= SECTIONS:
                stop = sections[-1] + 1 if around is above else len(lines)
                reason = "names of sections above the text" if around is above else "names of sections below the text"
                yield Listing("edges/menu", reason, lines[sections[0] : stop])


def _dated(block: Block, looks: Looks, below: list[int]) -> Iterator[Listing]:
    """Headlines with dates, behind them or on the line below; among them lines that look alike but for the date."""
    if len(below) < LEAST_LINES or not any(looks.kinds[i] & DIGIT for i in below):
        return
    folds = folds_of([block.text[i] or "" for i in below])
    dated = [looks.kinds[i] & DIGIT != 0 and is_dated(folded) for i, folded in zip(below, folds, strict=False)]
    start = 0
    while start < len(below) and any(dated):
        stop = start
        while stop < len(below) and (
            dated[stop]
            or (stop + 1 < len(below) and dated[stop + 1])
            or (stop > start and _is_like(block, below[stop], below[start]))
        ):
            stop += 1
        lines = below[start:stop]
        heads = [head for folded in folds[start:stop] if len(lines) >= LEAST_LINES and (head := key(headline(folded)))]
        if (
            len(heads) >= LEAST_LINES
            and 3 * sum(dated[start:stop]) >= len(lines)
            and sum(map(len, heads)) >= HEADLINE_CHARS * len(heads)
            and _are_of_one_time(folds[start:stop])
            and all(is_entry(block.text[i] or "", block.key[i]) for i in lines)
        ):
            while start and _is_section(block, below[start - 1]):
                start -= 1
            yield Listing("edges/dated-list", "headlines with dates below the text", below[start:stop])
        start = max(stop, start + 1)


def _are_of_one_time(folds: list[str]) -> bool:
    """Whether the dates in some lines are few years apart: a chronicle is no list of news."""
    years = [int(year) for folded in folds for year in _YEAR.findall(folded)]
    return not years or max(years) - min(years) <= MOST_YEARS


def _is_like(block: Block, i: int, first: int) -> bool:
    """Whether two lines begin with the same bullet."""
    text = (block.text[i] or "").lstrip()
    return starts_with_bullet(text) and text[:1] == (block.text[first] or "").lstrip()[:1]


def _is_section(block: Block, i: int) -> bool:
    """Whether a line is the name of a section, such as stand as tabs above a list."""
    text = block.text[i]
    return text is None or (len(block.key[i]) <= SECTION_CHARS and starts_with_bullet(text))


def _rows(block: Block, looks: Looks, below: list[int]) -> Iterator[Listing]:
    """Lines that hold a whole list, a bullet and a date for each headline."""
    for i in below:
        text = block.text[i] or "" if looks.kinds[i] & DIGIT else ""
        if len(_BULLETS.findall(text)) >= LEAST_LINES <= count_dates(text):
            yield Listing("edges/dated-list", "headlines with dates below the text", [i])


def _bulleted(block: Block, below: list[int]) -> Iterator[Listing]:
    """Headlines behind bullets; a list that is text has sentences, or items shorter than headlines."""
    for lines in _runs(below, [_bullet(block.text[i] or "") for i in below]):
        texts = [block.text[i] or "" for i in lines]
        sizes = [len(block.key[i]) for i in lines]
        if (
            sum(sizes) >= HEADLINE_CHARS * len(lines)
            and all(is_link_like(text, block.key[i]) for i, text in zip(lines, texts, strict=True))
            and all(_SENTENCE_MARKS.isdisjoint(text) for text in texts)
            and 2 * sum(_TWO_PARTS.search(_BULLET.sub("", text).lstrip()) is not None for text in texts) >= len(texts)
        ):
            yield Listing("edges/bulleted-list", "headlines with bullets below the text", lines)


def _cut_off(block: Block, below: list[int]) -> Iterator[Listing]:
    """Beginnings of texts, all cut off at one width."""
    for lines in _runs(below, ["…" if is_teaser(block.text[i] or "") else "" for i in below]):
        widths = [len(block.text[i] or "") for i in lines]
        if max(widths) - min(widths) <= WIDTH_SPREAD and min(widths) >= TEASER_CHARS:
            yield Listing("edges/cut-off-list", "lines cut off at one width below the text", lines)


def _runs(below: list[int], kinds: list[str]) -> Iterator[list[int]]:
    """Runs of lines of one kind that is not "", long enough for a list."""
    start = 0
    while start < len(below):
        stop = start + 1
        while stop < len(below) and kinds[stop] == kinds[start]:
            stop += 1
        if kinds[start] and stop - start >= LEAST_LINES:
            yield below[start:stop]
        start = stop


def _bullet(text: str) -> str:
    found = _BULLET.match(text)
    return found[1] if found else ""
