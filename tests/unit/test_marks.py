"""Pieces of a line: what is the same, what is new, what went."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhnorm.report.diff import pieces, through

texts = st.text("貓猫在 ab1\u200b", max_size=12)


@given(st.lists(texts, min_size=1, max_size=5))
def test_pieces_are_made_of_both_texts(steps: list[str]) -> None:
    found = through(steps)
    assert "".join(piece.text for piece in found if piece.kind != "new") == steps[0]
    assert "".join(piece.text for piece in found if piece.kind in ("same", "new")) == steps[-1]
    assert all(piece.text for piece in found)


def test_a_long_paragraph_is_marked_where_it_changed() -> None:
    raw = "\u3000\u3000" + "雨中的貓在屋簷下睡著了，" * 300
    tidied = raw.strip("\u3000")
    converted = tidied.replace("貓", "猫").replace("簷", "檐").replace("著", "着")
    found = through([raw, tidied, converted])
    assert [piece.kind for piece in found[:4]] == ["gone", "same", "old", "new"]
    assert sum(len(piece.text) for piece in found if piece.kind == "new") == 900


def test_long_stretches_that_differ_are_replaced_whole() -> None:
    assert [piece.kind for piece in pieces("甲" + "乙丙" * 3000, "甲" + "丁" * 5999)] == ["same", "old", "new"]
