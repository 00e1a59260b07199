"""Parts of lines, marks inside them, and where text goes on behind a mark."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.conversion.fold import fold, key
from zhnorm.rules.around import is_spoken_of, prose_behind
from zhnorm.rules.check import check, faults
from zhnorm.rules.match import Matcher, reach_of_parts
from zhnorm.rules.model import Pack, Rule
from zhnorm.rules.parts import extent, parts
from zhnorm.text.narration import is_narration

MARK = Rule("my/mark", "my", "mark", "", "trim-inside", match=("点击图片放大", "广告"), max_chars=12)
CALL = Rule(
    "my/call", "my", "call", "", "drop", match=("关注*公众号*",), sentence=True, parts="also", call=True
)  # fmt: skip
WORDS = Rule(
    *("my/words", "my", "words", "", "drop"),
    words=("喜欢", "的", "请", "推荐", "给", "朋友", "吧"), needs=("推荐",), min_words=2, slack=4, sentence=True, parts="only",
)  # fmt: skip

GONE = [
    (MARK, "船到江心，【广告】他停了下来。", "【广告】"),
    (MARK, "船到江心，▼廣告▼他停了下來。", "▼廣告▼"),
    (MARK, "他把船停在（點擊圖片放大）+12江心。", "（點擊圖片放大）+12"),
    (CALL, "船到江心就停了。关注青石公众号，每天一个故事！", "关注青石公众号，每天一个故事！"),
    (CALL, "船到江心（关注青石公众号）就停了。", "（关注青石公众号）"),
    (CALL, "★关注青石公众号★船到江心就停了。", "★关注青石公众号★"),
    (WORDS, "船到江心就停了。喜欢的请推荐给“青石”的朋友吧！", "喜欢的请推荐给“青石”的朋友吧！"),
]
STAYS = [
    (MARK, "报纸上的广告，他每天都看。"),
    (MARK, "他说，广告，也是一门手艺。"),
    (MARK, "说明书上写着：点击图片放大，再按保存。"),
    (MARK, "请点击“点击图片放大”按钮。"),
    (CALL, "船到江心就停了。关注公众号的那天，他在岸上坐了一夜。"),
    (CALL, "船到江心就停了，关注青石公众号的人都知道。"),
    (CALL, "他说：“船停了。关注青石公众号。”"),
    (WORDS, "船到江心就停了。推荐的人走了，朋友没有来。"),
    (WORDS, "喜欢的请推荐给朋友吧"),
]


def _gone(rule: Rule, text: str) -> list[str]:
    return [text[hit.start : hit.stop] for hit in Matcher([rule]).fits([text], [key(text)]).get(0, ())]


@pytest.mark.parametrize(("rule", "text", "gone"), GONE)
def test_what_a_rule_cuts_out(rule: Rule, text: str, gone: str) -> None:
    assert _gone(rule, text) == [gone]


@pytest.mark.parametrize(("rule", "text"), STAYS)
def test_what_it_leaves(rule: Rule, text: str) -> None:
    assert _gone(rule, text) == []


@given(st.text("他走了。！？，、（）()【】[]「」“”▼★ a1…⋯<br/>-—\u3000", max_size=60))
def test_every_part_lies_in_its_line_and_within_reach(text: str) -> None:
    folded = fold(text)
    for part in parts(folded):
        assert 0 <= part.start < part.stop <= len(text)
        span = extent(folded, part)
        if span is not None:
            assert 0 <= span.left <= part.start < part.stop <= span.right <= len(text)
    reach = reach_of_parts(text, key(text))
    assert reach.back <= len(text)


@pytest.mark.parametrize(
    ("line", "behind"),
    [
        ("来源：青石日报 第二天清晨，雨停了。", "第二天清晨,雨停了。"),
        ("（责编：方晴）雨停了，他走了⋯⋯", "雨停了,他走了⋯⋯"),
        ("责编：方晴<br/>雨停了，他走了。", "雨停了,他走了。"),
        ("来源：青石日报 责任编辑：方晴", None),
        ("关注我们。欢迎在评论区留言。", None),
    ],
)
def test_text_behind_a_mark(line: str, behind: str | None) -> None:
    folded = fold(line)
    at = prose_behind(folded, 0)
    assert (None if at is None else folded[at:]) == behind


def test_what_the_text_speaks_of() -> None:
    line = "请点击[分享]按钮"
    assert is_spoken_of(line, 3, 7)
    assert not is_spoken_of("他走了。[分享]雨停了", 4, 8)


@pytest.mark.parametrize(
    "line",
    [
        "分享给朋友的链接打不开，他又发了一遍。", "下载App以后，她把它删了。", "“欢迎关注”四个字印在杯子上。", "扫码的人排到了门外。",
        "转发过三次，谁也没有回。", "那天她第一次点了赞。", "评论的人越来越少，文章还是照旧。", "记者发现，关注这件事的人不到十个。",
    ],
)  # fmt: skip
def test_narration(line: str) -> None:
    assert is_narration(fold(line))


@pytest.mark.parametrize(
    "line",
    [
        "关注我们，每天学一道菜！", "喜欢就点个赞吧", "看完了别忘了分享给朋友哦", "扫描下方二维码，加入读者群。", "请把这篇文章转给需要的人。",
        "更多新闻，请关注青石公众号", "長按識別二維碼，關注青石", "欢迎在评论区告诉我们你的看法。", "收藏了吗？记得点赞！",
    ],
)  # fmt: skip
def test_a_call_is_no_narration(line: str) -> None:
    assert not is_narration(fold(line))


def test_faults_of_the_new_fields() -> None:
    assert "must not begin with * (trim-inside)" in faults(MARK._replace(match=("*广告",)))[0]
    assert "parts is for" in faults(MARK._replace(parts="also"))[0]
    assert "needs and slack go with words" in faults(CALL._replace(slack=2))[0]
    assert "fewer than two letters" in faults(WORDS._replace(needs=("给",)))[0]


def test_an_example_of_a_part_marks_what_goes() -> None:
    good = WORDS._replace(removes=("船到江心就停了。⟦请推荐给朋友吧！⟧",))
    assert check(Pack("my", "", (good,))) == []
    bad = WORDS._replace(removes=("船到江心就停了。请推荐给朋友吧！",))
    assert "loses only" in str(check(Pack("my", "", (bad,)))[0])
