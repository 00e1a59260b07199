"""What the HTML report shows of a run: numbers added up, and samples of the rest.

Kept are of pages the most doubtful and as many drawn by chance; of removals, equal ones as one, the most doubtful, the most frequent, and some
of each rule; of what rewriting rules did some lines drawn by chance. Chance is a digest of name and line, so that the same run gives the same report.
"""

from __future__ import annotations

import heapq
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import TypeVar

from zhnorm.counts import Tally

from .recorder import MOST_PLACES, Hit, PageRecord, Removal

__all__ = ["Collection", "Group"]

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
