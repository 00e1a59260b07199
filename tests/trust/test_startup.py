"""Starting is quick: people run this in loops and completion runs it at every Tab."""

import subprocess
import sys
import time
from pathlib import Path

from tests.command import COMMAND, environment


def seconds(*commands: list[str]) -> list[float]:
    """The best time of each command, taken in turn so that a busy machine is unfair to none of them."""
    best = [9.0] * len(commands)
    for _ in range(9):
        for index, command in enumerate(commands):
            begin = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True, env=environment())
            best[index] = min(best[index], time.perf_counter() - begin)
    return best


def test_startup(tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    lines = (f"這是第{number}段，說的是網絡上的事情，每一段都有一點不同。\n" for number in range(120))
    page.write_bytes("".join(lines).encode()[:10_000])
    yardstick, version, clean = seconds(
        [sys.executable, "-c", "import click"], [*COMMAND, "--version"], [*COMMAND, "clean", str(page)]
    )
    assert version <= 2.5 * yardstick, f"--version takes {version / yardstick:.1f} times as long as importing click"
    assert clean <= 4 * yardstick, f"10 KB take {clean / yardstick:.1f} times as long as importing click"
