"""What happened to the lines of a document, in numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zhnorm.loss import Loss

if TYPE_CHECKING:
    from zhnorm.line import Block

__all__ = ["Counts"]

PAGE_LINES = 10
"""A document of which so many lines went because of what they are was a page, and no extracted text."""


@dataclass(slots=True)
class Counts:
    """Counts of one document.

    Attributes:
        lines: lines read.
        removed: lines removed.
        rewritten: lines kept with another text.
        rules: lines each rule touched.
        loss: letters that went.

    >>> from zhnorm.line import Block, Match
    >>> block = Block.from_lines(["甲", "乙"])
    >>> block.remove(1, stage="boilerplate", rule="web/x", evidence=Match("乙"))
    >>> counts = Counts(); counts.add(block); counts
    Counts(lines=2, removed=1, rewritten=0, rules={'web/x': 1}, loss=Loss(letters=2, removed={'web/x': 1}))
    """

    lines: int = 0
    removed: int = 0
    rewritten: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    loss: Loss = field(default_factory=Loss)

    @property
    def changed(self) -> bool:
        """Whether the output differs from the input."""
        return bool(self.removed or self.rewritten)

    def add(self, block: Block) -> None:
        """Count the lines of one more block of the document."""
        self.lines += len(block)
        self.loss.add(block)
        # A set of pairs: several changes of a line by one rule are one line.
        for _, rule in {(line, rule) for line, _, rule, _, _ in block.acts()}:
            self.rules[rule] = self.rules.get(rule, 0) + 1
        for raw, text in zip(block.raw, block.text, strict=True):
            if text is None:
                self.removed += 1
            elif text is not raw and text != raw:
                self.rewritten += 1

    @property
    def is_page(self) -> bool:
        """Whether the article was found and the rest of the page removed."""
        return sum(lines for rule, lines in self.rules.items() if rule.startswith("reading/")) >= PAGE_LINES

    def merge(self, other: Counts) -> None:
        """Count what was counted elsewhere."""
        self.loss.merge(other.loss)
        self.lines += other.lines
        self.removed += other.removed
        self.rewritten += other.rewritten
        for rule, times in other.rules.items():
            self.rules[rule] = self.rules.get(rule, 0) + times

    def in_short(self) -> dict[str, int]:
        """The lines without the rules."""
        return {"lines": self.lines, "removed": self.removed, "rewritten": self.rewritten}
