"""Standard input, output and error, as bytes, and with errors that name them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from zhnorm.errors import ReadError, WriteError, ZhnormError, system_says
from zhnorm.messages import Message, counted, in_language
from zhnorm.report.terminal import visible

if TYPE_CHECKING:
    from zhnorm.formats.decode import Decoder
    from zhnorm.formats.encoding import Encoding
    from zhnorm.formats.source import Stream

__all__ = [
    "StandardOutput",
    "is_bulk",
    "is_drawn",
    "is_terminal",
    "make_room",
    "read_decoded",
    "read_each",
    "read_text",
    "say",
    "show",
    "silence_stdout",
    "standard_input",
    "title_of",
    "warn_undecodable",
]

_BULK_BYTES = 1 << 15
Read = TypeVar("Read")


def standard_input(quiet: bool = False) -> BinaryIO:
    """Standard input for reading bytes. On a terminal a person is told what is expected.

    Raises:
        ReadError: it is closed.
    """
    if sys.stdin is None:
        raise ReadError("standard input: closed", hint="give a file, or pipe text in")
    if sys.stdin.isatty() and not quiet:
        say("reading the keyboard; end with Ctrl-D")
    return sys.stdin.buffer


def is_bulk(stream: Stream) -> bool:
    """Whether much is there to be read: a file, or a pipe that is filled faster than somebody types or a log grows."""
    import stat

    try:
        if stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            return True
        import fcntl
        import termios

        ready = fcntl.ioctl(stream.fileno(), termios.FIONREAD, b"\0\0\0\0")
    except (ImportError, OSError, ValueError):
        return False
    return int.from_bytes(ready, sys.byteorder) >= _BULK_BYTES


def read_text(name: str) -> str:
    """A whole document in whatever encoding; bytes that are none of its characters as lone surrogates.

    Args:
        name: path of a file, or "-" for standard input.

    Raises:
        ReadError: it cannot be read, or is not text.
    """
    return read_decoded(name)[0]


def read_decoded(name: str, encoding: str | None = None) -> tuple[str, Decoder]:
    """A whole document, and what its decoder knows of it; see `read_text`.

    Args:
        name: path of a file, or "-" for standard input.
        encoding: what it is in; None to find it out.
    """
    from zhnorm.batch.document import read_whole

    from .refusals import refuse_same

    refuse_same(name, None)
    return read_whole(standard_input() if name == "-" else name, title_of(name), encoding)


def read_each(names: Sequence[str], failed: list[str], read: Callable[[str], Read]) -> Iterator[tuple[str, Read]]:
    """Documents one after the other, each with what `read` makes of its name. One of several that cannot be read is named.

    Args:
        names: paths, or "-" for standard input, which is also what none stands for.
        failed: grows by the names of those that cannot be read.
        read: reads one.

    Raises:
        ZhnormError: the only one cannot be read.
    """
    for name in names or ["-"]:
        try:
            found = read(name)
        except ZhnormError as error:
            if len(names) < 2:
                raise
            say(error.message, hint=error.hint)
            failed.append(name)
        else:
            yield name, found


class StandardOutput:
    """Standard output for bytes; every write arrives at once.

    Raises:
        WriteError: it is closed, or the system refuses a write.
        BrokenPipeError: nobody reads it any more.
    """

    def __init__(self) -> None:
        if sys.stdout is None:
            raise WriteError("standard output: closed", hint="write to a file: -o FILE")
        self._buffer = sys.stdout.buffer

    def fileno(self) -> int:
        """The number of the open file."""
        return self._buffer.fileno()

    def write(self, data: bytes) -> None:
        """Write `data` now."""
        try:
            self._buffer.write(data)
            self._buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise WriteError(Message("standard output: {strerror}", strerror=system_says(error))) from error

    def write_text(self, text: str) -> None:
        """Write `text` now, undecodable bytes as they were."""
        self.write(text.encode("utf-8", "surrogateescape"))


def is_terminal(name: str) -> bool:
    """Whether `stdout` or `stderr` is a terminal."""
    stream = getattr(sys, name)
    try:
        return stream is not None and stream.isatty()
    except ValueError:
        return False


def is_drawn() -> bool:
    """Whether what is shown on standard output is drawn for a person: it is a terminal, or colours are forced."""
    return is_terminal("stdout") or bool(os.environ.get("FORCE_COLOR"))


def say(message: str, *, hint: str = "", details: Sequence[str] = ()) -> None:
    """One line for people on stderr, one for each detail, one for a hint; nothing in them acts on a terminal."""
    lines = [f"zhnorm: {in_language(message)}", *(f"  {in_language(detail)}" for detail in details)]
    if hint:
        lines.append(in_language(Message("  hint: {hint}", hint=in_language(hint))))
    show("".join(f"{visible(line)}\n" for line in lines))


_making_room: list[Callable[[], object]] = []


def make_room(how: Callable[[], object]) -> None:
    """From now on `how` is called before anything is said, to take away what is drawn on the last line."""
    _making_room[:] = [how]


def show(text: str) -> None:
    """Finished lines on stderr. If nobody can read them there is nobody to tell."""
    for make in _making_room:
        make()
    try:
        sys.stderr.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stderr.buffer.flush()
    except (OSError, AttributeError, ValueError):
        pass


def title_of(name: str) -> str:
    """What people call the document: "-" is standard input."""
    return Message("standard input") if name == "-" else name


def warn_undecodable(
    name: str, times: int, first: tuple[int, int] | None, encoding: Encoding | None, *, extracted: bool = False
) -> None:
    """Say once for a document that it holds bytes that are none of its characters, and where the first one stands.

    Args:
        name: of the document.
        times: how many there are.
        first: line and byte of the first of them.
        encoding: what it was read in.
        extracted: it is HTML, whose lines do not stay as they are.
    """
    if not times or first is None:
        return
    from zhnorm.formats.encoding import UNSURE

    kind = encoding.name.replace("utf-", "UTF-") if encoding else "UTF-8"
    said = "\ufffd stands for them" if extracted else "such lines are kept as they are"
    one = "{name}: 1 byte is not {kind}, the first at line {line}, byte {byte}; {end}"
    many = "{name}: {count:,} bytes are not {kind}, the first at line {line}, byte {byte}; {end}"
    # Nothing in it speaks for the encoding but that no other one was sure.
    unsure = encoding is not None and encoding.confidence <= UNSURE
    hint = "if it is in another encoding, say which: --encoding gb18030, big5 …" if unsure else ""
    place = {"name": title_of(name), "kind": kind, "line": first[0], "byte": first[1]}
    say(counted(times, one, many, **place, end=Message(said)), hint=hint)


def silence_stdout() -> None:
    """Drop what the interpreter still holds for standard output: its flush at exit would fail once more, loudly."""
    try:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
    except (OSError, AttributeError, ValueError):
        pass
