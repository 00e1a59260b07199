"""Division into words: one place at a time and many at once, and what hangs on documents, selectors and descriptions."""

from __future__ import annotations

import random

import pytest

from zhnorm import Converter, convert
from zhnorm.arrays.character_table import codes_of
from zhnorm.conversion.detect import documents_speak, is_japanese, japanese_titles, prevailing
from zhnorm.conversion.directions import speller
from zhnorm.conversion.division import division
from zhnorm.conversion.regions import region_of

_PIECES = [
    "頭髮",
    "头发",
    "著作",
    "看著",
    "里面",
    "公里",
    "一只",
    "干",
    "后",
    "面",
    "，",
    "的",
    "國家",
    "这个",
    "\n",
    "𠮶",
    "\ud800",
    "a1",
]


@pytest.mark.parametrize("seed", range(5))
def test_many_places_are_divided_as_one_by_one(seed: int) -> None:
    draw = random.Random(seed)
    text = "".join(draw.choices(_PIECES, k=400))
    asked = []
    for _ in range(300):
        start = draw.randrange(len(text) - 5)
        asked.append((start, start + draw.randint(1, 4), draw.random() < 0.2, draw.random() < 0.2))
    one_by_one = [division().holds(text, *each) for each in asked]
    begins, ends, *sides = zip(*asked, strict=True)
    opens = {number: found for number, found in enumerate(zip(*sides, strict=True)) if any(found)}
    assert division().hold(codes_of(text), begins, ends, opens) == one_by_one
    assert True in one_by_one
    assert False in one_by_one


@pytest.mark.parametrize("direction", ["hans", "s2tw", "tw2sp"])
def test_large_and_small_texts_are_read_alike(direction: str) -> None:
    draw = random.Random(7)
    lines = ["".join(draw.choices([piece for piece in _PIECES if piece != "\n"], k=12)) for _ in range(400)]
    step = speller(direction)
    import numpy  # noqa: F401

    assert step.convert("\n".join(lines)).split("\n") == [step.convert(line) for line in lines]


def test_a_document_speaks_for_its_lines() -> None:
    simplified = "王小波的书在这里卖得很好，许多读者说读过以后很难忘记，还会给亲戚讲书里的故事。"
    traditional = "這個國家的圖書館裡說話聲音很輕，讀書的學生來來去去。"
    assert (prevailing(simplified), prevailing(traditional), prevailing(simplified + traditional)) == (
        "hans",
        "hant",
        "",
    )
    assert convert(f"{simplified}\n作者：王昇著") == f"{simplified}\n作者：王昇著"
    assert convert("余先生", "tw") == "余先生"
    assert convert(f"{traditional}\n姓范的師範", "tw") == f"{traditional}\n姓范的師範"
    speaks = documents_speak(f"{simplified}\n乾\n{traditional}", [2, 1])
    assert [speaks(line) for line in range(3)] == ["hans", "hans", "hant"]
    together = Converter().convert(f"{simplified}\n乾了\n{traditional}\n乾了", [2, 2]).split("\n")
    assert (together[1], together[3]) == ("乾了", "干了")


def test_a_japanese_title_does_not_make_a_line_japanese() -> None:
    line = "片頭曲「夜に駆ける」由樂團演唱，臺灣譯為「向夜晚奔去」"
    assert not is_japanese(line, japanese_titles(line))
    assert convert(line) == "片头曲「夜に駆ける」由乐团演唱，台湾译为「向夜晚奔去」"
    assert convert("東京の図書館で「國」という字を見た") == "東京の図書館で「國」という字を見た"


def test_selectors_are_no_part_of_a_word() -> None:
    assert convert("乾\U000e0100隆年間") == "乾\U000e0100隆年间"
    assert convert("餅乾\ufe00，乾\U000e0100隆") == "饼干，乾\U000e0100隆"
    assert Converter("hans", exact=True).convert("乾\U000e0100隆") != "乾\U000e0100隆"


def test_descriptions_stay() -> None:
    assert convert("⿰亻國說⿱⿰木木國話") == "⿰亻國说⿱⿰木木國话"
    assert convert("⿰亻\n國") == "⿰亻\n国"


@pytest.mark.parametrize(
    ("text", "script", "name"),
    [
        ("網路上的資訊和軟體，裡面有說明", "hant", "taiwan"),
        ("嗰啲嘢喺裏面，佢哋説冇", "hant", "hong kong"),
        ("鼠标和软件的默认设置", "hans", "mainland"),
        ("今天天气很好", "hans", "mainland"),
        ("山上有水", "hant", ""),
    ],
)
def test_regions(text: str, script: str, name: str) -> None:
    assert region_of(text, script).name == name
