"""What a stage is, and what is known of a document while its blocks are cleaned."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ..line import Block
from ..markup.markup import Markup, MarkupState
from .shared_looks import Looks

__all__ = ["Memory", "Stage", "Work", "once"]

State = TypeVar("State")
Found = TypeVar("Found")
_TITLE = frozenset(("title",))


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
        freed: indices of the lines of the block in work that were markup and are text now: they have yet to be tidied and converted.
        asked_for: indices of the lines that stay because the user wants their kind.
        kinds: what the lines of the block in work were last read as, by their indices: a call, since few ask.
        sure_text: indices of the lines that were read as text so surely that no rule takes them whole, unless it is the user's own.
        answers: what other stages were told of lines by `is_of` and `is_sure_text`, by their indices (and the kinds that were asked for).
    """

    __slots__ = (
        "_states",
        "answers",
        "asked_for",
        "freed",
        "kinds",
        "looks",
        "markup",
        "markup_state",
        "name",
        "sure_text",
        "title",
    )

    def __init__(self, title: str | None = None, name: str = "") -> None:
        self.title = title
        self.name = name
        self.looks = Looks.of_nothing()
        self.markup = Markup()
        self.markup_state = MarkupState()
        self.freed: frozenset[int] = frozenset()
        self.asked_for: set[int] = set()
        self.kinds: Callable[[], Mapping[int, str]] = dict
        self.sure_text: frozenset[int] = frozenset()
        self.answers: tuple[dict[tuple[int, frozenset[str]], bool], dict[int, bool]] = ({}, {})
        self._states: dict[type[Any], Any] = {}

    def is_of(self, i: int, kinds: frozenset[str]) -> bool:
        """Whether a line was last read as one of some kinds."""
        answer = self.answers[0][i, kinds] = self.kinds().get(i, "") in kinds
        return answer

    def is_title(self, i: int) -> bool:
        """Whether a line was last read as the title."""
        return self.is_of(i, _TITLE)

    def is_sure_text(self, i: int) -> bool:
        """Whether a line was last read as text for sure."""
        answer = self.answers[1][i] = i in self.sure_text
        return answer

    def has_other_answers(self, block: Block) -> bool:
        """Whether another stage would be told otherwise now of a line that is left; this is asked once."""
        of_kinds, sure_text = self.answers
        self.answers = ({}, {})
        kinds = self.kinds() if of_kinds else {}
        return any(
            block.text[i] is not None and (kinds.get(i, "") in asked) is not was for (i, asked), was in of_kinds.items()
        ) or any(block.text[i] is not None and (i in self.sure_text) is not was for i, was in sure_text.items())

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


def once(find: Callable[[], Found]) -> Callable[[], Found]:
    """A call that finds something out when it is first made, and knows it from then on: `functools.cache` takes longer than most of what is asked.

    >>> asked = []
    >>> ask = once(lambda: asked.append("asked") or len(asked))
    >>> ask(), ask(), asked
    (1, 1, ['asked'])
    """
    found: list[Found] = []

    def ask() -> Found:
        if not found:
            found.append(find())
        return found[0]

    return ask


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

    def reconsider(self, block: Block, memory: Memory) -> bool:
        """Asked when no stage finds anything more: whether what the others were told of the block is otherwise by now, so that they have to
        be asked again."""
        return False

    def rewound(self, memory: Memory) -> None:
        """Every change of the block in work was taken back: forget what was found in it."""

    def remember(self, block: Block, memory: Memory) -> None:
        """Take over from a finished block what later blocks need."""
