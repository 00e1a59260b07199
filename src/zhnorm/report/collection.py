"""What the HTML report shows: of each document its removals, of the run numbers added up and samples of the rest.

`PageRecorder` collects what the report needs to know of one document: its numbers, its removals, equal ones as one, a few hits of the rules that
rewrite, its first lines. A removal is the more doubtful the likelier it took text, and the more would be lost if it did (`doubt_of`).
Everything is bounded, whatever the size of the document.

`Collection` puts the documents of a run together. Kept are of pages the most doubtful and as many drawn by chance; of removals, equal ones as one, the
most doubtful, the most frequent, and some of each rule; of what rewriting rules did some lines drawn by chance. Chance is a digest of name and line,
so that the same run gives the same report.
"""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil, sqrt
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from zhnorm.conversion.detect import detect
from zhnorm.counts import Tally, TextCounts
from zhnorm.line import Change, Indexed, Line, Match, Neighbours, Recurring, Scored, Twin, Witness
from zhnorm.reading.kinds import CONTENT
from zhnorm.stages import CHARACTER_STAGES
from zhnorm.text.shape import ends_sentence

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome
    from zhnorm.line import Block

__all__ = [
    "MOST_PLACES",
    "Collection",
    "Group",
    "Hit",
    "PageRecord",
    "PageRecorder",
    "Removal",
    "chance_of",
    "doubt_of",
]

_PATTERN = 0.04
"""Somebody wrote a rule for such lines, with what it must leave alone."""
_PLACE = 0.1
"""It went because of where it stands."""
_DISAGREEING = 0.4
"""A rule took what was read as part of the article."""
_TWIN = 0.01
"""A line that stays says the very same."""
_RECURRING = 0.02
"""It stands on all pages of its site, or on those of many sites."""
_ELSEWHERE = 0.125
"""It stands on hardly any of them: this much more, and as much again for a sentence; poems and signatures come back as well."""
_UNLIKE = 30
"""Likeness, 100 less this, at which a twin is no longer believed."""
_FULL_CHARS = 100
"""From here on a longer text makes a removal no more doubtful."""


def chars_gone(change: Change) -> int:
    """How many characters a change took away; 0 for what works on characters.

    >>> chars_gone(Change(1, "titles", "titles/in-line", "標題 正文", "正文", Match("")))
    3
    """
    if change.stage in CHARACTER_STAGES:
        return 0
    return max(0, len(change.before.strip()) if change.after is None else len(change.before) - len(change.after))


def chance_of(change: Change, kind: str = "") -> float:
    """How likely a removal took what was text, 0 to 1, as far as its evidence tells.

    Of lines that were read it is what reading says, of repeats what the two lines differ in; rules and places are trusted, less so if
    reading took the line for a part of the article, or if it ends like a sentence.

    Args:
        change: the removal.
        kind: what its line was read as, "" if it was not.

    >>> chance_of(Change(1, "reading", "reading/ad", "雨停了。", None, Scored(0.75, ())))
    0.25
    >>> chance_of(Change(1, "boilerplate", "web/x", "雨停了", None, Match("")), "prose")
    0.4
    """
    match change.evidence:
        case Scored(score, _):
            return 1 - score
        case Witness(_, score):
            return min(1.0, _TWIN + (100 - score) / _UNLIKE)
        case Twin(_, share) | Indexed(_, share):
            return min(1.0, _TWIN + (1 - share) / 2)
        case Recurring(pages, of, _, sites):
            share = 1.0 if sites or not of else min(1.0, pages / of)
            return (_RECURRING + _ELSEWHERE * (1 - share)) * (2 if ends_sentence(change.before) else 1)
        case evidence:
            if change.after is None and kind in CONTENT:
                return _DISAGREEING
            chance = _PLACE if isinstance(evidence, Neighbours) or _is_under(evidence) else _PATTERN
            return chance * 2 if change.after is None and ends_sentence(change.before) else chance


def doubt_of(chance: float, chars: int, share: float) -> float:
    """Doubt about a removal, 0 to 100: its chance, weighed by what would be lost.

    Args:
        chance: how likely it took text, 0 to 1.
        chars: how long the text is; from 100 characters on it weighs no more.
        share: the part of its document that it is, 0 to 1. It counts if it weighs more than the length.

    >>> doubt_of(0.5, 25, 0.01), doubt_of(0.5, 8, 0.36), doubt_of(0.5, 400, 0.1)
    (25.0, 30.0, 50.0)
    """
    return round(100 * chance * max(sqrt(min(1.0, chars / _FULL_CHARS)), sqrt(min(1.0, share))), 1)


def _is_under(evidence: object) -> bool:
    return isinstance(evidence, Match) and evidence.under is not None


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
        chance: how likely it took text (`chance_of`): that of the least sure one.
        chars: how many characters each lost.
        quote: the beginning of the line that is cited.
        lines: their numbers, the first ones.
        times: how many there are.
        doubt: about all of them together (`doubt_of`); known when the document ends.
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


MOST_PAGES = 200
"""Pages that can be opened: half of them the most doubtful, half drawn by chance."""
MOST_PAGE_CHARS = 4_000_000
"""And not more characters than this, together."""
MOST_REMOVALS = 500
"""Two thirds of them the most doubtful, the others the most frequent; and of each rule so many:"""
MOST_OF_RULE = 20
MOST_GROUPS = 20_000
"""Different removals that are held in memory."""
MOST_HITS = 40
MOST_FILES = 50_000
_T = TypeVar("_T")
_Key = tuple[str, str, str, str | None]
_Ranked = tuple[tuple[float, ...], int, _T]
"""An item with its rank; the number in the middle is different for each, so that items are never compared."""


@dataclass(slots=True)
class Group:
    """Equal texts that a rule took, wherever they stood.

    Attributes:
        removal: that of the document in which it is most doubtful.
        is_exact: whether all of them are counted; else there may have been more before.
        times: how many there are.
        documents: in how many documents.
        places: name and line of the first ones.
    """

    removal: Removal
    is_exact: bool = True
    times: int = 0
    documents: int = 0
    places: list[tuple[str, int]] = field(default_factory=list)

    def add(self, name: str, removal: Removal) -> None:
        """The same in one more document."""
        if removal.doubt > self.removal.doubt:
            self.removal = removal
        self.times += removal.times
        self.documents += 1
        self.places += [(name, line) for line in removal.lines[: MOST_PLACES - len(self.places)]]


@dataclass(slots=True)
class Collection(Tally):
    """Everything that the report shows, besides the tally of all documents.

    Attributes:
        files: of each document the record without what was not chosen; at most `MOST_FILES`.
        warn_share: a document that lost a larger share of its letters is marked.
        scripts: documents by script.
        shares: how many documents lost no letters, up to 10 %, up to 20 % … of them.
        of_records: files of records, whose documents are named after them.
    """

    files: list[PageRecord] = field(default_factory=list)
    warn_share: float = 0.5
    scripts: dict[str, int] = field(default_factory=dict)
    shares: list[int] = field(default_factory=lambda: [0] * 11)
    of_records: set[str] = field(default_factory=set)
    _kept: int = 0
    _groups: dict[_Key, Group] = field(default_factory=dict)
    _has_forgotten: bool = False
    _hits: dict[str, list[_Ranked[Hit]]] = field(default_factory=dict)
    _doubtful: list[_Ranked[PageRecord]] = field(default_factory=list)
    _drawn: list[_Ranked[PageRecord]] = field(default_factory=list)

    def receive(self, record: PageRecord) -> None:
        """Add what a recorder said of one document."""
        if record.holds_records:
            self.of_records.add(record.name)
            return
        if record.reason:
            self.fail()
        else:
            self.add(record, is_heavy=record.loss.share > self.warn_share)
            self.scripts[record.script] = self.scripts.get(record.script, 0) + 1
            self.shares[ceil(10 * record.loss.share)] += 1
            self._sort(record)
            drawn = self._keep(self._drawn, (-zlib.crc32(_bytes(record.name)),), record, MOST_PAGES // 2)
            doubtful = self._keep(self._doubtful, (record.doubt, record.loss.share), record, MOST_PAGES)
            # A page that is neither gives its lines back at once; one that is pushed out later, then.
            for lost in (*drawn, *doubtful):
                if not any(lost is kept for _, _, kept in (*self._drawn, *self._doubtful)):
                    lost.page = []
        record.removals, record.hits = [], {}
        if len(self.files) < MOST_FILES:
            self.files.append(record)

    def _sort(self, record: PageRecord) -> None:
        """Put removals and hits of a document to those of the others."""
        for removal in record.removals:
            change = removal.change
            same = change.stage, change.rule, change.before, change.after
            group = self._groups.get(same)
            if group is None:
                group = self._groups[same] = Group(removal, not self._has_forgotten)
            group.add(record.name, removal)
        if len(self._groups) > MOST_GROUPS:
            self._has_forgotten = True
            self._groups = {same: self._groups[same] for same in self._best(MOST_GROUPS // 2)}
        for rule, hits in record.hits.items():
            for hit in hits:
                self._keep(self._hits.setdefault(rule, []), (-_drawn(hit),), hit, MOST_HITS)

    def _keep(self, heap: list[_Ranked[_T]], rank: tuple[float, ...], item: _T, most: int) -> list[_T]:
        """Put an item into a heap of the `most` that rank highest, of equals the first; give what is not in it any more."""
        self._kept += 1
        ranked = (rank, -self._kept, item)
        if len(heap) < most:
            heapq.heappush(heap, ranked)
            return []
        return [heapq.heappushpop(heap, ranked)[2]]

    def _best(self, most: int) -> Iterator[_Key]:
        """The keys of about `most` groups, the most doubtful first."""
        ranked = sorted(self._groups.items(), key=lambda item: (-item[1].removal.doubt, -item[1].times))
        chosen = {same for same, _ in ranked[: most * 2 // 3]}
        chosen |= {same for same, _ in heapq.nlargest(most // 3, ranked, key=lambda item: item[1].times)}
        of_rules: dict[tuple[str, str], int] = {}
        for same, _ in ranked:
            seen = of_rules[same[:2]] = of_rules.get(same[:2], 0) + 1
            if seen <= MOST_OF_RULE or same in chosen:
                yield same

    def removals(self) -> list[Group]:
        """Removals, equal ones as one, the most doubtful first."""
        return [self._groups[same] for same in self._best(MOST_REMOVALS)]

    @property
    def different_removals(self) -> int:
        """How many different removals are known."""
        return len(self._groups)

    def hits(self, rule: str) -> list[Hit]:
        """Some lines whose characters a rule rewrote, drawn by chance, in the order of the documents; each text once."""
        drawn = sorted(self._hits.get(rule, []), key=lambda ranked: -ranked[1])
        return list({hit.change.before: hit for _, _, hit in drawn}.values())

    def shown(self) -> list[PageRecord]:
        """The pages that can be opened: the most doubtful first, then those drawn by chance."""
        doubtful, drawn = _in_order(self._doubtful), _in_order(self._drawn)
        chosen: list[PageRecord] = []
        budget = MOST_PAGE_CHARS
        half = doubtful[: MOST_PAGES // 2]
        for record in (*half, *drawn, *doubtful[MOST_PAGES // 2 :]):
            if len(chosen) < MOST_PAGES and not any(record is other for other in chosen):
                budget -= sum(len(line.raw) for line in record.page)
                if budget < 0:
                    break
                chosen.append(record)
        return chosen


def _in_order(heap: list[_Ranked[_T]]) -> list[_T]:
    return [item for _, _, item in sorted(heap, key=lambda ranked: ranked[:2], reverse=True)]


def _drawn(hit: Hit) -> int:
    """A number for drawing by chance: the same for the same line of the same document."""
    return zlib.crc32(_bytes(f"{hit.name}\0{hit.change.line}\0{hit.change.rule}"))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
