"""The ledger file: every change of every line, as JSON Lines, and the way back from it.

    {"schema": 1, "zhnorm": "0.1.0", "cleaner": "5f1c…"}
    {"document": "page.txt"}
    {"line": 3, "stage": "boilerplate", "rule": "web/share-bar", "before": "分享到：", "after": null, "end": "\\n", …}
    {"done": "page.txt", "lines": 40, "changes": 1, "input_sha256": "…", "output_sha256": "…"}

Changes stand between the `document` and the `done` record of their document, in the order in which they happened;
changes of one line follow each other, though other lines may stand between them. `end` is there where a line was
removed. A document that failed ends in `{"failed": …, "reason": …}`. Strings hold the text as it was: a byte that
was not UTF-8 is a lone surrogate, U+DC80 to U+DCFF, written as an escape like every character that could confuse a
terminal. A higher schema number means that an old reader would misunderstand the file; new keys do not raise it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields
from json.encoder import encode_basestring as _quote
from typing import TYPE_CHECKING, Any

from zhnorm.errors import ReadError

from .visible import escape

if TYPE_CHECKING:
    from zhnorm.batch.run import Failure, Outcome
    from zhnorm.line import Block, Evidence

__all__ = ["SCHEMA", "DocumentRecords", "LedgerWriter", "read_ledger", "replay", "restore"]

SCHEMA = 1

Record = dict[str, Any]


class LedgerWriter:
    """Writes a ledger while documents are cleaned: a watcher of `batch.run`.

    Args:
        write: takes the bytes.
        version: of zhnorm.
        cleaner: digest of the cleaner.

    >>> from zhnorm.line import Block, Match
    >>> block = Block.from_lines(["甲"])
    >>> block.remove(0, stage="boilerplate", rule="web/x", evidence=Match("甲"))
    >>> pieces: list[bytes] = []
    >>> writer = LedgerWriter(pieces.append, version="0.1.0", cleaner="5f1c")
    >>> writer.begin("page.txt"); writer.block(block)
    >>> json.loads(pieces[-1])["evidence"]
    {'kind': 'match', 'pattern': '甲'}
    """

    def __init__(self, write: Callable[[bytes], object], *, version: str, cleaner: str) -> None:
        self._write = write
        self._lines = self._changes = 0
        self._put({"schema": SCHEMA, "zhnorm": version, "cleaner": cleaner})

    def begin(self, name: str) -> None:
        """A document opens."""
        self._lines = self._changes = 0
        self._put({"document": name})

    def block(self, block: Block) -> None:
        """Lines of the open document are finished."""
        records: list[str] = []
        last: Evidence | None = None
        rule = head = tail = ""
        for change in block.changes():
            # A sweep over a block shares rule and evidence between thousands of changes.
            if change.evidence is not last or change.rule != rule:
                last, rule = change.evidence, change.rule
                head = f'"stage": {_quote(change.stage)}, "rule": {_quote(rule)}, "before": '
                tail = f', "evidence": {json.dumps(_as_record(last), ensure_ascii=False)}}}\n'
            text = change.after
            after = f'null, "end": {_quote(block.end[change.line - block.first])}' if text is None else _quote(text)
            records.append(f'{{"line": {change.line}, {head}{_quote(change.before)}, "after": {after}{tail}')
        self._lines += len(block)
        self._changes += len(records)
        if records:
            self._write(escape("".join(records)).encode("utf-8"))

    def done(self, outcome: Outcome) -> None:
        """The open document is complete and in place."""
        self._put(
            {
                "done": outcome.name,
                "lines": self._lines,
                "changes": self._changes,
                "input_sha256": outcome.input_sha256,
                "output_sha256": outcome.output_sha256,
                **(
                    {"encoding": outcome.encoding.name} if outcome.encoding and outcome.encoding.name != "utf-8" else {}
                ),
            }
        )

    def failed(self, failure: Failure) -> None:
        """The open document, or one that could not even be opened, failed."""
        self._put({"failed": failure.name, "reason": failure.error.message})

    def _put(self, record: Record) -> None:
        self._write((escape(json.dumps(record, ensure_ascii=False)) + "\n").encode("utf-8"))


def _as_record(evidence: Evidence) -> Record:
    record: Record = {"kind": type(evidence).__name__.lower()}
    for item in fields(evidence):
        value = getattr(evidence, item.name)
        if value is not None:
            record[item.name] = value
    return record


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
    """

    name: str
    lines: int
    changes: list[Record]
    input_sha256: str = ""
    output_sha256: str = ""
    encoding: str = "utf-8"


def read_ledger(lines: Iterable[bytes], name: str = "ledger") -> Iterator[DocumentRecords]:
    """The documents of a ledger, one at a time; those that failed or are cut off by the end of the file are left out.

    Args:
        lines: an open ledger file, or its lines.
        name: for messages.

    Raises:
        ReadError: not a ledger, or one of a newer schema; the message names the line.
    """
    changes: list[Record] = []
    for number, line in enumerate(lines, 1):
        record = _parse(line, f"{name}:{number}")
        if number == 1:
            _check_schema(record, name)
        elif "line" in record:
            changes.append(record)
        elif "document" in record or "failed" in record:
            changes = []
        elif "done" in record:
            yield _document(record, changes, f"{name}:{number}")
            changes = []


def _parse(line: bytes, where: str) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{where}: not JSON: {error}", hint="a ledger has one JSON object on each line") from error
    if not isinstance(record, dict):
        raise ReadError(f"{where}: expected a JSON object", hint="is this a ledger of zhnorm?")
    return record


def _check_schema(record: Record, name: str) -> None:
    schema = record.get("schema")
    if not isinstance(schema, int):
        raise ReadError(f"{name}:1: no schema number", hint="is this a ledger of zhnorm?")
    if schema > SCHEMA:
        raise ReadError(f"{name}: ledger schema {schema}; this zhnorm reads {SCHEMA}", hint="use a newer zhnorm")


def _document(record: Record, changes: list[Record], where: str) -> DocumentRecords:
    try:
        digests = str(record.get("input_sha256", "")), str(record.get("output_sha256", ""))
        encoding = str(record.get("encoding", "utf-8"))
        return DocumentRecords(str(record["done"]), int(record["lines"]), changes, *digests, encoding)
    except (KeyError, TypeError, ValueError) as error:
        raise ReadError(f"{where}: a broken record: {error}") from error


def replay(source: str, records: DocumentRecords) -> str:
    """The output, from the input and the ledger alone.

    Args:
        source: the input as text (undecodable bytes as surrogates).
        records: what the ledger says about it.

    Raises:
        ReadError: the ledger does not belong to this input.

    >>> change = {"line": 2, "before": "乙", "after": None, "end": "\\n"}
    >>> replay("甲\\n乙\\n", DocumentRecords("page.txt", 2, [change]))
    '甲\\n'
    """
    lines = split_lines(source)
    if len(lines) != records.lines:
        raise ReadError(f"{records.name}: {len(lines)} lines, but the ledger is about {records.lines}")
    ends = [_end(line) for line in lines]
    texts: list[str | None] = [line[: len(line) - len(end)] for line, end in zip(lines, ends, strict=True)]
    for change in records.changes:
        index = change["line"] - 1
        if not 0 <= index < len(texts) or texts[index] != change["before"]:
            raise ReadError(f"{records.name}: line {change['line']} is not what the ledger says it was")
        texts[index] = change["after"]
    return "".join(text + end for text, end in zip(texts, ends, strict=True) if text is not None)


def restore(output: str, records: DocumentRecords) -> str:
    """The input, from the output and the ledger alone.

    Args:
        output: the output as text (undecodable bytes as surrogates).
        records: what the ledger says about it.

    Raises:
        ReadError: the ledger does not belong to this output.

    >>> change = {"line": 2, "before": "乙", "after": None, "end": "\\n"}
    >>> restore("甲\\n", DocumentRecords("page.txt", 2, [change]))
    '甲\\n乙\\n'
    """
    stories: dict[int, list[Record]] = {}
    for change in records.changes:
        stories.setdefault(change["line"], []).append(change)
    kept = iter(split_lines(output))
    restored = []
    for number in range(1, records.lines + 1):
        story = stories.get(number)
        if story and story[-1]["after"] is None:
            restored.append(story[0]["before"] + story[-1]["end"])
            continue
        # A last line that was rewritten to nothing and has no end leaves no trace in the output.
        line = next(kept, "")
        end = _end(line)
        text = line[: len(line) - len(end)]
        if story and story[-1]["after"] != text:
            raise ReadError(f"{records.name}: line {number} is not what the ledger says it became")
        restored.append((story[0]["before"] if story else text) + end)
    if next(kept, None) is not None:
        raise ReadError(f"{records.name}: more lines than the ledger is about")
    return "".join(restored)


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their ends; a line ends at "\\n" and nowhere else.

    >>> split_lines("甲\\r\\n乙\\u2028丙")
    ['甲\\r\\n', '乙\\u2028丙']
    """
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _end(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n" if line.endswith("\n") else ""
