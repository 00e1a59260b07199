"""The shapes of many lines at once: which are paragraphs, and which cannot be what a rare pattern looks for.

`shape` and `dates` have a function for each question, and each function is an expression run over the line. Asked about
every line they would take most of the time of a cleaning. Here the characters of all lines are looked up once, and what the
look-up leaves open goes to the functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_kinds import SPACES, Kinds, LineArrays
from ..arrays.character_table import in_arrays
from ..signs import BARS, COMMAS, ELLIPSES, FULL_STOPS, SENTENCE_ENDS
from .dates import count_dates
from .decoration import LEAD_CHARS, LEAD_SIGNS, LEADERS, SENTENCE_MARKS, TAIL_ENDS, TAIL_SIGNS
from .shape import LONG_CHARS, PROSE_CHARS, is_prose, is_teaser, starts_with_bullet

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BREAK", "DIGIT", "DOT", "LABEL", "Shapes", "shapes"]

DATES = 3
"""A line with so many dates in numbers lists headlines."""

DIGIT, LABEL, BREAK, DOT, _STOP, _COMMA, _LEAD, _TAIL = (1 << bit for bit in range(8))
_ANY = b"\xff"
_KINDS = Kinds(
    {
        # In the fold of a line every width of a digit or a colon is the plain one.
        DIGIT: "0-9０-９",
        LABEL: f":：∶︓︰﹕{BARS}",
        # What stands between the words of a row of links, of a breadcrumb, of keywords.
        BREAK: f"{SPACES}{BARS}{COMMAS}/／·・>›»<‹«、_–—-",
        _STOP: SENTENCE_ENDS + "．‧",
        _COMMA: f"{COMMAS}。",
        DOT: f"./-{ELLIPSES}",
        _LEAD: LEAD_SIGNS,
        _TAIL: TAIL_SIGNS,
    }
)
_FULL_STOPS = tuple(map(ord, FULL_STOPS))
_LEADER, _MARK, _CLOSER = 1, 2, 4
_END_KINDS = Kinds({_LEADER: LEADERS, _MARK: SENTENCE_MARKS, _CLOSER: TAIL_ENDS})


class Shapes(NamedTuple):
    """One byte for each line.

    Attributes:
        prose: 1 for a paragraph (`shape.is_prose`).
        text: 1 for a paragraph that is neither the beginning of one in a list nor a list in one line.
        kinds: which of DIGIT, LABEL, BREAK and DOT the line may hold: without a bit it holds none of these characters.
        decorated: 0 if `similar.core` gives the line back as it is.
    """

    prose: bytearray
    text: bytearray
    kinds: bytearray
    decorated: bytearray


def shapes(texts: Sequence[str], keys: Sequence[str]) -> Shapes:
    """The shapes of lines, given with their keys.

    >>> from ..conversion.fold import key
    >>> line = "今天下午，市图书馆的新馆向读者开放，第一天就来了三千多人。"
    >>> list(shapes([line, "开放时间"], [key(line), "开放时间"]).prose)
    [1, 0]
    """
    joined = "\n".join(texts)
    if in_arrays(len(joined)):
        return _in_arrays(LineArrays(joined), texts, keys)
    prose = bytearray(map(is_prose, texts, keys))
    is_text = bytearray(known and _is_text(line) for known, line in zip(prose, texts, strict=True))
    return Shapes(prose, is_text, bytearray(_ANY * len(texts)), bytearray(_ANY * len(texts)))


def _in_arrays(lines: LineArrays, texts: Sequence[str], keys: Sequence[str]) -> Shapes:
    """Most paragraphs end in a full stop, and most other lines hold no mark of a sentence at all."""
    import numpy as np

    characters = _KINDS.of_characters(lines)
    # A bullet is no sign of a decoration at the end of the line.
    characters[lines.starts] &= 0xFF - _TAIL
    kinds = lines.union(characters)
    sizes = np.fromiter(map(len, keys), np.int64, len(keys))
    last = lines.codes[lines.ends - 1]
    large = sizes >= PROSE_CHARS
    prose = large & ((last == _FULL_STOPS[0]) | (last == _FULL_STOPS[1]) | (last == _FULL_STOPS[2]))
    prose |= (sizes >= LONG_CHARS) & ((kinds & _COMMA) != 0)
    for i in (large & ~prose & ((kinds & _STOP) != 0)).nonzero()[0].tolist():
        prose[i] = is_prose(texts[i], keys[i])
    is_text = prose.copy()
    for i in (prose & ((kinds & DOT) != 0)).nonzero()[0].tolist():
        is_text[i] = _is_text(texts[i])
    decorated = _decorated(lines, characters, kinds)
    return Shapes(*(bytearray(each.tobytes()) for each in (prose, is_text, kinds, decorated)))


def _decorated(lines: LineArrays, characters: NDArray[Any], kinds: NDArray[Any]) -> NDArray[Any]:
    """Which lines may begin or end with a decoration, by the conditions that `similar.core` begins with."""
    ends = _END_KINDS.table
    found: NDArray[Any] = (ends.take(lines.codes[lines.starts]) & _LEADER) != 0
    for place in range(LEAD_CHARS):
        at = lines.starts + place
        found |= (at < lines.ends) & ((characters.take(at, mode="clip") & _LEAD) != 0)
    last = ends.take(lines.codes[lines.ends - 1])
    found |= ((last & _MARK) == 0) & (((kinds & _TAIL) | (last & _CLOSER)) != 0)
    return found


def _is_text(text: str) -> bool:
    """Whether a paragraph is neither the beginning of one in a list nor a list in one line."""
    return count_dates(text) < DATES and not (starts_with_bullet(text) and is_teaser(text))
