"""Which line of a page is the article's headline, and which lines say the same as it."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..arrays.character_kinds import new_runs
from ..arrays.character_table import codes_of
from ..arrays.compiled import compiled
from ..arrays.expressions import expression
from ..conversion.fold import key
from .stretches import Stretches

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["GUESSED", "Pairs", "headline", "is_title_of", "titles"]

GUESSED = 0.5
"""How sure a headline is that no page title confirms."""
_TITLE_CHARS = (5, 60)
_ABOVE = 14
"""A headline stands within so many lines above its text."""
_LONGEST = 2
"""So many stretches of prose may be the text, the longest ones of a page."""
_FEWEST_COMMON, _LEAST_COMMON = 4, 0.4
"""So many of its pairs of characters, and such a share of them, a headline has in common with its text."""
_NO_TITLE = re.compile("[0-9]{4}\\s*[-年/.]|[0-9]:[0-9]|[：:]\\s*$|^\\s*[（(【\\[·▲]|[。，]$|[图摄]|www|http")
_PARTS = expression("\\s*[-–—|｜_]+\\s*")
"""What stands between a title and the names of the section and the site."""
_WAY = frozenset(">›»/")
_LINE_BITS = 21
"""A character has 21 bits; so have the lines of a batch of pages, and two characters and a line fit into one number."""


class Pairs:
    """The pairs of characters that stand beside each other in lines, each pair of a line once.

    Attributes:
        line: for each the line that it is of.
        counts: how many each line has.

    Args:
        keys: the lines, page after page.
        page: for each the number of its page, 0 for the first one.
    """

    def __init__(self, keys: Sequence[str], page: NDArray[Any]) -> None:
        import numpy as np

        text = "\n".join(keys)
        self._part = compiled()
        if self._part:
            found = np.empty((2, len(text)), np.int32)
            count = self._part.pairs(text, page, *found)
            # `_group` is the number of the pair on its page.
            self.line, self._group = found[:, :count]
        else:
            self.line, self._group = self._sorted(text, page)
        self.counts = self._count(self.line, len(keys))

    @staticmethod
    def _sorted(text: str, page: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        import numpy as np

        codes = codes_of(text).astype(np.int64)
        breaks = codes == 0x0A
        both = codes[:-1] << 2 * _LINE_BITS
        both |= codes[1:] << _LINE_BITS
        both |= breaks[:-1].cumsum()
        found = both[~(breaks[:-1] | breaks[1:])]
        found.sort()
        found = found[new_runs(found)]
        line = found & ((1 << _LINE_BITS) - 1)
        # Lines are in order, so within a pair the lines of one page are neighbours.
        new = new_runs(found >> _LINE_BITS)
        if page[-1]:
            new |= new_runs(page.take(line))
        return line, new.cumsum() - 1

    @staticmethod
    def _count(lines: NDArray[Any], size: int) -> NDArray[Any]:
        import numpy as np

        return np.bincount(lines, minlength=size)

    def in_common(self, known: NDArray[Any]) -> NDArray[Any]:
        """For each line how many of its pairs stand in lines of its page that are known, itself among them."""
        return self._in_lines(known, others=False)

    def in_others(self, known: NDArray[Any]) -> NDArray[Any]:
        """The same for lines besides itself."""
        return self._in_lines(known, others=True)

    def _in_lines(self, known: NDArray[Any], *, others: bool) -> NDArray[Any]:
        import numpy as np

        if self._part:
            found = np.empty(len(known), np.int64)
            self._part.in_common(self.line, self._group, known, others, found)
            return found
        if not len(self.line):
            return np.zeros(len(known), np.int64)
        is_known = known[self.line]
        times = np.bincount(self._group[is_known], minlength=self._group[-1] + 1)[self._group]
        return self._count(self.line[times > (is_known if others else 0)], len(known))


def headline(keys: Sequence[str], paragraphs: Sequence[int]) -> int | None:
    """The line below the first one that says most of what the first one says: a page's first line is its title, with
    the site's name behind it, and the article's headline says it again; if more than once, then the last time above the first
    text that is near: lists of stories above the article name it too, and captions below.

    Args:
        keys: the keys of the lines.
        paragraphs: the indices of those that are prose.

    >>> headline(["月全食今晚登场青石网", "月全食今晚登场", "渡口停航", "月全食今晚登场", "正文", "月全食今晚登场"], [4])
    3
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
    first = next((i for i in copies if to_text(i) <= _ABOVE), None)
    return first if first is None else max(i for i in copies if i < first + to_text(first))


def is_title_of(first: str, stays: Sequence[str], prose: str) -> bool:
    """Whether a page's first line, or a part of it, is about the text of the page, and nothing that stays says the same.

    Args:
        first: the line.
        stays: the keys of the lines that stay.
        prose: the keys of those among them that are prose, joined.

    >>> text = "昨天起渡口停航三天渡船进坞检修"
    >>> is_title_of("渡口停航三天 - 本地 - 青石网", [text], text), is_title_of("首页 > 渡口停航三天", [text], text)
    (True, False)
    """
    if not _WAY.isdisjoint(first):
        return False
    for part in map(key, (first, *_PARTS.split(first))):
        common = sum(part[i : i + 2] in prose for i in range(len(part) - 1))
        if common >= max(_FEWEST_COMMON, _LEAST_COMMON * (len(part) - 1)):
            return not any(part in said for said in stays if len(said) <= _TITLE_CHARS[1])
    return False


def titles(
    texts: Sequence[str],
    keys: Sequence[str],
    prose: NDArray[Any],
    starts: Sequence[int],
    stretches: Stretches,
    pairs: Pairs,
) -> list[tuple[int | None, float]]:
    """For each page the line of its headline, and how sure that is."""
    paragraphs = prose.nonzero()[0].tolist()
    found: list[tuple[int | None, float]] = []
    for start, stop in pairwise([*starts, len(keys)]):
        own = paragraphs[bisect_left(paragraphs, start) : bisect_left(paragraphs, stop)]
        title = headline(keys[start:stop], [i - start for i in own])
        found.append((None if title is None else start + title, 1.0))
    unknown = [number for number, (title, _) in enumerate(found) if title is None]
    for number, title in zip(unknown, _likely_headlines(texts, keys, starts, stretches, pairs, unknown), strict=True):
        found[number] = title, GUESSED
    return found


def _likely_headlines(
    texts: Sequence[str],
    keys: Sequence[str],
    starts: Sequence[int],
    stretches: Stretches,
    pairs: Pairs,
    pages: Sequence[int],
) -> list[int | None]:
    """For pages of which no first line tells it: the line above one of the longest stretches of prose that says most of its words."""
    import numpy as np

    low, high = _TITLE_CHARS
    first, start, stop = stretches.first.tolist(), stretches.start.tolist(), stretches.stop.tolist()
    best: list[tuple[float, int | None]] = [(0.0, None)] * len(pages)
    sizes = list(map(len, keys))
    longest = [
        sorted((sum(sizes[start[n] : stop[n]]), n) for n in range(first[page], first[page + 1]))[-_LONGEST:]
        for page in pages
    ]
    # First the longest but one of every page, then the longest.
    for rank in range(_LONGEST, 0, -1):
        topic = np.zeros(len(keys), np.bool_)
        asked = [(at, *own[-rank]) for at, own in enumerate(longest) if len(own) >= rank]
        for _, _, n in asked:
            topic[start[n] : stop[n]] = True
        common, counts = pairs.in_common(topic), pairs.counts
        fits = (common >= _FEWEST_COMMON) & (common >= _LEAST_COMMON * counts)
        for at, size, n in asked:
            above = max(starts[pages[at]], start[n] - _ABOVE)
            for i in (above + fits[above : start[n]].nonzero()[0]).tolist():
                weight = int(common[i]) ** 2 / int(counts[i]) * math.sqrt(size)
                if low <= sizes[i] <= high and weight > best[at][0] and not _NO_TITLE.search(texts[i]):
                    best[at] = weight, i
    return [line for _, line in best]
