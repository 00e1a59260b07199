"""Blank lines. What a removed line leaves behind is not a gap in the text."""

from __future__ import annotations

from dataclasses import dataclass

from ..line import Block, Neighbours
from .stage import Memory, Stage

__all__ = ["Blanks"]


@dataclass(slots=True, eq=False)
class _Run:
    """How many blank lines in a row stand before the block; None at the start of the document."""

    size: int | None = None


class Blanks(Stage):
    """Keeps at most `most` blank lines in a row, none at the start, and none at the end if `at_end`."""

    name = "blanks"

    def __init__(self, *, most: int, at_end: bool) -> None:
        self.most = most
        self.at_end = at_end

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove surplus blank lines. Asked once about each block: it remembers at once how it ends."""
        before = memory.own(_Run)
        run = before.size
        start: list[int] = []
        surplus: list[int] = []
        tail: list[int] = []
        for i in block.kept():
            text = block.text[i] or ""
            if (text and not text.isspace()) or i in block.verbatim:
                run, tail = 0, []
            elif run is None:
                start.append(i)
            elif run >= self.most:
                surplus.append(i)
            else:
                run += 1
                tail.append(i)
        self._remove(block, start, "start of the document")
        self._remove(block, surplus, "one blank line is enough")
        if block.is_tail and self.at_end:
            self._remove(block, tail, "end of the document")
        before.size = run

    def _remove(self, block: Block, lines: list[int], reason: str) -> None:
        if lines:
            block.remove_all(lines, stage=self.name, rule="blanks/surplus", evidence=Neighbours(reason))
