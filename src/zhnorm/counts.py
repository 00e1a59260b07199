"""What happened to the lines of a document, and to the documents of a run, in numbers: whoever tells of a run has them from here.

`Counts` are those of a document, made while it is cleaned; `TextCounts` know its characters besides, and are made of the stories of its lines,
for reports that show lines; a `Tally` adds documents up.

`Loss` is how much of a document went. Warnings, `--quarantine`, the ledger and the reports all go by it. Counted are letters: the characters of a
line's key (`conversion.fold.key`), so neither spaces nor marks. What tidying and conversion do to a line is no loss; what a line loses to the other
stages is, whether all of it goes or a part. A document that goes as a whole because another one says the same is none either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import dropwhile
from typing import TypeVar

from .conversion.fold import key
from .line import Block, Line, Witness
from .stages import CHARACTER_STAGES

__all__ = ["TEXT_NUMBERS", "Counts", "Loss", "Tally", "TextCounts"]

_SAID_ELSEWHERE = frozenset({"corpus/copy", "corpus/near", "corpus/seen"})
"""Rules by which a whole document goes, and what it says stays."""


@dataclass(slots=True)
class Loss:
    """Letters of a document, and those that went.

    Attributes:
        letters: how many there were, once characters were tidied and converted.
        removed: for each rule, how many letters it took.

    >>> from zhnorm.line import Match
    >>> block = Block.from_lines(["雨停了。", "分享到：微博"])
    >>> block.key = ["雨停了", "分享到微博"]
    >>> block.remove(1, stage="boilerplate", rule="web/share", evidence=Match("分享到*"))
    >>> loss = Loss(); loss.add(block); loss
    Loss(letters=8, removed={'web/share': 5})
    >>> loss.share, loss.most_by
    (0.625, 'web/share')
    """

    letters: int = 0
    removed: dict[str, int] = field(default_factory=dict)

    @property
    def share(self) -> float:
        """Which share of the letters went, 0 to 1; 0 if there were none."""
        return sum(self.removed.values()) / self.letters if self.letters else 0.0

    @property
    def most_by(self) -> str:
        """The rule that took most letters, of equals the first by name; "" if none went."""
        return min(self.removed, key=lambda rule: (-self.removed[rule], rule), default="")

    def add(self, block: Block) -> None:
        """Count the lines of a finished block."""
        acts = list(block.acts(block.last_sweep()))
        # Markup has no key, and letters all the same.
        markup = [text for text, said in zip(block.text, block.key, strict=True) if text and not said]
        markup += [act[3] for act in acts if act[4] is None and not block.key[act[0] - block.first]]
        self.letters += sum(map(len, block.key)) + (len(key("".join(markup))) if markup else 0)
        self._count(acts)

    def add_line(self, line: Line) -> None:
        """Count a line with its story."""
        changes = list(dropwhile(lambda change: change.stage in CHARACTER_STAGES, line.changes))
        said = changes[-1].before if changes and line.text is None else line.text
        self.letters += len(key(said or ""))
        self._count([change[:5] for change in changes])

    def _count(self, acts: Iterable[tuple[int, str, str, str, str | None]]) -> None:
        """Count what happened to lines whose letters are counted as they are now, or were when they went."""
        found = list(acts)
        if not found:
            return
        # All at once, because most of the lines of a dumped page go.
        before = key("\n".join([act[3] for act in found])).split("\n")
        for (_, stage, rule, _, after), said in zip(found, before, strict=False):
            gone = len(said)
            if after is not None:
                # Of half a link more may be letters than of a whole one.
                gone = max(0, gone - len(key(after)))
                self.letters += gone
            if gone and stage not in CHARACTER_STAGES and rule not in _SAID_ELSEWHERE:
                self.removed[rule] = self.removed.get(rule, 0) + gone

    def merge(self, other: Loss) -> None:
        """Count what was counted elsewhere."""
        self.letters += other.letters
        for rule, letters in other.removed.items():
            self.removed[rule] = self.removed.get(rule, 0) + letters


_Key = TypeVar("_Key")
PAGE_LINES = 10
"""A document of which so many lines went because of what they are was a page, and no extracted text."""
TEXT_NUMBERS = ("lines", "blank", "removed", "rewritten", "repeats", "chars", "chars_removed")
"""The numbers that `TextCounts` add up, in the order in which reports list them."""


@dataclass(slots=True)
class Counts:
    """Counts of lines.

    Attributes:
        lines: lines read.
        removed: lines removed.
        rewritten: lines kept with another text.
        rules: lines each rule touched.
        loss: letters that went.

    >>> from zhnorm.line import Block, Match
    >>> block = Block.from_lines(["甲", "乙"])
    >>> block.remove(1, stage="boilerplate", rule="web/x", evidence=Match("乙"))
    >>> counts = Counts(); counts.add(block); counts
    Counts(lines=2, removed=1, rewritten=0, rules={'web/x': 1}, loss=Loss(letters=2, removed={'web/x': 1}))
    """

    lines: int = 0
    removed: int = 0
    rewritten: int = 0
    rules: dict[str, int] = field(default_factory=dict)
    loss: Loss = field(default_factory=Loss)

    @property
    def changed(self) -> bool:
        """Whether the output differs from the input."""
        return bool(self.removed or self.rewritten)

    @property
    def is_page(self) -> bool:
        """Whether the article was found and the rest of the page removed."""
        return sum(lines for rule, lines in self.rules.items() if rule.startswith("reading/")) >= PAGE_LINES

    def add(self, block: Block) -> None:
        """Count the lines of one more block of the document."""
        self.lines += len(block)
        self.loss.add(block)
        # A set of pairs: several changes of a line by one rule are one line.
        for _, rule in {(line, rule) for line, _, rule, _, _ in block.acts()}:
            self.rules[rule] = self.rules.get(rule, 0) + 1
        self.removed += block.text.count(None)
        # Most lines are the very text that came in.
        other = ((raw, text) for raw, text in zip(block.raw, block.text, strict=True) if text is not raw)
        self.rewritten += sum(text is not None and text != raw for raw, text in other)

    def merge(self, other: Counts) -> None:
        """Count what was counted elsewhere."""
        self.loss.merge(other.loss)
        self.lines += other.lines
        self.removed += other.removed
        self.rewritten += other.rewritten
        _add_all(self.rules, other.rules)

    def by_rule(self) -> list[tuple[str, int]]:
        """Rules and lines, the busiest first, equals by name."""
        return sorted(self.rules.items(), key=lambda item: (-item[1], item[0]))

    def in_short(self) -> dict[str, int]:
        """The lines without the rules."""
        return {"lines": self.lines, "removed": self.removed, "rewritten": self.rewritten}


@dataclass(slots=True)
class TextCounts(Counts):
    """Counts of lines and characters, made of the stories of lines. Their `loss` is counted by whoever needs it.

    Attributes:
        blank: lines without text.
        repeats: lines that went because another line says the same.
        chars: characters without line ends.
        chars_removed: those of the lines that went.
        acts: lines touched, by stage and rule.

    >>> counts = TextCounts()
    >>> counts.add_line(Line(1, "網絡", "\\n", "网络", ()))
    >>> counts.merge(counts)
    >>> counts.lines, counts.rewritten, counts.tenths_removed
    (2, 2, 0)
    """

    blank: int = 0
    repeats: int = 0
    chars: int = 0
    chars_removed: int = 0
    acts: dict[tuple[str, str], int] = field(default_factory=dict)

    def add_line(self, line: Line) -> None:
        """Add a line with its story."""
        self.lines += 1
        self.chars += len(line.raw)
        self.blank += not line.raw.strip()
        is_repeat = line.text is None and isinstance(line.changes[-1].evidence, Witness)
        self.add_story(
            line.raw, line.text, ((change.stage, change.rule) for change in line.changes), is_repeat=is_repeat
        )

    def add_story(self, raw: str, text: str | None, acts: Iterable[tuple[str, str]], *, is_repeat: bool) -> None:
        """Add what became of a line that is counted already.

        Args:
            raw: the line as it came in.
            text: as it is; None if it went.
            acts: stage and rule of its changes.
            is_repeat: whether it went because another line says the same.
        """
        found = set(acts)
        _add_all(self.acts, dict.fromkeys(found, 1))
        _add_all(self.rules, dict.fromkeys((rule for _, rule in found), 1))
        if text is None:
            self.removed += 1
            self.chars_removed += len(raw)
            self.repeats += is_repeat
        else:
            self.rewritten += text != raw

    def merge(self, other: Counts) -> None:
        """Count what was counted elsewhere."""
        Counts.merge(self, other)
        if isinstance(other, TextCounts):
            self.blank += other.blank
            self.repeats += other.repeats
            self.chars += other.chars
            self.chars_removed += other.chars_removed
            _add_all(self.acts, other.acts)

    @property
    def tenths_removed(self) -> int:
        """How many tenths of the characters went, begun ones counted whole; 0 if none did."""
        return -(-10 * self.chars_removed // self.chars) if self.chars else 0

    def by_stage(self) -> dict[str, int]:
        """Lines touched by the rules of each stage, the busiest first; a line that several rules touched counts for each."""
        found: dict[str, int] = {}
        for (stage, _), lines in self.acts.items():
            found[stage] = found.get(stage, 0) + lines
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


@dataclass(slots=True)
class Tally:
    """Documents of a run. One counts once it is in place; one that failed adds nothing but itself.

    Attributes:
        documents: how many were cleaned.
        changed: how many of them differ from their input.
        pages: documents in which the article was found and the rest of the page removed.
        heavy: how many lost so much that they are named.
        failures: how many failed.
        counts: their lines.

    >>> tally = Tally(); tally.add(Counts(lines=3, removed=1)); tally.fail()
    >>> tally.documents, tally.changed, tally.failures, tally.counts.lines
    (1, 1, 1, 3)
    """

    documents: int = 0
    changed: int = 0
    pages: int = 0
    heavy: int = 0
    failures: int = 0
    counts: TextCounts = field(default_factory=TextCounts)

    def add(self, counts: Counts, *, is_heavy: bool = False) -> None:
        """One more document was cleaned."""
        self.documents += 1
        self.changed += counts.changed
        self.pages += counts.is_page
        self.heavy += is_heavy
        self.counts.merge(counts)

    def add_file(self, counts: Counts, *, documents: int, changed: int, pages: int, heavy: int) -> None:
        """The documents in a file of records were cleaned; their lines are counted together."""
        self.documents += documents
        self.changed += changed
        self.pages += pages
        self.heavy += heavy
        self.counts.merge(counts)

    def fail(self) -> None:
        """A document failed."""
        self.failures += 1


def _add_all(numbers: dict[_Key, int], others: dict[_Key, int]) -> None:
    for name, times in others.items():
        numbers[name] = numbers.get(name, 0) + times
