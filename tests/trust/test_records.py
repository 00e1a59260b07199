"""Files of records: any number of processes, pipes that pause, torn files, workers that die: nothing is lost."""

import gzip
import io
import json
import os
import random
import select
import signal
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from tests.command import COMMAND, environment, tree, zhnorm
from zhnorm import Cleaner, limits
from zhnorm.batch.job import Failure, Job, Outcome
from zhnorm.batch.journal import Journal
from zhnorm.batch.run import Watcher, run
from zhnorm.formats import records
from zhnorm.formats.records import Layout
from zhnorm.ledger.write import LedgerWriter
from zhnorm.line import Block
from zhnorm.report.summary import Account
from zhnorm.windows import Incremental

LINE = "網絡上的第{}句話，說得很完整，而且每一句都不相同。\n"


def lines(count: int) -> bytes:
    """Records of different sizes, some of them broken, some without a document."""
    dice = random.Random(7)
    found = []
    for number in range(count):
        text = "分享到：微博\n".join(LINE.format(f"{number}之{row}") for row in range(dice.randrange(1, 9)))
        found.append(json.dumps({"n": number, "text": text}, ensure_ascii=bool(number % 3)))
        found += ['{"text": null}'] * (number % 50 == 7) + ["{broken"] * (number % 90 == 8)
    return ("\n".join(found) + "\n").encode()


def test_the_number_of_workers_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "many.jsonl").write_bytes(lines(1200))
    (folder / "few.jsonl.gz").write_bytes(gzip.compress(lines(20)))
    (folder / "page.txt").write_text(LINE.format(1))
    (folder / "table.csv").write_text("id,text\n" + "".join(f'{n},"{LINE.format(n)}"\n' for n in range(900)))
    (folder / "torn.jsonl.gz").write_bytes(gzip.compress(lines(5))[:-9])
    (folder / "other.csv").write_text("id,html\n1,2\n")
    seen = []
    for jobs in ("1", "2", "5"):
        done = zhnorm("clean", "in", "-o", f"out{jobs}", "--ledger", f"why{jobs}", "--jobs", jobs, cwd=tmp_path)
        assert done.code == 3
        assert "torn.jsonl.gz: gzip data that ends too early" in done.err
        assert "other.csv: which field holds the text? there are id, html" in done.err
        seen.append((tree(tmp_path / f"out{jobs}"), (tmp_path / f"why{jobs}").read_bytes(), done.err))
    assert seen[0] == seen[1] == seen[2]
    assert sorted(seen[0][0]) == ["few.jsonl.gz", "many.jsonl", "page.txt", "table.csv"]
    back = zhnorm("restore", "out2", "--ledger", "why2", "-o", "back", cwd=tmp_path)
    assert back.code == 0, back
    for name in ("many.jsonl", "table.csv", "page.txt"):
        assert (tmp_path / "back" / name).read_bytes() == (folder / name).read_bytes()


def test_a_pipe_answers_record_by_record() -> None:
    pipe = subprocess.PIPE
    command = [*COMMAND, "clean", "--format", "jsonl", "--jobs", "4"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({"text": LINE.format(number)}, ensure_ascii=False).encode() + b"\n")
            process.stdin.flush()
            ready, _, _ = select.select([process.stdout], [], [], 30)
            assert ready, "no answer while the input is open"
            answer = json.loads(os.read(process.stdout.fileno(), 1 << 16))
            assert answer == {
                "text": LINE.format(number).replace("網絡", "网络").replace("話", "话").replace("說", "说")
            }
        process.stdin.close()
        assert process.wait(30) == 0


def test_nobody_reads_any_more(tmp_path: Path) -> None:
    (tmp_path / "many.jsonl").write_bytes(lines(1500))
    command = f"{COMMAND[0]} -m zhnorm clean many.jsonl --jobs 2 -q | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command + '; exit "${PIPESTATUS[0]}"'],
        cwd=tmp_path, env=environment(), capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 128 + signal.SIGPIPE
    assert done.stdout.count(b"\n") == 1
    assert all(line.startswith(b"zhnorm: many.jsonl:") for line in done.stderr.splitlines())


class _Deadly(Incremental):
    def feed(self, piece: str) -> str:
        if "毒" in piece:
            os._exit(9)
        return super().feed(piece)


class _DeadlyCleaner(Cleaner):
    def clean_many(
        self,
        texts: Iterable[str],
        observe: Callable[[Block], None] | None = None,
        *,
        titles: Iterable[str | None] | None = None,
        names: Iterable[str] | None = None,
    ) -> Iterator[str]:
        for text in texts:
            document = self.incremental(observe)
            yield document.feed(text) + document.finish()

    def incremental(
        self, observe: Callable[[Block], None] | None = None, title: str | None = None, name: str = ""
    ) -> Incremental:
        return _Deadly(self, observe, title, name)


@pytest.mark.usefixtures("workers_fork")
def test_a_record_on_which_workers_die_costs_its_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "BATCH_CHARS", 1)
    monkeypatch.setattr("zhnorm.formats.jsonl.BATCH_CHARS", 1)
    source = b"".join(
        json.dumps({"text": "毒" if n == 5 else f"網{n}"}, ensure_ascii=False).encode() + b"\n" for n in range(9)
    )
    out, ledger = io.BytesIO(), io.BytesIO()
    job = Job("a.jsonl", io.BytesIO(source), out)
    results = list(
        run(
            _DeadlyCleaner(),
            [job],
            [Watcher(LedgerWriter, ledger.write)],
            workers=2,
            layout=Layout("jsonl"),
            digests=True,
        )
    )
    assert [type(result) for result in results] == [Failure, Outcome]
    assert results[0].name == "a.jsonl:6"
    assert out.getvalue() == source.decode().replace("網", "网").encode()
    assert b'"failed": "a.jsonl:6"' in ledger.getvalue()


def test_of_very_many_losses_the_worst_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All are counted, whatever parts they come in; a second run says the same of them as the first."""
    monkeypatch.setattr(limits, "MOST_LOSSES", 3)
    monkeypatch.setattr("zhnorm.formats.jsonl.BATCH_CHARS", 1)
    texts = ["分享到：微博\n" + "貓" * (1 + number % 4) for number in range(40)]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    reports = []
    job = Job("a.jsonl", str(tmp_path / "a.jsonl"), str(tmp_path / "out" / "a.jsonl"), str(tmp_path / "out"))
    for _ in range(2):
        account = Account()
        with Journal(str(tmp_path / "out"), cleaner="", options={}, version="0") as journal:
            for result in run(Cleaner(), [job], workers=2, layout=Layout("jsonl"), journal=journal):
                account.receive(result)
                assert isinstance(result, Outcome)
                assert len(result.heavy) == 3
            journal.finish()
        reports.append(account.as_json(version="0", cleaner="", vanished=()))
    assert reports[0] == reports[1]
    found = json.loads(reports[0])
    assert found["heavy"] == 40
    assert [loss["document"] for loss in found["heavy_losses"]] == ["a.jsonl:1", "a.jsonl:5", "a.jsonl:9"]
