"""What is not text at all is refused before any of it is cleaned, with a word on what it is and what to do.

The first bytes tell: the signatures of images, archives, documents and programs. NUL is the sign of binary data (or of
UTF-16), but scrapers also leave single ones in good pages: many of them in the first 64 KiB refuse the file, a few pass
and are tidied away like any control character.
"""

from __future__ import annotations

from zhnorm.errors import MediaError, ReadError
from zhnorm.messages import Message

from .encoding import detect_encoding

__all__ = ["MEDIA", "SIGNATURES", "kind_of", "refuse_binary"]

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
