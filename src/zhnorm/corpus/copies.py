"""Documents that say what another one says, to the letter: whatever script, marks and spaces, and whatever their sites print around it."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from zhnorm.arrays.character_kinds import new_runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .keys import Numbers

__all__ = ["LEAST_LETTERS", "SAYING", "Keep", "Said", "copies", "preferences", "ranks", "said_by"]

LEAST_LETTERS = 10
"""A document of fewer letters is nobody's copy: a rating, a greeting, a blank page."""

Keep = Literal["longest", "first", "oldest"]
"""Which document of several that say the same stays."""


class Said(NamedTuple):
    """What documents say besides the templates of their sites.

    Attributes:
        numbers: one for all that a document says; 0: too little to be anybody's copy.
        letters: how many letters that is.
    """

    numbers: Numbers
    letters: NDArray[np.int64]


def said_by(keys: Numbers, letters: NDArray[Any], counts: NDArray[Any]) -> Said:
    """What documents say, from their lines.

    Args:
        keys: numbers of the keys of all their lines, 0 where a line says nothing or is a template.
        letters: of each line.
        counts: how many lines each document has.

    >>> said = said_by(np.array([7, 0, 8, 7, 8], np.uint64), np.array([9, 3, 9, 9, 9]), np.array([3, 2]))
    >>> bool(said.numbers[0] == said.numbers[1]), said.letters.tolist()
    (True, [18, 18])
    """
    stops = np.cumsum(counts)
    sums = np.concatenate([[0], np.cumsum(np.where(keys != 0, letters, 0))])
    total = sums[stops] - sums[stops - counts]
    # The lines that say something, end to end: one digest of their numbers.
    there = keys != 0
    places = np.concatenate([[0], np.cumsum(there)])
    data, first, last = keys[there].astype("<u8").tobytes(), places[stops - counts], places[stops]
    found = [
        blake2b(data[8 * start : 8 * stop], digest_size=8).digest() if size >= LEAST_LETTERS else bytes(8)
        for start, stop, size in zip(first.tolist(), last.tolist(), total.tolist(), strict=True)
    ]
    return Said(np.frombuffer(b"".join(found), "<u8"), total)


SAYING = np.dtype([("said", "<u8"), ("preference", "<i8"), ("document", "<i8")])
"""What a document says, as in `Said`, how much it is preferred, and its number."""


def preferences(keep: Keep, letters: NDArray[Any], dates: NDArray[Any]) -> NDArray[np.int64]:
    """A number for each document: of those that say the same the one with the smallest stays, and of equals the first.

    Args:
        keep: what is preferred.
        letters: how much each document says.
        dates: when each was published; 0 if that is not known, which is later than all.

    >>> int(preferences("oldest", np.array([9, 9]), np.array([0, 20240131])).argmin())
    1
    """
    if keep == "oldest":
        return np.where(dates == 0, np.iinfo(np.int64).max, dates)
    return -letters.astype(np.int64) if keep == "longest" else np.zeros(len(letters), np.int64)


def ranks(keep: Keep, letters: NDArray[Any], dates: NDArray[Any]) -> NDArray[np.int64]:
    """The place of each document among those that may stay; 0 is the first choice. The arguments are those of `preferences`."""
    found = np.empty(len(letters), np.int64)
    found[np.argsort(preferences(keep, letters, dates), kind="stable")] = np.arange(len(letters))
    return found


def copies(numbers: Numbers, rank: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The documents that are copies, in order, and which document stays in place of each.

    Args:
        numbers: what each document says; see `Said`.
        rank: its place among those that may stay, or its preference.

    >>> [found.tolist() for found in copies(np.array([5, 0, 5, 0, 5], np.uint64), np.array([1, 2, 0, 3, 4]))]
    [[0, 4], [2, 2]]
    """
    order = np.lexsort((rank, numbers))
    order = order[numbers[order] != 0]
    said = numbers[order]
    first = new_runs(said)
    stays = order[first][np.cumsum(first) - 1] if len(order) else order
    gone = np.sort(order[~first])
    twin = np.empty(len(numbers), np.int64)
    twin[order] = stays
    return gone, twin[gone]
