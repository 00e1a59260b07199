"""What a collection of texts is like, and what cleaning does to it, in numbers; and these as tables for people.

A recorder counts each document while it is cleaned (or read from a ledger); `Statistics` adds the documents up. Lines that occur in several
documents are counted by digests of their keys; when there are many different lines, on a sample of digests, which is unbiased because
it depends on nothing but what the line says. Tables are plain data, which `plain` makes text of and `screen` draws.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from zhnorm.conversion.detect import detect
from zhnorm.conversion.fold import key
from zhnorm.counts import TEXT_NUMBERS, Tally, TextCounts
from zhnorm.line import Line

from .terminal import visible

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome
    from zhnorm.line import Block

    from ..ledger.read import DocumentRecords

__all__ = ["Figures", "Row", "Statistics", "StatisticsRecorder", "Table", "figures_of", "plain", "tables"]

MOST_DIGESTS = 1_000_000
"""Different lines that are remembered; more of them are sampled."""
LEAST_CHARS = 8
"""Shorter lines are repeated everywhere and say nothing."""
_MOST_SCRIPT_CHARS = 200_000
_OF_TEXTS = ("blank", "chars")


@dataclass(slots=True)
class Figures(TextCounts):
    """The numbers of one document, besides its counts.

    Attributes:
        failed: it could not be read.
        script: of the document; "" if only its ledger is known.
        line_scripts: lines by script.
        digests: of the keys of its longer lines, each once.
    """

    failed: bool = False
    script: str = ""
    line_scripts: dict[str, int] = field(default_factory=dict)
    digests: array[int] = field(default_factory=lambda: array("Q"))


class StatisticsRecorder:
    """Counts documents: a recorder of `batch.run`.

    Args:
        tell: takes the `Figures` of each document.

    >>> from zhnorm.line import Block
    >>> found: list[Figures] = []
    >>> recorder = StatisticsRecorder(found.append)
    >>> recorder.begin("page.txt"); recorder.block(Block.from_lines(["這是", ""])); recorder.end()
    >>> found[0].lines, found[0].blank, found[0].script
    (2, 1, 'hant')
    """

    def __init__(self, tell: Callable[[Figures], object]) -> None:
        self._tell = tell
        self.begin("")

    def begin(self, _: str) -> None:
        """A document opens."""
        self._figures = Figures()
        self._texts: list[str] = []
        self._size = 0
        self._digests: set[int] = set()

    def block(self, block: Block) -> None:
        """Lines of the open document are finished."""
        self._count(block.lines())
        self._look(block.raw, block.key)

    def stories(self, lines: Sequence[Line]) -> None:
        """Lines of the open document, with what happened to them."""
        self._count(lines)
        said = [line.changes[-1].before if line.text is None else line.text for line in lines]
        self._look([line.raw for line in lines], key("\n".join(said)).split("\n"))

    def _look(self, texts: Sequence[str], keys: Sequence[str]) -> None:
        """What the texts of lines are like."""
        scripts = self._figures.line_scripts
        for text in texts:
            if text.strip():
                script = detect(text).script
                scripts[script] = scripts.get(script, 0) + 1
        if self._size < _MOST_SCRIPT_CHARS:
            self._texts += texts
            self._size += sum(map(len, texts))
        self._digests.update(_digest(said) for said in keys if len(said) >= LEAST_CHARS)

    def _count(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self._figures.add_line(line)

    def done(self, outcome: Outcome) -> None:
        """The open document is complete. A file of records is none: its records were."""
        if outcome.records is None:
            self.end()

    def failed(self, _: Failure) -> None:
        """A document failed: it counts as nothing else."""
        self._tell(Figures(failed=True))

    def end(self) -> None:
        """The open document is complete."""
        if self._texts:
            self._figures.script = detect("\n".join(self._texts)[:_MOST_SCRIPT_CHARS]).script
        self._figures.digests = array("Q", sorted(self._digests))
        self._tell(self._figures)


@dataclass(slots=True)
class Statistics(Tally):
    """The numbers of all documents.

    Attributes:
        scripts: documents by script.
        line_scripts: lines by script.
        documents_by_rule: for each stage and rule the documents in which it touched a line.
        shares: how many documents lost no characters, up to 10 %, up to 20 % … of them.
        with_texts: whether texts were seen; a ledger alone does not tell blank lines, characters and scripts.
    """

    scripts: dict[str, int] = field(default_factory=dict)
    line_scripts: dict[str, int] = field(default_factory=dict)
    documents_by_rule: dict[tuple[str, str], int] = field(default_factory=dict)
    shares: list[int] = field(default_factory=lambda: [0] * 11)
    with_texts: bool = True
    _times: dict[int, int] = field(default_factory=dict)
    _mask: int = 0

    def receive(self, figures: Figures) -> None:
        """Add the numbers of one document."""
        if figures.failed:
            self.fail()
            return
        self.add(figures)
        if figures.script:
            self.scripts[figures.script] = self.scripts.get(figures.script, 0) + 1
        for script, times in figures.line_scripts.items():
            self.line_scripts[script] = self.line_scripts.get(script, 0) + times
        for rule in figures.acts:
            self.documents_by_rule[rule] = self.documents_by_rule.get(rule, 0) + 1
        self.shares[figures.tenths_removed] += 1
        for digest in figures.digests:
            if not digest & self._mask:
                self._times[digest] = self._times.get(digest, 0) + 1
        while len(self._times) > MOST_DIGESTS:
            self._mask = self._mask << 1 | 1
            self._times = {digest: times for digest, times in self._times.items() if not digest & self._mask}

    @property
    def shared_lines(self) -> int:
        """Different lines that stand in more than one document; estimated if `sampled`."""
        return (self._mask + 1) * sum(times > 1 for times in self._times.values())

    @property
    def sampled(self) -> bool:
        """Whether there were too many different lines to count them all."""
        return self._mask > 0

    def by_rule(self) -> list[tuple[str, str, int, int]]:
        """Stage, rule, lines, documents; the busiest rule first."""
        rows = [(*rule, lines, self.documents_by_rule[rule]) for rule, lines in self.counts.acts.items()]
        return sorted(rows, key=lambda row: (-row[2], row[1], row[0]))

    def as_record(self) -> dict[str, Any]:
        """All of it for JSON; null is what the source does not tell."""
        known = self.with_texts
        return {
            "documents": self.documents,
            "failed": self.failures,
            "changed": self.changed,
            **{name: getattr(self.counts, name) if known or name not in _OF_TEXTS else None for name in TEXT_NUMBERS},
            "lines_in_several_documents": self.shared_lines if known else None,
            "sampled": self.sampled,
            "scripts": {"documents": self.scripts, "lines": self.line_scripts} if known else None,
            "stages": self.counts.by_stage(),
            "rules": [dict(zip(("stage", "rule", "lines", "documents"), row, strict=True)) for row in self.by_rule()],
            "documents_by_share_removed": self.shares if known else None,
        }


def figures_of(records: DocumentRecords) -> Figures:
    """The numbers of a document that its ledger alone tells.

    >>> from zhnorm.ledger.read import DocumentRecords
    >>> change = {"line": 2, "stage": "s", "rule": "s/x", "before": "乙", "after": None, "evidence": {"kind": "match"}}
    >>> figures_of(DocumentRecords("page.txt", 2, [change])).removed
    1
    """
    figures = Figures(lines=records.lines)
    stories: dict[int, list[dict[str, Any]]] = {}
    for change in records.changes:
        stories.setdefault(change["line"], []).append(change)
    for changes in stories.values():
        figures.add_story(
            changes[0]["before"],
            changes[-1]["after"],
            ((change["stage"], change["rule"]) for change in changes),
            is_repeat=changes[-1]["evidence"].get("kind") == "witness",
        )
    return figures


def _digest(said: str) -> int:
    data = hashlib.blake2b(said.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(data, "little")


class Row(NamedTuple):
    """A label, numbers, and the part of the whole that the first number is (0 to 1; None if it is the whole)."""

    label: str
    numbers: tuple[int, ...]
    share: float | None = None


class Table(NamedTuple):
    """A title, the names of the numbers, and rows."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def tables(found: Statistics) -> list[Table]:
    """Totals, scripts, stages and rules; those that are empty are left out."""
    lines = found.counts.lines
    scripts = sorted({**dict.fromkeys(found.scripts, 0), **found.line_scripts}.items(), key=lambda item: -item[1])
    written = sum(found.line_scripts.values())
    shares = found.shares if found.with_texts else []
    stages = found.counts.by_stage().items()
    made = [
        _totals(found),
        Table(
            "script",
            ("lines", "documents"),
            tuple(Row(script, (n, found.scripts.get(script, 0)), _share(n, written)) for script, n in scripts),
        ),
        Table(
            "share of characters removed",
            ("documents",),
            tuple(
                Row("none" if not place else f"up to {10 * place} %", (n,), _share(n, found.documents))
                for place, n in enumerate(shares)
            ),
        ),
        Table("stage", ("lines",), tuple(Row(visible(stage), (n,), _share(n, lines)) for stage, n in stages)),
        Table(
            "rule",
            ("lines", "documents"),
            tuple(Row(visible(rule), (n, m), _share(n, lines)) for _, rule, n, m in found.by_rule()),
        ),
    ]
    return [table for table in made if table.rows]


def _totals(found: Statistics) -> Table:
    counts, seen = found.counts, found.with_texts
    parts = [("  blank", "blank")] * seen + [
        ("  removed", "removed"),
        ("    because another line says the same", "repeats"),
        ("  rewritten", "rewritten"),
    ]
    rows = [Row("lines", (counts.lines,))]
    rows += [Row(label, (getattr(counts, name),), _share(getattr(counts, name), counts.lines)) for label, name in parts]
    if seen:
        gone = counts.chars_removed
        rows += [
            Row("characters", (counts.chars,)),
            Row("  removed with their lines", (gone,), _share(gone, counts.chars)),
            Row(f"lines in several documents{' (estimated)' if found.sampled else ''}", (found.shared_lines,)),
        ]
    failed = f", {found.failures:,} failed" if found.failures else ""
    return Table(f"{found.documents:,} document{'' if found.documents == 1 else 's'}{failed}", ("",), tuple(rows))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def plain(found: Statistics) -> Iterator[str]:
    """The tables as lines of text."""
    for place, table in enumerate(tables(found)):
        if place:
            yield "\n"
        width = max(30, *(len(row.label) for row in table.rows))
        names = "".join(f"{name:>12}" for name in table.columns).rstrip()
        yield f"{table.title:<{width}}{names}\n" if names else f"{table.title}\n"
        for row in table.rows:
            numbers = "".join(f"{number:>12,}" for number in row.numbers)
            share = "" if row.share is None else f"{100 * row.share:>8.1f} %"
            yield f"{row.label:<{width}}{numbers}{share}\n"
