"""Documents that say nearly what another one says.

A document is a set of shingles: the pieces of five letters of its key. How alike two documents are is the share of the pieces of both that
they have in common (Jaccard). To find candidates without comparing all with all, each document gets a sketch of 126 numbers: its shingles
are thrown into so many bins, and of each bin the smallest is kept (one-permutation MinHash, Li, Owen and Zhang 2012; an empty bin takes over that
of another one, Shrivastava 2017). Six of them are a band, and documents that share a band are candidates. Of two documents that are alike at 0.8,
998 in 1,000 are. Every candidate is then compared by its shingles, so that nothing goes for what a sketch says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zhnorm.arrays.character_kinds import new_runs
from zhnorm.arrays.character_table import codes_of
from zhnorm.conversion.fold import key

from .columns import distinct, look_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .keys import Numbers

__all__ = [
    "BANDED",
    "BANDS",
    "LEAST_LETTERS",
    "PAIR",
    "Pair",
    "bands_of",
    "candidates",
    "groups",
    "letters_of",
    "likeness",
    "linked",
    "pair_number",
    "resolve",
    "shingles_of",
]

BANDS = 21
_ROWS = 6
_BINS = 128
SHINGLE_LETTERS = 5
LEAST_LETTERS = 50
"""Shorter documents are compared to the letter alone: one word more or less makes another notice of one."""
MOST_TOGETHER = 1000
"""A larger group of documents that are linked by candidates is looked at in parts of this size."""
_PIECE = 1 << 16
_BASE = np.uint64(0x9E3779B97F4A7C15)
_EMPTY = np.uint32(0xFFFFFFFF)
_NONE = np.empty(0, np.int64)
_BORROWED = np.uint32(0x80000000)
"""Marks what a bin took over; what is smaller fell into it."""


BANDED = np.dtype([("band", "<u8"), ("which", "<i4"), ("document", "<i8")])
"""A band of a document, and which of its bands it is, from 0."""
PAIR = np.dtype([("one", "<i8"), ("other", "<i8")])
"""Two documents."""


class Pair(NamedTuple):
    """A document that goes, the one that stays in its place, and how alike they are, 0 to 1."""

    gone: int
    stays: int
    likeness: float


def letters_of(text: str) -> str:
    """What a text says, all of it in one line."""
    return key(text).replace("\n", "")


def shingles_of(key: str) -> Numbers:
    """The different shingles of a document, in order.

    Args:
        key: what it says (`conversion.fold.key`), without line ends.
    """
    return distinct(_pieces(key))


def _pieces(text: str) -> Numbers:
    """A number for each piece of five letters, from the first to the last."""
    codes = codes_of(text).astype(np.uint64)
    count = max(0, len(codes) - SHINGLE_LETTERS + 1)
    numbers = codes[:count].copy()
    for place in range(1, SHINGLE_LETTERS):
        numbers *= _BASE
        numbers += codes[place : place + count]
    numbers ^= numbers >> np.uint64(32)
    numbers *= _BASE
    numbers ^= numbers >> np.uint64(29)
    return numbers


def likeness(one: NDArray[Any], other: NDArray[Any]) -> float:
    """How alike two documents are, 0 to 1, by their shingles.

    >>> likeness(shingles_of("新桥今天正式通车了"), shingles_of("新桥今天正式通车"))
    0.8
    """
    if not (len(one) and len(other)):
        return 0.0
    both = int(np.count_nonzero(look_up(one, other) >= 0))
    return both / (len(one) + len(other) - both)


def bands_of(keys: Sequence[str]) -> tuple[NDArray[np.uint64], NDArray[np.bool_]]:
    """The bands of documents, a row for each, and which documents have any: those that say enough.

    Args:
        keys: what each says, without line ends.
    """
    there = np.array([len(key) >= LEAST_LETTERS for key in keys], bool)
    sketches = np.full((len(keys), _BINS), _EMPTY, np.uint32)
    for first, last in _together(keys):
        _sketch(keys[first:last], sketches[first:last])
    _fill(sketches, there)
    rows = sketches[:, : BANDS * _ROWS].reshape(len(keys), BANDS, _ROWS).astype(np.uint64)
    bands = np.broadcast_to(np.arange(1, BANDS + 1, dtype=np.uint64), rows.shape[:2]).copy()
    for place in range(_ROWS):
        bands = _mixed(bands ^ rows[:, :, place])
    return bands, there


def _together(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Documents that are sketched at once: so many letters as arrays are fastest with, however long each is."""
    first = letters = 0
    for place, said in enumerate(keys):
        letters += len(said)
        if letters >= _PIECE:
            yield first, place + 1
            first, letters = place + 1, 0
    yield first, len(keys)


def _sketch(keys: Sequence[str], sketches: NDArray[np.uint32]) -> None:
    """Throw the shingles of documents into their bins, and keep the smallest of each."""
    numbers = _pieces("".join(keys))
    sizes = np.array([len(key) for key in keys], np.int64)
    of_letters = np.repeat(np.arange(len(keys)), sizes)
    documents = of_letters[: len(numbers)]
    # Pieces over the end of a document belong to none.
    whole = documents == of_letters[SHINGLE_LETTERS - 1 :]
    bins = documents * _BINS + (numbers >> np.uint64(57)).astype(np.int64)
    values = (numbers & np.uint64(0x7FFFFFFF)).astype(np.uint32)
    np.minimum.at(sketches.reshape(-1), bins[whole], values[whole])


def _fill(sketches: NDArray[np.uint32], there: NDArray[np.bool_]) -> None:
    """Give empty bins what another bin of the same document holds: which one depends on the number of the bin alone."""
    places = np.arange(_BINS, dtype=np.uint64)
    empty = (sketches == _EMPTY) & there[:, None]
    for attempt in range(1, 10 * _BINS):
        rows, bins = np.nonzero(empty)
        if not len(rows):
            return
        others = (_mixed(places + np.uint64(attempt << 20)) % np.uint64(_BINS)).astype(np.int64)
        found = sketches[rows, others[bins]]
        # A bin that was filled itself lends nothing: whose it is would depend on the order.
        full = found < _BORROWED
        sketches[rows[full], bins[full]] = found[full] | _BORROWED
        empty[rows[full], bins[full]] = False


def _mixed(numbers: Numbers) -> Numbers:
    """Numbers of which all bits depend on all bits."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ (numbers >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: Numbers = numbers ^ (numbers >> np.uint64(31))
    return mixed


def candidates(bands: Numbers, documents: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of documents that share a band, a row each: every one with the first that has it and with the one before it, so a band that
    very many have costs no more than its size.

    Args:
        bands: one for each document; all that are equal are there.
        documents: whose they are.

    >>> candidates(np.array([9, 7, 9, 9], np.uint64), np.array([4, 1, 2, 3])).tolist()
    [[2, 3], [2, 4], [3, 4]]
    """
    order = np.lexsort((documents, bands))
    bands, documents = bands[order], documents[order]
    first = new_runs(bands)
    leaders = documents[np.flatnonzero(first)][np.cumsum(first) - 1] if len(bands) else documents
    later = np.flatnonzero(~first)
    return pairs_of([(leaders[later], documents[later]), (documents[later - 1], documents[later])])


def linked(rows: NDArray[Any]) -> NDArray[Any]:
    """Different pairs of documents that share a band, of the kind `PAIR`.

    Args:
        rows: of the kind `BANDED`, in any order; all with a band are there.
    """
    # By small numbers, as pairs are made of; they have the order of the documents.
    documents, own = np.unique(rows["document"], return_inverse=True)
    found = []
    for which in distinct(rows["which"]).tolist():
        some = rows["which"] == which
        found.append(candidates(rows["band"][some], own[some]))
    pairs = pairs_of((part[:, 0], part[:, 1]) for part in found)
    table = np.empty(len(pairs), PAIR)
    table["one"], table["other"] = documents[pairs[:, 0]], documents[pairs[:, 1]]
    return table


def pairs_of(parts: Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> NDArray[np.int64]:
    """Different pairs of documents, in order, a row each."""
    # As one number, which is sorted many times as fast as two.
    numbers = distinct(np.concatenate([_NONE, *((one.astype(np.int64) << 32) | other for one, other in parts)]))
    return np.stack([numbers >> 32, numbers & 0xFFFFFFFF], 1)


def pair_number(rows: NDArray[Any]) -> Numbers:
    """A number for each row of the kind `PAIR`, of which all bits are alike."""
    return _mixed(rows["one"].astype(np.uint64) << np.uint64(32) | rows["other"].astype(np.uint64))


def groups(pairs: NDArray[np.int64]) -> list[list[int]]:
    """Documents that are linked by pairs, in groups of at most `MOST_TOGETHER`, each in order; the groups by their first documents.

    >>> groups(np.array([[1, 5], [2, 3], [5, 9]]))
    [[1, 5, 9], [2, 3]]
    """
    if not len(pairs):
        return []
    documents, ends = np.unique(pairs, return_inverse=True)
    ends = ends.reshape(pairs.shape)
    labels = np.arange(len(documents))
    while True:
        least = np.minimum(labels[ends[:, 0]], labels[ends[:, 1]])
        before = labels.copy()
        for side in (0, 1):
            np.minimum.at(labels, labels[ends[:, side]], least)
            np.minimum.at(labels, ends[:, side], least)
        # Labels are places of documents, so each can be asked for its own.
        while not np.array_equal(further := labels[labels], labels):
            labels = further
        if np.array_equal(before, labels):
            break
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.diff(labels[order], prepend=-1))
    found = []
    for start, stop in zip(starts.tolist(), [*starts[1:].tolist(), len(order)], strict=True):
        members = documents[order[start:stop]].tolist()
        found += [members[place : place + MOST_TOGETHER] for place in range(0, len(members), MOST_TOGETHER)]
    return found


def resolve(
    group: Sequence[int], rank: Callable[[int], int], shingles: Callable[[int], NDArray[Any]], least: float
) -> Iterator[Pair]:
    """Which documents of a group go. Each is as alike to the one that stays in its place as is asked, not only to another that goes.

    Args:
        group: documents that are linked by candidates.
        rank: the place of a document among those that may stay; 0 is the first choice.
        shingles: of a document.
        least: how alike they must be, over 0 to 1.
    """
    staying: list[tuple[int, NDArray[Any]]] = []
    for document in sorted(group, key=rank):
        own = shingles(document)
        found = [
            (likeness(own, other), -place) for place, (_, other) in enumerate(staying) if _may_be(own, other, least)
        ]
        best, place = max(found, default=(0.0, 0))
        if best >= least:
            yield Pair(document, staying[-place][0], best)
        else:
            staying.append((document, own))


def _may_be(one: NDArray[Any], other: NDArray[Any], least: float) -> bool:
    """Whether two documents can be so alike, by their sizes."""
    small, large = sorted((len(one), len(other)))
    return small >= least * large
