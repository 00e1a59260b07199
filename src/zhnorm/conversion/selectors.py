"""Variation selectors: invisible characters that choose a form of the character before them."""

from __future__ import annotations

from collections.abc import Callable

from ..arrays.expressions import expression
from .unusual import SELECTORS

__all__ = ["around_selectors"]

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
