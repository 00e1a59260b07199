"""Slips of the pen, and names: two people are never one, however alike their names are."""

from __future__ import annotations

from itertools import combinations

import pytest

from zhnorm.conversion.fold import key
from zhnorm.text.similar import alike

PEOPLE = [
    "校长",
    "护士",
    "母亲",
    "老师",
    "老周",
    "老邹",
    "小吴",
    "小武",
    "阿诚",
    "雅婷",
    "玉兰",
    "晓琳",
    "小林",
    "林涛",
    "林韬",
    "李静",
    "李婧",
    "王磊",
    "王蕾",
    "张伟",
    "张玮",
    "陈佳怡",
    "陈佳仪",
    "何芳",
    "何方",
    "秀英",
    "秀颖",
    "志强",
    "丽华",
    "莉华",
]


@pytest.mark.parametrize(
    "said",
    [
        "医生问{}今年多大了，有没有过敏史，家里有没有人得过这种病。",
        "会计把三百元奖金发给{}，并且让他在登记表上签了字。",
        "第二天早上他们在码头边的茶馆里又一次见到了{}。",
    ],
)
def test_sentences_about_two_people_are_two(said: str) -> None:
    merged = [
        pair for pair in combinations(PEOPLE, 2) if alike(*(key(said.format(name)) for name in pair), threshold=90)
    ]
    assert not merged


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("市政府将于下周三通报水质检测结果。", "市政府将于下周三通抱水质检测结果。"),
        ("林业部门在山上种了三千棵松树。", "林叶部门在山上种了三千棵松树。"),
    ],
)
def test_a_slip_is_a_slip(right: str, wrong: str) -> None:
    assert alike(key(right), key(wrong), 90)


@pytest.mark.parametrize("byte", [0xC0, 0xE6])
def test_a_byte_that_is_no_character_is_no_slip(byte: int) -> None:
    right = "城東圖書館的新館正式向讀者開放，首日迎來三千讀者。"
    assert not alike(key(right), key(right.replace("放", chr(0xDC00 + byte))), 88.0)
