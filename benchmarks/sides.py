"""Sides of a comparison: each runs in a process and an environment of its own, and they take turns.

A side is a piece of Python that defines `work()`, the thing to time, and `size`, the bytes that it works on. Its process stays
open. Whenever it is told to, it works for a while and answers with the processor time of one `work()`: on a shared machine
that drifts less than the time on the clock, and all sides here are single-threaded.
"""

from __future__ import annotations

import json
import platform
import statistics
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

LOOP = """
import sys, time, json
{setup}
print(size, flush=True)
for line in sys.stdin:
    least, times = float(line), 0
    start = time.process_time()
    while not times or time.process_time() < start + least:
        result = work()
        times += 1
    print(json.dumps([(time.process_time() - start) / times, result if isinstance(result, list) else None]), flush=True)
"""

VERSIONS = """
import importlib.metadata as known, json
print(json.dumps({each.metadata["Name"]: each.version for each in known.distributions()}))
"""


class Side:
    """One side of a comparison.

    Args:
        python: the interpreter of its environment.
        setup: code that defines `work` and `size`.
        arguments: what the code finds in `sys.argv`.
    """

    def __init__(self, python: str, setup: str, *arguments: str) -> None:
        command = [python, "-c", LOOP.replace("{setup}", setup), *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.size = int(self._answer())
        self.result: Any = None

    def seconds(self, least: float) -> float:
        """Work for so many seconds or once, whichever is longer; the processor time of one piece of work."""
        assert self.process.stdin
        self.process.stdin.write(f"{least}\n")
        self.process.stdin.flush()
        seconds, self.result = json.loads(self._answer())
        return float(seconds)

    def _answer(self) -> str:
        assert self.process.stdout
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit("a side ended early; what it said is above")
        return answer

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def in_turn(sides: dict[str, Side], runs: int, least: float = 0.3) -> dict[str, float]:
    """The median seconds of each side, all of them asked in turn; each works once unmeasured before."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    for side in sides.values():
        side.seconds(0)
    for _ in range(runs):
        for name, side in sides.items():
            times[name].append(side.seconds(least))
    for side in sides.values():
        side.end()
    return {name: statistics.median(taken) for name, taken in times.items()}


def environment(folder: Path, *packages: str) -> str:
    """The interpreter of an environment with these packages, made if it is not there."""
    python = folder / "bin" / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return str(python)


def versions(*pythons: str) -> dict[str, Any]:
    """What ran: the interpreter, the machine's kind, and the packages of every environment."""
    found: dict[str, str] = {}
    for python in pythons:
        answer = subprocess.run([python, "-c", VERSIONS], check=True, capture_output=True, text=True)
        found |= json.loads(answer.stdout)
    return {"python": platform.python_version(), "machine": platform.machine(), "packages": dict(sorted(found.items()))}
