"""Which lines of a block may repeat each other, before any two are compared.

Two lines can only be repeats if they share a trait: what they say, the beginning of it, or a quarter of it at the same
place of a line of the same length.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .earlier import Earlier
from .seen import QUARTERS, may_be_alike

__all__ = ["CUT_OFF_CHARS", "candidates"]

CUT_OFF_CHARS = 8
"""A line that says no more than this is no teaser."""


def candidates(said: Sequence[str], others: Sequence[Sequence[str]], earlier: Earlier) -> list[int]:
    """The lines that share a trait with another one, or with a line seen before, in order.

    Args:
        said: the key of each line.
        others: in other words what each line says: for each kind of words one key for each line, the first of them
            without the line's decoration. Often the same objects as in `said`.
        earlier: lines of earlier blocks.

    >>> candidates(["桥通车了", "渡口停航", "桥通车了"], [["桥通车了", "渡口停航", "桥通车了"]], Earlier())
    [0, 2]
    """
    bare = others[0]
    long = [place for place, key in enumerate(said) if len(key) >= CUT_OFF_CHARS]
    shared = _sharing([bare[place][:CUT_OFF_CHARS] for place in long], long)
    pairs = ((words, place) for words in others for place, key in enumerate(said) if words[place] is not key)
    also = dict.fromkeys((words[place], place) for words, place in pairs if words[place] != said[place])
    whole = [*said, *(words for words, _ in also)]
    shared |= _sharing(whole, [*range(len(said)), *(place for _, place in also)])
    sizes = [len(key) for key in said if may_be_alike(key)]
    if len(set(sizes)) < len(sizes):
        shared |= _sharing_a_quarter(said)
    if len(earlier):
        earlier.look_up(whole, filter(may_be_alike, said))
        for place, key in enumerate(said):
            is_known = any(earlier.equal(words[place]) for words in (said, *others))
            if is_known or (may_be_alike(key) and earlier.alike(key)):
                shared.add(place)
    return sorted(shared)


def _sharing_a_quarter(said: Sequence[str]) -> set[int]:
    """The places of keys of the same length that share a quarter at the same place."""
    groups: dict[int, list[int]] = {}
    for place, key in enumerate(said):
        if may_be_alike(key):
            groups.setdefault(len(key), []).append(place)
    shared: set[int] = set()
    for size, places in groups.items():
        if len(places) > 1:
            step = size // QUARTERS
            for start in range(0, QUARTERS * step, step):
                shared |= _sharing([said[place][start : start + step] for place in places], places)
    return shared


def _sharing(traits: Sequence[str], places: Sequence[int]) -> set[int]:
    """The places of lines that share a trait, given with the trait of each."""
    # A set of strings tells at once whether any two are equal, as they hardly ever are.
    if len(set(traits)) == len(traits):
        return set()
    times = Counter(traits)
    return {place for trait, place in zip(traits, places, strict=True) if times[trait] > 1}
