"""What a run did, in numbers: collected while it happens, shown as plain lines here or as a table by `screen`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .visible import visible

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome

__all__ = ["Summary"]


@dataclass(slots=True)
class Summary:
    """Totals of a run.

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
        heavy: how many lost so much that they are named.
    """

    documents: int = 0
    changed: int = 0
    pages: int = 0
    lines: int = 0
    removed: int = 0
    rewritten: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    failures: int = 0
    heavy: int = 0

    def add(self, result: Outcome | Failure) -> None:
        """What became of one more document."""
        counts = getattr(result, "counts", None)
        if counts is None:
            self.failures += 1
            return
        records = getattr(result, "records", None)
        self.documents += records.documents if records else 1
        self.changed += records.changed if records else counts.changed
        self.pages += records.pages if records else counts.is_page
        self.heavy += len(getattr(result, "heavy", ()))
        self.lines += counts.lines
        self.removed += counts.removed
        self.rewritten += counts.rewritten
        for rule, times in counts.rules.items():
            self.rules[rule] = self.rules.get(rule, 0) + times

    def by_rule(self) -> list[tuple[str, int]]:
        """Rules and lines, the busiest first, equals by name."""
        return sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))

    def headline(self) -> str:
        """One sentence for everything.

        >>> Summary(documents=2, changed=1, lines=1200, removed=7, rewritten=900).headline()
        '2 documents, 1 changed: 1,200 lines, 7 removed, 900 rewritten'
        """
        documents = "1 document" if self.documents == 1 else f"{self.documents:,} documents"
        heavy = f", {self.heavy:,} with a heavy loss" if self.heavy else ""
        failed = f", {self.failures:,} failed" if self.failures else ""
        pages = f", {self.pages:,} cut out of a page" if self.pages else ""
        numbers = f"{self.lines:,} lines, {self.removed:,} removed, {self.rewritten:,} rewritten"
        return f"{documents}, {self.changed:,} changed{pages}{heavy}{failed}: {numbers}"

    def plain(self) -> str:
        """The headline and a line for each rule, for logs and pipes."""
        width = max((len(f"{times:,}") for times in self.rules.values()), default=0)
        return "\n".join([self.headline(), *(f"  {times:>{width},} {visible(rule)}" for rule, times in self.by_rule())])
