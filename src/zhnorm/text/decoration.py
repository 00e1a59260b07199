"""What stands around the text of a line and says nothing of its own: bullets, counters, labels, datelines, notes, names of sites.

`core` takes off what hardly ever belongs to the text, so that lines are found again without it. `undress` takes off more, what
belongs to the text in one line of ten; it is for two lines that are being compared, where the other one shows that it does not.
"""

from __future__ import annotations

from typing import NamedTuple

from ..arrays.character_kinds import SPACES, code_points
from ..arrays.expressions import expression
from ..conversion.fold import key
from ..signs import (
    BARS,
    CLOSING_BRACKETS,
    COLONS,
    ELLIPSES,
    ELLIPSIS,
    ELLIPSIS_STARTS,
    FULL_STOPS,
    OPENING_BRACKETS,
    SHAPES,
    STARS,
    TRIANGLES,
    none_of,
    one_of,
)

__all__ = [
    "LEADERS", "LEAD_CHARS", "LEAD_SIGNS", "SENTENCE_MARKS", "TAIL_ENDS", "TAIL_SIGNS", "Undressed", "core", "cut_off", "denies", "undress",
]  # fmt: skip

_COUNTER = "[0-9]{1,3}(?:[/／][0-9]{1,3})?|[一二三四五六七八九十]{1,2}"
_FIGURE = f"[图圖](?:片|说|說)?\\s*(?:{_COUNTER})?"
_DENIES = (
    "(?:辟[谣謠]|闢謠|[谣謠]言|不[实實]|[网網][传傳]|[传傳][言闻聞]|否[认認]|澄清|更正|勘[误誤]|[误誤]|[假伪偽](?![日期装裝寐山牙发髮肢])"
    "|取消|作[废廢]|延期|停[售办辦]|失效|[过過]期|[旧舊][闻聞])"
)
"""Words of a label in brackets which say of the text that it is not so, or no longer: such a label is more than decoration."""
_DENYING = expression(_DENIES)
_BULLETS = f"{SHAPES}{TRIANGLES}{STARS}•·↑↓→❗‼\ufe0f"
_ALL_BULLETS = frozenset(_BULLETS)
_LEADS = tuple(
    (frozenset(signs), reach, expression(source))
    for signs, reach, source in (
        # （3） [2/12]; 图3： 圖二、; 1.
        (
            "(（[【图圖0123456789",
            1,
            f"(?:[(（\\[【](?:{_COUNTER})[)）\\]】]|{_FIGURE}[：:、.．\\s]|(?P<item>[0-9]{{1,2}})[.、．\\s](?![0-9]))\\s*",
        ),
        # 【健康】; （中央社記者…電）; no time, as of a subtitle
        (
            OPENING_BRACKETS,
            1,
            (
                f"{one_of(OPENING_BRACKETS)}(?![0-9:：./\\s-]+{one_of(CLOSING_BRACKETS)}|{none_of(CLOSING_BRACKETS)}{{0,22}}{_DENIES})"
                f"{none_of(CLOSING_BRACKETS, FULL_STOPS, '，')}{{1,24}}{one_of(CLOSING_BRACKETS)}\\s*(?=\\S{{6}})"
            ),
        ),
        # 本报讯（记者 …）
        ("本", 1, "(?:本报|本報|本刊|本台)(?:讯|訊|记者|記者)(?:[^。，（(]{0,3}[（(][^）)]{2,20}[）)])?\\s*"),
        # 新华社…电
        ("电電", 20, "\\w{2,6}(?:社|网|網|报|報)\\w{1,6}[0-9]{1,2}月[0-9]{1,2}日[电電](?:[（(][^）)]{2,20}[）)])?\\s*"),
        ("综綜", 9, "\\w{2,8}(?:综合报道|綜合報導)[\\s：:]+"),
    )
)
"""What may stand before a line, in this order, each at most once: one of the signs must be among so many characters."""
_NEAR_SIGNS = frozenset().union(*(signs for signs, reach, _ in _LEADS if reach == 1))
_FAR_SIGNS = frozenset().union(*(signs for signs, reach, _ in _LEADS if reach > 1))
_FAR_CHARS = max(reach for _, reach, _ in _LEADS)
_TAIL = expression(
    # （圖1） (4/9) _图1 。圖三, and the name of the site
    f"\\s*(?:[(（\\[【]\\s*(?:{_FIGURE}|{_COUNTER})\\s*[)）\\]】]|[_\\s。]\\s*{_FIGURE}"
    "|(?:\\s*[_|｜]\\s*|\\s+[-–—]\\s+|[-–—](?=\\w{2,8}(?:网|網|报|報|社)$))[^_|｜。，！？]{2,14}"
    "(?:(?:\\s*[_|｜]\\s*|\\s+[-–—]\\s+)[^_|｜。，！？]{2,14})?)\\s*$"
)
_ELLIPSIS_STARTS = frozenset(ELLIPSIS_STARTS)
_CUT_OFF = expression(f"{ELLIPSIS}\\s*(?:[〔\\[【（(](?:详全文|詳全文|更多|全文|阅读全文|閱讀全文)[〕\\]】）)])?\\s*$")

LABEL_CHARS = 40
"""Decoration is looked for within this many characters of either end."""
LEADERS = f"{SPACES}{_BULLETS}{OPENING_BRACKETS}0-9图圖本"
LEAD_SIGNS, LEAD_CHARS = "月综綜", 16
"""A line that begins with a decoration begins with a leader, or holds a sign of a dateline among its first characters."""
SENTENCE_MARKS = f"{FULL_STOPS}；，"
"""A line that ends with one of these has no decoration behind it."""
TAIL_SIGNS = f"_{BARS}–—图圖-"
TAIL_ENDS = f")）]】{SPACES}"
"""Others may have one if they hold a sign, or end with a bracket or a space."""
_LEADERS, _TAIL_ENDS = (frozenset(map(chr, code_points(each))) for each in (LEADERS, TAIL_ENDS))
_LEAD_SIGNS, _SENTENCE_MARKS, _TAIL_SIGNS = map(frozenset, (LEAD_SIGNS, SENTENCE_MARKS, TAIL_SIGNS))


_NOTE = expression(
    # tags; destinations of links; [12,13] 【3】 （注3） （见表2）; ① behind a word
    "</?[A-Za-z][^<>]{0,200}>|\\]\\([^()\\s]*\\)|[\\[【〔]\\s*(?:[0-9]{1,3}(?:\\s*[,，、-]\\s*[0-9]{1,3})*)\\s*[\\]】〕]"
    "|[(（\\[【〔](?:注|註|[见見参參][^()（）]{0,3}|附)?[图圖表注註附][释釋解]?\\s*(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})?[)）\\]】〕]"
    f"|(?<=[\\u3400-\\u9fff{FULL_STOPS}”」）])[\\u2460-\\u2473](?![\\u2460-\\u2473.、])"
    # [来源请求] [哈哈]
    f"|\\[(?![\\u3400-\\u9fff]{{0,4}}{_DENIES})[\\u3400-\\u9fff]{{1,6}}\\]"
)
_NOTE_SIGNS = frozenset(f"<{OPENING_BRACKETS}") | frozenset(map(chr, range(0x2460, 0x2474)))
_DOUBTED = "[不没沒未无無非否误誤假伪偽谣謠疑错錯传傳讹訛虚虛废廢消止停撤已原旧舊]"
"""A label or a note that has such a character says of the text that it is not so, or no longer: it is more than what stands around."""
_FULL_DATE = "(?:19|20)[0-9]{2}(?:[-/.][0-9]{1,2}[-/.][0-9]{1,2}|年[0-9]{1,2}月[0-9]{1,2}[日号號])"
_CLOCK = "[0-2]?[0-9][:：][0-5][0-9](?:[:：][0-5][0-9])?"
_LABEL = expression(
    "(?:RT\\s*)?(?://)?[@＠][\\w.·-]{1,16}[：:]"
    # 据悉， 据新华社报道， 记者从市气象局获悉，
    f"|(?:据悉|據悉|(?:[据據]|(?:本[报報])?[记記]者)[^，,：:{FULL_STOPS}“”「」]{{0,18}}(?:了解到?|[获獲]悉|介[绍紹]|[报報][道導导]|消息|透露))[，,：:]"
    # Q： A2. Step 1.
    "|(?:[QA][0-9]{0,2}|[Ss]tep\\s*[0-9]{1,2})\\s*[：:.、]\\s*"
    # 突发！ in front of a long text
    f"|(?:(?!{_DOUBTED})[^\\W\\d_]){{2,4}}[！!](?=[^{FULL_STOPS}！!？?]{{12}})"
    # 2023年5月6日，
    f"|[(（\\[]?{_FULL_DATE}(?:\\s+{_CLOCK})?[)）\\]]?[，,：:\\s]\\s*"
    "|#[^#\\s]{1,16}#\\s*"
    "|(?:摘要|导语|導語|导读|導讀|核心提示|内容提要|內容提要|提要|编者按|編者按|简讯|簡訊|快讯|快訊|最新消息|原标题|原標題|标题|標題|答|图说|圖說|图注|圖註)\\s*[：:]"
    f"|[^\\s，{FULL_STOPS}{COLONS}“”「」]{{1,8}}(?:报|報|社|网|網|台|臺|刊|新闻|新聞|在线|在線|资讯|資訊|客户端|客戶端|卫视|衛視)[：:]"
    "|[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?\\s+"
    # 财联社7月18日讯，
    "|\\w{2,6}[社网網报報]\\w{0,6}[0-9]{1,2}月[0-9]{1,2}日(?:\\w{0,3}[讯訊电電])?[，,]?\\s*"
    # 中央社記者王芳台北2日電：
    "|\\w{2,6}[社网網报報](?:[记記]者)?\\w{0,10}[0-9]{1,2}日[讯訊电電][：:，,\\s]\\s*"
    # any other label of a long text; no time of day
    f"|(?:(?!{_DOUBTED})[^，；{FULL_STOPS}{COLONS}“”「」（(【\\[]){{2,8}}[：:](?!(?<=[0-9].)[0-9])(?=[^：:]{{14}})"
)
_LABEL_SIGNS = frozenset("：:，,日！!#.、")
_WORDS_BEHIND = (
    "(?:完|全文|全文完|更多|[详詳](?:细|細|情|全文)|展[开開](?:全文)?|收起|[阅閱][读讀](?:全文|原文|更多)|查看(?:全文|原文|更多|[详詳]情)"
    "|[点點][击擊](?:查看|[进進]入|[阅閱][读讀]).{0,6}|返回\\w{2,6}|未完待[续續]|[组組]?[图圖]|[视視][频頻]|原[创創]|[转轉][载載]|O?[网網][页頁][链鏈鍊][接結])"
)
_ADDED = expression(
    # 2023-05-06 10:21 （2023年5月6日） 10:21
    f"(?:\\s+|(?<=[{FULL_STOPS}!?]))[(（\\[]?(?:{_FULL_DATE}(?:\\s+{_CLOCK})?|{_CLOCK})[)）\\]]?\\s*$"
    # 。（掌声）
    f"|(?<=[{FULL_STOPS}!?])\\s*[(（【\\[〔](?:(?!{_DOUBTED})[^()（）【】〔〕\\[\\]{FULL_STOPS}]){{1,8}}[)）】\\]〕]\\s*$"
)
"""What stands behind a text and says something: a date, a word in brackets that denies nothing."""
_TAGS = expression("(?:\\s*#[^#\\s]{1,16}#?)+\\s*$")
"""Topics behind a text: #青石# #老街"""
_BEHIND = expression(
    # [详细] （完） >>更多, or set off: … 全文
    f"\\s*(?:[\\[【〔(（<《«>＞»]+\\s*{_WORDS_BEHIND}\\s*[\\]】〕)）>》»＞]*|(?:\\s+|(?<={one_of(FULL_STOPS, '!?', ELLIPSES)})|{ELLIPSIS}){_WORDS_BEHIND}[>＞»]*)\\s*$"
    # （记者 王芳） 【责任编辑：王芳】
    "|[(（【\\[](?:[^()（）【】\\[\\]]{0,12}(?:[编編][辑輯]|[责責][编編]|作者|[来來]源|[记記]者|[摄攝]|供[图圖]|通[讯訊]员|校[对對])[^()（）【】\\[\\]]{0,24})[)）】\\]]\\s*$"
    # 【收藏】
    f"|(?<=\\w)[【〔](?![\\u3400-\\u9fff]{{0,4}}{_DENIES})[\\u3400-\\u9fff]{{1,6}}[】〕]\\s*$"
    # set off: 发表于 2小时前
    f"|(?:\\s+|(?<=[{FULL_STOPS}!?]))(?:[发發]表[于於]|[发發]布[于於])[^，{FULL_STOPS}]{{2,20}}$"
)
_SAYS = expression("[^\\W\\d_图圖一二三四五六七八九十]")
_DATE = expression(_FULL_DATE)
_ADDED_ENDS = frozenset("0123456789日号號)）]】〕 \u3000")
_BEHIND_CHARS = 60
_MOST_BEHIND = 3


def denies(text: str) -> bool:
    """Whether a label or a note says of a text that it is not so, or no longer.

    >>> denies("（已取消）"), denies("（掌声）")
    (True, False)
    """
    return _DENYING.search(text) is not None


class Undressed(NamedTuple):
    """A line without what stands around its text.

    Attributes:
        text: what is left.
        lead: what stood around it and says something: a label or a dateline before it, a date behind it; not a bullet or a counter.
        whole: the text with that.
    """

    text: str
    lead: str
    whole: str


def core(text: str) -> tuple[str, str]:
    """The line without bullets, counters, labels, datelines, figure marks and site names; and its list number, if any.

    The text comes back whole if nothing worth comparing would be left.

    >>> core("▲图3：改造后的弄堂口（圖3）"), core("【健康】夜跑安全提醒"), core("1. 学者：城市热岛加剧")
    (('改造后的弄堂口', ''), ('夜跑安全提醒', ''), ('学者：城市热岛加剧', '1'))
    >>> core("[00:30.00]月光洒在窗台"), core("（2）月光洒在窗台")
    (('[00:30.00]月光洒在窗台', ''), ('月光洒在窗台', ''))
    """
    start, item, stop = 0, "", len(text)
    if text[:1] in _LEADERS or not _LEAD_SIGNS.isdisjoint(text[:LEAD_CHARS]):
        start, item = _after_leads(text)
    last = text[-1:]
    if last not in _SENTENCE_MARKS and (
        last in _TAIL_ENDS or not _TAIL_SIGNS.isdisjoint(text[max(1, stop - LABEL_CHARS) :])
    ):
        tail = _TAIL.search(text, max(start, stop - LABEL_CHARS))
        stop = tail.start() if tail else stop
    if (start, stop) == (0, len(text)) or stop - start < 4:
        return text, ""
    return text[start:stop], item


def _after_leads(text: str) -> tuple[int, str]:
    """Where the line begins behind bullets, counters, labels and datelines; and its list number, if any."""
    at, item = 0, ""
    while at < len(text) and (text[at] in _ALL_BULLETS or text[at].isspace()):
        at += 1
    if text[at : at + 1] not in _NEAR_SIGNS and _FAR_SIGNS.isdisjoint(text[at : at + _FAR_CHARS]):
        return at, item
    for signs, reach, pattern in _LEADS:
        if not signs.isdisjoint(text[at : at + reach]) and (found := pattern.match(text, at)):
            at, item = found.end(), item or found.groupdict().get("item") or ""
    return at, item


def cut_off(text: str) -> str | None:
    """A teaser without its ellipsis and the invitation to read on; None if the line does not break off.

    >>> cut_off("公司公告显示，较上年增长9...〔详全文〕"), cut_off("我们走吧。")
    ('公司公告显示，较上年增长9', None)
    """
    end = text[-20:]
    if _ELLIPSIS_STARTS.isdisjoint(end):
        return None
    found = _CUT_OFF.search(text, len(text) - len(end))
    return text[: found.start()] if found else None


def undress(text: str) -> Undressed:
    """The line without notes, tags, labels, datelines and invitations to read on.

    >>> undress("据悉，青石大桥[3]昨天通车了（见图2）。 阅读原文").text, undress("答：可以退票。").lead
    ('青石大桥昨天通车了。', '答：')
    """
    if not _NOTE_SIGNS.isdisjoint(text):
        text = _NOTE.sub("", text)
    stop = len(text)
    if "#" in text and (found := _TAGS.search(text, max(1, stop - _BEHIND_CHARS))):
        stop = found.start()
    for _ in range(_MOST_BEHIND):
        found = _BEHIND.search(text[:stop], max(0, stop - _BEHIND_CHARS))
        if found is None or found.start() == 0:
            break
        stop = found.start()
    added = _ADDED.search(text[:stop], max(1, stop - LABEL_CHARS)) if text[stop - 1] in _ADDED_ENDS else None
    end, stop = stop, added.start() if added else stop
    tail = _TAIL.search(text[:stop], max(0, stop - LABEL_CHARS))
    stop = tail.start() if tail and tail.start() else stop
    start, _ = _after_leads(text)
    lead = key(text[:start]) and text[:start]
    if not _LABEL_SIGNS.isdisjoint(text[start : start + 24]) and (label := _LABEL.match(text, start)):
        lead, start = text[: label.end()], label.end()
    if stop - start < 4:
        return Undressed(text, "", text)
    lead = lead if _SAYS.search(lead) or _DATE.search(lead) else ""
    if added:
        return Undressed(text[start:stop], lead + added[0], text[:end])
    return Undressed(text[start:stop], lead, text[:stop])
