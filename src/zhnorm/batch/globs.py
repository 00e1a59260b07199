"""Which names of a tree are wanted: patterns as people know them from `.gitignore` and the shell."""

from __future__ import annotations

import re
from collections.abc import Iterable

from zhnorm.text.expressions import expression

__all__ = ["Choice"]


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


def _compiled(pattern: str) -> re.Pattern[str]:
    wanted = pattern.strip("/")
    before = "" if "/" in pattern.rstrip("/") else "(?:.*/)?"
    # What is below a folder that fits, fits.
    return re.compile(f"{before}{_translated(wanted)}(?:/.*)?", re.DOTALL)


_PARTS = expression(r"\*\*/|\*+|\?|\[!?\]?[^\]/]*\]|.", re.DOTALL)


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
