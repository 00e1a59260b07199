"""Reading a line, or a part of one, as words of a vocabulary and nothing else, or little else."""

from __future__ import annotations

from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..signs import CLOSING_QUOTES, OPENING_QUOTES, none_of, one_of, without
from .entry import DIGITS, NAME, UNITS, Entry

__all__ = ["spelled"]

_LEAST_HAN = 4
"""So many letters of the words are no Latin ones."""
_STRANGER = 3
"""Letters in no word are fewer than those in words, so many times."""
# What stands in round brackets explains a name.
_OPENING = f'{without(OPENING_QUOTES, "‘")}《【["'
_CLOSING = f'{without(CLOSING_QUOTES, "’")}》】]"'
_NAMED = expression(f"(?<![点按选击填]){one_of(_OPENING)}{none_of(_OPENING, _CLOSING)}{{1,16}}{one_of(_CLOSING)}")
"""A name in quotation marks."""
_GLUED_LETTER = expression("([a-z])\\1")
"""A button says A, and a bar of them A A A; in one word it is a rating, a battery or a cry."""
_OPENS = expression(one_of(_OPENING))


class _Way(NamedTuple):
    """How the beginning of a key is divided: letters in no word, and the words. The best way has the fewest letters and the most words."""

    strange: int
    words: tuple[str, ...]


def spelled(entry: Entry, folded: str, line_key: str) -> str | None:
    """The words that the key consists of, numbers left out; None if it holds too much else or too few words."""
    slack = entry.rule.slack
    if slack and _OPENS.search(folded) and _NAMED.search(folded):
        line_key = key(_NAMED.sub(NAME, folded))
    # Most lines and parts that are asked about are prose, and hold too many letters that no word has.
    strange = len(line_key) - sum(map(entry.letters.__contains__, line_key))
    if strange > slack or _STRANGER * strange > len(line_key) - strange:
        return None
    ways: list[_Way | None] = [None] * (len(line_key) + 1)
    ways[0] = _Way(0, ())
    for at, letter in enumerate(line_key):
        so_far = ways[at]
        if so_far is None:
            continue
        for size in _free(line_key, at, bool(slack)):
            _offer(ways, at + size, so_far.strange, so_far.words)
        if so_far.strange < slack:
            _offer(ways, at + 1, so_far.strange + 1, so_far.words)
        for size in entry.sizes.get(letter, ()):
            word = line_key[at : at + size]
            if word in entry.words:
                _offer(ways, at + len(word), so_far.strange, (*so_far.words, word))
    best = ways[-1]
    if best is None or len(best.words) < entry.rule.min_words:
        return None
    if len(set("".join(best.words))) == 1 and _GLUED_LETTER.search(folded):
        return None
    if slack and sum(len(word) > 1 for word in best.words) < entry.rule.min_words:
        return None
    if entry.needs and not any(need in word for word in best.words for need in entry.needs):
        return None
    if slack and sum(not word.isascii() and len(word) for word in best.words) < _LEAST_HAN:
        return None
    return " ".join(best.words) if _STRANGER * best.strange <= len("".join(best.words)) else None


def _offer(ways: list[_Way | None], at: int, strange: int, words: tuple[str, ...]) -> None:
    """Take a way to divide the key up to a place, if none is known that is as good."""
    other = ways[at]
    if other is None or strange < other.strange or (strange == other.strange and len(words) > len(other.words)):
        ways[at] = _Way(strange, words)


def _free(line_key: str, at: int, has_slack: bool) -> list[int]:
    """How many characters from a place on are no letters of words: a digit, perhaps with its unit; with slack a name or Latin."""
    character = line_key[at]
    if character in DIGITS:
        return [1, 2] if line_key[at + 1 : at + 2] in UNITS and at + 1 < len(line_key) else [1]
    return [1] if has_slack and (character.isascii() or character == NAME) else []
