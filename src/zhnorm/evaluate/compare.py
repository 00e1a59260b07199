"""What one cleaner removes that another keeps, line by line, and whether the gold has it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..line import Line
from ..result import Result
from .score import grams

__all__ = ["Difference", "differences"]

_GOLD_SHARE = 0.5


class Difference(NamedTuple):
    """A line that only one of two cleaners leaves as it is.

    Attributes:
        page: name of the page.
        line: its number, 1-based.
        removed: True if the second cleaner takes more away from it, False if less.
        rule: the rule that decided, of the cleaner that takes more.
        text: the line as it came in.
        wanted: whether the gold has what only one of them leaves; None without gold.
    """

    page: str
    line: int
    removed: bool
    rule: str
    text: str
    wanted: bool | None


def differences(page: str, before: Result, after: Result, gold: str | None) -> Iterator[Difference]:
    """Every line of which the cleaners leave different amounts of text, in order.

    Args:
        page: its name.
        before: what the first cleaner made of it.
        after: what the second one made of the same page.
        gold: the text that should be left.
    """
    wanted = None if gold is None else grams(gold)
    for old, new in zip(before.lines, after.lines, strict=True):
        left_old, left_new = grams(old.text or ""), grams(new.text or "")
        if left_old == left_new:
            continue
        removed = left_new.total() < left_old.total()
        more, less = (left_old, left_new) if removed else (left_new, left_old)
        piece = more - less
        is_wanted = None if wanted is None else (piece & wanted).total() > _GOLD_SHARE * piece.total()
        yield Difference(page, new.number, removed, _rule(new if removed else old), new.raw, is_wanted)


def _rule(line: Line) -> str:
    return line.changes[-1].rule if line.changes else ""
