"""What can go wrong: a message, a hint about what to do, and the exit code of the command line.

Every error that zhnorm raises on purpose is a `ZhnormError`. The command line prints `message` and `hint`
on stderr and ends with `exit_code`; a library caller catches the class.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Sequence
from enum import IntEnum
from itertools import islice

from .messages import Message, joined

__all__ = [
    "MEMORY_HINT",
    "AuditError",
    "ExitCode",
    "LimitError",
    "MediaError",
    "NotTextError",
    "PackageError",
    "ReadError",
    "RulesError",
    "SettingsError",
    "UsageError",
    "WriteError",
    "ZhnormError",
    "bug",
    "did_you_mean",
    "is_missing",
    "missing_hint",
    "near_names",
    "not_text",
    "shortage",
    "system_says",
]

_NEAR = 0.75
"""So alike, 0 to 1, is a name to the one that was meant."""
_MOST_NAMES = 1000
"""So many names of a folder are looked at for that."""
MEMORY_HINT = "is there enough memory? a smaller --jobs or --window-lines needs less"


class ExitCode(IntEnum):
    """How the `zhnorm` command ends. When several things happened, the largest number wins."""

    DONE = 0
    WOULD_CHANGE = 1
    USAGE = 2
    SOME_FAILED = 3
    INPUT_OUTPUT = 4
    AUDIT = 5


class ZhnormError(Exception):
    """Something that the user can act on.

    Args:
        message: what happened and where (file, line, byte).
        hint: what to do about it; may be empty.
        details: lines that belong below the message, one thing each.

    >>> error = ReadError("page.txt: no such file", hint="check the path")
    >>> error.exit_code, str(error), error.hint
    (<ExitCode.INPUT_OUTPUT: 4>, 'page.txt: no such file', 'check the path')
    """

    exit_code: ExitCode = ExitCode.INPUT_OUTPUT

    def __init__(self, message: str, *, hint: str = "", details: tuple[str, ...] = ()) -> None:
        super().__init__("\n  ".join((message, *details)))
        self.message = message
        self.hint = hint
        self.details = details
        if hint:
            # So that a traceback tells it, in a notebook or a log.
            self.add_note(hint)

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.message, self.hint, self.details)


def _rebuild(kind: type[ZhnormError], message: str, hint: str, details: tuple[str, ...]) -> ZhnormError:
    return kind(message, hint=hint, details=details)


class UsageError(ZhnormError):
    """The command or call does not make sense; nothing was touched."""

    exit_code = ExitCode.USAGE


class NotTextError(UsageError, TypeError):
    """A function that takes text was given something else. It is a `TypeError`, too."""


class PackageError(UsageError, ImportError):
    """A package that is needed for this is not installed. It is an `ImportError`, too."""


class SettingsError(ZhnormError):
    """A setting, configuration file or dictionary cannot be used; nothing was touched."""

    exit_code = ExitCode.USAGE


class RulesError(ZhnormError):
    """A rule pack is broken, or a rule fails its own examples; nothing was touched."""

    exit_code = ExitCode.USAGE


class ReadError(ZhnormError):
    """An input could not be read."""

    exit_code = ExitCode.INPUT_OUTPUT


class MediaError(ReadError):
    """A picture, a sound, a video or a font, by its name and by what is in it: among other files it is left out, and nothing failed."""


class WriteError(ZhnormError):
    """An output could not be written; what stood there before is intact."""

    exit_code = ExitCode.INPUT_OUTPUT


class LimitError(ZhnormError):
    """A document takes more time or room than it may. No more of it was given out, and what was is as it would have been."""

    exit_code = ExitCode.INPUT_OUTPUT


class AuditError(ZhnormError):
    """A law did not hold: a bug in zhnorm. The output was withheld."""

    exit_code = ExitCode.AUDIT


def system_says(error: OSError) -> Message:
    """What the system says is wrong, as a message.

    >>> system_says(FileNotFoundError(2, "No such file or directory", "page.txt"))
    'No such file or directory'
    """
    return Message(error.strerror or str(error))


def bug(error: Exception, where: str = "") -> AuditError:
    """An error that nobody thought of, as one that can be reported.

    >>> print(bug(KeyError("x"), "page.txt"))
    page.txt: a bug in zhnorm: KeyError: 'x'
    """
    place = f"{where}: " if where else ""
    found = AuditError(
        Message(
            "{place}a bug in zhnorm: {kind}: {error}",
            place=place,
            kind=type(error).__name__,
            error=str(error)[:300],
        ),
        hint="please report it with the traceback: run again with ZHNORM_TRACEBACK=1",
    )
    found.__cause__ = error
    return found


def is_missing(value: object) -> bool:
    """Whether a value stands for none, as libraries for tables write it: None, NaN, NaT or NA.

    >>> is_missing(None), is_missing(float("nan")), is_missing("")
    (True, True, False)
    """
    return (
        value is None or (isinstance(value, float) and value != value) or type(value).__name__ in ("NaTType", "NAType")
    )


def missing_hint(path: str, otherwise: str = "") -> str:
    """What can be done about a file that is not there: it may be called a little otherwise.

    Args:
        path: as it was given.
        otherwise: said if nothing there has a name like it; to check the path, by default.

    >>> missing_hint("no folder/page.txt"), missing_hint("https://rain.example/cat")
    ('check the path', 'fetch it first: curl -s https://rain.example/cat > page.html')
    """
    if path.startswith(("http://", "https://")):
        return Message("fetch it first: curl -s {path} > page.html", path=path)
    folder, name = os.path.split(path.rstrip(os.sep))
    try:
        with os.scandir(folder or ".") as entries:
            names = [entry.name for entry in islice(entries, _MOST_NAMES)]
    except (OSError, ValueError):
        names = []
    near = [os.path.join(folder, found) for found in near_names(name, names)]
    return did_you_mean(near) or otherwise or "check the path"


def near_names(name: str, known: Iterable[str], most: int = 1) -> list[str]:
    """Names that are much like one that there is not, the likest first: one that is only a little like it is no help.

    Args:
        name: as it was given.
        known: names that there are.
        most: so many at most.

    >>> near_names("tilte", ["title", "tidy"]), near_names("output", ["counts"])
    (['title'], [])
    """
    import difflib

    return difflib.get_close_matches(name, list(known), most, _NEAR)


def did_you_mean(near: Sequence[str]) -> str:
    """A hint that asks for one of some names; empty if there are none.

    >>> did_you_mean(["web/share-bar", "web/share-label"]), did_you_mean([])
    ('did you mean web/share-bar or web/share-label?', '')
    """
    return Message("did you mean {near}?", near=joined(" or ", near)) if near else ""


def not_text(value: object, where: str = "") -> NotTextError:
    """The error for something that should be text, with what to do about it.

    Args:
        value: what it is.
        where: which one, such as `texts[3]`.

    >>> error = not_text(None, "texts[3]")
    >>> print(error, error.hint, sep="; ")
    texts[3]: expected text, got None; leave it out, or give "" for a page without text
    """
    place = f"{where}: " if where else ""
    kind = repr(value) if is_missing(value) else type(value).__name__
    if is_missing(value):
        hint = 'leave it out, or give "" for a page without text'
        if value is not None:
            hint += '; in pandas .dropna() and .fillna("") do that'
    elif isinstance(value, bytes | bytearray | memoryview):
        hint = 'decode it first: data.decode("utf-8"); `zhnorm detect FILE` finds out what a file is in'
    elif hasattr(value, "read_text") or hasattr(value, "read"):
        hint = 'read it first: path.read_text("utf-8"), or file.read()'
    elif hasattr(value, "__iter__"):
        hint = "one text is one str; zhnorm.clean_many takes many"
    else:
        hint = "a text is a str"
    return NotTextError(Message("{place}expected text, got {kind}", place=place, kind=kind), hint=hint)


def shortage(error: BaseException, where: str = "") -> ReadError | None:
    """What the system has too little of, or no longer has, as an error that says so; None if that is not what happened.

    >>> print(shortage(OSError(errno.EMFILE, "Too many open files"), "page.txt"))
    page.txt: too many open files
    >>> shortage(KeyError("x"))
    """
    place = f"{where}: " if where else ""
    number = error.errno if isinstance(error, OSError) else None
    if isinstance(error, MemoryError) or number == errno.ENOMEM:
        said = Message("{where}: not enough memory for it", where=where) if where else Message("not enough memory")
        return ReadError(said, hint=MEMORY_HINT)
    if number in (errno.EMFILE, errno.ENFILE):
        hint = "a smaller --jobs needs fewer; ulimit -n says how many there may be"
        return ReadError(Message("{place}too many open files", place=place), hint=hint)
    if isinstance(error, FileNotFoundError) and error.filename is None:
        # What the system says where it is asked which folder this is.
        return ReadError(Message("{place}the current folder is gone", place=place), hint="go to another: cd")
    if isinstance(error, ImportError) and not (error.name or "").startswith("zhnorm"):
        # A library that does not fit into memory cannot be imported.
        reason = str(error.__cause__ or error).strip().partition("\n")[0]
        hint = "is there enough memory? if there is, install zhnorm anew"
        return ReadError(Message("{place}a package cannot be loaded: {reason}", place=place, reason=reason), hint=hint)
    return None
