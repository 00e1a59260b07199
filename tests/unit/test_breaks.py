"""What goes with a mark that is cut out of a line: decoration and line breaks of HTML, and never a part of a tag."""

from __future__ import annotations

import pytest

from zhnorm.rules.around import around


@pytest.mark.parametrize(
    ("before", "left"),
    [
        ("雨停了。>>", "雨停了。"),
        ("雨停了<br>", "雨停了"),
        ("雨停了<br/> <br >·", "雨停了"),
        ("雨停了</p>", "雨停了</p>"),
        ("雨停了</p> > ", "雨停了</p>"),
        ("<b>雨停了</b>·<br>", "<b>雨停了</b>"),
    ],
)
def test_decoration_and_line_breaks_go_with_a_mark_and_whole_tags_stay(before: str, left: str) -> None:
    start, _ = around(before + "分享", len(before), len(before) + 2)
    assert before[:start] == left
