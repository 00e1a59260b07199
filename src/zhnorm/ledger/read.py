"""Reading a ledger: what it says about each document (`replay` goes from input to output and back).

A ledger is read one document at a time; only the changes of one document are held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError, system_says
from zhnorm.formats.source import seekable
from zhnorm.messages import Message

from .record import DocumentRecords, FileRecord, change_of, check_schema, document_of, file_of, is_file, opened, parse
from .write import Record

__all__ = ["DocumentRecords", "Entry", "Ledger", "Side", "read_ledger"]

Side = Literal["input", "output"]
"""What a document is to a ledger: what was cleaned, or what came out."""

_RULE = expression(rb'"rule": "([^"\\]*)"')
_CHANGE = b'{"line": '  # how our own change records begin: an index need not parse them


def read_ledger(lines: Iterable[bytes], name: str = "ledger") -> Iterator[DocumentRecords]:
    """The documents of a ledger, one at a time; those that failed or are cut off by the end of the file are left out.

    Args:
        lines: an open ledger file, or its lines.
        name: for messages.

    Raises:
        ReadError: not a ledger, or one of a newer schema; the message names the line.
    """
    changes: list[Record] = []
    number = 0
    for number, line in enumerate(lines, 1):
        where = f"{name}:{number}"
        record = parse(line, where)
        if number == 1 or "schema" in record:
            check_schema(record, where)
        elif "line" in record:
            changes.append(change_of(record, where))
        elif "done" in record and not is_file(record):
            yield document_of(record, changes, where)
            changes = []
        else:
            changes = []
    if not number:
        raise ReadError(Message("{name}: empty", name=name), hint="is this a ledger of zhnorm?")


class Entry(NamedTuple):
    """Where a document stands in a ledger.

    Attributes:
        name: as in the ledger.
        input_sha256: hex digest of the input.
        output_sha256: hex digest of the output.
        line: number of the first record after its opening, from 1.
        start: the byte at which that record begins.
        stop: the byte after its closing record.
        closing: the closing record of a file of records; between `start` and `stop` stand the documents in it.
    """

    name: str
    input_sha256: str
    output_sha256: str
    line: int
    start: int
    stop: int
    closing: FileRecord | None = None


def _unclosed(at: str, name: str) -> ReadError:
    return ReadError(Message("{at}: {name} is not closed", at=at, name=name))


class Ledger:
    """A ledger file with an index of its documents: close it, or use it in a `with` statement.

    What cannot be read twice (a pipe, a compressed file) is copied to a temporary file.

    Args:
        path: the file.

    Attributes:
        entries: the documents that were completed, in order.
        failed: how many documents failed.
        title: what messages call the ledger.
        damaged: places where lines cannot be read or are missing; the documents that they are about are not among the entries.

    Raises:
        ReadError: it cannot be read, or is not a ledger.
    """

    def __init__(self, path: str) -> None:
        self.title = path
        self.failed = self.damaged = 0
        self._damage: ReadError | None = None
        try:
            self._file = seekable(open(path, "rb"), path)  # noqa: SIM115
            self.entries = tuple(self._index())
        except OSError as error:
            raise ReadError(
                Message("{path}: {strerror}", path=path, strerror=system_says(error)),
                hint="check the path of the ledger",
            ) from error
        self._found: dict[tuple[Side, str], list[Entry]] = {}
        for entry in self.entries:
            self._found.setdefault(("input", entry.input_sha256), []).append(entry)
            self._found.setdefault(("output", entry.output_sha256), []).append(entry)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, entry: Entry) -> DocumentRecords:
        """What the ledger says about one document."""
        self._file.seek(entry.start)
        lines = self._file.read(entry.stop - entry.start).split(b"\n")
        parsed = [(parse(line, self._at(number)), number) for number, line in enumerate(lines, entry.line) if line]
        changes = [change_of(record, self._at(number)) for record, number in parsed[:-1] if "line" in record]
        return document_of(parsed[-1][0], changes, self._at(parsed[-1][1]))

    def documents(self, entry: Entry) -> Iterator[DocumentRecords | None]:
        """What the ledger says about the documents in a file of records, one at a time; None for one that failed."""
        self._file.seek(entry.start)
        place, number = entry.start, entry.line
        changes: list[Record] = []
        while place < entry.stop:
            line = self._file.readline()
            record = parse(line, self._at(number))
            if "line" in record:
                changes.append(change_of(record, self._at(number)))
            else:
                if "done" in record and not is_file(record):
                    yield document_of(record, changes, self._at(number))
                elif "failed" in record:
                    yield None
                changes = []
            place, number = place + len(line), number + 1

    def find(self, side: Side, sha256: str) -> list[Entry]:
        """The documents whose input or output has this digest."""
        return self._found.get((side, sha256), [])

    def rules(self) -> set[str]:
        """The rules that the changes name."""
        self._file.seek(0)
        found: set[str] = set()
        for number, line in enumerate(self._file, 1):
            quoted = _RULE.search(line) if line.startswith(_CHANGE) else None
            if quoted and quoted[1].isascii():
                found.add(quoted[1].decode())
            elif b'"rule"' in line:
                found.add(str(parse(line, self._at(number)).get("rule", "")))
        return found

    def __iter__(self) -> Iterator[DocumentRecords]:
        if self._damage is not None:
            # What is told of all documents would not be so.
            raise self._damage
        for entry in self.entries:
            found = [self.read(entry)] if entry.closing is None else self.documents(entry)
            yield from (records for records in found if records is not None)

    def _at(self, number: int) -> str:
        return f"{self.title}:{number}"

    def _index(self) -> Iterator[Entry]:
        place = number = 0
        # Where the records behind an opening begin; a document in a file of records is opened while the file is open.
        under_way: list[tuple[str, int, int]] = []
        failed_inside = 0
        for number, line in enumerate(self._file, 1):
            place += len(line)
            if number > 1 and line.startswith(_CHANGE):
                continue
            try:
                record = parse(line, self._at(number))
                if number == 1 or "schema" in record:
                    check_schema(record, self._at(number))
                elif "document" in record:
                    name = opened(record, self._at(number))
                    while under_way and not name.startswith(f"{under_way[-1][0]}:"):
                        self._note(_unclosed(self._at(number), under_way.pop()[0]))
                    under_way.append((name, number + 1, place))
                elif under_way and under_way[-1][0] == record.get("done", record.get("failed")):
                    _, first, start = under_way.pop()
                    if under_way:
                        failed_inside += "failed" in record
                        continue
                    # A file of records that fails is one document: what was known of its records does not count.
                    self.failed += failed_inside if "done" in record else 1
                    failed_inside = 0
                    if "done" in record:
                        yield self._entry(record, number, first, start, place)
                elif "done" in record:
                    self._note(ReadError(Message("{at}: closes a document that is not open", at=self._at(number))))
                elif "failed" in record and under_way:
                    failed_inside += 1
                elif "failed" in record:
                    self.failed += 1
            except ReadError as error:
                if number == 1:
                    raise
                self._note(error)
        if not number:
            raise ReadError(Message("{title}: empty", title=self.title), hint="is this a ledger of zhnorm?")

    def _note(self, damage: ReadError) -> None:
        self.damaged += 1
        self._damage = self._damage or damage

    def _entry(self, record: Record, number: int, first: int, start: int, stop: int) -> Entry:
        found = document_of(record, None, self._at(number))
        closing = file_of(record, found) if is_file(record) else None
        return Entry(found.name, found.input_sha256, found.output_sha256, first, start, stop, closing)
