"""Texts that make careless programs slow, and how the time for them grows: `python -m fuzz.shapes [SHAPE]...`

Each shape is cleaned at 1, 2, 4 and 8 MB (a slow one at 1 and 2); twice the text must not take much more than twice the
time (2.3 times). From 1 to 2 MB it may be 3 times: what a window of lines says is remembered for those that follow, and of
texts of short lines of 1, 2, 4 and 8 MB the windows but the last are 1, 3, 7 and 15. Time is that of the processor, the least of several runs (of a slow shape, of one).

What is paid once is paid before: tables and numpy are loaded. And memory costs the same at every size: as the C library has
it, what a small text needs is kept for the next run, and what a large one needs is fetched anew from the system each time,
page by page, which looks like growth. Here every run fetches it.
"""

from __future__ import annotations

import ctypes
import random
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

from zhnorm import Cleaner
from zhnorm.arrays.character_table import load_arrays

__all__ = ["LIMITS", "SHAPES", "SIZES", "growth"]

SIZES = (1 << 20, 1 << 21, 1 << 22, 1 << 23)
LIMITS = (3.0, 2.3, 2.3)
_SLOW_SECONDS = 3.0
_ENOUGH_SECONDS = 1.0
_MOST_RUNS = 12
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _KEPT_BYTES = -1, -3, 128 << 10

_PROSE = "今天上午，城東圖書館的新館正式向讀者開放，館長說第一天來了三千多人，比預想的多了一倍。"
_TITLE = "城東圖書館新館開放，首日迎來三千讀者"
_SHARE = "分享到：微博 微信"
_HAN = [chr(code) for code in range(0x4E00, 0x9000, 7)]


def _repeat(line: str) -> Callable[[int], str]:
    return lambda size: line * (size // len(line.encode()))


def _lines(make: Callable[[int, random.Random], str]) -> Callable[[int], str]:
    """Lines made by number until there is enough."""

    def text(size: int) -> str:
        dice = random.Random(1)
        lines: list[str] = []
        length = number = 0
        while length < size:
            lines.append(make(number, dice) + "\n")
            length += len(lines[-1].encode("utf-8", "surrogateescape"))
            number += 1
        return "".join(lines)

    return text


def _words(dice: random.Random, count: int) -> str:
    return "".join(dice.choices(_HAN, k=count))


def _mistyped(number: int, _: random.Random) -> str:
    place = number % len(_PROSE)
    return _PROSE[:place] + _HAN[number % len(_HAN)] + _PROSE[place + 1 :]


def _between(mark: str) -> Callable[[int], str]:
    """A long line of a mark of Markdown, between lines of text."""
    return lambda size: f"{_PROSE}\n{mark * (size // len(mark))}\n{_PROSE[:-1]}！\n"


_MARKS = {
    "hyphens": "-",
    "hyphens and spaces": "- ",
    "equals signs": "=",
    "asterisks": "*",
    "asterisks and spaces": "* ",
    "underscores": "_",
    "quotes": ">",
    "number signs": "#",
    "vertical bars": "|",
    "bars and spaces": "| ",
    "bars and hyphens": "|-",
    "backticks": "`",
    "square brackets": "[",
    "square brackets and spaces": "[ ",
    "angle brackets": "<",
    "tildes": "~",
    "tabs": "\t",
    "numbers": "1. ",
    "images": "![",
}


SHAPES: dict[str, Callable[[int], str]] = {
    "one long line": _repeat(_PROSE),
    # An odd number: the last one is in no word, and the line is looked at twice.
    "one long line of one character": lambda size: "乾" * (size // 6 * 2 + 1),
    "one long line of a common character": lambda size: "雨" * (size // 3),
    "one long line of images in a link": lambda size: f"{_PROSE}[" + "![圖](a) " * (size // 11) + _PROSE,
    "one long line of a page": _repeat("".join(f"第{number}段說{_PROSE}" for number in range(9))),
    "one long line of ASCII": _repeat("lorem ipsum "),
    "one long line of entities": _repeat("&amp;"),
    "one long line of broken entities": _repeat("&#x"),
    "one long line of invisible characters": _repeat("\u200b"),
    "one long line of spaces": _repeat("\u3000 "),
    "one long line of marks": _repeat("。，！"),
    "one long line of a title": _repeat(_TITLE),
    "one long line of a site's names": _repeat("城東網 - "),
    "one long line of bars and blanks": _repeat("| - _ "),
    "one long line of dates": _repeat("2024-05-17 "),
    "one long line of digits": _repeat("0123456789"),
    "one long line of addresses": _repeat("https://example.com/a?b=1&copy=2 "),
    "one long line of numbered items": _repeat("1. 一 （2）二 "),
    "one long line of ellipses": _repeat("…."),
    "one long line of quotation marks": _repeat("「“『"),
    "one long line of joiners": _repeat("\U0001f600\u200d"),
    "one long line of tags": lambda size: f"{_PROSE}{'<br>' * (size // 4)}{_PROSE}\n",
    "one long line of tags in a sentence": lambda size: f"{_PROSE[:6]}{'<br>' * (size // 4)}{_PROSE}\n",
    "a title and a long line of blanks": lambda size: f"{_TITLE}\n{_TITLE} " + "走 " * (size // 4),
    "a gap of spaces": lambda size: f"甲{' ' * size}乙\n",
    "a gap of tabs": lambda size: f"甲{'	 ' * (size // 2)}乙\n",
    "escaped again and again": lambda size: "&" + "amp;" * (size // 4) + "lt;\n",
    "escaped by numbers": lambda size: "&" + "#38;" * (size // 4) + "lt;\n",
    "entities inside of entities": lambda size: "&#3" * (size // 4) + "8;" * (size // 4),
    **{f"one long line of {name} in text": _between(mark) for name, mark in _MARKS.items()},
    "one long line of share bars": _repeat(_SHARE + " "),
    "one long line of brackets": _repeat("（【["),
    "long lines, all nearly identical": _lines(lambda number, _: _PROSE * 40 + str(number)),
    "comments that never end": _repeat("<!--\n"),
    "fences that never end": _repeat(f"```c\n{_PROSE}\n"),
    "fences that never end, of many lengths": _lines(lambda number, _: "`" * (3 + number % 50) + "c\n" + _PROSE),
    "all identical": _repeat(_PROSE + "\n"),
    "all identical and short": _repeat("走\n"),
    "all nearly identical": _lines(_mistyped),
    "identical but for a number": _lines(lambda number, _: f"{_PROSE}{number}"),
    "identical but for the beginning": _lines(
        lambda number, _: f"{_HAN[number % 999]}{_HAN[number // 999 % 999]}{_PROSE}"
    ),
    "the same quarter": _lines(lambda _, dice: _PROSE[:11] + _words(dice, 33)),
    "blanks": _repeat("\n"),
    "blanks with spaces": _repeat(" \u3000\n"),
    "alternating": _repeat(f"{_PROSE}\n{_SHARE}\n"),
    "alternating with blanks": _lines(lambda number, dice: "" if number % 2 else _words(dice, 30)),
    "titles everywhere": _lines(lambda number, dice: _TITLE if number % 3 else _words(dice, 30)),
    "titles in front of prose": _lines(lambda _, dice: f"{_TITLE} {_words(dice, 40)}"),
    "boilerplate only": _repeat(f"{_SHARE}\n相關文章：\n责任编辑：王小明\n版权所有 未经许可不得转载\n"),
    "headings of lists, at every third line": _lines(
        lambda number, dice: ("相關文章：", _words(dice, 4), f"{_words(dice, 40)}。")[number % 3]
    ),
    "headings of comments, at every third line": _lines(
        lambda number, dice: ("最新評論", _words(dice, 14), f"{_words(dice, 40)}。")[number % 3]
    ),
    "lists only": _lines(lambda _, dice: f"·{_words(dice, 12)}"),
    "links with dates": _lines(
        lambda number, dice: f"{_words(dice, 14)} 2024-{number % 12 + 1:02}-{number % 28 + 1:02}"
    ),
    "short lines, all different": _lines(lambda _, dice: _words(dice, 3)),
    "random prose": _lines(lambda _, dice: f"{_words(dice, 40)}。"),
    "undecodable bytes": _lines(lambda _, dice: _words(dice, 10) + "\udcff\udc80"),
    "carriage returns": _repeat(f"{_TITLE}\r\n{_PROSE}\r\r\n"),
    "ambiguous characters": _repeat("乾著裡後發鐘錶複\n乾隆著作裡面之後\n"),
    "quotations": _lines(lambda _, dice: f"「{_words(dice, 20)}」他說。"),
    "a sentence growing": _lines(lambda number, _: (_PROSE * 3)[: number % 120 + 1]),
    "surrogate pairs": _repeat("\U0001f600\U00020000\n"),
    "gaps in lines": _lines(lambda number, dice: f"{_words(dice, 3)}{' ' * 5000}{number}"),
    "lines of dashes": _repeat("-" * 70 + "\n"),
    "two lines in turn": _repeat("走過來\n走過去\n"),
    "numbers in turn": _lines(lambda number, _: f"{number % 100}"),
    "teasers": _lines(lambda number, _: _PROSE[: 10 + number % 30] + "……"),
    "list numbers": _lines(lambda number, dice: f"{number}. {_words(dice, 8)}"),
}


def growth(name: str, cleaner: Cleaner) -> list[float]:
    """Seconds for each size, as many as make sense: the least of several runs, of a slow shape of one."""
    seconds: list[float] = []
    for size in SIZES:
        text = SHAPES[name](size)
        runs = [_seconds(cleaner, text)]
        if runs[0] < _SLOW_SECONDS:
            while (sum(runs) < _ENOUGH_SECONDS and len(runs) < _MOST_RUNS) or len(runs) < 2:
                runs.append(_seconds(cleaner, text))
        seconds.append(min(runs))
        if len(seconds) == 2 and seconds[0] >= _SLOW_SECONDS:
            break
    return seconds


def _prepare() -> Cleaner:
    """Make memory cost the same at every size, and pay what is paid once."""
    with suppress(AttributeError, OSError):
        # Only the GNU C library has these; setting them ends its adapting to what the program does.
        mallopt = ctypes.CDLL(None).mallopt
        for parameter in (_TRIM_THRESHOLD, _MMAP_THRESHOLD):
            mallopt(parameter, _KEPT_BYTES)
    load_arrays()
    cleaner = Cleaner()
    cleaner.clean("".join(f"{_TITLE}{number}\n{_PROSE}乾{number}\n{_SHARE}\n" for number in range(100)))
    return cleaner


def _seconds(cleaner: Cleaner, text: str) -> float:
    begun = time.process_time()
    document = cleaner.incremental()
    # As files are read: in pieces.
    for start in range(0, len(text), 1 << 20):
        document.feed(text[start : start + (1 << 20)])
    document.finish()
    return time.process_time() - begun


def main(names: list[str]) -> int:
    """Measure shapes and print a table; the exit code says whether one of them grows too fast."""
    cleaner = _prepare()
    failed = 0
    print(f"{'shape':<42}" + "".join(f"{size >> 20:>7} MB" for size in SIZES) + "   growth")
    for name in names or SHAPES:
        seconds = growth(name, cleaner)
        ratios = [later / earlier for earlier, later in pairwise(seconds)]
        failed += any(ratio > limit for ratio, limit in zip(ratios, LIMITS, strict=False))
        shown = "".join(f"{value:>8.2f} s" for value in seconds)
        print(f"{name:<42}{shown:<40}" + " ".join(f"{ratio:7.2f}" for ratio in ratios), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
