"""The rows that Spark reads, as documents and as what a worker cleans: lines of JSON Lines, rows of Parquet, files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow

from zhnorm.arrays.character_table import load_arrays
from zhnorm.batch.group import Cleaning
from zhnorm.batch.job import Failure, Job, Outcome, output_name
from zhnorm.batch.pack import record_line
from zhnorm.batch.parts import CleanedPart, Part
from zhnorm.errors import ZhnormError
from zhnorm.formats.parquet import JsonRows, columns_with, lines_of_rows, paths_of
from zhnorm.formats.records import COUNT_COLUMNS, Batch
from zhnorm.formats.source import Held
from zhnorm.ledger.write import LedgerWriter

from .columns import look_up
from .documents import Document, Fields, document_of, documents_of, sites_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyspark import Broadcast

    from zhnorm.batch.group import Item
    from zhnorm.formats.records import RecordFormat
    from zhnorm.limits import Limits

    from .spark_maps import Recipe

__all__ = ["AT", "PATH", "TALLY", "Cleaned", "MetRows", "path_key", "told"]

PATH, AT = "zhnorm_path", "zhnorm_at"
"""Columns that are put beside those of the input: the file, and where in it a row stands."""
_FILE_BITS = 40
"""So many bits of a place say where in its file a document is; those above them say which file."""
TALLY = "told binary, documents long, changed long, failed binary"
"""What is said of rows that were cleaned: lines of the ledger, numbers, and names and reasons of documents that failed."""


class File(NamedTuple):
    """A file of the corpus: its place among all, its name, and what messages call it."""

    rank: int
    name: str
    title: str


def path_key(path: str) -> str:
    """A path as Spark says it, written in one way.

    >>> path_key("file:///a/b c"), path_key("file:/a/b c"), path_key("s3a://b/c")
    ('/a/b c', '/a/b c', 's3a://b/c')
    """
    return "/" + path[len("file:") :].lstrip("/") if path.startswith("file:") else path


def told(data: bytes) -> str:
    """A text that travelled as bytes."""
    return bytes(data).decode("utf-8", "surrogatepass")


class Piece(NamedTuple):
    """Consecutive rows of a batch that are one item: the first of them, the one behind the last, and the item."""

    start: int
    stop: int
    rank: int
    item: Item


@dataclass(frozen=True)
class MetRows:
    """How rows of the input are read.

    Attributes:
        kind: `jsonl`, `parquet` or `text`.
        looked: the form of records with what they say of their documents; None for files.
        form: and without, for the cleaning.
        fields: what records say of their documents.
        title_field: the column with titles, in Parquet.
        encoding: what files are in; None finds it out for each.
        limits: what one document may cost.
        page_form: `text` or `html` if all files are that; else each is looked at.
        files: all of them, by their paths.
        lines: of a piece of a file of lines, by its path and where it begins: how many lines stand in front of it.
    """

    kind: str
    looked: RecordFormat | None
    form: RecordFormat | None
    fields: Fields
    title_field: str | None
    encoding: str | None
    limits: Limits
    page_form: str
    files: Broadcast[dict[str, File]]
    lines: Broadcast[dict[tuple[str, int], int]] | None = None

    def documents(
        self,
        batches: Iterable[Any],
        *,
        among: NDArray[np.int64] | None = None,
        without: NDArray[np.int64] | None = None,
    ) -> Iterator[tuple[NDArray[np.int64], list[Document]]]:
        """The documents in rows, some at a time, with their places.

        Args:
            batches: of the input.
            among: only those with these places, in order.
            without: none of those with these places, in order.
        """
        load_arrays()
        for _, pieces in self.pieces(batches, self.looked):
            found: list[tuple[int, Document]] = []
            for piece in pieces:
                place = piece.rank << _FILE_BITS
                if isinstance(piece.item, Part):
                    documents = documents_of(piece.item, self.fields, self.limits)
                    found += ((place | number, document) for number, document in documents)
                elif isinstance(piece.item, Job):
                    found += ((place, document) for document in self._of_file(piece.item))
            places = np.array([place for place, _ in found], np.int64)
            left = np.ones(len(places), bool)
            if among is not None:
                left &= look_up(places, among) >= 0
            if without is not None:
                left &= look_up(places, without) < 0
            if left.any():
                yield places[left], [found[index][1] for index in np.flatnonzero(left).tolist()]

    def _of_file(self, job: Job) -> list[Document]:
        try:
            return document_of(job, self.encoding, self.limits, self.page_form, self.fields.whole)
        except ZhnormError:
            return []  # the cleaning says so

    def pieces(self, batches: Iterable[Any], form: RecordFormat | None) -> Iterator[tuple[Any, list[Piece]]]:
        """Batches, and what they are made of."""
        seen: dict[tuple[str, int], int] = {}
        for batch in batches:
            if self.kind == "text":
                yield batch, list(self._files(batch))
            elif self.kind == "jsonl":
                yield batch, list(self._lines(batch, form, seen))
            else:
                yield batch, list(self.row_pieces(batch, form))

    def _files(self, batch: Any) -> Iterator[Piece]:
        for index, (path, data) in enumerate(
            zip(batch.column(0).to_pylist(), batch.column(1).to_pylist(), strict=True)
        ):
            file = self.files.value[path_key(path)]
            source = Held(file.title, bytes(data))
            yield Piece(index, index + 1, file.rank, Job(file.name, source, None, size=len(data)))

    def _lines(self, batch: Any, form: RecordFormat | None, seen: dict[tuple[str, int], int]) -> Iterator[Piece]:
        """Lines of one piece of a file, one behind the other; `seen` says how many of each came before."""
        assert self.lines is not None
        paths, ats, lines = (batch.column(place).to_pylist() for place in range(3))
        for start, stop in _runs(list(zip(paths, ats, strict=True))):
            where = (paths[start], ats[start])
            before = seen.get(where, 0)
            seen[where] = before + stop - start
            file = self.files.value[where[0]]
            text = "".join(bytes(line).decode("utf-8", "surrogateescape") + "\n" for line in lines[start:stop])
            number = self.lines.value[where] + before + 1
            yield Piece(start, stop, file.rank, Part(file.name, file.title, form, Batch(number, text)))

    def row_pieces(self, batch: Any, form: RecordFormat | None) -> Iterator[Piece]:
        """Rows of one file, one behind the other."""
        assert form is not None
        names = batch.schema.names
        paths, ats = (batch.column(names.index(name)).to_pylist() for name in (PATH, AT))
        for start, stop in _runs([(path, at - index) for index, (path, at) in enumerate(zip(paths, ats, strict=True))]):
            file = self.files.value[paths[start]]
            rows = batch.slice(start, stop - start)
            said = (self.title_field, None)
            text = "".join(lines_of_rows(rows, paths_of(rows), form.fields, self.fields.named, said))
            yield Piece(start, stop, file.rank, Part(file.name, file.title, form, Batch(ats[start] + 1, text)))


def _runs(values: list[Any]) -> Iterator[tuple[int, int]]:
    """Where equal values stand one behind the other."""
    start = 0
    for index in range(1, len(values) + 1):
        if index == len(values) or values[index] != values[start]:
            yield start, index
            start = index


@dataclass(frozen=True)
class Cleaned:
    """Cleans rows.

    Attributes:
        recipe: of the cleaner.
        ledger: lines of the ledger are wanted.
    """

    rows: MetRows
    recipe: Recipe
    ledger: bool

    def run(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Rows become rows: those of Parquet with other texts in them, others a line of JSON each; behind them stands what `TALLY` says.
        A file that failed is a line that is null."""
        load_arrays()
        rows, cleaner = self.rows, self.recipe.cleaner()
        recorders = (partial(LedgerWriter, kinds=False),) if self.ledger else ()
        for batch, pieces in rows.pieces(batches, rows.form):
            tally = _Tally(batch.num_rows)
            knowing = cleaner.knowing(self._sites(batch, pieces), self.rows.fields.whole)
            clean = Cleaning(knowing, recorders, self.ledger, rows.encoding, rows.limits, rows.page_form)()
            targets = [_Target() for _ in pieces]
            items = [
                piece.item._replace(target=target) if isinstance(piece.item, Job) else piece.item
                for piece, target in zip(pieces, targets, strict=True)
            ]
            clean.prepare(items)
            lines: list[str | None] = []
            for piece, item, target in zip(pieces, items, targets, strict=True):
                result = clean(item, partial(tally.tell, piece.start))
                tally.add(piece.start, result.records, result.result)
                if isinstance(result.result, CleanedPart):
                    lines += result.result.texts
                else:
                    name = item.name if rows.page_form == "text" else output_name(item.name)
                    lines.append(target.packed(name) if isinstance(result.result, Outcome) else None)
            yield self._made(batch, lines, tally)

    def _sites(self, batch: Any, pieces: Sequence[Piece]) -> dict[str, str]:
        """The sites of documents, where records say whose page they are."""
        rows, sites = self.rows, dict[str, str]()
        if rows.kind == "text" or rows.fields.site is None:
            return sites
        if rows.kind == "parquet":
            # Cells that hold no document were left behind.
            pieces = list(rows.row_pieces(batch, rows.looked))
        for piece in pieces:
            if isinstance(piece.item, Part):
                sites |= sites_of(piece.item._replace(form=rows.looked), rows.fields)
        return sites

    def _made(self, batch: Any, lines: list[str | None], tally: _Tally) -> Any:
        columns: list[Any]
        if self.rows.kind == "parquet":
            form = self.rows.form
            assert isinstance(form, JsonRows)
            names = [name for name in batch.schema.names if name not in (PATH, AT)]
            rows = batch.select(names)
            columns = columns_with(rows, [line or "" for line in lines], form, paths_of(rows))
            names += COUNT_COLUMNS if form.counts else ()
        else:
            names = ["line"]
            data = [
                None if line is None else line.removesuffix("\n").encode("utf-8", "surrogateescape") for line in lines
            ]
            columns = [pyarrow.array(data, pyarrow.binary())]
        told_of = tally.columns()
        return pyarrow.RecordBatch.from_arrays([*columns, *told_of.values()], names=[*names, *told_of])


class _Target:
    """Takes the clean text of a file."""

    def __init__(self) -> None:
        self._data: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Take some more."""
        self._data.append(bytes(data))
        return len(data)

    def packed(self, name: str) -> str:
        """It as a record, as `zhnorm pack` writes it."""
        text = b"".join(self._data).decode("utf-8", "surrogateescape")
        return record_line({"name": name, "text": text}).decode()


@dataclass(slots=True)
class _Tally:
    """What is said of the rows of a batch."""

    rows: int
    told: dict[int, list[bytes]] = field(default_factory=dict)
    documents: dict[int, int] = field(default_factory=dict)
    changed: dict[int, int] = field(default_factory=dict)
    failed: dict[int, bytes] = field(default_factory=dict)

    def tell(self, row: int, records: Iterable[tuple[int, Any]]) -> None:
        """Lines of the ledger, of the item that begins in a row."""
        self.told.setdefault(row, []).extend(record for _, record in records)

    def add(self, row: int, records: Iterable[tuple[int, Any]], result: Outcome | Failure | CleanedPart) -> None:
        """What came of an item."""
        self.tell(row, records)
        failures = [result] if isinstance(result, Failure) else []
        if isinstance(result, CleanedPart):
            failures = result.failures
            self.documents[row], self.changed[row] = result.records.documents, result.records.changed
        elif isinstance(result, Outcome):
            self.documents[row], self.changed[row] = 1, int(result.counts.changed or result.extracted)
        if failures:
            said = [(failure.name, failure.error.message, int(failure.exit_code)) for failure in failures]
            self.failed[row] = json.dumps(said).encode()

    def columns(self) -> dict[str, Any]:
        """It as columns; see `TALLY`."""
        rows = range(self.rows)
        ledger = [b"".join(self.told[row]).removesuffix(b"\n") or None if row in self.told else None for row in rows]
        return {
            "told": pyarrow.array(ledger, pyarrow.binary()),
            "documents": pyarrow.array([self.documents.get(row, 0) for row in rows], pyarrow.int64()),
            "changed": pyarrow.array([self.changed.get(row, 0) for row in rows], pyarrow.int64()),
            "failed": pyarrow.array([self.failed.get(row) for row in rows], pyarrow.binary()),
        }
