"""Running stages over blocks until nothing changes any more.

The stages run again and again until none of them finds anything: what they see is then what they would see
in the output, so cleaning the output changes nothing. A line that was cited as a witness and then removed itself is
taken out first, and the block is gone through once more, so that every witness is in the output.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count

from ..limits import check_time
from ..line import Block, Change, Witness
from .markup import set_markup
from .shared_looks import Looks, update
from .stage import Memory, Stage, Work

__all__ = ["settle"]

MOST_ROUNDS = 30
MOST_RUNS = 8
"""Hardly a page needs two. In one that needs more, lines take each other's place in a chain, one with each run."""
CHAINED_LINES = 20_000
"""A page that was printed twenty times has such chains of twenty lines. It gets more runs, as long as so many lines are not gone through."""


def settle(work: Sequence[Work], stages: Sequence[Stage]) -> None:
    """Run the stages over blocks until nothing changes any more, and let them remember what stayed."""
    pages = [_Page(block, memory) for block, memory in work]
    left = pages
    for run in count(1):
        _run_rounds(left, stages)
        lost = [page for page in left if page.restart(stages)]
        left = [page for page in lost if run < MOST_RUNS or run * len(page.block) < CHAINED_LINES]
        for page in lost:
            if page not in left:
                page.settle_apart(stages)
        if not left:
            break
    for block, memory in work:
        if not block.is_tail:
            for stage in stages:
                stage.remember(block, memory)


class _Page:
    """A block in work."""

    __slots__ = ("block", "content", "forced", "keys", "markup", "memory", "seen", "start")

    def __init__(self, block: Block, memory: Memory) -> None:
        self.block, self.memory = block, memory
        self.start = self.seen = block.mark()
        self.markup, self.keys = memory.markup, list(block.key)
        self.content: dict[str, int] = {}
        self.forced: dict[int, Change] = {}

    def restart(self, stages: Sequence[Stage]) -> bool:
        """Begin anew if lines were cited as witnesses and are gone, without these lines; whether there are any."""
        lost = _lost_witnesses(self.block, self.start)
        if not lost:
            return False
        self.forced = _with_living_witnesses(self.forced | lost)
        self.rewind(stages)
        for change in self.forced.values():
            self.block.remove(
                change.line - self.block.first, stage=change.stage, rule=change.rule, evidence=change.evidence
            )
        return True

    def settle_apart(self, stages: Sequence[Stage]) -> None:
        """Let stages that cite no other line go first; then replace a witness that goes by its own."""
        citing = {change.stage for change in self.block.witnessed(self.start)}
        self.rewind(stages)
        _run_rounds([self], [stage for stage in stages if stage.name not in citing])
        _run_rounds([self], stages)
        removals = {change.line: change for change in self.block.changes(self.start) if change.after is None}
        living = _with_living_witnesses(removals)
        if len(living) == len(removals):
            self.block.cite(self.start, {line: change.evidence for line, change in living.items()})
        else:
            # Nothing is removed rather than something without a witness.
            self.rewind(stages)

    def is_to_be_asked_again(self, stages: Sequence[Stage]) -> bool:
        """Whether a stage that found nothing more told the others what is not so any more: then they are asked again."""
        found = [stage.name for stage in stages if stage.reconsider(self.block, self.memory)]
        if found:
            self.content = {name: mark for name, mark in self.content.items() if [name] == found}
        return bool(found)

    def rewind(self, stages: Sequence[Stage]) -> None:
        """Take back every change."""
        self.block.rewind(self.start)
        if self.memory.markup is not self.markup:
            set_markup(self.block, self.memory, self.markup)
            self.block.key, self.memory.freed = list(self.keys), frozenset()
        for stage in stages:
            stage.rewound(self.memory)
        self.content.clear()


def _with_living_witnesses(removals: dict[int, Change]) -> dict[int, Change]:
    """The removals, each witness that is removed as well replaced by its own; without those that lose theirs."""
    living = {}
    for line, change in removals.items():
        evidence, seen = change.evidence, {line}
        while isinstance(evidence, Witness) and evidence.line in removals and evidence.line not in seen:
            seen.add(evidence.line)
            twin = removals[evidence.line].evidence
            evidence = Witness(twin.line, min(twin.score, evidence.score)) if isinstance(twin, Witness) else twin
        if isinstance(change.evidence, Witness) and (not isinstance(evidence, Witness) or evidence.line in seen):
            continue
        living[line] = change._replace(evidence=evidence)
    return living


def _run_rounds(pages: Sequence[_Page], stages: Sequence[Stage]) -> None:
    update((page.block, page.memory.looks, None) for page in pages)
    for page in pages:
        page.seen = page.block.mark()
    prompt, patient = ([stage for stage in stages if stage.waits == waits] for waits in (False, True))
    for _ in range(MOST_ROUNDS):
        before = [page.seen for page in pages]
        _ask(pages, prompt)
        quiet = [page for page, mark in zip(pages, before, strict=True) if page.seen == mark]
        again = [page for page in quiet if page.is_to_be_asked_again(stages)]
        update((page.block, page.memory.looks, None) for page in again)
        _ask([page for page in quiet if page not in again], patient)
        pages = [page for page, mark in zip(pages, before, strict=True) if page.seen != mark or page in again]
        if not pages:
            return


def _ask(pages: Sequence[_Page], stages: Sequence[Stage]) -> None:
    """Run each of the stages once, over those pages that changed since it found nothing to do in them."""
    for stage in stages:
        check_time(often=True)
        asked = [page for page in pages if page.content.get(stage.name) != page.seen]
        if not asked:
            continue
        stage.run([(page.block, page.memory) for page in asked])
        changed: list[tuple[Block, Looks, int | None]] = []
        for page in asked:
            mark = page.block.mark()
            if mark == page.seen:
                # It found nothing to do in the block as it is, and need not be asked again until something changes.
                page.content[stage.name] = mark
            else:
                changed.append((page.block, page.memory.looks, page.seen))
                page.seen = mark
        if changed:
            update(changed)


def _lost_witnesses(block: Block, start: int) -> dict[int, Change]:
    """Lines of this block that were cited as witnesses and are gone, with the change that removed them.

    A line that cites one of them, and says the same to the letter, goes as that did: or else it would be the next witness.
    """
    cited = {change.evidence.line for change in block.witnessed(start) if isinstance(change.evidence, Witness)}
    lost = {
        line
        for line in cited
        if block.first <= line < block.first + len(block) and block.text[line - block.first] is None
    }
    if not lost:
        return {}
    gone = {change.line: change for change in block.changes(start, lines=lost) if change.after is None}
    for change in block.witnessed(start):
        assert isinstance(change.evidence, Witness)
        witness = gone.get(change.evidence.line)
        if witness and witness.before == change.before and isinstance(witness.evidence, Witness):
            gone.setdefault(change.line, witness._replace(line=change.line))
    return gone
