"""Lines that stayed, and how one is found again by what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..text.fold import key
from ..text.similar import MAX_CHARS, core

__all__ = ["ALIKE_CHARS", "QUARTERS", "Core", "Kept", "Seen", "cores", "describe", "may_be_alike"]

ALIKE_CHARS = 26
"""Shorter lines count as repeats only if they are equal: one character of twenty changes too much."""
QUARTERS = 4


def may_be_alike(said: str) -> bool:
    """Whether lines that say this are compared with others that do not say quite the same."""
    return ALIKE_CHARS <= len(said) <= MAX_CHARS


class Kept(NamedTuple):
    """A line that stayed, with its core (see `text.similar.core`), the core's key, that in one region's words (if the
    page is in two scripts, else the same), and its list number, if it has one."""

    line: int
    text: str
    key: str
    core: str
    core_key: str
    words: str
    item: str

    def said(self) -> Iterator[str]:
        """What the line says, in each way that is not the one before."""
        yield self.key
        if self.core_key is not self.key:
            yield self.core_key
        if self.words is not self.core_key:
            yield self.words


class Core(NamedTuple):
    """A line without its decoration (see `text.similar.core`), its key, and the line's list number, if it has one."""

    text: str
    key: str
    item: str


def cores(texts: Sequence[str], keys: Sequence[str]) -> list[Core]:
    """The cores of lines, given with their keys."""
    found = [core(text) for text in texts]
    bare = [own for text, (own, _) in zip(texts, found, strict=True) if own is not text]
    known = dict(zip(bare, key("\n".join(bare)).split("\n"), strict=True)) if bare else {}
    return [Core(own, known.get(own) or said, item) for said, (own, item) in zip(keys, found, strict=True)]


def describe(line: int, text: str, said: str, words: str | None = None, own: Core | None = None) -> Kept:
    """A line, given with its key, and with its core, and the core's words in one region, if they are known."""
    if own is None:
        (own,) = cores([text], [said])
    return Kept(line, text, said, own.text, own.key, words or own.key, own.item)


class Seen:
    """Lines that stayed, found again by what they say: whole, or a quarter of it at the same place.

    Only lines of one length can share a quarter at the same place, so quarters are worked out for a length once a
    second line has it: on an ordinary page that is hardly ever.
    """

    def __init__(self) -> None:
        self._equal: dict[str, Kept] = {}
        self._single: dict[int, Kept | None] = {}
        self._quarters: dict[tuple[int, int, str], Kept] = {}

    def add(self, line: Kept, *, alike: bool) -> None:
        """Remember a line; with `alike` also by its quarters. The first line with a key stays the one that is found."""
        for said in line.said():
            self._equal.setdefault(said, line)
        if not alike:
            return
        if len(line.key) in self._single:
            self._add_quarters(line)
        else:
            self._single[len(line.key)] = line

    def equal(self, line_key: str) -> Kept | None:
        """The first line that says this."""
        return self._equal.get(line_key)

    def alike(self, line_key: str) -> Iterator[Kept]:
        """Lines of the same length that share at least a quarter with this one."""
        size = len(line_key)
        if size not in self._single:
            return
        if single := self._single[size]:
            self._add_quarters(single)
            self._single[size] = None
        for quarter in _quarters(line_key):
            if found := self._quarters.get(quarter):
                yield found

    def _add_quarters(self, line: Kept) -> None:
        for quarter in _quarters(line.key):
            self._quarters.setdefault(quarter, line)


def _quarters(line_key: str) -> tuple[tuple[int, int, str], ...]:
    """The quarters of a key, each with the key's length and its place."""
    size = len(line_key)
    step = size // QUARTERS
    return tuple([(size, place, line_key[place * step : (place + 1) * step]) for place in range(QUARTERS)])
