"""Many small files: speed with one and with two workers in turn, and memory that must not grow with their number.

    python benchmarks/batch.py                    100,000 files
    python benchmarks/batch.py --files 10000      fewer

Two virtual processors are often one real one: two runs apart, each with half of the files, show what can be had.
Files are invented pages of 1 to 3 KB. Memory is the peak of the process that runs everything and of its largest worker.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

_HAN = [chr(code) for code in range(0x4E00, 0x9000, 7)]


def make(folder: Path, files: int) -> None:
    """Pages of a title, some paragraphs and a share bar, a thousand in a folder."""
    dice = random.Random(1)
    sentences = ["".join(dice.choices(_HAN, k=dice.randrange(15, 40))) + "。" for _ in range(5000)]
    for number in range(files):
        if not number % 1000:
            (folder / f"{number // 1000:03}").mkdir(parents=True)
        title = f"{sentences[number % 5000][:-1]}{number}"
        body = ["".join(dice.choices(sentences, k=3)) for _ in range(dice.randrange(3, 9))]
        text = "\n".join([title, "分享到：微博 微信", title, *body, "責任編輯：王小明"])
        (folder / f"{number // 1000:03}" / f"{number:06}.txt").write_text(text + "\n", "utf-8")


def run(source: Path, target: Path, jobs: int, *, again: bool = False) -> tuple[float, dict[str, float]]:
    """Seconds, and peaks of memory in megabytes; `again` leaves the output of the run before in its place."""
    if not again:
        shutil.rmtree(target, ignore_errors=True)
    command = [sys.executable, "-m", "zhnorm", "clean", str(source), "-o", str(target), "--jobs", str(jobs), "-q"]
    begun = time.monotonic()
    process = subprocess.Popen(command)
    peaks: dict[str, float] = {"first": 0.0, "worker": 0.0}
    watcher = threading.Thread(target=_watch, args=(process.pid, peaks))
    watcher.start()
    code = process.wait()
    seconds = time.monotonic() - begun
    watcher.join()
    if code:
        raise SystemExit(f"exit code {code}")
    return seconds, peaks


def apart(source: Path, target: Path) -> float:
    """Seconds that two runs of one worker need, each for half of the files: no pool can do better on this machine."""
    shutil.rmtree(target, ignore_errors=True)
    command = [sys.executable, "-m", "zhnorm", "clean", str(source), "--jobs", "1", "-q"]
    begun = time.monotonic()
    halves = [
        subprocess.Popen([*command, "-o", str(target / half), "--include", f"*[{half}].txt"])
        for half in ("02468", "13579")
    ]
    if sum(half.wait() != 0 for half in halves):
        raise SystemExit("a run failed")
    return time.monotonic() - begun


def _watch(process: int, peaks: dict[str, float]) -> None:
    while os.path.exists(f"/proc/{process}/status"):
        try:
            peaks["first"] = max(peaks["first"], _peak(process))
            for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
                peaks["worker"] = max(peaks["worker"], _peak(int(child)))
        except OSError:
            pass
        time.sleep(0.05)
        if _is_over(process):
            return


def _is_over(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _peak(process: int) -> float:
    for line in Path(f"/proc/{process}/status").read_text().split("\n"):
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Make the files, clean them, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=int, default=100_000, help="how many (100,000)")
    parser.add_argument("--turns", type=int, default=2, help="how often each number of workers takes its turn (2)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder / "few", 1000)
        make(folder / "many", options.files)
        size = sum(path.stat().st_size for path in (folder / "many").rglob("*.txt")) / 1e6
        few = run(folder / "few", folder / "out", 2)[1]
        best = {1: 1e9, 2: 1e9}
        ceiling = 1e9
        many = {"first": 0.0, "worker": 0.0}
        for _ in range(options.turns):
            for jobs in (1, 2):
                seconds, peaks = run(folder / "many", folder / "out", jobs)
                best[jobs] = min(best[jobs], seconds)
                if jobs == 2:
                    many = {name: max(many[name], peaks[name]) for name in many}
                print(
                    f"{jobs} workers: {seconds:.1f} s, {options.files / seconds:,.0f} files/s, {size / seconds:.2f} MB/s",
                    flush=True,
                )
            ceiling = min(ceiling, apart(folder / "many", folder / "apart"))
        print(f"two runs apart, each with half of the files, are {best[1] / ceiling:.2f} times as fast as one")
        print(f"2 workers are {best[1] / best[2]:.2f} times as fast as 1")
        print(f"a second run, with nothing to do: {run(folder / 'many', folder / 'out', 2, again=True)[0]:.1f} s")
        for who in many:
            print(f"memory of the {who}: {few[who]:.0f} MB with 1,000 files, {many[who]:.0f} MB with {options.files:,}")


if __name__ == "__main__":
    main()
