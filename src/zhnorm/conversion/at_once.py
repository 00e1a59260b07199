"""A whole conversion in C, where the compiled part is there: characters, words, their division, and which lines are converted at all.

`Mainland`, `Regional` (`targets.py`) and `Speller` (`context.py`) are its twins: they say what each line becomes, and are asked for
lines with kana in any case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from types import ModuleType
from typing import Any

from ..arrays.character_kinds import code_points
from ..arrays.compiled import compiled
from .characters import SHARED
from .context import Plain
from .detect import KANA, proof_characters
from .division import dividing
from .protect import DESCRIPTIONS, SELECTORS

__all__ = ["ALL_LINES", "TO_MAINLAND", "TO_REGION", "AtOnce"]

ALL_LINES, TO_MAINLAND, TO_REGION = range(3)
"""What is converted: every line, or as each one needs."""

_TWIN_CHARS = 1_000
"""So many characters are converted by the twin, which has less to load."""
_ADDRESSES = "@:w]"
"""What may begin an address, a link or a mention (`protect.addresses`)."""

Other = Callable[[str, int], str]
"""Converts a line, given its number."""


class AtOnce:
    """Converts texts in one go.

    Args:
        plain: what the step looks up.
        kind: `ALL_LINES`, `TO_MAINLAND` or `TO_REGION`.
        standard: what characters become in Traditional lines; None leaves these as they are.
    """

    def __init__(self, plain: Plain, kind: int, standard: Mapping[int, int] | None = None) -> None:
        self._plain = plain
        self._kind = kind
        self._standard = standard
        self._left = _TWIN_CHARS

    def document(self, text: str) -> str | None:
        """A document converted; None if something in it has to be looked at first: kana, addresses, what is unusual."""
        return self.lines(text, None, None)

    def lines(self, text: str, speaks: Callable[[int], str] | None, other: Other | None) -> str | None:
        """Lines converted, those with kana by `other`; None if that is for the twin."""
        if self._left > 0:
            self._left -= len(text)
            if self._left > 0:
                return None
        part = compiled()
        if part is None or (made := self._made) is None:
            return None
        found: str | None = part.spell(made, text, speaks, other)
        return found

    @cached_property
    def _made(self) -> Any:
        part = compiled()
        assert part is not None
        codes, reading, (pairs, first, second), contexts, alone = self._plain
        anchors = {pair[0] for pair in first} | {pair[1] for pair in second}
        try:
            return part.speller(
                _division(part), self._kind, codes, reading, pairs, contexts, "".join(anchors), "".join(alone),
                None if self._standard is None else dict(self._standard), self._told(codes),
            )  # fmt: skip
        except ValueError:  # a context in signs that are not known there
            return None

    def _told(self, codes: Mapping[int, int]) -> tuple[str, ...]:
        kana = "".join(map(chr, code_points(KANA)))
        unusual = "".join(map(chr, code_points(DESCRIPTIONS + SELECTORS)))
        doubtful = "".join(c for c in SHARED if ord(c) in codes)
        return (*proof_characters(), doubtful, kana, "".join(SHARED), unusual, _ADDRESSES)


@cache
def _division(part: ModuleType) -> Any:
    return part.division(*dividing())
