"""A file of records whose cleaning is interrupted: the next run goes on from there, and the end is the same to the byte."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.command import COMMAND, TooLateError, environment, killed_after, still_runs, tree, while_it_runs, zhnorm
from zhnorm import Cleaner
from zhnorm.batch import parts, records_journal
from zhnorm.batch.job import Job
from zhnorm.batch.records_journal import RecordsJournal, RecordsJournals
from zhnorm.batch.run import Watcher, run
from zhnorm.formats import jsonl
from zhnorm.formats.records import Layout
from zhnorm.ledger.write import LedgerWriter
from zhnorm.report.summary import Account

LINE = "網絡上的第{}句話，說得很完整，而且每一句都不相同。\n"
FORMATS = ("pages.jsonl", "pages.jsonl.gz", "pages.csv", "pages.json", "pages.warc.gz", "pages.parquet")


def documents(count: int) -> list[str]:
    dice = random.Random(5)
    return [
        "分享到：微博\n".join(LINE.format(f"{number}之{row}") for row in range(dice.randrange(1, 9)))
        for number in range(count)
    ]


def as_lines(count: int) -> bytes:
    """Records, some of them broken, some without a document."""
    lines = [json.dumps({"n": number, "text": text}) for number, text in enumerate(documents(count))]
    for number in range(0, count, 30):
        lines[number] = ("{broken", '{"text": null}', '{"text": "\\ud83d 雨"}')[number // 30 % 3]
    return "\n".join(lines).encode() + b"\n"


def write(path: Path, count: int) -> Path:
    """A file of records in the format that its name says."""
    texts = documents(count)
    if path.name.endswith(".parquet"):
        arrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        parquet.write_table(arrow.table({"text": texts}), path, row_group_size=max(1, count // 5))
        return path
    if ".warc" in path.name:
        bodies = [text.encode() for text in texts]
        head = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n"
        data = b"".join(head.format(len(body)).encode() + body + b"\r\n\r\n" for body in bodies)
    elif ".csv" in path.name:
        data = ("n,text\n" + "".join(f'{number},"{text}"\n' for number, text in enumerate(texts))).encode()
    elif path.name.endswith(".json"):
        data = json.dumps([{"text": text} for text in texts], ensure_ascii=False, indent=1).encode()
    else:
        data = as_lines(count)
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    return path


class Stopped(BaseException):
    """As Ctrl-C."""


class Cleaning:
    """A run in this process, which can be stopped after some parts.

    Attributes:
        cleaned: how many parts were cleaned, and not taken from a journal.
    """

    def __init__(self, source: Path, **settings: Any) -> None:
        self.source, self.target = source, source.parent / f"clean-{source.name}"
        self.cleaner = Cleaner(**settings)
        self.options: dict[str, Any] = {}
        self.cleaned = 0

    def do(self, stop_after: int = -1, **options: Any) -> tuple[bytes, bytes, bytes]:
        """Output, ledger and report."""
        ledger: list[bytes] = []
        account = Account()
        journals = RecordsJournals(
            cleaner=self.cleaner.digest, options={**self.options, **options}, version="0", force=False
        )
        self.journals = journals
        job = Job(self.source.name, str(self.source), str(self.target))
        self.cleaned = 0

        def clean_part(*given: Any, **named: Any) -> Any:
            if given[1].form is not None and not given[1].known:
                if self.cleaned == stop_after:
                    raise Stopped
                self.cleaned += 1
            return parts.clean_part(*given, **named)

        watchers = [Watcher(LedgerWriter, ledger.append)]
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("zhnorm.batch.group.clean_part", clean_part)
            results = run(self.cleaner, [job], watchers, digests=True, layout=Layout(), journals=journals)
            for result in results:
                account.receive(result)
        return self.target.read_bytes(), b"".join(ledger), account.as_json(version="0", cleaner="", vanished=[])

    def stop(self, after: int, **options: Any) -> Path:
        """Stop a run after some parts; gives the journal that it left."""
        with suppress(Stopped):
            self.do(after, **options)
            pytest.fail("it had no more parts")
        (journal,) = self.source.parent.glob(".zhnorm-*.journal")
        assert not self.target.exists()
        return journal

    @property
    def leftovers(self) -> list[str]:
        return [path.name for path in self.source.parent.glob(".zhnorm*")]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts so small that a file of a few kilobytes has many."""
    for module in ("jsonl", "delimited", "json_array", "warc", "parquet"):
        if hasattr(__import__(f"zhnorm.formats.{module}", fromlist=["x"]), "BATCH_CHARS"):
            monkeypatch.setattr(f"zhnorm.formats.{module}.BATCH_CHARS", 1000)
    monkeypatch.setattr(records_journal, "BATCH_CHARS", 1000)
    assert jsonl.BATCH_CHARS == 1000


@pytest.mark.parametrize("name", FORMATS)
def test_a_run_that_was_stopped_is_gone_on_with(name: str, tmp_path: Path) -> None:
    cleaning = Cleaning(write(tmp_path / name, 120))
    whole = cleaning.do()
    number = cleaning.cleaned
    assert number > 4
    assert not cleaning.leftovers
    for after in (1, 2, number // 2, number - 1):
        cleaning.target.unlink()
        cleaning.stop(after)
        assert cleaning.do() == whole
        assert cleaning.cleaned == number - after, "nothing is cleaned twice"
        assert cleaning.journals.recalled
        assert not cleaning.leftovers


def test_it_may_be_stopped_again_and_again(tmp_path: Path) -> None:
    cleaning = Cleaning(write(tmp_path / "pages.jsonl", 120))
    whole = cleaning.do()
    number = cleaning.cleaned
    cleaning.target.unlink()
    cleaning.stop(1)
    for _ in range(number - 2):
        cleaning.stop(1)
    assert cleaning.do() == whole
    assert cleaning.cleaned == 1


def test_a_small_file_keeps_no_journal(tmp_path: Path) -> None:
    cleaning = Cleaning(write(tmp_path / "pages.jsonl", 2))
    cleaning.do()
    assert cleaning.cleaned == 1
    assert not cleaning.leftovers


CHANGES: dict[str, Callable[[Cleaning], object]] = {
    "the cleaner": lambda cleaning: setattr(cleaning, "cleaner", Cleaner(to="keep")),
    "an option": lambda cleaning: cleaning.options.update(encoding="utf-8"),
    "the first record": lambda cleaning: edit(cleaning.source, 1),
    "another format": lambda cleaning: as_other_field(cleaning.source),
    "the name": lambda cleaning: setattr(
        cleaning, "source", cleaning.source.rename(cleaning.source.parent / "p.jsonl")
    ),
}


def edit(path: Path, line: int) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    lines[line] = json.dumps({"text": "又一句話。"}).encode() + b"\n"
    path.write_bytes(b"".join(lines))


def as_other_field(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"text"', b'"body"'))


@pytest.mark.parametrize("change", CHANGES)
def test_what_something_else_came_of_is_not_believed(change: str, tmp_path: Path) -> None:
    cleaning = Cleaning(write(tmp_path / "pages.jsonl", 120))
    cleaning.stop(4)
    CHANGES[change](cleaning)
    resumed = cleaning.do()
    number = cleaning.cleaned
    cleaning.target.unlink()
    assert cleaning.do() == resumed
    assert cleaning.cleaned == number
    assert not cleaning.leftovers


def test_what_stands_before_a_change_of_the_input_is_believed(tmp_path: Path) -> None:
    cleaning = Cleaning(write(tmp_path / "pages.jsonl", 120))
    cleaning.do()
    number = cleaning.cleaned
    cleaning.target.unlink()
    cleaning.stop(number - 1)
    edit(cleaning.source, 60)
    resumed = cleaning.do()
    assert 1 < cleaning.cleaned < number
    cleaning.target.unlink()
    assert cleaning.do() == resumed


def test_a_shorter_input(tmp_path: Path) -> None:
    cleaning = Cleaning(write(tmp_path / "pages.jsonl", 120))
    cleaning.stop(5)
    cleaning.source.write_bytes(b"".join(cleaning.source.read_bytes().splitlines(keepends=True)[:5]))
    resumed = cleaning.do()
    assert not cleaning.leftovers
    cleaning.target.unlink()
    assert cleaning.do() == resumed


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_journal_costs_time_alone(seed: int, tmp_path: Path) -> None:
    cleaning = Cleaning(write(tmp_path / "pages.jsonl", 60))
    whole = cleaning.do()
    number = cleaning.cleaned
    cleaning.target.unlink()
    journal = cleaning.stop(number - 1)
    dice = random.Random(seed)
    data = bytearray(journal.read_bytes())
    at = dice.randrange(len(data))
    act = seed % 4
    if act == 0:
        data[at] ^= 1 << dice.randrange(8)
    elif act == 1:
        del data[at:]
    elif act == 2:
        data[at:at] = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 40)))
    else:
        data[at : at + 500] = bytes(500)
    journal.write_bytes(data)
    assert cleaning.do() == whole
    assert not cleaning.leftovers


def test_what_is_in_the_place_of_a_journal_is_left_alone(tmp_path: Path) -> None:
    cleaning = Cleaning(write(tmp_path / "pages.jsonl", 60))
    whole = cleaning.do()
    journal = cleaning.stop(2) if cleaning.target.unlink() is None else tmp_path
    other = tmp_path / "other"
    for make in (lambda: journal.symlink_to(other), lambda: os.mkfifo(journal), journal.mkdir):
        journal.unlink()
        other.write_bytes(b"mine")
        make()
        assert cleaning.do() == whole
        assert other.read_bytes() == b"mine"
        assert cleaning.leftovers == [journal.name]
        if journal.is_dir():
            return


@pytest.mark.parametrize("is_opened", [False, True])
def test_a_journal_that_cannot_be_written_is_gone_without(
    is_opened: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(journal: Any, _: int) -> None:
        if not is_opened:
            raise PermissionError
        Path(journal._path).touch()
        journal._file = open(journal._path, "rb")  # noqa: SIM115

    monkeypatch.setattr(RecordsJournal, "_open", fail)
    cleaning = Cleaning(write(tmp_path / "pages.jsonl", 60))
    without = cleaning.do()
    assert not cleaning.leftovers
    monkeypatch.undo()
    cleaning.target.unlink()
    assert cleaning.do() == without


def state(folder: Path) -> Iterator[bytes]:
    for name in ("clean.jsonl.gz", "why.jsonl.gz", "report.json"):
        yield (folder / name).read_bytes()


RUN = ("clean", "in.jsonl", "-o", "clean.jsonl.gz", "--ledger", "why.jsonl.gz", "--report", "report.json")


def kill_and_go_on(folder: Path, jobs: str, kills: int, seed: int) -> None:
    """Kill a run at random moments, each time going on from there; then the end must be as if nothing had been."""
    begun = time.monotonic()
    command = [*RUN, "--jobs", jobs]
    assert zhnorm(*command, cwd=folder).code == 3
    taken = time.monotonic() - begun
    whole = list(state(folder))
    dice = random.Random(seed)
    for kill in range(kills):
        for name in ("clean.jsonl.gz", "why.jsonl.gz", "report.json"):
            (folder / name).unlink(missing_ok=True)
        code = killed_after(command, folder, taken * dice.uniform(0.2, 0.9), dice)
        if code == 3 or kill % 3 == 2:
            assert code == 3 or zhnorm(*command, cwd=folder).code == 3
            assert list(state(folder)) == whole, f"after {kill + 1} kills"
            assert not list(folder.glob(".zhnorm-*.journal"))
    assert zhnorm(*command, cwd=folder).code == 3
    assert list(state(folder)) == whole


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_kills(jobs: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(as_lines(2000))
    kill_and_go_on(tmp_path, jobs, 3, seed=1)


@pytest.mark.long
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_many_kills(jobs: str, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(as_lines(5000))
    kill_and_go_on(tmp_path, jobs, 60, seed=2)


def interrupted(
    command: list[str], folder: Path, by: signal.Signals = signal.SIGTERM, *, whole: int = 0
) -> tuple[int, bytes]:
    """Interrupt a command when some parts of a file are done: how it ended, and what it said.

    Raises:
        TooLateError: it came to its end, which it says by the code `whole` if it is not ended by the signal.
    """
    with subprocess.Popen(
        [*COMMAND, *command], cwd=folder, env=environment(), stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stderr is not None
        while not any(path.stat().st_size > 5000 for path in folder.rglob(".zhnorm-*.journal")):
            still_runs(process)
            time.sleep(0.01)
        os.killpg(process.pid, by)
        # What is written to the end has no journal any more, even if the process still runs.
        if process.wait(30) == whole or not any(folder.rglob(".zhnorm-*.journal")):
            raise TooLateError
        return process.returncode, process.stderr.read()


@while_it_runs
def test_an_interrupted_run_says_how_to_go_on_and_does(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_bytes(as_lines(5000))
    code, err = interrupted(RUN, tmp_path, signal.SIGINT, whole=3)
    assert code == -signal.SIGINT
    assert b"the same command goes on from there" in err
    assert len(list(tmp_path.glob(".zhnorm*"))) == 1, "the journal and nothing else"
    done = zhnorm(*RUN, cwd=tmp_path)
    assert done.code == 3
    assert "documents were cleaned by an earlier run that was interrupted" in done.err
    resumed = list(state(tmp_path))
    assert zhnorm(*RUN, "--no-journal", cwd=tmp_path).code == 3
    assert list(state(tmp_path)) == resumed


@while_it_runs
def test_a_file_in_a_folder_and_one_in_its_place(tmp_path: Path) -> None:
    (tmp_path / "in" / "b").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(LINE)
    write(tmp_path / "in" / "b" / "pages.csv", 3000)
    shutil.copytree(tmp_path / "in", tmp_path / "place")
    command = ["clean", "in", "-o", "out", "--ledger", "why.jsonl", "--jobs", "2"]
    interrupted(command, tmp_path)
    done = zhnorm(*command, cwd=tmp_path)
    assert done.code == 0
    assert "cleaned by an earlier run" in done.err
    seen = tree(tmp_path / "out"), (tmp_path / "why.jsonl").read_bytes()
    assert zhnorm(*command, "--force", cwd=tmp_path).code == 0
    assert (tree(tmp_path / "out"), (tmp_path / "why.jsonl").read_bytes()) == seen
    command = ["clean", "--in-place", "place", "--jobs", "2"]
    interrupted(command, tmp_path)
    done = zhnorm(*command, cwd=tmp_path)
    assert "cleaned by an earlier run" in done.err
    assert tree(tmp_path / "place") == seen[0]
