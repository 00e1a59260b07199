"""The ledger file: every change of every line, as JSON Lines (`records` reads it).

    {"schema": 1, "zhnorm": "0.1.0", "cleaner": "5f1c…"}
    {"document": "page.txt"}
    {"line": 3, "stage": "boilerplate", "rule": "web/share-bar", "before": "分享到：", "after": null, "end": "\\n", …}
    {"done": "page.txt", "lines": 40, "changes": 1, "input_sha256": "…", "output_sha256": "…"}

Changes stand between the `document` and the `done` record of their document, in the order in which they happened;
changes of one line follow each other, though other lines may stand between them. `end` is there where a line was
removed, `kind` (what a line was read as) if it was asked for. A document that failed ends in `{"failed": …, "reason": …}`. Strings hold the text as it was: a byte that
was not UTF-8 is a lone surrogate, U+DC80 to U+DCFF, written as an escape like every character that could confuse a
terminal. A higher schema number means that an old reader would misunderstand the file; new keys do not raise it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from json.encoder import encode_basestring as _quote
from typing import TYPE_CHECKING, Any

from zhnorm.formats.text import reads_otherwise
from zhnorm.line import evidence_record

from ..report.terminal import escape

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome, Records
    from zhnorm.formats.encoding import Encoding
    from zhnorm.line import Block, Evidence

__all__ = ["SCHEMA", "LedgerWriter", "Record", "ledger_header"]

SCHEMA = 1

Record = dict[str, Any]


def ledger_header(*, version: str, cleaner: str) -> bytes:
    """The first line of a ledger.

    Args:
        version: of zhnorm.
        cleaner: digest of the cleaner.
    """
    return _line({"schema": SCHEMA, "zhnorm": version, "cleaner": cleaner})


class LedgerWriter:
    """Writes the records of a ledger while documents are cleaned: a recorder of `batch.run`. `ledger_header` comes first.

    Args:
        write: takes the bytes.
        kinds: say of each line what it was read as.

    >>> from zhnorm.line import Block, Match
    >>> block = Block.from_lines(["甲"])
    >>> block.remove(0, stage="boilerplate", rule="web/x", evidence=Match("甲"))
    >>> pieces: list[bytes] = []
    >>> writer = LedgerWriter(pieces.append)
    >>> writer.begin("page.txt"); writer.block(block)
    >>> json.loads(pieces[-1])["evidence"]
    {'kind': 'match', 'pattern': '甲'}
    """

    def __init__(self, write: Callable[[bytes], object], *, kinds: bool = False) -> None:
        self._write = write
        self._kinds = kinds
        self._lines = self._changes = 0
        self._misread: dict[int, str] = {}

    def begin(self, name: str) -> None:
        """A document opens."""
        self._lines = self._changes = 0
        self._misread = {}
        self._put({"document": name})

    def block(self, block: Block) -> None:
        """Lines of the open document are finished."""
        records: list[str] = []
        last: Evidence | None = None
        rule = head = tail = ""
        kinds = block.kinds() if self._kinds and block.kinds else {}
        for change in block.changes():
            # A sweep over a block shares rule and evidence between thousands of changes.
            if change.evidence is not last or change.rule != rule:
                last, rule = change.evidence, change.rule
                head = f'"stage": {_quote(change.stage)}, "rule": {_quote(rule)}, "before": '
                tail = f', "evidence": {json.dumps(evidence_record(last), ensure_ascii=False)}}}\n'
            index, text = change.line - block.first, change.after
            after = f'null, "end": {_quote(block.end[index])}' if text is None else _quote(text)
            kind = f'"kind": "{kinds[index]}", ' if index in kinds else ""
            records.append(f'{{"line": {change.line}, {kind}{head}{_quote(change.before)}, "after": {after}{tail}')
        self._lines += len(block)
        self._changes += len(records)
        for index in block.opaque:
            if (kept := block.text[index]) is not None and reads_otherwise(kept):
                self._misread[block.first + index] = kept
        if records:
            self._write(escape("".join(records)).encode("utf-8"))

    def done(self, outcome: Outcome) -> None:
        """The open document is complete and in place."""
        digests = {"input_sha256": outcome.input_sha256, "output_sha256": outcome.output_sha256}
        of_record = {"raw": outcome.raw, "trimmed": outcome.trimmed}
        records, loss = outcome.records, outcome.counts.loss
        self._put(
            {"done": outcome.name}
            | (_of_file(records) if records else {"lines": self._lines, "changes": self._changes})
            | {key: value for key, value in (digests | of_record).items() if value}
            | ({"misread": dict(sorted(self._misread.items()))} if self._misread and not records else {})
            | ({"share_removed": round(loss.share, 4), "most_removed_by": loss.most_by} if loss.removed else {})
            | ({"extracted": True} if outcome.extracted else {})
            | _as_it_was(outcome.encoding)
        )

    def failed(self, failure: Failure) -> None:
        """The open document, or one that could not even be opened, failed."""
        self._put({"failed": failure.name, "reason": failure.error.message})

    def _put(self, record: Record) -> None:
        self._write(_line(record))


def _line(record: Record) -> bytes:
    return (escape(json.dumps(record, ensure_ascii=False)) + "\n").encode("utf-8")


def _of_file(records: Records) -> Record:
    """A file of records: how it was read, so that it can be read again."""
    counted = {"counts": True} if records.counted else {}
    header = {} if records.header else {"header": False}
    misread = {"misread_bytes": records.misread} if records.misread else {}
    field = records.fields[0] if records.fields else ""
    fields = {"fields": records.fields} if len(records.fields) > 1 else {}
    bom = {"bom": True} if records.bom else {}
    found = {"records": records.documents, "format": records.format, "field": field}
    return found | fields | counted | header | bom | misread


def _as_it_was(encoding: Encoding | None) -> Record:
    """What it takes to write a text as it came in."""
    if encoding is None or encoding.name == "utf-8":
        return {}
    return {"encoding": encoding.name} | ({"variants": dict(encoding.variants)} if encoding.variants else {})
