"""How much of a page of HTML is found, and how much else: trafilatura alone, and with zhnorm behind it.

    python benchmarks/extraction.py                 the pages of tests/html
    python benchmarks/extraction.py FOLDER          NAME.html with the wanted text in NAME.txt
    python benchmarks/extraction.py --settings      what other settings of trafilatura would give

F is of runs of four letters, script and case aside: precision is the share of those in the output that are wanted, recall
the share of the wanted ones that are there. Images, addresses of links and numbers of lists do not count.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import trafilatura
from trafilatura.settings import use_config

import zhnorm
from zhnorm.html.extraction import extract

PAGES = Path(__file__).resolve().parent.parent / "tests" / "html"
_GRAM = 4
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_TARGET = re.compile(r"\]\([^)]*\)")
_NUMBER = re.compile(r"^ *[0-9]+\. ", re.MULTILINE)
_MARKS = re.compile(r"[\W_]+")


class Score(NamedTuple):
    """Shares, 0 to 1."""

    precision: float
    recall: float

    @property
    def f(self) -> float:
        """Their harmonic mean."""
        return 2 * self.precision * self.recall / (self.precision + self.recall) if sum(self) else 0.0


def grams(text: str) -> Counter[str]:
    """The runs of letters in what is seen of a text."""
    seen = _NUMBER.sub("", _TARGET.sub("]", _IMAGE.sub("", text)))
    letters = _MARKS.sub("", zhnorm.convert(seen)).casefold()
    return Counter(letters[at : at + _GRAM] for at in range(len(letters) - _GRAM + 1))


def score(output: str, wanted: str) -> Score:
    """How much of `output` is wanted, and how much of what is wanted is in it."""
    found, gold = grams(output), grams(wanted)
    both = (found & gold).total()
    return Score(both / max(1, found.total()), both / max(1, gold.total()))


def mean(scores: list[Score]) -> str:
    """Means over pages, as text."""
    return "  ".join(f"{sum(values) / len(scores):.3f}" for values in zip(*[(*s, s.f) for s in scores], strict=True))


def compare(folder: Path, take_out: Callable[[str], str]) -> list[tuple[str, Score, Score]]:
    """Name of each page, what extraction alone gives, and what cleaning makes of that."""
    cleaner = zhnorm.Cleaner()
    rows = []
    for page in sorted(folder.glob("*.html")):
        wanted = page.with_suffix(".txt").read_text("utf-8")
        text = take_out(page.read_text("utf-8"))
        rows.append((page.stem, score(text, wanted), score(cleaner.clean(text), wanted)))
    return rows


def settings(folder: Path) -> None:
    """Compare settings of trafilatura, without the page's title above the text."""
    foci: tuple[dict[str, bool], ...] = ({}, {"favor_recall": True}, {"favor_precision": True})
    for least, fast, focus, comments, links in product(
        (250, 150, 60), (False, True), foci, (True, False), (True, False)
    ):
        config = use_config()
        config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = str(least)
        options: dict[str, Any] = {"fast": fast, "include_comments": comments, "include_links": links, **focus}

        def take_out(html: str, options: dict[str, Any] = options, config: Any = config) -> str:
            return (
                trafilatura.extract(html, output_format="markdown", include_images=True, config=config, **options) or ""
            )

        rows = compare(folder, take_out)
        print(f"least {least} {options}:  {mean([row[1] for row in rows])}  |  {mean([row[2] for row in rows])}")


def main() -> None:
    """See above."""
    arguments = [argument for argument in sys.argv[1:] if argument != "--settings"]
    folder = Path(arguments[0]) if arguments else PAGES
    if "--settings" in sys.argv:
        settings(folder)
        return
    plain = compare(folder, lambda html: trafilatura.extract(html) or "")
    rows = compare(folder, lambda html: extract(html).text)
    print(f"{'page':20} trafilatura         as we ask it        zhnorm behind it     (P R F)")
    for (name, alone, _), (_, asked, cleaned) in zip(plain, rows, strict=True):
        print(f"{name:20}", "  ".join(f"{s.precision:.2f} {s.recall:.2f} {s.f:.3f} " for s in (alone, asked, cleaned)))
    print(f"{'mean':20}", "  |  ".join(map(mean, ([r[1] for r in plain], [r[1] for r in rows], [r[2] for r in rows]))))


if __name__ == "__main__":
    main()
