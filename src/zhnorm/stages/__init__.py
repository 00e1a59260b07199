"""The stages, one file each, and the order they run in.

| stage       | does                                                     | why in this place                                          |
|-------------|----------------------------------------------------------|------------------------------------------------------------|
| tidy        | invisible characters, entities, widths, spaces           | a zero-width space inside 乾坤 would hide the phrase        |
| script      | Traditional to Simplified, and the keys                  | rules and comparisons are then written once                |
| body        | the article in a page, if asked for                      | the others then see an article                             |
| titles      | the title once                                           | before anything else thins its repeats                     |
| boilerplate | rules that drop a line or trim it                        | needs nothing but the line                                 |
| duplicates  | repeated lines                                           | boilerplate must not be a witness, nor hide a repeat       |
| edges       | lists below headings, bars above and below               | a removed line can lay an edge bare                        |
| blanks      | surplus blank lines                                      | knows what is left                                         |

`settle` runs body to edges again and again until none of them finds anything: what they see is then what they would see
in the output, so cleaning the output changes nothing. A line that was cited as a witness and then removed itself is
taken out first, and the block is gone through once more, so that every witness is in the output.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..line import Block, Change, Witness
from .memory import Memory

__all__ = ["Memory", "Stage", "settle"]

MOST_ROUNDS = 30
MOST_RESTARTS = 30


class Stage(Protocol):
    """A stage that decides about lines. It reads `memory` and writes to the block alone."""

    name: str

    def run(self, block: Block, memory: Memory) -> None:
        """Rewrite and remove lines of the block."""

    def remember(self, block: Block, memory: Memory) -> None:
        """Take over from a finished block what later blocks need."""


def settle(block: Block, stages: Sequence[Stage], memory: Memory) -> None:
    """Run the stages over a block until nothing changes any more, and let them remember what stayed."""
    start = block.mark()
    forced: dict[int, Change] = {}
    for _ in range(MOST_RESTARTS):
        _run_rounds(block, stages, memory)
        lost = _lost_witnesses(block, start)
        if not lost:
            break
        forced = _with_living_witnesses(forced | lost)
        block.rewind(start)
        memory.searched = -1
        for change in forced.values():
            block.remove(change.line - block.first, stage=change.stage, rule=change.rule, evidence=change.evidence)
    else:
        # Lines that keep taking each other's place: nothing is removed rather than something without a witness.
        block.rewind(start)
    if not block.is_tail:
        for stage in stages:
            stage.remember(block, memory)


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


def _run_rounds(block: Block, stages: Sequence[Stage], memory: Memory) -> None:
    memory.looks.update(block)
    seen = block.mark()
    content: dict[str, int] = {}
    for _ in range(MOST_ROUNDS):
        before = seen
        for stage in stages:
            if content.get(stage.name) == seen:
                continue
            stage.run(block, memory)
            if block.mark() == seen:
                # It found nothing to do in the block as it is, and need not be asked again until something changes.
                content[stage.name] = seen
            else:
                memory.looks.update(block)
                seen = block.mark()
        if block.mark() == before:
            return


def _lost_witnesses(block: Block, start: int) -> dict[int, Change]:
    """Lines of this block that were cited as witnesses and are gone, with the change that removed them."""
    cited = {change.evidence.line for change in block.witnessed(start) if isinstance(change.evidence, Witness)}
    lost = {
        line
        for line in cited
        if block.first <= line < block.first + len(block) and block.text[line - block.first] is None
    }
    if not lost:
        return {}
    return {change.line: change for change in block.changes(start) if change.after is None and change.line in lost}
