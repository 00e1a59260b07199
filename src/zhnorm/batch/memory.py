"""Memory that a process may use, and sizes as people write them. What one document may cost is told by `zhnorm.limits`."""

from __future__ import annotations

from zhnorm.errors import ReadError
from zhnorm.messages import Message

__all__ = ["LEAST_MEMORY", "check_memory", "limit_memory", "sized"]

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
