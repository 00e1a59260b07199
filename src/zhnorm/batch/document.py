"""Cleaning one document: read, clean, put in place."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from zhnorm.errors import ReadError, WriteError
from zhnorm.formats.binary import refuse_binary
from zhnorm.formats.compression import Sink, expanded
from zhnorm.formats.decode import Decoder
from zhnorm.formats.source import PIECE_BYTES, read_pieces, seekable
from zhnorm.formats.text import encode
from zhnorm.limits import HeavyLoss, Limits

from .count import Counts
from .job import Job, Outcome
from .write import make_folder, open_target

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner
    from zhnorm.formats.source import Stream
    from zhnorm.line import Block

__all__ = [
    "Meter",
    "Reading",
    "clean_document",
    "open_document",
    "open_seekable",
    "open_sink",
    "read_document",
    "write_document",
]

_NO_LIMITS = Limits()


def clean_document(
    cleaner: Cleaner,
    job: Job,
    observers: Sequence[Callable[[Block], None]] = (),
    *,
    digests: bool = False,
    encoding: str | None = None,
    limits: Limits = _NO_LIMITS,
) -> Outcome:
    """Clean one document in pieces: output is written as soon as it is certain, files appear whole or not at all.

    Args:
        cleaner: the cleaner.
        job: what to read, and where to write.
        observers: called with every finished block of lines, in order.
        digests: work out the SHA-256 of input and output.
        encoding: what the document is in; None finds it out.
        limits: what it may cost.

    Raises:
        ReadError: the input cannot be read, or is not text, or is too large.
        QuarantineError: more of it would go than may.
        WriteError: the output cannot be written.
        AuditError: the engine broke one of its own laws.
    """
    meter = Meter(digests, limits, job.title)
    decoder = Decoder(encoding, job.title)
    counts = Counts()
    incremental = cleaner.incremental(_observer(counts, observers))
    with open_document(job.source, job.title) as pieces:
        # The first piece is read before the target is opened: what cannot be read leaves no empty folder behind.
        head = next(pieces, b"")
        refuse_binary(head, job.title)
        with open_sink(job) as sink:
            _emit(sink, meter, incremental.feed(decoder.feed(meter.read(head))))
            for piece in pieces:
                _emit(sink, meter, incremental.feed(decoder.feed(meter.read(piece))))
            _emit(sink, meter, incremental.feed(decoder.finish()) + incremental.finish())
            # Inside, so that nothing appears under the target's name.
            heavy = limits.check_loss(counts.loss, job.name, job.title)
    return _outcome(job, counts, meter, decoder, heavy)


class Reading(NamedTuple):
    """A small document that was read whole."""

    text: str
    meter: Meter
    decoder: Decoder


def read_document(
    job: Job, most: int, *, digests: bool = False, encoding: str | None = None, limits: Limits = _NO_LIMITS
) -> Reading | None:
    """Read a document of no more than `most` bytes, if it is that small; the other arguments are those of `clean_document`.

    Raises:
        ReadError: as there.
    """
    meter = Meter(digests, limits, job.title)
    decoder = Decoder(encoding, job.title)
    text = []
    with open_document(job.source, job.title) as pieces:
        head = next(pieces, b"")
        refuse_binary(head, job.title)
        for piece in chain((head,), pieces):
            text.append(decoder.feed(meter.read(piece)))
            if meter.bytes_in > most:
                return None
    text.append(decoder.finish())
    return Reading("".join(text), meter, decoder)


def write_document(
    job: Job,
    reading: Reading,
    text: str,
    blocks: Sequence[Block],
    observers: Sequence[Callable[[Block], None]] = (),
    *,
    limits: Limits = _NO_LIMITS,
) -> Outcome:
    """Put a document in place that was read and cleaned already.

    Args:
        job: where to write it.
        reading: what was read.
        text: it, clean.
        blocks: its lines.
        observers: see `clean_document`.
        limits: what it may cost.

    Raises:
        QuarantineError: more of it would go than may.
        WriteError: the output cannot be written.
    """
    counts = Counts()
    observe = _observer(counts, observers)
    with open_sink(job) as sink:
        for block in blocks:
            observe(block)
        _emit(sink, reading.meter, text)
        heavy = limits.check_loss(counts.loss, job.name, job.title)
    return _outcome(job, counts, reading.meter, reading.decoder, heavy)


def _observer(counts: Counts, observers: Sequence[Callable[[Block], None]]) -> Callable[[Block], None]:
    def observe(block: Block) -> None:
        counts.add(block)
        for observer in observers:
            observer(block)

    return observe


def _outcome(job: Job, counts: Counts, meter: Meter, decoder: Decoder, heavy: HeavyLoss | None) -> Outcome:
    return Outcome(
        job.name,
        counts,
        meter.bytes_in,
        meter.bytes_out,
        decoder.undecodable,
        decoder.first,
        decoder.encoding,
        *meter.digests(),
        lost=decoder.lost,
        heavy=(heavy,) if heavy else (),
    )


@contextmanager
def open_document(source: str | Stream, name: str, most: int = PIECE_BYTES) -> Iterator[Iterator[bytes]]:
    """The bytes of a path or of an open stream, piece by piece, expanded if they are compressed.

    Args:
        source: a path, or a stream, which stays open.
        name: for messages.
        most: bytes that are read at a time.

    Raises:
        ReadError: it cannot be opened; while iterating, that it cannot be read or expanded.
    """
    if not isinstance(source, str):
        yield expanded(read_pieces(source, name, most), name)
        return
    try:
        file = open(source, "rb", buffering=0)  # noqa: SIM115
    except OSError as error:
        raise ReadError(f"{source}: {error.strerror or error}", hint=_open_hint(error)) from error
    with file:
        yield expanded(read_pieces(file, source, most), source)


@contextmanager
def open_seekable(source: str | Stream, name: str) -> Iterator[BinaryIO]:
    """The bytes of a path or of an open stream, expanded, as a file that can be read from any place.

    Args:
        source: a path, or a stream.
        name: for messages.

    Raises:
        ReadError: it cannot be opened, read or expanded.
    """
    if not isinstance(source, str):
        with closing(seekable(cast("BinaryIO", source), name)) as file:
            yield file
        return
    try:
        opened = open(source, "rb")  # noqa: SIM115
    except OSError as error:
        raise ReadError(f"{source}: {error.strerror or error}", hint=_open_hint(error)) from error
    with closing(seekable(opened, name)) as file:
        yield file


class Meter:
    """Counts and digests what goes in and out, and sees that it is not too much."""

    def __init__(self, digests: bool, limits: Limits, title: str) -> None:
        self.bytes_in = self.bytes_out = 0
        self._limits = limits
        self._title = title
        self._hashes = None
        if digests:
            import hashlib

            self._hashes = hashlib.sha256(), hashlib.sha256()

    def read(self, data: bytes) -> bytes:
        self.bytes_in += len(data)
        self._limits.check_bytes(self.bytes_in, self._title)
        if self._hashes:
            self._hashes[0].update(data)
        return data

    def written(self, data: bytes) -> None:
        self.bytes_out += len(data)
        if self._hashes:
            self._hashes[1].update(data)

    def digests(self) -> tuple[str, str]:
        """Of what was read, and of what was written; empty if nobody asked for them."""
        return (self._hashes[0].hexdigest(), self._hashes[1].hexdigest()) if self._hashes else ("", "")


def _emit(sink: Sink | None, meter: Meter, text: str) -> None:
    if text:
        data = encode(text)
        meter.written(data)
        if sink is not None:
            sink.write(data)


@contextmanager
def open_sink(job: Job) -> Iterator[Sink | None]:
    """The job's target; in a tree the folders to it are made.

    Raises:
        WriteError: it cannot be written, or lies outside of its tree.
    """
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
