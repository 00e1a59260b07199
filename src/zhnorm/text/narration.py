"""Narration: a sentence that tells of sharing, following or scanning, where a call asks the reader to do it.

A call speaks to the reader, now, and has no subject; a sentence that tells has a subject, an aspect or a time, quotes the call, or goes
on about it. The signs of both are weighed; where neither side has any it is no narration.
"""

from __future__ import annotations

from ..arrays.expressions import expression
from ..signs import CLOSING_QUOTES, FOLDED_STOPS, OPENING_QUOTES, without

__all__ = ["has_narrator", "is_asking", "is_narration"]

_TOLD = (
    # Somebody else: not after a word that makes him the reader's object, nor in 其他, 吉他.
    (2, "[,。;]他|[一-鿿]了(?:[一二两三四五六七八九十几半好多]|很|大半|整)"),
    (2, "(?<![给其吉为跟向让和与])[他她](?!的[粉微公专频主])|(?:^|[,。;])[^,。;:]{1,6}(?:先生|女士|老师|大爷|阿姨|老板|师傅|同学|妈妈|爸爸)(?!们?[请快要])"),
    (2, "(?:那|这)(?:天|年|晚|次|时|一刻|会儿|三|两|几|四个字|句话|行字|样的话|类的话|种话)|当(?:年|时|天|晚|初)|(?:的)时候(?!记得|请|别忘)|去年|前年|昨[天晚日]|从前|后来|此前|起初|最后一次"),
    (2, "[^,。;](?:之|以)[后前](?:[,才]|$)"),
    (2, "从[来不没]|总是|总爱|曾|已经?有|再也|终于|居然|竟然|果然|依然|仍|刚刚|往往|向来|渐渐|越来越|本来|原本|只是|(?:一[个条次句]|谁)[也都](?:没|不)|只有(?!关)|不曾|未曾|没有?人|有人|人们|许多人|很多人|不少人"),
    # An aspect behind a verb of these matters; with a question, or as what comes before the call, it is the reader's.
    (2, "(?:关注|转发|分享|收藏|下载|扫[码描]?|评论|点[赞开击]|留言|添加|删|卸载?|订阅|复制|打开|加入|看|读|发|转|写|走|说|问|答|变|成|到|掉|完|下|出|起|上|过|来|去)(?:了|过|着)(?!解|吗|没|么|就|再|记|别|请|点|的[话朋]|觉|吧|呀|哦|[!?~]|$|不要|关注|一定)"),
    (2, "(?:说|问|答|念|喊|写道|写着|笑道?|想起|听见|看见|发现|以为|回答|承认|解释|提到|认为|指出|表示|抱怨|坦言)(?:道|:|,|。|“|「|$|了一)"),
    (1, "(?<![避难])被|把(?![这本它好爱此您你])|使得|导致|意味着|成了|变成|成为|不等于|[不并]是(?!吗)|取决于|来自于"),
    (1, "(?:不会|不敢|不肯|没有?|未能|无法|不再|不必|不足|难以|却|反而|仍然|还是|依旧|甚至|于是|结果|因为|由于|虽然|但是|然而|如今|其中)"),
    (1, "[的得]?(?:人|者|年轻人|老人|孩子|用户|网友|读者|店家|商家|平台|公司|机构|记者|专家|律师|法院|作者)们?(?:们|都|也|就|还|却|在|说|会|对|把|被|要|能|往|很|越|不|没|从)"),
    (1, "占比?|百分之|[0-9.]+%|超过|达到|增长|下降|上升|下跌|平均|(?:^|[,。;])据"),
)  # fmt: skip
_ASKED = (
    (2, "[你您]|亲们|大家(?:[!~,]|快|可以|记得|点)|各位|小伙伴|宝子|姐妹们|朋友们"),
    (2, "请|欢迎|记得|别忘|不要忘|快来|快去|赶紧|赶快|敬请|一定要|不妨|麻烦|拜托|求"),
    (1, "我们|本[号站网报刊台文]|小编|吧|哦|喔|呀|啦|[!~]|[👇👆👉↓↑▼▲►]|(?:^|[,;。:])(?:立即|马上|点击|戳|长按|更多|想看|喜欢|觉得|如果|若|如有|如需|看完|想要)"),
)  # fmt: skip
_LEAST = 2
_NARRATOR = expression("(?:^|[,。;:])[他她](?![人的方处])")
_SIGNS = tuple(
    [(weight, expression(signs)) for weight, signs in _TOLD]
    + [(-weight, expression(signs)) for weight, signs in _ASKED]
)
# Single quotation marks are apostrophes as often.
_OPENS, _CLOSES = without(OPENING_QUOTES, "‘") + '"', without(CLOSING_QUOTES, "’") + '"'
_QUOTATION = expression(f"[{_OPENS}][^{_CLOSES}]*[{_CLOSES}]")
_QUOTED = expression(
    f"^[^{FOLDED_STOPS}]{{0,12}}[{_OPENS}][^{_CLOSES}]{{2,20}}[{_CLOSES}](?:的|是|成|这|[一二两三四五六七八九十几]|字|在|被|已|也|都|并|不|之|印|写|贴|让|变|了|像|换|就)[^!]*[^!~]$"
)
"""A call in quotation marks about which the sentence then says something."""


def has_narrator(folded: str) -> bool:
    """Whether a clause of the sentence, given by its fold, begins with 他 or 她: no notice and no call does.

    >>> has_narrator("未经许可不得转载,他把这句话抄了三遍。"), has_narrator("未经许可不得转载,他人不得使用。")
    (True, False)
    """
    return _NARRATOR.search(folded) is not None


def is_asking(folded: str) -> bool:
    """Whether a sentence, given by its fold, has any sign of being spoken to the reader.

    >>> is_asking("记得点个赞再走"), is_asking("对方扫一扫,就能看到账本。")
    (True, False)
    """
    return any(signs.search(folded) for weight, signs in _SIGNS if weight < 0)


def is_narration(folded: str) -> bool:
    """Whether a sentence, given by its fold, tells of what its words could also ask for.

    >>> is_narration("关注公众号的那天,他在车站坐了一夜。"), is_narration("关注公众号,每天学一道菜!")
    (True, False)
    >>> is_narration("“扫码入群”四个字印在纸上。"), is_narration("看完了别忘了点个赞再走哦")
    (True, False)
    """
    if _QUOTED.match(folded) is not None:
        return _weight(_QUOTATION.sub("", folded)) >= 0
    return _weight(folded) >= _LEAST


def _weight(folded: str) -> int:
    return sum(weight for weight, signs in _SIGNS if signs.search(folded))
