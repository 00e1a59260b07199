"""Text that conversion leaves alone: addresses, mentions, the user's terms, descriptions of characters, variation selectors; and the user's own phrases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from ..arrays.character_table import codes_of, for_all_codes, in_arrays
from ..arrays.expressions import expression
from ..arrays.literals import Occurrence
from ..errors import SettingsError
from .phrases import Step, StepTables, splice

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "DESCRIPTIONS",
    "SELECTORS",
    "Pins",
    "addresses",
    "are_unusual",
    "around_selectors",
    "descriptions",
    "line_spans",
]

DESCRIPTIONS = "\u2ff0-\u2fff\u31ef"
"""The signs that describe a character by its parts, as a class."""
SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
"""Variation selectors, as a class."""
_UNUSUAL = expression(f"[{DESCRIPTIONS}{SELECTORS}]")


def are_unusual(text: str) -> bool:
    """Whether there is one of them in the text.

    >>> are_unusual("⿰亻國"), are_unusual("國家")
    (True, False)
    """
    if in_arrays(len(text)):
        return bool(_table().take(codes_of(text)).any())
    return _UNUSUAL.search(text) is not None


@cache
def _table() -> NDArray[Any]:
    import numpy as np

    from ..arrays.character_kinds import code_points

    table = for_all_codes(np.dtype(np.uint8))
    table[list(code_points(DESCRIPTIONS + SELECTORS))] = 1
    return table


_SELECTOR = expression(f"[{SELECTORS}]")


def around_selectors(text: str, convert: Callable[[str], str]) -> str:
    """The text converted as if it had no variation selectors, which stay behind the characters that stay as they are.

    >>> around_selectors("乾\\U000e0100隆國\\ufe00", lambda text: text.replace("國", "国")) == "乾\\U000e0100隆国"
    True
    """
    bare = _SELECTOR.sub("", text)
    done = []
    lines = zip(text.split("\n"), bare.split("\n"), convert(bare).split("\n"), strict=True)
    for line, before, after in lines:
        if line == before or len(before) != len(after):
            done.append(after)
            continue
        place, kept = 0, []
        for character in line:
            if not _SELECTOR.match(character):
                kept.append(after[place])
                place += 1
            elif place and after[place - 1] == before[place - 1]:
                kept.append(character)
        done.append("".join(kept))
    return "\n".join(done)


_DESCRIPTION = expression(f"[{DESCRIPTIONS}]")
_PARTS = {"\u2ff2": 3, "\u2ff3": 3, "\u2ffe": 1, "\u2fff": 1}
_MARKS = ("@", "://", "www.", "](")
_RARE = 200


@cache
def _address() -> re.Pattern[str]:
    han = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    # An address may hold Chinese after one of / = _ # ? & -, where it is part of a path; Chinese that follows a letter
    # or a digit is the sentence going on. The e-mail address itself is ASCII, which no conversion changes.
    return re.compile(
        rf"(?<=\]\()(?=[^\s()]*[/.#:%?=])[^\s()]+"
        rf"|(?:https?://|www\.)[!-~]+?(?:(?<=[/=_#?&-])[{han}][{han}!-;=?-~]*|(?=[^!-~])|$)"
        rf"|(?<![A-Za-z0-9.])@[\w·-]{{1,30}}(?=[\s:：,，。]|$)",
        re.MULTILINE,
    )


def addresses(text: str) -> list[Occurrence]:
    """The web addresses, destinations of links and @mentions that hold Chinese characters, each to be left as it is.

    >>> [found.value for found in addresses("見https://zh.example.org/wiki/臺灣 和 @張小姐 說")]
    ['https://zh.example.org/wiki/臺灣', '@張小姐']
    """
    # Marks are few: only the lines that hold one are looked at.
    return [
        Occurrence(start + found.start(), found.end() - found.start(), -1, found[0])
        for start, stop in line_spans(text, _MARKS)
        for found in _address().finditer(text[start:stop])
        if not found[0].isascii()
    ]


def line_spans(text: str, marks: Iterable[str]) -> list[tuple[int, int]]:
    """Where the lines that hold one of some marks begin and end.

    >>> line_spans("甲\\n見 www.example.com\\n乙", ["://", "www."])
    [(2, 19)]
    """
    lines = set()
    for mark in marks:
        # A single character is found several times faster than a word, if it is rare.
        wanted, left = mark[0], len(text) // _RARE
        at = text.find(wanted)
        while at >= 0:
            if not text.startswith(mark, at):
                left -= 1
                wanted = wanted if left > 0 else mark
                at = text.find(wanted, at + 1)
                continue
            stop = text.find("\n", at)
            stop = len(text) if stop < 0 else stop
            lines.add((text.rfind("\n", 0, at) + 1, stop))
            at = text.find(wanted, stop)
    return sorted(lines)


def descriptions(text: str) -> list[Occurrence]:
    """The ideographic description sequences, each to be left as it is: they spell a character by its parts.

    >>> [found.value for found in descriptions("⿰亻國字和⿱⿰木木山")]
    ['⿰亻國', '⿱⿰木木山']
    """
    found: list[Occurrence] = []
    start = 0
    while (match := _DESCRIPTION.search(text, start)) is not None:
        start = stop = match.start()
        parts = 1
        while parts and stop < len(text) and text[stop] != "\n":
            parts += _PARTS.get(text[stop], 2 if _DESCRIPTION.match(text[stop]) else 0) - 1
            stop += 1
        found.append(Occurrence(start, stop - start, -1, text[start:stop]))
        start = stop
    return found


class Pins:
    """Pieces of text whose result is settled before the conversion begins.

    Args:
        phrases: phrase to result. The longest is found first, the leftmost among equals.
        web: whether addresses and mentions are left alone as well.

    >>> Pins({"乾隆": "Qianlong"}).around("乾隆乾杯", lambda text: text.replace("乾", "干"))
    'Qianlong干杯'

    Raises:
        SettingsError: a phrase is empty or reaches over the end of a line.
    """

    def __init__(self, phrases: Mapping[str, str], *, web: bool = False) -> None:
        for phrase, result in phrases.items():
            if not phrase or "\n" in phrase or "\n" in result:
                raise SettingsError(f"not a phrase: {phrase!r} → {result!r}", hint="a phrase is part of one line")
        self._step = Step(StepTables.of([phrases], every=True)) if phrases else None
        self._web = web

    def find(self, text: str) -> list[Occurrence]:
        """The settled pieces, in order, without overlap."""
        found = addresses(text) if self._web else []
        if self._step:
            found = _apart([*found, *self._step.winners(self._step.look_up(text))])
        return found

    def around(self, text: str, convert: Callable[[str], str], more: Iterable[Occurrence] = ()) -> str:
        """Convert what is not settled, here or by `more`. A settled piece is like a separator: no phrase reaches across."""
        found = _apart([*self.find(text), *more])
        if not found:
            return convert(text)
        private = map(chr, chain(range(0xFDD0, 0xFDF0), range(0xF0000, 0x110000)))
        mark = next(mark for mark in private if mark not in text)
        pieces = convert(splice(text, (each._replace(value=mark) for each in found))).split(mark)
        results = [each.value for each in found]
        return "".join(part for pair in zip(pieces, [*results, ""], strict=True) for part in pair)


def _apart(found: Iterable[Occurrence]) -> list[Occurrence]:
    kept: list[Occurrence] = []
    stop = 0
    for each in sorted(found, key=lambda each: (each.start, each.order)):
        if each.start >= stop:
            kept.append(each)
            stop = each.start + each.length
    return kept
