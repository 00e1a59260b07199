"""Where a conversion had to choose, what it chose, and why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm import Converter
from zhnorm.conversion.convert import DIRECTIONS


def _found(direction: str, text: str, **settings: object) -> list[tuple[str, str, str]]:
    found = Converter(direction, **settings).ambiguities(text)  # type: ignore[arg-type]
    return [(one.source, one.chosen, one.reason) for one in found]


@pytest.mark.parametrize(
    ("direction", "text", "found"),
    [
        ("hans", "乾隆乾杯", [("乾", "乾", "word: 乾隆"), ("乾", "干", "word: 乾杯")]),
        ("hans", "这个乾杯", [("乾", "乾", "the line is Simplified")]),
        ("hans", "東京の図書館での乾杯", [("乾", "乾", "the line is Japanese")]),
        ("t2s", "这个乾杯", [("乾", "干", "word: 乾杯")]),
        ("hans", "他只乾了", [("乾", "干", "no word decides")]),
        ("hans", "乾、坤、震", [("乾", "乾", "what stands around it")]),
        ("tw2s", "這裏瞭解", [("瞭", "了", "word: 瞭解")]),
        ("s2t", "头发", [("发", "髮", "word: 头发")]),
        ("tw", "這個干", [("干", "干", "the line is Traditional")]),
        ("hans", "上下左右", []),
        ("hans", "", []),
        ("t2tw", "裏面乾杯", []),
        ("jp2t", "乾杯", []),
    ],
)
def test_reasons(direction: str, text: str, found: list[tuple[str, str, str]]) -> None:
    assert _found(direction, text) == found


def test_places_and_alternatives() -> None:
    found = [tuple(one) for one in Converter().ambiguities("看著這本著作\n\n在乾隆")]
    assert found == [
        (1, 2, "著", "着", ("著",), "word: 看著", ("看著", "這本")),
        (1, 5, "著", "著", ("着",), "word: 著作", ("這本", "著作")),
        (3, 2, "乾", "乾", ("干",), "word: 乾隆", ("在", "乾隆")),
    ]


@pytest.mark.parametrize(("direction", "sister"), [("tw2sp", "tw2s"), ("s2twp", "s2tw")])
def test_regional_wording_does_not_move_the_places(direction: str, sister: str) -> None:
    text = "程式裡的乾隆，软件后面的头发"
    assert list(Converter(direction).ambiguities(text)) == list(Converter(sister).ambiguities(text)) != []


def test_settled_pieces_are_named_and_move_nothing() -> None:
    found = list(Converter(protect=["乾隆"], dictionary={"臺北": "Taipei", "餅乾": ""}).ambiguities("臺北餅乾乾隆乾杯"))
    assert [(one.column, one.source, one.chosen, one.reason) for one in found] == [
        (4, "乾", "", "settled by you"),
        (5, "乾", "", "settled by you"),
        (7, "乾", "干", "word: 乾杯"),
    ]
    assert _found("hans", "見http://a.tw/乾 乾杯")[0] == ("乾", "", "settled by you")


def test_exact_reports_what_exact_does() -> None:
    assert _found("hans", "这个乾杯", exact=True) == [("乾", "干", "no word decides")]


_LINES = st.lists(
    st.sampled_from([*"乾著瞭覆里后发面台干看解 ，", "乾隆", "頭髮", "这", "這", "の", "臺灣"]), max_size=12
)


@pytest.mark.parametrize("direction", [name for name in DIRECTIONS if not name.endswith("p")])
@given(lines=st.lists(_LINES.map("".join), max_size=3))
def test_what_is_reported_is_what_stands_in_the_result(direction: str, lines: list[str]) -> None:
    converter = Converter(direction)
    text = "\n".join(lines)
    result = converter.convert(text).split("\n")
    for one in converter.ambiguities(text):
        assert lines[one.line - 1][one.column - 1] == one.source
        assert result[one.line - 1][one.column - 1] == one.chosen
        assert one.chosen not in one.alternatives
        assert one.alternatives
