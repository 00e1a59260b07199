"""How letters and notices end: who wrote them, and the day.

Both functions take the key of one line (`conversion.fold.key`): its letters, whatever stands between them.
"""

from __future__ import annotations

from ..arrays.expressions import expression

__all__ = ["LAST", "is_day", "is_signed"]

_FIGURE = "[0-9〇○零一二三四五六七八九十]"
_DAY = expression(f"(?:中华民国|民国|公元)?{_FIGURE}{{2,4}}年{_FIGURE}{{1,3}}月{_FIGURE}{{1,3}}日")
_RESPECTS = (
    "敬上",
    "谨上",
    "拜上",
    "敬启",
    "谨启",
    "谨识",
    "谨白",
    "敬邀",
    "敬约",
    "敬贺",
    "合十",
    "顿首",
    "鞠躬",
    "手书",
)
LAST = frozenset("日") | {each[-1] for each in _RESPECTS}
"""With one of these letters such a line ends."""


def is_day(said: str) -> bool:
    """Whether a line is a day and nothing else, with 年, 月 and 日: pages print theirs in figures, or beside a label.

    >>> is_day("二〇一九年六月二十八日"), is_day("2019年6月28日1005"), is_day("20190628")
    (True, False, False)
    """
    return said.endswith("日") and _DAY.fullmatch(said) is not None


def is_signed(said: str) -> bool:
    """Whether a line ends in the respects that somebody pays who signs a letter.

    >>> is_signed("校长何玉珊谨启"), is_signed("校长室")
    (True, False)
    """
    return said.endswith(_RESPECTS)
