"""Several processes clean a folder: the same result as one, no orphans, and one that dies costs one file at most."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import COMMAND, TooLateError, environment, still_runs, tree, while_it_runs, zhnorm

LINE = "網絡上的第{}句話，說得很完整，而且每一句都不相同。\n"


def pages(folder: Path, count: int, rows: int = 20) -> None:
    """Files of very different sizes, in two folders."""
    dice = random.Random(7)
    for number in range(count):
        text = "分享到：微博\n".join(LINE.format(f"{number}之{row}") for row in range(dice.randrange(1, 2 * rows)))
        path = folder / f"{number % 2}" / f"{number:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def workers_of(process: subprocess.Popen[bytes]) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(child) for child in children.read_text().split()] if children.exists() else []


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    pages(tmp_path / "in", 30)
    (tmp_path / "in" / "0" / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    seen = []
    for jobs in ("1", "3"):
        done = zhnorm("clean", "in", "-o", f"out{jobs}", "--ledger", f"why{jobs}", "--jobs", jobs, cwd=tmp_path)
        diff = zhnorm("clean", "in", "--diff", "--jobs", jobs, cwd=tmp_path)
        assert (done.code, diff.code) == (3, 3)
        assert "0/image.txt: looks like a PNG image" in done.err
        seen.append(
            (tree(tmp_path / f"out{jobs}", journal=True), (tmp_path / f"why{jobs}").read_bytes(), done.err, diff.out)
        )
    assert seen[0] == seen[1]
    assert len(seen[0][0]) == 31, "30 pages and the journal"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
@while_it_runs
def test_no_worker_outlives_the_run(number: signal.Signals, tmp_path: Path) -> None:
    pages(tmp_path / "in", 300)
    command = [*COMMAND, "clean", "in", "-o", "out", "--jobs", "3"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=pipe, start_new_session=True) as process:
        assert process.stderr is not None
        out = tmp_path / "out"
        while not (out / "0").exists() or len(list((out / "0").glob("[0-9]*"))) < 3:
            still_runs(process)
            time.sleep(0.01)
        workers = workers_of(process)
        begun = time.monotonic()
        if number is signal.SIGINT:
            os.killpg(process.pid, number)  # as a terminal does
        else:
            process.send_signal(number)
        if process.wait(30) == 0:
            raise TooLateError
        assert process.returncode == -number
        assert time.monotonic() - begun < 10, "2 s are promised; more is the machine's"
        said = b"" if number is signal.SIGKILL else b"zhnorm: interrupted; the same command goes on from there\n"
        assert process.stderr.read() == said
    assert workers
    deadline = time.monotonic() + 10
    while any(map(is_alive, workers)):
        assert time.monotonic() < deadline, "a worker is left"
        time.sleep(0.05)
    files = tree(out)
    if number is not signal.SIGKILL:
        assert not [name for name in files if ".zhnorm-" in name]
    for name, data in files.items():
        if ".zhnorm" not in name:
            assert data.endswith(b"\n")


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@pytest.mark.parametrize("milliseconds", [0, 3, 10, 25])
@while_it_runs
def test_ctrl_c_while_workers_are_started_is_quiet(milliseconds: int, tmp_path: Path) -> None:
    pages(tmp_path / "in", 60)
    command = [*COMMAND, "clean", "in", "-o", "out", "--jobs", "6"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=pipe, start_new_session=True) as process:
        assert process.stderr is not None
        while not workers_of(process):
            still_runs(process)
        time.sleep(milliseconds / 1000)
        os.killpg(process.pid, signal.SIGINT)
        if process.wait(30) == 0:
            raise TooLateError
        assert process.returncode == -signal.SIGINT
        assert process.stderr.read() == b"zhnorm: interrupted; the same command goes on from there\n"


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")
@while_it_runs
def test_a_worker_that_is_killed_costs_nothing(tmp_path: Path) -> None:
    pages(tmp_path / "in", 80)
    assert zhnorm("clean", "in", "-o", "whole", "--ledger", "whole.jsonl", "--jobs", "1", cwd=tmp_path).code == 0
    command = [*COMMAND, "clean", "in", "-o", "out", "--ledger", "why.jsonl", "--jobs", "2"]
    victim = None  # one alone: a document on which two workers died is a failure
    with subprocess.Popen(command, cwd=tmp_path, env=environment()) as process:
        while process.poll() is None:
            if victim is None and (workers := workers_of(process)):
                victim = workers[0]
                os.kill(victim, signal.SIGKILL)
            time.sleep(0.05)
    assert process.returncode == 0
    if not victim:
        raise TooLateError
    assert tree(tmp_path / "out", journal=True).keys() == tree(tmp_path / "whole", journal=True).keys(), (
        "no temporary file"
    )
    assert tree(tmp_path / "out") == tree(tmp_path / "whole")
    assert (tmp_path / "why.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
