"""What the HTML report shows of the sites of a corpus: what goes from the pages of each, how doubtful that is, and examples."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from zhnorm.line import Change, Indexed, Recurring, Twin

from .collection import chance_of, doubt_of
from .terminal import visible

__all__ = ["EXAMPLE_CHARS", "Gone", "Printed", "Site", "sites_shown"]

EXAMPLE_CHARS = 300
"""Of a document that goes so much is shown."""
MOST_SITES = 5_000
"""So many are shown: the most doubtful."""
_MOST_LINES = 500
_ALL_LINES = 20_000


class Printed(NamedTuple):
    """A line that a site prints on its pages.

    Attributes:
        text: how it is written on one page.
        evidence: on how many pages it stands.
        document: that page, "" if it is not known.
    """

    text: str
    evidence: Recurring
    document: str = ""

    @property
    def doubt(self) -> float:
        """Doubt about it, 0 to 100."""
        change = Change(0, "", "", self.text, None, self.evidence)
        return doubt_of(chance_of(change), len(self.text), 0.0)


class Gone(NamedTuple):
    """A document that goes as a whole.

    Attributes:
        rule: by which it goes.
        name: of the document.
        evidence: which one stays in its place, and how alike they are; or which index knows it.
        text: how it begins.
        stays: how the other one begins.
        lost: lines that it has and the other one has not.
    """

    rule: str
    name: str
    evidence: Twin | Indexed
    text: str = ""
    stays: str = ""
    lost: Sequence[str] = ()

    @property
    def likeness(self) -> float:
        """How alike the two are, or how much of it was seen, 0 to 1."""
        return self.evidence.likeness if isinstance(self.evidence, Twin) else self.evidence.share

    @property
    def doubt(self) -> float:
        """Doubt about it, 0 to 100."""
        return doubt_of(chance_of(Change(0, "", self.rule, self.text, None, self.evidence)), 0, 1.0)


@dataclass(frozen=True, slots=True)
class Site:
    """A site.

    Attributes:
        name: of the site; `*` stands for what goes from all, "" for documents without a site.
        documents: how many it has.
        gone: how many of them go, by rule.
        lines: its templates.
        examples: some of the documents that go.
    """

    name: str
    documents: int
    gone: Mapping[str, int]
    lines: Sequence[Printed]
    examples: Sequence[Gone]

    @property
    def doubt(self) -> float:
        """Doubt about what goes: that of the most doubtful, raised by the share of the documents that go. 0 to 100."""
        most = max([0.0, *(line.doubt for line in self.lines), *(found.doubt for found in self.examples)])
        return round(min(100.0, most * (1 + sum(self.gone.values()) / max(1, self.documents))), 1)


def sites_shown(sites: Sequence[Site], place: Callable[[str], int], language: Callable[[str], str]) -> dict[str, Any]:
    """Sites as plain data for the script; every text in it is visible.

    Args:
        sites: all of them.
        place: the place of a document among the names of the report.
        language: that of a text.
    """
    ranked = sorted(sites, key=lambda site: (-site.doubt, -len(site.lines), -sum(site.gone.values()), site.name))
    left = _ALL_LINES
    rows = []
    for site in ranked[:MOST_SITES]:
        lines = sorted(site.lines, key=lambda line: (-line.doubt, -line.evidence.pages, line.text))
        lines = lines[: min(_MOST_LINES, left)]
        left -= len(lines)
        rows.append({
            "name": visible(site.name),
            "documents": site.documents,
            "templates": len(site.lines),
            "gone": [site.gone.get(f"corpus/{rule}", 0) for rule in ("copy", "near", "seen")],
            "doubt": site.doubt,
            "lines": [_line(line, place, language) for line in lines],
            "examples": [_gone(found, place, language) for found in sorted(site.examples, key=lambda found: -found.doubt)],
        })  # fmt: skip
    return {"rows": rows, "all": len(sites)}


def _lines(text: str) -> str:
    """The beginning of a text, with its line ends."""
    return "\n".join(map(visible, text[:EXAMPLE_CHARS].split("\n")))


def _line(line: Printed, place: Callable[[str], int], language: Callable[[str], str]) -> list[Any]:
    """doubt, pages, of how many, of how many sites, text, its language, place of the name of a page or -1"""
    pages, of, _, sites = line.evidence
    name = place(line.document) if line.document else -1
    return [line.doubt, pages, of, sites or 0, visible(line.text), language(line.text), name]


def _gone(found: Gone, place: Callable[[str], int], language: Callable[[str], str]) -> dict[str, Any]:
    evidence = found.evidence
    return {
        "rule": visible(found.rule),
        "name": place(found.name),
        "likeness": round(found.likeness, 3),
        "doubt": found.doubt,
        "text": _lines(found.text),
        "lang": language(found.text),
        "twin": place(evidence.document) if isinstance(evidence, Twin) else -1,
        "where": "" if isinstance(evidence, Twin) else visible(evidence.where),
        "stays": _lines(found.stays),
        "staysLang": language(found.stays),
        "lost": [visible(line[:EXAMPLE_CHARS]) for line in found.lost],
    }
