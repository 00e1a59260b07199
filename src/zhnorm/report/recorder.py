"""What the HTML report needs to know of one document: its numbers, its removals, equal ones as one, a few hits of the rules that rewrite, its first lines.

Everything is bounded, whatever the size of the document; `collection` puts the documents of a run together.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.conversion.detect import detect
from zhnorm.counts import TextCounts
from zhnorm.line import Change, Line, Witness
from zhnorm.stages import CHARACTER_STAGES

from .doubt import chance_of, chars_gone, doubt_of

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome
    from zhnorm.line import Block

__all__ = ["MOST_PLACES", "Hit", "PageRecord", "PageRecorder", "Removal"]

MOST_LINES = 500
"""A longer page is shown up to here."""
MOST_CHARS = 2_000
"""A longer line is shown up to here."""
MOST_PLACES = 20
"""Places of equal removals that are named; all are counted."""
_REMOVALS_EACH = 500
_HITS_EACH = 3


class Hit(NamedTuple):
    """A line whose characters a rule rewrote."""

    name: str
    change: Change
    script: str


@dataclass(slots=True)
class Removal:
    """Equal texts that a rule took from a document.

    Attributes:
        change: the first, with texts that are shortened.
        chance: how likely it took text (`doubt.chance_of`): that of the least sure one.
        chars: how many characters each lost.
        quote: the beginning of the line that is cited.
        lines: their numbers, the first ones.
        times: how many there are.
        doubt: about all of them together (`doubt.doubt_of`); known when the document ends.
        script: of the document.
    """

    change: Change
    chance: float
    chars: int
    quote: str = ""
    lines: list[int] = field(default_factory=list)
    times: int = 0
    doubt: float = 0.0
    script: str = ""


@dataclass(slots=True)
class PageRecord(TextCounts):
    """What a recorder says about a document, besides its counts.

    Attributes:
        name: of the document.
        reason: why it failed, "" if it did not.
        script: of its first lines.
        doubt: about its most doubtful removal, raised by the share of its letters that went; 0 to 100.
        removals: the most doubtful first.
        hits: some lines that each rule of characters rewrote.
        page: its first lines.
        holds_records: it is no document but a file of them.
    """

    name: str = ""
    reason: str = ""
    script: str = ""
    doubt: float = 0.0
    removals: list[Removal] = field(default_factory=list)
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    page: list[Line] = field(default_factory=list)
    holds_records: bool = False


class PageRecorder:
    """Collects what the report shows of each document: a recorder of `batch.run`.

    Args:
        tell: takes a `PageRecord` for each document.

    >>> from zhnorm.line import Block, Match
    >>> block = Block.from_lines(["甲"])
    >>> block.remove(0, stage="boilerplate", rule="web/x", evidence=Match("甲"))
    >>> records: list[PageRecord] = []
    >>> recorder = PageRecorder(records.append)
    >>> recorder.begin("page.txt"); recorder.block(block); recorder.end()
    >>> records[0].removed, records[0].rules
    (1, {'web/x': 1})
    """

    def __init__(self, tell: Callable[[PageRecord], object]) -> None:
        self._tell = tell
        self.begin("")

    def begin(self, name: str) -> None:
        """A document opens."""
        self._record = PageRecord(name=name)
        self._removals: dict[tuple[str, str, str, str | None], Removal] = {}

    def block(self, block: Block) -> None:
        """Lines of the open document are finished."""
        self.lines(block.lines())

    def lines(self, lines: Iterable[Line]) -> None:
        """Lines of the open document, with their stories."""
        record = self._record
        lines = list(lines)
        for line in lines:
            record.add_line(line)
            record.loss.add_line(line)
            for change in line.changes:
                if change.stage in CHARACTER_STAGES:
                    self._rewritten(change)
                elif chars := chars_gone(change):
                    self._removed(change, chars, line.kind, lines)
            if len(record.page) < MOST_LINES:
                record.page.append(_shortened_line(line))

    def _rewritten(self, change: Change) -> None:
        hits = self._record.hits.setdefault(change.rule, [])
        if len(hits) < _HITS_EACH:
            hits.append(Hit(self._record.name, _shortened(change), ""))

    def _removed(self, change: Change, chars: int, kind: str, lines: list[Line]) -> None:
        chance = chance_of(change, kind)
        short = _shortened(change)
        same = short.stage, short.rule, short.before, short.after
        found = self._removals.get(same)
        if found is None:
            found = self._removals[same] = Removal(short, chance, chars, _quoted(change, lines))
        elif chance > found.chance:
            found.chance, found.change = chance, short
        found.times += 1
        if len(found.lines) < MOST_PLACES:
            found.lines.append(change.line)
        if len(self._removals) > 2 * _REMOVALS_EACH:
            self._weigh()
            self._removals = dict(heapq.nlargest(_REMOVALS_EACH, self._removals.items(), key=lambda it: it[1].doubt))

    def _weigh(self) -> None:
        """Work out the doubt about each removal, by what is known of the document."""
        whole = max(self._record.chars, 1)
        for removal in self._removals.values():
            removal.doubt = doubt_of(removal.chance, removal.chars, removal.chars * removal.times / whole)

    def done(self, outcome: Outcome) -> None:
        """The open document is complete. A file of records is none: its records were."""
        if outcome.records is None:
            self.end()
        else:
            self._tell(PageRecord(name=outcome.name, holds_records=True))

    def failed(self, failure: Failure) -> None:
        """A document failed: it adds nothing but itself."""
        self._tell(PageRecord(name=failure.name, reason=failure.error.message))

    def end(self) -> None:
        """The open document is complete."""
        record = self._record
        record.script = detect("\n".join(line.raw for line in record.page)).script
        self._weigh()
        record.removals = heapq.nlargest(_REMOVALS_EACH, self._removals.values(), key=lambda removal: removal.doubt)
        for removal in record.removals:
            removal.script = record.script
        record.hits = {rule: [hit._replace(script=record.script) for hit in hits] for rule, hits in record.hits.items()}
        most = record.removals[0].doubt if record.removals else 0.0
        record.doubt = round(min(100.0, most * (1 + record.loss.share)), 1)
        self._tell(record)


def _quoted(change: Change, lines: list[Line]) -> str:
    if not isinstance(change.evidence, Witness):
        return ""
    place = change.evidence.line - lines[0].number
    text = lines[place].text if 0 <= place < len(lines) else None
    return (text or "")[:MOST_CHARS]


def _shortened(change: Change) -> Change:
    before, after = _cut(change.before), None if change.after is None else _cut(change.after)
    if before is change.before and after is change.after:
        return change
    evidence = change.evidence
    return Change(change.line, change.stage, change.rule, before, after, evidence)


def _shortened_line(line: Line) -> Line:
    if len(line.raw) <= MOST_CHARS and not any(len(change.before) > MOST_CHARS for change in line.changes):
        return line
    changes = tuple(map(_shortened, line.changes))
    text = None if line.text is None else _cut(line.text)
    return line._replace(raw=_cut(line.raw), text=text, changes=changes)


def _cut(text: str) -> str:
    return text if len(text) <= MOST_CHARS else text[:MOST_CHARS] + "…"
