"""`zhnorm read`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import click

from zhnorm.api import read as read_lines
from zhnorm.batch.job import is_page_name
from zhnorm.errors import ExitCode
from zhnorm.formats.looks import looks_like
from zhnorm.formats.records import format_of
from zhnorm.html.extraction import text_of
from zhnorm.limits import check_memory
from zhnorm.messages import Message
from zhnorm.reader import LineRead
from zhnorm.report.line_kinds import as_record, as_row, headline

from .common_options import PATH
from .options import encoding_option, kind_option
from .streams import StandardOutput, is_drawn, read_decoded, read_each, say, title_of, warn_undecodable
from .views import screen

if TYPE_CHECKING:
    from zhnorm.formats.decode import Decoder

__all__ = ["read"]

_LOOK_CHARS = 1 << 13
"""So much of a text is looked at to see whether it is one."""


@click.command(
    help="""Say what kind of line each line of a page is, how likely that is, and why. Nothing is removed.

    A row holds the number of the line, its kind, the probability of the kind, how likely it is that the line is of a
    kind that goes by default, the reasons for the kind, and the text. A line that says nothing has no kind.

    \b
    Examples:
      zhnorm read page.txt                            the page, each line with its kind
      zhnorm read page.txt --kind related --kind ad   only lines of these kinds
      cat page.txt | zhnorm read --format jsonl | jq 'select(.goes > 0.9)'

    FILE is a text, or - for standard input (the default).
    """,
)
@click.argument("files", nargs=-1, type=PATH, metavar="[FILE]...")
@kind_option("--kind", "kinds", "Only lines of this kind, such as prose or share.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["tsv", "jsonl"]),
    help="A row or an object for each line.  [default: drawn on a terminal, else tsv]",
)
@encoding_option
def read(
    files: Sequence[str], kinds: Sequence[str], form: Literal["tsv", "jsonl"] | None, encoding: str | None
) -> ExitCode:
    check_memory()
    failed: list[str] = []
    is_first = True
    for name, page in read_each(files, failed, lambda name: _page(name, encoding)):
        lines = read_lines(page.text)
        shown = [line for line in lines if line.kind in kinds] if kinds else lines
        _show(name, lines, shown, form, several=len(files) > 1, first=is_first)
        is_first = False
        found = page.decoder
        warn_undecodable(name, found.undecodable, found.first, found.encoding, extracted=page.is_extracted)
    return ExitCode.SOME_FAILED if failed else ExitCode.DONE


class _Page(NamedTuple):
    """What is read: the text, taken out of HTML if it was that, and what its decoder knows of it."""

    text: str
    decoder: Decoder
    is_extracted: bool


def _page(name: str, encoding: str | None) -> _Page:
    text, decoder = read_decoded(name, encoding)
    if kind := format_of(name) or looks_like(text[:_LOOK_CHARS]):
        said = Message(
            "{name}: is {kind}, and was read as one page: its records as lines", name=title_of(name), kind=kind
        )
        say(said, hint="read the text of one record: jq -rn input.text FILE | zhnorm read" if kind == "jsonl" else "")
    taken = text_of(text, title_of(name), as_html=is_page_name(name))
    return _Page(text if taken is None else taken, decoder, taken is not None)


def _show(
    name: str,
    lines: Sequence[LineRead],
    shown: Sequence[LineRead],
    form: Literal["tsv", "jsonl"] | None,
    *,
    several: bool,
    first: bool,
) -> None:
    if form is None and is_drawn():
        drawn = screen(drawn=True)
        if not first:
            drawn.remark("")
        drawn.reading(shown, headline(title_of(name), lines))
        return
    rows = (
        as_record(line, name) if form == "jsonl" else as_row(line, title_of(name) if several else "") for line in shown
    )
    StandardOutput().write_text("".join(rows))
