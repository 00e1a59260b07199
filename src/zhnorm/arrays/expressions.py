"""Regular expressions that are compiled when they are first used.

There are about two hundred, and a page needs a third of them. Classes of hundreds of characters
take longest, and a single page is through before they would pay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, AnyStr, cast

__all__ = ["OneOf", "expression"]

_COMPILE_CHARS = 50_000


def expression(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """`re.compile`, put off. What is wrong with the expression is found when it is used.

    >>> expression("[0-9]+").findall("3 天 12 夜")
    ['3', '12']
    """
    return cast("re.Pattern[AnyStr]", _Expression(source, flags))


class _Expression:
    """Stands for a pattern. What is asked of it becomes an attribute of its own, so that it is as fast as the original."""

    def __init__(self, source: Any, flags: int) -> None:
        self._arguments = source, flags

    def __getattr__(self, name: str) -> Any:
        value = getattr(re.compile(*self._arguments), name)
        setattr(self, name, value)
        return value


class OneOf:
    """Finds any of many characters: one by one at first, and with an expression once much has been looked at.

    >>> digits = OneOf("0123456789")
    >>> digits.places("3 天 12 夜"), digits.count("3 天 12 夜"), digits.are_in("三天")
    ([0, 4, 5], 3, False)
    """

    def __init__(self, characters: Iterable[str]) -> None:
        self._characters = frozenset(characters)
        self._left = _COMPILE_CHARS
        self._class: re.Pattern[str] | None = None

    def _expression(self, text: str) -> re.Pattern[str] | None:
        """The expression, if it pays for this text."""
        if self._class is None:
            self._left -= len(text)
            if self._left < 0:
                self._class = re.compile(f"[{_ranges(self._characters)}]" if self._characters else "(?!)")
        return self._class

    def places(self, text: str) -> list[int]:
        """Where they stand."""
        compiled = self._expression(text)
        if compiled is None:
            return [at for at, character in enumerate(text) if character in self._characters]
        return [found.start() for found in compiled.finditer(text)]

    def count(self, text: str) -> int:
        """How many there are."""
        compiled = self._expression(text)
        return len(self.places(text)) if compiled is None else len(compiled.findall(text))

    def are_in(self, text: str) -> bool:
        """Whether there is one."""
        compiled = self._expression(text)
        return not self._characters.isdisjoint(text) if compiled is None else compiled.search(text) is not None


def _ranges(characters: Iterable[str]) -> str:
    """The inside of a class of these characters. Beyond the first plane they are compared one by one, ranges at once.

    >>> _ranges("bcdz-")
    '\\\\-b-dz'
    """
    codes = sorted(map(ord, characters))
    starts = [code for code, before in zip(codes, [-2, *codes], strict=False) if code - 1 != before]
    stops = [code for code, after in zip(codes, [*codes[1:], -2], strict=True) if code + 1 != after]
    pairs = zip(map(chr, starts), map(chr, stops), strict=True)
    return "".join(re.escape(a) if a == b else f"{re.escape(a)}-{re.escape(b)}" for a, b in pairs)
