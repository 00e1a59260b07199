"""Where a title stands, in which forms it comes back, and where it belongs to a sentence."""

from __future__ import annotations

import time

import pytest

from zhnorm import Cleaner

FIRST = "去年入冬以后，河口的盐田停了工，晒盐的老人把木耙收进棚子里，等着开春的第一场东风。"
SECOND = "管盐田的吉师傅说，一亩田要换九次水，差一次盐就发苦，所以他夜里也要起来看两回。"
THIRD = "镇上的小学把春游安排在盐田，孩子们用手指蘸卤水，尝过的都皱起了眉头，笑成一片。"
TITLE = "河口盐田重新开晒，老盐工守了三十个冬天"
PARTS = "河口盐田重新开晒 老盐工守了三十个冬天"

COPIES = [
    TITLE,
    "河口鹽田重新開曬，老鹽工守了三十個冬天",
    TITLE + TITLE,
    f"{TITLE} {TITLE} {TITLE}",
    f"{TITLE}（图1）",
    f"{TITLE}(3)",
    f"{TITLE}-3",
    f"{TITLE}_3",
    f"{TITLE}图3",
    f"{TITLE} 第2页",
    f"▲{TITLE}。（圖／河口報提供）",
    f"图为：{TITLE}",
    f"原标题：{TITLE}",
    f"【视频】{TITLE}",
    f"「地方」{TITLE}",
    f"{TITLE}_地方_河口网",
    f"{TITLE} - 河口晚报",
    f"{TITLE} | 潮声",
    "河口盐田重新开晒,老盐工守了三十个冬天…",
    "河口盐田重新开晒，老盐工守了三十个…",
    "河口盐田重新开哂，老盐工守了三十个冬天",
]

IN_LINE = [
    f"{TITLE} {SECOND}",
    f"{TITLE}{SECOND}",
    f"【{TITLE}】{SECOND}",
    f"{TITLE}（图2）{SECOND}",
    f"{TITLE}{TITLE}{SECOND}",
    f"河口鹽田重新開曬，老鹽工守了三十個冬天{SECOND}",
    f"{SECOND}{TITLE}",
    f"{SECOND} {TITLE} {TITLE}",
    SECOND.replace("所以", f"{TITLE}所以"),
    f"{SECOND[:-1]}。{TITLE}",
]

MENTIONS = [
    f"他把剪报贴在墙上，题目是《{TITLE}》，纸已经发黄了，字还看得很清楚。",
    f"那篇“{TITLE}”的报道登出来以后，来看盐田的人多了起来，吉师傅有些不习惯。",
    f"他以{TITLE}为题写了一篇作文，老师在班上念了两遍，大家都听得很安静。",
    f"{TITLE}的消息传到对岸，有人连夜坐船过来，想看看第一批盐是什么颜色。",
    f"{TITLE}。消息传到对岸，有人连夜坐船过来，想看看第一批盐是什么颜色。",
    f"据镇上的人说，{TITLE}，这件事连县里也知道了，过几天还有人要来。",
]


def _clean(*lines: str, **settings: object) -> list[str]:
    return [line for line in Cleaner(**settings).clean("".join(f"{line}\n" for line in lines)).split("\n") if line]


def _rules(lines: list[str]) -> dict[int, str]:
    """What the stage does to which lines."""
    changes = Cleaner().explain("".join(f"{line}\n" for line in lines)).changes
    return {change.line: change.rule for change in changes if change.stage == "titles"}


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_between_paragraphs_goes(copy: str) -> None:
    assert _clean(TITLE, FIRST, copy, SECOND, THIRD) == [TITLE, FIRST, SECOND, THIRD]


@pytest.mark.parametrize("copy", COPIES)
def test_a_copy_below_the_title_goes(copy: str) -> None:
    assert _clean(TITLE, copy, FIRST, SECOND, THIRD) == [TITLE, FIRST, SECOND, THIRD]


@pytest.mark.parametrize("line", IN_LINE)
def test_the_title_leaves_a_clean_line(line: str) -> None:
    assert _clean(TITLE, FIRST, line, THIRD) == [TITLE, FIRST, SECOND, THIRD]


@pytest.mark.parametrize("line", MENTIONS)
@pytest.mark.parametrize("copies", [0, 2])
def test_a_title_in_a_sentence_stays(line: str, copies: int) -> None:
    assert _clean(TITLE, *[TITLE] * copies, FIRST, line, THIRD) == [TITLE, FIRST, line, THIRD]


@pytest.mark.parametrize(
    "head",
    [
        ["首页 > 地方 > 正文", TITLE],
        ["河口网", "地方", "2019年3月2日", TITLE],
        [f"# {TITLE}"],
        [f"<h1>{TITLE}</h1>"],
        [f"标题：{TITLE}"],
        [f"{TITLE} {TITLE}"],
    ],
    ids=["path", "names", "heading", "tag", "label", "doubled"],
)
def test_the_title_stands_below_a_path_or_is_marked(head: list[str]) -> None:
    got = _clean(*head, FIRST, TITLE, SECOND, f"{TITLE}（图2）", THIRD)
    assert got[-3:] == [FIRST, SECOND, THIRD]
    assert sum(line.count(TITLE) for line in got) == 1


def test_the_parts_of_a_title_are_no_name_of_a_site() -> None:
    title = "河口旧事 —— 三十个冬天的盐"
    assert _clean(title, FIRST, "河口旧事", SECOND, THIRD)[0] == title
    assert _clean(PARTS, PARTS, FIRST, SECOND) == [PARTS, FIRST, SECOND]


@pytest.mark.parametrize(
    ("title", "printed"),
    [
        (TITLE, f"{TITLE} - 盐工版 | 潮声 "),
        (TITLE, f"{TITLE} @ 吉师傅的小屋 :: 潮声 ::"),
        (TITLE, f"标题：{TITLE} "),
        (TITLE, f"{TITLE}的做法 "),
        ("潮声夜话｜河口盐田重新开晒", "潮声夜话｜河口盐田重新开晒"),
        ("河口盐田重新开晒？老盐工守了三十个冬天", "河口盐田重新开晒 "),
        ("盐田的春天", "盐田的春天 "),
    ],
)
def test_a_title_with_what_stands_around_it(title: str, printed: str) -> None:
    assert _clean(title, FIRST, f"{printed}{SECOND}", THIRD) == [title, FIRST, SECOND, THIRD]


def test_a_short_title_behind_the_last_sentence_goes() -> None:
    assert _clean("盐田的春天", FIRST, f"{SECOND}盐田的春天", THIRD) == ["盐田的春天", FIRST, SECOND, THIRD]


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("盐田的春天", f"盐田的春天来得晚，{SECOND}"),
        ("Oracle WebLogic 反序列化漏洞分析", "Oracle WebLogic Server是一款应用服务器，用于部署企业的程序。"),
        ("河口盐田产量问题及对策研究", "文章引用：吉某. 河口盐田产量问题及对策研究[J]. 盐业研究, 2018, 8(2): 7-16."),
    ],
)
def test_a_title_that_names_something_stays(title: str, line: str) -> None:
    assert line in _clean(title, FIRST, line, THIRD)


def test_halves_beside_other_copies_go() -> None:
    assert _clean(PARTS, FIRST, PARTS, "老盐工守了三十个冬天", SECOND, THIRD) == [PARTS, FIRST, SECOND, THIRD]
    assert _clean(PARTS, FIRST, "老盐工守了三十个冬天", SECOND, THIRD)[2] == "老盐工守了三十个冬天"


def test_headings_of_parts_stay() -> None:
    lines = ["河口盐田的三十个冬天（上）", FIRST, "河口盐田的三十个冬天（下）", SECOND, THIRD]
    assert _clean(*lines) == lines
    assert not _rules(["# 河口盐田的三十个冬天", FIRST, "## 河口盐田的三十个冬天", SECOND, THIRD])


@pytest.mark.parametrize(
    "lines",
    [
        ["你们到底要去哪里？", "没有人回答他，风把草帽吹到了水里。", "你们到底要去哪里？", "他又问了一遍，声音小了。"],
        [
            "A. 东风来得早的年份",
            "B. 卤水换得勤的年份",
            "1. 下面哪一项正确？",
            "A. 东风来得早的年份",
            "B. 卤水换得勤的年份",
        ],
        ["东码头店", "每天早上七点到晚上九点营业", "西码头店", "每天早上七点到晚上九点营业"],
        ["盐水鸭的做法", "把水烧开，撇去上面的浮沫", "放姜和花椒", "把水烧开，撇去上面的浮沫", "放鸭子"],
        ["2016年", "获全县晒盐能手第一名奖", "2017年", "获全县晒盐能手第一名奖", "2018年", "退休回家"],
        ["<!-- 河口盐田资料编号 -->", FIRST, "<!-- 河口盐田资料编号 -->", SECOND],
        ["照片由河口盐田提供", FIRST, "照片由河口盐田提供", SECOND],
        ["盐田上的风慢慢地吹过来呀", "木耙子推着白花花的浪", "盐田上的风慢慢地吹过来呀", "谁家的灯亮到了天明"],
    ],
    ids=["question", "options", "hours", "steps", "awards", "comment", "credit", "refrain"],
)
def test_a_line_that_comes_back_is_no_title(lines: list[str]) -> None:
    assert not _rules(lines)


def test_code_is_left_alone() -> None:
    assert set(_rules([TITLE, FIRST, "```", TITLE, "```", SECOND, TITLE])) == {7}


def test_the_given_title_beats_guessing() -> None:
    lines = ["河口的盐今年涨价了吗", FIRST, "河口的盐今年涨价了吗", SECOND, TITLE, THIRD, TITLE]
    assert _clean(*lines, title=TITLE).count(TITLE) == 1
    assert "titles/repeat" not in {
        change.rule for change in Cleaner(title=TITLE).explain("\n".join(lines)).changes if change.line == 3
    }


@pytest.mark.parametrize("lines", [1000, 4000])
def test_lines_that_begin_with_the_title_cost_little(lines: int) -> None:
    page = f"{TITLE}\n" + "".join(f"{TITLE}第{i}段，{FIRST}{SECOND}\n" for i in range(lines))
    start = time.process_time()
    Cleaner().clean(page)
    assert time.process_time() - start < 2.0 + lines / 200
