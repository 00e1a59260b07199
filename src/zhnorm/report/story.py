"""A document line by line, with what happened to each and why: as rows for people, and as JSON Lines for programs.

Rows are plain data with everything in them already `visible`; `plain` makes them lines of text, `screen` draws them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from zhnorm.line import (
    Change,
    Conversion,
    Evidence,
    Indexed,
    Line,
    Match,
    Neighbours,
    Recurring,
    Scored,
    Span,
    Twin,
    Witness,
)
from zhnorm.messages import Message, counted, in_language, joined
from zhnorm.reading.kinds import KINDS
from zhnorm.reading.reasons import in_words
from zhnorm.stages import CHARACTER_STAGES

from .diff import Piece, through
from .terminal import escape, visible

__all__ = ["KIND_CHARS", "Note", "Reader", "Row", "as_json_line", "because", "plain", "runs", "step_by_step", "weighty"]


_READ = re.compile(r"([0-9]+\.[0-9]) bits")
"""How sure it is that something was glued into a line (see `rules.glued`)."""


def because(evidence: Evidence) -> Message:
    """What the evidence says, as the end of a sentence about the line. Not yet safe for a terminal.

    >>> because(Witness(3, 97.5, ("报/抱 (sound)",))), because(Match("相关文章*", under=12))
    ('says what line 3 says, 97.5 % alike: 报/抱 (sound)', 'in the list below line 12, which fits 相关文章*')
    >>> because(Span(18, 31, "14.5 bits"))
    'characters 19 to 31 go: none of the text, by 14.5 bits'
    """
    match evidence:
        case Conversion(table):
            return Message("by the table {table}", table=table)
        case Match(pattern, None):
            return Message("fits {pattern}", pattern=pattern)
        case Match(pattern, under):
            return Message("in the list below line {line}, which fits {pattern}", line=under, pattern=pattern)
        case Span(start, stop, pattern):
            fits: Message | str = Message(": fits {pattern}", pattern=pattern) if pattern else ""
            if read := _READ.fullmatch(pattern):
                fits = Message(": none of the text, by {bits} bits", bits=read[1])
            return Message("characters {first} to {last} go{fits}", first=start + 1, last=stop, fits=fits)
        case Witness(line, score, differences):
            alike = "" if score >= 100 else Message(", {score:g} % alike", score=score)
            slips = f": {', '.join(differences)}" if differences else ""
            return Message("says what line {line} says{alike}{slips}", line=line, alike=alike, slips=slips)
        case Neighbours(reason, None):
            return Message(reason)
        case Neighbours(reason, line):
            return Message("{reason}, from line {line} on", reason=Message(reason), line=line)
        case Scored(score, features):
            looks = Message(": {looks}", looks=joined(", ", map(in_words, features))) if features else ""
            return Message("by its looks {percent:.0f} % no article{looks}", percent=100 * score, looks=looks)
        case Recurring(pages, of, site, None):
            return Message("stands on {pages:,} of {of:,} pages of {site}", pages=pages, of=of, site=site)
        case Recurring(_, _, _, sites):
            return Message("stands on pages of {sites:,} sites", sites=sites)
        case Twin(document, likeness, name):
            called = Message(" (id {name})", name=name) if name else ""
            alike = "" if likeness >= 1 else Message(", {percent:.0f} % alike", percent=100 * likeness)
            said = "the document says what {document}{called} says{alike}"
            return Message(said, document=document, called=called, alike=alike)
        case Indexed(where, share):
            if share >= 1:
                return Message("the document was seen before: {where}", where=where)
            said = "{percent:.0f} % of the document was seen before: {where}"
            return Message(said, percent=100 * share, where=where)


KIND_CHARS = max(map(len, KINDS))
"""The widest name of a kind of line."""
QUOTED_CHARS = 40
"""A witness is quoted up to here."""
REMEMBERED_LINES = 20_000
"""Repeats are found among as many lines."""


_LEAST_RUN = 3
"""Fewer lines that go for one reason are shown one by one."""


class Note(NamedTuple):
    """One thing that happened to a line: where, and why. `why` is "" for what the rule's name says already."""

    stage: str
    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line as people are shown it.

    Attributes:
        number: of the line in the input, from 1.
        mark: " " (stays), "-" (goes), "~" (is rewritten).
        pieces: the text: what is the same, what is new, what went.
        notes: what happened, in order.
        kind: what the line was read as; "" if it was not.
    """

    number: int
    mark: str
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]
    kind: str = ""


@dataclass(slots=True)
class Reader:
    """Makes rows of lines, remembering what may be cited.

    Attributes:
        lines: how many lines were read.
        removed: how many of them go.
        rewritten: how many stay with another text.
        rules: lines each rule touched.
    """

    lines: int = 0
    removed: int = 0
    rewritten: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    _texts: dict[int, str] = field(default_factory=dict)

    def read(self, lines: Iterable[Line]) -> list[Row]:
        """The rows of consecutive lines. A cited line is among them or came before."""
        lines = list(lines)
        self._texts |= {line.number: line.text[: QUOTED_CHARS + 1] for line in lines if line.text is not None}
        rows = [self._row(line) for line in lines]
        surplus = len(self._texts) - REMEMBERED_LINES
        if surplus > 0:
            for number in list(self._texts)[:surplus]:
                del self._texts[number]
        return rows

    def quote(self, number: int) -> str:
        """The beginning of a line that stays, "" if it is not known any more."""
        text = self._texts.get(number, "")
        return visible(text if len(text) <= QUOTED_CHARS else text[:QUOTED_CHARS] + "…")

    def headline(self, name: str) -> Message:
        """The document in numbers."""
        one = "{name}: 1 line, {removed:,} removed, {rewritten:,} rewritten"
        many = "{name}: {count:,} lines, {removed:,} removed, {rewritten:,} rewritten"
        return counted(self.lines, one, many, name=visible(name), removed=self.removed, rewritten=self.rewritten)

    def _row(self, line: Line) -> Row:
        self.lines += 1
        self.removed += line.text is None
        self.rewritten += line.text is not None and line.text != line.raw
        for rule in {change.rule for change in line.changes}:
            self.rules[rule] = self.rules.get(rule, 0) + 1
        mark = "-" if line.text is None else " " if line.text == line.raw else "~"
        if line.text is None:
            found = [Piece("gone", line.raw)] if line.raw else []
        else:
            found = through([line.raw, *(change.after for change in line.changes if change.after is not None)])
        shown = tuple(Piece(piece.kind, visible(piece.text)) for piece in found)
        return Row(line.number, mark, shown, tuple(self._notes(line)), line.kind)

    def _notes(self, line: Line) -> Iterator[Note]:
        for change in weighty(line):
            why = "" if change.stage in CHARACTER_STAGES else in_language(because(change.evidence))
            if isinstance(change.evidence, Witness) and (said := self.quote(change.evidence.line)):
                why = f"{visible(why)}: {said}"
                yield Note(change.stage, visible(change.rule), why)
                continue
            yield Note(change.stage, visible(change.rule), visible(why))


def weighty(line: Line) -> tuple[Change, ...]:
    """The changes that are shown beside a line: what happened to the characters of one that goes does not matter."""
    if line.text is not None:
        return line.changes
    return tuple(change for change in line.changes if change.stage not in CHARACTER_STAGES) or line.changes[-1:]


def plain(row: Row, width: int = 4, *, kinds: bool = False) -> str:
    """A row as a line of text; ⟦ ⟧ marks the part that went of a line that stays.

    Args:
        row: what to show.
        width: of the number.
        kinds: with a column that says what it was read as.

    >>> plain(Row(3, "~", (Piece("gone", "標題 "), Piece("same", "第一")), (Note("titles", "titles/in-line", "why"),)))
    '   3 ~ ⟦標題 ⟧第一  [titles/in-line: why]'
    """
    text = ""
    for kind, part in row.pieces:
        if row.mark == "-" or kind in ("same", "new"):
            text += part
        elif kind == "gone":
            text += f"⟦{part}⟧"
    notes = "; ".join(f"{note.rule}: {note.why}" if note.why else note.rule for note in row.notes)
    read_as = f"{row.kind:<{KIND_CHARS}} " if kinds else ""
    return f"{row.number:>{width}} {row.mark} {read_as}{text}" + (f"  [{notes}]" if notes else "")


def runs(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows one by one, but for at least three in a row that go by the same rules: these together. Blank ones among them go along.

    >>> gone = [Row(n, "-", (Piece("gone", "首页"),), (Note("reading", "reading/nav", "why"),)) for n in (2, 3, 4)]
    >>> [len(run) for run in runs([Row(1, " ", (), ()), *gone])]
    [1, 3]
    """
    run: list[Row] = []
    for row in rows:
        if run and not _goes_along(run, row):
            yield from _as_run(run)
            run = []
        run.append(row)
    yield from _as_run(run)


def _goes_along(run: list[Row], row: Row) -> bool:
    before = run[-1]
    if not before.mark == row.mark == "-" or row.number != before.number + 1:
        return False
    return not row.pieces or _rules_of(run[0]) == _rules_of(row)


def _rules_of(row: Row) -> list[str]:
    return [note.rule for note in row.notes]


def _as_run(run: list[Row]) -> Iterator[list[Row]]:
    if sum(bool(row.pieces) for row in run) >= _LEAST_RUN:
        yield run
    else:
        yield from ([row] for row in run)


class Step(NamedTuple):
    """One change in the story of a line: the pieces of the text before and after; no pieces if the line went."""

    stage: str
    rule: str
    why: str
    pieces: tuple[Piece, ...]
    removed: bool


def step_by_step(line: Line) -> list[Step]:
    """Everything that happened to one line."""
    steps = []
    for change in line.changes:
        found = [] if change.after is None else through([change.before, change.after])
        shown = tuple(Piece(piece.kind, visible(piece.text)) for piece in found)
        why = visible(in_language(because(change.evidence)))
        steps.append(Step(change.stage, visible(change.rule), why, shown, change.after is None))
    return steps


def as_json_line(name: str, line: Line) -> str:
    """A line with its story as one object of JSON Lines.

    >>> json.loads(as_json_line("page.txt", Line(1, "甲", "\\n", "甲", ())))
    {'document': 'page.txt', 'line': 1, 'kind': '', 'raw': '甲', 'end': '\\n', 'text': '甲', 'changes': []}
    """
    return escape(json.dumps({"document": name, **line.to_dict()}, ensure_ascii=False)) + "\n"
