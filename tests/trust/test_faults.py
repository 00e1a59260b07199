"""Files that cannot be read, cost too much or break something: each fails alone, and the others are the same as without it."""

from __future__ import annotations

import errno
import gzip
import json
import os
import signal
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.command import tree, zhnorm
from tests.trust.calls import GOOD, Caller
from zhnorm.batch import document
from zhnorm.batch.write import WholeFile
from zhnorm.errors import ReadError
from zhnorm.formats import source

LONG = GOOD * 400


def system(number: int, at: int) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    """The system refuses to go on after so many pieces."""

    def fault(pieces: Iterator[bytes]) -> Iterator[bytes]:
        for place, piece in enumerate(pieces):
            if place == at:
                break
            yield piece[: len(piece) // 2]
        error = OSError(number, os.strerror(number))
        raise ReadError(f"{error.strerror}") from error

    return fault


def raising(error: type[BaseException]) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    def fault(pieces: Iterator[bytes]) -> Iterator[bytes]:
        yield next(pieces)
        raise error

    return fault


def dying(number: int) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    def fault(pieces: Iterator[bytes]) -> Iterator[bytes]:
        yield next(pieces)
        if number in (signal.SIGSEGV, signal.SIGABRT):
            signal.signal(number, signal.SIG_DFL)  # pytest would show where it happened
        os.kill(os.getpid(), number)

    return fault


def damaged(data: bytes) -> Callable[[Iterator[bytes]], Iterator[bytes]]:
    """The file holds something else."""
    return lambda _: iter([data])


FAULTS: dict[str, Callable[[Iterator[bytes]], Iterator[bytes]]] = {
    "EIO at once": system(errno.EIO, 0),
    "EIO later": system(errno.EIO, 1),
    "ESTALE": system(errno.ESTALE, 1),
    "ENXIO": system(errno.ENXIO, 0),
    "EACCES": system(errno.EACCES, 0),
    "ETIMEDOUT": system(errno.ETIMEDOUT, 1),
    "EREMOTEIO": system(errno.EREMOTEIO, 1),
    "gone": system(errno.ENOENT, 0),
    "torn gzip": damaged(gzip.compress(LONG.encode())[:-9]),
    "damaged gzip": damaged(gzip.compress(LONG.encode())[:40] + b"\0" * 40),
    "a bomb": damaged(zlib.compress(b"\0" * (80 << 20), 9, 31)),
    "an image": damaged(b"\x89PNG\r\n\x1a\n"),
    "zeros": damaged(bytes(5000)),
    "an archive": damaged(b"PK\x03\x04" + os.urandom(500)),
    "some encoding or other": damaged("新聞".encode("big5") * 4),
    "no memory": raising(MemoryError),
    "a worker that is killed": dying(signal.SIGKILL),
    "a worker that crashes": dying(signal.SIGSEGV),
    "a worker that aborts": dying(signal.SIGABRT),
    "a worker that leaves": dying(signal.SIGTERM),
}


@pytest.mark.usefixtures("workers_fork")
def test_twenty_faults_cost_twenty_files(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {
        f"in/{number:02}-{name.replace(' ', '-')}.txt": fault for number, (name, fault) in enumerate(FAULTS.items())
    }
    good = [f"in/{number:02}.txt" for number in range(len(FAULTS) + 1)]
    call.write(*good, *names, text=LONG)
    read = source.read_pieces

    def read_pieces(stream: Any, name: str, *rest: int) -> Iterator[bytes]:
        pieces = read(stream, name, *rest)
        return names[name](pieces) if name in names else pieces

    monkeypatch.setattr(source, "read_pieces", read_pieces)
    done = call("clean", "in", "-o", "out", "--jobs", "2", "--report", "report.json")
    assert done.code == 3, done.err
    failures = json.loads(Path("report.json").read_bytes())["failures"]
    assert [failure["document"] for failure in failures] == [name.removeprefix("in/") for name in sorted(names)]
    assert all(failure["reason"] for failure in failures)
    assert len(FAULTS) >= 20
    monkeypatch.setattr(source, "read_pieces", read)
    for name in names:
        Path(name).unlink()
    assert call("clean", "in", "-o", "without", "--jobs", "1").code == 0
    assert tree(Path("out")) == tree(Path("without"))


@pytest.mark.usefixtures("workers_fork")
def test_a_bug_on_one_page_is_reported_and_costs_one_page(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    call.write("in/a.txt", "in/b.txt", "in/c.txt")
    refuse = document.refuse_binary

    def refuse_binary(head: bytes, title: str) -> None:
        if "b.txt" in title:
            raise KeyError("x")
        refuse(head, title)

    monkeypatch.setattr(document, "refuse_binary", refuse_binary)
    done = call("clean", "in", "-o", "out", "--jobs", "2")
    assert done.code == 5
    assert "in/b.txt: a bug in zhnorm: KeyError: 'x'" in done.err
    assert set(tree(Path("out"))) == {"a.txt", "c.txt"}


def test_large_files_are_refused_if_that_is_wanted(call: Caller) -> None:
    call.write("in/a.txt", "in/c.txt")
    call.write("in/b.txt", text=LONG)
    (call.folder / "in" / "d.txt.gz").write_bytes(gzip.compress(LONG.encode()))
    done = call("clean", "in", "-o", "out", "--max-bytes", "10K", "--jobs", "1")
    assert done.code == 3
    assert "in/b.txt: more than 10,240 bytes (--max-bytes)" in done.err
    assert "in/d.txt.gz: more than 10,240 bytes (--max-bytes)" in done.err, "and also if they are large in the end"
    assert set(tree(Path("out"))) == {"a.txt", "c.txt"}
    assert call("clean", "in/b.txt", "--max-bytes", "1M").code == 0
    for size in ("much", "-1", "0", "1e999", ""):
        done = call("clean", "in", "-o", "out", "--max-bytes", size)
        assert (done.code, "--max-bytes: no size" in done.err) == (2, True)


def test_pages_that_would_go_are_held_back(call: Caller) -> None:
    call.write("in/good.txt")
    call.write("in/bad.txt", text="第一句話是一句完整的話。\n" + GOOD * 40)
    call.write("out/bad.txt", text="of an earlier run")
    arguments = ("clean", "in", "-o", "out", "--quarantine", "0.7", "--report", "report.json", "--jobs", "1")
    for _ in range(2):
        done = call(*arguments)
        assert done.code == 3
        assert "in/bad.txt: 95% of its letters would go; not written (--quarantine)" in done.err
        report = json.loads(Path("report.json").read_bytes())
        assert [found["document"] for found in report["quarantined"]] == ["bad.txt"]
        assert report["failures"] == []
    assert Path("out/bad.txt").read_text() == "of an earlier run"
    assert call("clean", "in", "-o", "out", "--jobs", "1").code == 0
    assert call("clean", "in/bad.txt", "-o", "x.txt", "--quarantine", "0.7").code == 3
    assert not Path("x.txt").exists()
    done = call("clean", "in/bad.txt", "--quarantine", "0.7")
    assert (done.code, "-o FILE" in done.err) == (2, True)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Linux counts memory so that it can be limited")
def test_a_file_that_needs_too_much_memory_fails_alone(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for name in ("a.txt", "c.txt"):
        (tmp_path / "in" / name).write_text(GOOD)
    (tmp_path / "in" / "b.txt").write_text("一行很長的話" * 8_000_000)
    for jobs in ("1", "2"):
        arguments = ("clean", "in", "-o", f"out{jobs}", "--max-memory", "300M", "--jobs", jobs)
        done = zhnorm(*arguments, cwd=tmp_path)
        assert done.code == 3, done
        assert "in/b.txt: not enough memory for it" in done.err
        assert set(tree(tmp_path / f"out{jobs}")) == {"a.txt", "c.txt"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_pattern_without_end_costs_one_file(jobs: str, call: Caller) -> None:
    """The check of patterns knows those that repeat a repetition. This one has none, and would take years."""
    Path("mine.toml").write_text(
        '[[rule]]\nid = "slow"\nabout = "Slow."\naction = "drop"\nmatch = ["re:xy(?:a|aa){1,200}b"]\n'
        'max_chars = 400\nremoves = ["xyaab"]\nkeeps = ["一句不相干的話，說得很完整。"]\n'
    )
    call.write("in/a.txt", "in/c.txt")
    call.write("in/b.txt", text="xy" + "a" * 300 + "c\n")
    done = call("clean", "in", "-o", "out", "--rules", "mine.toml", "--jobs", jobs)
    assert done.code == 3, done.err
    assert "in/b.txt: mine/slow: the pattern '[" in done.err
    assert "finds no end in one line of 303 characters" in done.err
    assert set(tree(Path("out"))) == {"a.txt", "c.txt"}


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_file_that_cannot_be_written_leaves_what_was_there(
    jobs: str, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    call.write("in/a.txt")
    call.write("in/b.txt", "in/c.txt", text="".join(f"{number}：{GOOD}" for number in range(3000)))
    call.write("out/b.txt", text="of an earlier run")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        done = call("clean", "in", "-o", "out", "--jobs", jobs)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert done.code in (3, 4)
    assert "b.txt: File too large" in done.err
    assert Path("out/b.txt").read_text() == "of an earlier run"
    assert not [name for name in os.listdir("out") if name.endswith(".tmp")]
    assert call("clean", "in", "-o", "out", "--jobs", jobs).code == 0


@pytest.mark.usefixtures("workers_fork")
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_full_disk_ends_the_run_and_is_gone_on_with(jobs: str, call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"{number:02}.txt" for number in range(30)]
    call.write(*(f"in/{name}" for name in names))
    call.write("out/20.txt", text="of an earlier run")
    write = WholeFile.write

    def no_space(self: WholeFile, data: bytes) -> None:
        if "20.txt" in self.path:
            raise self._problem(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
        write(self, data)

    monkeypatch.setattr(WholeFile, "write", no_space)
    done = call("clean", "in", "-o", "out", "--jobs", jobs, "--ledger", "why.jsonl")
    assert (done.code, done.err) == (4, "zhnorm: out/20.txt: No space left on device\n")
    assert Path("out/20.txt").read_text() == "of an earlier run"
    assert not Path("why.jsonl").exists()
    monkeypatch.setattr(WholeFile, "write", write)
    assert call("clean", "in", "-o", "out", "--jobs", jobs, "--ledger", "why.jsonl").code == 0
    assert call("clean", "in", "-o", "new", "--jobs", "1", "--ledger", "new.jsonl").code == 0
    assert tree(Path("out"), journal=True) == tree(Path("new"), journal=True)
    assert Path("why.jsonl").read_bytes() == Path("new.jsonl").read_bytes()
