"""What comes of a document that was cleaned with its ledger: for programs, for JSON, for a prompt and for a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .counts import Loss
from .line import Change, Line

__all__ = ["Result"]

_SHOWN_CHARS = 20
_SHOWN_LINES = 100
"""A notebook lists so many of the lines that went."""
_BOX = "border: 1px solid; border-radius: 6px; padding: .6em .9em; max-width: 60em"
_CELL = "text-align: left; vertical-align: top; padding: .1em .8em .1em 0"
_LINES = "white-space: pre-wrap; overflow-wrap: anywhere"


class Result(NamedTuple):
    """A cleaned document with its ledger.

    Attributes:
        text: the output.
        lines: every line that came in, in order, with its changes.
        changes: every change, in the order in which they happened.
        counts: for each rule, how many lines it changed or removed.

    >>> from zhnorm import Cleaner
    >>> Cleaner().explain("雨停了。\\n分享到：微博\\n")
    <Result '雨停了。\\n': 2 lines, 1 removed, 0 rewritten, 62% of the letters went>
    """

    text: str
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    counts: dict[str, int]

    @property
    def removed(self) -> tuple[Line, ...]:
        """The lines that went."""
        return tuple(line for line in self.lines if line.text is None)

    @property
    def loss(self) -> Loss:
        """How many letters went, and by which rules."""
        loss = Loss()
        for line in self.lines:
            loss.add_line(line)
        return loss

    @property
    def share_removed(self) -> float:
        """Which share of the letters went, 0 to 1. Spaces, marks, and what tidying and conversion change do not count.

        >>> from zhnorm import Cleaner
        >>> Cleaner().explain("雨停了。\\n分享到：微博\\n").share_removed
        0.625
        """
        return self.loss.share

    def to_dict(self) -> dict[str, Any]:
        """All of it as what JSON knows; lines are as `zhnorm explain --json` gives them.

        >>> from zhnorm import Cleaner
        >>> found = Cleaner().explain("雨停了。\\n分享到：微博\\n").to_dict()
        >>> found["text"], found["share_removed"], found["counts"], found["lines"][1]["changes"][0]["rule"]
        ('雨停了。\\n', 0.625, {'web/share-label': 1}, 'web/share-label')
        """
        return {
            "text": self.text,
            "share_removed": self.share_removed,
            "counts": dict(self.counts),
            "lines": [line.to_dict() for line in self.lines],
        }

    def __repr__(self) -> str:
        more = "…" if len(self.text) > _SHOWN_CHARS else ""
        return f"<Result {self.text[:_SHOWN_CHARS]!r}{more}: {self._in_numbers()}>"

    def _in_numbers(self) -> str:
        rewritten = sum(line.text not in (None, line.raw) for line in self.lines)
        lines = "1 line" if len(self.lines) == 1 else f"{len(self.lines):,} lines"
        return f"{lines}, {len(self.removed):,} removed, {rewritten:,} rewritten, {self.share_removed:.0%} of the letters went"

    def _repr_html_(self) -> str:
        """For notebooks: the numbers, the lines that went with the rules that took them, and the clean text."""
        # In the colours of whatever page it stands in, so that it can be read on a light one and on a dark one.
        return (
            f'<div lang="zh" style="{_BOX}"><div lang="en"><b>zhnorm</b>: {self._in_numbers()}</div>'
            f"{''.join(self._removed_rows())}"
            f'<details open><summary lang="en">clean text</summary><div style="{_LINES}">{_shown(self.text)}</div></details></div>'
        )

    def _removed_rows(self) -> Iterator[str]:
        """What went, line by line."""
        gone = self.removed
        if not gone:
            return
        yield '<details open><summary lang="en">what went, and the rules that took it</summary><table>'
        for line in gone[:_SHOWN_LINES]:
            rule = _shown(line.changes[-1].rule)
            yield f'<tr><td style="{_CELL}">{line.number}</td><td style="{_CELL}"><code>{rule}</code></td>'
            yield f'<td style="{_CELL}; {_LINES}"><s>{_shown(line.raw)}</s></td></tr>'
        if more := len(gone) - _SHOWN_LINES:
            if more > 0:
                yield f'<tr><td colspan="3" lang="en">and {more:,} more: .removed has all of them</td></tr>'
        yield "</table></details>"


def _shown(text: str) -> str:
    """Text for a page of HTML; bytes that were no characters as escapes, because no page can hold them."""
    from html import escape

    return escape(text.encode("utf-8", "backslashreplace").decode())
