"""Which lines go, by what they were read as.

A page is divided into what stands above the article, the article, and what stands below it. Around the article goes what could be chrome,
such as a paragraph in a list of other stories. Inside, a line goes only if it is nearly certain that it is no part of the text, and a paragraph only if its words alone say so, too.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ..text.interface import is_manual, is_section_heading
from .article import Articles, Pages, articles
from .chances import weigh
from .headline import GUESSED, is_title_of
from .kinds import DROPPED, KINDS
from .line_features import OWN
from .numbering import numbered
from .read import Alone, Lines, Readings, read
from .surroundings import AROUND_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Caution", "Decided", "Going", "are_text", "going"]

Caution = Literal["careful", "even", "strict"]
_SHIFT: dict[Caution, float] = {"careful": 1.0, "even": 0.0, "strict": -1.0}
"""Moves the odds that are asked for, in natural logarithms."""
OUTSIDE, INSIDE, PARAGRAPH = 0.02, 0.93, 0.97
"""So likely it has to be that a line is none of the text: around the article, inside it, and there if it is a paragraph, or a sentence
whose words alone do not say so."""
TEASER, LINE = 0.5, 0.7
"""Below the article, and above it if it is prose, it has to be as likely as this at least, if it is a paragraph, as teasers of other stories are, or shorter."""
AMONG_CHROME, SURELY_CHROME, LEAST_CHROME, CHROME_SHARE = 0.5, 0.8, 3, 0.1
"""Inside, so likely where so many lines of the page, and so large a share of them, are chrome so surely: who printed these prints more;"""
ALONE_CHROME = 0.8
"""and if the words alone make it so likely: headings look like headlines of other stories."""
LITTLE, MUCH = 15, 60
"""Where less chrome than this stands on one side of the article (see `article.Articles`), lines there may belong to it, and more is asked."""
TITLE = 0.5
"""A title may stand far above its article,"""
HEADLINE = 0.97
"""and the headline says what the article is about: so do those of other stories, and it looks like them."""
ALONE = 0.5
NUMBERED = 0.93
"""Between numbers that count on from the article, and in a text without a paragraph, the words alone have to make it so likely: texts that end in short lines look as if they were over."""
FEW_SECTIONS = 3
"""So many headings with the numbers of sections make a manual."""
TEXT = 0.3
"""A part of a line that would go is text if its words alone make it no likelier that it is none, and it does not go where it stands."""
SURELY_TEXT, WORD_CHARS = 0.2, 5
"""Of the lines that a rule would take whole although it is so unlikely that they are none of the text, nine of ten are text: the network knew of the
rule, too, and of all that stands around. Of a word or two a rule knows better."""
PARAGRAPH_CHARS = 60
_LEAST = 1e-4
_PROSE = OWN.index("prose")
_TITLE = KINDS.index("title")
_ALL = range(len(KINDS))
_HEADLINE = AROUND_NAMES.index("is-title")


class Going(NamedTuple):
    """A line that goes: its place, the kind it goes for, how likely it is that it is none of the text, 0 to 1, and whether it stands among
    the lines of the article."""

    place: int
    kind: str
    probability: float
    is_inside: bool


class Decided(NamedTuple):
    """What is decided of the lines of each page: which go, and the places of those that are text for sure."""

    goes: list[list[Going]]
    sure_text: list[list[int]]


_new_going: Callable[[Iterable[Any]], Going] = partial(tuple.__new__, Going)
"""A row as it is, which is a third of what its own way takes."""


def going(lines: Lines, readings: Readings, drop: Collection[str], keep: Collection[str], caution: Caution) -> Decided:
    """Which lines of each page go, and which no phrase can take.

    Args:
        lines: the lines of the pages.
        readings: what they were read as.
        drop: kinds that go whenever they are the most likely one, besides those that go by default.
        keep: kinds that stay whenever they are.
        caution: how sure it has to be.
    """
    import numpy as np

    columns = _columns(frozenset(drop), frozenset(keep))
    kinds, chance = weigh(readings.placed, columns)
    goes, is_inside = _are_chrome(lines, readings, chance, weigh(readings.alone, columns)[1], caution)
    if drop or keep:
        likely = readings.placed.argmax(1)
        goes |= np.array([kind in drop for kind in KINDS])[likely]
        goes &= ~np.array([kind in keep for kind in KINDS])[likely]
    places = goes.nonzero()[0]
    pages = lines.pages
    columns_of = (
        pages.place[places].tolist(),
        map(KINDS.__getitem__, kinds[places].tolist()),
        map(_rounded, chance[places].tolist()),
        is_inside[places].tolist(),
    )
    found = map(_new_going, zip(*columns_of, strict=True))
    counts = np.bincount(pages.of_line[places], minlength=len(pages.starts)).tolist()
    return Decided([list(islice(found, count)) for count in counts], _sure_text(lines, chance))


@cache
def _rounded(chance: float) -> float:
    """A probability of four digits with three."""
    return round(chance, 3)


@cache
def _columns(drop: frozenset[str], keep: frozenset[str]) -> list[int]:
    """Where among `KINDS` those are that go."""
    return [number for number, kind in enumerate(KINDS) if kind in (DROPPED | drop) - keep]


@cache
def _thresholds(caution: Caution) -> tuple[float, ...]:
    """The odds that are asked for around the article, there at least of what may belong to it, inside it, there if the page has much chrome, of a
    paragraph, of a title and of the headline."""
    wanted = OUTSIDE, TEASER, LINE, INSIDE, AMONG_CHROME, PARAGRAPH, TITLE, HEADLINE
    return tuple(_log_odds(least) + _SHIFT[caution] for least in wanted)


def _are_chrome(
    lines: Lines,
    readings: Readings,
    chance: NDArray[Any],
    alone: NDArray[Any],
    caution: Caution,
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Which lines are none of the text, and which stand among those of the article.

    Args:
        lines: the lines of the pages.
        readings: what they were read as.
        chance: how likely each is none of the text, 0 to 1; `alone` by its words alone.
        caution: how sure it has to be.
    """
    import numpy as np

    pages, keys = lines.pages, lines.keys
    sizes = np.fromiter(map(len, keys), np.int64, len(keys))
    prose = readings.seen.own[:, _PROSE] > 0
    confirmed = readings.around[:, _HEADLINE] > GUESSED
    article = articles(pages, _log_odds(chance), sizes, prose, confirmed)
    found: NDArray[Any] = article.odds >= _least(pages, article, readings, chance, alone, sizes, caution)
    is_above, is_below = article.sides(pages)
    is_inside = ~(is_above | is_below)
    # Verse and tables have no place in which a line looks like chrome.
    has_prose = np.logical_or.reduceat(prose, pages.starts)[pages.of_line]
    found &= (alone >= NUMBERED) | (has_prose & ~numbered(lines.texts, keys, lines.starts, ~found, is_inside))
    found &= ~_are_of_manuals(lines, found, alone)
    place = pages.first(confirmed)
    has_headline = (article.first <= place) & (place < article.behind)
    found[pages.starts] |= _names_site(keys, pages, place) & has_headline & (article.above > LITTLE)
    unconfirmed = found[pages.starts] & (place < 0)
    for start, stop in zip(pages.starts[unconfirmed].tolist(), pages.stops[unconfirmed].tolist(), strict=True):
        stays = [line for line in range(start, stop) if not found[line]]
        text = "\n".join(keys[line] for line in stays if prose[line])
        found[start] = not is_title_of(lines.texts[start], [keys[line] for line in stays], text)
    # A text of nothing but chrome is no page that anybody wanted cleaned.
    found &= ~pages.are_all(found)[pages.of_line]
    return found, is_inside


def _least(
    pages: Pages,
    article: Articles,
    readings: Readings,
    chance: NDArray[Any],
    alone: NDArray[Any],
    sizes: NDArray[Any],
    caution: Caution,
) -> NDArray[Any]:
    """The odds that are asked for of each line: what it is, where it stands, and how much chrome stands there."""
    import numpy as np

    prose = readings.seen.own[:, _PROSE] > 0
    paragraph = prose & (sizes >= PARAGRAPH_CHARS)
    outside, of_teaser, of_line, inside, among_chrome, of_paragraph, of_title, of_headline = _thresholds(caution)
    is_above, is_below = article.sides(pages)
    is_outside = is_above | is_below
    crowded = np.where(alone >= ALONE_CHROME, _chrome_share(pages, chance)[pages.of_line], 0.0)
    among_text = inside - (inside - among_chrome) * crowded
    least = np.where(paragraph | (prose & (alone < ALONE)), of_paragraph, among_text)
    much = np.where(is_above, article.above[pages.of_line], article.below[pages.of_line])
    share = np.minimum(np.maximum((much - LITTLE) / MUCH, 0.0), 1.0)
    least -= np.where(is_outside, (least - outside) * share, 0.0)
    # Odds that were moved until there was an article are asked for as they were.
    likely = np.where(paragraph, of_teaser, of_line) + article.odds - _log_odds(chance)
    least = np.where(is_below | (is_above & prose), np.maximum(least, likely), least)
    title = weigh(readings.placed, _ALL)[0] == _TITLE
    least = np.where(title, np.maximum(least, of_title), least)
    least[readings.around[:, _HEADLINE] > 0] = of_headline
    return np.where(paragraph & ~is_outside & (alone < ALONE), np.inf, least)


def _are_of_manuals(lines: Lines, goes: NDArray[Any], alone: NDArray[Any]) -> NDArray[Any]:
    """Which of the lines that would go are parts of manuals: headings with the number of a section and their table of contents, and, in a text that
    speaks of parts of programs, all that is no likelier chrome than text by its words `alone`."""
    import numpy as np

    pages = lines.pages
    found = np.zeros(len(goes), np.bool_)
    for page in np.flatnonzero(np.logical_or.reduceat(goes, pages.starts)).tolist():
        start, stop = int(pages.starts[page]), int(pages.stops[page])
        are_headings = [is_section_heading(text) for text in lines.texts[start:stop]]
        if sum(are_headings) >= FEW_SECTIONS:
            found[start:stop] = are_headings
        if is_manual(lines.keys[start:stop]):
            found[start:stop] |= alone[start:stop] < ALONE
    return found


def _chrome_share(pages: Pages, chance: NDArray[Any]) -> NDArray[Any]:
    """How much of each page is chrome for sure, 0 for hardly any to 1, given how likely each line is."""
    import numpy as np

    counts = np.bincount(pages.of_line[chance >= SURELY_CHROME], minlength=len(pages.starts))
    lines = np.bincount(pages.of_line, minlength=len(pages.starts))
    found: NDArray[Any] = np.where(counts < LEAST_CHROME, 0.0, np.minimum(counts / lines / CHROME_SHARE, 1.0))
    return found


def _sure_text(lines: Lines, chance: NDArray[Any]) -> list[list[int]]:
    """The lines of each page that are text, in their place, so surely that a phrase says nothing against it, given how likely each is none.
    Rows of tables are made of parts that nobody read one by one."""
    import numpy as np

    sure = np.flatnonzero(chance < SURELY_TEXT)
    bounds = pairwise([*np.searchsorted(sure, lines.starts).tolist(), len(sure)])
    places = sure.tolist()
    return [
        [at - start for at in places[first:stop] if len(lines.keys[at]) >= WORD_CHARS and lines.texts[at][0] != "|"]
        for start, (first, stop) in zip(lines.starts, bounds, strict=True)
    ]


def are_text(lines: Lines, seen: Alone, rests: Mapping[int, str]) -> set[int]:
    """Of which lines the rest is text, if nothing else stood in them: by its words, and in its place.

    Args:
        lines: the lines of the pages.
        seen: what is seen of them by themselves.
        rests: what is left of some of them, by their places among all lines.
    """
    by_words = weigh(read(lines.alone(rests)).alone, _columns(frozenset(), frozenset()))[1].tolist()
    likely = {line: rest for (line, rest), chance in zip(rests.items(), by_words, strict=True) if chance < TEXT}
    if not likely:
        return set()
    changed, places = lines.rewritten(seen, likely)
    goes, _ = going(changed, read(changed), (), (), "even")
    gone = {start + one.place for start, found in zip(changed.starts, goes, strict=True) for one in found}
    return {line for line, place in places.items() if place not in gone}


def _names_site(keys: Sequence[str], pages: Pages, headline: NDArray[Any]) -> NDArray[Any]:
    """Whether a page begins with its title and the site's name behind it, given the place of the headline that confirms it, or -1."""
    import numpy as np

    starts = pages.starts.tolist()
    found = [
        at > 0 and len(keys[start]) > len(keys[start + at]) for start, at in zip(starts, headline.tolist(), strict=True)
    ]
    return np.array(found, np.bool_)


def _log_odds(chance: Any) -> Any:
    import numpy as np

    chance = np.minimum(np.maximum(chance, _LEAST), 1 - _LEAST)
    return np.log(chance / (1 - chance))
