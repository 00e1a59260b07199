"""Where parts of a line may stand: a gate, so that most lines are never divided.

What `parts` finds stands in brackets, in the sentences at the line's end, or in the one at its beginning. So a phrase in the
middle of a paragraph belongs to none, and that is seen by counting: of one line from its text, of thousands in arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_kinds import SPACES, Kinds, LineArrays, among
from ..arrays.expressions import expression
from ..conversion.fold import key
from ..signs import CLOSING_BRACKETS, none_of, one_of
from .breaks import AROUND_STOP
from .parts import LONG_CHARS, OPENING_MARKS, PARTING_MARKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Reach", "bracketed", "places_in_reach", "reach_of_parts", "within_reach"]

_CLOSING = f"{CLOSING_BRACKETS}］◢"
_HELD = expression(f"{one_of(OPENING_MARKS)}{none_of(OPENING_MARKS, _CLOSING)}{{2,90}}{one_of(_CLOSING)}")
_MOST_CLOSERS = 4
"""So many at the ends of lines are looked for in arrays."""
_STOP, _CLOSER, _PARTING, _TWICE, _SPACE, _OPENING = (1 << bit for bit in range(6))
_KINDS = Kinds(
    {
        _STOP: "。",
        _CLOSER: AROUND_STOP,
        # A tag may begin.
        _PARTING: f"{PARTING_MARKS}<",
        _TWICE: "—.-",
        _SPACE: SPACES,
        _OPENING: OPENING_MARKS,
    }
)


class Reach(NamedTuple):
    """In so many letters at a line's beginning, and in so many at its end, parts may stand; everything else is in brackets."""

    front: int
    back: int


def reach_of_parts(text: str, line_key: str) -> Reach:
    """Where parts of a line may stand, given with its key, found without dividing it.

    >>> reach_of_parts("灯灭了。他走了，河上没有船。关注我们", "灯灭了他走了河上没有船关注我们")
    Reach(front=3, back=4)
    """
    last = len(text.rstrip(AROUND_STOP)) - 1
    first = text.find("。", 0, last)
    if first < 0:
        return Reach(len(line_key), 0)
    return Reach(first, len(text) - 1 - text.rfind("。", 0, last))


def bracketed(text: str) -> str:
    """The key of what the brackets of a line hold.

    >>> bracketed("灯灭了（責編：方晴），他走了。")
    '责编方晴'
    """
    return key("".join(_HELD.findall(text)))


def within_reach(
    texts: Sequence[str], keys: LineArrays, lines: NDArray[Any], places: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of places in the keys of lines which are within reach of parts, and which may be if brackets hold them.

    Args:
        texts: the lines.
        keys: their keys.
        lines: for each place its line, in order.
        places: indices in all keys together.

    >>> import numpy as np
    >>> found = within_reach(["灯灭了。他（小方）走了，河上没有船。关注"], LineArrays("灯灭了他小方走了河上没有船关注"), np.zeros(3, int), np.array([0, 4, 13]))
    >>> [each.tolist() for each in found]
    [[True, False, True], [True, True, True]]
    """
    import numpy as np

    all_lines = LineArrays("\n".join(texts))
    codes, starts, ends = all_lines.codes, all_lines.starts, all_lines.ends
    sizes = keys.ends - keys.starts
    kinds = _KINDS.of_characters(all_lines)
    # A mark at the end, with what closes behind it, parts nothing from anything.
    at = np.flatnonzero(kinds & (_STOP | _PARTING | _TWICE | _SPACE))
    owner = np.searchsorted(starts, at, "right") - 1
    inner = at < _last(texts, all_lines, kinds)[owner]
    at, owner = at[inner], owner[inner]
    kind = kinds[at]
    stops, of_stops = at[(kind & _STOP) != 0], owner[(kind & _STOP) != 0]
    front, back = sizes.copy(), np.zeros_like(sizes)
    front[of_stops[::-1]] = (stops - starts[of_stops])[::-1]
    back[of_stops] = ends[of_stops] - 1 - stops
    parts = (kind & _PARTING) != 0
    parts |= ((kind & _SPACE) != 0) & (sizes[owner] >= LONG_CHARS)
    parts |= ((kind & _TWICE) != 0) & (codes[at] == codes[at + 1])
    has_brackets = (all_lines.union(kinds) & _OPENING) != 0
    may_part = has_brackets.copy()
    may_part[owner[parts]] = True
    offsets = places - keys.starts[lines]
    near = (offsets <= front[lines]) | (offsets >= sizes[lines] - back[lines])
    near &= may_part[lines]
    return near, near | has_brackets[lines]


def places_in_reach(
    texts: Sequence[str], keys: LineArrays, lines: NDArray[Any], places: NDArray[Any], marks: Sequence[int]
) -> list[tuple[int, int, bool]]:
    """Of places those that are within reach of parts or may be in brackets, or where one of some marks, given by the code points of
    their first characters, may begin; each with its line, and whether it is within reach. The arguments are those of `within_reach`."""
    near, able = within_reach(texts, keys, lines, places)
    able |= among(keys.codes[places], marks)
    return list(zip(lines[able].tolist(), places[able].tolist(), near[able].tolist(), strict=True))


def _last(texts: Sequence[str], lines: LineArrays, kinds: NDArray[Any]) -> NDArray[Any]:
    """The index of each line's last character that does not close anything; one before the line if there is none."""
    last = lines.ends - 1
    for _ in range(_MOST_CLOSERS):
        closes = (last >= lines.starts) & ((kinds[last] & _CLOSER) != 0)
        if not closes.any():
            return last
        last -= closes
    for i in closes.nonzero()[0].tolist():
        last[i] = lines.starts[i] + len(texts[i].rstrip(AROUND_STOP)) - 1
    return last
