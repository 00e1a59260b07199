"""An input is never its own output: whatever names the two have, and however the shell connects them."""

from __future__ import annotations

import os
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.command import COMMAND, environment, tree
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


READ_BESIDES = [
    ("clean p.txt --rules my.toml -o my.toml", "my.toml"),
    ("clean p.txt --rules my.toml -o ./sub/../my.toml", "my.toml"),
    ("clean < p.txt --rules my.toml >> my.toml", "my.toml"),
    ("clean p.txt --rules my.toml --diff >> my.toml", "my.toml"),
    ("clean my.txt --dictionary sub/my.txt -o sub", "sub/my.txt"),
    ("clean p.txt --dictionary dict.txt -o dict.txt", "dict.txt"),
    ("clean p.txt --dict dict.txt --ledger dict.txt", "dict.txt"),
    ("clean p.txt --protect terms.txt -o terms.txt", "terms.txt"),
    ("clean p.txt --protect terms.txt --ledger terms.txt", "terms.txt"),
    ("clean p.txt --protect terms.txt --report terms.txt", "terms.txt"),
    ("clean p.txt --protect terms.txt --html terms.txt", "terms.txt"),
    ("clean p.txt --config set.toml -o set.toml", "set.toml"),
    ("clean p.txt --config set.toml -o link.toml", "set.toml"),
    ("clean p.txt --config set.toml --report my.toml", "my.toml"),
    ("clean p.txt --config set.toml -o dict.txt", "dict.txt"),
    ("clean p.txt --config set.toml -o terms.txt", "terms.txt"),
    ("clean p.txt -o zhnorm.toml", "zhnorm.toml"),
    ("clean in -o out --report zhnorm.toml", "zhnorm.toml"),
    ("convert p.txt --dictionary dict.txt -o dict.txt", "dict.txt"),
    ("convert p.txt --protect terms.txt -o terms.txt", "terms.txt"),
    ("convert p.txt --dict dict.txt --ambiguities -o dict.txt", "dict.txt"),
    ("convert p.txt --dict dict.txt >> dict.txt", "dict.txt"),
    ("explain p.txt --rules my.toml --html my.toml", "my.toml"),
    ("explain p.txt --html zhnorm.toml", "zhnorm.toml"),
    ("explain p.txt --ledger why.jsonl --html why.jsonl", "why.jsonl"),
    ("explain p.txt --ledger why.jsonl >> why.jsonl", "why.jsonl"),
    ("stats p.txt --dict dict.txt >> dict.txt", "dict.txt"),
    ("stats --ledger why.jsonl >> why.jsonl", "why.jsonl"),
    ("restore clean.txt --ledger why.jsonl -o why.jsonl", "why.jsonl"),
    ("restore clean.txt --ledger why.jsonl >> why.jsonl", "why.jsonl"),
    ("apply p.txt --ledger why.jsonl -o why.jsonl", "why.jsonl"),
    ("apply p.txt --ledger sub/p.txt -o sub", "sub/p.txt"),
]


@pytest.mark.parametrize(("line", "read"), READ_BESIDES, ids=[line for line, _ in READ_BESIDES])
def test_what_is_read_besides_the_input_is_not_overwritten(line: str, read: str, much: Path) -> None:
    before = tree(much)
    done = shell(line, much)
    assert (done.returncode, "would overwrite what this run reads" in done.stderr) == (2, True), done.stderr
    assert (read in before, tree(much)) == (True, before)


def test_in_a_tree_the_document_that_would_overwrite_it_fails_alone(tmp_path: Path) -> None:
    write_what_is_read(tmp_path)
    (tmp_path / "in" / "my.txt").write_text(GOOD)
    phrases = (tmp_path / "sub" / "my.txt").read_text()
    done = shell("clean in -o sub --dict sub/my.txt", tmp_path)
    assert (done.returncode, "sub/my.txt: would overwrite what this run reads" in done.stderr) == (3, True), done.stderr
    assert (tmp_path / "sub" / "my.txt").read_text() == phrases
    assert (tmp_path / "sub" / "a.txt").exists()


def test_a_configuration_that_is_not_read_may_be_written(tmp_path: Path) -> None:
    write_what_is_read(tmp_path)
    assert shell("clean p.txt --no-config -o zhnorm.toml", tmp_path).returncode == 0


@pytest.fixture(scope="module")
def much(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("much")
    write_what_is_read(folder)
    return folder


def write_what_is_read(folder: Path) -> None:
    """An input, and one of everything else that a run may read."""
    rule = '[[rule]]\nid = "app"\nabout = "An app."\naction = "drop"\nmatch = ["下载App看全文"]\n'
    files = {
        "p.txt": GOOD,
        "my.txt": GOOD,
        "in/a.txt": GOOD,
        "my.toml": f'about = "Mine."\n{rule}removes = ["下载App看全文"]\nkeeps = ["他下载了一个App"]\n',
        "dict.txt": "網絡\t网络\n",
        "sub/my.txt": "網絡\t网络\n",
        "terms.txt": "臺灣\n",
        "zhnorm.toml": "[clean]\nthreshold = 91\n",
        "set.toml": '[clean]\nrules = ["my.toml"]\ndictionary = ["dict.txt"]\n[protect]\nfiles = ["terms.txt"]\n',
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "link.toml").symlink_to("set.toml")
    assert shell("clean p.txt --no-config -o clean.txt --ledger why.jsonl", folder).returncode == 0
    (folder / "sub" / "p.txt").write_bytes((folder / "why.jsonl").read_bytes())


def test_restore_refuses_a_hard_link_to_its_input(call: Caller) -> None:
    call.write("in/a.txt", "in/b.txt")
    assert call("clean", "in", "-o", "out", "--ledger", "why.jsonl", "--jobs", "1").code == 0
    os.mkdir("back")
    os.link("out/a.txt", "back/a.txt")
    clean = Path("out/a.txt").read_bytes()
    done = call("restore", "out", "--ledger", "why.jsonl", "-o", "back")
    assert (done.code, "back/a.txt: is the input itself under another name" in done.err) == (3, True)
    assert Path("out/a.txt").read_bytes() == clean
