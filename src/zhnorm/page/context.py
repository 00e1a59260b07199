"""What stands around a line of a dumped page: its neighbours, the prose, the headline, the lines that rules know.

Pages stand one after the other, and no line sees beyond its own page. `i` is always the index of a line among all of them.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..text.kinds import LineArrays
from .own import Columns, Hits, share

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["AROUND", "GUESSED", "OFFSETS", "SHARED", "around_features", "headline"]

SHARED = ("size", "ends", "prose", "link", "date", "dropped", "heads-list", "site-words")
"""Features of a line that its neighbours see,"""
OFFSETS = (-3, -2, -1, 1, 2, 3)
"""at these distances."""
AROUND = (
    "mass-2", "mass-5", "mass-10", "share-5", "prose-above", "prose-below", "own-share", "place", "links-above",
    "links-below", "short-above", "short-below", "hits-above", "hits-below", "far-from-prose-above",
    "far-from-prose-below", "within-prose", "stretch", "stretch-size", "stretch-share", "stretch-largest",
    "stretch-of-title", "above-largest", "below-largest", "above-first", "below-first", "ends-since-title",
    "ends-ahead", "is-title", "below-title", "near-title", "no-title", "like-title", "topic", "repeated", "first",
    "below-dateline", "link-run",
)  # fmt: skip

_FULL_DATE = re.compile("[0-9]{4}\\s*[-年/.]\\s*[0-9]{1,2}\\s*[-月/.]\\s*[0-9]{1,2}")
_NEAR = 12
"""Distances in lines are counted up to this many."""
_SINCE_DATE = 30
_NEXT_END = 15
_GAP = 2
"""Paragraphs with no more than this many lines between them form one stretch of prose."""
_TITLE_CHARS = (5, 60)
GUESSED = 0.5
"""What `is-title` is for a headline that no page title confirms."""
_ABOVE = 14
"""A headline stands within so many lines above its text."""
_NO_TITLE = re.compile("[0-9]{4}\\s*[-年/.]|[0-9]:[0-9]|[：:]\\s*$|^\\s*[（(【\\[·▲]|[。，]$|[图摄]|www|http")
_LINE_BITS = 21
"""A character has 21 bits; so have the lines of a batch of pages, and two characters and a line fit into one number."""


@dataclass(frozen=True)
class _Stretches:
    """Stretches of prose of all pages, in order.

    Attributes:
        start, stop: the lines of each.
        size: letters of each.
        number: for each line the last stretch that starts on it or above it, -1 if there is none.
        first: for each page its first stretch; one more entry behind the last page.
    """

    start: NDArray[Any]
    stop: NDArray[Any]
    size: NDArray[Any]
    number: NDArray[Any]
    first: NDArray[Any]


def around_features(
    texts: Sequence[str], keys: Sequence[str], hits: Hits, own: Columns, starts: Sequence[int]
) -> Columns:
    """The features in `SHARED` of the neighbours, as `name+1`, and those in `AROUND`.

    Args:
        texts, keys, hits: see `features`.
        own: the features of the lines by themselves.
        starts: the first line of each page.
    """
    import numpy as np

    count = len(keys)
    i = np.arange(count)
    begins = np.array(starts)
    lengths = np.diff(np.append(begins, count))
    page = np.repeat(np.arange(len(begins)), lengths)
    top = begins[page]
    bottom = top + lengths[page]
    columns: Columns = {}
    for offset in OFFSETS:
        there = i + offset
        inside = (there >= top) & (there < bottom)
        for name in SHARED:
            columns[f"{name}{offset:+d}"] = np.where(inside, own[name].take(there, mode="clip"), 0.0)

    prose = own["prose"]
    links = own["link"] & ~prose
    known = _known(hits, count)
    sizes = np.fromiter(map(len, keys), np.int64, count)
    mass, link_count, short_count, hit_count = (_sums(values) for values in (sizes * prose, links, sizes <= 6, known))
    total = (mass[bottom] - mass[top]) + 1

    def near(sums: NDArray[Any], above: int, below: int) -> NDArray[Any]:
        """The sum over lines from so many above up to so many below."""
        found: NDArray[Any] = sums[np.minimum(bottom, i + below + 1)] - sums[np.maximum(top, i - above)]
        return found

    stretches = _stretches(prose, known, mass, begins)
    columns |= {
        "mass-2": np.log1p(near(mass, 2, 2)),
        "mass-5": np.log1p(near(mass, 5, 5)),
        "mass-10": np.log1p(near(mass, 10, 10)),
        "share-5": near(mass, 5, 5) / total,
        "prose-above": (mass[i] - mass[top]) / total,
        "prose-below": (total - (mass[i + 1] - mass[top])) / total,
        "own-share": sizes * prose / total,
        "place": (i - top) / (bottom - top),
        "links-above": near(link_count, 10, -1) / 10,
        "links-below": near(link_count, -1, 10) / 10,
        "short-above": near(short_count, 10, -1) / 10,
        "short-below": near(short_count, -1, 10) / 10,
        "hits-above": share(near(hit_count, 5, -1), 3),
        "hits-below": share(near(hit_count, -1, 5), 3),
        "repeated": _repeated(keys, starts),
        "first": i == top,
        "below-dateline": np.minimum(_SINCE_DATE, i - _last(_full_dates(texts, own), top, _SINCE_DATE + 1) - 1)
        / _SINCE_DATE,
        "link-run": share(i - np.maximum(_last(~links, top, count), top - 1) - 1, 8),
    }
    far_above = np.where(prose, 0, np.minimum(_NEAR, i - _last(prose, top, _NEAR)))
    far_below = np.where(prose, 0, np.minimum(_NEAR, _next(prose, bottom, _NEAR) - i))
    columns |= {
        "far-from-prose-above": far_above / _NEAR,
        "far-from-prose-below": far_below / _NEAR,
        "within-prose": (far_above < _NEAR) & (far_below < _NEAR),
    }
    titles = _titles(texts, keys, prose, starts, stretches)
    title = (
        np.array([0 if line is None else line - start for (line, _), start in zip(titles, starts, strict=True)])[page]
        + top
    )
    has_title = np.array([line is not None for line, _ in titles])[page]
    sure = np.array([value for _, value in titles])[page]
    ends = np.zeros(count, np.bool_)
    ends[[line for line, (_, is_end) in hits.items() if is_end]] = True
    end_count = _sums(ends)
    columns |= {
        "ends-since-title": np.where(i > title, share(end_count[i] - end_count[title], 3), 0.0),
        "ends-ahead": share(_next(ends, bottom, _NEXT_END) - i, _NEXT_END),
        "is-title": sure * (has_title & (i == title)),
        "below-title": has_title & (i > title),
        "near-title": has_title & (i > title) & (i - title <= 6),
        "no-title": ~has_title,
    }
    columns["like-title"], columns["topic"] = _pairs_in_common(keys, prose, title, page)
    return columns | _of_stretches(stretches, i, page, np.where(has_title, title, count))


def headline(keys: Sequence[str], paragraphs: Sequence[int]) -> int | None:
    """The line below the first one that says most of what the first one says: a page's first line is its title, with
    the site's name behind it, and the article's headline says it again; if more than once, then where text is near.

    Args:
        keys: the keys of the lines.
        paragraphs: the indices of those that are prose.

    >>> headline(["月全食今晚登场青石网", "首页", "月全食今晚登场", "正文"], [])
    2
    """
    low, high = _TITLE_CHARS
    whole = keys[0]
    high = min(high, len(whole))
    said = [i for i, line in enumerate(keys) if low <= len(line) <= high and line in whole and i]
    longest = max((len(keys[i]) for i in said), default=0)

    def to_text(i: int) -> int:
        place = bisect_left(paragraphs, i + 1)
        return paragraphs[place] - i if place < len(paragraphs) else len(keys)

    return min((i for i in said if len(keys[i]) == longest), key=to_text, default=None)


def _titles(
    texts: Sequence[str],
    keys: Sequence[str],
    prose: NDArray[Any],
    starts: Sequence[int],
    stretches: _Stretches,
) -> list[tuple[int | None, float]]:
    """For each page the line of its headline, and how sure that is."""
    found: list[tuple[int | None, float]] = []
    first = stretches.first.tolist()
    for number, (start, stop) in enumerate(pairwise([*starts, len(keys)])):
        own = keys[start:stop]
        title = headline(own, prose[start:stop].nonzero()[0].tolist())
        if title is not None:
            found.append((start + title, 1.0))
            continue
        mine = range(first[number], first[number + 1])
        pieces = [(int(stretches.start[n]) - start, int(stretches.stop[n]) - start) for n in mine]
        title = _likely_headline(texts[start:stop], own, pieces)
        found.append((None if title is None else start + title, GUESSED))
    return found


def _likely_headline(texts: Sequence[str], keys: Sequence[str], stretches: Sequence[tuple[int, int]]) -> int | None:
    """Where no first line tells it: the line above one of the longest stretches of prose that says most of its words."""
    best, found = 0.0, None
    for start, stop in sorted(stretches, key=lambda stretch: sum(map(len, keys[stretch[0] : stretch[1]])))[-2:]:
        size = sum(map(len, keys[start:stop]))
        topic = set().union(*map(_pairs, keys[start:stop]))
        for i in range(max(0, start - _ABOVE), start):
            if len(keys[i]) < _TITLE_CHARS[0] or len(keys[i]) > _TITLE_CHARS[1] or _NO_TITLE.search(texts[i]):
                continue
            pairs = _pairs(keys[i])
            common = len(pairs & topic)
            weight = common * common / len(pairs) * math.sqrt(size)
            if common >= 4 and common >= 0.4 * len(pairs) and weight > best:
                best, found = weight, i
    return found


def _pairs(said: str) -> set[str]:
    return {said[i : i + 2] for i in range(len(said) - 1)}


def _pairs_in_common(
    keys: Sequence[str], prose: NDArray[Any], title: NDArray[Any], page: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """For each line the share of its pairs of characters that its page's title has, and that paragraphs, for a paragraph
    other ones, of its page have."""
    import numpy as np

    lines = LineArrays("\n".join(keys))
    within = np.repeat(np.arange(len(lines)), lines.ends - lines.starts + 1)
    codes = lines.codes.astype(np.int64)
    places = np.flatnonzero(within[:-1] == within[1:])
    # The last pair of a line has its end in it.
    places = places[lines.codes[places + 1] != 0x0A]
    found = np.sort((codes[places] << 2 * _LINE_BITS) | (codes[places + 1] << _LINE_BITS) | within[places])
    found = found[np.diff(found, prepend=-1) != 0]
    line = found & ((1 << _LINE_BITS) - 1)
    # Lines are in order, so within a pair the lines of one page are neighbours.
    new = (np.diff(found >> _LINE_BITS, prepend=-1) != 0) | (np.diff(page[line], prepend=-1) != 0)
    group = np.cumsum(new) - 1
    begins = np.flatnonzero(new)
    nothing = np.zeros(len(keys))
    if not len(begins):
        return nothing, nothing
    paragraphs = np.add.reduceat(prose[line], begins, dtype=np.int64)[group]
    in_title = np.logical_or.reduceat(title[line] == line, begins)[group]
    count = len(keys)
    pairs = np.bincount(line, minlength=count) + 1
    others = np.bincount(line[paragraphs > prose[line]], minlength=count)
    like: NDArray[Any] = np.bincount(line[in_title], minlength=count) / pairs
    return like, others / pairs


def _known(hits: Hits, count: int) -> NDArray[Any]:
    import numpy as np

    found = np.zeros(count, np.bool_)
    found[[i for i, (action, _) in hits.items() if not action.startswith("trim")]] = True
    return found


def _sums(values: NDArray[Any]) -> NDArray[Any]:
    """The sum of all values before each place."""
    import numpy as np

    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums


def _last(known: NDArray[Any], top: NDArray[Any], far: int) -> NDArray[Any]:
    """For each line the last one above it in its page that is known; so far above it if there is none."""
    import numpy as np

    i = np.arange(len(known))
    last = np.full(len(known), -1)
    last[1:] = np.maximum.accumulate(np.where(known, i, -1))[:-1]
    found: NDArray[Any] = np.where(last >= top, last, i - far)
    return found


def _next(known: NDArray[Any], bottom: NDArray[Any], far: int) -> NDArray[Any]:
    """For each line the next one below it in its page that is known; so far below it if there is none."""
    import numpy as np

    count = len(known)
    i = np.arange(count)
    later = np.full(count, count)
    later[:-1] = np.minimum.accumulate(np.where(known, i, count)[::-1])[::-1][1:]
    found: NDArray[Any] = np.where(later < bottom, later, i + far)
    return found


def _repeated(keys: Sequence[str], starts: Sequence[int]) -> NDArray[Any]:
    import numpy as np

    found: list[bool] = []
    for start, stop in pairwise([*starts, len(keys)]):
        own = keys[start:stop]
        times = Counter(own)
        found += [times[said] > 1 for said in own]
    return np.array(found, np.bool_)


def _full_dates(texts: Sequence[str], own: Columns) -> NDArray[Any]:
    """Lines with a whole date in them that are no paragraphs."""
    found: NDArray[Any] = own["date"] & ~own["prose"]
    for i in found.nonzero()[0].tolist():
        found[i] = _FULL_DATE.search(texts[i]) is not None
    return found


def _stretches(prose: NDArray[Any], known: NDArray[Any], mass: NDArray[Any], begins: NDArray[Any]) -> _Stretches:
    """Where prose goes on with few lines between the paragraphs, none of which a rule knows."""
    import numpy as np

    paragraphs = np.flatnonzero(prose & ~known)
    hits = _sums(known)
    page = np.searchsorted(begins, paragraphs, "right")
    new = np.ones(len(paragraphs), np.bool_)
    new[1:] = (np.diff(paragraphs) > _GAP + 1) | (np.diff(page) != 0) | (np.diff(hits[paragraphs]) != 0)
    start = paragraphs[new]
    stop = paragraphs[np.append(new, True)[1:]] + 1
    number = np.searchsorted(start, np.arange(len(prose)), "right") - 1
    first = np.append(np.searchsorted(start, begins), len(start))
    return _Stretches(start, stop, mass[stop] - mass[start], number, first)


def _of_stretches(stretches: _Stretches, i: NDArray[Any], page: NDArray[Any], title: NDArray[Any]) -> Columns:
    """Features of the stretch that a line is in, and where it is from the largest of its page and from the first below the
    title; `title` is behind all lines where there is none."""
    import numpy as np

    count = len(stretches.start)
    largest = np.full(len(stretches.first) - 1, -1)
    for at, (first, after) in enumerate(pairwise(stretches.first.tolist())):
        if first < after:
            largest[at] = first + stretches.size[first:after].argmax()
    # One more stretch stands for none.
    start, stop, size = (np.append(values, 0) for values in (stretches.start, stretches.stop, stretches.size))
    number = stretches.number
    own = np.where((number >= stretches.first[page]) & (i < stop[number]), number, count)
    inside = own < count
    large = largest[page]
    has_large = large >= 0
    below_title = np.searchsorted(stretches.start, title, "right")
    has_below = below_title < stretches.first[page + 1]
    most = np.where(has_large, size[large], 1)
    return {
        "stretch": inside,
        "stretch-size": np.log1p(size[own]),
        "stretch-share": size[own] / most,
        "stretch-largest": inside & (own == large),
        "stretch-of-title": inside & has_below & (own == below_title),
        "above-largest": has_large & (i < start[large]),
        "below-largest": has_large & (i >= stop[large]),
        "above-first": has_below & (i < start[below_title]),
        "below-first": has_below & (i >= stop[below_title]),
    }
