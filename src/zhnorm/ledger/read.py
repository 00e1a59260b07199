"""Reading a ledger: each record parsed and checked, and what they say about each document (`replay` goes from input to output and back).

A ledger is read one document at a time; only the changes of one document are held in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError, system_says
from zhnorm.formats import schema
from zhnorm.formats.encoding import Variants
from zhnorm.formats.records import FORMATS, Layout
from zhnorm.formats.schema import is_count, is_digest, is_flag, is_line, is_number, is_share, is_text
from zhnorm.formats.source import seekable
from zhnorm.line import Conversion, Evidence, Indexed, Match, Neighbours, Recurring, Scored, Span, Twin, Witness
from zhnorm.messages import Message

from .write import SCHEMA, Record

__all__ = [
    "ENDS",
    "DocumentRecords",
    "Entry",
    "FileRecord",
    "Ledger",
    "Side",
    "change_of",
    "check_schema",
    "document_of",
    "evidence_of",
    "file_of",
    "is_file",
    "opened",
    "parse",
    "read_ledger",
]

ENDS = ("\n", "\r\n", "")
_LONGEST_HEAD = 1 << 20
"""Bytes; the first line of a ledger has some hundreds."""
_KINDS = (Conversion, Match, Span, Witness, Neighbours, Scored, Recurring, Twin, Indexed)
_EVIDENCE = {kind.__name__.lower(): kind for kind in _KINDS}
_PART: dict[str, schema.Check] = {
    "table": is_text, "pattern": is_text, "under": is_number, "start": is_count, "stop": is_count, "line": is_number,
    "score": is_share(100.0), "reason": is_text, "features": schema.list_of(is_text), "differences": schema.list_of(is_text),
    "pages": is_count, "of": is_count, "site": is_text, "sites": is_count, "document": is_text, "likeness": is_share(), "id": is_text,
    "where": is_text, "share": is_share(),
}  # fmt: skip
_NUMBER = expression("[1-9][0-9]{0,15}")
_BYTES = expression("(?:[0-9a-f]{2}){1,4}")
_CHANGE_FIELDS = {
    "line": is_number, "stage": is_text, "rule": is_text, "before": is_line, "after": schema.optional(is_line),
    "evidence": schema.map_of(is_text, lambda _: True),
}  # fmt: skip
_REMOVAL = {**_CHANGE_FIELDS, "end": schema.one_of(ENDS)}
_KIND = {"kind": is_text}
_DOCUMENT = {"done": is_text, "lines": is_count}
_FILE = {"done": is_text, "records": is_count, "format": schema.one_of(FORMATS), "field": is_text}
_CLOSING = {
    "changes": is_count, "input_sha256": is_digest, "output_sha256": is_digest, "raw": is_text, "trimmed": schema.one_of(ENDS),
    "share_removed": is_share(), "most_removed_by": is_text, "encoding": schema.is_encoding, "counts": is_flag, "header": is_flag, "bom": is_flag,
    "extracted": is_flag, "fields": schema.list_of(is_text),
    "variants": schema.map_of(lambda written: _BYTES.fullmatch(written) is not None, schema.list_of(is_count)),
    "misread_bytes": schema.list_of(schema.row(is_count, is_number)),
    "misread": schema.map_of(lambda line: _NUMBER.fullmatch(line) is not None, is_line),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentRecords:
    """What a ledger says about one document.

    Attributes:
        name: as in the ledger.
        lines: how many lines the input had.
        changes: the change records, in the order in which they happened.
        input_sha256: hex digest of the input.
        output_sha256: hex digest of the output.
        encoding: what the input was in; the output is UTF-8.
        variants: see `formats.encoding.Encoding`.
        raw: of a record in a file: all of it as it came in, if it cannot be made of the output.
        trimmed: likewise: the line end that was taken off the output.
        share_removed: which share of the letters went, 0 to 1 (see `zhnorm.counts`); 0 if the ledger is older.
        most_removed_by: the rule that took most of them.
        extracted: the input was HTML; the lines are those of the text that was taken out of it.
        misread: lines that were kept byte for byte, and read otherwise in the output, as they were.
    """

    name: str
    lines: int
    changes: list[Record]
    input_sha256: str = ""
    output_sha256: str = ""
    encoding: str = "utf-8"
    variants: Variants = field(default_factory=dict)
    raw: str = ""
    trimmed: str = ""
    misread: dict[int, str] = field(default_factory=dict)
    share_removed: float = 0.0
    most_removed_by: str = ""
    extracted: bool = False


class FileRecord(NamedTuple):
    """What a ledger says about a file of records.

    Attributes:
        format: jsonl, csv …
        layout: how its records were read.
        encoding: what the input was in.
        variants: see `formats.encoding.Encoding`; the places in order.
        misread: where the output holds bytes that are no characters, and are read as some: first byte and number of bytes.
    """

    format: str
    layout: Layout
    encoding: str
    variants: tuple[tuple[str, tuple[int, ...]], ...]
    misread: tuple[tuple[int, int], ...]


def is_file(record: Record) -> bool:
    return "records" in record and "format" in record


def parse(line: bytes, where: str) -> Record:
    try:
        return schema.parsed(line)
    except ValueError as error:
        # Shortened: the message of the decoder may quote the line.
        raise ReadError(
            Message("{where}: not JSON: {error}", where=where, error=str(error)[:120]),
            hint="is this a ledger of zhnorm?",
        ) from error


def check_schema(record: Record, where: str) -> None:
    number: Any = record.get("schema")
    if not is_number(number):
        raise ReadError(Message("{where}: no schema number", where=where), hint="is this a ledger of zhnorm?")
    if number > SCHEMA:
        raise ReadError(
            Message(
                "{where}: ledger schema {number}; this zhnorm reads {known}", where=where, number=number, known=SCHEMA
            ),
            hint="use a newer zhnorm",
        )


def _check(
    record: object, required: Mapping[str, schema.Check], others: Mapping[str, schema.Check], where: str
) -> None:
    if wrong := schema.wrong_field(record, required, others):
        raise ReadError(
            Message("{where}: a broken record: {wrong!r} is missing or of another kind", where=where, wrong=wrong),
            hint="the ledger is damaged; write it again",
        )


def opened(record: Record, where: str) -> str:
    """The name of the document that a record opens."""
    _check(record, {"document": is_text}, {}, where)
    return str(record["document"])


def change_of(record: Record, where: str) -> Record:
    """A change record that has what every one has."""
    _check(record, _CHANGE_FIELDS if record.get("after") is not None else _REMOVAL, _KIND, where)
    return record


def document_of(record: Record, changes: list[Record] | None, where: str) -> DocumentRecords:
    """What the closing record of a document says; `changes` is None if only that is asked."""
    _check(record, _FILE if is_file(record) else _DOCUMENT, _CLOSING, where)
    count = record.get("changes")
    if changes is not None and count not in (len(changes), None):
        raise ReadError(
            Message(
                "{where}: {found} changes, and there should be {count}", where=where, found=len(changes), count=count
            ),
            hint="lines of the ledger are missing; write it again",
        )
    lines = record["records"] if is_file(record) else record["lines"]
    if not is_file(record) and any(change["line"] > lines for change in changes or ()):
        raise ReadError(
            Message("{where}: changes of lines that the document does not have", where=where),
            hint="the ledger was changed",
        )
    return DocumentRecords(
        record["done"],
        lines,
        changes or [],
        input_sha256=record.get("input_sha256", ""),
        output_sha256=record.get("output_sha256", ""),
        encoding=record.get("encoding", "utf-8"),
        variants=record.get("variants", {}),
        raw=record.get("raw", ""),
        trimmed=record.get("trimmed", ""),
        misread={int(line): text for line, text in record.get("misread", {}).items()},
        share_removed=float(record.get("share_removed", 0.0)),
        most_removed_by=record.get("most_removed_by", ""),
        extracted=record.get("extracted", False),
    )


def evidence_of(record: Record, where: str) -> Evidence:
    """The evidence of a change record.

    Args:
        record: the value of `evidence`.
        where: for the message.

    Raises:
        ReadError: it is broken, or of a kind that this version does not know.

    >>> evidence_of({"kind": "witness", "line": 3, "score": 97.5}, "why.jsonl:4")
    Witness(line=3, score=97.5, differences=())
    """
    name = record.get("kind")
    kind = _EVIDENCE.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ReadError(
            Message("{where}: no evidence of a known kind", where=where),
            hint="use the zhnorm that wrote it, or a newer one",
        )
    _check(
        record,
        {part: _PART[part] for part in kind._fields if part not in kind._field_defaults},
        {part: _PART[part] for part in kind._field_defaults},
        where,
    )
    values: dict[str, Any] = {part: record[part] for part in kind._fields if part in record}
    for part in ("features", "differences"):
        if part in values:
            values[part] = tuple(values[part])
    return kind(**values)


def file_of(record: Record, found: DocumentRecords) -> FileRecord:
    """What the closing record of a file of records says about it."""
    fields = tuple(record.get("fields", [record["field"]] if record["field"] else []))
    layout = Layout(
        record["format"], fields, record.get("counts", False), record.get("header", True), bom=record.get("bom", False)
    )
    variants = tuple((written, tuple(sorted(places))) for written, places in found.variants.items())
    misread = tuple((first, size) for first, size in sorted(record.get("misread_bytes", ())))
    return FileRecord(record["format"], layout, found.encoding, variants, misread)


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
            self._refuse_others()
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

    def _refuse_others(self) -> None:
        """Refuse what is no ledger by its first line: of a device a line may have no end."""
        if len(self._file.readline(_LONGEST_HEAD)) == _LONGEST_HEAD:
            raise ReadError(
                Message("{title}: its first line is none of a ledger", title=self.title),
                hint="is this a ledger of zhnorm?",
            )
        self._file.seek(0)

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
