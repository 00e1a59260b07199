"""Which kinds of characters the lines of a text hold, found for all lines in one look-up.

Most lines hold nothing that a tidier or a rule acts on, and most of the work is to say so. A kind is a bit. A table
gives each character its bits, and what a line holds is the union of its characters' bits; so thousands of lines are
asked dozens of questions at the cost of reading the text once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

from .character_table import PIECE_CHARS, codes_of, for_all_codes

__all__ = ["SPACES", "Kinds", "LineArrays", "among", "code_points", "new_runs"]

SPACES = " \t\v\f\r\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""What `str.isspace` takes for one, as a character class."""
_NEWLINE = 0x0A


def code_points(characters: str) -> Iterator[int]:
    """The code points of a character class, written as in a regular expression: single characters and ranges.

    >>> [chr(code) for code in code_points("xa-c")]
    ['x', 'a', 'b', 'c']
    """
    at = 0
    while at < len(characters):
        first = last = ord(characters[at])
        if characters[at + 1 : at + 2] == "-" and at + 2 < len(characters):
            last = ord(characters[at + 2])
            at += 2
        yield from range(first, last + 1)
        at += 1


def among(codes: NDArray[Any], known: Sequence[int]) -> NDArray[np.bool_]:
    """Which of some characters are among a few known ones, all given by their code points.

    `numpy.isin` says the same, but sorts through a module that takes longer to import than a page to clean.

    >>> import numpy
    >>> among(numpy.array([0x4E00, 0x4E8C]), [ord("一"), ord("三")]).tolist()
    [True, False]
    """
    import numpy as np

    if not known:
        return np.zeros(len(codes), np.bool_)
    ordered = np.array(sorted(known), codes.dtype)
    found: NDArray[np.bool_] = ordered.take(np.searchsorted(ordered, codes), mode="clip") == codes
    return found


def new_runs(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where values differ from the one before them; the first one always does.

    >>> import numpy
    >>> new_runs(numpy.array([7, 7, 8])).tolist()
    [True, False, True]
    """
    import numpy as np

    found = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=found[1:])
    return found


class LineArrays:
    """A text as arrays, and where its lines begin and end.

    Attributes:
        codes: the code points, with a "\\n" behind the last line too.
        starts: the index of each line's first character.
        ends: the index of each line's "\\n".
    """

    __slots__ = ("codes", "ends", "starts")

    def __init__(self, text: str) -> None:
        import numpy as np

        self.codes: NDArray[np.uint32] = codes_of(text + "\n")
        self.ends = np.flatnonzero(self.codes == _NEWLINE)
        self.starts = np.empty_like(self.ends)
        self.starts[0] = 0
        self.starts[1:] = self.ends[:-1] + 1

    def __len__(self) -> int:
        return len(self.ends)

    def union(self, bits: NDArray[Any]) -> NDArray[Any]:
        """For each line the bits that any of its characters has."""
        import numpy as np

        found: NDArray[Any] = np.bitwise_or.reduceat(bits, self.starts)
        return found

    def count(self, known: NDArray[np.bool_]) -> NDArray[np.int64]:
        """For each line how many of its characters are known to be something."""
        import numpy as np

        found: NDArray[np.int64] = np.add.reduceat(known, self.starts, dtype=np.int64)
        return found


def _put(table: NDArray[Any], characters: str, bit: Any) -> None:
    """Give the characters of a class a bit in a table of all code points."""
    singles, at = "", 0
    # A sign between two others is a range; one that begins or ends the class, or follows a range, is itself.
    while 0 < (dash := characters.find("-", at + 1)) < len(characters) - 1:
        singles += characters[at : dash - 1]
        table[ord(characters[dash - 1]) : ord(characters[dash + 1]) + 1] |= bit
        at = dash + 2
    table[[*map(ord, singles + characters[at:])]] |= bit


class Kinds:
    """Bits for characters.

    Args:
        kinds: for each bit its characters, as `code_points` takes them. "\\n" has none.

    >>> import numpy
    >>> kinds = Kinds({1: "0-9", 2: "。！？"})
    >>> kinds.of_lines(LineArrays("三天\\n3天。\\n")).tolist()
    [0, 3, 0]
    """

    def __init__(self, kinds: Mapping[int, str]) -> None:
        self._kinds = dict(kinds)
        self._table: NDArray[Any] | None = None

    @property
    def table(self) -> NDArray[Any]:
        """The bits of each code point."""
        import numpy as np

        if self._table is None:
            most = max(self._kinds, default=0)
            kind = np.uint8 if most <= 0xFF else np.uint16 if most <= 0xFFFF else np.uint32
            table = for_all_codes(np.dtype(kind))
            for bit, characters in self._kinds.items():
                _put(table, characters, kind(bit))
            table[_NEWLINE] = 0
            self._table = table
        return self._table

    def of_characters(self, lines: LineArrays) -> NDArray[Any]:
        """The bits of each character."""
        import numpy as np

        found: NDArray[Any] = np.empty(len(lines.codes), self.table.dtype)
        # In pieces that a processor's cache holds: of a long text the indices alone would be 8 bytes a character.
        for start in range(0, len(found), PIECE_CHARS):
            part = slice(start, start + PIECE_CHARS)
            self.table.take(lines.codes[part], out=found[part], mode="clip")
        return found

    def of_lines(self, lines: LineArrays) -> NDArray[Any]:
        """The bits of each line: of all its characters together."""
        return lines.union(self.of_characters(lines))
