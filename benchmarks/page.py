"""Learn where the article in a page is, from labelled pages, and say how well that goes on sites that were not learned.

    pip install . scikit-learn
    python benchmarks/page.py PAGES            cross-validated figures
    python benchmarks/page.py PAGES --write    the weights as well, into src/zhnorm/data/page/body.tsv

PAGES holds `dump/NAME.txt`, all text of a page, and `gold/NAME.txt`, the article that a person took out of it; NAME is
the site, a hyphen and anything. A line belongs to the article if at least half of its 4-grams are in the gold. Pages
of one site are never on both sides of a fold. Each page is learned twice, the second time without its first line: not
every scraper prints the page's title above the text.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from zhnorm import Cleaner, convert
from zhnorm.line import Block
from zhnorm.page.features import NAMES
from zhnorm.page.model import STATES, Model
from zhnorm.stages.body import Body, page_lines, rows_of
from zhnorm.stages.looks import look
from zhnorm.text.fold import key

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "src" / "zhnorm" / "data" / "page" / "body.tsv"
STRENGTH = 0.004
"""Inverse of the penalty on large weights; among 0.001 to 0.1 the best on sites that were not learned."""
UNTITLED = 0.5
"""Weight of a page without its first line."""
FOLDS = 6
HEADLINE_LINES = 14
HEAD = """\
# Weights of the features of a line (see page/features.py) for each state of a line in a page, and the constants.
# Learned by benchmarks/page.py from {pages} labelled news pages of {sites} sites, 2011-2012 (the DAnIEL corpus, Lejeune & Zhu 2018);
# no text of theirs is in here.
"""


@dataclass
class Page:
    name: str
    titled: bool
    text: str
    gold: Counter[str]
    rows: NDArray[np.float64]
    sizes: list[int]
    states: list[int]

    @property
    def site(self) -> str:
        return self.name.rsplit("-", 1)[0]


def grams(text: str) -> Counter[str]:
    said = re.sub(r"\s", "", "".join(map(key, convert(text, "hans").split("\n"))))
    return Counter(said[i : i + 4] for i in range(max(1, len(said) - 3))) if said else Counter()


def read(folder: Path, cleaner: Cleaner, body: Body) -> list[Page]:
    pages = []
    for path in sorted((folder / "dump").glob("*.txt")):
        text = path.read_text("utf-8")
        gold = grams((folder / "gold" / path.name).read_text("utf-8"))
        for titled in (True, False):
            page = text if titled else text.split("\n", 1)[1]
            block = Block.from_lines(page.split("\n"))
            for characters in cleaner._characters:
                characters.run([block])
            lines = page_lines(block, body.matcher, look([block], [body.matcher])[0])
            rows, _ = rows_of([lines])
            sizes = [len(said) for said in lines.keys]
            share = []
            for said in lines.keys:
                own = Counter(said[i : i + 4] for i in range(max(1, len(said) - 3)))
                share.append((own & gold).total() / own.total())
            pages.append(Page(path.stem, titled, page, gold, rows, sizes, label(share, sizes)))
    return pages


def label(share: Sequence[float], sizes: Sequence[int]) -> list[int]:
    """States of the lines: the text is the stretch with the most gold and the least else, above it are headlines."""
    above, headline, between, text, below = range(len(STATES))
    weights = [(1 if part >= 0.5 else -1) * min(size, 100) ** 0.75 for part, size in zip(share, sizes, strict=True)]
    best, start, stop, total, since = 0.0, 0, 0, 0.0, 0
    for i, weight in enumerate(weights):
        if total <= 0:
            total, since = 0.0, i
        total += weight
        if total > best:
            best, start, stop = total, since, i + 1
    states = [above] * start + [text] * (stop - start) + [below] * (len(sizes) - stop)
    golden = [i for i in range(max(0, start - HEADLINE_LINES), start) if share[i] >= 0.5 and sizes[i] >= 4]
    if golden:
        first = golden[-1]
        for i in reversed(golden):
            if first - i <= 2:
                first = i
        for i in range(first, start):
            states[i] = headline if share[i] >= 0.5 else between
    return states


def learn(pages: Sequence[Page]) -> Model:
    rows = np.vstack([page.rows for page in pages])
    states = np.concatenate([page.states for page in pages])
    weights = np.concatenate([np.minimum(page.sizes, 120) ** 0.4 * (1 if page.titled else UNTITLED) for page in pages])
    mean, spread = rows.mean(0), rows.std(0) + 1e-6
    fitted = LogisticRegression(C=STRENGTH, max_iter=500).fit((rows - mean) / spread, states, sample_weight=weights)
    plain = fitted.coef_ / spread
    constants = fitted.intercept_ - plain @ mean
    return Model(
        tuple(tuple(round(float(weight), 4) for weight in state) for state in plain),
        tuple(round(float(constant), 4) for constant in constants),
    )


def judge(pages: Sequence[Page], model: Model, cleaner: Cleaner) -> list[tuple[float, float, float]]:
    """Precision, recall and the share of the gold that the page holds at all, page by page."""
    for stage in cleaner._stages:
        if isinstance(stage, Body):
            stage.model = model
    rows = []
    for page in pages:
        whole, left = grams(page.text), grams(cleaner.clean(page.text))
        right = (left & page.gold).total()
        rows.append(
            (right / max(1, left.total()), right / page.gold.total(), (whole & page.gold).total() / page.gold.total())
        )
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path, metavar="PAGES")
    parser.add_argument("--write", action="store_true", help="write the weights learned from all pages")
    args = parser.parse_args()
    cleaner = Cleaner(profile="page")
    body = next(stage for stage in cleaner._stages if isinstance(stage, Body))
    pages = read(args.pages, cleaner, body)
    sites = sorted({page.site for page in pages})
    random.Random(0).shuffle(sites)
    rows: dict[bool, list[tuple[float, float, float]]] = {True: [], False: []}
    for fold in range(FOLDS):
        held_out = set(sites[fold::FOLDS])
        model = learn([page for page in pages if page.site not in held_out])
        for titled, judged in rows.items():
            judged.extend(
                judge([page for page in pages if page.site in held_out and page.titled == titled], model, cleaner)
            )
    print(f"{len(rows[True])} pages, {len(sites)} sites, {FOLDS} folds by site")
    for titled, judged in rows.items():
        precision, recall, most = (float(value) for value in np.mean(judged, 0))
        lost = sum(kept < 0.9 * there for _, kept, there in judged)
        print("with the page's title as first line:" if titled else "without it:")
        print(
            f"  F1 {2 * precision * recall / (precision + recall):.4f}  precision {precision:.4f}  recall {recall:.4f}"
        )
        print(f"  kept {recall / most:.4f} of what the pages hold; {lost} pages lost more than a tenth")
    if args.write:
        model = learn(pages)
        table = [
            ("feature", *STATES),
            *((name, *row) for name, row in zip(NAMES, zip(*model.weights, strict=True), strict=True)),
        ]
        table.append(("(constant)", *model.constants))
        text = HEAD.format(pages=len(rows[True]), sites=len(sites)) + "".join(
            "\t".join(map(str, row)) + "\n" for row in table
        )
        TABLE.parent.mkdir(exist_ok=True)
        TABLE.write_text(text, "utf-8")
        print(f"written: {TABLE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
