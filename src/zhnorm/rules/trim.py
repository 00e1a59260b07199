"""Trims: which part of a line goes with what a pattern fits at its beginning, at its end, or inside it."""

from __future__ import annotations

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..signs import (
    BEHIND_STOPS,
    COMMAS,
    OPENING_QUOTES,
    OPENING_TITLES,
    SENTENCE_ENDS,
    STRAIGHT_QUOTES,
)
from .around import is_run_on, is_spoken_of, prose_behind, stands_apart
from .breaks import is_balanced, widened
from .entry import Entry, longest_text
from .parts import LEAST_REST
from .pattern import STAR

__all__ = ["TRIMS"]

_LEAST_GLUED, _LEAST_LEANING = 6, 4
"""A mark in the middle of a word has so many letters, and so many one that something parts from the text on one side; shorter ones
stand apart."""
# Between a kept text and the trimmed part: marks that stay with the kept text, and marks that say the sentence goes on.
_GOES_ON = frozenset(f",、:{OPENING_QUOTES}{OPENING_TITLES}")
_KEPT_MARKS = _GOES_ON.union(SENTENCE_ENDS, BEHIND_STOPS, "，：.")
_GOES_ON_AFTER = frozenset(f"{SENTENCE_ENDS}{COMMAS}、")
"""Behind what stands at the beginning of a line these say that it is a sentence."""
_AFTER_PREFIX = frozenset(" 】])>:|/·•_-—–~»›")
_QUOTES = frozenset(OPENING_QUOTES + STRAIGHT_QUOTES + OPENING_TITLES)
_LINE_BREAK = expression("<br\\s*/?>\\s*")
_TAG = expression("<[^<>]*>")


def prefix(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """The span that goes when the text begins with the pattern and something else follows."""
    folded = folded[: 2 * longest_text(entry.rule)]
    match = entry.expression.match(folded)
    if match is None or match.end() == 0:
        return None
    stop = match.end()
    after = folded[stop : stop + 1]
    ends_with_word = _is_word(folded[stop - 1])
    if ends_with_word and after and (_is_word(after) or after in _GOES_ON_AFTER):
        return None
    if any(mark in _QUOTES for mark in _leading_marks(folded)) or len(key(text[:stop])) > entry.rule.max_chars:
        return None
    while stop < len(folded) and folded[stop] in _AFTER_PREFIX:
        stop += 1
    return 0, stop


def suffix(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """The span that goes when the text ends with the pattern and a whole sentence, or a mark, stands before it.

    Where a sentence goes on behind the mark, the mark goes alone.
    """
    span = _tail(entry, text, folded)
    stop = None if span is None else prose_behind(folded, span[0])
    if span is not None and stop is None:
        return None if entry.form.endswith(STAR) and is_run_on(folded[span[0] :]) else span
    if span is None or stop is None:
        return None
    span = _tail(entry, text[:stop], folded[:stop])
    tag = None if span is None else _LINE_BREAK.match(folded, span[0])
    return span if span is None or tag is None else (tag.end(), span[1])


def _tail(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    offset = max(0, len(text) - longest_text(entry.rule))
    folded = folded[offset:]
    span = None
    match = entry.expression.search(folded)
    while match is not None:
        start = _suffix_start(folded, match.start(), offset)
        if start is not None and len(key(folded[start:])) <= entry.rule.max_chars and is_balanced(folded[start:]):
            span = offset + start, len(text)
        match = entry.expression.search(folded, match.start() + 1)
    return span


def _suffix_start(folded: str, begin: int, offset: int) -> int | None:
    """Where the trimmed part begins: the match with the bullets, spaces and opening brackets before it."""
    start = begin
    while start and not _is_word(folded[start - 1]) and not _is_kept(folded, start):
        start -= 1
    if folded.endswith("<br", 0, start):
        start -= 3
    if start == 0:
        return None if offset else 0
    before = folded[start - 1]
    if before in _GOES_ON or (_is_word(before) and start == begin):
        return None
    return start


def _is_kept(folded: str, stop: int) -> bool:
    """Whether a mark in front of a place stays with the text. One ‧ is a bullet, three are an ellipsis; a wave may be decoration,
    behind the end of a sentence it is its tone."""
    if folded[stop - 1] == "~":
        return folded[:stop].rstrip("~")[-1:] in SENTENCE_ENDS
    return folded[stop - 1] in _KEPT_MARKS or folded.endswith("‧‧", 0, stop)


def _leading_marks(folded: str) -> str:
    for at, character in enumerate(folded):
        if _is_word(character):
            return folded[:at]
    return folded


def _is_word(character: str) -> bool:
    return character.isalnum()


def inside(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """The span of the first mark in the text that is not spoken of, with the brackets and the decoration around it."""
    for found in entry.expression.finditer(folded):
        start, stop = found.span()
        # However many tags stand in a row, they say nothing.
        size = len(key(_TAG.sub("", text[start:stop])))
        left, right = widened(folded, start, stop)
        is_free_left = left < start or left == 0 or not _is_word(folded[left - 1])
        is_free_right = right > stop or right == len(folded) or not _is_word(folded[right])
        least = _LEAST_LEANING if is_free_left or is_free_right else _LEAST_GLUED
        if (
            (entry.needs or least <= size or stands_apart(folded, start, stop, left, right))
            and size <= entry.rule.max_chars
            and (is_free_right or not entry.form.endswith(STAR))
            and not is_spoken_of(folded, left, right)
            and not (left == 0 and folded[right : right + 1] in _GOES_ON_AFTER)
            and len(key(text[:left] + text[right:])) not in range(1, LEAST_REST)
        ):
            return left, right
    return None


TRIMS = {"trim-prefix": prefix, "trim-suffix": suffix, "trim-inside": inside}
"""What each action makes of a line, given with its fold: where what goes begins and ends."""
