"""A table of characters, applied to a whole block of text at once.

Conversion and keys are both "each character becomes one other character, or goes". Doing that through a
Python call per character runs at 1 MB/s. Here the text is looked up as an array of code units instead:

- short text goes through `str.translate` over a string of 65,536 characters (about 70 MB/s, nothing to import),
- large text goes through numpy's `take` on UTF-16 units (about 600 MB/s); text with characters beyond the
  Basic Multilingual Plane, or with lone surrogates, takes a UTF-32 road with the same result.

numpy costs 0.1 s to import, as much as translating several megabytes, so small jobs never load it.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["GONE", "CharacterTable", "in_arrays"]

GONE = 0
"""A character that maps to GONE disappears. (NUL itself therefore always maps to itself: it is never in a table.)"""

_PLANE = 0x10000
_LOAD_NUMPY_CHARS = 1_000_000
_USE_NUMPY_CHARS = 2_000
_WORD = "I" if array("I").itemsize == 4 else "L"
_UTF32 = f"utf-32-{sys.byteorder[0]}e"
_UTF16 = f"utf-16-{sys.byteorder[0]}e"


def in_arrays(chars: int) -> bool:
    """Whether so many characters are worth an array: with numpy loaded a few thousand are, without it a million."""
    return chars >= _LOAD_NUMPY_CHARS or (chars >= _USE_NUMPY_CHARS and "numpy" in sys.modules)


class CharacterTable:
    """An immutable map from character to character (or to nothing), for text of any size.

    Args:
        mapping: code point to code point; `GONE` removes the character. Characters that are not named stay.

    >>> CharacterTable({ord("網"): ord("网"), ord("！"): GONE}).apply("網絡！")
    '网絡'
    """

    __slots__ = ("_arrays", "_beyond", "_deletes", "_mapping", "_small_enough", "_string", "_translation")

    def __init__(self, mapping: Mapping[int, int]) -> None:
        self._mapping = {key: value for key, value in mapping.items() if key != value and key != 0}
        self._beyond = any(key >= _PLANE for key in self._mapping)
        self._deletes = GONE in self._mapping.values()
        # A character of the plane that becomes one beyond it needs 32 bits: then there is no small table.
        self._small_enough = not any(key < _PLANE <= value for key, value in self._mapping.items())
        units = array(_WORD, range(_PLANE))
        for key, value in self._mapping.items():
            if key < _PLANE:
                units[key] = value
        self._string = units.tobytes().decode(_UTF32, "surrogatepass")
        self._arrays: tuple[Any, Any] | None = None
        self._translation: dict[int, int | None] | None = None

    def __reduce__(self) -> tuple[type[CharacterTable], tuple[dict[int, int]]]:
        return type(self), (self._mapping,)

    def __len__(self) -> int:
        return len(self._mapping)

    def get(self, code: int) -> int:
        """The code point that `code` becomes, itself if the table does not name it, `GONE` if it is removed."""
        return self._mapping.get(code, code)

    def apply(self, text: str) -> str:
        """The text with every character looked up. Lone surrogates and unknown characters pass through."""
        if in_arrays(len(text)):
            return self.look_up(self.codes(text))
        if self._deletes and "\0" in text:
            return "\0".join(map(self.apply, text.split("\0")))
        if self._beyond and text and max(text) >= "\U00010000":
            if self._translation is None:
                self._translation = {key: value or None for key, value in self._mapping.items()}
            return text.translate(self._translation)
        out = text.translate(self._string)
        return out.replace("\0", "") if self._deletes else out

    def codes(self, text: str) -> NDArray[np.uint16] | NDArray[np.uint32]:
        """The text as an array with one number for each character: 16 bits where that is enough, else 32."""
        import numpy as np

        try:
            data = text.encode(_UTF16) if self._small_enough else b""
        except UnicodeEncodeError:
            data = b""
        if len(data) == 2 * len(text):
            return np.frombuffer(data, np.uint16)
        return np.frombuffer(text.encode(_UTF32, "surrogatepass"), np.uint32)

    def look_up(self, codes: NDArray[np.uint16] | NDArray[np.uint32]) -> str:
        """The text that `codes` become."""
        small, large = self._arrays or self._make_arrays()
        narrow = codes.itemsize == 2
        out = (small if narrow else large).take(codes)
        if self._deletes:
            out = out[(out != GONE) | (codes == 0)]
        text: str = out.tobytes().decode(_UTF16 if narrow else _UTF32, "surrogatepass")
        return text

    def _make_arrays(self) -> tuple[Any, Any]:
        import numpy as np

        large = np.arange(0x110000, dtype=np.uint32)
        large[list(self._mapping)] = list(self._mapping.values())
        small = large[:_PLANE].astype(np.uint16) if self._small_enough else None
        self._arrays = (small, large)
        return self._arrays
