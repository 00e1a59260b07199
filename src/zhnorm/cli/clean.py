"""`zhnorm clean`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

import click

from zhnorm._version import __version__
from zhnorm.batch.job import InPlace, record_format
from zhnorm.batch.run import Watcher, run
from zhnorm.batch.walk import Choice, literal
from zhnorm.batch.write import open_lasting, open_target
from zhnorm.errors import ExitCode, UsageError
from zhnorm.formats.records import MARKED
from zhnorm.messages import Message
from zhnorm.report.summary import Summary
from zhnorm.report.terminal import is_colored, is_plain
from zhnorm.settings import Settings

from .common_options import PATH, config_option, out_option, quiet_option, rules_option
from .config import find_config
from .files_from import read_names
from .help_layout import Sectioned
from .journals import Journals, open_journals
from .options import (
    counts_option,
    encoding_option,
    files_read,
    given,
    given_limits,
    jobs_option,
    layout_of,
    layout_options,
    limits_options,
    make_cleaner,
    settings_options,
)
from .plan import Plan, make_plan, recognised, tell_other_name
from .refusals import refuse_beside
from .run_messages import Counter, follow, make_file_bar, make_progress, small_files
from .streams import StandardOutput, is_bulk, is_terminal, say, show, title_of

if TYPE_CHECKING:
    from zhnorm.batch.journal import Journal
    from zhnorm.batch.walk import Skipped
    from zhnorm.cleaner import Cleaner
    from zhnorm.formats.records import Layout
    from zhnorm.formats.source import OnRead
    from zhnorm.ledger.read import Side
    from zhnorm.limits import Limits
    from zhnorm.report.commands import Origin
    from zhnorm.report.sites import Site
    from zhnorm.report.summary import Account

__all__ = ["Run", "clean"]

_BACKUP = "~"
"""What GNU's commands put behind the name of a backup."""


class _Clean(Sectioned):
    """`--backup` may stand without a suffix, and then takes none of what stands behind it, as with other commands."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        end = args.index("--") if "--" in args else len(args)
        for at, word in enumerate(args[:end]):
            if word == "--backup":
                behind = "".join(args[at + 1 : at + 2])
                if behind.startswith((".", _BACKUP)) and not (os.sep in behind or os.path.lexists(behind)):
                    raise UsageError(
                        Message("--backup {suffix}: between them stands no space, but =", suffix=behind),
                        hint=Message("--backup={suffix}", suffix=behind),
                    )
                args[at] = f"--backup={_BACKUP}"
            elif word.startswith(("--in-place=", "-i.", "-i~")):
                suffix = word.partition("=")[2] or word[2:]
                raise UsageError(
                    Message("{word}: the suffix is an option of its own", word=word),
                    hint=Message("--in-place --backup={suffix}", suffix=suffix),
                )
        return super().parse_args(ctx, args)


@click.command(
    cls=_Clean,
    options_metavar="[OPTIONS]",
    help="""Clean pages: one title, no boilerplate, no repeats, one script.

    \b
    Examples:
      cat page.txt | zhnorm clean                   a pipe
      zhnorm clean page.txt -o clean.txt            a file
      zhnorm clean scraped/ -o clean/               a folder, mirrored
      zhnorm clean --in-place --backup scraped/     each file where it is
      zhnorm clean page.html -o page.md             HTML (pip install 'zhnorm[html]')
      find . -name '*.txt' -mtime -1 | zhnorm clean --files-from - -o /srv/clean
      zhnorm clean page.txt --diff                  what would change
      zhnorm clean page.txt --to keep --no-edges    other settings
      zhnorm clean scraped/ -o clean/ --ledger why.jsonl --html report.html
      zhnorm clean pages.jsonl.gz -o clean.jsonl.gz --field content

    PATH is a file, a folder, or - for standard input (the default). Files appear
    under their names whole or not at all. Settings come from the profile, then
    from the configuration file, then from the options below.
    """,
)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@out_option
@click.option(
    "-i", "--in-place", is_flag=True, help="Write each file where it is, if its text changes. Not for HTML and pipes."
)
@click.option(
    "--backup",
    metavar="[=SUFFIX]",
    help=f"With --in-place: keep what was there under its name and SUFFIX; none is overwritten.  [default: {_BACKUP}]",
)
@settings_options
@encoding_option
@layout_options
@counts_option
@click.option(
    "--bom", is_flag=True, help="Begin CSV and TSV with a byte order mark, without which Excel misreads them."
)
@rules_option
@config_option
@jobs_option
@click.option(
    "--files-from",
    type=PATH,
    metavar="FILE",
    help="Files named in FILE, or - for standard input: one a line, or ended by NUL; OUT keeps their folders.",
)
@click.option("--include", multiple=True, metavar="GLOB", help="Only files like this one: '*.txt'; repeatable.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="No files or folders like this one; repeatable.")
@limits_options
@click.option("--force", is_flag=True, help="Clean everything again, also what has not changed since the last run.")
@click.option(
    "--journal/--no-journal",
    default=True,
    help="Remember in OUT/.zhnorm, and beside files of records, what has been done.  [default: on]",
)
@click.option("--ledger", type=PATH, metavar="FILE", help="Write every change and its reason to FILE (JSON Lines).")
@click.option("--kinds", is_flag=True, help="Say in the ledger of each line what it was read as.")
@click.option("--report", type=PATH, metavar="FILE", help="Write totals, failures and findings to FILE (JSON).")
@click.option("--html", type=PATH, metavar="FILE", help="Write a report for the browser to FILE.")
@click.option("-n", "--dry-run", is_flag=True, help="Write no text; say what would happen.")
@click.option("--check", is_flag=True, help="Write no text; exit 1 if any would change.")
@click.option("--diff", is_flag=True, help="Write no text; show a unified diff.")
@quiet_option
@click.option("-v", "--verbose", is_flag=True, help="Say more: totals by rule, files that were skipped.")
def clean(**options: Any) -> int:
    quiet, verbose = options["quiet"], options["verbose"] and not options["quiet"]
    config = find_config(options, verbose=verbose)
    settings = Settings.of(**{**config.settings, **given(options)})
    _refuse_lone_kinds(options)
    in_place = _in_place(options)
    listed = _listed(options)
    if listed == []:
        return ExitCode.DONE
    paths = options["paths"] if listed is None else listed
    reads = _read_besides(options, config.files)
    _refuse_what_would_be_lost(options, paths, reads)

    def skipped(item: Skipped) -> None:
        if verbose:
            say(Message("skipped {path}: {reason}", path=item.path, reason=Message(item.reason)))

    plan = make_plan(
        paths,
        options["out"],
        preview=_is_preview(options),
        quiet=quiet,
        skipped=skipped,
        choice=Choice(options["include"], [*options["exclude"], *_backups(in_place)]),
        pages=options["format"] != "text",
        reads=reads,
        in_place=in_place,
        listed=listed is not None,
    )
    layout = recognised(plan, layout_of(options), quiet=quiet)
    limits = given_limits(options)
    _refuse_what_does_not_fit(options, plan, layout, settings, limits)
    if not quiet:
        tell_other_name(plan, layout)
    cleaner = make_cleaner(settings, (*config.rules, *options["rules"]), limits)
    return Run(options, plan, layout, cleaner, limits, quiet=quiet, verbose=verbose).do()


def _is_preview(options: dict[str, Any]) -> bool:
    return bool(options["dry_run"] or options["check"] or options["diff"])


def _listed(options: dict[str, Any]) -> list[str] | None:
    """The files that a list names, if there is one."""
    names = options["files_from"]
    if names is None:
        return None
    if options["paths"]:
        raise UsageError("paths and --files-from at the same time", hint="put the paths into the list")
    paths = read_names(names, quiet=options["quiet"])
    if not paths and not options["quiet"]:
        say(Message("{title}: names no files", title=title_of(names)))
    return paths


def _read_besides(options: dict[str, Any], config: Sequence[str]) -> tuple[str, ...]:
    """Files that are read though they are no documents: nothing is written over them."""
    names = options["files_from"]
    return (*config, *files_read({**options, "ledger": None}), *([] if names is None else [names]))


def _refuse_lone_kinds(options: dict[str, Any]) -> None:
    if options["kinds"] and options["ledger"] is None:
        raise UsageError(
            "--kinds says something in the ledger, and none is written", hint="--ledger FILE, or zhnorm read"
        )


def _refuse_what_would_be_lost(options: dict[str, Any], paths: Sequence[str], reads: Sequence[str]) -> None:
    """Raises `UsageError` where what is written beside the text would take the place of something."""
    beside = {what: options[what] for what in ("ledger", "report", "html")}
    for what, path in beside.items():
        others = [other for name, other in beside.items() if name != what]
        refuse_beside(what, path, paths, options["out"], others, reads=reads)


def _refuse_what_does_not_fit(
    options: dict[str, Any], plan: Plan, layout: Layout, settings: Settings, limits: Limits
) -> None:
    """Raises `UsageError` where an option says nothing about documents like these."""
    form = None if plan.only is None else record_format(plan.only, layout)
    if layout.bom and plan.only is not None and form not in MARKED:
        hint = "leave it out; or, if the input is a table, say --format csv"
        raise UsageError("--bom is for CSV and TSV", hint=hint)
    if settings.title is not None and (plan.only is None or form):
        hint = "clean that page alone, or leave the title out"
        raise UsageError("a title belongs to one page, and here are several", hint=hint)
    to_output = not plan.many and not (_is_preview(options) or options["in_place"]) and options["out"] in (None, "-")
    if limits.most_removed < 1 and to_output:
        hint = "give a file to write to: -o FILE"
        raise UsageError("--quarantine: what is on standard output already cannot be held back", hint=hint)


def _in_place(options: dict[str, Any]) -> InPlace | None:
    """How files take their own place, if they do.

    Raises:
        UsageError: they go elsewhere as well, or something would be lost for good.
    """
    suffix, ledger = options["backup"], options["ledger"]
    if not options["in_place"]:
        if suffix is not None:
            hint = "zhnorm clean --in-place --backup; without it the input stays as it is"
            raise UsageError("--backup: nothing takes the place of the input", hint=hint)
        return None
    if options["out"] is not None:
        raise UsageError("-o and --in-place at the same time", hint="leave one of them out")
    if suffix is not None and (not suffix or "/" in suffix or "\0" in suffix):
        raise UsageError(Message("--backup: no suffix {suffix!r}", suffix=suffix), hint="such as --backup=.bak")
    if ledger is not None and os.path.isfile(ledger) and os.path.getsize(ledger):
        hint = "give the ledger of this run another name"
        raise UsageError(
            Message(
                "{ledger}: is there already, and may be the only way back to what an earlier run changed", ledger=ledger
            ),
            hint=hint,
        )
    return InPlace(suffix or "")


def _backups(in_place: InPlace | None) -> list[str]:
    """What is not taken from a folder in which files take their own place: the backups in it."""
    return [] if in_place is None else [f"*{literal(suffix)}" for suffix in {_BACKUP, in_place.backup} - {""}]


class Run:
    """What the command has decided to do."""

    def __init__(
        self,
        options: dict[str, Any],
        plan: Plan,
        layout: Layout,
        cleaner: Cleaner,
        limits: Limits,
        *,
        quiet: bool,
        verbose: bool,
        sites: Sequence[Site] = (),
    ) -> None:
        self._options = options
        self._plan = plan
        self._cleaner = cleaner
        self._limits = limits
        self._quiet = quiet
        self._verbose = verbose
        self._layout = layout
        self._sites = sites

    def do(self) -> ExitCode:
        options = self._options
        jobs = self._plan.jobs
        first = next(jobs, None)
        summary = Summary()
        account = self._account()
        with ExitStack() as stack:
            journals = self._journals(stack) if first else Journals()
            shown, on_read = self._progress(stack)
            results = run(
                self._cleaner,
                chain([first] if first else [], jobs),
                stack.enter_context(self._watchers(journals.folder)),
                workers=self._workers(),
                digests=options["ledger"] is not None or options["check"] or options["in_place"],
                encoding=options["encoding"],
                layout=self._layout,
                journal=journals.folder,
                journals=journals.records,
                limits=self._limits,
                on_read=on_read,
            )
            counters: list[Counter] = [summary, *([account] if account is not None else []), *shown]
            with journals.resumable(quiet=self._quiet):
                code = follow(
                    stack.enter_context(closing(results)),
                    counters,
                    many=self._plan.many,
                    warn_share=self._limits.warn_share,
                    check=options["check"],
                    in_place=options["in_place"],
                    quiet=self._quiet,
                    verbose=self._verbose,
                )
        self._report(account, journals, summary)
        return code

    def _journals(self, stack: ExitStack) -> Journals:
        """The journals of the run, open until its end."""
        return open_journals(stack, self._options, self._plan, self._layout, self._limits, self._cleaner)

    def _report(self, account: Account | None, journals: Journals, summary: Summary) -> None:
        """Say what was done, to whoever wants to know."""
        if account is not None:
            vanished = journals.folder.vanished if journals.folder else ()
            with open_target(self._options["report"]) as file:
                file.write(account.as_json(version=__version__, cleaner=self._cleaner.digest, vanished=vanished))
        if not self._quiet:
            journals.tell(self._plan, summary, verbose=self._verbose)
        if self._is_summed_up():
            _show(summary)
        left_alone = journals.folder.unchanged if journals.folder else 0
        if not self._quiet and self._plan.tree and (advice := small_files(summary, left_alone)):
            hint = "zhnorm pack FOLDER -o all.jsonl.gz, zhnorm clean all.jsonl.gz -o clean.jsonl.gz, zhnorm unpack clean.jsonl.gz -o FOLDER"
            say(advice, hint=hint)

    def _progress(self, stack: ExitStack) -> tuple[list[Counter], OnRead | None]:
        """Who shows how far the run is: told of documents, or of what is read of a large one."""
        if self._quiet:
            return [], None
        if self._plan.many:
            progress = make_progress(self._plan)
            stack.callback(progress.close)
            return [progress], None
        bar = None if self._options["diff"] else make_file_bar(self._plan)
        if bar is None:
            return [], None
        stack.callback(bar.close)
        return [], bar.read

    def _workers(self) -> int:
        """How many processes there is work for. A pipe that is filled slowly is answered line by line, in this one."""
        most, only = int(self._options["jobs"]), self._plan.only
        if only is None:
            return most
        bulk = isinstance(only.source, str) or is_bulk(only.source)
        return most if bulk and record_format(only, self._layout) else 1

    def _is_summed_up(self) -> bool:
        """Whether anybody wants to see totals."""
        return not self._quiet and (self._verbose or self._options["dry_run"] or is_terminal("stderr"))

    def _account(self) -> Account | None:
        """The account of the run, if it is to be written."""
        if self._options["report"] is None:
            return None
        from zhnorm.report.summary import Account

        return Account()

    @contextmanager
    def _watchers(self, journal: Journal | None) -> Iterator[list[Watcher]]:
        """Whoever has to know what happens: ledger, HTML report, diff. The files appear when the block ends well."""
        watchers: list[Watcher] = []
        if self._options["diff"]:
            from zhnorm.report.diff import DiffWriter

            colored = is_colored(sys.stdout)
            recorder = partial(DiffWriter, safe=colored or is_terminal("stdout"), colored=colored)
            watchers.append(Watcher(recorder, StandardOutput().write_text))
        with ExitStack() as files:
            ledger, html = self._options["ledger"], self._options["html"]
            if html is not None:
                from zhnorm.report.collection import PageRecorder

                from .html_report import html_report

                origin, packs, share = self._origin(ledger), self._cleaner.own_packs, self._limits.warn_share
                report = html_report(html, origin, packs, warn_share=share, sites=self._sites)
                watchers.append(Watcher(PageRecorder, files.enter_context(report).receive))
            if ledger is not None:
                from zhnorm.ledger.write import LedgerWriter, ledger_header

                writer = partial(LedgerWriter, kinds=self._options["kinds"])
            if ledger is not None and journal is not None:
                watchers.append(Watcher(writer, journal.add_records))
            elif ledger is not None:
                # Whatever ends the run, what has been done in place can be undone with what is known till then.
                target = open_lasting if self._options["in_place"] else open_target
                file = files.enter_context(target(ledger))
                file.write(ledger_header(version=__version__, cleaner=self._cleaner.digest))
                watchers.append(Watcher(writer, file.write))
            yield watchers

    def _origin(self, ledger: str | None) -> Origin:
        """Where the report for the browser comes from."""
        from zhnorm.report.commands import Origin

        is_changed = self._options["in_place"] and not _is_preview(self._options)
        side: Side = "output" if is_changed else "input"
        return Origin(self._options["paths"], ledger, side, listed=self._options["files_from"])


def _show(summary: Summary) -> None:
    if is_terminal("stderr") and not is_plain():
        from zhnorm.report.screen import show_summary

        show_summary(summary)
    else:
        show(summary.plain() + "\n")
