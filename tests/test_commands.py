"""The pages in tests/commands, and the Chinese ones in docs, are run: each is a terminal session in an empty folder, readable as
documentation.

A page is Markdown. A block that begins with ```file NAME is written to that file. In a block that begins with
```console every line after "$ " is run by the shell; what follows is what the terminal must show, both output and
messages, and "[exit N]" if the command does not end with 0. A line "..." stands for any lines; "…" inside a line for
any characters. A line "<!-- needs PACKAGE -->" skips the page where that is not installed. On a Chinese page the command speaks its
language.
"""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import environment

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*(ROOT / "tests" / "commands").glob("*.md"), *(ROOT / "docs").glob("zh-*/*.md")])
NEEDS = re.compile(r"^<!-- needs (\S+) -->$", re.MULTILINE)
BLOCK = re.compile(r"^```(console|file (\S+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT).with_suffix("")) for page in PAGES])
def test_page(page: Path, tmp_path: Path) -> None:
    for needed in NEEDS.findall(page.read_text("utf-8")):
        pytest.importorskip(needed)
    folder, programs = tmp_path / "here", tmp_path / "bin"
    folder.mkdir()
    programs.mkdir()
    (programs / "zhnorm").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m zhnorm "$@"\n')
    (programs / "zhnorm").chmod(0o755)
    given = {"PATH": f"{programs}:{environment()['PATH']}"}
    if page.parent.name in ("zh-Hans", "zh-Hant"):
        given["ZHNORM_LANG"] = page.parent.name
    for kind, name, body in BLOCK.findall(page.read_text("utf-8")):
        if kind == "console":
            for session in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                check(session, folder, given)
        else:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(body, "utf-8")


def check(session: str, folder: Path, given: dict[str, str]) -> None:
    """Run one command and compare what it shows."""
    command, _, expected = session.partition("\n")
    done = subprocess.run(
        command,
        shell=True,
        executable="/bin/bash",
        cwd=folder,
        env=environment(**given),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    shown = done.stdout.decode("utf-8") + (f"[exit {done.returncode}]\n" if done.returncode else "")
    assert matches(expected.strip("\n"), shown.strip("\n")), f"$ {command}\n{shown}\n--- expected:\n{expected}"


def matches(expected: str, shown: str) -> bool:
    """Whether `shown` is what `expected` says, with its "..." and "…"."""
    lines = expected.split("\n")
    pattern = "".join("(?:.*\n)*" if line == "..." else re.escape(line).replace("…", ".*") + "\n" for line in lines)
    return re.fullmatch(pattern, shown + "\n") is not None


def test_there_are_pages() -> None:
    assert PAGES
