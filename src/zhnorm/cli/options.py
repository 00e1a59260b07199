"""The options of `clean` that come from `Settings`: one source for help, configuration file and documentation; and the terms and phrases that they name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import Field, fields
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast, get_args, get_origin, get_type_hints

import click

from zhnorm.conversion.directions import direction_named
from zhnorm.errors import ReadError, RulesError, SettingsError, UsageError
from zhnorm.messages import Message
from zhnorm.reading.kinds import KINDS
from zhnorm.settings import Settings
from zhnorm.user_files import read_small_text

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner
    from zhnorm.corpus.documents import Fields
    from zhnorm.formats.records import Layout
    from zhnorm.limits import Limits

__all__ = [
    "counts_option",
    "dictionary_option",
    "encoding_option",
    "field_options",
    "fields_of",
    "files_read",
    "given",
    "given_limits",
    "jobs_option",
    "kind_option",
    "layout_of",
    "layout_options",
    "limits_options",
    "make_cleaner",
    "protect_option",
    "read_phrases",
    "read_terms",
    "settings_options",
]


def settings_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that gives a command one option for every setting. An option that was not used is None."""
    kinds = get_type_hints(Settings)
    # click lists options in the reverse of the order in which they are added.
    for knob in reversed(fields(Settings)):
        command = _option(knob, kinds[knob.name])(command)
    return command


def given(parameters: dict[str, Any]) -> dict[str, Any]:
    """The settings that were named on the command line, ready for `Settings.of`."""
    names = [knob.name for knob in fields(Settings)]
    found = {name: parameters[name] for name in names if parameters.get(name) is not None}
    if "packs" in found:
        found["packs"] = tuple(part for part in found["packs"].replace(" ", "").split(",") if part)
    # Options that may be repeated are empty, not None, when they were not used.
    for name in _REPEATED:
        if not found.get(name):
            found.pop(name, None)
    if "protect" in found:
        found["protect"] = read_terms(found["protect"])
    if "dictionary" in found:
        found["dictionary"] = read_phrases(found["dictionary"])
    return found


def files_read(parameters: dict[str, Any]) -> tuple[str, ...]:
    """The files that the command line names to be read besides the inputs; a term to protect may be one of them."""
    named = (*parameters.get("rules", ()), *parameters["dictionary"], *parameters["protect"])
    ledger = parameters.get("ledger")
    return named if ledger is None else (*named, ledger)


def make_cleaner(settings: Settings, rules: Sequence[str], limits: Limits | None = None) -> Cleaner:
    """A cleaner with the built-in packs that the settings name and with packs from files.

    Args:
        settings: what to do.
        rules: paths of packs.
        limits: what was said about limits, of which a cleaner knows time alone: bytes are counted where they are read.

    Raises:
        SettingsError: there is no such pack.
        RulesError: a file cannot be read, or holds no good pack.
        ReadError: there is too little memory to begin.
    """
    from zhnorm.cleaner import Cleaner
    from zhnorm.limits import Limits, check_memory

    check_memory()
    given = Limits() if limits is None else Limits(seconds=limits.seconds)
    if settings.packs:
        from zhnorm.rules import builtin_packs

        for name in settings.packs:
            if name not in builtin_packs():
                hint = Message(
                    "built-in packs: {names}; a file of your own: --rules FILE",
                    names=", ".join(builtin_packs()),
                )
                raise SettingsError(Message("packs: no pack {name!r}", name=name), hint=hint)
    if not rules:
        return Cleaner(settings, limits=given)
    from pathlib import Path

    from zhnorm.rules import load_pack

    try:
        # A Path, so that a file called like a built-in pack is still the file.
        packs = [load_pack(Path(path)) for path in rules]
    except ReadError as error:
        # Nothing was touched yet: for the caller this is a wrong command, not a failed run.
        raise RulesError(error.message, hint=error.hint) from error
    return Cleaner(settings, own_packs=packs, limits=given)


def protect_option(about: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--protect TERM|FILE`, which may be repeated."""
    return click.option("--protect", multiple=True, metavar="TERM|FILE", help=f"{about}  [repeatable]")


def dictionary_option(about: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`--dictionary FILE`, for short `--dict`, which may be repeated."""
    flags = ("--dictionary", "--dict", "dictionary")
    return click.option(
        *flags, multiple=True, type=click.Path(path_type=str), metavar="FILE", help=f"{about}  [repeatable]"
    )


def kind_option(flag: str, name: str, about: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A kind of line, which may be repeated."""
    about = f"{about}  [repeatable]"
    return click.option(flag, name, multiple=True, type=click.Choice(KINDS), metavar="KIND", help=about)


def encoding_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--encoding NAME`: what the input is in; None to find it out."""
    about = "Encoding of the input, such as gb18030 or big5; bytes that are not are an error.  [default: found out]"
    return click.option("--encoding", callback=_known_encoding, metavar="NAME", help=about)(command)


def jobs_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--jobs NUMBER`: how many processes clean; by default as many as this process may use."""
    about = "Files cleaned at the same time; the result is the same.  [default: the cores of this machine]"
    kind = click.IntRange(1, 1024)
    return click.option("--jobs", "-j", type=kind, default=_cores, metavar="NUMBER", help=about)(command)


def limits_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--max-seconds`, `--max-bytes`, `--max-memory`, `--quarantine` and `--warn-share`: what one document may cost."""
    for name, kind, metavar, about in (
        (
            "--warn-share",
            click.FloatRange(0, 1),
            "SHARE",
            "Name a document that loses more than this share of its letters; 1: none.  [default: 0.5]",
        ),
        (
            "--quarantine",
            click.FloatRange(0, 1),
            "SHARE",
            "Hold a file back if more than this share of its letters would go: 0.7.",
        ),
        ("--max-memory", str, "SIZE", "Memory that a process may use, such as 2G; a file that needs more fails alone."),
        ("--max-bytes", str, "SIZE", "Refuse files with more text than this, such as 50M."),
        (
            "--max-seconds",
            click.FloatRange(0, min_open=True),
            "NUMBER",
            "Computing time of one text, beside 100 seconds a megabyte.  [default: 60]",
        ),
    ):
        command = click.option(name, type=kind, metavar=metavar, help=about)(command)
    return command


def given_limits(parameters: dict[str, Any]) -> Limits:
    """The limits that were named on the command line.

    Raises:
        UsageError: a size is none.
    """
    from zhnorm.limits import LEAST_MEMORY, Limits, sized

    sizes = {}
    for name in ("max_bytes", "max_memory"):
        try:
            if parameters[name] is not None:
                sizes[name] = sized(parameters[name])
        except (ValueError, OverflowError) as error:
            option = f"--{name.replace('_', '-')}"
            raise UsageError(
                Message("{option}: no size {size!r}", option=option, size=parameters[name]),
                hint="such as 500K, 50M or 2G",
            ) from error
    if sizes.get("max_memory", LEAST_MEMORY) < LEAST_MEMORY:
        least = f"{LEAST_MEMORY >> 20}M"
        raise UsageError(
            Message("--max-memory: {size} is too little to begin", size=parameters["max_memory"]),
            hint=Message("at least {least}", least=least),
        )
    others = {
        field: parameters[name]
        for field, name in (("most_removed", "quarantine"), ("warn_share", "warn_share"), ("seconds", "max_seconds"))
        if parameters[name] is not None
    }
    return Limits(most_bytes=sizes.get("max_bytes"), memory_bytes=sizes.get("max_memory"), **others)


def counts_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--counts`, where records are written."""
    about = "Add to each record how many lines it had, lost and kept with another text."
    return click.option("--counts", is_flag=True, help=about)(command)


def layout_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say how files of records are read; `layout_of` makes a `Layout` of them."""
    title = "Field or column that holds the title of each text, which is then not guessed."
    return field_options(click.option("--title-field", metavar="NAME", help=title)(command))


def field_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Those that say where in files of records the documents are."""
    from zhnorm.formats.records import DOCUMENTS, FORMATS

    about = {
        "format": "Format of all inputs.  [default: by the name of each; HTML, and JSON on standard input, are recognised]",
        "field": "Field or column that holds text; a.b for b inside a; for CSV also a number.  [repeatable; default: text, content, 正文 …]",
        "url_field": "Field or column that holds the address of each text: links in HTML become whole.",
        "header": "CSV and TSV begin with a row of names.  [default: on]",
    }
    for option in (
        click.option("--header/--no-header", default=True, help=about["header"]),
        click.option("--url-field", metavar="NAME", help=about["url_field"]),
        click.option("--field", "--column", "field", multiple=True, metavar="NAME", help=about["field"]),
        click.option("--format", type=click.Choice([*DOCUMENTS, *FORMATS]), help=about["format"]),
    ):
        command = option(command)
    return command


def fields_of(options: dict[str, Any]) -> Fields:
    """Whose pages the documents of a corpus are, and what else records say of them.

    Raises:
        UsageError: two things say whose pages they are.
    """
    from zhnorm.corpus.documents import Fields
    from zhnorm.corpus.sites import site_of

    whole = site_of(options["site"] or "")
    if options["site"] is not None and options["site_field"] is not None:
        raise UsageError("--site is the site of all documents, and --site-field of each", hint="leave one of them out")
    if options["site"] is not None and not whole:
        raise UsageError("--site: an empty name", hint="--site news.example")
    return Fields(options["site_field"], options["id_field"], options["date_field"], whole)


def layout_of(options: dict[str, Any]) -> Layout:
    """What the user said about files of records."""
    from zhnorm.formats.records import Layout

    return Layout(
        options["format"] or "",
        tuple(dict.fromkeys(options["field"])),
        options.get("counts", False),
        options["header"],
        options.get("title_field"),
        options.get("bom", False),
        url_field=options.get("url_field"),
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _known_encoding(_: click.Context, __: click.Parameter, name: str | None) -> str | None:
    if name is None:
        return None
    from zhnorm.formats.encoding import canonical, to_be_converted

    if kind := to_be_converted(name):
        from zhnorm.formats.decode import CONVERT_HINT

        raise UsageError(Message("--encoding: {kind} is not read", kind=kind), hint=CONVERT_HINT)
    found = canonical(name)
    if found is None:
        raise UsageError(
            Message("no encoding {name!r}", name=name), hint="utf-8, gb18030 (GBK, GB2312), big5, utf-16 …"
        )
    return found


_REPEATED: dict[str, Callable[[str], Callable[[Callable[..., Any]], Callable[..., Any]]]] = {
    "protect": protect_option,
    "dictionary": dictionary_option,
    "keep": partial(kind_option, "--keep", "keep"),
    "drop": partial(kind_option, "--drop", "drop"),
}


class _Direction(click.Choice):  # type: ignore[type-arg]
    """A direction by any of its names. (Earlier versions of click don't take a type here.)"""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return super().convert(direction_named(value), param, ctx)


def _option(knob: Field[Any], kind: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    name = knob.name.replace("_", "-")
    about = f"{knob.metadata['about'][:1].upper()}{knob.metadata['about'][1:]}."
    if knob.name in _REPEATED:
        return _REPEATED[knob.name](about)
    shown: dict[str, Any] = {"default": None, "help": about}
    if kind is bool:
        on = "on" if knob.default else "off"
        shown["help"] = f"{about}  [default: {on}]"
        return click.option(f"--{name}/--no-{name}", **shown)
    if get_origin(kind) is Literal:
        shown["help"] = f"{about}  [default: {knob.default}]"
        choice = _Direction(get_args(kind)) if knob.name == "to" else click.Choice(get_args(kind))
        option = click.option(f"--{name}", type=choice, **shown)
        return _with_short_forms(option) if knob.name == "caution" else option
    if kind in (int, float):
        low, high = knob.metadata["low"], knob.metadata["high"]
        shown["help"] = f"{about}  [{low:,.15g} to {high:,.15g}; default: {knob.default:,.15g}]"
        return click.option(f"--{name}", type=kind, metavar="NUMBER", **shown)
    return click.option(f"--{name}", metavar="NAME,..." if name == "packs" else "TEXT", **shown)


def _with_short_forms(option: Callable[..., Any]) -> Callable[..., Any]:
    """`--caution`, with `--strict` and `--careful` for its two ends; the last one counts."""

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        for name in ("careful", "strict"):
            command = click.option(f"--{name}", "caution", flag_value=name, help=f"The same as --caution {name}.")(
                command
            )
        return cast("Callable[..., Any]", option(command))

    return decorated


def read_terms(values: Iterable[str]) -> tuple[str, ...]:
    """Terms; a value that is the path of a file stands for the terms in it, one a line.

    Raises:
        SettingsError: a file cannot be read.
    """
    terms: list[str] = []
    for value in values:
        if os.path.isfile(value):
            terms += _lines_of(value)
        elif value:
            terms.append(value)
    return tuple(dict.fromkeys(terms))


def read_phrases(paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The phrases of dictionaries in OpenCC's format; a later file wins over an earlier one.

    Raises:
        SettingsError: a file cannot be read, or a line is broken; the message names file and line.
    """
    from zhnorm.conversion.dictionaries import read_dictionary

    phrases: dict[str, str] = {}
    for path in paths:
        phrases |= read_dictionary(path)
    return tuple(sorted(phrases.items()))


def _lines_of(path: str) -> list[str]:
    text = read_small_text(path, SettingsError, hint="check the path of the terms")
    return [line.strip() for line in text.split("\n") if line.strip()]
