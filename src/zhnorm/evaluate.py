"""How well a cleaner does on pages for which a person has said what should be left (`zhnorm eval`): precision, recall, what each rule did right and
wrong page by page, and what one cleaner removes that another keeps.

Labelled pages stand in a folder: `NAME.txt` and, beside it or in a folder of its own, what should be left of it.

Texts are compared by the 4-grams of what they say (`conversion.fold.key`), each as often as it occurs: script, width, marks
and spaces make no difference. The measure is the one used for extraction from web pages by Lejeune and Zhu (2018).
What a rule took away is wrong where the gold has it and the output lacks it, so a repeat that goes is right though
the gold says it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from zhnorm.messages import Message

from .conversion.fold import key
from .errors import UsageError
from .line import Change, Line
from .result import Result
from .stages import CHARACTER_STAGES

__all__ = [
    "GONE_STAGES",
    "Difference",
    "LabelledPage",
    "PageScore",
    "RuleScore",
    "Totals",
    "Wrong",
    "differences",
    "find_pages",
    "grams",
    "score_page",
    "taken",
    "totals",
]

_GOLD = ".gold.txt"


class LabelledPage(NamedTuple):
    """A page and its gold.

    Attributes:
        name: path of the page inside its folder, without the ending.
        path: the page.
        gold: the text that should be left; None if nobody has said.
    """

    name: str
    path: Path
    gold: Path | None


def find_pages(folder: Path, gold_folder: Path | None, *, labelled: bool) -> list[LabelledPage]:
    """The pages of a folder, in the order of their names.

    Args:
        folder: holds `NAME.txt`, and `NAME.gold.txt` if there is no second folder.
        gold_folder: holds the gold, under the names that the pages have in the first one.
        labelled: leave out pages without gold, and insist that there is one with it.

    Raises:
        UsageError: a folder is not there, or no page in it has gold.
    """
    for path in (folder, gold_folder):
        if path is not None and not path.is_dir():
            raise UsageError(
                Message("{path}: not a folder", path=path), hint="give a folder of pages: NAME.txt with NAME.gold.txt"
            )
    if gold_folder is not None and gold_folder.resolve() == folder.resolve():
        raise UsageError(
            Message("{folder}: pages and gold are the same folder", folder=folder),
            hint="without --gold: NAME.gold.txt in it",
        )
    pages = []
    for path in sorted(folder.rglob("*.txt")):
        if path.name.endswith(_GOLD) or not path.is_file():
            continue
        inside = path.relative_to(folder)
        gold = path.with_name(path.stem + _GOLD) if gold_folder is None else gold_folder / inside
        found = gold if gold.is_file() else None
        if found or not labelled:
            pages.append(LabelledPage(str(inside.with_suffix("")), path, found))
    if not pages:
        where = f"{folder}/NAME.gold.txt" if gold_folder is None else f"{gold_folder}/NAME.txt"
        hint = (
            Message("for {folder}/NAME.txt the text that should be left is {where}", folder=folder, where=where)
            if labelled
            else "pages end in .txt"
        )
        raise UsageError(
            Message("{folder}: no page{kind} in it", folder=folder, kind=Message(" with gold" if labelled else "")),
            hint=hint,
        )
    return pages


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


_GOLD_SHARE = 0.5


class Difference(NamedTuple):
    """A line that only one of two cleaners leaves as it is.

    Attributes:
        page: name of the page.
        line: its number, 1-based.
        removed: True if the second cleaner takes more away from it, False if less.
        rule: the rule that decided, of the cleaner that takes more.
        text: the line as it came in.
        wanted: whether the gold has what only one of them leaves; None without gold.
    """

    page: str
    line: int
    removed: bool
    rule: str
    text: str
    wanted: bool | None


def differences(page: str, before: Result, after: Result, gold: str | None) -> Iterator[Difference]:
    """Every line of which the cleaners leave different amounts of text, in order.

    Args:
        page: its name.
        before: what the first cleaner made of it.
        after: what the second one made of the same page.
        gold: the text that should be left.
    """
    wanted = None if gold is None else grams(gold)
    for old, new in zip(before.lines, after.lines, strict=True):
        left_old, left_new = grams(old.text or ""), grams(new.text or "")
        if left_old == left_new:
            continue
        removed = left_new.total() < left_old.total()
        more, less = (left_old, left_new) if removed else (left_new, left_old)
        piece = more - less
        is_wanted = None if wanted is None else (piece & wanted).total() > _GOLD_SHARE * piece.total()
        yield Difference(page, new.number, removed, _rule(new if removed else old), new.raw, is_wanted)


def _rule(line: Line) -> str:
    return line.changes[-1].rule if line.changes else ""
