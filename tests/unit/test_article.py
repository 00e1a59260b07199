"""Where the article of a page is, found for many pages at once as for each alone."""

from __future__ import annotations

import numpy as np
import pytest

from zhnorm.reading.article import Pages, articles

Lines = tuple[list[float], list[int], list[bool]]
LIST = ([3.0, 3.0, 3.0], [8, 8, 8], [False, False, False])
STORY = ([3.0, -3.0, 1.0, -3.0, 3.0], [6, 50, 9, 70, 6], [False, True, False, True, False])
DOUBTFUL = ([4.0, 1.5, 4.0], [6, 90, 6], [False, True, False])
SHORT = ([-3.0], [4], [False])


def found(*pages: Lines, headline: int = -1) -> list[tuple[int, int]]:
    """The article of each page; `headline` is the line of the last one that is its headline."""
    odds, sizes, prose = (np.concatenate([np.array(page[part]) for page in pages]) for part in range(3))
    starts = np.cumsum([0, *(len(page[0]) for page in pages[:-1])])
    is_headline = np.zeros(len(odds), np.bool_)
    if headline >= 0:
        is_headline[starts[-1] + headline] = True
    article = articles(Pages(starts, len(odds)), odds, sizes, prose, is_headline)
    return list(zip(article.first.tolist(), article.behind.tolist(), strict=True))


@pytest.mark.parametrize(
    ("page", "wanted"), [(STORY, (1, 4)), (DOUBTFUL, (1, 2)), (LIST, (0, 3)), (SHORT, (0, 1))], ids=str
)
def test_the_run_of_lines_that_fits_best(page: Lines, wanted: tuple[int, int]) -> None:
    assert found(page) == [wanted]


def test_pages_do_not_see_each_other() -> None:
    pages = [STORY, LIST, SHORT, DOUBTFUL, STORY, LIST]
    assert found(*pages) == [found(page)[0] for page in pages]


def test_a_headline_is_in_the_article() -> None:
    assert found(SHORT, STORY, headline=0)[-1] == (0, 4)
