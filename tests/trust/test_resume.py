"""A run that is interrupted, or done a second time: what is there is kept, the rest is done, and the end is the same."""

import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import COMMAND, TooLateError, environment, killed_after, still_runs, tree, while_it_runs, zhnorm
from tests.trust.test_workers import pages

RUN = ("clean", "in", "-o", "out", "--ledger", "why.jsonl", "--report", "report.json", "--jobs", "2")


def state(folder: Path) -> tuple[dict[str, bytes], bytes, bytes]:
    """Tree with its journal, ledger, report."""
    return (
        tree(folder / "out", journal=True),
        (folder / "why.jsonl").read_bytes(),
        (folder / "report.json").read_bytes(),
    )


def times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*.txt")}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve pages and one that is none, cleaned once."""
    folder = tmp_path_factory.mktemp("cleaned")
    pages(folder / "in", 12, rows=5)
    (folder / "in" / "0" / "image.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert zhnorm(*RUN, cwd=folder).code == 3
    return folder


@pytest.fixture
def folder(cleaned: Path, tmp_path: Path) -> Path:
    """A copy of it to work on."""
    return shutil.copytree(cleaned, tmp_path / "copy")


def test_a_second_run_does_nothing(folder: Path) -> None:
    before, written = state(folder), times(folder / "out")
    done = zhnorm(*RUN, cwd=folder)
    assert done.code == 3, "what failed is tried again"
    assert "12 documents were done before and left alone" in done.err
    assert state(folder) == before
    assert times(folder / "out") == written
    assert zhnorm(*RUN, "--force", cwd=folder).code == 3
    assert state(folder) == before
    assert len(set(times(folder / "out").items()) & set(written.items())) == 0


CHANGES: dict[str, tuple[Callable[[Path], object], int]] = {
    "an input": (lambda folder: (folder / "in/0/004.txt").write_text("另一句話。\n"), 1),
    "an output": (lambda folder: (folder / "out/0/004.txt").write_text("什么？\n"), 1),
    "a lost output": (lambda folder: (folder / "out/0/004.txt").unlink(), 1),
    "a new input": (lambda folder: (folder / "in/0/0040.txt").write_text("又一句話。\n"), 1),
    "a failure mended": (lambda folder: (folder / "in/0/image.txt").write_text("是一張圖片的說明。\n"), 1),
    "nothing but the time": (lambda folder: os.utime(folder / "in/0/004.txt", (1, 1)), 0),
    "a torn journal": (lambda folder: shorten(folder / "out/.zhnorm/journal.jsonl"), 1),
    "a lost journal": (lambda folder: (folder / "out/.zhnorm/journal.jsonl").unlink(), 12),
    "a forged journal": (lambda folder: (folder / "out/.zhnorm/journal.jsonl").write_bytes(b"\xff[]\n{}\n[1]\n"), 12),
    "a lost ledger": (lambda folder: (folder / "why.jsonl").unlink(), 12),
    "a forged ledger": (lambda folder: flip(folder / "why.jsonl"), 1),
}


def shorten(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-3])


def flip(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace("網".encode(), "网".encode(), 1))


@pytest.mark.parametrize("change", CHANGES)
def test_exactly_what_changed_is_done_again(change: str, folder: Path, cleaned: Path) -> None:
    act, expected = CHANGES[change]
    act(folder)
    written = times(folder / "out")
    done = zhnorm(*RUN, cwd=folder)
    assert done.code in (0, 3)
    assert "Traceback" not in done.err
    again = {path for path, at in times(folder / "out").items() if written.get(path) != at}
    assert len(again) == expected
    resumed = state(folder)
    if tree(folder / "in") == tree(cleaned / "in"):
        assert resumed == state(cleaned)
        return
    shutil.rmtree(folder / "out")
    zhnorm(*RUN, cwd=folder)
    assert state(folder) == resumed, "the same as in one go"


def test_other_settings_do_everything_again(folder: Path) -> None:
    written = times(folder / "out")
    done = zhnorm(*RUN, "--to", "keep", cwd=folder)
    assert "not those of the last run" in done.err
    assert all(written[path] != at for path, at in times(folder / "out").items())
    done = zhnorm(*RUN, "--to", "keep", "--encoding", "gb18030", cwd=folder)
    assert "not those of the last run" in done.err, "it does not matter what of the command changed"


def test_outputs_without_an_input_are_named(folder: Path) -> None:
    (folder / "in/1/005.txt").unlink()
    for _ in range(2):
        done = zhnorm(*RUN, cwd=folder)
        assert "the inputs of these outputs are gone: 1/005.txt" in done.err
        assert json.loads((folder / "report.json").read_bytes())["vanished"] == ["1/005.txt"]
        assert b"1/005.txt" not in (folder / "why.jsonl").read_bytes()
        assert (folder / "out/1/005.txt").exists(), "whether it is wanted is not ours to say"
    (folder / "out/1/005.txt").unlink()
    assert "005" not in zhnorm(*RUN, cwd=folder).err


def test_what_stands_in_a_folder_that_cannot_be_read_has_not_vanished(folder: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read everything")
    (folder / "in/1").chmod(0)
    done = zhnorm(*RUN, cwd=folder)
    (folder / "in/1").chmod(0o755)
    assert done.code == 3
    assert "are gone" not in done.err


def test_without_a_journal(tmp_path: Path) -> None:
    pages(tmp_path / "in", 3)
    assert zhnorm("clean", "in", "-o", "out", "--no-journal", cwd=tmp_path).code == 0
    assert not (tmp_path / "out" / ".zhnorm").exists()


def test_a_compressed_ledger_is_gone_on_with(folder: Path) -> None:
    command = [word.replace("why.jsonl", "why.jsonl.gz") for word in RUN]
    assert zhnorm(*command, cwd=folder).code == 3
    before = (folder / "why.jsonl.gz").read_bytes()
    assert "12 documents were done before" in zhnorm(*command, cwd=folder).err
    assert (folder / "why.jsonl.gz").read_bytes() == before


def test_two_runs_do_not_write_to_one_folder(folder: Path) -> None:
    import fcntl

    descriptor = os.open(folder / "out" / ".zhnorm", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        assert zhnorm(*RUN, cwd=folder).refuses(2, "out: another run is writing there")
    finally:
        os.close(descriptor)


def kill_and_resume(folder: Path, kills: int, seed: int) -> None:
    """Kill a run at random moments, each time going on from there; then the end must be as if nothing had been."""
    begun = time.monotonic()
    assert zhnorm(*RUN, cwd=folder).code == 0
    taken = time.monotonic() - begun
    whole = state(folder)
    dice = random.Random(seed)
    caught = 0
    while caught < kills:
        if not caught % 20:
            shutil.rmtree(folder / "out", ignore_errors=True)
            (folder / "why.jsonl").unlink(missing_ok=True)
        code = killed_after(RUN, folder, taken * dice.uniform(0.2, 1.1), dice)
        if code == 0:
            assert state(folder) == whole
            shutil.rmtree(folder / "out")
            continue
        caught += 1
        for name, data in tree(folder / "out").items():
            if ".zhnorm" not in name:
                assert data == whole[0][name], f"{name} is half-written"
        if not caught % 5:
            assert zhnorm(*RUN, cwd=folder).code == 0
            assert state(folder) == whole, f"after {caught} kills"
            shutil.rmtree(folder / "out")
        assert time.monotonic() - begun < 3600
    assert zhnorm(*RUN, cwd=folder).code == 0
    assert state(folder) == whole


def test_kills_and_resumes(tmp_path: Path) -> None:
    pages(tmp_path / "in", 60)
    kill_and_resume(tmp_path, 3, seed=1)


@pytest.mark.long
def test_two_hundred_kills_and_resumes(tmp_path: Path) -> None:
    pages(tmp_path / "in", 400)
    kill_and_resume(tmp_path, 200, seed=2)


@while_it_runs
def test_an_interrupted_run_says_how_to_go_on_and_does(tmp_path: Path) -> None:
    pages(tmp_path / "in", 300)
    with subprocess.Popen(
        [*COMMAND, *RUN], cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stderr is not None
        # What counts as done is what the journal says, which comes a little later than the file.
        while not any(b'"output' in path.read_bytes() for path in (tmp_path / "out" / ".zhnorm").glob("journal*")):
            still_runs(process)
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        if process.wait(30) == 0:
            raise TooLateError
        assert process.returncode == -signal.SIGINT
        assert b"the same command goes on from there" in process.stderr.read()
    done = zhnorm(*RUN, cwd=tmp_path)
    assert done.code == 0
    assert "left alone" in done.err
    resumed = state(tmp_path)
    shutil.rmtree(tmp_path / "out")
    zhnorm(*RUN, cwd=tmp_path)
    assert state(tmp_path) == resumed
