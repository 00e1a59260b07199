"""gzip, bzip2, xz and zstd: bytes expanded as they come, and compressed again under a name that asks for it.

What is read is recognised by its first bytes, whatever its name; what is written follows the name of the output.
A stream that ends too early is an error, and so is one that expands without end: a few kilobytes can hold terabytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, Protocol

from zhnorm.errors import ReadError
from zhnorm.messages import Message

__all__ = ["CompressedFile", "Sink", "compression_of", "expanded", "is_compressed", "without_compression"]

MOST_TIMES = 250
"""A document may expand to so many times its size; text seldom reaches a tenth of that."""
FREE_BYTES = 64 << 20
"""To so much it may expand in any case."""
_STEP_BYTES = 1 << 20
_MEMORY_BYTES = 256 << 20
_WINDOW_LOG = 27
"""A zstd window of 128 MiB, which `zstd --long` makes; larger ones are refused."""


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> object: ...


class _Expander(Protocol):
    """One compressed stream on its way back, as the standard library's decompressors do it."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Kind(NamedTuple):
    name: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]


_KINDS = (
    _Kind("gzip", (".gz", ".gzip"), (b"\x1f\x8b\x08",)),
    _Kind("bzip2", (".bz2",), (b"BZh",)),
    _Kind("xz", (".xz",), (b"\xfd7zXZ\0",)),
    # pzstd begins with a frame to be skipped, of which the lowest four bits of the first byte are anything.
    _Kind(
        "zstd",
        (".zst", ".zstd"),
        (b"\x28\xb5\x2f\xfd", *(bytes([first]) + b"\x2a\x4d\x18" for first in range(0x50, 0x60))),
    ),
)
_LONGEST_MAGIC = max(len(magic) for kind in _KINDS for magic in kind.magic)


def compression_of(path: str) -> str:
    """The compression that a file's name asks for; empty if none.

    >>> compression_of("pages.jsonl.gz"), compression_of("pages.jsonl")
    ('gzip', '')
    """
    return next((kind.name for kind in _KINDS if path.lower().endswith(kind.suffixes)), "")


def without_compression(path: str) -> str:
    """The name without what it says of compression.

    >>> without_compression("pages.jsonl.gz")
    'pages.jsonl'
    """
    found = next((suffix for kind in _KINDS for suffix in kind.suffixes if path.lower().endswith(suffix)), "")
    return path[: len(path) - len(found)]


def is_compressed(head: bytes) -> bool:
    """Whether the first bytes of a file are those of compressed data."""
    return bool(_kind(head))


def _kind(head: bytes) -> str:
    return next((kind.name for kind in _KINDS if head.startswith(kind.magic)), "")


def expanded(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    """The bytes of a document, expanded if they are compressed.

    Args:
        pieces: as they were read.
        name: for messages.

    Raises:
        ReadError: the compressed data is damaged, ends too early, or expands to more than 64 MiB and 250 times its size.

    >>> import zlib
    >>> b"".join(expanded([zlib.compress("甲".encode(), wbits=31)], "page.txt")).decode()
    '甲'
    """
    source = iter(pieces)
    head = next(source, b"")
    while 0 < len(head) < _LONGEST_MAGIC and any(magic.startswith(head) for kind in _KINDS for magic in kind.magic):
        more = next(source, b"")
        if not more:
            break
        head += more
    rest = chain([head], source)
    kind = _kind(head)
    return _expand(rest, kind, name) if kind else rest


def _expand(pieces: Iterator[bytes], kind: str, name: str) -> Iterator[bytes]:
    # zlib.error is an Exception and nothing else, and so are those of the others: there is no common class but that.
    begin, errors = _opener(kind)
    expander = begin()
    taken = given = 0
    for piece in pieces:
        taken += len(piece)
        left = piece
        while left or not expander.needs_input:
            if expander.eof:
                # Compressed files put behind each other are one file; zeros behind the last one only fill a block.
                left = left.lstrip(b"\0")
                if not left:
                    break
                expander = begin()
            try:
                data = expander.decompress(left, _STEP_BYTES)
            except errors as error:
                raise ReadError(
                    Message("{name}: damaged {kind} data: {error}", name=name, kind=kind, error=error),
                    hint="fetch or copy the file again",
                ) from error
            given += len(data)
            if given > max(FREE_BYTES, MOST_TIMES * taken):
                message = Message(
                    "{name}: {kind} data that expands to more than {most} times its size",
                    name=name,
                    kind=kind,
                    most=MOST_TIMES,
                )
                raise ReadError(message, hint="if it is no bomb, expand it first")
            if data:
                yield data
            left = expander.unused_data if expander.eof else b""
    if not expander.eof:
        raise ReadError(
            Message("{name}: {kind} data that ends too early", name=name, kind=kind),
            hint="the file is torn: fetch or copy it again",
        )


class _Gunzip:
    """zlib's decompressor, with the manners of the others."""

    def __init__(self) -> None:
        import zlib

        self._inflate = zlib.decompressobj(wbits=31)
        self._full = False

    @property
    def eof(self) -> bool:
        return self._inflate.eof

    @property
    def unused_data(self) -> bytes:
        return self._inflate.unused_data

    @property
    def needs_input(self) -> bool:
        return not self._inflate.eof and not self._inflate.unconsumed_tail and not self._full

    def decompress(self, data: bytes, max_length: int) -> bytes:
        result = self._inflate.decompress(self._inflate.unconsumed_tail + data, max_length)
        self._full = len(result) == max_length
        return result


def _opener(kind: str) -> tuple[partial[Any], tuple[type[Exception], ...]]:
    """What begins a stream of this kind, and the errors that it raises."""
    if kind == "gzip":
        import zlib

        return partial(_Gunzip), (zlib.error,)
    if kind == "bzip2":
        import bz2

        return partial(bz2.BZ2Decompressor), (OSError, ValueError)
    if kind == "xz":
        import lzma

        return partial(lzma.LZMADecompressor, memlimit=_MEMORY_BYTES), (lzma.LZMAError,)
    zstd = _zstd()
    options = {zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}
    return partial(zstd.ZstdDecompressor, options=options), (zstd.ZstdError,)


def _zstd() -> Any:
    """The standard library's module, or before Python 3.14 its backport."""
    from importlib import import_module

    try:
        return import_module("compression.zstd")
    except ImportError:
        return import_module("backports.zstd")


class CompressedFile:
    """Compresses what is written to it. The same bytes give the same file: no time and no name is kept in it.

    Args:
        sink: where the compressed bytes go.
        kind: gzip, bzip2, xz or zstd.

    >>> import io
    >>> out = io.BytesIO()
    >>> file = CompressedFile(out, "gzip")
    >>> file.write("甲".encode()); file.end()
    >>> b"".join(expanded([out.getvalue()], "page.txt")).decode()
    '甲'
    """

    def __init__(self, sink: Sink, kind: str) -> None:
        self._sink = sink
        self._begin = _compressor(kind)
        self._stream = self._begin()
        self._open = True

    def write(self, data: bytes) -> None:
        """Add `data` at the end."""
        if not self._open:
            self._stream, self._open = self._begin(), True
        if ready := self._stream.compress(data):
            self._sink.write(ready)

    def cut(self) -> None:
        """End one compressed stream, so that what follows can be read alone."""
        if self._open:
            self._sink.write(self._stream.flush())
            self._open = False

    def end(self) -> None:
        """Write what is still held back. Without it the file is torn."""
        self.cut()


def _compressor(kind: str) -> partial[Any]:
    if kind == "gzip":
        import zlib

        return partial(zlib.compressobj, 6, zlib.DEFLATED, 31)
    if kind == "bzip2":
        import bz2

        return partial(bz2.BZ2Compressor)
    if kind == "xz":
        import lzma

        return partial(lzma.LZMACompressor)
    zstd = _zstd()
    # As the zstd command does it; without a checksum a flipped bit would go unnoticed.
    return partial(zstd.ZstdCompressor, options={zstd.CompressionParameter.checksum_flag: 1})
