"""How `zhnorm explain` shows lines: as a page, as the story of one line, as JSON Lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from zhnorm.errors import ReadError
from zhnorm.line import Line, Witness
from zhnorm.messages import in_language
from zhnorm.report.help import held_back
from zhnorm.report.story import Reader, as_json_line, plain, step_by_step
from zhnorm.report.terminal import visible

from .streams import StandardOutput, is_drawn, title_of

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome
    from zhnorm.line import Block
    from zhnorm.report.collection import Collection
    from zhnorm.report.commands import Origin
    from zhnorm.report.help import HelpPage
    from zhnorm.report.screen import Screen
    from zhnorm.rules import Rule

__all__ = ["LineView", "PageView", "RecordView", "ReportView", "Showing", "View", "screen"]


class View(Protocol):
    """Shows documents: for each one begin, lines any number of times in order, end."""

    def begin(self, name: str) -> None: ...

    def lines(self, lines: Iterable[Line]) -> None: ...

    def end(self) -> None: ...


class Showing:
    """Shows the documents of a run in a view: a recorder of `batch.run`, in one process."""

    def __init__(self, view: View) -> None:
        self._view = view

    def begin(self, name: str) -> None:
        """A document opens."""
        self._view.begin(name)

    def block(self, block: Block) -> None:
        """Lines of the open document are finished."""
        self._view.lines(block.lines())

    def done(self, outcome: Outcome) -> None:
        """The open document is complete. A file of records is none: its records were."""
        if outcome.records is None:
            self._view.end()

    def failed(self, _: Failure) -> None:
        """A document failed; who runs says so."""


def screen(*, drawn: bool) -> Screen:
    """Standard output for drawing; without colours and line breaks of its own if it is no terminal."""
    from zhnorm.report.screen import Screen

    return Screen(drawn=drawn)


class _Filter:
    """Which lines are shown."""

    def __init__(self, *, changed: bool, rule: str | None) -> None:
        self._changed = changed
        self._rule = rule

    def takes(self, line: Line) -> bool:
        if self._rule is not None:
            return any(fnmatchcase(change.rule, self._rule) for change in line.changes)
        return bool(line.changes) or not self._changed


class PageView:
    """The whole page: on a terminal drawn, else a line of text for each line.

    Args:
        changed: only lines that something happened to.
        rule: only lines that a rule with this name (or pattern of names) touched.
    """

    def __init__(self, *, changed: bool, rule: str | None) -> None:
        self._filter = _Filter(changed=changed, rule=rule)
        self._screen = screen(drawn=True) if is_drawn() else None
        self._out = StandardOutput()
        self._several = False

    def begin(self, name: str) -> None:
        self._name = name
        self._reader = Reader()

    def lines(self, lines: Iterable[Line]) -> None:
        lines = list(lines)
        if self._several and not self._reader.lines:
            self._write("\n")
        self._several = True
        rows = self._reader.read(lines)
        kinds = any(row.kind for row in rows)
        rows = [row for line, row in zip(lines, rows, strict=True) if self._filter.takes(line)]
        if self._screen:
            self._screen.rows(rows, kinds=kinds)
        else:
            self._write("".join(f"{plain(row, kinds=kinds)}\n" for row in rows))

    def end(self) -> None:
        headline = in_language(self._reader.headline(title_of(self._name)))
        rules = sorted(self._reader.rules.items(), key=lambda item: (-item[1], item[0]))
        if self._screen:
            self._screen.totals(headline, rules)
        else:
            self._write(f"\n{headline}\n" + "".join(f"  {times:,} {visible(rule)}\n" for rule, times in rules))

    def _write(self, text: str) -> None:
        self._out.write_text(text)


class RecordView:
    """JSON Lines.

    Args:
        line: only this one; None for all.
        changed: only lines that something happened to.
        rule: only lines that a rule with this name (or pattern of names) touched.
    """

    def __init__(self, *, line: int | None, changed: bool, rule: str | None) -> None:
        self._line = line
        self._filter = _Filter(changed=changed, rule=rule)
        self._out = StandardOutput()

    def begin(self, name: str) -> None:
        self._name = name
        self._last = 0

    def lines(self, lines: Iterable[Line]) -> None:
        texts = []
        for line in lines:
            self._last = line.number
            if self._line in (None, line.number) and self._filter.takes(line):
                texts.append(as_json_line(self._name, line))
        self._out.write_text("".join(texts))

    def end(self) -> None:
        _check_number(self._name, self._line, self._last)


class ReportView:
    """The HTML report, which is written when all documents were shown.

    Attributes:
        origin: where it comes from.
    """

    def __init__(self, collection: Collection, origin: Origin) -> None:
        from zhnorm.report.collection import PageRecorder

        self.origin = origin
        self._recorder = PageRecorder(collection.receive)
        self.begin, self.lines, self.end = self._recorder.begin, self._recorder.lines, self._recorder.end


class LineView:
    """The story of one line.

    Args:
        number: of the line, from 1.
        known: gives the help pages of all rules.

    Attributes:
        rules: the rules in force, if they are known: those that fit a line that stays are named.
    """

    def __init__(self, number: int, known: Callable[[], Mapping[str, HelpPage]]) -> None:
        self._number = number
        self._known = known
        self.rules: Sequence[Rule] = ()
        self._line: Line | None = None
        self._quotes: dict[int, str] = {}

    def begin(self, name: str) -> None:
        self._name = name
        self._reader = Reader()

    def lines(self, lines: Iterable[Line]) -> None:
        lines = list(lines)
        self._reader.read(lines)
        for line in lines:
            if line.number == self._number:
                self._line = line
                cited = {change.evidence.line for change in line.changes if isinstance(change.evidence, Witness)}
                self._quotes = {number: self._reader.quote(number) for number in cited}

    def end(self) -> None:
        _check_number(self._name, self._number, self._reader.lines)
        assert self._line is not None
        line = self._line
        what = "goes" if line.text is None else "stays as it is" if line.text == line.raw else "is rewritten"
        known = self._known() if line.changes else {}
        abouts = [known[change.rule].about if change.rule in known else "" for change in line.changes]
        cited = [change.evidence.line if isinstance(change.evidence, Witness) else 0 for change in line.changes]
        quotes = [f"{number}: {self._quotes[number]}" if number else "" for number in cited]
        drawn = screen(drawn=is_drawn())
        kind = f" ({line.kind})" if line.kind else ""
        drawn.heading(f"{visible(title_of(self._name))}, line {line.number}{kind} {what}")
        drawn.story(visible(line.raw), step_by_step(line), list(map(visible, abouts)), quotes)
        if not line.changes:
            drawn.remark("No rule touched it.")
        for sentence in held_back(line, self.rules):
            drawn.remark(sentence)


def _check_number(name: str, wanted: int | None, lines: int) -> None:
    if wanted is not None and wanted > lines:
        has = "1 line" if lines == 1 else f"{lines:,} lines"
        raise ReadError(f"{title_of(name)}: has {has}, and no line {wanted:,}")
