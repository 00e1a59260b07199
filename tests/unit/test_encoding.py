"""Telling encodings apart, and decoding in pieces that fall anywhere."""

from __future__ import annotations

import codecs
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.errors import ReadError
from zhnorm.formats.decode import Decoder, encoded
from zhnorm.formats.encoding import canonical, detect_encoding, is_euc_tw

SIMPLIFIED = "钟表铺在老街的尽头，门口没有招牌，只有一只停在三点一刻的挂钟。\n铺主姓邱，今年七十一岁，在这张桌子后面坐了五十年。\n"
TRADITIONAL = "鐘錶鋪在老街的盡頭，門口沒有招牌，只有一隻停在三點一刻的掛鐘。\n鋪主姓邱，今年七十一歲，在這張桌子後面坐了五十年。\n"
ENCODED = [
    (SIMPLIFIED, "utf-8"), (TRADITIONAL, "utf-8"), (SIMPLIFIED, "gb2312"), (SIMPLIFIED, "gb18030"), (TRADITIONAL, "gb18030"),
    (TRADITIONAL, "big5"), (TRADITIONAL, "big5hkscs"), (TRADITIONAL, "cp950"), (SIMPLIFIED, "utf-16"), (TRADITIONAL, "utf-32"),
    (SIMPLIFIED, "utf-16-le"), (TRADITIONAL, "utf-16-be"), (SIMPLIFIED, "utf-32-le"), (TRADITIONAL, "utf-32-be"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "encoding"), ENCODED)
def test_chinese_text_is_recognised(text: str, encoding: str) -> None:
    found = detect_encoding(text.encode(encoding), complete=True)
    assert found is not None
    assert text.encode(encoding).decode(found.name).removeprefix("\ufeff") == text
    assert 0.2 <= found.confidence <= 1


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("甲。\r乙。\r", True),
        ("甲。\r乙。\n", False),
        ("甲。\r\n乙。", False),
        ("甲。乙。", False),
        ("a\rb", True),
        ("a\rb\nc\rd", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_lines_that_end_in_cr_alone_are_noticed(data: str, wanted: bool, size: int) -> None:
    decoder, raw = Decoder("utf-8"), data.encode()
    for start in range(0, len(raw), size):
        decoder.feed(raw[start : start + size])
    decoder.finish()
    assert decoder.only_returns is wanted


@pytest.mark.parametrize(("text", "encoding"), ENCODED)
@given(cuts=st.lists(st.integers(0, 400), max_size=6))
def test_pieces_fall_anywhere(text: str, encoding: str, cuts: list[int]) -> None:
    data = text.encode(encoding)
    decoder = Decoder()
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    out = "".join(decoder.feed(data[a:b]) for a, b in pairwise(places)) + decoder.finish()
    assert (out.removeprefix("\ufeff"), decoder.undecodable) == (text, 0)
    assert decoder.encoding is not None
    assert encoded(out, decoder.encoding.name, decoder.encoding.variants) == data


@pytest.mark.parametrize(
    "data",
    [
        "新聞".encode("big5") * 4,
        "联通网络".encode("gbk"),
        "日本語の文章はこのように書かれることが多いです。".encode("shift_jis"),
        "한국어로 쓴 문장은 이렇게 생겼습니다.".encode("euc_kr"),
        "Ça c'est un texte français écrit en latin-1, où l'été n'est pas traité.".encode("latin-1"),
        bytes(range(128, 256)) * 4,
    ],
)
def test_what_cannot_be_told_is_not_guessed(data: bytes) -> None:
    assert detect_encoding(data, complete=True) is None
    decoder = Decoder(name="page.txt")
    assert decoder.feed(data) == ""
    with pytest.raises(ReadError, match=r"page\.txt: the encoding cannot be told"):
        decoder.finish()


@pytest.mark.parametrize("data", [b"", b"plain\n", b"\xff\n", SIMPLIFIED.encode() + b"\xff\xfe\n", b"a\0b\n"])
def test_stray_bytes_leave_a_text_utf8(data: bytes) -> None:
    decoder = Decoder()
    text = decoder.feed(data) + decoder.finish()
    assert text.encode("utf-8", "surrogateescape") == data


@pytest.mark.parametrize("before", [0, 10, 70_000, 200_000])
@pytest.mark.parametrize("behind", [0, 70_000])
@pytest.mark.parametrize("size", [1000, 1 << 17, 1 << 20])
@pytest.mark.parametrize(
    ("beyond", "encoding"), [("雨", "utf-8"), ("© é", "utf-8"), (SIMPLIFIED, "gb18030"), (TRADITIONAL, "big5hkscs")]
)
def test_a_long_text_with_hardly_anything_beyond_ascii(
    beyond: str, encoding: str, before: int, behind: int, size: int
) -> None:
    text = "plain text\n" * (before // 11) + beyond + "\n" + "plain text\n" * (behind // 11)
    data = text.encode(encoding)
    decoder = Decoder()
    out = "".join(decoder.feed(data[at : at + size]) for at in range(0, len(data), size)) + decoder.finish()
    assert out == text
    assert decoder.encoding is not None
    assert decoder.encoding.name == encoding


@given(st.binary(max_size=80))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    decoder = Decoder()
    try:
        text = decoder.feed(data) + decoder.finish()
    except ReadError:
        return
    assert decoder.encoding is not None
    assert isinstance(text, str)


@pytest.mark.parametrize("encoding", ["gb18030", "big5hkscs", "cp950", "utf-16-le", "utf-16-be", "utf-32-be"])
@given(data=st.data())
def test_every_text_goes_back_to_its_bytes(encoding: str, data: st.DataObject) -> None:
    """Also where the encoding has two ways to write a character, where bytes are none, and wherever reads fall."""
    pairs = st.sampled_from(
        [b"\xa1\xfe", b"\xa2\xcc", b"\x88\x62", b"\xf9\xfe", b"\xff", b"\x80", b"a", b"\n", b"\xa4\xe5"]
    )
    pieces = data.draw(st.lists(pairs if encoding in ("gb18030", "big5hkscs", "cp950") else st.text(), max_size=30))
    pieces = [piece.encode(encoding, "replace") if isinstance(piece, str) else piece for piece in pieces]
    cut = data.draw(st.integers(0, 60))
    source = b"".join(pieces)
    decoder = Decoder(encoding, strict=False)
    text = decoder.feed(source[:cut]) + decoder.feed(source[cut:]) + decoder.finish()
    assert encoded(text, encoding, decoder.encoding.variants) == source


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_an_encoding_that_was_declared_without_its_order_of_bytes(encoding: str) -> None:
    for name in (encoding + "-le", encoding + "-be"):
        decoder = Decoder(encoding)
        data = ("\ufeff" + SIMPLIFIED).encode(name)
        text = decoder.feed(data[:1]) + decoder.feed(data[1:]) + decoder.finish()
        assert decoder.encoding is not None
        assert (text, decoder.encoding.name) == ("\ufeff" + SIMPLIFIED, name)
        with pytest.raises(ReadError, match="without a byte order mark"):
            Decoder(encoding).feed(data[4:])
    empty = Decoder(encoding)
    assert empty.feed(b"") + empty.finish() == ""


def test_a_stream_is_answered_as_soon_as_its_first_line_tells() -> None:
    decoder = Decoder()
    assert decoder.feed(b"<html>\n") == "<html>\n"
    first = SIMPLIFIED.split("\n")[0] + "\n"
    assert decoder.feed(first.encode()) == first


def test_the_first_bad_byte_has_a_place_in_every_encoding() -> None:
    decoder = Decoder()
    decoder.feed(SIMPLIFIED.encode("gb18030") + "abc铺".encode("gb18030") + b"\xff\n")
    decoder.finish()
    assert (decoder.undecodable, decoder.first) == (1, (3, 6))


@pytest.mark.parametrize("name", ["gbk", "GB2312", "big5", "utf8", "UTF-16", "cp936"])
def test_names_of_encodings(name: str) -> None:
    found = canonical(name)
    assert found is not None
    assert codecs.lookup(found)


@pytest.mark.parametrize("name", ["klingon", "", "base64", "rot13", "\0"])
def test_names_of_none(name: str) -> None:
    assert canonical(name) is None


@pytest.mark.parametrize("size", [1, 7, 4096])
@pytest.mark.parametrize(
    ("said", "name", "text"),
    [("gb2312", "gb18030", "雨停了"), ("big5", "big5hkscs", "貓走了"), ("GBK", "gb18030", "雨")],
)
def test_a_page_is_a_witness_where_its_characters_do_not_tell(said: str, name: str, text: str, size: int) -> None:
    page = f'<html><head><meta charset="{said}"></head><body>\n<p>{text}</p>\n</body></html>\n'
    data = page.encode(name)
    decoder = Decoder()
    read = "".join(decoder.feed(data[at : at + size]) for at in range(0, len(data), size)) + decoder.finish()
    assert read == page
    assert decoder.encoding is not None
    assert decoder.encoding[:3] == (name, 0.5, "declared by the page")


@pytest.mark.parametrize(
    ("said", "name"),
    [("big5", "utf-8"), ("gb2312", "utf-8"), ("utf-8", "gb18030"), ("big5", "gb18030"), ("klingon", "gb18030")],
)
def test_characters_that_tell_win_over_what_a_page_says(said: str, name: str) -> None:
    text = "今天下午，市图书馆的新馆向读者开放了，来了三千多人，门口排起了长队。"
    page = f'<html><head><meta charset="{said}"></head><body><p>{text}</p></body></html>'
    decoder = Decoder()
    assert decoder.feed(page.encode(name)) + decoder.finish() == page
    assert decoder.encoding is not None
    assert decoder.encoding.name == name


def test_a_page_that_is_not_what_it_says_is_refused() -> None:
    page = b'<html><head><meta charset="big5"></head><body><p>' + b"\xff\xfe\xff\xfe\xff" + b"</p>"
    decoder = Decoder()
    with pytest.raises(ReadError, match="cannot be told"):
        decoder.feed(page) + decoder.finish()


SHIFTED = {
    "HZ": "新馆今天向读者开放。\n".encode("hz"),
    "ISO 2022": b"\x1b$)A\x0e" + bytes(byte & 0x7F for byte in "新馆今天开放".encode("gb2312")) + b"\x0f\n",
}


@pytest.mark.parametrize("name", SHIFTED)
def test_what_only_looks_like_ascii_is_named(name: str) -> None:
    decoder = Decoder(name="page.txt")
    assert decoder.feed(b"<pre>\n") == "<pre>\n"
    with pytest.raises(ReadError, match=f"^page.txt: {name}, in which"):
        decoder.feed(SHIFTED[name])
    assert Decoder("utf-8").feed(SHIFTED[name]) == SHIFTED[name].decode("ascii")


@pytest.mark.parametrize(
    "text", ["if ($s =~{ab}~ 1) {}\n", "~{~}\n", "\x1b[1mbold\x1b[0m ~{x}\n", 'io:format("~{}~}~n")\n']
)
def test_code_that_looks_a_little_like_it_is_text(text: str) -> None:
    assert Decoder().feed(text.encode()) == text


EUC_TW = bytes.fromhex("e4bbf3a8c4f4c5b2c7d7fbf4cfafe2e4cdf3a1a2cbf4c4a7ddc2c7e9c4a9a1a40a")
"""新館今天向讀者開放，來了許多人。 as `iconv -t EUC-TW` writes it."""


@pytest.mark.parametrize("data", [EUC_TW, EUC_TW * 3000, EUC_TW + b"\x8e\xa2\xc4\xa1", EUC_TW[:-2], b"<p>" + EUC_TW])
def test_euc_tw_is_refused_by_name(data: bytes) -> None:
    decoder = Decoder(name="page.txt")
    with pytest.raises(ReadError, match=r"page\.txt: EUC-TW, which is not read") as caught:
        decoder.feed(data) + decoder.finish()
    assert "iconv -f EUC-TW" in caught.value.hint


@pytest.mark.parametrize("text", [SIMPLIFIED, TRADITIONAL])
@pytest.mark.parametrize(
    "encoding", ["gb18030", "big5", "utf-8", "utf-16", "shift_jis", "euc_jp", "euc_kr", "euc_jis_2004"]
)
def test_nothing_else_is_taken_for_euc_tw(text: str, encoding: str) -> None:
    data = text.encode(encoding, "ignore")
    assert not any(is_euc_tw(data[start:]) for start in range(4))


@pytest.mark.parametrize(
    ("data", "hint"),
    [
        ("你好".encode("big5"), "--encoding big5 reads 你好"),
        ("联通".encode("gbk"), "--encoding gb18030 reads 联通"),
        ("王".encode("gbk"), "--encoding gb18030 reads 王"),
        (b"name: " + "小明".encode("big5") + b"\n", "--encoding big5 reads 小明"),
        ("今天天气很好".encode("gbk") + b"\n" + b"a" * 100, "--encoding gb18030 reads 今天天气很好; --encoding big5 reads 踏毞毞げ竭疑"),
        ("Ça c'est un texte".encode("latin-1") * 4, "--encoding gb18030, big5, utf-8 …"),
    ],
)  # fmt: skip
def test_short_text_is_refused_with_its_readings(data: bytes, hint: str) -> None:
    decoder = Decoder(name="page.txt")
    with pytest.raises(ReadError, match="cannot be told for certain") as caught:
        decoder.feed(data) + decoder.finish()
    assert caught.value.hint == f"say what it is: {hint}"


@pytest.mark.parametrize("data", [b"25\xb0C", b"caf\xe9, na\xefve", "中文".encode() + b"\xff", b"\xa3 5", b"\xa9 2020"])
def test_a_few_bytes_that_are_no_ideographs_leave_a_text_utf8(data: bytes) -> None:
    decoder = Decoder()
    assert (decoder.feed(data) + decoder.finish()).encode("utf-8", "surrogateescape") == data


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
@given(
    text=st.text(st.sampled_from("雨停\n，\uf0c9\ue000\U0010fffd\U000f0000\uff0c\U0001f600é"), max_size=40),
    cuts=st.lists(st.integers(0, 160), max_size=6),
)
def test_characters_of_private_use_are_counted_wherever_reads_fall(encoding: str, text: str, cuts: list[int]) -> None:
    data = text.encode(encoding)
    decoder = Decoder(encoding)
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    assert "".join(decoder.feed(data[a:b]) for a, b in pairwise(places)) + decoder.finish() == text
    private = [at for at, character in enumerate(text) if character in "\uf0c9\ue000\U0010fffd\U000f0000"]
    assert decoder.private == len(private)
    first = None
    if private:
        first = text.count("\n", 0, private[0]) + 1, f"U+{ord(text[private[0]]):04X}"
    assert decoder.first_private == first
