"""Whether a text goes on at a place: what the network says of it, and how it is asked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.conversion.fold import fold
from zhnorm.text.seams import REACH, seams

SIDES = st.text("摆渡的人把船系好，走上了岸。夜里又下起雨 a1", max_size=40)


def said(before: str, behind: str) -> int:
    ((evidence,),) = [seams().evidence([(fold(before), fold(behind))])]
    assert evidence is not None
    return evidence


@pytest.mark.parametrize(
    ("before", "behind", "torn"),
    [
        ("她把面下进去，盖上锅", "盖，等水再开一次。", "老渡口的最后一班船"),
        ("那年冬天，她在巷口摆了一个", "摊子，卖热豆浆和油条。", "图为老城区改造后的街道"),
        ("會議決定，明年三月起調整", "公車路線，並增加夜間班次。", "颱風過後蘭園重生"),
        ("我外婆常常說，人要", "吃飽了才有力氣。", "步驟3：放入蒸籠"),
    ],
)
def test_a_sentence_goes_on_with_its_own_words_and_not_with_others(before: str, behind: str, torn: str) -> None:
    assert said(before, behind) < 0 < said(before, torn)
    assert said(torn, behind) > said(before, behind)


def test_a_mark_that_is_missing_is_missed() -> None:
    assert said("雨停了他把伞收起来", "我们沿着河往回走") > said("雨停了他把伞", "收起来我们沿着河往回走")


@given(st.lists(st.tuples(SIDES, SIDES), max_size=12))
def test_places_do_not_know_of_each_other(places: list[tuple[str, str]]) -> None:
    every = seams().evidence(places)
    assert every == [seams().evidence([place])[0] for place in places]
    assert [evidence is None for evidence in every] == [not (before and behind) for before, behind in places]


@given(SIDES, SIDES, SIDES)
def test_what_is_far_away_says_nothing(far: str, before: str, behind: str) -> None:
    before, behind = before.rjust(REACH, "船"), behind.ljust(REACH, "岸")
    assert said(far + before, behind + far) == said(before, behind)
