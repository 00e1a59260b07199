"""The account of a run as one JSON file: what came of the documents, and everything that somebody should look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zhnorm.limits import QuarantineError

from .summary import Summary
from .terminal_text import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhnorm.batch.job import Failure, Outcome

__all__ = ["Account"]

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
        self._quarantined: list[dict[str, Any]] = []
        self._failures: list[dict[str, Any]] = []
        self._losses: list[dict[str, Any]] = []

    def receive(self, result: Outcome | Failure) -> None:
        """What became of one more document."""
        self._summary.receive(result)
        error = getattr(result, "error", None)
        if error is not None:
            found = {"document": result.name, "reason": error.message, "hint": error.hint}
            (self._quarantined if isinstance(error, QuarantineError) else self._failures).append(found)
            return
        outcome: Outcome = result  # type: ignore[assignment]
        for loss in outcome.heavy:
            self._losses.append({"document": loss.name, "share": round(loss.share, 4), "rule": loss.rule})
        name = outcome.encoding.name if outcome.encoding else "utf-8"
        self._encodings[name] = self._encodings.get(name, 0) + 1
        if outcome.undecodable and outcome.first_undecodable:
            line, byte = outcome.first_undecodable
            found = {"document": outcome.name, "bytes": outcome.undecodable, "first": {"line": line, "byte": byte}}
            self._undecodable.append(found)

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
            "heavy_losses": self._losses,
            "quarantined": self._quarantined,
            "failures": self._failures,
            "vanished": list(vanished),
        }
        return (escape(json.dumps(record, ensure_ascii=False, indent=2)) + "\n").encode("utf-8")
