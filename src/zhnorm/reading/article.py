"""Where the article of each page is: the run of lines that are text more than chrome by most, long lines counting for more."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..arrays.compiled import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ARTICLE_CHARS", "Articles", "Pages", "articles"]

ARTICLE_CHARS = 40
"""An article has so many letters of prose."""
_CHROME_INSIDE, _TEXT_OUTSIDE = math.log(0.02), math.log(0.03)
"""What a line of chrome inside the article, and a line of text outside of it, cost at most."""
_MOST_CHARS = 120
"""A longer line counts for no more."""
_SHIFTS = (0.0, 1.0, 2.0, 3.0, 4.0)
"""By so much the odds are moved, in turn, in natural logarithms."""
_UNIT = 1 << 16
_FAR = 1 << 42
"""More than the lines of any page can pull."""


class Pages:
    """Lines of pages that stand one after the other, none without lines.

    Attributes:
        starts, stops, sizes: of each page its first line, the first one behind it, and how many it has.
        of_line, place: of each line the number of its page, and its place there.
        top, bottom: of each line the first one of its page, and the first one behind its page.

    Args:
        starts: the first line of each page.
        count: how many lines there are.
    """

    def __init__(self, starts: NDArray[Any], count: int) -> None:
        import numpy as np

        self.starts = starts
        self.stops = np.empty_like(starts)
        self.stops[:-1] = starts[1:]
        self.stops[-1] = count
        self.sizes = self.stops - starts
        self.of_line = np.arange(len(starts)).repeat(self.sizes)
        self.top = starts.take(self.of_line)
        self.place = np.arange(count) - self.top

    @cached_property
    def bottom(self) -> NDArray[Any]:
        bottom: NDArray[Any] = self.stops.take(self.of_line)
        return bottom

    def sums(self, values: NDArray[Any]) -> NDArray[Any]:
        """The sum for each page."""
        import numpy as np

        found: NDArray[Any] = np.add.reduceat(values, self.starts)
        return found

    def are_all(self, known: NDArray[Any]) -> NDArray[Any]:
        """Whether all lines of a page are known to be something."""
        import numpy as np

        found: NDArray[Any] = np.logical_and.reduceat(known, self.starts)
        return found

    def first(self, known: NDArray[Any]) -> NDArray[Any]:
        """The place of the first line of each page that is known; -1 if there is none."""
        import numpy as np

        found: NDArray[Any] = np.minimum.reduceat(np.where(known, self.place, _FAR), self.starts)
        found[found == _FAR] = -1
        return found

    def select(self, pages: NDArray[Any]) -> tuple[Pages, NDArray[Any]]:
        """Some of the pages, and where their lines are among all."""
        import numpy as np

        if len(pages) == len(self.starts):
            return self, np.arange(len(self.of_line))
        sizes = self.sizes[pages]
        starts = np.append(0, np.cumsum(sizes))
        lines = np.arange(starts[-1]) + np.repeat(self.starts[pages] - starts[:-1], sizes)
        return Pages(starts[:-1], int(starts[-1])), lines


@dataclass
class Articles:
    """The article of each page.

    Attributes:
        odds: for each line the odds that it is chrome, as they were when an article was found.
        first, behind: the places of its first line, and of the first one behind it.
        above, below: how much better what is above and below it fits beside an article, sentences left out.
    """

    odds: NDArray[Any]
    first: NDArray[Any]
    behind: NDArray[Any]
    above: NDArray[Any]
    below: NDArray[Any]

    def sides(self, pages: Pages) -> tuple[NDArray[Any], NDArray[Any]]:
        """Whether a line stands above the article of its page, and whether below it."""
        return pages.place < self.first[pages.of_line], pages.place >= self.behind[pages.of_line]


def articles(
    pages: Pages, odds: NDArray[Any], sizes: NDArray[Any], prose: NDArray[Any], headline: NDArray[Any]
) -> Articles:
    """The article of each page: no other run of its lines fits better, or none that has the headline in it.

    A page has an article: where there is none in which sentences stand, the odds are moved until there is one.

    Args:
        pages: the pages.
        odds: for each line the odds that it is chrome, as natural logarithms.
        sizes: of how many letters it is.
        prose: whether it is a paragraph.
        headline: whether it is the headline, and the page's title confirms that.

    >>> import numpy as np
    >>> pages = Pages(np.array([0]), 4)
    >>> odds, sizes = np.array([3.0, -3.0, -3.0, 3.0]), np.array([4, 60, 60, 4])
    >>> found = articles(pages, odds, sizes, sizes > 40, np.zeros(4, bool))
    >>> found.first.tolist(), found.behind.tolist()
    ([1], [3])
    """
    import numpy as np

    count = len(pages.starts)
    nothing = np.zeros(count, np.int64)
    # Where none is found, all lines are the article.
    found = Articles(odds - _SHIFTS[-1], nothing, pages.sizes.copy(), np.zeros(count), np.zeros(count))
    left = np.arange(count)
    for shift in _SHIFTS:
        some, lines = pages.select(left)
        run, letters = _best_runs(some, odds[lines] - shift, sizes[lines], prose[lines], headline[lines])
        is_article = letters >= ARTICLE_CHARS
        done = left[is_article]
        for whole, part in (
            (found.first, run.first), (found.behind, run.behind), (found.above, run.above), (found.below, run.below),
        ):  # fmt: skip
            whole[done] = part[is_article]
        own = is_article[some.of_line]
        found.odds[lines[own]] = run.odds[own]
        left = left[~is_article]
        if not len(left):
            break
    return found


def _best_runs(
    pages: Pages, odds: NDArray[Any], sizes: NDArray[Any], prose: NDArray[Any], headline: NDArray[Any]
) -> tuple[Articles, NDArray[Any]]:
    """The run of each page that fits best, and how many letters of prose it has besides the headline."""
    import numpy as np

    # The logarithms of the probabilities, that a line is text and that it is chrome.
    inside = np.maximum(-np.logaddexp(0, odds), _CHROME_INSIDE)
    outside = np.maximum(-np.logaddexp(0, -odds), _TEXT_OUTSIDE)
    # In whole numbers, whose sums are the same everywhere.
    pull = np.rint((inside - outside) * np.sqrt(np.minimum(sizes, _MOST_CHARS)) * _UNIT).astype(np.int64)
    told = np.where(prose & ~headline, sizes, 0)
    if part := compiled():
        runs = np.empty((len(pages.starts), 5), np.int64)
        part.best_runs(pull, told, prose, headline, pages.starts, runs)
        first, behind, above, below, letters = runs.T
        return Articles(odds, first, behind, -above / _UNIT, -below / _UNIT), letters
    # What the lines before each border pull, those above the first line of a page among the borders.
    borders = Pages(pages.starts + np.arange(len(pages.starts)), len(pull) + len(pages.starts))
    line = np.arange(len(pull)) + pages.of_line + 1
    sums = np.zeros(len(borders.of_line), np.int64)
    sums[line] = pull
    sums = np.cumsum(sums)
    sums -= sums[borders.starts][borders.of_line]
    # Each page far below the one before it: so its least sums are its own.
    far = borders.of_line * _FAR
    rise = sums - (np.minimum.accumulate(sums - far) + far)
    fixed = pages.first(headline)[borders.of_line]
    behind = _first_largest(borders, np.where(fixed < 0, rise, np.where(borders.place > fixed, sums, -_FAR)))
    last = np.where(fixed < 0, behind[borders.of_line], fixed)
    first = _first_largest(borders, np.where(borders.place <= last, -sums, -_FAR))
    beside = np.where(prose, 0, pull)
    above = pages.sums(np.where(pages.place < first[pages.of_line], beside, 0))
    below = pages.sums(np.where(pages.place >= behind[pages.of_line], beside, 0))
    inside = (pages.place >= first[pages.of_line]) & (pages.place < behind[pages.of_line])
    return Articles(odds, first, behind, -above / _UNIT, -below / _UNIT), pages.sums(np.where(inside, told, 0))


def _first_largest(pages: Pages, values: NDArray[Any]) -> NDArray[Any]:
    """The place on each page where the largest value stands, of equal ones the first."""
    import numpy as np

    largest = np.maximum.reduceat(values, pages.starts)
    return pages.first(values == largest[pages.of_line])
