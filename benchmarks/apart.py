"""What carries over: figures on the labelled text in `benchmarks/apart`, which nothing was made with.

python benchmarks/apart.py            pairs, pages and sentences
python benchmarks/apart.py --wrong    and which of them came out wrong, by kind alone
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from zhnorm import Cleaner, Line, convert
from zhnorm.text.fold import key

APART = Path(__file__).parent / "apart"
_QUOTES = str.maketrans("「」『』", "“”‘’")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="count what is wrong, by kind")
    options = parser.parse_args()
    cleaner = Cleaner()
    for figures, wrong in (
        *map(pairs, [cleaner] * 2, sorted((APART / "pairs").iterdir())),
        pages(cleaner),
        *sentences(),
    ):
        print(figures)
        if options.wrong:
            print("   ", ", ".join(f"{kind} {count}" for kind, count in wrong.most_common()))


def pairs(cleaner: Cleaner, path: Path) -> tuple[str, Counter[str]]:
    """Each pair is a page of two lines; a repeat is found if one line is left."""
    found: Counter[tuple[str, bool]] = Counter()
    wrong: Counter[str] = Counter()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            left = [line for line in cleaner.clean(f"{row['a']}\n{row['b']}\n").split("\n") if key(line)]
            found[row["label"], len(left) == 1] += 1
            if (len(left) == 1) != (row["label"] == "dup") or len(left) not in (1, 2):
                wrong[f"{row['label']}:{row['kind']}"] += 1
    right, merged = found["dup", True], found["distinct", True]
    precision, recall = right / max(1, right + merged), right / max(1, right + found["dup", False])
    return f"pairs/{path.stem}: precision {precision:.3f}, recall {recall:.3f}, {found.total()} pairs", wrong


def pages(cleaner: Cleaner) -> tuple[str, Counter[str]]:
    """Line by line: what should stay, go, or lose a part."""
    found: Counter[tuple[str, bool]] = Counter()
    wrong: Counter[str] = Counter()
    for path in sorted((APART / "pages").glob("*.jsonl")):
        labelled = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
        result = cleaner.explain("".join(f"{each['text']}\n" for each in labelled))
        for each, is_right in _judged(labelled, result.lines):
            found[each["label"], is_right] += 1
            if not is_right:
                wrong[f"{each['label']}:{each.get('why', 'text')}"] += 1
    shares = [found[label, True] / (found[label, True] + found[label, False]) for label in ("keep", "drop", "trim")]
    return "pages: kept whole {:.4f}, dropped {:.3f}, trimmed right {:.3f}".format(*shares), wrong


def _judged(labelled: list[dict[str, str]], lines: tuple[Line, ...]) -> Iterator[tuple[dict[str, str], bool]]:
    for each, line in zip(labelled, lines, strict=True):
        if key(each["text"]) and each.get("label") not in (None, "any"):
            wanted = "" if each["label"] == "drop" else key(each.get("clean") or each["text"])
            yield each, key(line.text or "") == wanted


def sentences() -> Iterator[tuple[str, Counter[str]]]:
    """Sentences that are converted without a mistake."""
    for path in sorted((APART / "sentences").glob("*.tsv")):
        rows = [line.split("\t") for line in path.read_text("utf-8").splitlines() if line]
        right = sum(convert(text, to).translate(_QUOTES) == wanted.translate(_QUOTES) for to, text, wanted in rows)
        yield f"sentences/{path.stem}: {right / len(rows):.3f} of {len(rows)} right", Counter()


if __name__ == "__main__":
    main()
