"""The time for a text grows with its size and no faster, whatever it looks like."""

import subprocess
import sys
from pathlib import Path

import pytest
from fuzz.__main__ import LAWS, main
from fuzz.shapes import SHAPES

from zhnorm import Cleaner

ROOT = Path(__file__).parents[2]


@pytest.mark.long
@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_takes_twice_the_time(shape: str) -> None:
    command = [sys.executable, "-m", "fuzz.shapes", shape]
    measured = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert measured.returncode == 0, measured.stdout + measured.stderr


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_is_cleaned_and_settled(shape: str) -> None:
    cleaner = Cleaner()
    once = cleaner.clean(SHAPES[shape](6000))
    assert cleaner.clean(once) == once


@pytest.mark.parametrize("count", [40, pytest.param(10_000, marks=pytest.mark.long)])
def test_broken_pages_break_no_law(
    count: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["fuzz", "--count", str(count), "--seed", "500000"])
    assert main() == 0, capsys.readouterr().out
    assert len(LAWS) == 5
