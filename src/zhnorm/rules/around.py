"""What stands around a mark in a line: what parts it from text, text that has nothing to do with it, text that speaks of it, a sentence behind it.

Sentence ends, brackets, bullets, emojis, `<br>` and spaces part a mark from text. All places are those of the fold.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..signs import (
    BEHIND_STOPS,
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    DOTS,
    ELLIPSES,
    EMOJI,
    OPENING_QUOTES,
    OPENING_TITLES,
    SENTENCE_ENDS,
    SHAPES,
    STARS,
    TRIANGLES,
    one_of,
    without,
)
from ..text.narration import is_narration

__all__ = [
    "AROUND_STOP",
    "BEHIND_STOP",
    "CALLS",
    "NAMED_BEHIND",
    "STOP",
    "around",
    "breaks",
    "has_han",
    "is_balanced",
    "is_run_on",
    "is_spoken_of",
    "is_text_around",
    "is_told",
    "prose_behind",
    "stands_apart",
    "widened",
]

CALLS = f"{TRIANGLES}→↓↑⇩{STARS}◎◆▍"
"""Signs that pages print around calls, and no writer in a sentence."""
# ・ stands in names; a half and a middle of a name are no decoration.
_DECORATION = f"{CALLS}{without(SHAPES, '○')}{without(DOTS, '・')}◄◀⇧▎|丨│*=#>»›_\ufe0f\u200d\u200b\u20e3-—"
BEHIND_STOP = one_of(BEHIND_STOPS)
"""The class of what may stand behind the end of a sentence, and belongs to it."""
STOP = f"(?:[{SENTENCE_ENDS}~]|\\.{{3,}}|‧{{3,}})"
_MAY_BREAK = expression(f"[{SENTENCE_ENDS}~.‧()\\[\\]【】〔〕◤◢<{CALLS}{EMOJI}\ufe0f\\s—-]")
"""What a break begins with. Looking for one of these characters is much faster than trying the expression at every letter."""
_BREAK = expression(
    f"{STOP}+{BEHIND_STOP}*\\s*|[)\\]】〕◢]\\s*|(?=[(\\[【〔◤])|<br\\s*/?>\\s*|[{CALLS}{EMOJI}\ufe0f]+\\s*|(?<![a-z0-9])\\s+(?![a-z0-9])|—{{2,}}|-{{2,}}"
)
AROUND_STOP = f" {BEHIND_STOPS}"
_PAIRS = ("()", "[]", "【】", "「」", "『』", "“”", "《》", "〔〕")
_PAIRED = expression("[()\\[\\]【】「」『』“”《》〔〕]")
_OPENERS = {")": "(", "]": "[", "】": "【", "〕": "〔", "◢": "◤"}
_MORE_PICTURES = expression("\\s*\\)?\\s*\\+[0-9]{1,3}(?![0-9.%])")
_BREAK_TAG = expression("<br\\s*/?>\\Z")
_TAG = expression("<[^<>]*>\\Z")
_LONGEST_TAG = 80


def breaks(folded: str, start: int = 0) -> Iterator[int]:
    """Where the breaks of a line end, from a place on.

    >>> list(breaks("灯灭了。(责编:方晴)他走了"))
    [4, 4, 11]
    """
    while begin := _MAY_BREAK.search(folded, start):
        start = begin.start()
        if found := _BREAK.match(folded, start):
            yield found.end()
            start = max(found.end(), start + 1)
        else:
            start += 1


def is_balanced(text: str) -> bool:
    """Whether the text closes as many brackets and quotations as it opens."""
    return _PAIRED.search(text) is None or all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)


def widened(folded: str, start: int, stop: int) -> tuple[int, int]:
    """A match with what belongs to it: brackets on both sides, dots, bullets and arrows around it, and spaces."""
    left, right = around(folded, start, stop)
    while right < len(folded) and (folded[right] in f"{ELLIPSES}.‧~" or folded[right] in _DECORATION):
        right += 1
    if more := _MORE_PICTURES.match(folded, right):
        right = more.end()
    return around(folded, left, right)


def around(folded: str, start: int, stop: int) -> tuple[int, int]:
    while True:
        left, right = start, stop
        while left and (folded[left - 1].isspace() or folded[left - 1] in _DECORATION or _is_emoji(folded[left - 1])):
            if folded[left - 1] == ">" and (tag := _TAG.search(folded, max(0, left - _LONGEST_TAG), left)):
                if not _BREAK_TAG.match(folded, tag.start(), left):
                    break
                left = tag.start()
            else:
                left -= 1
        while right < len(folded) and (folded[right].isspace() or _is_emoji(folded[right])):
            right += 1
        if left > 0 and right < len(folded) and _OPENERS.get(folded[right]) == folded[left - 1]:
            start, stop = left - 1, right + 1
            continue
        return left, right


def _is_emoji(character: str) -> bool:
    return "\U0001f300" <= character <= "\U0001faff" or "\u2600" <= character <= "\u27bf"


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
_LEAST_CLAUSE, _LEAST_BEHIND_CALL, _LEAST_BEHIND_COMMA = 4, 12, 8
"""So many letters has the clause that shows that it does; so many what stands behind the last word about pages; and so many if a comma is in it."""
_LEAST_BEHIND_LINK = 20
"""Less text behind a link in a sentence is the rest of that sentence."""
_LINK_IN_SENTENCE = expression("\\w\\s*\\[[^\\]\\[]*\\]\\([^()\\s]*\\)\\s*\\Z")
_LEAST_PROSE, _LEAST_TOLD, _OWN_WORDS = 5, 16, 8
"""A sentence behind a mark has so many letters; and so many where it tells of what pages speak of, too, with so many before that."""
_ADDRESS = expression("https?://[!-~]+\\s+(?=[\u3400-\u9fff])")
_PAGE_WORDS = (
    "关注|订阅|点击|下载|扫(?:码|描|一扫|[二这此本上下图]|$)|分享|转发|留言|评论|app|客户端|更多|会员|加入|粉丝|赞|推荐|阅读|https?:|www|@|编辑|责编|校对|审核|记者|来源|来自|作者"
    "|版权|转载|未经|授权|声明|公众号|微信|微博|频道|广告|收藏|投票|登[录入]|本[文站网]|如有|若有|仅供|侵|立场|观点|原创|下期|谢谢|感谢|欢迎|小编"
)
_OF_PAGES, _CHROME = expression(_PAGE_WORDS), expression(f"{_PAGE_WORDS}|[你您请]")
"""What text behind a mark does not speak of: or else it may belong to the mark."""
_SENTENCE_END = expression(f"[{SENTENCE_ENDS}]")


def has_han(text: str) -> bool:
    """Whether there is a Chinese character in a text."""
    # A class of so many characters takes an expression two milliseconds of every process.
    return any("\u3400" <= letter <= "\u9fff" for letter in text)


def is_text_around(folded: str, left: int, right: int) -> bool:
    """Whether what stands around a part, from `left` to `right`, is text that has nothing to do with it."""
    rest = folded[:left] + folded[right:]
    return len(key(rest)) >= _LEAST_TEXT and has_han(rest) and _CHROME.search(rest) is None


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
    >>> is_run_on("点我下载订房App猫会自己走过来睡在你的背包上。"), is_run_on("下载App看更多好文章。")
    (True, False)
    >>> is_run_on("分享到:微信 qq空间这碗汤会烫,请慢用。"), is_run_on("扫码关注,不迷路。")
    (True, False)
    """
    stem, comma, clause = tail.rstrip(CLOSING_QUOTES).rpartition(",")
    if clause[-1:] != "。" or "。" in stem:
        return False
    if comma and len(key(clause)) >= _LEAST_CLAUSE and _CHROME.search(clause) is None:
        return True
    spoken = max((found.end() for found in _OF_PAGES.finditer(tail)), default=len(tail))
    rest = tail[spoken:]
    return len(key(rest)) >= (_LEAST_BEHIND_COMMA if "," in rest else _LEAST_BEHIND_CALL)


def prose_behind(folded: str, start: int) -> int | None:
    """Where, behind a mark that begins at `start`, text goes on: behind a space, a bracket, a `<br>` or a sentence; None if it does not.

    >>> line = "来源:青石日报 第二天清晨,雨停了,摆渡的人回来了。"
    >>> line[prose_behind(line, 0):]
    '第二天清晨,雨停了,摆渡的人回来了。'
    >>> prose_behind("来源:青石日报 责任编辑:方晴", 0)
    """
    if _SENTENCE_END.search(folded, start) is None:
        return None
    for at in _breaks_behind(folded, start):
        rest = folded[at:]
        if len(rest) < _LEAST_PROSE:
            return None
        if len(key(rest)) < _LEAST_BEHIND_LINK and _LINK_IN_SENTENCE.search(folded, start, at) is not None:
            return None
        if _is_prose(rest) and is_balanced(folded[start:at]) and is_balanced(rest):
            return at
    return None


def _breaks_behind(folded: str, start: int) -> Iterator[int]:
    """Where the breaks of a line end, from a place on, those behind addresses among them, in order."""
    behind = [found.end() for found in _ADDRESS.finditer(folded, start)]
    return heapq.merge(breaks(folded, start + 1), behind)


def _is_prose(text: str) -> bool:
    if text.rstrip(AROUND_STOP)[-1:] not in SENTENCE_ENDS:
        return False
    size, spoken = len(key(text)), _CHROME.search(text)
    if spoken is None:
        return size >= _LEAST_PROSE
    return size >= _LEAST_TOLD and spoken.start() >= _OWN_WORDS and is_narration(text)
