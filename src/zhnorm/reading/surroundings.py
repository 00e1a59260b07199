"""What stands around a line: its neighbours, the prose, the headline, the lines that rules know.

Pages stand one after the other, and no line sees beyond its own page. `i` is always the index of a line among all of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.compiled import compiled
from .article import Pages
from .headline import Pairs, titles
from .line_features import OWN, Columns, Hits, in_rows, marked, share
from .stretches import Stretches, of_stretches, stretches, sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["AROUND_NAMES", "OFFSETS", "around_features"]

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

AROUND_NAMES = (*(f"{name}{offset:+d}" for offset in OFFSETS for name in SHARED), *AROUND)
"""What is seen around a line, in the order of the columns: of a neighbour it has the distance behind its name."""

_LOGARITHMS = [AROUND_NAMES.index(name) for name in ("mass-2", "mass-5", "mass-10", "stretch-size")]
_FULL_DATE = re.compile("[0-9]{4}\\s*[-年/.]\\s*[0-9]{1,2}\\s*[-月/.]\\s*[0-9]{1,2}")
_NEAR = 12
"""Distances in lines are counted up to this many."""
_SHORT = 6
_NEAR_TITLE = 6
_SINCE_DATE = 30
_NEXT_END = 15
_FAR = 1 << 42
"""Further than any page is long."""


def around_features(
    texts: Sequence[str], keys: Sequence[str], hits: Hits, own: NDArray[Any], pages: Pages
) -> NDArray[Any]:
    """What is seen around lines: a row for each, in the order of `AROUND_NAMES`.

    Args:
        texts, keys, hits: the lines, see `own_features`.
        own: what is seen of each by itself, in the order of `OWN`.
        pages: the pages that they are of.
    """
    import numpy as np

    count = len(keys)
    starts = pages.starts.tolist()
    prose = own[:, OWN.index("prose")] > 0
    sizes = np.fromiter(map(len, keys), np.int64, count)
    known = marked([i for i, (action, _) in hits.items() if not action.startswith("trim")], count)
    ends = marked([line for line, (_, is_end) in hits.items() if is_end], count)
    of_prose = stretches(own, prose, known, sizes, pages.starts)
    pairs = Pairs(keys, pages.of_line)
    headlines = titles(texts, keys, prose, starts, of_prose, pairs)
    title = np.array([start if line is None else line for (line, _), start in zip(headlines, starts, strict=True)])
    is_title = np.zeros(count, np.bool_)
    is_title[title] = True
    seen = Seen(
        own=own,
        sizes=sizes,
        known=known,
        ends=ends,
        dates=_full_dates(texts, (own[:, OWN.index("date")] > 0) & ~prose),
        repeated=_repeated(keys, starts),
        like_title=pairs.in_common(is_title) / (pairs.counts + 1),
        topic=pairs.in_others(prose) / (pairs.counts + 1),
        title=np.array([-1 if line is None else line for line, _ in headlines]),
        sure=np.array([value for _, value in headlines]),
    )
    part = compiled()
    if not part:
        return _around(seen, of_prose, pages)
    found = np.empty((count, len(AROUND_NAMES)))
    part.around(*seen[:8], pages.starts, seen.title, seen.sure, of_prose.start, of_prose.stop, found)
    found[:, _LOGARITHMS] = np.log1p(found[:, _LOGARITHMS])
    return found


class Seen(NamedTuple):
    """What is known of lines of pages, each an array.

    Attributes:
        own: what is seen of each by itself.
        sizes: letters.
        known: whether a rule matches it, other than one that trims; `ends` whether articles end with such a line.
        dates: whether it is a line with a whole date.
        repeated: whether it stands on its page more than once.
        like_title, topic: which share of its pairs of characters is in the headline, and in other lines of prose.
        title, sure: of each page the line of its headline, -1 for none, and how sure that is.
    """

    own: NDArray[Any]
    sizes: NDArray[Any]
    known: NDArray[Any]
    ends: NDArray[Any]
    dates: NDArray[Any]
    repeated: NDArray[Any]
    like_title: NDArray[Any]
    topic: NDArray[Any]
    title: NDArray[Any]
    sure: NDArray[Any]


def _around(seen: Seen, of_prose: Stretches, pages: Pages) -> NDArray[Any]:
    """What stands around lines, as `around` of the compiled part finds it."""
    import numpy as np

    own = seen.own
    count = len(own)
    i = np.arange(count)
    page, top, bottom = pages.of_line, pages.top, pages.bottom
    prose, links = (own[:, OWN.index(name)] > 0 for name in ("prose", "link"))
    links &= ~prose
    counted = np.zeros((count + 1, 4), np.int64)
    for column, values in enumerate((seen.sizes * prose, links, seen.sizes <= _SHORT, seen.known)):
        counted[1:, column] = values
    counted.cumsum(0, out=counted)
    has_title = seen.title[page] >= 0
    title = np.where(has_title, seen.title[page], top)
    columns = _of_distances(prose, links, seen, pages) | {
        "place": pages.place / (bottom - top),
        "repeated": seen.repeated,
        "first": i == top,
        "is-title": seen.sure[page] * (has_title & (i == title)),
        "no-title": ~has_title,
        "like-title": seen.like_title,
        "topic": seen.topic,
    }
    columns |= _of_counts(counted, i, top, bottom)
    columns |= _of_title(i, title, has_title, sums(seen.ends))
    columns |= of_stretches(of_prose, i, page, np.where(has_title, title, count))
    return np.concatenate([_of_neighbours(own, i, top, bottom), in_rows(columns, AROUND)], 1)


def _of_distances(prose: NDArray[Any], links: NDArray[Any], seen: Seen, pages: Pages) -> Columns:
    """How far lines are from others above and below."""
    import numpy as np

    to_bottom = (pages.bottom - np.arange(len(prose)) - 1)[::-1]
    since_prose, since_date, since_other = _since(np.stack([prose, seen.dates, ~links]), pages.place)
    to_prose, to_end = _since(np.stack([prose, seen.ends])[:, ::-1], to_bottom)[:, ::-1]
    far_above = np.where(prose, 0, np.minimum(_NEAR, since_prose))
    far_below = np.where(prose, 0, np.minimum(_NEAR, to_prose))
    return {
        "below-dateline": np.minimum(_SINCE_DATE, since_date - 1) / _SINCE_DATE,
        "link-run": share(np.minimum(since_other - 1, pages.place), 8),
        "far-from-prose-above": far_above / _NEAR,
        "far-from-prose-below": far_below / _NEAR,
        "within-prose": (far_above < _NEAR) & (far_below < _NEAR),
        "ends-ahead": share(to_end, _NEXT_END),
    }


def _of_neighbours(own: NDArray[Any], i: NDArray[Any], top: NDArray[Any], bottom: NDArray[Any]) -> NDArray[Any]:
    """What the neighbours of lines are by themselves; nothing beyond the first and the last line of a page."""
    import numpy as np

    there = i[:, None] + np.array(OFFSETS)
    found: NDArray[Any] = own[:, [OWN.index(name) for name in SHARED]].take(there, axis=0, mode="clip")
    found[(there < top[:, None]) | (there >= bottom[:, None])] = 0
    return found.reshape(len(i), -1)


def _of_counts(counted: NDArray[Any], i: NDArray[Any], top: NDArray[Any], bottom: NDArray[Any]) -> Columns:
    """How much prose, and how many links, short lines and hits stand near lines, given the sums of these four before each line."""
    import numpy as np

    here, next_ = counted[:-1], counted[1:]
    # What was counted up to so many lines above, and up to so many below.
    above = {lines: counted.take(np.maximum(top, i - lines), axis=0) for lines in (2, 5, 10)}
    below = {lines: counted.take(np.minimum(bottom, i + lines + 1), axis=0) for lines in (2, 5, 10)}
    near = {lines: below[lines][:, 0] - above[lines][:, 0] for lines in (2, 5, 10)}
    _, links_above, short_above, _ = (here - above[10]).T
    _, links_below, short_below, _ = (below[10] - next_).T
    mass = counted[:, 0]
    total = mass[bottom] - mass[top] + 1
    return {
        "mass-2": np.log1p(near[2]),
        "mass-5": np.log1p(near[5]),
        "mass-10": np.log1p(near[10]),
        "share-5": near[5] / total,
        "prose-above": (mass[:-1] - mass[top]) / total,
        "prose-below": (total - (mass[1:] - mass[top])) / total,
        "own-share": (mass[1:] - mass[:-1]) / total,
        "links-above": links_above / 10,
        "links-below": links_below / 10,
        "short-above": short_above / 10,
        "short-below": short_below / 10,
        "hits-above": share(here[:, 3] - above[5][:, 3], 3),
        "hits-below": share(below[5][:, 3] - next_[:, 3], 3),
    }


def _of_title(i: NDArray[Any], title: NDArray[Any], has_title: NDArray[Any], ends: NDArray[Any]) -> Columns:
    """Where lines stand to the headline; `ends` are the sums of lines that articles end with."""
    import numpy as np

    is_below = i > title
    return {
        "ends-since-title": np.where(is_below, share(ends[i] - ends[title], 3), 0.0),
        "below-title": has_title & is_below,
        "near-title": has_title & is_below & (i - title <= _NEAR_TITLE),
    }


def _since(known: NDArray[Any], place: NDArray[Any]) -> NDArray[Any]:
    """How many lines above each one the last one of its page stands that is known, for each row of `known`; _FAR if there is none.
    `place` is where it stands on its page."""
    import numpy as np

    i = np.arange(known.shape[1])
    last = np.where(known, i, -_FAR)
    found = np.full(known.shape, _FAR)
    found[:, 1:] = i[1:] - np.maximum.accumulate(last, axis=1)[:, :-1]
    found[found > place] = _FAR
    return found


def _repeated(keys: Sequence[str], starts: Sequence[int]) -> NDArray[Any]:
    import numpy as np

    found: list[bool] = []
    for start, stop in pairwise([*starts, len(keys)]):
        own = keys[start:stop]
        times = Counter(own)
        found += [times[said] > 1 for said in own]
    return np.array(found, np.bool_)


def _full_dates(texts: Sequence[str], dated: NDArray[Any]) -> NDArray[Any]:
    """Which of some lines with numbers that look like dates have a whole date in them."""
    found = dated.copy()
    for i in found.nonzero()[0].tolist():
        found[i] = _FULL_DATE.search(texts[i]) is not None
    return found
