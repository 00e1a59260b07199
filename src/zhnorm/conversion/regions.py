"""Regions: which one a text is from, by the forms of its characters and by its words; and one word where regions have several.

软体 and 软件, 身分 and 身份 say the same, though no table of characters tells (`one_region`). Only comparisons use this; text keeps its
words. The pairs come from the installed dictionary of Taiwan's words (OpenCC's TWPhrasesRev), from our own
`data/script/vocabulary.tsv` (words of regions) and `data/script/spellings.tsv` (two ways to write a word).
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Literal, NamedTuple

from .characters import rows, simplified_map
from .dictionaries import bundled
from .fold import key
from .phrases import Plain, Step, StepTables
from .prepared import prepared
from .spellings import split_context

__all__ = ["Region", "one_region", "region_of"]

Name = Literal["mainland", "taiwan", "hong kong", ""]

# Characters that one region writes so and the other does not; of Hong Kong those of Cantonese as well.
_FORMS: tuple[tuple[Name, str], ...] = (
    ("taiwan", "裡麵牠祂"),
    ("hong kong", "裏麪衞綫説啓鈎鋭税脱閲悦温嘅咗喺佢哋冇嘢啲嚟睇畀"),
)
_OF_HONG_KONG = (
    "的士", "巴士", "港铁", "立法会", "质素", "屋邨", "劏房", "差饷", "泊车", "士多", "公屋", "区议会", "廉署",
    "运输署", "康文署", "食环署", "八达通", "菲佣", "外佣", "强积金",
)  # fmt: skip
"""Words of Hong Kong, in Simplified."""
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
                found[region][text[start : start + size]] += 1
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
def _words() -> dict[str, Name]:
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
    found: dict[str, Name] = dict.fromkeys((word for word in pairs.values() if len(word) > 1), "taiwan")
    found |= dict.fromkeys((word for word in pairs if len(word) > 1), "mainland")
    found |= dict.fromkeys(_OF_HONG_KONG, "hong kong")
    return {word: region for word, region in found.items() if word not in in_both}


def one_region(keys: str) -> str:
    """Keys (see `fold.key`), one a line, with the mainland's words for those of Taiwan and Hong Kong.

    >>> one_region(key("這套軟體要更新"))
    '这套软件要更新'
    """
    return _step().convert(keys)


@cache
def _step() -> Step:
    return Step(StepTables.of_plain(_tables()))


@prepared
def _tables() -> Plain:
    words: dict[str, str] = {}
    for word, names in bundled("TWPhrasesRev", alternatives=True).items():
        first, *others = key(names.replace(" ", "\n")).split("\n")
        words |= {other: first for other in (key(word), *others) if len(other) > 1}
    words |= dict(rows("vocabulary")) | dict(rows("spellings"))
    # A word that stands for another may have one itself.
    one = {word: words.get(name, name) for word, name in words.items() if word != words.get(name, name)}
    return StepTables.of([one]).as_plain()
