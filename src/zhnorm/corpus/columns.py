"""Columns of numbers in files: written piece by piece, read back without being in memory as a whole."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from zhnorm.arrays.character_kinds import new_runs
from zhnorm.batch.write import make_folder
from zhnorm.errors import WriteError, system_says
from zhnorm.messages import Message

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Buckets", "Column", "distinct", "look_up", "parts", "read_column", "read_part", "runs"]

BUCKET_ROWS = 1 << 17
"""About so many rows are sorted at a time."""
_MOST_BITS = 7
"""Not more than 128 files are open at once, or systems refuse; of more rows more are sorted at a time."""


class Column:
    """A file of numbers that is being written; use it in a `with` statement.

    Args:
        path: of the file.
        kind: of the numbers.
    """

    def __init__(self, path: str, kind: Any) -> None:
        self._path, self._kind = path, np.dtype(kind)
        self._file: BinaryIO | None = None
        self.rows = 0

    def __enter__(self) -> Column:
        try:
            self._file = open(self._path, "wb")
        except OSError as error:
            raise _problem(self._path, error) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            self._file.close()
        except OSError as reason:
            raise _problem(self._path, reason) from reason

    def add(self, numbers: NDArray[Any]) -> None:
        """Write numbers behind those that are there."""
        assert self._file is not None
        try:
            self._file.write(np.ascontiguousarray(numbers, self._kind).tobytes())
        except OSError as error:
            raise _problem(self._path, error) from error
        self.rows += len(numbers)


def read_column(path: str, kind: Any) -> NDArray[Any]:
    """The numbers of a file, mapped into memory and read as they are asked for."""
    kind = np.dtype(kind)
    rows = os.path.getsize(path) // kind.itemsize
    return np.memmap(path, kind, "r", shape=(rows,)) if rows else np.empty(0, kind)


def read_part(path: str, kind: Any, start: int, stop: int) -> NDArray[Any]:
    """Some numbers of a file, read and not mapped: what is mapped is counted as memory of the process once it was looked at."""
    return np.fromfile(path, kind, stop - start, offset=start * np.dtype(kind).itemsize)


class Buckets:
    """Rows of numbers, shared out to files by one of them, so that equal rows meet and a file fits into memory.

    Args:
        folder: in which they have one of their own, which is gone at the end.
        kind: of the rows.
        by: gives of rows the numbers that say where each goes, of 64 bits which are all alike.
        rows: about how many there will be.

    >>> import tempfile
    >>> kind = np.dtype([("line", "<u8"), ("page", "<u4")])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Buckets(folder, kind, lambda rows: rows["line"], rows=10) as buckets:
    ...         buckets.add_rows(np.array([(5, 1), (7, 1), (5, 2)], kind))
    ...     [bucket.tolist() for bucket in buckets]
    [[(5, 1), (7, 1), (5, 2)]]
    """

    def __init__(
        self, folder: str, kind: np.dtype[Any], by: Callable[[NDArray[Any]], NDArray[np.uint64]], rows: int
    ) -> None:
        self._kind = kind
        self._by = by
        self._shift = np.uint64(64 - min(_MOST_BITS, (rows // BUCKET_ROWS).bit_length()))
        self._folder = os.path.join(folder, "buckets")
        self._paths = [os.path.join(self._folder, f"{number}.rows") for number in range(1 << (64 - int(self._shift)))]
        self._files = [Column(path, self._kind) for path in self._paths]

    def __enter__(self) -> Buckets:
        make_folder(self._folder)
        for file in self._files:
            file.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in self._files:
            file.__exit__(kind, error, trace)

    def add_rows(self, rows: NDArray[Any]) -> None:
        """Add rows."""
        if len(self._files) == 1:
            self._files[0].add(rows)
            return
        places = (self._by(rows) >> self._shift).astype(np.int64)
        order = np.argsort(places, kind="stable")
        edges = np.searchsorted(places[order], np.arange(len(self._files) + 1))
        for file, start, stop in zip(self._files, edges.tolist(), edges[1:].tolist(), strict=False):
            if start < stop:
                file.add(rows[order[start:stop]])

    def __iter__(self) -> Iterator[NDArray[Any]]:
        """The rows of one file after the other, by the first bits of what they were shared out by; each file is gone when the next one is
        asked for."""
        for path in self._paths:
            yield np.fromfile(path, self._kind)
            os.unlink(path)
        os.rmdir(self._folder)


def parts(rows: int) -> Iterator[slice]:
    """So many rows, in parts for which there is always room.

    >>> [part.stop - part.start for part in parts(300_000)]
    [131072, 131072, 37856]
    """
    return (slice(first, min(first + BUCKET_ROWS, rows)) for first in range(0, rows, BUCKET_ROWS))


def distinct(numbers: NDArray[Any]) -> NDArray[Any]:
    """The different ones of some numbers, in order. (Many times as fast as numpy's own for the few hundred of a document.)"""
    ordered = np.sort(numbers)
    found: NDArray[Any] = ordered[new_runs(ordered)]
    return found


def look_up(numbers: NDArray[Any], among: NDArray[Any]) -> NDArray[np.int64]:
    """The place of each number among others, which are in order; -1: it is not there.

    >>> look_up(np.array([7, 4, 9]), np.array([4, 5, 7])).tolist()
    [2, 0, -1]
    """
    if not len(among):
        return np.full(len(numbers), -1)
    places = np.searchsorted(among, numbers)
    places[places == len(among)] = 0
    found: NDArray[np.int64] = np.where(among[places] == numbers, places, -1)
    return found


def runs(rows: NDArray[Any], *names: str) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where runs of rows begin that have some numbers in common, and how long each is; the rows are in order."""
    starts = np.flatnonzero(np.logical_or.reduce([new_runs(rows[name]) for name in names]))
    return starts, np.diff(np.append(starts, len(rows)))


def _problem(path: str, error: OSError) -> WriteError:
    problem = WriteError(
        Message("{path}: {strerror}", path=path, strerror=system_says(error)), hint="is there room on the disk?"
    )
    problem.__cause__ = error
    return problem
