"""Every built-in rule does what its examples say, in both scripts."""

from __future__ import annotations

import re
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.command import zhnorm
from zhnorm import Cleaner, convert
from zhnorm.conversion.fold import key
from zhnorm.errors import RulesError
from zhnorm.package_data import data_path
from zhnorm.rules.check import check
from zhnorm.rules.load import builtin_filing, builtin_packs, builtin_text, load_pack
from zhnorm.rules.match import Matcher
from zhnorm.rules.model import Rule

PACKS = builtin_packs()
RULES = [rule for name in PACKS for rule in load_pack(name).rules]
ALL = Matcher(RULES)


def test_rules_of_one_s_own_join_those_that_are_filed() -> None:
    mine = [rule._replace(name=f"mine/{rule.id}", pack="mine") for rule in RULES[::-7]]
    lines = [line.replace("⟦", "").replace("⟧", "") for rule in RULES for line in (*rule.removes, *rule.keeps)]
    keys = [key(line) for line in lines]
    for rules in (RULES, [*RULES, *mine]):
        assert Matcher(rules, builtin_filing()).fits(lines, keys) == Matcher(rules).fits(lines, keys)


@pytest.mark.parametrize("name", PACKS)
def test_examples(name: str) -> None:
    assert [str(failure) for failure in check(load_pack(name))] == []


def test_a_pack_is_checked_where_it_lies() -> None:
    """As CONTRIBUTING says, after a rule was added."""
    done = zhnorm("rules", "check", data_path("packs/web.toml"))
    assert (done.code, done.out.count(b" examples are good")) == (0, 1), done


@pytest.mark.parametrize("name", PACKS)
def test_the_quick_reader_reads_what_is_written(name: str) -> None:
    """Built-in packs are read without a TOML parser, for the sake of start-up: it must come to the same."""
    document = tomllib.loads(builtin_text(name))
    pack = load_pack(name)
    assert pack.about == document["about"]
    assert len(pack.rules) == len(document["rule"])
    for rule, table in zip(pack.rules, document["rule"], strict=True):
        for field, value in table.items():
            got = getattr(rule, field)
            assert (list(got) if isinstance(got, tuple) else got) == value


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_passes_the_checks_of_a_user_s_pack(name: str) -> None:
    assert load_pack(f"{name}.toml", builtin_text(name)).rules


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_names_and_examples(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+/[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert rule.about.endswith(".")
    assert rule.removes
    assert rule.keeps


def test_names_are_unique() -> None:
    names = [rule.name for rule in RULES]
    assert len(names) == len(set(names))


def _verdict(rule: Rule, line: str) -> bool:
    zones = {"anywhere": (0, 1), "head": (1, 1), "tail": (0, 0)}[rule.where]
    return bool(Matcher([rule]).hits([line], [key(line)], *zones))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_scripts_make_no_difference(rule: Rule) -> None:
    for line in (*rule.removes, *rule.keeps):
        plain = line.replace("⟦", "").replace("⟧", "")
        assert _verdict(rule, convert(plain)) == _verdict(rule, plain), plain


TEXT = [
    "记者在文章里回顾了ICP备案制度二十年来的变化，以及公网安备编号为何要求公示。",
    "“分享到朋友圈”这个按钮，我们改了二十三次，最后决定把它拿掉。",
    "第 8 條",
    "（三）取得营业执照的企业，应当在三十日内办理登记；",
    "她收藏了三百多张旧车票，每一张背面都写着同伴的名字",
    "评论家说，这部小说写的是一座桥和两个不肯过桥的人",
    "广告牌倒了，压住了半条街",
    "上一篇文章写到，船夫在河边等了一夜。",
    "版权这个词，是他在法庭上第一次听说的。",
    "作者的母亲今年九十岁",
]


@pytest.mark.parametrize("line", TEXT)
def test_text_stays(line: str) -> None:
    assert ALL.hits([line], [key(line)], 0, 1) == []


@given(st.lists(st.text(max_size=30).filter(lambda text: "\n" not in text), max_size=6))
def test_lines_are_judged_alone(lines: list[str]) -> None:
    keys = [key(line) for line in lines]
    together = [(hit.index, hit.rule.name) for hit in ALL.hits(list(lines), keys, 0, len(lines))]
    alone = [
        (index, hit.rule.name) for index, line in enumerate(lines) for hit in ALL.hits([line], [keys[index]], 0, 1)
    ]
    assert together == alone


GOOD = 'about = "x"\n[[rule]]\nid = "a"\nabout = "A."\naction = "drop"\nmatch = ["江岸广告*"]\nremoves = ["江岸广告部"]\nkeeps = ["他走了"]\n'


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("", ""), ""),
        (("match", "mach"), "mach"),
        (('"drop"', '"dorp"'), "dorp"),
        (('removes = ["江岸广告部"]\n', ""), "removes"),
        (('keeps = ["他走了"]\n', ""), "keeps"),
        (('["江岸广告*"]', '["*"]'), "pattern"),
        (('["江岸广告*"]', '["re:(江+)+岸"]'), "repeats a repetition"),
        (('["江岸广告*"]', '["re:江(岸"]'), "江"),
        (('["江岸广告*"]', '"江岸广告*"'), "match"),
        (("江岸广告部", "别的"), "别的"),
        (("他走了", "江岸广告"), "江岸广告"),
        (("[[rule]]", "[[rule]"), "TOML"),
        (('id = "a"', 'id = "A b"'), "id"),
    ],
)
def test_a_broken_pack_says_what_is_wrong(change: tuple[str, str], words: str) -> None:
    text = GOOD.replace(*change) if change[0] else GOOD
    if not words:
        assert load_pack("mine.toml", text).rules
        return
    with pytest.raises(RulesError) as caught:
        load_pack("mine.toml", text)
    assert "mine.toml" in caught.value.message
    assert words in f"{caught.value} {caught.value.hint}"


def test_two_packs_of_one_name_are_refused() -> None:
    """Ledgers cite rules by the names of their packs; the same pack may be there twice."""
    mine, other = load_pack("forum"), load_pack("news")
    with pytest.raises(RulesError, match="'forum' is built in"):
        Cleaner(own_packs=[mine])
    with pytest.raises(RulesError, match="two packs are called 'mine'"):
        Cleaner(own_packs=[mine._replace(name="mine"), other._replace(name="mine")])
    Cleaner(own_packs=[mine._replace(name="mine"), mine._replace(name="mine")])
