"""Commands that somebody copies from a report into a shell: how things are written so that they arrive as they are."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .terminal import visible

__all__ = ["Origin", "shell_word"]

_BARE = re.compile(r"[\w@%+:,./-]+")


def shell_word(text: str) -> str:
    r"""A text as one word of a POSIX shell; what no terminal shows as it is becomes an escape, which bash, zsh and ksh know.

    >>> print(shell_word("網頁/a.txt"), shell_word("it's"), shell_word("a\x1b\udcff"))
    網頁/a.txt 'it'"'"'s' $'a\x1b\xff'
    """
    if _BARE.fullmatch(text):
        return text
    if visible(text) == text:
        return shlex.quote(text)
    try:
        octets = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # the name of no file, but one may stand in a ledger
        octets = text.encode("utf-8", "surrogatepass")
    # A digit behind \xff would be read as part of it by some shells, so it is written likewise.
    shown = "".join(chr(octet) if chr(octet).isalpha() and octet < 0x80 else f"\\x{octet:02x}" for octet in octets)
    return f"$'{_apart(shown)}'"


def _apart(escaped: str) -> str:
    """A letter that could be read as a third digit of the escape before it, as an escape."""
    return re.sub(r"(?<=\\x[0-9a-f]{2})[A-Fa-f]", lambda found: f"\\x{ord(found[0]):02x}", escaped)


@dataclass(slots=True)
class Origin:
    """Where a report comes from, as far as commands need to know.

    Attributes:
        paths: the inputs as they were given; none is standard input.
        ledger: path of the ledger that tells the same; None if there is none.
        side: whether the paths are what went in, or what came out of the run: files that were cleaned in place are both by now.
        listed: the file in which the inputs are named, if they are not given as paths.
    """

    paths: Sequence[str] = ()
    ledger: str | None = None
    side: Literal["input", "output"] = "input"
    listed: str | None = None

    @property
    def can_apply(self) -> bool:
        """Whether a command could make the output again: inputs in a list are too many for one, those cleaned in place need their ledger."""
        return self.listed is None and not (self.side == "output" and self.ledger is None)

    @property
    def is_lone(self) -> bool:
        """Whether there is one document, so that lines need no name in front."""
        return len(self.paths) < 2 and not any(map(os.path.isdir, self.paths))

    @property
    def is_piped(self) -> bool:
        """Whether the text came through a pipe, and is in no file that could be named."""
        return not self.paths or "-" in self.paths

    def to_apply(self) -> str:
        """The command that makes the output again, up to what is to be left out."""
        paths = ["page.txt"] if self.is_piped else list(self.paths)
        before = ""
        if self.side == "output":
            source = "source.txt" if self.is_lone else "source"
            before = f"zhnorm restore {_words(paths)} --ledger {self._ledger} -o {source} && "
            paths = [source]
        return f"{before}zhnorm apply {_words(paths)} --ledger {self._ledger}"

    def target(self) -> str:
        """The end of the command: where the text goes."""
        return "-o kept.txt" if self.is_lone else "-o kept"

    def to_explain(self, name: str) -> str:
        """The command that shows a document on a terminal, "" if its file is not known."""
        path = next((path for path in self._candidates(name) if os.path.isfile(path)), None)
        ledger = f" --ledger {self._ledger}" if self.ledger else ""
        return "" if path is None else f"zhnorm explain {_words([path])}{ledger}"

    def _candidates(self, name: str) -> Iterator[str]:
        """Where the file of a document may be: its name goes from a folder that was given, or from the one above."""
        for path in self.paths:
            if os.path.isdir(path):
                yield os.path.join(path, name)
                yield os.path.join(os.path.dirname(path.rstrip("/")), name)
            elif os.path.basename(path) == os.path.basename(name):
                yield path

    @property
    def _ledger(self) -> str:
        return _words([self.ledger or "why.jsonl"])


def _words(paths: Sequence[str]) -> str:
    """Paths as words, none of which is taken for an option."""
    return " ".join(shell_word(f"./{path}" if path.startswith("-") else path) for path in paths)
