"""Templates in files that people read and edit: JSON Lines, a table with tabs, or Parquet.

Whatever was done to such a file, a row says what goes in plain text: the line is made into a form again when it is read, so a line may be
copied into it from a page as it stands there. What cannot be a template (a number, a paragraph) is refused, and nothing is cleaned.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from zhnorm.batch.write import open_target
from zhnorm.errors import ReadError, RulesError
from zhnorm.formats.schema import is_count, is_text, optional, wrong_field
from zhnorm.line import Recurring
from zhnorm.messages import Message

from .keys import EVERYWHERE, MOST_LETTERS, form, is_form
from .sites import site_of

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["Template", "check_name", "load_templates", "save_templates"]


class Template(NamedTuple):
    """A line that goes.

    Attributes:
        site: on whose pages; `*` on those of all.
        line: its form: what it says, without marks, digits masked.
        pages: on how many pages of the site it stands; for `*`, of all sites.
        of: how many pages there are; 0 if that is not known.
        sites: of how many sites it is a template, for `*`.
        times: how often it stands on such a page, as a rule; 0 if that is not known.
        example: how it is written on one page.
        document: which page that is.
    """

    site: str
    line: str
    pages: int
    of: int
    sites: int = 0
    times: int = 0
    example: str = ""
    document: str = ""

    @property
    def is_rare(self) -> bool:
        """Whether most pages of its site are without it."""
        return not self.sites and 2 * self.pages < self.of

    @property
    def evidence(self) -> Recurring:
        """Why it goes, for a ledger."""
        return Recurring(self.pages, self.of, self.site, self.sites or None)


_FIELDS = Template._fields
_NUMBERS = ("pages", "of", "sites", "times")
_MOST_BYTES = 1 << 30
_HINT = "zhnorm corpus learn writes such a file"
_REQUIRED = {"site": is_text, "line": is_text}
_OTHERS = {name: optional(is_count if name in _NUMBERS else is_text) for name in _FIELDS[2:]}


def save_templates(path: str, rows: Iterable[Template]) -> None:
    """Write templates to a file, in the format that its name says; see `Templates.save`."""
    name = _format(path)
    if name == "parquet":
        _save_parquet(path, rows)
        return
    with open_target(path) as file:
        if name == "tsv":
            file.write(("\t".join(_FIELDS) + "\n").encode())
        for row in rows:
            line = "\t".join(map(_cell, row)) if name == "tsv" else json.dumps(row._asdict(), ensure_ascii=False)
            file.write((line + "\n").encode("utf-8", "replace"))


def load_templates(path: str) -> Iterator[Template]:
    """Read templates from a file, in the format that its name says; see `Templates.load`."""
    name = _format(path)
    records = {"parquet": _parquet_records, "tsv": _tsv_records, "jsonl": _jsonl_records}[name](path)
    for number, record in records:
        yield _template(record, f"{path}:{number}")


def check_name(path: str) -> None:
    """See whether a file can hold templates, before they are learned.

    Raises:
        RulesError: its name says nothing of its format.
        ReadError: pyarrow is missing.
    """
    if _format(path) == "parquet":
        _pyarrow(path)


def _format(path: str) -> str:
    end = path.lower().rpartition(".")[2]
    if end in ("parquet", "tsv", "jsonl"):
        return end
    raise RulesError(
        Message("{path}: in which format are the templates?", path=path), hint="name it .tsv, .jsonl or .parquet"
    )


def _template(record: Any, where: str) -> Template:
    """A row that was looked at."""
    if isinstance(record, dict):
        record = {name: _whole(value) if name in _NUMBERS else value for name, value in record.items()}
    if wrong := wrong_field(record, _REQUIRED, _OTHERS):
        raise RulesError(
            Message("{where}: {wrong!r} is missing or of another kind", where=where, wrong=wrong), hint=_HINT
        )
    line = form(record["line"])
    if not is_form(line):
        about = f"a line of 2 to {MOST_LETTERS} letters that is more than a number is wanted"
        raise RulesError(
            Message("{where}: this line can be no template", where=where),
            hint=Message("{about}; take the row out", about=about),
        )
    site = record["site"].strip()
    site = EVERYWHERE if site == EVERYWHERE else site_of(site)
    if not site:
        raise RulesError(
            Message("{where}: no site", where=where), hint=Message("{everywhere} stands for all", everywhere=EVERYWHERE)
        )
    pages, of, sites, times = (record.get(name) or 0 for name in _NUMBERS)
    return Template(site, line, pages, of, sites, times, record.get("example") or "", record.get("document") or "")


def _whole(value: object) -> object:
    """A count that went through a table of numbers with points, which pandas makes of a column with an empty cell."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else None if value != value else value
    return value


def _cell(value: object) -> str:
    return " ".join(str(value).split())


def _tsv_records(path: str) -> Iterator[tuple[int, dict[str, object]]]:
    from zhnorm.user_files import read_small_text

    lines = read_small_text(path, RulesError, hint="check the path", most_bytes=_MOST_BYTES).split("\n")
    names = lines[0].rstrip("\r").split("\t")
    if not {"site", "line"} <= set(names):
        raise RulesError(
            Message("{path}: the first row must name the columns, site and line among them", path=path), hint=_HINT
        )
    for number, line in enumerate(lines[1:], 2):
        cells = [_unquoted(cell) for cell in line.rstrip("\r").split("\t")]
        if cells == [""]:
            continue
        if len(cells) == len(_REQUIRED) and set(names[: len(_REQUIRED)]) == set(_REQUIRED):
            cells += [""] * (len(names) - len(cells))  # a row that somebody wrote
        if len(cells) != len(names):
            raise RulesError(
                Message(
                    "{path}:{number}: {count} cells, and there are {columns} columns",
                    path=path,
                    number=number,
                    count=len(cells),
                    columns=len(names),
                ),
                hint=_HINT,
            )
        yield (
            number,
            {name: _number(cell) if name in _NUMBERS else cell for name, cell in zip(names, cells, strict=True)},
        )


def _unquoted(cell: str) -> str:
    """A cell, without the quotation marks that spreadsheets put around some."""
    return cell[1:-1].replace('""', '"') if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _number(cell: str) -> object:
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) < 16 else (cell or None)


def _jsonl_records(path: str) -> Iterator[tuple[int, object]]:
    from zhnorm.formats.schema import parsed
    from zhnorm.user_files import read_small_text

    text = read_small_text(path, RulesError, hint="check the path", most_bytes=_MOST_BYTES)
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, parsed(line.encode("utf-8"))
        except ValueError as error:
            raise RulesError(
                Message("{path}:{number}: not JSON: {error}", path=path, number=number, error=str(error)[:120]),
                hint=_HINT,
            ) from error


def _pyarrow(path: str) -> ModuleType:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        hint = "pip install 'zhnorm[parquet]', or name the file .tsv or .jsonl"
        raise ReadError(Message("{path}: Parquet needs pyarrow", path=path), hint=hint) from error
    found: ModuleType = pyarrow
    return found


def _save_parquet(path: str, rows: Iterable[Template]) -> None:
    arrow = _pyarrow(path)
    kinds = [(name, arrow.int64() if name in _NUMBERS else arrow.string()) for name in _FIELDS]
    table = arrow.Table.from_pylist([row._asdict() for row in rows], arrow.schema(kinds))
    with open_target(path) as file:
        sink = arrow.BufferOutputStream()
        arrow.parquet.write_table(table, sink)
        file.write(sink.getvalue().to_pybytes())


def _parquet_records(path: str) -> Iterator[tuple[int, Mapping[str, object]]]:
    arrow = _pyarrow(path)
    try:
        file = arrow.parquet.ParquetFile(path)
        names = [name for name in file.schema_arrow.names if name in _FIELDS]
        number = 0
        for batch in file.iter_batches(columns=names):
            for record in batch.to_pylist():
                number += 1
                yield number, record
    except (arrow.ArrowException, OSError, UnicodeError) as error:
        raise RulesError(
            Message("{path}: no Parquet file: {error}", path=path, error=" ".join(str(error).split())[:200]), hint=_HINT
        ) from error
