"""Lines that say the same, and lines that do not; both in `tests/pairs`, one pair a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhnorm import explain
from zhnorm.conversion.fold import fold
from zhnorm.text.numerals import numbers_in
from zhnorm.text.similar import alike, compare, have_much_in_common, same_figures, says
from zhnorm.text.slips import mistaken_for, slip

FOLDER = Path(__file__).parents[1] / "pairs"
THRESHOLD = 90.0
REST = "雨从昨天夜里开始下，一直到今天中午还没有停下来的意思。"


def rows(name: str) -> list[tuple[str, ...]]:
    lines = (FOLDER / f"{name}.tsv").read_text("utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and line[0] != "#"]


@pytest.mark.parametrize(("kind", "a", "b"), rows("slips"))
def test_lines_that_say_the_same(kind: str, a: str, b: str) -> None:
    assert alike(a, b, THRESHOLD)
    assert alike(b, a, THRESHOLD)


@pytest.mark.parametrize(("kind", "a", "b"), rows("contrasts"))
def test_lines_that_do_not_say_the_same(kind: str, a: str, b: str) -> None:
    assert alike(a, b, THRESHOLD) is None
    assert alike(b, a, THRESHOLD) is None


@pytest.mark.parametrize(("kind", "a", "b"), rows("contrasts"))
def test_both_stay_on_a_page(kind: str, a: str, b: str) -> None:
    result = explain(f"{REST}\n{a}\n{b}\n")
    assert [line.number for line in result.removed] == []


def test_the_ledger_says_what_was_taken_for_a_slip() -> None:
    a, b = "专家建议，种植户要密切关注天气变化。", "专家建议，种植户要蜜切关注天气变化。"
    (change,) = [change for change in explain(f"{REST}\n{a}\n{b}\n").changes if change.after is None]
    assert (change.rule, change.evidence) == ("duplicates/alike", (2, 96.9, ("蜜/密 (sound)",)))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("一千零二十四、1,024、１０２４", ["1024", "1024", "1024"]),
        ("二〇二四年，两万五千人，三千五", ["2024", "25000", "3500"]),
        ("一亿五千万元，1.5亿元", ["150000000元", "150000000元"]),
        ("百分之三点五，3.5%，３．５％", ["3.5%", "3.5%", "3.5%"]),
        ("壹佰万元整", ["1000000元"]),
        ("三点五分，九点半，下午三点五十分", ["3:05", "9:30", "15:50"]),
        ("晚上12:30，凌晨十二点半，晚上两点一刻，晚上8:00", ["0:30", "0:30", "2:15", "20:00"]),
        ("14:30，下午2点30分，九点一刻，上午9时15分", ["14:30", "14:30", "9:15", "9:15"]),
        ("2023年5月6日，2023-05-06，二〇二三年五月六日", ["2023-5-6"] * 3),
        ("四分之三，3/4，百分之三", ["3/4", "3/4", "3%"]),
        ("35公里，35km，100㎡，一百平方米，2千克", ["35km", "35km", "100m2", "100m2", "2kg"]),
        ("￥99、99元、HK$350、350港元", ["99元", "99元", "350港元", "350港元"]),
        ("零下5度，-5度，3-5度", ["-5", "-5", "3", "5"]),
        ("比分1:0，9:30开始，2.4.1版", ["1:0", "9:30", "2.4.1"]),
        ("07月01日，007号线", ["7", "1", "007"]),
        ("1O片，25O毫克", ["10", "250mg"]),
        ("三五十", ["3·5·十"]),
    ],
)
def test_numbers_have_a_value(text: str, values: list[str]) -> None:
    assert [number.value for number in numbers_in(fold(text))] == values


def test_characters_are_mistaken_for_each_other() -> None:
    assert {mistaken_for(*pair) for pair in ("已以", "在再", "编边", "心新", "兰拦")} == {"sound"}
    assert {mistaken_for(*pair) for pair in ("未末", "千干", "土士", "贷货", "曰日")} == {"shape"}
    assert {mistaken_for(*pair) for pair in ("冷热", "牛羊", "南北", "前后", "甲丙")} == {""}


def test_a_slip_breaks_a_word() -> None:
    assert slip("业主务必在月底前缴清", "业主勿必在月底前缴清", 2, 2) == "sound"
    assert slip("监督权利由村民行使", "监督权力由村民行使", 3, 3) == ""


def test_bytes_that_are_no_characters_are_compared() -> None:
    """A lone surrogate stands for such a byte."""
    a, b = "车站将于下月启用新的大厅，旅客可提前到\udc80达。", "车站将于下月启用新的大厅，旅客可题前到\udc80达。"
    assert alike(a, b, THRESHOLD)


def test_a_letter_that_is_a_slip_costs_half_a_letter() -> None:
    line = "专家建议种植户要密切关注天气变化"
    found = alike(line, line.replace("密", "蜜"), THRESHOLD)
    assert found is not None
    assert found.score == round(100 - 50 / len(line), 1)
    assert alike(line, line.replace("密", "蜜"), found.score + 0.1) is None
    assert alike(line, line, 100.0) == (100.0, ())


def test_signs_that_count_tell_lines_apart() -> None:
    a, b = "评分从一颗星到五颗星，这家店得到的是★★★★☆。", "评分从一颗星到五颗星，这家店得到的是★★☆☆☆。"
    assert not same_figures(a, b)
    assert same_figures(a, a)
    assert compare(says(a, tokens := {}), says(b, tokens), THRESHOLD) is None


def test_numbers_are_one_letter_each_and_shared_by_the_lines_that_are_compared() -> None:
    tokens: dict[str, str] = {}
    one, other = says("票价从一百二十元涨到一百五十元", tokens), says("票价从120元涨到150元", tokens)
    assert one.own.bare == other.own.bare
    assert compare(one, other, THRESHOLD) == (100.0, ())
    assert says("票价从120元涨到160元", tokens).own.bare != one.own.bare


def test_lines_that_have_little_in_common_are_seen_off_by_their_keys() -> None:
    assert have_much_in_common("老渡口今天下午重新开船了", "老渡口昨天下午重新开船了")
    assert not have_much_in_common("老渡口今天下午重新开船了", "柳树下的人都在等雨停下来")
    assert not have_much_in_common("老渡口12点开船到对岸去", "老渡口13点开船到对岸去")
    assert not have_much_in_common("老渡口12点一起开船到对岸去", "老渡口13点一起开船到对岸去")
    assert have_much_in_common("老渡口9点在一号码头开船", "老渡口九点在1号码头开船")
    assert have_much_in_common("老渡口07月一起开船到对岸去", "老渡口7月一起开船到对岸去")
    assert have_much_in_common("老渡口一共有5o条船在对岸", "老渡口一共有50条船在对岸"), "an O may be a zero"
