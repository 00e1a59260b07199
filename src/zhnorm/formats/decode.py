"""Bytes to text, piece by piece, in a declared encoding or in the one that is found out."""

from __future__ import annotations

import codecs
import re

from zhnorm.errors import ReadError

from .encoding import Encoding, detect_encoding

__all__ = ["Decoder"]

_ESCAPED = re.compile("[\udc80-\udcff]")
_HELD_BYTES = 1 << 16
"""At most so much of a stream is held back until its encoding is certain."""


class Decoder:
    """Bytes to text, piece by piece; a character may be cut anywhere.

    Args:
        encoding: what the bytes are in; None finds it out.
        name: of the document, for messages.

    Attributes:
        encoding: what the bytes are in, once that is known.
        undecodable: how many bytes were none of the encoding's characters so far.
        first: line and byte in that line, both from 1, of the first of them.

    >>> decoder = Decoder("utf-8")
    >>> decoder.feed(b"ok\\n\\xe7\\x94") + decoder.feed(b"\\xb2\\xff") + decoder.finish()
    'ok\\n甲\\udcff'
    >>> decoder.undecodable, decoder.first
    (1, (2, 4))
    >>> decoder = Decoder()
    >>> decoder.feed("新館今天向讀者開放，來了三千多人。".encode("big5")) + decoder.finish()
    '新館今天向讀者開放，來了三千多人。'
    """

    def __init__(self, encoding: str | None = None, name: str = "text") -> None:
        self.encoding: Encoding | None = None
        self.undecodable = 0
        self.first: tuple[int, int] | None = None
        self._name = name
        self._declared = encoding is not None
        self._held = bytearray()
        self._try_at = 0
        self._codec: codecs.IncrementalDecoder | None = None
        self._lines = 0
        self._line_bytes = 0
        if encoding is not None:
            self._choose(Encoding(encoding, 1.0, "declared"))

    def feed(self, data: bytes) -> str:
        """The characters that are complete with `data`; nothing yet while the encoding is not known.

        Raises:
            ReadError: a declared encoding does not fit, or none does.
        """
        if self._codec is not None:
            return self._decode(data, final=False)
        # ASCII reads the same in every encoding but the wide ones, and those begin with other bytes.
        if not self._held and data.isascii() and 0 not in data:
            return self._count_lines(data.decode("ascii"))
        self._held += data
        return self._look(len(self._held) - len(data))

    def _look(self, start: int) -> str:
        """Try to tell the encoding from what is held. Only whole lines count, so that it does not matter how reads fall."""
        while (end := self._held.find(b"\n", max(start, self._try_at)) + 1) and end <= _HELD_BYTES:
            start, self._try_at = end, 2 * end
            if found := detect_encoding(bytes(self._held[:end]), complete=False):
                return self._start(bytes(self._held), found)
        if len(self._held) < _HELD_BYTES:
            return ""
        held = bytes(self._held)
        return self._start(held, detect_encoding(held[:_HELD_BYTES], complete=False))

    def finish(self) -> str:
        """What is left at the end of the document: the bytes of a character that never came whole.

        Raises:
            ReadError: no encoding fits.
        """
        if self._codec is not None:
            return self._decode(b"", final=True)
        held = bytes(self._held)
        return self._start(held, detect_encoding(held, complete=True)) + self._decode(b"", final=True)

    def _start(self, held: bytes, found: Encoding | None) -> str:
        """Begin to decode, with all that was held back."""
        if found is None:
            raise ReadError(
                f"{self._name}: the encoding cannot be told for certain",
                hint="say what it is: --encoding gb18030, big5, utf-8 …",
            )
        self._choose(found)
        self._held.clear()
        return self._decode(held, final=False)

    def _choose(self, found: Encoding) -> None:
        self.encoding = found
        self._codec = codecs.getincrementaldecoder(found.name)("surrogateescape")

    def _decode(self, data: bytes, final: bool) -> str:
        assert self._codec is not None
        try:
            text = self._codec.decode(data, final)
        except UnicodeDecodeError as error:
            name = self.encoding.name if self.encoding else ""
            raise ReadError(
                f"{self._name}: damaged {name} text near line {self._lines + 1}: {error.reason}",
                hint="say what it is: --encoding gb18030, big5, utf-8 …",
            ) from error
        if not text.isascii() and _ESCAPED.search(text):
            self._count(text)
        return self._count_lines(text)

    def _count_lines(self, text: str) -> str:
        if self.first is None:
            # Only needed until the first bad byte is found, and cheap: two searches for one character.
            last = text.rfind("\n") + 1
            self._lines += text.count("\n")
            self._line_bytes = self._size(text[last:]) + (0 if last else self._line_bytes)
        return text

    def _size(self, text: str) -> int:
        """How many bytes this is in the document."""
        name = self.encoding.name if self.encoding else "utf-8"
        # Without an order of bytes Python would write a mark in front.
        return len(text.encode({"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(name, name), "surrogateescape"))

    def _count(self, text: str) -> None:
        found = _ESCAPED.search(text)
        assert found is not None
        assert self.encoding is not None
        self.undecodable += len(_ESCAPED.findall(text))
        if self.first is None:
            start = text.rfind("\n", 0, found.start()) + 1
            before = self._size(text[start : found.start()]) + (0 if start else self._line_bytes)
            self.first = (self._lines + text.count("\n", 0, found.start()) + 1, before + 1)
        if self._declared and self.encoding.name != "utf-8":
            line, byte = self.first
            raise ReadError(
                f"{self._name}:{line}: byte {byte} is not {self.encoding.name}",
                hint="without --encoding the encoding is found out, and such bytes are kept",
            )
