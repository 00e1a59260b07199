"""Files of many records, of which one field holds a document: JSON Lines, CSV, TSV, WET.

A format finds where a document stands inside its record, and puts another text in that place; every other byte of the
record stays as it was, because nothing is parsed and written anew. It cuts the file into batches of whole records;
a batch needs nothing but itself to be cleaned, in whatever process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from zhnorm.errors import ReadError
from zhnorm.html.extraction import text_of

from .compression import without_compression

__all__ = [
    "BATCH_CHARS",
    "BYTES",
    "COUNTED",
    "DOCUMENTS",
    "FORMATS",
    "LONGEST_CHARS",
    "LOOK_RECORDS",
    "Batch",
    "Counts",
    "Layout",
    "Record",
    "RecordFormat",
    "format_of",
    "guess_field",
    "listed",
    "without_markup",
]

FORMATS = {
    "jsonl": (".jsonl", ".ndjson", ".jsonlines"),
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "parquet": (".parquet",),
    "warc": (".warc", ".wet"),
}
"""Formats of records, and the ends of names that stand for them."""
DOCUMENTS = ("text", "html")
"""Formats of files that are one document."""
GUESSES = (
    "text", "content", "body", "article", "full_text", "raw_content", "page_content", "maintext",
    "正文", "内容", "內容", "文本", "文章",
)  # fmt: skip
"""What the field with the document is usually called, in the order in which it is looked for."""
BYTES = frozenset({"warc"})
"""Formats that count bytes: a file is read as Latin-1, so that a character is one."""
BATCH_CHARS = 1 << 18
"""A batch is cut at the first end of a record behind so many characters."""
LONGEST_CHARS = 1 << 28
"""A longer record is no record: something that should end it is missing."""
LOOK_RECORDS = 1000
"""The field must be in one of so many first records."""
_MOST_NAMES = 20


class Layout(NamedTuple):
    """What a user said about files of records.

    Attributes:
        format: of all inputs; empty: by the name of each.
        field: name of the field that holds the document, or for CSV also its number from 1; None: it is looked for.
        counts: add to each record what happened to its lines.
        header: CSV and TSV begin with a row of names.
    """

    format: str = ""
    field: str | None = None
    counts: bool = False
    header: bool = True


COUNTED = ("lines", "removed", "rewritten")
Counts = Mapping[str, int]
"""What happened to the lines of one document: a number for each of `COUNTED`."""


class Batch(NamedTuple):
    """Consecutive whole records: the number of their first line in the file, from 1, and their text."""

    line: int
    text: str


@dataclass(slots=True)
class Record:
    """One record of a file.

    Attributes:
        number: of its first line in the file, from 1.
        raw: all of it, with the line end behind it.
        text: the document in it; None if it holds none.
        start: where the document stands in `raw`, as the format writes it,
        stop: and where that ends.
        problem: why its document cannot be read; empty if it can, or if there is none.
        hint: what can be done about that.
        as_html: the document is HTML, whatever it looks like.
        url: where it stood; empty if that is not known.
        extracted: if the document is HTML, the text that was taken out of it.
        filler: it is no record at all: a blank line, a row of names.
    """

    number: int
    raw: str
    text: str | None = None
    start: int = 0
    stop: int = 0
    problem: str = ""
    filler: bool = False
    hint: str = ""
    as_html: bool = False
    url: str = ""
    extracted: str | None = None

    @property
    def document(self) -> str | None:
        """The text that is to be cleaned; None if there is none."""
        return self.text if self.extracted is None else self.extracted


def without_markup(record: Record) -> Record:
    """The same record; if its document is HTML, with the text in that."""
    if record.text is not None and not record.problem:
        try:
            text = text_of(record.text, url=record.url or None, as_html=record.as_html)
        except ReadError as error:
            record.text, record.problem, record.hint = None, error.message, error.hint
        else:
            record.extracted = None if text is None else text.rstrip("\n")
    return record


class RecordFormat(Protocol):
    """How the records of one file are read and written. Picklable."""

    @property
    def name(self) -> str:
        """jsonl, csv …"""

    @property
    def field(self) -> str:
        """Name or number of the field that holds the document."""

    @property
    def counts(self) -> bool:
        """Whether counts are added to the records."""

    @property
    def codec(self) -> str:
        """Encoding of the output: utf-8; latin-1 where a character stands for a byte."""

    @property
    def cut(self) -> bool:
        """Whether each record is compressed by itself."""

    def read(self, batch: Batch) -> Iterator[Record]:
        """The records of a batch, those without a document among them; nothing is left out."""

    def danger(self, record: Record, text: str) -> str:
        """What would go wrong if a text were put into the record, in words; empty if nothing."""

    def put(self, record: Record, text: str | None, counts: Counts | None = None) -> str:
        """The record with another document in it, and with counts if the format adds them; without `text` as it is."""

    def take(self, record: Record, text: str | None) -> str:
        """The record as it was before `put`, given what the document was then."""


def format_of(path: str) -> str:
    """The format of records that a file's name stands for; empty for text.

    Raises:
        ReadError: the name stands for a format of records that cannot be read as it is.

    >>> format_of("pages.jsonl.gz"), format_of("page.txt")
    ('jsonl', '')
    """
    name = without_compression(path).lower()
    if name.endswith(".json"):
        hint = (
            f"make one object a line: jq -c '.[]' {path} > pages.jsonl; in a folder, leave it out: --exclude '*.json'"
        )
        raise ReadError(f"{path}: JSON, and not JSON Lines", hint=hint)
    return next((kind for kind, suffixes in FORMATS.items() if name.endswith(suffixes)), "")


def guess_field(names: Sequence[str], name: str) -> str:
    """The field that holds the document, going by what fields are usually called.

    Raises:
        ReadError: none is called so.

    >>> guess_field(["id", "Content", "url"], "pages.jsonl")
    'Content'
    """
    known = {field.lower(): field for field in reversed(names)}
    for guess in GUESSES:
        if guess in known:
            return known[guess]
    raise ReadError(f"{name}: which field holds the text? {listed(names)}", hint="say it: --field NAME")


def listed(names: Sequence[str]) -> str:
    """Names of fields for a message."""
    if not names:
        return "there are none"
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"there {'is' if len(names) == 1 else 'are'} {', '.join(names[:_MOST_NAMES])}{more}"
