"""Lines that count on: 一、 二、 三、, 0x01 0x02 or 1 and 2 alone, each at the beginning of a line. A text whose numbers have begun is not over before the last of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..arrays.expressions import expression
from ..text.numerals import plain

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["counting", "numbered"]

_DIGITS = "一二三四五六七八九"
_CIRCLED = {chr(ord("①") + n): n + 1 for n in range(20)}
_BEFORE = "0[xX]|第|[Pp][Aa][Rr][Tt][ .]?|[Nn][Oo][. ]?|[Ss][Tt][Ee][Pp] ?|[Qq]|"
_NUMBER = expression(
    f"[\\s#*>【\\[(（「]*(?P<before>{_BEFORE})(?P<number>[0-9]{{1,2}}|[二三]?十[{_DIGITS}]?|[{_DIGITS}]|[①-⑳])"
    "(?P<behind>[、.．)）】\\]章步条條节節]|(?=\\s*[/|｜]|\\s*$))"
)
_FIRST = frozenset(f"0123456789十{_DIGITS}第pPnNsSqQ")
"""What the key of a numbered line begins with, or it is a circled number."""


def counting(texts: Sequence[str], keys: Sequence[str]) -> list[list[int]]:
    """The series of a page's lines that count on, two or more lines each; numbers of one series are written in one way, and numbers that stand
    alone have something between them.

    Args:
        texts: the lines.
        keys: their keys.

    >>> lines = ["一、概述", "1、甲", "2、乙", "二、范围", "3月1日", "1、丙", "三、修复", "1", "2", "3"]
    >>> counting(lines, lines)
    [[0, 3, 6], [1, 2]]
    """
    latest: dict[tuple[str, ...], tuple[int, list[int]]] = {}
    found = []
    for i, way, number in _numbers(texts, keys):
        last, series = latest.get(way, (0, []))
        if series and number == last + 1 and (way[-1] or i > series[-1] + 1):
            series.append(i)
        else:
            series = [i]
            found.append(series)
        latest[way] = number, series
    return [series for series in found if len(series) > 1]


def _numbers(texts: Sequence[str], keys: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...], int]]:
    """The lines that begin with a number: their place, the way in which it is written, and the number."""
    for i, said in enumerate(keys):
        if said[:1] not in _FIRST and texts[i][:1] not in _CIRCLED:
            continue
        if match := _NUMBER.match(texts[i]):
            before, number, behind = match.group("before", "number", "behind")
            if number in _CIRCLED:
                yield i, ("①",), _CIRCLED[number]
            elif number.isascii():
                # 09 and 10 are written in one way, and so are 9 and 10.
                ways = ("1", "01") if number[0] != "0" and len(number) == 2 else ("01" if number[0] == "0" else "1",)
                for way in ways:
                    yield i, (way, before.lower(), behind), int(number)
            else:
                yield i, ("一", before, behind), int(plain(number))


def numbered(
    texts: Sequence[str], keys: Sequence[str], starts: Sequence[int], stays: NDArray[Any], is_inside: NDArray[Any]
) -> NDArray[Any]:
    """Whether a line stands between the first and the last one of a series of which two neighbours stay, one of them in the article.

    Args:
        texts: the lines of pages, page after page.
        keys: their keys.
        starts: the first line of each page.
        stays: whether a line stays by itself.
        is_inside: whether it stands among those of the article.
    """
    import numpy as np

    found = np.zeros(len(keys), np.bool_)
    bounds = np.array([*starts, len(keys)])
    # Most articles have nothing to lose.
    pages = np.flatnonzero(np.logical_and.reduceat(stays, bounds[:-1]) == 0)
    for start, stop in zip(bounds[pages].tolist(), bounds[pages + 1].tolist(), strict=True):
        for series in counting(texts[start:stop], keys[start:stop]):
            places = start + np.array(series)
            stay, inside = stays[places], is_inside[places]
            begun = np.flatnonzero(stay[:-1] & stay[1:] & (inside[:-1] | inside[1:]))
            if len(begun):
                found[places[begun[0]] : places[-1]] = True
    return found
