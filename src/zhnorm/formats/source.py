"""Reading bytes: in pieces as they come, or as a file that can be read from any place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, Protocol

from zhnorm.errors import ReadError, system_says
from zhnorm.messages import Message

from .compression import expanded, is_compressed

__all__ = ["PIECE_BYTES", "Stream", "read_pieces", "seekable"]

PIECE_BYTES = 1 << 22
"""Most bytes taken in one read."""

_BULK_BYTES = 1 << 12
_WAIT_SECONDS = 0.5
_PAUSE_SECONDS = 0.005


class Stream(Protocol):
    """What can be read in pieces: an unbuffered file, or the buffer of standard input."""

    def read(self, size: int, /) -> bytes | None: ...

    def fileno(self) -> int: ...


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
