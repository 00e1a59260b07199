"""The journal of a file of records: what came of its parts, so that a run that is interrupted can be gone on with.

It stands beside the output while that is written, and goes with the end of the run, good or bad; an interrupted run leaves it. The next one reads
the input from its beginning, which costs little, and takes from the journal what came of each part instead of cleaning it. Everything behind
that (output, compression, digests, ledger, counts) is done as if the part had just been cleaned, so the end is the same to the byte.

    {"schema": 1, "zhnorm": "0.2.0", "cleaner": "5f1c…", "options": {…}, "document": "pages.jsonl", "title": "pages.jsonl"}
    {"part": "9f86…", "texts": [812, 790], "told": [[0, 2310]], "counts": [40, 3, 21, {…}], …, "packed": [1290, "60a3…"], "check": "77de…"}
    (1,290 bytes, compressed: the records with clean documents in them, and what recorders told of them, such as lines of the ledger)

`part` is the SHA-256 of the records as they came in, of their place, and of how they are read. A part is believed if that is the same, if nothing
of it was damaged, and if all before it are believed; from the first that is not on everything is cleaned. Another cleaner, other options or
another version make another first line, and then nothing is believed. Nothing depends on a journal: where it cannot be written the run goes on
without it.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
import zlib
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, BinaryIO, NamedTuple

from zhnorm.counts import Counts, Loss
from zhnorm.errors import AuditError, LimitError, MediaError, ReadError, WriteError, ZhnormError
from zhnorm.formats import schema
from zhnorm.formats.records import BATCH_CHARS
from zhnorm.formats.schema import is_count, is_digest, is_share, is_text
from zhnorm.formats.source import file_size
from zhnorm.limits import HeavyLoss, QuarantineError
from zhnorm.messages import Message

from .job import Failure, Job, Records
from .journal_entries import as_line, checked, unchecked
from .parts import CleanedPart, Part
from .write import lock

__all__ = ["RecordsJournal", "RecordsJournals", "Told"]

_SCHEMA = 1
_LONGEST_LINE = 1 << 26
_PATIENCE_SECONDS = 10.0
"""Workers of a run that was killed finish the part they have in hand, and the journal is theirs so long."""
_LEVEL = 1
"""Of compression: more takes time that nobody gets back."""
_CODING = "utf-8", "surrogatepass"
_KINDS: dict[str, type[ZhnormError]] = {
    error.__name__: error for error in (ReadError, LimitError, MediaError, QuarantineError, AuditError)
}
"""Errors by which a record may fail."""
_PART = schema.fields(
    {
        "part": is_digest, "texts": schema.list_of(is_count), "told": schema.list_of(schema.row(is_count, is_count)),
        "counts": schema.row(is_count, is_count, is_count, schema.map_of(is_text, is_count)),
        "loss": schema.row(is_count, schema.map_of(is_text, is_count)),
        "records": schema.row(*[is_count] * 5), "packed": schema.row(is_count, is_digest),
        "heavy": schema.list_of(schema.row(is_text, is_share(), is_text)),
        "failures": schema.list_of(schema.row(is_text, schema.one_of(tuple(_KINDS)), is_text, is_text)),
    },
    {},
)  # fmt: skip

Told = Sequence[tuple[int, Any]]
"""What recorders told: the number of each, and a record."""


class RecordsJournals:
    """Makes the journals of a run.

    Args:
        cleaner: digest of the cleaner.
        options: whatever else outputs and ledger depend on; JSON.
        version: of zhnorm.
        force: believe none.

    Attributes:
        recalled: how many documents were taken from journals.
    """

    def __init__(self, *, cleaner: str, options: dict[str, Any], version: str, force: bool = False) -> None:
        self.recalled = 0
        self._header = {"schema": _SCHEMA, "zhnorm": version, "cleaner": cleaner, "options": options}
        self._force = force
        self._made: list[RecordsJournal] = []

    def of(self, job: Job) -> RecordsJournal | None:
        """The journal of a file. There is none where the output is no file, or the input comes through a pipe, which is cut into
        other parts the next time."""
        source = job.source if isinstance(job.source, str) else _number(job.source)
        path = "" if file_size(source) is None else _path(job)
        if not path:
            return None
        header = as_line({**self._header, "document": job.name, "title": job.title})
        journal = RecordsJournal(path, header, believed=not self._force)
        self._made = [made for made in self._made if made.is_left or not made.is_closed] + [journal]
        return journal

    @property
    def is_left(self) -> bool:
        """Whether there is something from which an interrupted run could go on."""
        return any(journal.is_left for journal in self._made)


def _number(stream: object) -> int | None:
    """By which the system knows an open file."""
    with suppress(OSError, AttributeError, ValueError):
        return int(stream.fileno())  # type: ignore[attr-defined]
    return None


def _path(job: Job) -> str:
    """Where the journal of a file stands: beside its output, by a name that is made of the output's; empty if there is no place for it."""
    if not isinstance(job.target, str) or job.target.startswith("/dev/"):
        return ""
    target = os.path.realpath(job.target)
    folder, name = os.path.split(target)
    inside = not job.tree or os.path.join(folder, "").startswith(os.path.join(os.path.realpath(job.tree), ""))
    if not inside or (os.path.lexists(target) and not os.path.isfile(target)):
        return ""
    return os.path.join(folder, f".zhnorm-{hashlib.sha256(os.fsencode(name)).hexdigest()[:16]}.journal")


class _Entry(NamedTuple):
    """What a journal says of a part.

    Attributes:
        part: its digest.
        cleaned: what came of it.
        told: what recorders told of it.
        stop: where the entry ends in the file.
    """

    part: str
    cleaned: CleanedPart
    told: Told
    stop: int


class RecordsJournal:
    """The journal of one file of records.

    Args:
        path: where it stands.
        header: its first line.
        believed: whether what an earlier run wrote is taken.

    Attributes:
        is_closed: the file has come to its end, or the run.
    """

    is_closed = False

    def __init__(self, path: str, header: bytes, *, believed: bool) -> None:
        self._path, self._header = path, header
        self._file: BinaryIO | None = None
        self._next = 0  # where the entry stands that may be recalled next; 0 if none may
        self._begun = self._given_up = self._is_left = False
        with suppress(OSError):
            if os.path.lexists(path):
                self._open(os.O_RDWR)
        if believed and self._file is not None and self._file.readline(_LONGEST_LINE) == header:
            self._begun, self._next = True, len(header)

    @property
    def is_left(self) -> bool:
        """Whether parts stand in it from which another run could go on."""
        return self._is_left if self.is_closed else self._holds_parts()

    def _holds_parts(self) -> bool:
        return self._begun and self._file is not None and self._size() > len(self._header)

    def recall(self, part: Part) -> Part:
        """A part of the file, in order; without its records if it is known what came of them (`load`)."""
        if not self._next:
            return part
        entry = self._entry(self._next)
        if entry is not None and entry.part == _digest(part):
            known, self._next = self._next, entry.stop
            return part._replace(known=known, batch=part.batch._replace(text=""))
        try:
            assert self._file is not None
            self._file.truncate(self._next)
        except OSError:
            self._given_up = True
        self._next = 0
        return part

    def load(self, part: Part) -> tuple[CleanedPart, Told]:
        """What came of a part that is known, and what recorders told of it.

        Raises:
            WriteError: the journal changed meanwhile.
        """
        entry = self._entry(part.known)
        if entry is None:
            raise WriteError(
                Message("{target}: changed while it was read", target=self._path), hint="run the command again"
            )
        return entry.cleaned, entry.told

    def keep(self, part: Part, cleaned: CleanedPart, told: Told) -> None:
        """Write down what came of a part, in order. A file that is smaller than one part is sooner cleaned again."""
        if self._given_up or (not self._begun and len(part.batch.text) < BATCH_CHARS):
            return
        data = _entry(part, cleaned, told, self._header)
        try:
            if self._file is None:
                self._open(os.O_RDWR | os.O_CREAT)
            if data is None or self._file is None:
                self.close(left=False)
                return
            if not self._begun:
                self._file.truncate(0)
                data, self._begun = self._header + data, True
            self._file.seek(0, os.SEEK_END)
            self._file.write(data)
            self._file.flush()
        except OSError:
            # There is no room, most likely, and what is left of it the output needs.
            self.close(left=False)

    def close(self, *, left: bool) -> None:
        """End with it.

        Args:
            left: the run was interrupted, and may be gone on with.
        """
        if self.is_closed:
            return
        self._is_left = left and not self._given_up and self._holds_parts()
        self.is_closed = self._given_up = True
        if self._file is None:
            return
        with suppress(OSError):
            self._file.close()
        self._file = None
        if not self._is_left:
            with suppress(OSError):
                os.unlink(self._path)

    def _open(self, flags: int) -> None:
        """Open the file, if it is one, and nobody else's."""
        for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):
            flags |= getattr(os, name, 0)
        # It holds what the input holds, which not everybody may read.
        descriptor = os.open(self._path, flags, 0o600)
        deadline = time.monotonic() + _PATIENCE_SECONDS
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
        while is_file and not (ours := lock(descriptor)) and time.monotonic() < deadline:
            time.sleep(0.05)
        if is_file and ours:
            self._file = os.fdopen(descriptor, "r+b")
        else:
            os.close(descriptor)
            self._given_up = True

    def _size(self) -> int:
        assert self._file is not None
        return os.fstat(self._file.fileno()).st_size

    def _entry(self, start: int) -> _Entry | None:
        """What stands at a place; None if it is not as it was written."""
        assert self._file is not None
        try:
            self._file.seek(start)
            line = self._file.readline(_LONGEST_LINE)
            said = unchecked(line, self._header)
            record = schema.parsed(said + b"}") if said else {}
            if not _PART(record) or record["packed"][0] > self._size():
                return None
            packed = self._file.read(record["packed"][0])
            if hashlib.sha256(packed).hexdigest() != record["packed"][1]:
                return None
            return _Entry(record["part"], *_unpacked(record, packed), start + len(line) + len(packed))
        except (OSError, ValueError, zlib.error):
            return None


def _digest(part: Part) -> str:
    """Of the records of a part as they came in."""
    return hashlib.sha256(f"{part.form!r}\0{part.batch.line}\0{part.batch.text}".encode(*_CODING)).hexdigest()


def _entry(part: Part, cleaned: CleanedPart, told: Told, header: bytes) -> bytes | None:
    """What is written of a part; None if there is something in it that cannot be written."""
    texts = [text.encode(*_CODING) for text in cleaned.texts]
    kinds = [type(failure.error).__name__ for failure in cleaned.failures]
    if not (all(isinstance(record, bytes) for _, record in told) and all(kind in _KINDS for kind in kinds)):
        return None
    packed = zlib.compress(b"".join([*texts, *(record for _, record in told)]), _LEVEL)
    counts, records = cleaned.counts, cleaned.records
    record = {
        "part": _digest(part),
        "texts": [len(text) for text in texts],
        "told": [(number, len(record)) for number, record in told],
        "counts": [counts.lines, counts.removed, counts.rewritten, counts.rules],
        "loss": [counts.loss.letters, counts.loss.removed],
        "records": [records.documents, records.changed, records.pages, records.failed, records.empty],
        "heavy": cleaned.heavy,
        "failures": [
            (failure.name, kind, failure.error.message, failure.error.hint)
            for failure, kind in zip(cleaned.failures, kinds, strict=True)
        ],
        "packed": [len(packed), hashlib.sha256(packed).hexdigest()],
    }
    return checked(as_line(record).removesuffix(b"}\n"), header) + packed


def _unpacked(record: dict[str, Any], packed: bytes) -> tuple[CleanedPart, Told]:
    """What was written of a part, made again.

    Raises:
        ValueError: it was not written so.
        zlib.error: likewise.
    """
    sizes = [*record["texts"], *(size for _, size in record["told"])]
    whole = sum(sizes)
    data = zlib.decompressobj().decompress(packed, whole + 1)
    if len(data) != whole:
        raise ValueError
    pieces = []
    start = 0
    for size in sizes:
        pieces.append(data[start : start + size])
        start += size
    count = len(record["texts"])
    numbers = [number for number, _ in record["told"]]
    lines, removed, rewritten, rules = record["counts"]
    cleaned = CleanedPart(
        texts=[piece.decode(*_CODING) for piece in pieces[:count]],
        failures=[
            Failure(name, _KINDS[kind](message, hint=hint), in_file=True)
            for name, kind, message, hint in record["failures"]
        ],
        heavy=[HeavyLoss(*loss) for loss in record["heavy"]],
        counts=Counts(lines, removed, rewritten, rules, Loss(*record["loss"])),
        records=Records(*record["records"]),
    )
    return cleaned, list(zip(numbers, pieces[count:], strict=True))
