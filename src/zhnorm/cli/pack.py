"""`zhnorm pack` and `zhnorm unpack`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from zhnorm.batch.job import Failure
from zhnorm.batch.pack import Packed, pack_feed
from zhnorm.batch.pack import pack as pack_files
from zhnorm.batch.pack import unpack as unpack_records
from zhnorm.batch.walk import walk
from zhnorm.batch.write import make_folder, open_target
from zhnorm.errors import ExitCode, UsageError
from zhnorm.formats.records import Layout
from zhnorm.formats.source import open_document
from zhnorm.messages import Message, counted

from .common_options import PATH, quiet_option
from .refusals import refuse_same
from .streams import StandardOutput, say, standard_input, title_of

if TYPE_CHECKING:
    from zhnorm.formats.compression import Sink

__all__ = ["pack", "unpack"]


@click.command(
    help="""Put the files of a folder, or the items of a feed, into one file of JSON Lines.

    Each file becomes a record with its name and its text, in UTF-8 whatever its
    encoding was; what is compressed is expanded. Files that are no text are named
    and left out. Each item of a feed (RSS, Atom) becomes a record with a name, its
    title, its url and its text, which may be HTML.

    \b
    Examples:
      zhnorm pack scraped/ -o all.jsonl.gz
      zhnorm clean all.jsonl.gz -o clean.jsonl.gz
      zhnorm unpack clean.jsonl.gz -o clean/
      zhnorm pack feed.xml | zhnorm clean --title-field title --url-field url

    PATH is a folder, or a feed; - for a feed on standard input.
    """,
)
@click.argument("path", type=PATH)
@click.option("-o", "--output", "out", type=PATH, metavar="FILE", help="File to write; default: standard output.")
@quiet_option
def pack(path: str, out: str | None, quiet: bool) -> int:
    if path != "-" and not os.path.exists(path):
        raise UsageError(Message("{path}: no such folder or feed", path=path), hint="zhnorm pack PATH -o FILE")
    if out is None or out == "-":
        refuse_same(path, None)
        return _pack(path, StandardOutput(), quiet)
    if os.path.isdir(path) and os.path.join(os.path.realpath(out), "").startswith(
        os.path.join(os.path.realpath(path), "")
    ):
        raise UsageError(Message("{out}: lies inside the folder that is packed", out=out), hint="write it elsewhere")
    refuse_same(path, out)
    with open_target(out) as file:
        return _pack(path, file, quiet)


def _pack(path: str, sink: Sink, quiet: bool) -> ExitCode:
    if os.path.isdir(path):
        return _follow(pack_files(walk(path), sink), quiet, _packed)
    source = standard_input(quiet) if path == "-" else path
    return _follow(pack_feed(source, title_of(path), sink), quiet, _packed_items)


def _packed(count: int) -> Message:
    return counted(count, "packed 1 file", "packed {count:,} files")


def _packed_items(count: int) -> Message:
    return counted(count, "packed 1 item", "packed {count:,} items")


def _unpacked(count: int) -> Message:
    return counted(count, "unpacked 1 file", "unpacked {count:,} files")


@click.command(
    help="""Make a file of each record of a file of JSON Lines.

    FILE is what zhnorm pack wrote, or zhnorm clean made of that; or - for standard
    input (the default). Nothing is written outside the folder, whatever the names
    say, and no file that is there already is replaced. A record that is broken, or
    whose name will not do, is named, and the others are finished.
    """,
)
@click.argument("file", type=PATH, default="-")
@click.option("-o", "--output", "out", required=True, type=PATH, metavar="FOLDER", help="Folder to write to.")
@click.option(
    "--name", "name_field", default="name", metavar="FIELD", help="Field that holds the name.  [default: name]"
)
@click.option("--field", metavar="FIELD", help="Field that holds the text.  [default: text, content, 正文 …]")
@quiet_option
def unpack(file: str, out: str, name_field: str, field: str | None, quiet: bool) -> int:
    title = title_of(file)
    make_folder(out)
    with open_document(standard_input(quiet) if file == "-" else file, title) as pieces:
        return _follow(
            unpack_records(pieces, out, Layout(fields=(field,) if field else ()), name_field, title), quiet, _unpacked
        )


def _follow(results: Iterable[Packed | Failure], quiet: bool, done: Callable[[int], Message]) -> ExitCode:
    code, made = ExitCode.DONE, 0
    for result in results:
        if isinstance(result, Failure):
            say(result.error.message, hint=result.error.hint)
            code = max(code, result.exit_code)
        else:
            made += 1
    if not quiet:
        say(done(made))
    return code
