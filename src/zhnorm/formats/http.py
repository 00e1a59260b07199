"""The page in an answer of a web server, as crawlers keep it: headers, and a body that may be in pieces and compressed."""

from __future__ import annotations

import re
import zlib

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError
from zhnorm.messages import Message

from .binary import kind_of
from .decode import Decoder
from .encoding import canonical

__all__ = ["page_in"]

_BEGIN = expression(rb"HTTP/[0-9.]+ 2[0-9]{2}\b[^\n]*\n")
_HEADERS_END = expression(rb"\r?\n\r?\n")
_HEADER = expression(rb"^([A-Za-z-]+):[ \t]*([^\r\n]*)", re.MULTILINE)
_HTML = expression(rb"\s*(?:text/html|application/xhtml\+xml)\b", re.IGNORECASE)
_CHARSET = expression(rb"charset\s*=\s*[\"']?([a-z0-9_.:-]+)", re.IGNORECASE)
_CHUNK = expression(rb"([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n")
_MOST_BYTES = 1 << 26
"""No page is larger; what expands to more is none."""
_COMPRESSED = {b"gzip": 31, b"x-gzip": 31, b"deflate": 15}
"""What zlib has to know of them."""


def page_in(answer: bytes) -> str | None:
    """The HTML in an answer; None if it holds none, or is no good answer (moved, not found).

    Args:
        answer: status, headers and body.

    Raises:
        ReadError: its body is compressed in a way that is not known, or damaged, or its encoding cannot be told.

    >>> page_in("HTTP/1.1 200 OK\\r\\nContent-Type: text/html; charset=utf-8\\r\\n\\r\\n<p>雨停了。</p>".encode())
    '<p>雨停了。</p>'
    >>> page_in(b"HTTP/1.1 404 Not Found\\r\\nContent-Type: text/html\\r\\n\\r\\n<p>?</p>")
    """
    begin = _BEGIN.match(answer)
    end = _HEADERS_END.search(answer, begin.end() - 2) if begin else None
    if begin is None or end is None:
        return None
    headers = {name.lower(): value.strip() for name, value in _HEADER.findall(answer[begin.end() : end.start()])}
    kind = headers.get(b"content-type", b"")
    body = answer[end.end() :]
    if not _HTML.match(kind) or not body.strip():
        return None
    if b"chunked" in headers.get(b"transfer-encoding", b"").lower():
        body = _joined(body)
    body = _expanded(body, headers.get(b"content-encoding", b"").lower())
    return None if kind_of(body) else _decoded(body, _CHARSET.search(kind))


def _joined(body: bytes) -> bytes:
    """A body that was sent in pieces; what was joined already by the crawler stays as it is."""
    pieces: list[bytes] = []
    at = 0
    while found := _CHUNK.match(body, at):
        size = int(found[1], 16)
        if not size:
            return b"".join(pieces)
        pieces.append(body[found.end() : found.end() + size])
        at = found.end() + size
        at += 2 if body.startswith(b"\r\n", at) else 1
    return body if not pieces else b"".join(pieces)


def _expanded(body: bytes, how: bytes) -> bytes:
    """A body without its compression; what was expanded already by the crawler stays as it is."""
    if how in (b"", b"identity") or body.lstrip()[:1] == b"<":
        return body
    if how not in _COMPRESSED:
        raise ReadError(Message("a page compressed as {how}, which is not known", how=how.decode("latin-1")[:20]))
    try:
        expander = zlib.decompressobj(_COMPRESSED[how])
        page = expander.decompress(body, _MOST_BYTES)
    except zlib.error:
        try:
            expander = zlib.decompressobj(-15)  # what many servers call deflate
            page = expander.decompress(body, _MOST_BYTES)
        except zlib.error as error:
            raise ReadError("a page whose compressed data is damaged") from error
    if expander.unconsumed_tail:
        raise ReadError(Message("a page of more than {most_bytes:,} bytes", most_bytes=_MOST_BYTES))
    return page


def _decoded(body: bytes, charset: re.Match[bytes] | None) -> str:
    """A body as text: by its characters, by what the page says, or by what the server says."""
    try:
        decoder = Decoder(name="the page")
        return decoder.feed(body) + decoder.finish()
    except ReadError:
        name = canonical(charset[1].decode("ascii")) if charset else None
        if name is None:
            raise
        return body.decode(name, "replace")
