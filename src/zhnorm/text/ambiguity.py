"""Where a character could have become more than one: what was chosen, and what decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from .characters import rows
from .detect import is_japanese, proofs
from .dictionaries import bundled

if TYPE_CHECKING:
    from .convert import Converter

__all__ = ["Ambiguity", "ambiguities"]

# The vocabulary steps of these change lengths; the characters are decided as in their plain sisters.
_SISTERS = {"tw2sp": "tw2s", "s2twp": "s2tw"}


class Ambiguity(NamedTuple):
    """One character that had more than one possible result.

    Attributes:
        line: 1 for the first line.
        column: 1 for its first character.
        source: the character.
        chosen: what it became; "" where a settled piece took it.
        alternatives: what else it becomes in other words.
        reason: `word: 乾隆`, `no word decides`, `settled by you` (a phrase or protected
            term of the user, an address), `the line is Simplified` (Traditional, Japanese).
    """

    line: int
    column: int
    source: str
    chosen: str
    alternatives: tuple[str, ...]
    reason: str


@cache
def _results(dictionary: str) -> dict[str, tuple[str, ...]]:
    """Characters with more than one result, and all of them."""
    found = {key: value.split(" ") for key, value in bundled(dictionary, alternatives=True).items()}
    if dictionary == "TSCharacters":
        for character, becomes, *_ in rows("context"):
            found.setdefault(character, [character]).append(becomes)
    unique = {key: tuple(dict.fromkeys(values)) for key, values in found.items()}
    return {key: values for key, values in unique.items() if len(values) > 1}


def ambiguities(converter: Converter, text: str) -> Iterator[Ambiguity]:
    """The ambiguous characters of a text, in order. See `Converter.ambiguities`."""
    from .convert import DIRECTIONS, deciding_steps

    converter = converter.to(_SISTERS.get(converter.direction, converter.direction))
    names = {name for group in DIRECTIONS[converter.direction] for name in group} & {"STCharacters", "TSCharacters"}
    if not names:
        return
    results = _results(names.pop())
    pattern = re.compile("[" + "".join(results) + "]")
    *before, step = deciding_steps(converter.direction, converter.exact)
    for number, line in enumerate(text.split("\n"), 1):
        places = [found.start() for found in pattern.finditer(line)]
        if not places:
            continue
        read = line
        for earlier in before:
            read = earlier.convert(read)
        shifts = _shifts(line, converter)
        chosen = converter.convert(line)
        whole = "" if converter.exact else _whole(line, converter.direction)
        for place in places:
            shift = shifts[place]
            if shift is None:
                result, reason = "", "settled by you"
            else:
                word = step.word_at(read, place)
                result, reason = chosen[place + shift], whole or (f"word: {word}" if word else "no word decides")
            others = tuple(other for other in results[line[place]] if other != result)
            yield Ambiguity(number, place + 1, line[place], result, others, reason)


def _shifts(line: str, converter: Converter) -> list[int | None]:
    """How far settled pieces move what stands behind them; None inside of them."""
    shifts: list[int | None] = []
    moved = 0
    for start, length, _, value in converter.pins.find(line):
        shifts.extend([moved] * (start - len(shifts)))
        shifts.extend([None] * length)
        moved += len(value) - length
    return [*shifts, *[moved] * (len(line) - len(shifts))]


def _whole(line: str, direction: str) -> str:
    """Why a line is left alone as a whole, for the directions that look at lines."""
    simplified, traditional = proofs()
    if direction not in ("hans", "hant", "tw", "hk"):
        return ""
    if is_japanese(line):
        return "the line is Japanese"
    if direction == "hans":
        ours, theirs = simplified.count(line), traditional.count(line)
        return "the line is Simplified" if ours > theirs else ""
    return "the line is Traditional" if traditional.are_in(line) and not simplified.are_in(line) else ""
