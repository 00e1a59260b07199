"""What lines were read as: for programs as TSV and JSON Lines, and counted."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from zhnorm.reader import LineRead
from zhnorm.reading.reasons import in_words

from .terminal import escape, visible

__all__ = ["as_record", "as_row", "headline", "why"]


def why(line: LineRead) -> str:
    """The reasons for a line's kind in words, "" if it says nothing. Safe for a terminal."""
    return visible("; ".join(map(in_words, line.told.reasons))) if line.told else ""


def as_row(line: LineRead, name: str = "") -> str:
    """A line as a row of TSV: number, kind, probability, goes, reasons, text. Cells of a line that says nothing are empty.

    Args:
        line: what to show.
        name: of the document, which then stands before the number; "" if there is but one.

    >>> from zhnorm.reading.reasons import Told
    >>> as_row(LineRead(3, "版權所有\\t", Told("legal", 0.98, 0.99, ("short", "“版權”"))), "page.txt")
    'page.txt:3\\tlegal\\t0.980\\t0.990\\tno more than 6 letters; “版權”\\t版權所有\\\\t\\n'
    """
    place = f"{visible(name)}:{line.number}" if name else str(line.number)
    numbers = (f"{line.told.probability:.3f}", f"{line.told.goes:.3f}") if line.told else ("", "")
    return "\t".join((place, line.kind, *numbers, why(line), visible(line.text))) + "\n"


def as_record(line: LineRead, name: str) -> str:
    """A line as an object of JSON Lines. What a line that says nothing has not is null.

    >>> json.loads(as_record(LineRead(1, "---", None), "page.txt"))["kind"] is None
    True
    """
    told = line.told
    record = {
        "document": name,
        "line": line.number,
        "kind": told and told.kind,
        "probability": told and told.probability,
        "goes": told and told.goes,
        "reasons": list(map(in_words, told.reasons)) if told else [],
        "text": line.text,
    }
    return escape(json.dumps(record, ensure_ascii=False)) + "\n"


def headline(name: str, lines: Iterable[LineRead]) -> str:
    """How many lines of each kind a document has, the most frequent first.

    >>> from zhnorm.reading.reasons import Told
    >>> headline("page.txt", [LineRead(1, "---", None)])
    'page.txt: 1 line'
    >>> headline("page.txt", [LineRead(1, "甲", Told("prose", 0.9, 0.1, ()))] * 3)
    'page.txt: 3 lines, 3 prose'
    """
    lines = list(lines)
    counts = Counter(line.kind for line in lines if line.kind)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    size = "1 line" if len(lines) == 1 else f"{len(lines):,} lines"
    return f"{visible(name)}: " + ", ".join([size, *(f"{times:,} {kind}" for kind, times in ranked)])
