"""What a document's earlier lines leave behind for its later ones."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..line import Block
from .looks import Looks

__all__ = ["QUARTERS", "EachAlone", "Kept", "Memory", "Seen", "Title", "Work"]

REMEMBERED_LINES = 20_000
REMEMBERED_CHARS = 2_000_000
"""Lines of earlier blocks in which repeats are still found, and their characters; whichever is fewer. Older lines are
forgotten, so that memory stays bounded."""
QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Title:
    """The page's title: its key, and the number of the line that keeps it (None if no line says it)."""

    key: str
    line: int | None


class Kept(NamedTuple):
    """A line that stayed, with its core (see `text.similar.core`), the core's key, that in one region's words (if the
    page is in two scripts, else the same), and its list number, if it has one."""

    line: int
    text: str
    key: str
    core: str
    core_key: str
    words: str
    item: str


class Seen:
    """Lines that stayed, found again by what they say: whole, or a quarter of it at the same place.

    Only lines of one length can share a quarter at the same place, so quarters are worked out for a length once a
    second line has it: on an ordinary page that is hardly ever.
    """

    def __init__(self) -> None:
        self._equal: OrderedDict[str, Kept] = OrderedDict()
        self._chars = self._quarter_chars = 0
        self._single: dict[int, Kept | None] = {}
        self._quarters: OrderedDict[tuple[int, int, str], Kept] = OrderedDict()

    def add(self, line: Kept, *, alike: bool) -> None:
        """Remember a line; with `alike` also by its quarters. The first line with a key stays the one that is found."""
        self._add_equal(line.key, line)
        if line.core_key is not line.key:
            self._add_equal(line.core_key, line)
        if line.words is not line.core_key:
            self._add_equal(line.words, line)
        if not alike:
            return
        if len(line.key) in self._single:
            self._add_quarters(line)
        else:
            self._single[len(line.key)] = line

    def _add_equal(self, said: str, line: Kept) -> None:
        if said not in self._equal:
            self._equal[said] = line
            self._chars += len(said)

    def __len__(self) -> int:
        return len(self._equal)

    def known(self, keys: set[str]) -> set[str]:
        """Those of the keys that a line says."""
        return keys & self._equal.keys()

    def equal(self, line_key: str) -> Kept | None:
        """The first line that says this."""
        return self._equal.get(line_key)

    def alike(self, line_key: str) -> Iterator[Kept]:
        """Lines of the same length that share at least a quarter with this one."""
        size = len(line_key)
        if size not in self._single:
            return
        if single := self._single[size]:
            self._add_quarters(single)
            self._single[size] = None
        for quarter in _quarters(line_key):
            if found := self._quarters.get(quarter):
                yield found

    def _add_quarters(self, line: Kept) -> None:
        for quarter in _quarters(line.key):
            if quarter not in self._quarters:
                self._quarters[quarter] = line
                self._quarter_chars += len(quarter[2])

    def forget(self) -> None:
        """Drop the oldest lines beyond what is remembered."""
        while len(self._equal) > REMEMBERED_LINES or self._chars > REMEMBERED_CHARS:
            said, _ = self._equal.popitem(last=False)
            self._chars -= len(said)
        while self._quarter_chars > REMEMBERED_CHARS or len(self._quarters) > QUARTERS * REMEMBERED_LINES:
            (_, _, quarter), _ = self._quarters.popitem(last=False)
            self._quarter_chars -= len(quarter)


def _quarters(line_key: str) -> tuple[tuple[int, int, str], ...]:
    """The quarters of a key, each with the key's length and its place."""
    size = len(line_key)
    step = size // QUARTERS
    return tuple([(size, place, line_key[place * step : (place + 1) * step]) for place in range(QUARTERS)])


@dataclass(slots=True)
class Memory:
    """State of one document while its blocks are cleaned. Stages read it while a block is in work, and add to it in
    `remember` once the block is settled, so that a block can be gone through twice.

    Attributes:
        title: the title, once a block with it was settled.
        found_title: the title that `Titles` found in the block in work: once its repeats are gone, nothing shows it.
        seen: the lines of earlier blocks that stayed.
        blank_run: blank lines in a row before the block; None at the start of the document.
        looks: the looks of the lines of the block in work.
        kept: what `Duplicates` worked out for the texts of the block in work.
        words: for their keys, what they say in one region's words.
        suspects: the lines of the block in work that may repeat another one; removals make no others.
        searched: `looks.rewrites` when they were searched.
    """

    title: Title | None = None
    found_title: Title | None = None
    seen: Seen = field(default_factory=Seen)
    blank_run: int | None = None
    looks: Looks = field(default_factory=Looks.of_nothing)
    kept: dict[str, Kept] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    suspects: frozenset[int] = frozenset()
    searched: int = -1


Work = tuple[Block, Memory]
"""A block that is cleaned, and the memory of its document."""


class EachAlone:
    """A stage that looks at one document at a time."""

    def run(self, work: Sequence[Work]) -> None:
        """Rewrite and remove lines of blocks, each with the memory of its document."""
        for block, memory in work:
            self.clean(block, memory)

    def clean(self, block: Block, memory: Memory) -> None:
        """Rewrite and remove lines of one block."""
        raise NotImplementedError
