"""Parquet: the documents are the strings of one column. Needs pyarrow (`pip install 'zhnorm[parquet]'`).

The file is read and written row group by row group: other columns, the schema with its metadata, the row groups and the
compression of each column stay. It cannot be kept byte for byte, as Parquet is packed anew by whoever writes it.
"""

from __future__ import annotations

import io
import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from zhnorm.errors import ReadError

from .compression import Sink
from .records import COUNTED, Batch, Counts, Layout, Record, guess_field, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["JsonStrings", "ParquetReader", "ParquetWriter"]

_BATCH_ROWS = 512


@dataclass(frozen=True, slots=True)
class JsonStrings:
    """How the strings of a column travel: as JSON, one a line; with counts, in a list with them.

    >>> (found,) = JsonStrings("text").read(Batch(1, '"網絡"\\n'))
    >>> found.text, JsonStrings("text", counts=True).put(found, "网络", {"lines": 1, "removed": 0, "rewritten": 1})
    ('網絡', '["网络", 1, 0, 1]\\n')
    """

    field: str
    counts: bool = False
    name: str = "parquet"
    codec: str = "utf-8"
    cut: bool = False

    def read(self, batch: Batch) -> Iterator[Record]:
        """The strings of a batch; null is a record without a document."""
        for number, line in enumerate(batch.text.split("\n")[:-1], batch.line):
            yield Record(number, line + "\n", json.loads(line), 0, len(line))

    def danger(self, record: Record, text: str) -> str:
        """Nothing: nobody runs what stands there."""
        return ""

    def put(self, record: Record, text: str | None, counts: Counts | None = None) -> str:
        """Another string in its place."""
        if text is None:
            return record.raw
        numbers = [text, *(counts[name] for name in COUNTED)] if counts is not None else text
        return json.dumps(numbers, ensure_ascii=False) + "\n"

    def take(self, record: Record, text: str | None) -> str:
        """Never asked for: a Parquet file is not restored."""
        return self.put(record, text)


def _pyarrow(name: str) -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ReadError(f"{name}: Parquet needs pyarrow", hint="pip install 'zhnorm[parquet]'") from error
    return pyarrow, pyarrow.parquet


class ParquetReader:
    """A Parquet file as batches of strings.

    Args:
        file: open for reading bytes at any place.
        layout: what the user said about records.
        name: for messages.

    Attributes:
        form: how the strings are read.

    Raises:
        ReadError: pyarrow is missing, this is no Parquet file, or the column is not there or holds no text.
    """

    def __init__(self, file: BinaryIO, layout: Layout, name: str) -> None:
        self.name = name
        self.arrow, self.parquet = _pyarrow(name)
        try:
            self.file = self.parquet.ParquetFile(file)
        except (self.arrow.ArrowException, OSError) as error:
            raise ReadError(f"{name}: no Parquet file: {_short(error)}", hint="is it whole?") from error
        self.schema = self.file.schema_arrow
        self.held: deque[tuple[Any, bool]] = deque()  # rows under way, and whether they end their row group
        names = list(self.schema.names)
        # Asked by their places: several columns may have one name.
        types = [self.schema.field(place).type for place in range(len(names))]
        texts = [name for name, kind in zip(names, types, strict=True) if _is_text(self.arrow, kind)]
        field = guess_field(texts, name) if layout.field is None else layout.field
        if field not in names:
            raise ReadError(f"{name}: no column {field!r}; {listed(names)}", hint="--column NAME")
        if names.count(field) > 1:
            raise ReadError(f"{name}: {names.count(field)} columns are named {field!r}", hint="rename one of them")
        if field not in texts:
            raise ReadError(f"{name}: {field} holds {types[names.index(field)]}, and not text", hint="--column NAME")
        if layout.counts and any(f"zhnorm_{counted}" in names for counted in COUNTED):
            raise ReadError(f"{name}: has columns of counts already", hint="leave --counts out, or those columns")
        self.form = JsonStrings(field, layout.counts)

    def batches(self) -> Iterator[Batch]:
        """The strings, a few hundred rows at a time.

        Raises:
            ReadError: the file is damaged.
        """
        row = 1
        try:
            for group in range(self.file.num_row_groups):
                left = self.file.metadata.row_group(group).num_rows
                for rows in self.file.iter_batches(_BATCH_ROWS, row_groups=[group], use_threads=False):
                    left -= len(rows)
                    self.held.append((rows, not left))
                    strings = rows.column(rows.schema.names.index(self.form.field)).to_pylist()
                    lines = [json.dumps(text, ensure_ascii=False) + "\n" for text in strings]
                    yield Batch(row, "".join(lines))
                    row += len(rows)
        except (self.arrow.ArrowException, OSError, UnicodeError) as error:
            raise ReadError(f"{self.name}: damaged near row {row}: {_short(error)}") from error


class ParquetWriter:
    """Writes a Parquet file like the one that is read, with other strings in one column.

    Args:
        reader: the other file.
        sink: where bytes go.
    """

    def __init__(self, reader: ParquetReader, sink: Sink) -> None:
        self._reader = reader
        self._group: list[Any] = []
        arrow, schema = reader.arrow, reader.schema
        if reader.form.counts:
            for counted in COUNTED:
                schema = schema.append(arrow.field(f"zhnorm_{counted}", arrow.int64()))
        self._schema = schema
        self._writer = reader.parquet.ParquetWriter(
            _Place(sink), schema, compression=_compression(reader.file.metadata)
        )

    def write(self, lines: Iterable[str]) -> None:
        """The strings of the rows that come next."""
        reader = self._reader
        rows, is_last = reader.held.popleft()
        values = [json.loads(line) for line in "".join(lines).split("\n")[:-1]]
        columns = list(rows.columns)
        place = rows.schema.names.index(reader.form.field)
        if reader.form.counts:
            numbers = [value[1:] if isinstance(value, list) else [None] * len(COUNTED) for value in values]
            values = [value[0] if isinstance(value, list) else value for value in values]
            columns += [reader.arrow.array(column, reader.arrow.int64()) for column in zip(*numbers, strict=True)]
        if values != columns[place].to_pylist():
            strings = reader.arrow.array(values, reader.arrow.large_string())
            columns[place] = strings.cast(rows.schema.field(place).type)
        self._group.append(reader.arrow.record_batch(columns, schema=self._schema))
        if is_last:
            table = reader.arrow.Table.from_batches(self._group, self._schema)
            self._writer.write_table(table, row_group_size=max(1, len(table)))
            self._group = []

    def end(self) -> None:
        """Write what stands at the end of the file."""
        self._writer.close()


class _Place(io.RawIOBase):
    """A sink that knows how much was written to it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._at = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def write(self, data: Any) -> int:
        self._sink.write(bytes(data))
        self._at += len(data)
        return len(data)


def _is_text(arrow: Any, kind: Any) -> bool:
    if arrow.types.is_dictionary(kind):
        kind = kind.value_type
    types = arrow.types
    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _compression(metadata: Any) -> Any:
    """The compression of every column, by its path."""
    if not metadata.num_row_groups:
        return "snappy"
    group = metadata.row_group(0)
    columns = [group.column(index) for index in range(group.num_columns)]
    names = {"UNCOMPRESSED": "none"}
    return {column.path_in_schema: names.get(column.compression, column.compression.lower()) for column in columns}


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:200]
