"""First of the stages that decide about lines: every line of a page is read, and what is no part of its article goes.

What lines are is found in `zhnorm.reading`, for those of many documents at once. A text that was cleaned is a page with little around it,
and such pages were learned, too: there is nothing more to go.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import groupby

from ..line import Block, Scored
from ..reading.decision import Caution, Going, going
from ..reading.network import network
from ..reading.own import Hits
from ..reading.read import Lines, features, read
from ..reading.visible import visible
from ..rules.match import Matcher
from ..text.fold import fold
from .memory import Memory, Work

__all__ = ["Reading", "add_lines"]


class Reading:
    """Removes lines of kinds that are no part of an article.

    Args:
        matcher: the rules; that one of them knows a line is evidence.
        dropped: the kinds that go.
        caution: how sure it has to be that a line is of such a kind.
    """

    name = "reading"

    def __init__(self, matcher: Matcher, dropped: Collection[str], caution: Caution) -> None:
        self.matcher = matcher
        self.dropped = frozenset(dropped)
        self.caution = caution

    def run(self, work: Sequence[Work]) -> None:
        """Remove the lines around the article of each page. A page that does not fit into one block is left as it is."""
        lines = Lines()
        read_of: list[tuple[Block, Memory, list[int]]] = []
        for block, memory in work:
            if block.is_head and block.is_tail and (index := add_lines(lines, block, memory, self.matcher)):
                read_of.append((block, memory, index))
        if not read_of:
            return
        seen = features(lines)
        goes = going(lines, seen.own, read(lines, seen), self.dropped, self.caution)
        for (block, memory, index), start, found in zip(read_of, lines.starts, goes, strict=True):
            going_here = [one for one in found if not memory.markup.is_parent(index[one.place], block.text)]
            for kind, group in groupby(going_here, key=lambda one: one.kind):
                lines_here = {index[one.place]: one for one in group}
                evidence = _evidence({i: lines.folds[start + one.place] for i, one in lines_here.items()}, lines_here)
                block.remove_all(list(lines_here), stage=self.name, rule=f"reading/{kind}", evidence=evidence)

    def remember(self, block: Block, memory: Memory) -> None:
        """Each page is read by itself."""


def add_lines(lines: Lines, block: Block, memory: Memory, matcher: Matcher) -> list[int]:
    """Add the lines of a block that say something to those that are read; their indices."""
    index = [i for i in block.kept() if block.key[i]]
    if not index:
        return index
    texts = [block.text[i] or "" for i in index]
    links = None
    if memory.markup.is_markdown:
        shown = [visible(text) for text in texts]
        texts, links = [text or "." for text, _ in shown], [share for _, share in shown]
    place = {i: number for number, i in enumerate(index)}
    hits: Hits = {}
    for i, hit in memory.looks.hits(block, matcher, len(block), 0):
        rule = hit.rule
        ends = rule.below == "rest" or (rule.action == "cut" and rule.below != "none")
        hits[place[i]] = (rule.action, ends)
    lines.add(fold("\n".join(texts)).split("\n"), [block.key[i] for i in index], hits, links)
    return index


def _evidence(folds: dict[int, str], found: dict[int, Going]) -> Callable[[int], Scored]:
    """Worked out when the ledger asks for it."""

    def evidence(i: int) -> Scored:
        kind = found[i].kind
        return Scored(found[i].probability, tuple(network().words(folds[i], kind)))

    return evidence
