"""The matcher: it files rules so that few are tried on a line, and finds what trying every rule on every line would find."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from zhnorm.conversion.fold import key
from zhnorm.errors import RulesError
from zhnorm.rules import Matcher, Rule, builtin_packs, load_pack
from zhnorm.rules.match import applies

RULES = [rule for name in builtin_packs() for rule in load_pack(name).rules]
LINES = [example.replace("⟦", "").replace("⟧", "") for rule in RULES for example in (*rule.removes, *rule.keeps)][::4]


def _rule(name: str, action: str = "drop", **fields: Any) -> Rule:
    return Rule(f"my/{name}", "my", name, "", action, **fields)  # type: ignore[arg-type]


def _hits(rules: list[Rule], *lines: str, head: int = 0, tail: int = 0) -> list[tuple[int, str]]:
    found = Matcher(rules).hits(lines, [key(line) for line in lines], head, tail)
    return [(hit.index, hit.rule.id) for hit in found]


def test_filed_rules_fit_what_each_alone_fits() -> None:
    """The first hit of a line by all rules is the one that wins among the hits of each rule alone; none is lost by filing."""
    keys = [key(line) for line in LINES]
    together = Matcher(RULES).fits(LINES, keys)
    for rule in RULES[::7]:
        alone = Matcher([rule]).fits(LINES, keys)
        for index, hits in alone.items():
            winners = together.get(index, ())
            # A rule for whole lines that wins everywhere hides those behind it.
            hidden = bool(winners) and winners[-1].rule.where == "anywhere" and not winners[-1].rule.read
            # Of two that take the same part of a line one is enough.
            hidden |= any((hit.start, hit.stop) == (other.start, other.stop) for hit in hits for other in winners)
            assert hidden or any(hit.rule.name == rule.name for hit in winners), (rule.name, LINES[index])
            assert hits
        missing = [
            i for i, hits in together.items() if any(hit.rule.name == rule.name for hit in hits) and i not in alone
        ]
        assert missing == [], rule.name


def test_few_lines_and_many_are_looked_up_alike() -> None:
    keys = [key(line) for line in LINES]
    matcher = Matcher(RULES)
    together = matcher.fits(LINES, keys)
    for index, (line, said) in enumerate(zip(LINES, keys, strict=True)):
        assert matcher.fits([line], [said]).get(0, ()) == tuple(
            hit if hit.index == 0 else _at(hit, 0) for hit in together.get(index, ())
        ), line


def _at(hit: Any, index: int) -> Any:
    from dataclasses import replace

    return replace(hit, index=index)


@pytest.mark.parametrize(
    ("action", "wins"),
    [("cut", "drop"), ("trim-suffix", "drop"), ("trim-prefix", "drop")],
)
def test_a_drop_wins_whatever_the_order(action: str, wins: str) -> None:
    rules = [_rule("other", action, match=("广告合作",), below="none"), _rule("drop", match=("广告合作",))]
    assert _hits(rules, "广告合作") == _hits(rules[::-1], "广告合作") == [(0, wins)]


def test_of_equals_the_first_wins() -> None:
    one, two = _rule("one", match=("广告*",)), _rule("two", match=("*合作",))
    assert _hits([one, two], "广告合作") == [(0, "one")]
    assert _hits([two, one], "广告合作") == [(0, "two")]


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("广告合作", ["广告合作", "【廣告】合作"], ["广告合作社", "招广告合作"]),
        ("下载*客户端", ["下载青石客户端", "下载客户端"], ["下载青石客户端吧"]),
        ("阅读#", ["阅读123", "阅读 1.2万", "阅读三百"], ["阅读", "阅读多少"]),
        ("#人评论", ["12人评论", "1.2万人评论"], ["有人评论"]),
        ("编辑：*", ["编辑：方晴", "編輯:方晴"], ["编辑方晴"]),
        ("re:[0-9]{4}届校友会公告", ["2012届校友会公告"], ["12届校友会公告"]),
    ],
)
def test_patterns_fit_lines_in_either_script_and_any_marks(pattern: str, fitting: list[str], others: list[str]) -> None:
    rule = _rule("x", match=(pattern,))
    assert _hits([rule], *fitting) == [(at, "x") for at in range(len(fitting))]
    assert _hits([rule], *others) == []


def test_words_fit_lines_of_nothing_else() -> None:
    rule = _rule("bar", words=("首页", "新闻", "论坛"), min_words=2)
    assert _hits([rule], "首页 | 新闻 | 论坛", "新闻论坛 3", "首页", "首页的新闻") == [(0, "bar"), (1, "bar")]


def test_zones_decide_where_a_rule_acts() -> None:
    head, tail = _rule("head", where="head", match=("当前位置*",)), _rule("tail", where="tail", match=("返回顶部",))
    lines = ["当前位置：首页", "返回顶部", "当前位置：首页", "返回顶部"]
    assert _hits([head, tail], *lines, head=1, tail=3) == [(0, "head"), (3, "tail")]
    assert _hits([head, tail], *lines, head=0, tail=4) == []
    (hit, *_), *_ = Matcher([head]).fits(lines, list(map(key, lines))).values()
    assert applies(hit, 0, 1, 3)
    assert not applies(hit, 1, 1, 3)


def test_sentences_are_left_to_rules_that_are_for_them() -> None:
    plain, for_sentences = _rule("x", match=("扫码关注*",)), _rule("y", match=("扫码关注*",), sentence=True)
    assert _hits([plain], "扫码关注青石", "扫码关注青石。", "扫码关注青石⋯⋯") == [(0, "x")]
    assert _hits([for_sentences], "扫码关注青石", "扫码关注青石！") == [(0, "y"), (1, "y")]


def test_a_trim_takes_the_mark_and_leaves_the_text() -> None:
    rule = _rule("tail", "trim-suffix", match=("责任编辑：*",))
    line = "船又开了。（责任编辑：方晴）"
    (hit,) = Matcher([rule]).hits([line], [key(line)], 0, 0)
    assert line[: hit.start] == "船又开了。"
    assert line[hit.stop :] == ""


def test_a_matcher_that_travelled_finds_the_same() -> None:
    keys = [key(line) for line in LINES[:200]]
    matcher = Matcher(RULES)
    again = pickle.loads(pickle.dumps(matcher))
    assert again.rules == matcher.rules
    assert again.fits(LINES[:200], keys) == matcher.fits(LINES[:200], keys)


def test_rules_of_a_users_own_join_those_that_are_filed() -> None:
    from zhnorm.rules.load import builtin_filing

    own = _rule("own", match=("青石独家连载",))
    keys = [key(line) for line in [*LINES[:100], "青石獨家連載"]]
    lines = [*LINES[:100], "青石獨家連載"]
    joined = Matcher([*RULES, own], builtin_filing())
    assert joined.fits(lines, keys) == Matcher([*RULES, own]).fits(lines, keys)
    assert [hit.rule.id for hit in joined.fits(lines, keys)[100]] == ["own"]


def test_a_pattern_by_which_nothing_can_be_looked_up_is_refused() -> None:
    with pytest.raises(RulesError, match="no two plain characters"):
        Matcher([_rule("x", match=("*的*",))])


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("灯亮了。![图集分享 · 桥](a.png) 船来了。", "图集分享 · "),
        ("灯亮了。![桥](a/图集分享/b.png) 船来了。", ""),
        ("灯亮了。 图集分享 ![桥](a.png) 船来了。", " 图集分享 "),
    ],
)
def test_no_part_of_a_link_stays_without_the_other(text: str, gone: str) -> None:
    rule = Rule("my/mark", "my", "mark", "", "trim-inside", match=("图集分享",))
    fits = Matcher([rule]).fits([text], [key(text)])
    assert [text[hit.start : hit.stop] for hits in fits.values() for hit in hits] == ([gone] if gone else [])
