"""Documents in groups: how jobs are shared out to workers, and what a worker does with the group it is given.

Workers are neither kept waiting nor left without work. The small documents of a group are read and cleaned together before
their turn, which is much faster than one by one. What goes wrong with one of them, or with all together, is no matter
then: what is not found ready is done by itself when its turn comes, and so costs only itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from zhnorm.arrays.character_table import load_arrays
from zhnorm.formats.source import file_size
from zhnorm.limits import Limits, limit_memory

from .document import Cleaned, FileDocument, Recorder, Recorders, clean_one, clean_together
from .job import Failure, Job, Known, Outcome
from .parts import CleanedPart, Part, clean_part
from .write import file_digest

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner

    from .pool import Tell

__all__ = ["Cleaning", "Item", "Result", "grouped", "weight"]

MOST_JOBS = 64
MOST_BYTES = 1 << 20
SMALL_BYTES = 1 << 16
ARRAYS_CHARS = 200_000
"""A process that has cleaned so much will clean more, and arrays pay."""
TELL_BYTES = 1 << 20
"""What was recorded of one document is passed on in pieces of about this size."""
_PART_WEIGHT = 16
"""A part of a file of records is there as text before and after it is cleaned; of a file there is only its name."""

Item = Job | Failure | Part
"""What goes to a worker."""


def grouped(items: Iterable[Item], workers: int) -> Iterator[list[Item]]:
    """Consecutive items in groups of at most 64 and of about a megabyte.

    The first groups are small, so that a handful of files is shared among all workers; one alone has nobody to share with.

    Args:
        items: looked at as they are needed.
        workers: how many there are.

    >>> jobs = [Job(f"{number}.txt", "", None) for number in range(20)]
    >>> [len(group) for group in grouped(jobs, 2)]
    [1, 1, 2, 2, 4, 4, 6]
    >>> [len(group) for group in grouped(jobs, 1)]
    [20]
    """
    group: list[Item] = []
    size = given = 0
    for item in items:
        if isinstance(item, Job):
            # Asked for once, here: whoever is given the job knows it.
            item = item._replace(size=file_size(item.source))  # noqa: PLW2901
            size += item.size or 0
        elif isinstance(item, Part) and item.batch.text:
            size += MOST_BYTES
        group.append(item)
        if size >= MOST_BYTES or len(group) >= (
            MOST_JOBS if workers == 1 else min(MOST_JOBS, 1 << min(16, given // workers))
        ):
            yield group
            group, size = [], 0
            given += 1
    if group:
        yield group


def weight(group: Sequence[Item]) -> int:
    """How much memory a group needs while it is under way, compared with a group of files."""
    return max([_PART_WEIGHT if isinstance(item, Part) and item.batch.text else 1 for item in group])


@dataclass(frozen=True)
class Cleaning:
    """What a worker needs to begin: called in the worker, it gives what is done with each item.

    Attributes:
        cleaner: used for all documents.
        recorders: make what sees their blocks, given what takes records.
        digests: work out the SHA-256 of inputs and outputs.
        encoding: what all documents are in; None finds it out for each.
        limits: what one document may cost.
        form: `text` or `html` if all documents are that; else each is looked at.
    """

    cleaner: Cleaner
    recorders: tuple[Callable[[Callable[[Any], object]], Recorder], ...]
    digests: bool
    encoding: str | None
    limits: Limits
    form: str = ""

    def __call__(self) -> _Worker:
        if self.limits.memory_bytes is not None:
            limit_memory(self.limits.memory_bytes)
        return _Worker(self)

    def document(self, job: Job) -> FileDocument:
        """A job as a document that is to be cleaned."""
        return FileDocument(job, digests=self.digests, encoding=self.encoding, limits=self.limits, form=self.form)


class Result(NamedTuple):
    """What came of an item, the records that were not told before, and what a journal should remember of it."""

    result: Outcome | Failure | CleanedPart
    records: list[tuple[int, Any]]
    known: Known | None = None
    left_alone: bool = False


@dataclass(slots=True)
class _Ready:
    """What is known of a document when its turn comes.

    Attributes:
        document: it.
        digest: of its file, taken before it was read: if it changes meanwhile, the next run will see that. Empty if no
            journal is kept.
        is_done: it need not be cleaned.
        cleaned: its clean text, if it was small and nothing went wrong.
    """

    document: FileDocument
    digest: str = ""
    is_done: bool = False
    cleaned: Cleaned | None = None


class _Worker:
    """One process that cleans documents."""

    def __init__(self, start: Cleaning) -> None:
        self._start = start
        self._tray = _Tray()
        self._recorders = Recorders([make(partial(self._tray.put, i)) for i, make in enumerate(start.recorders)])
        self._ready: dict[tuple[object, ...], _Ready] = {}
        self._chars = 0

    def prepare(self, items: Sequence[Item]) -> None:
        """Clean small documents together before their turn, if there are several."""
        small = [item for item in items if isinstance(item, Job) and item.size is not None and item.size <= SMALL_BYTES]
        if len(small) < 2:
            self._ready = {}
            return
        self._ready = {_key(job): self._ready_to_clean(job) for job in small}
        found = [ready for ready in self._ready.values() if not ready.is_done]
        read = [(ready, text) for ready in found if (text := _read(ready.document)) is not None]
        texts = [text for _, text in read]
        self._chars += sum(map(len, texts))
        if self._chars >= ARRAYS_CHARS:
            load_arrays()
        names = [ready.document.name for ready, _ in read]
        for (ready, _), cleaned in zip(read, clean_together(self._start.cleaner, texts, names=names), strict=False):
            ready.cleaned = cleaned

    def _ready_to_clean(self, job: Job) -> _Ready:
        digest = file_digest(job.source) if job.journal else ""
        return _Ready(self._start.document(job), digest, bool(digest) and job.is_done(digest))

    def __call__(self, item: Item, tell: Tell) -> Result:
        """Do what is to be done, and say what came of it."""
        self._tray.open(tell)
        start = self._start
        if isinstance(item, Part):
            part = clean_part(start.cleaner, item, self._recorders, check=start.digests, limits=start.limits)
            return Result(part, self._tray.close())
        if isinstance(item, Failure):
            self._recorders.end(item)
            return Result(item, self._tray.close())
        ready = self._ready.pop(_key(item), None) or self._ready_to_clean(item)
        if ready.is_done and item.known:
            return Result(item.known.outcome, [], item.known, left_alone=True)
        result = clean_one(start.cleaner, ready.document, self._recorders, start.limits, ready.cleaned)
        known = None
        if ready.digest and isinstance(result, Outcome):
            known = Known(ready.digest, file_digest(item.target), result)
        return Result(result, self._tray.close(), known)


def _key(job: Job) -> tuple[object, ...]:
    """What tells a job from all others of its group."""
    return job.name, job.source, job.target


def _read(document: FileDocument) -> str | None:
    """All of a small document; None if that fails, or if it has grown."""
    try:
        return document.read(SMALL_BYTES)
    except Exception:  # noqa: BLE001 - it comes again when its turn comes, and costs one document
        return None


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
        if self._size >= TELL_BYTES:
            self._tell(self.close())

    def close(self) -> list[tuple[int, Any]]:
        records, self._records, self._size = self._records, [], 0
        return records
