"""Likeness of two lines, and whether a difference between them is one of meaning.

A typing error, a counter or a dateline does not change what a line says; a number, a name, a "not" does. `core` takes
the decoration off a line, `likeness` compares what is left, and `same_claim` refuses pairs whose difference matters.
"""

from __future__ import annotations

from operator import ne

from .expressions import expression
from .fold import key
from .kinds import code_points
from .lexicon import lexicon  # noqa: F401
from .shape import numbers

__all__ = [
    "LEADERS",
    "LEAD_CHARS",
    "LEAD_SIGNS",
    "SENTENCE_MARKS",
    "TAIL_ENDS",
    "TAIL_SIGNS",
    "core",
    "cut_off",
    "likeness",
    "same_claim",
]

MAX_CHARS = 2000
"""Longer keys are compared for equality only: the time of an edit distance grows with the square of the length."""

_COUNTER = "[0-9]{1,3}(?:[/／][0-9]{1,3})?|[一二三四五六七八九十]{1,2}"
_FIGURE = f"[图圖](?:片|说|說)?\\s*(?:{_COUNTER})?"
_BULLETS = frozenset("▲▼△▽◆◇■□●○★☆※►▶▸•·↑↓→❗‼\ufe0f")
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
            "【[〔（(",
            1,
            "[【\\[〔（(](?![0-9:：./\\s-]+[】\\]〕）)])[^】\\]〕）)。，！？]{1,24}[】\\]〕）)]\\s*(?=\\S{6})",
        ),
        # 本报讯（记者 …）
        ("本", 1, "(?:本报|本報|本刊|本台)(?:讯|訊|记者|記者)[^。，（(]{0,3}(?:[（(][^）)]{2,20}[）)])?\\s*"),
        # 新华社…电
        ("电電", 20, "\\w{2,6}(?:社|网|網|报|報)\\w{1,6}[0-9]{1,2}月[0-9]{1,2}日[电電](?:[（(][^）)]{2,20}[）)])?\\s*"),
        ("综綜", 9, "\\w{2,8}(?:综合报道|綜合報導)[\\s：:]+"),
    )
)
"""What may stand before a line, in this order, each at most once: one of the signs must be among so many characters."""
_TAIL = expression(
    # （圖1） (4/9) _图1 。圖三, and the name of the site
    f"\\s*(?:[(（\\[【]\\s*(?:{_FIGURE}|{_COUNTER})\\s*[)）\\]】]|[_\\s。]\\s*{_FIGURE}"
    "|(?:\\s*[_|｜]\\s*|\\s+[-–—]\\s+|[-–—](?=\\w{2,8}(?:网|網|报|報|社)$))[^_|｜。，！？]{2,14}"
    "(?:(?:\\s*[_|｜]\\s*|\\s+[-–—]\\s+)[^_|｜。，！？]{2,14})?)\\s*$"
)
_CUT_OFF = expression(
    "(?:…+|\\.{3,}|。{3,})\\s*(?:[〔\\[【（(](?:详全文|詳全文|更多|全文|阅读全文|閱讀全文)[〕\\]】）)])?\\s*$"
)

LABEL_CHARS = 40
"""Decoration is looked for within this many characters of either end."""
LEADERS = " \t\v\f\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000▲▼△▽◆◇■□●○★☆※►▶▸•·↑↓→❗‼\ufe0f(（[【〔0-9图圖本"
LEAD_SIGNS, LEAD_CHARS = "月综綜", 16
"""A line that begins with a decoration begins with a leader, or holds a sign of a dateline among its first characters."""
SENTENCE_MARKS = "。！？；，"
"""A line that ends with one of these has no decoration behind it."""
TAIL_SIGNS = "_|｜–—图圖-"
TAIL_ENDS = ")）]】 \t\v\f\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""Others may have one if they hold a sign, or end with a bracket or a space."""
_LEADERS, _TAIL_ENDS = (frozenset(map(chr, code_points(each))) for each in (LEADERS, TAIL_ENDS))
_LEAD_SIGNS, _SENTENCE_MARKS, _TAIL_SIGNS = map(frozenset, (LEAD_SIGNS, SENTENCE_MARKS, TAIL_SIGNS))

# Characters in which two lines must agree whatever else is alike: numerals, negation, polarity, sex, direction, time.
_MEANING = frozenset(
    "〇零一二三四五六七八九十百千万亿两半双首末前后上下左右东西南北内外里中高低大小多少长短增减升降涨跌买卖进出入收"
    "不没无未非否勿莫别难免拒绝可能须应禁准许有是或与及但他她它我你您男女父母爷奶兄弟姐妹子儿老新旧年月日时分秒周早晚午"
    "春夏秋冬甲乙丙丁戊正负正反对错胜负输赢开关启停来去宜忌同异满空黑白红绿蓝黄金银铜省市县区镇村路街"
)
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁沈姚卢姜崔钟谭陆汪范"
    "廖贾韦邹孟熊秦邱尹薛阎段侯陶黎贺顾郝龚邵钱严覃戴莫孔汤庄柯翁洪简游詹纪童"
)
_COMPANY = expression("\\w{1,3}(?:股份|公司|集团|电子|科技|银行|证券|药业|实业|生技|控股|工业|企业)")
_NUMERALS = expression("[〇零一二三四五六七八九十百千万亿两]+")
_NEGATIONS = expression("[不没无未非否勿莫别]")


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
    while at < len(text) and (text[at] in _BULLETS or text[at].isspace()):
        at += 1
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
    if "…" not in end and ".." not in end and "。。" not in end:
        return None
    found = _CUT_OFF.search(text, len(text) - len(end))
    return text[: found.start()] if found else None


def same_claim(a: str, b: str) -> bool:
    """Whether two nearly equal lines agree in numbers, numerals, negation and every other character that decides.

    >>> same_claim("同意11票，反对0票", "同意10票，反对1票"), same_claim("警方排除他杀", "警方不排除他杀")
    (False, False)
    """
    if numbers(a) != numbers(b):
        return False
    key_a, key_b = key(a), key(b)
    if key_a == key_b:
        return True
    return _NUMERALS.findall(key_a) == _NUMERALS.findall(key_b) and len(_NEGATIONS.findall(key_a)) == len(
        _NEGATIONS.findall(key_b)
    )


def likeness(a: str, b: str, threshold: float) -> float:
    """How alike two keys are, 0 to 100; 0 if below the threshold or if they differ in a character that decides.

    Equal length and a few characters replaced is what typing errors and scanners make; anything else is another line.
    100 means equal. The measure is one minus the edit distance over the length.

    >>> round(likeness("地震发生后当地学校立即组织学生有序疏散到操场", "地辰发生后当地学校立即组织学生有序疏散到操场", 90), 1)
    95.5
    """
    if a == b:
        return 100.0
    size = max(len(a), len(b))
    if size > MAX_CHARS or abs(len(a) - len(b)) > 2:
        return 0.0
    allowed = min(3, size // 16)
    if len(a) == len(b):
        distance = sum(map(ne, a, b))
        edits = [(x, y) for x, y in zip(a, b, strict=True) if x != y] if distance <= allowed else []
    else:
        from rapidfuzz.distance import Levenshtein

        distance = Levenshtein.distance(a, b, score_cutoff=allowed)
        edits = [(op, "") for op in _edited(a, b)] if distance <= allowed else []
    if not 0 < distance <= allowed or _MEANING.intersection("".join(x + y for x, y in edits)) or _in_name(a, b):
        return 0.0
    score = 100.0 * (1 - distance / size)
    return score if score >= threshold else 0.0


def _in_name(a: str, b: str) -> bool:
    """Whether the first difference follows a surname, or stands in front of what ends the names of companies."""
    place = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), 0)
    return not _SURNAMES.isdisjoint(a[max(0, place - 2) : place]) or _COMPANY.match(a, place) is not None


def _edited(a: str, b: str) -> list[str]:
    """The characters that an alignment of two keys replaces, inserts or deletes."""
    from rapidfuzz.distance import Levenshtein

    touched = []
    for op in Levenshtein.editops(a, b):
        if op.tag != "insert":
            touched.append(a[op.src_pos])
        if op.tag != "delete":
            touched.append(b[op.dest_pos])
    return touched
