"""What stands around a mark in a line: text that has nothing to do with it, text that speaks of it, a sentence behind it."""

from __future__ import annotations

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..signs import (
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    OPENING_QUOTES,
    OPENING_TITLES,
    SENTENCE_ENDS,
    one_of,
    without,
)
from .breaks import AROUND_STOP, breaks, is_balanced

__all__ = [
    "HAN",
    "NAMED_BEHIND",
    "is_run_on",
    "is_spoken_of",
    "is_text_around",
    "is_told",
    "prose_behind",
    "stands_apart",
]

# A single quotation mark is an apostrophe as often; behind the title of a work it is the work that is spoken of.
_OPENING = without(OPENING_QUOTES, "‘") + '"'
_SPOKEN_BEFORE = expression(
    f'(?:[{OPENING_QUOTES}{OPENING_TITLES}"]|写着|写道|印着|贴着|标着|显示|弹出|跳出|出现|叫做|所谓|名为|标有|看到|看见|念|喊|说|称|[点按选]击?了?|选择|点选|勾选|找到|进入|打开|回复|输入)[\\s:,{_OPENING}【\\[(]*\\Z'
)
_NAMED = "的|按钮|按键|键|图标|选项|页面|界面|功能|菜单|标签|字样|[两二三四几]个?字|之|和|与|及|或|、"
_CLOSING = one_of(without(CLOSING_QUOTES, "’"), without(CLOSING_BRACKETS, "）〕"), '" ')
NAMED_BEHIND = expression(f"{_CLOSING}*(?:{_NAMED})")
_SPOKEN_BEHIND = expression(f"{_CLOSING}*(?:{_NAMED}|地|了|着|过|这|是|后|时|就|都|也|以)")
_LEAST_TEXT = 6
"""Text around a part has so many letters."""
_LEAST_CLAUSE = 4
"""So many letters has the clause that shows that it does."""
_LEAST_BEHIND_LINK = 20
"""Less text behind a link in a sentence is the rest of that sentence."""
_LINK_IN_SENTENCE = expression("\\w\\s*\\[[^\\]\\[]*\\]\\([^()\\s]*\\)\\s*\\Z")
_LEAST_PROSE = 5
"""A sentence behind a mark has so many letters."""
_CHROME = expression(
    "关注|订阅|点击|下载|扫|分享|转发|留言|评论|app|客户端|更多|会员|加入|粉丝|赞|推荐|阅读|https?:|www|@|编辑|责编|校对|审核|记者|来源|来自|作者"
    "|版权|转载|未经|授权|声明|公众号|微信|微博|频道|广告|收藏|投票|登[录入]|本[文站网]|如有|若有|仅供|侵|立场|观点|原创|[你您请]|下期|谢谢|感谢|欢迎|小编"
)
"""What text behind a mark does not speak of: or else it may belong to the mark."""
HAN = expression("[\u3400-\u9fff]")
_SENTENCE_END = expression(f"[{SENTENCE_ENDS}]")


def is_text_around(folded: str, left: int, right: int) -> bool:
    """Whether what stands around a part, from `left` to `right`, is text that has nothing to do with it."""
    rest = folded[:left] + folded[right:]
    return len(key(rest)) >= _LEAST_TEXT and HAN.search(rest) is not None and _CHROME.search(rest) is None


def stands_apart(folded: str, start: int, stop: int, left: int, right: int) -> bool:
    """Whether brackets, bullets, spaces, sentence ends or the line's ends stand on both sides of a match, widened to `left` and `right`."""
    before = left < start or left == 0 or folded[left - 1] in AROUND_STOP + SENTENCE_ENDS
    return before and (right > stop or right == len(folded)) and (left, right) != (0, len(folded))


def is_spoken_of(folded: str, start: int, stop: int) -> bool:
    """Whether the text around a part speaks of it: quotes it, or tells the reader to press it.

    >>> line = "点击【分享】按钮"
    >>> is_spoken_of(line, 2, 6), is_spoken_of("他走了【分享】,门开着", 3, 7)
    (True, False)
    """
    return is_told(folded, start) or _SPOKEN_BEHIND.match(folded, stop) is not None


def is_told(folded: str, start: int) -> bool:
    return _SPOKEN_BEFORE.search(folded, max(0, start - 8), start) is not None


def is_run_on(tail: str) -> bool:
    """Whether text goes on behind a mark that nothing parts from it: its last clause ends a sentence, and does not speak of pages.

    >>> is_run_on("打开App看全文越想越睡不着,这是常有的事。"), is_run_on("扫描二维码,关注我们。")
    (True, False)
    """
    stem, comma, clause = tail.rpartition(",")
    return (
        comma != ""
        and clause[-1:] == "。"
        and len(key(clause)) >= _LEAST_CLAUSE
        and "。" not in stem
        and _CHROME.search(clause) is None
    )


def prose_behind(folded: str, start: int) -> int | None:
    """Where, behind a mark that begins at `start`, text goes on: behind a space, a bracket, a `<br>` or a sentence; None if it does not.

    >>> line = "来源:青石日报 第二天清晨,雨停了,摆渡的人回来了。"
    >>> line[prose_behind(line, 0):]
    '第二天清晨,雨停了,摆渡的人回来了。'
    >>> prose_behind("来源:青石日报 责任编辑:方晴", 0)
    """
    if _SENTENCE_END.search(folded, start) is None:
        return None
    for at in breaks(folded, start + 1):
        rest = folded[at:]
        if len(rest) < _LEAST_PROSE:
            return None
        if len(key(rest)) < _LEAST_BEHIND_LINK and _LINK_IN_SENTENCE.search(folded, start, at) is not None:
            return None
        if _is_prose(rest) and is_balanced(folded[start:at]) and is_balanced(rest):
            return at
    return None


def _is_prose(text: str) -> bool:
    ends = text.rstrip(AROUND_STOP)[-1:]
    return ends in SENTENCE_ENDS and len(key(text)) >= _LEAST_PROSE and _CHROME.search(text) is None
