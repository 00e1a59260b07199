"""`zhnorm corpus`: learn, clean, run and seen."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from zhnorm.batch.job import Failure
from zhnorm.errors import ExitCode, UsageError
from zhnorm.messages import Message
from zhnorm.report.terminal import visible
from zhnorm.settings import Settings

from .common_options import PATH, config_option, quiet_option, rules_option
from .config import find_config
from .corpus_messages import Pace, add_to_seen, resumable, tell_asked, tell_found, tell_learned
from .help_layout import Sectioned
from .options import (
    counts_option,
    encoding_option,
    field_options,
    fields_of,
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
from .plan import NOWHERE, Plan, make_plan
from .refusals import refuse_beside
from .spark import clean_on_spark, engine_options, learn_on_spark, refuse_engine
from .streams import StandardOutput, is_terminal, say

if TYPE_CHECKING:
    from zhnorm.corpus.cleaner import CorpusCleaner
    from zhnorm.corpus.counts import Wanted
    from zhnorm.corpus.documents import Sources
    from zhnorm.corpus.local import Aims
    from zhnorm.report.sites import Site

    from .config import Config

__all__ = ["corpus"]

Command = Callable[..., Any]
_STEPS = os.path.join(".zhnorm", "corpus")


@click.group(
    help="""Find what documents have in common: templates of sites, copies, what was seen.

    \b
    Examples:
      zhnorm corpus run crawl/ -o clean/                      everything at once
      zhnorm corpus learn crawl/ -o templates.tsv             look at it first
      zhnorm corpus clean crawl/ -o clean/ --templates templates.tsv
      zhnorm corpus run pages.jsonl.gz -o clean/ --site-field url --near 0.8
      zhnorm corpus run today/ -o clean/ --seen seen.idx      not what was there yesterday
      zhnorm corpus seen seen.idx page.txt                    was it?
    """,
)
def corpus() -> None:
    """All commands about many documents."""


def _source_options(command: Command) -> Command:
    """What is read, and whose pages they are."""
    for name, about in (
        ("--date-field", "Field with the date of a document, for --stays oldest."),
        ("--id-field", "Field with what a document calls itself, for the ledger."),
        ("--site-field", "Field with the address of a document, or the name of its site."),
        ("--site", "All documents are pages of this site: an address, or a name."),
    ):
        command = click.option(name, metavar="NAME", help=about)(command)
    for name, about in (
        ("--exclude", "No files or folders like this one; repeatable."),
        ("--include", "Only files like this one: '*.txt'; repeatable."),
    ):
        command = click.option(name, multiple=True, metavar="GLOB", help=about)(command)
    command = quiet_option(jobs_option(encoding_option(command)))
    return click.argument("paths", nargs=-1, type=PATH, required=True, metavar="PATH...")(command)


def _wanted_options(command: Command) -> Command:
    """What makes a line a template."""
    for name, kind, default, about in (
        ("--min-sites", click.IntRange(2), 20, "Or it is a template of so many sites: then it goes from all."),
        ("--share", click.FloatRange(0, 1, min_open=True), 0.1, "And on this share of the pages of the site."),
        ("--min-pages", click.IntRange(2), 5, "A template stands on so many pages of its site at least."),
    ):
        text = f"{about}  [default: {default}]"
        command = click.option(name, type=kind, default=default, metavar="NUMBER", help=text)(command)
    return command


def _clean_options(command: Command) -> Command:
    """What `clean` and `run` have in common."""
    for option in (
        click.option("-v", "--verbose", is_flag=True, help="Say more: steps and their times, totals by rule."),
        click.option("-n", "--dry-run", is_flag=True, help="Write no text; say what would go."),
        click.option("--force", is_flag=True, help="Begin anew, whatever an earlier run has done."),
        click.option("--html", type=PATH, metavar="FILE", help="Write a report for the browser to FILE."),
        click.option("--report", type=PATH, metavar="FILE", help="Write totals, failures and findings to FILE (JSON)."),
        click.option("--ledger", type=PATH, metavar="FILE", help="Write every change and its reason to FILE."),
        click.option("--seen", type=PATH, metavar="INDEX", help="Leave out what INDEX knows; what stays is added."),
        click.option(
            "--near",
            type=click.FloatRange(0, 1, min_open=True),
            metavar="SHARE",
            help="Leave out what is so alike to another document: 0.8.  [default: only copies to the letter]",
        ),
        click.option(
            "--stays",
            "copy_stays",
            type=click.Choice(["longest", "first", "oldest"]),
            default="longest",
            help="Which of several copies stays.  [default: longest]",
        ),
        limits_options,
        config_option,
        rules_option,
        settings_options,
        layout_options,
        counts_option,
        engine_options,
        _source_options,
    ):
        command = option(command)
    return click.option("-o", "--output", "out", type=PATH, required=True, metavar="OUT", help="Folder to write.")(
        command
    )


@corpus.command(
    cls=Sectioned,
    short_help="Find the templates of sites, and say what would go.",
    help="""Find the lines that sites print on many of their pages, and say what would go.

    \b
    Examples:
      zhnorm corpus learn crawl/                        look
      zhnorm corpus learn crawl/ -o templates.tsv       keep, look through, take rows out
      zhnorm corpus learn pages.parquet -o templates.parquet --site-field url

    PATH is a folder whose folders are sites, or a file of records of which a field
    says the site (--site-field); WARC says it itself. Nothing is cleaned. FILE is
    .tsv, .jsonl or .parquet, and goes to zhnorm corpus clean --templates.
    """,
)
@_source_options
@engine_options
@field_options
@_wanted_options
@click.option("-o", "--output", "out", type=PATH, metavar="FILE", help="Write the templates to FILE.")
def learn(**options: Any) -> int:
    from zhnorm.batch.write import try_target
    from zhnorm.corpus.local import Aims, Local
    from zhnorm.corpus.steps import Steps
    from zhnorm.corpus.template_files import check_name

    _refuse_pipe(options["paths"])
    refuse_engine(options)
    if options["out"] is not None:
        check_name(options["out"])
        refuse_beside("templates", options["out"], options["paths"], None, [])
        try_target(options["out"])
    if options["engine"] == "spark":
        return learn_on_spark(options, Aims(_wanted(options)))
    plan = _planned(options, NOWHERE)
    sources = _sources(options, plan)
    failures = _Failures()
    with _workplace(options["out"]) as folder, Steps(folder, _of_sources(options, plan), folder) as steps:
        local = Local(sources, Aims(_wanted(options)), steps, failed=failures.tell)
        with resumable(quiet=options["quiet"] or options["out"] is None):
            templates, survey = local.templates, local.survey
        tell_learned(options, templates, documents=len(survey), sites=len(survey.sites))
    return failures.code


@corpus.command(
    cls=Sectioned,
    short_help="Clean documents without given templates, copies, and what was seen.",
    help="""Clean documents without templates that were looked through, without copies, and without what was seen.

    \b
    Examples:
      zhnorm corpus clean crawl/ -o clean/ --templates templates.tsv
      zhnorm corpus clean pages.jsonl -o clean/ --near 0.8 --ledger why.jsonl

    OUT gets the same tree. A document that goes as a whole leaves an empty file, or
    an empty text in its record. All options of zhnorm clean that say what cleaning
    does are there; the ledger serves restore and apply as well.
    """,
)
@_clean_options
@click.option("--templates", type=PATH, metavar="FILE", help="Templates, from zhnorm corpus learn.")
def clean(**options: Any) -> int:
    return _clean({**options, "save_templates": None}, None)


@corpus.command(
    cls=Sectioned,
    short_help="Learn templates and clean, at once.",
    help="""Learn the templates of sites, and clean documents without them, without copies, and without what was seen.

    \b
    Examples:
      zhnorm corpus run crawl/ -o clean/ --ledger why.jsonl --html report.html
      zhnorm corpus run pages.jsonl.gz -o clean/ --site-field url --near 0.8
      zhnorm corpus run today/ -o clean/ --seen seen.idx
      zhnorm corpus run crawl/ -o clean/ --dry-run       what would go

    OUT gets the same tree. A document that goes as a whole leaves an empty file, or
    an empty text in its record. An interrupted run goes on with the same command.
    """,
)
@_clean_options
@_wanted_options
@click.option("--save-templates", type=PATH, metavar="FILE", help="Write the templates to FILE, to be looked through.")
def run(**options: Any) -> int:
    return _clean({**options, "templates": None}, _wanted(options))


@corpus.command(
    short_help="Ask or change an index of what was seen.",
    help="""Say of documents how much of each an index has seen, 0 to 1.

    \b
    Examples:
      zhnorm corpus seen seen.idx page.txt
      zhnorm corpus seen seen.idx pages.jsonl --add
      zhnorm corpus seen seen.idx --merge other.idx

    INDEX is what --seen names: a folder. A document counts as seen from 0.9 on.
    Without PATH it is said how much the index holds.
    """,
)
@click.argument("index", type=PATH)
@click.argument("paths", nargs=-1, type=PATH, metavar="[PATH]...")
@click.option("--site", metavar="NAME", help="All documents are pages of this site: an address, or a name.")
@click.option("--site-field", metavar="NAME", help="Field with the address of a document, or the name of its site.")
@click.option("--templates", type=PATH, metavar="FILE", help="Templates to leave aside, from zhnorm corpus learn.")
@click.option("--add", is_flag=True, help="Add the documents when all were asked for.")
@click.option(
    "--merge", multiple=True, type=PATH, metavar="INDEX", help="Add all that another index knows; repeatable."
)
@encoding_option
@field_options
@jobs_option
@quiet_option
def seen(**options: Any) -> int:
    from zhnorm.corpus.local import ask_seen
    from zhnorm.corpus.seen import Seen
    from zhnorm.corpus.templates import Templates

    _refuse_pipe(options["paths"])
    failures = _Failures()
    if options["paths"]:
        plan = _planned({**options, "include": (), "exclude": ()}, None)
        sources = _sources({**options, "id_field": None, "date_field": None}, plan)
        out = StandardOutput()
        templates = Templates.load(options["templates"]) if options["templates"] else Templates()
        sites = set[bool]()
        for name, share, is_sited in ask_seen(
            sources, options["index"], templates, add=options["add"], failed=failures.tell
        ):
            out.write_text(f"{share:.2f}\t{visible(name)}\n")
            sites.add(is_sited)
        if not options["quiet"]:
            tell_asked(templates, sites)
    if options["merge"]:
        with Seen(options["index"]) as found:
            for other in options["merge"]:
                found.merge(other)
    if not (options["paths"] or options["merge"]):
        with Seen(options["index"], read_only=True) as found:
            StandardOutput().write_text(f"{len(found):,} documents and paragraphs\n")
    return failures.code


def _clean(options: dict[str, Any], wanted: Wanted | None) -> int:
    """Find what documents have in common, and clean them."""
    quiet, verbose = options["quiet"], options["verbose"] and not options["quiet"]
    config = find_config(options, verbose=verbose)
    settings = Settings.of(**{**config.settings, **given(options)})
    if settings.title is not None:
        raise UsageError("a title belongs to one page", hint="--title-field NAME says that of each record")
    _refuse_pipe(options["paths"])
    refuse_engine(options)
    if options["engine"] == "spark":
        _refuse_nonsense(options)
        return clean_on_spark(options, config, settings, given_limits(options), _aims(options, wanted))
    return _clean_here(options, config, settings, wanted, tell=verbose or (is_terminal("stderr") and not quiet))


def _clean_here(
    options: dict[str, Any], config: Config, settings: Settings, wanted: Wanted | None, *, tell: bool
) -> int:
    """The same on this machine; `tell` says that steps are told."""
    from zhnorm.corpus.local import Local
    from zhnorm.corpus.steps import Steps

    limits = given_limits(options)
    out = options["out"] = os.path.join(options["out"], "")
    plan = _planned(options, out, _refused(options, out, config.files))
    cleaner = make_cleaner(settings, (*config.rules, *options["rules"]), limits)
    aims = _aims(options, wanted)
    decides = {**_of_sources(options, plan), **_of_aims(aims), "cleaner": cleaner.digest}
    sources, place = _sources(options, plan)._replace(limits=limits), os.path.join(out, _STEPS)
    kept = {"tell": say if tell else _nobody, "warn": _nobody if options["quiet"] else say, "fresh": options["force"]}
    with Steps(place, decides, out.rstrip("/"), **kept, may_replace=lambda: _is_unused(out)) as steps:
        reports = options["html"] is not None
        local = Local(sources, aims, steps, settings=settings, own_packs=cleaner.own_packs, reports=reports)
        with resumable(quiet=options["quiet"]):
            found, sites = local.found, local.sites if reports else []
        tell_found(options, local.templates, found.counts(), found.sites, learned=wanted is not None)
        if options["dry_run"]:
            if reports:
                _report(options, sites)
            return ExitCode.DONE
        code = _run(options, plan, local.cleaner(limits), sites)
        add_to_seen(aims, code, local.add_to_seen)
    return code


def _nobody(_: object) -> None:
    """Is told what nobody wants to hear."""


def _is_unused(out: str) -> bool:
    """Whether all that there is in a folder is what a dry run found out: with other settings, that is of no use to anybody."""
    names = {name for folder in ("", ".zhnorm") for name in os.listdir(os.path.join(out, folder))}
    return names <= {".zhnorm", "corpus"} and os.path.isdir(os.path.join(out, _STEPS, "found"))


def _refused(options: dict[str, Any], out: str, files: Sequence[str]) -> tuple[str, ...]:
    """Refuse what makes no sense, before anything is read; the files that are read besides the inputs."""
    given_files = (*files, *files_read({**options, "ledger": None}), options["templates"])
    reads = tuple(path for path in given_files if path)
    beside = {what: options[what] for what in ("ledger", "report", "html", "save_templates")}
    for what, path in beside.items():
        others = [other for name, other in beside.items() if name != what]
        refuse_beside(what.replace("_", "-"), path, options["paths"], out, others, reads=reads)
    _refuse_nonsense(options)
    if options["seen"] is not None:
        _refuse_inside(options["seen"], (out, *filter(os.path.isdir, options["paths"])))
    _try_targets(options, (path for path in beside.values() if path is not None))
    return reads


def _try_targets(options: dict[str, Any], paths: Iterable[str]) -> None:
    """See whether what is written at the end can be, before hours of work are done for it."""
    from zhnorm.batch.write import try_target
    from zhnorm.corpus.seen import Seen

    for path in paths:
        try_target(path)
    if options["seen"] is not None and not options["dry_run"]:
        Seen(options["seen"]).close()


def _refuse_nonsense(options: dict[str, Any]) -> None:
    """Refuse what no engine can do."""
    from zhnorm.corpus.seen import Seen
    from zhnorm.corpus.template_files import check_name

    if options["copy_stays"] == "oldest" and options["date_field"] is None:
        raise UsageError("--stays oldest: nobody says how old documents are", hint="--date-field NAME")
    if options["save_templates"] is not None:
        check_name(options["save_templates"])
    if options["seen"] is not None and os.path.exists(options["seen"]):
        Seen(options["seen"], read_only=True).close()


def _aims(options: dict[str, Any], wanted: Wanted | None) -> Aims:
    from zhnorm.corpus.local import Aims
    from zhnorm.corpus.templates import Templates

    templates = Templates.load(options["templates"]) if options["templates"] else None
    return Aims(wanted, templates, options["copy_stays"], options["near"], options["seen"] or "")


def _refuse_inside(index: str, folders: Sequence[str]) -> None:
    """Refuse a place for an index among documents, where it would be taken for one."""
    for folder in folders:
        if os.path.join(os.path.realpath(index), "").startswith(os.path.join(os.path.realpath(folder), "")):
            raise UsageError(
                Message("--seen {index}: lies in {folder}", index=index, folder=folder),
                hint="choose a place outside of what is read and written",
            )


def _report(options: dict[str, Any], sites: Sequence[Site]) -> None:
    """Write what would go from the pages of sites."""
    from zhnorm.report.commands import Origin

    from .html_report import html_report

    with html_report(options["html"], Origin(options["paths"]), (), sites=sites):
        pass  # nothing is cleaned


def _run(options: dict[str, Any], plan: Plan, cleaner: CorpusCleaner, sites: Sequence[Site]) -> int:
    """Clean documents as `zhnorm clean` does."""
    from .clean import Run

    preview = {"check": False, "diff": False, "kinds": False, "journal": True, "in_place": False, "files_from": None}
    limits, quiet = given_limits(options), options["quiet"]
    verbose = options["verbose"] and not quiet
    given_options, layout = {**options, **preview}, layout_of(options)
    return Run(given_options, plan, layout, cleaner, limits, quiet=quiet, verbose=verbose, sites=sites).do()


def _refuse_pipe(paths: Sequence[str]) -> None:
    if "-" in paths:
        raise UsageError("standard input (-): a corpus is read more than once", hint="save it to a file first")


def _planned(options: dict[str, Any], out: str | None, reads: Sequence[str] = ()) -> Plan:
    from zhnorm.batch.walk import Choice

    choice = Choice(options["include"], options["exclude"])
    return make_plan(
        options["paths"],
        out,
        preview=out is None,
        quiet=options["quiet"],
        skipped=lambda _: None,
        choice=choice,
        pages=options["format"] != "text",
        reads=reads,
    )


def _wanted(options: dict[str, Any]) -> Wanted:
    from zhnorm.corpus.counts import Wanted

    return Wanted(options["min_pages"], options["share"], options["min_sites"])


def _sources(options: dict[str, Any], plan: Plan) -> Sources:
    from zhnorm.corpus.documents import Sources

    fields = fields_of(options)
    sources = Sources(plan.anew, layout_of(options), fields, options["encoding"], options["jobs"])
    return sources if options["quiet"] else sources._replace(watch=lambda count: Pace(count).read)


def _of_sources(options: dict[str, Any], plan: Plan) -> dict[str, Any]:
    """What the results depend on of the inputs, and of how they are read."""
    inputs = hashlib.sha256()
    for job in plan.anew():
        source = None if isinstance(job, Failure) else job.source
        there = os.stat(source) if isinstance(source, str) and os.path.exists(source) else None
        inputs.update(f"{job.name}\0{there and (there.st_size, there.st_mtime_ns)}\0".encode("utf-8", "surrogatepass"))
    names = ("encoding", "format", "field", "url_field", "header", "site", "site_field", "id_field", "date_field")
    return {"inputs": inputs.hexdigest(), **{name: options[name] for name in names}}


def _of_aims(aims: Aims) -> dict[str, Any]:
    """What the results depend on of what is to be found. A file of templates counts by what it says."""
    wanted = dict(aims.wanted._asdict()) if aims.wanted is not None else {}
    templates = f"{len(aims.templates)} lines, {aims.templates.digest:016x}" if aims.templates is not None else "none"
    return {**wanted, "templates": templates, "stays": aims.keep, "near": aims.near, "seen": aims.seen}


@contextmanager
def _workplace(out: str | None) -> Iterator[str]:
    """A folder for the steps of learning: beside the output, where an interrupted run finds it again, and gone at the end."""
    import shutil
    import tempfile

    if out is None:
        with tempfile.TemporaryDirectory(prefix="zhnorm-") as folder:
            yield folder
        return
    folder = os.path.join(os.path.dirname(out), f".zhnorm-{os.path.basename(out)}")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


class _Failures:
    """Says which documents cannot be read, and remembers that there were some."""

    def __init__(self) -> None:
        self.code = ExitCode.DONE

    def tell(self, failure: Failure) -> None:
        """One cannot be read."""
        say(failure.error.message, hint=failure.error.hint)
        self.code = max(self.code, failure.exit_code)
