"""Exit 5 is left for bugs: what the system lacks is said as such, with another code."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.command import COMMAND, environment, zhnorm
from tests.trust.calls import GOOD
from zhnorm.errors import shortage

NARROW = [
    ["explain", "p.txt"],
    ["explain", "p.txt", "--line", "1"],
    ["explain", "web/share-bar"],
    ["stats", "p.txt"],
    ["read", "p.txt"],
    ["convert", "p.txt", "--ambiguities"],
    ["clean", "p.txt", "--diff"],
    ["rules", "show", "web/share-bar"],
    ["clean", "--help"],
]


@pytest.mark.parametrize("encoding", ["ascii", "big5"])
@pytest.mark.parametrize("color", ["", "1"])
@pytest.mark.parametrize("arguments", NARROW, ids=" ".join)
def test_a_narrow_encoding_is_gone_round(arguments: list[str], color: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(GOOD + "他的頭髮乾了，發現了。\n分享到：微博\n", "utf-8")
    done = zhnorm(*arguments, cwd=tmp_path, PYTHONIOENCODING=encoding, FORCE_COLOR=color)
    assert (done.code, done.err) == (0, "")
    assert done.out


def limited(limits: dict[str, int], *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    import resource

    def limit() -> None:
        for name, most in limits.items():
            resource.setrlimit(getattr(resource, name), (most, most))

    return subprocess.run(
        [*COMMAND, *arguments],
        input=GOOD,
        cwd=cwd,
        env=environment(),
        preexec_fn=limit,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def pages(folder: Path) -> Path:
    (folder / "in").mkdir()
    for name in "abcdefghijklmnop":
        (folder / "in" / f"{name}.txt").write_text(GOOD)
    return folder


@pytest.mark.parametrize("files", [6, 8, 12, 16, 20])
@pytest.mark.parametrize("jobs", ["1", "8"])
def test_too_few_open_files(jobs: str, files: int, tmp_path: Path) -> None:
    arguments = ("clean", "in", "-o", "out", "--ledger", "why.jsonl", "--jobs", jobs)
    done = limited({"RLIMIT_NOFILE": files}, *arguments, cwd=pages(tmp_path))
    assert done.returncode in (0, 3, 4), done.stderr
    assert done.returncode == 0 or "oo many open files" in done.stderr
    again = zhnorm(*arguments[:-1], "1", cwd=tmp_path)
    assert again.code == 0, again.err
    assert len(list((tmp_path / "out").glob("*.txt"))) == 16


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="Linux counts memory so that it can be limited")
@pytest.mark.parametrize("command", ["clean", "read"])
@pytest.mark.parametrize("megabytes", [40, 60, 80, 100, 120, 140, 158, 165])
def test_too_little_memory(megabytes: int, command: str, tmp_path: Path) -> None:
    done = limited({"RLIMIT_AS": megabytes << 20}, command, cwd=tmp_path)
    assert done.returncode in (0, 4), done.stderr
    assert done.returncode == 0 or "memory" in done.stderr


def test_less_memory_than_it_takes_to_begin_cannot_be_asked_for(tmp_path: Path) -> None:
    done = zhnorm("clean", "--max-memory", "100M", stdin=GOOD.encode(), cwd=tmp_path)
    assert done.refuses(2, "--max-memory: 100M is too little to begin", "at least 160M"), done


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError, "a.txt: not enough memory for it"),
        (lambda: OSError(12, "Cannot allocate memory"), "a.txt: not enough memory for it"),
        (lambda: OSError(23, "Too many open files in system"), "a.txt: too many open files"),
        (
            lambda: ImportError("failed to map segment", name="numpy"),
            "a package cannot be loaded: failed to map segment",
        ),
        (lambda: FileNotFoundError(2, "No such file or directory"), "a.txt: the current folder is gone"),
        (lambda: FileNotFoundError(2, "No such file or directory", "b.txt"), None),
        (lambda: OSError(5, "Input/output error"), None),
        (lambda: ImportError("no module", name="zhnorm.nothing"), None),
        (lambda: ValueError("x"), None),
    ],
)
def test_what_is_a_shortage(error: Callable[[], Exception], said: str | None) -> None:
    found = shortage(error(), "a.txt")
    assert (found is None) if said is None else (found is not None and said in found.message and bool(found.hint))


@pytest.mark.parametrize("arguments", [("clean", "{page}", "-o", "out.txt"), ("clean", ".", "-o", "out")], ids=" ".join)
def test_a_current_folder_that_is_gone(arguments: tuple[str, ...], tmp_path: Path) -> None:
    page, gone = tmp_path / "p.txt", tmp_path / "gone"
    page.write_text(GOOD, encoding="utf-8")
    gone.mkdir()
    words = " ".join(COMMAND + [word.format(page=page) for word in arguments])
    script = f"cd {gone} && rmdir {gone} && exec {words}"
    ended = subprocess.run(["sh", "-c", script], capture_output=True, text=True, env=environment(), check=False)
    assert ended.returncode == 4
    assert "the current folder is gone" in ended.stderr


def test_help_keeps_its_descriptions_without_docstrings() -> None:
    for command in ([], ["clean"], ["rules", "new"], ["restore"]):
        usual, without = (zhnorm(*command, "--help", PYTHONOPTIMIZE=level) for level in ("", "2"))
        assert usual.code == 0
        assert without.out == usual.out


def test_optimised_it_cleans_the_same(tmp_path: Path) -> None:
    results = []
    for level in ("", "2"):
        done = zhnorm("clean", "--ledger", "why.jsonl", stdin=GOOD.encode() * 2, cwd=tmp_path, PYTHONOPTIMIZE=level)
        assert done.code == 0, done.err
        records = [json.loads(line) for line in (tmp_path / "why.jsonl").read_text("utf-8").splitlines()]
        results.append((done.out, records))
    assert results[0] == results[1]
