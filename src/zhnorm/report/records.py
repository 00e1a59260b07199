"""Reading a ledger: what it says about each document (`replay` goes from input to output and back).

A ledger is read one document at a time; only the changes of one document are held in memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from zhnorm.errors import ReadError
from zhnorm.formats.encoding import Variants
from zhnorm.formats.source import seekable
from zhnorm.line import Conversion, Evidence, Match, Neighbours, Scored, Span, Witness

from .ledger import SCHEMA, Record

__all__ = ["ENDS", "DocumentRecords", "Entry", "Ledger", "Side", "evidence_of", "read_ledger"]

Side = Literal["input", "output"]
"""What a document is to a ledger: what was cleaned, or what came out."""

ENDS = ("\n", "\r\n", "")
_EVIDENCE = {kind.__name__.lower(): kind for kind in (Conversion, Match, Span, Witness, Neighbours, Scored)}
_FIELDS: dict[str, type | tuple[type, ...]] = {
    "table": str, "pattern": str, "under": int, "start": int, "stop": int, "line": int, "score": (int, float),
    "reason": str, "features": list,
}  # fmt: skip
_CHANGE = b'{"line": '  # how our own change records begin: an index need not parse them


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
    """

    name: str
    lines: int
    changes: list[Record]
    input_sha256: str = ""
    output_sha256: str = ""
    encoding: str = "utf-8"
    variants: Variants = field(default_factory=dict)


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
        record = _parse(line, where)
        if number == 1 or "schema" in record:
            _check_schema(record, where)
        elif "line" in record:
            changes.append(_checked(record, where))
        elif "document" in record or "failed" in record:
            changes = []
        elif "done" in record:
            yield _document(record, changes, where)
            changes = []
    if not number:
        raise ReadError(f"{name}: empty", hint="is this a ledger of zhnorm?")


class Entry(NamedTuple):
    """Where a document stands in a ledger.

    Attributes:
        name: as in the ledger.
        input_sha256: hex digest of the input.
        output_sha256: hex digest of the output.
        line: number of the first record after its opening, from 1.
        start: the byte at which that record begins.
        stop: the byte after its closing record.
    """

    name: str
    input_sha256: str
    output_sha256: str
    line: int
    start: int
    stop: int


class Ledger:
    """A ledger file with an index of its documents: close it, or use it in a `with` statement.

    What cannot be read twice (a pipe, a compressed file) is copied to a temporary file.

    Args:
        path: the file.

    Attributes:
        entries: the documents that were completed, in order.
        title: what messages call the ledger.

    Raises:
        ReadError: it cannot be read, or is not a ledger.
    """

    def __init__(self, path: str) -> None:
        self.title = path
        try:
            self._file = seekable(open(path, "rb"), path)  # noqa: SIM115
            self.entries = tuple(self._index())
        except OSError as error:
            raise ReadError(f"{path}: {error.strerror or error}", hint="check the path of the ledger") from error
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
        parsed = [(_parse(line, self._at(number)), number) for number, line in enumerate(lines, entry.line) if line]
        changes = [_checked(record, self._at(number)) for record, number in parsed[:-1] if "line" in record]
        return _document(parsed[-1][0], changes, self._at(parsed[-1][1]))

    def find(self, side: Side, sha256: str) -> list[Entry]:
        """The documents whose input or output has this digest."""
        return self._found.get((side, sha256), [])

    def __iter__(self) -> Iterator[DocumentRecords]:
        return map(self.read, self.entries)

    def _at(self, number: int) -> str:
        return f"{self.title}:{number}"

    def _index(self) -> Iterator[Entry]:
        place = start = number = 0
        first = 1
        for number, line in enumerate(self._file, 1):
            place += len(line)
            if number > 1 and line.startswith(_CHANGE):
                continue
            record = _parse(line, self._at(number))
            if number == 1 or "schema" in record:
                _check_schema(record, self._at(number))
            elif "done" in record:
                found = _document(record, None, self._at(number))
                yield Entry(found.name, found.input_sha256, found.output_sha256, first, start, place)
            if "line" not in record:
                start, first = place, number + 1
        if not number:
            raise ReadError(f"{self.title}: empty", hint="is this a ledger of zhnorm?")


def _parse(line: bytes, where: str) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        # Shortened: the message of the decoder may quote the line.
        raise ReadError(f"{where}: not JSON: {str(error)[:120]}", hint="is this a ledger of zhnorm?") from error
    if not isinstance(record, dict):
        raise ReadError(f"{where}: expected a JSON object", hint="is this a ledger of zhnorm?")
    return record


def _check_schema(record: Record, where: str) -> None:
    schema = record.get("schema")
    if not isinstance(schema, int):
        raise ReadError(f"{where}: no schema number", hint="is this a ledger of zhnorm?")
    if schema > SCHEMA:
        raise ReadError(f"{where}: ledger schema {schema}; this zhnorm reads {SCHEMA}", hint="use a newer zhnorm")


def _checked(record: Record, where: str) -> Record:
    """A change record that has what every one has."""
    for key, kind in (("line", int), ("stage", str), ("rule", str), ("before", str), ("evidence", dict)):
        if not isinstance(record.get(key), kind):
            raise ReadError(f"{where}: a broken record: {key!r} is missing or of another kind")
    after = record.get("after", 0)
    if not (isinstance(after, str) or (after is None and record.get("end") in ENDS)):
        raise ReadError(f"{where}: a broken record: 'after' or 'end' is missing or of another kind")
    return record


def _document(record: Record, changes: list[Record] | None, where: str) -> DocumentRecords:
    try:
        name, lines, count = str(record["done"]), int(record["lines"]), int(record.get("changes", -1))
        digests = str(record.get("input_sha256", "")), str(record.get("output_sha256", ""))
    except (KeyError, TypeError, ValueError) as error:
        raise ReadError(f"{where}: a broken record: {error}") from error
    if changes is not None and count not in (len(changes), -1):
        hint = "lines of the ledger are missing; write it again"
        raise ReadError(f"{where}: {len(changes)} changes, and there should be {count}", hint=hint)
    encoding, variants = str(record.get("encoding", "utf-8")), _variants(record.get("variants", {}), where)
    return DocumentRecords(name, lines, changes or [], *digests, encoding, variants)


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
    Witness(line=3, score=97.5)
    """
    kind = _EVIDENCE.get(record.get("kind", ""))
    if kind is None:
        raise ReadError(f"{where}: no evidence of a known kind", hint="use the zhnorm that wrote it, or a newer one")
    values = {name: value for name, value in record.items() if name in kind.__dataclass_fields__}
    for name, value in values.items():
        if not isinstance(value, _FIELDS[name]) or isinstance(value, bool):
            raise ReadError(f"{where}: a broken record: {name!r} of the evidence is of another kind")
    if "features" in values:
        values["features"] = tuple(map(str, values["features"]))
    try:
        return kind(**values)
    except TypeError as error:
        raise ReadError(f"{where}: a broken record: the evidence lacks something") from error
