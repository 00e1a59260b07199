"""The shape of a line: what can be seen without understanding it.

Prose ends in a sentence mark; links, captions and buttons do not. Verse and dialogue are short lines among short lines.
There is a function for each question, which takes the text of one line, already tidied, or its key.

Each of them is an expression run over the line. Asked about every line they would take most of the time of a cleaning. So `shapes`
looks up the characters of all lines once, and what the look-up leaves open goes to the functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_kinds import SPACES, Kinds, LineArrays
from ..arrays.character_table import in_arrays
from ..arrays.expressions import expression
from ..signs import (
    BARS,
    BEHIND_STOPS,
    BULLETS,
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    COLONS,
    COMMAS,
    DASHES,
    ELLIPSES,
    FULL_STOPS,
    OPENING_BRACKETS,
    OPENING_QUOTES,
    SENTENCE_ENDS,
    STOPS,
    WAVES,
    none_of,
    one_of,
    without,
)
from .dates import count_dates
from .decoration import LEAD_CHARS, LEAD_SIGNS, LEADERS, SENTENCE_MARKS, TAIL_ENDS, TAIL_SIGNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "BREAK",
    "BULLET_STARTS",
    "CLOSERS",
    "DIGIT",
    "DOT",
    "LABEL",
    "NO_LINK_ENDS",
    "Shapes",
    "are_figures",
    "ends_sentence",
    "is_balanced",
    "is_bar",
    "is_breadcrumb",
    "is_comment_sign",
    "is_item",
    "is_link_like",
    "is_menu_entry",
    "is_neighbour",
    "is_prose",
    "is_section",
    "is_spoken",
    "is_teaser",
    "needs_space",
    "numbers",
    "shapes",
    "starts_with_bullet",
]

_PAIRS = (("“", "”"), ("「", "」"), ("『", "』"), ("（", "）"), ("(", ")"), ("《", "》"), ("【", "】"), ("[", "]"))
_FULL_STOPS = frozenset(FULL_STOPS)
# 〔 and 〕 stand around notes of editors, and around no name.
_OPENING, _CLOSING = without(OPENING_BRACKETS, "〔"), without(CLOSING_BRACKETS, "〕")
_BEHIND_STOP = f"{BEHIND_STOPS}{WAVES} \u3000"
_CLOSING_BRACKETS = tuple(_CLOSING)
_SIGNED_END = expression(
    f"(?:{one_of(FULL_STOPS, ELLIPSES)}{one_of(WAVES)}?|．．．|‧‧‧){one_of(CLOSING_QUOTES)}?\\s*{one_of(_OPENING)}"
    f"{none_of(_OPENING, FULL_STOPS, '，')}{{1,24}}{one_of(_CLOSING)}\\s*$"
)
"""The last paragraph of a news item is followed by who wrote it, in brackets."""
_BULLETS = f"{BULLETS}▪▫»》>→{DASHES}*+＊"
"""With what a list is written in plain text, and what pages print for an arrow, besides."""
_BULLET = expression(
    f"[\\s]*(?:{one_of(_BULLETS)}+|[0-9]{{1,3}}[.、．:：)）\\s]|[(（\\[【][0-9一二三四五六七八九十]{{1,3}}[)）\\]】])"
)
# Most lines are told apart by one character, which is several times as fast.
BULLET_STARTS = frozenset(f"{_BULLETS}0123456789{_OPENING}")
_ITEM_STARTS = frozenset("(（0123456789一二三四五六七八九十百第")
_ITEM = expression(
    "\\s*(?:[(（]?[0-9一二三四五六七八九十百]{1,4}[)）、.．]|第[0-9一二三四五六七八九十百千\\s]{1,8}[条條章节節款项項编編])"
)
_SPOKEN_STARTS = frozenset(f'{OPENING_QUOTES}"—－-')
# Labels of a record are as wide as each other: 地　　點：, 主　　席：
_SPEAKER = expression(
    f"\\s*(?:[^{COLONS}{FULL_STOPS}，、\\s]{{1,12}}|[㐀-鿿](?:[ \u3000]{{1,4}}[㐀-鿿]){{1,3}})[{COLONS}]"
)
_ELLIPSES = frozenset(ELLIPSES)
_TEASER = expression(
    f"(?<![.。{ELLIPSES}])(?:\\.{{2,5}}|[{ELLIPSES}])[\\s|)）]*(?:[«\\[【〔(（]?(?:全文|详全文|詳全文|更多|详细|詳細|阅读全文|閱讀全文)[»\\]】〕)）>]*)?[\\s|]*$"
)
_TOKEN_BREAK = expression("[\\s|｜/／·・>›»、,，_\\-–—]+")
_NO_ENTRY = frozenset(f"{FULL_STOPS}!?{COLONS}，、；")
# A row may have 、 between its words, and a name in it ! or ? in half width.
_NO_BAR = _NO_ENTRY - frozenset("、!?")
_CELL_BREAK = expression(f"[{BARS}]")
_SITE_CELL = expression(
    "首[页頁]|[网網]站|[关關][于於]|[联聯][络絡系]我|[广廣]告|招募|登[录錄入]|[导導][览覽航]|[会會][员員]|[订訂][阅閱]"
)
_SITE_WORD = expression(
    "(?:首[页頁]|主[页頁]|新[闻聞]|要[闻聞]|[头頭][条條]|即[时時]|[国國][内內际際]|[两兩]岸|港[澳闻聞]|地方|[财財][经經]|[体體]育|[娱娛][乐樂]|科技"
    "|[汽房][车車产產]|[军軍]事|旅[游遊]|生活|[视視影][频頻音]|[图圖]片|[专專][题題栏欄]|[论論][坛壇]|社[区區]|博客|微博|[滚滾][动動]|[评評][论論]|RSS|更多)"
)
"""Sections of sites: without any of them, short words in a row are names, goods, or verse."""
_AROUND_ENTRY = " |｜·•\u3000\t"
"""What a menu prints around its entries."""
_CRUMB = expression(
    f"[\\s|]*[^<>›»/\\s，；{FULL_STOPS}]{{1,12}}\\s*(?:[>›»]+\\s*[^<>›»，；{FULL_STOPS}]{{1,16}}){{1,6}}$"
    "|[\\s|]*\\S{1,8}(?:[网網]|首[页頁]|[频頻]道)(?:\\s*/\\s*[^/\\s|，。]{2,8}){1,3}[\\s|]*$"
)
_BETWEEN_CRUMBS = frozenset(">›»/")
_ARROWS = frozenset("《«‹<》»›>")
_NEIGHBOUR = expression("\\s*(?:[《«‹]|<{1,2})\\s+[^》»›>]+$|[^《«‹<]+\\s(?:[》»›]|>{1,2})\\s*$")
_COMMENT_SIGN = expression(
    "[0-9]+\\s*(?:秒|分[钟鐘]|小[时時]|天|日|周|个?月|[楼樓赞讚])前?(?:\\s|$)|[0-9]{1,2}:[0-9]{2}|20[0-9]{2}[-/.年][0-9]"
    "|回[复覆]|[举舉][报報]|[网網]友|用[户戶]|匿名|游客|[点點][赞讚]|[顶頂踩][(（\\[\\s0-9]|沙[发發]|^\\s*[#@]|^\\S{1,12}\\s*[：:](?!\\S*[：:])"
)
_DIGITS = expression("[0-9]+(?:[.,:：/／][0-9]+)*")

CLOSERS = f"{CLOSING_QUOTES}{without(_CLOSING, ']')} "
"""What may stand behind the mark that a line ends with; ] is the end of a button, of a note or of a link."""
_BEHIND_LINK = CLOSERS + WAVES
NO_LINK_ENDS = ("。", "；", ";", *COLONS, *COMMAS)
"""With these a sentence ends, or goes on, and no headline does; a headline asks, cries out and trails off."""
PROSE_CHARS = 20
"""A line that ends like a sentence is a paragraph from this many letters on."""
LONG_CHARS = 60
"""A line of this many letters is a paragraph whatever it ends in."""
MENU_CHARS = 9
"""Entries of a menu are no longer than this; Latin ones three times as long."""
LINK_CHARS = 48
"""Headlines are shorter than this."""


def ends_sentence(text: str) -> bool:
    """Whether the line ends in 。！？… or the like, perhaps inside closing quotes or brackets, or signed in brackets.

    >>> ends_sentence("他说：“走吧。”"), ends_sentence("他走了。（江岸报记者）"), ends_sentence("相关文章")
    (True, True, False)
    """
    if text[-12:].rstrip(_BEHIND_STOP).endswith(STOPS) or not _FULL_STOPS.isdisjoint(text[-3:]):
        return True
    return text[-1:] in _CLOSING_BRACKETS and _SIGNED_END.search(text, max(0, len(text) - 30)) is not None


def is_prose(text: str, key: str) -> bool:
    """Whether the line is a paragraph of running text.

    >>> from ..conversion.fold import key
    >>> line = "今天下午，市图书馆的新馆向读者开放，第一天就来了三千多人。"
    >>> is_prose(line, key(line)), is_prose("第一天就来了三千多人", key("第一天就来了三千多人"))
    (True, False)
    """
    size = len(key)
    if size < PROSE_CHARS:
        return False
    return ends_sentence(text) or (size >= LONG_CHARS and ("，" in text or "," in text or "。" in text))


def is_link_like(text: str, key: str) -> bool:
    """Whether the line could be a headline in a list of links: not empty, not long, not a full sentence ending in 。

    >>> is_link_like("·工地挖出古钱币 村民主动退还", "工地挖出古钱币村民主动退还")
    True
    """
    return 0 < len(key) <= LINK_CHARS and not text.rstrip(_BEHIND_LINK).endswith(NO_LINK_ENDS)


def is_teaser(text: str) -> bool:
    """Whether a page, and not the writer, cut the line off: it ends in two to five dots or one sign of an ellipsis, perhaps with “full text”.

    >>> is_teaser("春节放长假 美食令人垂涎三尺、十指大...«全文»"), is_teaser("他没有回答……")
    (True, False)
    """
    return (".." in text or not _ELLIPSES.isdisjoint(text)) and _TEASER.search(text) is not None


def is_neighbour(text: str) -> bool:
    """Whether the line is a link to the article before or after this one: a headline behind or before a lone bracket.

    >>> is_neighbour("《 石桥下月通车"), is_neighbour("渡口迁往下游 》"), is_neighbour("《石桥》")
    (True, True, False)
    """
    return not _ARROWS.isdisjoint(text) and _NEIGHBOUR.match(text) is not None


def is_breadcrumb(text: str) -> bool:
    """Whether the line says where in its site the page stands.

    >>> is_breadcrumb("首页 > 文化 > 正文"), is_breadcrumb("| 江岸新闻网 / 生活 |"), is_breadcrumb("3 / 4"), is_breadcrumb("若a>b，则")
    (True, True, False, False)
    >>> is_breadcrumb("大理<br>丽江<br>香格里拉")
    False
    """
    return len(text) <= 50 and not _BETWEEN_CRUMBS.isdisjoint(text) and _CRUMB.match(text) is not None


def is_bar(text: str, least: int) -> bool:
    """Whether the line is a row of at least `least` short words, sections of a site among them, without marks of a sentence.

    >>> is_bar("要闻 文化 体育 健康 财经", 5), is_bar("| 关于江岸 | 线上收听 | 各台频道 | 广告业务 | 网站导览 |", 5)
    (True, True)
    >>> is_bar("总务司 副司长 财务处 副处长 会计处", 5)
    False
    """
    if not _NO_BAR.isdisjoint(text) or any(map(str.isdigit, text)):
        return False
    words = [word for word in _TOKEN_BREAK.split(text.strip()) if word]
    if len(words) < least and "|" not in text and "｜" not in text:
        return False
    are_short = all(len(word) <= 6 or (word.isascii() and len(word) <= 14) for word in words)
    if len(words) >= least and are_short and any(_SITE_WORD.fullmatch(word) for word in words):
        return True
    cells = [cell.strip() for cell in _CELL_BREAK.split(text) if cell.strip()]
    return len(cells) >= least and all(len(cell) <= 18 for cell in cells) and _SITE_CELL.search(text) is not None


def is_menu_entry(text: str) -> bool:
    """Whether the line could be one entry of a menu: short, no marks of a sentence, no number.

    >>> is_menu_entry("| 港聞 |"), is_menu_entry("iPhone直播"), is_menu_entry("他走了。"), is_menu_entry("第3页")
    (True, True, False, False)
    """
    entry = text.strip(_AROUND_ENTRY)
    if not 0 < len(entry) <= MENU_CHARS and not (entry.isascii() and 0 < len(entry) <= 3 * MENU_CHARS):
        return False
    return _NO_ENTRY.isdisjoint(entry) and not any(map(str.isdigit, entry))


def is_section(text: str) -> bool:
    """Whether the line is the name of a section that sites of every kind have.

    >>> is_section("| 港聞 |"), is_section("江岸周刊")
    (True, False)
    """
    return _SITE_WORD.fullmatch(text.strip(_AROUND_ENTRY)) is not None


def starts_with_bullet(text: str) -> bool:
    """Whether the line begins with a bullet, an arrow or a list number."""
    return text.lstrip()[:1] in BULLET_STARTS and _BULLET.match(text) is not None


def is_comment_sign(text: str) -> bool:
    """Whether the line is what a page prints around a reader's comment: a name with a time, buttons, a counter of likes.

    >>> is_comment_sign("青石路人 3小时前 回复"), is_comment_sign("他说，灯亮了，人就来了。")
    (True, False)
    """
    return len(text) <= LINK_CHARS and _COMMENT_SIGN.search(text) is not None


def is_item(text: str) -> bool:
    """Whether the line is an item of a numbered list or an article of a statute, which repeat each other's words.

    >>> is_item("（三）房地產權證書；"), is_item("第 8 條"), is_item("三月的雨")
    (True, True, False)
    """
    return text.lstrip()[:1] in _ITEM_STARTS and _ITEM.match(text) is not None


def is_spoken(text: str) -> bool:
    """Whether the line begins with who says it, or with a quotation mark or a dash.

    >>> is_spoken("主席：請問各位。"), is_spoken("“不知道。”"), is_spoken("他说不知道。")
    (True, True, False)
    """
    return text.lstrip()[:1] in _SPOKEN_STARTS or (("：" in text or ":" in text) and _SPEAKER.match(text) is not None)


def numbers(text: str) -> list[str]:
    """Every number in the line, grouping commas removed, in order.

    >>> numbers("共1,204户、35.5万元，9:30开始")
    ['1204', '35.5', '9:30']
    """
    return [found.replace(",", "").replace("：", ":").replace("／", "/") for found in _DIGITS.findall(text)]


DATES = 3
"""A line with so many dates in numbers lists headlines."""

DIGIT, LABEL, BREAK, DOT, _STOP, _COMMA, _LEAD, _TAIL = (1 << bit for bit in range(8))
_ANY = b"\xff"
_KINDS = Kinds(
    {
        # In the fold of a line every width of a digit or a colon is the plain one.
        DIGIT: "0-9０-９",
        LABEL: f":：∶︓︰﹕{BARS}",
        # What stands between the words of a row of links, of a breadcrumb, of keywords.
        BREAK: f"{SPACES}{BARS}{COMMAS}/／·・>›»<‹«、_–—-",
        _STOP: SENTENCE_ENDS + "．‧",
        _COMMA: f"{COMMAS}。",
        DOT: f"./-{ELLIPSES}",
        _LEAD: LEAD_SIGNS,
        _TAIL: TAIL_SIGNS,
    }
)
_STOP_CODES = tuple(map(ord, FULL_STOPS))
_LEADER, _MARK, _CLOSER = 1, 2, 4
_END_KINDS = Kinds({_LEADER: LEADERS, _MARK: SENTENCE_MARKS, _CLOSER: TAIL_ENDS})


class Shapes(NamedTuple):
    """One byte for each line.

    Attributes:
        prose: 1 for a paragraph (`shape.is_prose`).
        text: 1 for a paragraph that is neither the beginning of one in a list nor a list in one line.
        kinds: which of DIGIT, LABEL, BREAK and DOT the line may hold: without a bit it holds none of these characters.
        decorated: 0 if `decoration.core` gives the line back as it is.
    """

    prose: bytearray
    text: bytearray
    kinds: bytearray
    decorated: bytearray


def shapes(texts: Sequence[str], keys: Sequence[str]) -> Shapes:
    """The shapes of lines, given with their keys.

    >>> from ..conversion.fold import key
    >>> line = "今天下午，市图书馆的新馆向读者开放，第一天就来了三千多人。"
    >>> list(shapes([line, "开放时间"], [key(line), "开放时间"]).prose)
    [1, 0]
    """
    joined = "\n".join(texts)
    if in_arrays(len(joined)):
        return _in_arrays(LineArrays(joined), texts, keys)
    prose = bytearray(map(is_prose, texts, keys))
    is_text = bytearray(known and _is_text(line) for known, line in zip(prose, texts, strict=True))
    return Shapes(prose, is_text, bytearray(_ANY * len(texts)), bytearray(_ANY * len(texts)))


def _in_arrays(lines: LineArrays, texts: Sequence[str], keys: Sequence[str]) -> Shapes:
    """Most paragraphs end in a full stop, and most other lines hold no mark of a sentence at all."""
    import numpy as np

    characters = _KINDS.of_characters(lines)
    # A bullet is no sign of a decoration at the end of the line.
    characters[lines.starts] &= 0xFF - _TAIL
    kinds = lines.union(characters)
    sizes = np.fromiter(map(len, keys), np.int64, len(keys))
    last = lines.codes[lines.ends - 1]
    large = sizes >= PROSE_CHARS
    prose = large & ((last == _STOP_CODES[0]) | (last == _STOP_CODES[1]) | (last == _STOP_CODES[2]))
    prose |= (sizes >= LONG_CHARS) & ((kinds & _COMMA) != 0)
    for i in (large & ~prose & ((kinds & _STOP) != 0)).nonzero()[0].tolist():
        prose[i] = is_prose(texts[i], keys[i])
    is_text = prose.copy()
    for i in (prose & ((kinds & DOT) != 0)).nonzero()[0].tolist():
        is_text[i] = _is_text(texts[i])
    decorated = _decorated(lines, characters, kinds)
    return Shapes(*(bytearray(each.tobytes()) for each in (prose, is_text, kinds, decorated)))


def _decorated(lines: LineArrays, characters: NDArray[Any], kinds: NDArray[Any]) -> NDArray[Any]:
    """Which lines may begin or end with a decoration, by the conditions that `decoration.core` begins with."""
    ends = _END_KINDS.table
    found: NDArray[Any] = (ends.take(lines.codes[lines.starts]) & _LEADER) != 0
    for place in range(LEAD_CHARS):
        at = lines.starts + place
        found |= (at < lines.ends) & ((characters.take(at, mode="clip") & _LEAD) != 0)
    last = ends.take(lines.codes[lines.ends - 1])
    found |= ((last & _MARK) == 0) & (((kinds & _TAIL) | (last & _CLOSER)) != 0)
    return found


def _is_text(text: str) -> bool:
    """Whether a paragraph is neither the beginning of one in a list nor a list in one line."""
    return count_dates(text) < DATES and not (starts_with_bullet(text) and is_teaser(text))


def are_figures(text: str) -> bool:
    """Whether most of the letters are figures: those of a list may come back.

    >>> are_figures("820-830元/吨、825-835元/吨"), are_figures("1930年的合影")
    (True, False)
    """
    return 2 * sum(map(str.isdigit, text)) > sum(map(str.isalnum, text))


def needs_space(before: str, behind: str) -> bool:
    """Whether two parts of a line need a space between them: Latin letters or figures on both sides.

    >>> needs_space("open the", "door"), needs_space("打开", "door")
    (True, False)
    """
    return before[-1:].isascii() and before[-1:].isalnum() and behind[:1].isascii() and behind[:1].isalnum()


def is_balanced(text: str) -> bool:
    """Whether every quotation mark and bracket that opens is closed.

    >>> is_balanced("他说：“来了”"), is_balanced("来了”，")
    (True, False)
    """
    return all(text.count(one) == text.count(other) for one, other in _PAIRS)
