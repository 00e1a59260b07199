"""What the journal of an output folder says of one document, and the files it is kept in.

A finished run leaves `journal.jsonl`. A run that is under way writes `journal-N.jsonl`, and the ledger beside it; if it is
interrupted both stay, and the next run reads them as well. All of them are in the order of the documents.

    {"schema": 1, "zhnorm": "0.1.0", "cleaner": "5f1c…", "options": {"encoding": null}}
    {"document": "a/page.txt", "input": "9f86…", "output": "60a3…", "outcome": {…}, "ledger": [104, 2310, 99152]}
    {"vanished": "a/old.txt"}

`input` and `output` are the SHA-256 of the two files as they lie on the disk; what of the outcome is zero, or one of
these digests, is left out; `ledger` is where the document's records
are in the ledger: the first byte, how many, and their CRC-32. Journals hold nothing that depends on time or place, so
that a run that was interrupted a hundred times leaves the same journal as one that was not.
"""

from __future__ import annotations

import heapq
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, BinaryIO, NamedTuple

from zhnorm.counts import Counts
from zhnorm.errors import ReadError
from zhnorm.formats.encoding import Encoding
from zhnorm.formats.source import seekable
from zhnorm.limits import HeavyLoss
from zhnorm.text.expressions import expression

from .job import Known, Outcome, Records
from .walk import place

__all__ = ["Entry", "Segment", "as_line", "entry_line", "find_segments", "journal_name", "merged"]

_SEGMENT = expression(r"journal(?:-([0-9]+))?\.jsonl")


class Entry(NamedTuple):
    """One document of a journal.

    Attributes:
        name: as in its job.
        known: its digests and what came of it; None if its input is gone and only the output is left.
        ledger: where its records are: first byte, how many, CRC-32; None if no ledger was written.
        segment: the journal that says so.
    """

    name: str
    known: Known | None
    ledger: tuple[int, int, int] | None
    segment: Segment

    def records(self) -> bytes | None:
        """Its records in the ledger; None if they are not there any more."""
        if self.ledger is None or self.segment.ledger is None:
            return None
        start, size, digest = self.ledger
        self.segment.ledger.seek(start)
        data = self.segment.ledger.read(size)
        return data if len(data) == size and zlib.crc32(data) == digest else None


class Segment:
    """One journal file and its ledger, open for reading.

    Args:
        folder: where the journals of an output folder are.
        number: of the run; 0 for the finished one.
    """

    def __init__(self, folder: str, number: int) -> None:
        self.number = number
        self.path = os.path.join(folder, journal_name(number))
        self.ledger_path = os.path.join(folder, ledger_name(number))
        self.ledger: BinaryIO | None = None

    def open_ledger(self, otherwise: str) -> None:
        """Have the ledger at hand; `otherwise` is where it is if it has been put in place."""
        for path in (self.ledger_path, otherwise):
            # Nothing is opened that may be without end.
            if path and os.path.isfile(path):
                try:
                    self.ledger = seekable(open(path, "rb"), path)  # noqa: SIM115
                except (OSError, ReadError):
                    continue
                return

    def header(self) -> dict[str, Any]:
        """The first record; empty if there is none that can be read."""
        try:
            with open(self.path, "rb") as file:
                return _parsed(file.readline())
        except OSError:
            return {}

    def __iter__(self) -> Iterator[Entry]:
        """Its entries; lines that are torn or foreign are passed over, and their documents are done again."""
        with open(self.path, "rb") as file:
            for line in file:
                record = _parsed(line)
                try:
                    if "vanished" in record:
                        yield Entry(record["vanished"], None, None, self)
                    elif "document" in record:
                        ledger = record.get("ledger")
                        known = Known(record["input"], record["output"], _outcome(record))
                        yield Entry(record["document"], known, tuple(ledger) if ledger else None, self)
                except (KeyError, TypeError, ValueError):
                    continue

    def close(self) -> None:
        """Close the ledger."""
        if self.ledger is not None:
            self.ledger.close()

    def remove(self) -> None:
        """Delete the files of a run that is not needed any more."""
        for path in (self.path, self.ledger_path):
            if os.path.lexists(path):
                os.unlink(path)


def journal_name(number: int) -> str:
    return f"journal-{number}.jsonl" if number else "journal.jsonl"


def ledger_name(number: int) -> str:
    return f"ledger-{number}.jsonl"


def find_segments(folder: str) -> list[Segment]:
    """The journals in `folder`, the oldest first."""
    try:
        found = [_SEGMENT.fullmatch(name) for name in os.listdir(folder)]
    except FileNotFoundError:
        return []
    return [Segment(folder, number) for number in sorted(int(match[1] or 0) for match in found if match)]


def merged(segments: list[Segment]) -> Iterator[Entry]:
    """The entries of all segments in the order of the documents; of several about one document, the latest."""
    streams = [((place(entry.name), -entry.segment.number, entry) for entry in segment) for segment in segments]
    last = None
    for _, _, entry in heapq.merge(*streams, key=lambda item: item[:2]):
        if entry.name != last:
            last = entry.name
            yield entry


def as_line(record: dict[str, Any]) -> bytes:
    """A record as a line; names that are no UTF-8 are escaped like everything beyond ASCII."""
    return (json.dumps(record, separators=(", ", ": ")) + "\n").encode("ascii")


def entry_line(name: str, known: Known, ledger: tuple[int, int, int] | None) -> bytes:
    """The line of a document."""
    outcome, counts = known.outcome, known.outcome.counts
    said = {field: value for field, value in outcome._asdict().items() if value and value not in known[:2]}
    said["counts"] = [counts.lines, counts.removed, counts.rewritten, dict(sorted(counts.rules.items()))]
    if outcome.records is not None:
        said["records"] = asdict(outcome.records)
    del said["name"]
    record: dict[str, Any] = {"document": name, "input": known.input_digest, "output": known.output_digest}
    record["outcome"] = said
    if ledger:
        record["ledger"] = ledger
    return as_line(record)


def _outcome(record: dict[str, Any]) -> Outcome:
    said = {"input_sha256": record["input"], "output_sha256": record["output"], "bytes_in": 0, "bytes_out": 0}
    said |= record["outcome"]
    said["counts"] = Counts(*said["counts"])
    if "records" in said:
        said["records"] = Records(**said["records"])
    if "encoding" in said:
        said["encoding"] = Encoding(*said["encoding"])
    if "first_undecodable" in said:
        said["first_undecodable"] = tuple(said["first_undecodable"])
    if "heavy" in said:
        said["heavy"] = tuple(HeavyLoss(*loss) for loss in said["heavy"])
    return Outcome(record["document"], **said)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        record = json.loads(line) if line.endswith(b"\n") else {}
    except (ValueError, RecursionError):
        return {}
    return record if isinstance(record, dict) else {}
