"""`zhnorm clean`."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from zhnorm._version import __version__
from zhnorm.batch.job import Failure, Outcome
from zhnorm.batch.run import Watcher, run
from zhnorm.errors import AuditError, ExitCode, UsageError
from zhnorm.settings import Settings

from .config import find_config
from .options import encoding_option, given, jobs_option, make_cleaner, settings_options
from .plan import make_plan
from .streams import StandardOutput, is_terminal, say, show, title_of, warn_undecodable

if TYPE_CHECKING:
    from zhnorm.batch.walk import Skipped
    from zhnorm.cleaner import Cleaner
    from zhnorm.report.summary import Summary

__all__ = ["clean"]

_PATH = click.Path(path_type=str)


@click.command(options_metavar="[OPTIONS]")
@click.argument("paths", nargs=-1, type=_PATH, metavar="[PATH]...")
@click.option("-o", "out", type=_PATH, metavar="OUT", help="File or folder to write; default: standard output.")
@settings_options
@encoding_option
@click.option("--rules", multiple=True, type=_PATH, metavar="FILE", help="A rule pack of your own (TOML); repeatable.")
@click.option("--config", type=_PATH, metavar="FILE", help="Settings from FILE instead of ./zhnorm.toml.")
@jobs_option
@click.option("--ledger", type=_PATH, metavar="FILE", help="Write every change and its reason to FILE (JSON Lines).")
@click.option("-n", "--dry-run", is_flag=True, help="Write no text; say what would happen.")
@click.option("--check", is_flag=True, help="Write no text; exit 1 if any would change.")
@click.option("--diff", is_flag=True, help="Write no text; show a unified diff.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more: totals by rule, files that were skipped.")
def clean(**options: Any) -> int:
    """Clean pages: one title, no boilerplate, no repeats, one script.

    \b
    Examples:
      cat page.txt | zhnorm clean                   a pipe
      zhnorm clean page.txt -o clean.txt            a file
      zhnorm clean scraped/ -o clean/               a folder, mirrored
      zhnorm clean page.txt --diff                  what would change
      zhnorm clean page.txt --to keep --no-edges    other settings
      zhnorm clean scraped/ -o clean/ --ledger why.jsonl

    PATH is a file, a folder, or - for standard input (the default). Files appear
    under their names whole or not at all. Settings come from the profile, then
    from the configuration file, then from the options below.
    """
    config = find_config(options["config"])
    settings = Settings.of(**{**config.settings, **given(options)})
    quiet, verbose = options["quiet"], options["verbose"] and not options["quiet"]
    if verbose and config.path:
        say(f"settings from {config.path}")

    def skipped(item: Skipped) -> None:
        if verbose:
            say(f"skipped {item.path}: {item.reason}")

    preview = options["dry_run"] or options["check"] or options["diff"]
    _check_ledger(options["ledger"], options["paths"], options["out"])
    plan = make_plan(options["paths"], options["out"], preview=preview, quiet=quiet, skipped=skipped)
    if plan.many and settings.title is not None:
        hint = "clean that page alone, or leave the title out"
        raise UsageError("a title belongs to one page, and here are several", hint=hint)
    cleaner = make_cleaner(settings, (*config.rules, *options["rules"]))
    summary = _summary(options)
    with _watchers(options, cleaner) as watchers:
        results = run(
            cleaner,
            plan.jobs,
            watchers,
            workers=options["jobs"] if plan.many else 1,
            digests=options["ledger"] is not None,
            encoding=options["encoding"],
        )
        with closing(_counted(results, summary)) as counted:
            code = _follow(counted, many=plan.many, check=options["check"], quiet=quiet, verbose=verbose)
    if summary is not None:
        _show(summary)
    return code


def _summary(options: dict[str, Any]) -> Summary | None:
    """Totals, if anybody wants to see them."""
    if options["quiet"] or not (options["verbose"] or options["dry_run"] or is_terminal("stderr")):
        return None
    from zhnorm.report.summary import Summary

    return Summary()


def _counted(results: Generator[Outcome | Failure], summary: Summary | None) -> Generator[Outcome | Failure]:
    with closing(results):
        for result in results:
            if summary is not None:
                summary.add(result)
            yield result


@contextmanager
def _watchers(options: dict[str, Any], cleaner: Cleaner) -> Iterator[list[Watcher]]:
    """Whoever has to know what happens: ledger and diff. The ledger appears when the block ends well."""
    watchers: list[Watcher] = []
    if options["diff"]:
        from zhnorm.report.diff import DiffWriter

        recorder = partial(DiffWriter, safe=is_terminal("stdout"))
        watchers.append(Watcher(recorder, StandardOutput().write_text))
    if options["ledger"] is None:
        yield watchers
        return
    from zhnorm.batch.write import open_target
    from zhnorm.report.ledger import LedgerWriter, ledger_header

    with open_target(options["ledger"]) as file:
        file.write(ledger_header(version=__version__, cleaner=cleaner.digest))
        watchers.append(Watcher(LedgerWriter, file.write))
        yield watchers


def _follow(results: Iterable[Outcome | Failure], *, many: bool, check: bool, quiet: bool, verbose: bool) -> ExitCode:
    """Go through the run, say what people must know, and find the exit code: the worst of what happened."""
    code = ExitCode.DONE
    found = False
    for result in results:
        found = True
        if isinstance(result, Failure):
            if not many:
                raise result.error
            say(f"{'failed ' if check else ''}{result.error.message}", hint=result.error.hint)
            worse = ExitCode.AUDIT if isinstance(result.error, AuditError) else ExitCode.SOME_FAILED
            code = max(code, worse)
            continue
        if result.undecodable and not quiet:
            warn_undecodable(result.name, result.undecodable, result.first_undecodable, result.encoding)
        if verbose and result.encoding and result.encoding.name != "utf-8":
            name, confidence, reason = result.encoding
            say(f"{title_of(result.name)}: {name} ({reason}, confidence {confidence:.2f})")
        if check and result.counts.changed:
            code = max(code, ExitCode.WOULD_CHANGE)
            if not quiet:
                say(f"would change {title_of(result.name)}")
    if not found and not quiet:
        say("no files found", hint="hidden files and symbolic links inside a folder are not taken; -v lists them")
    return code


def _same_file(one: str, other: str) -> bool:
    return os.path.isfile(one) and os.path.isfile(other) and os.path.samefile(one, other)


def _check_ledger(ledger: str | None, paths: Sequence[str], out: str | None) -> None:
    """The ledger must not fall on an input or on the output."""
    if ledger is None:
        return
    if not ledger or ledger == "-":
        raise UsageError("--ledger: needs the name of a file", hint="--ledger /dev/stderr shows it on standard error")
    real = os.path.realpath(ledger)
    if out is not None and os.path.realpath(out) == real:
        raise UsageError(f"{ledger}: output and ledger are the same file", hint="give the ledger a name of its own")
    if not os.path.isfile(real) and os.path.exists(real):
        return  # a device, or a folder: opening it says so
    for path in paths:
        source = os.path.realpath(path)
        if source == real or _same_file(source, real):
            raise UsageError(f"{ledger}: the ledger would overwrite an input", hint="give it a name of its own")
        if os.path.isdir(source) and real.startswith(os.path.join(source, "")):
            raise UsageError(
                f"{ledger}: lies inside the input folder, and would be cleaned as text next time",
                hint="put the ledger elsewhere",
            )


def _show(summary: Summary) -> None:
    if is_terminal("stderr"):
        from zhnorm.report.screen import show_summary

        show_summary(summary)
    else:
        show(summary.plain() + "\n")
