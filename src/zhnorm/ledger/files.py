"""Files of records, given back from the output and the ledger, in flat memory."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator

from zhnorm.errors import ReadError
from zhnorm.formats.decode import encoded
from zhnorm.formats.opening import open_records
from zhnorm.formats.records import BYTES
from zhnorm.formats.text import decoded_again

from .read import Entry, Ledger
from .record import FileRecord
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
    form, batches = open_records(closing.format, text, closing.layout, entry.name, counted=True)
    encoding = form.codec if is_bytes else closing.encoding
    documents = ledger.documents(entry)
    chars = 0
    for batch in batches:
        texts = []
        for record in form.read(batch):
            if record.text is None and not record.problem:
                texts.append(form.take(record, None))
                continue
            found = next(documents, None)
            if found is None:
                texts.append(record.raw)
            elif record.text is None:
                raise ReadError(f"{found.name}: not the record that the ledger is about")
            else:
                texts.append(found.raw or form.take(record, restore(record.text + found.trimmed, found)))
        source = "".join(texts)
        here = _places(closing, chars, chars + len(source))
        yield encoded(source, encoding, here)
        chars += len(source)


def _places(closing: FileRecord, start: int, stop: int) -> dict[str, list[int]]:
    """Where characters stand in the rarer form (see `formats.encoding.Encoding`) in a part of a file, counted from its start."""
    return {
        written: [place - start for place in places[bisect(places, start - 1) : bisect(places, stop - 1)]]
        for written, places in closing.variants
    }
