"""What the HTML report shows of a run: numbers added up, and samples of the rest.

Kept are of pages the riskiest and as many drawn by chance, of removals the riskiest, of each rule's hits some drawn by chance. Chance is a
digest of name and line, so that the same run gives the same report.
"""

from __future__ import annotations

import heapq
import zlib
from dataclasses import dataclass, field
from math import ceil
from typing import TypeVar

from zhnorm.counts import Tally

from .recorder import Hit, PageRecord, by_risk

__all__ = ["Collection"]

MOST_PAGES = 200
"""Pages that are shown side by side: half of them the riskiest, half drawn by chance."""
MOST_PAGE_CHARS = 4_000_000
"""And not more characters than this, together."""
MOST_REMOVALS = 300
MOST_HITS = 40
MOST_FILES = 50_000
_T = TypeVar("_T")
_Ranked = tuple[tuple[float, ...], int, _T]
"""An item with its rank; the number in the middle is different for each, so that items are never compared."""


@dataclass(slots=True)
class Collection(Tally):
    """Everything that the report shows, besides the tally of all documents.

    Attributes:
        files: of each document the record without what was not chosen; at most `MOST_FILES`.
        warn_share: a document that lost a larger share of its letters is marked.
        scripts: documents by script.
        shares: how many documents lost no letters, up to 10 %, up to 20 % … of them.
    """

    files: list[PageRecord] = field(default_factory=list)
    warn_share: float = 0.5
    scripts: dict[str, int] = field(default_factory=dict)
    shares: list[int] = field(default_factory=lambda: [0] * 11)
    _kept: int = 0
    _removals: list[_Ranked[Hit]] = field(default_factory=list)
    _hits: dict[str, list[_Ranked[Hit]]] = field(default_factory=dict)
    _riskiest: list[_Ranked[PageRecord]] = field(default_factory=list)
    _drawn: list[_Ranked[PageRecord]] = field(default_factory=list)

    def receive(self, record: PageRecord) -> None:
        """Add what a recorder said of one document."""
        if record.reason:
            self.fail()
        else:
            self.add(record, is_heavy=record.loss.share > self.warn_share)
            self.scripts[record.script] = self.scripts.get(record.script, 0) + 1
            self.shares[ceil(10 * record.loss.share)] += 1
            for hit in record.removals:
                self._keep(self._removals, by_risk(hit), hit, MOST_REMOVALS)
            for rule, hits in record.hits.items():
                for hit in hits:
                    self._keep(self._hits.setdefault(rule, []), (-_drawn(hit),), hit, MOST_HITS)
            drawn = self._keep(self._drawn, (-zlib.crc32(_bytes(record.name)),), record, MOST_PAGES // 2)
            risky = self._keep(self._riskiest, (record.risk,), record, MOST_PAGES)
            # A page that is neither gives its lines back at once; one that is pushed out later, then.
            for lost in (*drawn, *risky):
                if not any(lost is kept for _, _, kept in (*self._drawn, *self._riskiest)):
                    lost.page = []
        record.removals, record.hits = record.removals[:1], {}
        if len(self.files) < MOST_FILES:
            self.files.append(record)

    def _keep(self, heap: list[_Ranked[_T]], rank: tuple[float, ...], item: _T, most: int) -> list[_T]:
        """Put an item into a heap of the `most` that rank highest, of equals the first; give what is not in it any more."""
        self._kept += 1
        ranked = (rank, -self._kept, item)
        if len(heap) < most:
            heapq.heappush(heap, ranked)
            return []
        return [heapq.heappushpop(heap, ranked)[2]]

    def removals(self) -> list[Hit]:
        """The riskiest removals, the riskiest first."""
        return _in_order(self._removals)

    def hits(self, rule: str) -> list[Hit]:
        """Some hits of a rule, drawn by chance, in the order of the documents."""
        return [hit for _, _, hit in sorted(self._hits.get(rule, []), key=lambda ranked: -ranked[1])]

    def shown(self) -> list[PageRecord]:
        """The pages that are shown side by side: the riskiest first, then those drawn by chance."""
        riskiest, drawn = _in_order(self._riskiest), _in_order(self._drawn)
        chosen: list[PageRecord] = []
        budget = MOST_PAGE_CHARS
        half = riskiest[: MOST_PAGES // 2]
        for record in (*half, *drawn, *riskiest[MOST_PAGES // 2 :]):
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
