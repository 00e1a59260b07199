"""Lines that stayed, and how one is found again by what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..line import Witness
from ..text.decoration import core
from ..text.similar import MAX_CHARS, SLIP_CHARS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "PIECES",
    "Core",
    "Kept",
    "Repeat",
    "Seen",
    "cores",
    "describe",
    "may_be_alike",
    "own_pieces",
    "pieces",
    "places_of_pieces",
]

MOST_FOUND = 8
"""Of lines that share a piece only so many are compared: the search stays linear."""
_HALVES = ((32, 16), (24, 12), (16, 8), (12, 6), (10, 5), (SLIP_CHARS, 4))
_QUARTERS = ((80, 16), (48, 12))
"""From how many letters on a line's pieces have how many: short lines have three that overlap, long ones four that do not."""
_SHORT_CHARS = 16
_END_CHARS = 12
"""A label or a note makes a line so much longer that all its other pieces are cut otherwise: its first and last letters stay."""
_FIGURES = expression("[0-9]+")
_OTHERWISE = expression("[0-9](?:[万亿点时]|年[0-9]{1,2}月[0-9]{1,2}[日号])")
"""Numbers, times and dates that have other figures if they are written in another way: 1.5万, 下午2点30分."""
PIECES = 4


def may_be_alike(said: str) -> bool:
    """Whether lines that say this are compared with others that do not say quite the same. Figures and Latin words are no slips."""
    return SLIP_CHARS <= len(said) <= MAX_CHARS and not said.isascii()


class Piece(NamedTuple):
    """Letters `start` to before `stop` of a key; pieces of one `place` of two keys may be the same."""

    place: int
    start: int
    stop: int


@lru_cache(maxsize=4096)
def own_pieces(size: int) -> tuple[Piece, ...]:
    """The pieces of a key of so many letters: from its beginning, and from its end. Whatever stands between them, or in front of
    those from the end, may have been put in or left out; of a few characters that were exchanged one piece is free."""
    return _cut(size, *_chars(size))


@lru_cache(maxsize=4096)
def _pieces(size: int) -> tuple[Piece, ...]:
    """The pieces of a key, those that it would have if it were a little longer or shorter, and both its ends."""
    near = 1 if size < _SHORT_CHARS else 3
    kinds = dict.fromkeys(_chars(max(SLIP_CHARS, other)) for other in (size, size - near, size + near))
    found = [piece for kind in kinds for piece in _cut(size, *kind) if 0 <= piece.start <= piece.stop <= size]
    if size >= _SHORT_CHARS:
        first, _, last = _cut(size, _END_CHARS, False)
        found += (first, last)
    return tuple(dict.fromkeys(found))


def _chars(size: int) -> tuple[int, bool]:
    """How many letters the pieces of a key have, and whether they are quarters."""
    for least, chars in (*_QUARTERS, *_HALVES):
        if size >= least:
            return chars, least >= _QUARTERS[-1][0]
    raise ValueError(size)


def _cut(size: int, chars: int, are_quarters: bool) -> tuple[Piece, ...]:
    first, last = Piece(8 * chars, 0, chars), Piece(8 * chars + 1, size - chars, size)
    if are_quarters:
        start, stop = chars, size - chars
        return first, Piece(8 * chars + 2, start, start + chars), Piece(8 * chars + 3, stop - chars, stop), last
    middle = (size - chars) // 2
    return first, Piece(8 * chars + 4, middle, middle + chars), last


def pieces(said: str) -> list[tuple[int, str]]:
    """Pieces of a key, each with the number of its place: lines that are nearly alike share one of them.

    >>> pieces("天地玄黄宇宙洪荒日月")[:3]
    [(40, '天地玄黄宇'), (44, '玄黄宇宙洪'), (41, '宙洪荒日月')]
    """
    return [(place, said[start:stop]) for place, start, stop in _pieces(len(said))]


def places_of_pieces(sizes: Sequence[int]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The pieces of keys of so many letters: whose they are, and their places, starts and stops, an array of each."""
    import numpy as np

    found = [_pieces(size) for size in sizes]
    owners = np.repeat(np.arange(len(found)), [len(each) for each in found])
    flat = np.fromiter(chain.from_iterable(map(_flat, sizes)), np.int64).reshape(-1, 3)
    return owners, flat[:, 0], flat[:, 1], flat[:, 2]


@lru_cache(maxsize=4096)
def _flat(size: int) -> tuple[int, ...]:
    return tuple(chain.from_iterable(_pieces(size)))


class Kept(NamedTuple):
    """A line that stayed, with its core (see `text.decoration.core`), the core's key, and its list number, if it has one."""

    line: int
    text: str
    key: str
    core: str
    core_key: str
    item: str

    def said(self) -> Iterator[str]:
        """What the line says, in each way that is not the one before."""
        yield self.key
        if self.core_key is not self.key:
            yield self.core_key


class Repeat(NamedTuple):
    """A line that was looked for among those above it: its text, and by which rule it repeats one of them, if it does."""

    text: str
    found: tuple[str, Witness] | None


class Core(NamedTuple):
    """A line without its decoration (see `text.decoration.core`), its key, and the line's list number, if it has one."""

    text: str
    key: str
    item: str


def cores(texts: Sequence[str], keys: Sequence[str]) -> list[Core]:
    """The cores of lines, given with their keys."""
    found = [core(text) for text in texts]
    bare = [own for text, (own, _) in zip(texts, found, strict=True) if own is not text]
    known = dict(zip(bare, key("\n".join(bare)).split("\n"), strict=True)) if bare else {}
    return [Core(own, known.get(own) or said, item) for said, (own, item) in zip(keys, found, strict=True)]


def describe(line: int, text: str, said: str, own: Core | None = None) -> Kept:
    """A line, given with its key, and with its core if that is known."""
    if own is None:
        (own,) = cores([text], [said])
    return Kept(line, text, said, own.text, own.key, own.item)


class Seen:
    """Lines that stayed, found again by what they say: whole, or a piece of it.

    A line with figures is compared with lines of the same figures, and with those that have none or may have others: they may be
    written in numerals, or in another way. In a table of thousands of rows that differ in a number no two are compared.
    """

    def __init__(self) -> None:
        self._equal: dict[str, Kept] = {}
        self._pieces: dict[tuple[int, str], list[Kept]] = {}
        self._of_figures: dict[str, dict[tuple[int, str], list[Kept]]] = {}

    def add(self, line: Kept, *, alike: bool) -> None:
        """Remember a line; with `alike` also by its pieces. The first line with a key stays the one that is found."""
        for said in line.said():
            self._equal.setdefault(said, line)
        if alike and may_be_alike(line.core_key):
            kinds = {_figures(line.core_key)}
            if _OTHERWISE.search(line.core_key):
                kinds.add("")
            tables = [self._pieces, *(self._of_figures.setdefault(kind, {}) for kind in kinds)]
            for piece in pieces(line.core_key):
                for table in tables:
                    found = table.setdefault(piece, [])
                    if len(found) < MOST_FOUND:
                        found.append(line)

    def equal(self, line_key: str) -> Kept | None:
        """The first line that says this."""
        return self._equal.get(line_key)

    def alike(self, core_key: str) -> Iterator[Kept]:
        """Lines that share a piece with this one, by the keys of their cores, each once."""
        if not self._pieces:
            return
        tried = set()
        figures = _figures(core_key)
        if figures and not _OTHERWISE.search(core_key):
            kinds = [self._of_figures.get(kind, {}) for kind in (figures, "")]
        else:
            kinds = [self._pieces]
        for piece in pieces(core_key):
            for table in kinds:
                for line in table.get(piece, ()):
                    if line.line not in tried:
                        tried.add(line.line)
                        yield line


def _figures(said: str) -> str:
    """The figures in a key, one number after the other."""
    return " ".join(_FIGURES.findall(said))
