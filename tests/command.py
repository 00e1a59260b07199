"""Running the real command in a process of its own, as users do."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

import zhnorm as package

SOURCE = Path(package.__file__).resolve().parent.parent
COMMAND = [sys.executable, "-m", "zhnorm"]


def environment(**extra: str) -> dict[str, str]:
    """The environment of a test: this zhnorm in English, no terminal's habits."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ZHNORM", "_ZHNORM"))}
    path = os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(SOURCE)]))
    return {**kept, "PYTHONPATH": path, "COLUMNS": "100", "ZHNORM_LANG": "en", **extra}


def zhnorm(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None, **extra: str) -> Finished:
    """Run `zhnorm` to its end."""
    command = [*COMMAND, *map(str, arguments)]
    done = subprocess.run(
        command, input=stdin, capture_output=True, check=False, cwd=cwd, env=environment(**extra), timeout=120
    )
    return Finished(done.returncode, done.stdout, done.stderr.decode("utf-8"))


class Finished:
    """How a command ended."""

    def __init__(self, code: int, out: bytes, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    def __repr__(self) -> str:
        return f"exit {self.code}\nstdout: {self.out[:2000]!r}\nstderr: {self.err[:2000]}"

    def refuses(self, code: int, *words: str) -> bool:
        """Whether it ended with `code`, wrote no data, and said all of `words` in at most two lines, no traceback."""
        lines = self.err.splitlines()
        plain = len(lines) <= 2 and self.err.startswith("zhnorm: ") and "Traceback" not in self.err
        return self.code == code and self.out == b"" and plain and all(word in self.err for word in words)


def tree(folder: Path, *, journal: bool = False) -> dict[str, bytes]:
    """Every file below `folder` and its content; what a journal is kept in only if it is wanted."""
    files = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*")) if path.is_file()}
    return {name: path.read_bytes() for name, path in files.items() if journal or not name.startswith(".zhnorm/")}


def wait_for_group(group: int) -> None:
    """Until the workers of a killed command have noticed, and are gone."""
    deadline = time.monotonic() + 30
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.01)
        pytest.fail("workers outlive the command")


class TooLateError(Exception):
    """The command came to its end before it could be disturbed."""


def while_it_runs(test: Callable[..., None]) -> Callable[..., None]:
    """A test that disturbs a command, done again in another folder if the machine was so busy that it came too late."""

    @wraps(test)
    def again(tmp_path: Path, **others: Any) -> None:
        for attempt in range(20):
            folder = tmp_path / str(attempt)
            folder.mkdir()
            with suppress(TooLateError):
                test(tmp_path=folder, **others)
                return
        pytest.fail("always too late")

    return again


def killed_after(command: list[str], folder: Path, seconds: float, dice: random.Random) -> int:
    """Run a command, and kill it if it takes longer: now itself alone, now its workers with it. How it ended."""
    with subprocess.Popen([*COMMAND, *command], cwd=folder, env=environment(), start_new_session=True) as process:
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            (os.kill if dice.random() < 0.5 else os.killpg)(process.pid, signal.SIGKILL)
        process.wait()
        wait_for_group(process.pid)
    return process.returncode


def still_runs(process: subprocess.Popen[bytes]) -> None:
    """See that the command has not ended.

    Raises:
        TooLateError: it has, and well.
    """
    code = process.poll()
    if code == 0:
        raise TooLateError
    assert code is None
