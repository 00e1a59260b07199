"""Documents cut into blocks: lines with their ends, a window at a time, wherever reads fall."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from .errors import LimitError, is_missing, not_text
from .limits import Clock, Limits
from .line import Block
from .settings import Settings
from .stages.stage import Memory

__all__ = ["WINDOW_CHARS", "Incremental", "block_of", "checked_title"]

WINDOW_CHARS = 500_000
"""A window of lines is full at this many characters, however few lines they are."""


MOST_LINE_CHARS = 256_000_000
"""A longer line is none: memory ends before it does."""


class Cleaning(Protocol):
    """What an `Incremental` asks of a cleaner."""

    settings: Settings
    limits: Limits

    @property
    def streams(self) -> bool: ...

    def clean_blocks(self, blocks: Sequence[Block], memories: Sequence[Memory]) -> None: ...


def block_of(lines: list[str], first: int, *, is_tail: bool) -> Block:
    """Lines as a block; what follows the last "\\n" of a document is a line of its own, and none at all if it is empty."""
    if is_tail and not lines[-1]:
        lines = lines[:-1]
        end = ["\n"] * len(lines)
    else:
        end = ["\n"] * len(lines)
        if is_tail:
            end[-1] = ""
    if any(line[-1:] == "\r" for line in lines):
        end = ["\r\n" if mark and line[-1:] == "\r" else mark for line, mark in zip(lines, end, strict=True)]
        lines = [line[:-1] if len(mark) == 2 else line for line, mark in zip(lines, end, strict=True)]
    block = Block.from_lines(lines, end, first)
    block.is_head, block.is_tail = first == 1, is_tail
    return block


def checked_title(title: object, where: str = "title") -> str | None:
    """A title as a caller gave it; None if it is not known.

    Raises:
        NotTextError: it is no text.
    """
    if is_missing(title):
        return None
    if not isinstance(title, str):
        raise not_text(title, where)
    return title


class Incremental:
    """One document on its way through a cleaner.

    Lines are cleaned a window at a time; the last window is never cut off before the end is known. A document of less
    than two windows is looked at as a whole. Where the text is cut into pieces makes no difference to the output.

    >>> from zhnorm import Cleaner
    >>> document = Cleaner().incremental()
    >>> document.feed("網絡安") + document.feed("全\\n") + document.finish()
    '网络安全\\n'
    """

    def __init__(
        self,
        cleaner: Cleaning,
        observe: Callable[[Block], None] | None = None,
        title: str | None = None,
        name: str = "",
    ) -> None:
        self._cleaner = cleaner
        self._observe = observe
        self._memory = Memory(checked_title(title), name)
        self._unfinished: list[str] = []
        self._lines: list[str] = []
        self._next = 1
        self._finished = False
        self._clock = Clock(cleaner.limits.seconds)
        self._bytes = self._unfinished_chars = 0

    def feed(self, piece: str) -> str:
        """Take the next piece of the document; give out the text that is ready.

        Raises:
            ValueError: the document was finished already, or has failed.
            NotTextError: the piece is no text.
            LimitError: it takes more than it may. What was given out is as it would have been.
            AuditError: a bug; no more is given out.
        """
        if not isinstance(piece, str):
            raise not_text(piece)
        if self._finished:
            raise ValueError("the document is finished; begin another with Cleaner.incremental()")
        # What fails is not gone on with: lines that were in work are neither here nor there.
        self._finished = True
        self._check_size(piece)
        with self._clock.running(len(piece)):
            ready = self._feed(piece)
        self._finished = False
        return ready

    def _feed(self, piece: str) -> str:
        if "\n" not in piece:
            self._unfinished.append(piece)
            return ""
        lines = ("".join(self._unfinished) + piece).split("\n")
        self._unfinished = [lines.pop()]
        self._lines.extend(lines)
        if self._cleaner.streams:
            return self._take(len(self._lines), is_tail=False)
        out = []
        while (stop := self._window(0)) and self._window(stop):
            out.append(self._take(stop, is_tail=False))
        return "".join(out)

    def finish(self) -> str:
        """The document ends here; give out the rest.

        Raises:
            LimitError: it takes more than it may.
            AuditError: a bug; no more is given out.
        """
        if self._finished:
            return ""
        self._finished = True
        last = "".join(self._unfinished)
        self._lines.append(last)
        with self._clock.running():
            return self._take(len(self._lines), is_tail=True)

    def _check_size(self, piece: str) -> None:
        self._bytes = self._cleaner.limits.check_text(piece, self._bytes)
        at = piece.rfind("\n")
        self._unfinished_chars = self._unfinished_chars + len(piece) if at < 0 else len(piece) - at - 1
        if self._unfinished_chars > MOST_LINE_CHARS:
            hint = "is it text? its lines end with \\n or \\r\\n"
            raise LimitError(f"a line of more than {MOST_LINE_CHARS:,} characters", hint=hint)

    def _window(self, start: int) -> int:
        """Where the window that begins at a line stops, 0 if the lines so far do not fill it."""
        stop = start + self._cleaner.settings.window_lines
        size = 0
        for index in range(start, min(stop, len(self._lines))):
            size += len(self._lines[index])
            if size >= WINDOW_CHARS:
                return index + 1
        return stop if stop <= len(self._lines) else 0

    def _take(self, stop: int, *, is_tail: bool) -> str:
        """Clean the first lines and give out what is left of them."""
        lines, self._lines = self._lines[:stop], self._lines[stop:]
        if not lines or (is_tail and lines == [""]):
            return ""
        block = block_of(lines, self._next, is_tail=is_tail)
        self._next += len(block)
        self._cleaner.clean_blocks([block], [self._memory])
        if self._observe:
            self._observe(block)
        return block.output()
