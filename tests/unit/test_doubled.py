"""What a line says twice in a row, and what people say twice."""

from __future__ import annotations

import time

import pytest

import zhnorm
from zhnorm import Cleaner
from zhnorm.conversion.fold import key
from zhnorm.text.tandems import Tandem, tandems

BEFORE = "渡口的老闸房去年冬天拆掉了，木料堆在堤上，没有人来要，一直淋到春天的雨水下来。"
AFTER = "管闸的人姓葛，今年六十七岁，搬到镇上以后每天还是五点钟起床，走到堤上看一回水。"

ONCE = [
    # a clause, in front, in the middle and behind, with and without its mark
    ("每年霜降前后收藕，每年霜降前后收藕，一亩塘能出三千斤。", "每年霜降前后收藕，一亩塘能出三千斤。"),
    ("藕要一节一节摸，不能用铁锹去挖它，不能用铁锹去挖它，挖断了就灌泥。", "藕要一节一节摸，不能用铁锹去挖它，挖断了就灌泥。"),
    ("藕要一节一节摸，不能用铁锹去挖它，不能用铁锹去挖它挖断了就灌泥。", "藕要一节一节摸，不能用铁锹去挖它，挖断了就灌泥。"),
    ("天黑以前要把船拖上岸，用麻绳系在老柳树上，用麻绳系在老柳树上。", "天黑以前要把船拖上岸，用麻绳系在老柳树上。"),
    ("天黑以前要把船拖上岸，用麻绳系在老柳树上。用麻绳系在老柳树上", "天黑以前要把船拖上岸，用麻绳系在老柳树上。"),
    # sentences
    ("第一网什么也没有。第一网什么也没有。第二网有一只旧靴子，他把它挂在桅杆上。", "第一网什么也没有。第二网有一只旧靴子，他把它挂在桅杆上。"),
    ("船队九点出发，十点到闸口。船队九点出发，十点到闸口。闸口没有人，他们等到中午。", "船队九点出发，十点到闸口。闸口没有人，他们等到中午。"),
    ("他把账本合上。水位是三米二，比去年高了一拃。水位是三米二，比去年高了一拃。", "他把账本合上。水位是三米二，比去年高了一拃。"),
    # three times, and with quotation marks of its own
    ("堤上的灯全都亮了，堤上的灯全都亮了，堤上的灯全都亮了，像一条链子。", "堤上的灯全都亮了，像一条链子。"),
    ("“水退下去的时候，鱼会自己回来。”“水退下去的时候，鱼会自己回来。”老葛这么说。", "“水退下去的时候，鱼会自己回来。”老葛这么说。"),
    # whole lines: glued, apart, in the other script, with signs between
    ("新闸下个月初开始试水新闸下个月初开始试水", "新闸下个月初开始试水"),
    ("新闸下个月初开始试水 | 新闸下个月初开始试水", "新闸下个月初开始试水"),
    ("新閘下個月初開始試水，請沿岸住戶留意。新闸下个月初开始试水，请沿岸住户留意。", "新闸下个月初开始试水，请沿岸住户留意。"),
    ("今天的藕很甜，欢迎来尝😊今天的藕很甜，欢迎来尝😊今天的藕很甜，欢迎来尝😊", "今天的藕很甜，欢迎来尝"),
    # in the other script a short clause is sure
    ("水閘關緊了，水闸关紧了，他才放心回家去睡覺，這一夜沒有下雨。", "水闸关紧了，他才放心回家去睡觉，这一夜没有下雨。"),
    ("灯塔的守夜人说過，燈塔的守夜人說過，這條航道從前走的都是鹽船。", "灯塔的守夜人说过，这条航道从前走的都是盐船。"),
]  # fmt: skip

TWICE = [
    # speech, cries, thoughts
    "他朝着船尾喊：“把缆绳快点扔给我！把缆绳快点扔给我！”",
    "把我的船还给我们吧！把我的船还给我们吧！",
    "“不要到那边的水里去，不要到那边的水里去。”老葛说了两遍，没有人听。",
    "老葛：他们昨天就走了，他们昨天就走了，你还来干什么。",
    "我不应该到这里来，我不应该到这里来，他在心里想。",
    # figures of speech
    "山下有一条小河，小河边有一棵柳树，柳树底下拴着一头牛。",
    "愿意走的人，走得远的人，走得久的人，都在这条路上。",
    "修堤靠的是沿岸各村的老人，沿岸各村的老人靠的是一双手。",
    "一天一天一天一天一天一天，水就这样涨了上来，谁也没有办法。",
    "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈",
    # what differs in a number or a word
    "甲组收藕三千二百斤，乙组收藕三千三百斤，丙组收藕三千四百斤。",
    "上午九点水位三米二，下午九点水位三米四，一天涨了两寸。",
    "东岸的闸门开了三扇，西岸的闸门开了三扇，中间的没有开。",
    # code, addresses, tables
    "| 收藕三千二百斤整 | 收藕三千二百斤整 |",
    "[旧闸房的照片和图纸](旧闸房的照片和图纸)",
    "echo hello world; echo hello world;",
]


def _line(line: str) -> str | None:
    return Cleaner(reading=False).explain(f"{BEFORE}\n{line}\n{AFTER}\n").lines[1].text


@pytest.mark.parametrize(("line", "wanted"), ONCE)
def test_said_once(line: str, wanted: str) -> None:
    got = _line(line)
    assert got is not None
    assert key(got) == key(wanted)
    assert got.rstrip("😊") == wanted
    assert _line(got) == got


@pytest.mark.parametrize("line", TWICE)
def test_said_twice_on_purpose(line: str) -> None:
    assert key(_line(line) or "") == key(line)


def test_verse_repeats_itself() -> None:
    verse = ["月光照着渡口的老船", "风从芦苇荡里吹过来 风从芦苇荡里吹过来", "谁在对岸喊我的名字", "水一程一程地流走了"]
    page = "".join(f"{line}\n" for line in verse)
    assert key(Cleaner().clean(page)) == key(page)


@pytest.mark.parametrize("size", [8, 9, 14, 15, 40, 90, 450, 3000])
def test_copies_of_any_length_are_found(size: int) -> None:
    letters = "".join(chr(0x4E00 + i * 7 % 9000) for i in range(size + 200))
    unit, before, after = letters[:size], letters[size : size + 93], letters[size + 93 :]
    for shift in range(9):
        said = before[shift:] + unit + unit + after
        start = len(before) - shift
        assert list(tandems(said, 8)) == [Tandem(start, start + 2 * size, size)]
    assert list(tandems(before + unit + after, 8)) == []


def test_many_copies_go_at_once() -> None:
    result = Cleaner().explain(f"{BEFORE}\n{AFTER * 20}\n{BEFORE[:-1]}，{'堤上的灯全都亮了，' * 30}像一条链子。\n")
    assert [line.text for line in result.lines[1:]] == [AFTER, f"{BEFORE[:-1]}，堤上的灯全都亮了，像一条链子。"]
    assert [change.rule for change in result.changes] == ["duplicates/doubled", "duplicates/clause"]


def test_the_time_of_long_lines_is_linear() -> None:
    line = "".join(f"第{i}次开闸的时候水位是{i * 37 % 1000}寸，" for i in range(8000))
    start = time.process_time()
    assert list(tandems(key(line), 8)) == []
    assert time.process_time() - start < 2.0


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (
            "有没有人遇到过同样的毛病？有没有人遇到过同样的毛病？有没有人遇到过同样的毛病？谢谢",
            "有没有人遇到过同样的毛病？谢谢",
        ),
        (
            "祖父的收音机摆在床头祖父的收音机摆在床头三十年，没有换过电池。",
            "祖父的收音机摆在床头三十年，没有换过电池。",
        ),
        ("「是红色的，」我说，「从前很新。」「是红色的，」我说，「从前很新。」", "「是红色的，」我说，「从前很新。」"),
    ],
)
def test_questions_clauses_without_a_mark_and_told_speech(line: str, left: str) -> None:
    assert zhnorm.clean(f"{line}\n", to="keep") == f"{left}\n"


@pytest.mark.parametrize(
    "line", ["你到底来不来？你到底来不来？我等了你一夜。", "“你为什么不告诉我这件事？你为什么不告诉我这件事？”她问。"]
)
def test_a_question_that_somebody_asks_twice_stays(line: str) -> None:
    assert zhnorm.clean(f"{line}\n", to="keep") == f"{line}\n"


@pytest.mark.parametrize(
    "line",
    [
        "点一下按钮，这会打开青石安装程序的窗口。青石安装程序的窗口启动以后，选择第二项。",
        "老人说，河水涨得很快。船都靠了岸，河水涨得很快。船都靠了岸，灯也灭了。",
    ],
)
def test_a_sentence_that_begins_like_the_one_before_stays(line: str) -> None:
    assert zhnorm.clean(f"{line}\n", to="keep") == f"{line}\n"


def test_an_address_stays() -> None:
    line = '[渡口的灯](https://example.com/3/渡口的灯亮了一整夜没有熄 "渡口的灯亮了一整夜没有熄")'
    assert zhnorm.clean(f"{line}\n", to="keep") == f"{line}\n"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("他算过一笔账。【灯塔】【灯塔】【灯塔】每天傍晚六点亮灯。", "他算过一笔账。【灯塔】每天傍晚六点亮灯。"),
        ("有人算过：有人算过：用了三桶。【渡口】【渡口】傍晚开船。", "有人算过：用了三桶。【渡口】傍晚开船。"),
        ("他说【图】【图】【图】【图】都在这里。", "他说【图】【图】【图】【图】都在这里。"),
    ],
)
def test_every_label_of_a_line_stands_once(line: str, left: str) -> None:
    assert zhnorm.clean(f"{line}\n", to="keep") == f"{left}\n"


def test_a_caption_among_short_lines_is_printed_once() -> None:
    page = (
        "乡公所礼堂的最后一场演出",
        "上星期六的晚上，乡公所的老礼堂里坐满了人，连窗台上都坐着孩子，大家来听最后一场演出。",
        "管弦乐团于礼堂演出 管弦乐团于礼堂演出",
        "散场以后，看门的老人把灯一盏一盏关掉，他说这里明天就要拆了，他在这里守了三十一年。",
    )
    assert zhnorm.clean("\n".join(page)).count("管弦乐团于礼堂演出") == 1


ENDS_AS_IT_BEGAN = "六局下风向变了。海岸队先靠保送占了一垒，一棒送到墙边。比数成了二比三。六局下风向变了。"


@pytest.mark.parametrize(
    ("line", "left"),
    [
        (ENDS_AS_IT_BEGAN, "六局下风向变了。海岸队先靠保送占了一垒，一棒送到墙边。比数成了二比三。"),
        ("六局下风向变了。海岸队先靠保送占了一垒。六局下风向又变了。", None),
        ("起风了。海岸队先靠保送占了一垒，一棒送到墙边。比数成了二比三。起风了。", None),
    ],
)  # fmt: skip
def test_a_paragraph_that_ends_as_it_began(line: str, left: str | None) -> None:
    assert zhnorm.clean(f"{line}\n{AFTER}\n", to="keep").split("\n")[0] == (left or line)


@pytest.mark.parametrize(
    "line",
    [
        "【灯塔】【灯塔】每天傍晚六点亮灯，天亮以后熄灯。",
        "有人算过：有人算过：旧灯一年要用掉四桶煤油。",
        ENDS_AS_IT_BEGAN,
    ],
)
def test_code_is_printed_as_often_as_it_stands(line: str) -> None:
    text = f"```\n{line}\n{line}\n```\n"
    assert Cleaner().clean(text) == text


@pytest.mark.parametrize(
    ("line", "left"),
    [
        # what a sentence begins with, what one ends with, a sentence in the middle, two of them, one in quotation marks
        ("船主翻了翻账本，去年一共开了九十趟，载过三头牛和一口棺材。船主翻了翻账本，去年一共开了九十趟。", "船主翻了翻账本，去年一共开了九十趟，载过三头牛和一口棺材。"),
        ("船主说：先系缆绳，再放跳板，人站稳了才收钱。这是规矩。先系缆绳，再放跳板，人站稳了才收钱。", "船主说：先系缆绳，再放跳板，人站稳了才收钱。这是规矩。"),
        ("水退了三天，滩上全是螺。孩子们提着桶去捡。水退了三天，滩上全是螺。傍晚就没有了。", "水退了三天，滩上全是螺。孩子们提着桶去捡。傍晚就没有了。"),
        ("“这条船不卖，给多少钱都不卖。”老葛说完就下了船，头也不回。“这条船不卖，给多少钱都不卖。”", "“这条船不卖，给多少钱都不卖。”老葛说完就下了船，头也不回。"),
        # a cry, a short one, another number
        ("快把缆绳扔过来呀！他在船头喊。船上没有人听见。快把缆绳扔过来呀！", None),
        ("水退了。孩子们提着桶去捡螺，一直捡到天黑才回来。水退了。", None),
        ("上午水位是三米二，比昨天高。下午下了一场雨。上午水位是三米四，比昨天高。", None),
    ],
)  # fmt: skip
def test_a_sentence_that_was_printed_before_in_its_line(line: str, left: str | None) -> None:
    assert zhnorm.clean(f"{line}\n{AFTER}\n", to="keep").split("\n")[0] == (left or line)


@pytest.mark.parametrize("count", [300, 3000])
def test_many_sentences_cost_little(count: int) -> None:
    line = "".join(f"第{i}次开闸的时候水位是{i}寸。水退了三天滩上全是螺。" for i in range(count))
    start = time.process_time()
    zhnorm.clean(f"{line}\n{AFTER}\n", to="keep")
    assert time.process_time() - start < 20.0


RECIPE = """一碗豆腐羹

豆腐要选嫩的，前一天用清水泡着，煮之前再换一次水，这样就没有豆腥味了，汤也会清得多。

材料
嫩豆腐 一盒
{line}
虾皮 一小把
葱花 少许

做法
1. 虾皮用小火炒香，加两碗水煮开。
2. 豆腐切丁下锅，煮三分钟，用盐调味，最后撒上葱花就可以端上桌了。
"""


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("紅蔥頭 6 顆紅蔥頭 6 顆", "红葱头 6 颗"),
        ("紅蔥頭 6 顆 ▲紅蔥頭 6 顆", "红葱头 6 颗"),
        ("老豆腐的家常做法，只要十分钟老豆腐的家常做法", "老豆腐的家常做法，只要十分钟"),
        ("盐 3克 3克", None),
    ],
)
def test_an_item_that_stands_behind_itself(line: str, left: str | None) -> None:
    assert (left or line) in Cleaner().clean(RECIPE.format(line=line)).split("\n")
