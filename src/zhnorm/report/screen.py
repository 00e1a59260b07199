"""The summary as a table on a terminal. The only module that knows rich; all text goes through `visible`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from .visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zhnorm.text.ambiguity import Ambiguity

    from .summary import Summary

__all__ = ["show_choices", "show_summary"]

_MOST_RULES = 12


def show_summary(summary: Summary) -> None:
    """Draw the totals of a run on stderr. Colours follow NO_COLOR and the terminal."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    rows = summary.by_rule()
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("rule")
    table.add_column("lines", justify="right")
    for rule, times in rows[:_MOST_RULES]:
        # Text and not a plain string: "[/b]" in a rule's name would be markup.
        table.add_row(Text(visible(rule), style="cyan"), f"{times:,}")
    if len(rows) > _MOST_RULES:
        table.add_row(Text(f"{len(rows) - _MOST_RULES} more rules", style="dim"), "")
    console = Console(file=sys.stderr, highlight=False)
    console.print(Text(summary.headline(), style="bold"))
    if rows:
        console.print(table)


def show_choices(choices: Iterable[tuple[str, Ambiguity]]) -> None:
    """Draw a table of what a conversion chose on stdout.

    Args:
        choices: the name of the document, and the choice.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in ("where", "source", "chosen", "not", "because"):
        table.add_column(column)
    for name, found in choices:
        where = f"{name}:{found.line}:{found.column}"
        cells = (where, found.source, found.chosen, " ".join(found.alternatives), found.reason)
        table.add_row(*(Text(visible(cell)) for cell in cells))
    Console(highlight=False).print(table)
