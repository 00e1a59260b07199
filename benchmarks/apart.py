"""What carries over: figures on the labelled text in `benchmarks/apart`, which nothing was made with.

python benchmarks/apart.py            pairs, pages and sentences
python benchmarks/apart.py --wrong    and which of them came out wrong, by kind alone
python benchmarks/apart.py --peers PYTHON    the sentences by other converters, too, and hard lines of a file with `--lines`;
                                      PYTHON is that of an environment with `pip install opencc zhconv-rs`
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from zhnorm import Cleaner, Line, convert
from zhnorm.conversion.directions import DIRECTIONS
from zhnorm.conversion.fold import key

APART = Path(__file__).parent / "apart"
_QUOTES = str.maketrans("「」『』", "“”‘’")
_PEERS = {
    "to Simplified": (("OpenCC", "t2s"), ("OpenCC", "tw2s"), ("zhconv-rs", "zh-hans"), ("zhconv-rs", "zh-cn")),
    "to Traditional": (("OpenCC", "s2tw"), ("OpenCC", "s2twp"), ("zhconv-rs", "zh-hant"), ("zhconv-rs", "zh-tw")),
}
_SIMPLIFIED = DIRECTIONS["t2s"][-1]
"""The last step of every direction into Simplified."""
_CONVERT = """
import json, sys
name, direction, texts = json.load(sys.stdin)
if name == "OpenCC":
    import opencc
    convert = opencc.OpenCC(direction).convert
else:
    from zhconv_rs import zhconv
    convert = lambda text: zhconv(text, direction)
json.dump([convert(text) for text in texts], sys.stdout)
"""


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", action="store_true", help="count what is wrong, by kind")
    parser.add_argument("--peers", metavar="PYTHON", help="compare with other converters, which this interpreter has")
    parser.add_argument("--lines", type=Path, help="a file of more lines for that: direction, text, right output")
    options = parser.parse_args()
    if options.peers:
        compare(options.peers, sorted((APART / "sentences").glob("*.tsv")))
        if options.lines:
            compare(options.peers, [options.lines])
        return
    cleaner = Cleaner()
    for figures, wrong in (
        *map(pairs, [cleaner] * 2, sorted((APART / "pairs").iterdir())),
        *map(pages, [cleaner] * 3, ["pages", "ordinary", "looked-at"]),
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


def pages(cleaner: Cleaner, folder: str = "pages") -> tuple[str, Counter[str]]:
    """Line by line: what should stay, go, or lose a part."""
    found: Counter[tuple[str, bool]] = Counter()
    wrong: Counter[str] = Counter()
    for path in sorted((APART / folder).glob("*.jsonl")):
        labelled = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
        result = cleaner.explain("".join(f"{each['text']}\n" for each in labelled))
        for each, is_right in _judged(labelled, result.lines):
            found[each["label"], is_right] += 1
            if not is_right:
                wrong[f"{each['label']}:{each.get('why', 'text')}"] += 1
    shares = [found[label, True] / (found[label, True] + found[label, False]) for label in ("keep", "drop", "trim")]
    return f"{folder}: kept whole {shares[0]:.4f}, dropped {shares[1]:.3f}, trimmed right {shares[2]:.3f}", wrong


def _judged(labelled: list[dict[str, str]], lines: tuple[Line, ...]) -> Iterator[tuple[dict[str, str], bool]]:
    for each, line in zip(labelled, lines, strict=True):
        if key(each["text"]) and each.get("label") not in (None, "any"):
            wanted = "" if each["label"] == "drop" else each.get("clean") or each["text"]
            # What stays is converted: a choice between two characters (帳 to 帐 or 账) is no harm.
            yield each, key(line.text or "") in (key(wanted), key(convert(wanted)))


def sentences() -> Iterator[tuple[str, Counter[str]]]:
    """Sentences that are converted without a mistake."""
    for path in sorted((APART / "sentences").glob("*.tsv")):
        rows = _rows([path])
        outputs = [convert(text, to) for to, text, _ in rows]
        yield f"sentences/{path.stem}: {_right(outputs, rows) / len(rows):.3f} of {len(rows)} right", Counter()


def compare(python: str, paths: list[Path]) -> None:
    """Print how many lines zhnorm and its peers convert without a mistake."""
    for side, peers in _PEERS.items():
        rows = [row for row in _rows(paths) if (DIRECTIONS[row[0]][-1] == _SIMPLIFIED) == (side == "to Simplified")]
        texts = [text for _, text, _ in rows]
        print(f"{side}, {len(rows)} lines of {', '.join(path.name for path in paths)}")
        print(f"    zhnorm              {_right([convert(text, to) for to, text, _ in rows], rows)}")
        for name, direction in peers:
            asked = json.dumps([name, direction, texts])
            run = subprocess.run([python, "-c", _CONVERT], input=asked, capture_output=True, text=True, check=True)
            print(f"    {name + ' ' + direction:19} {_right(json.loads(run.stdout), rows)}")


def _rows(paths: list[Path]) -> list[list[str]]:
    """Direction, text and right output of lines."""
    return [line.split("\t")[:3] for path in paths for line in path.read_text("utf-8").splitlines() if line]


def _right(outputs: list[str], rows: list[list[str]]) -> int:
    return sum(
        output.translate(_QUOTES) == wanted.translate(_QUOTES)
        for output, (_, _, wanted) in zip(outputs, rows, strict=True)
    )


if __name__ == "__main__":
    main()
