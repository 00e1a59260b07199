"""Which lines of a block may repeat another one: a search that looks at every line once, and compares no two.

Lines can only be repeats if they share a trait: what they say, the beginning of it, or one of its pieces (`seen.pieces`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import chain

from .earlier import Earlier
from .seen import may_be_alike, pieces

__all__ = ["CUT_OFF_CHARS", "candidates"]

CUT_OFF_CHARS = 8
"""A line that says no more than this is no teaser."""


def candidates(said: Sequence[str], bare: Sequence[str], earlier: Earlier) -> list[int]:
    """The lines that share a trait with another one, or with a line seen before, in order.

    Args:
        said: the key of each line.
        bare: the same without the line's decoration; often the same objects.
        earlier: lines of earlier blocks.

    >>> candidates(["桥通车了", "渡口停航", "桥通车了"], ["桥通车了", "渡口停航", "桥通车了"], Earlier())
    [0, 2]
    """
    long = [place for place, key in enumerate(bare) if len(key) >= CUT_OFF_CHARS]
    shared = _sharing([bare[place][:CUT_OFF_CHARS] for place in long], long)
    also = {
        own: place for place, (own, key) in enumerate(zip(bare, said, strict=True)) if own is not key and own != key
    }
    whole = [*said, *also]
    shared |= _sharing(whole, [*range(len(said)), *also.values()])
    able = [place for place in long if may_be_alike(bare[place])]
    parts = [pieces(bare[place]) for place in able]
    shared |= _sharing(
        [*chain.from_iterable(parts)], [place for place, own in zip(able, parts, strict=True) for _ in own]
    )
    if len(earlier):
        earlier.look_up(whole, (bare[place] for place in able))
        for place, key in enumerate(bare):
            is_known = earlier.equal(said[place]) or earlier.equal(key)
            if is_known or (may_be_alike(key) and earlier.alike(key)):
                shared.add(place)
    return sorted(shared)


def _sharing(traits: Sequence[Hashable], places: Sequence[int]) -> set[int]:
    """The places of lines that share a trait, given with the trait of each."""
    # A set tells at once whether any two are equal, as they hardly ever are.
    if len(set(traits)) == len(traits):
        return set()
    times = Counter(traits)
    return {place for trait, place in zip(traits, places, strict=True) if times[trait] > 1}
