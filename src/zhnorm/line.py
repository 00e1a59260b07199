"""The ledger of lines: what a line was, what it is now, and why.

A document is an ordered run of lines. No line is ever dropped inside the engine: it is rewritten, and removal is a change whose
`after` is None. Whatever changes a line (`Block.rewrite`, `Block.remove` …) takes the stage, the rule and the evidence.

Lines are kept as columns (one list of raw text, one of current text, one of keys) because most lines of most documents have no
story: an object is made for a line only when somebody asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any, NamedTuple

__all__ = [
    "Block",
    "Change",
    "Conversion",
    "Evidence",
    "Indexed",
    "Line",
    "Match",
    "Neighbours",
    "Recurring",
    "Scored",
    "Span",
    "Twin",
    "Witness",
    "evidence_record",
]


class Conversion(NamedTuple):
    """Characters were looked up in a table: its name, such as `t2s` or `width`."""

    table: str


class Match(NamedTuple):
    """A rule's pattern matched; `under` is the line number of the marker that opened a list this line belongs to."""

    pattern: str
    under: int | None = None


class Span(NamedTuple):
    """Characters `start:stop` of the text before the change went; `pattern` is what matched there."""

    start: int
    stop: int
    pattern: str = ""


class Witness(NamedTuple):
    """The line says the same as line number `line`, which stays; `score` is their likeness, 0 to 100; `differences` are
    those that were taken for slips, such as "报/抱 (sound)"."""

    line: int
    score: float
    differences: tuple[str, ...] = ()


class Neighbours(NamedTuple):
    """The line went because of where it stands: `reason` in words, `line` the line number that decided."""

    reason: str
    line: int | None = None


class Scored(NamedTuple):
    """The line was read: `score` (0 to 1) is how likely it is no part of the article; `features` are the words, looks and surroundings
    that spoke most for its kind (see `reading.reasons`)."""

    score: float
    features: tuple[str, ...]


class Recurring(NamedTuple):
    """The line stands on `pages` of the `of` pages of `site`; `sites` is given where it is because it stands on so many sites."""

    pages: int
    of: int
    site: str
    sites: int | None = None


class Twin(NamedTuple):
    """The whole document says what `document` says, which stays; `likeness`, 0 to 1, is the share of their pieces that both have;
    `id` is what its record calls itself."""

    document: str
    likeness: float
    id: str | None = None


class Indexed(NamedTuple):
    """The whole document is in an index of what was seen before, `where`; `share`, 0 to 1, is that of its letters that stand there."""

    where: str
    share: float


Evidence = Conversion | Match | Span | Witness | Neighbours | Scored | Recurring | Twin | Indexed


def evidence_record(evidence: Evidence) -> dict[str, Any]:
    """Evidence for JSON, with its `kind`; what it does not say is left out.

    >>> evidence_record(Witness(3, 100.0))
    {'kind': 'witness', 'line': 3, 'score': 100.0}
    """
    said = {name: value for name, value in evidence._asdict().items() if value is not None}
    if not said.get("differences", True):
        del said["differences"]
    return {"kind": type(evidence).__name__.lower(), **said}


class Change(NamedTuple):
    """One change of one line. `after` is None when the line was removed."""

    line: int
    stage: str
    rule: str
    before: str
    after: str | None
    evidence: Evidence


class Line(NamedTuple):
    """One line as it came in, as it goes out, and everything that happened in between.

    Attributes:
        number: 1-based, never renumbered.
        raw: the text as read, without its end.
        end: "\\n", "\\r\\n" or "" (only the last line of a document).
        text: the text as it goes out; None if the line was removed.
        changes: in the order in which they happened.
        kind: what it was read as, one of `reading.kinds.KINDS`; "" if it was not, or says nothing.
    """

    number: int
    raw: str
    end: str
    text: str | None
    changes: tuple[Change, ...]
    kind: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The line with its story, for JSON: the keys of `zhnorm explain --json`.

        >>> Line(1, "甲", "\\n", "甲", ()).to_dict()
        {'line': 1, 'kind': '', 'raw': '甲', 'end': '\\n', 'text': '甲', 'changes': []}
        """
        story = [
            {
                "stage": change.stage,
                "rule": change.rule,
                "before": change.before,
                "after": change.after,
                "evidence": evidence_record(change.evidence),
            }
            for change in self.changes
        ]
        told = {"line": self.number, "kind": self.kind, "raw": self.raw, "end": self.end, "text": self.text}
        return {**told, "changes": story}


class _Sweep(NamedTuple):
    """One rule applied to lines of a block at once, on the same evidence; `after` is None when they were removed."""

    stage: str
    rule: str
    evidence: Evidence | Callable[[int], Evidence]
    indices: Sequence[int]
    before: Sequence[str]
    after: Sequence[str] | None

    def steps(self) -> Iterable[tuple[int, str, str | None]]:
        """Of each line its index, and its text before and after."""
        return zip(self.indices, self.before, repeat(None) if self.after is None else self.after, strict=False)

    def changes(self, first: int, lines: Container[int] | None) -> Iterator[Change]:
        """The same as changes of single lines, of all or of some."""
        for index, old, new in self.steps():
            if lines is not None and first + index not in lines:
                continue
            evidence = self.evidence(index) if callable(self.evidence) else self.evidence
            yield Change(first + index, self.stage, self.rule, old, new, evidence)


@dataclass(slots=True, eq=False, repr=False)
class Block:
    """Consecutive lines of one document, in columns.

    Attributes:
        first: line number of the first line, 1-based.
        raw: text of each line as read.
        end: end of each line: "\\n", "\\r\\n" or "".
        text: text of each line now, None once removed.
        key: what each line says regardless of script, width, punctuation, spaces and case (see `conversion.fold`).
        opaque: indices of lines with undecodable bytes; they may be removed, never rewritten.
        verbatim: indices of lines of code and front matter; they are never removed (see `markup.markup`).
        kinds: what its lines were read as before anything was removed, by their indices; worked out when it is called, None if they
            were not read.
        is_head: the document starts here.
        is_tail: the document ends here.

    >>> block = Block.from_lines(["甲", "乙"])
    >>> block.remove(1, stage="boilerplate", rule="web/x", evidence=Match("乙"))
    >>> block.text, [change.line for change in block.changes()]
    (['甲', None], [2])
    """

    first: int
    raw: list[str]
    end: list[str]
    text: list[str | None]
    key: list[str]
    opaque: frozenset[int] = frozenset()
    is_head: bool = True
    is_tail: bool = True
    verbatim: frozenset[int] = frozenset()
    kinds: Callable[[], Mapping[int, str]] | None = None
    _history: list[_Sweep | Change] = field(default_factory=list)
    _old_keys: dict[int, str] = field(default_factory=dict)
    _swept: int = 0
    _speaking: Sequence[int] | None = None

    @classmethod
    def from_lines(cls, raw: list[str], end: list[str] | None = None, first: int = 1) -> Block:
        """A block of untouched lines. Lines must not contain "\\n"."""
        opaque = frozenset(i for i, line in enumerate(raw) if _is_opaque(line)) if _is_opaque("".join(raw)) else _NONE
        ends = ["\n"] * len(raw) if end is None else end
        return cls(first, raw, ends, list(raw), [""] * len(raw), opaque)

    def __len__(self) -> int:
        return len(self.raw)

    def rewrite(self, index: int, text: str, key: str, *, stage: str, rule: str, evidence: Evidence) -> None:
        """Give the line at `index` a new text and its key, and say why."""
        before = self._before(index)
        if text != before and index not in self.opaque:
            self._old_keys[len(self._history)] = self.key[index]
            self._history.append(Change(self.first + index, stage, rule, before, text, evidence))
            self.text[index], self.key[index] = text, key
            self._speaking = None

    def remove(self, index: int, *, stage: str, rule: str, evidence: Evidence) -> None:
        """Take the line at `index` out of the document, and say why."""
        before = self._before(index)
        self._history.append(Change(self.first + index, stage, rule, before, None, evidence))
        self.text[index] = None
        self._speaking = None

    def remove_all(
        self, indices: Sequence[int], *, stage: str, rule: str, evidence: Evidence | Callable[[int], Evidence]
    ) -> None:
        """Take several lines out of the document by one rule: on the same evidence, or each on its own, which a function
        gives for an index when somebody asks for it. Witnesses are cited by `remove` alone."""
        if indices:
            before = [self._before(index) for index in indices]
            self._history.append(_Sweep(stage, rule, evidence, indices, before, None))
            for index in indices:
                self.text[index] = None
            self._speaking = None

    def sweep(self, after: Mapping[int, str], *, stage: str, rule: str, evidence: Evidence) -> None:
        """Give many lines new texts at once, by their indices. Keys are made later, and opaque lines stay as they are."""
        if not self.opaque.isdisjoint(after):
            after = {index: text for index, text in after.items() if index not in self.opaque}
        before = [self._before(index) for index in after]
        if before:
            self._history.append(_Sweep(stage, rule, evidence, list(after), before, list(after.values())))
            self._swept = len(self._history)
            for index, text in after.items():
                self.text[index] = text
            self._speaking = None

    def set_keys(self, keys: list[str] | Mapping[int, str]) -> None:
        """Say what all lines say, or some, by their indices."""
        if isinstance(keys, list):
            self.key = keys
        else:
            for index, said in keys.items():
                self.key[index] = said
        self._speaking = None

    def rewritten(self, since: int) -> list[int]:
        """Indices of the lines, in order, that were rewritten one by one since a `mark` and are still there."""
        changes = (entry for entry in self._history[since:] if isinstance(entry, Change) and entry.after is not None)
        return sorted({i for change in changes if self.text[i := change.line - self.first] is not None})

    def follows(self) -> bool:
        """Whether each change starts where the one before it ended, from the raw text to the current one."""
        state: list[str | None] = list(self.raw)
        for entry in self._history:
            if isinstance(entry, Change):
                steps: Iterable[tuple[int, str, str | None]] = [(entry.line - self.first, entry.before, entry.after)]
            else:
                steps = entry.steps()
            for index, old, new in steps:
                if state[index] != old:
                    return False
                state[index] = new
        return state == self.text

    def _before(self, index: int) -> str:
        text = self.text[index]
        if text is None:
            raise ValueError(f"line {self.first + index} is gone already")
        return text

    def kept(self) -> list[int]:
        """Indices of the lines that are still there."""
        return [i for i, text in enumerate(self.text) if text is not None]

    def speaking(self) -> Sequence[int]:
        """Indices of the lines that are still there and say something."""
        if self._speaking is None:
            columns = zip(self.key, self.text, strict=True)
            self._speaking = [i for i, (said, text) in enumerate(columns) if said and text is not None]
        return self._speaking

    def mark(self) -> int:
        """A point in the block's history, for `rewind` and `changes`; it grows with every change."""
        return len(self._history)

    def last_sweep(self) -> int:
        """The mark after which lines were removed and rewritten for what they say, and no more for their characters."""
        return self._swept

    def rewind(self, mark: int) -> None:
        """Take back every change since `mark`, which must not be before the last sweep: the keys belong to what it gave."""
        if mark < self._swept:
            raise ValueError("a sweep cannot be taken back")
        self._speaking = None
        while len(self._history) > mark:
            entry = self._history.pop()
            if isinstance(entry, Change):
                index = entry.line - self.first
                self.text[index] = entry.before
                self.key[index] = self._old_keys.pop(len(self._history), self.key[index])
            else:
                for index, before in zip(entry.indices, entry.before, strict=True):
                    self.text[index] = before

    def cite(self, since: int, evidence: Mapping[int, Evidence]) -> None:
        """Give removals since a `mark` that cite a witness other evidence, by their lines."""
        for place, entry in enumerate(self._history[since:], since):
            if isinstance(entry, Change) and entry.after is None and isinstance(entry.evidence, Witness):
                self._history[place] = entry._replace(evidence=evidence[entry.line])

    def changes(
        self, since: int = 0, rules: Container[str] | None = None, lines: Container[int] | None = None
    ) -> Iterator[Change]:
        """Every change since a `mark`, or those by some rules and of some lines alone, in the order in which they happened."""
        for entry in self._history[since:]:
            if rules is not None and entry.rule not in rules:
                continue
            if not isinstance(entry, Change):
                yield from entry.changes(self.first, lines)
            elif lines is None or entry.line in lines:
                yield entry

    def acts(self, since: int = 0) -> Iterator[tuple[int, str, str, str, str | None]]:
        """Every change since a `mark` without its evidence, which takes time to find: line, stage, rule, before, after."""
        for entry in self._history[since:]:
            if isinstance(entry, Change):
                yield entry[:5]
            else:
                yield from ((self.first + i, entry.stage, entry.rule, old, new) for i, old, new in entry.steps())

    def witnessed(self, since: int = 0) -> Iterator[Change]:
        """The changes since a `mark` that cite another line as a witness."""
        for entry in self._history[since:]:
            if isinstance(entry, Change) and isinstance(entry.evidence, Witness):
                yield entry

    def lines(self) -> Iterator[Line]:
        """Every line with its story."""
        stories: dict[int, list[Change]] = {}
        for change in self.changes():
            stories.setdefault(change.line, []).append(change)
        kinds = self.kinds() if self.kinds else {}
        for index, raw in enumerate(self.raw):
            number = self.first + index
            story = tuple(stories.get(number, ()))
            yield Line(number, raw, self.end[index], self.text[index], story, kinds.get(index, ""))

    def output(self) -> str:
        """The text of the lines that are still there, with their ends."""
        return "".join([text + end for text, end in zip(self.text, self.end, strict=True) if text is not None])


_NONE: frozenset[int] = frozenset()


def _is_opaque(text: str) -> bool:
    """Whether it holds bytes that are no characters. Other halves of character pairs are characters of their own: scripts that cut a text
    between the halves of an emoji leave them behind."""
    if text.isascii():
        return False
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return re.search("[\udc80-\udcff]", text) is not None
    return False
