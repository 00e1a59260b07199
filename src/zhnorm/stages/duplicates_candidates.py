"""Which lines of a block may repeat another one: a search that looks at every line once, and compares no two.

Lines can only be repeats if they share a trait: what they say, the beginning of it, or one of its pieces (`duplicates_seen.pieces`). The
traits of many documents are numbers, and looked at all at once; those of a short one are texts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from itertools import chain

from ..arrays.hashes import PieceHashes
from .duplicates_earlier import Earlier
from .duplicates_seen import may_be_alike, pieces, places_of_pieces

__all__ = ["CUT_OFF_CHARS", "candidates", "candidates_from_earlier", "candidates_of_many"]

CUT_OFF_CHARS = 8
"""A line that says no more than this is no teaser."""
_HEAD, _PLACE, _DOCUMENT = 0xC2B2AE3D27D4EB4F, 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
"""Traits of different kinds, places and documents have different numbers."""


def candidates(said: Sequence[str], bare: Sequence[str]) -> list[int]:
    """The lines of a document that share a trait with another one, in order.

    Args:
        said: the key of each line.
        bare: the same without the line's decoration; often the same objects.

    >>> candidates(["桥通车了", "渡口停航", "桥通车了"], ["桥通车了", "渡口停航", "桥通车了"])
    [0, 2]
    """
    long = [place for place, key in enumerate(bare) if len(key) >= CUT_OFF_CHARS]
    shared = _sharing([bare[place][:CUT_OFF_CHARS] for place in long], long)
    also = [
        (own, place) for place, (own, key) in enumerate(zip(bare, said, strict=True)) if own is not key and own != key
    ]
    shared |= _sharing([*said, *(own for own, _ in also)], [*range(len(said)), *(place for _, place in also)])
    able = [place for place in long if may_be_alike(bare[place])]
    parts = [pieces(bare[place]) for place in able]
    shared |= _sharing(
        [*chain.from_iterable(parts)], [place for place, own in zip(able, parts, strict=True) for _ in own]
    )
    return sorted(shared)


def candidates_from_earlier(said: Sequence[str], bare: Sequence[str], earlier: Earlier) -> set[int]:
    """The lines of a block that share a trait with a line of an earlier one; the arguments as in `candidates`.

    >>> candidates_from_earlier(["桥通车了"], ["桥通车了"], Earlier())
    set()
    """
    if not len(earlier):
        return set()
    earlier.look_up(chain(said, bare), filter(may_be_alike, bare))
    return {
        place
        for place, (own, key) in enumerate(zip(said, bare, strict=True))
        if earlier.equal(own) or earlier.equal(key) or (may_be_alike(key) and earlier.alike(key))
    }


def candidates_of_many(said: Sequence[Sequence[str]], bare: Sequence[Sequence[str]]) -> list[list[int]]:
    """What `candidates` gives for each of many documents, all at once; the arguments as there, for each.

    >>> one, other = ["桥通车了", "渡口停航", "桥通车了"], ["桥通车了"]
    >>> candidates_of_many([one, other], [one, other])
    [[0, 2], []]
    """
    import numpy as np

    keys = [*chain.from_iterable(bare)]
    numbers = np.repeat(np.arange(len(bare)), [len(each) for each in bare])
    others = [
        (own, place)
        for place, (own, key) in enumerate(zip(chain.from_iterable(said), keys, strict=True))
        if own is not key and own != key
    ]
    lines = np.concatenate([np.arange(len(keys)), np.array([place for _, place in others], np.int64)])
    texts = [*keys, *(own for own, _ in others)]
    stops = np.cumsum([len(text) for text in texts])
    starts = stops - np.array([len(text) for text in texts])
    hashes = PieceHashes("".join(texts))
    long = [place for place, key in enumerate(keys) if len(key) >= CUT_OFF_CHARS]
    able = [place for place in long if may_be_alike(keys[place])]
    owners, places, first, last = places_of_pieces([len(keys[place]) for place in able])
    owners = np.array(able, np.int64)[owners]
    heads = np.array(long, np.int64)
    traits = np.concatenate(
        [
            hashes.of(starts, stops),
            hashes.of(starts[heads], starts[heads] + CUT_OFF_CHARS) ^ np.uint64(_HEAD),
            hashes.of(starts[owners] + first, starts[owners] + last) ^ (places.astype(np.uint64) * np.uint64(_PLACE)),
        ]
    )
    owner = np.concatenate([lines, heads, owners])
    traits ^= (numbers[owner].astype(np.uint64) + np.uint64(1)) * np.uint64(_DOCUMENT)
    order = np.argsort(traits, kind="stable")
    same = np.flatnonzero(traits[order[1:]] == traits[order[:-1]])
    shared = np.flatnonzero(np.bincount(owner[np.concatenate([order[same], order[same + 1]])]))
    found: list[list[int]] = [[] for _ in bare]
    sizes = np.cumsum([0, *(len(each) for each in bare)])
    for place in shared.tolist():
        number = int(numbers[place])
        found[number].append(place - int(sizes[number]))
    return found


def _sharing(traits: Sequence[Hashable], places: Sequence[int]) -> set[int]:
    """The places of lines that share a trait, given with the trait of each."""
    # A set tells at once whether any two are equal, as they hardly ever are.
    if len(set(traits)) == len(traits):
        return set()
    times = Counter(traits)
    return {place for trait, place in zip(traits, places, strict=True) if times[trait] > 1}
