"""Cleaning many documents in several processes: the order and the result are the same whatever their number.

What becomes of a run besides its files (a ledger, a summary, a diff) is the business of watchers. A watcher has two
sides, because documents are cleaned in one process and everything comes together in another: a *recorder* is made in
each process that cleans, sees every finished block of lines, and says what is worth keeping of it; in the process that
runs everything the watcher *receives* that, in the order of the documents.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, NamedTuple

from zhnorm.errors import MEMORY_HINT, ReadError
from zhnorm.formats.records import Layout
from zhnorm.formats.source import OnRead, file_size
from zhnorm.limits import USUAL_LIMITS, Limits
from zhnorm.messages import Message

from ..limits import limit_memory
from .document import FileDocument, Recorder, Recorders, clean_one
from .job import Failure, Job, Outcome, record_format
from .write import remove_temporary

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner

    from .group import Cleaning, Item, Result
    from .journal import Journal
    from .pool import Died
    from .records import RecordFiles
    from .records_journal import RecordsJournals

__all__ = ["Watcher", "run"]


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
    layout: Layout | None = None,
    journal: Journal | None = None,
    journals: RecordsJournals | None = None,
    limits: Limits = USUAL_LIMITS,
    on_read: OnRead | None = None,
) -> Generator[Outcome | Failure]:
    """Clean every document; one that fails costs only itself.

    Args:
        cleaner: used for all of them.
        jobs: in the order in which results are wanted; failures found earlier are passed on in their place.
        watchers: told about every document and every finished block of lines.
        workers: how many processes; with 1 everything happens in this one.
        digests: work out the SHA-256 of inputs and outputs.
        encoding: what all documents are in; None finds it out for each.
        layout: how files of records are to be read.
        journal: an open journal: what it knows is not done again.
        journals: makes the journals of files of records: what an interrupted run did of one is not done again.
        limits: what one document may cost.
        on_read: told how many bytes were read of an only document, or of files of records.

    Yields:
        One outcome or failure for each job, and before that one for each record in it that failed.

    Raises:
        WriteError: the disk is full or cannot be written to: every further document would fail as well.
    """
    layout = layout or Layout()
    recorders = Recorders([watcher.recorder(watcher.receive) for watcher in watchers])
    if journal is not None:
        jobs = journal.recall(jobs)
    else:
        first = list(islice(jobs := iter(jobs), 2))
        if len(first) == 1 and isinstance(job := first[0], Job) and _is_text(job, layout):
            document = FileDocument(
                job._replace(size=file_size(job.source)),
                digests=digests,
                encoding=encoding,
                limits=limits,
                form=layout.format,
                on_read=on_read,
            )
            yield _clean_alone(cleaner, document, recorders, limits)
            return
        jobs = chain(first, jobs)
    # Only here: who cleans one document needs none of it.
    from .group import Cleaning
    from .records import RecordFiles

    start = Cleaning(cleaner, tuple(watcher.recorder for watcher in watchers), digests, encoding, limits, layout.format)
    files = RecordFiles(layout, encoding, digests, recorders, on_read, journals)
    yield from _clean_many(start, files, jobs, watchers, recorders, workers, journal)


def _clean_many(
    start: Cleaning,
    files: RecordFiles,
    jobs: Iterable[Job | Failure],
    watchers: Sequence[Watcher],
    recorders: Recorders,
    workers: int,
    journal: Journal | None,
) -> Generator[Outcome | Failure]:
    """Share out jobs, and parts of files of records, and put in order what comes back."""
    from .group import Item, Result, grouped, weight
    from .parts import CleanedPart, Part
    from .pool import Died, Pool
    from .records import Put

    told: list[tuple[int, Any]] = []  # of the item in hand

    def receive(records: Sequence[tuple[int, Any]]) -> None:
        for number, record in records:
            watchers[number].receive(record)
        if files.hears:
            told.extend(records)

    with files, Pool[Item, Result](start, workers=workers, died=_clear_up, weigh=weight) as pool:
        items = files.items(jobs)
        for item, answer in pool.in_order(grouped(items, workers), receive):
            done = _dead(item, answer, recorders) if isinstance(answer, Died) else answer
            if isinstance(item, Part):
                assert isinstance(done.result, CleanedPart)
                cleaned, records = files.recalled(item) if item.known else (done.result, done.records)
                receive(records)
                results = files.put(item, cleaned, told)
            else:
                assert not isinstance(done.result, CleanedPart)
                receive(done.records)
                results = iter([Put(item, done.result, done.known, done.left_alone)])
            for put in results:
                if journal is not None and put.job is not None:
                    journal.note(put.job, put.known, left_alone=put.left_alone)
                yield put.result
            told.clear()


def _is_text(job: Job, layout: Layout) -> bool:
    """Whether a job is one document."""
    try:
        return not record_format(job, layout)
    except ReadError:
        return False


def _clean_alone(cleaner: Cleaner, document: FileDocument, recorders: Recorders, limits: Limits) -> Outcome | Failure:
    """Clean the only document of a run."""
    if limits.memory_bytes is not None:
        limit_memory(limits.memory_bytes)
    return clean_one(cleaner, document, recorders, limits)


def _clear_up(item: Item, process: int) -> None:
    """Remove what a worker that died left beside the target."""
    if isinstance(item, Job) and isinstance(item.target, str):
        remove_temporary(os.path.dirname(item.target), process)


def _dead(item: Item, death: Died, recorders: Recorders) -> Result:
    """What becomes of an item on which workers died."""
    from .group import Result
    from .parts import Part, died_part

    title = item.name if isinstance(item, Failure) else item.title
    message = Message(
        "{title}: two processes that were cleaning it ended early, {reason}", title=title, reason=death.reason
    )
    error = ReadError(message, hint=MEMORY_HINT)
    if isinstance(item, Part):
        return Result(died_part(item, error, recorders), [])
    failure = Failure(item.name, error)
    recorders.end(failure)
    return Result(failure, [])
