"""Tables and pages on a terminal. The only module that knows rich; all text goes through `visible`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from zhnorm.messages import in_language
from zhnorm.reading.kinds import ABOUT, CHROME
from zhnorm.stages import STAGES

from .story import KIND_CHARS, runs
from .terminal import is_plain, visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import Console
    from rich.text import Text

    from zhnorm.reader import LineRead

    from .diff import Piece
    from .help import Example, HelpPage
    from .statistics import Statistics
    from .story import Note, Row, Step
    from .summary import Summary

__all__ = ["Screen", "show_summary", "show_table"]

STAGE_STYLES = {stage.name: stage.style for stage in STAGES if stage.style}
# Of the 256 colours those that can be read on black and on white; the first 16 are whatever a terminal makes of them.
_SOFT, _NEW, _GONE, _NAME = "color(243)", "color(63)", "color(161)", "color(30)"
_KIND_STYLES = {"content": "", "about": _NAME, "chrome": _GONE}
_MOST_RULES = 12
_MOST_ROWS = 30
_MOST_RUN_CHARS = 400
_BAR_CHARS = 24
_REASON_SHARE = 0.4
_MOST_PATTERNS = 8
_MOST_EXAMPLES = 5


def show_summary(summary: Summary) -> None:
    """Draw the totals of a run on stderr. Colours follow NO_COLOR and the terminal."""
    from rich.console import Console

    console = Console(file=sys.stderr, highlight=False)
    _draw_totals(console, in_language(summary.headline()), summary.counts.by_rule())


def _draw_totals(console: Console, headline: str, rows: Sequence[tuple[str, int]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style=_SOFT)
    table.add_column("rule")
    table.add_column("lines", justify="right")
    for rule, times in rows[:_MOST_RULES]:
        # Text and not a plain string: "[/b]" in a rule's name would be markup.
        table.add_row(Text(visible(rule), style=_NAME), f"{times:,}")
    if len(rows) > _MOST_RULES:
        table.add_row(Text(f"{len(rows) - _MOST_RULES} more rules", style=_SOFT), "")
    console.print(Text(headline, style="bold"))
    if rows:
        console.print(table)


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Draw a table on stdout, whose cells may hold anything."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style=_SOFT)
    for column in columns:
        table.add_column(column)
    for cells in rows:
        table.add_row(*(_text(visible(cell)) for cell in cells))
    _console().print(table)


class Screen:
    """Pages of `zhnorm explain` on a terminal: what stays is plain, what goes is struck in the colour of its stage.

    Args:
        drawn: for a terminal; else lines are not broken. Without colours, there or on the terminal, ⟦ ⟧ marks what goes of a line.
        console: where to draw; by default standard output.
    """

    def __init__(self, *, drawn: bool, console: Console | None = None) -> None:
        self._console = console or _console()
        self._drawn = drawn
        # What goes is struck; without colours it stands in marks.
        self._struck = drawn and not (is_plain() or self._console.no_color)

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=not self._drawn)

    def _print_behind(self, mark: Text, text: Text) -> None:
        """A text with a mark in front of it; if it is broken into several lines, they all stand behind the mark."""
        from rich.table import Table

        if not self._drawn:
            self._print(mark + text)
            return
        table = Table.grid()
        table.add_column(width=len(mark))
        table.add_column(overflow="fold")
        table.add_row(mark, text)
        self._console.print(table)

    def rows(self, rows: Sequence[Row], *, kinds: bool = False) -> None:
        """Lines, with rule, evidence and witness beside those that something happened to; `kinds`: and what they were read as.

        Lines in a row that go for one reason are one: their texts behind each other, the reason once, with their number.
        """
        for run in runs(rows):
            self._run(run, kinds=kinds)

    def _run(self, run: Sequence[Row], *, kinds: bool) -> None:
        from rich.table import Table

        first = run[0]
        notes = self._notes(first.notes, run[0].number, run[-1].number)
        beside = len(run) > 1 or any(note.why for note in first.notes)
        # One small table a line: a single large one would have to be complete before it is shown.
        table = Table.grid(padding=(0, 1), expand=True)
        table.add_column(width=4, justify="right", style=_SOFT, no_wrap=True)
        table.add_column(width=1)
        if kinds:
            table.add_column(width=KIND_CHARS, no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        if beside:
            table.add_column(width=int(self._console.width * _REASON_SHARE), overflow="fold")
        style = STAGE_STYLES.get(first.notes[-1].stage, _GONE) if first.notes else ""
        text = self._texts(run, style)
        if first.notes and not beside:
            text.append("  ").append_text(notes)
        read_as = first.kind if {row.kind for row in run} == {first.kind} else ""
        kind = [_text(read_as, _kind_style(read_as))] if kinds else []
        table.add_row(_text(str(first.number)), _text(first.mark, style), *kind, text, *([notes] if beside else []))
        self._console.print(table)

    def _texts(self, run: Sequence[Row], style: str) -> Text:
        """The texts of lines behind each other, as far as they are not too many."""
        if len(run) == 1:
            # A whole line needs no other mark than the one in front of it.
            row = run[0]
            return self._pieces(row.pieces, style) if row.mark != "-" else self._gone(row, style)
        drawn = _text("")
        for place, row in enumerate(run):
            if len(drawn) > _MOST_RUN_CHARS:
                return drawn.append(f" … {len(run) - place:,} more (all of them in a pipe: | cat)", style=_SOFT)
            if place and row.pieces:
                drawn.append(" ¶ ", style=_SOFT)
            drawn.append_text(self._gone(row, style))
        return drawn

    def _gone(self, row: Row, style: str) -> Text:
        # A piece with a style: a text with one would have the rest of its column struck, too.
        return _text("").append("".join(piece.text for piece in row.pieces), style=f"strike {style}")

    def _notes(self, notes: Sequence[Note], first: int, last: int) -> Text:
        """What happened to a line, or to all lines from the first to the last for the same reason."""
        drawn = _text("")
        for place, note in enumerate(notes):
            if place:
                drawn.append("\n" if note.why or notes[place - 1].why else " ")
            drawn.append(note.rule, style=STAGE_STYLES.get(note.stage, _GONE))
            if first < last and place == len(notes) - 1:
                drawn.append(f" {last - first + 1:,} lines, {first:,} to {last:,}", style="bold")
                drawn.append("; the first:" if note.why else "", style=_SOFT)
            if note.why:
                drawn.append(f" {note.why}", style=_SOFT)
        return drawn

    def reading(self, lines: Sequence[LineRead], headline: str) -> None:
        """Lines with what they were read as; those that may be no part of the article in the colour of their kind.

        Args:
            lines: what to show.
            headline: the whole document in a line.
        """
        from rich.table import Table

        from .line_kinds import why

        reason = int(self._console.width * _REASON_SHARE)
        for line in lines:
            table = Table.grid(padding=(0, 1), expand=True)
            table.add_column(width=4, justify="right", style=_SOFT, no_wrap=True)
            table.add_column(width=KIND_CHARS, no_wrap=True)
            table.add_column(width=5, justify="right", style=_SOFT, no_wrap=True)
            table.add_column(ratio=1, overflow="fold")
            table.add_column(width=reason, overflow="fold", style=_SOFT)
            style = _kind_style(line.kind)
            share = f"{100 * line.told.probability:.0f} %" if line.told else ""
            cells = (_text(str(line.number)), _text(line.kind, style), _text(share))
            table.add_row(*cells, _text(visible(line.text), style), _text(why(line)))
            self._console.print(table)
        self._console.print()
        self.heading(headline)

    def heading(self, text: str) -> None:
        """A line in bold."""
        self._print(_text(text, "bold"))

    def totals(self, headline: str, rules: Sequence[tuple[str, int]]) -> None:
        """What happened to a document in numbers."""
        self._console.print()
        _draw_totals(self._console, headline, rules)

    def story(self, raw: str, steps: Sequence[Step], abouts: Sequence[str], quotes: Sequence[str]) -> None:
        """One line from how it came in to what became of it.

        Args:
            raw: the line as it came in, already visible.
            steps: what happened to it.
            abouts: for each step what its rule is about; may be "".
            quotes: for each step the line it cites; may be "".
        """
        self._print_behind(_text("   "), _text(raw))
        for place, (step, about, quote) in enumerate(zip(steps, abouts, quotes, strict=True), 1):
            style = STAGE_STYLES.get(step.stage, _GONE)
            title = _text(f"{place}. ")
            title.append(step.rule, style=style)
            title.append(f"  {step.why}", style=_SOFT)
            self._print(title)
            if about:
                self._print_behind(_text("   "), _text(about, f"italic {_SOFT}"))
            if quote:
                self._print_behind(_text("   > "), _text(quote))
            self._print_behind(_text("   "), _text("removed", style) if step.removed else self._pieces(step.pieces))

    def statistics(self, found: Statistics) -> None:
        """Numbers as tables, with a bar for each share."""
        from rich.table import Table

        from .statistics import tables

        for place, shown in enumerate(tables(found)):
            if place:
                self._console.print()
            table = Table(box=None, pad_edge=False, header_style="bold")
            table.add_column(_text(shown.title))
            for name in shown.columns:
                table.add_column(_text(name), justify="right")
            table.add_column("", justify="right")
            table.add_column("")
            most = max((row.share or 0.0 for row in shown.rows), default=0.0) or 1.0
            for row in shown.rows[:_MOST_ROWS]:
                share = "" if row.share is None else f"{100 * row.share:.1f} %"
                bar = "━" * round(_BAR_CHARS * (row.share or 0.0) / most)
                table.add_row(_text(row.label), *(f"{number:,}" for number in row.numbers), share, _text(bar, _NEW))
            self._console.print(table)
            if len(shown.rows) > _MOST_ROWS:
                self.remark(f"and {len(shown.rows) - _MOST_ROWS} more")

    def remark(self, text: str) -> None:
        """A sentence in small."""
        self._print(_text(f"   {text}", _SOFT))

    def help(self, page: HelpPage) -> None:
        """The help page of a rule."""
        style = STAGE_STYLES.get(page.stage, _GONE)
        self._print(_text(visible(page.rule), f"bold {style}") + _text(f"  stage {page.stage}", _SOFT))
        self._print(_text(visible(page.about)))
        if page.does:
            self._print(_text(page.does))
        if page.written:
            patterns = [*page.written.match, *page.written.words]
            more = f"  and {len(patterns) - _MOST_PATTERNS} more" if len(patterns) > _MOST_PATTERNS else ""
            self._print(_text("\nlooks for", _SOFT))
            self._print(_text("  " + "  ".join(map(visible, patterns[:_MOST_PATTERNS]))) + _text(more, _SOFT))
        for title, pages in (("acts on", page.removes), ("leaves alone", page.keeps)):
            self._print(_text(f"\n{title}", _SOFT))
            for example in pages[:_MOST_EXAMPLES]:
                for line in example:
                    self._example(line, style)
        self._print(_text(f"\nto do without it: {page.off}", _SOFT))

    def _pieces(self, pieces: Sequence[Piece], style: str = _GONE) -> Text:
        """The pieces of a line; `style` is that of what goes."""
        drawn = _text("")
        for kind, part in pieces:
            if kind == "same":
                drawn.append(part)
            elif kind == "new":
                drawn.append(part, style=_NEW)
            elif kind == "gone":
                drawn.append(part if self._struck else f"⟦{part}⟧", style=f"strike {style}")
        return drawn

    def _example(self, line: Example, style: str) -> None:
        from .diff import pieces

        mark = _text(f"  {line.mark} ", style if line.mark != "+" else "")
        if line.mark == "~":
            shown = [piece._replace(text=visible(piece.text)) for piece in pieces(line.text, line.becomes)]
            self._print_behind(mark, self._pieces(shown, style))
        else:
            self._print_behind(mark, _text(visible(line.text), f"strike {style}" if line.mark == "-" else ""))


def _kind_style(kind: str) -> str:
    return _KIND_STYLES["chrome" if kind in CHROME else "about" if kind in ABOUT else "content"]


def _console() -> Console:
    from rich.console import Console

    class Terminal(Console):
        def on_broken_pipe(self) -> None:
            raise  # noqa: PLE0704 - called while a BrokenPipeError is handled: the process ends by the signal

    return Terminal(highlight=False, color_system=None if is_plain() else "auto")


def _text(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(text, style=style)
