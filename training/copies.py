"""Learn what speaks for a copy: makes `data/reading/copies.tsv`.

    pip install -e . torch
    python -m training.copies [--more FOLDER] [--check]

What a line holds of another line of its page is a copy where it is marked as a repeat (⟦repeat:…⟧), and the author's own where nothing is marked; of pages from
elsewhere, all that stays is. Each sign (`zhnorm.reading.copies.signs_of`) gets a weight by logistic regression. `--check` learns from three quarters of the pages, four
times, and tells how many copies are found on the last, and how much is taken for one that is none.
"""

from __future__ import annotations

import argparse
import math
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import torch
from torch.nn import functional

import zhnorm
from zhnorm.package_data import data_path
from zhnorm.reading.copies import ALWAYS, TABLE, signs_of
from zhnorm.reading.copy_signs import GROUPS, Page
from zhnorm.reading.kinds import CONTENT
from zhnorm.text.recurring import Twice, said_twice

from .labelled import marked_pages, more

DECAY = 1.0
"""How dear weights are: of so many examples none says more than a few bits."""
REAL = 5.0
"""So much a line of a page from elsewhere counts: what is taken out of text wrongly is worse than what is left."""
ROUNDS = 200
FOLDS = 4
TENTHS = 10 / math.log(2)


class Example(NamedTuple):
    """What a line holds of another one: its page, what speaks for a copy or against it, whether it is one, and whether
    the page is ours."""

    page: str
    signs: tuple[str, ...]
    is_copy: bool
    is_ours: bool


def main() -> None:
    """Learn, and write the table."""
    parser = argparse.ArgumentParser(prog="python -m training.copies", description="Learn what speaks for a copy.")
    parser.add_argument("--more", type=Path, help="a folder of labelled pages from elsewhere")
    parser.add_argument(
        "--check", action="store_true", help="measure on pages that were not learned, and write nothing"
    )
    options = parser.parse_args()
    examples = [*_ours(), *(_others(options.more) if options.more else ())]
    print(f"{len(examples):,} examples, {sum(each.is_copy for each in examples):,} of them copies", flush=True)
    if options.check:
        _check(examples)
        return
    weights = learn(examples)
    rows = "".join(f"{sign}\t{tenths}\n" for sign, tenths in weights.items())
    Path(data_path(TABLE)).write_text(
        f"# Made by `python -m training.copies`: what speaks for a copy, in tenths of a bit\n{rows}", "utf-8"
    )


def _ours() -> Iterator[Example]:
    for name, lines in marked_pages():
        texts = [line.text for line in lines]
        for twice, signs in _copies(texts):
            line = lines[twice.line]
            marks = [mark for mark in line.marks if mark.start < twice.stop and twice.start < mark.stop]
            is_inside = all(mark.start <= twice.start and twice.stop <= mark.stop for mark in marks)
            if line.kind in CONTENT and is_inside and all(mark.kind == "repeat" for mark in marks):
                yield Example(name, signs, bool(marks), is_ours=True)


def _others(folder: Path) -> Iterator[Example]:
    """Lines of pages from elsewhere that stay: nothing in them is marked, and hardly anything is a copy. Those of pages that were written for this have copies."""
    for page in more(folder):
        if not page.alone and not page.name.startswith(("markdown", "wild")):
            for twice, signs in _copies(page.texts):
                wanted = page.wanted[twice.line]
                if wanted & set(CONTENT):
                    yield Example(page.name, signs, is_copy=False, is_ours=False)


def _copies(texts: list[str]) -> Iterator[tuple[Twice, tuple[str, ...]]]:
    """What lines of a page hold of other ones, and what speaks for a copy or against it."""
    kinds = [line.kind for line in zhnorm.read("\n".join(texts))]
    groups = {kind: group for group, members in GROUPS.items() for kind in members}
    page = Page(texts, texts, lambda line: groups.get(kinds[line], "other"))
    (found,) = said_twice([texts])
    yield from zip(found, map(tuple, signs_of(page, found)), strict=True)


def learn(examples: Sequence[Example]) -> dict[str, int]:
    """A weight for each sign, in tenths of a bit: of what always speaks, and of all others by name."""
    names = [ALWAYS, *sorted({sign for example in examples for sign in example.signs})]
    number = {name: place for place, name in enumerate(names)}
    seen = torch.zeros(len(examples), len(names))
    for row, example in enumerate(examples):
        seen[row, [0, *(number[sign] for sign in example.signs)]] = 1
    worth = torch.tensor([1.0 if example.is_ours else REAL for example in examples])
    is_copy = torch.tensor([float(example.is_copy) for example in examples])
    weights = torch.zeros(len(names), requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=ROUNDS, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        wrong = functional.binary_cross_entropy_with_logits(seen @ weights, is_copy, worth, reduction="sum")
        total = wrong + DECAY * (weights[1:] ** 2).sum()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    return {name: round(weight * TENTHS) for name, weight in zip(names, weights.tolist(), strict=True)}


def _check(examples: Sequence[Example]) -> None:
    """How many copies are found on pages that were not learned, by the evidence that is asked."""
    found: list[tuple[int, bool]] = []
    for fold in range(FOLDS):
        is_apart = [zlib.crc32(example.page.encode()) % FOLDS == fold for example in examples]
        weights = learn([example for example, apart in zip(examples, is_apart, strict=True) if not apart])
        found += [
            (sum(weights.get(sign, 0) for sign in (ALWAYS, *example.signs)), example.is_copy)
            for example, apart in zip(examples, is_apart, strict=True)
            if apart
        ]
    every = sum(is_copy for _, is_copy in found)
    for least in range(-10, 60, 5):
        right, wrong = (
            sum(tenths >= least and is_copy is wanted for tenths, is_copy in found) for wanted in (True, False)
        )
        print(f"{least / 10:4.1f} bits: {right:,} of {every:,} copies, {wrong:,} of {len(found) - every:,} others")


if __name__ == "__main__":
    main()
