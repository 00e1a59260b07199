"""How fast a corpus is read."""

from __future__ import annotations

import time

from .streams import say

__all__ = ["Pace"]

_QUIET_SECONDS = 30.0


class Pace:
    """Says now and then how much was read, how fast, and how long it will take.

    Args:
        count: how many documents there are; 0: that is not known.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._documents = self._chars = 0
        self._begun = self._said = time.monotonic()

    def read(self, documents: int, chars: int) -> None:
        """So many more were read."""
        self._documents += documents
        self._chars += chars
        now = time.monotonic()
        if now - self._said >= _QUIET_SECONDS:
            self._said = now
            say(self._told(now - self._begun))

    def _told(self, seconds: float) -> str:
        pace = self._documents / seconds
        rate = f"{pace:,.0f} a second, {self._chars / seconds / 1e6:,.1f} M characters"
        if not self._count:
            return f"read {self._documents:,} documents, {rate}"
        left = (self._count - self._documents) / max(pace, 1e-9)
        time_left = f"{left / 60:,.0f} min" if left >= 100 else f"{left:.0f} s"
        return f"read {self._documents:,} of {self._count:,} documents, {rate}, {time_left} left"
