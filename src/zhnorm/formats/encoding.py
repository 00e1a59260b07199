"""Which encoding Chinese text is in, from its bytes alone.

A byte order mark decides, then validity: text of some length that is valid UTF-8 is UTF-8. What is left is read in every
encoding that Chinese pages were written in, and the reading that looks like Chinese wins: nearly all ideographs of a
real text are in the first level of its national standard (GB 2312 or Big5, ordered by use), and a third of them are
among the commonest hundred; read in a wrong encoding they fall anywhere. If no reading is clearly the best, nothing is
chosen: a wrong guess would be silent damage.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from zhnorm.arrays.expressions import expression

from .browsers import Reader

__all__ = [
    "UNSURE",
    "WIDE",
    "Encoding",
    "Variants",
    "canonical",
    "detect_encoding",
    "is_euc_tw",
    "marked",
    "readings",
    "shifted",
    "to_be_converted",
]

SAMPLE_BYTES = 1 << 16
"""So much of a text decides."""
STRAY_BYTES = 3
STRAY_SHARE = 0.05
"""UTF-8 text may hold so many bytes that are none, and this many for each character beyond ASCII."""
SURE_CHARS = 4
"""So many valid characters beyond ASCII make a text UTF-8 before its end is known."""
UNSURE = 0.5
"""The confidence of a guess that any witness may correct."""
LEAST_CHARS = 8
"""Fewer ideographs prove nothing."""
LEAST_SCORE = 0.55
LEAST_LEAD = 0.2

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""The mark stays in the text, as U+FEFF: with the name it says which bytes it was."""
_LEGACY = ("gb18030", "big5hkscs", "cp950")
_WIDE = ("utf-16-le", "utf-16-be")
_WIDEST = ("utf-32-le", "utf-32-be")
WIDE = (*_WIDE, *_WIDEST)
_UNREAD = {
    "hz": "HZ",
    "iso2022": "ISO 2022",
    "utf7": "UTF-7",
    "euctw": "EUC-TW",
    "xeuctw": "EUC-TW",
    "cns11643": "EUC-TW",
}
"""How the names of encodings begin that are not read, and what they are called. In most of them what a byte means depends on all those
before it, and one text can be written in many ways: its bytes could not be given back. Browsers do not read most of them either."""
_EUC_TW = expression(rb"[\x00-\x7f]|[\xa1-\xa7\xc2\xc4-\xfd][\xa1-\xfe]|\x8e[\xa1-\xb0][\xa1-\xfe]{2}")
"""A character of EUC-TW; the second kind is of the first plane of CNS 11643, whose ideographs are those of Big5's first level."""
_EUC_TW_HAN = 0xC4
_LEAST_COMMON = 0.1
"""Of the ideographs of EUC-TW so many are among the commonest, however few are known by their place."""
_SHOWN_CHARS = 12
_LONGEST_LINE = 64
_LONGEST_CHARACTER = 4
_HZ = expression(rb"~\{((?:[!-w][!-~])+)~\}")
_ISO_2022 = expression(rb"\x1b\$[()*+]?[A-M@]")
_LEAST_SHIFTED = 2
_NO_TEXT = ("idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape")
"""Python's ways to write characters in names and programs."""
_HAN = expression("[\u4e00-\u9fff]")
_BAD = expression("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ue000-\uf8ff\uff61-\uff9f\ufffd-\uffff]")
_NOT_ASCII = expression(b"[\x80-\xff]")
_ASCII = expression("[\x00-\x7f]")
_STRAY = expression("[\udc80-\udcff]")
_VALID = expression("[^\x00-\x7f\udc80-\udcff]")
_COMMON = frozenset(
    "的一是不了在人有我他这這个個们們中来來上大为為和国國地到以说說时時要就出会會可也你对對生能而子那得于於着著下自之年过過"
    "发發后後作里裡用道行所然家种種事成方多经經么麼去法学學如都同现現当當没沒动動面起看定天分还還进進好小部其些主样樣理"
    "心她本前开開但因只从從想实實日者意无無力它与與长長把机機十民第公此已工使情明性知全三又关關点點正业業外将將两兩高间間由问問"
)


Variants = Mapping[str, list[int]]
"""For the bytes of such a character, in hexadecimal, its places in the text."""


class Encoding(NamedTuple):
    """What a text is in.

    Attributes:
        name: as Python knows it.
        confidence: 0 to 1; 1 for what was declared or marked.
        reason: in words.
        variants: characters that the encoding can write in two ways, and that are written in the rarer one.
    """

    name: str
    confidence: float
    reason: str
    variants: Variants | None = None


def canonical(name: str) -> str | None:
    """Python's name for an encoding, the widest one of its family; None if there is none of that name, or it cannot be read
    (those in which a byte means what earlier ones say, such as HZ).

    >>> canonical("GB2312"), canonical("Big5"), canonical("UTF8"), canonical("klingon"), canonical("HZ")
    ('gb18030', 'big5hkscs', 'utf-8', None, None)
    """
    try:
        found = codecs.lookup(name)
        "甲".encode(found.name, "ignore").decode(found.name, "ignore")
    except (LookupError, UnicodeError, TypeError, ValueError):
        return None
    if to_be_converted(found.name) or found.name in _NO_TEXT:
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "utf-8-sig": "utf-8"}.get(
        found.name, found.name
    )


def marked(data: bytes) -> Encoding | None:
    """The encoding that a byte order mark names; None if there is none.

    >>> marked("甲".encode("utf-16-be")), marked("\\ufeff甲".encode("utf-16-be")).name
    (None, 'utf-16-be')
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Encoding(name, 1.0, "byte order mark")
    return None


def shifted(data: bytes) -> str | None:
    """The encoding of ASCII bytes some of which are Chinese, since others in front of them say so; None if they are what they look like.

    >>> shifted("今天天氣好".encode("iso2022_jp_2")), shifted(b"~{=qLlLlFx:C~}"), shifted(b"s =~{ab}~ $1")
    ('ISO 2022', 'HZ', None)
    """
    if b"\x1b$" in data and _ISO_2022.search(data):
        return "ISO 2022"
    if b"~{" in data:
        runs = (bytes(byte | 0x80 for byte in run) for run in _HZ.findall(data))
        common = sum(len(_COMMON.intersection(run.decode("gb2312", "ignore"))) for run in runs)
        if common >= _LEAST_SHIFTED:
            return "HZ"
    return None


def to_be_converted(name: str) -> str:
    """What an encoding is called that has to be made another one before it is read; empty for all others.

    >>> to_be_converted("ISO-2022-CN"), to_be_converted("x-euc-tw"), to_be_converted("gbk")
    ('ISO 2022', 'EUC-TW', '')
    """
    plain = "".join(filter(str.isalnum, name.lower()))
    return next((called for begin, called in _UNREAD.items() if plain.startswith(begin)), "")


def is_euc_tw(data: bytes) -> bool:
    """Whether bytes are Chinese in EUC-TW, for which Python has no codec. There are at least `LEAST_CHARS` ideographs.

    >>> is_euc_tw(bytes.fromhex("e7f8c5caeaf4e2d7c5cac5caeaf4e2d7")), is_euc_tw("今天下午新馆开放了。".encode("gbk"))
    (True, False)
    """
    sample = data[:SAMPLE_BYTES]
    characters = _EUC_TW.findall(sample)
    # The last one may be cut.
    if len(sample) - sum(map(len, characters)) >= _LONGEST_CHARACTER or not sample.startswith(b"".join(characters)):
        return False
    known = [code for code in characters if len(code) == 2 and code[0] >= _EUC_TW_HAN]
    rare = sum(len(code) > 2 for code in characters)
    if len(known) < max(LEAST_CHARS, rare):
        return False
    # The order is that of Big5 but for some places, at which it is one off.
    level = _big5_level()
    places = [(code[0] - _EUC_TW_HAN) * 94 + code[1] - 0xA1 for code in known]
    common = sum(level[place : place + 1] in _COMMON for place in places if place < len(level))
    return common >= _LEAST_COMMON * len(places)


def readings(data: bytes) -> list[tuple[str, str]]:
    """How the first characters of a text beyond ASCII look in each encoding that it may be in.

    Args:
        data: the text, or its beginning.

    Returns:
        Names of encodings, with what a person can tell them apart by; none in which most of it are rare characters.

    >>> readings("今天天气很好".encode("gbk")), readings("café".encode("latin-1"))
    ([('gb18030', '今天天气很好'), ('big5', '踏毞毞げ竭疑')], [])
    """
    found = _NOT_ASCII.search(data)
    if found is None or 0 in data:
        return []
    line = data[found.start() :].partition(b"\n")[0].rstrip(b"\r")[:_LONGEST_LINE]
    shown = []
    for name in ("gb18030", "big5"):
        text = _ASCII.split(Reader(canonical(name) or name).decode(line), maxsplit=1)[0][:_SHOWN_CHARS]
        usual = sum(map(_first_level().__contains__, text))
        if 2 * usual > len(_HAN.findall(text)) and not _BAD.search(text):
            shown.append((name, text))
    return shown


def detect_encoding(data: bytes, *, complete: bool, last: bool = False) -> Encoding | None:
    """The encoding of a text that begins with these bytes; None if they do not tell.

    Args:
        data: the beginning of the text; its first 64 KiB are looked at.
        complete: whether this is all of the text. If not, None can also mean that more is needed.
        last: no more will be looked at.

    >>> detect_encoding("今天下午，市图书馆的新馆向读者开放了。".encode("gbk"), complete=True).name
    'gb18030'
    """
    if found := marked(data):
        return found
    cut = len(data) > SAMPLE_BYTES or not complete
    sample = data[:SAMPLE_BYTES]
    if _NOT_ASCII.search(sample) is None and 0 not in sample:
        return Encoding("utf-8", 1.0, "ASCII") if complete else None
    if found := _as_utf8(sample, cut=cut, last=last):
        return found
    wide = 0 in sample or len(sample) % 2 == 0 or cut
    # Every character of UTF-32 has a NUL in it.
    widest = 0 in sample
    candidates = (*_LEGACY, *(_WIDE if wide else ()), *(_WIDEST if widest else ()))
    scores = {name: _score(sample, name, cut=cut) for name in candidates}
    best = max(scores, key=scores.__getitem__)
    # Readings of one family hardly differ: the lead is over the best of another one.
    other = max(score for name, score in scores.items() if name != best and {name, best} != {"big5hkscs", "cp950"})
    if scores[best] < LEAST_SCORE or scores[best] - other < LEAST_LEAD:
        return None
    return Encoding(best, round(min(1.0, scores[best] - max(0.0, other)), 2), "characters of Chinese")


def _as_utf8(sample: bytes, *, cut: bool, last: bool = False) -> Encoding | None:
    text, _ = codecs.utf_8_decode(sample, "surrogateescape", not cut)
    stray = 0 if text.isascii() else len(_STRAY.findall(text))
    nuls = sample.count(0)
    if nuls > STRAY_BYTES and nuls * 200 >= len(sample):
        return None
    if not stray and not cut:
        return Encoding("utf-8", 1.0, "valid UTF-8")
    valid = len(_VALID.findall(text))
    if valid <= stray and _is_short_legacy(sample):
        return None
    if stray > STRAY_BYTES + STRAY_SHARE * valid:
        return None
    if cut and valid < SURE_CHARS:
        # Hardly anything is beyond ASCII, long as it is: believed as in a short text, as long as nobody says otherwise.
        return Encoding("utf-8", UNSURE, "valid UTF-8") if last and valid and not stray else None
    return Encoding("utf-8", round(valid / (valid + stray), 2) if valid else UNSURE, "valid UTF-8")


def _is_short_legacy(sample: bytes) -> bool:
    """Whether the few bytes beyond ASCII in a text are ideographs of a first level, all of them. A degree sign in front of a capital is
    one of Big5, so a lone one has to be common there."""
    for name in ("gb18030", "big5hkscs"):
        beyond = "".join(character for character in Reader(name).decode(sample, final=True) if character > "\x7f")
        if beyond and _first_level().issuperset(beyond):
            return name == "gb18030" or len(beyond) > 1 or beyond in _COMMON
    return False


def _score(sample: bytes, name: str, *, cut: bool) -> float:
    """How much the bytes look like Chinese in an encoding: 0.8 for ordinary text, about 0 for any other reading."""
    decoder = codecs.getincrementaldecoder(name)("replace")
    try:
        text = decoder.decode(sample, not cut)
    except UnicodeError:
        return -1.0
    ideographs = _HAN.findall(text)
    if len(ideographs) < LEAST_CHARS:
        return -1.0
    beyond_ascii = sum(character > "\x7f" for character in text)
    first_level = _first_level()
    common = sum(map(_COMMON.__contains__, ideographs)) / len(ideographs)
    usual = sum(map(first_level.__contains__, ideographs)) / len(ideographs)
    bad = len(_BAD.findall(text)) / beyond_ascii
    return common + 0.5 * usual - 2 * bad


@cache
def _first_level() -> frozenset[str]:
    """The ideographs of the first level of GB 2312 (rows 16 to 55) and of Big5 (A440 to C67E)."""
    rows = b"".join(bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return frozenset(rows.decode("gb2312", "ignore") + _big5_level())


@cache
def _big5_level() -> str:
    """The ideographs of the first level of Big5, in its order."""
    cells = [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
    level = b"".join(bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in cells if (row, cell) <= (0xC6, 0x7E))
    return level.decode("big5", "ignore")
