"""Which region a text is from: the mainland, Taiwan or Hong Kong, by the forms of its characters and by its words."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Literal, NamedTuple

from .characters import rows, simplified_map
from .dictionaries import bundled
from .patterns import split_context
from .prepared import prepared

__all__ = ["Region", "region_of"]

Name = Literal["mainland", "taiwan", "hong kong", ""]

# Characters that one region writes so and the other does not; of Hong Kong those of Cantonese as well.
_FORMS: tuple[tuple[Name, str], ...] = (
    ("taiwan", "裡麵牠祂"),
    ("hong kong", "裏麪衞綫説啓鈎鋭税脱閲悦温嘅咗喺佢哋冇嘢啲嚟睇畀"),
)
_SURE_SHARE = 0.6
_MOST_REASONS = 5
_LONGEST = 5
_HEAD_CHARS = 20_000


class Region(NamedTuple):
    """What `region_of` found.

    Attributes:
        name: `mainland`, `taiwan`, `hong kong`, or "" where nothing tells.
        share: the part of the evidence that speaks for it.
        reasons: the forms and words that tell most, the most frequent first.
    """

    name: Name
    share: float
    reasons: tuple[str, ...]


def region_of(text: str, script: str) -> Region:
    """The region of a text whose script is known, by its first 20,000 characters.

    Simplified text that has no word of any region is the mainland's.

    >>> region_of("在網路上找資訊的軟體，裡面有說明", "hant")
    Region(name='taiwan', share=1.0, reasons=('網路', '資訊', '軟體', '裡'))
    >>> region_of("鼠标和软件的默认设置", "hans").name
    'mainland'
    """
    text = text[:_HEAD_CHARS]
    found: dict[Name, Counter[str]] = {"taiwan": Counter(), "mainland": Counter(), "hong kong": Counter()}
    words = _words()
    simple = text.translate(_simple())
    for start in range(len(simple)):
        for size in range(2, _LONGEST + 1):
            region = words.get(simple[start : start + size])
            if region and start + size <= len(simple):
                found["taiwan" if region == "taiwan" else "mainland"][text[start : start + size]] += 1
    if script in ("hant", "mixed"):
        for name, forms in _FORMS:
            found[name].update(c for c in text if c in forms)
    total = sum(counts.total() for counts in found.values())
    if not total:
        return Region("mainland" if script == "hans" else "", 0.0, ())
    best = max(found, key=lambda name: found[name].total())
    share = found[best].total() / total
    if share < _SURE_SHARE:
        return Region("", share, ())
    return Region(best, share, tuple(reason for reason, _ in found[best].most_common(_MOST_REASONS)))


@cache
def _simple() -> dict[int, str]:
    return {ord(form): plain for form, plain in simplified_map().items()}


@prepared
def _words() -> dict[str, str]:
    """Words, in Simplified, that one region has for what the other calls something else, and which."""
    simple = _simple()
    pairs = {word.translate(simple): result.translate(simple) for word, result in bundled("TWPhrases").items()}
    in_both = set()
    for here, there, _, _ in rows("taiwan"):
        if there == "-" or "(" in here:
            in_both.add(split_context(here)[1])
        elif "(" not in here:
            pairs[here] = there.translate(simple)
    in_both |= set(pairs.values()) & pairs.keys()
    found = dict.fromkeys((word for word in pairs.values() if len(word) > 1), "taiwan")
    found |= dict.fromkeys((word for word in pairs if len(word) > 1), "mainland")
    return {word: region for word, region in found.items() if word not in in_both}
