"""Lines of a page that were printed into a paragraph near them: where they go, and where the sentence needs them."""

from __future__ import annotations

import pytest

from zhnorm import Cleaner

TITLE = "渡口的最后一班船，开走了六十年"
CAPTION = "▲老船工在甲板上收缆绳。（记者叶青攝）"
CLAUSE = "老船工在甲板上收缆绳"
ABOVE = "新桥离渡口不到一里路，上个月通了车，从那以后坐船的人一天比一天少。"
BELOW = "镇上的人说，过几年渡口会改成一座小公园，长椅就用拆下来的船板做。"

PRINTED = [
    f"船工说明天起这里不再开船了。{CLAUSE}码头上站着二十多个来送行的人。",
    f"船工说明天起这里不再开船了，{CLAUSE}码头上站着二十多个来送行的人。",
    f"船工说明天起这里不再开船了。码头上站着二十多个来送行的人。{CLAUSE}",
    f"船工说明天起这里不再开船了。码头上站着二十多个来送行的人。 {CLAUSE}",
    f"船工说：“明天起这里不再开船了。”{CLAUSE}码头上站着二十多个来送行的人。",
    f"{CLAUSE} 船工说明天起这里不再开船了。码头上站着二十多个来送行的人。",
]
TITLES = [
    f"船工说：“明天起这里不再开船了。”{TITLE}",
    f"{TITLE}船工说明天起这里不再开船了。",
    f"船工说明天起这里不再开船了，{TITLE}码头上站着二十多个来送行的人。",
    f"各位乡亲、各位朋友：{TITLE}",
]
SAID = [
    f"傍晚，我们看见{CLAUSE}，码头上站着二十多个来送行的人。",
    f"船工说明天起这里不再开船了。{CLAUSE}的时候，码头上站着二十多个来送行的人。",
    f"船工说明天起这里不再开船了，{CLAUSE}，码头上站着二十多个来送行的人。",
    f"船工说明天起这里不再开船了：{CLAUSE}也是最后一回。",
    f"照片上写着“{CLAUSE}”，码头上站着二十多个来送行的人。",
    f"有一篇文章叫《{TITLE}》，码头上的人都读过。",
]


def _page(line: str, caption: str = CAPTION) -> list[str | None]:
    text = "\n".join((TITLE, ABOVE, caption, line, BELOW, ""))
    return [each.text for each in Cleaner(fuzzy=True).explain(text).lines]


@pytest.mark.parametrize("line", PRINTED)
@pytest.mark.parametrize("caption", [CAPTION, CLAUSE])
def test_a_caption_printed_into_a_paragraph_goes(line: str, caption: str) -> None:
    found = _page(line, caption)
    assert found[3] is not None
    assert CLAUSE not in found[3]
    assert found[3].replace("，", "").replace("。", "").replace(" ", "") == line.replace(CLAUSE, "").replace(
        "，", ""
    ).replace("。", "").replace(" ", "")


@pytest.mark.parametrize("line", TITLES)
def test_the_title_printed_into_a_paragraph_goes(line: str) -> None:
    assert _page(line)[3] == line.replace(TITLE, "")


@pytest.mark.parametrize("line", SAID)
def test_what_a_sentence_says_stays(line: str) -> None:
    assert _page(line)[3] == line


@pytest.mark.parametrize(
    ("caption", "printed"),
    [
        ("老船工在甲板上收缆绳", "（老船工在甲板上收缆绳）"),
        ("老船工在甲板上收缆绳", "【老船工在甲板上收缆绳】"),
        ("▲老船工在甲板上收缆绳", "▲老船工在甲板上收缆绳"),
        ("《渡船》剧照，船主提供", "《渡船》剧照，船主提供"),
        ("图二：老船工在甲板上收缆绳", "老船工在甲板上收缆绳"),
        ("图为老船工在甲板上收缆绳", "老船工在甲板上收缆绳"),
        ("插画：老船工在甲板上收缆绳", "老船工在甲板上收缆绳"),
    ],
)
def test_a_caption_in_brackets_with_its_mark_or_without_its_label(caption: str, printed: str) -> None:
    line = f"船工说明天起这里不再开船了，{printed}码头上站着二十多个来送行的人。"
    assert _page(line, caption)[3] == line.replace(printed, "")


def test_sentences_of_reports_stay() -> None:
    said = "未经授权的人可以从这个入口读取文件。"
    page = [f"{name}是一款公文系统，第{place}个接口没有检查身份。" for place, name in enumerate("甲乙丙丁", 1)]
    lines = [line for each in page for line in (each + said, said)]
    found = Cleaner(fuzzy=True).explain("\n".join(["公文系统的四个漏洞", *lines, ""]))
    assert all(each.text == each.raw for each in found.lines if each.raw in lines[::2])


def test_names_in_front_of_what_is_said_of_them_stay() -> None:
    page = "\n".join((
        "双门渡口停航", ABOVE, "双门市第二人民医院", "记者走访了几家单位，双门市第二人民医院医生表示，最近来看病的老人少了。", BELOW, "",
    ))  # fmt: skip
    assert "双门市第二人民医院医生表示" in Cleaner().clean(page)


def test_the_title_stays_if_titles_are_to_stay() -> None:
    line = f"船工说：“明天起这里不再开船了。”{TITLE}"
    text = "\n".join((TITLE, ABOVE, line, BELOW, ""))
    assert line in Cleaner(titles=False).clean(text)
    assert line not in Cleaner().clean(text)


def test_figures_of_a_list_come_back() -> None:
    prices = "各港的成交价分别报收820-830元/吨、825-835元/吨、820-830元/吨、825-835元/吨、840-850元/吨，比上月低。"
    apart = "各港的成交价分别报收820-830元/吨、825-835元/吨，南港是840-850元/吨、820-830元/吨、825-835元/吨，比上月低。"
    page = "\n".join(("煤价走低", ABOVE, prices, apart, BELOW, ""))
    assert Cleaner().clean(page) == page


def test_what_is_announced_stays() -> None:
    page = "\n".join(("渡口停航后镇上的四个变化", ABOVE, "双门镇1月10日电 综述：渡口停航后镇上的四个变化", BELOW, ""))
    assert "综述：\n" not in Cleaner().clean(page)


def test_brackets_behind_a_copy_go_with_it() -> None:
    caption = "老面店搬到隔壁巷子，老客人绕了三圈"
    page = "\n".join(
        (
            "四十年的老面店搬家了",
            ABOVE,
            caption,
            f"店主说他不想退休。{caption}（图／翻摄自脸书）他第二天又开了张。",
            BELOW,
            "",
        )
    )
    assert "店主说他不想退休。他第二天又开了张。" in Cleaner().clean(page)


def test_a_space_beside_latin_letters_is_no_sign() -> None:
    page = "\n".join(
        (
            "香蕉公司改建 Banana 零售店",
            ABOVE,
            "这座小城的气候很好。 Banana 零售店西侧的街道去年重新铺过，也种了树。",
            BELOW,
            "",
        )
    )
    assert "Banana 零售店西侧的街道" in Cleaner().clean(page)
