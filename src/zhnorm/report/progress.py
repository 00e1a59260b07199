"""How far a run is, for people who wait: a line now and then (`Lines`), or on a terminal a bar (`Bar`), drawn by rich."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .summary import Summary

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome

__all__ = ["Bar", "Lines", "Pace"]

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


_REFRESH_SECONDS = 0.1


class Bar:
    """Documents, bytes, speed, time left, failures. It is redrawn only when a document is done, and so needs no
    thread; `hide` makes room for a message.

    Args:
        files: how many there are.
        size: their bytes.
    """

    def __init__(self, files: int, size: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._pace = Pace()
        self._files = files
        columns = (BarColumn(24), TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.description}"))
        console = Console(file=sys.stderr, highlight=False)
        self._progress = Progress(*columns, TimeRemainingColumn(), console=console, auto_refresh=False, transient=True)
        # By bytes, because documents differ; a folder of empty ones goes by their number.
        self._by_bytes = size > 0
        self._task = self._progress.add_task("", total=size or files)
        self._drawn = time.monotonic()  # nothing is drawn for a run that is over at once
        self._shown = False

    def receive(self, result: Outcome | Failure) -> None:
        """What became of one more document."""
        self._pace.receive(result)
        if time.monotonic() - self._drawn < _REFRESH_SECONDS:
            return
        if not self._shown:
            self._progress.start()
            self._shown = True
        done = self._pace.so_far.bytes_in if self._by_bytes else self._pace.so_far.files
        words = f"{self._pace.so_far.files:,}/{self._files:,} files: {self._pace.words()}"
        self._progress.update(self._task, completed=done, description=words)
        self._progress.refresh()
        self._drawn = time.monotonic()

    def hide(self) -> None:
        """Leave the last line empty until the next document is done."""
        if self._shown:
            self._progress.stop()
            self._shown = False

    def close(self) -> None:
        """The run is over."""
        self.hide()
