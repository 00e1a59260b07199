"""Markup, line by line: which lines of a text are code, front matter, tables, images, tags, references and headings.

Such lines are no sentences. What stands in them is not tidied, in code not converted either, and no two of them are
compared: a `}` below a `}` is no repeat, and an image's address is no file name that a scraper left behind.

A line is recognised by itself where that is certain, and else by the state that the lines above it left: an open fence, front
matter, the rows of a table. The state goes from one block of a document to the next. Where the text below may be looked at, it also
says whether a fence is ever closed, what a row of dashes stands under, and where a program begins.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..signs import FULL_STOPS
from .markup import (
    UNKNOWN,
    Kind,
    Markup,
    MarkupState,
    closes_fence,
    is_delimiter_row,
    is_front_line,
    is_in_program,
    is_list_item,
    is_paragraph,
    is_program,
    is_underline,
    items_with_lines,
    kind_of,
    opens_comment,
    opens_fence,
)

__all__ = ["read_markup"]

_SIGNS_OF_MARKDOWN = frozenset({Kind.FRONT, Kind.TABLE, Kind.IMAGE, Kind.REFERENCE, Kind.HEADING})
_SENTENCE_MARKS = frozenset(f"{FULL_STOPS}，；")


def read_markup(lines: Sequence[str], state: MarkupState, *, is_tail: bool = True, ahead: bool = True) -> Markup:
    """What lines are, those left out that are text.

    Args:
        lines: consecutive lines of one document.
        state: what the lines above left open; updated.
        is_tail: the document ends here.
        ahead: a line may be judged by the lines below it. Without, each line is judged by itself and those above.

    >>> lines = ["# 安裝", "", "執行：", "```", "pip install  zhnorm", "```"]
    >>> {i: kind.name for i, kind in read_markup(lines, MarkupState()).kinds.items()}
    {0: 'HEADING', 3: 'CODE', 4: 'CODE', 5: 'CODE'}
    """
    return _Reader(lines, state, is_tail, ahead).read()


class _Reader:
    def __init__(self, lines: Sequence[str], state: MarkupState, is_tail: bool, ahead: bool) -> None:
        self.lines, self.state, self.is_tail, self.ahead = lines, state, is_tail, ahead
        self.kinds: dict[int, Kind] = {}
        self.signs: set[int] = set()
        self.programs: list[int] = []
        self.indented: list[int] = []
        self.underlines: list[int] = []
        self.html_images: list[int] = []
        self.items: dict[int, int] = {}
        self.ends: list[int] = []
        self.closing: dict[str, int] = {}
        self.stop = 0  # lines before this index are known already

    def read(self) -> Markup:
        was_markdown = self.state.is_markdown
        for i, line in enumerate(self.lines):
            if i >= self.stop:
                self._read(i, line)
            self.state.is_new = False
            self.state.above = line
        if self.ahead:
            self._complete_programs()
            if self.state.is_markdown:
                self.kinds.update((i, Kind.CODE) for i in self.indented if i not in self.kinds)
                self.kinds.update((i, Kind.IMAGE) for i in self.html_images)
                for i in self.underlines:
                    self.kinds[i - 1], self.kinds[i] = Kind.HEADING, Kind.UNDERLINE
            if self.state.is_markdown:
                self.items = items_with_lines(self.lines) | dict.fromkeys(self.ends, UNKNOWN)
        signs = frozenset(() if was_markdown else self.signs)
        # Where lines come one by one, those above the first sign were taken for plain text.
        since = 0 if self.ahead else min(signs, default=0)
        kinds = dict(sorted(self.kinds.items()))
        indented = frozenset([i for i in self.indented if kinds.get(i) is Kind.CODE])
        return Markup.of(kinds, self.state.is_markdown, since, signs, indented, self.items)

    def _mark(self, i: int, kind: Kind) -> None:
        self.kinds[i] = kind
        if kind in _SIGNS_OF_MARKDOWN:
            self._is_sign(i)

    def _is_sign(self, i: int) -> None:
        self.signs.add(i)
        self.state.is_markdown = True

    def _read(self, i: int, line: str) -> None:
        state = self.state
        below_blank, state.below_blank = state.below_blank, False
        in_program, state.in_program = state.in_program, False
        if state.front or (state.is_new and line.rstrip() == "---"):
            if self._front(i, line):
                return
        if state.fence:
            self.kinds[i] = Kind.CODE
            if closes_fence(line, state.fence):
                state.fence = ""
            return
        if not line or line.isspace():
            state.table = False
            state.below_blank = True
            return
        if self._table(i, line) or self._fence(i, line):
            return
        is_indented = line[0] == "\t" or line[:4] == "    "
        if is_program(line) or (in_program and is_in_program(line)):
            self.kinds[i] = Kind.CODE
            self.programs.append(i)
            state.in_program = True
            state.below_blank = is_indented
            return
        kind = kind_of(line)
        if kind is None and self.ahead:
            self._underline(i, line)
            kind = Kind.TAG if opens_comment(line) and self._comment(i) else None
        if kind is Kind.IMAGE and "![" not in line and not state.is_markdown:
            # Also what a scraper left of a page's HTML; rules know it.
            self.html_images.append(i)
        elif kind:
            self._mark(i, kind)
            state.in_list = is_list_item(line) or (kind is Kind.IMAGE and state.in_list)
            return
        if is_list_item(line):
            state.in_list = True
            if not self.ahead and state.is_markdown:
                self.items[i] = UNKNOWN
            return
        if is_indented and below_blank and not state.in_list and _SENTENCE_MARKS.isdisjoint(line):
            state.below_blank = True
            self.indented.append(i)
            if not self.ahead and state.is_markdown:
                self.kinds[i] = Kind.CODE
            return
        if line[0] not in " \t":
            state.in_list = False

    def _front(self, i: int, line: str) -> bool:
        """Front matter, which begins on the first line and ends at the next such line, or before what is none."""
        if not self.state.front:
            if self.ahead and not (len(self.lines) > i + 1 and is_front_line(self.lines[i + 1])):
                return False
            self.state.front = True
            self.kinds[i] = Kind.FRONT
            return True
        if line.startswith("---") or line.rstrip() == "...":
            # A scraper may have glued the text to the line that ends it.
            self.state.front = False
            if line.rstrip() in ("---", "..."):
                self._mark(i, Kind.FRONT)
            return True
        if is_front_line(line):
            self.kinds[i] = Kind.FRONT
            return True
        self.state.front = False
        return False

    def _fence(self, i: int, line: str) -> bool:
        marks = opens_fence(line)
        if not marks:
            return False
        self.kinds[i] = Kind.CODE
        self._is_sign(i)
        if not self.ahead:
            self.state.fence = marks
            return True
        stop = self._next(i, marks, lambda line: closes_fence(line, marks))
        if stop is None and not self.is_tail:
            self.state.fence = marks
            return True
        if stop is None:
            # Never closed: what goes on in paragraphs is text. Without the first of them more would be code, so that one stays.
            rest = range(i + 1, len(self.lines))
            stop = next((at for at in rest if is_paragraph(self.lines[at])), len(self.lines)) - 1
            self.ends += range(stop + 1, min(stop + 2, len(self.lines)))
        self.kinds.update((at, Kind.CODE) for at in range(i + 1, stop + 1))
        self.stop = stop + 1
        return True

    def _next(self, i: int, marks: str, closes: Callable[[str], bool]) -> int | None:
        """The next line below one that closes what some marks open: looked for once, until it is passed."""
        lines = self.lines
        found = self.closing.get(marks, i)
        if found <= i:
            found = next((at for at in range(i + 1, len(lines)) if closes(lines[at])), len(lines))
            self.closing[marks] = found
        return found if found < len(lines) else None

    def _table(self, i: int, line: str) -> bool:
        state = self.state
        if state.table:
            if "|" in line:
                self._mark(i, Kind.TABLE)
                return True
            state.table = False
        if "|" in state.above and is_delimiter_row(line):
            if self.ahead and i:
                self._mark(i - 1, Kind.TABLE)
            self._mark(i, Kind.TABLE)
            state.table = True
            return True
        if not self.ahead and state.is_markdown and "|" in line:
            # The row that shows it would come too late for the head of a table.
            self.kinds[i] = Kind.TABLE
            return True
        return False

    def _underline(self, i: int, line: str) -> None:
        above = self.state.above
        if i and above.strip() and i - 1 not in self.kinds and is_underline(line):
            if not is_list_item(above) and not is_paragraph(above):
                self.underlines.append(i)

    def _comment(self, i: int) -> bool:
        """A comment over several lines, if it ends."""
        stop = self._next(i, "-->", lambda line: "-->" in line)
        if stop is None or not self.lines[stop].rstrip().endswith("-->"):
            return False
        self.kinds.update((at, Kind.TAG) for at in range(i, stop + 1))
        self.stop = stop + 1
        return True

    def _complete_programs(self) -> None:
        """Lines just above that belong to a program, and blank lines in it."""
        known = set(self.programs)
        for i in self.programs:
            at = i - 1
            while at >= 0 and at not in self.kinds and self.lines[at].strip() and is_in_program(self.lines[at]):
                self.kinds[at] = Kind.CODE
                known.add(at)
                at -= 1
        blank: list[int] = []
        was_program = False
        for i, line in enumerate(self.lines):
            if not line or line.isspace():
                blank.append(i)
                continue
            if was_program and i in known:
                self.kinds.update((at, Kind.CODE) for at in blank)
            was_program, blank = i in known, []
