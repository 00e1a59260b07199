"""One record of a ledger: parsed, checked, and made into what it says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError
from zhnorm.formats import schema
from zhnorm.formats.encoding import Variants
from zhnorm.formats.records import FORMATS, Layout
from zhnorm.formats.schema import is_count, is_digest, is_flag, is_line, is_number, is_share, is_text
from zhnorm.line import Conversion, Evidence, Indexed, Match, Neighbours, Recurring, Scored, Span, Twin, Witness

from .write import SCHEMA, Record

__all__ = [
    "ENDS",
    "DocumentRecords",
    "FileRecord",
    "change_of",
    "check_schema",
    "document_of",
    "evidence_of",
    "file_of",
    "is_file",
    "opened",
    "parse",
]

ENDS = ("\n", "\r\n", "")
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
_CHANGE = {
    "line": is_number, "stage": is_text, "rule": is_text, "before": is_line, "after": schema.optional(is_line),
    "evidence": schema.map_of(is_text, lambda _: True),
}  # fmt: skip
_REMOVAL = {**_CHANGE, "end": schema.one_of(ENDS)}
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
        share_removed: which share of the letters went, 0 to 1 (see `zhnorm.loss`); 0 if the ledger is older.
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
        raise ReadError(f"{where}: not JSON: {str(error)[:120]}", hint="is this a ledger of zhnorm?") from error


def check_schema(record: Record, where: str) -> None:
    number: Any = record.get("schema")
    if not is_number(number):
        raise ReadError(f"{where}: no schema number", hint="is this a ledger of zhnorm?")
    if number > SCHEMA:
        raise ReadError(f"{where}: ledger schema {number}; this zhnorm reads {SCHEMA}", hint="use a newer zhnorm")


def _check(
    record: object, required: Mapping[str, schema.Check], others: Mapping[str, schema.Check], where: str
) -> None:
    if wrong := schema.wrong_field(record, required, others):
        raise ReadError(
            f"{where}: a broken record: {wrong!r} is missing or of another kind",
            hint="the ledger is damaged; write it again",
        )


def opened(record: Record, where: str) -> str:
    """The name of the document that a record opens."""
    _check(record, {"document": is_text}, {}, where)
    return str(record["document"])


def change_of(record: Record, where: str) -> Record:
    """A change record that has what every one has."""
    _check(record, _CHANGE if record.get("after") is not None else _REMOVAL, _KIND, where)
    return record


def document_of(record: Record, changes: list[Record] | None, where: str) -> DocumentRecords:
    """What the closing record of a document says; `changes` is None if only that is asked."""
    _check(record, _FILE if is_file(record) else _DOCUMENT, _CLOSING, where)
    count = record.get("changes")
    if changes is not None and count not in (len(changes), None):
        hint = "lines of the ledger are missing; write it again"
        raise ReadError(f"{where}: {len(changes)} changes, and there should be {count}", hint=hint)
    lines = record["records"] if is_file(record) else record["lines"]
    if not is_file(record) and any(change["line"] > lines for change in changes or ()):
        raise ReadError(f"{where}: changes of lines that the document does not have", hint="the ledger was changed")
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
        raise ReadError(f"{where}: no evidence of a known kind", hint="use the zhnorm that wrote it, or a newer one")
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
