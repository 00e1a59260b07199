"""What a stage is, and what is known of a document while its blocks are cleaned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ..line import Block
from ..markup.markup import Markup, MarkupState
from .shared_looks import Looks

__all__ = ["Memory", "Stage", "Work"]

State = TypeVar("State")


class Memory:
    """One document while its blocks are cleaned: what all stages may ask, and what each of them keeps for itself.

    Args:
        title: of the document, if somebody knows it.
        name: what the document is called, if it is one of many.

    Attributes:
        title: of the document, as it was given; None if nobody knows it.
        name: what the document is called in ledgers; empty if nobody said so.
        looks: the looks of the lines of the block in work.
        markup: the markup of the block in work.
        markup_state: what the lines so far leave open.
        asked_for: indices of the lines that stay because the user wants their kind.
        kinds: what the lines of the block in work were last read as, by their indices: a call, since few ask.
        sure_text: indices of the lines that were read as text so surely that no rule takes them whole, unless it is the user's own.
    """

    __slots__ = ("_states", "asked_for", "kinds", "looks", "markup", "markup_state", "name", "sure_text", "title")

    def __init__(self, title: str | None = None, name: str = "") -> None:
        self.title = title
        self.name = name
        self.looks = Looks.of_nothing()
        self.markup = Markup()
        self.markup_state = MarkupState()
        self.asked_for: set[int] = set()
        self.kinds: Callable[[], Mapping[int, str]] = dict
        self.sure_text: frozenset[int] = frozenset()
        self._states: dict[type[Any], Any] = {}

    def own(self, kind: type[State]) -> State:
        """What a stage keeps of the document, in a class of its own: made when it is first asked for.

        >>> memory = Memory()
        >>> memory.own(list).append("a line"); memory.own(list)
        ['a line']
        """
        found: State | None = self._states.get(kind)
        if found is None:
            found = self._states[kind] = kind()
        return found


Work = tuple[Block, Memory]
"""A block that is cleaned, and the memory of its document."""


class Stage:
    """A step of cleaning. It writes to the blocks, and to what it keeps of their documents, and is itself never changed: threads share it.

    While a block is in work the stages are asked about it again and again, and may have to begin anew; `remember` is told once, when
    everything is decided.

    Attributes:
        name: in the ledger.
        waits: it is asked only when the others find nothing to do any more.
    """

    name: str
    waits = False

    def run(self, work: Sequence[Work]) -> None:
        """Rewrite and remove lines of blocks, each with the memory of its document."""
        for block, memory in work:
            self.clean(block, memory)

    def clean(self, block: Block, memory: Memory) -> None:
        """Rewrite and remove lines of one block, for a stage that looks at one document at a time."""
        raise NotImplementedError

    def rewound(self, memory: Memory) -> None:
        """Every change of the block in work was taken back: forget what was found in it."""

    def remember(self, block: Block, memory: Memory) -> None:
        """Take over from a finished block what later blocks need."""
