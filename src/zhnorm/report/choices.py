"""Where a conversion had to choose, as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from .terminal_text import escape

if TYPE_CHECKING:
    from zhnorm.conversion.ambiguity import Ambiguity

__all__ = ["as_json_lines"]


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
