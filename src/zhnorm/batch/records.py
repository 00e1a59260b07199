"""Files of records: one process reads and writes a file, all of them clean what is in it.

A file becomes parts, each a batch of whole records. A worker cleans the documents in a part and gives back the text of
the part; parts come back in the order of the file. A record that is broken is a failure of its own, and stands in the
output as it stood in the input.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.counts import Counts
from zhnorm.errors import ReadError, WriteError, ZhnormError
from zhnorm.formats.compression import CompressedFile, Sink
from zhnorm.formats.decode import Decoder
from zhnorm.formats.looks import refuse_binary
from zhnorm.formats.opening import open_records
from zhnorm.formats.records import BYTES, MARKED, Batch, Layout, RecordFormat
from zhnorm.formats.source import PIECE_BYTES, OnRead, open_document, open_seekable
from zhnorm.formats.text import misread_runs
from zhnorm.limits import USUAL_LIMITS, Losses

from .document import Meter, Recorders, is_final
from .job import Failure, Job, Known, Outcome, Records, record_format
from .parts import CleanedPart, Part
from .write import file_digest, open_output

if TYPE_CHECKING:
    from zhnorm.formats.parquet import ParquetReader, ParquetWriter

    from .records_journal import RecordsJournal, RecordsJournals, Told

__all__ = ["Put", "RecordFiles"]

_READ_BYTES = 1 << 20
"""Records are shared out in smaller parts than documents are cleaned in, and while they are, more is not needed."""


class RecordFile:
    """One file of records on its way.

    Args:
        job: the file.
        kind: its format.
        layout: what the user said about files of records.
        encoding: what the file is in; None finds it out.
        digests: work out the SHA-256 of input and output.
        on_read: told how many of its bytes were read.
        journal: of the file, if one is kept.

    Attributes:
        left_alone: input and output are as an earlier run left them: there is nothing to do.
    """

    def __init__(
        self,
        job: Job,
        kind: str,
        layout: Layout,
        *,
        encoding: str | None,
        digests: bool,
        on_read: OnRead | None = None,
        journal: RecordsJournal | None = None,
    ) -> None:
        self.job = job
        self.journal = journal
        self._kind, self._layout, self._on_read = kind, layout, on_read
        self._decoder = Decoder("latin-1" if kind in BYTES else encoding, job.title)
        self._meter = Meter(digests, USUAL_LIMITS, job.title)
        self._form: RecordFormat | None = None
        self._stack = ExitStack()
        self._sink: Sink | None = None
        self._open = False
        self._error: ZhnormError | None = None
        self._digest = ""
        self.left_alone = False
        self._counts, self._records = Counts(), Records()
        self._losses = Losses()

    def parts(self) -> Iterator[Part]:
        """What the file is made of; the first and the last part hold nothing."""
        if self.job.journal:
            # Before it is read for cleaning: if it changes meanwhile, the next run will see that.
            self._digest = file_digest(self.job.source)
            self.left_alone = self.job.is_done(self._digest)
        yield Part(self.job.name, self.job.title)
        try:
            if not (self.left_alone or self._error):
                with self._batches() as batches:
                    for batch in batches:
                        part = Part(self.job.name, self.job.title, self._form, batch)
                        yield part if self.journal is None else self.journal.recall(part)
        except ZhnormError as error:
            self._error = error
        yield Part(self.job.name, self.job.title)

    @contextmanager
    def _batches(self) -> Iterator[Iterator[Batch]]:
        """Open the file, and find out how it is to be read."""
        with open_document(self.job.source, self.job.title, _READ_BYTES, self._on_read) as pieces:
            self._form, batches = open_records(self._kind, self._decoded(pieces), self._layout, self.job.title)
            yield batches

    def _decoded(self, pieces: Iterable[bytes]) -> Iterator[str]:
        first = True
        for piece in pieces:
            if first and self._kind not in BYTES:
                refuse_binary(piece, self.job.title)
            first = False
            yield self._decoder.feed(self._meter.read(piece))
        yield self._decoder.finish()

    def put(self, part: CleanedPart) -> list[Failure]:
        """Write a part; gives back the records in it that failed.

        Raises:
            WriteError: the target cannot be written; nothing is left of it.
        """
        try:
            if not self._open:
                self._sink, self._open = self._stack.enter_context(open_output(self.job)), True
            if part.texts:
                self._write(part.texts)
        except WriteError:
            self.abandon()
            raise
        self._counts.merge(part.counts)
        self._records.merge(part.records)
        self._losses.add(part.heavy)
        return part.failures

    def _write(self, texts: list[str]) -> None:
        """Write records."""
        assert self._form is not None
        self._mark(texts[0])
        for text in texts if self._form.cut else ["".join(texts)]:
            if self._kind not in BYTES:
                self._records.misread += misread_runs(text, self._meter.bytes_out)
            self._emit(text.encode(self._form.codec, "surrogateescape"))
            if self._form.cut and isinstance(self._sink, CompressedFile):
                self._sink.cut()

    def _mark(self, first: str) -> None:
        """Put a byte order mark in front of the first record, if one is wanted and none is there."""
        assert self._form is not None
        if self._layout.bom and self._form.name in MARKED and not self._meter.bytes_out and first[:1] != "\ufeff":
            self._records.bom = True
            self._emit(BOM_UTF8)

    def _emit(self, data: bytes) -> None:
        self._meter.written(data)
        if self._sink is not None:
            self._sink.write(data)

    def _finish(self) -> None:
        """Write what stands behind the last record."""

    def _leaves_as_it_was(self) -> bool:
        """Whether the file says what it said, though its bytes are others. (Of equal bytes the target takes care.)"""
        return False

    def end(self) -> Outcome | Failure:
        """Put the file in place, if all of it was read.

        Raises:
            WriteError: it cannot be put in place.
        """
        if self.left_alone and self.job.known:
            return self.job.known.outcome
        if self._error is not None:
            self.abandon()
            return Failure(self.job.name, self._error)
        self.put(CleanedPart())
        self._finish()
        if self.job.in_place is not None and self._leaves_as_it_was():
            self.abandon()
        else:
            self._stack.close()
        if self._form is not None:
            self._records.format, self._records.fields = self._form.name, list(self._form.fields)
            self._records.counted, self._records.header = self._form.counts, self._layout.header
        heavy = tuple(self._losses.worst())
        return Outcome(
            self.job.name,
            self._counts,
            self._meter.bytes_in,
            self._meter.bytes_out,
            self._decoder.undecodable,
            self._decoder.first,
            None if self._kind in BYTES else self._decoder.encoding,
            *self._meter.digests(),
            self._records,
            self._decoder.lost,
            heavy=heavy,
            heavy_others=self._losses.count - len(heavy),
            private=self._decoder.private,
            first_private=self._decoder.first_private,
        )

    def known(self, result: Outcome | Failure) -> Known | None:
        """What a journal should remember of the file. One in which records failed is cleaned again, to name them."""
        if self.left_alone:
            return self.job.known
        if not self._digest or isinstance(result, Failure) or self._records.failed:
            return None
        return Known(self._digest, file_digest(self.job.target), result)

    def fail(self, error: ZhnormError) -> None:
        """The file cannot be read."""
        self._error = error

    def abandon(self) -> None:
        """Give the target up; what stood in its place is as it was."""
        self._stack.__exit__(ReadError, ReadError(""), None)


class ParquetRecordFile(RecordFile):
    """A Parquet file on its way: what is written is made of the rows that were read, and of the text of one column."""

    _reader: ParquetReader | None = None
    _writer: ParquetWriter | None = None

    @contextmanager
    def _batches(self) -> Iterator[Iterator[Batch]]:
        from zhnorm.formats.parquet import ParquetReader

        with open_seekable(self.job.source, self.job.title) as file:
            while piece := file.read(PIECE_BYTES):
                self._meter.read(piece)
            file.seek(0)
            self._reader = ParquetReader(file, self._layout, self.job.title)
            self._form = self._reader.form
            yield self._told(self._reader)

    def _told(self, reader: ParquetReader) -> Iterator[Batch]:
        """The batches; what is told of each is its share of the bytes, since a column is read wherever it stands."""
        for batch in reader.batches():
            if self._on_read is not None:
                self._on_read(self._meter.bytes_in * batch.text.count("\n") // reader.rows)
            yield batch

    def _open_writer(self) -> ParquetWriter:
        from zhnorm.formats.parquet import ParquetWriter

        assert self._reader is not None
        return ParquetWriter(self._reader, _Emitter(self._emit))

    def _write(self, texts: list[str]) -> None:
        self._writer = self._writer or self._open_writer()
        self._writer.write(texts)

    def _leaves_as_it_was(self) -> bool:
        # It is packed anew, and another writer packs otherwise.
        return not (self._records.changed or self._layout.counts)

    def _finish(self) -> None:
        (self._writer or self._open_writer()).end()


def file_class(kind: str) -> type[RecordFile]:
    """What a file of records in a format is made as."""
    return ParquetRecordFile if kind == "parquet" else RecordFile


class _Emitter(NamedTuple):
    write: Callable[[bytes], object]


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


class RecordFiles:
    """Makes parts of the files of records among some jobs, and files of the parts that come back: use it in a `with`
    statement, at whose end nothing half-written is left.

    Args:
        layout: how files of records are to be read.
        encoding: what they are in; None finds it out for each.
        digests: work out the SHA-256 of inputs and outputs.
        recorders: told about every file before and after its records.
        on_read: told how many bytes were read.
        journals: makes the journals of the files; None if none is kept.
    """

    def __init__(
        self,
        layout: Layout,
        encoding: str | None,
        digests: bool,
        recorders: Recorders,
        on_read: OnRead | None = None,
        journals: RecordsJournals | None = None,
    ) -> None:
        self._layout, self._on_read, self._journals = layout, on_read, journals
        self._encoding = encoding
        self._digests = digests
        self._recorders = recorders
        self._files: deque[RecordFile] = deque()  # those that are read, in order; the first one is written
        self._begun = False
        self._failure: Failure | None = None

    def __enter__(self) -> RecordFiles:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for file in self._files:
            file.abandon()
            if file.journal is not None:
                file.journal.close(left=kind is not None and not issubclass(kind, Exception))

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
            file = file_class(kind)(
                job,
                kind,
                self._layout,
                encoding=self._encoding,
                digests=self._digests,
                on_read=self._on_read,
                journal=None if self._journals is None else self._journals.of(job),
            )
            if problem is not None:
                file.fail(problem)
            self._files.append(file)
            yield from file.parts()

    def recalled(self, part: Part) -> tuple[CleanedPart, Told]:
        """What came of a part that nobody had to clean, and what recorders told of it."""
        journal = self._files[0].journal
        assert journal is not None
        assert self._journals is not None
        cleaned, told = journal.load(part)
        self._journals.recalled += cleaned.records.documents
        return cleaned, told

    @property
    def hears(self) -> bool:
        """Whether what recorders tell of a part should be given to `put`."""
        return bool(self._files) and self._files[0].journal is not None

    def put(self, part: Part, cleaned: CleanedPart, told: Told = ()) -> Iterator[Put]:
        """A part came back: what failed in it, and with the last part of a file the file itself."""
        file = self._files[0]
        if not self._begun:
            self._begun = True
            if not file.left_alone:
                self._recorders.begin(file.job.name)
            return
        try:
            if part.form is not None:
                if self._failure is None:
                    yield from map(Put, repeat(None), file.put(cleaned))
                    if file.journal is not None and not part.known:
                        file.journal.keep(part, cleaned, told)
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
        if file.journal is not None:
            file.journal.close(left=False)
        self._begun, self._failure = False, None
        if not file.left_alone:
            self._recorders.end(result)
        yield Put(file.job, result, file.known(result), file.left_alone)
