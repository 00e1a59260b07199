"""Stage 4: rules from packs. A line goes, or loses what stands before or after its text."""

from __future__ import annotations

from typing import NamedTuple

from ..line import Block, Match, Span
from ..rules.fit import longest_text
from ..rules.match import Hit, Matcher, applies
from ..text.fold import key
from .looks import Looks
from .memory import EachAlone, Memory

__all__ = ["Boilerplate", "zones"]

FEW_LINES = 10
MOST_TRIMS = 30


class _Trim(NamedTuple):
    """A hit, where in the line what goes meets what stays, and from where to where the line is left."""

    hit: Hit
    cut: int
    start: int
    stop: int


class Boilerplate(EachAlone):
    """Applies every rule that drops or trims; a line that heads a list (`cut`) is left to the edges."""

    name = "boilerplate"

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        # So much of an end decides whether it is trimmed.
        self._reach = 1 + max((2 * longest_text(rule) for rule in matcher.rules if rule.is_trim), default=0)

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove and trim the lines that a rule matches."""
        head, tail = zones(block, memory.looks)
        for i, hit in memory.looks.hits(block, self.matcher, head, tail):
            text = block.text[i] or ""
            if hit.rule.is_trim and hit.stop - hit.start < len(text):
                self._trim(block, i, self._trims(text, i, hit, head, tail))
            elif hit.rule.action != "cut":
                block.remove(i, stage=self.name, rule=hit.rule.name, evidence=Match(hit.pattern))

    def _trim(self, block: Block, i: int, trims: list[_Trim]) -> None:
        text = block.text[i] or ""
        start, stop = 0, len(text)
        for hit, cut, left, right in trims:
            rest = text[left:right]
            evidence = Span(cut - start if hit.start else 0, (stop if hit.start else cut) - start, hit.pattern)
            block.rewrite(i, rest, key(rest), stage=self.name, rule=hit.rule.name, evidence=evidence)
            start, stop = left, right

    def _trims(self, text: str, i: int, hit: Hit, head: int, tail: int) -> list[_Trim]:
        """A trim of the line `i`, and those that its rest is given at the same end after it.

        Only that end is looked at again, equal ends once, and beyond a few dozen trims are put together: or else the time and
        the memory for a line of nothing but share bars would grow with the square of its length.
        """
        at_end = hit.start > 0
        trims: list[_Trim] = []
        known: dict[str, Hit | None] = {}
        start, stop, at = 0, len(text), 0
        found: Hit | None = hit
        while found is not None:
            if at_end:
                cut = stop = at + found.start
                while text[stop - 1].isspace():
                    stop -= 1
            else:
                cut = start = at + found.stop
                while text[start].isspace():
                    start += 1
            if len(trims) == MOST_TRIMS:
                trims[-1] = _Trim(trims[-1].hit, cut, start, stop)
            else:
                trims.append(_Trim(found, cut, start, stop))
            at = max(start, stop - self._reach) if at_end else start
            piece = text[at : min(stop, at + self._reach)]
            if piece not in known:
                known[piece] = self._next(piece, i, at_end, head, tail)
            found = known[piece]
        return trims

    def _next(self, piece: str, i: int, at_end: bool, head: int, tail: int) -> Hit | None:
        """The rule that acts on this end of the line, if it trims it there; if all of it went it would be no trim."""
        fits = self.matcher.fits([piece], [key(piece)]).get(0, ())
        hit = next((hit for hit in fits if applies(hit.rule, i, head, tail)), None)
        if hit is None or not hit.rule.is_trim or hit.stop - hit.start == len(piece) or (hit.start > 0) != at_end:
            return None
        return hit

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
