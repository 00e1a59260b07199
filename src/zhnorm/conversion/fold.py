"""Folding: what a line says, whatever script, width, marks, spaces and case it is written in.

Two forms, both one table look-up per character:

- `fold` keeps the length: Traditional to Simplified, full width to half width, capitals to small letters, every kind of
  space to a plain one. Position 7 of the fold is position 7 of the text, so a pattern found in one trims the other.
- `key` is the fold without anything that is not a letter, a digit or an ideograph. Two lines with one key say the same.

The ranges below are written out rather than taken from `unicodedata`, whose tables differ between Python versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from ..arrays.character_table import CHARACTER, GONE, CharacterTable
from ..arrays.expressions import expression
from .characters import character_map
from .prepared import prepared

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["are_letters", "destinations", "fold", "folds_of", "key", "letter_places"]

_DESTINATION = expression(
    r"\]\((?=[^\s()]*[/.#:%?=]|[!-~]{1,200}?[\s)])((?:[^\s()]|\([^\s()]*\))+)(?:[ \t]+\"[^\"\n]*\")?[ \t]*\)"
)
"""Where a link of Markdown leads, and its title: what no reader sees."""

# Marks, symbols, spaces and controls: everything a key does without. "\n" stays, because keys are made for whole blocks.
_SILENT = (
    (0x01, 0x09), (0x0B, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0xA9), (0xAB, 0xB1), (0xB4, 0xB4), (0xB6, 0xB8),
    (0xBB, 0xBB), (0xBF, 0xBF), (0xD7, 0xD7), (0xF7, 0xF7), (0x2C2, 0x2DF), (0x300, 0x36F), (0x1680, 0x1680),
    (0x180B, 0x180E), (0x2000, 0x206F), (0x20A0, 0x20FF), (0x2190, 0x245F), (0x2500, 0x2775), (0x2794, 0x2BFF),
    (0x2E00, 0x2E7F), (0x2FF0, 0x2FFF), (0x3000, 0x3004), (0x3008, 0x3020), (0x302A, 0x3030), (0x303D, 0x303F),
    (0x30A0, 0x30A0), (0x30FB, 0x30FB), (0xFE00, 0xFE6F), (0xFEFF, 0xFEFF), (0xFF5F, 0xFF65), (0xFFE0, 0xFFEF),
    (0xFFF9, 0xFFFF), (0x1F000, 0x1FAFF), (0xE0001, 0xE01EF),
)  # fmt: skip
_SPACES = (0x09, 0x0B, 0x0C, 0x0D, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000)
_COLONS = (0x2236, 0xFE13, 0xFE30, 0xFE55)
_CAPITALS = (*range(0x41, 0x5B), *range(0xC0, 0xDF), *range(0x391, 0x3AA), *range(0x400, 0x430))


def _simple_folds() -> dict[int, int]:
    """Width, case and spaces; nothing about scripts."""
    table = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys(_COLONS, 0x3A)
    table |= dict.fromkeys(_SPACES, 0x20)
    small = {code: ord(chr(code).lower()) for code in _CAPITALS if len(chr(code).lower()) == 1}
    table |= small
    table |= {wide: small[plain] for wide, plain in table.items() if plain in small}
    return table


@prepared
def _folds() -> dict[int, int]:
    return character_map("hans") | _simple_folds()


@prepared
def _keys() -> dict[int, int]:
    table = character_map("hans") | _simple_folds()
    silent = {code for start, stop in _SILENT for code in range(start, stop + 1)}
    table |= dict.fromkeys(silent, GONE)
    return table | {code: GONE for code, folded in table.items() if folded in silent}


@cache
def _fold_table() -> CharacterTable:
    return CharacterTable(_folds())


@cache
def _key_table() -> CharacterTable:
    return CharacterTable(_keys())


@cache
def _silent() -> frozenset[str]:
    return frozenset(chr(code) for code, found in _keys().items() if found == GONE)


def fold(text: str) -> str:
    """The text in one script, width and case, as long as the text itself.

    >>> fold("網絡　ＡＢＣ！")
    '网络 abc!'
    """
    return _fold_table().apply(text)


def folds_of(texts: Sequence[str]) -> list[str]:
    """The folds of texts without line ends, made all at once.

    >>> folds_of(["網絡", "ＡＢＣ！"]), folds_of([])
    (['网络', 'abc!'], [])
    """
    return fold("\n".join(texts)).split("\n") if texts else []


def key(text: str) -> str:
    """What the text says: letters, digits and ideographs of its fold, without the destinations of links. "\\n" stays, so a
    block can be done at once.

    >>> key("「網絡安全」 ＡＢＣ！") == key("网络安全abc")
    True
    >>> key("見[首頁](https://example.com/)")
    '见首页'
    """
    if "](" in text:
        text = _DESTINATION.sub("]", text)
    return _key_table().apply(text)


def destinations(text: str) -> list[str]:
    """Where the links in a text lead, which its key does not say.

    >>> destinations("[甲](/a)、[乙](/b)")
    ['/a', '/b']
    """
    return _DESTINATION.findall(text) if "](" in text else []


def are_letters(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Which of some code points a key is made of.

    >>> import numpy
    >>> are_letters(numpy.array([0x7532, 0xFF09], numpy.uint32)).tolist()
    [True, False]
    """
    found: NDArray[np.bool_] = _key_table().look_up(codes) & CHARACTER != GONE
    found &= codes != ord("\n")
    return found


def letter_places(text: str) -> list[int]:
    """The places of the characters of which a key is made.

    >>> letter_places("（甲）乙")
    [1, 3]
    """
    silent = _silent()
    return [place for place, character in enumerate(text) if character not in silent]
