"""Numbers in a line, whatever they are written in: 九点半 and 9点半, 1,200 and 一千二百, 10万 and 十万 say the same.

A number is told by its value, which is a text: `1200`, `3.6`, `12%`, `9:30`. What stands around it is not looked at, so 一 in
一起 has a value too; that does no harm, since lines are only ever compared with each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..arrays.expressions import expression

__all__ = ["Number", "numbers_in"]

_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    char: str(value) for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")
} | {"两": "2"}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_NUMERALS = "〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖两十拾百佰千仟万亿"
_NUMBER = expression(
    "(?P<share>百分之)?(?:"
    # 1,200 · 3.5 · 9:30 · 10万; an O among digits is a zero that was read wrong
    "(?P<digits>[0-9][0-9o]*(?:,[0-9]{3}(?![0-9]))*(?:[.:/][0-9o]*[0-9][0-9o]*)*)(?P<times>[万亿]{1,2})?(?P<percent>\\s?%)?"
    # 一千二百 · 二〇二四 · 三点六, but no time of day
    f"|(?P<numerals>[{_NUMERALS}]+)(?P<part>点[〇一二三四五六七八九零]+(?![{_NUMERALS}分刻钟半整]))?)"
)
_UNIT_OF_DATE = frozenset("月日时分点秒号")


class Number(NamedTuple):
    """A number in a line: where it starts and stops, and its value."""

    start: int
    stop: int
    value: str


def numbers_in(folded: str) -> Iterator[Number]:
    """The numbers in the fold of a line (see `conversion.fold`), in order.

    >>> [number.value for number in numbers_in("全村二十户，百分之十二，1,200名，9:30，10万吨，三点六公里，07月")]
    ['20', '12%', '1200', '9:30', '100000', '3.6', '7']
    """
    for found in _NUMBER.finditer(folded):
        digits, numerals = found["digits"], found["numerals"]
        if digits:
            value = _of_digits(digits, found["times"] or "", folded[found.end() : found.end() + 1])
        else:
            value = _of_numerals(numerals)
            if found["part"]:
                value += "." + "".join(_DIGITS[char] for char in found["part"][1:])
        yield Number(found.start(), found.end(), value + "%" * bool(found["share"] or found["percent"]))


def _of_digits(digits: str, times: str, behind: str) -> str:
    digits = digits.replace("o", "0").replace(",", "")
    if times and digits.replace(".", "", 1).isdigit():
        whole, _, part = digits.partition(".")
        for char in times:
            size = len(str(_MYRIADS[char])) - 1
            whole, part = whole + part[:size].ljust(size, "0"), part[size:]
        digits = f"{whole}.{part}" if part.strip("0") else whole
    elif times:
        digits += times
    return digits.lstrip("0") or "0" if behind in _UNIT_OF_DATE and len(digits) <= 2 else digits


def _of_numerals(numerals: str) -> str:
    """The value of Chinese numerals: with units, or digit by digit as in a year."""
    if not any(char in _TENS or char in _MYRIADS for char in numerals):
        return "".join(_DIGITS[char] for char in numerals)
    total = section = digit = 0
    last = 10**9
    for char in numerals:
        if char in _DIGITS:
            if digit:
                return _digit_by_digit(numerals)
            digit = int(_DIGITS[char])
        elif char in _TENS:
            unit = _TENS[char]
            if unit >= last:
                return _digit_by_digit(numerals)
            section += (digit or 1) * unit
            digit, last = 0, unit
        else:
            total = (
                (total + section + digit or 1) * _MYRIADS[char]
                if char == "亿"
                else total + (section + digit or 1) * 10**4
            )
            section = digit = 0
            last = 10**9
    # 三千五 is 3500; 三千零五 is not
    if digit and last in (100, 1000) and numerals[-2] not in "零〇":
        digit *= last // 10
    return str(total + section + digit)


def _digit_by_digit(numerals: str) -> str:
    """The value of a row of numerals that is no number by itself, such as 三五十: each numeral for itself."""
    return "·".join(_DIGITS.get(char, char) for char in numerals)
