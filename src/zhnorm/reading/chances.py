"""From scores to probabilities: whole numbers of 1/10000, whose sums are the same everywhere."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from typing import TYPE_CHECKING, Any

from ..arrays.compiled import compiled
from .kinds import DROPPED, KINDS
from .network import ONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["chances", "weigh"]

PARTS = 10_000
"""A probability is counted in such parts."""
_SCALE = 1 << 39
"""Powers of e are counted in such parts: that, times `PARTS`, is still exact in floating point."""
_POWERS = 27 * ONE
"""Beyond, they are less than one of them."""
_GROUPS = [1 if kind in DROPPED else 0 if kind == "repeat" else 2 for kind in KINDS]
"""Kinds that go, and those that stay."""


def chances(scores: NDArray[Any], names: NDArray[Any] | None = None) -> NDArray[Any]:
    """How likely each kind is, 0 to 1.

    Args:
        scores: how much speaks for each kind, a row for each line.
        names: the same once it is known whether the line goes. That was learned from far more lines than which kind it is of: so that is
            told apart by a layer of its own, among the kinds that go, and among those that stay.
    """
    import numpy as np

    if part := compiled():
        found: NDArray[Any] = np.empty_like(scores)
        part.chances(scores, scores[:0] if names is None else names, _powers(), bytes(_GROUPS), found)
        return found
    found = _parts(scores)
    if names is not None:
        among = _parts(names) + 1
        for group in (1, 2):
            columns = [place for place, own in enumerate(_GROUPS) if own == group]
            mine = among[:, columns]
            found[:, columns] = np.rint(found[:, columns].sum(1, keepdims=True) * mine / mine.sum(1, keepdims=True))
    found /= PARTS
    return found


def weigh(given: NDArray[Any], kinds: Collection[int]) -> tuple[NDArray[Any], NDArray[Any]]:
    """The most likely of some kinds of each line, and how likely these are together; kinds are places in `KINDS`."""
    import numpy as np

    if part := compiled():
        best, together = np.empty(len(given), np.int64), np.empty(len(given))
        part.weigh(given, bytes(place in kinds for place in range(len(KINDS))), best, together)
        return best, together
    columns = np.array(sorted(kinds), np.int64)
    mine = given[:, columns]
    return columns[mine.argmax(1)], np.rint(mine * PARTS).sum(1) / PARTS


def _parts(scores: NDArray[Any]) -> NDArray[Any]:
    """Probabilities in parts."""
    import numpy as np

    below = np.minimum(scores.max(1, keepdims=True) - scores, _POWERS - 1).astype(np.int64)
    powers = _powers().take(below)
    found: NDArray[Any] = np.rint(powers * PARTS / powers.sum(1, keepdims=True))
    return found


@cache
def _powers() -> NDArray[Any]:
    """e to the power of minus each 256th, in parts; the last one is 0."""
    import numpy as np

    found: NDArray[Any] = np.rint(np.exp(np.arange(_POWERS) / -ONE) * _SCALE)
    found[-1] = 0
    return found
