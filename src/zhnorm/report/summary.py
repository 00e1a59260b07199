"""What a run did, in numbers: collected while it happens, shown as plain lines here or as a table by `screen`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zhnorm.counts import Tally
from zhnorm.messages import Message, counted, in_language

from .terminal_text import visible

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome

__all__ = ["Summary"]


@dataclass(slots=True)
class Summary(Tally):
    """Totals of a run.

    Attributes:
        files: how many files, or streams, came to an end, well or not.
        bytes_in: size of what was cleaned.
        bytes_out: size of what came of it.
    """

    files: int = 0
    bytes_in: int = 0
    bytes_out: int = 0

    def receive(self, result: Outcome | Failure) -> None:
        """What became of one more document."""
        counts = getattr(result, "counts", None)
        if counts is None:
            self.fail()
            self.files += not getattr(result, "in_file", False)
            return
        outcome: Outcome = result  # type: ignore[assignment]
        self.files += 1
        self.bytes_in += outcome.bytes_in
        self.bytes_out += outcome.bytes_out
        if found := outcome.records:
            self.add_file(
                counts, documents=found.documents, changed=found.changed, pages=found.pages, heavy=len(outcome.heavy)
            )
        else:
            self.add(counts, is_heavy=bool(outcome.heavy))

    def headline(self) -> str:
        """One sentence for everything.

        >>> from zhnorm.counts import TextCounts
        >>> counts = TextCounts(lines=1200, removed=7, rewritten=900)
        >>> Summary(documents=2, changed=1, counts=counts).headline()
        '2 documents, 1 changed: 1,200 lines, 7 removed, 900 rewritten'
        """
        counts = self.counts
        return Message(
            "{documents}, {changed:,} changed{pages}{heavy}{failed}: "
            "{lines:,} lines, {removed:,} removed, {rewritten:,} rewritten",
            documents=counted(self.documents, "1 document", "{count:,} documents"),
            changed=self.changed,
            heavy=Message(", {count:,} with a heavy loss", count=self.heavy) if self.heavy else "",
            failed=Message(", {count:,} failed", count=self.failures) if self.failures else "",
            pages=Message(", {count:,} cut out of a page", count=self.pages) if self.pages else "",
            lines=counts.lines,
            removed=counts.removed,
            rewritten=counts.rewritten,
        )

    def plain(self) -> str:
        """The headline and a line for each rule, for logs and pipes."""
        width = max((len(f"{times:,}") for times in self.counts.rules.values()), default=0)
        return "\n".join(
            [
                in_language(self.headline()),
                *(f"  {times:>{width},} {visible(rule)}" for rule, times in self.counts.by_rule()),
            ]
        )
