"""How far a run is, as it is shown: what is read of a file, and what is said of very many."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from zhnorm import Cleaner
from zhnorm.batch.job import Job
from zhnorm.batch.run import run
from zhnorm.cli import clean, run_messages
from zhnorm.cli.commands import run as command
from zhnorm.formats.records import Layout
from zhnorm.report import progress
from zhnorm.report.summary import Summary

TEXT = "雨中的貓在屋簷下睡著了，一直睡到天黑。\n"


def records(count: int) -> bytes:
    return b"".join(json.dumps({"text": f"{TEXT}{row}"}).encode() + b"\n" for row in range(count))


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.jsonl", "a.jsonl.gz", "a.parquet"])
@pytest.mark.parametrize("workers", [1, 2])
def test_all_bytes_of_a_file_are_told_as_they_stand_in_it(tmp_path: Path, name: str, workers: int) -> None:
    source = tmp_path / name
    data = records(2000) if "jsonl" in name else (TEXT * 2000).encode()
    if name.endswith(".parquet"):
        pyarrow.parquet.write_table(pyarrow.table({"text": [f"{TEXT}{row}" for row in range(2000)]}), source)
    else:
        source.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    told: list[int] = []
    job = Job(name, str(source), str(tmp_path / f"clean-{name}"))
    list(run(Cleaner(reading=False), [job], workers=workers, layout=Layout(), on_read=told.append))
    share = sum(told) / source.stat().st_size
    # Of Parquet it is the share of rows.
    assert 0.99 < share <= 1 if name.endswith(".parquet") else share == 1


def test_words_of_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_REFRESH_SECONDS", -1)
    seconds = iter([0.0, *[2.0] * 9])
    shown = progress.FileBar(40_000_000, clock=lambda: next(seconds))
    shown.read(3_000_000)
    shown.read(1_000_000)
    assert shown.words() == "4.0 of 40.0 MB, 2.0 MB/s"
    shown.close()


@pytest.mark.parametrize(
    ("args", "is_shown"),
    [
        (["-o", "clean.jsonl"], True),
        (["--check"], True),
        (["-o", "clean.jsonl", "-q"], False),
        (["--diff"], False),
        ([], False),  # the text itself goes to the terminal
    ],
)
def test_one_large_file_has_a_bar_on_a_terminal(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    args: list[str],
    is_shown: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress, "_REFRESH_SECONDS", -1)
    monkeypatch.setattr(run_messages, "_LARGE_BYTES", 1000)
    monkeypatch.setattr(run_messages, "is_terminal", lambda name: True)
    monkeypatch.setattr(clean, "is_terminal", lambda name: False)
    Path("pages.jsonl").write_bytes(records(200))
    command(["clean", "pages.jsonl", "--no-reading", "-j", "1", *args])
    assert (b" MB, " in capfdbinary.readouterr().err) is is_shown


def test_who_packs_very_many_small_files_waits_less() -> None:
    many = Summary(files=50_000, bytes_in=50_000 * 2000)
    assert "50,000 small files" in run_messages.small_files(many, 0)
    assert not run_messages.small_files(many, 49_000)
    assert not run_messages.small_files(Summary(files=50_000, bytes_in=50_000 * 200_000), 0)
    assert not run_messages.small_files(Summary(files=900, bytes_in=900), 0)


def test_advice_is_given_once_and_only_for_folders(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(run_messages, "_MANY_FILES", 3)
    Path("in").mkdir()
    for number in range(3):
        Path(f"in/{number}.txt").write_text(TEXT, encoding="utf-8")
    command(["clean", "in", "-o", "out", "-j", "1"])
    assert capfdbinary.readouterr().err.count(b"zhnorm pack") == 1
    # What was done before costs little.
    command(["clean", "in", "-o", "out", "-j", "1"])
    command(["clean", "in", "-o", "other", "-j", "1", "-q"])
    command(["clean", "in", "--check", "-j", "1"])
    assert b"zhnorm pack" not in capfdbinary.readouterr().err
