"""Where a conversion had to choose, as JSON Lines and as rows of a table."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .terminal_text import escape

if TYPE_CHECKING:
    from zhnorm.conversion.ambiguity import Ambiguity

__all__ = ["COLUMNS", "as_json_lines", "as_row"]

COLUMNS = ("where", "source", "chosen", "not", "because", "divided")
"""Of a row."""


def as_json_lines(choices: Iterable[tuple[str, Ambiguity]]) -> Iterator[bytes]:
    """One object a line: document, line, column, source, chosen, alternatives, reason, words.

    Args:
        choices: the name of the document, and the choice.

    >>> from zhnorm import Converter
    >>> found = Converter().ambiguities("乾杯")
    >>> json.loads(next(as_json_lines(("page.txt", one) for one in found)))["chosen"]
    '干'
    """
    for name, found in choices:
        record = {"document": name, **found._asdict()}
        yield (escape(json.dumps(record, ensure_ascii=False)) + "\n").encode("utf-8")


def as_row(name: str, found: Ambiguity) -> tuple[str, ...]:
    """A choice in the document of this name, by `COLUMNS`."""
    where = f"{name}:{found.line}:{found.column}"
    return where, found.source, found.chosen, " ".join(found.alternatives), found.reason, " ".join(found.words)
