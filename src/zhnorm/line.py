"""The ledger of lines: what a line was, what it is now, and why.

A document is an ordered run of lines. No line is ever dropped inside the engine: it is rewritten, and removal is a
change whose `after` is None. The only ways to change a line are `Block.rewrite`, `Block.remove` and `Block.sweep`,
and each of them takes the stage, the rule and the evidence.

Lines are kept as columns (one list of raw text, one of current text, one of keys) because most lines of most
documents have no story: an object is made for a line only when somebody asks for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

__all__ = ["Block", "Change", "Conversion", "Evidence", "Line", "Match", "Neighbours", "Scored", "Span", "Witness"]


@dataclass(frozen=True, slots=True)
class Conversion:
    """Characters were looked up in a table: its name, such as `t2s` or `width`."""

    table: str


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's pattern matched; `under` is the line number of the marker that opened a list this line belongs to."""

    pattern: str
    under: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start:stop` of the text before the change went; `pattern` is what matched there."""

    start: int
    stop: int
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Witness:
    """The line says the same as line number `line`, which stays; `score` is their likeness, 0 to 100."""

    line: int
    score: float


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The line went because of where it stands: `reason` in words, `line` the line number that decided."""

    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """The line was scored by its looks: `score` (0 to 1) is how likely it is no part of the article, taken alone;
    `features` are those that weighed most for what was decided, with their weights (see `page.features`)."""

    score: float
    features: tuple[str, ...]


Evidence = Conversion | Match | Span | Witness | Neighbours | Scored


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one line. `after` is None when the line was removed."""

    line: int
    stage: str
    rule: str
    before: str
    after: str | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it came in, as it goes out, and everything that happened in between.

    Attributes:
        number: 1-based, never renumbered.
        raw: the text as read, without its end.
        end: "\\n", "\\r\\n" or "" (only the last line of a document).
        text: the text as it goes out; None if the line was removed.
        changes: in the order in which they happened.
    """

    number: int
    raw: str
    end: str
    text: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Sweep:
    """One rule applied to a whole block: the texts before and after, line by line."""

    stage: str
    rule: str
    before: Sequence[str | None]
    after: Sequence[str | None]
    evidence: Evidence


@dataclass(slots=True)
class Block:
    """Consecutive lines of one document, in columns.

    Attributes:
        first: line number of the first line, 1-based.
        raw: text of each line as read.
        end: end of each line: "\\n", "\\r\\n" or "".
        text: text of each line now, None once removed.
        key: what each line says regardless of script, width, punctuation, spaces and case (see `text.fold`).
        opaque: indices of lines with undecodable bytes; they may be removed, never rewritten.
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
    _history: list[_Sweep | Change] = field(default_factory=list)
    _old_keys: dict[int, str] = field(default_factory=dict)

    @classmethod
    def from_lines(cls, raw: list[str], end: list[str] | None = None, first: int = 1) -> Block:
        """A block of untouched lines. Lines must not contain "\\n"."""
        opaque = frozenset(i for i, line in enumerate(raw) if not line.isascii() and _is_opaque(line))
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

    def remove(self, index: int, *, stage: str, rule: str, evidence: Evidence) -> None:
        """Take the line at `index` out of the document, and say why."""
        before = self._before(index)
        self._history.append(Change(self.first + index, stage, rule, before, None, evidence))
        self.text[index] = None

    def sweep(self, after: list[str | None], *, stage: str, rule: str, evidence: Evidence) -> None:
        """Give every line a new text at once (the same one where nothing happened); None stays None."""
        if len(after) != len(self.text):
            raise ValueError(f"a sweep of {len(after)} texts over {len(self.text)} lines")
        for index in self.opaque:
            after[index] = self.text[index]
        if after != self.text:
            self._history.append(_Sweep(stage, rule, self.text, after, evidence))
            self.text = list(after)

    def follows(self) -> bool:
        """Whether each change starts where the one before it ended, from the raw text to the current one."""
        state: Sequence[str | None] = self.raw
        for entry in self._history:
            if isinstance(entry, _Sweep):
                if state is not entry.before and state != entry.before:
                    return False
                state = entry.after
                continue
            if not isinstance(state, _Draft):
                state = _Draft(state)
            index = entry.line - self.first
            if state[index] != entry.before:
                return False
            state[index] = entry.after
        return list(state) == self.text

    def _before(self, index: int) -> str:
        text = self.text[index]
        if text is None:
            raise ValueError(f"line {self.first + index} is gone already")
        return text

    def kept(self) -> list[int]:
        """Indices of the lines that are still there."""
        return [i for i, text in enumerate(self.text) if text is not None]

    def mark(self) -> int:
        """A point in the block's history, for `rewind` and `changes`; it grows with every change."""
        return len(self._history)

    def last_sweep(self) -> int:
        """The mark after which only single changes happened."""
        entries = range(len(self._history), 0, -1)
        return next((place for place in entries if isinstance(self._history[place - 1], _Sweep)), 0)

    def rewind(self, mark: int) -> None:
        """Take back every change since `mark`. Only single changes, no sweeps, may have happened since then."""
        while len(self._history) > mark:
            change = self._history.pop()
            if not isinstance(change, Change):
                raise ValueError("a sweep cannot be taken back")
            index = change.line - self.first
            self.text[index] = change.before
            self.key[index] = self._old_keys.pop(len(self._history), self.key[index])

    def changes(self, since: int = 0) -> Iterator[Change]:
        """Every change since a `mark`, in the order in which they happened."""
        for entry in self._history[since:]:
            if isinstance(entry, Change):
                yield entry
                continue
            for index, (before, after) in enumerate(zip(entry.before, entry.after, strict=True)):
                if before is not None and before is not after and before != after:
                    yield Change(self.first + index, entry.stage, entry.rule, before, after, entry.evidence)

    def lines(self) -> Iterator[Line]:
        """Every line with its story."""
        stories: dict[int, list[Change]] = {}
        for change in self.changes():
            stories.setdefault(change.line, []).append(change)
        for index, raw in enumerate(self.raw):
            number = self.first + index
            yield Line(number, raw, self.end[index], self.text[index], tuple(stories.get(number, ())))

    def output(self) -> str:
        """The text of the lines that are still there, with their ends."""
        return "".join(text + end for text, end in zip(self.text, self.end, strict=True) if text is not None)


class _Draft(list[str | None]):
    """A copy of a block's texts that changes are replayed on."""


def _is_opaque(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False
