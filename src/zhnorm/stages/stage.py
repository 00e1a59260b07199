"""What a document's earlier lines leave behind for its later ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..line import Block
from ..text.markup import Markup, MarkupState
from ..text.similar import Likeness, Said
from .duplicates_earlier import Earlier
from .shared_looks import Looks
from .duplicates_seen import Core, Kept, Repeat

__all__ = ["EachAlone", "Memory", "Title", "Work"]


class Title(NamedTuple):
    """The page's title: its key, the number of the line that keeps it, how it stands there, and
    from how many letters on its place, a mark or a site's name behind it leave no doubt (None: there is always some)."""

    key: str
    line: int
    text: str
    sure_chars: int | None


@dataclass(slots=True, eq=False, repr=False)
class Memory:
    """State of one document while its blocks are cleaned. Stages read it while a block is in work, and add to it in
    `remember` once the block is settled, so that a block can be gone through twice.

    Attributes:
        title: the title, once a block with it was settled.
        found_title: the title that `Titles` found in the block in work: once its repeats are gone, nothing shows it.
        earlier: the lines of earlier blocks that stayed.
        script: of the block in work (see `text.detect.prevailing`), once it was asked for.
        blank_run: blank lines in a row before the block; None at the start of the document.
        looks: the looks of the lines of the block in work.
        markup: the markup of the block in work.
        markup_state: what the lines so far leave open.
        cores: of lines that may have a decoration, for the texts of the block in work.
        kept: what `Duplicates` worked out for these texts.
        said: what texts that may be alike say (see `text.similar`).
        tokens: the private characters in it.
        likeness: of pairs of these texts.
        twins: what its suspects were found to repeat, by their indices.
        single: the lines of the block in work, as they were found to say nothing twice in a row.
        suspects: the lines of the block in work that may repeat another one; removals make no others.
        asked_for: indices of the lines that stay because the user wants their kind.
        searched: `looks.rewrites` when they were searched.
    """

    title: Title | None = None
    found_title: Title | None = None
    earlier: Earlier = field(default_factory=Earlier)
    script: str | None = None
    blank_run: int | None = None
    looks: Looks = field(default_factory=Looks.of_nothing)
    markup: Markup = field(default_factory=Markup)
    markup_state: MarkupState = field(default_factory=MarkupState)
    cores: dict[str, Core] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)
    said: dict[str, Said] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    likeness: dict[tuple[str, str], Likeness | None] = field(default_factory=dict)
    twins: dict[int, Repeat] = field(default_factory=dict)
    single: list[str | None] = field(default_factory=list)
    suspects: frozenset[int] = frozenset()
    asked_for: set[int] = field(default_factory=set)
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
