"""The directions of conversion: what they are called, here and elsewhere, which dictionaries each is made of, and the steps that they become.

Settings and options ask for names alone, so what steps are made of is imported when there are steps to make.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from .dictionaries import bundled

if TYPE_CHECKING:
    from .context import Speller
    from .phrases import Step

__all__ = ["DIRECTIONS", "GUARDED", "SPELLED", "Chain", "direction_named", "exact_steps", "plain_steps", "speller"]

_NAMES = {
    "zh-hans": "hans", "zh-cn": "hans", "zh-sg": "hans", "zh-my": "hans", "zh-hans-cn": "hans", "simplified": "hans",
    "zh-chs": "hans", "chs": "hans", "cn": "hans", "sc": "hans",
    "zh-hant": "hant", "traditional": "hant", "zh-cht": "hant", "cht": "hant", "tc": "hant",
    "zh-tw": "tw", "zh-hant-tw": "tw",
    "zh-hk": "hk", "zh-mo": "hk", "zh-hant-hk": "hk", "zh-hant-mo": "hk",
}  # fmt: skip
"""What they are called by the locales of BCP 47, MediaWiki and zhconv."""


def direction_named(name: str) -> str:
    """The direction that a name means; the name itself if it is known nowhere else.

    >>> direction_named("zh_TW"), direction_named("s2twp.json"), direction_named("T2S"), direction_named("t3s")
    ('tw', 's2twp', 't2s', 't3s')
    """
    known = name.lower()
    return _NAMES.get(known.replace("_", "-"), known.removesuffix(".json"))


_FROM_TAIWAN = ("TWVariantsRevPhrases", "TWVariantsRev")
_FROM_HONG_KONG = ("HKVariantsRevPhrases", "HKVariantsRev")
_TO_SIMPLIFIED = ("TSPhrases", "TSCharacters")
_TO_TRADITIONAL = ("STPhrases", "STCharacters")

DIRECTIONS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "hans": (_TO_SIMPLIFIED,),
    "hant": (_TO_TRADITIONAL,),
    "tw": (_TO_TRADITIONAL, ("TWVariants",)),
    "hk": (_TO_TRADITIONAL, ("HKVariants",)),
    "t2s": (_TO_SIMPLIFIED,),
    "tw2s": (_FROM_TAIWAN, _TO_SIMPLIFIED),
    "tw2sp": (("TWPhrasesRev", *_FROM_TAIWAN), _TO_SIMPLIFIED),
    "hk2s": (_FROM_HONG_KONG, _TO_SIMPLIFIED),
    "s2t": (_TO_TRADITIONAL,),
    "s2tw": (_TO_TRADITIONAL, ("TWVariants",)),
    "s2twp": (_TO_TRADITIONAL, ("TWPhrases",), ("TWVariants",)),
    "s2hk": (_TO_TRADITIONAL, ("HKVariants",)),
    "t2tw": (("TWVariants",),),
    "t2hk": (("HKVariants",),),
    "tw2t": (_FROM_TAIWAN,),
    "hk2t": (_FROM_HONG_KONG,),
    "t2jp": (("JPVariants",),),
    "jp2t": (("JPVariants reversed",),),
}
"""Name of a direction to its steps, each a group of dictionaries of opencc-python-reimplemented, in order.

`hans`, `hant`, `tw` and `hk` say what they become with corrections off.
"""

SPELLED = {
    "t2s": "t2s", "tw2s": "hans", "hk2s": "hans", "tw2sp": "tw2sp", "s2t": "s2t", "s2tw": "s2tw", "s2hk": "s2hk", "s2twp": "s2twp",
}  # fmt: skip
GUARDED = {"hant": ("s2t", None), "tw": ("s2tw", "t2tw"), "hk": ("s2hk", "t2hk")}


class Chain:
    """Steps one after another."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self.steps = tuple(steps)

    def convert(self, text: str) -> str:
        for step in self.steps:
            text = step.convert(text)
        return text


def _load(name: str) -> Mapping[str, str]:
    if name != "JPVariants reversed":
        return bundled(name)
    found: dict[str, str] = {}
    for old, new in bundled("JPVariants").items():
        found.setdefault(new, old)
    return found


def _groups(direction: str) -> list[tuple[list[Mapping[str, str]], Mapping[str, str] | None]]:
    """The dictionaries of each step. A step of characters alone is folded into the one before it."""
    groups: list[tuple[list[Mapping[str, str]], Mapping[str, str] | None]] = []
    for names in DIRECTIONS[direction]:
        if groups and names in (("TWVariants",), ("HKVariants",)):
            groups[-1] = groups[-1][0], _load(names[0])
        else:
            groups.append(([_load(name) for name in names], None))
    return groups


@cache
def plain_steps(direction: str) -> Chain:
    """The steps of a direction, made of its dictionaries alone."""
    from .phrases import Step, StepTables

    return Chain(Step(StepTables.of(*group)) for group in _groups(direction))


@cache
def speller(direction: str) -> Speller:
    """The step that decides the characters of a direction by words."""
    from .context import Speller
    from .orthography import tables
    from .targets import mainland

    if direction == "hans":
        return mainland().step
    direction = GUARDED[direction][0] if direction in GUARDED else direction
    return Speller(tables(SPELLED[direction]))


def exact_steps(direction: str) -> tuple[Step, ...]:
    """The steps of `exact` up to the one in which a character with several results gets one of them."""
    steps = plain_steps(direction).steps
    return steps[:1] if DIRECTIONS[direction][0] == _TO_TRADITIONAL else steps
