"""How far a run is, for people who wait: a line now and then. On a terminal `screen.Bar` takes its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .summary import Summary

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome

__all__ = ["Lines", "Pace"]

_SECONDS = 30.0


class Pace:
    """How far a run is, and how fast it goes.

    Args:
        clock: gives seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._begun = clock()
        self.so_far = Summary()

    def receive(self, result: Outcome | Failure) -> None:
        """What became of one more document."""
        self.so_far.receive(result)

    def words(self) -> str:
        """In one line.

        >>> times = iter([0.0, 2.0])
        >>> pace = Pace(lambda: next(times))
        >>> pace.so_far = Summary(documents=1200, bytes_in=3_000_000, failures=1)
        >>> pace.words()
        '1,200 documents, 3.0 MB, 1.5 MB/s, 1 failed'
        """
        seconds = max(self._clock() - self._begun, 1e-3)
        found = self.so_far
        failed = f", {found.failures:,} failed" if found.failures else ""
        size = found.bytes_in / 1e6
        return f"{found.documents:,} documents, {size:,.1f} MB, {size / seconds:,.1f} MB/s{failed}"


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

    def receive(self, result: Outcome | Failure) -> None:
        """What became of one more document."""
        self._pace.receive(result)
        if self._clock() >= self._next:
            self._next = self._clock() + _SECONDS
            self._say(self._pace.words())

    def close(self) -> None:
        """The run is over."""
