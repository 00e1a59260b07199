"""Finding the files of a folder that are wanted, in an order that depends on nothing but their names."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from zhnorm.arrays.expressions import expression

__all__ = ["Choice", "Found", "Skipped", "ignores_case", "literal", "place", "unsafe", "walk"]

_PARTS = expression(r"\*\*/|\*+|\?|\[!?\]?[^\]/]*\]|.", re.DOTALL)
_OWN = ".zhnorm"
"""How the names of journals and of files that are not finished begin."""
_LONGEST_PART = 255
"""Bytes of a part of a path: no usual file system takes more."""
_LONGEST_NAME = 4000
"""Bytes of a path inside a folder: usual systems open none by its name that has more than 4,096 in all."""


class Choice:
    """What is taken of a tree.

    A pattern without a slash is held against the last part of a name, at any depth; one with a slash against the whole
    path in the tree. `*` and `?` stay inside a part, `**` spans any number of them, `[a-z]` is one of some characters,
    `[!a-z]` one of all others. What fits a folder fits everything in it.

    Args:
        include: patterns, one of which a file must fit; none means all files.
        exclude: patterns of what is left out; they win.

    >>> choice = Choice(include=["*.txt"], exclude=["draft*", "old/**/2019"])
    >>> [choice.takes(name) for name in ("a/b.txt", "a/b.html", "draft.txt", "drafts/b.txt", "old/x/2019/b.txt")]
    [True, False, False, False, False]
    """

    def __init__(self, include: Iterable[str] = (), exclude: Iterable[str] = ()) -> None:
        self._include = [_compiled(pattern) for pattern in include]
        self._exclude = [_compiled(pattern) for pattern in exclude]

    def takes(self, name: str) -> bool:
        """Whether a file is wanted.

        Args:
            name: its path in the tree, with "/" between the parts.
        """
        if any(pattern.fullmatch(name) for pattern in self._exclude):
            return False
        return not self._include or any(pattern.fullmatch(name) for pattern in self._include)

    def enters(self, name: str) -> bool:
        """Whether it is worth looking into a folder."""
        return not any(pattern.fullmatch(name) for pattern in self._exclude)


def literal(text: str) -> str:
    """A pattern for a text itself.

    >>> literal(".bak"), literal("[1]*")
    ('.bak', '[[]1][*]')
    """
    return re.sub(r"[*?\[]", r"[\g<0>]", text)


def _compiled(pattern: str) -> re.Pattern[str]:
    wanted = pattern.strip("/")
    before = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    # What is below a folder that fits, fits.
    return re.compile(f"{before}{_translated(wanted)}(?:/.*)?", re.DOTALL)


def _translated(pattern: str) -> str:
    return "".join(map(_piece, _PARTS.findall(pattern)))


def _piece(part: str) -> str:
    if part == "**/":
        return "(?:.*/)?"
    if part == "**":
        return ".*"
    if part.startswith("*"):
        return "[^/]*"
    if part == "?":
        return "[^/]"
    if len(part) > 1:
        inside = re.sub(r"([\\\[\]^&|~])", r"\\\1", part[1:-1].removeprefix("!"))
        return f"(?!/)[{'^' if part[1] == '!' else ''}{inside}]"
    return re.escape(part)


class Found(NamedTuple):
    """A file to clean.

    Attributes:
        path: where it is.
        name: its path inside the folder, with "/" between the parts; also its path in the mirrored tree.
    """

    path: str
    name: str


class Skipped(NamedTuple):
    """Something in the folder that is not cleaned, and why.

    Attributes:
        path: where it is.
        name: its path inside the folder.
        reason: in words.
        failed: True if it may have held text that was wanted (an unreadable folder), False for what is never taken.
    """

    path: str
    name: str
    reason: str
    failed: bool = False


def walk(
    folder: str,
    prefix: str = "",
    choice: Choice | None = None,
    *,
    output: Callable[[str], str] = str,
    one_case: bool = False,
) -> Iterator[Found | Skipped]:
    """Every regular file below `folder`, sorted by the bytes of the names.

    Hidden entries, symbolic links, devices, sockets and FIFOs are not followed or opened but reported. Links are left
    alone because a scraped tree may hold one that leads anywhere; give the folder behind a link by its own path.

    Args:
        folder: an existing folder.
        prefix: put before every name, for a tree of several folders.
        choice: what of it is wanted; what is not is reported as skipped.
        output: what the output of a file is called.
        one_case: the files are to be written where "A.txt" and "a.txt" are one file: the second of them fails.
    """
    # A stack of iterators and not recursion: hostile trees are deeper than Python's stack.
    choice = choice or Choice()
    stack = [_entries(folder, prefix, choice, output, one_case)]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
        elif isinstance(item, Found | Skipped):
            yield item
        else:
            stack.append(_entries(*item, choice, output, one_case))


def place(name: str) -> tuple[bytes, ...]:
    """What the order of names goes by.

    >>> sorted(["a/z.txt", "a.txt", "a-b/c.txt"], key=place)
    ['a/z.txt', 'a-b/c.txt', 'a.txt']
    """
    return tuple(map(os.fsencode, name.split("/")))


def unsafe(name: str) -> str:
    """Why a name from elsewhere must not become a path below a folder; empty if it may.

    >>> unsafe("a/b.txt"), unsafe("../b.txt"), unsafe("/etc/passwd"), unsafe("a/.zhnorm/b.txt")
    ('', 'it leads out of the folder', 'it is absolute', 'what begins with .zhnorm is kept for zhnorm itself')
    """
    parts = name.split("/")
    if name.startswith("/") or os.path.isabs(name):
        return "it is absolute"
    if ".." in parts:
        return "it leads out of the folder"
    if "" in parts or "." in parts:
        return "a part of it is empty"
    if "\0" in name or (os.sep != "/" and os.sep in name):
        return "it holds a character that no path may hold"
    if any(part.casefold().startswith(_OWN) for part in parts):
        return f"what begins with {_OWN} is kept for zhnorm itself"
    try:
        sizes = [len(os.fsencode(part)) for part in parts]
    except UnicodeEncodeError:
        return "it holds half of a character pair"
    return "it is too long" if max(sizes) > _LONGEST_PART or sum(sizes) + len(sizes) > _LONGEST_NAME else ""


def _entries(
    folder: str, prefix: str, choice: Choice, output: Callable[[str], str], one_case: bool
) -> Iterator[Found | Skipped | tuple[str, str]]:
    """One folder's files, skipped entries and subfolders (path, name)."""
    try:
        with os.scandir(folder) as listing:
            kinds = sorted((os.fsencode(entry.name), entry.name, _kind(entry)) for entry in listing)
    except OSError as error:
        yield Skipped(folder, prefix, error.strerror or str(error), failed=True)
        return
    taken: dict[str, str] = {}
    spelled = _spelled_alike if one_case else str
    for _, entry_name, kind in kinds:
        path = os.path.join(folder, entry_name)
        name = f"{prefix}/{entry_name}" if prefix else entry_name
        wanted = choice.enters(name) if kind == "folder" else choice.takes(name)
        written = entry_name if kind == "folder" else output(entry_name)
        if kind not in ("folder", "file"):
            yield Skipped(path, name, kind)
        elif not wanted:
            yield Skipped(path, name, "excluded")
        elif (other := taken.setdefault(spelled(written), entry_name)) != entry_name:
            yield Skipped(path, name, f"would be written to the same place as {other}", failed=True)
        else:
            yield (path, name) if kind == "folder" else Found(path, name)


def _spelled_alike(name: str) -> str:
    """The same for names that are one where case and composition of characters make no difference."""
    return unicodedata.normalize("NFC", name.casefold())


def ignores_case(folder: str) -> bool:
    """Whether a folder, or the one in which it is to be made, takes names for equal that differ in case."""
    folder = os.path.realpath(folder)
    while True:
        parent, name = os.path.split(folder)
        if not name:
            return False
        other = os.path.join(parent, name.swapcase())
        if other != folder and os.path.exists(folder):
            return os.path.exists(other) and os.path.samefile(folder, other)
        folder = parent


def _kind(entry: os.DirEntry[str]) -> str:
    """What the entry is: file, folder, or the reason to leave it alone."""
    if entry.name.startswith("."):
        return "hidden"
    if entry.is_symlink():
        return "symbolic link"
    if entry.is_dir(follow_symlinks=False):
        return "folder"
    if entry.is_file(follow_symlinks=False):
        return "file"
    try:
        mode = entry.stat(follow_symlinks=False).st_mode
    except OSError as error:
        return error.strerror or str(error)
    return "FIFO" if stat.S_ISFIFO(mode) else "socket" if stat.S_ISSOCK(mode) else "device"
