"""Cleaning many documents in several processes: the order and the result are the same whatever their number.

What becomes of a run besides its files (a ledger, a summary, a diff) is the business of watchers. A watcher has two
sides, because documents are cleaned in one process and everything comes together in another: a *recorder* is made in
each process that cleans, sees every finished block of lines, and says what is worth keeping of it; in the process that
runs everything the watcher *receives* that, in the order of the documents.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from zhnorm.errors import AuditError, ReadError, ZhnormError, bug

from .document import clean_document
from .group import grouped
from .job import Failure, Job, Known, Outcome
from .pool import Died, Pool, Tell
from .write import remove_temporary

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner
    from zhnorm.line import Block

    from .journal import Journal

__all__ = ["Recorder", "Watcher", "run"]

PART_BYTES = 1 << 20
"""What was recorded of one document is passed on in parts of about this size."""
_MEMORY_HINT = "is there enough memory? a smaller --jobs or --window-lines needs less"


class Recorder(Protocol):
    """Sees what happens to documents, in the process in which it happens.

    Called for every document in this order: begin, block any number of times, done or failed; for one that failed
    before it could be opened: failed alone.
    """

    def begin(self, name: str, /) -> None: ...

    def block(self, block: Block, /) -> None: ...

    def done(self, outcome: Outcome, /) -> None: ...

    def failed(self, failure: Failure, /) -> None: ...


class Watcher(NamedTuple):
    """Somebody who wants to know what happens.

    Attributes:
        recorder: makes a recorder, given what takes its records. Records are bytes, text or small objects; they and
            `recorder` itself must be picklable.
        receive: is given the records, in the order of the documents.
    """

    recorder: Callable[[Callable[[Any], object]], Recorder]
    receive: Callable[[Any], object]


def run(
    cleaner: Cleaner,
    jobs: Iterable[Job | Failure],
    watchers: Sequence[Watcher] = (),
    *,
    workers: int = 1,
    digests: bool = False,
    encoding: str | None = None,
    journal: Journal | None = None,
) -> Generator[Outcome | Failure]:
    """Clean every document; one that fails costs only itself.

    Args:
        cleaner: used for all of them.
        jobs: in the order in which results are wanted; failures found earlier are passed on in their place.
        watchers: told about every document and every finished block of lines.
        workers: how many processes; with 1 everything happens in this one.
        digests: work out the SHA-256 of inputs and outputs.
        encoding: what all documents are in; None finds it out for each.
        journal: an open journal: what it knows is not done again.

    Yields:
        One outcome or failure for each job.

    Raises:
        WriteError: the disk is full or cannot be written to: every further document would fail as well.
    """
    start = _Start(cleaner, tuple(watcher.recorder for watcher in watchers), digests, encoding)

    def receive(records: Sequence[tuple[int, Any]]) -> None:
        for number, record in records:
            watchers[number].receive(record)

    if journal is not None:
        jobs = journal.recall(jobs)
    with Pool[Job | Failure, _Result](start, workers=workers, died=_clear_up) as pool:
        groups = grouped(jobs, workers) if workers > 1 else ([job] for job in jobs)
        for job, answer in pool.in_order(groups, receive):
            done = _dead(job, answer, watchers) if isinstance(answer, Died) else answer
            receive(done.records)
            if journal is not None:
                journal.note(job, done.known, left_alone=done.left_alone)
            yield done.result


@dataclass(frozen=True)
class _Start:
    """What a worker needs to begin."""

    cleaner: Cleaner
    recorders: tuple[Callable[[Callable[[Any], object]], Recorder], ...]
    digests: bool
    encoding: str | None

    def __call__(self) -> Callable[[Job | Failure, Tell], _Result]:
        return _Cleaning(self).do


class _Cleaning:
    """One process that cleans documents."""

    def __init__(self, start: _Start) -> None:
        self._start = start
        self._tray = _Tray()
        self._recorders = [make(partial(self._tray.put, number)) for number, make in enumerate(start.recorders)]

    def do(self, job: Job | Failure, tell: Tell) -> _Result:
        self._tray.open(tell)
        digest = ""
        if isinstance(job, Job) and job.journal:
            # Before it is read for cleaning: if it changes meanwhile, the next run will see that.
            digest = _digest(job.source)
            if job.known and job.known.input_digest == digest and job.known.output_digest == _digest(job.target):
                return _Result(job.known.outcome, [], job.known, left_alone=True)
        result = job if isinstance(job, Failure) else self._clean(job)
        for recorder in self._recorders:
            if isinstance(result, Outcome):
                recorder.done(result)
            else:
                recorder.failed(result)
        known = None
        if digest and isinstance(job, Job) and isinstance(result, Outcome):
            known = Known(digest, _digest(job.target), result)
        return _Result(result, self._tray.close(), known)

    def _clean(self, job: Job) -> Outcome | Failure:
        for recorder in self._recorders:
            recorder.begin(job.name)
        blocks = [recorder.block for recorder in self._recorders]
        start = self._start
        try:
            return clean_document(start.cleaner, job, blocks, digests=start.digests, encoding=start.encoding)
        except ZhnormError as error:
            if _is_final(error):
                raise
            return Failure(job.name, error)
        except MemoryError:
            return Failure(job.name, ReadError(f"{job.title}: not enough memory for it", hint=_MEMORY_HINT))
        except BrokenPipeError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug shows on one document; the others are none the worse
            return Failure(job.name, bug(error, job.title))


class _Result(NamedTuple):
    """What came of a document, the records that were not told before, and what a journal should remember of it."""

    result: Outcome | Failure
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


def _digest(path: object) -> str:
    """SHA-256 of a file; empty if it cannot be read or is none."""
    if not isinstance(path, str):
        return ""
    import hashlib

    try:
        with open(path, "rb", buffering=0) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _clear_up(job: Job | Failure, process: int) -> None:
    """Remove what a worker that died left beside the target."""
    if isinstance(job, Job) and isinstance(job.target, str):
        remove_temporary(os.path.dirname(job.target), process)


def _dead(job: Job | Failure, death: Died, watchers: Sequence[Watcher]) -> _Result:
    title = job.title if isinstance(job, Job) else job.name
    message = f"{title}: two processes that were cleaning it ended early, {death.reason}"
    failure = Failure(job.name, ReadError(message, hint=_MEMORY_HINT))
    for watcher in watchers:
        watcher.recorder(watcher.receive).failed(failure)
    return _Result(failure, [])


def _is_final(error: ZhnormError) -> bool:
    """Whether every further document would fail in the same way."""
    if isinstance(error, AuditError | ReadError):
        return False
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
