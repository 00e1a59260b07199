"""Whether a text holds characters that conversion has to step around: they are rare, and asking must cost next to nothing."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from ..arrays.character_table import codes_of, for_all_codes, in_arrays
from ..arrays.expressions import expression

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DESCRIPTIONS", "SELECTORS", "are_unusual"]

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
