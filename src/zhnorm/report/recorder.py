"""What the HTML report needs to know of one document: its numbers, its riskiest removals, a few hits of each rule, its first lines.

Everything is bounded, whatever the size of the document; `collection` puts the documents of a run together.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.conversion.detect import detect
from zhnorm.counts import TextCounts
from zhnorm.line import Change, Indexed, Line, Recurring, Scored, Twin, Witness
from zhnorm.stages import CHARACTER_STAGES
from zhnorm.text.shape import ends_sentence

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome
    from zhnorm.line import Block

__all__ = ["Hit", "PageRecord", "PageRecorder", "by_risk", "risk_of"]

MOST_LINES = 500
"""A longer page is shown up to here."""
MOST_CHARS = 2_000
"""A longer line is shown up to here."""
_REMOVALS_EACH = 20
_HITS_EACH = 3


class Hit(NamedTuple):
    """A change that may be looked at.

    Attributes:
        risk: how much may have been lost (`risk_of`).
        name: of the document.
        change: with texts that are shortened.
        quote: the beginning of the line that is cited.
    """

    risk: float
    name: str
    change: Change
    quote: str = ""


@dataclass(slots=True)
class PageRecord(TextCounts):
    """What a recorder says about a document, besides its counts.

    Attributes:
        name: of the document.
        reason: why it failed, "" if it did not.
        script: of its first lines.
        removals: the riskiest ones.
        hits: some changes of each rule.
        page: its first lines.
    """

    name: str = ""
    reason: str = ""
    script: str = ""
    removals: list[Hit] = field(default_factory=list)
    hits: dict[str, list[Hit]] = field(default_factory=dict)
    page: list[Line] = field(default_factory=list)

    @property
    def risk(self) -> float:
        """How much the page deserves a look: what may have been lost of it, and the share that went."""
        most = max((hit.risk for hit in self.removals), default=0.0)
        return round(most * (1 + self.chars_removed / max(self.chars, 1)), 1)


def risk_of(change: Change) -> float:
    """How much may have been lost by a change: characters that went, weighed by how sure the evidence is.

    What a witness says in full is not lost (a tenth of the characters, more the less alike they are); a line that the
    page model was not sure of counts up to three times; a sentence counts twice.

    >>> risk_of(Change(1, "duplicates", "duplicates/equal", "雨停了。", None, Witness(3, 100.0)))
    0.8
    """
    if change.stage in CHARACTER_STAGES:
        return 0.0
    gone = len(change.before.strip()) if change.after is None else len(change.before) - len(change.after)
    weight = 2.0 if ends_sentence(change.before) else 1.0
    match change.evidence:
        case Witness(_, score):
            weight *= min(1.0, 0.1 + (100 - score) / 20)
        case Recurring():
            weight *= 0.2  # it stands on the other pages of its site
        case Twin() | Indexed():
            weight *= 0.1  # the document stands elsewhere
        case Scored(score, _):
            weight *= 1 + 2 * (1 - score)
        case _:
            pass
    return round(max(gone, 0) * weight, 1)


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
        self._record = PageRecord()

    def begin(self, name: str) -> None:
        """A document opens."""
        self._record = PageRecord(name=name)

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
                self._look(change, lines)
            if len(record.page) < MOST_LINES:
                record.page.append(_shortened_line(line))

    def _look(self, change: Change, lines: list[Line]) -> None:
        record = self._record
        hits = record.hits.setdefault(change.rule, [])
        risk = risk_of(change)
        if len(hits) >= _HITS_EACH and not risk:
            return
        hit = Hit(risk, record.name, _shortened(change), _quoted(change, lines))
        if len(hits) < _HITS_EACH:
            hits.append(hit)
        if risk:
            record.removals.append(hit)
            if len(record.removals) > 2 * _REMOVALS_EACH:
                record.removals = heapq.nlargest(_REMOVALS_EACH, record.removals, key=by_risk)

    def done(self, outcome: Outcome) -> None:
        """The open document is complete. A file of records is none: its records were."""
        if outcome.records is None:
            self.end()

    def failed(self, failure: Failure) -> None:
        """A document failed: it adds nothing but itself."""
        self._tell(PageRecord(name=failure.name, reason=failure.error.message))

    def end(self) -> None:
        """The open document is complete."""
        self._record.script = detect("\n".join(line.raw for line in self._record.page)).script
        self._record.removals = heapq.nlargest(_REMOVALS_EACH, self._record.removals, key=by_risk)
        self._tell(self._record)


def by_risk(hit: Hit) -> tuple[float, int]:
    return hit.risk, -hit.change.line


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
