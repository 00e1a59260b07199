"""Running the command inside the test's own process: for tests of many small cases."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest

from zhnorm.cli.commands import run

GOOD = "網絡上的一句話，說得很完整。\n"
CLEAN = "网络上的一句话，说得很完整。\n".encode()


class Called(NamedTuple):
    """How a call ended."""

    code: int
    out: str
    err: str


class Caller:
    """Calls the command in a folder."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capture = capture

    def __call__(self, *arguments: str) -> Called:
        self._capture.readouterr()
        code = run(arguments)
        return Called(code, *self._capture.readouterr())

    def write(self, *names: str, text: str = GOOD) -> None:
        """Make files of the same text."""
        for name in names:
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
