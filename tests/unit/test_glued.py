"""What is glued into a line, read by what its words say, and what the text around has to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm import Cleaner
from zhnorm.conversion.division import division
from zhnorm.conversion.fold import fold
from zhnorm.rules.around import is_run_on
from zhnorm.rules.check import faults
from zhnorm.rules.glued import DOUBT, Glued, glued
from zhnorm.rules.match import Hit, applies
from zhnorm.rules.model import Rule
from zhnorm.text.glued import tagger

RULE = Rule("my/read", "my", "read", "", "trim-inside", needs=("下载", "点击", "分享", "搜索"), read=True, max_chars=60)
TEXT = "\n".join(
    f"{who}在渡口的棚子里坐了一夜，谁也没有先开口，天快亮的时候，{what}，大家才慢慢地散了。"
    for who, what in [
        ("老葛", "河上起了雾"), ("外婆", "船靠了岸"), ("木匠", "雨停了"), ("孩子们", "狗叫了起来"), ("摆渡的人", "灯灭了"), ("她", "风转了向"),
    ]
)  # fmt: skip
NOISY = "他把盆往里挪了一尺，立即下载客户端查看更多图片雨还在下，没有要停的样子。"
SPEAKING = "\n".join(
    [
        "那年冬天她在巷口摆摊，学会了下载客户端，也学会了每天晚上看评论。",
        "第一个月，关注公众号的人只有十一个，其中七个是她家里的亲戚。",
        "后来评论渐渐地少了，分享的人也少了，她一条一条地数给母亲听。",
        "她把二维码贴在墙上，下雨天会翘起一个角，她就用饭粒再粘一回。",
    ]
)


def surest(line: str) -> list[Glued]:
    """The pieces of a line that go anywhere."""
    return [found for found in glued([fold(line)])[0] if found.spare >= 0]


@pytest.mark.parametrize(
    ("line", "gone"),
    [
        ("刮风天多浇半瓢，立即下载客户端查看更多图片阴雨天不浇，把盆往里挪。", "立即下载客户端查看更多图片"),
        ("他把门关上，（点击查看大图）回头看了一眼。", "（点击查看大图）"),
        ("雨停了。点击下载客户端>>他把伞收起来，走了。", "点击下载客户端>>"),
        ("他在门口站了很久，才把那封信放进口袋里。--已有 33 位网友加入讨论--", "--已有 33 位网友加入讨论--"),
        ("雨停了，他把伞收好，沿着河往回走。#河边散步 #雨后 #周末", "#河边散步 #雨后 #周末"),
        (
            "灶上的水开了，她把面下进去，盖上锅盖。（原文 https://example.org/a/1.html）",
            "（原文 https://example.org/a/1.html）",
        ),
        (
            "招一名会修钟的师傅，会养猫的优先【广告】考证书，选青石学校，立即报名",
            "【广告】考证书，选青石学校，立即报名",
        ),
    ],
)
def test_glued_piece_is_found(line: str, gone: str) -> None:
    """From its first word, with its brackets and arrows, to its last one."""
    (found,) = surest(line)
    assert line[found.start : found.stop] == gone


@pytest.mark.parametrize(
    "line",
    [
        "那天下午，他下载了客户端，又把它删掉。",
        "请点击【我要留言】再往下拉，读完须知。",
        "二叉搜索树的每个结点，左边都比它小。",
        "她对他说：“点击下载客户端就行，”说完走了。",
        "他写道，点击查看大图的人，都会在这里停一停。",
        "渡口的早晨<br>河上起了雾<br>船靠在岸边<br>没有人说话",
        "亲爱的外婆：<br>船票已经买好，请不要挂念。<br>祝您身体健康！<br>外孙 小武<br>二〇〇三年三月八日",
        "材料：<br>面粉<br>鸡蛋<br>红糖<br>做法：<br>把面粉和鸡蛋搅匀。<br>上锅蒸二十分钟。",
        "词：渡口的早晨 河上起了雾 船靠在岸边 没有人说话 我还在等你",
        "渡口的早晨起了雾 船靠在岸边没有人说话",
    ],
)
def test_sentence_keeps_its_words(line: str) -> None:
    """A button, a quotation, what somebody did, a word that only holds another one; what tags part; a row, a label, a headline of two parts."""
    assert not surest(line)


def test_sentence_in_front_of_a_piece_stays() -> None:
    """It hardly makes the piece surer."""
    line = "谢谢楼主，板凳坐好，楼主继续写！ 来自 手机客户端 | 举报 | 回复"
    (piece,) = tagger().pieces([fold(line)])[0]
    assert line[piece.start : piece.stop].lstrip() == "来自 手机客户端 | 举报 | 回复"


def test_gains_are_what_the_longer_piece_is_worth_more() -> None:
    reader = tagger()
    lines = [
        NOISY,
        "雨停了。点击下载客户端>>他把伞收起来，走了。",
        "谢谢楼主，板凳坐好！ 来自 手机客户端 | 举报 | 回复",
    ]
    for _, _, _, scores, tags in reader._likely([fold(line) for line in lines]):
        for start in (at for at, tag in enumerate(tags) if tag == 1):
            stop = next((at for at in range(start + 1, len(tags)) if tags[at] != 2), len(tags))
            behind = tags[stop : stop + 1]
            gains = reader._gains(scores[start:stop], tags[start - 1] if start else None, behind)
            whole = reader._worth(scores[start : stop + 1].tolist(), tags[max(0, start - 1) : stop + 1])
            for at in range(start + 1, stop):
                rest = reader._worth(scores[at : stop + 1].tolist(), (0, 1, *[2] * (stop - at - 1), *behind))
                assert gains[at - start] == pytest.approx(whole - rest)


def test_text_decides() -> None:
    """The same line loses its piece in a text about something else, and keeps it in one that speaks of such things, or in none."""
    around = Cleaner().clean(f"{TEXT}\n{NOISY}\n")
    assert "下载" not in around
    assert "他把盆往里挪了一尺，雨还在下，没有要停的样子。" in around
    assert "立即下载客户端查看更多图片" in Cleaner().clean(f"{SPEAKING}\n{NOISY}\n")


def test_markdown_shows_its_links() -> None:
    """Nothing is read out of the lines of Markdown, and its tags stay."""
    page = f"# 渡口\n\n{TEXT}\n\n{NOISY}\n\n雨停了。<br>他们把船翻过来，[补了一夜](https://example.org/a)。\n"
    cleaned = Cleaner().clean(page)
    assert "立即下载客户端查看更多图片" in cleaned
    assert "<br>" in cleaned


def test_one_advertisement_in_a_text_about_them() -> None:
    """The word alone goes only from a text that does not speak of it elsewhere."""
    mark = "他把伞收好，广告必须等到雨停了再走。"
    assert "广告" not in Cleaner().clean(f"{TEXT}\n{mark}\n")
    assert mark in Cleaner().clean(f"{TEXT}\n那几年墙上的广告换了三回，过路的人从来没有谁停下来看上一眼。\n{mark}\n")


@pytest.mark.parametrize(
    ("before", "after", "joins"),
    [("那一盏挂在药", "铺门口", True), ("准备一份制表", "符", True), ("量到六百一十", "二米", True), ("青到", "看不见", False), ("", "铺", False), ("药", "", False)],
)  # fmt: skip
def test_word_is_broken_in_two(before: str, after: str, joins: bool) -> None:
    """Two pieces of one word, or of one number."""
    assert division().joins(before, after) == joins


def test_text_goes_on_behind_a_call() -> None:
    """A last clause that says nothing of pages is text."""
    assert is_run_on("相关阅读:老桥的三次大修来了三百人,他们都带着伞。")
    assert not is_run_on("扫描二维码,关注我们。")
    assert not is_run_on("相关阅读:老桥的三次大修")


def test_reading_needs_words() -> None:
    """A rule that reads says where to look, and cuts out of lines."""
    for rule in (RULE._replace(needs=()), RULE._replace(action="drop")):
        assert any("read is for" in fault for fault in faults(rule))
    assert faults(RULE) == []


@given(st.text(alphabet="下载点击分享，。的了他看门口（）“”【】 a>", max_size=60))
def test_piece_lies_in_the_line(line: str) -> None:
    """Whatever the line is, a piece is a part of it, and leaves some."""
    end = 0
    for found in glued([fold(line)])[0]:
        assert end <= found.start < found.stop <= len(line)
        assert found.stop - found.start < len(line)
        assert found.spare >= -DOUBT
        end = found.stop


@given(
    st.lists(
        st.sampled_from(["雨停了。点击下载客户端>>他把伞收起来，走了。", TEXT.split("\n")[0], "", "a", NOISY]),
        max_size=9,
    )
)
def test_lines_are_read_one_by_one(lines: list[str]) -> None:
    """What stands in other lines that are read at the same time makes no difference."""
    folds = [fold(line) for line in lines]
    assert glued(folds) == [glued([folded])[0] for folded in folds]


def test_rule_that_fits_what_another_one_leaves_waits_for_the_next_round() -> None:
    """What it asks of pieces was worked out for the rules that fit the lines before."""
    hit = Hit(0, RULE, "下载 客户端", 0, 4, 50)
    assert not applies(hit, 0, 1, 1, {})
    assert applies(hit, 0, 1, 1, {RULE.name: 50})


def test_hundred_tags_in_one_line_go() -> None:
    """Beyond some dozens the same tag is looked for alone, and what is left says the same."""
    said = [f"第{number}天，河上起了雾，船靠在岸边没有走。" for number in range(1, 101)]
    cleaned = Cleaner().clean("<br>".join(said))
    assert cleaned == "".join(said)


def test_what_the_next_line_goes_on_with_is_text() -> None:
    """Text that is broken at a width breaks in words."""
    broken = "将那三春看破，桃红柳绿待如何？把这韶"
    assert surest(broken), "by itself it looks like a piece"
    page = f"{TEXT}\n{broken}\n华打灭，觅那清淡天和。\n"
    assert broken in Cleaner().clean(page)
