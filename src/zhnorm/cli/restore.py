"""`zhnorm restore`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from zhnorm.errors import ReadError, UsageError
from zhnorm.messages import Message

from .common_options import PATH, cleaned_ledger_option, out_option, quiet_option
from .from_ledger import make_each
from .streams import title_of

if TYPE_CHECKING:
    from zhnorm.ledger.read import DocumentRecords

__all__ = ["restore"]


@click.command(
    help="""Give back the input, byte for byte, from the cleaned text and its ledger.

    \b
    Examples:
      zhnorm restore clean.txt --ledger why.jsonl > page.txt
      zhnorm restore clean/ --ledger why.jsonl -o scraped-again/
      zhnorm restore --in-place scraped/ --ledger why.jsonl
      zhnorm restore --ledger why.jsonl < clean.txt

    PATH is what zhnorm clean wrote: a file, a folder, or - for standard input
    (the default). Its digest tells which document of the ledger it is, so its
    name does not matter. Nothing is written unless the result has the digest of
    the input. HTML is not given back: the ledger knows the text in it alone.
    """,
)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@cleaned_ledger_option
@out_option
@click.option("-i", "--in-place", is_flag=True, help="Write each input where its cleaned text is.")
@quiet_option
def restore(paths: Sequence[str], ledger: str, out: str | None, in_place: bool, quiet: bool) -> int:
    if in_place and out is not None:
        raise UsageError("-o and --in-place at the same time", hint="leave one of them out")
    from zhnorm.formats.decode import encoded
    from zhnorm.ledger.read import Ledger
    from zhnorm.ledger.replay import restore as give_back

    def make(text: str, records: DocumentRecords) -> tuple[bytes, str]:
        if records.extracted:
            hint = "keep the page; zhnorm explain --ledger shows what became of its text"
            raise ReadError(
                Message("{name}: was HTML, which cannot be made of the text in it", name=title_of(records.name)),
                hint=hint,
            )
        return encoded(give_back(text, records), records.encoding, records.variants), records.input_sha256

    with Ledger(ledger) as opened:
        return make_each(opened, paths, out, "output", make, quiet=quiet, in_place=in_place)
