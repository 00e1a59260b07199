"""What a worker does with its documents, one after another, and what it sends back of each."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from zhnorm.limits import Limits

from .attempt import attempt
from .document import clean_document, write_document
from .job import Failure, Job, Known, Outcome
from .limits import limit_memory
from .records import CleanedPart, Part, clean_part
from .together import Clean, Ready, Together
from .write import file_digest

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner
    from zhnorm.line import Block

    from .pool import Tell

__all__ = ["Cleaning", "Item", "Recorder", "Result"]

PART_BYTES = 1 << 20
"""What was recorded of one document is passed on in parts of about this size."""


Item = Job | Failure | Part
"""What goes to a worker."""


class Recorder(Protocol):
    """Sees what happens to documents, in the process in which it happens.

    Called for every document in this order: begin, block any number of times, done or failed; for one that failed
    before it could be opened: failed alone.
    """

    def begin(self, name: str, /) -> None: ...

    def block(self, block: Block, /) -> None: ...

    def done(self, outcome: Outcome, /) -> None: ...

    def failed(self, failure: Failure, /) -> None: ...


@dataclass(frozen=True)
class Cleaning:
    """What a worker needs to begin: called in the worker, it gives what is done with each job.

    Attributes:
        cleaner: used for all documents.
        recorders: make what sees their blocks, given what takes records.
        digests: work out the SHA-256 of inputs and outputs.
        encoding: what all documents are in; None finds it out for each.
        limits: what one document may cost.
    """

    cleaner: Cleaner
    recorders: tuple[Callable[[Callable[[Any], object]], Recorder], ...]
    digests: bool
    encoding: str | None
    limits: Limits

    def __call__(self) -> Callable[[Item, Tell], Result]:
        if self.limits.memory_bytes is not None:
            limit_memory(self.limits.memory_bytes)
        return _Worker(self)


class _Worker:
    """One process that cleans documents."""

    def __init__(self, start: Cleaning) -> None:
        self._start = start
        self._tray = _Tray()
        self._together = Together(start.cleaner, digests=start.digests, encoding=start.encoding, limits=start.limits)
        self._recorders = [make(partial(self._tray.put, number)) for number, make in enumerate(start.recorders)]

    def prepare(self, items: Sequence[Item]) -> None:
        """Clean small documents together before their turn."""
        self._together.clean([item for item in items if isinstance(item, Job)])

    def __call__(self, job: Item, tell: Tell) -> Result:
        """Do what is to be done, and say what came of it."""
        self._tray.open(tell)
        if isinstance(job, Part):
            start = self._start
            part = clean_part(start.cleaner, job, self._recorders, check=start.digests, limits=start.limits)
            return Result(part, self._tray.close())
        ready = Ready() if isinstance(job, Failure) else self._together.take(job)
        if ready.is_done and isinstance(job, Job) and job.known:
            return Result(job.known.outcome, [], job.known, left_alone=True)
        result = job if isinstance(job, Failure) else self._clean(job, ready.clean)
        for recorder in self._recorders:
            if isinstance(result, Outcome):
                recorder.done(result)
            else:
                recorder.failed(result)
        known = None
        if ready.digest and isinstance(job, Job) and isinstance(result, Outcome):
            known = Known(ready.digest, file_digest(job.target), result)
        return Result(result, self._tray.close(), known)

    def _clean(self, job: Job, clean: Clean | None) -> Outcome | Failure:
        for recorder in self._recorders:
            recorder.begin(job.name)
        blocks = [recorder.block for recorder in self._recorders]
        if clean is not None:
            limits = self._start.limits
            return attempt(job.name, job.title, lambda: write_document(job, *clean, blocks, limits=limits))
        return attempt(job.name, job.title, lambda: self._within_limits(job, blocks))

    def _within_limits(self, job: Job, blocks: Sequence[Callable[[Block], None]]) -> Outcome:
        start = self._start
        size = _size(job.source)
        if size is not None:
            start.limits.check_bytes(size, job.title)
        return clean_document(
            start.cleaner, job, blocks, digests=start.digests, encoding=start.encoding, limits=start.limits
        )


class Result(NamedTuple):
    """What came of an item, the records that were not told before, and what a journal should remember of it."""

    result: Outcome | Failure | CleanedPart
    records: list[tuple[int, Any]]
    known: Known | None = None
    left_alone: bool = False


class _Tray:
    """Collects what the recorders of a process say, with their numbers; passes it on when it grows large."""

    def __init__(self) -> None:
        self._tell: Tell = lambda _: None
        self._records: list[tuple[int, Any]] = []
        self._size = 0

    def open(self, tell: Tell) -> None:
        self._tell = tell

    def put(self, number: int, record: Any) -> None:
        self._records.append((number, record))
        self._size += len(record) if isinstance(record, bytes | str) else 0
        if self._size >= PART_BYTES:
            self._tell(self.close())

    def close(self) -> list[tuple[int, Any]]:
        records, self._records, self._size = self._records, [], 0
        return records


def _size(source: object) -> int | None:
    """Bytes of a regular file; None for everything else."""
    if not isinstance(source, str):
        return None
    try:
        there = os.stat(source)
    except OSError:
        return None
    return there.st_size if stat.S_ISREG(there.st_mode) else None
