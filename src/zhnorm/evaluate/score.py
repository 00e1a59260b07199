"""Precision, recall, and what each rule did right and wrong, page by page.

Texts are compared by the 4-grams of what they say (`conversion.fold.key`), each as often as it occurs: script, width, marks
and spaces make no difference. The measure is the one used for extraction from web pages by Lejeune and Zhu (2018).
What a rule took away is wrong where the gold has it and the output lacks it, so a repeat that goes is right though
the gold says it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ..conversion.fold import key
from ..line import Change
from ..result import Result
from ..stages import CHARACTER_STAGES

__all__ = ["GONE_STAGES", "PageScore", "RuleScore", "Totals", "Wrong", "grams", "score_page", "taken", "totals"]

_SIZE = 4
_WRONG_SHARE = 0.5
"""A piece that was taken away is wrong if the output lacks more than this share of it, and the gold has it."""
_LOST_SHARE = 0.1
GONE_STAGES = CHARACTER_STAGES | {"blanks"}
"""Stages that take no text away: their changes are not judged."""


class Wrong(NamedTuple):
    """A piece of text that a rule took away, and should not have."""

    page: str
    line: int
    text: str


@dataclass(slots=True)
class RuleScore:
    """How often a rule took something away, and whether that was right."""

    right: int = 0
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def fired(self) -> int:
        """How often."""
        return self.right + len(self.wrong)


@dataclass(frozen=True, slots=True)
class PageScore:
    """One page against its gold.

    Attributes:
        name: of the page.
        precision: the part of the output that is in the gold, 0 to 1.
        recall: the part of the gold that is in the output.
        possible: the part of the gold that is in the page at all: no cleaner can reach more.
        noise: 4-grams of the output that are not in the gold, and those of the page.
        rules: what each rule did.
    """

    name: str
    precision: float
    recall: float
    possible: float
    noise: tuple[int, int]
    rules: dict[str, RuleScore]

    @property
    def kept(self) -> float:
        """The part of the possible gold that was kept."""
        return self.recall / self.possible if self.possible else 1.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Means over pages, each page counting the same, and what the rules did.

    Attributes:
        pages: how many.
        precision: mean.
        recall: mean.
        f1: harmonic mean of the two.
        kept: recall divided by what was possible.
        noise: what is left of the text that is not in the gold, as a share.
        lost: pages that lost more than a tenth of their gold.
        rules: by name.
    """

    pages: int
    precision: float
    recall: float
    f1: float
    kept: float
    noise: float
    lost: int
    rules: dict[str, RuleScore]


def grams(text: str) -> Counter[str]:
    """The 4-grams of what a text says; a shorter text is one gram.

    >>> sorted(grams("網絡，安全吗"))
    ['络安全吗', '网络安全']
    """
    said = key(text).replace("\n", "")
    return Counter(said[i : i + _SIZE] for i in range(max(1, len(said) - _SIZE + 1))) if said else Counter()


def score_page(name: str, page: str, result: Result, gold: str) -> PageScore:
    """Judge what was made of a page."""
    wanted, before, after = grams(gold), grams(page), grams(result.text)
    lacking = wanted - after
    rules: dict[str, RuleScore] = {}
    for change in result.changes:
        piece = taken(change)
        size = piece.total()
        if not size:
            continue
        rule = rules.setdefault(change.rule, RuleScore())
        if (piece & lacking).total() > _WRONG_SHARE * size:
            rule.wrong.append(Wrong(name, change.line, change.before))
        else:
            rule.right += 1
    right = (wanted & after).total()
    return PageScore(
        name,
        right / after.total() if after else 1.0,
        right / wanted.total() if wanted else 1.0,
        (wanted & before).total() / wanted.total() if wanted else 1.0,
        ((after - wanted).total(), (before - wanted).total()),
        rules,
    )


def taken(change: Change) -> Counter[str]:
    """The 4-grams that a change took away; none for a change of characters."""
    if change.stage in GONE_STAGES:
        return Counter()
    return grams(change.before) - grams(change.after or "")


def totals(scores: Iterable[PageScore]) -> Totals:
    """Means and sums over pages, at least one."""
    pages = list(scores)
    precision, recall, possible = (
        sum(values) / len(pages) for values in zip(*((p.precision, p.recall, p.possible) for p in pages), strict=True)
    )
    left, there = (sum(page.noise[side] for page in pages) for side in (0, 1))
    return Totals(
        pages=len(pages),
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if precision + recall else 0.0,
        kept=recall / possible if possible else 1.0,
        noise=left / there if there else 0.0,
        lost=sum(page.kept < 1 - _LOST_SHARE for page in pages),
        rules=dict(_together(page.rules for page in pages)),
    )


def _together(pages: Iterable[Mapping[str, RuleScore]]) -> Iterator[tuple[str, RuleScore]]:
    """The rules of all pages, those with the most mistakes first, then the busiest."""
    rules: dict[str, RuleScore] = {}
    for page in pages:
        for name, score in page.items():
            rule = rules.setdefault(name, RuleScore())
            rule.right += score.right
            rule.wrong += score.wrong
    yield from sorted(rules.items(), key=lambda item: (-len(item[1].wrong), -item[1].fired, item[0]))
