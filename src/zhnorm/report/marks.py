"""What of a line is new, and what went: the text before and after, cut into pieces."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

__all__ = ["Piece", "pieces", "through"]

_MOST_CHARS = 1_000
"""Comparing takes time with the square of the length; what differs in longer stretches is shown as replaced whole."""


class Piece(NamedTuple):
    """A part of a line: in both texts ("same"), only in the one after ("new"), only in the one before ("gone"),
    or in the one before and replaced by the new piece that follows ("old")."""

    kind: Literal["same", "new", "gone", "old"]
    text: str


def pieces(before: str, after: str) -> list[Piece]:
    """The pieces of a line, in order. Those that are not new make up `before`, those that are not gone or old `after`.

    >>> [(piece.kind, piece.text) for piece in pieces("標題 第一條", "第一条")]
    [('gone', '標題 '), ('same', '第一'), ('old', '條'), ('new', '条')]
    """
    if before == after:
        return [Piece("same", before)] if before else []
    head = _common(before, after)
    tail = _common(before[head:][::-1], after[head:][::-1])
    middle = before[head : len(before) - tail], after[head : len(after) - tail]
    found = [Piece("same", before[:head]), *_differing(*middle), Piece("same", before[len(before) - tail :])]
    return [piece for piece in found if piece.text]


def through(texts: Sequence[str]) -> list[Piece]:
    """The pieces between the first text and the last, of which each was made from the one before it.

    Small steps are compared rather than the ends: a trim and a conversion together would leave little to go by.

    >>> [(piece.kind, piece.text) for piece in through(["標題 第一條", "标题 第一条", "第一条"])]
    [('gone', '標題 '), ('same', '第一'), ('old', '條'), ('new', '条')]
    """
    if len(texts) < 3:
        return pieces(texts[0], texts[-1])
    origins: list[int | None] = list(range(len(texts[0])))
    for before, after in pairwise(texts):
        if before != after:
            origins = _carried(origins, pieces(before, after))
    return _joined(texts[0], texts[-1], origins)


def _carried(origins: list[int | None], found: list[Piece]) -> list[int | None]:
    """For each character after a step the place in the first text that it comes from."""
    carried: list[int | None] = []
    place = 0
    old: list[int | None] = []
    for kind, text in found:
        if kind == "new":
            carried += old if len(old) == len(text) else [None] * len(text)
            old = []
            continue
        came = origins[place : place + len(text)]
        place += len(text)
        if kind == "same":
            carried += came
        elif kind == "old":
            old = came
    return carried


def _joined(first: str, last: str, origins: list[int | None]) -> list[Piece]:
    """Pieces, given where each character of the last text comes from; the places only grow."""
    found: list[Piece] = []
    seen = place = 0
    while place < len(last):
        origin = origins[place]
        if origin is not None and origin > seen:
            found.append(Piece("gone", first[seen:origin]))
            seen = origin
        kind = "new" if origin is None else "same" if first[origin] == last[place] else "old"
        stop = place + 1
        while stop < len(last) and _goes_on(first, last, origins, stop, kind):
            stop += 1
        size = stop - place
        if kind == "old":
            found.append(Piece("old", first[seen : seen + size]))
        found.append(Piece("same" if kind == "same" else "new", last[place:stop]))
        if kind != "new":
            seen += size
        place = stop
    return [*found, Piece("gone", first[seen:])] if seen < len(first) else found


def _goes_on(first: str, last: str, origins: list[int | None], place: int, kind: str) -> bool:
    """Whether the character at `place` belongs to the piece before it."""
    origin, before = origins[place], origins[place - 1]
    if origin is None or before is None:
        return kind == "new" and origin is None
    return origin == before + 1 and (first[origin] == last[place]) == (kind == "same")


def _common(one: str, other: str) -> int:
    size = 0
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        size += 1
    return size


def _differing(before: str, after: str) -> list[Piece]:
    if len(before) == len(after):
        # A conversion of the script: character by character, whatever the length.
        return _side_by_side(before, after)
    if max(len(before), len(after)) > _MOST_CHARS or not before or not after:
        return _replaced(before, after)
    from difflib import SequenceMatcher

    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        found += [Piece("same", before[a:b])] if tag == "equal" else _replaced(before[a:b], after[c:d])
    return found


def _replaced(before: str, after: str) -> list[Piece]:
    return [Piece("old" if after else "gone", before), Piece("new", after)]


def _side_by_side(before: str, after: str) -> list[Piece]:
    found: list[Piece] = []
    start = 0
    while start < len(before):
        same = before[start] == after[start]
        stop = start + 1
        while stop < len(before) and (before[stop] == after[stop]) == same:
            stop += 1
        found += [Piece("same", before[start:stop])] if same else _replaced(before[start:stop], after[start:stop])
        start = stop
    return found
