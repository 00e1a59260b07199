"""Numbers in a line, whatever they are written in: 九点半 and 9:30, 1,200 and 一千二百, 10万 and 十万, 35公里 and 35km say the same.

A number is told by its value, which is a text: `1200`, `3.6`, `12%`, `21:30`, `2023-5-6`, `35km`. Of dates, times, measures and
prices the words around the number are part of it; of any other number what stands around it is not looked at, so 一 in 一起 has a
value too. That does no harm, since lines are only ever compared with each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..arrays.expressions import expression

__all__ = ["Number", "numbers_in", "plain"]

_DIGITS = {char: str(value) for value, char in enumerate("〇一二三四五六七八九")} | {
    char: str(value) for value, char in enumerate("零壹贰叁肆伍陆柒捌玖")
} | {"两": "2"}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_MYRIADS = {"万": 10**4, "亿": 10**8}
_TWENTIES = {"廿": 20, "卅": 30}
_NUMERALS = "〇一二三四五六七八九零壹贰叁肆伍陆柒捌玖两十拾百佰千仟万亿廿卅"
_UNITS = {
    "km": "km|公里|千米",
    "cm": "cm|厘米|公分",
    "mm": "mm|毫米",
    "kg": "kg|公斤|千克",
    "mg": "mg|毫克",
    "ml": "ml|毫升",
    "m2": "㎡|m²|m2|平方米|平米|平方公尺",
    "km2": "km²|km2|平方公里|平方千米",
    "m3": "m³|m3|立方米|立方公尺",
    "°c": "℃|°c|摄氏度",
    "元": "元",
    "美元": "美元|美金",
    "港元": "港元|港币",
}
"""Units that have more names than one, and currencies, in the fold, by how a value has them."""
_PRICES = {
    "￥": "元",
    "¥": "元",
    "人民币": "元",
    "nt$": "台币",
    "新台币": "台币",
    "hk$": "港元",
    "港币": "港元",
    "us$": "美元",
}
"""What stands before a price."""
_UNIT_OF_NAME = {name: unit for unit, names in _UNITS.items() for name in names.split("|")}
_LONGEST_FIRST = "|".join(sorted(_UNIT_OF_NAME, key=len, reverse=True))
_MORNING, _EVENING = "上午|早上|清晨|凌晨", "下午|傍晚|晚上|晚间"
_NIGHT = frozenset(["凌晨", "晚上", "晚间"])
_NOON, _DAWN = 12, 5
"""At night twelve is midnight, and hours before dawn are those of the next day: 晚上两点."""
_NUMERAL = f"[{_NUMERALS}]"
_CLOCK = (
    # 下午2点30分 · 9点半 · 九点一刻 · 14:30
    f"(?:(?P<morning>{_MORNING})|(?P<evening>{_EVENING}))?\\s?(?P<hour>(?<![0-9])[0-2]?[0-9]|{_NUMERAL}{{1,3}})"
    f"(?:[点时](?:(?P<minutes>[0-5][0-9](?![0-9])|[0-9](?=分)|{_NUMERAL}{{1,3}}(?=分))分?|(?P<half>半)|(?P<quarters>[一三])刻)"
    "|:(?P<after>[0-5][0-9])(?![0-9:]))"
)
_DATE = (
    # 2023-05-06 · 2023年5月6日 · 二〇二三年五月六日
    "(?<![0-9])(?P<year>(?:19|20)[0-9]{2}|[〇零一二三四五六七八九]{4})(?:"
    f"年(?P<month>[0-9]{{1,2}}|{_NUMERAL}{{1,2}})月(?P<day>[0-9]{{1,2}}|{_NUMERAL}{{1,3}})[日号]"
    "|(?P<sign>[-/.])(?P<month_>[0-9]{1,2})(?P=sign)(?P<day_>[0-9]{1,2})(?![0-9]))"
)
_TIMES = "(?:(?:千(?![米克])|百(?!分))?[万亿]{1,2}|千(?![米克])|百(?!分))"
"""What a number in digits is multiplied by; 千米 and 百分 are units."""
_NUMBER = expression(
    f"{_DATE}|{_CLOCK}|(?P<parts>{_NUMERAL}{{1,3}})分之(?P<some>(?<!百分之){_NUMERAL}{{1,3}})"
    f"|(?P<price>{'|'.join(map(re.escape, _PRICES))})?(?P<minus>零下|(?<![0-9a-z])-(?=[0-9.]+\\s?(?:度|℃|°c)))?"
    "(?P<share>百分之)?(?:"
    # 1,200 · 3.5 · 3:1 · 10万 · 1.2w · 3百万 · 12万3千 · 6成; an O among digits is a zero that was read wrong
    "(?P<digits>[0-9][0-9o]*(?:,[0-9]{3}(?![0-9]))*(?:[.:/][0-9o]*[0-9][0-9o]*)*)"
    f"(?P<times>{_TIMES}|w(?![a-z0-9]))?(?P<more>(?:[0-9]+{_TIMES})*)(?P<percent>\\s?%|成)?"
    # 一千二百 · 二〇二四 · 三点六, but no time of day · 一个半 · 六成, 两成五
    f"|(?P<numerals>{_NUMERAL}+)(?P<part>点[〇一二三四五六七八九零]+(?![{_NUMERALS}分刻钟半整])|个半(?=小时|月|钟头|世纪))?"
    f"(?P<tenths>成[一二三四五六七八九半]?(?!{_NUMERAL}))?)"
    f"(?:\\s?(?P<unit>{_LONGEST_FIRST})(?![a-z0-9²³]))?"
)
_BEGINS = expression(
    f"[0-9{_NUMERALS}\\s{''.join(sorted({word[0] for word in [*_MORNING.split('|'), *_EVENING.split('|'), *_PRICES]}))}-]"
)
"""With one of these a number begins, or what belongs to it: the expression above is asked nowhere else."""
_PART = expression(f"([0-9]+)({_TIMES})")
_ZEROS = {"百": 2, "千": 3, "万": 4, "w": 4, "亿": 8}
_UNIT_OF_DATE = frozenset("月日时分点秒号")


class Number(NamedTuple):
    """A number in a line: where it starts and stops, and its value."""

    start: int
    stop: int
    value: str


def numbers_in(folded: str) -> Iterator[Number]:
    """The numbers in the fold of a line (see `conversion.fold`), in order.

    >>> [number.value for number in numbers_in("全村二十户，百分之十二，1,200名，9:30，10万吨，三点六公里，07月")]
    ['20', '12%', '1200', '9:30', '100000', '3.6km', '7']
    >>> [number.value for number in numbers_in("8千人，3百万元，12万3千，1.2w，六成，两成五，廿三日，一个半小时")]
    ['8000', '3000000元', '123000', '12000', '60%', '25%', '23', '1.5']
    >>> [number.value for number in numbers_in("2023年5月6日下午两点半，2023-05-06 14:30，零下五度，￥99，99元")]
    ['2023-5-6', '14:30', '2023-5-6', '14:30', '-5', '99元', '99元']
    """
    for found in _numbers(folded):
        if found["year"]:
            value = _of_date(found)
        elif found["hour"]:
            value = _of_time(found)
        elif found["parts"]:
            value = f"{_of_numerals(found['some'])}/{_of_numerals(found['parts'])}"
        else:
            value = _of_amount(found, folded[found.end() : found.end() + 1])
        yield Number(found.start(), found.end(), value)


def _numbers(folded: str) -> Iterator[re.Match[str]]:
    place = 0
    while begins := _BEGINS.search(folded, place):
        found = _NUMBER.match(folded, begins.start())
        if found is not None:
            yield found
        place = begins.end() if found is None else found.end()


def _of_date(found: re.Match[str]) -> str:
    year, month, day = (plain(found[name] or found[f"{name}_"]) for name in ("year", "month", "day"))
    return f"{year}-{month}-{day}"


def _of_time(found: re.Match[str]) -> str:
    """A time of day in hours and minutes, of 24 hours if the line says which half of the day."""
    hour = plain(found["hour"])
    is_night = (found["morning"] or found["evening"] or "") in _NIGHT
    if hour == str(_NOON) and is_night:
        hour = "0"
    elif found["evening"] and hour.isdigit() and (_DAWN if is_night else 0) <= int(hour) < _NOON:
        hour = str(int(hour) + _NOON)
    if found["half"]:
        minutes = "30"
    elif found["quarters"]:
        minutes = "15" if found["quarters"] == "一" else "45"
    else:
        minutes = plain(found["minutes"] or found["after"])
    return f"{hour}:{minutes:0>2}"


def _of_amount(found: re.Match[str], behind: str) -> str:
    digits, numerals, part = found["digits"], found["numerals"], found["part"] or ""
    if digits:
        value = _of_digits(digits, found["times"] or "", found["more"], behind)
    else:
        value = _of_numerals(numerals)
        if part:
            value += ".5" if part == "个半" else "." + "".join(_DIGITS[char] for char in part[1:])
    tenths = found["tenths"] or found["percent"] or ""
    if tenths[:1] == "成":
        value += {"": "0", "半": "5"}.get(tenths[1:]) or _DIGITS[tenths[1:]]
    sign = "-" * bool(found["minus"])
    unit = _PRICES[found["price"]] if found["price"] else _UNIT_OF_NAME.get(found["unit"], "")
    return f"{sign}{value}{'%' * bool(found['share'] or tenths)}{unit}"


def plain(number: str) -> str:
    """A number of a date, a time or an item, given in digits or numerals alone, in digits.

    >>> plain("09"), plain("二十一")
    ('9', '21')
    """
    return number.lstrip("0") or "0" if number.isascii() else _of_numerals(number)


def _of_digits(digits: str, times: str, more: str, behind: str) -> str:
    digits = digits.replace("o", "0").replace(",", "")
    if times and digits.replace(".", "", 1).isdigit():
        digits = _multiplied(digits, times)
        parts = [digits, *(_multiplied(*each) for each in _PART.findall(more))]
        digits = str(sum(map(int, parts))) if all(map(str.isdigit, parts)) else "".join(parts)
    else:
        digits += times + more
    return digits.lstrip("0") or "0" if behind in _UNIT_OF_DATE and len(digits) <= 2 else digits


def _multiplied(digits: str, times: str) -> str:
    """A number in digits times thousand, ten thousand and so on."""
    whole, _, part = digits.partition(".")
    for char in times:
        size = _ZEROS[char]
        whole, part = whole + part[:size].ljust(size, "0"), part[size:]
    return f"{whole}.{part}" if part.strip("0") else whole


def _of_numerals(numerals: str) -> str:
    """The value of Chinese numerals: with units, or digit by digit as in a year."""
    if not any(char in _TENS or char in _MYRIADS or char in _TWENTIES for char in numerals):
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
        elif char in _TWENTIES:
            if digit or last <= 10:
                return _digit_by_digit(numerals)
            section += _TWENTIES[char]
            last = 10
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
