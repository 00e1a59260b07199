"""The model that finds the article in a page."""

from __future__ import annotations

import math
import re
from itertools import accumulate, pairwise

import pytest

from zhnorm import Cleaner
from zhnorm.line import Scored
from zhnorm.page.context import AROUND
from zhnorm.page.features import NAMES, features
from zhnorm.page.headline import headline
from zhnorm.page.model import STATES, Model, body_model
from zhnorm.page.own import OWN
from zhnorm.report.features import WORDS, in_words
from zhnorm.text.fold import key

SECTIONS = ["新闻", "财经", "体育", "娱乐", "论坛", "视频"]
TEXT = [
    "钟表铺在老街的尽头，门口没有招牌，只有一只停在三点一刻的挂钟。铺主姓邱，今年七十一岁。",
    "他说只收过一次急件：一位新娘在婚礼前一天送来父亲的怀表，希望第二天走红毯的时候它能响。",
    "街坊都说他的手慢，可是送来的表从来没有返修过。邱师傅听了只是笑，说表和人一样，急不得。",
]
PAGE = [
    *["老街最后的钟表铺_江畔网", *SECTIONS, "首页 > 人物 > 正文", "老街最后的钟表铺", "2021年03月14日 09:20", *TEXT],
    *["分享到：", "――――", "相关新闻", "渡口的摆渡人退休了", "一座桥和它的三任看守", "网站地图", "联系我们"],
]


def test_every_line_has_every_feature_in_range() -> None:
    rows = features(PAGE, [key(line) for line in PAGE], {0: ("drop", True), 13: ("cut", True)})
    assert [len(row) for row in rows] == [len(NAMES)] * len(PAGE)
    assert all(math.isfinite(value) and 0 <= value < 16 for row in rows for value in row)


@pytest.mark.parametrize("lines", [[], ["甲"], ["甲乙丙丁"] * 3, TEXT])
def test_features_of_small_pages(lines: list[str]) -> None:
    assert len(features(lines, [key(line) for line in lines], {})) == len(lines)


def test_pages_together_are_seen_and_divided_as_each_alone() -> None:
    pages = [PAGE, TEXT, ["甲"], PAGE[1:], [*PAGE[:10], *TEXT, *PAGE[10:]]]
    starts = [0, *accumulate(map(len, pages[:-1]))]
    lines = [line for page in pages for line in page]
    hits = dict.fromkeys(starts[1:], ("cut", True))
    together = features(lines, [key(line) for line in lines], hits, starts)
    states = body_model().states(together, [len(key(line)) for line in lines], starts)
    for number, (page, start) in enumerate(zip(pages, starts, strict=True)):
        keys = [key(line) for line in page]
        alone = features(page, keys, {0: ("cut", True)} if number else {})
        assert (alone == together[start : start + len(page)]).all()
        assert body_model().states(alone, list(map(len, keys))) == states[start : start + len(page)]


def test_headline_is_none_without_a_title() -> None:
    assert headline(["首页", "新闻", "正文"], []) is None


def test_states_keep_their_order() -> None:
    rows = features(PAGE, [key(line) for line in PAGE], {})
    states = [state for state, _ in body_model().states(rows, [len(key(line)) for line in PAGE])]
    order = [STATES.index(state) for state in states]
    text = [i for i, state in enumerate(states) if state == "text"]
    assert text == list(range(text[0], text[-1] + 1))
    assert states[-1] in ("text", "below")
    assert all(a <= b or {a, b} == {1, 2} or (a, b) == (2, 0) for a, b in pairwise(order))


@pytest.mark.parametrize(
    "lines", [["相关文章"] * 5, ["评论（12）", "老街最后的钟表铺", "评论（12）", "评论（12）"], ["甲"]]
)
def test_there_is_always_some_text(lines: list[str]) -> None:
    rows = features(lines, [key(line) for line in lines], {0: ("cut", True)})
    assert "text" in [state for state, _ in body_model().states(rows, [len(key(line)) for line in lines])]
    Cleaner(profile="page").clean("\n".join(lines))


def test_a_model_that_knows_nothing_keeps_an_order_too() -> None:
    blank = Model(tuple((0.0,) * len(NAMES) for _ in STATES), (0.0,) * len(STATES))
    states = blank.states(features(PAGE, [key(line) for line in PAGE], {}), [1] * len(PAGE))
    assert states[-1][0] in ("text", "below")
    assert all(score == pytest.approx(1 / len(STATES)) for _, score in states)


@pytest.mark.parametrize("profile", ["page", "auto"])
def test_only_the_article_is_left(profile: str) -> None:
    result = Cleaner(profile=profile).explain("\n".join(PAGE))
    assert result.text.split() == ["老街最后的钟表铺", *TEXT]
    scored = [change for change in result.changes if isinstance(change.evidence, Scored)]
    assert {change.rule for change in scored} == {"body/above", "body/between", "body/below"}
    assert all(0 <= change.evidence.score <= 1 for change in scored if isinstance(change.evidence, Scored))


def test_features_of_the_decision_are_named() -> None:
    result = Cleaner(profile="page").explain("\n".join(PAGE))
    first = result.lines[1].changes[-1].evidence
    assert isinstance(first, Scored)
    assert first.features
    assert all(reason.split(" ")[0] in NAMES and float(reason.split(" ")[1]) > 0 for reason in first.features)


def test_every_feature_has_words() -> None:
    assert set(WORDS) == {*OWN, *AROUND}
    assert in_words("dropped-1 +0.40") == "1 line above: known as boilerplate"
    assert all(
        in_words(name) in WORDS.values() or re.match("[1-3] lines? (above|below): ", in_words(name)) for name in NAMES
    )
    assert in_words("of a later version +0.3") == "of a later version +0.3"


def test_unasked_only_pages_are_cut() -> None:
    article = "\n".join([*SECTIONS[:3], "老街最后的钟表铺", *TEXT, "渡口的摆渡人退休了"])
    assert not any(rule.startswith("body/") for rule in Cleaner(profile="auto").explain(article).counts)


def test_without_boilerplate_the_article_is_found_as_well() -> None:
    result = Cleaner(profile="page", boilerplate=False).explain("\n".join(PAGE))
    assert result.counts["body/above"] >= len(SECTIONS)
    assert all(line in result.text for line in TEXT)
