"""The signs that stand between words, each kind in one place: what ends a sentence, what closes, what opens, what is a bullet.

Whoever reads a line takes its signs from here. Where a reader needs other ones, it says so by what it adds and by what it leaves out
(`without`), so that a sign which is missing is missing for a reason. A kind is a string of its signs; `one_of` and `none_of` make a class
for an expression of it. A single sign in its two widths, as `[：:]`, is no kind, and is written where it is used.

The fold of a line (`conversion.fold`) has most of these signs in half width alone; the signs of both widths do no harm there.
"""

from __future__ import annotations

import re

__all__ = [
    "ARROWS",
    "BARS",
    "BEHIND_STOPS",
    "BOX_SIDES",
    "BULLETS",
    "CLOSING_BRACKETS",
    "CLOSING_QUOTES",
    "CLOSING_TITLES",
    "COLONS",
    "COMMAS",
    "CRIES",
    "DASHES",
    "DOTS",
    "ELLIPSES",
    "ELLIPSIS",
    "ELLIPSIS_STARTS",
    "EMOJI",
    "FOLDED_STOPS",
    "FULL_STOPS",
    "OPENING_BRACKETS",
    "OPENING_QUOTES",
    "OPENING_TITLES",
    "ROUND_CLOSING",
    "ROUND_OPENING",
    "SENTENCE_ENDS",
    "SHAPES",
    "SQUARE_CLOSING",
    "SQUARE_OPENING",
    "STARS",
    "STOPS",
    "STRAIGHT_QUOTES",
    "TRIANGLES",
    "WAVES",
    "none_of",
    "one_of",
    "without",
]


FULL_STOPS = "。！？"
"""With these a sentence of Chinese text ends."""
FOLDED_STOPS = "。!?"
"""The same in a fold (`conversion.fold`), which has ！ and ？ in half width."""
CRIES = "！？!?"
"""With these somebody cries out or asks; a headline ends in them too, where no full stop does."""
ELLIPSES = "…⋯‥"
"""One character of an ellipsis, which most writers print twice; ⋯ is what Macs and phones in Hong Kong and Taiwan type."""
SENTENCE_ENDS = "。" + CRIES + ELLIPSES + "；;"
"""With these a sentence ends, or a clause that could be one; an ellipsis in dots, besides, is in `STOPS`."""
ELLIPSIS = f"(?:[{ELLIPSES}]+|\\.{{3,}}|．{{3,}}|‧{{3,}}|。{{3,}})"
"""An expression for an ellipsis as people and pages write it: in characters of its own, or in three dots of some kind, or more."""
ELLIPSIS_STARTS = f"{ELLIPSES}.．‧。"
"""What an ellipsis begins with."""
STOPS = (*SENTENCE_ENDS, "．．．", "‧‧‧")
"""What a text ends with whose last sentence is complete. Three plain dots are as often the mark with which a page cuts a text off."""
WAVES = "~～"
"""Behind a sentence these are its tone, and end it as a full stop does."""
COMMAS, COLONS = "，,", "：:"

OPENING_QUOTES, CLOSING_QUOTES = "“‘「『", "”’」』"
STRAIGHT_QUOTES = "\"'"
"""They open and close."""
OPENING_TITLES, CLOSING_TITLES = "《〈", "》〉"
"""Around the title of a work."""
ROUND_OPENING, ROUND_CLOSING = "（(", "）)"
SQUARE_OPENING, SQUARE_CLOSING = "【[〔", "】]〕"
OPENING_BRACKETS, CLOSING_BRACKETS = ROUND_OPENING + SQUARE_OPENING, ROUND_CLOSING + SQUARE_CLOSING

BEHIND_STOPS = CLOSING_QUOTES + STRAIGHT_QUOTES + CLOSING_BRACKETS.replace("〕", "") + CLOSING_TITLES
"""What may stand behind the end of a sentence, and belongs to it; 〕 stands behind years and notes, inside of sentences."""

BARS = "|｜"
BOX_SIDES = "│┃║├┝┠┣╞╟╠└┗╚┌┏╔"
"""What a row of a table drawn with lines begins with."""
DASHES = "-–—"
"""A hyphen and two dashes: a bullet, or what parts a name from a title."""
DOTS = "·•・"
TRIANGLES = "▲△▼▽►▶▸"
SHAPES = "●○◆◇■□"
STARS = "★☆※"
ARROWS = "→↑↓"
BULLETS = DOTS + TRIANGLES + SHAPES + STARS
"""What stands before the items of a list, and before calls."""
EMOJI = "\U0001f300-\U0001faff\u2600-\u27bf"
"""Pictures, as ranges of a class."""


def without(signs: str, *others: str) -> str:
    """The signs of a kind without some of them.

    >>> without(SENTENCE_ENDS, ELLIPSES, "；;")
    '。！？!?'
    """
    left_out = frozenset().union(*others)
    return "".join(sign for sign in signs if sign not in left_out)


def one_of(*kinds: str) -> str:
    """A class of an expression that fits any of the signs.

    >>> one_of(CLOSING_BRACKETS, DASHES)
    '[）\\\\)】\\\\]〕\\\\-–—]'
    """
    return f"[{_escaped(kinds)}]"


def none_of(*kinds: str) -> str:
    """A class of an expression that fits any character but the signs.

    >>> none_of("，", FULL_STOPS)
    '[^，。！？]'
    """
    return f"[^{_escaped(kinds)}]"


def _escaped(kinds: tuple[str, ...]) -> str:
    return "".join(map(re.escape, dict.fromkeys("".join(kinds))))
