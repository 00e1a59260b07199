"""An output folder belongs to one run at a time."""

from __future__ import annotations

import os
import time
from contextlib import suppress

from zhnorm.errors import UsageError
from zhnorm.messages import Message

from .write import is_temporary

__all__ = ["claim", "remove_leftovers"]

_PATIENCE_SECONDS = 10.0


def claim(folder: str, out: str) -> int:
    """Have the folder for this run alone, until what is given back is closed in every process that has it.

    Workers of a run that was killed finish the file they have in hand, so they are waited for.
    """
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        import fcntl
    except ImportError:
        return descriptor
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                os.close(descriptor)
                raise UsageError(
                    Message("{out}: another run is writing there", out=out), hint="wait until it has ended"
                ) from None
            time.sleep(0.05)
        else:
            return descriptor


def remove_leftovers(out: str) -> None:
    """Remove what a run that was killed left half-written anywhere below `out`."""
    for folder, _, names in os.walk(out):
        for name in filter(is_temporary, names):
            with suppress(OSError):
                os.unlink(os.path.join(folder, name))
