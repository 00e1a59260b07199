"""How much of a document went. Warnings, `--quarantine`, the ledger and the reports all go by what is counted here.

Counted are letters: the characters of a line's key (`conversion.fold.key`), so neither spaces nor marks. What tidying and conversion
do to a line is no loss; what a line loses to the other stages is, whether all of it goes or a part. A document that goes as a whole
because another one says the same is none either.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import dropwhile

from .conversion.fold import key
from .line import Block, Line
from .stages import CHARACTER_STAGES

__all__ = ["Loss"]

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
        self.letters += sum(map(len, block.key)) + len(key("".join(markup)))
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
