"""Which line of a page is the article's headline, and which lines say the same as it."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..arrays.character_kinds import LineArrays
from .stretches import Stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GUESSED", "headline", "pairs_in_common", "titles"]

GUESSED = 0.5
"""How sure a headline is that no page title confirms."""
_TITLE_CHARS = (5, 60)
_ABOVE = 14
"""A headline stands within so many lines above its text."""
_NO_TITLE = re.compile("[0-9]{4}\\s*[-年/.]|[0-9]:[0-9]|[：:]\\s*$|^\\s*[（(【\\[·▲]|[。，]$|[图摄]|www|http")
_LINE_BITS = 21
"""A character has 21 bits; so have the lines of a batch of pages, and two characters and a line fit into one number."""


def headline(keys: Sequence[str], paragraphs: Sequence[int]) -> int | None:
    """The line below the first one that says most of what the first one says: a page's first line is its title, with
    the site's name behind it, and the article's headline says it again; if more than once, then the first time that text is near,
    as captions below say it too.

    Args:
        keys: the keys of the lines.
        paragraphs: the indices of those that are prose.

    >>> headline(["月全食今晚登场青石网", "首页", "月全食今晚登场", "正文"], [3])
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

    copies = [i for i in said if len(keys[i]) == longest]
    return next((i for i in copies if to_text(i) <= _ABOVE), None)


def titles(
    texts: Sequence[str],
    keys: Sequence[str],
    prose: NDArray[Any],
    starts: Sequence[int],
    stretches: Stretches,
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


def pairs_in_common(
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
