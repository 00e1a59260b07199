"""What a run did, in numbers: collected while it happens, shown as plain lines here or as a table by `screen`.

An `Account` is more than that, as one JSON file: what came of the documents, and everything that somebody should look at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zhnorm.counts import Tally
from zhnorm.errors import MediaError
from zhnorm.limits import Losses, QuarantineError
from zhnorm.messages import Message, counted, in_language

from .terminal import escape, visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhnorm.batch.job import Failure, Outcome

__all__ = ["Account", "Summary"]


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
        if getattr(result, "is_media", False):
            return
        if counts is None:
            self.fail()
            self.files += not getattr(result, "in_file", False)
            return
        outcome: Outcome = result  # type: ignore[assignment]
        self.files += 1
        self.bytes_in += outcome.bytes_in
        self.bytes_out += outcome.bytes_out
        if found := outcome.records:
            heavy = len(outcome.heavy) + outcome.heavy_others
            self.add_file(counts, documents=found.documents, changed=found.changed, pages=found.pages, heavy=heavy)
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


SCHEMA = 1


class Account:
    """Collects what a run came to. It speaks of the state that the run leaves, not of the way there: a run that was
    interrupted and gone on with gives the account of one that was not.

    >>> import json
    >>> account = Account()
    >>> json.loads(account.as_json(version="0.1.0", cleaner="5f1c", vanished=[]))["documents"]
    0
    """

    def __init__(self) -> None:
        self._summary = Summary()
        self._encodings: dict[str, int] = {}
        self._undecodable: list[dict[str, Any]] = []
        self._private: list[dict[str, Any]] = []
        self._quarantined: list[dict[str, Any]] = []
        self._failures: list[dict[str, Any]] = []
        self._left_out: list[dict[str, Any]] = []
        self._losses = Losses()

    def receive(self, result: Outcome | Failure) -> None:
        """What became of one more document."""
        self._summary.receive(result)
        error = getattr(result, "error", None)
        if error is not None:
            found = {"document": result.name, "reason": error.message, "hint": error.hint}
            kinds = ((QuarantineError, self._quarantined), (MediaError, self._left_out))
            next((listed for kind, listed in kinds if isinstance(error, kind)), self._failures).append(found)
            return
        outcome: Outcome = result  # type: ignore[assignment]
        self._losses.add(outcome.heavy, outcome.heavy_others)
        name = outcome.encoding.name if outcome.encoding else "utf-8"
        self._encodings[name] = self._encodings.get(name, 0) + 1
        if outcome.undecodable and outcome.first_undecodable:
            line, byte = outcome.first_undecodable
            found = {"document": outcome.name, "bytes": outcome.undecodable, "first": {"line": line, "byte": byte}}
            self._undecodable.append(found)
        if outcome.private and outcome.first_private:
            line, code = outcome.first_private
            first = {"line": line, "code": code}
            self._private.append({"document": outcome.name, "characters": outcome.private, "first": first})

    def as_json(self, *, version: str, cleaner: str, vanished: Sequence[str]) -> bytes:
        """The account.

        Args:
            version: of zhnorm.
            cleaner: digest of the cleaner.
            vanished: documents whose output is there and whose input is gone.
        """
        import json

        totals = self._summary
        record = {
            "schema": SCHEMA,
            "zhnorm": version,
            "cleaner": cleaner,
            "documents": totals.documents,
            "changed": totals.changed,
            "pages": totals.pages,
            "failed": totals.failures,
            "bytes_in": totals.bytes_in,
            "bytes_out": totals.bytes_out,
            **totals.counts.in_short(),
            "rules": dict(totals.counts.by_rule()),
            "encodings": dict(sorted(self._encodings.items())),
            "undecodable": self._undecodable,
            "private_use": self._private,
            "heavy": self._losses.count,
            "heavy_losses": [
                {"document": name, "share": round(share, 4), "rule": rule} for name, share, rule in self._losses.worst()
            ],
            "quarantined": self._quarantined,
            "failures": self._failures,
            "left_out": self._left_out,
            "vanished": list(vanished),
        }
        return (escape(json.dumps(record, ensure_ascii=False, indent=2)) + "\n").encode("utf-8")
