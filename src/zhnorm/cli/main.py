"""Where the process begins and ends: signals, and the exit code.

This module imports nothing heavy, so that Ctrl-C during startup is as silent as later.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

__all__ = ["main"]


class _Terminated(BaseException):
    """SIGTERM or SIGHUP arrived: unwind, so that temporary files go, then end by that signal."""

    def __init__(self, number: int) -> None:
        self.number = number


def main() -> NoReturn:
    """Run the command of this process, and end it: by an exit code, or by the signal that came."""
    # Rules and tables are many objects that live to the end: looking for cycles among them costs 30 ms.
    gc.set_threshold(400_000)
    # Nothing here is computed by numpy's linear algebra, whose threads would cost memory in every process.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        for number in _TERMINATING:
            # What the parent told us to ignore (nohup) stays ignored.
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, _terminate)
        for stream in (sys.stdout, sys.stderr):
            # What people are shown must not fail where their encoding is narrow; text goes out as bytes.
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")
        from .commands import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        _die(signal.SIGINT)
    except BrokenPipeError:
        _die(getattr(signal, "SIGPIPE", signal.SIGTERM))
    except _Terminated as error:
        _die(error.number)
    gc.freeze()
    sys.exit(code)


_TERMINATING = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


def _terminate(number: int, _: FrameType | None) -> None:
    raise _Terminated(number)


def _die(number: int) -> NoReturn:
    """End by the signal itself: a shell loop stops on it, which it does not for an exit code."""
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    os._exit(128 + number)
