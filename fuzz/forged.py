"""Damaged and forged journals and ledgers: `python -m fuzz.forged journals|ledgers [--count N] [--seed N]`.

A folder is cleaned with a ledger. Then, again and again, its journal or its ledger is damaged or forged, and a command goes on from it.
It fails if the command ends in exit 5, takes too long, needs too much memory, or reports or writes what is not so and says nothing.
Every command runs in a process of its own, which is forked from this one.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from zhnorm import Cleaner
from zhnorm.batch.journal_entries import CHECK, checked
from zhnorm.cli.commands import run
from zhnorm.errors import ExitCode

__all__ = ["FORGERIES", "forged_journal", "forged_ledger", "main", "prepared", "tell_stories"]

_SECONDS = 30
_MEMORY_BYTES = 1 << 30
_PAGE = (
    "城東圖書館新館開放，首日迎來三千讀者\n城東圖書館新館開放，首日迎來三千讀者\n今天上午，城東圖書館的新館正式向讀者開放，"
    "館長說第一天來了三千多人，比預想的多了一倍。\n分享到：微博\n乾隆年間的地方志和近代的著作，都收藏在四樓的恆溫書庫裡。\n"
)
_PAGES = ("page.txt", "big5.txt", "odd.txt", "deep/wide.txt")
_CLEAN = ("clean", "in", "-o", "out", "--ledger", "why.jsonl", "--report", "report.json", "--jobs", "1")
_NUMBER = 77_777_777
"""Stands for a value that JSON cannot be made of, until the line is written."""
_RAW = ("9" * 5000, "1e999", "-1e999", "NaN", "Infinity", "[" * 100_000, '{"a":' * 20_000, "", "\udcff", '"\\ud83d"')
_VALUES: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 1.5, -0.5, 1e308, 10**30, 300_000_000, 1 << 53, "", "x", [], {}, [[]], {"a": 1}, {"1": "甲"}, [1, 2, 3],
    ["x"], "\ud800", "\udc80", "甲\n乙", "../x", "/etc/passwd", ".zhnorm/x", "a\0b", "x" * 300, "d/" * 1500, "klingon", "zlib", "utf-16", "hz",
    "gb18030", "csv", "warc", "0" * 64, "witness", "span", "\x1b[2J",
)  # fmt: skip


class Outcome(NamedTuple):
    """How a command ended: its exit code (or the signal that ended it, negative), and what it wrote."""

    code: int
    out: bytes
    err: str


def prepared(folder: Path) -> None:
    """A folder that was cleaned: text in several encodings, records, a document that loses much, one that fails."""
    # What this process has loaded, those forked from it need not load.
    Cleaner().clean(_PAGE)
    source = folder / "in"
    (source / "deep").mkdir(parents=True)
    (source / "page.txt").write_text(_PAGE, encoding="utf-8")
    (source / "big5.txt").write_bytes(
        _PAGE.replace("，", "／", 1).encode("big5hkscs").replace(b"\xa2\x41", b"\xa1\xfe")
    )
    (source / "deep" / "wide.txt").write_bytes(_PAGE.encode("utf-16-be") + b"\xd8")
    (source / "deep" / "share.txt").write_text("分享到：微博\n雨\n分享到：微信\n", encoding="utf-8")
    (source / "odd.txt").write_bytes(_PAGE.encode("big5hkscs") + b"\xe7\x94\xb2\xe7\x94\n")
    (source / "pages.csv").write_text(f'id,text\n1,"{_PAGE}"\n2,網絡\n3\n', encoding="utf-8")
    (source / "pages.jsonl").write_text(
        json.dumps({"text": _PAGE}) + '\n{"text": 5}\n{"text": "\\ud83d 網絡"}\n', encoding="utf-8"
    )
    (source / "none.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    assert _command(folder, _CLEAN).code == ExitCode.SOME_FAILED


def tell_stories(folder: Path) -> None:
    """Keep what the true ledger tells of each page."""
    for page in _PAGES:
        _story(folder, page).write_bytes(
            _command(folder, ("explain", f"out/{page}", "--ledger", "why.jsonl", "--json")).out
        )


def _story(folder: Path, page: str) -> Path:
    return folder / f"story-{page.replace('/', '-')}"


def _data_bytes() -> int:
    """The memory that this process has already, which a process forked from it begins with."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmData:"))
    return int(line.split()[1]) << 10


def _command(folder: Path, arguments: tuple[str, ...]) -> Outcome:
    """Run a command to its end, in a process of its own."""
    paths = folder / "stdout", folder / "stderr"
    child = os.fork()
    if not child:
        try:
            os.chdir(folder)
            for number, path in enumerate(paths, 1):
                os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
            most = _data_bytes() + _MEMORY_BYTES
            resource.setrlimit(resource.RLIMIT_DATA, (most, most))
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_SECONDS)
            code = run(arguments)
            sys.stdout.flush()
        except BaseException:  # noqa: BLE001 - what a command lets through is a bug of it
            import traceback

            os.write(2, traceback.format_exc().encode("utf-8", "backslashreplace"))
            code = ExitCode.AUDIT
        os._exit(code)
    _, status = os.waitpid(child, 0)
    out, err = (path.read_bytes() for path in paths)
    return Outcome(os.waitstatus_to_exitcode(status), out, err.decode("utf-8", "backslashreplace"))


# ---------------------------------------------------------------------- what is done to the lines of a file


def _flipped(lines: list[bytes], dice: random.Random) -> list[bytes]:
    """A bit is another one, or a byte, or some are gone."""
    data = bytearray(b"".join(lines))
    for _ in range(dice.choice((1, 1, 1, 2, 5))):
        place = dice.randrange(len(data))
        act = dice.randrange(4)
        if act == 0:
            data[place] ^= 1 << dice.randrange(8)
        elif act == 1:
            data[place] = dice.choice(b'0123456789abcdef",:{}[]\\\n \0\xff')
        elif act == 2:
            del data[place : place + dice.choice((1, 1, 5, 60))]
        else:
            data[place:place] = dice.choice((b"0", b"9", b"-", b"\n", b"{}\n", b'"', b"\xed\xa0\x80", b"\0" * 9))
    return bytes(data).splitlines(keepends=True)


def _digit(lines: list[bytes], dice: random.Random) -> list[bytes]:
    """A digit is another one."""
    data = bytearray(b"".join(lines))
    place = dice.choice([found.start() for found in re.finditer(rb"[0-9]", bytes(data))])
    data[place] = dice.choice([digit for digit in b"0123456789" if digit != data[place]])
    return bytes(data).splitlines(keepends=True)


def _moved(lines: list[bytes], dice: random.Random) -> list[bytes]:
    """Lines are gone, twice there, elsewhere, or cut off."""
    lines = list(lines)
    here, there = dice.randrange(len(lines)), dice.randrange(len(lines))
    act = dice.randrange(5)
    if act == 0:
        del lines[here]
    elif act == 1:
        lines.insert(there, lines[here])
    elif act == 2:
        lines[here], lines[there] = lines[there], lines[here]
    elif act == 3:
        lines[here] = lines[here][: dice.randrange(len(lines[here]) + 1)]
    else:
        dice.shuffle(lines)
    return lines


def _revalued(lines: list[bytes], dice: random.Random) -> list[bytes]:
    """Values are others, members are gone, or there that do not belong there."""
    lines = list(lines)
    for _ in range(dice.choice((1, 1, 2, 4))):
        place = dice.randrange(len(lines))
        try:
            record = json.loads(lines[place])
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict):
            lines[place] = _written(_changed(record, dice), dice)
    return lines


def _changed(record: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    inside: Any = record
    while True:
        keys = list(inside) if isinstance(inside, dict) else list(range(len(inside)))
        key = dice.choice(keys) if keys else None
        if key is not None and isinstance(inside[key], dict | list) and inside[key] and dice.random() < 0.7:
            inside = inside[key]
            continue
        break
    value = _NUMBER if dice.random() < 0.3 else dice.choice(_VALUES)
    if isinstance(inside, list):
        inside[key if key is not None else slice(0, 0)] = value if key is not None else [value]
    elif key is not None and dice.random() < 0.15:
        del inside[key]
    else:
        names = (
            "vanished",
            "document",
            "done",
            "failed",
            "schema",
            "line",
            "misread",
            "variants",
            "raw",
            "records",
            "format",
            "x",
        )
        inside[key if key is not None and dice.random() < 0.8 else dice.choice(names)] = value
    return record


def _written(record: dict[str, Any], dice: random.Random) -> bytes:
    text = json.dumps(record, separators=(", ", ": ")).replace(str(_NUMBER), dice.choice(_RAW))
    return text.encode("utf-8", "surrogateescape") + b"\n"


def _foreign(lines: list[bytes], dice: random.Random) -> list[bytes]:
    """A line that nobody wrote."""
    place = dice.randrange(len(lines) + 1)
    value = dice.choice((7, None, "x", [], {}, "page.txt", ".zhnorm/x", "../../etc/passwd", "\ud800", "a\0"))
    name = dice.choice(("vanished", "document", "done", "failed", "schema", "line"))
    return [*lines[:place], _written({name: value}, dice), *lines[place:]]


FORGERIES: tuple[Callable[[list[bytes], random.Random], list[bytes]], ...] = (
    _flipped, _digit, _moved, _revalued, _revalued, _foreign,
)  # fmt: skip


# ---------------------------------------------------------------------- journals


def _sealed(lines: list[bytes]) -> list[bytes]:
    """The same lines, each with a right check, as somebody writes them who knows how."""
    return lines[:1] + [checked(line.rstrip(b"\n").removesuffix(b"}"), lines[0]) for line in lines[1:]]


def forged_journal(folder: Path, whole: Path, dice: random.Random) -> str:
    """Damage or forge the journal of a folder, and clean again; what is wrong, or nothing."""
    shutil.rmtree(folder / "out")
    for name in ("out", "why.jsonl", "report.json"):
        _copy(whole / name, folder / name)
    journal = folder / "out" / ".zhnorm" / "journal.jsonl"
    lines = journal.read_bytes().splitlines(keepends=True)
    act = dice.choice(FORGERIES)
    sealed = dice.random() < 0.3
    if sealed:
        # Changed first, so that the check is one of what stands there.
        lines = [line.rpartition(CHECK)[0] + b"}\n" if CHECK in line else line for line in lines]
    lines = act(lines, dice)
    lines = _sealed(lines) if sealed and lines else lines
    journal.write_bytes(b"".join(lines))
    if dice.random() < 0.1:
        (folder / "out" / "page.txt").write_bytes(b"forged\n")
    force = ("--force",) if dice.random() < 0.1 else ()
    ended = _command(folder, (*_CLEAN, *force))
    if wrong := _ended_wrongly(ended, (ExitCode.SOME_FAILED,)):
        return f"{act.__name__}: {wrong}"
    # Who works the check out anew can say anything of a document but what its files are.
    names = ("out", "why.jsonl", "report.json") if not sealed or force else ("out",)
    for name in names:
        if not _same(whole / name, folder / name, journal=not sealed):
            return f"{act.__name__}: {name} is not as it was"
    return ""


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _same(one: Path, other: Path, *, journal: bool) -> bool:
    if one.is_file():
        return other.is_file() and one.read_bytes() == other.read_bytes()
    files = [
        {str(path.relative_to(root)): path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}
        for root in (one, other)
    ]
    if not journal:
        files = [{name: data for name, data in each.items() if not name.startswith(".zhnorm")} for each in files]
    return files[0] == files[1]


# ---------------------------------------------------------------------- ledgers


def forged_ledger(folder: Path, whole: Path, dice: random.Random) -> str:
    """Damage or forge a ledger, and do with it what can be done with it; what is wrong, or nothing."""
    for name in ("back", "again"):
        shutil.rmtree(folder / name, ignore_errors=True)
    lines = (whole / "why.jsonl").read_bytes().splitlines(keepends=True)
    act = dice.choice(FORGERIES)
    (folder / "forged.jsonl").write_bytes(b"".join(act(lines, dice)))
    ledger = ("--ledger", "forged.jsonl")
    said = f"{act.__name__}: "
    codes = (ExitCode.DONE, ExitCode.USAGE, ExitCode.SOME_FAILED, ExitCode.INPUT_OUTPUT)
    ended = _command(folder, ("restore", "out", *ledger, "-o", "back"))
    if wrong := _ended_wrongly(ended, codes) or _differing(folder / "back", folder / "in"):
        return f"{said}restore: {wrong}"
    ended = _command(folder, ("apply", "in", *ledger, "-o", "again"))
    if wrong := _ended_wrongly(ended, codes) or _differing(folder / "again", folder / "out"):
        return f"{said}apply: {wrong}"
    page = dice.choice(_PAGES)
    others: tuple[tuple[str, ...], ...] = (
        ("apply", f"in/{page}", *ledger, "--except", dice.choice(("web/*", "*", ":2", f"{page}:1-3", "titles/repeat"))),
        ("stats", *ledger),
        ("stats", "in", *ledger, "--json"),
        ("explain", f"in/{page}", *ledger),
        ("explain", "out", *ledger, "--html", "report.html"),
        ("explain", f"out/{page}", *ledger, "--line", "2"),
    )
    command = dice.choice(others)
    if wrong := _ended_wrongly(_command(folder, command), codes):
        return f"{said}{' '.join(command)}: {wrong}"
    ended = _command(folder, ("explain", f"out/{page}", *ledger, "--json"))
    if wrong := _ended_wrongly(ended, codes):
        return f"{said}explain: {wrong}"
    if ended.code == ExitCode.DONE and _texts(ended.out) != _texts(_story(whole, page).read_bytes()):
        return f"{said}explain: tells another story"
    return ""


def _texts(story: bytes) -> list[tuple[str, str | None]]:
    """Each line before and after."""
    return [(line["raw"], line["text"]) for line in map(json.loads, story.splitlines())]


def _differing(made: Path, known: Path) -> str:
    for path in made.rglob("*") if made.is_dir() else ():
        if path.is_file() and path.read_bytes() != (known / path.relative_to(made)).read_bytes():
            return f"{path.relative_to(made)} is not what it was"
    return ""


def _ended_wrongly(ended: Outcome, codes: tuple[int, ...]) -> str:
    if ended.code not in codes or "Traceback" in ended.err:
        return f"exit {ended.code}: {ended.err.strip()[-1500:]}"
    return ""


_KINDS = {"journals": forged_journal, "ledgers": forged_ledger}


def main() -> int:
    """Forge until there are enough; the exit code says whether something went wrong."""
    parser = argparse.ArgumentParser(prog="python -m fuzz.forged", description="Damage and forge journals and ledgers.")
    parser.add_argument("kind", choices=_KINDS)
    parser.add_argument("--count", type=int, default=2000, help="how many (2,000)")
    parser.add_argument("--seed", type=int, default=1, help="of the first; each next one has the next")
    options = parser.parse_args()
    wrong = Counter[str]()
    with tempfile.TemporaryDirectory() as root:
        whole, folder = Path(root, "whole"), Path(root, "folder")
        prepared(whole)
        tell_stories(whole)
        shutil.copytree(whole, folder)
        for number in range(options.count):
            seed = options.seed + number
            if found := _KINDS[options.kind](folder, whole, random.Random(seed)):
                wrong[found.split(":")[0]] += 1
                print(f"seed {seed}: {found}", flush=True)
            if (number + 1) % 100 == 0:
                print(f"{number + 1:,} {options.kind}, {sum(wrong.values()):,} went wrong", flush=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
