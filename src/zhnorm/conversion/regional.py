"""Conversion of any Chinese text into a Traditional standard, line by line: by the script that a line is in."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter

from .detect import Speaks, is_japanese, japanese_titles, line_proofs, lines_with_kana

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

    def convert(self, text: str, speaks: Speaks) -> str:
        """The text, its lines converted as each one needs; `speaks` tells the script of the document that a line is in."""
        lines = text.split("\n")
        kinds = [kind or speaks(number) or "hans" for number, kind in enumerate(_kinds(text, lines))]
        if len(set(kinds)) == 1:
            return self._apply(kinds[0], text)
        groups = groupby(zip(kinds, lines, strict=True), key=itemgetter(0))
        return "\n".join([self._apply(kind, "\n".join([line for _, line in group])) for kind, group in groups])

    def _apply(self, kind: str, text: str) -> str:
        if kind == "hans":
            return self._convert(text)
        return self._standardize(text) if self._standardize and kind == "hant" else text


_BY_PROOFS = ("", "hans", "hant", "hans")


def _kinds(text: str, lines: list[str]) -> list[str]:
    """How each line is treated: only one without any Simplified character and with a Traditional one is Traditional; "" for
    one that proves nothing."""
    kinds = [_BY_PROOFS[proof] for proof in line_proofs(text)]
    for number in lines_with_kana(text):
        if is_japanese(lines[number], japanese_titles(lines[number])):
            kinds[number] = "japanese"
    return kinds
