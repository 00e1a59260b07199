"""What a document's earlier blocks leave behind for its later ones."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field

__all__ = ["Kept", "Memory", "Title"]

REMEMBERED_LINES = 100_000
"""Lines of earlier blocks in which repeats are still found. Older ones are forgotten, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Title:
    """The page's title: its key, and the number of the line that keeps it (None if no line says it)."""

    key: str
    line: int | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A line that stayed: enough of it to be compared with later ones. `item` is its list number, if it has one."""

    line: int
    text: str
    key: str
    item: str


@dataclass(slots=True)
class Memory:
    """State of one document while its blocks are cleaned. Stages read it while a block is in work, and add to it in
    `remember` once the block is settled, so that a block can be gone through twice."""

    title: Title | None = None
    exact: OrderedDict[str, Kept] = field(default_factory=OrderedDict)
    pieces: OrderedDict[tuple[int, int, str], Kept] = field(default_factory=OrderedDict)
    blank_run: int | None = None

    def forget(self) -> None:
        """Drop the oldest lines beyond what is remembered."""
        while len(self.exact) > REMEMBERED_LINES:
            self.exact.popitem(last=False)
        while len(self.pieces) > REMEMBERED_LINES:
            self.pieces.popitem(last=False)
