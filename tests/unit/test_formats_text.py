"""Bytes to text and back: nothing is lost wherever the bytes are cut, and what is not text is refused."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.errors import ReadError
from zhnorm.formats.decode import Decoder
from zhnorm.formats.looks import refuse_binary
from zhnorm.formats.text import encode, whole_lines

BYTES = st.one_of(st.binary(max_size=60), st.text(max_size=30).map(lambda text: text.encode("utf-8", "replace")))


def pieces_of(data: bytes, cuts: list[int]) -> list[bytes]:
    bounds = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    return [data[start:stop] for start, stop in pairwise(bounds)]


@given(st.lists(BYTES, max_size=6), st.lists(st.integers(0, 400), max_size=6))
def test_decoding_is_seamless_and_reversible(parts: list[bytes], cuts: list[int]) -> None:
    data = b"\n".join(parts)
    decoder = Decoder("utf-8")
    text = "".join(decoder.feed(piece) for piece in pieces_of(data, cuts)) + decoder.finish()
    assert encode(text) == data
    assert text == data.decode("utf-8", "surrogateescape")
    assert decoder.undecodable == sum("\udc80" <= char <= "\udcff" for char in text)
    if decoder.undecodable:
        first = next(index for index, char in enumerate(text) if "\udc80" <= char <= "\udcff")
        before = encode(text[:first])
        assert decoder.first == (before.count(b"\n") + 1, len(before) - (before.rfind(b"\n") + 1) + 1)
    else:
        assert decoder.first is None


@given(st.lists(st.text("甲乙。 \n", max_size=12), max_size=8), st.integers(1, 20))
def test_whole_lines_keeps_the_text(pieces: list[str], longest: int) -> None:
    out = list(whole_lines(pieces, longest))
    assert "".join(out) == "".join(pieces)
    assert all(out)


def test_a_line_without_end_is_cut_after_a_sentence() -> None:
    assert list(whole_lines(["甲乙。丙丁", "戊己。庚"], 6)) == ["甲乙。丙丁戊己。", "庚"]


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("ascii text in sixteen bits".encode("utf-16-le"), "binary"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"%PDF-1.7", "PDF"),
        (bytes(1000), "binary"),
    ],
)
def test_what_is_not_text_is_refused(head: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words) as caught:
        refuse_binary(head, "page.txt")
    assert caught.value.hint


@pytest.mark.parametrize("head", [b"", b"\0", "甲\0乙".encode(), ("甲" * 999 + "\0\0\0\0").encode(), b"\xef\xbb\xbfok"])
def test_stray_nul_bytes_and_a_byte_order_mark_are_text(head: bytes) -> None:
    refuse_binary(head, "page.txt")
