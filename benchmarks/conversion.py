"""Conversion: how soon the first text is converted, what the tables take, and speed in turn with the peers.

    python benchmarks/conversion.py                  a text made of the example article
    python benchmarks/conversion.py --text big.txt   your own, UTF-8
    python benchmarks/conversion.py --peers VENV     an environment that has the peers already

OpenCC's wheel and opencc-python-reimplemented install a module of the same name, so the peers live in an environment of
their own, made here. Each side runs in a process that stays open and converts for a fifth of a second whenever it is
told to; the sides take turns, and the medians and their ratio are printed. zhnorm converts with numpy loaded, as in a
long run.

Before that, for each direction of zhnorm in processes of its own: the time from `import zhnorm` to the first thousand
characters converted, and the memory that its tables hold once they are all built (without numpy itself).
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[1] / "examples" / "article.txt"

WORKER = """
import sys, time
{setup}
text = open({path!r}, encoding="utf-8").read()
text = text[:{most} or len(text)]
convert(text)
print(len(text.encode()), flush=True)
for _ in sys.stdin:
    start, times = time.perf_counter(), 0
    while time.perf_counter() < start + 0.2:
        convert(text)
        times += 1
    print((time.perf_counter() - start) / times, flush=True)
"""

FIRST = """
import time, zhnorm
start = time.perf_counter()
zhnorm.Converter({direction!r}, exact={exact}).convert(open({path!r}, encoding="utf-8").read(1000))
print(time.perf_counter() - start)
"""

TABLES = """
import gc, tracemalloc
import numpy
from zhnorm import Converter
text = open({path!r}, encoding="utf-8").read(1_000_000)
tracemalloc.start()
before = tracemalloc.get_traced_memory()[0]
convert = Converter({direction!r}, exact={exact}).convert
convert(text[:1000])
convert(text)
gc.collect()
print(tracemalloc.get_traced_memory()[0] - before)
"""

OURS = "import numpy; from zhnorm import Converter; convert = Converter({direction!r}, exact={exact}).convert"
OPENCC = "import opencc; convert = opencc.OpenCC({direction!r}).convert"
ZHCONV = "from zhconv_rs import zhconv; convert = lambda text: zhconv(text, {direction!r})"

# Our direction and whether exactly, the peer, its direction, and the most characters that a slow peer gets (0: all).
PAIRS = [
    ("hans", False, "zhconv-rs", "zh-hans", 0),
    ("hans", False, "OpenCC", "t2s", 0),
    ("hans", False, "opencc-python-reimplemented", "t2s", 100_000),
    ("t2s", True, "opencc-python-reimplemented", "t2s", 100_000),
    ("s2t", False, "OpenCC", "s2t", 0),
    ("tw", False, "OpenCC", "s2tw", 0),
    ("s2twp", False, "OpenCC", "s2twp", 0),
]


class Worker:
    """A process that converts one text again and again, and tells how long it took."""

    def __init__(self, python: str, setup: str, path: Path, most: int) -> None:
        code = WORKER.format(setup=setup, path=str(path), most=most)
        self.process = subprocess.Popen([python, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.size = int(self._answer())

    def _answer(self) -> str:
        assert self.process.stdout
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"a worker ended: {self.process.args}")
        return answer

    def seconds(self) -> float:
        assert self.process.stdin
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return float(self._answer())


def peer_setup(peer: str, direction: str) -> str:
    return (ZHCONV if peer == "zhconv-rs" else OPENCC).format(direction=direction)


def make_peers(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "opencc", "zhconv-rs"], check=True)
    return folder


def compare(ours: str, exact: bool, peer: str, theirs: str, most: int, text: Path, python: str, runs: int) -> None:
    sides = [
        Worker(sys.executable, OURS.format(direction=ours, exact=exact), text, 0),
        Worker(python, peer_setup(peer, theirs), text, most),
    ]
    times: list[list[float]] = [[], []]
    for _ in range(runs):
        for side, taken in zip(sides, times, strict=True):
            taken.append(side.seconds())
    speed = [side.size / 1e6 / statistics.median(taken) for side, taken in zip(sides, times, strict=True)]
    name = f"{ours}{' exact' if exact else ''}"
    other = f"{peer} {theirs}"
    print(f"{name:10} {speed[0]:7.1f} MB/s   {other:32} {speed[1]:7.1f} MB/s   {speed[0] / speed[1]:6.2f} x")


def costs(direction: str, exact: bool, text: Path, runs: int) -> None:
    def run(code: str) -> float:
        code = code.format(direction=direction, exact=exact, path=str(text))
        return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)

    first = statistics.median(run(FIRST) for _ in range(runs))
    name = f"{direction}{' exact' if exact else ''}"
    print(f"{name:10} first conversion {first * 1000:5.0f} ms   tables {run(TABLES) / 1e6:5.1f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        text = wish.text
        if text is None:
            text = Path(folder, "text.txt")
            text.write_text(EXAMPLE.read_text("utf-8") * 400, "utf-8")
        for ours, exact in [*dict.fromkeys(pair[:2] for pair in PAIRS), ("tw2sp", False)]:
            costs(ours, exact, text, wish.runs)
        peers = wish.peers or make_peers(Path(folder, "peers"))
        for ours, exact, peer, theirs, most in PAIRS:
            python = sys.executable if peer.startswith("opencc-python") else str(peers / "bin" / "python")
            compare(ours, exact, peer, theirs, most, text, python, wish.runs)


if __name__ == "__main__":
    main()
