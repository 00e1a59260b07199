"""Parquet: the documents are the strings of some columns, or their lists of strings; a column may stand inside another one (a
struct). Needs pyarrow (`pip install 'zhnorm[parquet]'`).

The file is read and written row group by row group: other columns, the schema with its metadata, the row groups and the
compression of each column stay. It cannot be kept byte for byte, as Parquet is packed anew by whoever writes it.
"""

from __future__ import annotations

import io
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from zhnorm.errors import ReadError
from zhnorm.messages import Message

from .compression import Sink
from .jsonl import DEEPEST, text_of
from .records import (
    COUNT_COLUMNS,
    COUNTED,
    Batch,
    Counts,
    Layout,
    Place,
    Record,
    Texts,
    guess_field,
    listed,
    option_of,
    wanted_fields,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["JsonRows", "ParquetReader", "ParquetWriter", "columns_with", "lines_of_rows", "paths_of"]

_BATCH_ROWS = 512
Path = tuple[int, ...]
"""Where a column stands: its place in the table, and in each struct on the way to it."""


@dataclass(frozen=True, slots=True)
class JsonRows:
    """How the cells of a row travel: as JSON, one row a line: the cells with documents, title and address, and the counts.

    >>> rows = JsonRows(("text",))
    >>> (found,) = rows.read(Batch(1, '[["網絡"], [null, null], null]\\n'))
    >>> found.text, rows.put(found, ["网络"], {"lines": 1, "removed": 0, "rewritten": 1})
    ('網絡', '[["网络"], [null, null], [1, 0, 1]]\\n')
    """

    fields: tuple[str, ...]
    counts: bool = False
    name: str = "parquet"
    codec: str = "utf-8"
    cut: bool = False

    def read(self, batch: Batch) -> Iterator[Record]:
        """The rows of a batch; null is no document."""
        for number, line in enumerate(batch.text.split("\n")[:-1], batch.line):
            cells, said, _ = json.loads(line)
            places = tuple(_place(cell, field) for cell, field in zip(cells, self.fields, strict=True))
            record = Record(number, line + "\n", places)
            record.tell(*said)
            yield record

    def danger(self, place: Place, text: str) -> str:
        """Nothing: nobody runs what stands there."""
        return ""

    def put(self, record: Record, texts: Texts, counts: Counts | None = None) -> str:
        """Other documents in their places."""
        cells, said, _ = json.loads(record.raw)
        for index, text in enumerate(texts):
            if text is not None and text != record.places[index].text:
                is_list = isinstance(cells[index], list)
                cells[index] = (text.split("\n") if text else []) if is_list else text
        numbers = [counts[name] for name in COUNTED] if counts is not None else None
        return json.dumps([cells, said, numbers], ensure_ascii=False) + "\n"

    def take(self, record: Record, texts: Texts) -> str:
        """Never asked for: a Parquet file is not restored."""
        return self.put(record, texts)


def _place(cell: object, field: str) -> Place:
    if cell is None:
        return Place()
    text = text_of(cell)
    return (
        Place(text)
        if text is not None
        else Place(problem=Message("{field} holds a list with nulls in it, and not text", field=field))
    )


def _pyarrow(name: str) -> tuple[Any, Any]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise ReadError(
            Message("{name}: Parquet needs pyarrow", name=name), hint="pip install 'zhnorm[parquet]'"
        ) from error
    return pyarrow, pyarrow.parquet


class ParquetReader:
    """A Parquet file as batches of strings.

    Args:
        file: open for reading bytes at any place.
        layout: what the user said about records.
        name: for messages.

    Attributes:
        form: how the strings are read.
        rows: how many there are.

    Raises:
        ReadError: pyarrow is missing, this is no Parquet file, or the column is not there or holds no text.
    """

    def __init__(self, file: BinaryIO, layout: Layout, name: str) -> None:
        self.name = name
        self.arrow, self.parquet = _pyarrow(name)
        try:
            self.file = self.parquet.ParquetFile(file)
        except (self.arrow.ArrowException, OSError) as error:
            raise ReadError(
                Message("{name}: no Parquet file: {error}", name=name, error=_short(error)), hint="is it whole?"
            ) from error
        self.schema = self.file.schema_arrow
        self.rows: int = self.file.metadata.num_rows
        self.held: deque[tuple[Any, bool]] = deque()  # rows under way, and whether they end their row group
        fields = layout.fields or (self._guessed(),)
        self._about = layout.about
        self.paths = {field: self._path(field, layout) for field in wanted_fields(layout) or fields}
        self._said = (layout.title_field, layout.url_field)
        if layout.counts and any(name in self.schema.names for name in COUNT_COLUMNS):
            raise ReadError(
                Message("{name}: has columns of counts already", name=name), hint="leave --counts out, or those columns"
            )
        self.form = JsonRows(fields, layout.counts)

    def _guessed(self) -> str:
        """The column that holds the documents, where nobody said which; those inside others have to be named."""
        texts = [column.name for column in self.schema if _is_text(self.arrow, column.type)]
        try:
            return guess_field(texts, self.name)
        except ReadError as error:
            there = listed(list(_names(self.arrow, self.schema)))
            message = Message("{name}: which column holds the text? {there}", name=self.name, there=there)
            raise ReadError(message, hint="say it: --column NAME, or a.b inside a") from error

    def _path(self, field: str, layout: Layout) -> tuple[int, ...]:
        """Where a column of text stands: its place in the table, and in each struct on the way to it.

        Raises:
            ReadError: there is none of that name, there are several, or it holds something else.
        """
        # By their places, since several columns may have one name.
        inside = list(self.schema)
        names, hint = self.schema.names, f"{option_of(field, layout, '--column')} NAME"
        if names.count(field) > 1:
            raise ReadError(
                Message(
                    "{name}: {count} columns are named {field!r}", name=self.name, count=names.count(field), field=field
                ),
                hint="rename one of them",
            )
        path: list[int] = []
        kind: Any = None
        for wanted in [field] if field in names else field.split("."):
            places = [place for place, column in enumerate(inside) if column.name == wanted]
            if len(places) != 1:
                there = listed(list(_names(self.arrow, self.schema)))
                raise ReadError(
                    Message("{name}: no column {field!r}; {there}", name=self.name, field=field, there=there),
                    hint=Message("{hint}, or a.b inside a", hint=hint),
                )
            path += places
            kind = inside[places[0]].type
            inside = list(kind) if self.arrow.types.is_struct(kind) else []
        if not _is_text(self.arrow, kind) and field not in layout.about:
            raise ReadError(
                Message("{name}: {field} holds {kind}, and not text", name=self.name, field=field, kind=kind), hint=hint
            )
        return tuple(path)

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
                    lines = lines_of_rows(rows, self.paths, self.form.fields, self._about, self._said)
                    yield Batch(row, "".join(lines))
                    row += len(rows)
        except (self.arrow.ArrowException, OSError, UnicodeError) as error:
            raise ReadError(
                Message("{name}: damaged near row {row}: {error}", name=self.name, row=row, error=_short(error))
            ) from error


def paths_of(rows: Any) -> dict[str, Path]:
    """Where the columns of rows stand, those inside others left out."""
    return {name: (place,) for place, name in enumerate(rows.schema.names)}


def lines_of_rows(
    rows: Any, paths: Mapping[str, Path], fields: Sequence[str], about: Sequence[str], said: Sequence[str | None]
) -> Iterator[str]:
    """Rows as `JsonRows` reads them.

    Args:
        rows: a record batch of pyarrow.
        paths: where each column that is named stands.
        fields: the columns with documents, and those that say something about them.
        about: the latter; they hold anything.
        said: the columns with titles and with addresses, where there are such.
    """
    columns: list[list[Any]] = [_inside(rows, paths[field]).to_pylist() for field in fields]
    for column, field in zip(columns, fields, strict=True):
        if field in about:
            column[:] = [None if cell is None else str(cell) for cell in column]
    titles, urls = (
        [None] * len(rows) if field is None else map(_one_line, _inside(rows, paths[field]).to_pylist())
        for field in said
    )
    for *cells, title, url in zip(*columns, titles, urls, strict=True):
        yield json.dumps([cells, [title, url], None], ensure_ascii=False) + "\n"


def columns_with(rows: Any, lines: Iterable[str], form: JsonRows, paths: Mapping[str, Path]) -> list[Any]:
    """The columns of rows, with the strings that lines of `JsonRows` hold, and with counts behind them if there are any.

    Args:
        rows: a record batch of pyarrow.
        lines: one for each row.
        form: how they are read.
        paths: where each column that is named stands.
    """
    import pyarrow as arrow

    values = [json.loads(line) for line in "".join(lines).split("\n")[:-1]]
    columns = list(rows.columns)
    if form.counts:
        numbers = [counts or [None] * len(COUNTED) for _, _, counts in values]
        columns += [arrow.array(column, arrow.int64()) for column in zip(*numbers, strict=True)]
    for index, field in enumerate(form.fields):
        place, *inside = paths[field]
        cells = [cells[index] for cells, _, _ in values]
        if cells != _inside(rows, paths[field]).to_pylist():
            columns[place] = _with_cells(arrow, columns[place], tuple(inside), cells)
    return columns


class ParquetWriter:
    """Writes a Parquet file like the one that is read, with other strings in some columns.

    Args:
        reader: the other file.
        sink: where bytes go.
    """

    def __init__(self, reader: ParquetReader, sink: Sink) -> None:
        self._reader = reader
        self._group: list[Any] = []
        arrow, schema = reader.arrow, reader.schema
        if reader.form.counts:
            for name in COUNT_COLUMNS:
                schema = schema.append(arrow.field(name, arrow.int64()))
        self._schema = schema
        self._writer = reader.parquet.ParquetWriter(
            _Place(sink), schema, compression=_compression(reader.file.metadata)
        )

    def write(self, lines: Iterable[str]) -> None:
        """The strings of the rows that come next."""
        reader = self._reader
        rows, is_last = reader.held.popleft()
        columns = columns_with(rows, lines, reader.form, reader.paths)
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


def _inside(rows: Any, path: tuple[int, ...]) -> Any:
    """The column at the end of a path; null where a struct on the way is."""
    column = rows.column(path[0])
    for place in path[1:]:
        column = column.flatten()[place]
    return column


def _with_cells(arrow: Any, column: Any, path: tuple[int, ...], cells: list[Any]) -> Any:
    """A column with other cells at the end of a path inside it."""
    kind = column.type
    if not path:
        plain = arrow.large_list(arrow.large_string()) if _is_list(arrow, kind) else arrow.large_string()
        return arrow.array(cells, plain).cast(kind)
    children = column.flatten()
    children[path[0]] = _with_cells(arrow, children[path[0]], path[1:], cells)
    return arrow.StructArray.from_arrays(children, fields=list(kind), mask=column.is_null())


def _names(arrow: Any, columns: Iterable[Any], inside: str = "") -> Iterator[str]:
    """What columns there are, as they are asked for: those of a struct instead of it."""
    for column in columns:
        if arrow.types.is_struct(column.type) and inside.count(".") < DEEPEST:
            yield from _names(arrow, column.type, f"{inside}{column.name}.")
        else:
            yield inside + column.name


def _one_line(cell: object) -> str | None:
    """What a cell says, in one line; None if that is no text."""
    text = text_of(cell)
    return None if text is None else text.replace("\n", " ")


def _is_list(arrow: Any, kind: Any) -> bool:
    return bool(arrow.types.is_list(kind) or arrow.types.is_large_list(kind))


def _is_text(arrow: Any, kind: Any) -> bool:
    """Whether the cells of a column are strings, or lists of strings."""
    if _is_list(arrow, kind):
        kind = kind.value_type
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
