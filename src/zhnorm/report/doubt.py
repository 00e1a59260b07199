"""How doubtful a removal is: how likely it took text, and how much would be lost if it did."""

from __future__ import annotations

from math import sqrt

from zhnorm.line import Change, Indexed, Match, Neighbours, Recurring, Scored, Twin, Witness
from zhnorm.reading.kinds import CONTENT
from zhnorm.stages import CHARACTER_STAGES
from zhnorm.text.shape import ends_sentence

__all__ = ["chance_of", "chars_gone", "doubt_of"]

_PATTERN = 0.04
"""Somebody wrote a rule for such lines, with what it must leave alone."""
_PLACE = 0.1
"""It went because of where it stands."""
_DISAGREEING = 0.4
"""A rule took what was read as part of the article."""
_TWIN = 0.01
"""A line that stays says the very same."""
_RECURRING = 0.02
"""It stands on the other pages of its site, too."""
_UNLIKE = 30
"""Likeness, 100 less this, at which a twin is no longer believed."""
_FULL_CHARS = 100
"""From here on a longer text makes a removal no more doubtful."""


def chars_gone(change: Change) -> int:
    """How many characters a change took away; 0 for what works on characters.

    >>> chars_gone(Change(1, "titles", "titles/in-line", "標題 正文", "正文", Match("")))
    3
    """
    if change.stage in CHARACTER_STAGES:
        return 0
    return max(0, len(change.before.strip()) if change.after is None else len(change.before) - len(change.after))


def chance_of(change: Change, kind: str = "") -> float:
    """How likely a removal took what was text, 0 to 1, as far as its evidence tells.

    Of lines that were read it is what reading says, of repeats what the two lines differ in; rules and places are trusted, less so if
    reading took the line for a part of the article, or if it ends like a sentence.

    Args:
        change: the removal.
        kind: what its line was read as, "" if it was not.

    >>> chance_of(Change(1, "reading", "reading/ad", "雨停了。", None, Scored(0.75, ())))
    0.25
    >>> chance_of(Change(1, "boilerplate", "web/x", "雨停了", None, Match("")), "prose")
    0.4
    """
    match change.evidence:
        case Scored(score, _):
            return 1 - score
        case Witness(_, score):
            return min(1.0, _TWIN + (100 - score) / _UNLIKE)
        case Twin(_, share) | Indexed(_, share):
            return min(1.0, _TWIN + (1 - share) / 2)
        case Recurring():
            return _RECURRING
        case evidence:
            if change.after is None and kind in CONTENT:
                return _DISAGREEING
            chance = _PLACE if isinstance(evidence, Neighbours) or _is_under(evidence) else _PATTERN
            return chance * 2 if change.after is None and ends_sentence(change.before) else chance


def doubt_of(chance: float, chars: int, share: float) -> float:
    """Doubt about a removal, 0 to 100: its chance, weighed by what would be lost.

    Args:
        chance: how likely it took text, 0 to 1.
        chars: how long the text is; from 100 characters on it weighs no more.
        share: the part of its document that it is, 0 to 1. It counts if it weighs more than the length.

    >>> doubt_of(0.5, 25, 0.01), doubt_of(0.5, 8, 0.36), doubt_of(0.5, 400, 0.1)
    (25.0, 30.0, 50.0)
    """
    return round(100 * chance * max(sqrt(min(1.0, chars / _FULL_CHARS)), sqrt(min(1.0, share))), 1)


def _is_under(evidence: object) -> bool:
    return isinstance(evidence, Match) and evidence.under is not None
