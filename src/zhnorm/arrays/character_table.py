"""A table of characters, applied to a whole block of text at once.

Conversion and keys are both "each character becomes one other character, or goes". Doing that through a
Python call per character runs at 1 MB/s. Here the text is looked up as an array of code points instead:

- short text goes through `str.translate`: first over the map itself, later over a string of 65,536 characters (about
  70 MB/s, nothing to import), which takes as long to make as looking up some ten thousand characters,
- large text goes through numpy's `take` on 32-bit code points (more than 1000 MB/s), whatever characters it holds.

numpy's own strings carry text into an array and back: they are arrays of code points, so nothing is encoded. That is
twice as fast as UTF-16 and back, though half as dense, and lone surrogates need no road of their own.

numpy costs 0.1 s to import, as much as translating several megabytes, so small jobs never load it.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from .compiled import compiled

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "CHARACTER",
    "GONE",
    "PIECE_CHARS",
    "CharacterTable",
    "codes_of",
    "for_all_codes",
    "in_arrays",
    "load_arrays",
    "text_of",
]

GONE = 0
"""A character that maps to GONE disappears. (NUL itself therefore always maps to itself: it is never in a table.)"""

CHARACTER = 0x1FFFFF
"""The bits of an array's item that are the code point. The higher ones are free for marks."""

PIECE_CHARS = 1 << 16
"""How much text to look up at a time: what its arrays need fits into a processor's cache."""

_PLANE = 0x10000
_SURROGATES = range(0xD800, 0xE000)
_LOAD_NUMPY_CHARS = 1_000_000
_USE_NUMPY_CHARS = 1_000
_MAKE_PLANE_CHARS = 50_000
_WORD = "I" if array("I").itemsize == 4 else "L"
_UTF32 = f"utf-32-{sys.byteorder[0]}e"


def in_arrays(chars: int) -> bool:
    """Whether so many characters are worth an array: with numpy loaded a thousand are, without it a million."""
    return chars >= _LOAD_NUMPY_CHARS or (chars >= _USE_NUMPY_CHARS and "numpy" in sys.modules)


def load_arrays() -> None:
    """Load numpy: what follows is large enough for it to pay."""
    import numpy  # noqa: F401


def codes_of(text: str) -> NDArray[np.uint32]:
    """The code points of a text, lone surrogates among them."""
    import numpy as np

    return np.array([text]).view(np.uint32)[: len(text)]


def for_all_codes(kind: np.dtype[Any]) -> NDArray[Any]:
    """An array of zeros, one for each code point. Only the parts that are written to take memory, which of numpy's own
    arrays is true as long as the memory is fresh."""
    from mmap import mmap

    import numpy as np

    return np.frombuffer(mmap(-1, 0x110000 * kind.itemsize), kind)


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
        marks: gives, for code points, the bits above `CHARACTER` which `look_up` sets where the character stands.

    >>> CharacterTable({ord("網"): ord("网"), ord("！"): GONE}).apply("網絡！")
    '网絡'
    """

    __slots__ = ("_array", "_beyond", "_deletes", "_left", "_mapping", "_marks", "_string")

    def __init__(self, mapping: Mapping[int, int], marks: Callable[[], Mapping[int, int]] = dict) -> None:
        self._mapping = mapping
        self._marks = marks
        self._beyond = max(mapping, default=0) >= _PLANE
        self._deletes = GONE in mapping.values()
        self._string = ""
        self._left = _MAKE_PLANE_CHARS
        self._array: NDArray[Any] | None = None

    def __len__(self) -> int:
        return len(self._mapping)

    def get(self, code: int) -> int:
        """The code point that `code` becomes, itself if the table does not name it, `GONE` if it is removed."""
        return self._mapping.get(code, code)

    def apply(self, text: str) -> str:
        """The text with every character looked up. Lone surrogates and unknown characters pass through."""
        if self._pays(len(text)) and (part := compiled()):
            found: str = part.translate(text, self._added(), self._deletes)
            return found
        if in_arrays(len(text)):
            return "".join(self._apply(text[i : i + PIECE_CHARS]) for i in range(0, len(text), PIECE_CHARS))
        if self._deletes and "\0" in text:
            return "\0".join(map(self.apply, text.split("\0")))
        out = text.translate(self._plane_for(text) or self._mapping)
        return out.replace("\0", "") if self._deletes else out

    def _pays(self, chars: int) -> bool:
        """Whether an array of all characters is there, or pays for texts of so many."""
        return self._array is not None or in_arrays(chars) or (self._left <= 0 and "numpy" in sys.modules)

    def _plane_for(self, text: str) -> str:
        """The characters of the first plane as a string, if the text has no others and it pays to make one."""
        if self._left > 0:
            self._left -= len(text)
        elif not self._string:
            self._string = _plane(self._mapping)
        if self._beyond and self._string and len(text.encode("utf-16-le", "surrogatepass")) > 2 * len(text):
            return ""
        return self._string

    def _apply(self, text: str) -> str:
        codes = codes_of(text)
        found = self.look_up(codes) & CHARACTER
        return text_of(found[(found != GONE) | (codes == 0)] if self._deletes else found)

    def look_up(self, codes: NDArray[np.uint32]) -> NDArray[np.uint32]:
        """What each code point becomes, and its marks: one number for each."""
        found: NDArray[np.uint32] = self._added().take(codes)
        found += codes
        return found

    def _added(self) -> NDArray[np.uint32]:
        """What is added to each code point."""
        import numpy as np

        if self._array is None:
            added = for_all_codes(np.dtype(np.uint32))
            named = np.array(list(self._mapping), np.uint32)
            added[named] = np.array(list(self._mapping.values()), np.uint32) - named
            marks = self._marks()
            added[list(marks)] += np.array(list(marks.values()), np.uint32)
            self._array = added
        return self._array


def _plane(mapping: Mapping[int, int]) -> str:
    """What each character of the first plane becomes."""
    units = _identity()[:]
    for key, value in mapping.items():
        if key < _PLANE:
            units[key] = value
    # Surrogates are what decoding is slow with, and no table names one.
    low, high = units[: _SURROGATES.start].tobytes(), units[_SURROGATES.stop :].tobytes()
    return low.decode(_UTF32) + "".join(map(chr, _SURROGATES)) + high.decode(_UTF32)


@cache
def _identity() -> array[int]:
    """Each code point of the first plane, put together bytewise, which is much faster than number by number."""
    found = bytearray(4 * _PLANE)
    low, high = (0, 1) if sys.byteorder == "little" else (3, 2)
    found[low::4] = bytes(range(0x100)) * 0x100
    found[high::4] = b"".join(bytes([number]) * 0x100 for number in range(0x100))
    return array(_WORD, bytes(found))
