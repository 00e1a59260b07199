"""Big5 and GBK are read as browsers read them: every code, held against digests of the tables of iconv-lite 0.7.3, which
are those of the WHATWG Encoding Standard (text-encoding 0.7.0 has the same)."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.formats.browsers import Reader, encode
from zhnorm.formats.decode import Decoder, encoded

TABLES = {
    "big5hkscs": (18594, "067855bab30498fcb06a2dbdfdbe58efcccc73579ff415a00e1bf309a7a6c165"),
    "gb18030": (23940, "eec07470a7beb3adc046017a1c6879e532d38ea044dec281beb48276e9a15aa2"),
}


def codes(name: str) -> dict[bytes, str]:
    """Every code of two bytes that has a character."""
    found = {}
    for first in range(0x81, 0xFF):
        for second in range(0x40, 0xFF):
            data = bytes((first, second))
            text = Reader(name).decode(data, final=True)
            if not any("\udc80" <= character <= "\udcff" or character < "\x80" for character in text):
                found[data] = text
    return found


@pytest.mark.parametrize("name", TABLES)
def test_every_code_is_read_as_browsers_read_it(name: str) -> None:
    found = codes(name)
    lines = "".join(f"{data.hex().upper()} {text}\n" for data, text in sorted(found.items()))
    assert (len(found), hashlib.sha256(lines.encode()).hexdigest()) == TABLES[name]


@pytest.mark.parametrize("name", TABLES)
def test_every_code_comes_back(name: str) -> None:
    for data in codes(name):
        decoder = Decoder(name)
        text = decoder.feed(data) + decoder.finish()
        assert decoder.encoding is not None
        assert encoded(text, name, decoder.encoding.variants) == data


@pytest.mark.parametrize(
    ("data", "name", "text"),
    [
        (b"\xa1\x45\xa1\xe3\xa2\x44", "big5hkscs", "‧～￥"),
        (b"\xc6\xde\xa4\xa4", "big5hkscs", "〃中"),  # what stands behind is not shifted
        (b"\xa1\xfe\xa2\x41\xa1\x40\xa2\x42\xa1\xfe", "big5hkscs", "／∕\u3000﹨／"),
        (b"\xa4\xa2\x41\xa1\xfe", "big5hkscs", "丐A／"),  # the bytes of a code, and not the code
        (b"\x80\x31", "gb18030", "€1"),
        (b"\xa3\xa0\xd6\xd0", "gb18030", "\u3000中"),
        (b"\xff\xa4\xa4\xff", "big5hkscs", "\udcff中\udcff"),
        (b"\xa3\xe1", "cp950", "€"),
    ],
)
def test_bytes_and_their_text(data: bytes, name: str, text: str) -> None:
    assert Reader(name).decode(data, final=True) == text


def test_what_older_ledgers_hold_goes_back_to_its_bytes() -> None:
    """Before, A145 was read as another dot, and is still written so."""
    assert encode("•‧", "big5hkscs") == b"\xa1\x45\xa1\x45"


@pytest.mark.parametrize("name", TABLES)
@given(data=st.data())
def test_bytes_come_back_wherever_they_are_cut(name: str, data: st.DataObject) -> None:
    special = [
        b"\x80",
        b"\xa3\xa0",
        b"\xa8\xbc",
        b"\xa1\x45",
        b"\xc6\xde",
        b"\x87\x7a",
        b"\xa4\xa4",
        b"a",
        b"\n",
        b"\xff",
        b"\x88\x62",
    ]
    raw = b"".join(data.draw(st.lists(st.sampled_from(special), max_size=12)))
    cut = data.draw(st.integers(0, len(raw)))
    whole, pieces = Decoder(name, strict=False), Decoder(name, strict=False)
    text = whole.feed(raw) + whole.finish()
    assert pieces.feed(raw[:cut]) + pieces.feed(raw[cut:]) + pieces.finish() == text
    assert whole.encoding is not None
    assert encoded(text, name, whole.encoding.variants) == raw
