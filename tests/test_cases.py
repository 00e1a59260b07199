"""Pages with what should come out of them: one file a case. CONTRIBUTING.md says how to add one.

    + a line that stays (compared regardless of script, width and spaces)
    - a line that goes
    ~ a line that is rewritten
    > what it becomes
    # a comment; a line `#: title=…` gives settings

Known failures are run too, and must fail: a case that starts to pass belongs in another folder.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from zhnorm import Cleaner, Result
from zhnorm.text.fold import key

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.rglob("*.txt"))


@dataclass
class Case:
    """The lines of a page, and for each what should become of it: the text that stays, or None."""

    lines: list[str] = field(default_factory=list)
    wanted: list[str | None] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


def read(path: Path) -> Case:
    case = Case()
    for number, line in enumerate(path.read_text("utf-8").split("\n"), 1):
        mark, text = line[:2], line[2:]
        if line.startswith("#: "):
            case.settings |= tomllib.loads(line[3:])
        elif mark == "> ":
            case.wanted[-1] = text
        elif mark in ("+ ", "- ", "~ "):
            case.lines.append(text)
            case.wanted.append(text if mark == "+ " else None)
        elif line and not line.startswith("#"):
            raise ValueError(f"{path}:{number}: a line begins with '+ ', '- ', '~ ', '> ' or '#'")
    return case


def _story(result: Result, number: int) -> str:
    line = result.lines[number]
    return f"line {number + 1} {line.raw!r}: " + "; ".join(f"{c.rule} {c.evidence}" for c in line.changes)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_case(path: Path, request: pytest.FixtureRequest) -> None:
    if path.parent.name == "known-failure":
        request.applymarker(pytest.mark.xfail(strict=True))
    case = read(path)
    result = Cleaner(**case.settings).explain("".join(line + "\n" for line in case.lines))
    for number, wanted in enumerate(case.wanted):
        got = result.lines[number].text
        if case.lines[number].strip():
            assert (got is None) == (wanted is None), _story(result, number)
            assert key(got or "") == key(wanted or ""), _story(result, number)


def test_every_kind_of_case_is_there() -> None:
    assert {path.parent.name for path in FILES} >= {"wild", "synthetic", "negative", "known-failure"}
