"""Messages that wait for their turn: in memory while they are few, in a temporary file beyond that."""

from __future__ import annotations

from typing import BinaryIO, NamedTuple

__all__ = ["Hold", "Ticket"]

MEMORY_BYTES = 64 << 20


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

    def __init__(self, memory_bytes: int = MEMORY_BYTES) -> None:
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
