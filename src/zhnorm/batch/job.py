"""What a run is made of: jobs, and what becomes of each."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.counts import Counts
from zhnorm.errors import AuditError, ExitCode, MediaError, ZhnormError
from zhnorm.formats.compression import Sink, without_compression
from zhnorm.formats.encoding import Encoding
from zhnorm.formats.records import DOCUMENTS, Layout, format_of
from zhnorm.formats.source import Held
from zhnorm.html.recognition import SUFFIXES
from zhnorm.limits import HeavyLoss

from .write import file_digest

if TYPE_CHECKING:
    from zhnorm.formats.source import Stream

__all__ = [
    "Failure",
    "InPlace",
    "Job",
    "Known",
    "Outcome",
    "Records",
    "is_page_name",
    "output_name",
    "record_format",
]


class InPlace(NamedTuple):
    """A document is to take the place of the file that it is made of.

    Attributes:
        backup: what is put behind the name under which the file is kept as it was; empty if it is not kept.
    """

    backup: str = ""


class Job(NamedTuple):
    """One document to clean.

    Attributes:
        name: what it is called in ledger and messages; in a mirrored tree its path there.
        source: a path, or a stream that is open already, such as a file that was read (`formats.source.Held`).
        target: a path, a stream, or None if nothing is to be written.
        tree: the output folder of a mirrored tree: folders below it are made, nothing is written outside it.
        known: what an earlier run says of it: if that still holds there is nothing to do.
        journal: a journal is kept, so digests of its files are wanted.
        size: bytes of the source, if it is a regular file; None if that is not known.
        in_place: the target is the source itself, and how it takes its place; None if it is another file.
    """

    name: str
    source: str | Stream
    target: str | Sink | None
    tree: str = ""
    known: Known | None = None
    journal: bool = False
    size: int | None = None
    in_place: InPlace | None = None

    @property
    def title(self) -> str:
        """What messages call the input."""
        return self.path or "standard input"

    @property
    def path(self) -> str:
        """Where the input is; empty if nobody knows."""
        if isinstance(self.source, Held):
            return self.source.path
        return self.source if isinstance(self.source, str) else ""

    @property
    def is_page(self) -> bool:
        """Whether the name of the input says that it is HTML."""
        return is_page_name(self.path)

    def is_done(self, digest: str) -> bool:
        """Whether input and output are as an earlier run left them; `digest` is that of the input."""
        known = self.known
        return known is not None and known.input_digest == digest and known.output_digest == file_digest(self.target)


def is_page_name(path: str) -> bool:
    """Whether a name says that a file is a page of HTML.

    >>> is_page_name("a/page.HTML.gz"), is_page_name("page.txt")
    (True, False)
    """
    return without_compression(path).lower().endswith(SUFFIXES)


def output_name(path: str) -> str:
    """What the clean text of a file is called beside others: a page is no page any more, but Markdown.

    >>> output_name("a/page.html.gz"), output_name("a/page.txt")
    ('a/page.md.gz', 'a/page.txt')
    """
    if not is_page_name(path):
        return path
    plain = without_compression(path)
    return f"{plain[: plain.rindex('.')]}.md{path[len(plain) :]}"


def record_format(job: Job, layout: Layout) -> str:
    """The format of records that a job's input is in; empty if it is text.

    Raises:
        ReadError: its name says that it is something else.
    """
    if layout.format:
        return "" if layout.format in DOCUMENTS else layout.format
    return format_of(job.path)


@dataclass(slots=True)
class Records:
    """The records of a file, in numbers, and how it was read.

    Attributes:
        documents: records with a document that was cleaned.
        changed: those of them whose document is another one now.
        pages: those in which the article was found and the rest of the page removed.
        failed: records that are broken.
        empty: records without a document.
        format: jsonl, csv …
        fields: those that hold the documents.
        counted: counts were added to the records.
        header: the first row holds names.
        bom: a byte order mark was put in front.
        misread: where the output holds bytes that are no characters, and will be read as some (see `formats.text.misread_runs`).
    """

    documents: int = 0
    changed: int = 0
    pages: int = 0
    failed: int = 0
    empty: int = 0
    format: str = ""
    fields: list[str] = dataclasses.field(default_factory=list)
    counted: bool = False
    header: bool = True
    bom: bool = False
    misread: list[tuple[int, int]] = dataclasses.field(default_factory=list)

    def add(self, counts: Counts) -> None:
        """One more document was cleaned."""
        self.documents += 1
        self.changed += counts.changed
        self.pages += counts.is_page

    def merge(self, other: Records) -> None:
        """The numbers of another part of the file."""
        self.documents += other.documents
        self.changed += other.changed
        self.pages += other.pages
        self.failed += other.failed
        self.empty += other.empty


class Outcome(NamedTuple):
    """What became of a document that was cleaned and put in place.

    Attributes:
        name: as in the job.
        counts: its lines, in numbers.
        bytes_in: size of the input.
        bytes_out: size of the output.
        undecodable: how many bytes were none of the encoding's characters.
        first_undecodable: line and byte of the first of them, from 1.
        encoding: what the document was in, and how sure that is.
        input_sha256: hex digest; empty if nobody asked for it.
        output_sha256: likewise.
        records: what is known of them, if this is a file of records.
        lost: how often 锟斤拷 stands in it.
        private: how many characters of private use stand in it.
        first_private: line, from 1, and code of the first of them.
        raw: of a record in such a file: all of it as it came in, if it cannot be made of the output.
        trimmed: likewise: the line end that was taken off because the last line went.
        extracted: it was HTML; its lines are those of the text in it.
        heavy: if it lost much, how much; of a file of records, those of its documents that did, or the worst of them.
        heavy_others: how many others of its documents did.
        only_returns: its lines end in CR alone, and so it was one line.
        is_xml: it is XML, and was cleaned as text.
    """

    name: str
    counts: Counts
    bytes_in: int
    bytes_out: int
    undecodable: int = 0
    first_undecodable: tuple[int, int] | None = None
    encoding: Encoding | None = None
    input_sha256: str = ""
    output_sha256: str = ""
    records: Records | None = None
    lost: int = 0
    raw: str = ""
    trimmed: str = ""
    heavy: tuple[HeavyLoss, ...] = ()
    extracted: bool = False
    only_returns: bool = False
    is_xml: bool = False
    private: int = 0
    first_private: tuple[int, str] | None = None
    heavy_others: int = 0

    @property
    def rewritten(self) -> bool:
        """Whether the output is another file than the input, as far as that can be told: by digests, or else by what happened to lines.

        Parquet is packed anew, and a compressed file is compressed anew; that alone is no difference.
        """
        if self.input_sha256 and (self.records is None or self.records.format != "parquet"):
            return self.input_sha256 != self.output_sha256
        return bool(self.counts.changed or self.extracted or (self.records and self.records.counted))


class Failure(NamedTuple):
    """A document that could not be cleaned. Its output was not touched.

    Attributes:
        name: as in the job.
        error: why.
        in_file: it is a record of a file, and stands in the output as it stood in the input.
    """

    name: str
    error: ZhnormError
    in_file: bool = False

    @property
    def is_media(self) -> bool:
        """Whether it is a picture or the like, of which nobody expects text: it is left out."""
        return isinstance(self.error, MediaError)

    @property
    def exit_code(self) -> ExitCode:
        """How a command ends that goes on with other documents."""
        if self.is_media:
            return ExitCode.DONE
        return ExitCode.AUDIT if isinstance(self.error, AuditError) else ExitCode.SOME_FAILED


class Known(NamedTuple):
    """What a journal remembers of a document.

    Attributes:
        input_digest: SHA-256 of the input file.
        output_digest: SHA-256 of the output file.
        outcome: what came of it.
    """

    input_digest: str
    output_digest: str
    outcome: Outcome
