"""Cleaning documents one after another: read, clean, put in place, tell whoever watches.

Everything that happens to one document is in `clean_document`, which needs nothing but its arguments: running it in
several processes means calling it in several processes. What becomes of a run (a ledger, a summary, a diff) is the
business of watchers.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from zhnorm.errors import AuditError, ReadError, WriteError, ZhnormError
from zhnorm.formats.binary import refuse_binary
from zhnorm.formats.compression import Sink, expanded
from zhnorm.formats.decode import Decoder
from zhnorm.formats.encoding import Encoding
from zhnorm.formats.source import read_pieces
from zhnorm.formats.text import encode

from .write import make_folder, open_target

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner
    from zhnorm.formats.source import Stream
    from zhnorm.line import Block

__all__ = ["Failure", "Job", "Outcome", "Sink", "Watcher", "clean_document", "open_document", "run"]


class Job(NamedTuple):
    """One document to clean.

    Attributes:
        name: what it is called in ledger and messages; in a mirrored tree its path there.
        source: a path, or a stream that is open already.
        target: a path, a stream, or None if nothing is to be written.
        tree: the output folder of a mirrored tree: folders below it are made, nothing is written outside it.
    """

    name: str
    source: str | Stream
    target: str | Sink | None
    tree: str = ""

    @property
    def title(self) -> str:
        """What messages call the input."""
        return self.source if isinstance(self.source, str) else "standard input"


class Outcome(NamedTuple):
    """What became of a document that was cleaned and put in place.

    Attributes:
        name: as in the job.
        changed: the output differs from the input.
        bytes_in: size of the input.
        bytes_out: size of the output.
        undecodable: how many bytes were none of the encoding's characters.
        first_undecodable: line and byte of the first of them, from 1.
        encoding: what the document was in, and how sure that is.
        input_sha256: hex digest; empty if nobody asked for it.
        output_sha256: likewise.
    """

    name: str
    changed: bool
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


class Watcher(Protocol):
    """Somebody who wants to know what happens.

    Called for every document in this order: begin, block any number of times, done or failed; for one that failed
    before it could be opened: failed alone.
    """

    def begin(self, name: str, /) -> None: ...

    def block(self, block: Block, /) -> None: ...

    def done(self, outcome: Outcome, /) -> None: ...

    def failed(self, failure: Failure, /) -> None: ...


def run(
    cleaner: Cleaner,
    jobs: Iterable[Job | Failure],
    watchers: Sequence[Watcher] = (),
    *,
    digests: bool = False,
    encoding: str | None = None,
) -> Iterator[Outcome | Failure]:
    """Clean every document; one that fails costs only itself.

    Args:
        cleaner: used for all of them.
        jobs: in the order in which they are to be done; failures found earlier are passed on in their place.
        watchers: told about every document and every finished block of lines.
        digests: work out the SHA-256 of inputs and outputs.
        encoding: what all documents are in; None finds it out for each.

    Yields:
        One outcome or failure for each job.

    Raises:
        WriteError: the disk is full or cannot be written to: every further document would fail as well.
    """
    for job in jobs:
        if isinstance(job, Failure):
            result: Outcome | Failure = job
        else:
            for watcher in watchers:
                watcher.begin(job.name)
            try:
                observers = [watcher.block for watcher in watchers]
                result = clean_document(cleaner, job, observers, digests=digests, encoding=encoding)
            except ZhnormError as error:
                if _is_final(error):
                    raise
                result = Failure(job.name, error)
        for watcher in watchers:
            if isinstance(result, Outcome):
                watcher.done(result)
            else:
                watcher.failed(result)
        yield result


def clean_document(
    cleaner: Cleaner,
    job: Job,
    observers: Sequence[Callable[[Block], None]] = (),
    *,
    digests: bool = False,
    encoding: str | None = None,
) -> Outcome:
    """Clean one document in pieces: output is written as soon as it is certain, files appear whole or not at all.

    Args:
        cleaner: the cleaner.
        job: what to read, and where to write.
        observers: called with every finished block of lines, in order.
        digests: work out the SHA-256 of input and output.
        encoding: what the document is in; None finds it out.

    Raises:
        ReadError: the input cannot be read, or is not text.
        WriteError: the output cannot be written.
        AuditError: the engine broke one of its own laws.
    """
    meter = _Meter(digests)
    decoder = Decoder(encoding, job.title)

    def observe(block: Block) -> None:
        # Two lists of mostly the same objects: compared by identity, next to nothing.
        meter.changed = meter.changed or block.text != block.raw
        for observer in observers:
            observer(block)

    incremental = cleaner.incremental(observe)
    with open_document(job.source, job.title) as pieces:
        # The first piece is read before the target is opened: what cannot be read leaves no empty folder behind.
        head = next(pieces, b"")
        refuse_binary(head, job.title)
        with _sink(job) as sink:
            _emit(sink, meter, incremental.feed(decoder.feed(meter.read(head))))
            for piece in pieces:
                _emit(sink, meter, incremental.feed(decoder.feed(meter.read(piece))))
            _emit(sink, meter, incremental.feed(decoder.finish()) + incremental.finish())
    return Outcome(
        job.name,
        meter.changed,
        meter.bytes_in,
        meter.bytes_out,
        decoder.undecodable,
        decoder.first,
        decoder.encoding,
        *meter.digests(),
    )


@contextmanager
def open_document(source: str | Stream, name: str) -> Iterator[Iterator[bytes]]:
    """The bytes of a path or of an open stream, piece by piece, expanded if they are compressed.

    Args:
        source: a path, or a stream, which stays open.
        name: for messages.

    Raises:
        ReadError: it cannot be opened; while iterating, that it cannot be read or expanded.
    """
    if not isinstance(source, str):
        yield expanded(read_pieces(source, name), name)
        return
    try:
        file = open(source, "rb", buffering=0)  # noqa: SIM115
    except OSError as error:
        raise ReadError(f"{source}: {error.strerror or error}", hint=_open_hint(error)) from error
    with file:
        yield expanded(read_pieces(file, source), source)


class _Meter:
    """Counts and digests what goes in and out."""

    def __init__(self, digests: bool) -> None:
        self.changed = False
        self.bytes_in = self.bytes_out = 0
        self._hashes = None
        if digests:
            import hashlib

            self._hashes = hashlib.sha256(), hashlib.sha256()

    def read(self, data: bytes) -> bytes:
        self.bytes_in += len(data)
        if self._hashes:
            self._hashes[0].update(data)
        return data

    def written(self, data: bytes) -> None:
        self.bytes_out += len(data)
        if self._hashes:
            self._hashes[1].update(data)

    def digests(self) -> tuple[str, ...]:
        return tuple(digest.hexdigest() for digest in self._hashes or ())


def _emit(sink: Sink | None, meter: _Meter, text: str) -> None:
    if text:
        data = encode(text)
        meter.written(data)
        if sink is not None:
            sink.write(data)


@contextmanager
def _sink(job: Job) -> Iterator[Sink | None]:
    """The job's target."""
    if not isinstance(job.target, str):
        yield job.target
        return
    if job.tree:
        _guard(job)
    with open_target(job.target) as file:
        yield file


def _guard(job: Job) -> None:
    """In a tree nobody checked each target by hand: it must lie inside, and not be the input under another name."""
    assert isinstance(job.target, str)
    folder = os.path.dirname(job.target)
    root = os.path.realpath(job.tree)
    inside = os.path.join(root, "")
    # Checked before and after: making folders through a link would already be a trace outside.
    if os.path.join(os.path.realpath(folder), "").startswith(inside):
        make_folder(folder)
    if os.path.islink(job.target) or not os.path.join(os.path.realpath(folder), "").startswith(inside):
        raise WriteError(f"{job.target}: a symbolic link leads out of {job.tree}", hint="remove the link")
    if isinstance(job.source, str) and os.path.exists(job.target) and os.path.samefile(job.source, job.target):
        raise WriteError(f"{job.target}: is the input itself under another name")


def _open_hint(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "check the path"
    if isinstance(error, PermissionError):
        return "check who may read it: ls -l"
    return ""


def _is_final(error: ZhnormError) -> bool:
    """Whether every further document would fail in the same way."""
    if isinstance(error, AuditError | ReadError):
        return False
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
