"""What happened to the lines of a document, or of many, in numbers that are added up."""

from __future__ import annotations

from dataclasses import dataclass, field

from zhnorm.line import Line, Witness

__all__ = ["NUMBERS", "Totals"]

NUMBERS = ("lines", "blank", "removed", "rewritten", "repeats", "chars", "chars_removed")


@dataclass(slots=True)
class Totals:
    """Numbers of lines and characters.

    Attributes:
        lines: how many there were.
        blank: those without text.
        removed: those that went.
        rewritten: those that stayed with another text.
        repeats: those that went because another line says the same.
        chars: characters without line ends.
        chars_removed: those of the lines that went.
        rules: lines touched, by stage and rule.

    >>> totals = Totals()
    >>> totals.count(Line(1, "網絡", "\\n", "网络", ()))
    >>> totals.add(totals)
    >>> totals.lines, totals.rewritten, totals.tenths_removed
    (2, 2, 0)
    """

    lines: int = 0
    blank: int = 0
    removed: int = 0
    rewritten: int = 0
    repeats: int = 0
    chars: int = 0
    chars_removed: int = 0
    rules: dict[tuple[str, str], int] = field(default_factory=dict)

    def count(self, line: Line) -> None:
        """Add a line with its story."""
        self.lines += 1
        self.chars += len(line.raw)
        self.blank += not line.raw.strip()
        for rule in {(change.stage, change.rule) for change in line.changes}:
            self.rules[rule] = self.rules.get(rule, 0) + 1
        if line.text is None:
            self.removed += 1
            self.chars_removed += len(line.raw)
            self.repeats += isinstance(line.changes[-1].evidence, Witness)
        else:
            self.rewritten += line.text != line.raw

    def add(self, other: Totals) -> None:
        """Add the numbers of another document."""
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for rule, times in list(other.rules.items()):
            self.rules[rule] = self.rules.get(rule, 0) + times

    @property
    def tenths_removed(self) -> int:
        """How many tenths of the characters went, begun ones counted whole; 0 if none did."""
        return -(-10 * self.chars_removed // self.chars) if self.chars else 0
