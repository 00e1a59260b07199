"""Conversion: how soon the first text is converted, what the tables take, and speed in turn with the peers.

    python benchmarks/conversion.py                  texts made of the example article, in either script
    python benchmarks/conversion.py --text big.txt --simplified other.txt     your own, UTF-8
    python benchmarks/conversion.py --peers VENV     an environment that has the peers already
    python benchmarks/conversion.py --sizes 1000,1000000 --only s2t           other sizes, in bytes; one direction

OpenCC's wheel and opencc-python-reimplemented install a module of the same name, so the peers live in an environment of
their own, made here. Each side runs in a process that stays open and converts for a fifth of a second whenever it is
told to; the sides take turns, and the least of the times and their ratio are printed, for a text of each size. zhnorm
converts with numpy loaded, as in a long run; directions into Simplified get the Traditional text, the others the Simplified one.

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
text = text[:{most} or len(text)].encode()[:{size}].decode(errors="ignore")
for _ in range(50):
    convert(text)
    if len(text) > 10_000:
        break
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
Pair = tuple[str, bool, str, str, int]
PAIRS: list[Pair] = [
    ("hans", False, "zhconv-rs", "zh-hans", 0),
    ("hans", False, "OpenCC", "t2s", 0),
    ("hans", False, "opencc-python-reimplemented", "t2s", 100_000),
    ("t2s", True, "opencc-python-reimplemented", "t2s", 100_000),
    ("s2t", False, "OpenCC", "s2t", 0),
    ("tw", False, "OpenCC", "s2tw", 0),
    ("s2twp", False, "OpenCC", "s2twp", 0),
]
FROM_SIMPLIFIED = ("s2t", "tw", "s2twp")


class Worker:
    """A process that converts one text again and again, and tells how long it took."""

    def __init__(self, python: str, setup: str, path: Path, most: int, size: int) -> None:
        code = WORKER.format(setup=setup, path=str(path), most=most, size=size)
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

    def close(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        self.process.wait()


def peer_setup(peer: str, direction: str) -> str:
    return (ZHCONV if peer == "zhconv-rs" else OPENCC).format(direction=direction)


def make_peers(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "opencc", "zhconv-rs"], check=True)
    return folder


def compare(pair: Pair, text: Path, size: int, python: str, runs: int) -> None:
    ours, exact, peer, theirs, most = pair
    sides = [
        Worker(sys.executable, OURS.format(direction=ours, exact=exact), text, 0, size),
        Worker(python, peer_setup(peer, theirs), text, most, size),
    ]
    times: list[list[float]] = [[], []]
    for _ in range(runs):
        for side, taken in zip(sides, times, strict=True):
            taken.append(side.seconds())
    speed = [side.size / 1e6 / min(taken) for side, taken in zip(sides, times, strict=True)]
    name = f"{ours}{' exact' if exact else ''}"
    other = f"{peer} {theirs}"
    sizes = f"{size / 1000:6.0f} KB"
    print(f"{name:10} {sizes} {speed[0]:7.1f} MB/s   {other:32} {speed[1]:7.1f} MB/s   {speed[0] / speed[1]:6.2f} x")
    for side in sides:
        side.close()


def costs(direction: str, exact: bool, text: Path, runs: int) -> None:
    def run(code: str) -> float:
        code = code.format(direction=direction, exact=exact, path=str(text))
        return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)

    first = statistics.median(run(FIRST) for _ in range(runs))
    name = f"{direction}{' exact' if exact else ''}"
    print(f"{name:10} first conversion {first * 1000:5.0f} ms   tables {run(TABLES) / 1e6:5.1f} MB")


def texts(folder: Path, wish: argparse.Namespace) -> dict[bool, Path]:
    """The text for each direction: the Simplified one for those into Traditional, and the other."""
    from zhnorm import convert

    found = {True: wish.simplified, False: wish.text}
    article = EXAMPLE.read_text("utf-8")
    for is_simplified, text in found.items():
        if text is None:
            found[is_simplified] = folder / f"{is_simplified}.txt"
            found[is_simplified].write_text(convert(article, "hans" if is_simplified else "tw") * 400, "utf-8")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, help="Traditional")
    parser.add_argument("--simplified", type=Path)
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--sizes", default="1000,30000,1000000")
    parser.add_argument("--only")
    parser.add_argument("--runs", type=int, default=7)
    wish = parser.parse_args()
    pairs = [pair for pair in PAIRS if wish.only in (None, pair[0])]
    with tempfile.TemporaryDirectory() as folder:
        of = texts(Path(folder), wish)
        for ours, exact in [*dict.fromkeys(pair[:2] for pair in pairs), ("tw2sp", False)]:
            costs(ours, exact, of[ours in FROM_SIMPLIFIED], wish.runs)
        peers = wish.peers or make_peers(Path(folder, "peers"))
        for pair in pairs:
            python = sys.executable if pair[2].startswith("opencc-python") else str(peers / "bin" / "python")
            for size in map(int, wish.sizes.split(",")):
                compare(pair, of[pair[0] in FROM_SIMPLIFIED], size, python, wish.runs)


if __name__ == "__main__":
    main()
