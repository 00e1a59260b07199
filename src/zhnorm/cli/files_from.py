"""`--files-from`: the names of files in a list, as other commands write it (`find`, `git ls-files`, `fd`)."""

from __future__ import annotations

import os
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE

from zhnorm.errors import ReadError, UsageError, system_says
from zhnorm.messages import Message

from .streams import standard_input, title_of

__all__ = ["read_names"]

_MOST_BYTES = 1 << 28


def read_names(path: str, *, quiet: bool = False) -> list[str]:
    """The names in a list: one a line, or ended by NUL (`find -print0`), which no name holds and so need not be said.

    Empty ones are passed over. Names are bytes to the system, and stay what they are.

    Args:
        path: the list; "-" is standard input.
        quiet: say nothing to a person at the keyboard.

    Raises:
        ReadError: it cannot be read, or is larger than 256 MiB.
        UsageError: it is no list of names, or names standard input, or its names are meant from another folder.
    """
    title = title_of(path)
    try:
        if path == "-":
            data = standard_input(quiet).read(_MOST_BYTES + 1)
        else:
            with open(path, "rb") as file:
                data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise ReadError(
            Message("{title}: {strerror}", title=title, strerror=system_says(error)),
            hint="check the path of the list",
        ) from error
    if len(data) > _MOST_BYTES:
        raise ReadError(
            Message("{title}: more than {most:,} bytes", title=title, most=_MOST_BYTES),
            hint="is it a list of names?",
        )
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise UsageError(
            Message("{title}: a list in UTF-16", title=title),
            hint="save it as UTF-8: in PowerShell, | Out-File -Encoding utf8",
        )
    data = data.removeprefix(BOM_UTF8)
    parts = data.split(b"\0") if b"\0" in data else [line.removesuffix(b"\r") for line in data.split(b"\n")]
    names = [os.fsdecode(part) for part in parts if part]
    if "-" in names:
        raise UsageError(Message("{title}: names standard input (-)", title=title), hint="a file of that name is ./-")
    _refuse_another_folder(path, names)
    return names


def _refuse_another_folder(path: str, names: list[str]) -> None:
    """Say so if names are meant from the folder of the list, and not from the current one."""
    folder = os.path.dirname(path)
    if not folder or not names or os.path.lexists(names[0]) or not os.path.lexists(os.path.join(folder, names[0])):
        return
    message = Message("{path}: {names} is not in this folder, but in that of the list", path=path, names=names[0])
    raise UsageError(message, hint=Message("names are taken from the current folder: cd {folder}", folder=folder))
