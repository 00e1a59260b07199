"""Characters of lines that later stages rewrote."""

from __future__ import annotations

import pytest

from zhnorm import Cleaner
from zhnorm.line import Conversion


@pytest.mark.parametrize(
    ("line", "wish", "becomes", "rules"),
    [
        ("古老的后人（責任編輯：小滿）", {"to": "hant"}, "古老的後人", ["news/editor-tail", "script/hant"]),
        ("走了三天.（责任编辑：小满）", {"punctuation": "full"}, "走了三天。", ["news/editor-tail", "tidy/punctuation"]),
    ],
)  # fmt: skip
def test_a_trimmed_line_is_read_again(line: str, wish: dict[str, str], becomes: str, rules: list[str]) -> None:
    result = Cleaner(**wish).explain(line)
    assert (result.text, [change.rule for change in result.changes]) == (becomes, rules)
    again = result.changes[-1]
    stage, _, table = again.rule.partition("/")
    assert (again.stage, again.evidence) == (stage, Conversion(table))


def test_the_document_speaks_for_a_trimmed_line() -> None:
    """What is left of it could be in either script."""
    assert Cleaner().clean("李白著（责任编辑：小满）\n") == "李白著\n"


def test_a_line_that_nobody_rewrote_is_not_converted_twice() -> None:
    # OpenCC's words lead from 算法 to 演算法, and from there to 演演算法.
    assert Cleaner(to="s2twp").clean("研究算法（责任编辑：小满）\n研究算法的人\n") == "研究演算法\n研究演算法的人\n"


@pytest.mark.parametrize(
    "text",
    [
        "李白著\udc80（责任编辑：小满）",
        "灯灭了\udc80。本文来源：青石日报 第二天，灯又亮了。门开了。本文来源：青石日报 到了晚上，灯又灭了。",
    ],
)
def test_undecodable_bytes_keep_a_line_as_it_is(text: str) -> None:
    assert Cleaner().clean(text) == text
