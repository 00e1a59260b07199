"""Where a character could have become more than one: what was chosen, and what decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from .detect import documents_speak, is_japanese, japanese_titles, proofs
from .directions import DIRECTIONS, exact_steps, speller
from .division import division
from .orthography import candidates
from .protect import descriptions

if TYPE_CHECKING:
    from .convert import Converter

__all__ = ["Ambiguity", "ambiguities"]

# The vocabulary steps of these change lengths; the characters are decided as in their plain sisters.
_SISTERS = {"tw2sp": "tw2s", "s2twp": "s2tw"}
_DOCUMENT = {"hans": "the document is Simplified"}


class Ambiguity(NamedTuple):
    """One character that had more than one possible result.

    Attributes:
        line: 1 for the first line.
        column: 1 for its first character.
        source: the character.
        chosen: what it became; "" where a settled piece took it.
        alternatives: what else it becomes in other words.
        reason: `word: 乾隆`, `what stands around it`, `no word decides`, `settled by you` (a phrase or protected
            term of the user, an address), `the line is Simplified` (Traditional, Japanese), `the document is Simplified`.
        words: how the line is divided there: the word before, the word itself, the word behind.
    """

    line: int
    column: int
    source: str
    chosen: str
    alternatives: tuple[str, ...]
    reason: str
    words: tuple[str, ...]


def ambiguities(converter: Converter, text: str) -> Iterator[Ambiguity]:
    """The ambiguous characters of a text, in order. See `Converter.ambiguities`."""
    converter = converter.to(_SISTERS.get(converter.direction, converter.direction))
    names = {name for group in DIRECTIONS[converter.direction] for name in group} & {"STCharacters", "TSCharacters"}
    if not names:
        return
    results = candidates("traditional" if names.pop() == "STCharacters" else "simplified")
    pattern = re.compile("[" + "".join(results) + "]")
    speaks = documents_speak(text)
    chosen = converter.convert(text).split("\n")
    for number, line in enumerate(text.split("\n"), 1):
        places = [found.start() for found in pattern.finditer(line)]
        if not places:
            continue
        shifts = _shifts(line, converter)
        whole = "" if converter.exact else _whole(line, converter.direction, speaks(number - 1))
        why = _by_steps(converter.direction, line) if converter.exact else _by_words(converter.direction, line)
        for place in places:
            shift = shifts[place]
            result, (reason, words) = "", why(place)
            if shift is None:
                reason, words = "settled by you", ()
            else:
                result, reason = chosen[number - 1][place + shift], whole or reason
            others = tuple(other for other in results[line[place]] if other != result)
            if others:
                yield Ambiguity(number, place + 1, line[place], result, others, reason, words)


_Why = Callable[[int], tuple[str, tuple[str, ...]]]


def _by_words(direction: str, line: str) -> _Why:
    """Tells for the places of a line what decided, and how it is divided there."""
    step = speller(direction)
    read = step.read(line)
    winners = step.winners(read)

    def why(place: int) -> tuple[str, tuple[str, ...]]:
        words, here = division().words(line, place)
        for start, length, order, _ in winners:
            if start <= place < start + length:
                return "what stands around it" if order < 0 else f"word: {line[start : start + length]}", words
        return f"word: {here}" if len(here) > 1 else "no word decides", words

    return why


def _by_steps(direction: str, line: str) -> _Why:
    """The same for a conversion that does exactly what opencc-python-reimplemented does."""
    *before, step = exact_steps(direction)
    for earlier in before:
        line = earlier.convert(line)

    def why(place: int) -> tuple[str, tuple[str, ...]]:
        word = step.word_at(line, place)
        return f"word: {word}" if word else "no word decides", ()

    return why


def _shifts(line: str, converter: Converter) -> list[int | None]:
    """How far settled pieces move what stands behind them; None inside of them."""
    shifts: list[int | None] = []
    moved = 0
    settled = [*converter.pins.find(line), *([] if converter.exact else descriptions(line))]
    for start, length, _, value in sorted(settled):
        if start < len(shifts):
            continue
        shifts.extend([moved] * (start - len(shifts)))
        shifts.extend([None] * length)
        moved += len(value) - length
    return [*shifts, *[moved] * (len(line) - len(shifts))]


def _whole(line: str, direction: str, document: str) -> str:
    """Why a line is left alone as a whole, for the directions that look at lines."""
    if direction not in ("hans", "hant", "tw", "hk"):
        return ""
    simplified, traditional = (proof.count(line) for proof in proofs())
    if is_japanese(line, japanese_titles(line)):
        return "the line is Japanese"
    if simplified or traditional:
        document = ""
    if direction == "hans":
        return "the line is Simplified" if simplified > traditional else _DOCUMENT.get(document, "")
    if traditional and not simplified:
        return "the line is Traditional"
    return "the document is Traditional" if document == "hant" else ""
