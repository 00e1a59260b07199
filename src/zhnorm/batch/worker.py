"""A worker process from its own side: take a group of items, do them one after another, send back what comes of them."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

__all__ = ["FINISHED", "PART", "RAISED", "held_signals", "packed", "prepare", "serve", "unpacked"]

PART, FINISHED, RAISED = b"P", b"F", b"R"
"""How messages begin: a part of a result, the result of an item, an exception; the rest is pickled."""

_HELD = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}


class _Dismissed(BaseException):
    """The pool wants this process to end: unwind, so that temporary files go."""


def serve(connection: Connection, others: Sequence[Connection], start: Callable[[], Any]) -> None:
    """Do what comes over the connection until nothing more comes: the body of a worker process.

    Args:
        connection: brings groups (pickled sequences of items) and takes messages.
        others: the pool's own ends of connections. Where a process is forked it holds copies of them, and as long as
            it does, nobody would notice the end of the pool.
        start: see `Pool`.
    """
    for other in others:
        other.close()
    # Ctrl-C reaches every process of a terminal; the pool decides what becomes of it.
    for name in ("SIGINT", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _dismiss)
    _volunteer()
    gc.freeze()
    with suppress(_Dismissed, EOFError, BrokenPipeError, ConnectionResetError):
        _release_signals()
        try:
            _work(connection, start())
        except Exception as error:  # noqa: BLE001 - whatever it is, the pool raises it
            connection.send_bytes(RAISED + _pickled(error))


@contextmanager
def held_signals() -> Iterator[None]:
    """Keep signals waiting while a process is begun: it would not know yet what to do with them."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _HELD)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _release_signals() -> None:
    """Let in what was held when this process was begun."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _HELD)


def _work(connection: Connection, work: Callable[[Any, Callable[[Any], object]], Any]) -> None:
    def tell(part: Any) -> None:
        connection.send_bytes(PART + packed(part))

    while True:
        is_fresh, items = unpacked(connection.recv_bytes())
        if is_fresh:
            prepare(work, items)
        for item in items:
            result = work(item, tell)
            connection.send_bytes(FINISHED + packed(result))


def prepare(work: Callable[[Any, Callable[[Any], object]], Any], items: Sequence[Any]) -> None:
    """Let work see all items of a group before the first of them, if it wants to."""
    if ahead := getattr(work, "prepare", None):
        ahead(items)


def _pickled(error: Exception) -> bytes:
    try:
        data = packed(error)
        unpacked(data)  # an exception that cannot be made again would end the pool, not this process
    except Exception:  # noqa: BLE001
        return packed(RuntimeError(f"{type(error).__name__}: {error}"))
    return data


def _dismiss(*_: object) -> NoReturn:
    raise _Dismissed


def _volunteer() -> None:
    """If memory runs out Linux ends a process of its choice; better this one, which can be replaced, than the pool."""
    with suppress(OSError), open(f"/proc/{os.getpid()}/oom_score_adj", "r+") as file:
        file.write("500")


def packed(thing: Any) -> bytes:
    """Something as it travels between processes."""
    import pickle

    return pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)


def unpacked(data: bytes) -> Any:
    """What was `packed` by one of our own processes."""
    import pickle

    return pickle.loads(data)  # noqa: S301
