"""`zhnorm pack` and `zhnorm unpack`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from zhnorm.batch.job import Failure
from zhnorm.batch.pack import Packed
from zhnorm.batch.pack import pack as pack_files
from zhnorm.batch.pack import unpack as unpack_records
from zhnorm.batch.walk import walk
from zhnorm.batch.write import make_folder, open_target
from zhnorm.errors import ExitCode, UsageError
from zhnorm.formats.records import Layout
from zhnorm.formats.source import open_document

from .shared import PATH, quiet_option
from .streams import StandardOutput, say, standard_input, title_of

if TYPE_CHECKING:
    from zhnorm.formats.compression import Sink

__all__ = ["pack", "unpack"]


@click.command(
    help="""Put the files of a folder into one file of JSON Lines.

    Each becomes a record with its name and its text, in UTF-8 whatever its
    encoding was; what is compressed is expanded. Files that are no text are named
    and left out.

    \b
    Examples:
      zhnorm pack scraped/ -o all.jsonl.gz
      zhnorm clean all.jsonl.gz -o clean.jsonl.gz
      zhnorm unpack clean.jsonl.gz -o clean/
    """,
)
@click.argument("folder", type=PATH)
@click.option("-o", "--output", "out", type=PATH, metavar="FILE", help="File to write; default: standard output.")
@quiet_option
def pack(folder: str, out: str | None, quiet: bool) -> int:
    if not os.path.isdir(folder):
        raise UsageError(f"{folder}: no such folder", hint="zhnorm pack FOLDER -o FILE")
    if out is None or out == "-":
        return _pack(folder, StandardOutput(), quiet)
    if os.path.join(os.path.realpath(out), "").startswith(os.path.join(os.path.realpath(folder), "")):
        raise UsageError(f"{out}: lies inside the folder that is packed", hint="write it elsewhere")
    with open_target(out) as file:
        return _pack(folder, file, quiet)


def _pack(folder: str, sink: Sink, quiet: bool) -> ExitCode:
    return _follow(pack_files(walk(folder), sink), quiet, "packed")


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
            unpack_records(pieces, out, Layout(fields=(field,) if field else ()), name_field, title), quiet, "unpacked"
        )


def _follow(results: Iterable[Packed | Failure], quiet: bool, done: str) -> ExitCode:
    code, files = ExitCode.DONE, 0
    for result in results:
        if isinstance(result, Failure):
            say(result.error.message, hint=result.error.hint)
            code = max(code, result.exit_code)
        else:
            files += 1
    if not quiet:
        say(f"{done} 1 file" if files == 1 else f"{done} {files:,} files")
    return code
