"""What surrounds an article. Lists under a heading like 相关文章, comments, bars of links above the text.

Edges are peeled, never numbered: a line goes because it looks like its neighbours in a list, and peeling stops at the first
line that does not. If real paragraphs follow a heading it heads text, and stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate, chain, groupby, islice

from ..arrays.expressions import expression
from ..conversion.fold import fold, folds_of
from ..line import Block, Match, Neighbours, Span
from ..markup.markup import Markup
from ..rules.match import Hit, Matcher
from ..signs import FULL_STOPS
from ..text.dates import is_dateline, is_row, may_be_row
from ..text.shape import (
    BREAK,
    DIGIT,
    DOT,
    LABEL,
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
        kept = [i for i in block.speaking() if i not in memory.asked_for]
        around = _Around(block, looks, kept)
        for i in hits:
            if block.text[i] is not None:
                self._cut(block, memory, hits, around, bisect_left(kept, i), in_head=i < head)
        if block.is_tail:
            self._cut_behind_end(block, memory, _Around(block, looks, kept))
        if block.is_tail and kept and not head <= kept[0] <= kept[-1] < tail:
            for rule, reason, lines in listings(block, looks, head, tail):
                left = [i for i in lines if block.text[i] is not None and i not in memory.asked_for]
                evidence = Neighbours(reason, line=block.first + lines[0])
                block.remove_all(left, stage=self.name, rule=rule, evidence=evidence)
        if self.datelines:
            self._remove_datelines(block, memory, head, tail)
        self._bars(block, memory, head, tail)

    def _cut(
        self, block: Block, memory: Memory, hits: dict[int, Hit], around: _Around, place: int, *, in_head: bool
    ) -> None:
        """Remove the heading at `place` and what belongs to it, if the guards agree.

        Above the text nothing goes with it: among the lines that look like links there is the title.
        """
        i = around.kept[place]
        hit = hits[i]
        going: Sequence[int] = []
        if hit.rule.below == "none" or in_head:
            pass
        elif block.is_tail and (
            _is_over(around, place, place + 1)
            or _is_sidebar(around, place)
            or (hit.rule.below == "rest" and _are_comments(around, place + 1))
        ):
            going = around.kept[place + 1 :]
        else:
            below = islice(around.kept, place + 1, None)
            holds_one = _holds_headline(block.text[i] or "", block.key[i], hit.pattern)
            links = [] if holds_one else self._links(block, memory.looks, hits, below)
            if links is None:
                return
            is_bulleted = (
                block.is_tail
                and links[-1:] == around.kept[-1:]
                and all(starts_with_bullet(block.text[j] or "") for j in links)
            )
            size = sum(len(block.key[j]) for j in links)
            going = links if _fits(around, size, is_bulleted=is_bulleted) else []
            if links and not going:
                return
        pattern = hit.pattern
        block.remove(i, stage=self.name, rule=hit.rule.name, evidence=Match(pattern))
        going = self._without_text(hit, going, memory)
        for own, lines in groupby(
            _without_parents(block, memory.markup, going), key=lambda j: hits[j].pattern if j in hits else pattern
        ):
            evidence = Match(own, under=block.first + i)
            block.remove_all(list(lines), stage=self.name, rule=hit.rule.name, evidence=evidence)
        around.went(place, bisect_right(around.kept, going[-1]) if going else place + 1)

    def _without_text(self, hit: Hit, going: Sequence[int], memory: Memory) -> Sequence[int]:
        """Lines below a heading without those that were read as text for sure."""
        return going if self.matcher.is_own(hit.rule) else [j for j in going if not memory.is_sure_text(j)]

    def _links(self, block: Block, looks: Looks, hits: dict[int, Hit], below: Iterable[int]) -> list[int] | None:
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

    def _cut_behind_end(self, block: Block, memory: Memory, around: _Around) -> None:
        """Remove what stands below a line that an article ends with (an editor's name, a disclaimer) and that is gone."""
        for change in block.changes(block.last_sweep(), self._ends):
            evidence = change.evidence
            if isinstance(evidence, Span) and evidence.stop < len(change.before):
                # A credit in the middle of a line ends nothing.
                continue
            if isinstance(evidence, Match | Span) and change.stage != self.name:
                place = bisect_right(around.kept, change.line - block.first)
                if around.below(_lines, place) and _is_over(around, place, place):
                    left = [j for j in around.kept[place:] if block.text[j] is not None and not memory.is_sure_text(j)]
                    under = Match(evidence.pattern, under=change.line)
                    block.remove_all(left, stage=self.name, rule=change.rule, evidence=under)
                    around.went(place, len(around.kept))

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
            folds = folds_of([block.text[i] or "" for i in maybe])
            found = [
                i
                for i, folded in zip(maybe, folds, strict=True)
                if is_dateline(folded) and not (may_be_row(folded) and _is_beside_row(block, i))
            ]
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


class _Around:
    """What stands above and below each of the lines that are kept, in sums, so that many headings cost little more than one.

    Args:
        block: the block.
        looks: at its lines.
        kept: indices of the lines, in order. A line's place is that in this list.
    """

    def __init__(self, block: Block, looks: Looks, kept: list[int]) -> None:
        self.block, self.looks, self.kept = block, looks, kept
        self._sums: dict[Measure, tuple[int, list[int]]] = {}
        self._went: Counter[Measure] = Counter()
        self._links: dict[int, bool] = {}

    def above(self, measure: Measure, place: int) -> int:
        """The sum over the lines above a place."""
        _, sums = self._from(0, measure)
        return sums[place] + self._went[measure]

    def below(self, measure: Measure, place: int) -> int:
        """The sum over the lines from a place on."""
        start, sums = self._from(place, measure)
        return sums[-1] - sums[place - start]

    def _from(self, place: int, measure: Measure) -> tuple[int, list[int]]:
        found = self._sums.get(measure)
        if found is None or found[0] > place:
            values = (measure(self, i) for i in islice(self.kept, place, None))
            found = self._sums[measure] = place, [0, *accumulate(values)]
            self._went[measure] = 0
        return found

    def went(self, start: int, stop: int) -> None:
        """Lines from one place to before another may have been removed. Those above them are asked about no more, if there are any
        below them."""
        if stop == len(self.kept):
            self._sums.clear()
        for measure, (first, sums) in self._sums.items():
            for place in range(max(start, first), stop):
                was = sums[place - first + 1] - sums[place - first]
                self._went[measure] += measure(self, self.kept[place]) - was

    def first(self, place: int) -> int | None:
        """The first line from a place on that is still there."""
        return next((i for i in islice(self.kept, place, None) if self.block.text[i] is not None), None)

    def is_link(self, i: int) -> bool:
        """Whether a line that is still there looks like a link."""
        text = self.block.text[i]
        if text is None:
            return False
        if i not in self._links:
            self._links[i] = is_link_like(text, self.block.key[i])
        return self._links[i]


Measure = Callable[[_Around, int], int]
"""What a line, given by its index, adds to a sum."""


def _lines(around: _Around, i: int) -> int:
    return around.block.text[i] is not None


def _chars(around: _Around, i: int) -> int:
    return 0 if around.block.text[i] is None else len(around.block.key[i])


def _chars_ever(around: _Around, i: int) -> int:
    return len(around.block.key[i])


def _prose_chars(around: _Around, i: int) -> int:
    block, looks = around.block, around.looks
    text = block.text[i]
    if text is None or not looks.prose[i]:
        return 0
    if looks.kinds[i] & DOT and is_teaser(text) and is_entry(text, block.key[i]):
        return 0
    return len(block.key[i])


def _paragraphs(around: _Around, i: int) -> int:
    return _prose_chars(around, i) > 0


def _prose_lines(around: _Around, i: int) -> int:
    return around.block.text[i] is not None and bool(around.looks.prose[i])


def _long_paragraphs(around: _Around, i: int) -> int:
    return len(around.block.key[i]) >= 2 * LONG_CHARS and _prose_lines(around, i)


def _comment_signs(around: _Around, i: int) -> int:
    return is_comment_sign(around.block.text[i] or "")


def _unbulleted(around: _Around, i: int) -> int:
    return not starts_with_bullet(around.block.text[i] or "")


def _no_cells(around: _Around, i: int) -> int:
    return not _CELL.match(around.block.text[i] or "||")


def _prose_chars_outside(around: _Around, i: int) -> int:
    return 0 if _CELL.match(around.block.text[i] or "") else _prose_chars(around, i)


def _links(around: _Around, i: int) -> int:
    return around.is_link(i)


def _headlines(around: _Around, i: int) -> int:
    return len(around.block.key[i]) > SECTION_CHARS and around.is_link(i)


def _headline_chars(around: _Around, i: int) -> int:
    return len(around.block.key[i]) if _headlines(around, i) else 0


def _is_over(around: _Around, place: int, below: int) -> bool:
    """Whether the article is complete above a place: most of the prose is there, and from another place on there are mostly links."""
    first = around.first(below)
    if first is not None and _prose_chars(around, first):
        return False
    lines = around.below(_lines, below)
    if lines < (1 + LINKS_RATIO) * around.below(_paragraphs, below):
        return False
    size = around.above(_prose_chars, place)
    if size < LONG_CHARS or size <= PROSE_RATIO * around.below(_prose_chars, below):
        return False
    if around.below(_chars, below) > MOST_BELOW * around.above(_chars, place):
        return False
    # Most of the lines could be links, and are as long as headlines; verse and recipes have shorter ones.
    return 3 * around.below(_links, below) >= 2 * lines and around.below(
        _headline_chars, below
    ) >= HEADLINE_CHARS * around.below(_headlines, below)


def _is_sidebar(around: _Around, place: int) -> bool:
    """Whether everything below is in cells of a table that lays out the page, and the article, not in cells, is complete."""
    if not _CELL.match(around.block.text[around.kept[place]] or "||") or around.below(_no_cells, place):
        return False
    size = around.above(_prose_chars_outside, place)
    return size >= LONG_CHARS and size > PROSE_RATIO * around.below(_prose_chars, place)


def _are_comments(around: _Around, below: int) -> bool:
    """Whether a heading that is followed by anything at all, prose too, may take it along."""
    lines = len(around.kept) - below
    is_bulleted = lines > 0 and not around.below(_unbulleted, below)
    if not _fits(around, around.below(_chars_ever, below), is_bulleted=is_bulleted):
        return False
    if around.below(_long_paragraphs, below):
        return False
    # A paragraph alone does not say whether a reader wrote it; the lines around it do.
    return not around.below(_prose_lines, below) or COMMENT_SHARE * around.below(_comment_signs, below) >= lines


def _fits(around: _Around, size: int, *, is_bulleted: bool) -> bool:
    """Whether so many letters are a small enough share of the text; in lines with bullets at the end of it, less than twice the rest."""
    total = around.below(_chars_ever, 0)
    return size <= (MOST_BELOW * (total - size) if is_bulleted else CUT_SHARE * total)


def _alike(block: Block, a: int, b: int) -> bool:
    """Whether two lines of a list begin alike: both with a bullet, both without."""
    return starts_with_bullet(block.text[a] or "") and starts_with_bullet(block.text[b] or "")


def _is_beside_row(block: Block, i: int) -> bool:
    """Whether the line above or below a line, but for blank ones, is a row of a record."""
    for steps in (range(i - 1, -1, -1), range(i + 1, len(block))):
        near = next((j for j in steps if block.text[j] is not None and block.key[j]), None)
        if near is not None and is_row(fold(block.text[near] or "")):
            return True
    return False
