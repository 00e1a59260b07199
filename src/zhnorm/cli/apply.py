"""`zhnorm apply`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import click

from zhnorm.errors import ReadError, UsageError, did_you_mean, near_names
from zhnorm.formats.text import encode
from zhnorm.messages import Message, counted

from .common_options import PATH, cleaned_ledger_option, out_option, quiet_option
from .from_ledger import make_each
from .streams import is_terminal, say, title_of

if TYPE_CHECKING:
    from zhnorm.ledger.exceptions import Exceptions, Unwanted
    from zhnorm.ledger.read import DocumentRecords, Ledger

__all__ = ["apply"]


@click.command(
    help="""Make the changes of a ledger again, all but some, without cleaning again.

    \b
    Examples:
      zhnorm apply page.txt --ledger why.jsonl --except duplicates/alike
      zhnorm apply scraped/ --ledger why.jsonl --except page.txt:12 -o clean/
      zhnorm apply page.txt --ledger why.jsonl --except 'web/*' --except :3-5

    PATH is what was cleaned: a file, a folder, or - for standard input (the
    default). RULE may hold * for anything. NAME:LINE keeps a line that was
    removed or trimmed, its characters tidied and converted; NAME:LINE:RULE
    leaves out what this rule did to it. NAME is that of the ledger; with one
    document it may be left out.
    """,
)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@cleaned_ledger_option
@click.option(
    "--except", "unwanted", multiple=True, metavar="RULE|NAME:LINE", help="Leave these changes out.  [repeatable]"
)
@out_option
@quiet_option
def apply(paths: Sequence[str], ledger: str, unwanted: Sequence[str], out: str | None, quiet: bool) -> int:
    from zhnorm.ledger.exceptions import Exceptions, parse_unwanted
    from zhnorm.ledger.read import Ledger

    with Ledger(ledger) as opened:
        exceptions = Exceptions([parse_unwanted(text) for text in unwanted])
        several = len(paths) > 1 or any(map(os.path.isdir, paths))
        for item in exceptions.unwanted:
            _resolve(item, opened, several=several)

        def make(text: str, records: DocumentRecords) -> tuple[bytes, str]:
            if records.output_sha256 and not exceptions.unwanted:
                return encode(exceptions.apply(text, records)), records.output_sha256
            _check(text, records)
            return encode(exceptions.apply(text, records)), ""

        code = make_each(opened, paths, out, "input", make, quiet=quiet)
    if not quiet:
        _report(exceptions)
    return code


def _check(text: str, records: DocumentRecords) -> None:
    """Before changes are left out: do all of them together give the output?"""
    from zhnorm.ledger.replay import replay

    if records.output_sha256 not in ("", hashlib.sha256(encode(replay(text, records))).hexdigest()):
        raise ReadError(
            Message("{name}: the changes do not give the output that the ledger is about", name=title_of(records.name)),
            hint="the ledger was changed, or another version of zhnorm wrote it",
        )


def _resolve(item: Unwanted, ledger: Ledger, *, several: bool) -> None:
    """Make sure that what is to be left out is there, and find the document that is meant."""
    if item.rule:
        _refuse_unknown(item, ledger)
    if item.name is None:
        if item.first and several:
            raise UsageError(
                Message("--except {written}: of which document?", written=item.written),
                hint="NAME:LINE, with NAME as in the ledger",
            )
        return
    names = {entry.name for entry in ledger.entries}
    parts = item.name.split("/")
    # A path as it was given holds the name in the tree.
    found = next((name for n in range(len(parts)) if (name := "/".join(parts[n:])) in names), None)
    if found is None:
        hint = did_you_mean(near_names(item.name, names)) or "names are those of its document records"
        raise UsageError(
            Message(
                "--except {written}: no document {name!r} in {title}",
                written=item.written,
                name=item.name,
                title=ledger.title,
            ),
            hint=hint,
        )
    item.name = found


def _refuse_unknown(item: Unwanted, ledger: Ledger) -> None:
    """Raises `UsageError` if no change of the ledger is of such a rule."""
    known = ledger.rules()
    if any(fnmatchcase(rule, item.rule) for rule in known):
        return
    from zhnorm.report.help import nearest_rules

    others = Message("rules in it: {known}", known=", ".join(sorted(known)[:8]))
    hint = did_you_mean(nearest_rules(item.rule, known)) or others
    raise UsageError(
        Message("--except {written}: no such rule in {title}", written=item.written, title=ledger.title), hint=hint
    )


def _report(exceptions: Exceptions) -> None:
    for item in exceptions.unwanted:
        if not item.times:
            say(Message("--except {written}: nothing happened there, nothing is left out", written=item.written))
    if exceptions.edits:
        one = "1 edit was left out as well: what it replaces is no longer there"
        many = "{count:,} edits were left out as well: what it replaces is no longer there"
        say(counted(exceptions.edits, one, many))
    if is_terminal("stderr") and exceptions.unwanted:
        say(Message("{count:,} changes left out", count=sum(item.times for item in exceptions.unwanted)))
