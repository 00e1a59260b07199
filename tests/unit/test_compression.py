"""gzip, bzip2, xz and zstd: what goes in comes out, however it is cut, joined or padded; what is torn is said."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.errors import ReadError
from zhnorm.formats.compression import CompressedFile, compression_of, expanded, is_compressed, without_compression

KINDS = ["gzip", "bzip2", "xz", "zstd"]


def compressed(data: bytes, kind: str) -> bytes:
    out = io.BytesIO()
    file = CompressedFile(out, kind)
    file.write(data)
    file.end()
    return out.getvalue()


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(places)]


@pytest.mark.parametrize("kind", KINDS)
@given(parts=st.lists(st.binary(max_size=300), min_size=1, max_size=4), cuts=st.lists(st.integers(0, 2000), max_size=8))
def test_what_goes_in_comes_out(kind: str, parts: list[bytes], cuts: list[int]) -> None:
    """Several compressed streams behind each other are one document."""
    data = b"".join(compressed(part, kind) for part in parts)
    assert is_compressed(data)
    assert b"".join(expanded(pieces(data, cuts), "x")) == b"".join(parts)
    assert b"".join(expanded(pieces(data + bytes(512), cuts), "x")) == b"".join(parts)


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=4))
def test_what_is_not_compressed_stays(data: bytes, cuts: list[int]) -> None:
    if not is_compressed(data):
        assert b"".join(expanded(pieces(data, cuts), "x")) == data


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_bytes_give_the_same_file(kind: str) -> None:
    assert compressed(b"text", kind) == compressed(b"text", kind)


@pytest.mark.parametrize("kind", KINDS)
def test_every_torn_or_damaged_file_is_an_error(kind: str) -> None:
    text = "".join(f"第{number}行的文字都不一样。\n" for number in range(300)).encode()
    data = compressed(text, kind)
    for size in [*range(6, 30), *range(30, len(data), 97), len(data) - 1]:
        with pytest.raises(ReadError, match=r"x: .*(too early|damaged)"):
            list(expanded([data[:size]], "x"))
    with pytest.raises(ReadError, match="damaged"):
        list(expanded([data, b"garbage"], "x"))
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 0xFF
    with pytest.raises(ReadError):
        list(expanded([bytes(flipped)], "x"))


@pytest.mark.parametrize("kind", KINDS)
def test_a_bomb_is_stopped_in_little_memory(kind: str) -> None:
    out = io.BytesIO()
    file = CompressedFile(out, kind)
    for _ in range(400):
        file.write(bytes(1 << 20))
    file.end()
    sizes = map(len, expanded([out.getvalue()], "x"))
    given: list[int] = []
    with pytest.raises(ReadError, match="more than 250 times"):
        given.extend(sizes)
    assert sum(given) <= 250 * len(out.getvalue()) + (64 << 20)
    assert max(given, default=0) <= 1 << 20


@pytest.mark.parametrize("kind", KINDS)
def test_streams_that_are_cut_can_be_read_alone(kind: str) -> None:
    out = io.BytesIO()
    file = CompressedFile(out, kind)
    file.write(b"one")
    file.cut()
    place = out.tell()
    file.write(b"two")
    file.end()
    assert b"".join(expanded([out.getvalue()[place:]], "x")) == b"two"
    assert b"".join(expanded([out.getvalue()], "x")) == b"onetwo"


@pytest.mark.parametrize(
    ("name", "kind", "rest"),
    [
        ("a.txt.gz", "gzip", "a.txt"), ("A.GZ", "gzip", "A"), ("a.zst", "zstd", "a"), ("a.zstd", "zstd", "a"),
        ("a.bz2", "bzip2", "a"), ("a.xz", "xz", "a"), ("a.txt", "", "a.txt"), ("gz", "", "gz"),
    ],
)  # fmt: skip
def test_names(name: str, kind: str, rest: str) -> None:
    assert (compression_of(name), without_compression(name)) == (kind, rest)


@pytest.mark.parametrize("size", [1, 5, 11, 1000])
def test_frames_of_zstd_that_are_skipped(size: int) -> None:
    """pzstd puts one in front of each frame: its size, for those who expand on several cores."""
    frame = compressed("網絡安全\n".encode(), "zstd")
    skipped = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + len(frame).to_bytes(4, "little")
    data = skipped + frame + b"\x5f\x2a\x4d\x18\0\0\0\0" + frame
    assert is_compressed(data[:8])
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    assert b"".join(expanded(pieces, "a.zst")).decode() == "網絡安全\n" * 2
    with pytest.raises(ReadError, match="ends too early"):
        b"".join(expanded([data[:-3]], "a.zst"))
    # A text that happens to begin with such a letter is a text.
    assert b"".join(expanded([b"P", b"*M is no frame"], "a.txt")) == b"P*M is no frame"
