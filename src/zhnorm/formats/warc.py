"""WARC and WET: the text of conversion records is a document each, and so is the page in a response; everything else is copied.

WARC counts in bytes and holds pages in any encoding, so the whole file is read as Latin-1, where a character is a byte.
Of a record that changed the length and the digests are worked out anew; its other headers are not touched. A file
that was compressed record by record is written so again, as those who index it expect. What is taken out of a response
becomes a conversion record, as WET files have it. A response holds the page as crawlers keep it: the headers of a web server, and a body that may
be in pieces and compressed (`page_in`).
"""

from __future__ import annotations

import base64
import hashlib
import re
import uuid
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError
from zhnorm.messages import Message

from .decode import Decoder
from .encoding import canonical
from .looks import kind_of
from .records import BATCH_CHARS, LONGEST_CHARS, Batch, Counts, Layout, Place, Record, Texts

__all__ = ["Warc", "header_of", "open_warc", "page_in"]

_BEGIN = "WARC/"
# No header looks like the beginning of a record: so nothing is looked at twice for a record that has no end.
_HEAD = expression(r"(?:\r?\n){0,4}+WARC/[0-9.]+\r?\n(?:(?!WARC/[0-9.]+\r?\n)[^\r\n]++\r?\n)*+\r?\n")
_LENGTH = expression(r"^(Content-Length:[ \t]*)([0-9]+)", re.IGNORECASE | re.MULTILINE)
_DIGEST = expression(
    r"^(WARC-(?:Block|Payload)-Digest:[ \t]*)([A-Za-z0-9-]+):([A-Za-z0-9=+/]+)", re.IGNORECASE | re.MULTILINE
)
_KIND = expression(r"^WARC-Type:[ \t]*(conversion|resource)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_RESPONSE = expression(r"^WARC-Type:[ \t]*response[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_ANSWER = expression(r"^Content-Type:[ \t]*application/http\b", re.IGNORECASE | re.MULTILINE)
_ADDRESS = expression(r"^WARC-Target-URI:[ \t]*<?([^>\r\n]+)", re.IGNORECASE | re.MULTILINE)
_ID = expression(r"^(WARC-Record-ID:[ \t]*)<?([^>\r\n]+)>?", re.IGNORECASE | re.MULTILINE)
_OF_ANSWER = expression(
    r"^(?:WARC-Payload-Digest|WARC-Identified-Payload-Type|WARC-Truncated|WARC-IP-Address|WARC-Concurrent-To):[^\n]*\n",
    re.IGNORECASE | re.MULTILINE,
)
"""Headers that say something of an answer, and nothing of a text."""
_KINDS = expression(r"^(WARC-Type|Content-Type):[^\r\n]*", re.IGNORECASE | re.MULTILINE)
_TEXT = expression(r"^Content-Type:[ \t]*text/plain\b", re.IGNORECASE | re.MULTILINE)
_NEXT = expression(r"^WARC/[0-9.]+\r?$", re.MULTILINE)
_END = expression(r"(?:\r?\n){0,2}")
_LONGEST_HEAD = 1 << 16
"""Bytes of headers; those of real records have hundreds. At every line that looks like a beginning so much is looked at, and no more."""
_LARGE_CHARS = 1 << 24
_MOST_DIGITS = 16
_ALGORITHMS = frozenset({"md5", "sha1", "sha224", "sha256", "sha384", "sha512"})


@dataclass(frozen=True, slots=True)
class Warc:
    """WARC records with plain text in those that hold the text of a page.

    >>> record = "WARC/1.0\\r\\nWARC-Type: conversion\\r\\nContent-Type: text/plain\\r\\nContent-Length: 6\\r\\n\\r\\n"
    >>> (found,) = Warc().read(Batch(1, record + "網絡".encode().decode("latin-1") + "\\r\\n\\r\\n"))
    >>> found.text, Warc().put(found, ["网"])[-28:]
    ('網絡', 'Content-Length: 3\\r\\n\\r\\nç½\\x91\\r\\n\\r\\n')
    """

    fields: tuple[str, ...] = ()
    counts: bool = False
    name: str = "warc"
    codec: str = "latin-1"
    cut: bool = True

    def read(self, batch: Batch) -> Iterator[Record]:
        """The records of a batch, numbered from 1 through the file."""
        if not batch.line:
            yield Record(0, batch.text, filler=True)
            return
        for number, (raw, head) in enumerate(_split(batch.text, ended=True), batch.line):
            record = Record(number, raw, filler=True)
            if not head:
                record.problem = _why_none(raw)
            elif _is_text(raw[:head]):
                record.filler = False
                record.problem = _unknown_digest(raw[:head])
            if not (record.filler or record.problem):
                stop = head + _length(raw[:head])
                text = raw[head:stop].encode("latin-1").decode("utf-8", "surrogateescape")
                record.places = (Place(text, head, stop),)
            if head and _is_answer(raw[:head]):
                _open_answer(record, head)
            yield record

    def danger(self, place: Place, text: str) -> str:
        """Nothing: nobody runs what stands there."""
        return ""

    def put(self, record: Record, texts: Texts, counts: Counts | None = None) -> str:
        """The record with another text, of which length and digests are right."""
        if not texts or (text := texts[0]) is None or (text == record.text and not record.places[0].as_html):
            return record.raw
        (place,) = record.places
        block = text.encode("utf-8", "surrogateescape")

        def digest(found: re.Match[str]) -> str:
            return f"{found[1]}{found[2]}:{_digest(block, found[2], found[3])}"

        head = record.raw[: place.start]
        if place.as_html:
            head = _head_of_text(head, block)
        head = _LENGTH.sub(lambda found: f"{found[1]}{len(block)}", head, count=1)
        return _DIGEST.sub(digest, head) + block.decode("latin-1") + record.raw[place.stop :]

    def take(self, record: Record, texts: Texts) -> str:
        """The record as it was before `put`."""
        return self.put(record, texts)


def header_of(raw: str, name: str) -> str:
    """A header of a record; empty if it has none of that name.

    Args:
        raw: the record.
        name: of the header, in any case.

    >>> header_of("WARC/1.0\\r\\nWARC-Target-URI: <http://example.com/>\\r\\nContent-Length: 0\\r\\n\\r\\n", "warc-target-uri")
    'http://example.com/'
    """
    head = _head(raw, 0)
    found = (
        re.search(rf"^{re.escape(name)}:[ \t]*<?([^>\r\n]+)", head[0], re.IGNORECASE | re.MULTILINE) if head else None
    )
    return found[1].strip() if found else ""


def open_warc(pieces: Iterable[str], layout: Layout, name: str) -> tuple[Warc, Iterator[Batch]]:
    """See `opening.open_records`."""
    if layout.counts:
        raise ReadError(Message("{name}: counts cannot be added to WARC records", name=name), hint="leave --counts out")
    return Warc(), _batches(pieces, name)


def _batches(pieces: Iterable[str], name: str) -> Iterator[Batch]:
    number = 1
    held = ""
    wanted = 1  # before so much is there it is of no use to look
    passing = 0  # so much belongs to a large record that is only copied
    for piece in pieces:
        held += piece
        if number == 1 and len(held) >= len(_BEGIN) and not held.startswith(_BEGIN):
            said = Message("{name}: does not begin with {begin}", name=name, begin=_BEGIN)
            raise ReadError(said, hint="is it a WARC file?")
        if passing:
            yield Batch(0, held[:passing])
            held, passing = held[passing:], max(0, passing - len(held))
        if passing or len(held) < wanted:
            continue
        taken = 0
        for text, count in _gathered(_split(held, ended=False)):
            yield Batch(number, text)
            number += count
            taken += len(text)
        held = held[taken:]
        head = _head(held, 0)
        if head:
            wanted = head.end() + _length(head[0]) + len("\r\n\r\n")
        else:
            # What is no record is looked through again when there is twice as much of it: so it is read in linear time.
            wanted = 2 * len(held) if len(held) > _LONGEST_HEAD else len(held) + 1
        if wanted > _LARGE_CHARS and head and not _is_text(head[0]):
            passing = head.end() + _length(head[0]) - len(held)
            yield Batch(0, held)
            held, wanted, number = "", 1, number + 1
        elif wanted > LONGEST_CHARS:
            template = "{name}: record {number} is larger than {most:,} bytes"
            raise ReadError(Message(template, name=name, number=number, most=LONGEST_CHARS))
    for text, count in _gathered(_split(held, ended=True)):
        yield Batch(number, text)
        number += count


def _gathered(records: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Records put together, and how many they are."""
    gathered: list[str] = []
    size = 0
    for raw, _ in records:
        gathered.append(raw)
        size += len(raw)
        if size >= BATCH_CHARS:
            yield "".join(gathered), len(gathered)
            gathered, size = [], 0
    if gathered:
        yield "".join(gathered), len(gathered)


def _split(text: str, *, ended: bool) -> Iterator[tuple[str, int]]:
    """Records, and how long the headers of each are: 0 for what is no record. Without `ended` the last one may be missing."""
    at = 0
    while at < len(text):
        head = _head(text, at)
        length = _length(head[0]) if head else -1
        if head and length >= 0:
            stop = head.end() + length
            found = _END.match(text, stop)
            # Half a line end may be all that is there of the next one.
            if found is None or stop > len(text) or (not ended and text[found.end() :] in ("", "\r")):
                if ended:
                    yield text[at:], 0
                return
            stop = found.end()
            yield text[at:stop], head.end() - at
        else:
            if not ended and len(text) - at < _LONGEST_HEAD:
                return
            following = _NEXT.search(text, at + 1)
            if following is None and not ended:
                return
            stop = following.start() if following else len(text)
            yield text[at:stop], 0
        at = stop


def _head(text: str, at: int) -> re.Match[str] | None:
    """The headers of the record that begins at a place; None if there are none, or too many, or they are not all there."""
    return _HEAD.match(text, at, at + _LONGEST_HEAD)


def _why_none(raw: str) -> str:
    """Why something between records is none."""
    if len(raw) > _LONGEST_HEAD and raw.lstrip("\r\n").startswith(_BEGIN) and _HEAD.match(raw):
        return Message("headers of more than {most:,} bytes", most=_LONGEST_HEAD)
    return Message("no WARC record, or one that ends too early")


def _length(head: str) -> int:
    found = _LENGTH.search(head)
    return int(found[2]) if found and len(found[2]) < _MOST_DIGITS else -1


def _is_text(head: str) -> bool:
    return bool(_KIND.search(head) and _TEXT.search(head))


def _is_answer(head: str) -> bool:
    return bool(_RESPONSE.search(head) and _ANSWER.search(head))


def _open_answer(record: Record, head: int) -> None:
    """Find the page in a response, if there is one."""
    stop = head + _length(record.raw[:head])
    try:
        page = page_in(record.raw[head:stop].encode("latin-1"))
    except ReadError as error:
        record.places, record.filler = (Place(None, head, stop, error.message, error.hint),), False
        return
    if page is not None:
        address = _ADDRESS.search(record.raw[:head])
        url = address[1].strip() if address else ""
        record.places, record.filler = (Place(page, head, stop, as_html=True, url=url),), False
        record.problem = _unknown_digest(record.raw[:head])


def _head_of_text(head: str, block: bytes) -> str:
    """The headers of a response as those of the text that was taken out of it: another record, which refers to the first."""
    kinds = {"warc-type": "conversion", "content-type": "text/plain"}
    head = _KINDS.sub(lambda found: f"{found[1]}: {kinds[found[1].lower()]}", _OF_ANSWER.sub("", head))
    # The same text of the same page has the same name: so outputs do not depend on time or chance.
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{head}{hashlib.sha256(block).hexdigest()}")
    end = "\r\n" if "\r\n" in head else "\n"
    return _ID.sub(lambda found: f"{found[1]}<urn:uuid:{name}>{end}WARC-Refers-To: <{found[2]}>", head, count=1)


def _unknown_digest(head: str) -> str:
    unknown = [found[2] for found in _DIGEST.finditer(head) if found[2].replace("-", "").lower() not in _ALGORITHMS]
    return Message("a digest that cannot be worked out: {digest}", digest=unknown[0]) if unknown else ""


def _digest(block: bytes, algorithm: str, like: str) -> str:
    """The digest of a block, written as another one was: in base 16 or base 32."""
    found = hashlib.new(algorithm.replace("-", "").lower(), block, usedforsecurity=False)
    if len(like) == 2 * found.digest_size:
        return found.hexdigest().upper() if like.isupper() else found.hexdigest()
    written = base64.b32encode(found.digest()).decode()
    return written if like.endswith("=") else written.rstrip("=")


_ANSWERED = expression(rb"HTTP/[0-9.]+ 2[0-9]{2}\b[^\n]*\n")
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
    begin = _ANSWERED.match(answer)
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
