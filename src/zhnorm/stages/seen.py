"""Lines that stayed, and how one is found again by what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..text.decoration import core
from ..text.fold import key
from ..text.similar import MAX_CHARS, SLIP_CHARS

__all__ = ["PIECES", "Core", "Kept", "Seen", "cores", "describe", "may_be_alike", "piece_chars", "pieces"]

PIECES = 4
MOST_FOUND = 8
"""Of lines that share a piece only so many are compared: the search stays linear."""
_STEPS = ((80, 16), (48, 12), (32, 8), (24, 6), (SLIP_CHARS, 4))
"""From how many letters on a line's pieces have how many."""
NEXT_CHARS = 3
"""Lines whose lengths differ by so much may share a piece, though their pieces are not of one size."""


def may_be_alike(said: str) -> bool:
    """Whether lines that say this are compared with others that do not say quite the same."""
    return SLIP_CHARS <= len(said) <= MAX_CHARS


def piece_chars(size: int) -> int:
    """How many letters the pieces of a line of at least `SLIP_CHARS` letters have."""
    return next((chars for least, chars in _STEPS if size >= least), _STEPS[-1][1])


def pieces(said: str) -> list[tuple[int, str]]:
    """Two pieces from the beginning of a key and two from its end, as far as they do not overlap, each with its place.

    Whatever stands between or before them may have been put in or left out. Three characters that were exchanged leave one
    of four untouched.

    >>> pieces("天地玄黄宇宙洪荒日月")
    [(0, '天地玄黄'), (3, '洪荒日月')]
    """
    size = len(said)
    found: list[tuple[int, str]] = []
    for chars in {piece_chars(size), piece_chars(size - NEXT_CHARS), piece_chars(size + NEXT_CHARS)}:
        found += ((0, said[:chars]), (3, said[-chars:]))
        if size >= 3 * chars:
            found.append((1, said[chars : 2 * chars]))
        if size >= 4 * chars:
            found.append((2, said[-2 * chars : -chars]))
    return found


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
    """Lines that stayed, found again by what they say: whole, or a piece of it."""

    def __init__(self) -> None:
        self._equal: dict[str, Kept] = {}
        self._pieces: dict[tuple[int, str], list[Kept]] = {}

    def add(self, line: Kept, *, alike: bool) -> None:
        """Remember a line; with `alike` also by its pieces. The first line with a key stays the one that is found."""
        for said in line.said():
            self._equal.setdefault(said, line)
        if alike and may_be_alike(line.core_key):
            for piece in pieces(line.core_key):
                found = self._pieces.setdefault(piece, [])
                if len(found) < MOST_FOUND:
                    found.append(line)

    def equal(self, line_key: str) -> Kept | None:
        """The first line that says this."""
        return self._equal.get(line_key)

    def alike(self, core_key: str) -> Iterator[Kept]:
        """Lines that share a piece with this one, by the keys of their cores, each once."""
        tried = set()
        for piece in pieces(core_key):
            for line in self._pieces.get(piece, ()):
                if line.line not in tried:
                    tried.add(line.line)
                    yield line
