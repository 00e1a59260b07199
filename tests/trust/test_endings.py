"""How the command ends: pipes that break, disks that are full, signals, kills."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.command import COMMAND, environment, tree, wait_for_group, zhnorm

LINE = "網絡上的第{}句話，說得很完整，而且每一句都不相同。\n"


def pages(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        text = "".join(LINE.format(f"{number}之{row}") for row in range(20))
        (folder / f"{number:03}.txt").write_bytes(text.encode())


@contextmanager
def running(
    *arguments: str, cwd: Path, stdout: int = subprocess.PIPE, group: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    """The command while it runs, in a process group of its own if wanted; whatever a test leaves of it is killed."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(),
        stdin=pipe,
        stdout=stdout,
        stderr=pipe,
        start_new_session=group,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                with suppress(BrokenPipeError):
                    stream.close()


@pytest.mark.parametrize("command", ["clean", "convert"])
def test_a_broken_pipe_is_silent_and_ends_by_sigpipe(tmp_path: Path, command: str) -> None:
    source = tmp_path / "page.txt"
    source.write_bytes("".join(LINE.format(number) for number in range(60_000)).encode())
    with running(command, str(source), "-q", cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.wait(60) == -signal.SIGPIPE
        assert process.stderr.read() == b""


def test_a_broken_pipe_leaves_no_temporary_ledger(tmp_path: Path) -> None:
    source = tmp_path / "page.txt"
    source.write_bytes("".join(LINE.format(number) for number in range(60_000)).encode())
    with running("clean", str(source), "--ledger", "why.jsonl", cwd=tmp_path) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(60) == -signal.SIGPIPE
    assert os.listdir(tmp_path) == ["page.txt"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("arguments", [["clean"], ["convert"], ["clean", "--diff"], ["--help"], ["rules", "list"]])
def test_a_full_disk_is_one_line_and_exit_4(arguments: list[str], tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full, running(*arguments, cwd=tmp_path, stdout=full.fileno()) as process:
        _, err = process.communicate(LINE.encode())
    assert process.returncode == 4
    assert err == b"zhnorm: standard output: No space left on device\n"


def test_a_full_disk_for_a_file_leaves_the_input(tmp_path: Path) -> None:
    assert zhnorm("clean", "-o", "/dev/full", stdin=LINE.encode()).refuses(4, "/dev/full: No space left")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_process_by_itself(number: signal.Signals, tmp_path: Path) -> None:
    with running("clean", "-", "-o", "out.txt", cwd=tmp_path) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write("".join(LINE.format(row) for row in range(100)).encode())
        process.stdin.flush()
        deadline = time.monotonic() + 30
        while not list(tmp_path.glob(".zhnorm-*")) and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(number)
        assert process.wait(30) == -number
        assert process.stderr.read() == b""
    assert os.listdir(tmp_path) == [], "no output and no temporary file"


def test_a_kill_leaves_whole_files_only(tmp_path: Path) -> None:
    pages(tmp_path / "in", 40)
    assert zhnorm("clean", "in", "-o", "whole", cwd=tmp_path).code == 0
    whole = tree(tmp_path / "whole")
    assert len(whole) == 40
    dice = random.Random(5)
    caught = attempt = 0
    while caught < 5:
        attempt += 1
        assert attempt < 100
        out = tmp_path / f"out{attempt}"
        wanted = dice.randrange(1, 30)
        with running("clean", "in", "-o", out.name, cwd=tmp_path, group=True) as process:
            while process.poll() is None and len(list(out.glob("[0-9]*"))) < wanted:
                time.sleep(0.001)
            process.kill()
            process.wait()
            wait_for_group(process.pid)
        caught += process.returncode == -signal.SIGKILL
        for name, data in tree(out).items():
            if not Path(name).name.startswith(".zhnorm-"):
                assert data == whole[name], name


def test_closed_streams(tmp_path: Path) -> None:
    def shell(line: str) -> subprocess.CompletedProcess[bytes]:
        command = ["sh", "-c", " ".join([*COMMAND, line])]
        return subprocess.run(command, capture_output=True, check=False, env=environment(), cwd=tmp_path)

    for redirect, words in (("<&-", "standard input: closed"), (">&- </dev/null", "standard output: closed")):
        done = shell(f"clean {redirect}")
        assert done.returncode == 4
        assert words in done.stderr.decode()
        assert b"Traceback" not in done.stderr
    done = shell("clean missing 2>&-")
    assert (done.returncode, done.stdout) == (4, b"")
