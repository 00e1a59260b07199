"""Which lines of a block may repeat each other, before any two are compared.

Two lines can only be repeats if they share a trait: what they say, the beginning of it, or a quarter of it at the same
place of a line of the same length.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

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
    shared: set[int] = set()
    # A set of strings tells at once whether any two are equal, as they hardly ever are.
    heads = [core[:CUT_OFF_CHARS] for core, key in zip(bare, said, strict=True) if len(key) >= CUT_OFF_CHARS]
    if len(set(heads)) < len(heads):
        long = (place for place, key in enumerate(said) if len(key) >= CUT_OFF_CHARS)
        shared |= _sharing(zip(heads, long, strict=True))
    whole = [*said, *(word for words in others for word, key in zip(words, said, strict=True) if word is not key)]
    if len(set(whole)) < len(whole):
        shared |= _sharing((word, place) for words in (said, *others) for place, word in enumerate(words))
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
        groups.setdefault(len(key), []).append(place)
    shared: set[int] = set()
    for size, places in groups.items():
        if len(places) > 1 and may_be_alike(said[places[0]]):
            step = size // QUARTERS
            for start in range(0, QUARTERS * step, step):
                parts = [said[place][start : start + step] for place in places]
                if len(set(parts)) < len(parts):
                    shared |= _sharing(zip(parts, places, strict=True))
    return shared


def _sharing(traits: Iterable[tuple[Hashable, int]]) -> set[int]:
    """The places of lines that share a trait."""
    first: dict[Hashable, int] = {}
    shared = set()
    for trait, place in traits:
        other = first.setdefault(trait, place)
        if other != place:
            shared |= {other, place}
    return shared
