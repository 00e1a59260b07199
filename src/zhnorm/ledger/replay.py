"""From input to output and back, with what a ledger says about a document; and files of records given back, in flat memory."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator

from zhnorm.errors import ReadError
from zhnorm.formats.decode import encoded
from zhnorm.formats.opening import open_records
from zhnorm.formats.records import BYTES, RecordFormat
from zhnorm.formats.records import Record as RecordOfFile
from zhnorm.formats.text import decoded_again
from zhnorm.line import Change, Evidence, Line, Match, Span
from zhnorm.messages import Message

from .read import ENDS, DocumentRecords, Entry, FileRecord, Ledger, evidence_of
from .write import Record

__all__ = ["join_lines", "lines_and_ends", "replay", "restore", "restore_file", "split_lines", "stories"]


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
    texts, ends = lines_and_ends(source)
    if len(texts) != records.lines:
        raise ReadError(
            Message(
                "{name}: {count} lines, but the ledger is about {lines}",
                name=records.name,
                count=len(texts),
                lines=records.lines,
            )
        )
    for change in records.changes:
        index = change["line"] - 1
        if not 0 <= index < len(texts) or texts[index] is None or texts[index] != change["before"]:
            raise ReadError(
                Message(
                    "{name}: line {number} is not what the ledger says it was", name=records.name, number=change["line"]
                )
            )
        texts[index] = change["after"]
    return join_lines(texts, ends)


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
    found: dict[int, list[Record]] = {}
    for change in records.changes:
        found.setdefault(change["line"], []).append(change)
    left = split_lines(output)
    _check_lines(records, len(left), sum(story[-1]["after"] is None for story in found.values()))
    kept = iter(left)
    restored = []
    for number in range(1, records.lines + 1):
        story = found.get(number)
        if story and story[-1]["after"] is None:
            restored.append(story[0]["before"] + story[-1]["end"])
            continue
        line = next(kept, "")
        if not story:
            misread = records.misread.get(number)
            restored.append(line if misread is None else misread + _end(line))
            continue
        # What is left behind the text is the end: a text may itself end in "\r".
        end = line.removeprefix(story[-1]["after"])
        if not line.startswith(story[-1]["after"]) or end not in ENDS:
            raise ReadError(
                Message("{name}: line {number} is not what the ledger says it became", name=records.name, number=number)
            )
        restored.append(story[0]["before"] + end)
    if next(kept, None) is not None:
        raise ReadError(Message("{name}: more lines than the ledger is about", name=records.name))
    return "".join(restored)


def _check_lines(records: DocumentRecords, kept: int, removed: int) -> None:
    """Whether the document can have as many lines as the ledger says, before anything is made of that number."""
    # A last line that was rewritten to nothing and has no end leaves no trace in the output.
    unseen = records.lines - kept - removed
    if not 0 <= unseen <= 1:
        raise ReadError(
            Message(
                "{name}: more lines than the ledger is about"
                if unseen < 0
                else "{name}: fewer lines than the ledger is about",
                name=records.name,
            )
        )


def stories(source: str, records: DocumentRecords) -> list[Line]:
    """Every line of the input with its story, as `Cleaner.explain` gives it, from the ledger alone.

    Args:
        source: the input as text (undecodable bytes as surrogates).
        records: what the ledger says about it.

    Raises:
        ReadError: the ledger does not belong to this input.

    >>> change = {"line": 1, "stage": "s", "rule": "s/x", "before": "甲", "after": "乙",
    ...           "evidence": {"kind": "conversion", "table": "x"}}
    >>> [(line.raw, line.text) for line in stories("甲\\n", DocumentRecords("page.txt", 1, [change]))]
    [('甲', '乙')]
    """
    replay(source, records)
    found: dict[int, list[Change]] = {}
    kinds: dict[int, str] = {}
    for record in records.changes:
        where = f"{records.name}: line {record['line']}"
        evidence = evidence_of(record["evidence"], where)
        _check_place(evidence, record["before"], records, where)
        line, stage, rule, before, after = (record[name] for name in ("line", "stage", "rule", "before", "after"))
        found.setdefault(line, []).append(Change(line, stage, rule, before, after, evidence))
        kinds[line] = str(record.get("kind", ""))
    lines = []
    for number, (raw, end) in enumerate(zip(*lines_and_ends(source), strict=True), 1):
        assert raw is not None
        changes = tuple(found.get(number, ()))
        lines.append(Line(number, raw, end, changes[-1].after if changes else raw, changes, kinds.get(number, "")))
    return lines


def _check_place(evidence: Evidence, before: str, records: DocumentRecords, where: str) -> None:
    """Whether what evidence cites is there: a line of the document, characters of the line."""
    cited = evidence.under if isinstance(evidence, Match) else getattr(evidence, "line", None)
    if cited is not None and cited > records.lines:
        raise ReadError(
            Message("{where}: cites line {cited}, and there are {lines}", where=where, cited=cited, lines=records.lines)
        )
    if isinstance(evidence, Span) and not evidence.start <= evidence.stop <= len(before):
        raise ReadError(Message("{where}: cites characters that the line does not have", where=where))


def split_lines(text: str) -> list[str]:
    """The lines of `text` with their ends; a line ends at "\\n" and nowhere else.

    >>> split_lines("甲\\r\\n乙\\u2028丙")
    ['甲\\r\\n', '乙\\u2028丙']
    """
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def lines_and_ends(text: str) -> tuple[list[str | None], list[str]]:
    """The texts of the lines, and their ends.

    >>> lines_and_ends("甲\\r\\n乙")
    (['甲', '乙'], ['\\r\\n', ''])
    """
    lines = split_lines(text)
    ends = [_end(line) for line in lines]
    return [line[: len(line) - len(end)] for line, end in zip(lines, ends, strict=True)], ends


def join_lines(texts: Iterable[str | None], ends: Iterable[str]) -> str:
    """The lines that are not None, with their ends."""
    return "".join(text + end for text, end in zip(texts, ends, strict=True) if text is not None)


def _end(line: str) -> str:
    return "\r\n" if line.endswith("\r\n") else "\n" if line.endswith("\n") else ""


def restore_file(pieces: Iterable[bytes], ledger: Ledger, entry: Entry) -> Iterator[bytes]:
    """The input, from the output and the ledger alone.

    Args:
        pieces: the bytes of the output.
        ledger: the ledger of the run.
        entry: what it says about this file.

    Raises:
        ReadError: the ledger does not belong to this output.
    """
    closing = entry.closing
    assert closing is not None
    is_bytes = closing.format in BYTES
    text = (
        (piece.decode("latin-1") for piece in pieces)
        if is_bytes
        else decoded_again(pieces, closing.misread, entry.name)
    )
    if closing.layout.bom:
        text = _without_mark(text)
    form, batches = open_records(closing.format, text, closing.layout, entry.name, counted=True)
    encoding = form.codec if is_bytes else closing.encoding
    documents = ledger.documents(entry)
    chars = 0
    for batch in batches:
        source = "".join([_restored(form, record, documents) for record in form.read(batch)])
        here = _places(closing, chars, chars + len(source))
        yield encoded(source, encoding, here)
        chars += len(source)


def _without_mark(pieces: Iterable[str]) -> Iterator[str]:
    """The text of a file without the byte order mark that was put in front of it."""
    first = True
    for piece in pieces:
        yield piece.removeprefix("\ufeff") if first else piece
        first = first and not piece


def _restored(form: RecordFormat, record: RecordOfFile, documents: Iterator[DocumentRecords | None]) -> str:
    """A record as it came in."""
    if record.problem:
        if (found := next(documents, None)) is not None:
            raise _wrong(found)
        return record.raw
    made: list[str | None] = []
    raw = ""
    for place in record.places:
        # One that failed is in the ledger, and stands in the output as it stood in the input.
        found = None if place.is_empty else next(documents, None)
        if found is not None and place.text is None:
            raise _wrong(found)
        if found is None or place.text is None:
            made.append(None)
        else:
            raw = raw or found.raw
            made.append(restore(place.text + found.trimmed, found))
    if raw:
        return raw
    all_failed = not any(text is not None for text in made) and not all(place.is_empty for place in record.places)
    return record.raw if all_failed else form.take(record, made)


def _wrong(found: DocumentRecords) -> ReadError:
    return ReadError(Message("{name}: not the record that the ledger is about", name=found.name))


def _places(closing: FileRecord, start: int, stop: int) -> dict[str, list[int]]:
    """Where characters stand in the rarer form (see `formats.encoding.Encoding`) in a part of a file, counted from its start."""
    return {
        written: [place - start for place in places[bisect(places, start - 1) : bisect(places, stop - 1)]]
        for written, places in closing.variants
    }
