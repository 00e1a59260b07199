"""Work shared out to processes: results come in the order of the work, whoever finishes first.

An item is one piece of work; items come in groups, so that small ones are not sent one by one. What a worker does with
an item, and what it gives back, is up to the caller:

- `start()` is called once in every worker and gives `work`;
- `work(item, tell)` is called for every item and returns its result; before that it may call `tell(part)` with parts
  of a result that is too large to be held in one piece;
- if `work` has a method `prepare(items)`, it is given each group before its first item.

A worker that dies (killed, out of memory) is replaced. The item it had in hand is tried once more, since the reason may
have been another process; if that ends a worker too, the result is `Died`. The rest of its group is done as if nothing
had happened, without being prepared; and of a result that was only half told nothing is heard.

`Pool` is the side of the process that shares the work out; `serve`, and what follows it, is a worker's own.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, NamedTuple, NoReturn, TypeVar

from zhnorm.errors import ZhnormError
from zhnorm.messages import Message

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

__all__ = ["Died", "Hold", "Pool", "Tell", "Work"]

Item = TypeVar("Item")
Result = TypeVar("Result")
Tell = Callable[[Any], object]
Work = Callable[[Item, Tell], Result]

LOOK_AHEAD = 64
"""Groups for each worker, by their weight, that may be under way behind the one whose results come next."""
MOST_DEATHS = 20
"""Workers that may die in a row without having finished anything: then it is no longer the items."""
_AGAIN_SECONDS = 0.01
_GRACE_SECONDS = 1.0
HELD_BYTES = 64 << 20
"""So many bytes of messages that wait for their turn stay in memory."""
PART, FINISHED, RAISED = b"P", b"F", b"R"
"""How messages begin: a part of a result, the result of an item, an exception; the rest is pickled."""

_HELD = {getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)}


class Died(NamedTuple):
    """The result of an item on which two workers died.

    Attributes:
        reason: how the second one ended, in words.
    """

    reason: str


class _Place(NamedTuple):
    start: int
    size: int


Ticket = bytes | _Place
"""What a message is collected with."""


class Hold:
    """Keeps messages of any size in bounded memory.

    Args:
        memory_bytes: what may stay in memory.

    >>> hold = Hold(memory_bytes=4)
    >>> tickets = [hold.put(message) for message in (b"one", b"another")]
    >>> [hold.take(ticket) for ticket in tickets]
    [b'one', b'another']
    >>> hold.close()
    """

    def __init__(self, memory_bytes: int = HELD_BYTES) -> None:
        self._most = memory_bytes
        self._held = 0
        self._file: BinaryIO | None = None
        self._end = 0
        self._places = 0

    def put(self, message: bytes) -> Ticket:
        """Keep a message."""
        if self._held + len(message) <= self._most:
            self._held += len(message)
            return message
        if self._file is None:
            # Without a name: the system removes it whatever becomes of this process.
            import tempfile

            self._file = tempfile.TemporaryFile()  # noqa: SIM115
        place = _Place(self._end, len(message))
        self._file.seek(place.start)
        self._file.write(message)
        self._end += place.size
        self._places += 1
        return place

    def take(self, ticket: Ticket) -> bytes:
        """Give a message back. Each can be taken once."""
        if isinstance(ticket, bytes):
            self._held -= len(ticket)
            return ticket
        assert self._file is not None
        self._file.seek(ticket.start)
        message = self._file.read(ticket.size)
        self._places -= 1
        if not self._places:
            self._end = 0
            self._file.truncate(0)
        return message

    def close(self) -> None:
        """Give up whatever is still kept."""
        if self._file is not None:
            self._file.close()


class _Group(Generic[Item]):
    """Items that travel together, and how far they are."""

    def __init__(self, items: Sequence[Item], weight: int) -> None:
        self.items = items
        self.weight = weight
        self.done = 0  # items whose result is there
        self.is_fresh = True  # no worker died on it
        self.suspect = -1  # the item on which a worker died
        self.parts: list[Ticket] = []  # of the item in hand
        self.results: deque[tuple[list[Ticket], Ticket | Died]] = deque()

    def finish(self, result: Ticket | Died) -> None:
        self.results.append((self.parts, result))
        self.parts = []
        self.done += 1


class _Worker(Generic[Item]):
    """A process, this end of the connection to it, and what it is doing."""

    def __init__(self, process: BaseProcess, connection: Connection) -> None:
        self.process = process
        self.connection = connection
        self.group: _Group[Item] | None = None


class Pool(Generic[Item, Result]):
    """Some worker processes, to be used in a `with` statement: at its end none of them is left.

    Args:
        start: called once in every worker; gives what is called for every item. It must be picklable where processes
            are not forked (on other systems than Linux, or if this process has threads).
        workers: how many at most; with 1, or if there is only one group, everything happens in this process.
        died: told about a worker that died: the item it had in hand, and the number of the process.
        weigh: how many groups an ordinary group counts as; more for one that needs much memory while it is under way.

    >>> def start():
    ...     return lambda item, tell: item * item
    >>> with Pool(start, workers=2) as pool:
    ...     list(pool.in_order([[1, 2], [3], [4, 5]]))
    [(1, 1), (2, 4), (3, 9), (4, 16), (5, 25)]
    """

    def __init__(
        self,
        start: Callable[[], Work[Item, Result]],
        *,
        workers: int,
        died: Callable[[Item, int], object] = lambda _item, _process: None,
        weigh: Callable[[Sequence[Item]], int] = lambda _items: 1,
    ) -> None:
        self._start = start
        self._most = workers
        self._died = died
        self._weigh = weigh
        self._weight = 0  # of the line
        self._workers: list[_Worker[Item]] = []
        self._deaths = 0
        self._line: deque[_Group[Item]] = deque()  # under way, in order
        self._again: deque[_Group[Item]] = deque()  # those whose worker died
        self._hold = Hold()
        # A fork costs milliseconds and shares rules and tables, but is safe only where there are no other threads.
        self._forks = sys.platform == "linux" and threading.active_count() == 1

    def __enter__(self) -> Pool[Item, Result]:
        return self

    def __exit__(self, *_: object) -> None:
        self._dismiss()
        self._hold.close()

    def in_order(
        self, groups: Iterable[Sequence[Item]], receive: Tell = lambda _: None
    ) -> Iterator[tuple[Item, Result | Died]]:
        """Do the work.

        Args:
            groups: taken only as fast as they are needed.
            receive: is given the parts of an item that were told, in order, before its result is yielded.

        Yields:
            Every item with its result, in order.

        Raises:
            Exception: what `start` or `work` raised.
            ZhnormError: workers die whatever they are given.
        """
        source = filter(None, groups)
        # Alone, nothing is taken before it is wanted: the source may be a pipe into which somebody types.
        first = list(islice(source, 2)) if self._most > 1 else []
        if len(first) > 1:
            yield from self._shared(chain(first, source), receive)
            return
        work = self._start()
        for group in chain(first, source):
            prepare(work, group)
            for item in group:
                yield item, work(item, receive)

    def _shared(self, source: Iterator[Sequence[Item]], receive: Tell) -> Iterator[tuple[Item, Result | Died]]:
        while True:
            self._hand_out(source)
            if not self._line:
                return
            self._listen()
            while self._line:
                head = self._line[0]
                while head.results:
                    item = head.items[head.done - len(head.results)]
                    parts, result = head.results.popleft()
                    for part in parts:
                        receive(self._open(part))
                    yield item, result if isinstance(result, Died) else self._open(result)
                if head.done < len(head.items):
                    break
                self._line.popleft()
                self._weight -= head.weight

    def _hand_out(self, source: Iterator[Sequence[Item]]) -> None:
        """Give every idle worker a group; there are no more workers than groups."""
        while sum(worker.group is not None for worker in self._workers) < self._most:
            if self._again:
                group = self._again.popleft()
            elif self._weight < LOOK_AHEAD * self._most and (items := next(source, None)) is not None:
                self._line.append(group := _Group(items, self._weigh(items)))
                self._weight += group.weight
            else:
                return
            worker = next((worker for worker in self._workers if worker.group is None), None) or self._hire()
            worker.group = group
            try:
                worker.connection.send_bytes(packed((group.is_fresh, group.items[group.done :])))
            except (BrokenPipeError, ConnectionResetError):
                self._bury(worker)

    def _hire(self) -> _Worker[Item]:
        # Only here: who cleans one document needs no processes.
        from multiprocessing import get_context

        context = get_context("fork" if self._forks else "spawn")
        ours, theirs = context.Pipe()
        others = [worker.connection for worker in self._workers] + [ours] if self._forks else []
        # mypy knows no Process of a context in general, though every one has it.
        make: Callable[..., BaseProcess] = context.Process  # type: ignore[attr-defined]
        process = make(target=serve, args=(theirs, others, self._start), daemon=True)
        with held_signals():
            process.start()
        theirs.close()
        worker: _Worker[Item] = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _bury(self, worker: _Worker[Item]) -> None:
        """A worker is gone: somebody else does what it had not finished."""
        worker.connection.close()
        worker.process.join()
        self._workers.remove(worker)
        self._deaths += 1
        group = worker.group
        assert group is not None
        for part in group.parts:
            self._hold.take(part)
        group.parts = []
        self._died(group.items[group.done], worker.process.pid or 0)
        reason = _ending(worker.process.exitcode)
        if self._deaths == MOST_DEATHS:
            message = Message(
                "{most_deaths} worker processes in a row ended before they had done anything: {reason}",
                most_deaths=MOST_DEATHS,
                reason=reason,
            )
            raise ZhnormError(message, hint="is there enough memory? a smaller --jobs needs less")
        if group.suspect == group.done:
            group.finish(Died(reason))
        else:
            group.suspect = group.done
        group.is_fresh = False
        if group.done < len(group.items):
            self._again.append(group)

    def _listen(self) -> None:
        """Wait until workers say something, and take it down."""
        busy = {worker.connection: worker for worker in self._workers if worker.group}
        from multiprocessing.connection import wait

        for connection in wait(list(busy)):
            worker = busy[connection]  # type: ignore[index]
            try:
                self._note(worker, worker.connection.recv_bytes())
            except (EOFError, ConnectionResetError):
                self._bury(worker)

    def _note(self, worker: _Worker[Item], message: bytes) -> None:
        group = worker.group
        assert group is not None
        kind, message = message[:1], message[1:]
        if kind == RAISED:
            raise unpacked(message)
        ticket = self._hold.put(message)
        if kind == PART:
            group.parts.append(ticket)
            return
        group.finish(ticket)
        self._deaths = 0
        if group.done == len(group.items):
            worker.group = None

    def _open(self, ticket: Ticket) -> Any:
        return unpacked(self._hold.take(ticket))

    def _dismiss(self) -> None:
        """End all workers: those that are waiting at once, the others after their temporary files are gone."""
        for worker in self._workers:
            worker.connection.close()
            if worker.group is not None:
                worker.process.terminate()
        deadline = time.monotonic() + _GRACE_SECONDS
        for worker in self._workers:
            worker.process.join(max(0.0, deadline - time.monotonic()))
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
                if worker.group is not None:
                    self._died(worker.group.items[worker.group.done], worker.process.pid or 0)
        self._workers.clear()


def _ending(code: int | None) -> str:
    """How a process ended, in words.

    >>> _ending(-9), _ending(3)
    ('killed by SIGKILL', 'exit code 3')
    """
    if code is not None and code < 0:
        try:
            return f"killed by {signal.Signals(-code).name}"
        except ValueError:
            return f"killed by signal {-code}"
    return f"exit code {code}"


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
    _heed_dismissal()
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
        return packed(RuntimeError(": ".join((type(error).__name__, str(error)))))
    return data


def _heed_dismissal() -> None:
    """Unwind when SIGTERM comes. Where it comes while a finalizer runs, Python swallows the exception: then it comes again."""

    def heed(swallowed: sys.UnraisableHookArgs) -> None:
        if swallowed.exc_type is _Dismissed:
            threading.Timer(_AGAIN_SECONDS, os.kill, (os.getpid(), signal.SIGTERM)).start()
        else:
            sys.__unraisablehook__(swallowed)

    sys.unraisablehook = heed
    signal.signal(signal.SIGTERM, _dismiss)


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
