"""Which lines go, by what they were read as.

Around the article even odds are enough. Between its lines, and where there is no article, a line goes only if it is nearly certain that
it is no part of the text, and a paragraph only if its words alone say so, too.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from .kinds import KINDS
from .own import OWN
from .read import Lines, Readings

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Caution", "Going", "going"]

Caution = Literal["careful", "even", "strict"]
_SHIFT: dict[Caution, float] = {"careful": 1.0, "even": 0.0, "strict": -1.0}
"""Moves the odds that are asked for, in natural logarithms."""
OUTSIDE, INSIDE, PARAGRAPH = 0.5, 0.85, 0.95
"""So likely it has to be that a line is none of the text: around the article, inside it, and if it is a paragraph."""
ALONE = 0.5
PARAGRAPH_CHARS = 60
SURE = 0.3
"""A paragraph that is less likely to be chrome is one of the article."""
ARTICLE_CHARS = 20
_PROSE = OWN.index("prose")


class Going(NamedTuple):
    """A line that goes: its place, the kind it goes for, and how likely it is that it is none of the text, 0 to 1."""

    place: int
    kind: str
    probability: float


def going(
    lines: Lines, own: NDArray[Any], readings: Readings, dropped: Collection[str], caution: Caution
) -> list[list[Going]]:
    """The lines of each page that go.

    Args:
        lines: the lines of the pages.
        own: what is seen of each line by itself (see `read.Features`).
        readings: what they were read as.
        dropped: the kinds that go.
        caution: how sure it has to be.
    """
    import numpy as np

    columns = [number for number, kind in enumerate(KINDS) if kind in dropped]
    placed, alone = readings.placed[:, columns], readings.alone[:, columns].sum(1)
    chance = placed.sum(1)
    sizes = np.fromiter(map(len, lines.keys), np.int64, len(lines.keys))
    prose = own[:, _PROSE] > 0
    article = prose & (chance < SURE) & (sizes >= ARTICLE_CHARS)
    paragraph = prose & (sizes >= PARAGRAPH_CHARS)
    kinds = placed.argmax(1)
    outside, inside, of_paragraph = (_shifted(least, _SHIFT[caution]) for least in (OUTSIDE, INSIDE, PARAGRAPH))
    found = []
    for start, stop in zip(lines.starts, [*lines.starts[1:], len(lines.keys)], strict=True):
        page = slice(start, stop)
        least = np.full(stop - start, inside)
        places = np.flatnonzero(article[page])
        if len(places):
            least[: places[0]] = least[places[-1] + 1 :] = outside
        least[paragraph[page]] = np.maximum(least[paragraph[page]], of_paragraph)
        goes = (chance[page] >= least) & (~paragraph[page] | (alone[page] >= ALONE))
        found.append(
            [
                Going(place, KINDS[columns[kinds[start + place]]], round(float(chance[start + place]), 3))
                for place in np.flatnonzero(goes).tolist()
            ]
        )
    return found


def _shifted(chance: float, by: float) -> float:
    return 1 / (1 + math.exp(-(math.log(chance / (1 - chance)) + by)))
