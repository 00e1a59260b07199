"""The files of records that are under way in a run, from the process that reads and writes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.errors import WriteError, ZhnormError
from zhnorm.formats.records import Layout

from .attempt import is_final
from .job import Failure, Job, Known, Outcome
from .record_file import RecordFile, record_file
from .records import CleanedPart, Part, record_format

if TYPE_CHECKING:
    from .cleaning import Recorder

__all__ = ["Put", "Shelf"]


class Put(NamedTuple):
    """What came of a job, or of a record in its file.

    Attributes:
        job: None if this is only a record.
        result: what became of it.
        known: what a journal should remember of it.
        left_alone: there was nothing to do.
    """

    job: Job | Failure | None
    result: Outcome | Failure
    known: Known | None = None
    left_alone: bool = False


class Shelf:
    """Makes parts of the files of records among some jobs, and files of the parts that come back: use it in a `with`
    statement, at whose end nothing half-written is left.

    Args:
        layout: how files of records are to be read.
        encoding: what they are in; None finds it out for each.
        digests: work out the SHA-256 of inputs and outputs.
        recorders: told about every file before and after its records.
    """

    def __init__(self, layout: Layout, encoding: str | None, digests: bool, recorders: Sequence[Recorder]) -> None:
        self._layout = layout
        self._encoding = encoding
        self._digests = digests
        self._recorders = recorders
        self._files: deque[RecordFile] = deque()  # those that are read, in order; the first one is written
        self._begun = False
        self._failure: Failure | None = None

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.abandon()

    def items(self, jobs: Iterable[Job | Failure]) -> Iterator[Job | Failure | Part]:
        """The jobs, and in the place of each file of records its parts."""
        for job in jobs:
            problem = None
            try:
                kind = "" if isinstance(job, Failure) else record_format(job, self._layout)
            except ZhnormError as error:
                kind, problem = "jsonl", error
            if isinstance(job, Failure) or not kind:
                yield job
                continue
            file = record_file(job, kind, self._layout, encoding=self._encoding, digests=self._digests)
            if problem is not None:
                file.fail(problem)
            self._files.append(file)
            yield from file.parts()

    def put(self, part: Part, cleaned: CleanedPart) -> Iterator[Put]:
        """A part came back: what failed in it, and with the last part of a file the file itself."""
        file = self._files[0]
        if not self._begun:
            self._begun = True
            for recorder in () if file.left_alone else self._recorders:
                recorder.begin(file.job.name)
            return
        try:
            if part.form is not None:
                if self._failure is None:
                    yield from map(Put, repeat(None), file.put(cleaned))
                return
            result = self._failure or file.end()
        except WriteError as error:
            if is_final(error):
                raise
            result = Failure(file.job.name, error)
            if part.form is not None:
                self._failure = result
                return
        self._files.popleft()
        self._begun, self._failure = False, None
        for recorder in () if file.left_alone else self._recorders:
            if isinstance(result, Outcome):
                recorder.done(result)
            else:
                recorder.failed(result)
        yield Put(file.job, result, file.known(result), file.left_alone)
