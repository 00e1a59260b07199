"""The shape of a line: what can be seen without understanding it.

Prose ends in a sentence mark; links, captions and buttons do not. Verse and dialogue are short lines among short lines.
All functions take the text of one line, already tidied, or its key.
"""

from __future__ import annotations

import re

__all__ = ["ends_sentence", "is_item", "is_link_like", "is_prose", "is_spoken", "numbers", "starts_with_bullet"]

_SENTENCE_END = re.compile("[。！？!?…；;][”’」』）)\\]】》〉\"'～~ 　]*$|[。！？][^。！？]{0,2}$")
_FULL_STOPS = ("。", "！", "？")
_BULLET = re.compile(
    "[\\s]*(?:[·•・●○◆◇■□▪▫▶►▸▲△▼▽★☆※»》>→\\-–—*+＊]+"
    "|[0-9]{1,3}[.、．:：)）\\s]|[(（\\[【][0-9一二三四五六七八九十]{1,3}[)）\\]】])"
)
_ITEM = re.compile(
    "\\s*(?:[(（]?[0-9一二三四五六七八九十百]{1,4}[)）、.．]|第[0-9一二三四五六七八九十百千\\s]{1,8}[条條章节節款项項编編])"
)
_SPEAKER = re.compile('\\s*(?:[^：:，。！？、\\s]{1,12}[：:]|[“「『"‘—－-])')
_DIGITS = re.compile("[0-9]+(?:[.,:：/／][0-9]+)*")

PROSE_CHARS = 20
"""A line that ends like a sentence is a paragraph from this many letters on."""
LONG_CHARS = 60
"""A line of this many letters is a paragraph whatever it ends in."""
LINK_CHARS = 48
"""Headlines are shorter than this."""


def ends_sentence(text: str) -> bool:
    """Whether the line ends in 。！？… or the like, perhaps inside closing quotes or brackets.

    >>> ends_sentence("他说：“走吧。”"), ends_sentence("相关文章")
    (True, False)
    """
    return text[-1:] in _FULL_STOPS or _SENTENCE_END.search(text, max(0, len(text) - 12)) is not None


def is_prose(text: str, key: str) -> bool:
    """Whether the line is a paragraph of running text.

    >>> from .fold import key
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
    return 0 < len(key) <= LINK_CHARS and not text.rstrip("”’」』）)】 ").endswith(
        ("。", "；", ";", "：", ":", "，", ",")
    )


def starts_with_bullet(text: str) -> bool:
    """Whether the line begins with a bullet, an arrow or a list number."""
    return _BULLET.match(text) is not None


def is_item(text: str) -> bool:
    """Whether the line is an item of a numbered list or an article of a statute, which repeat each other's words.

    >>> is_item("（三）房地產權證書；"), is_item("第 8 條"), is_item("三月的雨")
    (True, True, False)
    """
    return _ITEM.match(text) is not None


def is_spoken(text: str) -> bool:
    """Whether the line begins with who says it, or with a quotation mark or a dash.

    >>> is_spoken("主席：請問各位。"), is_spoken("“不知道。”"), is_spoken("他说不知道。")
    (True, True, False)
    """
    return _SPEAKER.match(text) is not None


def numbers(text: str) -> list[str]:
    """Every number in the line, grouping commas removed, in order.

    >>> numbers("共1,204户、35.5万元，9:30开始")
    ['1204', '35.5', '9:30']
    """
    return [found.replace(",", "").replace("：", ":").replace("／", "/") for found in _DIGITS.findall(text)]
