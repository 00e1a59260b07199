"""How far a run is, for people who wait: a line now and then. On a terminal `screen.Bar` takes its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome

__all__ = ["Lines", "Pace"]

_SECONDS = 30.0


class Pace:
    """Documents, bytes and failures so far, and how fast they come.

    Args:
        clock: gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = clock()
        self.documents = self.failures = self.bytes = 0

    def add(self, result: Outcome | Failure) -> None:
        """One more document."""
        self.documents += 1
        size = getattr(result, "bytes_in", None)
        if size is None:
            self.failures += 1
        else:
            self.bytes += size

    def words(self) -> str:
        """In one line.

        >>> times = iter([0.0, 2.0])
        >>> pace = Pace(lambda: next(times))
        >>> pace.documents, pace.bytes, pace.failures = 1200, 3_000_000, 1
        >>> pace.words()
        '1,200 documents, 3.0 MB, 1.5 MB/s, 1 failed'
        """
        seconds = max(self._clock() - self._begun, 1e-3)
        failed = f", {self.failures:,} failed" if self.failures else ""
        size = self.bytes / 1e6
        return f"{self.documents:,} documents, {size:,.1f} MB, {size / seconds:,.1f} MB/s{failed}"


class Lines:
    """Progress for logs: a line every half minute, none for a run that is shorter.

    Args:
        say: takes a line.
        clock: gives seconds.
    """

    def __init__(self, say: Callable[[str], object], clock: Callable[[], float] = time.monotonic) -> None:
        self._say = say
        self._clock = clock
        self._pace = Pace(clock)
        self._next = clock() + _SECONDS

    def add(self, result: Outcome | Failure) -> None:
        """One more document."""
        self._pace.add(result)
        if self._clock() >= self._next:
            self._next = self._clock() + _SECONDS
            self._say(self._pace.words())

    def close(self) -> None:
        """The run is over."""
