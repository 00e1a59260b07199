"""What a collection of texts is like, and what cleaning does to it, in numbers.

A recorder counts each document while it is cleaned (or read from a ledger); `Statistics` adds the documents up. Lines that occur in several
documents are counted by digests of their keys; when there are many different lines, on a sample of digests, which is unbiased because
it depends on nothing but what the line says.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zhnorm.conversion.detect import detect
from zhnorm.conversion.fold import key
from zhnorm.counts import TEXT_NUMBERS, Tally, TextCounts
from zhnorm.line import Line

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome
    from zhnorm.line import Block

    from ..ledger.read import DocumentRecords

__all__ = ["Figures", "Statistics", "StatisticsRecorder", "figures_of"]

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
