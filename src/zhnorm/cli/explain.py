"""`zhnorm explain`."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from zhnorm.batch.job import record_format
from zhnorm.batch.run import Watcher, run
from zhnorm.errors import ExitCode, ReadError, UsageError, ZhnormError, did_you_mean, missing_hint
from zhnorm.messages import Message, joined
from zhnorm.report.commands import Origin
from zhnorm.report.help import help_pages, nearest_rules
from zhnorm.report.terminal import escape, visible
from zhnorm.settings import Settings

from .common_options import PATH, config_option, rules_option
from .config import Config, find_config
from .from_ledger import each_story
from .help_layout import Sectioned
from .html_report import html_report
from .options import encoding_option, files_read, given, layout_of, layout_options, make_cleaner, settings_options
from .plan import make_plan, recognised
from .refusals import refuse_beside
from .run_messages import follow
from .streams import StandardOutput, is_drawn
from .views import LineView, PageView, RecordView, ReportView, Showing, View, screen

if TYPE_CHECKING:
    from zhnorm.ledger.read import Side
    from zhnorm.line import Line
    from zhnorm.report.help import HelpPage
    from zhnorm.rules import Pack

__all__ = ["explain"]


@click.command(
    cls=Sectioned,
    options_metavar="[OPTIONS]",
    help="""Say why each line of a page stays, goes, or is rewritten; or what a rule is about.

    \b
    Examples:
      zhnorm explain page.txt                what happens to each line, and why
      zhnorm explain page.txt --line 12      the whole story of one line
      zhnorm explain page.txt --changed      only lines that something happens to
      zhnorm explain web/share-bar           what a rule is about, with examples
      zhnorm explain duplicates              the rules of a stage or of a pack
      zhnorm explain page.txt --ledger why.jsonl
      zhnorm explain scraped/ --html report.html
      cat page.txt | zhnorm explain --json | jq 'select(.text == null)'

    PATH is a file, a folder, or - for standard input (the default). With
    --ledger it is what went in, or what came out, of the run that wrote it.
    Nothing is written but the explanation.
    """,
)
@click.argument("what", nargs=-1, type=PATH, metavar="[PATH|RULE]...")
@click.option("--line", "line", type=click.IntRange(min=1), metavar="NUMBER", help="The whole story of one line.")
@click.option("--changed", is_flag=True, help="Only lines that something happens to.")
@click.option("--rule", metavar="RULE", help="Only lines that this rule touches, such as web/share-bar or edges/*.")
@click.option("--json", "as_json", is_flag=True, help="JSON Lines: an object for each line, or for each rule.")
@click.option("--ledger", type=PATH, metavar="FILE", help="What this ledger says, instead of cleaning again.")
@click.option("--html", type=PATH, metavar="FILE", help="Write a report for the browser to FILE instead.")
@settings_options
@encoding_option
@layout_options
@rules_option
@config_option
def explain(**options: Any) -> int:
    config = find_config(options)
    files = (*config.rules, *options["rules"])
    what = options["what"]
    names = [name for name in what if name != "-" and not os.path.lexists(name)]
    if names:
        pages = _pages(names, files)
        if len(names) < len(what):
            raise UsageError("files and rules at the same time", hint="run zhnorm explain once for each")
        _show_help(pages, as_json=options["as_json"])
        return ExitCode.DONE
    if options["html"] is None:
        return _show(options, config, _view(options, files))
    refuse_beside("html", options["html"], what, None, (), reads=(*config.files, *files_read(options)))
    origin = Origin(what, options["ledger"])
    with html_report(options["html"], origin, _packs(files)) as collection:
        return _show(options, config, ReportView(collection, origin))


def _show(options: dict[str, Any], config: Config, view: View) -> ExitCode:
    if options["ledger"] is not None:
        return _from_ledger(options, view)
    settings = Settings.of(**{**config.settings, **given(options)})
    cleaner = make_cleaner(settings, (*config.rules, *options["rules"]))
    if isinstance(view, LineView):
        view.rules = cleaner.rules

    reads = (*config.files, *files_read(options))
    plan = make_plan(options["what"], None, preview=True, skipped=lambda _: None, reads=reads)
    layout = recognised(plan, layout_of(options), quiet=False)
    if options["line"] is not None and (plan.only is None or record_format(plan.only, layout)):
        hint = "name the file" if plan.only is None else "--json tells them apart"
        raise UsageError("--line is about one document, and here are several", hint=hint)
    watcher = Watcher(lambda _: Showing(view), lambda _: None)
    with closing(run(cleaner, plan.jobs, [watcher], encoding=options["encoding"], layout=layout)) as results:
        return follow(results, (), many=plan.many, check=False, quiet=False, verbose=False)


def _from_ledger(options: dict[str, Any], view: View) -> ExitCode:
    from zhnorm.ledger.read import Ledger

    if given(options) or options["encoding"]:
        raise UsageError(
            "a ledger says what happened: settings change nothing", hint="leave out the settings, or the ledger"
        )

    def show(name: str, lines: Sequence[Line], side: Side) -> None:
        if isinstance(view, ReportView):
            view.origin.side = side
        view.begin(name)
        view.lines(lines)
        view.end()

    with Ledger(options["ledger"]) as ledger:
        return each_story(ledger, options["what"], show, one=options["line"] is not None)


def _view(options: dict[str, Any], files: Sequence[str]) -> View:
    """Whatever shows lines in the form that was asked for."""
    if options["line"] is not None and (options["changed"] or options["rule"]):
        others = joined(" and ", [f"--{flag}" for flag in ("changed", "rule") if options[flag]])
        raise UsageError(
            "--line shows one line whatever happened to it",
            hint=Message("leave out --line, or {others}", others=others),
        )
    rule = options["rule"]
    if rule is not None and not any(mark in rule for mark in "*?["):
        _check_rule(rule, files)
    if options["as_json"]:
        return RecordView(line=options["line"], changed=options["changed"], rule=rule)
    if options["line"] is not None:
        return LineView(options["line"], lambda: _known(files))
    return PageView(changed=options["changed"], rule=rule)


def _check_rule(rule: str, files: Sequence[str]) -> None:
    known = _known(files)
    if rule not in known:
        raise _unknown(Message("no rule {rule!r}", rule=rule), nearest_rules(rule, known))


def _known(files: Sequence[str]) -> dict[str, HelpPage]:
    return help_pages(_packs(files))


def _packs(files: Sequence[str]) -> list[Pack]:
    from pathlib import Path

    from zhnorm.errors import RulesError
    from zhnorm.rules import check_names, load_pack

    try:
        packs = [load_pack(Path(path)) for path in files]
    except ReadError as error:
        raise RulesError(error.message, hint=error.hint) from error
    check_names(packs)
    return packs


def _pages(names: Sequence[str], files: Sequence[str]) -> list[HelpPage]:
    """The help pages of rules, or of all rules of a stage or pack."""
    known = _known(files)
    pages: list[HelpPage] = []
    for name in names:
        if name in known:
            pages.append(known[name])
            continue
        group = [page for page in known.values() if name in (page.stage, page.rule.partition("/")[0])]
        if not group:
            raise _no_such(name, known)
        pages += group
    return pages


def _no_such(name: str, known: dict[str, HelpPage]) -> ZhnormError:
    """Neither a file nor a rule: which one was meant?"""
    folder = os.path.dirname(name) or "."
    if not os.path.splitext(name)[1] and (folder == "." or not os.path.isdir(folder)):
        return _unknown(Message("no rule and no file {name!r}", name=name), nearest_rules(name, known))
    hint = missing_hint(name, Message("check the path; zhnorm rules list names the rules"))
    return ReadError(Message("{name}: no such file", name=name), hint=hint)


def _unknown(message: str, near: Sequence[str]) -> UsageError:
    hint = did_you_mean(near) or "zhnorm rules list names them; --rules FILE adds your own"
    return UsageError(message, hint=hint)


def _show_help(pages: Sequence[HelpPage], *, as_json: bool) -> None:
    if as_json:
        lines = (escape(json.dumps(page.as_record(), ensure_ascii=False)) + "\n" for page in pages)
        StandardOutput().write_text("".join(lines))
    elif len(pages) > 1:
        StandardOutput().write_text("".join(_index(pages)))
    else:
        screen(drawn=is_drawn()).help(pages[0])


def _index(pages: Sequence[HelpPage]) -> Iterator[str]:
    width = max(len(page.rule) for page in pages)
    for page in pages:
        yield f"{visible(page.rule):<{width}}  {visible(page.about)}\n"
