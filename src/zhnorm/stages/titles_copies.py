"""The forms in which a title comes back on a line of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import fold, key
from ..signs import BARS, COLONS, COMMAS, FULL_STOPS
from ..text.decoration import core, cut_off
from ..text.similar import alike, same_figures
from ..text.slips import possible_slip
from .titles_lines import candidates, has_tail

__all__ = ["Copy", "copy_of", "halves"]

SIMILAR_CHARS = 9
SLIP_CHARS = 12
"""In a shorter title one other character may be another matter."""
MOST_SLIPS = 2
JUNK_CHARS = 24
NAME_CHARS = 8
"""What is shorter may be the name of a paper, which stands before the name of a photographer."""
HALF_CHARS = 7
MOST_PARTS = 5
LEAST_LIKENESS = 88.0
LEAST_SHARED = 3
"""What shares less than a third of its letters with the title has no slip or two: most lines that begin alike are seen off that way."""

_JUNK = expression(
    "(?:(?:附|组|配|题)?图(?:片|为|集|说|文)?[0-9一二三四五六七八九十]{0,3}|原标题|标题|转载|组图|图文|视频|快讯|独家|责编|来源)*"
    "(?:第?[0-9]{1,3}页?(?:共?[0-9]{1,3}页)?)?"
    "(?:(?:图|图片|照片|资料照?|示意图|记者|摄影|通讯员|取自|翻摄|来源)+\\w{0,14}(?:摄|提供|摄影|翻摄|资料照|资料图|示意图|供图)?|\\w{0,8}(?:摄|提供|供图)|图[a-z0-9]{2,14})?"
)
_SIGNED = expression("记者|摄|提供|供图|通讯员")
_PARTS = expression(f"\\s+|[{COMMAS}{COLONS}；;{BARS}]\\s*|(?<=[{FULL_STOPS}!?])\\s*|—{{2,}}")


class Copy(NamedTuple):
    """A line that says the title again: by which rule it goes, how like it is (0 to 100), whether it is marked as the
    caption of a picture (a counter, a credit), and whether it says all of the title."""

    rule: str
    score: float
    is_marked: bool
    is_full: bool


def copy_of(text: str, said: str, title: str, shown: str, parts: Sequence[str]) -> Copy | None:
    """How a line says the title and nothing else that matters; None if it does not.

    Args:
        text: the line.
        said: its key.
        title: the key of the title.
        shown: the title as it stands on its line.
        parts: its `halves`.
    """
    if title in said:
        rest = said.replace(title, "")
        if not rest:
            return Copy("titles/repeat", 100.0, False, True) if said != title or same_figures(text, shown) else None
        if len(rest) <= JUNK_CHARS and (len(title) >= NAME_CHARS or not _SIGNED.search(rest)) and _JUNK.fullmatch(rest):
            return Copy("titles/repeat", 100.0, True, True)
        if said.startswith(title) and has_tail(text, title):
            return Copy("titles/site", 100.0, False, True)
        if said.endswith(title) and any(key(each) == title for each in candidates(text)):
            return Copy("titles/label", 100.0, False, True)
        return None
    return _cut_off(text, title) or _with_slips(text, said, title, shown) or _half(said, len(title), parts)


def _cut_off(text: str, title: str) -> Copy | None:
    cut = cut_off(text)
    start = key(cut) if cut is not None else ""
    if len(start) >= max(SIMILAR_CHARS, len(title) // 2) and title.startswith(start):
        return Copy("titles/cut-off", round(100.0 * len(start) / len(title), 1), False, False)
    return None


def _with_slips(text: str, said: str, title: str, shown: str) -> Copy | None:
    """The title, once or several times, with a slip or two."""
    size = len(title)
    if len(said) != size and (bare := core(text)[0]) is not text:
        # A counter is no slip.
        text, said = bare, key(bare)
    times = max(1, round(len(said) / size))
    if (
        size < SLIP_CHARS
        or abs(len(said) - times * size) > 2 * times
        or (said[:2] != title[:2] and said[-2:] != title[-2:])
    ):
        return None
    if times > 1 and len(said) != times * size:
        return None
    pieces = [said[start : start + size] for start in range(0, times * size, size)] if times > 1 else [said]
    scores = [_likeness(piece, title, strict=text.endswith("。")) for piece in pieces]
    if all(scores) and same_figures(text, shown * times):
        return Copy("titles/similar", min(scores), False, True)
    return None


@lru_cache(maxsize=1024)
def _likeness(said: str, title: str, *, strict: bool) -> float:
    """How like a title a key is, 0 if it is not: where copies stand any character that is mistaken for another one is a slip, but
    in a sentence (`strict`)."""
    letters, others = set(said), set(title)
    if LEAST_SHARED * len(letters & others) < min(len(letters), len(others)):
        return 0.0
    if found := alike(said, title, LEAST_LIKENESS):
        return found.score
    if strict or len(said) != len(title):
        return 0.0
    slips = [place for place, letter in enumerate(said) if letter != title[place]]
    if len(slips) > MOST_SLIPS or not all(possible_slip(said, title, place) for place in slips):
        return 0.0
    return round(100 - 50 * len(slips) / len(title), 1)


def _half(said: str, size: int, parts: Sequence[str]) -> Copy | None:
    for half in parts:
        if half in said:
            rest = said.replace(half, "", 1)
            if not rest or (len(rest) <= JUNK_CHARS and _JUNK.fullmatch(rest)):
                return Copy("titles/half", round(100.0 * len(half) / size, 1), bool(rest), False)
    return None


@lru_cache(maxsize=64)
def halves(shown: str) -> tuple[str, ...]:
    """The keys of what a title of several parts begins and ends with, the longest first, if they say enough.

    >>> halves("夜市牛排为什么便宜一半？老板自己说破了")
    ('夜市牛排为什么便宜一半', '老板自己说破了')
    """
    said = key("\n".join(_PARTS.split(fold(shown)))).split("\n")
    parts = [part for part in said if part][:MOST_PARTS]
    found = ["".join(parts[:count]) for count in range(1, len(parts))]
    found += ["".join(parts[count:]) for count in range(1, len(parts))]
    return tuple(sorted((half for half in dict.fromkeys(found) if len(half) >= HALF_CHARS), key=len, reverse=True))
