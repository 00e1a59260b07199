"""The article in a whole dumped page: what stands above it, between its headline and its text, and below it goes.

This stage runs only where it was asked for (`body`, or the profiles page and auto). What is left is then cleaned like an article.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from ..line import Block, Neighbours, Scored
from ..page.features import NAMES, Hits, features
from ..page.model import Model, State, body_model
from ..rules.match import Matcher
from ..text.fold import key
from .looks import Looks
from .memory import Memory, Work

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Body", "PageLines", "page_lines", "rows_of"]

SECTION_NAMES = 5
"""Unasked, a text is taken for a page if so many sections of a site (新闻, 财经 …) stand in it, each on a line alone.
Of 192 dumped pages 170 are, of as many extracted articles one, which is a page; of 48 written ones (poems, tables) none."""
_SECTIONS = "web/navigation-bar"


_PROSE = NAMES.index("prose")


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a block that say something, and the rules that know them wherever they stand: where the head ends and
    the tail begins is not known yet.

    Attributes:
        index: their indices in the block.
        texts, keys: what they are and say.
        hits: those that a rule matches, by their place among these lines (see `features`).
    """

    index: list[int]
    texts: list[str]
    keys: list[str]
    hits: Hits

    def is_known(self, place: int) -> bool:
        """Whether a rule drops the line, or cuts a list below it."""
        return place in self.hits and not self.hits[place][0].startswith("trim")


class Body:
    """Removes what the model finds to be no part of the article.

    Args:
        matcher: the rules, whose hits are features.
        only_pages: leave texts alone that do not look like a whole page.
        model: weights; by default those of the package.
    """

    name = "body"

    def __init__(self, matcher: Matcher, *, only_pages: bool, model: Model | None = None) -> None:
        self.matcher = matcher
        self.only_pages = only_pages
        self.sections = {key(word) for rule in matcher.rules if rule.name == _SECTIONS for word in rule.words}
        self.model = model or body_model()

    def run(self, work: Sequence[Work]) -> None:
        """Remove the lines around the article of each page. A page that does not fit into one block is left as it is."""
        chosen: list[Work] = []
        pages: list[PageLines] = []
        for block, memory in work:
            if block.is_head and block.is_tail and not (self.only_pages and not self._is_page(block)):
                lines = page_lines(block, self.matcher, memory.looks)
                # Once the rules have done their work no line is left that they know, and nothing more is taken for a page.
                if any(map(lines.is_known, lines.hits)):
                    chosen.append((block, memory))
                    pages.append(lines)
        if pages:
            rows, starts = rows_of(pages)
            sizes = [len(said) for lines in pages for said in lines.keys]
            states = self.model.states(rows, sizes, starts)
            for (block, memory), lines, (start, stop) in zip(
                chosen, pages, pairwise([*starts, len(states)]), strict=True
            ):
                if inside := self._cut(block, lines, rows[start:stop], states[start:stop]):
                    self._remove_marks(block, memory, *inside)

    def _cut(
        self, block: Block, lines: PageLines, rows: NDArray[Any], states: Sequence[tuple[State, float]]
    ) -> tuple[int, int] | None:
        """Remove what is no part of the article, if a rule knows any of it; the first and the last line of the article."""
        inside = [place for place, (state, _) in enumerate(states) if state in ("headline", "text")]
        last = inside[-1] + 1
        # A paragraph below a paragraph belongs to it; what does not is a list or a line that a rule knows.
        while last < len(states) and rows[last, _PROSE] and not lines.is_known(last):
            inside.append(last)
            last += 1
        outside = sorted(set(range(len(states))).difference(inside))
        if not any(map(lines.is_known, outside)):
            return None
        evidence = self._evidence(lines.index, rows, states)
        for state, group in groupby(outside, key=lambda place: states[place][0]):
            going = [lines.index[place] for place in group]
            block.remove_all(going, stage=self.name, rule=f"body/{state}", evidence=evidence)
        return lines.index[min(inside)], lines.index[max(inside)]

    def _evidence(
        self, index: Sequence[int], rows: NDArray[Any], states: Sequence[tuple[State, float]]
    ) -> Callable[[int], Scored]:
        """Worked out when the ledger asks for it: to rank a hundred features takes longer than to weigh them."""
        places = {i: place for place, i in enumerate(index)}

        def evidence(i: int) -> Scored:
            state, score = states[places[i]]
            return Scored(round(score, 3), self.model.reasons(rows[places[i]], state))

        return evidence

    def _remove_marks(self, block: Block, memory: Memory, first: int, last: int) -> None:
        """Remove lines that say nothing, such as rows of dashes, above and below the article."""
        for i in block.kept():
            if block.key[i] or i in memory.markup.silent or first < i < last:
                continue
            if (block.text[i] or "").strip():
                place = "above" if i < first else "below"
                block.remove(i, stage=self.name, rule=f"body/{place}", evidence=Neighbours(f"{place} the article"))

    def _is_page(self, block: Block) -> bool:
        return len({block.key[i] for i in block.kept()} & self.sections) >= SECTION_NAMES

    def remember(self, block: Block, memory: Memory) -> None:
        """Each page is looked at by itself."""


def page_lines(block: Block, matcher: Matcher, looks: Looks) -> PageLines:
    """The lines of a block that say something, and what rules know of them."""
    index = [i for i in block.kept() if block.key[i]]
    place = {i: number for number, i in enumerate(index)}
    hits: Hits = {}
    for i, hit in looks.hits(block, matcher, len(block), 0):
        rule = hit.rule
        ends = rule.below == "rest" or (rule.action == "cut" and rule.below != "none")
        hits[place[i]] = (rule.action, ends)
    return PageLines(index, [block.text[i] or "" for i in index], [block.key[i] for i in index], hits)


def rows_of(pages: Sequence[PageLines]) -> tuple[NDArray[Any], list[int]]:
    """The features of the lines of several pages, none of them empty, and the first row of each page."""
    texts: list[str] = []
    keys: list[str] = []
    hits: Hits = {}
    starts: list[int] = []
    for lines in pages:
        starts.append(len(texts))
        hits.update({len(texts) + place: hit for place, hit in lines.hits.items()})
        texts += lines.texts
        keys += lines.keys
    return features(texts, keys, hits, starts), starts
