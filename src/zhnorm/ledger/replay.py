"""From input to output and back, with what a ledger says about a document."""

from __future__ import annotations

from collections.abc import Iterable

from zhnorm.errors import ReadError
from zhnorm.line import Change, Evidence, Line, Match, Span
from zhnorm.messages import Message

from .record import ENDS, DocumentRecords, evidence_of
from .write import Record

__all__ = ["join_lines", "lines_and_ends", "replay", "restore", "split_lines", "stories"]


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
