"""Why a line was read as what it was: the words, looks and surroundings that decided, for those who ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..messages import Message, counted
from .kinds import DROPPED, KINDS
from .line_features import OWN
from .network import network
from .read import Lines, Readings
from .surroundings import AROUND_NAMES

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Told", "in_words", "reasons", "tell"]

WORDS = {
    "size": "its length",
    "short": "no more than 6 letters",
    "brief": "7 to 14 letters",
    "headline": "as long as a headline",
    "long": "60 letters or more",
    "marks": "punctuation",
    "stops": "full stops in it",
    "ends": "ends like a sentence",
    "full-stop": "ends in 。",
    "prose": "a paragraph",
    "link": "could be a link",
    "bullet": "begins with a bullet",
    "digits": "digits",
    "latin": "Latin letters",
    "date": "a date",
    "bars": "bars or arrows",
    "spaces": "many spaces",
    "colon": "ends in a colon",
    "particles": "words of running text",
    "bracket": "begins with a bracket",
    "quote": "a quotation mark",
    "site-words": "words that sites say of themselves",
    "picture": "names a picture",
    "dropped": "known as boilerplate",
    "heads-list": "heads a list",
    "trimmed": "boilerplate at one end",
    "mass-2": "prose within 2 lines",
    "mass-5": "prose within 5 lines",
    "mass-10": "prose within 10 lines",
    "share-5": "much of the page's prose within 5 lines",
    "prose-above": "the prose is above",
    "prose-below": "the prose is below",
    "own-share": "much of the page's prose",
    "place": "far down the page",
    "links-above": "links above",
    "links-below": "links below",
    "short-above": "short lines above",
    "short-below": "short lines below",
    "hits-above": "boilerplate above",
    "hits-below": "boilerplate below",
    "far-from-prose-above": "no prose just above",
    "far-from-prose-below": "no prose just below",
    "within-prose": "prose above and below",
    "stretch": "among paragraphs",
    "stretch-size": "among many paragraphs",
    "stretch-share": "among most of the page's paragraphs",
    "stretch-largest": "in the longest text of the page",
    "stretch-of-title": "in the first text below the headline",
    "above-largest": "above the longest text of the page",
    "below-largest": "below the longest text of the page",
    "above-first": "above the first text below the headline",
    "below-first": "below the first text below the headline",
    "ends-since-title": "below lines that articles end with",
    "ends-ahead": "no line ahead that articles end with",
    "is-title": "the headline",
    "below-title": "below the headline",
    "near-title": "just below the headline",
    "no-title": "no headline on the page",
    "like-title": "words of the headline",
    "topic": "words of the text",
    "repeated": "stands on the page more than once",
    "first": "the first line of the page",
    "below-dateline": "no date above",
    "link-run": "links one after another above",
    "emoji": "emoji",
    "arrow": "an arrow",
    "address": "a web address",
    "exclaims": "ends in an exclamation mark",
    "asks": "ends in a question mark",
    "hash": "begins with #",
    "longer": "a long line",
    "link-share": "text of links",
}
"""What it means that a feature is large. Those of neighbours have their distance behind the name, as in `prose-2`."""

_MOST_PIECES = 3
_MOST_OF_A_SORT = 2
_NEIGHBOUR = re.compile("(.+)([+-])([1-3])")


def in_words(feature: str) -> Message:
    """A reason of the ledger in words.

    >>> in_words("links-below"), in_words("prose-2"), in_words("“分享到”")
    ('links below', '2 lines above: a paragraph', '“分享到”')
    """
    name = feature.partition(" ")[0]
    if name in WORDS:
        return Message(WORDS[name])
    neighbour = _NEIGHBOUR.fullmatch(name)
    if neighbour is None or neighbour[1] not in WORDS:
        # Words of the line, or a reason from a ledger of another version.
        return Message("{feature}", feature=feature)
    one, many = "1 line above: {what}", "{count} lines above: {what}"
    if neighbour[2] == "+":
        one, many = "1 line below: {what}", "{count} lines below: {what}"
    return counted(int(neighbour[3]), one, many, what=Message(WORDS[neighbour[1]]))


def reasons(lines: Lines, readings: Readings, asked: Sequence[tuple[int, str]]) -> list[tuple[str, ...]]:
    """What speaks most for a kind of a line: pieces of its words, in quotation marks, and names of looks and surroundings.

    Args:
        lines: the lines that were read.
        readings: what they were read as.
        asked: lines, each with one of `KINDS`.
    """
    import numpy as np

    found: list[tuple[str, ...]] = [()] * len(asked)
    for kind in dict.fromkeys(kind for _, kind in asked):
        places = [place for place, (_, other) in enumerate(asked) if other == kind]
        chosen = np.array([asked[place][0] for place in places])
        words = network().strongest([[lines.folds[line]] for line in chosen], kind, _MOST_PIECES)
        own, around = network().pulls(readings.scores, chosen, kind)
        looks = _largest(own * readings.seen.own[chosen], OWN)
        surroundings = _largest(around * readings.around[chosen], AROUND_NAMES)
        for place, *parts in zip(places, words, looks, surroundings, strict=True):
            found[place] = (*(f"“{word}”" for word in parts[0]), *parts[1], *parts[2])
    return found


def _largest(worth: NDArray[Any], names: Sequence[str]) -> list[list[str]]:
    """The names of the columns that are largest in each row, if they are more than nothing."""
    best = (-worth).argsort(1, kind="stable")[:, :_MOST_OF_A_SORT]
    return [[names[place] for place in row if one[place] > 0] for row, one in zip(best.tolist(), worth, strict=True)]


class Told(NamedTuple):
    """What is told of a line: its kind, how likely that is, how likely it is that the line is of a kind that goes by default (both
    0 to 1), and the reasons for the kind."""

    kind: str
    probability: float
    goes: float
    reasons: tuple[str, ...]


def tell(lines: Lines, readings: Readings) -> list[Told]:
    """What lines were read as, and why."""
    dropped = [place for place, kind in enumerate(KINDS) if kind in DROPPED]
    best = [int(chances.argmax()) for chances in readings.placed]
    why = reasons(lines, readings, [(line, KINDS[kind]) for line, kind in enumerate(best)])
    return [
        Told(KINDS[kind], round(float(chances[kind]), 3), round(float(chances[dropped].sum()), 3), because)
        for chances, kind, because in zip(readings.placed, best, why, strict=True)
    ]
