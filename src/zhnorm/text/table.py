"""A table of characters, applied to a whole block of text at once.

Conversion and keys are both "each character becomes one other character, or goes". Doing that through a
Python call per character runs at 1 MB/s. Here the text is looked up as an array of code points instead:

- short text goes through `str.translate` over a string of 65,536 characters (about 70 MB/s, nothing to import),
- large text goes through numpy's `take` on 32-bit code points (more than 1000 MB/s), whatever characters it holds.

numpy's own strings carry text into an array and back: they are arrays of code points, so nothing is encoded. That is
twice as fast as UTF-16 and back, though half as dense, and lone surrogates need no road of their own.

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

__all__ = ["CHARACTER", "GONE", "PIECE_CHARS", "CharacterTable", "codes_of", "in_arrays", "load_arrays", "text_of"]

GONE = 0
"""A character that maps to GONE disappears. (NUL itself therefore always maps to itself: it is never in a table.)"""

CHARACTER = 0x1FFFFF
"""The bits of an array's item that are the code point. The higher ones are free for marks."""

PIECE_CHARS = 1 << 16
"""How much text to look up at a time: what its arrays need fits into a processor's cache."""

_PLANE = 0x10000
_LOAD_NUMPY_CHARS = 1_000_000
_USE_NUMPY_CHARS = 2_000
_WORD = "I" if array("I").itemsize == 4 else "L"
_UTF32 = f"utf-32-{sys.byteorder[0]}e"


def in_arrays(chars: int) -> bool:
    """Whether so many characters are worth an array: with numpy loaded a few thousand are, without it a million."""
    return chars >= _LOAD_NUMPY_CHARS or (chars >= _USE_NUMPY_CHARS and "numpy" in sys.modules)


def load_arrays() -> None:
    """Load numpy: what follows is large enough for it to pay."""
    import numpy  # noqa: F401


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text, lone surrogates among them."""
    import numpy as np

    return np.array([text]).view(np.uint32)[: len(text)]


def text_of(codes: NDArray[Any]) -> str:
    """The text with these code points.

    >>> text_of(codes_of("網\\ud800\\0")) == "網\\ud800\\0"
    True
    """
    if not len(codes):
        return ""
    text: str = codes.view(f"U{len(codes)}").item()
    return text.ljust(len(codes), "\0")  # numpy drops NUL at the end


class CharacterTable:
    """An immutable map from character to character (or to nothing), for text of any size.

    Args:
        mapping: code point to code point; `GONE` removes the character. Characters that are not named stay.
        marks: code point to bits above `CHARACTER`, which `look_up` sets where the character stands.

    >>> CharacterTable({ord("網"): ord("网"), ord("！"): GONE}).apply("網絡！")
    '网絡'
    """

    __slots__ = ("_array", "_beyond", "_deletes", "_mapping", "_marks", "_string", "_translation")

    def __init__(self, mapping: Mapping[int, int], marks: Mapping[int, int] | None = None) -> None:
        self._marks = dict(marks or {})
        self._mapping = {key: value for key, value in mapping.items() if key != value and key != 0}
        self._beyond = any(key >= _PLANE for key in self._mapping)
        self._deletes = GONE in self._mapping.values()
        units = array(_WORD, range(_PLANE))
        for key, value in self._mapping.items():
            if key < _PLANE:
                units[key] = value
        self._string = units.tobytes().decode(_UTF32, "surrogatepass")
        self._array: NDArray[Any] | None = None
        self._translation: dict[int, int | None] | None = None

    def __reduce__(self) -> tuple[type[CharacterTable], tuple[dict[int, int], dict[int, int]]]:
        return type(self), (self._mapping, self._marks)

    def __len__(self) -> int:
        return len(self._mapping)

    def get(self, code: int) -> int:
        """The code point that `code` becomes, itself if the table does not name it, `GONE` if it is removed."""
        return self._mapping.get(code, code)

    def apply(self, text: str) -> str:
        """The text with every character looked up. Lone surrogates and unknown characters pass through."""
        if in_arrays(len(text)):
            return "".join(self._apply(text[i : i + PIECE_CHARS]) for i in range(0, len(text), PIECE_CHARS))
        if self._deletes and "\0" in text:
            return "\0".join(map(self.apply, text.split("\0")))
        if self._beyond and len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text):
            if self._translation is None:
                self._translation = {key: value or None for key, value in self._mapping.items()}
            return text.translate(self._translation)
        out = text.translate(self._string)
        return out.replace("\0", "") if self._deletes else out

    def _apply(self, text: str) -> str:
        codes = codes_of(text)
        found = self.look_up(codes) & CHARACTER
        return text_of(found[(found != GONE) | (codes == 0)] if self._deletes else found)

    def look_up(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """What each code point becomes, and its marks: one number for each."""
        import numpy as np

        if self._array is None:
            found = np.arange(0x110000, dtype=np.uint32)
            found[list(self._mapping)] = list(self._mapping.values())
            found[list(self._marks)] |= np.array(list(self._marks.values()), np.uint32)
            self._array = found
        return self._array.take(codes)
