"""Small files that a user names: packs, settings, dictionaries, terms. They are read whole, so they have to be files, and small."""

from __future__ import annotations

import os
import stat

from .errors import ZhnormError, system_says
from .messages import Message

__all__ = ["read_small_text"]

MOST_BYTES = 16 << 20
"""Whoever needs a longer list of terms or phrases has something else in mind than a list."""


def read_small_text(
    path: str | os.PathLike[str], error: type[ZhnormError], *, hint: str, most_bytes: int = MOST_BYTES
) -> str:
    """The text of a file in UTF-8, without a byte order mark. Nothing that is in it is ever part of a message.

    Args:
        path: the file.
        error: what is raised.
        hint: what to do if it cannot be opened.
        most_bytes: it may have.

    Raises:
        error: it cannot be read, is no regular file (a device or a FIFO may have no end), is too large, or is not UTF-8.
    """
    try:
        # A FIFO that nobody writes to would be waited for.
        opened = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(opened, "rb") as file:
            if not stat.S_ISREG(os.fstat(opened).st_mode):
                raise error(Message("{path}: not a regular file", path=path), hint=hint)
            data = file.read(most_bytes + 1)
    except (OSError, ValueError) as reason:
        said = system_says(reason) if isinstance(reason, OSError) else Message("no path")
        raise error(Message("{path}: {said}", path=path, said=said), hint=hint) from reason
    if len(data) > most_bytes:
        said = Message("{path}: more than {most_bytes:,} bytes", path=path, most_bytes=most_bytes)
        raise error(said, hint="is it the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as reason:
        said = Message("{path}: not UTF-8 at byte {byte}", path=path, byte=reason.start + 1)
        raise error(said, hint="save the file as UTF-8") from reason
