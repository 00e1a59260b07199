"""Measuring on labelled pages, and drafts of rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhnorm import Cleaner
from zhnorm.errors import RulesError, UsageError
from zhnorm.evaluate import differences, find_pages, grams, score_page, totals
from zhnorm.rules import Action
from zhnorm.rules.draft import draft_rule

PAGE = (
    "老橋拆不拆\n老橋建於六十年前，橋面只有四米寬，兩輛車在橋上遇見了，總有一輛要退回去。\n分享到：微博\n老桥拆不拆\n"
)
GOLD = "老桥拆不拆\n老桥建于六十年前，桥面只有四米宽，两辆车在桥上遇见了，总有一辆要退回去。\n"


def test_a_perfect_page_scores_one_whatever_the_script() -> None:
    score = score_page("bridge", PAGE, Cleaner().explain(PAGE), GOLD)
    assert (score.precision, score.recall, score.kept) == (1.0, 1.0, 1.0)
    # The repeated title is right to go though the gold says it.
    assert {name: (rule.right, rule.wrong) for name, rule in score.rules.items()} == {
        "titles/repeat": (1, []),
        "web/share-label": (1, []),
    }


def test_what_the_gold_has_and_the_output_lacks_is_wrong() -> None:
    gold = GOLD + "分享到：微博\n"
    score = score_page("bridge", PAGE, Cleaner().explain(PAGE), gold)
    assert [(wrong.page, wrong.line) for wrong in score.rules["web/share-label"].wrong] == [("bridge", 3)]
    assert score.recall < 1 == score.possible


def test_doing_nothing_leaves_all_noise() -> None:
    cleaner = Cleaner(profile="gentle", duplicates=False)
    found = totals([score_page("bridge", PAGE, cleaner.explain(PAGE), GOLD)])
    assert (found.noise, found.recall, found.lost) == (1.0, 1.0, 0)
    assert found.precision < 1


@pytest.mark.parametrize("text", ["", "\n", "。", "甲"])
def test_nearly_empty_texts_have_a_score(text: str) -> None:
    found = totals([score_page("empty", text, Cleaner().explain(text), text)])
    assert (found.precision, found.recall, found.f1, found.kept) == (1.0, 1.0, 1.0, 1.0)


def test_short_texts_are_one_gram() -> None:
    assert list(grams("甲乙")) == ["甲乙"]
    assert not grams("，。")


def test_differences_name_the_rule_of_the_cleaner_that_takes_more() -> None:
    old, new = Cleaner(boilerplate=False).explain(PAGE), Cleaner().explain(PAGE)
    (found,) = differences("bridge", old, new, GOLD)
    assert (found.line, found.removed, found.rule, found.wanted) == (3, True, "web/share-label", False)
    (back,) = differences("bridge", new, old, None)
    assert (back.line, back.removed, back.rule, back.wanted) == (3, False, "web/share-label", None)
    assert not list(differences("bridge", new, new, GOLD))


def test_pages_are_found_below_the_folder(tmp_path: Path) -> None:
    for name in ("b.txt", "b.gold.txt", "in/a.txt", "in/a.gold.txt", "in/none.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("甲", "utf-8")
    assert [page.name for page in find_pages(tmp_path, None, labelled=True)] == ["b", "in/a"]
    assert [page.name for page in find_pages(tmp_path, None, labelled=False)] == ["b", "in/a", "in/none"]
    assert [page.name for page in find_pages(tmp_path / "in", tmp_path, labelled=False)] == ["a", "none"]
    with pytest.raises(UsageError, match="no page with gold"):
        find_pages(tmp_path / "in", tmp_path, labelled=True)


@pytest.mark.parametrize(
    ("action", "removes", "keeps", "match"),
    [
        ("drop", ["下载江岸App", "用江岸App打开"], ["他下载了江岸App的源码"], ("下载江岸app", "用江岸app打开")),
        ("drop", ["在江岸客户端阅读", "在江岸客户端收看"], ["他在江岸工作"], ("在江岸客户端*",)),
        ("drop", ["微博里搜江岸日报", "公众号搜江岸日报"], ["江岸日报的记者说"], ("*搜江岸日报",)),
        ("drop", ["共12頁"], ["共同的一页"], ("共#页",)),
        ("trim-suffix", ["灯灭了。⟦（江岸编辑：小满）⟧"], ["她是江岸编辑部的人。"], ("江岸编辑:小满",)),
    ],
)
def test_drafts(action: Action, removes: list[str], keeps: list[str], match: tuple[str, ...]) -> None:
    assert draft_rule("mine/x", removes, keeps, action=action, about="").match == match


@pytest.mark.parametrize(
    ("action", "removes", "keeps", "reason"),
    [
        ("drop", ["今天"], ["今天！"], "to go and to stay"),
        ("drop", ["——"], ["好"], "says too little"),
        ("trim-suffix", ["灯灭了。（编辑：小满）"], ["好"], "which part goes"),
        ("drop", ["第3页"], ["第2页"], "no rule could be made"),
    ],
)
def test_no_draft(action: Action, removes: list[str], keeps: list[str], reason: str) -> None:
    with pytest.raises(RulesError, match=reason):
        draft_rule("mine/x", removes, keeps, action=action, about="")
