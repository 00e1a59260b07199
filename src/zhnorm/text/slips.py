"""Slips of the pen: whether a character stands where another one was meant.

Two things have to come together. The characters are mistaken for each other: they sound alike (typed by pinyin or zhuyin) or look
alike (read by a scanner, typed by shape). And one of the lines reads worse by it: 通抱 leaves two characters where 通报 is a word.
Where both lines read well, as with 权利 and 权力, 张明 and 章明 or 太平村 and 大平村, somebody means what he says.

Sounds and shapes stand in `data/words`, made by `python -m training.characters`; words are those of the lexicon.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from operator import attrgetter

from ..conversion.lexicon import UNITS, Lexicon, lexicon
from ..conversion.prepared import prepared
from ..package_data import data_path

__all__ = ["is_particle", "left_out", "may_be_slip", "mistaken_for", "possible_slip", "slip", "swapped"]

WORSE = 9 * UNITS // 2
"""A line with a slip in it costs so much more, in eighths of a bit. Of 560 labelled pairs that mean two things none comes near."""
MUCH_WORSE = 8 * UNITS
"""If the slip happens to be part of a name."""
IMPOSSIBLE = 12 * UNITS
"""A character that is hardly ever seen where it stands was misread if it looks but a little like the other one; and a word that is
hardly ever seen there is none."""
FAR_WORSE = 10 * UNITS
"""If what stands there is a word as well, but one that came about by chance, such as 行文 in 出行文题."""
PHRASE_CHARS = 4
BODY_CHARS = 4
"""The name of a body is made of words: 人民法院. One with fewer characters may be somebody's."""
LEFT_OUT, SELDOM = -2 * UNITS, 13 * UNITS
"""So much less a line may cost without a character of a word of two, if the other one costs so much where it stands alone."""
RARE = 20 * UNITS
"""A word that costs so much may be somebody's name: 林涛, where 林业 is none."""
NAME_CHARS = (2, 3)
PAIR_CHARS = 2
PLACES = frozenset("省市县区乡镇村庄屯路街巷州郡旗寨沟坪湾港岛桥寺")
"""What a name of a place ends with."""
REACH = 5
"""So many characters on either side are read."""
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
NEGATIONS = frozenset("不没无未非否勿莫毋别")
LAST_OF_ALPHABETS = "\u07ff"
"""Up to here the alphabets stand, Latin, Greek and Cyrillic among them."""
INTERCHANGED = ("做作",)
"""Characters of which one stands for the other in any word, and says the same."""
LOCATIVES = frozenset("中里")
PARTICLES = LOCATIVES | frozenset("的地得了之着")
"""What may be left out. The locatives say something else before or behind a word of one character: 中小, 三里."""
STRUCTURAL = frozenset("的地得")
"""Particles that are one to the ear; as words of their own they say the same."""
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
    sounds, (shapes, _) = _sounds(), _shapes()
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
    if any(len(word) >= BODY_CHARS and lexicon().is_name(word) for word in right.words):
        words = lexicon().without_names
        right, wrong = sorted((_Reading(a, start, size, words), _Reading(b, other, size, words)), key=_COST)
    if size == 1 and _are_interchanged(a[start], b[other], [*right.words, *wrong.words]):
        return "sound"
    worse = _worse(right, wrong)
    if worse < WORSE or (size == 1 and (_are_given(a, b, start, other) or _names_something(a, start, right))):
        return ""
    pairs = list(zip(a[start : start + size], b[other : other + size], strict=True))
    if all(mistaken_for(*pair) for pair in pairs):
        if size > 1 and len(wrong.words) == size:
            # Each a word of its own: 晓琳 is somebody, and 小林 somebody else.
            return ""
        return mistaken_for(*pairs[0]) if all(may_be_slip(*pair) for pair in pairs) else ""
    # Two characters that are hardly ever seen there may be a name.
    may_be_name = size > 1 or not SURNAMES.isdisjoint(pairs[0])
    if worse < IMPOSSIBLE or may_be_name:
        return ""
    if any(map(_is_in_no_word, pairs[0])):
        return "rare"
    return "shape" if _look_a_little_alike(*pairs[0]) else ""


def _is_in_no_word(char: str) -> bool:
    """Whether a character is one that no word has; of a byte that is no character nothing is known."""
    return char > LAST_OF_ALPHABETS and not "\ud800" <= char <= "\udfff" and char not in _sounds()


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
    worse = wrong.cost - right.cost
    return worse >= FAR_WORSE or (worse >= WORSE and max(map(len, right.words)) > max(map(len, wrong.words)))


def left_out(whole: str, short: str, place: int) -> bool:
    """Whether a character of `whole` was left out of `short` by a slip: it was part of a word, what is left of that is none, and
    the shorter line reads worse than the longer one.

    >>> left_out("展览将持续到下月底", "展览将持到下月底", 4), left_out("会议由副市长主持", "会议由市长主持", 3)
    (True, False)
    """
    right = _Reading(whole, place, 1)
    (word,) = right.words
    if len(word) == 1 or whole[place] in NEGATIONS or _may_be_name(word):
        return False
    lexicon_ = lexicon()
    first = max(0, place - REACH)
    cost, _ = lexicon_.cheapest(short[first : place + REACH])
    rest = word[: right.before] + word[right.before + 1 :]
    if len(rest) > 1:
        return cost >= right.cost and lexicon_.cost(rest) is None
    return cost >= right.cost + (LEFT_OUT if (lexicon_.cost(rest) or SELDOM) >= SELDOM else 0)


def is_particle(line: str, place: int) -> bool:
    """Whether a character is a particle that may as well be left out: it is a word of its own, and does not stand behind a negation.

    >>> is_particle("他写的小说", 2), is_particle("工作中遇到", 2), is_particle("不得入内", 1), is_particle("去看中山路", 2)
    (True, True, False, False)
    """
    char = line[place]
    if char not in PARTICLES or line[place - 1 : place] in NEGATIONS:
        return False
    words = _Reading(line, place - 1, 3).words if char in LOCATIVES and place else _Reading(line, place, 1).words
    if char in LOCATIVES:
        # 中山东路 begins with a name, though it is cheaper to read it otherwise.
        is_named = lexicon().is_name(line[place : place + 2])
        return char in words and not is_named and all(len(word) > 1 or word == char for word in words)
    (word,) = words
    # 轻轻地 is a word, and 轻轻 as well; 所在地 and 所在 are two.
    return word == char or (word[-1] == char and len(word) > 2 and word[-2] == word[-3])


class _Reading:
    """Characters in a line, read with those around them.

    Attributes:
        cost: of the words around, in eighths of a bit.
        words: those that the characters are in.
        before, behind: how many letters of these stand before the characters, and behind them.
    """

    def __init__(self, line: str, start: int, size: int, known: Lexicon | None = None) -> None:
        at = max(0, start - REACH)
        self.cost, words = (known or lexicon()).cheapest(line[at : start + size + REACH])
        self.words = []
        self.before = self.behind = 0
        for word in words:
            if at < start + size and at + len(word) > start:
                self.before = max(self.before, start - at)
                self.behind = max(self.behind, at + len(word) - start - size)
                self.words.append(word)
            at += len(word)


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
    if worse >= FAR_WORSE and _is_by_chance(right, wrong):
        return worse
    # A set phrase of four characters is known in a wrong spelling as well, and hardly ever seen in it.
    return worse if min(map(len, right.words + wrong.words)) >= PHRASE_CHARS else 0


def _is_by_chance(right: _Reading, wrong: _Reading) -> bool:
    """Whether the words of the wrong line came about by chance: they reach beyond those of the right one, 出行|文|题, or lie in the
    middle of a longer one, 赞|不觉|口."""
    is_across = wrong.before > right.before or wrong.behind > right.behind
    return is_across or (wrong.before < right.before and wrong.behind < right.behind)


def _are_interchanged(one: str, other: str, words: list[str]) -> bool:
    if any(one in pair and other in pair for pair in INTERCHANGED):
        return True
    return one in STRUCTURAL and other in STRUCTURAL and all(len(word) == 1 for word in words)


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


def _names_something(line: str, place: int, reading: _Reading) -> bool:
    """Whether a character stands in a word of two that could be somebody's given name, or the name of a place, by what stands around
    it: 赵|明亮, 清水|镇."""
    (word,) = reading.words
    if len(word) != PAIR_CHARS:
        return False
    before, behind = place - reading.before - 1, place + reading.behind + 1
    is_surname = before >= 0 and line[before] in SURNAMES and not GIVEN.isdisjoint(word)
    return (is_surname and _Reading(line, before, 1).words == [line[before]]) or (
        line[behind : behind + 1] in PLACES and _Reading(line, behind, 1).words == [line[behind]]
    )


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
    return dict(_rows("sounds"))


def _look_a_little_alike(one: str, other: str) -> bool:
    _, shapes = _shapes()
    return other in shapes.get(one, "") or one in shapes.get(other, "")


@prepared(of=(_SHAPES,), alone=True)
def _shapes() -> tuple[dict[str, str], dict[str, str]]:
    """What looks like each character, and what looks a little like it."""
    rows = [*_rows("shapes")]
    return {char: alike for char, alike, _ in rows}, {char: a_little for char, _, a_little in rows}


def _rows(name: str) -> Iterator[list[str]]:
    with open(data_path("words", f"{name}.tsv"), encoding="utf-8") as file:
        for line in file:
            if line[0] != "#":
                yield line.rstrip("\n").split("\t")
