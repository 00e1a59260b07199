"""Whole processes: how long the command takes to start and to clean one page, and how much memory an endless pipe takes.

    python benchmarks/process.py             start-up, in turn with `python -c "import click"`
    python benchmarks/process.py --pipe 1000 also a pipe of 1,000 MB: peak memory, MB/s, time to the first output

Figures are medians of processor time in runs made in turn; quote the ratios, machines differ. The package should be installed from a
wheel (`pip install .`), as users have it: a checkout makes its tables at every start once a rule was changed.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "examples" / "article.txt"
ZHNORM = [sys.executable, "-m", "zhnorm"]
# An installed package is compiled once; where a checkout may not keep the result, it would be compiled at every start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def seconds(command: list[str]) -> float:
    """Processor time of a process: what else the machine does changes it less than the time that passes."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, command
    return usage.ru_utime + usage.ru_stime


def start_up(runs: int) -> None:
    """Compare `--version` and a 10 KB page with the import of click, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "page.txt")
        page.write_bytes(PAGE.read_bytes()[:10_240].decode("utf-8", "ignore").encode())
        commands = {
            'python -c "import click"': [sys.executable, "-c", "import click"],
            "zhnorm --version": [*ZHNORM, "--version"],
            "zhnorm clean page.txt (10 KB)": [*ZHNORM, "clean", str(page)],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        for command in commands.values():
            seconds(command)
        for _ in range(runs):
            for name, command in commands.items():
                times[name].append(seconds(command))
    base = statistics.median(next(iter(times.values())))
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"{name:34} {1000 * middle:7.0f} ms   {middle / base:5.2f} x")


def pipe(megabytes: int) -> None:
    """Feed a pipe of distinct paragraphs and watch the process."""
    command = subprocess.Popen([*ZHNORM, "clean"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert command.stdin
    assert command.stdout
    first: list[float] = []
    start = time.perf_counter()

    def drain() -> None:
        while chunk := os.read(command.stdout.fileno(), 1 << 16):  # type: ignore[union-attr]
            if not first:
                first.append(time.perf_counter() - start)
            del chunk

    reader = threading.Thread(target=drain)
    reader.start()
    lines = PAGE.read_text("utf-8").split("\n")
    written = number = 0
    while written < megabytes * 1_000_000:
        piece = "".join(f"{number + i}、{line}\n" for i, line in enumerate(lines)).encode()
        command.stdin.write(piece)
        written, number = written + len(piece), number + len(lines)
    command.stdin.close()
    reader.join()
    command.wait()
    taken = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"pipe of {written / 1e6:.0f} MB: peak {peak:.0f} MB, {written / 1e6 / taken:.1f} MB/s, first output after {first[0]:.2f} s"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--pipe", type=int, metavar="MB", default=0)
    wish = parser.parse_args()
    start_up(wish.runs)
    if wish.pipe:
        pipe(wish.pipe)
