"""The page in an answer of a web server."""

from __future__ import annotations

import gzip
import zlib

import pytest

from zhnorm.errors import ReadError
from zhnorm.formats.records import Batch
from zhnorm.formats.warc import Warc, page_in

PAGE = "<html><body><p>雨停了，貓也走了。</p></body></html>"
BODY = PAGE.encode()


def answer(body: bytes, *headers: str, status: str = "200 OK", kind: str = "text/html; charset=utf-8") -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def chunked(body: bytes, size: int) -> bytes:
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def deflated(body: bytes) -> bytes:
    return zlib.compressobj(wbits=-15).compress(b"") + zlib.compress(body)[2:-4]


@pytest.mark.parametrize(
    "data",
    [
        answer(BODY),
        answer(BODY).replace(b"\r\n", b"\n"),
        answer(chunked(BODY, 7), "Transfer-Encoding: chunked"),
        answer(BODY, "Transfer-Encoding: chunked"),  # joined by the crawler
        answer(gzip.compress(BODY), "Content-Encoding: gzip"),
        answer(BODY, "Content-Encoding: gzip"),  # expanded by the crawler
        answer(zlib.compress(BODY), "Content-Encoding: deflate"),
        answer(deflated(BODY), "Content-Encoding: deflate"),
        answer(chunked(gzip.compress(BODY), 9), "transfer-encoding: Chunked", "content-encoding: GZIP"),
        answer(PAGE.encode("big5"), kind="text/html; charset=Big5"),
        answer(BODY, kind="application/xhtml+xml"),
        b"HTTP/2 200\r\nContent-Type: text/html\r\n\r\n" + BODY,
    ],
)
def test_the_page_is_found(data: bytes) -> None:
    assert page_in(data) == PAGE


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"HTTP/1.1 200 OK",
        answer(b""),
        answer(BODY, status="404 Not Found"),
        answer(BODY, "Location: /", status="301 Moved"),
        answer(BODY, kind="image/png"),
        answer(BODY, kind="application/json"),
        answer(b"%PDF-1.7 <p>"),
    ],
)
def test_what_is_no_page(data: bytes) -> None:
    assert page_in(data) is None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (answer(b"\x8b\x03", "Content-Encoding: br"), "compressed as br"),
        (answer(b"\x1f\x8b\x08\x00 nothing", "Content-Encoding: gzip"), "damaged"),
        (answer(gzip.compress(b" " * (1 << 27)), "Content-Encoding: gzip"), "more than"),
        (answer(b"<p>\xff\xfe\xff\xfe\xff</p>", kind="text/html"), "cannot be told"),
    ],
)
def test_what_cannot_be_read_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        page_in(data)


def record(block: bytes, digest: str = "") -> str:
    head = [
        "WARC/1.0",
        "WARC-Type: response",
        "WARC-Target-URI: https://rain.example/a/",
        "WARC-Record-ID: <urn:uuid:aaaa>",
        "WARC-IP-Address: 10.0.0.1",
        "WARC-Payload-Digest: sha1:BBBB",
        *([f"WARC-Block-Digest: {digest}"] if digest else []),
        "Content-Type: application/http; msgtype=response",
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join(head) + "\r\n\r\n" + block.decode("latin-1") + "\r\n\r\n"


def test_a_response_becomes_a_conversion_that_refers_to_it() -> None:
    raw = record(answer(BODY), "sha1:CCCC")
    (found,) = Warc().read(Batch(1, raw))
    (place,) = found.places
    assert (place.text, place.as_html, place.url) == (PAGE, True, "https://rain.example/a/")
    put = Warc().put(found, ["雨停了。"])
    (again,) = Warc().read(Batch(1, put))
    assert again.text == "雨停了。"
    head = put.partition("\r\n\r\n")[0].split("\r\n")
    assert "WARC-Type: conversion" in head
    assert "WARC-Refers-To: <urn:uuid:aaaa>" in head
    assert "Content-Length: 12" in head
    assert "WARC-Target-URI: https://rain.example/a/" in head
    assert not any(line.startswith(("WARC-IP", "WARC-Payload")) for line in head)
    assert not any("CCCC" in line for line in head)
    assert put == Warc().put(found, ["雨停了。"])
    assert Warc().put(found, [None]) == raw


def test_what_has_no_page_is_copied() -> None:
    raw = record(answer(b"{}", kind="application/json"))
    (found,) = Warc().read(Batch(1, raw))
    assert found.filler
    assert Warc().put(found, [None]) == raw
