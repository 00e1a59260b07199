"""What the report for the browser shows of each site of a corpus: how many documents go and why, with examples, the most doubtful first."""

from __future__ import annotations

import heapq
import json
import os
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zhnorm.batch.write import open_target
from zhnorm.line import Indexed, Twin
from zhnorm.report.sites import EXAMPLE_CHARS, Gone, Printed, Site

from .columns import look_up, parts, runs
from .found import RULES
from .keys import EVERYWHERE, digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .found import Found
    from .keys import Numbers
    from .studies import Quote
    from .survey import Survey
    from .templates import Templates

__all__ = ["read_sites", "write_sites"]

_EACH = 6
"""Examples of a site, for each rule."""
_ALL = 2_000
_LOST_LINES = 5
_FILE = "sites.jsonl"


def write_sites(folder: str, survey: Survey, found: Found, quotes_of: Callable[[Numbers], Mapping[int, Quote]]) -> None:
    """Write what is shown of each site, besides its templates.

    Args:
        folder: it is there, and empty.
        survey: all documents.
        found: which of them go.
        quotes_of: gives what documents say, by the numbers of their names, which are in order.
    """
    counts = np.zeros(len(survey.sites) * len(RULES), np.int64)
    tables = [np.empty(0, _GONE)]
    for some in parts(len(survey)):
        rows, sites = found.rows(survey.documents["name"][some]), survey.documents["site"][some].astype(np.int64)
        counts += np.bincount(sites * len(RULES) + rows["rule"], minlength=len(counts))
        tables.append(_gone(rows, sites, some.start))
    chosen = _chosen(np.concatenate(tables))
    rows = found.rows(survey.documents["name"][chosen])
    evidence = [found.evidence(row) for row in rows]
    twins = [digest(why.document) for why in evidence if isinstance(why, Twin)]
    quotes = quotes_of(np.unique(np.array([*survey.documents["name"][chosen].tolist(), *twins], np.uint64)))
    examples: dict[int, list[Gone]] = {}
    for document, row, why in zip(chosen.tolist(), rows, evidence, strict=True):
        name = survey.called(document)[0]
        examples.setdefault(int(row["site"]), []).append(_example(RULES[row["rule"]], name, why, quotes))
    with open_target(os.path.join(folder, _FILE)) as file:
        for site, (name, row) in enumerate(zip(survey.sites, counts.reshape(-1, len(RULES)).tolist(), strict=True)):
            if sum(row):
                shown = {"site": name, "documents": sum(row), "gone": dict(zip(RULES[1:], row[1:], strict=True))}
                file.write((json.dumps({**shown, "examples": examples.get(site, [])}) + "\n").encode())


_GONE = np.dtype([("site", "<i8"), ("rule", "u1"), ("likeness", "<f4"), ("document", "<i8")])
"""A document that goes."""


def _gone(rows: NDArray[Any], sites: NDArray[np.int64], first: int) -> NDArray[Any]:
    """The documents that go among some, given with their sites and the number of the first."""
    gone = np.flatnonzero(rows["rule"])
    table = np.empty(len(gone), _GONE)
    table["site"], table["document"] = sites[gone], first + gone
    table["rule"], table["likeness"] = rows["rule"][gone], rows["likeness"][gone]
    return table


def _chosen(table: NDArray[Any]) -> NDArray[np.int64]:
    """Documents that go, some of each site and rule, the least alike first."""
    table.sort(order=("site", "rule", "likeness", "document"))
    starts, sizes = runs(table, "site", "rule")
    table = table[np.arange(len(table)) - np.repeat(starts, sizes) < _EACH]
    chosen: NDArray[np.int64] = np.sort(table, order=("likeness", "site", "document"))["document"][:_ALL]
    return chosen


def _example(rule: str, name: str, why: Twin | Indexed, quotes: Mapping[int, Quote]) -> Gone:
    own = quotes.get(digest(name))
    other = quotes.get(digest(why.document)) if isinstance(why, Twin) else None
    lost: list[str] = []
    if own is not None and other is not None:
        known = look_up(own.keys[: len(own.lines)], np.sort(other.keys)) >= 0
        missing = (line for line, is_there in zip(own.lines, known.tolist(), strict=True) if not is_there)
        lost = heapq.nlargest(_LOST_LINES, missing, key=len)
    return Gone(rule, name, why, _beginning(own), _beginning(other), lost)


def _beginning(quote: Quote | None) -> str:
    return "" if quote is None else "\n".join(quote.lines)[:EXAMPLE_CHARS]


def read_sites(folder: str, templates: Templates) -> list[Site]:
    """What `write_sites` wrote, with the templates of each site."""
    lines: dict[str, list[Printed]] = {}
    for row in templates:
        lines.setdefault(row.site, []).append(Printed(row.example or row.line, row.evidence, row.document))
    found = list(_read(folder, lines))
    left = [Site(name, 0, {}, own, ()) for name, own in lines.items()]
    everywhere = sum(site.documents for site in found)
    return [
        *found,
        *(Site(site.name, everywhere if site.name == EVERYWHERE else 0, {}, site.lines, ()) for site in left),
    ]


def _read(folder: str, lines: dict[str, list[Printed]]) -> Iterator[Site]:
    with open(os.path.join(folder, _FILE), encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            examples = [
                Gone(rule, name, (Twin if rule != "corpus/seen" else Indexed)(*why), text, stays, lost)
                for rule, name, why, text, stays, lost in row["examples"]
            ]
            yield Site(row["site"], row["documents"], row["gone"], lines.pop(row["site"], []), examples)
