"""Opening a file of records, whatever format it is in. (Parquet is read as a whole: `parquet`.)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .delimited import open_delimited
from .json_array import open_json
from .jsonl import open_jsonl
from .records import Batch, Layout, RecordFormat
from .warc import open_warc

__all__ = ["open_records"]


def open_records(
    kind: str, pieces: Iterable[str], layout: Layout, name: str, *, counted: bool = False
) -> tuple[RecordFormat, Iterator[Batch]]:
    """Find out where the documents of a file are.

    Args:
        kind: one of `FORMATS`.
        pieces: the text of the file, cut anywhere.
        layout: what the user said.
        name: for messages.
        counted: the records have counts already, because they are outputs.

    Returns:
        The format, which knows its fields, and the batches.

    Raises:
        ReadError: a field is not there, or cannot be guessed; the message names those that are.
    """
    if kind == "warc":
        return open_warc(pieces, layout, name)
    if kind == "jsonl":
        return open_jsonl(pieces, layout, name)
    if kind == "json":
        return open_json(pieces, layout, name)
    return open_delimited(kind, pieces, layout, name, counted=counted)
