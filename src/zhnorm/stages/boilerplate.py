"""Stage 4: rules from packs. A line goes, or loses what stands before or after its text."""

from __future__ import annotations

from ..line import Block, Match, Span
from ..rules.match import Matcher
from ..text.dates import count_dates
from ..text.fold import key
from ..text.shape import is_prose, is_teaser, starts_with_bullet
from .memory import Memory

__all__ = ["Boilerplate", "zones"]

FEW_LINES = 10
DATES = 3
"""A line with so many dates in numbers lists headlines."""


class Boilerplate:
    """Applies every rule that drops or trims; a line that heads a list (`cut`) is left to the edges."""

    name = "boilerplate"

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher

    def run(self, block: Block, memory: Memory) -> None:
        """Remove and trim the lines that a rule matches."""
        for hit in self.matcher.hits(block.text, block.key, *zones(block), memory.hits):
            i, rule = hit.index, hit.rule
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
        memory.hits.clear()


def zones(block: Block) -> tuple[int, int]:
    """Where the head of the document ends and its tail begins: before the first and after the last paragraph of prose.

    Both are indices into the block. A document without prose has a head and a tail only if it has many lines, a third
    each; a block in the middle of a document has neither.
    """
    kept = [i for i in block.kept() if block.key[i]]
    first = next((i for i in kept if _is_text(block, i)), None)
    if first is None:
        head, tail = (kept[len(kept) // 3], kept[-(len(kept) // 3)]) if len(kept) >= FEW_LINES else (0, len(block))
    else:
        last = next(i for i in reversed(kept) if _is_text(block, i))
        head, tail = first, last + 1
    return (head if block.is_head else 0), (tail if block.is_tail else len(block))


def _is_text(block: Block, i: int) -> bool:
    """Whether a line is a paragraph, and not the beginning of one in a list, nor a list in one line."""
    text = block.text[i] or ""
    if not is_prose(text, block.key[i]) or count_dates(text) >= DATES:
        return False
    return not (starts_with_bullet(text) and is_teaser(text))
