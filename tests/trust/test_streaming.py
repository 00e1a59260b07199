"""A pipe answers while its input is open, and any size of it fits into little memory."""

import os
import select
import subprocess
import threading
from pathlib import Path

import pytest

from tests.command import COMMAND, environment

LINE = "網絡上的第{}句話，說得很完整，而且每一句都不相同。\n"


@pytest.mark.parametrize(
    "arguments",
    [["convert"], ["clean", "--no-reading", "--no-titles", "--no-boilerplate", "--no-edges", "--no-fuzzy"]],
)
def test_a_pipe_answers_line_by_line(arguments: list[str]) -> None:
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, *arguments], stdin=pipe, stdout=pipe, env=environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(LINE.format(number).encode())
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], 30)
            assert ready, "no answer while the input is open"
            answer = os.read(process.stdout.fileno(), 1 << 16).decode()
            assert answer == LINE.format(number).replace("網絡", "网络").replace("話", "话").replace("說", "说")
        process.stdin.close()
        assert process.wait(30) == 0


def test_a_pipe_longer_than_the_window_answers_before_its_end() -> None:
    text = "".join(LINE.format(number) for number in range(20_000)).encode()
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, "clean"], stdin=pipe, stdout=pipe, env=environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        feeder = threading.Thread(target=process.stdin.write, args=(text,))
        feeder.start()
        ready, _, _ = select.select([process.stdout], [], [], 60)
        assert ready, "no answer while the input is open"
        reader = threading.Thread(target=process.stdout.read)
        reader.start()
        feeder.join()
        process.stdin.close()
        reader.join()


def peak_megabytes(arguments: list[str], megabytes: int, folder: Path) -> float:
    """Peak memory of the command while so much text goes through it."""
    block = "".join(LINE.format(f"{number}號") for number in range(10_000)).encode()
    with (folder / "out").open("wb") as out:
        process = subprocess.Popen([*COMMAND, *arguments], stdin=subprocess.PIPE, stdout=out, env=environment())
        assert process.stdin is not None
        for _ in range(megabytes * 1_000_000 // len(block)):
            process.stdin.write(block)
        process.stdin.close()
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / 1024


@pytest.mark.parametrize("command", ["clean", "convert"])
def test_memory_does_not_grow(command: str, tmp_path: Path) -> None:
    small, large = (peak_megabytes([command], size, tmp_path) for size in (10, 40))
    assert large < small + 40


@pytest.mark.long
@pytest.mark.parametrize("command", ["clean", "convert"])
def test_a_gigabyte_fits(command: str, tmp_path: Path) -> None:
    assert peak_megabytes([command], 1000, tmp_path) < 130
