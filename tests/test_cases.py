"""Pages with what should come out of them: one file a case. CONTRIBUTING.md says how to add one.

    + a line that stays: nothing touches it but tidying and conversion
    - a line that goes
    ~ a line that is rewritten
    > what it becomes, to the letter
    @ the rules that act on the line above, in order; tidying and conversion do not count
    # a comment; a line `#: title=…` gives settings

Known failures are run too, and must fail: a case that starts to pass belongs in another folder.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from zhnorm import Cleaner
from zhnorm.conversion.fold import key
from zhnorm.line import Line
from zhnorm.stages import CHARACTER_STAGES

FOLDER = Path(__file__).parent / "cases"
FILES = sorted(FOLDER.rglob("*.txt"))


@dataclass
class Wanted:
    """What should become of a line.

    Attributes:
        stays: whether it does.
        text: what it is rewritten to, if it is.
        rules: those that act on it, if they are named.
    """

    stays: bool
    text: str | None = None
    rules: list[str] | None = None


@dataclass
class Case:
    """The lines of a page, and what should become of each."""

    lines: list[str] = field(default_factory=list)
    wanted: list[Wanted] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)


def read(path: Path) -> Case:
    return parse(path.read_text("utf-8"), str(path))


def parse(text: str, name: str) -> Case:
    case = Case()
    before = ""
    for number, line in enumerate(text.split("\n"), 1):
        mark, said = line[:2], line[2:]
        if line.startswith("#: "):
            case.settings |= tomllib.loads(line[3:])
        elif mark == "> " and before == "~ ":
            case.wanted[-1].text = said
        elif mark == "@ " and before in ("- ", "> "):
            case.wanted[-1].rules = said.split()
        elif mark in ("+ ", "- ", "~ ") and before != "~ ":
            case.lines.append(said)
            case.wanted.append(Wanted(mark != "- "))
        elif line and (not line.startswith("#") or before == "~ "):
            raise ValueError(f"{name}:{number}: a line begins with '+ ', '- ', '~ ' with '> ' behind it, '@ ' or '#'")
        before = before if line.startswith("#") else mark
    return case


def judge(line: Line, wanted: Wanted) -> None:
    """Hold what became of a line against what was wanted."""
    acted = [change.rule for change in line.changes if change.stage not in CHARACTER_STAGES]
    story = f"line {line.number} {line.raw!r}: " + "; ".join(f"{c.rule} {c.evidence}" for c in line.changes)
    assert (line.text is not None) == wanted.stays, story
    if wanted.text is not None:
        assert line.text == wanted.text, story
    elif line.text is not None:
        assert not acted, story
        assert key(line.text) == key(line.raw), story
    if wanted.rules is not None:
        assert acted == wanted.rules, story


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_case(path: Path, request: pytest.FixtureRequest) -> None:
    if path.parent.name == "known-failure":
        request.applymarker(pytest.mark.xfail(strict=True))
    case = read(path)
    result = Cleaner(**case.settings).explain("".join(line + "\n" for line in case.lines))
    for line, wanted in zip(result.lines, case.wanted, strict=True):
        if line.raw.strip():
            judge(line, wanted)


@pytest.mark.parametrize(
    "case",
    [
        "~ 灯灭了。（责任编辑：方晴）\n> 灯灭了\n",
        "~ 灯灭了。（责任编辑：方晴）\n> 灯灭了。\n@ news/editor-line\n",
        "+ 灯灭了。（责任编辑：方晴）\n",
        "- 灯灭了。（责任编辑：方晴）\n",
        "- 灯灭了。\n",
        "- 分享到：微博\n@ web/editor\n",
    ],
)
def test_a_case_that_says_something_else_fails(case: str) -> None:
    """A mark more or less, another rule, a line that stays or goes: each is seen."""
    read_case = parse(case, "case")
    result = Cleaner(reading=False).explain("".join(line + "\n" for line in read_case.lines))
    with pytest.raises(AssertionError):
        judge(result.lines[0], read_case.wanted[0])


@pytest.mark.parametrize("case", ["~ 灯灭了。\n", "~ 甲\n+ 乙\n", "+ 甲\n> 乙\n", "+ 甲\n@ web/x\n", "甲\n"])
def test_a_case_that_is_not_written_as_cases_are_is_refused(case: str) -> None:
    with pytest.raises(ValueError, match="case:"):
        parse(f"{case}+ 丙\n", "case")


def test_every_kind_of_case_is_there() -> None:
    assert {path.parent.name for path in FILES} >= {"wild", "synthetic", "negative", "known-failure"}
