"""Changes that are not wanted: a document made again from its input and its ledger, all but some rules or lines.

What builds on a change that is left out is defined line by line. A removal stands, whatever the line says by then. A rewriting is
carried over edit by edit (a three-way merge): what it replaces is replaced wherever it still stands there untouched by what was left out,
and an edit of which that is not true is left out, too. Other lines are not affected.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from zhnorm.arrays.expressions import expression
from zhnorm.errors import UsageError
from zhnorm.messages import Message
from zhnorm.stages import CHARACTER_STAGES

from ..report.diff import pieces
from .read import DocumentRecords
from .replay import join_lines, lines_and_ends, replay
from .write import Record

__all__ = ["Exceptions", "Unwanted", "carried", "parse_unwanted"]

_PLACE = expression(r"(?P<name>.*):(?P<first>\d+)(?:-(?P<last>\d+))?(?::(?P<rule>[^:]+))?", re.DOTALL)

_FORMS = "RULE, NAME:LINE, NAME:FIRST-LAST or NAME:LINE:RULE"


@dataclass(slots=True)
class Unwanted:
    """One kind of changes that are left out.

    Attributes:
        written: as on the command line.
        rule: name of the rule, `*` for any characters; "" for all but the stages that work on characters.
        name: of the document; None for all documents.
        first: number of the first line, 0 for all lines.
        last: number of the last line.
        times: how many changes were left out so far.
    """

    written: str
    rule: str
    name: str | None = None
    first: int = 0
    last: int = 0
    times: int = 0

    def takes(self, change: Record, name: str) -> bool:
        """Whether a change of a document is meant."""
        if self.name not in (None, name) or (self.first and not self.first <= change["line"] <= self.last):
            return False
        if self.rule:
            return fnmatchcase(change["rule"], self.rule)
        return change["stage"] not in CHARACTER_STAGES


def parse_unwanted(written: str) -> Unwanted:
    """RULE, NAME:LINE, NAME:FIRST-LAST, or NAME:LINE:RULE; without a NAME every document is meant.

    Raises:
        UsageError: it is empty, or a line has the number 0.

    >>> parse_unwanted("page.txt:12-14")
    Unwanted(written='page.txt:12-14', rule='', name='page.txt', first=12, last=14, times=0)
    """
    if not written.strip():
        raise UsageError("--except: nothing is named", hint=_FORMS)
    found = _PLACE.fullmatch(written)
    if not found:
        return Unwanted(written, written)
    first = int(found["first"])
    last = int(found["last"] or first)
    if not (first and last):
        raise UsageError(
            Message("--except {written}: there is no line 0", written=written),
            hint=Message("lines are counted from 1; {forms}", forms=_FORMS),
        )
    return Unwanted(written, found["rule"] or "", found["name"] or None, min(first, last), max(first, last))


@dataclass(slots=True)
class Exceptions:
    """All changes that are left out.

    Attributes:
        unwanted: what is left out.
        edits: how many edits were left out because they built on another change that was.
    """

    unwanted: Sequence[Unwanted]
    edits: int = 0

    def apply(self, source: str, records: DocumentRecords) -> str:
        """The output, but for the changes that are left out.

        Args:
            source: the input as text (undecodable bytes as surrogates).
            records: what the ledger says about it.

        Raises:
            ReadError: the ledger does not belong to this input.

        >>> change = {"line": 2, "stage": "s", "rule": "s/x", "before": "乙", "after": None, "end": "\\n"}
        >>> Exceptions([parse_unwanted("s/*")]).apply("甲\\n乙\\n", DocumentRecords("page.txt", 2, [change]))
        '甲\\n乙\\n'
        """
        replay(source, records)
        return join_lines(*self.texts(source, records))

    def texts(self, source: str, records: DocumentRecords) -> tuple[list[str | None], list[str]]:
        """The texts of all lines, None for those that go, and their ends. The caller knows that the ledger fits."""
        texts, ends = lines_and_ends(source)
        for change in records.changes:
            if self._leaves_out(change, records.name):
                continue
            index = change["line"] - 1
            text = texts[index]
            assert text is not None  # after a removal there are no changes
            if change["after"] is None or text == change["before"]:
                texts[index] = change["after"]
            else:
                texts[index], lost = carried(change["before"], change["after"], text)
                self.edits += lost
        return texts, ends

    def _leaves_out(self, change: Record, name: str) -> bool:
        found = [unwanted for unwanted in self.unwanted if unwanted.takes(change, name)]
        for unwanted in found:
            unwanted.times += 1
        return bool(found)


def carried(before: str, after: str, text: str) -> tuple[str, int]:
    """The edits that lead from `before` to `after`, made in `text`, and how many of them could not be made.

    >>> carried("標題 貓", "貓", "  標題 貓")
    ('  貓', 0)
    >>> carried("貓 狗", "猫 犬", "猴 狗")
    ('猴 犬', 1)
    """
    places = _places(before, text)
    made: list[tuple[int, int, str]] = []
    lost = 0
    for start, stop, new in _edits(before, after):
        place = _place(places, start, stop, len(text))
        if place is None:
            lost += 1
        else:
            made.append((place, place + stop - start, new))
    for start, stop, new in reversed(made):
        text = text[:start] + new + text[stop:]
    return text, lost


def _edits(before: str, after: str) -> list[tuple[int, int, str]]:
    """What `before[start:stop]` becomes, from left to right."""
    edits: list[tuple[int, int, str]] = []
    place = 0
    old = 0
    for kind, text in pieces(before, after):
        if kind == "old":
            old = len(text)
        elif kind == "new":
            edits.append((place, place + old, text))
            place += old
            old = 0
        else:
            if kind == "gone":
                edits.append((place, place + len(text), ""))
            place += len(text)
    return edits


def _places(before: str, text: str) -> list[int | None]:
    """For each character of `before` where it still stands in `text`."""
    places: list[int | None] = []
    place = 0
    for kind, part in pieces(before, text):
        if kind == "same":
            places += range(place, place + len(part))
        elif kind != "new":
            places += [None] * len(part)
        if kind in ("same", "new"):
            place += len(part)
    return places


def _place(places: list[int | None], start: int, stop: int, size: int) -> int | None:
    """Where the characters `start:stop` stand together, or where an insertion there belongs."""
    if start == stop:
        if start and (left := places[start - 1]) is not None:
            return left + 1
        if start < len(places):
            return places[start]
        return size if not places else None
    first = places[start]
    together = first is not None and places[start:stop] == list(range(first, first + stop - start))
    return first if together else None
