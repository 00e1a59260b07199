"""How far a run is, for people who wait: a line now and then (`Lines`), or on a terminal a bar
(`Bar`, and `FileBar` for a large file), drawn by rich."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from .summary import Summary

if TYPE_CHECKING:
    from zhnorm.batch.job import Failure, Outcome

__all__ = ["Bar", "FileBar", "Lines", "Pace"]

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


class _Drawn:
    """A bar with words behind it. It is redrawn only when there is news, and so needs no thread; `hide` makes room for a message.

    Args:
        total: what is done in the end.
    """

    def __init__(self, total: int) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(24), TextColumn("{task.percentage:>3.0f}%"), TextColumn("{task.description}"))
        console = Console(file=sys.stderr, highlight=False)
        self._progress = Progress(*columns, TimeRemainingColumn(), console=console, auto_refresh=False, transient=True)
        self._task = self._progress.add_task("", total=total)
        self._drawn = time.monotonic()  # nothing is drawn for a run that is over at once
        self._shown = False

    def draw(self, done: int, words: Callable[[], str]) -> None:
        """Show how much is done, unless that was shown a moment ago."""
        if time.monotonic() - self._drawn < _REFRESH_SECONDS:
            return
        if not self._shown:
            self._progress.start()
            self._shown = True
        self._progress.update(self._task, completed=done, description=words())
        self._progress.refresh()
        self._drawn = time.monotonic()

    def hide(self) -> None:
        """Leave the last line empty until there is news."""
        if self._shown:
            self._progress.stop()
            self._shown = False

    def close(self) -> None:
        """The run is over."""
        self.hide()


class Bar(_Drawn):
    """Documents, bytes, speed, time left, failures.

    Args:
        files: how many there are.
        size: their bytes.
    """

    def __init__(self, files: int, size: int) -> None:
        # By bytes, because documents differ; a folder of empty ones goes by their number.
        super().__init__(size or files)
        self._pace = Pace()
        self._files, self._by_bytes = files, size > 0

    def receive(self, result: Outcome | Failure) -> None:
        """What became of one more document."""
        self._pace.receive(result)
        found = self._pace.so_far
        self.draw(
            found.bytes_in if self._by_bytes else found.files,
            lambda: f"{found.files:,}/{self._files:,} files: {self._pace.words()}",
        )


class FileBar(_Drawn):
    """How much of a large file was read, and how fast.

    Args:
        size: its bytes.
        clock: gives seconds.
    """

    def __init__(self, size: int, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(size)
        self._size, self._clock = size, clock
        self._begun = clock()
        self._read = 0

    def read(self, size: int) -> None:
        """So many bytes more."""
        self._read += size
        self.draw(self._read, self.words)

    def words(self) -> str:
        """How far it is."""
        done, size = self._read / 1e6, self._size / 1e6
        return f"{done:,.1f} of {size:,.1f} MB, {done / max(self._clock() - self._begun, 1e-3):,.1f} MB/s"
