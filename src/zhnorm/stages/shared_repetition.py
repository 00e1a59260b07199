"""What repetition looks like: a line that another one goes on with, a line that repeats itself, and verse, which repeats on purpose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from typing import NamedTuple

from ..conversion.fold import destinations, key, letter_places
from ..line import Block
from ..markup.markup import is_list_item
from ..signs import (
    BARS,
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    COMMAS,
    DASHES,
    OPENING_BRACKETS,
    OPENING_QUOTES,
    OPENING_TITLES,
    SENTENCE_ENDS,
    without,
)
from ..text.decoration import core, cut_off
from ..text.shape import ends_sentence, is_item, is_prose, is_spoken
from ..text.similar import MAX_CHARS
from .duplicates_search import CUT_OFF_CHARS, Kept

__all__ = [
    "AROUND_COPIES",
    "DOUBLED_CHARS",
    "SoFar",
    "differ",
    "end_of",
    "goes_on",
    "heads",
    "in_enumeration",
    "in_transcript",
    "in_verse",
    "introduces",
    "period_of",
    "said_so_far",
    "under_another_heading",
]

PARAGRAPH_CHARS = 40
"""A paragraph of this many letters that another line begins with says nothing of its own; the longer line stays."""
TEASER_CHARS = 30
DOUBLED_CHARS = 8
AROUND_COPIES = f" \t\u3000{DASHES}_{BARS}/／{OPENING_BRACKETS}{OPENING_TITLES}{OPENING_QUOTES}"
"""What may set a copy apart from the one before it, and goes with it."""
SPEAKER_CHARS, AGAIN = 14, 3
"""Who speaks is named in so few letters, and so often."""
TURNS, TURN_SHARE = 10, 0.25
"""A transcript has so many turns of those, and such a share of its lines."""
_NEIGHBOURS = 2
_VERSE_CHARS = 26
_NEAR_ITEMS = 3
HEADING_CHARS = 40
_BEHIND = f" \t\u3000*_{CLOSING_QUOTES}{CLOSING_BRACKETS}"
_NO_HEADING = frozenset(without(f"{SENTENCE_ENDS}{COMMAS}", "？?"))
"""So what heads something does not end; a question may."""
_YEAR_CHARS = 6


class SoFar(NamedTuple):
    """The key of what a teaser or a long paragraph says, how long the key of the full line may be, and whether a sentence ends there."""

    said: str
    longest: int
    is_sentence: bool = False


def said_so_far(line: Kept) -> SoFar | None:
    """What a line says that another one may go on with."""
    teaser = cut_off(line.text)
    if teaser is not None and len(said := key(core(teaser)[0])) >= CUT_OFF_CHARS:
        # People break off too: what is short, or spoken, must be most of the full line.
        return SoFar(said, MAX_CHARS if len(said) >= TEASER_CHARS and not is_spoken(line.text) else 2 * len(said))
    is_code = sum(map(str.isascii, line.core_key)) > len(line.core_key) / 2
    if len(line.core_key) < PARAGRAPH_CHARS or is_item(line.text) or is_code:
        return None
    return SoFar(line.core_key, MAX_CHARS, ends_sentence(line.text))


def goes_on(so_far: SoFar | None, other: Kept) -> float:
    """How much of a line another one has said so far, of 100; 0 if the line does not go on where that stops. Where a sentence ends one has to end in the
    line, too: what goes on with a comma says something else."""
    said, longest, is_sentence = so_far or SoFar("", 0)
    if not (len(said) < len(other.core_key) <= longest and other.core_key.startswith(said)):
        return 0.0
    if is_sentence and len(places := letter_places(other.core)) > len(said):
        between = other.core[places[len(said) - 1] + 1 : places[len(said)]]
        if not any(mark in SENTENCE_ENDS for mark in between):
            return 0.0
    return round(100.0 * len(said) / len(other.core_key), 1)


def period_of(text: str) -> int:
    """The length of what the key repeats, if it is nothing but that; else 0."""
    size = len(text)
    if size < 2 * DOUBLED_CHARS:
        return 0
    if text[:DOUBLED_CHARS] not in text[DOUBLED_CHARS:]:
        return 0
    period = (text + text).find(text, 1)
    return period if DOUBLED_CHARS <= period < size else 0


def end_of(text: str, size: int) -> int:
    """Where the first `size` key characters of the text end, with the marks that belong to them."""
    places = letter_places(text)
    return places[size] if size < len(places) else len(text)


def in_transcript(texts: Sequence[str]) -> bool:
    """Whether the lines are what people said in turn, as in minutes and interviews: many begin with who speaks, and two at least do so again and again.

    >>> in_transcript(["主席：請宣讀。", "李委員：沒有意見。"] * 5), in_transcript(["作者：方晴", "來源：江岸報", "渡口停航三天。"])
    (True, False)
    """
    turns = Counter(
        text[:SPEAKER_CHARS].partition("：")[0].strip()
        for text in texts
        if is_spoken(text) and "：" in text[:SPEAKER_CHARS]
    )
    again = [count for count in turns.values() if count >= AGAIN]
    return len(again) > 1 and sum(again) >= max(TURNS, TURN_SHARE * len(texts))


def in_verse(block: Block, kept: Sequence[int], place: int) -> bool:
    """Whether the lines around, or the two on one side, are short and no prose, as in verse, lists, tables and dialogue.

    One side is enough where prose begins or ends. Were the last line of a refrain taken for a repeat, the one before it would
    be the next, until the refrain is eaten up.
    """
    above, below = _sides(block, kept, place)
    if not differ(block, kept, place):
        return False
    near = above + below
    return (len(near) >= 2 and all(near)) or any(len(side) == _NEIGHBOURS and all(side) for side in (above, below))


def _sides(block: Block, kept: Sequence[int], place: int) -> tuple[list[bool], list[bool]]:
    """For the lines just above and just below that are still there, whether they are short and no prose."""
    above, below = kept[max(0, place - _NEIGHBOURS) : place], kept[place + 1 : place + 1 + _NEIGHBOURS]
    return _are_short(block, above), _are_short(block, below)


def _are_short(block: Block, lines: Sequence[int]) -> list[bool]:
    left = [(text, block.key[i]) for i in lines if (text := block.text[i]) is not None]
    return [len(said) <= _VERSE_CHARS and not is_prose(text, said) for text, said in left]


def differ(block: Block, kept: Sequence[int], place: int) -> bool:
    """Whether a line around says something else."""
    said = block.key[kept[place]]
    return any(block.key[j] != said and block.text[j] is not None for j in _around(kept, place))


def _around(kept: Sequence[int], place: int) -> Sequence[int]:
    return kept[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]


def under_another_heading(block: Block, kept: Sequence[int], place: int, twin: int, headings: Set[int]) -> bool:
    """Whether a repeat stands below another heading than its twin: branches, questions, each with what is said of it; then the
    same may be said of several. A short line just above is a heading, and for an item of a list, one of Markdown."""
    if place < 1 or twin < 1:
        return False
    above, other = kept[place - 1], kept[twin - 1]
    if block.key[above] != block.key[other] and all(_are_short(block, [above, other])):
        return True
    text = block.text[kept[place]] or ""
    if not headings or not is_list_item(text) or destinations(text):
        return False
    one, two = (max((i for i in headings if i < kept[at]), default=None) for at in (place, twin))
    return one != two


def in_enumeration(block: Block, kept: Sequence[int], place: int, twin: int) -> bool:
    """Whether a repeat and its twin both belong to something numbered: an item of a list or an article of a statute stands near,
    or a year above. These say the same of different things."""
    years = [_year_above(block, kept, at) for at in (place, twin)]
    if years[0] is not None and years[0] == years[1]:
        return False
    return all(
        year is not None or _is_near_item(block, kept, at) for at, year in zip((place, twin), years, strict=True)
    )


def _is_near_item(block: Block, kept: Sequence[int], place: int) -> bool:
    near = [*_above(kept, place), *kept[place + 1 : place + 1 + _NEAR_ITEMS]]
    return any(is_item(block.text[i] or "") for i in near)


def _year_above(block: Block, kept: Sequence[int], place: int) -> int | None:
    """The line just above that is hardly more than a number."""
    return next((i for i in reversed(_above(kept, place)) if _is_year(block.key[i])), None)


def _is_year(said: str) -> bool:
    return len(said) <= _YEAR_CHARS and any(map(str.isdigit, said))


def _above(kept: Sequence[int], place: int) -> Sequence[int]:
    return kept[max(0, place - _NEAR_ITEMS) : place]


def heads(block: Block, kept: Sequence[int], place: int, twin: int) -> bool:
    """Whether a short line that is no statement stands above something else than its twin does: a question that is put to several people, a title
    that several poems have, the part of each entry in a reference, what is said of each picture."""
    text, said = block.text[kept[place]] or "", block.key[kept[place]]
    if len(said) > HEADING_CHARS or text.rstrip(_BEHIND)[-1:] in _NO_HEADING or not 0 <= twin < place - 1:
        return False
    below, other = (block.key[kept[at + 1]] if at + 1 < len(kept) else "" for at in (place, twin))
    return below != other and block.key[kept[place - 1]] != said


def introduces(block: Block, kept: Sequence[int], place: int, twin: int) -> bool:
    """Whether a line ends in a colon, and something else follows it than follows its twin."""
    if not (block.text[kept[place]] or "").rstrip().endswith(("：", ":")) or twin < 0:
        return False
    below, other = (block.key[kept[at + 1]] if at + 1 < len(kept) else "" for at in (place, twin))
    return below != other
