"""Stage 4: rules from packs. A line goes, or loses what stands before or after its text."""

from __future__ import annotations

from ..line import Block, Match, Span
from ..rules.match import Matcher
from ..text.fold import key
from .looks import Looks
from .memory import EachAlone, Memory

__all__ = ["Boilerplate", "zones"]

FEW_LINES = 10


class Boilerplate(EachAlone):
    """Applies every rule that drops or trims; a line that heads a list (`cut`) is left to the edges."""

    name = "boilerplate"

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove and trim the lines that a rule matches."""
        for i, hit in memory.looks.hits(block, self.matcher, *zones(block, memory.looks)):
            rule = hit.rule
            if rule.action == "cut":
                continue
            text = block.text[i] or ""
            rest = ""
            if rule.is_trim:
                rest = text[: hit.start].rstrip() if rule.action == "trim-suffix" else text[hit.stop :].lstrip()
            if not key(rest):
                block.remove(i, stage=self.name, rule=rule.name, evidence=Match(hit.pattern))
                continue
            evidence = Span(hit.start, hit.stop, hit.pattern)
            block.rewrite(i, rest, key(rest), stage=self.name, rule=rule.name, evidence=evidence)

    def remember(self, block: Block, memory: Memory) -> None:
        """Rules look at one block at a time."""


def zones(block: Block, looks: Looks) -> tuple[int, int]:
    """Where the head of the document ends and its tail begins: before the first and after the last paragraph of prose.

    Both are indices into the block. A document without prose has a head and a tail only if it has many lines, a third
    each; a block in the middle of a document has neither.
    """
    head, last = _first_text(block, looks), _last_text(block, looks)
    tail = last + 1
    if head < 0:
        kept = [i for i in block.kept() if block.key[i]]
        head, tail = (kept[len(kept) // 3], kept[-(len(kept) // 3)]) if len(kept) >= FEW_LINES else (0, len(block))
    return (head if block.is_head else 0), (tail if block.is_tail else len(block))


def _first_text(block: Block, looks: Looks) -> int:
    i = looks.text.find(1)
    while i >= 0 and block.text[i] is None:
        i = looks.text.find(1, i + 1)
    return i


def _last_text(block: Block, looks: Looks) -> int:
    i = looks.text.rfind(1)
    while i >= 0 and block.text[i] is None:
        i = looks.text.rfind(1, 0, i)
    return i
