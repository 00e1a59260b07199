"""The journals of a run, that of its output folder and those of files of records, and what people are told of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from zhnorm._version import __version__
from zhnorm.batch.job import record_format
from zhnorm.batch.write import try_target
from zhnorm.messages import Message, counted

from .streams import say

if TYPE_CHECKING:
    from zhnorm.batch.journal import Journal
    from zhnorm.batch.records_journal import RecordsJournals
    from zhnorm.cleaner import Cleaner
    from zhnorm.formats.records import Layout
    from zhnorm.limits import Limits
    from zhnorm.report.summary import Summary

    from .plan import Plan

__all__ = ["Journals", "open_journals"]


class Journals(NamedTuple):
    """What is remembered of a run.

    Attributes:
        folder: the journal of the output folder; None if none is kept.
        records: makes those of files of records; None likewise.
    """

    folder: Journal | None = None
    records: RecordsJournals | None = None

    @contextmanager
    def resumable(self, *, quiet: bool) -> Iterator[None]:
        """Say to whoever interrupts the run how it is gone on with; see to the journal of the folder when it comes to its end."""
        try:
            yield
        except BaseException as error:
            # Not an error but a signal: Ctrl-C, or somebody ends the process.
            is_kept = self.folder is not None or (self.records is not None and self.records.is_left)
            if is_kept and not isinstance(error, Exception) and not quiet:
                say("interrupted; the same command goes on from there")
            raise
        if self.folder is not None:
            self.folder.finish()

    def tell(self, plan: Plan, summary: Summary, *, verbose: bool) -> None:
        """Say what was not done again, and what could not be left alone."""
        if self.folder is not None:
            _tell_of_folder(self.folder, plan, summary, verbose=verbose)
        if self.records is not None and self.records.recalled:
            one = "1 document was cleaned by an earlier run that was interrupted"
            many = "{count:,} documents were cleaned by an earlier run that was interrupted"
            say(counted(self.records.recalled, one, many))


def open_journals(
    stack: ExitStack,
    options: dict[str, Any],
    plan: Plan,
    layout: Layout,
    limits: Limits,
    cleaner: Cleaner,
) -> Journals:
    """The journals that the command keeps; none where `--no-journal` is said, or nothing is kept that they could be about.

    Args:
        stack: closes them.
        options: of the command.
        plan: what it does.
        layout: how files of records are read.
        limits: what a document may cost.
        cleaner: cleans them.
    """
    if not options["journal"]:
        return Journals()
    depended_on = {
        "encoding": options["encoding"],
        "layout": {**layout._asdict(), "fields": list(layout.fields), "about": list(layout.about)},
        "kinds": options["kinds"],
        "max_bytes": limits.most_bytes,
        "quarantine": limits.most_removed,
        "warn_share": limits.warn_share,
    }
    folder = stack.enter_context(_of_folder(options, plan, cleaner, depended_on)) if plan.tree else None
    # The report for the browser shows lines, of which these journals know nothing.
    is_wanted = options["html"] is None and (plan.only is None or record_format(plan.only, layout))
    return Journals(folder, _of_records(options, limits, cleaner, depended_on) if is_wanted else None)


def _of_folder(options: dict[str, Any], plan: Plan, cleaner: Cleaner, depended_on: dict[str, Any]) -> Journal:
    """The journal of the output folder. It takes care of the ledger, which has to cover what is not done again."""
    ledger = options["ledger"]
    if ledger is not None:
        try_target(ledger)
    from zhnorm.batch.journal import Journal
    from zhnorm.ledger.write import ledger_header

    return Journal(
        plan.tree,
        cleaner=cleaner.digest,
        options=depended_on,
        version=__version__,
        ledger=ledger or "",
        ledger_header=ledger_header(version=__version__, cleaner=cleaner.digest),
        # The report for the browser shows lines, which nobody has seen of what is left alone.
        force=options["force"] or options["html"] is not None,
        is_input=plan.is_input,
    )


def _of_records(
    options: dict[str, Any], limits: Limits, cleaner: Cleaner, depended_on: dict[str, Any]
) -> RecordsJournals:
    from zhnorm.batch.records_journal import RecordsJournals

    return RecordsJournals(
        cleaner=cleaner.digest,
        options={
            **depended_on,
            "seconds": limits.seconds,
            "ledger": options["ledger"] is not None,
            "in_place": bool(options["in_place"]),
        },
        version=__version__,
        force=options["force"],
    )


def _tell_of_folder(journal: Journal, plan: Plan, summary: Summary, *, verbose: bool) -> None:
    if journal.changed:
        say("rules, settings or version are not those of the last run: everything was cleaned again")
    if journal.damaged:
        one = "1 document was cleaned again, because the journal in {tree} or the ledger is damaged there"
        many = "{count:,} documents were cleaned again, because the journal in {tree} or the ledger is damaged there"
        say(counted(journal.damaged, one, many, tree=plan.tree))
    if journal.unchanged:
        one = "1 document was done before and left alone"
        many = "{count:,} documents were done before and left alone"
        left = counted(journal.unchanged, one, many)
        say(Message("nothing to do: {left}", left=left) if journal.unchanged == summary.files else left)
    if journal.vanished:
        names = ", ".join(journal.vanished if verbose else journal.vanished[:3])
        unnamed = 0 if verbose else len(journal.vanished) - 3
        more = Message(" and {count:,} more", count=unnamed) if unnamed > 0 else ""
        hint = Message("they are still in {tree}; delete them if they are not wanted", tree=plan.tree)
        say(Message("the inputs of these outputs are gone: {names}{more}", names=names, more=more), hint=hint)
