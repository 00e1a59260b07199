"""Documents for the laws: made of what pages are made of, so that every stage has something to do."""

from __future__ import annotations

from hypothesis import strategies as st

TITLES = ["城東圖書館新館開放，首日迎來三千讀者", "城东图书馆新馆开放，首日迎来三千读者", "一碗麵的三十年"]
PROSE = [
    "今天上午，城東圖書館的新館正式向讀者開放，館長說第一天來了三千多人，比預想的多了一倍。",
    "今天上午，城东图书馆的新馆正式向读者开放，馆长说第一天来了三千多人，比预想的多了一倍。",
    "今天上午，城东图书馆的新馆正式向读者开放，馆长说第一天来了三千多人，比预想的少了一倍。",
    "新館共有五層，一樓是兒童閱覽室，二樓至四樓是書庫，頂樓是一個可以看見江的咖啡廳。",
    "新館共有五層，一樓是兒童閱覽室，二樓至四樓是書庫……",
    "老張在這裡工作了二十年。他說：「書還是那些書，人已經換了三代。」老張在這裡工作了二十年。",
    "乾隆年間的地方志和近代的著作，都收藏在四樓的恆溫書庫裡，讀者憑證件可以借閱。",
]
CLUTTER = [
    "分享到：", "分享到: 微博 微信", "相關文章：", "相关文章", "责任编辑：王小明", "（責任編輯：王小明）", "首页 > 新闻 > 正文",
    "首頁 焦點 即時 政治 財經 娛樂", "廣告", "上一篇：圖書館的夜晚", "下一篇：沒有了", "版权所有 未经许可不得转载", "图片",
    "·市民广场下月完工", "·江上的渡船還在開", "老橋拆不拆？居民這樣說", "评论（12）", "点赞 收藏 转发", "下载APP看更多",
    "首頁", "新闻", "財經", "體育", "娱乐", "論壇", "走過來", "走過去", "「咚、咚、咚。」", "1. 門票二十元", "2. 門票三十元", "9:00-17:00", "&nbsp;&nbsp;", "&lt;b&gt;粗&lt;/b&gt;",
    "", " ", "\u3000\u3000", "\u200b", "\ufeff", "A B C", "ＡＢＣ１２３", "https://example.com/a?b=1&copy=2",
]  # fmt: skip

_any_text = st.text(st.characters(exclude_characters="\n"), max_size=40)
_hostile = st.text(
    st.sampled_from(
        "乾著裡後0１a<&;#x\r\t\x00\x1b\x85\u200b\u200d\u202e\ufeff\udc80\ud800\ue000\U0001f600\U00020000。，：「」… "
    ),
    max_size=30,
)


@st.composite
def _decorated(draw: st.DrawFn) -> str:
    line = draw(st.sampled_from(TITLES + PROSE))
    before = draw(st.sampled_from(["", "", "▲", "图1：", "【廣告】", "原标题：", " "]))
    after = draw(
        st.sampled_from(["", "", "（圖1）", " - 城東網", "_城东网", "…", "（責任編輯：王小明）", "分享到：微博"])
    )
    return before + line * draw(st.sampled_from([1, 1, 1, 2, 3])) + after


lines = st.one_of(
    st.sampled_from(TITLES), st.sampled_from(PROSE), st.sampled_from(CLUTTER), _decorated(), _any_text, _hostile
)
ends = st.sampled_from(["\n", "\n", "\n", "\r\n", "\n\n"])

# What is read otherwise alone than with something behind or before it: 著 and 干 in either script, a mark at an end, half of a word.
UNSURE = [
    "李白著", "后來的人", "他说的干了", "只有一只", "三里", "古老的后人", "走了三天,", "雨停了.", "(第二版)", "明天见!", "“好",
    "Ａ 三", "&amp;amp;lt;走", "里", "台北的秋", "発明", "發明了", "",
]  # fmt: skip


@st.composite
def unsure_lines(draw: st.DrawFn) -> str:
    """A line that rules trim, in one script, around something that means another thing once it stands alone."""
    before = draw(st.sampled_from(["", "", "原标题：", "原標題：", "【廣告】", "【广告】", "▲"]))
    after = draw(
        st.sampled_from(
            [
                "（责任编辑：小满）",
                "（責任編輯：小滿）",
                " 分享到：微博 微信",
                " 分享到：臉書 微博",
                "...[详细]",
                "…[詳細]",
                "",
            ]
        )
    )
    said = "".join(draw(st.lists(st.sampled_from(UNSURE), min_size=1, max_size=3)))
    return before + said + draw(st.sampled_from(["", "", " ", said])) + after


@st.composite
def documents(draw: st.DrawFn, most: int = 40) -> str:
    """A page: a title, then lines of every kind, some of them again, with mixed line ends."""
    body = draw(st.lists(lines, max_size=most))
    if body and draw(st.booleans()):
        body += draw(st.lists(st.sampled_from(body), max_size=6))
    text = "".join(line.replace("\n", " ") + draw(ends) for line in body)
    return text if draw(st.booleans()) else text.rstrip("\n")


settings = st.fixed_dictionaries(
    {},
    optional={
        "profile": st.sampled_from(["article", "page", "auto", "forum", "gentle"]),
        "to": st.sampled_from(["hans", "keep"]),
        "title": st.sampled_from(TITLES),
        "tidy": st.booleans(),
        "punctuation": st.sampled_from(["keep", "full"]),
        "quotes": st.sampled_from(["keep", "curly", "corner"]),
        "boilerplate": st.booleans(),
        "fuzzy": st.booleans(),
        "edges": st.booleans(),
        "blank_lines": st.integers(0, 3),
        "window_lines": st.sampled_from([50, 4000]),
    },
)
