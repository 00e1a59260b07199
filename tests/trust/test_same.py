"""One digest, whatever is different around a run: number of workers, hash seeds, locales, time zones, order of creation, Pythons."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import SOURCE, environment, tree

LINE = "網絡上的第{}句話，說得很完整，而且每一句都不相同。\n"
PYTHONS = [name for name in ("python3.11", "python3.12", "python3.13", "python3.14") if shutil.which(name)]


def make(folder: Path, order: int) -> None:
    """The same 24 files, two of which cannot be cleaned, made in different orders."""
    names = [f"{number % 3}/{number:02}.txt" for number in range(24)]
    random.Random(order).shuffle(names)
    for name in names:
        dice = random.Random(name)
        rows = [LINE.format(dice.randrange(40)) for _ in range(dice.randrange(5, 60))]
        data = "分享到：微博\n".join(rows).encode(dice.choice(["utf-8", "gb18030", "big5"]))
        if name.endswith(("07.txt", "20.txt")):
            data = b"\x89PNG\r\n\x1a\n"
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def digest(folder: Path, python: str = sys.executable, *arguments: str, **extra: str) -> str:
    """One digest of everything that a run leaves: tree, journal, ledger, report, messages, exit code."""
    command = [python, "-m", "zhnorm", "clean", "in", "-o", "out", "--ledger", "why", "--report", "report", *arguments]
    done = subprocess.run(command, cwd=folder, env=environment(**extra), capture_output=True, check=False)
    found = hashlib.sha256(f"{done.returncode}\n".encode() + done.stderr)
    assert done.returncode == 3, done.stderr.decode()
    for name, data in tree(folder).items():
        if not name.startswith("in/"):
            found.update(f"{name} {len(data)}\n".encode("utf-8", "surrogateescape") + data)
    shutil.rmtree(folder / "out")
    (folder / "why").unlink()
    (folder / "report").unlink()
    return found.hexdigest()


def surroundings(*, every: bool) -> list[tuple[str, str, str, str, int]]:
    """Workers, hash seed, locale, time zone, order of creation: every combination, or three that differ in everything."""
    some = [
        ("1", "0", "C", "UTC", 1),
        ("2", "1", "zh_TW.Big5", "Asia/Taipei", 2),
        ("8", "4711", "C.UTF-8", "Pacific/Apia", 3),
    ]
    if not every:
        return some
    jobs, seeds, locales, zones, orders = zip(*some, strict=True)
    return list(itertools.product(jobs, seeds[1:], locales[1:], zones[1:], orders[1:]))


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.long)])
def test_one_digest(every: bool, tmp_path: Path) -> None:
    for order in (1, 2, 3):
        make(tmp_path / str(order) / "in", order)
    seen = {
        digest(
            tmp_path / str(order),
            sys.executable,
            "--jobs",
            jobs,
            PYTHONHASHSEED=seed,
            LC_ALL=locale,
            LANG=locale,
            TZ=zone,
        )
        for jobs, seed, locale, zone, order in surroundings(every=every)
    }
    assert len(seen) == 1


@pytest.mark.long
@pytest.mark.skipif(len(PYTHONS) < 2, reason="needs several Pythons")
def test_one_digest_with_every_python(tmp_path: Path) -> None:
    """Every Python on the path (`python3.12` …) in an environment of its own; needs a package index."""
    make(tmp_path / "run" / "in", 1)
    seen = {digest(tmp_path / "run")}
    for name in PYTHONS:
        folder = tmp_path / name
        subprocess.run([name, "-m", "venv", folder], check=True)
        python = str(folder / "bin" / "python")
        install = [python, "-m", "pip", "install", "-q", str(SOURCE.parent)]
        subprocess.run(install, check=True, capture_output=True)
        seen.add(digest(tmp_path / "run", python, PYTHONPATH=os.devnull))
    assert len(seen) == 1
