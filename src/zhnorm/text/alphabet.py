"""The letters and signs that networks of letters know: a number for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..arrays.character_table import codes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["CLASSES", "HAN", "NOTHING", "Alphabet"]

CLASSES = 8
"""The first numbers: no letter, spaces, and letters and signs that are in no alphabet of a few thousand, by what they are."""
NOTHING, _SPACE, HAN, _LETTER, _EMOJI, _SIGN = range(6)


class Alphabet:
    """The letters and signs that have a number of their own.

    Args:
        codes: their code points, in order.

    Attributes:
        table: the number of each character of 16 bits.
    """

    def __init__(self, codes: NDArray[Any]) -> None:
        import numpy as np

        self.codes = codes
        table = np.full(1 << 16, _SIGN, np.int64)
        table[0xC0:0x2000] = table[0x2E80:0x3400] = _LETTER
        table[0x3400:0xA000] = HAN
        table[0x2600:0x27C0] = _EMOJI
        table[codes] = np.arange(CLASSES, CLASSES + len(codes))
        table[ord("1") : ord("9") + 1] = table[ord("0")]
        table[[ord(space) for space in " \t\u3000\xa0\u2002\u2003"]] = _SPACE
        table[ord("\n")] = NOTHING
        self.table = table

    def numbers(self, folded: str) -> NDArray[Any]:
        """The number of each letter of folded text; a line end is none.

        >>> import numpy as np
        >>> Alphabet(np.array([48, 0x8239], np.uint32)).numbers("7船渡").tolist()
        [8, 9, 2]
        """
        import numpy as np

        codes = codes_of(folded)
        found: NDArray[Any] = self.table.take(codes, mode="clip")
        beyond = np.flatnonzero(codes > 0xFFFF)
        if len(beyond):
            found[beyond] = np.where(codes[beyond] < 0x20000, _EMOJI, HAN)
        return found
