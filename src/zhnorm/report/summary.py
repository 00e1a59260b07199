"""What a run did, in numbers: collected while it happens, shown as plain lines here or as a table by `screen`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .visible import visible

if TYPE_CHECKING:
    from zhnorm.batch.run import Failure, Outcome
    from zhnorm.line import Block

__all__ = ["Summary"]


@dataclass(slots=True)
class Summary:
    """Totals of a run: a watcher of `batch.run`.

    A document counts once it is in place; one that failed adds nothing but itself.

    Attributes:
        documents: how many were cleaned.
        changed: how many of them differ from their input.
        lines: lines read.
        pages: documents in which the article was found and the rest of the page removed.
        removed: lines removed.
        rewritten: lines kept with another text.
        rules: lines each rule touched.
        failures: how many documents failed.
    """

    documents: int = 0
    changed: int = 0
    pages: int = 0
    lines: int = 0
    removed: int = 0
    rewritten: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    failures: int = 0
    _open: list[int] = field(default_factory=lambda: [0, 0, 0])
    _open_rules: dict[str, int] = field(default_factory=dict)

    def begin(self, _: str) -> None:
        """A document opens."""
        self._open, self._open_rules = [0, 0, 0], {}

    def block(self, block: Block) -> None:
        """Lines of the open document are finished."""
        self._open[0] += len(block)
        touched = set()
        for change in block.changes():
            if (change.line, change.rule) not in touched:
                touched.add((change.line, change.rule))
                self._open_rules[change.rule] = self._open_rules.get(change.rule, 0) + 1
        for raw, text in zip(block.raw, block.text, strict=True):
            if text is None:
                self._open[1] += 1
            elif text is not raw and text != raw:
                self._open[2] += 1

    def done(self, outcome: Outcome) -> None:
        """The open document is in place: its numbers count."""
        self.documents += 1
        self.changed += outcome.changed
        self.pages += any(rule.startswith("body/") for rule in self._open_rules)
        self.lines += self._open[0]
        self.removed += self._open[1]
        self.rewritten += self._open[2]
        for rule, times in self._open_rules.items():
            self.rules[rule] = self.rules.get(rule, 0) + times

    def failed(self, _: Failure) -> None:
        """A document failed."""
        self.failures += 1

    def by_rule(self) -> list[tuple[str, int]]:
        """Rules and lines, the busiest first, equals by name."""
        return sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))

    def headline(self) -> str:
        """One sentence for everything.

        >>> Summary(documents=2, changed=1, lines=1200, removed=7, rewritten=900).headline()
        '2 documents, 1 changed: 1,200 lines, 7 removed, 900 rewritten'
        """
        documents = "1 document" if self.documents == 1 else f"{self.documents:,} documents"
        failed = f", {self.failures:,} failed" if self.failures else ""
        pages = f", {self.pages:,} cut out of a page" if self.pages else ""
        numbers = f"{self.lines:,} lines, {self.removed:,} removed, {self.rewritten:,} rewritten"
        return f"{documents}, {self.changed:,} changed{pages}{failed}: {numbers}"

    def plain(self) -> str:
        """The headline and a line for each rule, for logs and pipes."""
        width = max((len(f"{times:,}") for times in self.rules.values()), default=0)
        return "\n".join([self.headline(), *(f"  {times:>{width},} {visible(rule)}" for rule, times in self.by_rule())])
