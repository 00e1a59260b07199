"""The tables of spellings: every example of every row, every word, and what they promise about each other."""

from __future__ import annotations

from collections import defaultdict

import pytest

from zhnorm import Converter
from zhnorm.conversion.characters import rows, standard_characters
from zhnorm.conversion.convert import converter
from zhnorm.conversion.spellings import Row, expand, expression, neighbours, read_rows, spellings, split_context

_STANDARDS = {"tw": "s2tw", "t": "s2t", "hk": "s2hk"}


def _direction(script: str, row: Row) -> str:
    if script == "simplified":
        return "hans"
    return _STANDARDS[row.standards[0]] if row.standards else "s2tw"


ROWS = [(script, row) for script in ("simplified", "traditional") for row in read_rows(script)]
EXAMPLES = [
    (_direction(script, row), text, result)
    for script, row in ROWS
    for text, result in (*row.examples, *row.counterexamples)
]
VOCABULARY = [
    ("tw2sp" if way == "<" else "s2twp", *pair.split("=", 1))
    for _, _, way, examples in rows("taiwan")
    if examples != "-"
    for pair in examples.split(" ")
]


@pytest.mark.parametrize(
    ("script", "row"), ROWS, ids=lambda value: value if isinstance(value, str) else value.character
)
def test_rows_are_whole(script: str, row: Row) -> None:
    assert len(row.character) == len(row.becomes) == 1
    assert row.examples
    assert set(row.standards) <= _STANDARDS.keys()
    for each in spellings(row):
        assert not each.result or len(each.result) == len(each.word), each
    if "!" in row.words:
        assert "*" in row.words


@pytest.mark.parametrize(("direction", "text", "result"), EXAMPLES, ids=lambda value: value)
def test_examples(direction: str, text: str, result: str) -> None:
    assert converter(direction).convert(text) == result
    assert converter(direction).convert(result) == result


@pytest.mark.parametrize(("direction", "text", "result"), VOCABULARY, ids=lambda value: value)
def test_vocabulary(direction: str, text: str, result: str) -> None:
    assert converter(direction).convert(text) == result
    assert converter(direction).convert(result) == result


@pytest.mark.parametrize("direction", ["t2s", "tw2s"])
def test_words_of_the_lexicon_are_converted_at_once(direction: str) -> None:
    # 沈著 became 沈着, which is 沉着 when it is converted again.
    rows_of_it = [row for row in read_rows("simplified") if "+" in row.words]
    words = "\n".join(each.word for row in rows_of_it for each in spellings(row) if not (each.before or each.after))
    once = converter(direction).convert(words)
    assert "沈著" in words
    assert converter(direction).convert(once) == once


def test_no_example_stands_twice_with_different_results() -> None:
    results = defaultdict(set)
    for direction, text, result in EXAMPLES:
        results[direction, text].add(result)
    assert {key: found for key, found in results.items() if len(found) > 1} == {}


def test_one_character_has_one_row_for_everywhere_else() -> None:
    standards = defaultdict(list)
    for script, row in ROWS:
        if "*" in row.words:
            standards[script, row.character] += row.standards or _STANDARDS
    assert {key: found for key, found in standards.items() if len(set(found)) < len(found)} == {}


def test_vocabulary_rows_are_whole() -> None:
    for row in rows("taiwan"):
        assert len(row) == 4, row
        assert row[2] in ("<", ">", "<>"), row


def test_the_standard_characters_are_all_there() -> None:
    assert len(standard_characters()) == 8105


def test_patterns() -> None:
    assert list(expand("甲[乙丙]")) == ["甲乙", "甲丙"]
    assert list(expand("甲乙?")) == ["甲乙", "甲"]
    assert split_context("(甲(乙|丙))丁(^)") == ("甲(乙|丙)", "丁", "^")
    assert expression("甲(乙|丙)?", behind=True) == "甲(?:乙|丙)?"
    assert neighbours("甲(乙|丙)", behind=False) == {"乙", "丙"}
    assert neighbours("甲?乙|[丙丁]", behind=True) == {"甲", "乙", "丙", "丁"}
    assert neighbours("[^甲]", behind=True) is None
    assert neighbours("$", behind=True) is None
    with pytest.raises(ValueError, match="bracket"):
        split_context("(甲")


@pytest.mark.parametrize(
    ("direction", "line", "result"),
    [
        # No word reaches over the border of another.
        ("hans", "對於潛水的人", "对于潜水的人"),
        ("hans", "走出水帳篷", "走出水帐篷"),
        ("hans", "這位設計畫家", "这位设计画家"),
        ("hans", "民主義大利益小", "民主义大利益小"),
        ("tw", "这个中国人", "這個中國人"),
        ("tw", "邮件被发往各地", "郵件被發往各地"),
        ("tw", "他们参与制定规则", "他們參與制定規則"),
        # Nothing is half converted.
        ("hans", "天色陰沈沈", "天色阴沉沉"),
        ("tw", "天空灰蒙蒙的", "天空灰濛濛的"),
        ("tw", "宽宽松松的裤子", "寬寬鬆鬆的褲子"),
        # Everyday Cantonese stays as it is.
        ("hans", "嗰個餸幾好食", "嗰个餸几好食"),
        # What a neighbour has become already makes no difference.
        ("hans", "計划、计畫、计划", "计划、计划、计划"),
        ("s2tw", "頭发、头發", "頭髮、頭發"),
        # 覈 is what OpenCC writes for the verb alone.
        ("s2t", "核心、核桃、审核", "核心、核桃、審覈"),
        ("tw", "核心、核桃、审核", "核心、核桃、審核"),
    ],
)
def test_words_decide(direction: str, line: str, result: str) -> None:
    assert converter(direction).convert(line) == result


def test_a_broken_row_of_the_installed_dictionary_is_mended() -> None:
    assert Converter("s2tw").convert("出戏，肥皂剧，类别") == "出戲，肥皂劇，類別"


@pytest.mark.parametrize("direction", ["hans", "t2s", "tw2s", "hk2s", "tw2sp"])
def test_what_is_what_in_every_direction(direction: str) -> None:
    assert Converter(direction).convert("什么时候？什麼時候？") == "什么时候？什么时候？"
