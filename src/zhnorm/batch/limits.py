"""What one document may cost: bytes, memory, computing time, and how much of its text may go.

A document that goes beyond a limit fails alone. Time is that of the processor, so that a busy machine changes nothing,
and grows with the size of the document: only what has no end is stopped.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.errors import ExitCode, ReadError, ZhnormError

if TYPE_CHECKING:
    from zhnorm.loss import Loss

__all__ = [
    "LEAST_MEMORY",
    "HeavyLoss",
    "Limits",
    "QuarantineError",
    "TimeUpError",
    "check_memory",
    "limit_memory",
    "limited_time",
    "sized",
]

_SECONDS = 60.0
_SECONDS_PER_BYTE = 100e-6
LEAST_MEMORY = 160 << 20
"""With less, the libraries of numpy end the process in their own way while they are loaded."""
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


class Limits(NamedTuple):
    """What one document may cost.

    Attributes:
        most_bytes: of its text, expanded; None for any.
        most_removed: share of its letters that may go, from 0 to 1 (see `zhnorm.loss`).
        warn_share: if a larger share of its letters goes it is named.
        memory_bytes: that a process may use; None for any.
    """

    most_bytes: int | None = None
    most_removed: float = 1.0
    warn_share: float = 0.5
    memory_bytes: int | None = None

    def check_bytes(self, size: int, title: str) -> None:
        """Refuse a document that is too large.

        Raises:
            ReadError: it is.
        """
        if self.most_bytes is not None and size > self.most_bytes:
            hint = "clean it with a larger --max-bytes, or split it"
            raise ReadError(f"{title}: more than {self.most_bytes:,} bytes (--max-bytes)", hint=hint)

    def check_loss(self, loss: Loss, name: str, title: str) -> HeavyLoss | None:
        """Hold a document back of which too much went, and find out whether it should be named.

        Args:
            loss: of the document.
            name: in the ledger.
            title: what messages call it.

        Raises:
            QuarantineError: more is gone than may be.
        """
        share = loss.share
        if share > self.most_removed:
            raise QuarantineError(
                f"{title}: {share:.0%} of its letters would go; not written (--quarantine)",
                hint="zhnorm explain shows why; if it is right, clean it without --quarantine",
            )
        return HeavyLoss(name, share, loss.most_by) if share > self.warn_share else None


class HeavyLoss(NamedTuple):
    """A document that lost so much that somebody should know.

    Attributes:
        name: in the ledger.
        share: of its letters that went, 0 to 1.
        rule: that took most of them.
    """

    name: str
    share: float
    rule: str


class QuarantineError(ZhnormError):
    """So much of a document would go that somebody should look at it; its output was withheld."""

    exit_code = ExitCode.SOME_FAILED


class TimeUpError(BaseException):
    """A document took too long. No `Exception`, so that nobody on the way takes it for his own."""


@contextmanager
def limited_time(size: int) -> Iterator[None]:
    """Stop what is done inside if it computes for more than a minute and 100 seconds a megabyte.

    Without effect outside of the main thread, and where the system has no such clock.

    Args:
        size: of the document, in bytes.

    Raises:
        TimeUpError: inside, wherever it is.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, _time_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS + _SECONDS_PER_BYTE * size)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _time_up(*_: object) -> None:
    raise TimeUpError


def limit_memory(size: int) -> None:
    """Let this process use no more than `size` bytes, where the system can see to that."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or size < most:
        resource.setrlimit(resource.RLIMIT_DATA, (size, most))


def check_memory() -> None:
    """Refuse to begin in so little memory that the process would end before it can say so.

    Raises:
        ReadError: there is less.
    """
    try:
        import resource
    except ImportError:
        return
    for limit, option in ((resource.RLIMIT_AS, "-v"), (resource.RLIMIT_DATA, "-d")):
        most, _ = resource.getrlimit(limit)
        if 0 <= most < LEAST_MEMORY:
            hint = f"ulimit {option} {LEAST_MEMORY >> 10} is enough for a page"
            raise ReadError(f"this shell allows {most >> 20} MB of memory, which is too little to begin", hint=hint)


def sized(text: str) -> int:
    """Bytes from a number with a unit; K, M, G, T are powers of 1,024.

    Raises:
        ValueError: it is none, or not positive.

    >>> sized("10M"), sized("1.5 GB"), sized("4096")
    (10485760, 1610612736, 4096)
    """
    wanted = text.strip().upper().removesuffix("B").removesuffix("I")
    unit = wanted[-1:] if wanted[-1:] in _UNITS else ""
    size = int(float(wanted.removesuffix(unit)) * _UNITS[unit])
    if size <= 0:
        raise ValueError(text)
    return size
