"""The article in a whole dumped page: what stands above it, between its headline and its text, and below it goes.

This stage runs only where it was asked for (`body`, or the profiles page and auto). What is left is then cleaned like an article.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from ..line import Block, Neighbours, Scored
from ..page.features import NAMES, Hits, features
from ..page.model import Model, body_model
from ..rules.match import Matcher
from ..text.fold import key
from .looks import Looks
from .memory import Memory

__all__ = ["Body", "page_lines"]

SECTION_NAMES = 5
"""Unasked, a text is taken for a page if so many sections of a site (新闻, 财经 …) stand in it, each on a line alone.
Of 192 dumped pages 170 are, of as many extracted articles one, which is a page; of 48 written ones (poems, tables) none."""
_SECTIONS = "web/navigation-bar"


_PROSE = NAMES.index("prose")


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a block that say something, with their features.

    Attributes:
        index: their indices in the block.
        rows: their features.
        sizes: the characters of their keys.
        known: whether a rule drops the line, or cuts a list below it.
    """

    index: list[int]
    rows: list[list[float]]
    sizes: list[int]
    known: list[bool]


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

    def run(self, block: Block, memory: Memory) -> None:
        """Remove the lines around the article. A page that does not fit into one block is left as it is."""
        if not (block.is_head and block.is_tail) or (self.only_pages and not self._is_page(block)):
            return
        lines = page_lines(block, self.matcher, memory.looks)
        if not lines.index:
            return
        states = self.model.states(lines.rows, lines.sizes)
        inside = [place for place, (state, _) in enumerate(states) if state in ("headline", "text")]
        last = inside[-1] + 1
        # A paragraph below a paragraph belongs to it; what does not is a list or a line that a rule knows.
        while last < len(states) and lines.rows[last][_PROSE] and not lines.known[last]:
            inside.append(last)
            last += 1
        outside = sorted(set(range(len(states))).difference(inside))
        # Once the rules have done their work no line is left that they know, and nothing more is taken for a page.
        if not any(lines.known[place] for place in outside):
            return

        def evidence(index: int) -> Scored:
            """Worked out when the ledger asks for it: to rank a hundred features takes longer than to weigh them."""
            place = places[index]
            state, score = states[place]
            return Scored(round(score, 3), self.model.reasons(lines.rows[place], state))

        places = {lines.index[place]: place for place in outside}
        for state, group in groupby(outside, key=lambda place: states[place][0]):
            going = [lines.index[place] for place in group]
            block.remove_all(going, stage=self.name, rule=f"body/{state}", evidence=evidence)
        self._remove_marks(block, lines.index[min(inside)], lines.index[max(inside)])

    def _remove_marks(self, block: Block, first: int, last: int) -> None:
        """Remove lines that say nothing, such as rows of dashes, above and below the article."""
        for i in block.kept():
            if not block.key[i] and (block.text[i] or "").strip() and not first < i < last:
                place = "above" if i < first else "below"
                block.remove(i, stage=self.name, rule=f"body/{place}", evidence=Neighbours(f"{place} the article"))

    def _is_page(self, block: Block) -> bool:
        return len({block.key[i] for i in block.kept()} & self.sections) >= SECTION_NAMES

    def remember(self, block: Block, memory: Memory) -> None:
        """Each page is looked at by itself."""


def page_lines(block: Block, matcher: Matcher, looks: Looks) -> PageLines:
    """The lines of a block with their features. Rules count wherever they match: head and tail are not known yet."""
    index = [i for i in block.kept() if block.key[i]]
    place = {i: number for number, i in enumerate(index)}
    texts = [block.text[i] or "" for i in index]
    keys = [block.key[i] for i in index]
    hits: Hits = {}
    for i, hit in looks.hits(block, matcher, len(block), 0):
        rule = hit.rule
        ends = rule.below == "rest" or (rule.action == "cut" and rule.below != "none")
        hits[place[i]] = (rule.action, ends)
    drops = [place in hits and not hits[place][0].startswith("trim") for place in range(len(index))]
    return PageLines(index, features(texts, keys, hits), [len(said) for said in keys], drops)
