"""Big5 and GB18030 as browsers read them, where Python's codecs read otherwise.

Pages were written to be seen in browsers. Of the codes of their Big5 (WHATWG Encoding Standard, the same as iconv-lite
0.7.3 has) Python's `big5hkscs` reads 11 as other characters and does not know 192; of GB18030 two are private-use
characters in Python, and 80, the euro of Windows, is unknown. All others are read alike, so Python's codecs do the work, and
what is in the tables here is put right.
"""

from __future__ import annotations

import codecs
from functools import cache
from typing import NamedTuple

from zhnorm.arrays.expressions import expression
from zhnorm.package_data import data_path

__all__ = ["Reader", "encode"]

_FILE = data_path("encodings", "big5.tsv")
_TWICE = "／＼"
"""Python reads two codes as each of these, of which browsers read one as another character."""
_TWICE_IN = expression(f"[{_TWICE}]")
_escape = codecs.lookup_error("surrogateescape")


class _Table(NamedTuple):
    """How an encoding differs.

    Attributes:
        read: Python's characters, and those that they stand for.
        twice: those among Python's characters that stand for two codes: the one that is another character to browsers, and that.
        written: the other way, where bytes come back only so.
        known: bytes that Python does not know, and their characters.
        bytes_of: the other way.
    """

    read: dict[int, str]
    twice: dict[str, tuple[bytes, str]]
    written: dict[int, str]
    known: dict[bytes, str]
    bytes_of: dict[str, bytes]


@cache
def _table(name: str) -> _Table | None:
    if name == "gb18030":
        return _Table({0xE5E5: "\u3000", 0xE7C7: "\u1e3f"}, {}, {}, {b"\x80": "€"}, {})
    if name != "big5hkscs":
        return None
    read: dict[int, str] = {}
    twice: dict[str, tuple[bytes, str]] = {}
    written: dict[int, str] = {}
    known: dict[bytes, str] = {}
    with open(_FILE, encoding="utf-8") as file:
        for line in file:
            code, _, character = line.rstrip("\n").partition("\t")
            if line.startswith("#"):
                continue
            data = bytes.fromhex(code)
            try:
                other = data.decode(name)
            except UnicodeDecodeError:
                known[data] = character
                continue
            written[ord(character)] = other
            if other in _TWICE:
                twice[other] = data, character
            else:
                read[ord(other)] = character
    return _Table(read, twice, written, known, {character: data for data, character in known.items()})


@cache
def _handler(name: str) -> str:
    """The error handler that knows what Python's codec does not; bytes that are nothing are kept as surrogates."""
    table = _table(name)
    assert table is not None

    def handle(error: UnicodeError) -> tuple[str | bytes, int]:
        if isinstance(error, UnicodeDecodeError):
            for size in (2, 1):
                data = error.object[error.start : error.start + size]
                if (character := table.known.get(data)) is not None:
                    return character, error.start + len(data)
        elif isinstance(error, UnicodeEncodeError):
            written = table.bytes_of.get(error.object[error.start])
            if written is not None:
                return written, error.start + 1
        return _escape(error)

    handler = f"zhnorm-{name}"
    codecs.register_error(handler, handle)
    return handler


class Reader:
    """Bytes to text, piece by piece; those that are no characters become lone surrogates.

    Args:
        name: of the encoding, as Python knows it.

    >>> Reader("big5hkscs").decode(b"\\xa1\\x45\\xc6\\xde")
    '‧〃'
    """

    def __init__(self, name: str) -> None:
        self._name, self._table = name, _table(name)
        self._errors = _handler(name) if self._table else "surrogateescape"
        self._codec = codecs.getincrementaldecoder(name)(self._errors)

    def decode(self, data: bytes, final: bool = False) -> str:
        """The characters that are complete with these bytes; with `final` also what is left of one that is not."""
        before = self.pending() if self._table else b""
        text = self._codec.decode(data)
        if final:
            # Of a character that is not whole Python's own incremental decoders forget the second byte, and those behind it.
            text += self.pending().decode(self._name, self._errors)
            self._codec.reset()
        return text if self._table is None or text.isascii() else self._put_right(self._table, text, before + data)

    def _put_right(self, table: _Table, text: str, data: bytes) -> str:
        """The characters that browsers see."""
        if any(code in data and other in text for other, (code, _) in table.twice.items()):
            pieces = []
            start = at = 0
            for index in (found.start() for found in _TWICE_IN.finditer(text)):
                # Both forms of a character are as long.
                at += len(text[start:index].encode(self._name, self._errors))
                code, character = table.twice[text[index]]
                pieces += [text[start:index], character if data.startswith(code, at) else text[index]]
                start, at = index + 1, at + len(code)
            text = "".join([*pieces, text[start:]])
        if any(chr(other) in text for other in table.read):
            text = text.translate(table.read)
        return text

    def pending(self) -> bytes:
        """The bytes of a character that is not whole yet."""
        return self._codec.getstate()[0]


def encode(text: str, name: str) -> bytes:
    """The bytes that a `Reader` made characters of, in the form that is usual for each; lone surrogates as they were.

    Raises:
        UnicodeEncodeError: the encoding has no such character.

    >>> encode("‧€", "big5hkscs")
    b'\\xa1E\\xa3\\xe1'
    """
    table = _table(name)
    if table is None or text.isascii():
        return text.encode(name, "surrogateescape")
    if any(chr(character) in text for character in table.written):
        text = text.translate(table.written)
    return text.encode(name, _handler(name))
