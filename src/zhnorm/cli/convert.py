"""`zhnorm convert`: the conversion alone, and where it had to choose, as JSON Lines and as rows of a table."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import click

from zhnorm.batch.write import open_target
from zhnorm.errors import UsageError
from zhnorm.formats.decode import Decoder
from zhnorm.formats.looks import refuse_binary
from zhnorm.formats.source import open_document
from zhnorm.formats.text import encode, is_decodable, whole_lines
from zhnorm.messages import Message
from zhnorm.report.terminal import escape

from .common_options import PATH, quiet_option
from .options import dictionary_option, encoding_option, files_read, protect_option, read_phrases, read_terms
from .refusals import refuse_reads, refuse_same
from .streams import StandardOutput, is_terminal, read_decoded, standard_input, title_of, warn_undecodable

if TYPE_CHECKING:
    from zhnorm.conversion.ambiguity import Ambiguity
    from zhnorm.conversion.convert import Converter
    from zhnorm.formats.compression import Sink

__all__ = ["convert"]


@click.command(
    help="""Convert between Traditional and Simplified, nothing else.

    \b
    Examples:
      zhnorm convert < traditional.txt > simplified.txt
      zhnorm convert -c tw -i mainland.txt -o taiwan.txt
      cat endless.log | zhnorm convert              answers line by line
      zhnorm convert page.txt --ambiguities         JSON Lines; a table on a terminal

    Several files are converted one after another into one output. Lines that are
    not text in the input's encoding pass through as they are. Output is UTF-8.
    """,
)
@click.argument("files", nargs=-1, type=PATH, metavar="[FILE]...")
@click.option(
    "-c",
    "--to",
    "direction",
    default="hans",
    metavar="DIRECTION",
    help="hans, hant, tw, hk, one of OpenCC's such as s2twp, or a locale such as zh-TW.  [default: hans]",
)
@click.option("-i", "--input", "inputs", multiple=True, type=PATH, metavar="FILE", help="Input file, as for opencc.")
@click.option("-o", "--output", "out", type=PATH, metavar="FILE", help="Output file; default: standard output.")
@click.option("--exact", is_flag=True, help="Only what opencc-python gives: no context, no corrections.")
@dictionary_option("Phrases of your own: phrase, tab, result.")
@protect_option("A term to leave as it is.")
@encoding_option
@click.option("--ambiguities", is_flag=True, help="Show where it had to choose, and why, instead of the text.")
@click.option("--no-tidy", is_flag=True, help="Keep compatibility ideographs and radicals as they are.")
@quiet_option
def convert(**options: Any) -> int:
    files = [*options["inputs"], *options["files"]] or ["-"]
    out = options["out"]
    _check(files, out)
    refuse_reads(files_read(options), out)
    converter = _converter(options)
    if options["ambiguities"]:
        _show_ambiguities(converter, files, out, options["encoding"])
        return 0
    target = open_target(out) if out not in (None, "-") else nullcontext(StandardOutput())
    with target as sink:
        for name in files:
            _convert_document(
                converter,
                name,
                sink,
                encoding=options["encoding"],
                tidy=not (options["no_tidy"] or options["exact"]),
                quiet=options["quiet"],
            )
    return 0


def _converter(options: dict[str, Any]) -> Converter:
    from zhnorm.conversion.convert import DIRECTIONS, Converter
    from zhnorm.conversion.directions import direction_named

    direction = direction_named(options["direction"])
    if direction not in DIRECTIONS:
        raise UsageError(
            Message("--to: no direction {direction!r}", direction=direction),
            hint=Message("directions: {names}", names=", ".join(DIRECTIONS)),
        )
    return Converter(
        direction,
        exact=options["exact"],
        dictionary=dict(read_phrases(options["dictionary"])),
        protect=read_terms(options["protect"]),
    )


_COLUMNS = ("where", "source", "chosen", "not", "because", "divided")
"""Of a row."""


def _as_json_lines(choices: Iterable[tuple[str, Ambiguity]]) -> Iterator[bytes]:
    """One object a line: document, line, column, source, chosen, alternatives, reason, words.

    Args:
        choices: the name of the document, and the choice.

    >>> from zhnorm import Converter
    >>> found = Converter().ambiguities("乾杯")
    >>> json.loads(next(_as_json_lines(("page.txt", one) for one in found)))["chosen"]
    '干'
    """
    for name, found in choices:
        record = {"document": name, **found._asdict()}
        yield (escape(json.dumps(record, ensure_ascii=False)) + "\n").encode("utf-8")


def _as_row(name: str, found: Ambiguity) -> tuple[str, ...]:
    """A choice in the document of this name, by `_COLUMNS`."""
    where = f"{name}:{found.line}:{found.column}"
    return where, found.source, found.chosen, " ".join(found.alternatives), found.reason, " ".join(found.words)


def _show_ambiguities(converter: Converter, files: Sequence[str], out: str | None, encoding: str | None) -> None:
    """Every choice of every file: a table for people, JSON Lines for programs."""
    texts = ((title_of(name), read_decoded(name, encoding)[0]) for name in files)
    choices = ((title, found) for title, text in texts for found in converter.ambiguities(text))
    if out in (None, "-") and is_terminal("stdout"):
        from zhnorm.report.screen import show_table

        show_table(_COLUMNS, (_as_row(name, found) for name, found in choices))
        return
    target = open_target(out) if out not in (None, "-") else nullcontext(StandardOutput())
    with target as sink:
        for line in _as_json_lines(choices):
            sink.write(line)


def _convert_document(
    converter: Converter, name: str, sink: Sink, *, encoding: str | None, tidy: bool, quiet: bool
) -> None:
    from zhnorm.conversion.convert import Converter
    from zhnorm.conversion.detect import prevailing
    from zhnorm.text.tidy import fold_compatibility

    title = title_of(name)
    decoder = Decoder(encoding, title)

    def texts(pieces: Iterator[bytes]) -> Iterator[str]:
        head = next(pieces, b"")
        refuse_binary(head, title)
        yield decoder.feed(head)
        yield from map(decoder.feed, pieces)
        yield decoder.finish()

    with open_document(standard_input(quiet) if name == "-" else name, title) as pieces:
        script = ""
        for given in whole_lines(texts(pieces)):
            text = fold_compatibility(given) if tidy else given
            # The document speaks for its lines as soon as enough of it has been read.
            script = script or prevailing(text)
            # Only once a bad byte was seen is it worth looking at single lines.
            convert = _convert_around if decoder.undecodable else Converter.convert
            sink.write(encode(convert(converter, text, script=script)))
    if not quiet:
        warn_undecodable(name, decoder.undecodable, decoder.first, decoder.encoding)


def _convert_around(converter: Converter, text: str, script: str) -> str:
    """Convert the lines that are text, and keep those with undecodable bytes as they are."""
    lines = text.split("\n")
    return "\n".join(line if not is_decodable(line) else converter.convert(line, script=script) for line in lines)


def _is_direction(word: str) -> bool:
    from zhnorm.conversion.convert import DIRECTIONS
    from zhnorm.conversion.directions import direction_named

    return direction_named(word) in DIRECTIONS


def _check(files: Sequence[str], out: str | None) -> None:
    if out == "":
        raise UsageError("-o: an empty name", hint="-o FILE, or no -o for standard output")
    if files.count("-") > 1:
        raise UsageError("standard input can only be read once")
    for path in files:
        if path != "-" and not os.path.lexists(path) and _is_direction(path):
            raise UsageError(
                Message("{path}: no such file", path=path),
                hint=Message("if it is the direction: --to {path}", path=path),
            )
        if path != "-" and os.path.isdir(path):
            raise UsageError(
                Message("{path}: is a folder", path=path), hint="give its files, or use zhnorm clean FOLDER -o OUT"
            )
        refuse_same(path, out)
