"""The words of chrome: how much each word says for the tools, calls and notices of a page, and against its text.

The weights stand in `data/words/chrome.tsv` and were learned from labelled lines (`python -m training.chrome`): the logarithm of how much
more often a word is printed by pages than by authors, where such a piece begins and ends, and where a clause of the text begins. So a piece
is judged by what it is made of, not by phrases that somebody listed.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.lexicon import lexicon
from ..conversion.prepared import prepared
from ..signs import ARROWS, CLOSING_QUOTES, ELLIPSES, OPENING_QUOTES, SQUARE_CLOSING, SQUARE_OPENING, TRIANGLES

__all__ = ["CHROME", "NEUTRAL", "Token", "Weights", "tokens", "weights"]

CHROME = os.path.join("data", "words", "chrome.tsv")
"""Where the weights stand, in the package."""
_RUN = expression("[\u3400-\u9fff]+|[a-z]+|[0-9]+|\\s+|.")
_EMOJI, _ARROW = "☺", "→"
_ALIKE = (
    (OPENING_QUOTES + CLOSING_QUOTES, "“"),
    # A fold has round brackets of half width alone.
    ("(" + SQUARE_OPENING, "("),
    (")" + SQUARE_CLOSING, ")"),
    (ELLIPSES, "…"),
    ("★☆✩", "★"),
    (f"{TRIANGLES}{ARROWS}◄⇩⇧▍◎◆●■□※»›>", _ARROW),
)
"""Signs that say the same to a reader are one row of the table."""
_SIGNS = {sign: as_one for signs, as_one in _ALIKE for sign in signs}


class Weights(NamedTuple):
    """What a word says, in tenths of a bit.

    Attributes:
        inside: that it stands in a piece of chrome, and not in text.
        last, first: that such a piece ends or begins with it.
        begins: that a clause of the text begins with it.
    """

    inside: int
    last: int
    first: int
    begins: int


NEUTRAL = Weights(0, 0, -10, 0)
_LATIN = Weights(-5, 0, 0, -10)


class Token(NamedTuple):
    """A word, a number, a space or a mark of a line, from where to where it stands, what it is as a row of the table, and
    whether it is a word or a number."""

    start: int
    stop: int
    word: str
    is_word: bool


def tokens(folded: str, start: int, stop: int, terms: Collection[str] | None = None) -> list[Token]:
    """The words and marks of a stretch of a line, given by its fold.

    Args:
        folded: the fold of the line.
        start, stop: the stretch.
        terms: what pages say that is several words in the lexicon, such as 公众号; those of the table if it is left out.

    >>> [token.word for token in tokens("早上浇,查看更多图片>", 0, 11)]
    ['早上', '浇', ',', '查看', '更多', '图片', '→']
    """
    found = []
    for run in _RUN.finditer(folded, start, stop):
        text, place = run[0], run.start()
        if "\u3400" <= text[0] <= "\u9fff":
            for word in _with_terms(lexicon().cheapest(text)[1], _table() if terms is None else terms):
                found.append(Token(place, place + len(word), word, True))
                place += len(word)
        else:
            found.append(Token(place, run.end(), _sign(text), text[0].isalnum()))
    return found


def _with_terms(words: list[str], terms: Collection[str]) -> Iterator[str]:
    """The words of a text, those together that are one term."""
    at = 0
    while at < len(words):
        for size in (3, 2):
            term = "".join(words[at : at + size])
            if at + size <= len(words) and term in terms:
                break
        else:
            term, size = words[at], 1
        yield term
        at += size


def _sign(text: str) -> str:
    sign = text[0]
    if sign.isspace():
        return " "
    if sign.isdigit():
        return "0"
    if "\U0001f000" <= sign <= "\U0001faff" or "\u2600" <= sign <= "\u27bf" or sign == "\ufe0f":
        return _SIGNS.get(sign, _EMOJI)
    return text if sign.isalpha() else _SIGNS.get(sign, sign)


def weights(word: str) -> Weights:
    """What a word of `tokens` says.

    >>> weights("公众号").inside > weights("渡口").inside
    True
    """
    if known := _table().get(word):
        return Weights(*known)
    return _LATIN if word.isascii() and word.isalpha() else NEUTRAL


@prepared(of=(CHROME,), alone=True)
def _table() -> dict[str, tuple[int, ...]]:
    table = {}
    with open(os.path.join(os.path.dirname(__file__), os.pardir, CHROME), encoding="utf-8") as file:
        for line in file:
            if line[0] != "#":
                word, *numbers = line.rstrip("\n").split("\t")
                table[word] = tuple(map(int, numbers))
    return table
