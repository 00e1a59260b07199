"""Files of many records, of which one field or several hold a document each: JSON Lines, JSON, CSV, TSV, Parquet, WET.

A format finds where a document stands inside its record, and puts another text in that place; every other byte of the
record stays as it was, because nothing is parsed and written anew. It cuts the file into batches of whole records;
a batch needs nothing but itself to be cleaned, in whatever process.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Protocol

from zhnorm.errors import LimitError, ReadError
from zhnorm.html.extraction import text_of
from zhnorm.limits import USUAL_LIMITS, Limits
from zhnorm.messages import Message, counted

from .compression import without_compression

__all__ = [
    "BATCH_CHARS",
    "BYTES",
    "COUNTED",
    "COUNT_COLUMNS",
    "DOCUMENTS",
    "FORMATS",
    "GUESSES",
    "LONGEST_CHARS",
    "LOOK_RECORDS",
    "MARKED",
    "Batch",
    "Counts",
    "Layout",
    "Place",
    "Record",
    "RecordFormat",
    "Texts",
    "format_of",
    "guess_field",
    "listed",
    "option_of",
    "wanted_fields",
    "without_markup",
]

FORMATS = {
    "jsonl": (".jsonl", ".ndjson", ".jsonlines"),
    "json": (".json",),
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
MARKED = frozenset({"csv", "tsv"})
"""Formats that may begin with a byte order mark because somebody wants it."""
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
        fields: names of the fields that hold a document each, or for CSV also their numbers from 1; none: one is looked for.
        counts: add to each record what happened to its lines.
        header: CSV and TSV begin with a row of names.
        title_field: the field that holds the title of the documents, named like the others; None if there is none.
        url_field: the field that says where they stood: links in HTML become whole by it; None if there is none.
        bom: CSV and TSV begin with a byte order mark, whether or not the input does.
        about: those of the fields that hold no document, but say something about it: in Parquet, numbers and dates too.
    """

    format: str = ""
    fields: tuple[str, ...] = ()
    counts: bool = False
    header: bool = True
    title_field: str | None = None
    bom: bool = False
    about: tuple[str, ...] = ()
    url_field: str | None = None


COUNTED = ("lines", "removed", "rewritten")
COUNT_COLUMNS = tuple(f"zhnorm_{name}" for name in COUNTED)
"""How columns with these numbers are called."""
Counts = Mapping[str, int]
"""What happened to the lines of one document: a number for each of `COUNTED`."""


class Batch(NamedTuple):
    """Consecutive whole records: the number of their first line in the file, from 1, and their text."""

    line: int
    text: str


@dataclass(slots=True)
class Place:
    """Where a document stands in its record.

    Attributes:
        text: the document; None if there is none.
        start: where it stands in `Record.raw`, as the format writes it,
        stop: and where that ends.
        problem: why it cannot be read; empty if it can, or if there is none.
        hint: what can be done about that.
        as_html: it is HTML, whatever it looks like.
        url: where it stood; empty if that is not known.
        extracted: if it is HTML, the text that was taken out of it.
    """

    text: str | None = None
    start: int = 0
    stop: int = 0
    problem: str = ""
    hint: str = ""
    as_html: bool = False
    url: str = ""
    extracted: str | None = None

    @property
    def document(self) -> str | None:
        """The text that is to be cleaned; None if there is none."""
        return self.text if self.extracted is None else self.extracted

    @property
    def is_empty(self) -> bool:
        """Whether there is no document, and should be none."""
        return self.text is None and not self.problem


@dataclass(slots=True)
class Record:
    """One record of a file.

    Attributes:
        number: of its first line in the file, from 1; where lines say nothing, of the record.
        raw: all of it, with the line end behind it.
        places: of its documents, one for each field; none if the record cannot be read.
        title: of its documents, if it is known.
        problem: why the record cannot be read; empty if it can.
        filler: it is no record at all: a blank line, a row of names.
    """

    number: int
    raw: str
    places: tuple[Place, ...] = ()
    title: str | None = None
    problem: str = ""
    filler: bool = False

    def tell(self, title: str | None, url: str | None) -> None:
        """What it says of its documents: their title, and where they stood."""
        self.title = title
        for place in self.places:
            place.url = url or ""

    @property
    def text(self) -> str | None:
        """The document, if it holds only one."""
        return self.places[0].text if len(self.places) == 1 else None


def without_markup(record: Record, limits: Limits = USUAL_LIMITS) -> Record:
    """The same record; where a document is HTML, with the text in that.

    Args:
        record: as it was read.
        limits: what taking the text out of one document may cost.
    """
    for place in record.places:
        if place.text is None or place.problem:
            continue
        try:
            text = text_of(place.text, url=place.url or None, as_html=place.as_html, limits=limits)
        except (ReadError, LimitError) as error:
            place.text, place.problem, place.hint = None, error.message, error.hint
        else:
            place.extracted = None if text is None else text.rstrip("\n")
    return record


Texts = Sequence[str | None]
"""A text for each place of a record; None leaves what is there."""


class RecordFormat(Protocol):
    """How the records of one file are read and written. Picklable."""

    @property
    def name(self) -> str:
        """jsonl, csv …"""

    @property
    def fields(self) -> tuple[str, ...]:
        """Names or numbers of the fields that hold documents."""

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

    def danger(self, place: Place, text: str) -> str:
        """What would go wrong if a text were put into a place, in words; empty if nothing."""

    def put(self, record: Record, texts: Texts, counts: Counts | None = None) -> str:
        """The record with other documents in it, one for each place, and with counts if the format adds them; what is None stays."""

    def take(self, record: Record, texts: Texts) -> str:
        """The record as it was before `put`, given what the documents were then."""


@lru_cache(maxsize=64)
def format_of(path: str) -> str:
    """The format of records that a file's name stands for; empty for text.

    >>> format_of("pages.jsonl.gz"), format_of("page.txt")
    ('jsonl', '')
    """
    name = without_compression(path).lower()
    return next((kind for kind, suffixes in FORMATS.items() if name.endswith(suffixes)), "")


def guess_field(names: Sequence[str], name: str, hint: str = "say it: --field NAME") -> str:
    """The field that holds the document, going by what fields are usually called.

    Args:
        names: of the fields that are there.
        name: of the file, for messages.
        hint: what to do if none is called so.

    Raises:
        ReadError: none is called so.

    >>> guess_field(["id", "Content", "url"], "pages.jsonl")
    'Content'
    """
    known = {field.lower(): field for field in reversed(names)}
    for guess in GUESSES:
        if guess in known:
            return known[guess]
    raise ReadError(Message("{name}: which field holds the text? {there}", name=name, there=listed(names)), hint=hint)


def wanted_fields(layout: Layout) -> tuple[str, ...]:
    """All that was asked for by name: the fields of documents, and those of what is known of them."""
    return (*layout.fields, *(field for field in (layout.title_field, layout.url_field) if field is not None))


def option_of(field: str | None, layout: Layout, usual: str = "--field") -> str:
    """The option that names a field; the one for documents where none does.

    Args:
        field: what it was called.
        layout: what the user said.
        usual: what the option for documents is called.

    >>> option_of("link", Layout(fields=("text",), url_field="link"))
    '--url-field'
    """
    if field is None or field in layout.fields:
        return usual
    options = {layout.url_field: "--url-field", layout.title_field: "--title-field"}
    return options.get(field, usual)


def listed(names: Sequence[str]) -> str:
    """Names of fields for a message."""
    if not names:
        return Message("there are none")
    others = len(names) - _MOST_NAMES
    more = Message(" and {count:,} more", count=others) if others > 0 else ""
    one, many = "there is {names}{more}", "there are {names}{more}"
    return counted(len(names), one, many, names=", ".join(names[:_MOST_NAMES]), more=more)
