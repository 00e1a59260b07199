"""Stretches of prose: where paragraphs stand together, and how other lines stand to them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..arrays.character_kinds import new_runs
from ..arrays.compiled import compiled
from .line_features import Columns

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Stretches", "of_stretches", "stretches", "sums"]

_GAP = 2
"""Paragraphs with no more than this many lines between them form one stretch of prose."""


@dataclass
class Stretches:
    """Stretches of prose of all pages, in order.

    Attributes:
        start, stop: the lines of each.
        sizes, prose: the letters of all lines, and whether they are paragraphs.
        first: for each page its first stretch; one more entry behind the last page.
    """

    start: NDArray[Any]
    stop: NDArray[Any]
    sizes: NDArray[Any]
    prose: NDArray[Any]
    first: NDArray[Any]

    @cached_property
    def size(self) -> NDArray[Any]:
        """Letters of prose in each."""
        mass = sums(self.sizes * self.prose)
        found: NDArray[Any] = mass[self.stop] - mass[self.start]
        return found

    @cached_property
    def number(self) -> NDArray[Any]:
        """For each line the last stretch that starts on it or above it, -1 if there is none."""
        import numpy as np

        found: NDArray[Any] = self.start.searchsorted(np.arange(len(self.prose)), "right") - 1
        return found


def stretches(
    own: NDArray[Any], prose: NDArray[Any], known: NDArray[Any], sizes: NDArray[Any], begins: NDArray[Any]
) -> Stretches:
    """Where prose goes on with few lines between the paragraphs, none of which a rule knows.

    Args:
        own: what is seen of lines by themselves; `prose` of it whether they are paragraphs.
        known: whether a rule matches them.
        sizes: their letters.
        begins: the first line of each page.
    """
    import numpy as np

    if part := compiled():
        lines = np.empty((2, len(known)), np.int64)
        of_page = np.empty(len(begins) + 1, np.int64)
        found = part.stretches(own, known, begins, *lines, of_page)
        return Stretches(lines[0, :found], lines[1, :found], sizes, prose, of_page)
    paragraphs = (prose & ~known).nonzero()[0]
    hits = known.cumsum()
    new = new_runs(hits[paragraphs]) | new_runs(begins.searchsorted(paragraphs, "right"))
    new[1:] |= paragraphs[1:] - paragraphs[:-1] > _GAP + 1
    start = paragraphs[new]
    last = np.ones(len(new), np.bool_)
    last[:-1] = new[1:]
    first = np.empty(len(begins) + 1, np.int64)
    first[:-1] = start.searchsorted(begins)
    first[-1] = len(start)
    return Stretches(start, paragraphs[last] + 1, sizes, prose, first)


def of_stretches(prose: Stretches, i: NDArray[Any], page: NDArray[Any], title: NDArray[Any]) -> Columns:
    """Features of the stretch that a line is in, and where it is from the largest of its page and from the first below the
    title; `title` is behind all lines where there is none."""
    import numpy as np

    count = len(prose.start)
    largest = np.full(len(prose.first) - 1, -1)
    for at, (first, after) in enumerate(pairwise(prose.first.tolist())):
        if first < after:
            largest[at] = first + prose.size[first:after].argmax()
    # One more stretch stands for none.
    start, stop, size = (np.append(values, 0) for values in (prose.start, prose.stop, prose.size))
    number = prose.number
    own = np.where((number >= prose.first[page]) & (i < stop[number]), number, count)
    inside = own < count
    large = largest[page]
    has_large = large >= 0
    below_title = prose.start.searchsorted(title, "right")
    has_below = below_title < prose.first[page + 1]
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


def sums(values: NDArray[Any]) -> NDArray[Any]:
    """The sum of all values before each place."""
    import numpy as np

    found = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=found[1:])
    return found
