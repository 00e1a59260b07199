"""Dates as pages print them: above an article with its source, and beside the headlines of a list.

All functions take the fold of one line (`conversion.fold.fold`), so one spelling of each word is enough.
"""

from __future__ import annotations

from ..arrays.expressions import expression
from ..signs import FOLDED_STOPS

__all__ = ["count_dates", "headline", "is_dated", "is_dateline"]

_IN_MONTH, _MONTH = "(?:3[01]|[12][0-9]|0?[1-9])", "(?:1[0-2]|0?[1-9])"
# Versions have more numbers, measures stand behind signs.
_DAY = f"(?:(?<![0-9./≤≥<>=~])(?:{_MONTH}[-/.月]{_IN_MONTH}日?|{_IN_MONTH}[-/]{_MONTH})(?![0-9]))"
_FULL = "(?:(?:19|20)[0-9]{2}\\s*[-/.年]\\s*[0-9]{1,2}\\s*[-/.月]\\s*[0-9]{1,2}(?:\\s*日)?)"
_WEEKDAY = "[(\\[]?(?:星期|周|礼拜)[一二三四五六日天][)\\]]?"
_HALF = "(?:上午|下午|凌晨|早上|中午|傍晚|晚上|晚间)"
_TIME = f"(?:{_HALF}?\\s*[0-9]{{1,2}}[:时][0-9]{{2}}(?:[:分][0-9]{{2}}秒?)?\\s*分?(?:\\s*[ap]m\\b)?)"
_AGO = "(?:[0-9]{1,2}\\s*(?:分钟|小时|天|日)前)"

_STAMP = f"(?:{_FULL}|{_DAY})"
_AT_START = expression(f"^[\\s·•*|-]*[(\\[]\\s*{_STAMP}\\s*[)\\]]")
_AT_END = expression(
    f"[\\s(\\[]*(?:{_STAMP}(?:\\s*{_WEEKDAY})?(?:\\s*{_TIME})?|[\\[(]?{_TIME}[\\])]?\\s*{_STAMP}|{_AGO})[\\s)\\]|]*$"
)
_WITHIN = expression(f"\\s[-–—|·]\\s*(?:{_FULL}\\s*(?:{_WEEKDAY})?\\s*{_TIME}|{_AGO})")
"""A list of search results has the medium and the date between the headline and its first words."""
_NUMERALS = frozenset("0123456789")
_LAST = frozenset("0123456789)]|日秒分m前一二三四五六天")
_OPENING, _DASHES = frozenset("(["), frozenset("-–—|·")
"""Without them none of the three is there, which is seen at once."""
_COUNTED = expression("[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}")

DATELINE_CHARS = 110
NAME_CHARS = 16
_FULL_DATE = expression(_FULL)
_NUMERIC_DATE = expression("(?:19|20)[0-9]{2}[-/.]")
_CLOCK = expression(_TIME)
_ADDRESS = (
    "(?:https?://)?(?:[a-z0-9-]+\\.)+(?:com|cn|net|org|tw|hk|mo|sg|my|tv|cc|info|gov|edu)(?:\\.[a-z]{2})?(?:/\\S*)?"
)
_LABEL = (
    "(?:(?:文章|本文|稿件|新闻|信息|内容|消息|资料)?(?:来源|出处|稿源|来自)|作者|撰文|记者|编辑|责任编辑|责编|通讯员|"
    "字[级号体型](?:设定|大小)?|(?:发布|发表|发稿|更新|最后更新|修改|上传|建立|张贴|刊登|出版|公告|报道|创建|添加|录入|时间|日期)+(?:时间|日期|于|者|人|单位)?)"
)
_LABELLED = expression(f"(?<![\u3400-\u9fff]){_LABEL}\\s*[:|]")
_SOURCE = expression("[\\W_]*(?:文章|本文|稿件|新闻|信息|内容|消息)?(?:来源|出处|稿源)\\s*[:|]")
_COUNTER = "(?:[^\\s\\d|]{0,6}(?:点击|阅读|浏览|评论|人气|点阅|回应|回复|次数|参与|跟帖|访问)[^\\s\\d|]{0,4}\\s*[:(\\[]?\\s*[0-9,]*\\s*[)\\]]?(?:次|人|条|则)?)"
_COUNTERS = expression(_COUNTER)
_KNOWN = expression(f"{_ADDRESS}|{_LABEL}\\s+(?=[0-9]{{4}})|{_FULL}|{_WEEKDAY}|{_TIME}|{_LABEL}\\s*[:|]|{_COUNTER}")
_PARTS = expression("[\\s|/丨·•>»【】\\[\\](){}<>:,、╱-]+")
_MEDIUM = expression(
    "(?:网|网站|报|社|台|刊|杂志|电视|广播|在线|频道|新闻|中心|通讯|资讯|头条|客户端|传媒|媒体|专讯|专电|综合|报道|报导|整理|讯|部|微博)$|"
    "^(?:记者|作者|编辑|来源|文|实习记者|特派员)"
)


_PLAIN_DATE = expression("\\s*(?:时间|日期)\\s*:")
_ROW = expression("\\s*[㐀-鿿]{2,6}\\s*:\\s*\\S")


def may_be_row(text: str) -> bool:
    """Whether a line gives a time, and does not say that it is one of publishing: beside another row it is a row of a record.

    >>> may_be_row("时间:2019年11月3日"), may_be_row("发布时间:2019年11月3日")
    (True, False)
    """
    return _PLAIN_DATE.match(text) is not None


def is_row(text: str) -> bool:
    """Whether a line is a row of a record: something behind a label that is none of those around an article.

    >>> is_row("地点:三楼会议室"), is_row("作者:方晴"), is_row("浏览:123")
    (True, False, False)
    """
    if _ROW.match(text) is None or _LABELLED.match(text.lstrip()) is not None:
        return False
    return _COUNTERS.match(text.lstrip()) is None


def is_dated(text: str) -> bool:
    """Whether a line has a date at its end, in brackets at its beginning, or between a headline and its first words.

    >>> is_dated("桥通车了 01/17 08:33"), is_dated("桥通车了 江岸报 - 12小时前"), is_dated("桥在2012年通车")
    (True, True, False)
    >>> is_dated("桥通车了 17/01"), is_dated("修复版本 20.9.8.2"), is_dated("菌落总数 (≤0.5/1.3)"), is_dated("比分 21-18")
    (True, False, False, False)
    """
    if _NUMERALS.isdisjoint(text):
        return False
    return (
        (text.rstrip()[-1:] in _LAST and _AT_END.search(text) is not None)
        or (not _OPENING.isdisjoint(text) and _AT_START.search(text) is not None)
        or (not _DASHES.isdisjoint(text) and _WITHIN.search(text) is not None)
    )


def headline(text: str) -> str:
    """What a line of a list says besides the date at its beginning or end.

    >>> headline("桥通车了 01/17 08:33")
    '桥通车了'
    """
    return _AT_END.sub("", _AT_START.sub("", text))


def count_dates(text: str) -> int:
    """How many full dates in numbers the line holds.

    >>> count_dates("甲 2012-01-12 10:22 乙 2012-01-11")
    2
    """
    return len(_COUNTED.findall(text))


def is_dateline(text: str) -> bool:
    """Whether a line says when and where an article was published, and nothing else.

    There must be a source behind its label, or a date with its year, and then a time, a label or a date in numbers: a
    letter or a diary begins with a date in words. What is left of the line may be names of media and people, no more.

    >>> is_dateline("2012-01-17 21:11 来源: 江岸日报"), is_dateline("来源: 江岸日报"), is_dateline("2012年1月17日 晴")
    (True, True, False)
    >>> is_dateline("最后更新 2012/01/17 21:11"), is_dateline("开幕时间 2012/01/17 21:11 大剧院")
    (True, False)
    >>> is_dateline("发布时间: 2012年1月17日"), is_dateline("活动时间: 2012年1月17日")
    (True, False)
    >>> is_dateline("2012年1月17日 19:30 开幕式"), is_dateline("来源于山里的水")
    (False, False)
    """
    if len(text) > DATELINE_CHARS or any(mark in text for mark in f"{FOLDED_STOPS};"):
        return False
    labelled = _LABELLED.search(text) is not None
    date = _FULL_DATE.search(text)
    if date is None:
        if not _SOURCE.match(text):
            return False
    elif not (labelled or _CLOCK.search(text, date.end()) or _NUMERIC_DATE.match(date[0])):
        return False
    names = [name for name in _PARTS.split(_KNOWN.sub(" ", text)) if name and not name.isdigit()]
    if sum(map(len, names)) > 2 * NAME_CHARS or any(len(name) > NAME_CHARS for name in names):
        return False
    return labelled or not names or any(_MEDIUM.search(name) for name in names)
