"""Journals and ledgers that were damaged or forged: they cost the documents they are about, and never end a command in exit 5."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fuzz.forged import forged_journal, forged_ledger, prepared, tell_stories

from tests.command import tree, zhnorm
from zhnorm.batch.journal_entries import CHECK, checked

RUN = ("clean", "in", "-o", "out", "--ledger", "why.jsonl", "--report", "report.json", "--jobs", "1")
PAGE = "雨中的貓在屋簷下睡著了，一直睡到天黑。\n分享到：微博\n第{}天的事。\n"


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three pages, cleaned."""
    folder = tmp_path_factory.mktemp("cleaned")
    (folder / "in").mkdir()
    for number in range(3):
        (folder / "in" / f"{number}.txt").write_text(PAGE.format(number), encoding="utf-8")
    assert zhnorm(*RUN, cwd=folder).code == 0
    return folder


@pytest.fixture
def folder(cleaned: Path, tmp_path: Path) -> Path:
    return shutil.copytree(cleaned, tmp_path / "copy")


def journal(folder: Path) -> Path:
    return folder / "out" / ".zhnorm" / "journal.jsonl"


def changed(old: bytes, new: bytes, *, sealed: bool = False) -> Callable[[Path], object]:
    """Another journal; sealed, its lines have right checks."""

    def act(folder: Path) -> None:
        data = journal(folder).read_bytes()
        assert old in data
        lines = data.replace(old, new, 1).splitlines(keepends=True)
        if sealed:
            lines[1:] = [checked(line.rpartition(CHECK)[0], lines[0]) for line in lines[1:]]
        journal(folder).write_bytes(b"".join(lines))

    return act


def appended(record: bytes, *, sealed: bool = False) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        header = journal(folder).read_bytes().splitlines(keepends=True)[0]
        with open(journal(folder), "ab") as file:
            file.write(checked(record.removesuffix(b"}"), header) if sealed else record + b"\n")

    return act


def output_and_digest(folder: Path) -> None:
    """What somebody does who has not read how a journal is made."""
    known = hashlib.sha256((folder / "out/1.txt").read_bytes()).hexdigest()
    (folder / "out/1.txt").write_text("另一句話。\n", encoding="utf-8")
    changed(known.encode(), hashlib.sha256((folder / "out/1.txt").read_bytes()).hexdigest().encode())(folder)


def instead(name: str, how: Callable[[Path], object]) -> Callable[[Path], object]:
    """Something else where a journal of an interrupted run would be."""
    return lambda folder: how(folder / "out" / ".zhnorm" / name)


FORGERIES: dict[str, tuple[Callable[[Path], object], int]] = {
    "a foreign line": (appended(b'{"vanished": 7}'), 1),
    "a foreign line with its check": (appended(b'{"vanished": 7}', sealed=True), 1),
    "a name that leads out": (appended(b'{"vanished": "../../x"}', sealed=True), 1),
    "a name of our own": (appended(b'{"vanished": ".zhnorm/journal.jsonl"}', sealed=True), 1),
    "half of a pair for a name": (appended(b'{"vanished": "\\ud800"}', sealed=True), 1),
    "another number": (changed(b'"bytes_in": ', b'"bytes_in": 1'), 1),
    "a text for a number": (changed(b'"bytes_in": ', b'"bytes_in": "x", "lost": ', sealed=True), 1),
    "a list for an outcome": (changed(b'"outcome": {', b'"outcome": [], "x": {', sealed=True), 1),
    "more lines removed than there are": (changed(b'"counts": [3, 1', b'"counts": [3, 9', sealed=True), 1),
    "a number without end": (changed(b'"bytes_in": ', b'"bytes_in": ' + b"9" * 5000, sealed=True), 1),
    "records beyond the ledger": (changed(b'"ledger": [', b'"ledger": [9007199254740000', sealed=True), 1),
    "nested without end": (appended(b"[" * 100_000), 1),
    "an output and its digest": (output_and_digest, 1),
    "a folder for a journal": (instead("journal-1.jsonl", Path.mkdir), 0),
    "a FIFO for a journal": (instead("journal-7.jsonl", os.mkfifo), 0),
    "a link for a journal": (instead("journal-1.jsonl", lambda path: path.symlink_to("/dev/zero")), 0),
    "a journal with a number without end": (instead(f"journal-{'9' * 200}.jsonl", Path.touch), 0),
}


@pytest.mark.parametrize("force", [False, True], ids=["", "force"])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_journal_costs_its_documents(forgery: str, force: bool, folder: Path, cleaned: Path) -> None:
    act, damaged = FORGERIES[forgery]
    act(folder)
    done = zhnorm(*RUN, *(["--force"] if force else []), cwd=folder)
    assert done.code == 0, done
    if not force and damaged:
        assert f"{damaged} document was cleaned again" in done.err
    else:
        assert "again" not in done.err
    assert "are gone" not in done.err
    assert tree(folder / "out") == tree(cleaned / "out")
    assert journal(folder).read_bytes() == journal(cleaned).read_bytes()
    for name in ("why.jsonl", "report.json"):
        assert (folder / name).read_bytes() == (cleaned / name).read_bytes()


def test_a_journal_of_the_last_version_is_no_damage(folder: Path) -> None:
    changed(b'"schema": 2', b'"schema": 1')(folder)
    done = zhnorm(*RUN, cwd=folder)
    assert done.code == 0
    assert "damaged" not in done.err
    assert "not those of the last run" in done.err


LEDGERS: dict[str, Callable[[dict[str, object]], object]] = {
    "an encoding that there is not": lambda done: done.update(encoding="klingon"),
    "an encoding of another kind": lambda done: done.update(encoding=["utf-8"]),
    "millions of lines": lambda done: done.update(lines=300_000_000),
    "a count of another kind": lambda done: done.update(lines=True),
    "places of another kind": lambda done: done.update(variants={"a1fe": [-1]}),
    "no digest of the input": lambda done: done.pop("input_sha256"),
    "another encoding": lambda done: done.update(encoding="gb18030"),
}


@pytest.mark.parametrize("forgery", LEDGERS)
def test_a_forged_ledger_is_refused(forgery: str, folder: Path) -> None:
    lines = (folder / "why.jsonl").read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if '"done": "1.txt"' in line)
    done = json.loads(lines[place])
    LEDGERS[forgery](done)
    lines[place] = json.dumps(done)
    (folder / "forged.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for command in ("restore", "explain"):
        ended = zhnorm(command, "out/1.txt", "--ledger", "forged.jsonl", cwd=folder)
        assert ended.code == 4, ended
    # The others are none the worse.
    ended = zhnorm("restore", "out", "--ledger", "forged.jsonl", "-o", "back", cwd=folder)
    assert ended.code == 3
    assert {**tree(folder / "back"), "1.txt": b""} == {**tree(folder / "in"), "1.txt": b""}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder that was cleaned, and a copy to forge."""
    root = tmp_path_factory.mktemp("whole")
    prepared(root / "whole")
    tell_stories(root / "whole")
    return root / "whole", shutil.copytree(root / "whole", root / "folder")


@pytest.mark.parametrize("forge", [forged_journal, forged_ledger])
@pytest.mark.parametrize("seed", range(12))
def test_forged_at_random(forge: Callable[..., str], seed: int, whole: tuple[Path, Path]) -> None:
    assert forge(whole[1], whole[0], random.Random(seed)) == ""


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/urandom"])
def test_a_device_is_no_ledger(device: str, folder: Path) -> None:
    """Its first line may have no end."""
    if not os.path.exists(device):
        pytest.skip("there is none here")
    ended = zhnorm("restore", "out/0.txt", "--ledger", device, cwd=folder)
    assert ended.code == 4
    assert "is this a ledger of zhnorm?" in ended.err
