"""One document at a time: read it, clean it, put it in place, and tell those who want to know.

Every document goes this way, wherever it comes from: a pipe, a file, a file of a folder, a record of a file of records. What
differs between them (how their text comes in, where it goes, what is known of it in the end) is what a `Document` says.
One that goes wrong costs only itself.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeVar

from zhnorm.counts import Counts
from zhnorm.errors import AuditError, LimitError, ReadError, ZhnormError, bug, shortage
from zhnorm.formats.compression import Sink
from zhnorm.formats.decode import Decoder
from zhnorm.formats.looks import refuse_binary
from zhnorm.formats.source import OnRead, open_document
from zhnorm.formats.text import encode
from zhnorm.html.extraction import Door
from zhnorm.limits import HeavyLoss, Limits
from zhnorm.messages import Message

from .job import Failure, Job, Outcome
from .write import open_output

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner
    from zhnorm.formats.source import Stream
    from zhnorm.line import Block

__all__ = [
    "Cleaned",
    "Document",
    "FileDocument",
    "Meter",
    "Recorder",
    "Recorders",
    "attempt",
    "clean_one",
    "clean_together",
    "is_final",
    "read_whole",
]

Made = TypeVar("Made")


class Recorder(Protocol):
    """Sees what happens to documents, in the process in which it happens.

    Called for every document in this order: begin, block any number of times, done or failed; for one that failed
    before it could be opened: failed alone.
    """

    def begin(self, name: str, /) -> None: ...

    def block(self, block: Block, /) -> None: ...

    def done(self, outcome: Outcome, /) -> None: ...

    def failed(self, failure: Failure, /) -> None: ...


class Recorders:
    """The recorders of a process, told as one.

    Args:
        each: the recorders.
    """

    def __init__(self, each: Sequence[Recorder] = ()) -> None:
        self._each = tuple(each)

    def begin(self, name: str) -> None:
        """A document opens."""
        for recorder in self._each:
            recorder.begin(name)

    def block(self, block: Block) -> None:
        """Lines of it are finished."""
        for recorder in self._each:
            recorder.block(block)

    def end(self, result: Outcome | Failure) -> None:
        """It is in place, or it failed."""
        for recorder in self._each:
            if isinstance(result, Outcome):
                recorder.done(result)
            else:
                recorder.failed(result)


class Document(Protocol):
    """A document on its way in and out.

    Attributes:
        name: what it is called in ledger and results.
        title: what messages call it.
        in_file: it is a record of a file.
        known_title: what its text has for a title, if somebody said so.
    """

    @property
    def name(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def in_file(self) -> bool: ...

    @property
    def known_title(self) -> str | None: ...

    def pieces(self) -> Generator[str]:
        """Its text, as it comes.

        Raises:
            ReadError: it cannot be read, or costs too much.
        """

    def opened(self) -> AbstractContextManager[object]:
        """The place for its output, open for `write`. What goes wrong inside leaves what was there before."""

    def write(self, text: str) -> None:
        """Add clean text at the end of its output."""

    def outcome(self, counts: Counts, heavy: HeavyLoss | None) -> Outcome:
        """What became of it, after its output is complete."""


class Cleaned(NamedTuple):
    """A document that was cleaned together with others, and is not in its place yet.

    Attributes:
        text: its clean text.
        blocks: its lines.
    """

    text: str
    blocks: list[Block]


def clean_one(
    cleaner: Cleaner, document: Document, recorders: Recorders, limits: Limits, cleaned: Cleaned | None = None
) -> Outcome | Failure:
    """Clean a document and put its output in place as a whole; output to a stream is written as soon as it is certain.

    Args:
        cleaner: the cleaner.
        document: what to read, and where to write.
        recorders: told when it opens, of every finished block of lines in order, and what became of it.
        limits: what it may cost.
        cleaned: the document, if it was cleaned before its turn.

    Raises:
        ZhnormError: every further document would fail in the same way.
        BrokenPipeError: nobody reads what is written.
    """
    recorders.begin(document.name)
    result = attempt(document.name, document.title, lambda: _clean(cleaner, document, recorders, limits, cleaned))
    if isinstance(result, Failure) and document.in_file:
        result = result._replace(in_file=True)
    recorders.end(result)
    return result


def _clean(
    cleaner: Cleaner, document: Document, recorders: Recorders, limits: Limits, cleaned: Cleaned | None
) -> Outcome:
    counts = Counts()

    def observe(block: Block) -> None:
        counts.add(block)
        recorders.block(block)

    with closing(document.pieces()) as pieces:
        # The first piece is read before the target is opened: what cannot be read leaves no empty folder behind.
        head = next(pieces, "")
        with document.opened():
            if cleaned is not None:
                for block in cleaned.blocks:
                    observe(block)
                document.write(cleaned.text)
            else:
                incremental = cleaner.incremental(observe, document.known_title, document.name)
                for piece in chain((head,), pieces):
                    document.write(incremental.feed(piece))
                document.write(incremental.finish())
            # Inside, so that nothing appears under the target's name.
            heavy = limits.check_loss(counts.loss, document.name, document.title)
        return document.outcome(counts, heavy)


def attempt(name: str, title: str, do: Callable[[], Made]) -> Made | Failure:
    """Do something with a document; what goes wrong becomes a failure.

    Args:
        name: of the document.
        title: what messages call it.
        do: does it.

    Raises:
        ZhnormError: every further document would fail in the same way.
        BrokenPipeError: nobody reads what is written.
    """
    try:
        return do()
    except LimitError as error:
        return Failure(
            name, LimitError(Message("{title}: {message}", title=title, message=error.message), hint=error.hint)
        )
    except ZhnormError as error:
        if is_final(error):
            raise
        return Failure(name, error)
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug shows on one document; the others are none the worse
        return Failure(name, shortage(error, title) or bug(error, title))


def is_final(error: ZhnormError) -> bool:
    """Whether every further document would fail in the same way."""
    if isinstance(error, AuditError | ReadError):
        return False
    cause = error.__cause__
    return isinstance(cause, OSError) and cause.errno in (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def clean_together(
    cleaner: Cleaner,
    texts: Sequence[str],
    titles: Sequence[str | None] | None = None,
    names: Sequence[str] | None = None,
) -> list[Cleaned]:
    """Clean small documents together before their turn, which is much faster than one by one.

    Args:
        cleaner: the cleaner.
        texts: the documents.
        titles: those that are known.
        names: what the documents are called.

    Returns:
        Each of them; none if anything goes wrong with one: alone it will do so again, and cost only itself.
    """
    if not texts:
        return []
    cleaned: list[Cleaned] = []
    blocks: list[Block] = []
    try:
        for text in cleaner.on_trial().clean_many(texts, blocks.append, titles=titles, names=names):
            cleaned.append(Cleaned(text, blocks.copy()))
            blocks.clear()
    except Exception:  # noqa: BLE001 - whatever it is, it comes again
        return []
    return cleaned


class FileDocument:
    """A file or a stream of text on its way.

    Args:
        job: what to read, and where to write.
        digests: work out the SHA-256 of input and output.
        encoding: what it is in; None finds it out.
        limits: what it may cost.
        form: `text` or `html`; empty: it is looked at.
        on_read: told how many of its bytes were read.
    """

    in_file = False
    known_title: str | None = None
    _meter: Meter
    _door: Door | None = None
    _decoder: Decoder
    _sink: Sink | None
    _text: str | None = None

    def __init__(
        self,
        job: Job,
        *,
        digests: bool,
        encoding: str | None,
        limits: Limits,
        form: str = "",
        on_read: OnRead | None = None,
    ) -> None:
        self._on_read = on_read
        self.name, self.title, self.size = job.name, job.title, job.size
        self._job, self._digests, self._encoding, self._limits = job, digests, encoding, limits
        if form != "text":
            self._door = Door(self.title, as_html=form == "html" or job.is_page, limits=limits)

    def read(self, most: int) -> str | None:
        """All of its text at once if it is no more than so many bytes, else None.

        Raises:
            ReadError: see `pieces`.
        """
        texts = []
        with closing(self.pieces()) as pieces:
            for piece in pieces:
                texts.append(piece)
                if self._meter.bytes_in > most:
                    return None
        self._text = "".join(texts)
        return self._text

    def pieces(self) -> Generator[str]:
        """Its text, as it comes; see `Document`."""
        if self._text is not None:
            yield self._text
            return
        if self.size is not None:
            self._limits.check_bytes(self.size, self.title)
        with closing(self._decoded()) as decoded:
            yield from self._door.pieces(decoded) if self._door else decoded

    def _decoded(self) -> Generator[str]:
        """What is in the file, be it text or HTML."""
        # Anew for each reading: what failed when it was read before its turn is read again.
        meter = self._meter = Meter(self._digests, self._limits, self.title)
        decoder = self._decoder = Decoder(self._encoding, self.title)
        with open_document(self._job.source, self.title, on_read=self._on_read) as pieces:
            head = next(pieces, b"")
            refuse_binary(head, self.title)
            yield decoder.feed(meter.read(head))
            for piece in pieces:
                yield decoder.feed(meter.read(piece))
        yield decoder.finish()

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Its target, open for `write`; see `Document`."""
        if self._job.in_place is not None and self._door is not None and self._door.extracted:
            hint = "write it to a file of its own: -o FILE.md, or -o FOLDER"
            raise ReadError(
                Message("{title}: is HTML, and its text cannot take the place of the page", title=self.title), hint=hint
            )
        with open_output(self._job) as self._sink:
            yield

    def write(self, text: str) -> None:
        """Add clean text at the end of its target."""
        if text:
            data = encode(text)
            self._meter.written(data)
            if self._sink is not None:
                self._sink.write(data)

    def outcome(self, counts: Counts, heavy: HeavyLoss | None) -> Outcome:
        """What became of it; see `Document`."""
        meter, decoder = self._meter, self._decoder
        extracted = self._door is not None and self._door.extracted
        return Outcome(
            self.name,
            counts,
            meter.bytes_in,
            meter.bytes_out,
            decoder.undecodable,
            decoder.first,
            decoder.encoding,
            *meter.digests(),
            lost=decoder.lost,
            heavy=(heavy,) if heavy else (),
            extracted=extracted,
            only_returns=decoder.only_returns and not extracted,
            is_xml=self._door is not None and self._door.is_xml,
            private=decoder.private,
            first_private=decoder.first_private,
        )


class Meter:
    """Counts and digests what goes in and out, and sees that it is not too much."""

    def __init__(self, digests: bool, limits: Limits, title: str) -> None:
        self.bytes_in = self.bytes_out = 0
        self._limits = limits
        self._title = title
        self._hashes = None
        if digests:
            import hashlib

            self._hashes = hashlib.sha256(), hashlib.sha256()

    def read(self, data: bytes) -> bytes:
        self.bytes_in += len(data)
        self._limits.check_bytes(self.bytes_in, self._title)
        if self._hashes:
            self._hashes[0].update(data)
        return data

    def written(self, data: bytes) -> None:
        self.bytes_out += len(data)
        if self._hashes:
            self._hashes[1].update(data)

    def digests(self) -> tuple[str, str]:
        """Of what was read, and of what was written; empty if nobody asked for them."""
        return (self._hashes[0].hexdigest(), self._hashes[1].hexdigest()) if self._hashes else ("", "")


def read_whole(source: str | Stream, title: str, encoding: str | None = None) -> tuple[str, Decoder]:
    """A whole document, and what its decoder knows of it. Bytes that are none of its characters are lone surrogates.

    Args:
        source: a path, or a stream.
        title: for messages.
        encoding: what it is in; None finds it out.

    Raises:
        ReadError: it cannot be read, or is not text.
    """
    decoder = Decoder(encoding, title)
    texts: list[str] = []
    with open_document(source, title) as pieces:
        for piece in pieces:
            if not texts:
                refuse_binary(piece, title)
            texts.append(decoder.feed(piece))
    return "".join(texts) + decoder.finish(), decoder
