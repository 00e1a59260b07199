"""Single characters: which Simplified character each one stands for, and which script each one gives away."""

from __future__ import annotations

import os
from functools import lru_cache

from ..package_data import data_path
from .dictionaries import bundled
from .prepared import prepared

__all__ = ["SHARED", "character_map", "rows", "simplified_only", "traditional_only"]

_DATA = data_path("script")

SHARED = frozenset("乾著瞭藉徵覆於麽苧濛祇衹噁摺昇陞甦堃牴妳牠叡劄鎔菸氾夥吒榘甯麴醣捱碁剋祕脩蒐釐谿瓖耑迺汎旂颺鉅")
"""Characters that a conversion into Simplified may change, but that Simplified text uses as well (乾坤, 著作, 瞭望)."""

# What the dictionaries leave alone because it depends on the word; for comparing text, one side of the pair is enough.
_LOOSE = {"著": "着", "瞭": "了", "藉": "借", "覆": "复", "衹": "只", "祇": "只", "牴": "抵", "薰": "熏"}

# Characters of plants, birds, names and words that mainland reference works write like this, whatever the dictionary
# says: 菜薹, 多醣, 难捱, 檵木, 大麻鳽, 痴騃, 韩复榘, 霢霂.
_KEPT = "薹醣捱檵鳽騃榘霢"

# Simplified by the dictionaries, but common in Traditional text as well: names, printers' habits, Hong Kong's standard, words of
# their own (祢, you to a god; Cantonese 晒, all).
_ALSO_TRADITIONAL = "体庄冲并恒昵泪温灶烟碱粮群虱蘖迹雇霉韵捆咤籼糍眦瓮猫岭岳痒痹熏妆秆粽糇疴坏祢肴晒"


def rows(name: str) -> list[list[str]]:
    """The rows of one of our own tables in data/script: fields separated by tabs, `#` begins a comment line."""
    with open(os.path.join(_DATA, f"{name}.tsv"), "rb") as file:
        text = file.read().decode("utf-8")
    return [line.split("\t") for line in text.split("\n") if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def variants() -> dict[str, str]:
    """Variant forms that the dictionaries of opencc-python-reimplemented do not name, to mainland Simplified."""
    return {form: row[1] for row in rows("variants") if len(row) == 2 for form in row[0]}


def _names() -> dict[str, str]:
    """Variant forms that live on in names."""
    return {form: row[1] for row in rows("variants") if len(row) > 2 for form in row[0]}


@lru_cache(maxsize=1)
def simplified_map() -> dict[str, str]:
    """Traditional, Taiwan, Hong Kong and variant characters to mainland Simplified; chains followed to their end."""
    found = dict(bundled("TSCharacters"))
    simplified = bundled("STCharacters")
    for name in ("TWVariantsRev", "HKVariantsRev"):
        for form, standard in bundled(name).items():
            if form not in simplified and standard in found:
                found.setdefault(form, found[standard])
    found |= variants()
    ends = {form: _end(form, found) for form in found}
    return {form: end for form, end in ends.items() if form != end and form not in _KEPT}


def _end(form: str, found: dict[str, str]) -> str:
    """Where a chain of characters ends: a → b and b → c make a → c."""
    seen = {form}
    while (next_form := found.get(form, form)) not in seen:
        seen.add(next_form)
        form = next_form
    return form


@prepared
def folded_map() -> dict[int, int]:
    """Every form of a character to one of them, for words: whatever any conversion makes of it, it is the same."""
    one: dict[str, str] = {}

    def end(form: str) -> str:
        while form in one:
            form = one[form]
        return form

    pairs = [(chr(form), chr(plain)) for form, plain in character_map().items()]
    pairs += [
        (form, key) for key, forms in bundled("STCharacters", alternatives=True).items() for form in forms.split(" ")
    ]
    for name in ("TWVariants", "HKVariants"):
        pairs += [(form, key) for key, forms in bundled(name, alternatives=True).items() for form in forms.split(" ")]
    standard, traditional = standard_characters(), bundled("TSCharacters")
    for form, plain in pairs:
        # Of several, a character of the mainland that is no other's Traditional form.
        ends = sorted({end(form), end(plain)}, key=lambda c: (c not in standard, c in traditional, c))
        if len(ends) > 1:
            one[ends[1]] = ends[0]
    return {ord(form): ord(end(form)) for form in one}


@lru_cache(maxsize=1)
def standard_characters() -> frozenset[str]:
    """The 8,105 characters of the General Standard Chinese Characters (通用规范汉字表, 2013)."""
    return frozenset("".join(row[0] for row in rows("standard")))


def character_map(direction: str = "hans") -> dict[int, int]:
    """Code points to code points, one for one: the coarsest reading of a conversion, blind to words.

    Args:
        direction: `hans` folds every variant into one Simplified character, and is what keys are made with:
            two spellings of one word get one key, whatever script or region they come from.

    >>> table = character_map()
    >>> "網絡 說説 爲為 裡裏 妳 沉著 瞭解".translate(table)
    '网络 说说 为为 里里 你 沉着 了解'

    Raises:
        ValueError: another direction.
    """
    if direction != "hans":
        raise ValueError(f"character_map knows the direction 'hans', not {direction!r}")
    return {ord(form): ord(end) for form, end in (simplified_map() | _names() | _LOOSE).items()}


@lru_cache(maxsize=1)
def traditional_only() -> frozenset[str]:
    """Characters of Traditional text that Simplified text does not use: 國, 這, 說."""
    return frozenset(simplified_map()) - SHARED


@lru_cache(maxsize=1)
def simplified_only() -> frozenset[str]:
    """Characters of Simplified text that Traditional text does not use, in Taiwan or in Hong Kong: 国, 这, 说."""
    alternatives = bundled("STCharacters", alternatives=True)
    traditional = set(bundled("TSCharacters")) | SHARED | set(simplified_map())
    for name in ("TWVariants", "HKVariants"):
        traditional.update(*bundled(name, alternatives=True).values())
    traditional.update(_ALSO_TRADITIONAL)
    return frozenset(key for key, values in alternatives.items() if key not in values and key not in traditional)
