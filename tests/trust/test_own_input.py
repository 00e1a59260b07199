"""An input is never its own output: whatever names the two have, and however the shell connects them."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.command import COMMAND, environment
from tests.trust.calls import GOOD, Caller

SHELL = [
    ("clean -o p.txt < p.txt", "p.txt: is the input itself"),
    ("clean -o link.txt < p.txt", "link.txt: is the input itself"),
    ("clean -o other-name.txt p.txt", "other-name.txt: is the input itself"),
    ("clean < p.txt >> p.txt", "standard output: goes to the input itself, the file on standard input"),
    ("clean p.txt >> p.txt", "standard output: goes to the input itself, p.txt"),
    ("clean p.txt >> other-name.txt", "standard output: goes to the input itself, p.txt"),
    ("clean -o /dev/stdout p.txt >> p.txt", "/dev/stdout: is the input itself"),
    ("clean p.txt --diff >> p.txt", "goes to the input itself"),
    ("clean --ledger p.txt < p.txt", "p.txt: the ledger would overwrite an input"),
    ("clean --report p.txt < p.txt", "p.txt: the report would overwrite an input"),
    ("clean --ledger out.txt < p.txt > out.txt", "out.txt: output and ledger are the same file"),
    ("explain < p.txt >> p.txt", "goes to the input itself"),
    ("stats p.txt >> p.txt", "goes to the input itself"),
    ("read p.txt >> p.txt", "goes to the input itself"),
    ("detect p.txt >> p.txt", "goes to the input itself"),
    ("convert -o p.txt < p.txt", "p.txt: is the input itself"),
    ("convert < p.txt >> p.txt", "goes to the input itself"),
    ("restore --ledger why.jsonl -o p.txt < p.txt", "p.txt: is the input itself"),
    ("restore --ledger why.jsonl p.txt >> p.txt", "goes to the input itself"),
    ("apply --ledger why.jsonl < p.txt >> p.txt", "goes to the input itself"),
]


def shell(line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        f"{shlex.join(COMMAND)} {line}",
        shell=True,
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own")
    (folder / "p.txt").write_text(GOOD)
    os.link(folder / "p.txt", folder / "other-name.txt")
    (folder / "link.txt").symlink_to("p.txt")
    assert shell("clean --ledger why.jsonl < p.txt > clean.txt", folder).returncode == 0
    return folder


@pytest.mark.parametrize(("line", "message"), SHELL, ids=[line for line, _ in SHELL])
def test_it_is_refused_and_nothing_is_lost(line: str, message: str, folder: Path) -> None:
    done = shell(line, folder)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert (folder / "p.txt").read_text() == GOOD


def test_what_the_shell_has_emptied_is_said(folder: Path) -> None:
    (folder / "gone.txt").write_text(GOOD)
    done = shell("clean < gone.txt > gone.txt", folder)
    assert (done.returncode, "the shell has emptied this one already" in done.stderr) == (2, True)


def test_one_device_may_be_both(folder: Path) -> None:
    assert shell("clean < /dev/null > /dev/null", folder).returncode == 0


@pytest.mark.parametrize("line", ["pack in", "stats in", "explain in --json", "clean in --diff"])
def test_a_file_of_the_folder_that_is_the_output_is_left_out(line: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(GOOD)
    done = shell(f"{line} > in/b.txt", tmp_path)
    assert (done.returncode, "in/b.txt: is the output itself" in done.stderr) == (3, True), done.stderr


def test_restore_refuses_a_hard_link_to_its_input(call: Caller) -> None:
    call.write("in/a.txt", "in/b.txt")
    assert call("clean", "in", "-o", "out", "--ledger", "why.jsonl", "--jobs", "1").code == 0
    os.mkdir("back")
    os.link("out/a.txt", "back/a.txt")
    clean = Path("out/a.txt").read_bytes()
    done = call("restore", "out", "--ledger", "why.jsonl", "-o", "back")
    assert (done.code, "back/a.txt: is the input itself under another name" in done.err) == (3, True)
    assert Path("out/a.txt").read_bytes() == clean
