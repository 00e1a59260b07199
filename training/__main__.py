"""Learn to read: `python -m training [--more FOLDER] [--check] [--share N]`.

    pip install -e . torch
    python -m training --check                    how well it goes on sites and authors that were not learned
    python -m training                            learn, and write the weights and their summary into src/zhnorm/data/reading/
    python -m training --more FOLDER              the same, with labelled pages from elsewhere besides those in training/

The network is learned from the pages and lines in `training/`, and from those of a folder for weights alone. With one torch the same weights come out.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

import numpy as np
import torch

from zhnorm.arrays.weights import write_weights
from zhnorm.package_data import data_path
from zhnorm.reading.kinds import DROPPED, KINDS
from zhnorm.reading.network import Network

from .labelled import GONE, Page, more, ours
from .learn import learn
from .seen import Seen

WEIGHTS = Path(data_path("reading"))
SEED = 1
"""Chance alone moves a few pages of a hundred; of two seeds this one lost less of the text."""
FOLDS = 4
HARMED = (0.002, 0.01, 0.02)
STRONGEST = 40


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training", description="Learn to read pages.")
    parser.add_argument("--more", type=Path, help="a folder of labelled pages from elsewhere")
    parser.add_argument(
        "--check", action="store_true", help="measure on sources that are not learned, and write nothing"
    )
    parser.add_argument(
        "--share",
        type=float,
        default=1.0,
        help="learn from so many of the sources: with --check, a point of the learning curve",
    )
    options = parser.parse_args()
    torch.set_num_threads(1)
    pages = ours() + (more(options.more) if options.more else [])
    seen = Seen(pages)
    print(f"{len(seen.pages):,} pages, {len(seen.own):,} lines", flush=True)
    if options.check:
        _check(seen, options.share)
        return
    net = learn(seen, list(range(len(seen.pages))), SEED, say=True)
    WEIGHTS.mkdir(exist_ok=True)
    write_weights(WEIGHTS / "weights.npy", net.arrays)
    (WEIGHTS / "words.tsv").write_text(_summary(seen, net), "utf-8")


def _fold(page: Page) -> int:
    return zlib.crc32(page.source.encode()) % FOLDS


def _check(seen: Seen, share: float) -> None:
    """Learn from three quarters of the sources, measure on the last, four times."""
    chances: list[np.ndarray] = []
    for fold in range(FOLDS):
        learned = [
            number for number, page in enumerate(seen.pages)
            if _fold(page) != fold and zlib.crc32(page.source[::-1].encode()) % 100 < 100 * share
        ]  # fmt: skip
        net = learn(seen, learned, seed=fold)
        mine = [number for number, page in enumerate(seen.pages) if _fold(page) == fold and not page.alone]
        chances += [_found(seen, net, page) for page in mine]
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    _print(seen, np.concatenate(chances))


def _found(seen: Seen, net: Network, page: int) -> np.ndarray:
    """Of each line of a page: the page, the line, how likely it is none of the text, alone and in its place, and its kind."""
    sample = seen.sample([page])
    folds = [seen.lines.folds[line] for line in sample.lines]
    scores = net.scores(net.alone(folds, sample.own), sample.around, sample.starts, sample.ends)
    dropped = [place for place, kind in enumerate(KINDS) if kind in DROPPED]
    rows = []
    for each in (scores.alone, scores.placed):
        chances = np.exp((each - each.max(1, keepdims=True)) / 256)
        rows.append(chances[:, dropped].sum(1) / chances.sum(1))
    return np.stack([np.full(len(folds), page), sample.lines, *rows, scores.placed.argmax(1)], 1)


def _print(seen: Seen, found: np.ndarray) -> None:
    """Which share of the lines to go goes, where so many of the lines to stay would go with them."""
    groups = {number: page.name.split("/")[0].split("-")[0] for number, page in enumerate(seen.pages)}
    gone = [place for place, kind in enumerate(KINDS) if kind in GONE]
    for group in sorted(set(groups.values())):
        rows = found[[groups[int(page)] == group for page in found[:, 0]]]
        if not len(rows):
            continue
        wanted = seen.wanted[rows[:, 1].astype(int)]
        known = (wanted.sum(1) > 0) & (wanted[:, KINDS.index("repeat")] + (wanted.sum(1) > 1) < 2)
        goes = known & seen.goes[rows[:, 1].astype(int)] & (wanted[:, gone].sum(1) > 0)
        stays = known & (wanted[:, gone].sum(1) == 0)
        if stays.any() and goes.any():
            at = [float(np.quantile(rows[stays, 3], 1 - harm)) for harm in HARMED]
            said = "  ".join(
                f"{(rows[goes, 3] > least).mean():.3f} at {harm:.1%}" for harm, least in zip(HARMED, at, strict=True)
            )
            print(f"{group:12} {stays.sum():6} stay, {goes.sum():6} go: {said}")
    wanted = seen.wanted[found[:, 1].astype(int)]
    single = wanted.sum(1) == 1
    right = wanted[np.arange(len(found)), found[:, 4].astype(int)] > 0
    print(f"kinds right: {right[single].mean():.3f} of {single.sum():,}")
    print("said / was so (how likely it is that a line is none of the text):")
    known = wanted.sum(1) > 0
    for low in np.arange(0, 1, 0.1):
        some = known & (found[:, 3] >= low) & (found[:, 3] < low + 0.1 + 1e-9 * (low > 0.85))
        if some.any():
            print(
                f"  {found[some, 3].mean():.2f} / {seen.goes[found[some, 1].astype(int)].mean():.2f} ({some.sum():,})"
            )


def _summary(seen: Seen, net: Network) -> str:
    """The strongest words of each kind, to be read."""
    rows = [
        "# The pieces of up to four characters that speak most for each kind, in lines of this kind. Made by `python -m training`."
    ]
    single = seen.wanted.sum(1) == 1
    for place, kind in enumerate(KINDS):
        lines = np.flatnonzero(single & (seen.wanted[:, place] > 0))
        (words,) = net.strongest([[seen.lines.folds[line] for line in lines]], kind, STRONGEST)
        rows.append(f"{kind}\t{' '.join(words)}")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
