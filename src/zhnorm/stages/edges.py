"""What surrounds an article. Lists under a heading like 相关文章, comments, bars of links above the text.

Edges are peeled, never numbered: a line goes because it looks like its neighbours in a list, and peeling stops at the first
line that does not. If real paragraphs follow a heading it heads text, and stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import chain, groupby

from ..line import Block, Match, Neighbours, Span
from ..rules.match import Hit, Matcher
from ..text.dates import is_dateline
from ..text.expressions import expression
from ..text.fold import fold
from ..text.markup import Markup
from ..text.shape import (
    LONG_CHARS,
    ends_sentence,
    is_bar,
    is_breadcrumb,
    is_comment_sign,
    is_link_like,
    is_neighbour,
    is_teaser,
    starts_with_bullet,
)
from ..text.shapes import BREAK, DIGIT, DOT, LABEL
from ..text.signs import FULL_STOPS
from .boilerplate import zones
from .edges_listings import HEADLINE_CHARS, SECTION_CHARS, is_entry, listings
from .shared_looks import Looks
from .stage import Memory, Stage

__all__ = ["Edges"]

CUT_SHARE = 0.4
"""Never cut more than this share of the text that is left: what is that large is the page."""
PROSE_RATIO = 2
"""The article is over if the prose above outweighs the prose below by more than this,"""
LINKS_RATIO = 3
"""and if this many lines that look like links come on each paragraph below: leads of other articles, not more of this one."""
MOST_BELOW = 2
"""What is longer than this many times the text above is a page, not the end of an article."""
DATELINES = 2
"""More lines with dates above the text are a calendar, and no datelines."""
TAGS = 7
COMMENT_SHARE = 3
"""Of lines that are comments at least one in so many says who wrote, when, or asks for an answer."""
_REFERENCE = expression("》.*(?:著|[译譯]|出版|[编編]|[0-9]{4}\\s*年)")
"""A book behind “further reading” is named as in a bibliography, and is no link."""
_CELL = expression("\\s*\\|.*\\|\\s*$", re.DOTALL)
_TAG_BREAK = expression(f"\\s[、,/|·]\\s+(?=[^\\s、,/|·，；{FULL_STOPS}]{{1,12}}(?:\\s|$))")
"""Keywords are printed with spaces around what parts them, as no writer does."""


class Edges(Stage):
    """Cuts lists below their headings and peels bars of links and datelines off the top and the bottom.

    Args:
        matcher: the rules, among them those that head a list.
        datelines: whether lines that say when and where a text was published go.
    """

    name = "edges"

    def __init__(self, matcher: Matcher, *, datelines: bool = True) -> None:
        self.matcher = matcher
        self.datelines = datelines
        self._ends = {rule.name for rule in matcher.rules if rule.below == "rest"}

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove lists, comments and bars."""
        looks = memory.looks
        head, tail = zones(block, looks)
        hits = {
            i: hit
            for i, hit in looks.hits(block, self.matcher, head, tail)
            if hit.rule.action == "cut"
            and hit.stop - hit.start == len(block.text[i] or "")
            and i not in memory.asked_for
        }
        kept = [
            i
            for i, (text, said) in enumerate(zip(block.text, block.key, strict=True))
            if said and text is not None and i not in memory.asked_for
        ]
        for i in hits:
            if block.text[i] is not None:
                self._cut(block, memory, hits, kept, bisect_left(kept, i), in_head=i < head)
        if block.is_tail:
            self._cut_behind_end(block, looks, kept)
        if block.is_tail and kept and not head <= kept[0] <= kept[-1] < tail:
            for rule, reason, lines in listings(block, looks, head, tail):
                left = [i for i in lines if block.text[i] is not None and i not in memory.asked_for]
                evidence = Neighbours(reason, line=block.first + lines[0])
                block.remove_all(left, stage=self.name, rule=rule, evidence=evidence)
        if self.datelines:
            self._remove_datelines(block, memory, head, tail)
        self._bars(block, memory, head, tail)

    def _cut(
        self, block: Block, memory: Memory, hits: dict[int, Hit], kept: list[int], place: int, *, in_head: bool
    ) -> None:
        """Remove the heading at `place` and what belongs to it, if the guards agree.

        Above the text nothing goes with it: among the lines that look like links there is the title.
        """
        i, looks = kept[place], memory.looks
        hit = hits[i]
        below = kept[place + 1 :]
        if hit.rule.below == "none" or in_head:
            going = []
        elif block.is_tail and (
            _is_over(block, looks, kept[:place], below)
            or _is_sidebar(block, looks, kept[:place], kept[place:])
            or self._are_comments(block, looks, kept, hit, below)
        ):
            going = below
        else:
            links = self._links(block, looks, hits, below)
            if links is None:
                if not _holds_headline(block.text[i] or "", block.key[i], hit.pattern):
                    return
                links = []
            going = links if self._fits(block, kept, links) else []
            if links and not going:
                return
        pattern = hit.pattern
        block.remove(i, stage=self.name, rule=hit.rule.name, evidence=Match(pattern))
        for own, lines in groupby(
            _without_parents(block, memory.markup, going), key=lambda j: hits[j].pattern if j in hits else pattern
        ):
            evidence = Match(own, under=block.first + i)
            block.remove_all(list(lines), stage=self.name, rule=hit.rule.name, evidence=evidence)

    def _links(self, block: Block, looks: Looks, hits: dict[int, Hit], below: list[int]) -> list[int] | None:
        """The lines of the list below a heading; None if the heading heads text instead."""
        links: list[int] = []
        after = None
        for j in below:
            if block.text[j] is None:
                continue
            text, said = block.text[j] or "", block.key[j]
            has_sentences = "。" in text[:-1]
            if (
                j in hits
                or ((looks.prose[j] or has_sentences) and not starts_with_bullet(text))
                or not is_entry(text, said)
            ):
                after = j
                break
            links.append(j)
        if after is None or after in hits:
            return links
        # Text goes on below the list. Its first line may be a heading that only looks like a link.
        if links and not _alike(block, links[0], links[-1]):
            links.pop()
        return links or None

    def _cut_behind_end(self, block: Block, looks: Looks, kept: list[int]) -> None:
        """Remove what stands below a line that an article ends with (an editor's name, a disclaimer) and that is gone."""
        for change in block.changes(block.last_sweep(), self._ends):
            evidence = change.evidence
            if isinstance(evidence, Span) and evidence.stop < len(change.before):
                # A credit in the middle of a line ends nothing.
                continue
            if isinstance(evidence, Match | Span) and change.stage != self.name:
                place = bisect_right(kept, change.line - block.first)
                left = [j for j in kept[place:] if block.text[j] is not None]
                if left and _is_over(block, looks, kept[:place], left):
                    under = Match(evidence.pattern, under=change.line)
                    block.remove_all(left, stage=self.name, rule=change.rule, evidence=under)

    def _are_comments(self, block: Block, looks: Looks, kept: list[int], hit: Hit, below: list[int]) -> bool:
        """Whether a heading that is followed by anything at all, prose too, may take it along."""
        if hit.rule.below != "rest" or not self._fits(block, kept, below):
            return False
        prose = [j for j in below if block.text[j] is not None and looks.prose[j]]
        if any(len(block.key[j]) >= 2 * LONG_CHARS for j in prose):
            return False
        # A paragraph alone does not say whether a reader wrote it; the lines around it do.
        return not prose or COMMENT_SHARE * sum(is_comment_sign(block.text[j] or "") for j in below) >= len(below)

    def _fits(self, block: Block, kept: list[int], going: list[int]) -> bool:
        """Whether the lines are a small enough share of the text; with bullets and at the end of it, less than twice the rest."""
        total = sum(len(block.key[j]) for j in kept)
        size = sum(len(block.key[j]) for j in going)
        is_last = block.is_tail and bool(going) and going[-1] == kept[-1]
        if is_last and all(starts_with_bullet(block.text[j] or "") for j in going):
            return size <= MOST_BELOW * (total - size)
        return size <= CUT_SHARE * total

    def _remove_datelines(self, block: Block, memory: Memory, head: int, tail: int) -> None:
        """Remove the lines above and below the text that say when and where it was published."""
        looks = memory.looks
        for reason, around in (("above the text", range(head)), ("below the text", range(tail, len(block)))):
            # A date has digits, a source a colon behind its label.
            maybe = [
                i
                for i in around
                if looks.kinds[i] & (DIGIT | LABEL)
                and block.key[i]
                and block.text[i] is not None
                and i not in memory.asked_for
            ]
            if not maybe:
                continue
            folds = fold("\n".join(block.text[i] or "" for i in maybe)).split("\n")
            found = [i for i, folded in zip(maybe, folds, strict=True) if is_dateline(folded)]
            for i in found if len(found) <= DATELINES else ():
                block.remove(i, stage=self.name, rule="edges/dateline", evidence=Neighbours(reason))

    def _bars(self, block: Block, memory: Memory, head: int, tail: int) -> None:
        """Remove rows of short words above the text, keywords and rows between strokes below it."""
        looks = memory.looks
        for i in chain(range(min(head, tail)), range(tail, len(block))):
            text = block.text[i]
            # All of these have something between their words. What says nothing is markup.
            if text is None or not block.key[i] or not looks.kinds[i] & BREAK or i in memory.asked_for:
                continue
            if i < head:
                if is_breadcrumb(text):
                    block.remove(i, stage=self.name, rule="edges/breadcrumb", evidence=Neighbours("above the text"))
                elif is_bar(text, 5):
                    block.remove(i, stage=self.name, rule="edges/navigation", evidence=Neighbours("above the text"))
            elif i >= tail and len(_TAG_BREAK.findall(text)) >= TAGS and not ends_sentence(text):
                block.remove(i, stage=self.name, rule="edges/tags", evidence=Neighbours("below the text"))
            elif i >= tail and is_neighbour(text):
                block.remove(i, stage=self.name, rule="edges/neighbour", evidence=Neighbours("below the text"))
            elif i >= tail and is_breadcrumb(text):
                block.remove(i, stage=self.name, rule="edges/breadcrumb", evidence=Neighbours("below the text"))
            elif i >= tail and ("|" in text or "｜" in text) and is_bar(text, 3):
                block.remove(i, stage=self.name, rule="edges/footer", evidence=Neighbours("below the text"))


def _without_parents(block: Block, markup: Markup, going: Sequence[int]) -> list[int]:
    """Of lines that go those that are still there, but for items of lists with text of their own below them that stays."""
    left = [j for j in going if block.text[j] is not None]
    if markup.items:
        gone = set(left)
        for j in reversed(left):
            if not gone.issuperset(markup.children(j, block.text)):
                gone.remove(j)
        left = [j for j in left if j in gone]
    return left


def _holds_headline(text: str, said: str, pattern: str) -> bool:
    """Whether a heading like “相关阅读：” has one headline behind its colon, and so no list below it."""
    label = pattern.removesuffix("：*")
    size = len(said) - len(label)
    if _REFERENCE.search(text) is not None:
        return False
    return label != pattern and size >= HEADLINE_CHARS - 3 and is_link_like(text, said) and not ends_sentence(text)


def _is_over(block: Block, looks: Looks, above: list[int], below: list[int]) -> bool:
    """Whether the article is complete above: most of the prose is there, and below there are mostly links."""
    under = [i for i in below if block.text[i] is not None]
    if under and _prose_chars(block, looks, under[0]):
        return False
    prose = [_prose_chars(block, looks, i) for i in under if looks.prose[i]]
    paragraphs = len(prose) - prose.count(0)
    if len(under) < (1 + LINKS_RATIO) * paragraphs:
        return False
    size = sum([_prose_chars(block, looks, i) for i in above if looks.prose[i]])
    if size < LONG_CHARS or size <= PROSE_RATIO * sum(prose):
        return False
    said = block.key
    room = MOST_BELOW * sum([len(said[i]) for i in above if block.text[i] is not None])
    return sum([len(said[i]) for i in under]) <= room and _are_headlines(block, under)


def _is_sidebar(block: Block, looks: Looks, above: list[int], below: list[int]) -> bool:
    """Whether everything below is in cells of a table that lays out the page, and the article, not in cells, is complete."""
    if not all(_CELL.match(block.text[i] or "||") for i in below):
        return False
    size = sum(_prose_chars(block, looks, i) for i in above if not _CELL.match(block.text[i] or ""))
    return size >= LONG_CHARS and size > PROSE_RATIO * sum(_prose_chars(block, looks, i) for i in below)


def _are_headlines(block: Block, lines: list[int]) -> bool:
    """Whether most of the lines could be links and are as long as headlines; verse and recipes have shorter ones."""
    links = [i for i in lines if is_link_like(block.text[i] or "", block.key[i])]
    sizes = [len(block.key[i]) for i in links if len(block.key[i]) > SECTION_CHARS]
    return 3 * len(links) >= 2 * len(lines) and sum(sizes) >= HEADLINE_CHARS * len(sizes)


def _prose_chars(block: Block, looks: Looks, i: int) -> int:
    text = block.text[i]
    if text is None or not looks.prose[i]:
        return 0
    if looks.kinds[i] & DOT and is_teaser(text) and is_entry(text, block.key[i]):
        return 0
    return len(block.key[i])


def _alike(block: Block, a: int, b: int) -> bool:
    """Whether two lines of a list begin alike: both with a bullet, both without."""
    return starts_with_bullet(block.text[a] or "") and starts_with_bullet(block.text[b] or "")
