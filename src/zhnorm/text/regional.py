"""Conversion of any Chinese text into a Traditional standard, line by line: by the script that a line is in."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby

from .detect import is_japanese, proofs

__all__ = ["Regional"]


class Regional:
    """Converts Simplified and mixed lines; brings Traditional ones to the standard; leaves Japanese ones alone.

    Args:
        convert: Simplified to the standard.
        standardize: Traditional to the standard; None leaves Traditional lines as they are.
    """

    def __init__(self, convert: Callable[[str], str], standardize: Callable[[str], str] | None) -> None:
        self._convert = convert
        self._standardize = standardize

    def convert(self, text: str) -> str:
        """The text, its lines converted as each one needs."""
        return "\n".join(self._apply(kind, "\n".join(lines)) for kind, lines in groupby(text.split("\n"), key=_kind))

    def _apply(self, kind: str, text: str) -> str:
        if kind == "hans":
            return self._convert(text)
        return self._standardize(text) if self._standardize and kind == "hant" else text


def _kind(line: str) -> str:
    """How a line is treated: only one without any Simplified character and with a Traditional one is Traditional."""
    simplified, traditional = proofs()
    if traditional.are_in(line) and not simplified.are_in(line):
        return "japanese" if is_japanese(line) else "hant"
    return "japanese" if is_japanese(line) else "hans"
