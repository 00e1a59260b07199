"""Pages on a terminal: what goes for one reason is told once, and what goes is seen without colours, too."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import StringIO

import pytest
from rich.console import Console

from zhnorm.report.diff import Piece
from zhnorm.report.screen import Screen
from zhnorm.report.story import Note, Row, runs

STAYS = Piece("same", "雨停了，貓也走了。")


def _gone(number: int, text: str, rule: str = "reading/nav", why: str = "") -> Row:
    return Row(
        number, "-", (Piece("gone", text),) if text else (), (Note("reading", rule, why or f"because {number}"),), "nav"
    )


def _shown(rows: Sequence[Row], *, no_color: bool = False) -> str:
    file = StringIO()
    console = Console(file=file, width=120, force_terminal=True, no_color=no_color, color_system="256", highlight=False)
    Screen(drawn=True, console=console).rows(rows, kinds=True)
    return file.getvalue()


def _plain(shown: str) -> str:
    return re.sub("\x1b\\[[0-9;]*m", "", shown)


def test_lines_that_go_for_one_reason_are_one() -> None:
    rows = [Row(1, " ", (STAYS,), ()), *(_gone(n, f"栏目{n}") for n in range(2, 14)), Row(14, " ", (STAYS,), ())]
    shown = _plain(_shown(rows))
    assert "reading/nav 12 lines, 2 to 13; the first:" in shown
    assert "because 2" in shown
    assert "because 3" not in shown
    assert shown.count("reading/nav") == 1
    assert [f"栏目{n}" in shown for n in range(2, 14)] == [True] * 12
    assert "栏目2 ¶ 栏目3" in shown
    assert len([line for line in shown.split("\n") if line.strip()]) <= 6


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [
        ([_gone(1, "甲"), _gone(2, "乙")], [1, 1]),
        ([_gone(1, "甲"), _gone(2, "乙"), _gone(3, "丙")], [3]),
        ([_gone(1, "甲"), _gone(2, "乙"), _gone(3, "丙", "reading/ad"), _gone(4, "丁")], [1, 1, 1, 1]),
        # A blank line that goes among them goes along, and counts for none.
        ([_gone(1, "甲"), _gone(2, "", "blanks/surplus"), _gone(3, "丙"), _gone(4, "丁")], [4]),
        ([_gone(1, "甲"), _gone(2, "", "blanks/surplus"), _gone(3, "丙")], [1, 1, 1]),
        # Lines were left out in between: --changed, --rule.
        ([_gone(1, "甲"), _gone(2, "乙"), _gone(4, "丙"), _gone(5, "丁")], [1, 1, 1, 1]),
        ([Row(n, " ", (STAYS,), ()) for n in range(1, 5)], [1] * 4),
        ([], []),
    ],
)
def test_runs(rows: list[Row], sizes: list[int]) -> None:
    found = list(runs(rows))
    assert [len(run) for run in found] == sizes
    assert [row for run in found for row in run] == rows


def test_a_very_long_run_says_how_much_is_left_out() -> None:
    shown = "".join(_plain(_shown([_gone(n, f"第{n}号栏目") for n in range(1, 501)])).split())
    left = re.search(r"…(\d+)more", shown)
    assert left is not None
    assert shown.count("号栏目") + int(left[1]) == 500
    assert "500lines,1to500" in shown


def test_without_colours_brackets_say_what_goes_of_a_line() -> None:
    row = Row(1, "~", (Piece("gone", "標題 "), STAYS), (Note("titles", "titles/in-line", "why"),))
    assert "⟦標題 ⟧雨停了" in _plain(_shown([row], no_color=True))
    assert "標題 雨停了" in _plain(_shown([row]))
    assert "\x1b[38;5;" in _shown([row])
    assert "\x1b[38;5;" not in _shown([row], no_color=True)


def test_what_is_struck_ends_with_its_text() -> None:
    struck = re.findall("\x1b\\[9;[0-9;]*m([^\x1b]*)", _shown([_gone(1, "首页"), Row(2, " ", (STAYS,), ())]))
    assert struck == ["首页"]
