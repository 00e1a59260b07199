"""CSV and TSV: rows of cells, and one column or several hold the documents.

Rows are found by one pattern that knows quoted cells, with line ends and doubled quotes in them; where a row or a cell
ends is all that is asked. A cell is written again as it was written: in quotes if it had some or now needs them.
Cells of other columns are never written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError
from zhnorm.messages import Message, counted

from .records import (
    BATCH_CHARS,
    COUNT_COLUMNS,
    COUNTED,
    LONGEST_CHARS,
    Batch,
    Counts,
    Layout,
    Place,
    Record,
    Texts,
    guess_field,
    listed,
    option_of,
)

__all__ = ["Delimited", "open_delimited"]

_DELIMITERS = ",;\t|"
_UNCLOSED = Message("a quote is opened and never closed; what stands behind it is left as it is")
_UNSURE = Message("text behind a closing quote: where this cell ends is not sure")
# `=HYPERLINK(A1)`, `-2+cmd|…`, but not `- 雨停了` and `-2`: what begins with the other signs can do something only if it calls a function, a program or another sheet.
_FORMULA = expression(r"(\s*)(?:[=＝]|[+＋\-－@＠](?=[^\r\n]*[(|!]))")
_SMALL_CHARS = 1 << 16


@dataclass(frozen=True, slots=True)
class Delimited:
    """Rows with a document in each of some columns.

    Attributes:
        columns: their numbers from 0.
        header: the first row holds names.
        title_column: number of the column that holds the title; None if there is none.
        url_column: likewise, of where the document stood.

    >>> pages = Delimited(("text",), (1,), ",")
    >>> rows = pages.read(Batch(1, 'id,text\\r\\n01,"網絡, 安全"\\r\\n'))
    >>> [pages.put(row, ["网络"] if row.places else []) for row in rows]
    ['id,text\\r\\n', '01,"网络"\\r\\n']
    """

    fields: tuple[str, ...]
    columns: tuple[int, ...]
    delimiter: str
    header: bool = True
    counts: bool = False
    title_column: int | None = None
    url_column: int | None = None
    name: str = "csv"
    codec: str = "utf-8"
    cut: bool = False

    def read(self, batch: Batch) -> Iterator[Record]:
        """The records of a batch, one for each row."""
        number = batch.line
        for raw, whole in _rows(batch.text, self.delimiter, ended=True):
            record = Record(number, raw)
            record.filler = not raw.strip("\r\n") or (self.header and number == 1)
            if not whole:
                record.problem = _UNCLOSED
            elif not record.filler:
                self._find(record)
            yield record
            number += _line_ends(raw)

    def _find(self, record: Record) -> None:
        cells = _cells(record.raw, self.delimiter, 1 if _has_mark(record) else 0)
        named = zip(self.fields, self.columns, strict=True)
        record.places = tuple(self._place(record.raw, cells, field, column) for field, column in named)
        said = (self._said(record.raw, cells, column) for column in (self.title_column, self.url_column))
        record.tell(*said)

    def _place(self, raw: str, cells: list[tuple[int, int]], field: str, column: int) -> Place:
        if column >= len(cells):
            return Place(
                problem=counted(
                    len(cells),
                    "1 cell, and none in column {field}",
                    "{count} cells, and none in column {field}",
                    field=field,
                )
            )
        start, stop = cells[column]
        cell = raw[start:stop]
        if cell.startswith('"') and not _is_quoted(cell) and re.search(rf"[\r\n{re.escape(self.delimiter)}]", cell):
            return Place(problem=_UNSURE)
        return Place(_value(cell), start, stop)

    def _said(self, raw: str, cells: list[tuple[int, int]], column: int | None) -> str | None:
        return None if column is None else self._place(raw, cells, "", column).text

    def danger(self, place: Place, text: str) -> str:
        """Whether a cell that was text would be run by a spreadsheet: spaces, invisible characters, an entity or a line may have
        stood in front of a formula."""
        after, before = _FORMULA.match(text), _FORMULA.match(place.text or "")
        # With a space in front it is text. What is no formula stays none if the same spaces still stand there.
        if after and not (before and before[1] in ("", after[1])):
            said = "cleaned, the cell would begin with {sign} and be a formula in a spreadsheet; left as it was"
            return Message(said, sign=text.strip()[:1])
        return ""

    def put(self, record: Record, texts: Texts, counts: Counts | None = None) -> str:
        """The row with other documents in it."""
        raw = self._replaced(record, texts)
        body = raw.rstrip("\r\n")
        if not self.counts or not body or record.problem:
            return raw
        if self.header and record.number == 1:
            more = COUNT_COLUMNS
        else:
            more = tuple(str(counts[name]) if counts else "" for name in COUNTED)
        return self.delimiter.join((body, *more)) + raw[len(body) :]

    def take(self, record: Record, texts: Texts) -> str:
        """The row as it was before `put`."""
        raw = self._replaced(record, texts)
        body = raw.rstrip("\r\n")
        if not self.counts or not body or record.problem:
            return raw
        return body.rsplit(self.delimiter, len(COUNTED))[0] + raw[len(body) :]

    def _replaced(self, record: Record, texts: Texts) -> str:
        raw = record.raw
        # From the end, so that places in front stay where they are.
        for place, text in sorted(zip(record.places, texts, strict=True), key=lambda pair: -pair[0].start):
            if text is not None and place.text not in (None, text):
                raw = raw[: place.start] + self._cell(text, raw[place.start : place.stop]) + raw[place.stop :]
        # A row of nothing is no row for those who read it.
        return raw if raw.strip("\r\n") or raw == record.raw else f'""{raw}'

    def _cell(self, text: str, like: str) -> str:
        if not _is_quoted(like) and not any(mark in text for mark in (self.delimiter, "\n", "\r")):
            if not text.startswith('"'):
                return text
        return '"' + text.replace('"', '""') + '"'


def open_delimited(
    kind: str, pieces: Iterable[str], layout: Layout, name: str, *, counted: bool = False
) -> tuple[Delimited, Iterator[Batch]]:
    """Read the first row, find the delimiter and the column in it; see `opening.open_records`."""
    source = iter(pieces)
    held = ""
    for piece in source:
        held += piece
        if re.search(r"[\r\n].", held, re.DOTALL) or len(held) > LONGEST_CHARS:
            break
    delimiter = "\t" if kind == "tsv" else _delimiter(held)
    batches = _batches(chain([held], source), delimiter, name)
    if not held.strip("\ufeff\r\n"):
        return Delimited((), (), delimiter, layout.header, layout.counts, name=kind), batches
    first = next(batches)
    row, whole = next(_rows(first.text, delimiter, ended=True))
    if not whole:
        raise ReadError(Message("{name}:1: a quote is opened and never closed", name=name), hint="is it CSV?")
    start = 1 if row.startswith("\ufeff") else 0
    names = [_value(row[begin:stop]).strip() for begin, stop in _cells(row, delimiter, start)]
    if layout.counts and layout.header and not counted and set(COUNT_COLUMNS) & set(names):
        raise ReadError(
            Message("{name}: has columns of counts already", name=name), hint="leave --counts out, or those columns"
        )
    columns: dict[int, str] = {}
    for wanted in layout.fields or (None,):
        field, column = _column(names, wanted, layout, name)
        # Whoever says a column by its name and by its number means one.
        columns.setdefault(column, field)
    title, url = (
        None if wanted is None else _column(names, wanted, layout, name)[1]
        for wanted in (layout.title_field, layout.url_field)
    )
    fields, places = tuple(columns.values()), tuple(columns)
    form = Delimited(fields, places, delimiter, layout.header, layout.counts, title, url, kind)
    return form, chain([first], batches)


def _column(names: list[str], wanted: str | None, layout: Layout, name: str) -> tuple[str, int]:
    """Name and number, from 0, of a column; of the one that usually holds the documents if none is wanted."""
    if layout.header:
        if names[0].lower().startswith("sep="):
            raise ReadError(
                Message("{name}:1: {cell!r} is a word to Excel, and no row", name=name, cell=names[0]),
                hint="take it off: tail -n +2 OLD > NEW",
            )
        if wanted is None:
            hint = Message(
                "say it: --column NAME, or a number from 1 to {count}; --no-header if these are no names",
                count=len(names),
            )
            wanted = guess_field(names, name, hint)
        if wanted in names:
            return wanted, names.index(wanted)
    if wanted is not None and wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return wanted, int(wanted) - 1
    if layout.header:
        hint = Message(
            "{option} NAME, or a number from 1 to {count}",
            option=option_of(wanted, layout, "--column"),
            count=len(names),
        )
        raise ReadError(
            Message("{name}: no column {wanted!r}; {there}", name=name, wanted=wanted, there=listed(names)), hint=hint
        )
    what = Message("which column holds the text?")
    if wanted is not None:
        what = Message("no column {wanted!r}:", wanted=wanted)
    message = Message("{name}: {what} there are {count}, and no row of names", name=name, what=what, count=len(names))
    raise ReadError(message, hint=Message("--column with a number from 1 to {count}", count=len(names)))


def _delimiter(text: str) -> str:
    """What divides the cells of the first line: the commonest candidate outside of quotes."""
    line = re.sub(r'"[^"]*"', "", re.split(r"[\r\n]", text, maxsplit=1)[0])
    return max(_DELIMITERS, key=line.count)


@cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A row with its end, and a cell. Nothing in them is tried twice, so that no input makes them slow."""
    d = re.escape(delimiter)
    plain = rf"[^{d}\r\n]*+"
    # A cell that begins with a quote must close it; what follows the closing quote makes it a cell like others.
    cell = rf'(?:"[^"]*+(?:""[^"]*+)*+"{plain}|(?!"){plain})'
    row = re.compile(rf"{cell}(?:{d}{cell})*+(\r\n|\n|\r|\Z)")
    return row, re.compile(cell)


def _rows(text: str, delimiter: str, *, ended: bool) -> Iterator[tuple[str, bool]]:
    """Rows with their ends, and whether each is whole; a last one that is not only if the text has ended."""
    row, _ = _patterns(delimiter)
    at = 1 if text.startswith("\ufeff") else 0
    start = 0
    while start < len(text):
        found = row.match(text, at)
        if found is None:
            if ended:
                yield text[start:], False
            return
        # "\r" at the end may be half of an end, and no end at all may be the middle of a row.
        if not ended and found[1] in ("", "\r") and found.end() == len(text):
            return
        yield text[start : found.end()], True
        start = at = found.end()


def _batches(pieces: Iterable[str], delimiter: str, name: str) -> Iterator[Batch]:
    line = 1
    held, tried = "", 0
    for piece in pieces:
        held += piece
        # A long row that was looked at in vain is looked at again when there is twice as much of it.
        if tried > _SMALL_CHARS and len(held) < 2 * tried:
            continue
        taken = 0
        for batch in _gathered(_rows(held, delimiter, ended=False)):
            yield Batch(line, batch)
            line += _line_ends(batch)
            taken += len(batch)
        held = held[taken:]
        tried = len(held)
        if tried > LONGEST_CHARS:
            raise ReadError(
                Message("{name}:{line}: a row of more than {tried:,} characters", name=name, line=line, tried=tried),
                hint="is a quote missing?",
            )
    for batch in _gathered(_rows(held, delimiter, ended=True)):
        yield Batch(line, batch)
        line += _line_ends(batch)


def _line_ends(text: str) -> int:
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _gathered(rows: Iterator[tuple[str, bool]]) -> Iterator[str]:
    gathered: list[str] = []
    size = 0
    for row, whole in rows:
        if not whole and gathered:
            yield "".join(gathered)
            gathered, size = [], 0
        gathered.append(row)
        size += len(row)
        if size >= BATCH_CHARS:
            yield "".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield "".join(gathered)


def _cells(row: str, delimiter: str, at: int) -> list[tuple[int, int]]:
    """Where each cell of a row stands."""
    _, cell = _patterns(delimiter)
    places = []
    while True:
        found = cell.match(row, at)
        assert found is not None
        places.append(found.span())
        at = found.end()
        if at >= len(row) or row[at] != delimiter:
            return places
        at += 1


def _has_mark(record: Record) -> bool:
    return record.number == 1 and record.raw.startswith("\ufeff")


def _is_quoted(cell: str) -> bool:
    """Whether all of the cell stands in quotes; if something follows the closing one it is a cell without any."""
    return len(cell) >= 2 and cell[0] == cell[-1] == '"' and '"' not in cell[1:-1].replace('""', "")


def _value(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if _is_quoted(cell) else cell
