"""Files that are written whole or not at all.

Temporary file in the target's folder → write → fsync → rename → fsync of the folder. Whoever looks at the target
sees the old file or the new one, whatever kills the process in between; what a kill leaves behind is hidden
(`.zhnorm-PROCESS-….tmp`), and goes when the next file is written beside it. The file gets the mode that the umask gives (`tempfile` would make it unreadable for others), or
keeps the mode that the file in its place had.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache, partial
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from zhnorm.arrays.expressions import expression
from zhnorm.errors import WriteError, system_says
from zhnorm.formats.compression import CompressedFile, Sink, compression_of, expanded
from zhnorm.messages import Message

if TYPE_CHECKING:
    from .job import Job

__all__ = [
    "Replacement",
    "WholeFile",
    "file_digest",
    "is_same_file",
    "is_temporary",
    "lock",
    "make_folder",
    "open_lasting",
    "open_output",
    "open_target",
    "remove_temporary",
    "try_target",
]

_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_STREAM = expression(r"/dev/(?:stdout|stderr|fd/([0-9]+))")


class WholeFile:
    """A file that appears under its name when the `with` block ends well, and leaves no trace if it does not.

    A target that exists and is not a regular file (`/dev/null`, `/dev/stderr`, a FIFO) is written to directly:
    replacing it would be wrong. A target that is a symbolic link is followed, as a shell's `>` follows it.

    Args:
        path: the file to write.

    Raises:
        WriteError: from any of its methods; what stood at `path` is intact.
        BrokenPipeError: the reader of a FIFO went away.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._target = os.path.realpath(path)
        self._temporary = ""
        self._file: BinaryIO | None = None

    def __enter__(self) -> WholeFile:
        try:
            self._file = self._open()
        except OSError as error:
            raise self._problem(error) from error
        except BaseException:
            # A signal came: `__exit__` is not called for what never began.
            self._remove()
            raise
        return self

    def write(self, data: bytes) -> None:
        """Add `data` at the end."""
        assert self._file is not None
        try:
            self._file.write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._problem(error) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._file is not None
        try:
            if kind is None:
                self._install(self._file)
        except BrokenPipeError:
            raise
        except OSError as failure:
            raise self._problem(failure) from failure
        finally:
            self._discard(self._file)

    def _open(self) -> BinaryIO:
        if stream := _STREAM.fullmatch(self.path):
            # Opening these by name would empty the file that the stream is redirected to.
            return os.fdopen(os.dup(int(stream[1] or _STREAMS[self.path])), "wb")
        try:
            there = os.stat(self._target)
        except FileNotFoundError:
            there = None
        if there is not None and stat.S_ISDIR(there.st_mode):
            raise IsADirectoryError(0, "is a folder", self.path)
        if there is not None and not stat.S_ISREG(there.st_mode):
            return open(self._target, "wb")
        folder = os.path.dirname(self._target)
        _remove_abandoned(folder)
        # The name is free of the target's own, which may already be as long as the system allows.
        temporary = os.path.join(folder, f"{_mark(os.getpid())}{os.urandom(8).hex()}.tmp")
        # Known before it is there: a signal may come as soon as it is.
        self._temporary = temporary
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
        lock(descriptor)
        if there is not None and hasattr(os, "fchmod"):
            os.fchmod(descriptor, stat.S_IMODE(there.st_mode) & 0o777)
        return os.fdopen(descriptor, "wb")

    def _install(self, file: BinaryIO) -> None:
        file.flush()
        if self._temporary:
            os.fsync(file.fileno())
            file.close()
            os.replace(self._temporary, self._target)
            self._temporary = ""
            _sync_folder(os.path.dirname(self._target))

    def _discard(self, file: BinaryIO) -> None:
        # Data that could not be flushed was reported already, or given up on purpose.
        with suppress(OSError):
            file.close()
        self._remove()

    def _remove(self) -> None:
        if self._temporary:
            with suppress(OSError):
                os.unlink(self._temporary)

    def _problem(self, error: OSError) -> WriteError:
        hint = ""
        if isinstance(error, FileNotFoundError):
            hint = Message("make its folder first: mkdir -p {folder}", folder=os.path.dirname(self.path) or ".")
        elif isinstance(error, IsADirectoryError):
            hint = "give the name of a file"
        problem = WriteError(Message("{path}: {strerror}", path=self.path, strerror=system_says(error)), hint=hint)
        problem.__cause__ = error
        return problem


class Replacement(WholeFile):
    """A file that takes the place of the one it is made of: if its content is another one, and not if that changed meanwhile.

    Besides the mode it keeps owner and extended attributes (access lists, labels), where the system lets it. Other hard links to
    the file keep the old content. Of a symbolic link it is the file behind it that is replaced.

    Args:
        path: the file.
        backup: put behind its name it says where the old file is kept; empty if it is not. A backup is never overwritten.
    """

    def __init__(self, path: str, backup: str = "") -> None:
        super().__init__(path)
        self._backup = f"{self._target}{backup}" if backup else ""

    def _open(self) -> BinaryIO:
        there = os.stat(self._target)
        if not stat.S_ISREG(there.st_mode):
            raise WriteError(
                Message("{path}: is no regular file, and cannot be replaced", path=self.path),
                hint="write to another: -o FILE",
            )
        if not os.access(self._target, os.W_OK):
            # Its folder may let it be replaced, but whoever took away the right to write had a reason.
            raise WriteError(Message("{path}: is write-protected", path=self.path), hint="see its mode: ls -l")
        self._before = _state(there)
        file = super()._open()
        _copy_rights(self._target, there, file.fileno())
        return file

    def _install(self, file: BinaryIO) -> None:
        file.flush()
        if _same_content(self._temporary, self._target):
            return
        if _state(os.stat(self._target)) != self._before:
            raise WriteError(
                Message("{path}: changed while it was read; it is left as it is", path=self.path), hint="try again"
            )
        if self._backup:
            self._keep()
        super()._install(file)

    def _keep(self) -> None:
        """Give the old file a second name, which it keeps when the first one is taken from it."""
        with suppress(FileNotFoundError):
            # A run that was killed before it replaced the file left it so.
            if os.path.samefile(self._backup, self._target):
                return
        try:
            os.link(self._target, self._backup)
        except FileExistsError:
            hint = "move it away, or choose another suffix: --backup=.2"
            raise WriteError(
                Message("{backup}: is there already, and a backup is not overwritten", backup=self._backup), hint=hint
            ) from None
        except OSError:
            # Not every file system has hard links.
            import shutil

            with open(self._target, "rb") as old, open(self._backup, "xb") as kept:
                shutil.copyfileobj(old, kept)
            shutil.copystat(self._target, self._backup)


def _state(there: os.stat_result) -> tuple[int, ...]:
    """What changes when a file does."""
    return there.st_dev, there.st_ino, there.st_size, there.st_mtime_ns


def _copy_rights(path: str, there: os.stat_result, descriptor: int) -> None:
    """Owner and extended attributes of a file for the one that replaces it."""
    if hasattr(os, "fchown") and (there.st_uid, there.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(OSError):
            os.fchown(descriptor, there.st_uid, there.st_gid)
    if hasattr(os, "listxattr"):
        with suppress(OSError):
            for name in os.listxattr(path):
                os.setxattr(descriptor, name, os.getxattr(path, name))


def _same_content(one: str, other: str) -> bool:
    """Whether two files say the same, be it that they are compressed: a compressor does not write twice alike."""
    with open(one, "rb", buffering=0) as first, open(other, "rb", buffering=0) as second:
        pieces = [expanded(iter(partial(file.read, 1 << 18), b""), other) for file in (first, second)]
        held = [b"", b""]
        while True:
            for side in (0, 1):
                held[side] = held[side] or next(pieces[side], b"")
            size = min(map(len, held))
            if not size:
                return not any(held)
            if held[0][:size] != held[1][:size]:
                return False
            held = [rest[size:] for rest in held]


@contextmanager
def open_output(job: Job) -> Iterator[Sink | None]:
    """Where the output of a job goes; in a tree the folders to it are made.

    Raises:
        WriteError: it cannot be written, or lies outside of its tree, or is the input itself.
    """
    if not isinstance(job.target, str):
        yield job.target
        return
    if job.in_place is not None:
        with _compressing(Replacement(job.target, job.in_place.backup)) as file:
            yield file
        return
    if job.tree:
        _guard(job, job.target)
    with open_target(job.target) as file:
        yield file


def _guard(job: Job, target: str) -> None:
    """In a tree nobody checked each target by hand: it must be a file inside, if it is there, and not the input under another name."""
    folder = os.path.dirname(target)
    inside = os.path.join(os.path.realpath(job.tree), "")
    # Checked before and after: making folders through a link would already be a trace outside.
    if os.path.join(os.path.realpath(folder), "").startswith(inside):
        make_folder(folder)
    is_link = os.path.islink(target)
    place = os.path.realpath(target) if is_link else os.path.join(os.path.realpath(folder), "")
    if not place.startswith(inside):
        raise WriteError(
            Message("{target}: a symbolic link leads out of {tree}", target=target, tree=job.tree),
            hint="remove the link",
        )
    if is_link:
        raise WriteError(
            Message("{target}: is a symbolic link, and outputs are files", target=target), hint="remove the link"
        )
    if os.path.exists(target) and not os.path.isfile(target):
        # A FIFO would be waited for, and what is written to a device is gone.
        hint = "remove it, or choose another output folder"
        if os.path.isdir(target):
            raise WriteError(Message("{target}: is a folder", target=target), hint=hint)
        raise WriteError(
            Message("{target}: is a FIFO, a socket or a device, and outputs are files", target=target), hint=hint
        )
    if is_same_file(job.source, target):
        raise WriteError(Message("{target}: is the input itself under another name", target=target))


def is_same_file(one: object, other: object) -> bool:
    """Whether two things are one regular file, be it under two names.

    Args:
        one: a path, or whatever has the number of an open file (`fileno`).
        other: likewise.
    """
    identity = _identity(one)
    return identity is not None and identity == _identity(other)


def _identity(thing: object) -> tuple[int, int] | None:
    """What tells a regular file from all others of the system; None for what is none."""
    try:
        there = os.stat(thing) if isinstance(thing, str) else os.fstat(thing.fileno())  # type: ignore[attr-defined]
    except (OSError, AttributeError, ValueError):
        return None
    return (there.st_dev, there.st_ino) if stat.S_ISREG(there.st_mode) else None


@contextmanager
def open_target(path: str) -> Iterator[Sink]:
    """A `WholeFile` to write to, compressed if its name says so (.gz, .bz2, .xz, .zst).

    Raises:
        WriteError: it cannot be written; what stood at `path` is intact.
    """
    with _compressing(WholeFile(path)) as file:
        yield file


@contextmanager
def _compressing(whole: WholeFile) -> Iterator[Sink]:
    with whole as file:
        if not (kind := compression_of(whole.path)):
            yield file
            return
        compressed = CompressedFile(file, kind)
        yield compressed
        compressed.end()


@contextmanager
def open_lasting(path: str) -> Iterator[Sink]:
    """A target that appears whatever ends the block: what is in it by then could not be made again.

    Raises:
        WriteError: it cannot be written.
    """
    ended: BaseException | None = None
    with open_target(path) as file:
        try:
            yield file
        except BaseException as error:  # noqa: BLE001 - a signal, too; it goes on from here
            ended = error
    if ended is not None:
        raise ended


def try_target(path: str) -> None:
    """See whether a file can be written there, before much work is done for it.

    Raises:
        WriteError: it cannot.
    """
    if os.path.exists(path) and not os.path.isfile(path) and not os.path.isdir(path):
        return  # a FIFO would wait for a reader
    with suppress(_NeverMind), WholeFile(path):
        raise _NeverMind


class _NeverMind(Exception):  # noqa: N818 - no error
    """Give up a file on purpose."""


def make_folder(path: str) -> None:
    """Make the folder `path` and those above it, where they are missing.

    Raises:
        WriteError: the system refuses, or a file stands in the way.
    """
    missing = []
    while path and not os.path.isdir(path):
        missing.append(path)
        path = os.path.dirname(path)
    try:
        # One by one and not by recursion: hostile trees are deeper than Python's stack.
        for path in reversed(missing):
            os.makedirs(path, exist_ok=True)
    except FileExistsError as error:
        raise WriteError(Message("{path}: a file stands where a folder is needed", path=path)) from error
    except OSError as error:
        raise WriteError(Message("{path}: {strerror}", path=path, strerror=system_says(error))) from error


def remove_temporary(folder: str, process: int) -> None:
    """Remove the temporary files that a process which is no more left in `folder`."""
    with suppress(OSError):
        for name in os.listdir(folder):
            if name.startswith(_mark(process)) and is_temporary(name):
                os.unlink(os.path.join(folder, name))


_ABANDONED = expression(r"\.zhnorm-([0-9]{1,10})-[0-9a-f]{16}\.tmp")


@lru_cache(maxsize=256)
def _remove_abandoned(folder: str) -> None:
    """Remove temporary files that stand in a folder and that nobody writes any more. One look at each folder is enough: what this process
    leaves behind others see to."""
    if os.name != "posix":
        return
    with suppress(OSError), os.scandir(folder or ".") as entries:
        for entry in entries:
            found = _ABANDONED.fullmatch(entry.name) if entry.name.startswith(".zhnorm-") else None
            if found and not _runs(int(found[1])) and entry.is_file(follow_symlinks=False):
                with suppress(OSError), open(entry.path, "rb+") as file:
                    # Who writes it has locked it, be it a process of another machine or container, whose number says nothing here.
                    if lock(file.fileno()):
                        os.unlink(entry.path)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    return True


def lock(descriptor: int) -> bool:
    """Lock a file until it is closed; whether it could be locked."""
    try:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def is_temporary(name: str) -> bool:
    """Whether a file of this name is one of ours that was not finished.

    >>> is_temporary(".zhnorm-4711-5fd31c02aa7e9b10.tmp"), is_temporary("page.txt")
    (True, False)
    """
    return name.startswith(".zhnorm-") and name.endswith(".tmp")


def _mark(process: int) -> str:
    return f".zhnorm-{process}-"


def _sync_folder(path: str) -> None:
    """Make the rename itself survive a power cut. Not every system can open a folder; then there is nothing to do."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_digest(path: object) -> str:
    """SHA-256 of a file, in hexadecimal; empty if it cannot be read or is none (a FIFO would be waited for)."""
    if not isinstance(path, str) or not os.path.isfile(path):
        return ""
    import hashlib

    try:
        with open(path, "rb", buffering=0) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
