"""What a ledger costs: cleaning with one and without, in turn.

    python benchmarks/ledger.py                  the pages of tests/cases and the example article, many times
    python benchmarks/ledger.py scraped/ 5       a folder of text files, five turns

Figures are medians of the processor time of one process, without reading and writing files; the share is that of the run with a ledger.
"""

from __future__ import annotations

import argparse
import io
import statistics
import time
from pathlib import Path

from zhnorm import Cleaner
from zhnorm.batch.job import Job
from zhnorm.batch.run import Watcher, run
from zhnorm.ledger.write import LedgerWriter

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "examples" / "article.txt", *sorted((ROOT / "tests" / "cases").rglob("*.txt"))]


def seconds(cleaner: Cleaner, pages: list[bytes], *, ledger: bool) -> tuple[float, int]:
    """Processor time for all pages, and the size of the ledger."""
    out, written = io.BytesIO(), io.BytesIO()
    jobs = [Job(str(number), io.BytesIO(page), out) for number, page in enumerate(pages)]
    start = time.process_time()
    for _ in run(cleaner, jobs, [Watcher(LedgerWriter, written.write)] if ledger else [], digests=ledger):
        pass
    return time.process_time() - start, written.tell()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", metavar="FOLDER")
    parser.add_argument("turns", type=int, nargs="?", default=7, metavar="TURNS")
    wish = parser.parse_args()
    folder, turns = wish.folder, wish.turns
    paths = sorted(path for path in folder.rglob("*") if path.is_file()) if folder else PAGES * 10
    if not paths:
        parser.error(f"{folder}: no files")
    pages = [path.read_bytes() for path in paths]
    print(f"{len(pages):,} pages, {sum(map(len, pages)) / 1e6:.1f} MB")
    for profile in ("article", "page", "gentle"):
        cleaner = Cleaner(profile=profile)
        seconds(cleaner, pages, ledger=True)
        plain, full, size = [], [], 0
        for _ in range(turns):
            plain.append(seconds(cleaner, pages, ledger=False)[0])
            taken, size = seconds(cleaner, pages, ledger=True)
            full.append(taken)
        without, with_one = statistics.median(plain), statistics.median(full)
        share = (with_one - without) / with_one
        print(
            f"{profile:<8} {without:7.3f} s  with a ledger {with_one:7.3f} s  share {share:5.1%}  ledger {size / 1e6:.1f} MB"
        )


if __name__ == "__main__":
    main()
