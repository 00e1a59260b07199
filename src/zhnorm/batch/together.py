"""Small documents of a group, read and cleaned together before their turn, which is much faster than one by one.

What goes wrong with one of them, or with all together, is no matter here: what is not found ready is done by itself when
its turn comes, and so costs only itself.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.limits import Limits
from zhnorm.text.table import load_arrays

from .document import Reading, read_document
from .job import Job
from .write import file_digest

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner
    from zhnorm.line import Block

__all__ = ["Clean", "Ready", "Together"]

SMALL_BYTES = 1 << 16
ARRAYS_CHARS = 200_000
"""A process that has cleaned so much will clean more, and arrays pay."""


class Clean(NamedTuple):
    """A document that was read and cleaned, and is not written yet."""

    reading: Reading
    text: str
    blocks: list[Block]


@dataclass(slots=True)
class Ready:
    """What is known of a document before its turn.

    Attributes:
        digest: of its file, taken before it was read: if it changes meanwhile, the next run will see that. Empty if no
            journal is kept.
        is_done: it need not be cleaned.
        clean: the document, if it was small and nothing went wrong.
    """

    digest: str = ""
    is_done: bool = False
    clean: Clean | None = None

    @classmethod
    def of(cls, job: Job) -> Ready:
        """Find out whether a document is to be cleaned."""
        digest = file_digest(job.source) if job.journal else ""
        return cls(digest, bool(digest) and job.is_done(digest))


class Together:
    """Cleans documents before their turn.

    Args:
        cleaner: the cleaner.
        digests: see `clean_document`, as for the others.
        encoding: see there.
        limits: see there.
    """

    def __init__(self, cleaner: Cleaner, *, digests: bool, encoding: str | None, limits: Limits) -> None:
        self._cleaner = cleaner.on_trial()
        self._digests, self._encoding, self._limits = digests, encoding, limits
        self._ready: dict[object, Ready] = {}
        self._chars = 0

    def clean(self, jobs: Sequence[Job]) -> None:
        """Have those of the jobs ready that are small, if there are several."""
        small = [job for job in jobs if _is_small(job)]
        self._ready = {job.source: Ready.of(job) for job in small} if len(small) > 1 else {}
        found = [job for job in small if self._ready and not self._ready[job.source].is_done]
        readings = {job.source: reading for job in found if (reading := self._read(job))}
        texts = [reading.text for reading in readings.values()]
        size = sum(map(len, texts))
        self._chars += size
        if self._chars >= ARRAYS_CHARS:
            load_arrays()
        clean = []
        blocks: list[Block] = []
        try:
            for reading, text in zip(readings.values(), self._cleaner.clean_many(texts, blocks.append), strict=True):
                clean.append(Clean(reading, text, blocks.copy()))
                blocks.clear()
        except Exception:  # noqa: BLE001 - whatever it is, it comes again, and costs one document
            return
        for source, each in zip(readings, clean, strict=True):
            self._ready[source].clean = each

    def _read(self, job: Job) -> Reading | None:
        try:
            return read_document(job, SMALL_BYTES, digests=self._digests, encoding=self._encoding, limits=self._limits)
        except Exception:  # noqa: BLE001 - likewise
            return None

    def take(self, job: Job) -> Ready:
        """What is known of a document whose turn has come."""
        return self._ready.pop(job.source, None) or Ready.of(job)


def _is_small(job: Job) -> bool:
    if not isinstance(job.source, str):
        return False
    try:
        there = os.stat(job.source)
    except OSError:
        return False
    return stat.S_ISREG(there.st_mode) and there.st_size <= SMALL_BYTES
