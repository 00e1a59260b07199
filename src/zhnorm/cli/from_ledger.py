"""Documents that a ledger is about: each input is found in it by its digest, made into another text, and put in place."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from zhnorm.batch.document import attempt
from zhnorm.batch.job import Failure, InPlace, Job
from zhnorm.batch.write import open_output
from zhnorm.errors import ExitCode, ReadError, UsageError, ZhnormError
from zhnorm.formats.compression import Sink
from zhnorm.formats.decode import Decoder, encoded
from zhnorm.formats.source import PIECE_BYTES, open_seekable
from zhnorm.formats.text import encode
from zhnorm.html.extraction import text_of
from zhnorm.messages import Message, counted

from .plan import make_plan
from .streams import say, title_of

if TYPE_CHECKING:
    from zhnorm.ledger.read import DocumentRecords, Entry, Ledger, Side
    from zhnorm.line import Line

__all__ = ["each_story", "find_text", "make_each"]

_MOST_NAMES = 3


class Found(NamedTuple):
    """A document that a ledger knows.

    Attributes:
        text: what was given: the input, or the output.
        side: which of them it is.
        entry: its place in the ledger.
        records: what the ledger says about it.
    """

    text: str
    side: Side
    entry: Entry
    records: DocumentRecords


def make_each(
    ledger: Ledger,
    paths: Sequence[str],
    out: str | None,
    side: Side,
    make: Callable[[str, DocumentRecords], tuple[bytes, str]],
    *,
    quiet: bool = False,
    in_place: bool = False,
) -> ExitCode:
    """Make another text of every document that is given, with the help of a ledger.

    Args:
        ledger: what happened to the documents.
        paths: as on the command line: nothing or "-", a file, a folder, or several of them.
        out: the value of `-o`.
        side: what the documents are: inputs of the run that the ledger is about, or its outputs.
        make: gives the new text as bytes, and the digest that these must have ("" if it is not known).
        quiet: say nothing but errors.
        in_place: each text takes the place of the document; of one in whose place it stands already nothing is made.

    Raises:
        ZhnormError: the only document failed, or no further one could be written.
    """
    _check_ledger(ledger)
    plan = make_plan(
        paths,
        out,
        preview=False,
        quiet=quiet,
        skipped=lambda _: None,
        pages=side == "input",
        reads=(ledger.title,),
        in_place=InPlace() if in_place else None,
    )
    made: set[Entry] = set()
    failures: list[Failure] = []
    for job in plan.jobs:
        result = job if isinstance(job, Failure) else _make(ledger, job, side, make)
        if not isinstance(result, Failure):
            made.add(result)
        elif plan.many:
            say(result.error.message, hint=result.error.hint)
            failures.append(result)
        else:
            raise result.error
    if not made and not failures:
        raise ReadError(
            Message("{folder}: no files in it", folder=paths[0]), hint="hidden files and symbolic links are not taken"
        )
    code = max([_say_damage(ledger), *(failure.exit_code for failure in failures)])
    if len(paths) == 1 and plan.many:
        code = max(code, _say_missing(ledger, made, {failure.name for failure in failures}, paths[0]))
    return code


def each_story(
    ledger: Ledger, paths: Sequence[str], show: Callable[[str, Sequence[Line], Side], object], *, one: bool = False
) -> ExitCode:
    """Show every document that is given, an input or an output of a run, with what its ledger says about each line.

    Args:
        ledger: of the run.
        paths: as on the command line.
        show: called with the name and the lines of each document, and with what the document is.
        one: whether only one document makes sense.

    Raises:
        ZhnormError: the only document failed.
        UsageError: there may be several, and only one makes sense.
    """
    plan = make_plan(paths, None, preview=True, skipped=lambda _: None, reads=(ledger.title,))
    if plan.many and one:
        raise UsageError("--line is about one document, and here are several", hint="name the file")
    code = ExitCode.DONE
    for job in plan.jobs:
        try:
            if isinstance(job, Failure):
                raise job.error
            found = find_text(ledger, job, ("input", "output"))
            show(job.name, _story(found, job), found.side)
        except ZhnormError as error:
            if not plan.many:
                raise
            say(error.message, hint=error.hint)
            code = ExitCode.SOME_FAILED
    return max(code, _say_damage(ledger))


def _say_damage(ledger: Ledger) -> ExitCode:
    if not ledger.damaged:
        return ExitCode.DONE
    one = "{title}: damaged in 1 place; what it does not know any more cannot be done"
    many = "{title}: damaged in {count:,} places; what it does not know any more cannot be done"
    say(counted(ledger.damaged, one, many, title=ledger.title))
    return ExitCode.SOME_FAILED


def _story(found: Found, job: Job) -> list[Line]:
    """Every line of a document, as long as what the ledger says leads from the very input to the very output."""
    from zhnorm.ledger.replay import join_lines, restore, stories

    records = found.records
    try:
        if found.side == "input":
            lines = stories(found.text, records)
            output = join_lines([line.text for line in lines], [line.end for line in lines])
            made, wanted = encode(output), records.output_sha256
        else:
            source = restore(found.text, records)
            lines = stories(source, records)
            if records.extracted:
                return lines  # the digest is that of the HTML
            made, wanted = encoded(source, records.encoding, records.variants), records.input_sha256
    except UnicodeEncodeError as error:
        raise _not_as_told(job) from error
    if hashlib.sha256(made).hexdigest() != wanted:
        raise _not_as_told(job)
    return lines


def _say_missing(ledger: Ledger, made: Container[Entry], failed: Container[str], folder: str) -> ExitCode:
    missing = [entry for entry in ledger.entries if entry not in made and entry.name not in failed]
    if not missing:
        return ExitCode.DONE
    one = "{names} is in the ledger, and not among the files in {folder}"
    many = "{names} are in the ledger, and not among the files in {folder}"
    say(counted(len(missing), one, many, names=_some(missing), folder=folder))
    return ExitCode.SOME_FAILED


def _some(entries: Sequence[Entry]) -> str:
    names = ", ".join(title_of(entry.name) for entry in entries[:_MOST_NAMES])
    more = Message(" and {count:,} more", count=len(entries) - _MOST_NAMES) if len(entries) > _MOST_NAMES else ""
    return Message("{names}{more}", names=names, more=more)


def _check_ledger(ledger: Ledger) -> None:
    if not ledger.entries:
        hint = "did the run that wrote it fail? its failed records say why"
        raise ReadError(Message("{title}: no completed document in this ledger", title=ledger.title), hint=hint)


def _make(
    ledger: Ledger, job: Job, side: Side, make: Callable[[str, DocumentRecords], tuple[bytes, str]]
) -> Entry | Failure:
    def made() -> Entry:
        try:
            other: Side = "output" if side == "input" else "input"
            sides = (side,) if job.in_place is None else (side, other)
            with _open_found(ledger, job, sides) as (file, found, entry):
                if found != side:
                    return entry
                if entry.closing is not None:
                    _put(job, _records_of(ledger, entry, job, file, side), entry.input_sha256)
                else:
                    result, digest = make(_text_of(file, side, entry, ledger, job).text, ledger.read(entry))
                    _put(job, [result], digest)
                return entry
        except UnicodeEncodeError:
            raise _not_as_told(job) from None

    return attempt(job.name, job.title, made)


def find_text(ledger: Ledger, job: Job, sides: Sequence[Side]) -> Found:
    """Read a document and find it in the ledger by its digest.

    Args:
        ledger: where to look.
        job: names the document.
        sides: what it may be; the first that fits counts.

    Raises:
        ReadError: it cannot be read, or the ledger does not know it.
    """
    with _open_found(ledger, job, sides) as (file, side, entry):
        if entry.closing is not None:
            hint = Message(
                "zhnorm stats --ledger {title} counts its records; zhnorm explain {document} shows each, cleaned again",
                title=ledger.title,
                document=job.title,
            )
            raise ReadError(
                Message("{title}: a file of records, whose lines a ledger cannot tell", title=job.title), hint=hint
            )
        return _text_of(file, side, entry, ledger, job)


@contextmanager
def _open_found(ledger: Ledger, job: Job, sides: Sequence[Side]) -> Iterator[tuple[BinaryIO, Side, Entry]]:
    """Open a document, and find it in the ledger by its digest."""
    with open_seekable(job.source, job.title) as file:
        found = hashlib.sha256()
        for piece in _pieces(file):
            found.update(piece)
        digest = found.hexdigest()
        side = next((side for side in sides if ledger.find(side, digest)), sides[0])
        entry = _find(ledger, job, side, digest)
        file.seek(0)
        yield file, side, entry


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece


def _text_of(file: BinaryIO, side: Side, entry: Entry, ledger: Ledger, job: Job) -> Found:
    records = ledger.read(entry)
    # The digest says that this is the text; bytes that are no characters were kept in it.
    decoder = Decoder("utf-8" if side == "output" else records.encoding, job.title, strict=False)
    text = decoder.feed(file.read()) + decoder.finish()
    if records.extracted and side == "input":
        text = text_of(text, job.title, as_html=True) or text
    return Found(text, side, entry, records)


def _records_of(ledger: Ledger, entry: Entry, job: Job, file: BinaryIO, side: Side) -> Iterator[bytes]:
    """A file of records made again of its output. It is never in memory as a whole."""
    if side == "input":
        hint = "clean it again, or restore the output"
        raise ReadError(
            Message("{title}: a file of records, which cannot be made from a ledger", title=job.title), hint=hint
        )
    if entry.closing is not None and entry.closing.format == "parquet":
        hint = "keep the input; its ledger says what changed in each row"
        raise ReadError(
            Message("{title}: Parquet is packed anew when it is written, and cannot be given back", title=job.title),
            hint=hint,
        )
    from zhnorm.ledger.replay import restore_file

    return restore_file(_pieces(file), ledger, entry)


def _find(ledger: Ledger, job: Job, side: Side, digest: str) -> Entry:
    """The document's place in the ledger: by its digest; if that fits several, by its name."""
    fits = ledger.find(side, digest)
    if not fits:
        known = any(_is_named(entry, job) for entry in ledger.entries)
        what = Message("is not as the ledger knows it: changed since")
        if not known:
            what = Message("no {side} that the ledger knows", side=Message(side))
        raise ReadError(
            Message("{title}: {what}", title=job.title, what=what),
            hint=Message("{title} must be the ledger of the very run", title=ledger.title),
        )
    named = [entry for entry in fits if entry.name == job.name] or [entry for entry in fits if _is_named(entry, job)]
    if not all(entry.input_sha256 and entry.output_sha256 for entry in named or fits):
        raise ReadError(
            Message("{title}: the ledger has no digests of it", title=job.title),
            hint="it was changed, or not written by zhnorm clean",
        )
    if len({(entry.input_sha256, entry.output_sha256) for entry in named or fits}) > 1:
        names = ", ".join(sorted({entry.name for entry in fits})[:_MOST_NAMES])
        hint = Message("{names} came out alike: restore them under their own names, as a folder", names=names)
        raise ReadError(
            Message("{title}: several documents of the ledger have this {side}", title=job.title, side=Message(side)),
            hint=hint,
        )
    return (named or fits)[0]


def _is_named(entry: Entry, job: Job) -> bool:
    return os.path.basename(entry.name) == os.path.basename(job.name)


def _put(job: Job, pieces: Iterable[bytes], digest: str) -> None:
    """Write the pieces, if together they have the digest ("" if it is not known)."""
    if not isinstance(job.target, str):
        assert job.target is not None
        import tempfile

        with tempfile.TemporaryFile() as file:
            _write(job, file, pieces, digest)
            file.seek(0)
            for piece in _pieces(file):
                job.target.write(piece)
        return
    with open_output(job) as sink:
        assert sink is not None
        _write(job, sink, pieces, digest)


def _write(job: Job, sink: Sink, pieces: Iterable[bytes], digest: str) -> None:
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
        sink.write(piece)
    if digest and found.hexdigest() != digest:
        raise _not_as_told(job)


def _not_as_told(job: Job) -> ReadError:
    return ReadError(
        Message("{title}: what comes out is not what the ledger is about; nothing was written", title=job.title),
        hint="the ledger was changed, or another version of zhnorm wrote it",
    )
