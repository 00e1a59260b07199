"""Which lines go, by what they were read as.

A page is divided into what stands above the article, the article, and what stands below it: the article is the run of lines that are
text more than chrome by most, long lines counting for more. Around it goes what could be chrome, such as a paragraph in a list of other
stories. Inside, a line goes only if it is nearly certain that it is no part of the text, and a paragraph only if its words alone say so, too.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .headline import GUESSED
from .kinds import DROPPED, KINDS
from .line_features import OWN
from .read import AROUND_NAMES, Lines, Readings

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Caution", "Going", "going"]

Caution = Literal["careful", "even", "strict"]
_SHIFT: dict[Caution, float] = {"careful": 1.0, "even": 0.0, "strict": -1.0}
"""Moves the odds that are asked for, in natural logarithms."""
OUTSIDE, INSIDE, PARAGRAPH = 0.02, 0.9, 0.97
"""So likely it has to be that a line is none of the text: around the article, inside it, and there if it is a paragraph, or a sentence
whose words alone do not say so."""
ARTICLE_CHARS = 40
"""An article has so many letters of prose."""
LITTLE, MUCH = 15, 60
"""Where less chrome than this stands on one side of the article (see `_best_run`), lines there may belong to it, and more is asked."""
TITLE = 0.5
"""A title may stand far above its article,"""
HEADLINE = 0.97
"""and the headline says what the article is about: so do those of other stories, and it looks like them."""
ALONE = 0.5
PARAGRAPH_CHARS = 60
_CHROME_INSIDE, _TEXT_OUTSIDE = math.log(0.02), math.log(0.03)
"""What a line of chrome inside the article, and a line of text outside of it, cost at most."""
_MOST_CHARS = 120
"""A longer line counts for no more."""
_SHIFTS = (0.0, 1.0, 2.0, 3.0, 4.0)
_LEAST = 1e-4
_UNIT = 1 << 16
_PROSE = OWN.index("prose")
_TITLE = KINDS.index("title")
_HEADLINE = AROUND_NAMES.index("is-title")


class Going(NamedTuple):
    """A line that goes: its place, the kind it goes for, and how likely it is that it is none of the text, 0 to 1."""

    place: int
    kind: str
    probability: float


def going(
    lines: Lines, readings: Readings, drop: Collection[str], keep: Collection[str], caution: Caution
) -> list[list[Going]]:
    """The lines of each page that go.

    Args:
        lines: the lines of the pages.
        readings: what they were read as.
        drop: kinds that go whenever they are the most likely one, besides those that go by default.
        keep: kinds that stay whenever they are.
        caution: how sure it has to be.
    """
    import numpy as np

    columns = [number for number, kind in enumerate(KINDS) if kind in (DROPPED | set(drop)) - set(keep)]
    likely = readings.placed.argmax(1)
    asked_for = np.array([kind in keep for kind in KINDS])[likely]
    unwanted = np.array([kind in drop for kind in KINDS])[likely]
    placed, alone = readings.placed[:, columns], readings.alone[:, columns].sum(1)
    chance = placed.sum(1)
    sizes = np.fromiter(map(len, lines.keys), np.int64, len(lines.keys))
    prose = readings.seen.own[:, _PROSE] > 0
    paragraph = prose & (sizes >= PARAGRAPH_CHARS)
    kinds, names = placed.argmax(1), [KINDS[column] for column in columns]
    title = likely == _TITLE
    is_headline = readings.seen.around[:, _HEADLINE] > 0
    confirmed = readings.seen.around[:, _HEADLINE] > GUESSED
    odds_asked = [_log_odds(least) + _SHIFT[caution] for least in (OUTSIDE, INSIDE, PARAGRAPH, TITLE, HEADLINE)]
    found = []
    for start, stop in zip(lines.starts, [*lines.starts[1:], len(lines.keys)], strict=True):
        page = slice(start, stop)
        odds, (first, behind, above, below) = _article(
            _log_odds(chance[page]), sizes[page], prose[page], np.flatnonzero(confirmed[page])
        )
        outside, inside, of_paragraph, of_title, of_headline = odds_asked
        least = np.where(paragraph[page] | (prose[page] & (alone[page] < ALONE)), of_paragraph, inside)
        for side, much in ((slice(0, first), above), (slice(behind, None), below)):
            least[side] -= (least[side] - outside) * min(1.0, max(0.0, much - LITTLE) / MUCH)
        least = np.where(title[page], np.maximum(least, of_title), least)
        within = slice(first, behind)
        least[is_headline[page]] = of_headline
        goes = odds >= least
        goes[within] &= ~paragraph[page][within] | (alone[page][within] >= ALONE)
        if headline := _behind_site_name(lines.keys[page], confirmed[page]):
            goes[0] |= above > LITTLE and first <= headline < behind
        if goes.all():
            # A text of nothing but chrome is no page that anybody wanted cleaned.
            goes[:] = False
        goes = (goes | unwanted[page]) & ~asked_for[page]
        places = np.flatnonzero(goes)
        named = [names[kind] for kind in kinds[start + places].tolist()]
        sure = [round(value, 3) for value in chance[start + places].tolist()]
        found.append(list(map(Going, places.tolist(), named, sure)))
    return found


def _behind_site_name(keys: Sequence[str], confirmed: NDArray[Any]) -> int:
    """The headline, if the page begins with its title and the site's name behind it; or else 0."""
    headline = int(confirmed.argmax())
    return headline if confirmed[headline] and len(keys[0]) > len(keys[headline]) else 0


class _Run(NamedTuple):
    """The first line of the article, the first one behind it, and how much better what is above and below fits beside an article,
    sentences left out."""

    first: int
    behind: int
    above: float
    below: float


def _article(
    odds: NDArray[Any], sizes: NDArray[Any], prose: NDArray[Any], headline: NDArray[Any]
) -> tuple[NDArray[Any], _Run]:
    """The odds that lines are chrome, and the article: no other run of lines fits better, or none that has the headline in it, if the
    page's title confirms one.

    A page has an article: where there is none in which sentences stand, the odds are moved until there is one.
    """
    told = prose.copy()
    told[headline] = False
    for shift in _SHIFTS:
        run = _best_run(odds - shift, sizes, prose, headline)
        if (sizes * told)[run.first : run.behind].sum() >= ARTICLE_CHARS:
            return odds - shift, run
    return odds - _SHIFTS[-1], _Run(0, len(odds), 0, 0)


def _best_run(odds: NDArray[Any], sizes: NDArray[Any], prose: NDArray[Any], within: NDArray[Any]) -> _Run:
    import numpy as np

    # The logarithms of the probabilities, that a line is text and that it is chrome.
    inside = np.maximum(-np.logaddexp(0, odds), _CHROME_INSIDE)
    outside = np.maximum(-np.logaddexp(0, -odds), _TEXT_OUTSIDE)
    # In whole numbers, whose sums are the same everywhere.
    pull = np.rint((inside - outside) * np.sqrt(np.minimum(sizes, _MOST_CHARS)) * _UNIT).astype(np.int64)
    sums = np.append(0, np.cumsum(pull))
    if len(within):
        behind = int(within[0]) + 1 + int(sums[within[0] + 1 :].argmax())
        first = int(sums[: within[0] + 1].argmin())
    else:
        behind = int((sums - np.minimum.accumulate(sums)).argmax())
        first = int(sums[: behind + 1].argmin())
    beside = np.where(prose, 0, pull)
    return _Run(first, behind, -float(beside[:first].sum()) / _UNIT, -float(beside[behind:].sum()) / _UNIT)


def _log_odds(chance: Any) -> Any:
    import numpy as np

    chance = np.clip(chance, _LEAST, 1 - _LEAST)
    return np.log(chance / (1 - chance))
