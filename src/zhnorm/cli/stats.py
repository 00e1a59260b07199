"""`zhnorm stats`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

import click

from zhnorm.batch.job import record_format
from zhnorm.batch.run import Watcher, run
from zhnorm.errors import ExitCode, UsageError
from zhnorm.report.statistics import Statistics, StatisticsRecorder, figures_of
from zhnorm.report.terminal import escape
from zhnorm.settings import Settings

from .common_options import PATH, config_option, rules_option
from .config import find_config
from .from_ledger import each_story
from .help_layout import Sectioned
from .options import (
    encoding_option,
    files_read,
    given,
    jobs_option,
    layout_of,
    layout_options,
    make_cleaner,
    settings_options,
)
from .plan import make_plan, recognised
from .refusals import refuse_reads
from .run_messages import follow
from .streams import StandardOutput, is_drawn
from .views import screen

if TYPE_CHECKING:
    from zhnorm.ledger.read import Side
    from zhnorm.line import Line

__all__ = ["stats"]


@click.command(
    cls=Sectioned,
    options_metavar="[OPTIONS]",
    help="""Say what texts are like, and what cleaning does to them, in numbers.

    Scripts, lines, repeats, lines that several documents have, the rules that
    act, and the shares that go. Nothing is written but the numbers.

    \b
    Examples:
      zhnorm stats scraped/
      zhnorm stats page.txt --profile page
      zhnorm stats --ledger why.jsonl               from the ledger alone
      zhnorm stats scraped/ --ledger why.jsonl      and its inputs or outputs
      zhnorm stats scraped/ --json | jq .removed
    """,
)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option("--ledger", type=PATH, metavar="FILE", help="What this ledger says, instead of cleaning again.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of tables.")
@settings_options
@encoding_option
@layout_options
@rules_option
@config_option
@jobs_option
def stats(**options: Any) -> int:
    found = Statistics()
    code = _from_ledger(options, found) if options["ledger"] is not None else _from_texts(options, found)
    out = StandardOutput()
    if options["as_json"]:
        out.write_text(escape(json.dumps(found.as_record(), ensure_ascii=False)) + "\n")
    elif is_drawn():
        screen(drawn=True).statistics(found)
    else:
        from zhnorm.report.statistics import plain

        out.write_text("".join(plain(found)))
    return code


def _from_texts(options: dict[str, Any], found: Statistics) -> ExitCode:
    config = find_config(options)
    settings = Settings.of(**{**config.settings, **given(options)})
    cleaner = make_cleaner(settings, (*config.rules, *options["rules"]))
    reads = (*config.files, *files_read(options))
    plan = make_plan(options["paths"], None, preview=True, skipped=lambda _: None, reads=reads)
    watcher = Watcher(StatisticsRecorder, found.receive)
    layout = recognised(plan, layout_of(options), quiet=False)
    several = plan.only is None or bool(record_format(plan.only, layout))
    results = run(
        cleaner,
        plan.jobs,
        [watcher],
        workers=options["jobs"] if several else 1,
        encoding=options["encoding"],
        layout=layout,
    )
    with closing(results):
        return follow(results, (), many=plan.many, check=False, quiet=False, verbose=False)


def _from_ledger(options: dict[str, Any], found: Statistics) -> ExitCode:
    from zhnorm.ledger.read import Ledger

    if given(options) or options["encoding"]:
        raise UsageError(
            "a ledger says what happened: settings change nothing", hint="leave out the settings, or the ledger"
        )
    with Ledger(options["ledger"]) as ledger:
        if not options["paths"]:
            refuse_reads([options["ledger"]], None)
            found.with_texts = False
            for records in ledger:
                found.receive(figures_of(records))
            found.failures += ledger.failed
            return ExitCode.DONE
        recorder = StatisticsRecorder(found.receive)

        def show(name: str, lines: Sequence[Line], _: Side) -> None:
            recorder.begin(name)
            recorder.stories(lines)
            recorder.end()

        return each_story(ledger, options["paths"], show)
