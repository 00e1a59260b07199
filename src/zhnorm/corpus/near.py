"""Documents that say nearly what another one says.

A document is a set of shingles: the pieces of five letters of its key. How alike two documents are is the share of the pieces of both that
they have in common (Jaccard). To find candidates without comparing all with all, each document gets a sketch of 126 numbers: its shingles
are thrown into so many bins, and of each bin the smallest is kept (one-permutation MinHash, Li, Owen and Zhang 2012; an empty bin takes over that
of another one, Shrivastava 2017). Six of them are a band, and documents that share a band are candidates. Of two documents that are alike at 0.8,
998 in 1,000 are. A notice that stands on a thousand pages gives them bands in common, and nothing else: so whoever shares a band glances at a bit
of each of 64 other bins first, and what is far from alike is no candidate. Every candidate is then compared by its shingles, so that nothing
goes for what a sketch says.
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
    "Group",
    "Pair",
    "Sketched",
    "candidates",
    "groups",
    "letters_of",
    "likeness",
    "pair_number",
    "resolve",
    "shingles_of",
    "sketches_of",
]

BANDS = 21
_ROWS = 6
_BINS = 128
SHINGLE_LETTERS = 5
LEAST_LETTERS = 50
"""Shorter documents are compared to the letter alone: one word more or less makes another notice of one."""
MOST_TOGETHER = 1000
"""A larger group of documents that are linked by candidates is looked at in parts of this size."""
_MOST_SHINGLES = 1 << 20
"""Of a group with more of them not all are compared with all."""
_FEW = 8
"""So many documents are sooner compared one with the other."""
_PIECE = 1 << 16
_BASE = np.uint64(0x9E3779B97F4A7C15)
_EMPTY = np.uint32(0xFFFFFFFF)
_NONE = np.empty(0, np.int64)
_BORROWED = np.uint32(0x80000000)
"""Marks what a bin took over; what is smaller fell into it."""
_DOUBT = 0.2
"""How much less alike than is asked two documents may look at a glance, which is rough, and takes in what cleaning takes out."""
_BITS = np.array([number.bit_count() for number in range(256)], np.uint8)


BANDED = np.dtype([("band", "<u8"), ("glance", "<u8"), ("document", "<i8")])
"""A band of a document; see `Sketched`."""
PAIR = np.dtype([("one", "<i8"), ("other", "<i8")])
"""Two documents."""


class Pair(NamedTuple):
    """A document that goes, the one that stays in its place, and how alike they are, 0 to 1."""

    gone: int
    stays: int
    likeness: float


class Sketched(NamedTuple):
    """Documents as sketches.

    Attributes:
        bands: a row for each document, a column for each band.
        glances: for each band a bit of each of 64 bins that are not in it.
        there: which documents say enough to have any.
    """

    bands: NDArray[np.uint64]
    glances: NDArray[np.uint64]
    there: NDArray[np.bool_]


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


def sketches_of(keys: Sequence[str]) -> Sketched:
    """Sketch documents.

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
    return Sketched(bands, _glances(sketches), there)


def _glances(sketches: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Of each document for each band a bit of each of the 64 bins behind it, in a circle."""
    # Another bit in each bin, so that a bin says something of its own if it took over what another one holds.
    bits = (sketches >> (np.arange(_BINS, dtype=np.uint32) % 8)).astype(np.uint8) & 1
    halves = np.packbits(bits, axis=1).view(">u8").astype(np.uint64)
    starts = _ROWS * np.arange(1, BANDS + 1)
    shifts = (starts % 64).astype(np.uint64)
    glances: NDArray[np.uint64] = halves[:, starts // 64] << shifts
    glances |= halves[:, (starts // 64 + 1) % 2] >> (np.uint64(64) - shifts)
    return glances


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


def candidates(rows: NDArray[Any], least: float) -> NDArray[Any]:
    """Different pairs of documents that share a band and do not look unlike, of the kind `PAIR`, in order: every document with the first
    that has the band and with the one before it, so a band that very many have costs no more than its size.

    Args:
        rows: of the kind `BANDED`, in any order; all with a band are there.
        least: how alike documents must be, over 0 to 1.

    >>> rows = np.array([(9, 0, 4), (7, 0, 1), (9, 0, 2), (9, 0, 3)], BANDED)
    >>> candidates(rows, 0.8).tolist()
    [(2, 3), (2, 4), (3, 4)]
    >>> rows["glance"][0] = 0xFFFFFFFF
    >>> candidates(rows, 0.8).tolist()
    [(2, 3)]
    """
    # Most bands are of one document alone.
    order = np.argsort(rows["band"])
    alone = new_runs(rows["band"][order])
    rows = rows[order[~(alone & np.append(alone[1:], True))]]
    rows = rows[np.lexsort((rows["document"], rows["band"]))]
    first = new_runs(rows["band"])
    leaders = np.flatnonzero(first)[np.cumsum(first) - 1]
    later = np.flatnonzero(~first)
    one, other = np.concatenate([leaders[later], later - 1]), np.concatenate([later, later])
    alike = _look_alike(rows["glance"][one], rows["glance"][other], least)
    # By small numbers, as pairs are made of; they have the order of the documents.
    documents, own = np.unique(rows["document"], return_inverse=True)
    pairs = pairs_of([(own[one[alike]], own[other[alike]])])
    table = np.empty(len(pairs), PAIR)
    table["one"], table["other"] = documents[pairs[:, 0]], documents[pairs[:, 1]]
    return table


def _look_alike(one: Numbers, other: Numbers, least: float) -> NDArray[np.bool_]:
    """Whether documents may be so alike, by their glances: of the bits of what differs half are the same by chance."""
    unlike = _BITS[(one ^ other).view(np.uint8).reshape(-1, 8)].sum(axis=1)
    found: NDArray[np.bool_] = unlike <= 32 * (1 - least + _DOUBT)
    return found


def pairs_of(parts: Iterable[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> NDArray[np.int64]:
    """Different pairs of documents, in order, a row each."""
    # As one number, which is sorted many times as fast as two.
    numbers = distinct(np.concatenate([_NONE, *((one.astype(np.int64) << 32) | other for one, other in parts)]))
    return np.stack([numbers >> 32, numbers & 0xFFFFFFFF], 1)


def pair_number(rows: NDArray[Any]) -> Numbers:
    """A number for each row of the kind `PAIR`, of which all bits are alike."""
    return _mixed(rows["one"].astype(np.uint64) << np.uint64(32) | rows["other"].astype(np.uint64))


class Group(NamedTuple):
    """Documents that are linked by pairs, at most `MOST_TOGETHER`, in order, and the pairs among them, a row each."""

    documents: NDArray[np.int64]
    pairs: NDArray[np.int64]


def groups(pairs: NDArray[np.int64]) -> Iterator[Group]:
    """Pairs in groups that have no document in common; the groups by their first documents.

    >>> [(found.documents.tolist(), found.pairs.tolist()) for found in groups(np.array([[1, 5], [2, 3], [5, 9]]))]
    [([1, 5, 9], [[1, 5], [5, 9]]), ([2, 3], [[2, 3]])]
    """
    if not len(pairs):
        return
    documents, ends = np.unique(pairs, return_inverse=True)
    ends = ends.reshape(pairs.shape)
    labels = _labels(ends, len(documents))
    order = np.argsort(labels, kind="stable")
    starts = new_runs(labels[order])
    places = np.arange(len(order))
    within = places - places[starts][np.cumsum(starts) - 1]
    starts |= within % MOST_TOGETHER == 0
    of = np.empty(len(order), np.int64)
    of[order] = np.cumsum(starts) - 1
    # Of a group that was cut, pairs of documents of two parts are let go.
    pairs, whose = pairs[of[ends[:, 0]] == of[ends[:, 1]]], of[ends[:, 0]][of[ends[:, 0]] == of[ends[:, 1]]]
    pairs, whose = pairs[np.argsort(whose, kind="stable")], np.sort(whose)
    edges = [*np.flatnonzero(starts).tolist(), len(order)]
    shares = np.searchsorted(whose, np.arange(len(edges))).tolist()
    for place in range(len(edges) - 1):
        yield Group(documents[order[edges[place] : edges[place + 1]]], pairs[shares[place] : shares[place + 1]])


def _labels(pairs: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """For each of some numbers from 0 on the least that it is linked with by pairs."""
    labels = np.arange(count)
    while True:
        least = np.minimum(labels[pairs[:, 0]], labels[pairs[:, 1]])
        before = labels.copy()
        for side in (0, 1):
            np.minimum.at(labels, labels[pairs[:, side]], least)
            np.minimum.at(labels, pairs[:, side], least)
        # Labels are numbers, so each can be asked for its own.
        while not np.array_equal(further := labels[labels], labels):
            labels = further
        if np.array_equal(before, labels):
            return labels


def resolve(
    group: Group, rank: Callable[[int], int], shingles: Callable[[int], NDArray[Any]], least: float
) -> Iterator[Pair]:
    """Which documents of a group go. Each is as alike to the one that stays in its place as is asked, not only to another that goes.

    Args:
        group: documents, and which of them are candidates.
        rank: the place of a document among those that may stay; 0 is the first choice.
        shingles: of a document.
        least: how alike they must be, over 0 to 1.
    """
    own = {document: shingles(document) for document in group.documents.tolist()}
    parts = [group.documents]
    if sum(map(len, own.values())) > _MOST_SHINGLES:
        # Too much to compare all with all: only what candidates that are alike link is.
        alike = [likeness(own[one], own[other]) >= least for one, other in group.pairs.tolist()]
        parts = [part.documents for part in groups(group.pairs[np.array(alike, bool)])]
    for part in parts:
        ordered = sorted(part.tolist(), key=rank)
        staying = _Staying([own[document] for document in ordered])
        for place, document in enumerate(ordered):
            other, alike_to = staying.most_like(place)
            if alike_to >= least:
                yield Pair(document, ordered[other], alike_to)
            else:
                staying.add(place)


class _Staying:
    """Those of some documents that stay, so that all of them are compared with another one at once.

    Args:
        shingles: of each document.
    """

    def __init__(self, shingles: Sequence[NDArray[Any]]) -> None:
        self._shingles = shingles
        self._places: list[int] = []
        self._is_few = len(shingles) <= _FEW
        if not self._is_few:
            self._number()

    def _number(self) -> None:
        """Give each shingle a small number, so that a table says whether a document has it."""
        self._stops = np.cumsum([0, *map(len, self._shingles)]).tolist()
        known, self._numbers = np.unique(np.concatenate(self._shingles), return_inverse=True)
        self._is_own = np.zeros(len(known), bool)
        self._held = np.empty(len(self._numbers), np.int32)
        self._of = np.empty(len(self._numbers), np.int32)
        self._end = 0
        self._sizes = np.zeros(len(self._shingles), np.int64)

    def _own(self, place: int) -> NDArray[np.int64]:
        return self._numbers[self._stops[place] : self._stops[place + 1]]

    def add(self, place: int) -> None:
        """A document stays."""
        if not self._is_few:
            own = self._own(place)
            stop = self._end + len(own)
            self._held[self._end : stop], self._of[self._end : stop] = own, len(self._places)
            self._sizes[len(self._places)], self._end = len(own), stop
        self._places.append(place)

    def most_like(self, place: int) -> tuple[int, float]:
        """The place of the one that stays which is most like another document, the first of several, and how alike they are."""
        if not (self._places and len(self._shingles[place])):
            return 0, 0.0
        if self._is_few:
            alike = np.array([likeness(self._shingles[place], self._shingles[other]) for other in self._places])
        else:
            own, count = self._own(place), len(self._places)
            self._is_own[own] = True
            both = np.bincount(self._of[: self._end][self._is_own[self._held[: self._end]]], minlength=count)
            self._is_own[own] = False
            alike = both / (len(own) + self._sizes[:count] - both)
        best = int(alike.argmax())
        return self._places[best], float(alike[best])
