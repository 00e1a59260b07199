"""Slips of the pen: whether a character stands where another one was meant.

Two things have to come together. The characters are mistaken for each other: they sound alike (typed by pinyin or zhuyin) or look
alike (read by a scanner, typed by shape). And one of the lines reads worse by it: 通抱 leaves two characters where 通报 is a word.
Where both lines read well, as with 权利 and 权力, 张明 and 章明 or 太平村 and 大平村, somebody means what he says.

Sounds and shapes stand in `data/words`, made by `python -m training.characters`; words are those of the lexicon.
"""

from __future__ import annotations

import os
from functools import cache
from operator import attrgetter

from ..conversion.lexicon import UNITS, lexicon
from ..conversion.prepared import prepared

__all__ = ["may_be_slip", "mistaken_for", "possible_slip", "slip", "swapped"]

WORSE = 9 * UNITS // 2
"""A line with a slip in it costs so much more, in eighths of a bit. Of 560 labelled pairs that mean two things none comes near."""
MUCH_WORSE = 8 * UNITS
"""If the slip happens to be part of a name."""
IMPOSSIBLE = 15 * UNITS
"""A character that is hardly ever seen where it stands was misread, whatever it looks like."""
PHRASE_CHARS = 4
RARE = 20 * UNITS
"""A word that costs so much may be somebody's name: 林涛, where 林业 is none."""
NAME_CHARS = (2, 3)
REACH = 5
"""So many characters on either side are read."""
_FOLDER = os.path.join(os.path.dirname(__file__), os.pardir, "data", "words")
_SOUNDS, _SHAPES = (os.path.join("data", "words", f"{name}.tsv") for name in ("sounds", "shapes"))
_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "h": "f"}
_FINALS = (("ng", "n"),)
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范"
    "廖贾韦邹孟熊秦邱尹薛阎段侯陶黎贺顾郝龚邵钱严覃戴莫孔汤庄柯翁洪简游詹纪童方万章仲肇"
)
GIVEN = frozenset(
    "芳娜敏静丽莉艳娟霞秀英华玉萍红玲芬燕桂兰凤洁梅琳素云莲雪荣爱香月瑞佳嘉家琼珍贞媛倩颖颍莹婷婉婧雅雯菲萱薇岚蓉蓓蕾慧惠卉怡仪宜珊姗珮佩佩淑美雨语"
    "伟玮炜强刚军俊峻勇永毅杰洁涛韬磊垒鹏飞超浩皓昊明鸣铭斌彬宾宏鸿洪志智建健国文雯平萍波博海涵晗晓小辉晖晨辰宸阳洋旭轩宇雨子梓紫诚成城承方芳欣心新昕欣悦月乐岳"
    "瑶尧遥思诗诗琪祺琦奇麒凯楷康龙隆荣蓉义毅亦奕逸熙希曦泽振震正政忠中仁任立力丹单琛晨楠南宁凝可柯珂"
)
"""Characters that many given names are made of."""
OPPOSITES = (
    "左右",
    "买卖",
    "阴阳",
    "受授",
    "上下",
    "日月",
    "远近",
    "他她它",
    "那哪",
    "氢氧",
    "拆折",
    "进近",
    "雌雄",
    "哥弟姐妹",
)
"""Characters that are mistaken for each other, and as often meant."""
_COST = attrgetter("cost")
_ZHUYIN = dict(
    zip(
        "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ",
        ["b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "c", "s"],
        strict=True,
    )
)


def mistaken_for(one: str, other: str) -> str:
    """Why two characters are mistaken for each other: by their "sound", their "shape", or "" if they are not.

    >>> mistaken_for("报", "抱"), mistaken_for("未", "末"), mistaken_for("冷", "热")
    ('sound', 'shape', '')
    """
    sounds, shapes = _sounds(), _shape_rows()
    own, others = sounds.get(one, ()), sounds.get(other, ())
    if not set(own).isdisjoint(others) or _is_initial(one, others) or _is_initial(other, own):
        return "sound"
    if other in shapes.get(one, "") or one in shapes.get(other, ""):
        return "shape"
    return "sound" if not set(map(_blurred, own)).isdisjoint(map(_blurred, others)) else ""


def slip(a: str, b: str, start: int, other: int, size: int = 1) -> str:
    """Why some characters of `a` and of `b` are the same but for a slip: "sound", "shape", "rare"; "" if they are not.

    Args:
        a, b: the keys of two lines (see `conversion.fold.key`).
        start, other: where the characters stand in `a`, and where in `b`.
        size: how many characters are exchanged, one for one.

    >>> slip("通报水质检测结果", "通抱水质检测结果", 1, 1), slip("监督权利由村民行使", "监督权力由村民行使", 3, 3)
    ('sound', '')
    """
    right, wrong = sorted((_Reading(a, start, size), _Reading(b, other, size)), key=_COST)
    worse = _worse(right, wrong)
    if worse < WORSE or (size == 1 and _are_given(a, b, start, other)):
        return ""
    pairs = list(zip(a[start : start + size], b[other : other + size], strict=True))
    if all(mistaken_for(*pair) for pair in pairs):
        if size > 1 and len(wrong.words) == size:
            # Each a word of its own: 晓琳 is somebody, and 小林 somebody else.
            return ""
        return mistaken_for(*pairs[0]) if all(may_be_slip(*pair) for pair in pairs) else ""
    # Two characters that are hardly ever seen there may be a name.
    may_be_name = size > 1 or not SURNAMES.isdisjoint(pairs[0])
    return "rare" if worse >= IMPOSSIBLE and not may_be_name else ""


def possible_slip(a: str, b: str, place: int) -> bool:
    """Whether a character of one key may stand in another one by a slip: where it is all but certain that they are the same, it
    is enough that the character is mistaken for the other one and is no part of a word of its own.

    >>> possible_slip("盐田重新开晒", "盐田重新开哂", 5), possible_slip("讲解复数的概念", "讲解负数的概念", 2)
    (True, False)
    """
    _, wrong = sorted((_Reading(a, place, 1), _Reading(b, place, 1)), key=_COST)
    return may_be_slip(a[place], b[place]) and all(len(word) == 1 for word in wrong.words)


def may_be_slip(one: str, other: str) -> bool:
    """Whether two characters are mistaken for each other, and are neither names of two people nor opposites.

    >>> may_be_slip("晒", "哂"), may_be_slip("张", "章"), may_be_slip("买", "卖")
    (True, False, False)
    """
    return bool(mistaken_for(one, other)) and not (_are_surnames(one, other) or _are_opposites(one, other))


def swapped(a: str, b: str, start: int) -> bool:
    """Whether two characters of `a` stand in `b` the other way round by a slip.

    >>> swapped("典礼在大礼堂举行", "典礼在大堂礼举行", 4)
    True
    """
    right, wrong = sorted((_Reading(a, start, 2), _Reading(b, start, 2)), key=_COST)
    return right.cost + WORSE <= wrong.cost and max(map(len, right.words)) > max(map(len, wrong.words))


class _Reading:
    """Characters in a line, read with those around them.

    Attributes:
        cost: of the words around, in eighths of a bit.
        words: those that the characters are in.
    """

    def __init__(self, line: str, start: int, size: int) -> None:
        first = max(0, start - REACH)
        self.cost, words = lexicon().cheapest(line[first : start + size + REACH])
        self.words = []
        for word in words:
            if first < start + size and first + len(word) > start:
                self.words.append(word)
            first += len(word)


def _worse(right: _Reading, wrong: _Reading) -> int:
    """How much worse the wrong line reads: 0 unless a word of the right one is in pieces there."""
    lexicon_ = lexicon()
    worse = wrong.cost - right.cost
    if all(word in _ZHUYIN for word in wrong.words):
        return worse
    if any(len(word) == 1 or _may_be_name(word) for word in right.words):
        return 0
    longer = [word for word in wrong.words if len(word) > 1]
    if not longer or (all(map(lexicon_.is_name, longer)) and worse >= MUCH_WORSE):
        return worse
    # A set phrase of four characters is known in a wrong spelling as well, and hardly ever seen in it.
    return worse if min(map(len, right.words + wrong.words)) >= PHRASE_CHARS else 0


def _may_be_name(word: str) -> bool:
    """Whether a word is a name, or a rare one that begins as the names of people do."""
    lexicon_ = lexicon()
    if lexicon_.is_name(word):
        return True
    is_made_like_one = (word[0] in SURNAMES and len(word) in NAME_CHARS) or GIVEN.issuperset(word)
    return is_made_like_one and lexicon_.cheapest(word)[0] >= RARE


def _are_given(a: str, b: str, start: int, other: int) -> bool:
    """Whether the characters could both be the given name of somebody whose surname stands before them."""
    before = a[start - 1 : start]
    return before in SURNAMES and b[other - 1 : other] == before and GIVEN.issuperset((a[start], b[other]))


def _are_opposites(one: str, other: str) -> bool:
    return any(one in pair and other in pair for pair in OPPOSITES)


def _are_surnames(one: str, other: str) -> bool:
    """Whether both characters are common surnames: then two people are meant."""
    return one in SURNAMES and other in SURNAMES


def _is_initial(char: str, sounds: tuple[str, ...]) -> bool:
    initial = _ZHUYIN.get(char)
    return initial is not None and any(sound.startswith(initial) for sound in sounds)


@cache
def _blurred(sound: str) -> str:
    """A sound as it is heard where z and zh, n and l, in and ing are one."""
    for precise, heard in _INITIALS.items():
        if sound.startswith(precise):
            sound = heard + sound[len(precise) :]
            break
    for precise, heard in _FINALS:
        sound = sound.removesuffix(precise) + heard if sound.endswith(precise) else sound
    return sound


@cache
def _sounds() -> dict[str, tuple[str, ...]]:
    return {char: tuple(sounds.split(" ")) for char, sounds in _sound_rows().items()}


@prepared(of=(_SOUNDS,), alone=True)
def _sound_rows() -> dict[str, str]:
    return _rows("sounds")


@prepared(of=(_SHAPES,), alone=True)
def _shape_rows() -> dict[str, str]:
    return _rows("shapes")


def _rows(name: str) -> dict[str, str]:
    with open(os.path.join(_FOLDER, f"{name}.tsv"), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line[0] != "#"]
    return dict(row for row in rows)
