"""Files of records, given back from the output and the ledger, in flat memory."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator

from zhnorm.errors import ReadError
from zhnorm.formats.decode import encoded
from zhnorm.formats.opening import open_records
from zhnorm.formats.records import BYTES, Record, RecordFormat
from zhnorm.formats.text import decoded_again

from .read import Entry, Ledger
from .record import DocumentRecords, FileRecord
from .replay import restore

__all__ = ["restore_file"]


def restore_file(pieces: Iterable[bytes], ledger: Ledger, entry: Entry) -> Iterator[bytes]:
    """The input, from the output and the ledger alone.

    Args:
        pieces: the bytes of the output.
        ledger: the ledger of the run.
        entry: what it says about this file.

    Raises:
        ReadError: the ledger does not belong to this output.
    """
    closing = entry.closing
    assert closing is not None
    is_bytes = closing.format in BYTES
    text = (
        (piece.decode("latin-1") for piece in pieces)
        if is_bytes
        else decoded_again(pieces, closing.misread, entry.name)
    )
    if closing.layout.bom:
        text = _without_mark(text)
    form, batches = open_records(closing.format, text, closing.layout, entry.name, counted=True)
    encoding = form.codec if is_bytes else closing.encoding
    documents = ledger.documents(entry)
    chars = 0
    for batch in batches:
        source = "".join([_restored(form, record, documents) for record in form.read(batch)])
        here = _places(closing, chars, chars + len(source))
        yield encoded(source, encoding, here)
        chars += len(source)


def _without_mark(pieces: Iterable[str]) -> Iterator[str]:
    """The text of a file without the byte order mark that was put in front of it."""
    first = True
    for piece in pieces:
        yield piece.removeprefix("\ufeff") if first else piece
        first = first and not piece


def _restored(form: RecordFormat, record: Record, documents: Iterator[DocumentRecords | None]) -> str:
    """A record as it came in."""
    if record.problem:
        if (found := next(documents, None)) is not None:
            raise _wrong(found)
        return record.raw
    made: list[str | None] = []
    raw = ""
    for place in record.places:
        # One that failed is in the ledger, and stands in the output as it stood in the input.
        found = None if place.is_empty else next(documents, None)
        if found is not None and place.text is None:
            raise _wrong(found)
        if found is None or place.text is None:
            made.append(None)
        else:
            raw = raw or found.raw
            made.append(restore(place.text + found.trimmed, found))
    if raw:
        return raw
    all_failed = not any(text is not None for text in made) and not all(place.is_empty for place in record.places)
    return record.raw if all_failed else form.take(record, made)


def _wrong(found: DocumentRecords) -> ReadError:
    return ReadError(f"{found.name}: not the record that the ledger is about")


def _places(closing: FileRecord, start: int, stop: int) -> dict[str, list[int]]:
    """Where characters stand in the rarer form (see `formats.encoding.Encoding`) in a part of a file, counted from its start."""
    return {
        written: [place - start for place in places[bisect(places, start - 1) : bisect(places, stop - 1)]]
        for written, places in closing.variants
    }
