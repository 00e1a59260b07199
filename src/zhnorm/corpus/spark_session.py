"""What Apache Spark finds where documents are, and how it reads them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from zhnorm.batch.job import Failure, Job
from zhnorm.batch.walk import Choice, place
from zhnorm.errors import ReadError, UsageError
from zhnorm.formats.decode import Decoder
from zhnorm.formats.opening import open_records
from zhnorm.formats.parquet import JsonRows
from zhnorm.formats.records import COUNT_COLUMNS, DOCUMENTS, LOOK_RECORDS, Layout, format_of, guess_field, listed
from zhnorm.messages import Message

from .documents import Fields, layout_with, missing_option
from .spark_rows import AT, PATH, File, MetRows, path_key

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from zhnorm.formats.records import RecordFormat
    from zhnorm.limits import Limits

__all__ = ["Input", "configure", "full_path", "is_remote", "remote_jobs"]

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_BATCH_ROWS = 512
_KINDS = ("jsonl", "parquet", "text")


def is_remote(path: str) -> bool:
    """Whether a path is one of a file system of Spark's: `s3a://`, `hdfs://`, `file://`."""
    return _SCHEME.match(path) is not None


def full_path(path: str) -> str:
    """A path with its scheme; one without is of this machine."""
    return path if is_remote(path) else f"file://{os.path.abspath(path)}"


def configure(session: SparkSession, partitions: int | None) -> None:
    """Set what every step relies on.

    Args:
        session: of Spark.
        partitions: into how many pieces files are divided at least; None: as many as there are processes.
    """
    settings = {
        "spark.sql.execution.arrow.maxRecordsPerBatch": _BATCH_ROWS,
        # Dates in Parquet are read as they are written.
        "spark.sql.session.timeZone": "UTC",
        # Files are put together until every process has its share, however small they are.
        "spark.sql.files.openCostInBytes": 1,
        "spark.sql.files.minPartitionNum": partitions or session.sparkContext.defaultParallelism,
    }
    for name, value in settings.items():
        session.conf.set(name, str(value))


def remote_jobs(session: SparkSession, paths: Sequence[str], choice: Choice) -> Iterator[Job]:
    """The files below some paths of Spark's file systems, as `cli.plan` would call them.

    Args:
        session: reads them.
        paths: of folders or files; a file may be a pattern.
        choice: what is wanted of them.

    Raises:
        ReadError: there is nothing.
    """
    for path in paths:
        root = re.split(r"[*?{\[]", path, maxsplit=1)[0]
        try:
            files = session.read.format("binaryFile").option("recursiveFileLookup", "true").load(path)
            found = sorted(row.path for row in files.select("path").collect())
        except Exception as error:
            said = " ".join(str(error).split())[:200]
            raise ReadError(
                Message("{path}: {error}", path=path, error=said), hint="is it right, and may Spark read it?"
            ) from error
        below = path_key(root)[: path_key(root).rindex("/") + 1]
        if found != [path_key(path)] and root == path:
            below = path_key(path).rstrip("/") + "/"
        names = {_below(path_key(file), below): file for file in found}
        prefix = f"{path.rstrip('/').rpartition('/')[2]}/" if len(paths) > 1 else ""
        for name in sorted(names, key=place):
            if choice.takes(prefix + name):
                # Of files of this machine Spark says it with one slash.
                yield Job(prefix + name, re.sub(r"^file:/+", "file:///", names[name]), None)


def _below(path: str, folder: str) -> str:
    """Where a path stands below a folder."""
    return path.removeprefix(folder) if path.startswith(folder) else path.rpartition("/")[2]


def _spark_path(path: str) -> str:
    """A path as Spark wants it, in which no letter stands for others."""
    return re.sub(r"([\\\[\]{}*?])", r"\\\1", full_path(path))


class Input(NamedTuple):
    """The documents of a corpus, for Spark.

    Attributes:
        frame: what is read of them: rows as `rows` knows them; those of Parquet with all their columns.
        rows: how they are read.
        schema: the columns of Parquet files, in Spark's words; empty for others.
    """

    frame: DataFrame
    rows: MetRows
    schema: str = ""

    @classmethod
    def of(
        cls,
        session: SparkSession,
        jobs: Iterable[Job | Failure],
        layout: Layout,
        fields: Fields,
        encoding: str | None,
        limits: Limits,
    ) -> Input:
        """Find out how some files are read.

        Args:
            session: reads them.
            jobs: the files; all of one kind.
            layout: how files of records are read.
            fields: what records say of their documents.
            encoding: what files of text are in; None finds it out for each.
            limits: what one document may cost.

        Raises:
            ReadError: a file is not there, or a field.
            UsageError: there are several kinds of files, or one that Spark cannot read in parts.
        """
        found = [_checked(job) for job in jobs]
        kind = _kind_of(found, layout)
        paths = [path_key(full_path(job.path)) for job in found]
        files = {
            path: File(rank, job.name, job.path) for rank, (path, job) in enumerate(zip(paths, found, strict=True))
        }
        frame = _frame(session, kind, [_spark_path(job.path) for job in found])
        looked = form = None
        schema, lines = "", None
        if found and kind == "jsonl":
            looked, form = _forms_of_lines(session, found[0], layout, fields, encoding)
            lines = session.sparkContext.broadcast(_lines_before(frame))
            files = {path: files[_decoded(path)] for path, _ in lines.value}
        elif found and kind == "parquet":
            looked, form, schema = _forms_of_rows(frame, found[0], layout, fields)
            files = {path: files[_decoded(path)] for (path,) in frame.select(PATH).distinct().collect()}
        rows = MetRows(
            kind,
            looked,
            form,
            fields,
            layout.title_field,
            encoding,
            replace(limits, memory_bytes=None),  # Spark says how much its processes may use
            layout.format,
            session.sparkContext.broadcast(files),
            lines,
        )
        return cls(frame, rows, schema)


def _decoded(path: str) -> str:
    """A path as Spark says it of a row, without escapes."""
    return path_key(unquote(path))


def _checked(job: Job | Failure) -> Job:
    if isinstance(job, Failure):
        raise ReadError(job.error.message, hint=job.error.hint)
    base = job.path.rpartition("/")[2]
    if base.startswith(("_", ".")):
        said = Message("{path}: Spark passes over files whose names begin so", path=job.path)
        raise UsageError(said, hint="--exclude, or rename it")
    return job


def _kind_of(jobs: Sequence[Job], layout: Layout) -> str:
    """The kind of all files."""
    kinds = {"text" if layout.format in DOCUMENTS else layout.format or format_of(job.path) or "text" for job in jobs}
    hint = "--include '*.jsonl'; or run zhnorm once for each kind"
    if len(kinds) > 1:
        said = Message("--engine spark reads files of one kind at a time: {kinds}", kinds=", ".join(sorted(kinds)))
        raise UsageError(said, hint=hint)
    (kind,) = kinds or {"text"}
    if kind not in _KINDS:
        hint = "make JSON Lines or Parquet of them, or use --engine local"
        said = Message("--engine spark reads JSON Lines, Parquet, text and HTML, and no {kind}", kind=kind)
        raise UsageError(said, hint=hint)
    return kind


def _frame(session: SparkSession, kind: str, paths: Sequence[str]) -> DataFrame:
    """What Spark reads of files."""
    if not paths:
        return session.createDataFrame([], "path string, content binary")
    if kind == "jsonl":
        lines = session.read.option("lineSep", "\n").text(list(paths))
        return lines.selectExpr(
            f"_metadata.file_path {PATH}", f"_metadata.file_block_start {AT}", "cast(value as binary) line"
        )
    if kind == "parquet":
        rows = session.read.parquet(*paths)
        return rows.selectExpr("*", f"_metadata.file_path {PATH}", f"_metadata.row_index {AT}")
    return session.read.format("binaryFile").load(list(paths)).select("path", "content")


def _forms_of_lines(
    session: SparkSession, job: Job, layout: Layout, fields: Fields, encoding: str | None
) -> tuple[RecordFormat, RecordFormat]:
    """How lines of JSON are read, with what they say of their documents and without, by the first file."""
    frame = _frame(session, "jsonl", [_spark_path(job.path)]).limit(LOOK_RECORDS)
    data = b"".join(bytes(row.line) + b"\n" for row in frame.select("line").collect())
    decoder = Decoder(encoding, job.path)
    text = decoder.feed(data) + decoder.finish()
    if decoder.encoding is not None and decoder.encoding.name not in ("utf-8", "ascii"):
        hint = "make UTF-8 of it: iconv; or use --engine local"
        encoding_name = decoder.encoding.name
        said = Message("{path}: in {encoding}; Spark reads JSON Lines in UTF-8", path=job.path, encoding=encoding_name)
        raise UsageError(said, hint=hint)
    form, _ = open_records("jsonl", [text], layout, job.path)
    try:
        looked, _ = open_records("jsonl", [text], layout_with(layout, form.fields, fields), job.path)
    except ReadError as error:
        if option := missing_option(error, fields):
            raise UsageError(error.message, hint=Message("{option} NAME, or leave it out", option=option)) from error
        raise
    return looked, form


def _forms_of_rows(
    frame: DataFrame, job: Job, layout: Layout, fields: Fields
) -> tuple[RecordFormat, RecordFormat, str]:
    """How rows of Parquet are read, and which columns there are."""
    kinds = {name: kind for name, kind in frame.dtypes if name not in (PATH, AT)}
    texts = [name for name, kind in kinds.items() if kind in ("string", "array<string>")]
    found = layout.fields or (guess_field(texts, job.path),)
    for name in (*found, *fields.named, *([layout.title_field] if layout.title_field else [])):
        if name not in kinds:
            said = Message(
                "{path}: no column {name!r}; {columns}", path=job.path, name=name, columns=listed(list(kinds))
            )
            raise ReadError(said, hint="--column NAME")
        if name in found and name not in texts:
            said = Message("{path}: {name} holds {kind}, and not text", path=job.path, name=name, kind=kinds[name])
            raise ReadError(said, hint="--column NAME")
    schema = ", ".join(f"`{name.replace('`', '``')}` {kind}" for name, kind in kinds.items())
    if layout.counts:
        schema += "".join(f", {name} bigint" for name in COUNT_COLUMNS)
    return JsonRows((*found, *fields.named)), JsonRows(found, layout.counts), schema


def _lines_before(frame: DataFrame) -> dict[tuple[str, int], int]:
    """How many lines stand in front of each piece of a file that Spark reads by itself."""
    counted: list[Any] = sorted(tuple(row) for row in frame.groupBy(PATH, AT).count().collect())
    before: dict[tuple[str, int], int] = {}
    for path, pieces in groupby(counted, key=lambda row: row[0]):
        at = 0
        for _, begin, count in pieces:
            before[path, begin] = at
            at += count
    return before
