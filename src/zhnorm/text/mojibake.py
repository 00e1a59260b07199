"""Mojibake: text that was read in a wrong encoding and saved so, such as 涓浗 or ä¸­å›½ for 中国.

It is taken back where that is certain: the characters, written in the encoding they were wrongly read in, give bytes
that are valid in the right one and say nothing but Chinese. UTF-8 has so much structure that a line of real text
practically never does that. Of a line in which single characters were lost on the way (a decoder's ? or U+FFFD in
their place) the rest is taken back, and U+FFFD stands where something is missing. 锟斤拷 is what two U+FFFD look like
after the same accident: there nothing is left to take back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from ..arrays.character_kinds import code_points
from ..arrays.expressions import OneOf, expression
from ..conversion.prepared import prepared

__all__ = ["LOST", "repair", "signs"]

LOST = "锟斤拷"
"""What is left of characters that were lost before: two U+FFFD in UTF-8, read as GBK."""


def _ideographs(codec: str) -> str:
    """What the leading bytes of UTF-8 become, with the byte behind them, for a reader of GBK or Big5."""
    pairs = [bytes((lead, trail)) for lead in (*range(0xE3, 0xEA), 0xEF) for trail in range(0x80, 0xC0)]
    return (
        b"".join(pairs).decode(codec) if codec == "gb18030" else "".join(pair.decode(codec, "ignore") for pair in pairs)
    )


@prepared
def signs() -> str:
    """A class of characters. A line that holds none of them is no mojibake: of the first two sorts at least every third
    character is one of them; the others are what the commonest ideographs and marks begin with for a reader of Latin-1."""
    return _ideographs("gb18030") + _ideographs("cp950") + "\u00e3-\u00e9\u00ef\u00c3\u00b5\u00a3\u00aa\u00a1"


_CHINESE = expression("[\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]")
_FOREIGN = expression(
    "[^\x00-\x7f\xa0\xb0\xb7\xd7\u2000-\u2bff\u2e80-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff]"
)
_GAP = expression("\ufffd+[?]?")
_BEYOND_ASCII = expression("[^\x00-\x7f\ufffd]+")
_LEAST = 3
"""Fewer Chinese characters prove nothing."""
_LEAST_LEGACY = 6
"""And fewer still where bytes have less structure than in UTF-8."""
_SIGN_SHARE = 12
"""Where characters were lost a line has fewer signs, yet not fewer than one in so many characters beyond ASCII."""
_MOST_ROUNDS = 3
_USUAL = 0.85
"""Of real text so much is in the first level of its national standard."""


def repair(text: str) -> str:
    """A block of lines with mojibake taken back, as many lines as before.

    >>> repair("浠婂ぉ涓嬪崍锛屾柊棣嗗紑鏀撅紝鏉ヤ簡涓夊崈浜?")
    '今天下午，新馆开放，来了三千�'
    >>> repair("ÖÐ¹úµÄÐÂÎÅÍøÕ¾")
    '中国的新闻网站'
    """
    # Line by line: whether a line is taken back must not depend on those around it.
    if text.isascii() or not _signs().are_in(text):
        return text
    return "\n".join(_line(line) if _signs().are_in(line) else line for line in text.split("\n"))


@cache
def _signs() -> OneOf:
    return OneOf(map(chr, code_points(signs())))


def _line(line: str) -> str:
    # What went through the same mill twice needs two rounds.
    for _ in range(_MOST_ROUNDS):
        better = _from_latin(line)
        if better == line:
            better = _from_chinese(line)
        if better == line:
            break
        line = better
    return line


def _from_chinese(line: str) -> str:
    """A line of UTF-8 that was read as GBK or Big5."""
    if _SIGN_SHARE * _signs().count(line) < sum(map(len, _BEYOND_ASCII.findall(line))):
        return line
    readings = {_as_utf8(line, codec, euro) for codec, euro in _READINGS}
    certain = [text for text in readings if text and _is_certain(text)]
    # Where two readings are possible none is certain.
    return certain[0] if len(certain) == 1 else line


# In GB 18030 the euro sign is two bytes, in code page 936 it was the byte 0x80: both are common in UTF-8.
_READINGS = (("gb18030", b"\xa2\xe3"), ("gb18030", b"\x80"), ("big5hkscs", b"\xa3\xe1"), ("cp950", b"\xa3\xe1"))


def _as_utf8(line: str, codec: str, euro: bytes) -> str:
    """What a line says if it is UTF-8 that was read in another encoding; empty if it cannot be."""
    try:
        lost = [euro.join(part.encode(codec) for part in piece.split("€")) for piece in line.split("\ufffd")]
    except UnicodeEncodeError:
        return ""
    # A byte that is never one of UTF-8 stands for what a decoder gave up.
    return _GAP.sub("\ufffd", b"\xff".join(lost).decode("utf-8", "replace"))


def _is_certain(text: str) -> bool:
    gaps = text.count("\ufffd")
    return not _FOREIGN.search(text.replace("\ufffd", "")) and len(_CHINESE.findall(text)) >= _LEAST + gaps


@cache
def _latin() -> dict[str, int]:
    """Characters of Windows-1252 and of Latin-1 beyond ASCII, and their bytes."""
    bytes_of = {chr(byte): byte for byte in range(0x80, 0x100)}
    for byte in range(0x80, 0xA0):
        bytes_of[bytes((byte,)).decode("cp1252", "ignore") or chr(byte)] = byte
    return bytes_of


@cache
def _latin_run() -> re.Pattern[str]:
    latin = "".join(map(re.escape, _latin()))
    # In Big5 the second byte of a character may be ASCII.
    return re.compile(f"[{latin}][{latin}@-~]+")


def _from_latin(line: str) -> str:
    """A line in which UTF-8, GBK or Big5 was read as Windows-1252 or Latin-1."""
    if not _latin_run().search(line):
        return line
    for decode in (_utf8, _gb2312, _big5):
        found: list[str] = []

        def take_back(run: re.Match[str], decode: Callable[[str], str] = decode, found: list[str] = found) -> str:
            try:
                text = decode(run[0])
            except UnicodeDecodeError:
                return run[0]
            found.append(text)
            return text

        text = _latin_run().sub(take_back, line)
        chinese = "".join(found)
        if len(_CHINESE.findall(chinese)) < (_LEAST if decode is _utf8 else _LEAST_LEGACY) or _FOREIGN.search(chinese):
            continue
        if decode is _utf8 or _is_usual(chinese, *_LEVELS[decode]):
            return text
    return line


def _bytes(run: str) -> bytes:
    return bytes(_latin().get(character, ord(character)) for character in run)


def _utf8(run: str) -> str:
    text = _bytes(run).decode("utf-8")
    # What went through the mill twice is Latin once more.
    return _latin_run().sub(lambda found: _utf8(found[0]), text) if _FOREIGN.search(text) and text != run else text


def _gb2312(run: str) -> str:
    return _bytes(run).decode("gb2312")


def _big5(run: str) -> str:
    return _bytes(run).decode("big5")


_LEVELS = {_gb2312: ("gb2312", range(0xB0, 0xD8)), _big5: ("big5", range(0xA4, 0xC7))}
"""Codec, and the first bytes of the usual characters."""


def _is_usual(text: str, codec: str, usual: range) -> bool:
    """Whether the ideographs are those of real text: these encodings have so little structure that any bytes may fit."""
    found = [character.encode(codec)[0] for character in text if "\u4e00" <= character <= "\u9fff"]
    return len(found) >= _LEAST and sum(byte in usual for byte in found) >= _USUAL * len(found)
