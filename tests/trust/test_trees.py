"""Trees that are hostile or odd, and outputs that are inputs under another name: nothing outside is touched, nothing is lost."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import tree
from tests.trust.calls import CLEAN, GOOD, Caller

SECRET = "不可以動的東西。\n"


def everything(folder: Path) -> dict[str, bytes | str]:
    """Every file and link, and what is in it."""
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path)] = os.readlink(path)
        elif path.is_file():
            found[str(path)] = path.read_bytes()
    return found


def link(source: str, name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).symlink_to(source)


def hard_link(source: str, name: str) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        os.link(folder / source, folder / name)

    return act


def made(name: str) -> Callable[[Path], object]:
    return lambda folder: (folder / name).mkdir()


ALIASES: dict[str, tuple[Callable[[Path], object] | None, list[str], int]] = {
    "the input itself": (None, ["in/a.txt", "-o", "in/a.txt"], 2),
    "by another path": (None, ["in/a.txt", "-o", "in/sub/../a.txt"], 2),
    "by its absolute path": (None, ["in/a.txt", "-o", "{folder}/in/a.txt"], 2),
    "by a symbolic link": (link("in/a.txt", "b.txt"), ["in/a.txt", "-o", "b.txt"], 2),
    "by a hard link": (hard_link("in/a.txt", "b.txt"), ["in/a.txt", "-o", "b.txt"], 2),
    "into its own folder": (None, ["in/a.txt", "-o", "in"], 2),
    "the folder itself": (None, ["in", "-o", "in/"], 2),
    "the folder by ..": (None, ["in", "-o", "in/sub/.."], 2),
    "the folder by a link": (link("in", "also"), ["in", "-o", "also"], 2),
    "a folder inside": (None, ["in", "-o", "in/sub/out"], 2),
    "a folder inside, by a link": (link("in/sub", "also"), ["in", "-o", "also/out"], 2),
    "the folder above": (None, ["in", "in/sub", "-o", "."], 2),
    "a link in the output": (lambda folder: (made("out")(folder), link("../in/a.txt", "out/a.txt")(folder)), ["in", "-o", "out"], 3),
    "a linked folder in the output": (lambda folder: (made("out")(folder), link("../in/sub", "out/sub")(folder)), ["in", "-o", "out"], 3),
    "a hard link in the output": (hard_link("in/a.txt", "out/a.txt"), ["in", "-o", "out"], 3),
    "the ledger on an input": (None, ["in", "-o", "out", "--ledger", "in/a.txt"], 2),
    "the ledger among the inputs": (None, ["in", "-o", "out", "--ledger", "in/why.jsonl"], 2),
    "the ledger on an input by a link": (hard_link("in/a.txt", "why"), ["in/a.txt", "-o", "o.txt", "--ledger", "why"], 2),
    "the report on the ledger": (None, ["in", "-o", "out", "--ledger", "x", "--report", "x"], 2),
    "the report on the output": (None, ["in/a.txt", "-o", "o.txt", "--report", "./o.txt"], 2),
}  # fmt: skip


@pytest.mark.parametrize("alias", ALIASES)
def test_an_output_that_is_an_input_is_refused(alias: str, call: Caller) -> None:
    call.write("in/a.txt", "in/sub/b.txt")
    prepare, arguments, code = ALIASES[alias]
    if prepare is not None:
        prepare(call.folder)
    before = everything(call.folder / "in")
    done = call("clean", *(word.replace("{folder}", str(call.folder)) for word in arguments), "--jobs", "1")
    assert done.code == code, done.err
    assert "zhnorm: " in done.err
    assert "Traceback" not in done.err
    assert everything(call.folder / "in") == before


def fifo(name: str) -> Callable[[Path], object]:
    return lambda folder: os.mkfifo(folder / name)


def a_socket(folder: Path) -> None:
    here = os.getcwd()
    os.chdir(folder / "in")  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.txt")
    os.chdir(here)


def deep(folder: Path) -> None:
    path = folder / "in"
    for _ in range(200):
        path = path / "d"
    path.mkdir(parents=True)
    (path / "deep.txt").write_text(GOOD)


def named(name: bytes) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        with open(os.path.join(os.fsencode(folder), b"in", name), "wb") as file:
            file.write(GOOD.encode())

    return act


TREES: dict[str, tuple[Callable[[Path], object], int, int]] = {
    # what is done to the tree, the exit code, how many files come out of it besides the good one
    "a loop of links": (link("..", "in/loop"), 0, 0),
    "a link to itself": (link("self.txt", "in/self.txt"), 0, 0),
    "a link to nothing": (link("nowhere", "in/nothing.txt"), 0, 0),
    "a link to a secret": (link("../secret.txt", "in/secret.txt"), 0, 0),
    "a link to a folder outside": (link("..", "in/up"), 0, 0),
    "a FIFO": (fifo("in/pipe.txt"), 0, 0),
    "a socket": (a_socket, 0, 0),
    "a deep tree": (deep, 0, 1),
    "a newline in a name": (named(b"new\nline.txt"), 0, 1),
    "escapes in a name": (named(b"\x1b]0;owned\x07\x1b[2J.txt"), 0, 1),
    "a name that is no UTF-8": (named(b"\xff\xfe.txt"), 0, 1),
    "a name of 255 bytes": (named(b"x" * 251 + b".txt"), 0, 1),
    "a name of dashes": (named(b"--ledger"), 0, 1),
    "a name with markup": (named(b"[red]x[bold].txt"), 0, 1),
    "a hidden file": (named(b".hidden.txt"), 0, 0),
    "our own folder in the input": (made("in/.zhnorm"), 0, 0),
    "a folder where a file was": (lambda folder: (folder / "out/sub.txt").mkdir(parents=True) or named(b"sub.txt")(folder), 3, 0),
    "a file where a folder is needed": (
        lambda folder: (made("in/sub")(folder), named(b"sub/x.txt")(folder), made("out")(folder), (folder / "out/sub").write_bytes(b"")), 3, 0
    ),
    "a link out of the output": (lambda folder: (made("out")(folder), link("../secret.txt", "out/good.txt")(folder)), 3, -1),
    "a linked folder out of the output": (
        lambda folder: (made("in/sub")(folder), named(b"sub/x.txt")(folder), made("out")(folder), made("else")(folder), link("../else", "out/sub")(folder)), 3, 0
    ),
    "a journal that leads out": (lambda folder: (made("out")(folder), made("else")(folder), link("../else", "out/.zhnorm")(folder)), 4, -1),
}  # fmt: skip


@pytest.mark.parametrize("shape", TREES)
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_hostile_trees(shape: str, jobs: str, call: Caller) -> None:
    prepare, code, more = TREES[shape]
    call.write("in/good.txt")
    call.write("secret.txt", text=SECRET)
    prepare(call.folder)
    before = {name: data for name, data in everything(call.folder).items() if "/out/" not in name}
    done = call("clean", "in", "-o", "out", "--jobs", jobs)
    assert done.code == code, done.err
    assert "\x1b" not in done.err
    assert "Traceback" not in done.err
    after = {name: data for name, data in everything(call.folder).items() if "/out/" not in name}
    assert after == before, "nothing outside of the output changes"
    written = [data for data in tree(call.folder / "out").values() if data == CLEAN]
    assert len(written) == 1 + more


def test_odd_names_go_through_journal_ledger_and_report(call: Caller) -> None:
    names = [b"new\nline.txt", b"\xff\xfe.txt", b"\x1b[2J.txt", "甲\u202e.txt".encode(), b'"quoted\\".txt']
    (call.folder / "in").mkdir()
    for name in names:
        named(name)(call.folder)
    arguments = ("clean", "in", "-o", "out", "--ledger", "why.jsonl", "--report", "report.json", "--jobs", "1")
    assert call(*arguments).code == 0
    ledger = (call.folder / "why.jsonl").read_bytes()
    done = {json.loads(line).get("done") for line in ledger.splitlines()} - {None}
    assert {os.fsencode(name) for name in done} == set(names)
    assert b"\x1b" not in ledger + (call.folder / "report.json").read_bytes()
    assert "5 documents were done before" in call(*arguments).err
    assert (call.folder / "why.jsonl").read_bytes() == ledger


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_fifo_in_the_output_is_not_waited_for(jobs: str, call: Caller) -> None:
    call.write("in/1.txt", "in/2.txt", "in/3.txt")
    os.mkdir("out")
    os.mkfifo("out/1.txt")
    Path("out/2.txt").symlink_to("3.txt")
    for _ in range(2):
        done = call("clean", "in", "-o", "out", "-j", jobs)
        assert done.code == 3
        assert "out/1.txt: is a FIFO, a socket or a device, and outputs are files" in done.err
        assert "out/2.txt: is a symbolic link, and outputs are files" in done.err
        assert Path("out/3.txt").read_bytes() == CLEAN
    # Also where the last run wrote a file.
    os.unlink("out/3.txt")
    os.mkfifo("out/3.txt")
    done = call("clean", "in", "-o", "out", "-j", jobs)
    assert (done.code, "out/3.txt: is a FIFO" in done.err) == (3, True)
    done = call("clean", "in/1.txt", "-o", "out")
    assert "out/1.txt: is a FIFO" in done.err


def test_inputs_that_collide_are_refused(call: Caller) -> None:
    call.write("one/a.txt", "two/a.txt", "one/sub/b.txt")
    for paths in (["one/a.txt", "one/../one/a.txt"], ["one", "two/../one"], ["one", "one/sub/b.txt"]):
        assert call("clean", *paths, "-o", "out").code == 2
        assert not (call.folder / "out").exists()


def test_files_of_one_name_keep_the_folders_in_which_they_differ(call: Caller) -> None:
    call.write("one/a.txt", "two/a.txt")
    assert call("clean", "one/a.txt", "two/a.txt", "-o", "out").code == 0
    assert tree(call.folder / "out") == {"one/a.txt": CLEAN, "two/a.txt": CLEAN}


def test_a_device_among_several_inputs_fails_alone(call: Caller) -> None:
    call.write("a.txt")
    os.mkfifo(call.folder / "pipe")
    done = call("clean", "a.txt", "/dev/zero", "pipe", "-o", "out", "--jobs", "1")
    assert done.code == 3
    assert "/dev/zero: a device or a pipe" in done.err
    # All that the three have in common is the root, so each keeps its own name.
    assert tree(call.folder / "out") == {"a.txt": CLEAN}
