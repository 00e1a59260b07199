"""What the beginning of a document looks like: a table, JSON, a text, or no text at all.

Standard input has no name to go by. JSON that is cleaned as text is broken (its records are repeats of each other, its keys are
converted), so it is taken for what it is; a table is not sure enough for that, and is only spoken of.

What is not text at all is refused before any of it is cleaned, with a word on what it is and what to do.
"""

from __future__ import annotations

from collections.abc import Collection

from zhnorm.arrays.expressions import expression
from zhnorm.errors import MediaError, ReadError
from zhnorm.messages import Message

from .encoding import detect_encoding
from .json_array import JsonArray, Scan
from .jsonl import JsonLines, ProblemError
from .records import GUESSES

__all__ = ["MEDIA", "SIGNATURES", "kind_of", "looks_like", "looks_like_table", "refuse_binary"]

_OBJECT = expression(r'\{\s*+"(?:[^"\\]++|\\.)*+"\s*+:')
_BEGINNING = expression(r'\s*+\{\s*+"')
_ARRAY = expression(r'\[\s*+\{\s*+"(?:[^"\\]++|\\.)*+"\s*+:')
_LEAST_BEHIND = 2
"""So many records at once behind a first line that is none make it a broken one."""
_MOST_OTHERS = 0.1
"""Of the lines of a file of JSON Lines so many may be no records at all."""


def looks_like(head: str) -> str:
    """The format that a text is surely in: jsonl, json, or nothing.

    Args:
        head: the beginning of it; a last line without end may go on.

    >>> looks_like('{"id": 1, "text": "網絡"}\\n{"id": 2, "te'), looks_like('[\\n{"text": "網'), looks_like("[網絡] 安全\\n")
    ('jsonl', 'json', '')
    >>> looks_like('{"@context": "https://schema.org"}\\n網絡安全宣傳周\\n')
    ''
    """
    text = head.removeprefix("\ufeff").lstrip()
    if _ARRAY.match(text):
        return "json" if _holds(JsonArray(()), text) else ""
    whole, _, _ = text.rpartition("\n")
    lines = [line for line in whole.split("\n") if line.strip()]
    if not _OBJECT.match(text):
        return "jsonl" if _begins_broken(lines) else ""
    if _is_json_lines(lines):
        return "jsonl"
    return "json" if not _is_object(lines[0]) and _holds(JsonArray((), in_array=False), text) else ""


def _is_json_lines(lines: list[str]) -> bool:
    """Whether lines are records, be it that some are broken: cut off, or by a line end in the middle, with their other half below."""
    spoilt = [line for line in lines if not _is_object(line)]
    cut = sum(_BEGINNING.match(line) is not None for line in spoilt)
    others = len(spoilt) - cut
    return 2 * len(spoilt) <= len(lines) and others <= max(cut, _MOST_OTHERS * len(lines))


def _begins_broken(lines: list[str]) -> bool:
    """Whether lines are records but for the first, of which the beginning is gone, or the end."""
    if len(lines) <= _LEAST_BEHIND or not all(map(_is_object, lines[1 : 1 + _LEAST_BEHIND])):
        return False
    first = lines[0].strip()
    return (first.startswith("{") or first.endswith("}")) and _is_json_lines(lines[1:])


def _is_object(line: str) -> bool:
    if "{" not in line:
        return False
    form = JsonLines(())
    try:
        form.members(line, form.begin(line, 1))
    except ProblemError:
        return False
    return True


def _holds(form: JsonArray, text: str) -> bool:
    """Whether the first record can be read, as far as it is there."""
    scan = Scan(is_open=False, in_array=form.in_array)
    end = next(scan.ends(text), 0) or (len(text) if scan.is_over else 0)
    if not end:
        return True
    try:
        form.members(text[:end], form.begin(text[:end], 1))
    except ProblemError:
        return False
    return True


def looks_like_table(head: str, wanted: Collection[str] = ()) -> str:
    """The name of the column that holds the text, if a text looks like CSV or TSV; empty if it does not.

    Args:
        head: the beginning of it.
        wanted: names of columns, or their numbers from 1, one of which has to be there; none: one that usually holds the text.

    >>> looks_like_table("編號,備註\\n1,網絡\\n", ["備註"]), looks_like_table("編號,備註\\n1,網絡\\n", ["3"])
    ('備註', '')
    >>> looks_like_table('id,url,content\\n1,http://example.com/1,"網絡')
    'content'
    >>> looks_like_table("網絡，安全，内容\\n")
    ''
    """
    first, end, _ = head.removeprefix("\ufeff").partition("\n")
    if not end:
        return ""
    for delimiter in ",\t;|":
        cells = [cell.strip().strip('"') for cell in first.rstrip("\r").split(delimiter)]
        numbers = map(str, range(1, len(cells) + 1))
        if wanted and len(cells) > 1 and (found := next((name for name in (*cells, *numbers) if name in wanted), "")):
            return found
        # A table that pandas wrote has no name for its index.
        if not wanted and len(cells) > 1 and all(cells[1:]) and len(set(cells)) == len(cells):
            return next((cell for cell in cells if cell.lower() in GUESSES), "")
    return ""


_SNIFF_BYTES = 1 << 16
_STRAY_NULS = 3

_UNPACK = "unpack it, and give zhnorm the text inside it"
_IMAGE = "there is no text in it; leave it out"
_DOCUMENT = "save it as text first"
SIGNATURES = (
    (b"\x1f\x8b", 0, b"", "gzip data", _UNPACK),
    (b"BZh", 0, b"", "bzip2 data", _UNPACK),
    (b"\xfd7zXZ\0", 0, b"", "xz data", _UNPACK),
    (b"\x28\xb5\x2f\xfd", 0, b"", "zstd data", _UNPACK),
    (
        b"PK\x03\x04",
        30,
        b"mimetypeapplication/epub+zip",
        "an EPUB book",
        "unzip it, and take the text out of its pages",
    ),
    (b"PK\x03\x04", 30, b"[Content_Types].xml", "an office document", _DOCUMENT),
    (b"PK\x03\x04", 0, b"", "a zip archive or office document", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", 0, b"", "a 7z archive", _UNPACK),
    (b"Rar!\x1a\x07", 0, b"", "a RAR archive", _UNPACK),
    (b"", 256, b"\0ustar", "a tar archive", _UNPACK),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, b"", "an old office document", _DOCUMENT),
    (b"%PDF-", 0, b"", "a PDF", "take the text out of it first: pdftotext"),
    (b"{\\rtf", 0, b"", "an RTF document", _DOCUMENT),
    (b"\x89PNG\r\n", 0, b"", "a PNG image", _IMAGE),
    (b"\xff\xd8\xff", 0, b"", "a JPEG image", _IMAGE),
    (b"GIF8", 0, b"", "a GIF image", _IMAGE),
    (b"RIFF", 8, b"WEBP", "a WebP image", _IMAGE),
    (b"II*\0", 0, b"", "a TIFF image", _IMAGE),
    (b"MM\0*", 0, b"", "a TIFF image", _IMAGE),
    (b"\0\0\1\0", 0, b"", "an icon", _IMAGE),
    (b"\0\0", 4, b"ftyp", "a video or HEIC image", _IMAGE),
    (b"\x1aE\xdf\xa3", 0, b"", "a video", _IMAGE),
    (b"OggS", 0, b"", "an audio file", _IMAGE),
    (b"ID3", 4, b"\0", "an MP3 audio file", _IMAGE),
    (b"wOF2", 0, b"", "a font", _IMAGE),
    (b"wOFF", 0, b"", "a font", _IMAGE),
    (b"OTTO", 0, b"", "a font", _IMAGE),
    (b"\0\1\0\0\0", 0, b"", "a font", _IMAGE),
    (b"PAR1", 0, b"", "a Parquet file", "name it .parquet, or say --format parquet"),
    (b"SQLite format 3\0", 0, b"", "an SQLite database", "export a table of it as CSV"),
    (b"\x7fELF", 0, b"", "a program", _IMAGE),
)
"""What a file begins with, and what stands further on; name and hint."""
MEDIA = (
    ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".heic", ".bmp", ".tif", ".tiff", ".ico",
    ".mp3", ".m4a", ".ogg", ".oga", ".wav", ".flac", ".mp4", ".m4v", ".mov", ".webm", ".mkv", ".avi",
    ".woff", ".woff2", ".ttf", ".otf", ".eot",
)  # fmt: skip
"""How the names of files end that nobody expects text of."""


def kind_of(head: bytes) -> tuple[str, str] | None:
    """What the first bytes of a file say that it is, and a hint; None if they are no known signature.

    >>> kind_of(b"%PDF-1.7")
    ('a PDF', 'take the text out of it first: pdftotext')
    """
    for begin, place, further, name, hint in SIGNATURES:
        if head.startswith(begin) and head.startswith(further, place):
            return name, hint
    return None


def refuse_binary(head: bytes, name: str) -> None:
    """Look at the first bytes of a document and refuse what is not text.

    Args:
        head: the first piece of the document.
        name: for messages.

    Raises:
        ReadError: the document is not text.
        MediaError: nor does its name say so.

    >>> refuse_binary("甲\\0乙".encode(), "page.txt")
    >>> refuse_binary(b"\\x89PNG\\r\\n\\x1a\\n", "page.txt")
    Traceback (most recent call last):
    zhnorm.errors.ReadError: page.txt: looks like a PNG image, not text
    there is no text in it; leave it out
    """
    refusal = MediaError if name.lower().endswith(MEDIA) else ReadError
    if found := kind_of(head):
        kind, hint = found
        # A document that is called a picture holds text all the same.
        refusal = refusal if hint == _IMAGE else ReadError
        raise refusal(Message("{name}: looks like {found}, not text", name=name, found=Message(kind)), hint=hint)
    nuls = head.count(0, 0, _SNIFF_BYTES)
    size = min(len(head), _SNIFF_BYTES)
    if nuls > _STRAY_NULS and nuls * 200 >= size and detect_encoding(head, complete=False) is None:
        raise refusal(
            Message(
                "{name}: looks like binary data ({nuls} NUL bytes in the first {size})", name=name, nuls=nuls, size=size
            ),
            hint="if it is text, say in which encoding: --encoding utf-16",
        )
