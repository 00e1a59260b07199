"""Regular expressions that are compiled when they are first used.

There are about a hundred, which take 40 ms to compile, and a page needs a third of them.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast

__all__ = ["expression"]


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
