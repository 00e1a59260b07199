"""What one document may cost: computing time, bytes, memory, and how much of its text may go; and what memory a process may use.

A document that goes beyond a limit fails alone, and none of its text is given out from there on. Time is that of the
processor, in the thread that cleans, so that a busy machine and a slow pipe change nothing; and it grows with the size of
the document, so that only what has no end is stopped.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from math import inf
from time import thread_time
from types import FrameType
from typing import NamedTuple, Protocol

from .errors import ExitCode, LimitError, ReadError, SettingsError, ZhnormError
from .messages import Message

__all__ = [
    "LEAST_MEMORY",
    "MOST_LOSSES",
    "USUAL_LIMITS",
    "Clock",
    "HeavyLoss",
    "Limits",
    "Losses",
    "QuarantineError",
    "check_memory",
    "check_time",
    "give_back_memory",
    "limit_memory",
    "seconds_left",
    "sized",
]

SECONDS_PER_BYTE = 100e-6
_UTF8_BYTES = 3
"""Most characters of Chinese text take so many bytes, and few take more."""


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost. Immutable.

    The first two hold for every cleaner. The others are for files that `zhnorm clean` writes: what is in memory is for its
    caller to judge.

    Attributes:
        seconds: of computing that it may take, beside 100 for each 1,000,000 bytes of it; None for any.
        most_bytes: of its text; None for any.
        most_removed: share of its letters that may go, from 0 to 1 (see `zhnorm.counts`).
        warn_share: if a larger share of its letters goes it is named.
        memory_bytes: that a process may use; None for any.

    Raises:
        SettingsError: a value is out of range.

    >>> from zhnorm import Cleaner
    >>> cleaner = Cleaner(limits=Limits(seconds=5, most_bytes=9))
    >>> cleaner.clean("網絡")
    '网络'
    >>> cleaner.clean("網絡安全")
    Traceback (most recent call last):
    zhnorm.errors.LimitError: the document has more than 9 bytes
    """

    seconds: float | None = 60.0
    most_bytes: int | None = None
    most_removed: float = 1.0
    warn_share: float = 0.5
    memory_bytes: int | None = None

    def __post_init__(self) -> None:
        for name in ("seconds", "most_bytes", "memory_bytes"):
            value = getattr(self, name)
            if value is not None and not (_is_number(value) and value > 0):
                raise SettingsError(
                    Message("limits: {name}: expected a number above 0, or None, got {value!r}", name=name, value=value)
                )
        for name in ("most_removed", "warn_share"):
            value = getattr(self, name)
            if not (_is_number(value) and 0 <= value <= 1):
                raise SettingsError(
                    Message("limits: {name}: expected a number from 0 to 1, got {value!r}", name=name, value=value)
                )

    def check_text(self, text: str, before: int = 0) -> int:
        """Refuse a document of which too much came in.

        Args:
            text: a piece of it.
            before: what this gave for the pieces before it.

        Raises:
            LimitError: it has more bytes than it may.
        """
        if self.most_bytes is None:
            return 0
        size = before + len(text.encode("utf-8", "surrogatepass"))
        if size > self.most_bytes:
            raise LimitError(Message("the document has more than {most_bytes:,} bytes", most_bytes=self.most_bytes))
        return size

    def check_bytes(self, size: int, title: str) -> None:
        """Refuse a document that is too large.

        Raises:
            ReadError: it is.
        """
        if self.most_bytes is not None and size > self.most_bytes:
            hint = "clean it with a larger --max-bytes, or split it"
            raise ReadError(
                Message(
                    "{title}: more than {most_bytes:,} bytes (--max-bytes)", title=title, most_bytes=self.most_bytes
                ),
                hint=hint,
            )

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
                Message(
                    "{title}: {share:.0%} of its letters would go; not written (--quarantine)", title=title, share=share
                ),
                hint="zhnorm explain shows why; if it is right, clean it without --quarantine",
            )
        return HeavyLoss(name, share, loss.most_by) if share > self.warn_share else None


USUAL_LIMITS = Limits()
"""Where nobody says otherwise."""


class Loss(Protocol):
    """How many letters of a document went (`zhnorm.counts.Loss`)."""

    @property
    def share(self) -> float: ...

    @property
    def most_by(self) -> str: ...


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


MOST_LOSSES = 10_000
"""So many documents that lost much are named; a list that is longer nobody reads, and it would take memory for each document of a corpus."""


class Losses:
    """Documents that lost much: how many there are, and those of them that lost most.

    Attributes:
        count: how many there are.

    >>> losses = Losses(most=2)
    >>> losses.add([HeavyLoss("1", 0.6, "web/x"), HeavyLoss("2", 0.9, "web/x"), HeavyLoss("3", 0.6, "web/x"), HeavyLoss("4", 0.7, "web/x")])
    >>> losses.count, [loss.name for loss in losses.worst()]
    (4, ['2', '4'])
    """

    def __init__(self, most: int | None = None) -> None:
        self.count = 0
        self._most = MOST_LOSSES if most is None else most
        self._kept: list[HeavyLoss] = []

    def add(self, losses: Iterable[HeavyLoss], others: int = 0) -> None:
        """More of them came to an end.

        Args:
            losses: those that can be named.
            others: how many there are besides.
        """
        before = len(self._kept)
        self._kept += losses
        self.count += len(self._kept) - before + others
        if len(self._kept) > 2 * self._most:
            self._kept = self.worst()

    def worst(self) -> list[HeavyLoss]:
        """Those that lost most, of equals the first, in the order in which they came."""
        if len(self._kept) <= self._most:
            return list(self._kept)
        places = sorted(range(len(self._kept)), key=lambda place: -self._kept[place].share)[: self._most]
        return [self._kept[place] for place in sorted(places)]


class QuarantineError(ZhnormError):
    """So much of a document would go that somebody should look at it; its output was withheld."""

    exit_code = ExitCode.SOME_FAILED


class Clock:
    """How long one document is computed on. It runs only while something is done, and may be started again and again.

    In the main thread an alarm of the system ends what goes on too long, wherever it is; where there is none, and in other
    threads, stages and patterns ask `check_time`.

    Attributes:
        rings: whether the alarm is set.

    Args:
        seconds: the document may take, beside 100 for each 1,000,000 bytes of it; None for any.

    >>> clock = Clock(0.01)
    >>> with clock.running():
    ...     while True:
    ...         check_time()
    Traceback (most recent call last):
    zhnorm.errors.LimitError: given up after 0.01 s of computing
    --max-seconds (Limits.seconds) allows more; a rule of your own may be slow; if there is none, please report the text
    """

    def __init__(self, seconds: float | None) -> None:
        self._left = self._allowed = inf if seconds is None else float(min(seconds, sys.float_info.max))
        self._stop = inf
        self.rings = False

    @property
    def left(self) -> float:
        """Seconds that are left while it runs; below zero if time is up."""
        return self._stop - thread_time()

    @contextmanager
    def running(self, characters: int = 0) -> Iterator[None]:
        """Count the time that is spent inside.

        Args:
            characters: of the document that came in since the clock ran last.

        Raises:
            LimitError: time is up.
        """
        more = SECONDS_PER_BYTE * _UTF8_BYTES * characters
        self._left, self._allowed = self._left + more, self._allowed + more
        self._stop = thread_time() + self._left
        outer = getattr(_here, "clock", None)
        _here.clock = self
        try:
            with _alarm(self):
                yield
        except _TimeUpError:
            raise self.error() from None
        finally:
            self._left = self.left
            _here.clock = outer

    def error(self) -> LimitError:
        """What is said when time is up."""
        hint = (
            "--max-seconds (Limits.seconds) allows more; a rule of your own may be slow; if there is none, please "
            "report the text"
        )
        return LimitError(Message("given up after {seconds:.3g} s of computing", seconds=self._allowed), hint=hint)


_here = threading.local()
"""The clock that runs in a thread."""


def seconds_left() -> float:
    """What is left to the document in work in this thread; infinity if there is none."""
    clock: Clock | None = getattr(_here, "clock", None)
    return inf if clock is None else clock.left


def check_time(*, often: bool = False) -> None:
    """Called now and then where something may take long.

    Args:
        often: so often that the clock is not looked at where the alarm rings anyway.

    Raises:
        LimitError: the time of the document in work is up.
    """
    clock: Clock | None = getattr(_here, "clock", None)
    if clock is not None and not (often and clock.rings) and clock.left < 0:
        raise clock.error()


class _TimeUpError(BaseException):
    """The alarm rang. No `Exception`, so that nobody on the way takes it for his own."""


@contextmanager
def _alarm(clock: Clock) -> Iterator[None]:
    """Have the system ring when time is up, if it can, and if nobody else uses its alarm."""
    if (
        clock.left == inf
        or not hasattr(signal, "setitimer")
        or threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGVTALRM) is not signal.SIG_DFL
    ):
        yield
        return

    def ring(_: int, frame: FrameType | None) -> None:
        # The system counts what all threads of the process compute, and this thread alone is asked. A module that is only half
        # loaded (numpy is, with the first large text) could not be loaded again.
        is_up = clock.left < 0 and not _is_importing(frame)
        # Where nobody hears an error (in a finalizer, say) it is lost, and has to come again.
        signal.setitimer(signal.ITIMER_VIRTUAL, _AGAIN_SECONDS if is_up else _next(clock))
        if is_up:
            raise _TimeUpError

    def say_lost(lost: sys.UnraisableHookArgs) -> None:
        if not isinstance(lost.exc_value, _TimeUpError):
            hook(lost)

    signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, _next(clock))
    hook, sys.unraisablehook = sys.unraisablehook, say_lost
    clock.rings = True
    try:
        yield
    finally:
        clock.rings = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        sys.unraisablehook = hook
        signal.signal(signal.SIGVTALRM, signal.SIG_DFL)


def _next(clock: Clock) -> float:
    """In how many seconds it rings: at once if time is up, and again and again where there is more than the system can count."""
    return min(max(clock.left, _LEAST_SECONDS), _MOST_SECONDS)


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


_LEAST_SECONDS = 0.005
"""An alarm in no time at all is none."""
_MOST_SECONDS = 1e6
"""No system has a clock that counts for ever; it is set again when it rings."""
_AGAIN_SECONDS = 0.1
"""What is open has been closed by then, and is not disturbed by a second alarm."""


LEAST_MEMORY = 160 << 20
"""With less, the libraries of numpy end the process in their own way while they are loaded."""
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def limit_memory(size: int) -> None:
    """Let this process use no more than `size` bytes, where the system can see to that."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    if most == resource.RLIM_INFINITY or size < most:
        resource.setrlimit(resource.RLIMIT_DATA, (size, most))


_KEPT_AT_THE_END, _MAPPED_ALONE = -1, -3
"""Numbers of options of the C library: `M_TRIM_THRESHOLD` and `M_MMAP_THRESHOLD`, in bytes."""


def give_back_memory() -> None:
    """Give memory that is free back to the system, now and later, where that is possible: processes that are forked would take it along, each
    for itself. (The C library keeps the more, the larger the arrays were that were freed once, and forked processes learn that from it.)"""
    import ctypes

    with suppress(AttributeError, OSError):
        library = ctypes.CDLL(None)
        library.mallopt(_KEPT_AT_THE_END, 8 << 20)
        library.mallopt(_MAPPED_ALONE, 4 << 20)
        library.malloc_trim(0)


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
            hint = Message(
                "ulimit {option} {kilobytes} is enough for a page", option=option, kilobytes=LEAST_MEMORY >> 10
            )
            raise ReadError(
                Message("this shell allows {most} MB of memory, which is too little to begin", most=most >> 20),
                hint=hint,
            )


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
