"""Whether a text goes on at a place, or breaks off there, and another one begins.

A small network reads the letters on both sides of a place, and says how much likelier it is that they do not belong together: that a mark is missing there, or that
what stands on one side is a piece of another text. It knows no more than what may stand beside what, and needs no sign of it.

All numbers are whole ones, as in `text/glued.py`: vectors are in parts of 1/32, weights in parts of 1/64, and no sum exceeds what single precision
holds exactly. They were learned by `python -m training.seams`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from ..arrays.matrices import product
from ..arrays.weights import read_weights
from ..package_data import data_path
from .alphabet import NOTHING, Alphabet

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MOST", "REACH", "TABLE", "UNIT", "WEIGHT_UNIT", "Seams", "seams"]

TABLE = "reading/seams.npy"
REACH = 12
"""So many letters on both sides are read."""
UNIT, WEIGHT_UNIT = 32, 64
MOST = 1023
"""What a part of the network says at most, in parts of a unit."""
_TENTHS_OF_BIT = 10 / 0.6931471805599453 / (UNIT * WEIGHT_UNIT)


class Seams:
    """The weights, and what they say."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        import numpy as np

        self._alphabet = Alphabet(arrays["alphabet"])
        self._letters = arrays["letters"].astype(np.float32)
        self._letters[NOTHING] = 0
        self._near, self._last = (arrays[f"{name}_weights"].astype(np.float32) for name in ("near", "last"))
        self._near_constants, self._last_constants = (
            arrays[f"{name}_constants"].astype(np.float32) for name in ("near", "last")
        )

    def evidence(self, places: Sequence[tuple[str, str]]) -> list[int | None]:
        """How much likelier it is, in tenths of a bit, that there is a seam between what stands in front of a place and what stands behind it than that the text goes on
        there.

        Args:
            places: what stands on both sides of each, folded (`zhnorm.conversion.fold`). Where that is nothing on one side, nothing can be said.

        >>> seams().evidence([("摆渡的人把船系好就走上了岸", ""), ("摆渡的人把船系", "好就走上了岸")])[0]
        >>> torn, whole = seams().evidence([("摆渡的人把船系好就走上了岸", "最后一班船"), ("摆渡的人把船系", "好就走上了岸")])
        >>> torn > 0 > whole
        True
        """
        sides = [
            f"{before[-REACH:]:\n>{REACH}}{behind[:REACH]:\n<{REACH}}" for before, behind in places if before and behind
        ]
        read = iter(self._read("".join(sides)) if sides else ())
        return [next(read) if before and behind else None for before, behind in places]

    def _read(self, sides: str) -> list[int]:
        import numpy as np

        letters = self._letters[self._alphabet.numbers(sides)].reshape(len(sides) // (2 * REACH), -1)
        said = np.rint((product(letters, self._near) + self._near_constants) / np.float32(WEIGHT_UNIT))
        sums = product(np.clip(said, 0, MOST), self._last) + self._last_constants
        found: list[int] = np.rint(sums[:, 0].astype(np.float64) * _TENTHS_OF_BIT).astype(np.int64).tolist()
        return found


@cache
def seams() -> Seams:
    """The network that comes with the package."""
    return Seams(read_weights(data_path(TABLE)))
