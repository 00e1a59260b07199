"""One record of a ledger: parsed, checked, and made into what it says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import NamedTuple

from zhnorm.errors import ReadError
from zhnorm.formats.encoding import Variants
from zhnorm.formats.records import Layout
from zhnorm.line import Conversion, Evidence, Match, Neighbours, Scored, Span, Witness

from .ledger import SCHEMA, Record

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
    "parse",
]

ENDS = ("\n", "\r\n", "")
_EVIDENCE = {kind.__name__.lower(): kind for kind in (Conversion, Match, Span, Witness, Neighbours, Scored)}
_FIELDS: dict[str, type | tuple[type, ...]] = {
    "table": str, "pattern": str, "under": int, "start": int, "stop": int, "line": int, "score": (int, float),
    "reason": str, "features": list, "differences": list,
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


class FileRecord(NamedTuple):
    """What a ledger says about a file of records.

    Attributes:
        format: jsonl, csv …
        layout: how its records were read.
        encoding: what the input was in.
        variants: see `formats.encoding.Encoding`.
    """

    format: str
    layout: Layout
    encoding: str
    variants: tuple[tuple[str, tuple[int, ...]], ...]


def is_file(record: Record) -> bool:
    return "records" in record and "format" in record


def parse(line: bytes, where: str) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        # Shortened: the message of the decoder may quote the line.
        raise ReadError(f"{where}: not JSON: {str(error)[:120]}", hint="is this a ledger of zhnorm?") from error
    if not isinstance(record, dict):
        raise ReadError(f"{where}: expected a JSON object", hint="is this a ledger of zhnorm?")
    return record


def check_schema(record: Record, where: str) -> None:
    schema = record.get("schema")
    if not isinstance(schema, int):
        raise ReadError(f"{where}: no schema number", hint="is this a ledger of zhnorm?")
    if schema > SCHEMA:
        raise ReadError(f"{where}: ledger schema {schema}; this zhnorm reads {SCHEMA}", hint="use a newer zhnorm")


def change_of(record: Record, where: str) -> Record:
    """A change record that has what every one has."""
    for key, kind in (("line", int), ("stage", str), ("rule", str), ("before", str), ("evidence", dict)):
        if not isinstance(record.get(key), kind):
            raise ReadError(f"{where}: a broken record: {key!r} is missing or of another kind")
    after = record.get("after", 0)
    if not (isinstance(after, str) or (after is None and record.get("end") in ENDS)):
        raise ReadError(f"{where}: a broken record: 'after' or 'end' is missing or of another kind")
    return record


def document_of(record: Record, changes: list[Record] | None, where: str) -> DocumentRecords:
    try:
        name, lines, count = (
            str(record["done"]),
            int(record["records"] if is_file(record) else record["lines"]),
            int(record.get("changes", -1)),
        )
        digests = str(record.get("input_sha256", "")), str(record.get("output_sha256", ""))
    except (KeyError, TypeError, ValueError) as error:
        raise ReadError(f"{where}: a broken record: {error}") from error
    if changes is not None and count not in (len(changes), -1):
        hint = "lines of the ledger are missing; write it again"
        raise ReadError(f"{where}: {len(changes)} changes, and there should be {count}", hint=hint)
    encoding, variants = str(record.get("encoding", "utf-8")), _variants(record.get("variants", {}), where)
    of_record = str(record.get("raw", "")), str(record.get("trimmed", ""))
    misread = _misread(record.get("misread", {}), where)
    share, rule = record.get("share_removed", 0.0), str(record.get("most_removed_by", ""))
    if isinstance(share, bool) or not isinstance(share, int | float):
        raise ReadError(f"{where}: a broken record: 'share_removed' is no number")
    return DocumentRecords(
        name, lines, changes or [], *digests, encoding, variants, *of_record, misread, float(share), rule
    )


def _misread(found: object, where: str) -> dict[int, str]:
    try:
        assert isinstance(found, dict)
        return {int(line): str(text) for line, text in found.items()}
    except (AssertionError, ValueError) as error:
        raise ReadError(f"{where}: a broken record: 'misread' is of another kind") from error


def _variants(found: object, where: str) -> Variants:
    try:
        assert isinstance(found, dict)
        return {bytes.fromhex(written).hex(): list(map(int, places)) for written, places in found.items()}
    except (AssertionError, TypeError, ValueError) as error:
        raise ReadError(f"{where}: a broken record: 'variants' is of another kind") from error


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
    kind = _EVIDENCE.get(record.get("kind", ""))
    if kind is None:
        raise ReadError(f"{where}: no evidence of a known kind", hint="use the zhnorm that wrote it, or a newer one")
    values = {name: value for name, value in record.items() if name in kind._fields}
    for name, value in values.items():
        if not isinstance(value, _FIELDS[name]) or isinstance(value, bool):
            raise ReadError(f"{where}: a broken record: {name!r} of the evidence is of another kind")
    for name in ("features", "differences"):
        if name in values:
            values[name] = tuple(map(str, values[name]))
    try:
        return kind(**values)
    except TypeError as error:
        raise ReadError(f"{where}: a broken record: the evidence lacks something") from error


def file_of(record: Record, found: DocumentRecords) -> FileRecord:
    """What the closing record of a file of records says about it."""
    field, counts, header = record.get("field"), bool(record.get("counts")), bool(record.get("header", True))
    layout = Layout(str(record["format"]), str(field), counts, header)
    variants = tuple((written, tuple(places)) for written, places in found.variants.items())
    return FileRecord(str(record["format"]), layout, found.encoding, variants)
