"""What rules know and the text says itself: it stays, whatever its words."""

from __future__ import annotations

import pytest

from zhnorm import Cleaner

PARAGRAPHS = [
    "那年冬天雪下得很早，河面上结了一层薄冰，渡船停了半个月。",
    "村里的人把船拖到岸上，用稻草盖好，等着开春再用。",
    "第二天清晨，邻居家的孩子推开门，看见了地上的脚印，一直通到河边。",
    "老周的儿子从县城赶回来，在河边站了整整一个下午。",
    "没有人知道他在想什么，只看见他把一块石头扔进了河里。",
]


@pytest.mark.parametrize("place", range(len(PARAGRAPHS) + 1))
@pytest.mark.parametrize(
    "line",
    [
        "本书版权页上印着一行小字：版权所有，翻印必究。",
        "墙上刷着一行大字：转载请注明出处。",
        "声明的最后一句是：如有侵权，请联系删除。",
        "点赞、收藏、转发，一个也没有。",
        "展开全文，只有一句话。",
        "点击查看大图，可以看见桥墩上的字。",
        "从前有座山，山里有座庙，从前有座山，山里有座庙。",
    ],
)
def test_what_somebody_shows_or_tells_stays(line: str, place: int) -> None:
    text = "\n".join([*PARAGRAPHS[:place], line, *PARAGRAPHS[place:]])
    assert line in Cleaner().clean(f"老周的船\n\n{text}\n")


@pytest.mark.parametrize(
    "part",
    [
        "参考答案\n1. 返回\n2. 分享\n3. 收藏\n",
        "屏幕下面依次是三个按钮：\n\n1. 分享\n2. 收藏\n3. 关注\n",
        "屏幕下面依次是三个按钮：\n\n- 分享\n- 收藏\n- 关注\n",
        "目录\n\n第一章　出发……1\n第二章　渡口……15\n第三章　回家……40\n",
    ],
)
def test_a_list_that_the_text_introduces_stays(part: str) -> None:
    text = "\n".join(PARAGRAPHS)
    assert part in Cleaner().clean(f"老周的船\n\n{text}\n\n{part}\n{text[::-1]}\n")


def test_a_bar_of_buttons_goes() -> None:
    text = "\n".join(PARAGRAPHS)
    assert "微博" not in Cleaner().clean(f"老周的船\n\n{text}\n\n分享到：\n- 微博\n- 微信\n- QQ空间\n")


@pytest.mark.parametrize(
    ("line", "left"),
    [
        # a rule fits all of it
        ("记得把照片传到班级群里，我们会挑十张贴在走廊的墙上。分享 收藏 点赞 在看", "记得把照片传到班级群里，我们会挑十张贴在走廊的墙上。"),
        ("大家把写好的小纸条交给老周，下星期贴到船舱后面的墙上。分享 收藏 点赞", "大家把写好的小纸条交给老周，下星期贴到船舱后面的墙上。"),
        # what it begins with is its text
        ("免责声明：本文只是一位渡工的看法，与航运公司无关。其中说到的水位都是凭记忆写的。", None),
        ("你家门口，还有这样一条渡船吗？留言告诉我。", None),
    ],
)  # fmt: skip
def test_what_is_glued_to_a_line_that_a_rule_would_take_goes_alone(line: str, left: str | None) -> None:
    text = "\n".join([*PARAGRAPHS[:3], line, *PARAGRAPHS[3:]])
    assert (left or line) in Cleaner().clean(f"老周的船\n\n{text}\n").split("\n")


def test_a_list_of_links_leaves_the_items_of_the_text_below_it() -> None:
    page = """\
一碗鱼汤
渡口的人冬天都喝这碗汤，鱼要选河里的鲫鱼，煎到两面金黄再下水，汤才会白。
【延伸阅读】老渡口的三种吃法
材料（两碗份量）
鲫鱼　一条
老姜　三片
豆腐　半块
做法
水开以后转小火，煮二十分钟，出锅前撒一把葱花，盐在最后放。
"""
    lines = Cleaner().clean(page).split("\n")
    assert "老姜　三片" in lines
    assert "豆腐　半块" in lines
