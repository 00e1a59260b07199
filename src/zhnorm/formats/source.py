"""Reading bytes: in pieces as they come, or as a file that can be read from any place."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from io import BytesIO
from typing import BinaryIO, Protocol, cast

from zhnorm.errors import ReadError, missing_hint, shortage, system_says
from zhnorm.messages import Message

from .compression import expanded, is_compressed

__all__ = [
    "PIECE_BYTES",
    "Held",
    "OnRead",
    "Stream",
    "file_size",
    "open_document",
    "open_seekable",
    "read_pieces",
    "seekable",
]

PIECE_BYTES = 1 << 20
"""Most bytes taken in one read."""
OnRead = Callable[[int], object]
"""Told how many bytes were read, each time that some were."""

_BULK_BYTES = 1 << 12
_WAIT_SECONDS = 0.5
_PAUSE_SECONDS = 0.005


class Stream(Protocol):
    """What can be read in pieces: an unbuffered file, or the buffer of standard input."""

    def read(self, size: int, /) -> bytes | None: ...

    def fileno(self) -> int: ...


class Held(BytesIO):
    """A file that somebody else has read; it can be read again and again.

    Args:
        path: where it is, for messages, and because names say what is in a file.
        data: all of it, as it is there.
    """

    def __init__(self, path: str, data: bytes) -> None:
        super().__init__(data)
        self.path = path


def read_pieces(stream: Stream, name: str, most: int = PIECE_BYTES) -> Iterator[bytes]:
    """The bytes of `stream` as they come: a piece ends where the input pauses, or at `most` bytes.

    Large pieces are much faster to convert, and a pipe gives small ones: so after a read that looks like bulk data, a
    few milliseconds are given to whoever writes. What a person or a log writes is handed on at once.

    Args:
        stream: open for reading bytes.
        name: for messages.
        most: the largest piece.

    Raises:
        ReadError: the system refuses a read.

    >>> import io
    >>> list(read_pieces(io.BytesIO("甲".encode()), "page.txt"))
    [b'\\xe7\\x94\\xb2']
    """
    read = getattr(stream, "read1", stream.read)
    ended = False
    try:
        while not ended and (piece := read(most)):
            pieces, size = [piece], len(piece)
            while size < most and _has_more(stream, size):
                piece = read(most - size)
                if not piece:
                    # Not read again: at a terminal the end would have to be typed twice.
                    ended = True
                    break
                pieces.append(piece)
                size += len(piece)
            yield b"".join(pieces)
            if not ended and size < PIECE_BYTES:
                _wait(stream)
    except OSError as error:
        raise ReadError(Message("{name}: {strerror}", name=name, strerror=system_says(error))) from error


def _wait(stream: Stream) -> None:
    """Until there is something to read, where that can be asked. A signal that comes just before a read begins does not end
    it, and would be heard only after the next input; so no read begins that has to wait, and signals are heard in between."""
    import select

    with suppress(OSError, ValueError, TypeError):
        while not select.select([stream], [], [], _WAIT_SECONDS)[0]:
            pass


def _has_more(stream: Stream, size: int) -> bool:
    """Whether more input is there, or comes at once. False also where that cannot be asked (streams in memory)."""
    import select

    try:
        return bool(select.select([stream], [], [], _PAUSE_SECONDS if size >= _BULK_BYTES else 0)[0])
    except (OSError, ValueError, TypeError):
        return False


def _heard(pieces: Iterator[bytes], on_read: OnRead | None) -> Iterator[bytes]:
    """The pieces, each of which is told of before it is used."""
    for piece in pieces:
        if on_read is not None:
            on_read(len(piece))
        yield piece


def seekable(file: BinaryIO, name: str) -> BinaryIO:
    """The same file if it can be read from any place; what cannot (a pipe, compressed data), in a temporary file.

    Args:
        file: open for reading bytes; closed if it was copied.
        name: for messages.

    Raises:
        ReadError: it cannot be read or expanded.
    """
    if file.seekable():
        head = file.read(8)
        file.seek(0)
        if not is_compressed(head):
            return file
    import tempfile

    with file:
        # Deleted by the system when it is closed.
        copy = tempfile.TemporaryFile()  # noqa: SIM115
        for piece in expanded(read_pieces(file, name), name):
            copy.write(piece)
    copy.seek(0)
    return copy


@contextmanager
def open_document(
    source: str | Stream, name: str, most: int = PIECE_BYTES, on_read: OnRead | None = None
) -> Iterator[Iterator[bytes]]:
    """The bytes of a path or of an open stream, piece by piece, expanded if they are compressed.

    Args:
        source: a path, or a stream, which stays open.
        name: for messages.
        most: bytes that are read at a time.
        on_read: told about each piece.

    Raises:
        ReadError: it cannot be opened; while iterating, that it cannot be read or expanded.
    """
    if isinstance(source, Held):
        source.seek(0)
    if not isinstance(source, str):
        yield expanded(_heard(read_pieces(source, name, most), on_read), name)
        return
    try:
        file = open(source, "rb", buffering=0)  # noqa: SIM115
    except OSError as error:
        raise _cannot_open(source, error) from error
    with file:
        yield expanded(_heard(read_pieces(file, source, most), on_read), source)


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
        raise _cannot_open(source, error) from error
    with closing(seekable(opened, name)) as file:
        yield file


def file_size(source: object) -> int | None:
    """Bytes of a regular file; None for everything else.

    Args:
        source: a path, the number of an open file, or something else.
    """
    if not isinstance(source, str | int):
        return None
    try:
        there = os.stat(source)
    except OSError:
        return None
    return there.st_size if stat.S_ISREG(there.st_mode) else None


def _cannot_open(path: str, error: OSError) -> ReadError:
    if (lack := shortage(error, path)) is not None:
        return lack
    hint = ""
    if isinstance(error, FileNotFoundError):
        hint = missing_hint(path)
    elif isinstance(error, IsADirectoryError):
        hint = Message("give its files: {folder}/*", folder=path.rstrip("/"))
    elif isinstance(error, PermissionError):
        hint = "check who may read it: ls -l"
    return ReadError(Message("{path}: {strerror}", path=path, strerror=system_says(error)), hint=hint)
