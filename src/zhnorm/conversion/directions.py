"""The directions of conversion: which dictionaries each is made of, and the steps that they become."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from .context import Speller
from .dictionaries import bundled
from .orthography import tables
from .phrases import Step, StepTables
from .targets import mainland

__all__ = ["DIRECTIONS", "GUARDED", "SPELLED", "Chain", "exact_steps", "plain_steps", "speller"]

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
    return Chain(Step(StepTables.of(*group)) for group in _groups(direction))


@cache
def speller(direction: str) -> Speller:
    """The step that decides the characters of a direction by words."""
    if direction == "hans":
        return mainland().step
    direction = GUARDED[direction][0] if direction in GUARDED else direction
    return Speller(tables(SPELLED[direction]))


def exact_steps(direction: str) -> tuple[Step, ...]:
    """The steps of `exact` up to the one in which a character with several results gets one of them."""
    steps = plain_steps(direction).steps
    return steps[:1] if DIRECTIONS[direction][0] == _TO_TRADITIONAL else steps
