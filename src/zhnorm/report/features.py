"""The features of the page model in words (see `page.features`), for those who ask why a line went."""

from __future__ import annotations

import re

__all__ = ["in_words"]

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
}
"""What it means that a feature is large. Those of neighbours have their distance behind the name, as in `prose-2`."""

_NEIGHBOUR = re.compile("(.+)([+-])([1-3])")


def in_words(feature: str) -> str:
    """A feature of the ledger, with or without its weight, in words.

    >>> in_words("links-below +1.95"), in_words("prose-2 +0.31")
    ('links below', '2 lines above: a paragraph')
    """
    name = feature.partition(" ")[0]
    if name in WORDS:
        return WORDS[name]
    neighbour = _NEIGHBOUR.fullmatch(name)
    if neighbour is None or neighbour[1] not in WORDS:
        # From a ledger of another version.
        return feature
    lines = "1 line" if neighbour[3] == "1" else f"{neighbour[3]} lines"
    return f"{lines} {'below' if neighbour[2] == '+' else 'above'}: {WORDS[neighbour[1]]}"
