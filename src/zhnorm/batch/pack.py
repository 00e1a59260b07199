"""A folder as one file of JSON Lines, and back: a record for each file, with its name and its text; and a feed, with its items."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from zhnorm.errors import ReadError, WriteError, ZhnormError
from zhnorm.formats.compression import Sink
from zhnorm.formats.decode import Decoder
from zhnorm.formats.jsonl import JsonLines
from zhnorm.formats.opening import open_records
from zhnorm.formats.records import Layout, Record
from zhnorm.formats.source import Stream
from zhnorm.formats.text import encode
from zhnorm.html.feed import items_of
from zhnorm.messages import Message

from .document import is_final, read_whole
from .job import Failure, Job
from .walk import Found, Skipped, unsafe
from .write import is_same_file, open_output

__all__ = ["Packed", "pack", "pack_feed", "record_line", "unpack"]

_SHOWN_CHARS = 80
_NAME_HINT = "names are paths inside the folder, such as a/b.txt"


class Packed(NamedTuple):
    """A file that became a record, or a record that became a file."""

    name: str


def pack(found: Iterable[Found | Skipped], sink: Sink) -> Iterator[Packed | Failure]:
    """Write a record for each file: its name, and its text whatever its encoding was.

    Args:
        found: what `walk` finds.
        sink: where the JSON Lines go.

    Yields:
        What became of each file; those that are never taken (links, hidden files) are passed over.

    Raises:
        WriteError: nothing more can be written.
    """
    for item in found:
        if isinstance(item, Skipped):
            if item.failed:
                yield Failure(
                    item.name or item.path, ReadError(Message("{path}: {reason}", path=item.path, reason=item.reason))
                )
            continue
        try:
            if is_same_file(item.path, sink):
                raise ReadError(Message("{path}: is the output itself", path=item.path), hint="write it elsewhere")
            text, _ = read_whole(item.path, item.path)
        except ZhnormError as error:
            yield Failure(item.name, error)
            continue
        sink.write(record_line({"name": item.name, "text": text}))
        yield Packed(item.name)


def pack_feed(source: str | Stream, title: str, sink: Sink) -> Iterator[Packed]:
    """Write a record for each item of a feed: a name, its title, its address, and its text, which may be HTML.

    Args:
        source: a path, or a stream.
        title: of the feed, for messages.
        sink: where the JSON Lines go.

    Raises:
        ReadError: it is no feed, or cannot be read.
        WriteError: nothing more can be written.
    """
    text, _ = read_whole(source, title)
    for number, item in enumerate(items_of(text, title), 1):
        name = f"{number:04}.txt"
        sink.write(record_line({"name": name, **item._asdict()}))
        yield Packed(name)


def record_line(record: dict[str, str]) -> bytes:
    """A record as a line of JSON, in UTF-8."""
    line = json.dumps(record, ensure_ascii=False)
    if not _plain(line):
        # An undecodable byte becomes an escape, so that the file itself is UTF-8 whatever is in it.
        line = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in line)
    return line.encode() + b"\n"


def _plain(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def unpack(
    pieces: Iterable[bytes], folder: str, layout: Layout, name_field: str, title: str
) -> Iterator[Packed | Failure]:
    """Make a file of each record. Nothing is written outside the folder, and no file that is there is replaced.

    Args:
        pieces: the bytes of the JSON Lines.
        folder: where the files go; made if it is missing.
        layout: names the field that holds the text.
        name_field: the field that holds the name.
        title: of the file of records, for messages.

    Yields:
        What became of each record.

    Raises:
        ReadError: this is no file of such records.
        WriteError: nothing more can be written.
    """
    form, batches = open_records("jsonl", _decoded(pieces, title), layout, title)
    names = JsonLines((name_field,))
    for batch in batches:
        for record, name in zip(form.read(batch), names.read(batch), strict=True):
            if record.filler:
                continue
            where = f"{title}:{record.number}"
            try:
                yield Packed(_write(record, name.text, folder, name_field, where))
            except ZhnormError as error:
                if is_final(error):
                    raise
                yield Failure(where, error)


def _decoded(pieces: Iterable[bytes], title: str) -> Iterator[str]:
    decoder = Decoder("utf-8", title)
    for piece in pieces:
        yield decoder.feed(piece)
    yield decoder.finish()


def _write(record: Record, name: str | None, folder: str, name_field: str, where: str) -> str:
    if problem := record.problem or record.places[0].problem:
        raise ReadError(Message("{where}: {problem}", where=where, problem=problem))
    if record.text is None:
        raise ReadError(Message("{where}: no text in it", where=where))
    if name is None:
        said = Message("{where}: no name in the field {field}", where=where, field=name_field)
        raise ReadError(said, hint="say where it is: --name FIELD")
    if reason := unsafe(name):
        shown = name if len(name) <= _SHOWN_CHARS else f"{name[:_SHOWN_CHARS]}…"
        raise ReadError(
            Message("{where}: {shown!r} is no name for a file here: {reason}", where=where, shown=shown, reason=reason),
            hint=_NAME_HINT,
        )
    target = os.path.join(folder, *name.split("/"))
    if os.path.lexists(target):
        said = Message("{where}: {target}: is there already", where=where, target=target)
        raise WriteError(said, hint="unpack into an empty folder")
    try:
        data = encode(record.text)
    except UnicodeEncodeError as error:
        raise ReadError(
            Message(
                "{where}: half of a character pair at character {number} of the text",
                where=where,
                number=error.start + 1,
            )
        ) from error
    try:
        with open_output(Job(name, "", target, folder)) as sink:
            assert sink is not None
            sink.write(data)
    except WriteError as error:
        if is_final(error):
            raise
        raise WriteError(Message("{where}: {message}", where=where, message=error.message), hint=error.hint) from error
    return name
