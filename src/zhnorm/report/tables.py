"""Statistics as tables for people: plain data, which `plain` makes text of and `screen` draws."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from .statistics import Statistics
from .terminal_text import visible

__all__ = ["Row", "Table", "plain", "tables"]


class Row(NamedTuple):
    """A label, numbers, and the part of the whole that the first number is (0 to 1; None if it is the whole)."""

    label: str
    numbers: tuple[int, ...]
    share: float | None = None


class Table(NamedTuple):
    """A title, the names of the numbers, and rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(found: Statistics) -> list[Table]:
    """Totals, scripts, stages and rules; those that are empty are left out."""
    lines = found.counts.lines
    scripts = sorted({**dict.fromkeys(found.scripts, 0), **found.line_scripts}.items(), key=lambda item: -item[1])
    written = sum(found.line_scripts.values())
    shares = found.shares if found.with_texts else []
    stages = found.counts.by_stage().items()
    made = [
        _totals(found),
        Table(
            "script",
            ("lines", "documents"),
            tuple(Row(script, (n, found.scripts.get(script, 0)), _share(n, written)) for script, n in scripts),
        ),
        Table(
            "share of characters removed",
            ("documents",),
            tuple(
                Row("none" if not place else f"up to {10 * place} %", (n,), _share(n, found.documents))
                for place, n in enumerate(shares)
            ),
        ),
        Table("stage", ("lines",), tuple(Row(visible(stage), (n,), _share(n, lines)) for stage, n in stages)),
        Table(
            "rule",
            ("lines", "documents"),
            tuple(Row(visible(rule), (n, m), _share(n, lines)) for _, rule, n, m in found.by_rule()),
        ),
    ]
    return [table for table in made if table.rows]


def _totals(found: Statistics) -> Table:
    counts, seen = found.counts, found.with_texts
    parts = [("  blank", "blank")] * seen + [
        ("  removed", "removed"),
        ("    because another line says the same", "repeats"),
        ("  rewritten", "rewritten"),
    ]
    rows = [Row("lines", (counts.lines,))]
    rows += [Row(label, (getattr(counts, name),), _share(getattr(counts, name), counts.lines)) for label, name in parts]
    if seen:
        gone = counts.chars_removed
        rows += [
            Row("characters", (counts.chars,)),
            Row("  removed with their lines", (gone,), _share(gone, counts.chars)),
            Row(f"lines in several documents{' (estimated)' if found.sampled else ''}", (found.shared_lines,)),
        ]
    failed = f", {found.failures:,} failed" if found.failures else ""
    return Table(f"{found.documents:,} document{'' if found.documents == 1 else 's'}{failed}", ("",), tuple(rows))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def plain(found: Statistics) -> Iterator[str]:
    """The tables as lines of text."""
    for place, table in enumerate(tables(found)):
        if place:
            yield "\n"
        width = max(30, *(len(row.label) for row in table.rows))
        names = "".join(f"{name:>12}" for name in table.columns).rstrip()
        yield f"{table.title:<{width}}{names}\n" if names else f"{table.title}\n"
        for row in table.rows:
            numbers = "".join(f"{number:>12,}" for number in row.numbers)
            share = "" if row.share is None else f"{100 * row.share:>8.1f} %"
            yield f"{row.label:<{width}}{numbers}{share}\n"
