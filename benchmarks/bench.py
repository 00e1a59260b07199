"""Cleaning, in turn with its peers on the same text: web pages, repeats, size, number of rules.

    python benchmarks/bench.py PAGES                 PAGES: a folder of folders (article/, dump/, markdown/), one page to a file
    python benchmarks/bench.py PAGES --only pages    one part: pages, duplicates, size, rules, documents
    python benchmarks/bench.py PAGES --peers FOLDER  keeps the environments of the peers there for the next time
    python benchmarks/bench.py PAGES --base PYTHON   an interpreter with another build of zhnorm, timed beside this one
    python benchmarks/bench.py PAGES --twins         this build without its compiled part, timed beside it

Every side has a process of its own; one thread, processor time, medians of runs in turn, numpy loaded. The environments
are made here: OpenCC's wheel and opencc-python-reimplemented install a module of the same name. A run is archived in
`runs/` with the versions of everything, and `size.svg` is drawn from it.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from plot import draw
from sides import Side, environment, in_turn, versions

from zhnorm.conversion.fold import key
from zhnorm.text.similar import alike
from zhnorm.text.slips import mistaken_for

HERE = Path(__file__).resolve().parent
EXAMPLE = HERE.parent / "examples" / "article.txt"

PAGES = """
from pathlib import Path
pages = [path.read_bytes().decode("utf-8", "replace") for path in sorted(Path(sys.argv[1]).iterdir())]
size = sum(len(page.encode()) for page in pages)
"""
OURS = "import numpy\nfrom zhnorm import Cleaner\n"
# Builds that don't read pages divide a dumped page if they are told to.
CLEANER = (
    OURS
    + "from zhnorm.settings import Settings\n"
    + PAGES
    + 'told = "dump" in sys.argv[1] and "reading" not in Settings.__annotations__\n'
    'cleaner = Cleaner(profile="page") if told else Cleaner()\n'
)
CLEAN = CLEANER + "work = lambda: list(cleaner.clean_many(pages)) and None\n"
ONE_BY_ONE = CLEANER + "work = lambda: [cleaner.clean(page) for page in pages] and None\n"
CODEC = (
    PAGES
    + "data = [page.encode() for page in pages]\nwork = lambda: [each.decode().encode() for each in data] and None\n"
)
OPENCC = (
    PAGES
    + 'import opencc\nconvert = opencc.OpenCC("t2s").convert\nwork = lambda: [convert(page) for page in pages] and None\n'
)
COMPOSITE = PAGES + (
    f"sys.path.insert(0, {str(HERE)!r})\nfrom composite import clean\nwork = lambda: [clean(page) for page in pages] and None\n"
)
TWINS = "from zhnorm.arrays.compiled import twins_alone\nalone = twins_alone()\nalone.__enter__()\n"
TEXT = 'text = open(sys.argv[1], encoding="utf-8").read()\nsize = len(text.encode())\n'
CLEAN_TEXT = OURS + TEXT + "cleaner = Cleaner()\nwork = lambda: cleaner.clean(text) and None\n"
RULES = OURS + (
    "from zhnorm.rules.load import builtin_packs, load_pack\nfrom zhnorm.rules.model import Pack\n"
    + TEXT
    + "rules = [rule for name in builtin_packs() for rule in load_pack(name).rules][:int(sys.argv[2])]\n"
    "more = [rules[i % len(rules)] for i in range(int(sys.argv[2]))]\n"
    'cleaner = Cleaner(packs=(), own_packs=[Pack("all", "", tuple(more))])\nwork = lambda: cleaner.clean(text) and None\n'
)
# Nothing but the search for repeats: among the latest lines, as memory allows, or in the whole document as one window.
REPEATS = (
    OURS
    + TEXT
    + (
        "import zhnorm.windows\nzhnorm.windows.WINDOW_CHARS = int(sys.argv[2])\n"
        'cleaner = Cleaner(to="keep", tidy=False, titles=False, boilerplate=False, edges=False, window_lines=1_000_000)\n'
        "def work():\n"
        "    changes = cleaner.explain(text).changes\n"
        '    return [[change.line, change.evidence.line] for change in changes if change.stage == "duplicates"]\n'
    )
)
# All pairs of the lines with a sample of them: the time of all with all is that times their number over the sample's.
ALL_PAIRS = TEXT + (
    "from rapidfuzz import fuzz, process\nlines = text.split('\\n')\nsample = lines[:: len(lines) // int(sys.argv[2])]\n"
    "work = lambda: process.cdist(sample, lines, scorer=fuzz.ratio, score_cutoff=90, workers=1) is None\n"
)
MINHASH = TEXT + (
    "from datasketch import MinHash, MinHashLSH\nlines = text.split('\\n')[: int(sys.argv[2])]\n"
    "def work():\n"
    "    known = MinHashLSH(threshold=0.7, num_perm=64)\n"
    "    for number, line in enumerate(lines):\n"
    "        own = MinHash(num_perm=64)\n"
    "        own.update_batch([line[i : i + 3].encode() for i in range(len(line) - 2)])\n"
    "        known.query(own)\n"
    "        known.insert(str(number), own)\n"
)


class Bench(NamedTuple):
    """What the parts of a run share."""

    pages: Path
    scratch: Path
    peers: str
    base: str | None
    twins: bool
    runs: int

    def ours(self, folder: str) -> dict[str, Side]:
        """This build, and the other one if there is one, over the pages of a folder."""
        sides = {
            "zhnorm clean_many": Side(sys.executable, CLEAN, folder),
            "zhnorm clean, one by one": Side(sys.executable, ONE_BY_ONE, folder),
        }
        if self.twins:
            sides["twins alone, clean_many"] = Side(sys.executable, CLEAN + TWINS, folder)
            sides["twins alone, one by one"] = Side(sys.executable, ONE_BY_ONE + TWINS, folder)
        if self.base:
            sides["base clean_many"] = Side(self.base, CLEAN, folder)
            sides["base clean, one by one"] = Side(self.base, ONE_BY_ONE, folder)
        return sides

    def compare(self, title: str, sides: dict[str, Side]) -> dict[str, Any]:
        """Time sides that work on the same bytes and print how much of each other's speed they reach."""
        size = next(iter(sides.values())).size
        found = in_turn(sides, self.runs)
        ours = next(iter(found.values()))
        print(f"\n{title}: {size / 1e6:.2f} MB", flush=True)
        for name, seconds in found.items():
            print(f"  {name:42} {size / 1e6 / seconds:8.2f} MB/s   {seconds / ours:7.3f} x", flush=True)
        return {"bytes": size, "seconds": found}


def pages(bench: Bench) -> dict[str, Any]:
    """The whole cleaning of web pages beside OpenCC's conversion alone, the composite, and decoding and encoding."""
    results = {}
    for folder in sorted(path for path in bench.pages.iterdir() if path.is_dir()):
        results[folder.name] = bench.compare(
            f"pages ({folder.name})",
            bench.ours(str(folder))
            | {
                "OpenCC t2s alone": Side(bench.peers, OPENCC, str(folder)),
                "composite (OpenCC, re, set, rapidfuzz)": Side(bench.peers, COMPOSITE, str(folder)),
                "decode and encode": Side(sys.executable, CODEC, str(folder)),
            },
        )
    return results


def documents(bench: Bench) -> dict[str, Any]:
    """Very many tiny documents: pages cut into pieces of 500 bytes."""
    folder = bench.scratch / "tiny"
    folder.mkdir()
    for path in sorted((bench.pages / "article").iterdir()):
        text = path.read_text("utf-8", "replace")
        for at in range(0, len(text), 170):
            (folder / f"{path.stem}-{at:06}.txt").write_text(text[at : at + 170], "utf-8")
    return bench.compare("tiny documents", bench.ours(str(folder)))


def sentences(count: int, chance: random.Random) -> list[str]:
    """Lines of 40 to 60 characters of the example's words, all different."""
    words = [
        word
        for line in EXAMPLE.read_text("utf-8").split("\n")
        for word in (line[i : i + 2] for i in range(0, len(line) - 1, 2))
    ]
    words = [word for word in words if word.isalpha() and not word.isascii()]
    return ["".join(chance.choices(words, k=chance.randint(20, 30))) + "。" for _ in range(count)]


def duplicates(bench: Bench, count: int = 100_000) -> dict[str, Any]:
    """A tenth of the lines repeat another one with a character that is mistaken for the right one."""
    chance = random.Random(7)
    lines = sentences(count * 9 // 10, chance)
    letters = sorted({letter for line in lines[:1000] for letter in line if letter.isalpha()})
    slips = {one: [other for other in letters if other != one and mistaken_for(one, other)] for one in letters}
    planted: list[str] = []
    for line in chance.sample(lines, count // 5):
        at = chance.randrange(5, len(line) - 5)
        wrong = line[:at] + chance.choice(slips.get(line[at]) or [line[at]]) + line[at + 1 :]
        # What could mean something else is no near-duplicate: the search is measured, not the judge.
        if len(planted) < count // 10 and wrong != line and alike(key(line), key(wrong), 90.0):
            planted.append(wrong)
    lines += planted
    chance.shuffle(lines)
    path = bench.scratch / "lines.txt"
    path.write_text("\n".join(lines), "utf-8")
    ours = Side(sys.executable, REPEATS, str(path), str(1 << 40))
    bounded = Side(sys.executable, REPEATS, str(path), "500000")
    theirs = Side(bench.peers, ALL_PAIRS, str(path), "200")
    minhash = Side(bench.peers, MINHASH, str(path), str(count // 20))
    found = in_turn(
        {"zhnorm": ours, "bounded": bounded, "rapidfuzz": theirs, "datasketch": minhash}, min(bench.runs, 3)
    )
    all_pairs = found["rapidfuzz"] * count / 200 / 2
    print(f"\nduplicates: {count:,} lines")
    print(
        f"  zhnorm                           {found['zhnorm']:10.2f} s, {len(ours.result):,} of {len(planted):,} found"
    )
    print(
        f"  zhnorm, memory bounded           {found['bounded']:10.2f} s, {len(bounded.result):,} of {len(planted):,} found"
    )
    print(f"  rapidfuzz all pairs, from a part {all_pairs:10.2f} s   {all_pairs / found['zhnorm']:8.0f} x")
    print(
        f"  datasketch MinHash, from a part  {20 * found['datasketch']:10.2f} s   {20 * found['datasketch'] / found['zhnorm']:8.1f} x"
    )
    return {
        "lines": count,
        "found": len(ours.result),
        "found in bounded memory": len(bounded.result),
        "planted": len(planted),
        "seconds": found | {"all pairs": all_pairs},
    }


def paragraphs(megabytes: float) -> str:
    """Different paragraphs, numbered, of the example."""
    lines = [line for line in EXAMPLE.read_text("utf-8").split("\n") if len(line) > 40]
    size = sum(len(line.encode()) + 7 for line in lines)
    return "".join(f"{number}、{line}\n" for number in range(int(megabytes * 1e6 / size) + 1) for line in lines)


def size(bench: Bench) -> dict[str, Any]:
    """One document of growing size."""
    found = {}
    print("\none document")
    for megabytes in (0.001, 0.01, 0.1, 1.0, 10.0, 100.0):
        path = bench.scratch / "text.txt"
        path.write_text(paragraphs(megabytes)[: int(megabytes * 1e6 / 2.8)], "utf-8")
        side = Side(sys.executable, CLEAN_TEXT, str(path))
        least = side.size
        seconds = in_turn({"zhnorm": side}, 1 if megabytes > 10 else 3)["zhnorm"]
        found[str(least)] = seconds
        print(
            f"  {least / 1e6:8.3f} MB   {least / 1e6 / seconds:6.2f} MB/s   {1e9 * seconds / least:7.1f} ms/MB",
            flush=True,
        )
    return found


def rules(bench: Bench) -> dict[str, Any]:
    """The same text with 1, 100 and 1,000 rules."""
    path = bench.scratch / "rules.txt"
    path.write_text(paragraphs(1), "utf-8")
    sides = {f"{count:,} rules": Side(sys.executable, RULES, str(path), str(count)) for count in (1, 100, 1000)}
    return bench.compare("rules", sides)


PARTS: dict[str, Callable[[Bench], dict[str, Any]]] = {
    part.__name__: part for part in (pages, documents, duplicates, size, rules)
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--only", choices=list(PARTS), action="append")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--base")
    parser.add_argument("--twins", action="store_true")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--archive", type=Path, default=HERE / "runs")
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        peers = environment(
            wish.peers or Path(folder, "peers"), "opencc", "zhconv-rs", "rapidfuzz", "numpy", "datasketch"
        )
        bench = Bench(wish.pages.resolve(), Path(folder), peers, wish.base, wish.twins, wish.runs)
        results = {name: PARTS[name](bench) for name in wish.only or PARTS}
    wish.archive.mkdir(exist_ok=True)
    today = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
    archive = wish.archive / f"{today}-{'-'.join(wish.only or ['all'])}.json"
    record = {
        "date": today,
        "versions": versions(sys.executable, peers),
        "base": versions(wish.base) if wish.base else None,
        "results": results,
    }
    archive.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if "size" in results:
        (wish.archive / "size.svg").write_text(draw(results["size"]), "utf-8")
    print(f"\narchived in {archive}")


if __name__ == "__main__":
    main()
