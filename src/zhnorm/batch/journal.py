"""The journal of an output folder: what has been done, so that a second run does only what is missing or changed.

A document is left alone if its input and its output are, byte for byte, what the journal says, and cleaner and options
are the same; if a ledger is written, its records must be in the old one. Everything else is cleaned again, so a journal
that was torn, lost or damaged costs time and nothing else. Who can write to the folder can also write a journal that is believed: `--force`
believes none.
"""

from __future__ import annotations

import os
import shutil
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from zhnorm.errors import WriteError, system_says
from zhnorm.formats.compression import compression_of
from zhnorm.messages import Message

from .folder_lock import claim, remove_leftovers
from .job import Failure, Job, Known
from .journal_entries import (
    Entry,
    as_line,
    entry_line,
    find_segments,
    free_segment,
    journal_name,
    merged,
    vanished_line,
)
from .walk import place
from .write import make_folder, open_target

__all__ = ["FOLDER", "SCHEMA", "Journal"]

FOLDER = ".zhnorm"
SCHEMA = 2
_FLUSH_SECONDS = 0.25


class Journal:
    """The journal of one run, to be used in a `with` statement. It is completed by `finish`; without that, the next run goes on
    from where this one was.

    Args:
        out: the output folder.
        cleaner: digest of the cleaner.
        options: whatever else the output depends on; JSON.
        version: of zhnorm.
        ledger: where the ledger goes in the end; empty if none is wanted.
        ledger_header: its first line.
        is_input: whether there is an input for a name, be it that the run leaves it out.
        force: clean everything again.

    Attributes:
        vanished: names of documents whose output is there and whose input is gone.
        unchanged: how many documents were left alone.
        damaged: of how many documents the line in a journal, or the part of the ledger, was not as it had been written, so that they
            are cleaned again.
        changed: whether an earlier run had another cleaner or other options, so that everything is cleaned again.

    Raises:
        UsageError: another run writes to the folder.
        WriteError: the journal cannot be written.
    """

    def __init__(
        self,
        out: str,
        *,
        cleaner: str,
        options: dict[str, Any],
        version: str,
        ledger: str = "",
        ledger_header: bytes = b"",
        force: bool = False,
        is_input: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self.vanished: list[str] = []
        self.unchanged = 0
        self.damaged = 0
        self.changed = False
        self._out = out
        self._folder = os.path.join(out, FOLDER)
        self._header = {"schema": SCHEMA, "zhnorm": version, "cleaner": cleaner, "options": options}
        self._header_line = as_line(self._header)
        self._target = ledger
        self._ledger_header = ledger_header
        self._force = force
        self._is_input = is_input
        self._passed: deque[tuple[str, bytes]] = deque()  # lines about documents that are not in this run
        self._recalled: deque[Entry] = deque()  # given to jobs that are under way
        self._chunk = [0, 0]  # bytes of the ledger about the document in hand, and their CRC-32

    def __enter__(self) -> Journal:
        if os.path.islink(self._folder):
            raise WriteError(
                Message("{folder}: a symbolic link leads out of {out}", folder=self._folder, out=self._out),
                hint="remove the link",
            )
        make_folder(self._folder)
        try:
            self._lock = claim(self._folder, self._out)
            self._old = find_segments(self._folder)
            if any(segment.number for segment in self._old):
                remove_leftovers(self._out)
            headers = [old.header() for old in self._old]
            pairs = list(zip(self._old, headers, strict=True))
            # Of other schemas nothing is known but that they are to be removed.
            self._readable = [old for old, header in pairs if header.get("schema") == SCHEMA]
            self._usable = [] if self._force else [old for old, header in pairs if header == self._header]
            self.changed = not self._force and len(self._usable) < len(self._old)
            for segment in self._usable if self._target else ():
                segment.open_ledger(self._target)
            self._segment = free_segment(self._folder, max((old.number for old in self._old), default=0) + 1)
            self._file = open(self._segment.path, "xb")
            self._ledger: BinaryIO | None = open(self._segment.ledger_path, "xb") if self._target else None
            self._file.write(self._header_line)
            if self._ledger:
                self._ledger.write(self._ledger_header)
        except OSError as error:
            raise _problem(self._folder, error) from error
        self._flushed = time.monotonic()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._flush()
            self._file.close()
            if self._ledger:
                self._ledger.close()
        except OSError as error:
            if kind is None:
                raise _problem(self._folder, error) from error
        finally:
            for segment in self._usable:
                segment.close()
            os.close(self._lock)

    def recall(self, jobs: Iterable[Job | Failure]) -> Iterator[Job | Failure]:
        """The same jobs, each with what is known of it. They must come in the order of `walk.place`."""
        entries = merged(self._readable)
        entry = next(entries, None)
        blind: tuple[bytes, ...] | None = None  # a folder that could not be read: what is below it has not vanished
        for job in jobs:
            while entry and place(entry.name) < place(job.name):
                self._pass(entry, blind)
                entry = next(entries, None)
            if isinstance(job, Failure):
                blind = place(job.name)
                yield job
            elif entry and entry.name == job.name and entry.known and self._holds(entry):
                self._recalled.append(entry)
                yield job._replace(known=entry.known, journal=True)
            else:
                yield job._replace(journal=True)
            if entry and entry.name == job.name:
                entry = next(entries, None)
        while entry:
            self._pass(entry, blind)
            entry = next(entries, None)
        self.damaged += sum(segment.damaged for segment in self._usable)

    def _holds(self, entry: Entry) -> bool:
        if entry.segment not in self._usable:
            return False
        if self._target and entry.records() is None:
            self.damaged += entry.ledger is not None and entry.segment.ledger is not None
            return False
        return True

    def _pass(self, entry: Entry, blind: tuple[bytes, ...] | None) -> None:
        """A document of an earlier run that is not in this one: left out, out of sight, or gone."""
        hidden = blind is not None and place(entry.name)[: len(blind)] == blind
        if hidden or self._is_input(entry.name):
            if entry.known and entry.segment in self._usable:
                self._passed.append((entry.name, entry_line(entry.name, entry.known, None, self._header_line)))
        elif os.path.lexists(os.path.join(self._out, *entry.name.split("/"))):
            self.vanished.append(entry.name)
            self._passed.append((entry.name, vanished_line(entry.name, self._header_line)))

    def add_records(self, records: bytes) -> None:
        """Records of the ledger about the document in hand."""
        assert self._ledger is not None
        self._chunk[0] += len(records)
        self._chunk[1] = zlib.crc32(records, self._chunk[1])
        try:
            self._ledger.write(records)
        except OSError as error:
            raise _problem(self._folder, error) from error

    def note(self, job: Job | Failure, known: Known | None, *, left_alone: bool) -> None:
        """Write down what became of a job, in order.

        Args:
            job: as `recall` gave it.
            known: what is to be remembered of it; None if it failed.
            left_alone: all was as the journal said.
        """
        while self._passed and place(self._passed[0][0]) < place(job.name):
            self._file.write(self._passed.popleft()[1])
        recalled = self._recalled.popleft() if isinstance(job, Job) and job.known else None
        try:
            if left_alone and recalled:
                self.unchanged += 1
                if self._ledger:
                    self._copy_records(recalled)
            if known is not None:
                size, digest = self._chunk
                ledger = (self._ledger.tell() - size, size, digest) if self._ledger else None
                self._file.write(entry_line(job.name, known, ledger, self._header_line))
            self._chunk = [0, 0]
            if time.monotonic() - self._flushed > _FLUSH_SECONDS:
                self._flush()
        except OSError as error:
            raise _problem(self._folder, error) from error

    def _copy_records(self, entry: Entry) -> None:
        records = entry.records()
        if records is None:
            raise WriteError(
                Message("{target}: changed while it was read", target=self._target), hint="run the command again"
            )
        self.add_records(records)

    def finish(self) -> None:
        """The run has come to its end: put the ledger in place, and make this journal the only one.

        Raises:
            WriteError: the ledger or the journal cannot be written; the run can be finished by another one.
        """
        try:
            while self._passed:
                self._file.write(self._passed.popleft()[1])
            self._flush(to_disk=True)
            if self._ledger:
                self._install_ledger()
            os.replace(self._segment.path, os.path.join(self._folder, journal_name(0)))
            for segment in (*self._old, self._segment):
                if segment.number:
                    segment.remove()
        except OSError as error:
            raise _problem(self._folder, error) from error

    def _install_ledger(self) -> None:
        path, target = self._segment.ledger_path, os.path.realpath(self._target)
        if not compression_of(target) and (not os.path.lexists(target) or os.path.isfile(target)):
            try:
                if os.path.exists(target):
                    shutil.copymode(target, path)
                os.replace(path, target)
            except OSError:
                # Another file system: it is copied.
                if not os.path.exists(path):
                    raise
            else:
                return
        with open(path, "rb") as file, open_target(self._target) as out:
            while data := file.read(1 << 20):
                out.write(data)

    def _flush(self, *, to_disk: bool = False) -> None:
        # The ledger first: what the journal says of it must be there.
        for file in (self._ledger, self._file):
            if file is not None:
                file.flush()
                if to_disk:
                    os.fsync(file.fileno())
        self._flushed = time.monotonic()


def _problem(folder: str, error: OSError) -> WriteError:
    return WriteError(
        Message("{folder}: the journal cannot be written: {strerror}", folder=folder, strerror=system_says(error))
    )
