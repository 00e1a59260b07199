"""Which lines of a block may repeat each other, before any two are compared.

Two lines can only be repeats if they share a trait: what they say, the beginning of it, or a quarter of it at the same
place of a line of the same length.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence

from ..text.similar import MAX_CHARS
from .memory import QUARTERS, Seen

__all__ = ["ALIKE_CHARS", "CUT_OFF_CHARS", "candidates"]

ALIKE_CHARS = 26
"""Shorter lines count as repeats only if they are equal: one character of twenty changes too much."""
CUT_OFF_CHARS = 8
"""A line that says no more than this is no teaser."""


def candidates(said: Sequence[str], others: Sequence[Sequence[str]], seen: Seen) -> list[int]:
    """The lines that share a trait with another one, or with a line seen before, in order.

    Args:
        said: the key of each line.
        others: in other words what each line says: for each kind of words one key for each line, the first of them
            without the line's decoration. Often the same objects as in `said`.
        seen: lines of earlier blocks.

    >>> candidates(["桥通车了", "渡口停航", "桥通车了"], [["桥通车了", "渡口停航", "桥通车了"]], Seen())
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
    sizes = [size for key in said if ALIKE_CHARS <= (size := len(key)) <= MAX_CHARS]
    if len(set(sizes)) < len(sizes):
        shared |= _sharing_a_quarter(said)
    if len(seen):
        known = seen.known(set(whole))
        for place, key in enumerate(said):
            if any(words[place] in known for words in (said, *others)) or next(seen.alike(key), None):
                shared.add(place)
    return sorted(shared)


def _sharing_a_quarter(said: Sequence[str]) -> set[int]:
    """The places of keys of the same length that share a quarter at the same place."""
    groups: dict[int, list[int]] = {}
    for place, key in enumerate(said):
        groups.setdefault(len(key), []).append(place)
    shared: set[int] = set()
    for size, places in groups.items():
        if len(places) > 1 and ALIKE_CHARS <= size <= MAX_CHARS:
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
