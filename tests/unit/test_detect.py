"""Which script a text is in."""

from __future__ import annotations

import pytest

from zhnorm import detect


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("網路上的說法，這個國家的圖書館", "hant"),
        ("网络上的说法，这个国家的图书馆", "hans"),
        ("網路上的說法，这个国家的图书馆", "mixed"),
        ("上下左右中大小人口手", "neutral"),
        ("図書館で新しい本を読んでいます", "japanese"),
        ("no Chinese here", "other"),
        ("妳好，祢，牠，您。", "neutral"),
        ("多謝晒各位", "hant"),
        ("菜肴可口", "neutral"),
        ("", "other"),
    ],
)
def test_script(text: str, script: str) -> None:
    assert detect(text).script == script


def test_confidence_grows_with_the_evidence() -> None:
    assert detect("說").confidence < detect("說說這個國家的圖書館").confidence <= 1
    assert detect("").confidence <= 1
