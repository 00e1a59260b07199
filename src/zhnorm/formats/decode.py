"""Bytes to text, piece by piece, in a declared encoding or in the one that is found out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError
from zhnorm.html.recognition import declared_encoding
from zhnorm.messages import Message, joined
from zhnorm.text.mojibake import LOST, repair

from .browsers import Reader, encode
from .encoding import (
    UNSURE,
    WIDE,
    Encoding,
    Variants,
    canonical,
    detect_encoding,
    is_euc_tw,
    marked,
    readings,
    shifted,
    to_be_converted,
)

__all__ = ["CONVERT_HINT", "Decoder", "encoded"]

CONVERT_HINT = Message(
    "convert it first: iconv -f EUC-TW (or ISO-2022-CN) -t UTF-8 OLD > NEW; Python opens HZ with encoding='hz'"
)
"""What to do with a text in an encoding that is not read."""

_ESCAPED = expression("[\udc80-\udcff]")
_ESCAPED_RUN = expression("([\udc80-\udcff]+)")
# In Big5-HKSCS four letters with two marks are one character, and in Unicode two.
_CHARACTER = expression("[\u00ca\u00ea][\u0304\u030c]|.", re.DOTALL)
_FAITHFUL = frozenset({"utf-8", *WIDE})
"""Encodings in which every character has one form: its bytes always come back."""
_NOT_ASCII = expression(b"[\x80-\xff]")
_PRIVATE = expression("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
"""Characters that mean something in one font, or to one writer; Unicode leaves them to each."""
_PRIVATE_BYTES = (b"\xee", b"\xf3", b"\xf4")
_MORE_PRIVATE_BYTES = expression(b"\xef[\x80-\xa3]")
"""What one begins with in UTF-8, and hardly anything else; looked for five times as fast as they themselves."""
_MARK_BYTES = 4
_LONGEST_CHARACTER = 4
_HEAD_BYTES = 1 << 12
_HELD_BYTES = 1 << 16
"""At most so much of a stream is held back until its encoding is certain."""


class Decoder:
    """Bytes to text, piece by piece; a character may be cut anywhere.

    Args:
        encoding: what the bytes are in; None finds it out.
        name: of the document, for messages.
        strict: refuse bytes that are none of an encoding's that was declared, if that is not UTF-8.

    Attributes:
        encoding: what the bytes are in, once that is known.
        lost: how often 锟斤拷 stands in the text, which is what is left of characters that a wrong reading destroyed.
        private: how many characters of private use there are so far.
        first_private: line, from 1, and code of the first of them.
        undecodable: how many bytes were none of the encoding's characters so far.
        only_returns: lines end in CR alone, as on old Macintoshes: there is one so far, and no LF.
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

    def __init__(self, encoding: str | None = None, name: str = "text", *, strict: bool = True) -> None:
        self.encoding: Encoding | None = None
        self._variants: dict[str, list[int]] = {}
        self.lost = 0
        self.undecodable = 0
        self.private = 0
        self.first_private: tuple[int, str] | None = None
        self.only_returns = False
        self.first: tuple[int, int] | None = None
        self._name = name
        self._strict = strict and encoding is not None
        self._head = b""  # where a page says what it is in
        self._held = bytearray()
        self._try_at = 0
        self._codec: Reader | None = None
        self._pending = b""  # a character that is not whole yet
        self._chars = 0
        self._tail = ""  # 锟斤拷 may be cut
        self._has_newline = False
        self._lines = 0
        self._line_bytes = 0
        self._unordered = encoding if encoding in ("utf-16", "utf-32") else ""
        if encoding is not None and not self._unordered:
            self._choose(Encoding(encoding, 1.0, "declared"))

    def feed(self, data: bytes) -> str:
        """The characters that are complete with `data`; nothing yet while the encoding is not known.

        Raises:
            ReadError: a declared encoding does not fit, or none does.
        """
        if self._codec is not None:
            return self._decode(data, final=False)
        if self._unordered:
            self._held += data
            return self._order() if len(self._held) >= _MARK_BYTES else ""
        if len(self._head) < _HEAD_BYTES:
            self._head += data[: _HEAD_BYTES - len(self._head)]
        # ASCII reads the same in every encoding but the wide ones, and those begin with other bytes.
        if not self._held and data.isascii() and 0 not in data:
            if name := shifted(data):
                said = "{name}: {kind}, in which a byte means what earlier ones say"
                hint = Message("{convert}; --encoding utf-8 takes it as it is", convert=CONVERT_HINT)
                raise ReadError(Message(said, name=self._name, kind=name), hint=hint)
            return self._count_lines(data.decode("ascii"))
        self._held += data
        return self._look(len(self._held) - len(data))

    def _order(self) -> str:
        """Begin with an encoding that was declared and can be in two orders of bytes."""
        held = bytes(self._held)
        found = marked(held)
        if held and (found is None or not found.name.startswith(self._unordered)):
            hint = Message(
                "say which: --encoding {unordered}-le or {unordered}-be; or let it be found out",
                unordered=self._unordered,
            )
            raise ReadError(
                Message("{name}: {unordered} without a byte order mark", name=self._name, unordered=self._unordered),
                hint=hint,
            )
        return self._start(held, Encoding(found.name if found else f"{self._unordered}-le", 1.0, "declared"))

    def _look(self, start: int) -> str:
        """Try to tell the encoding from what is held. Only whole lines count, so that it does not matter how reads fall."""
        while (end := self._held.find(b"\n", max(start, self._try_at)) + 1) and end <= _HELD_BYTES:
            start, self._try_at = end, 2 * end
            if found := detect_encoding(bytes(self._held[:end]), complete=False):
                return self._start(bytes(self._held), found)
        if len(self._held) < _HELD_BYTES:
            return ""
        held = bytes(self._held)
        found = detect_encoding(held[:_HELD_BYTES], complete=False, last=True)
        if found is None and (before := _ascii_before(held)):
            # What tells begins behind it, and may stand at the end of what was read.
            del self._held[:before]
            self._try_at = 0
            return self._count_lines(held[:before].decode("ascii")) + self._look(0)
        return self._start(held, found)

    def finish(self) -> str:
        """What is left at the end of the document: the bytes of a character that never came whole.

        Raises:
            ReadError: no encoding fits.
        """
        if self._codec is not None:
            return self._decode(b"", final=True)
        if self._unordered:
            return self._order() + self._decode(b"", final=True)
        held = bytes(self._held)
        return self._start(held, detect_encoding(held, complete=True)) + self._decode(b"", final=True)

    def _start(self, held: bytes, found: Encoding | None) -> str:
        """Begin to decode, with all that was held back."""
        if found is None or found.confidence <= UNSURE:
            found = self._said(held) or found
        if found is None:
            raise self._untold(held)
        self._choose(found)
        self._held.clear()
        return self._decode(held, final=False)

    def _untold(self, held: bytes) -> ReadError:
        """What is said of a text whose encoding is not known: what it may be, as people see it."""
        if is_euc_tw(held):
            return self._unread("EUC-TW")
        hint = Message("say what it is: --encoding gb18030, big5, utf-8 …")
        if seen := readings(held):
            each = [Message("--encoding {name} reads {text}", name=name, text=text) for name, text in seen]
            hint = Message("say what it is: {readings}", readings=joined("; ", each))
        return ReadError(Message("{name}: the encoding cannot be told for certain", name=self._name), hint=hint)

    def _unread(self, kind: str) -> ReadError:
        return ReadError(Message("{name}: {kind}, which is not read", name=self._name, kind=kind), hint=CONVERT_HINT)

    def _said(self, held: bytes) -> Encoding | None:
        """What a page says of itself, where its characters do not tell; None if it says nothing, or what cannot be.

        Raises:
            ReadError: it says what is not read.
        """
        declared = declared_encoding(self._head) or ""
        if kind := to_be_converted(declared):
            raise self._unread(kind)
        name = canonical(declared)
        if name is None or name == "utf-8":
            return None
        try:
            codecs.getincrementaldecoder(name)().decode(held)
        except UnicodeError:
            return None
        return Encoding(name, UNSURE, "declared by the page")

    def _choose(self, found: Encoding) -> None:
        self.encoding = found
        self._codec = Reader(found.name)

    def _decode(self, data: bytes, final: bool) -> str:
        assert self._codec is not None
        assert self.encoding is not None
        name = self.encoding.name
        # A character may begin in the bytes before.
        may_be_private = name != "utf-8" or _may_be_private(self._codec.pending() + data)
        try:
            text = self._codec.decode(data, final)
        except UnicodeDecodeError as error:
            hint = "say what it is: --encoding gb18030, big5, utf-8 …"
            if final and name in WIDE:
                hint = "its last character is not whole: was it cut off, or was something added that is not in this encoding?"
            raise ReadError(
                Message(
                    "{name}: damaged {encoding} text near line {lines}: {reason}",
                    name=self._name,
                    encoding=name,
                    lines=self._lines + 1,
                    reason=error.reason,
                ),
                hint=hint,
            ) from error
        if not text.isascii() and _ESCAPED.search(text):
            self._count(text)
        if may_be_private and not text.isascii():
            self._count_private(text)
        self._compare(data, text, final)
        if not text.isascii() and (LOST[0] in text or self._tail):
            text_with_tail = self._tail + text
            self.lost += text_with_tail.count(LOST)
            self._tail = next((LOST[:size] for size in (2, 1) if text_with_tail.endswith(LOST[:size])), "")
        return self._count_lines(text)

    def _compare(self, data: bytes, text: str, final: bool) -> None:
        """Remember what would not come back as these very bytes.

        Raises:
            ReadError: it cannot be told how to get them back.
        """
        assert self._codec is not None
        assert self.encoding is not None
        name = self.encoding.name
        if name in _FAITHFUL:
            return
        data, self._pending = self._pending + data, b"" if final else self._codec.pending()
        data = data[: len(data) - len(self._pending)]
        if _written(text, name) != data:
            self.encoding = self.encoding._replace(variants=self._variants)
            here: dict[str, list[int]] = {}
            for index, written in _differences(data, text, name):
                here.setdefault(written.hex(), []).append(index)
            if _written(text, name, here) != data:
                raise ReadError(
                    Message(
                        "{name}: near line {lines}: {encoding} text that could not be given back as it is",
                        name=self._name,
                        lines=self._lines + 1,
                        encoding=name,
                    ),
                    hint=Message("make it UTF-8 first: iconv -f {name} -t UTF-8", name=name),
                )
            for form, places in here.items():
                self._variants.setdefault(form, []).extend(self._chars + index for index in places)
        self._chars += len(text)

    def _count_lines(self, text: str) -> str:
        if not self._has_newline:
            self._has_newline = "\n" in text
            self.only_returns = not self._has_newline and (self.only_returns or "\r" in text)
        if self.first is None:
            # Only needed until the first bad byte is found.
            last = text.rfind("\n") + 1
            self._line_bytes = self._size(text[last:]) + (0 if last else self._line_bytes)
        self._lines += text.count("\n")
        return text

    def _count_private(self, text: str) -> None:
        """Count what stays of them: in mojibake, which is taken back, they are parts of others."""
        if _PRIVATE.search(text) is None:
            return
        for number, line in enumerate(text.split("\n"), self._lines + 1):
            if (found := _PRIVATE.findall(line)) and repair(line) == line:
                self.private += len(found)
                self.first_private = self.first_private or (number, f"U+{ord(found[0]):04X}")

    def _size(self, text: str) -> int:
        """How many bytes this is in the document."""
        return len(_encoded(text, self.encoding.name if self.encoding else "utf-8"))

    def _count(self, text: str) -> None:
        found = _ESCAPED.search(text)
        assert found is not None
        assert self.encoding is not None
        self.undecodable += len(_ESCAPED.findall(text))
        if self.first is None:
            start = text.rfind("\n", 0, found.start()) + 1
            before = self._size(text[start : found.start()]) + (0 if start else self._line_bytes)
            self.first = (self._lines + text.count("\n", 0, found.start()) + 1, before + 1)
        if self._strict and self.encoding.name != "utf-8":
            line, byte = self.first
            raise ReadError(
                Message(
                    "{name}:{line}: byte {byte} is not {encoding}",
                    name=self._name,
                    line=line,
                    byte=byte,
                    encoding=self.encoding.name,
                ),
                hint="without --encoding the encoding is found out, and such bytes are kept",
            )


def _ascii_before(data: bytes) -> int:
    """How many bytes stand before the first beyond ASCII; 0 if they may be no ASCII."""
    found = _NOT_ASCII.search(data)
    return found.start() if found and 0 not in data[: found.start()] else 0


def _may_be_private(data: bytes) -> bool:
    """Whether a character of private use may be in some UTF-8."""
    return any(begin in data for begin in _PRIVATE_BYTES) or _MORE_PRIVATE_BYTES.search(data) is not None


def _differences(data: bytes, text: str, name: str) -> Iterator[tuple[int, bytes]]:
    """Index and bytes of each character that stands in `data` otherwise than Python would write it."""
    index = at = 0
    for line in text.split("\n"):
        written = _written(line + "\n", name)
        if written is not None and data.startswith(written, at):
            index, at = index + len(line) + 1, at + len(written)
            continue
        for character in _CHARACTER.findall(line + "\n"):
            written = _written(character, name)
            if (written is None or not data.startswith(written, at)) and at < len(data):
                written = _form(character, data[at : at + _LONGEST_CHARACTER], name)
                yield index, written
            index, at = index + len(character), at + len(written or b"")


def _form(character: str, data: bytes, name: str) -> bytes:
    """The bytes at the beginning of `data` that are read as a character; none if there are none."""
    for size in range(1, len(data) + 1):
        if Reader(name).decode(data[:size], final=True) == character:
            return data[:size]
    return b""


def _written(text: str, name: str, variants: Variants | None = None) -> bytes | None:
    """See `encoded`; None if it cannot be written."""
    try:
        return encoded(text, name, variants)
    except UnicodeEncodeError:
        return None


def encoded(text: str, name: str, variants: Variants | None = None) -> bytes:
    """The bytes that a `Decoder` made `text` of.

    Args:
        text: all of it.
        name: of the encoding.
        variants: what `Encoding` says of them.

    Raises:
        UnicodeEncodeError: no `Decoder` of this encoding made it.

    >>> decoder = Decoder("big5hkscs")
    >>> text = decoder.feed(b"\\xa1\\xfe") + decoder.finish()
    >>> text, encoded(text, "big5hkscs", decoder.encoding.variants)
    ('／', b'\\xa1\\xfe')
    """
    places = sorted(
        (index, bytes.fromhex(written)) for written, indices in (variants or {}).items() for index in indices
    )
    pieces = []
    start = 0
    for index, written in places:
        pieces += [_encoded(text[start:index], name), written]
        start = index + 1
    return b"".join([*pieces, _encoded(text[start:], name)])


def _encoded(text: str, name: str) -> bytes:
    """Characters in an encoding, and bytes that were none as they were."""
    if name not in WIDE or not _ESCAPED.search(text):
        return encode(text, name)
    # The wide encodings take no bytes from Python's handler.
    pieces = _ESCAPED_RUN.split(text)
    pairs = zip(pieces[::2], [*pieces[1::2], ""], strict=True)
    return b"".join([part for own, bad in pairs for part in (own.encode(name), bad.encode("ascii", "surrogateescape"))])
