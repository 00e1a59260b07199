"""Plain text: bytes to characters and back, in pieces, without losing one.

Bytes become characters in `formats.decode`. Those that are none of the encoding's become lone surrogates (Python's
`surrogateescape`) and come out again as the same bytes.

What is not text at all is refused before any of it is cleaned, by its first bytes: the signatures of images, archives and
PDF. NUL is the sign of binary data (or of UTF-16), but scrapers also leave single ones in good pages: many of them
in the first 64 KiB refuse the file, a few pass and are tidied away like any control character.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from zhnorm.errors import ReadError

from .encoding import detect_encoding

__all__ = ["PIECE_BYTES", "encode", "is_decodable", "read_pieces", "refuse_binary", "whole_lines"]

PIECE_BYTES = 1 << 22
"""Most bytes taken in one read."""

_BULK_BYTES = 1 << 12
_PAUSE_SECONDS = 0.005
_SNIFF_BYTES = 1 << 16
_STRAY_NULS = 3
_LONGEST_LINE = 1 << 22
_ESCAPED = re.compile("[\udc80-\udcff]")
_SIGNATURES = (
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\0", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstd data"),
    (b"PK\x03\x04", "a zip archive or office document"),
    (b"%PDF-", "a PDF"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x7fELF", "a program"),
)


class Stream(Protocol):
    """What can be read in pieces: an unbuffered file, or the buffer of standard input."""

    def read(self, size: int, /) -> bytes | None: ...

    def fileno(self) -> int: ...


def read_pieces(stream: Stream, name: str) -> Iterator[bytes]:
    """The bytes of `stream` as they come: a piece ends where the input pauses, or at `PIECE_BYTES`.

    Large pieces are much faster to convert, and a pipe gives small ones: so after a read that looks like bulk data, a
    few milliseconds are given to whoever writes. What a person or a log writes is handed on at once.

    Args:
        stream: open for reading bytes.
        name: for messages.

    Raises:
        ReadError: the system refuses a read.

    >>> import io
    >>> list(read_pieces(io.BytesIO("甲".encode()), "page.txt"))
    [b'\\xe7\\x94\\xb2']
    """
    read = getattr(stream, "read1", stream.read)
    ended = False
    try:
        while not ended and (piece := read(PIECE_BYTES)):
            pieces, size = [piece], len(piece)
            while size < PIECE_BYTES and _has_more(stream, size):
                piece = read(PIECE_BYTES - size)
                if not piece:
                    # Not read again: at a terminal the end would have to be typed twice.
                    ended = True
                    break
                pieces.append(piece)
                size += len(piece)
            yield b"".join(pieces)
    except OSError as error:
        raise ReadError(f"{name}: {error.strerror or error}") from error


def _has_more(stream: Stream, size: int) -> bool:
    """Whether more input is there, or comes at once. False also where that cannot be asked (streams in memory)."""
    import select

    try:
        return bool(select.select([stream], [], [], _PAUSE_SECONDS if size >= _BULK_BYTES else 0)[0])
    except (OSError, ValueError, TypeError):
        return False


def refuse_binary(head: bytes, name: str) -> None:
    """Look at the first bytes of a document and refuse what is not text.

    Args:
        head: the first piece of the document.
        name: for messages.

    Raises:
        ReadError: the document is not text.

    >>> refuse_binary("甲\\0乙".encode(), "page.txt")
    >>> refuse_binary(b"\\x89PNG\\r\\n\\x1a\\n", "page.txt")
    Traceback (most recent call last):
    zhnorm.errors.ReadError: page.txt: looks like a PNG image, not text
    """
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise ReadError(f"{name}: looks like {kind}, not text", hint="give zhnorm the text inside it")
    nuls = head.count(0, 0, _SNIFF_BYTES)
    size = min(len(head), _SNIFF_BYTES)
    if nuls > _STRAY_NULS and nuls * 200 >= size and detect_encoding(head, complete=False) is None:
        raise ReadError(
            f"{name}: looks like binary data ({nuls} NUL bytes in the first {size})",
            hint="if it is text, say in which encoding: --encoding utf-16",
        )


def encode(text: str) -> bytes:
    """Text to the bytes it came from: UTF-8, and undecodable bytes as they were.

    >>> encode("甲\\udcff")
    b'\\xe7\\x94\\xb2\\xff'
    """
    return text.encode("utf-8", "surrogateescape")


def is_decodable(text: str) -> bool:
    """Whether `text` came from nothing but valid UTF-8.

    >>> is_decodable("甲"), is_decodable(b"\\xff".decode("utf-8", "surrogateescape"))
    (True, False)
    """
    return text.isascii() or _ESCAPED.search(text) is None


def whole_lines(pieces: Iterable[str], longest: int = _LONGEST_LINE) -> Iterator[str]:
    """The same text, cut only after line ends, and handed on as soon as a line is complete.

    A line of more than `longest` characters is cut after a sentence or a space, or else anywhere: memory stays bounded.

    >>> list(whole_lines(["甲\\n乙", "丙\\n", "丁"]))
    ['甲\\n', '乙丙\\n', '丁']
    """
    held: list[str] = []
    held_chars = 0
    for piece in pieces:
        cut = piece.rfind("\n") + 1
        if cut:
            yield "".join(held) + piece[:cut]
            held, held_chars = [], 0
        if cut < len(piece):
            held.append(piece[cut:])
            held_chars += len(piece) - cut
        if held_chars > longest:
            text = "".join(held)
            cut = max(text.rfind(mark) for mark in "。！？ ") + 1 or len(text)
            yield text[:cut]
            held, held_chars = [text[cut:]], len(text) - cut
    if any(held):
        yield "".join(held)
