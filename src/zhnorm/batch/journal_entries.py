"""What the journal of an output folder says of one document, and the files it is kept in.

A finished run leaves `journal.jsonl`. A run that is under way writes `journal-N.jsonl`, and the ledger beside it; if it is
interrupted both stay, and the next run reads them as well. All of them are in the order of the documents.

    {"schema": 2, "zhnorm": "0.1.0", "cleaner": "5f1c…", "options": {"encoding": null}}
    {"document": "a/page.txt", "input": "9f86…", "output": "60a3…", "outcome": {…}, "ledger": [104, 2310, 99152], "check": "77de…"}
    {"vanished": "a/old.txt", "check": "0c41…"}

`input` and `output` are the SHA-256 of the two files as they lie on the disk; what of the outcome is zero, or one of
these digests, is left out; `ledger` is where the document's records
are in the ledger: the first byte, how many, and their CRC-32. `check` is a digest of the first record and of all that stands before it in
its own: a line is believed only together with the cleaner, the options, and the digests of input and output that it was written
with. So what was damaged, or put there by anybody who did not work it out anew, costs the document its line and nothing else; it is
cleaned again. Journals hold nothing that depends on time or place, so
that a run that was interrupted a hundred times leaves the same journal as one that was not.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, BinaryIO, NamedTuple

from zhnorm.arrays.expressions import expression
from zhnorm.counts import Counts
from zhnorm.errors import ReadError
from zhnorm.formats import schema
from zhnorm.formats.encoding import Encoding
from zhnorm.formats.records import FORMATS
from zhnorm.formats.schema import is_count, is_digest, is_flag, is_number, is_share, is_text
from zhnorm.formats.source import seekable
from zhnorm.limits import HeavyLoss

from .job import Known, Outcome, Records
from .walk import place, unsafe

__all__ = [
    "CHECK",
    "Entry",
    "Segment",
    "as_line",
    "checked",
    "entry_line",
    "find_segments",
    "free_segment",
    "journal_name",
    "merged",
    "unchecked",
    "vanished_line",
]

_SEGMENT = expression(r"journal(?:-([1-9][0-9]{0,15}))?\.jsonl")
CHECK = b', "check": '
_CHECK_CHARS = 16
_LONGEST_LINE = 1 << 26
"""No line that we write is longer: one about a file of records names at most `limits.MOST_LOSSES` documents."""


def _is_name(value: object) -> bool:
    return isinstance(value, str) and not unsafe(value)


_COUNTS = schema.row(is_count, is_count, is_count, schema.map_of(is_text, is_count))
_RECORDS = schema.fields(
    {"documents": is_count, "changed": is_count, "pages": is_count, "failed": is_count, "empty": is_count},
    {
        "format": schema.one_of(("", *FORMATS)), "fields": schema.list_of(is_text), "bom": is_flag, "counted": is_flag, "header": is_flag,
        "misread": schema.list_of(schema.row(is_count, is_number)),
    },
)  # fmt: skip
_VARIANTS = schema.optional(schema.map_of(is_text, schema.list_of(is_count)))
_OUTCOME = schema.fields(
    {"counts": _COUNTS},
    {
        "bytes_in": is_count, "bytes_out": is_count, "undecodable": is_count, "first_undecodable": schema.row(is_number, is_number),
        "encoding": schema.row(schema.is_encoding, is_share(), is_text, _VARIANTS), "input_sha256": is_digest,
        "output_sha256": is_digest, "records": _RECORDS, "lost": is_count, "raw": is_text, "trimmed": is_text,
        "heavy": schema.list_of(schema.row(is_text, is_share(), is_text)), "extracted": is_flag,
        "only_returns": is_flag, "is_xml": is_flag, "heavy_others": is_count, "private": is_count, "first_private": schema.row(is_number, is_text),
    },
)  # fmt: skip
_DOCUMENT = schema.fields(
    {"document": _is_name, "input": is_digest, "output": is_digest, "outcome": _OUTCOME},
    {"ledger": schema.row(is_count, is_count, is_count)},
)
_VANISHED = schema.fields({"vanished": _is_name}, {})


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
        if start + size > self.segment.ledger_size:
            return None
        self.segment.ledger.seek(start)
        data = self.segment.ledger.read(size)
        return data if len(data) == size and zlib.crc32(data) == digest else None


class Segment:
    """One journal file and its ledger, open for reading.

    Args:
        folder: where the journals of an output folder are.
        number: of the run; 0 for the finished one.

    Attributes:
        damaged: how many lines were passed over because they are not as they were written.
    """

    def __init__(self, folder: str, number: int) -> None:
        self.number = number
        self.damaged = 0
        self.path = os.path.join(folder, journal_name(number))
        self.ledger_path = os.path.join(folder, ledger_name(number))
        self.ledger: BinaryIO | None = None
        self.ledger_size = 0

    def open_ledger(self, otherwise: str) -> None:
        """Have the ledger at hand; `otherwise` is where it is if it has been put in place."""
        for path in (self.ledger_path, otherwise):
            # Nothing is opened that may be without end.
            if path and os.path.isfile(path):
                try:
                    self.ledger = seekable(open(path, "rb"), path)  # noqa: SIM115
                    self.ledger_size = self.ledger.seek(0, os.SEEK_END)
                except (OSError, ReadError):
                    continue
                return

    def header(self) -> dict[str, Any]:
        """The first record; empty if there is none that can be read."""
        try:
            with open(self.path, "rb") as file:
                return schema.parsed(file.readline(_LONGEST_LINE))
        except (OSError, ValueError):
            return {}

    def __iter__(self) -> Iterator[Entry]:
        """Its entries; lines that are damaged or foreign are passed over, and their documents are done again."""
        last: tuple[bytes, ...] = ()
        with open(self.path, "rb") as file:
            header = file.readline(_LONGEST_LINE)
            while line := file.readline(_LONGEST_LINE):
                entry = self._entry(line, header)
                # Out of order it would come too late for its document.
                if entry is None or (here := place(entry.name)) <= last:
                    # A run that was ended in the middle of its last line left it so.
                    self.damaged += line.endswith(b"\n") or not self.number
                else:
                    last = here
                    yield entry

    def _entry(self, line: bytes, header: bytes) -> Entry | None:
        try:
            record = schema.parsed(unchecked(line, header) + b"}")
        except ValueError:
            return None
        if _VANISHED(record):
            return Entry(record["vanished"], None, None, self)
        if not _DOCUMENT(record):
            return None
        outcome = _outcome(record)
        counts = outcome.counts
        if counts.removed + counts.rewritten > counts.lines or any(n > counts.lines for n in counts.rules.values()):
            return None
        ledger = record.get("ledger")
        known = Known(record["input"], record["output"], outcome)
        return Entry(record["document"], known, tuple(ledger) if ledger else None, self)

    def close(self) -> None:
        """Close the ledger."""
        if self.ledger is not None:
            self.ledger.close()

    def remove(self) -> None:
        """Delete the files of a run that is not needed any more."""
        for path in (self.path, self.ledger_path):
            if os.path.islink(path) or os.path.isfile(path):
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
    numbers = sorted(int(match[1] or 0) for match in found if match and _is_file(os.path.join(folder, match[0])))
    return [Segment(folder, number) for number in numbers]


def free_segment(folder: str, number: int) -> Segment:
    """The first segment from a number on of which there are no files, whatever else somebody put there."""
    segment = Segment(folder, number)
    while os.path.lexists(segment.path) or os.path.lexists(segment.ledger_path):
        segment = Segment(folder, segment.number + 1)
    return segment


def _is_file(path: str) -> bool:
    """Whether it can be read to an end, and is our own."""
    return os.path.isfile(path) and not os.path.islink(path)


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


def checked(said: bytes, header: bytes) -> bytes:
    """A line that says of itself whether it is as it was written, made of a record without its last bracket.

    Args:
        said: the record.
        header: the first line of the journal.
    """
    return said + CHECK + _check(said, header)


def unchecked(line: bytes, header: bytes) -> bytes:
    """The record in a line, as `checked` was given it; empty if the line is not as it was written."""
    said, _, check = line.rpartition(CHECK)
    return said if check == _check(said, header) else b""


def _check(said: bytes, header: bytes) -> bytes:
    """What stands behind `"check": ` in a line, given all that stands before."""
    return b'"%s"}\n' % hashlib.sha256(header + said).hexdigest()[:_CHECK_CHARS].encode()


def vanished_line(name: str, header: bytes) -> bytes:
    """The line of a document whose input is gone."""
    return checked(as_line({"vanished": name}).removesuffix(b"}\n"), header)


def entry_line(name: str, known: Known, ledger: tuple[int, int, int] | None, header: bytes) -> bytes:
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
    return checked(as_line(record).removesuffix(b"}\n"), header)


def _outcome(record: dict[str, Any]) -> Outcome:
    said = {"input_sha256": record["input"], "output_sha256": record["output"], "bytes_in": 0, "bytes_out": 0}
    said |= record["outcome"]
    said["counts"] = Counts(*said["counts"])
    if "records" in said:
        said["records"] = Records(**said["records"])
    if "encoding" in said:
        said["encoding"] = Encoding(*said["encoding"])
    for first in said.keys() & {"first_undecodable", "first_private"}:
        said[first] = tuple(said[first])
    if "heavy" in said:
        said["heavy"] = tuple(HeavyLoss(*loss) for loss in said["heavy"])
    return Outcome(record["document"], **said)
