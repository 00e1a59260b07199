"""What a run is made of: jobs, and what becomes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from zhnorm.errors import ZhnormError
from zhnorm.formats.compression import Sink
from zhnorm.formats.encoding import Encoding

from .count import Counts

if TYPE_CHECKING:
    from zhnorm.formats.source import Stream

__all__ = ["Failure", "Job", "Known", "Outcome"]


class Job(NamedTuple):
    """One document to clean.

    Attributes:
        name: what it is called in ledger and messages; in a mirrored tree its path there.
        source: a path, or a stream that is open already.
        target: a path, a stream, or None if nothing is to be written.
        tree: the output folder of a mirrored tree: folders below it are made, nothing is written outside it.
        known: what an earlier run says of it: if that still holds there is nothing to do.
        journal: a journal is kept, so digests of its files are wanted.
    """

    name: str
    source: str | Stream
    target: str | Sink | None
    tree: str = ""
    known: Known | None = None
    journal: bool = False

    @property
    def title(self) -> str:
        """What messages call the input."""
        return self.source if isinstance(self.source, str) else "standard input"


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


class Failure(NamedTuple):
    """A document that could not be cleaned. Its output was not touched."""

    name: str
    error: ZhnormError


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
