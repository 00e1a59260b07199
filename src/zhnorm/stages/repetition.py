"""What repetition looks like: a line that another one goes on with, a line that repeats itself, and verse, which repeats on purpose."""

from __future__ import annotations

from ..line import Block
from ..text.fold import key
from ..text.shape import is_item, is_prose, is_spoken
from ..text.similar import MAX_CHARS, core, cut_off
from .candidates import CUT_OFF_CHARS
from .seen import Kept

__all__ = ["DOUBLED_CHARS", "differ", "end_of", "goes_on", "in_verse", "period_of", "said_so_far"]

PARAGRAPH_CHARS = 40
"""A paragraph of this many letters that another line begins with says nothing of its own; the longer line stays."""
TEASER_CHARS = 30
DOUBLED_CHARS = 8
_NEIGHBOURS = 2
_VERSE_CHARS = 26


def said_so_far(line: Kept) -> tuple[str, int] | None:
    """The key of what a teaser or a long paragraph says, and how long the key of the full line may be."""
    teaser = cut_off(line.text)
    if teaser is not None and len(said := key(core(teaser)[0])) >= CUT_OFF_CHARS:
        # People break off too: what is short, or spoken, must be most of the full line.
        return said, (MAX_CHARS if len(said) >= TEASER_CHARS and not is_spoken(line.text) else 2 * len(said))
    if len(line.core_key) >= PARAGRAPH_CHARS and not is_item(line.text):
        return line.core_key, MAX_CHARS
    return None


def goes_on(so_far: tuple[str, int] | None, other: Kept) -> float:
    """How much of a line another one has said so far, of 100; 0 if the line does not go on where that stops."""
    said, longest = so_far or ("", 0)
    if len(said) < len(other.core_key) <= longest and other.core_key.startswith(said):
        return round(100.0 * len(said) / len(other.core_key), 1)
    return 0.0


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
    low = 0
    for position, character in enumerate(text):
        if key(character):
            if low == size:
                return position
            low += 1
    return len(text)


def in_verse(block: Block, kept: list[int], place: int) -> bool:
    """Whether the lines around are short and none of them is prose, as in verse, lists, tables and dialogue."""
    if not differ(block, kept, place):
        return False
    near = [j for j in _around(kept, place) if j != kept[place] and block.text[j] is not None]
    return len(near) >= 2 and all(
        len(block.key[j]) <= _VERSE_CHARS and not is_prose(block.text[j] or "", block.key[j]) for j in near
    )


def differ(block: Block, kept: list[int], place: int) -> bool:
    """Whether a line around says something else."""
    said = block.key[kept[place]]
    return any(block.key[j] != said and block.text[j] is not None for j in _around(kept, place))


def _around(kept: list[int], place: int) -> list[int]:
    return kept[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS + 1]
