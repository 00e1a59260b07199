"""Options that several commands have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from zhnorm.report.terminal import WHEN, choose_color

from .language import LANGUAGES, VARIABLE

__all__ = [
    "PATH",
    "cleaned_ledger_option",
    "common_options",
    "config_option",
    "out_option",
    "quiet_option",
    "rules_option",
]

PATH = click.Path(path_type=str, readable=False)
"""A path that need not be there."""

cleaned_ledger_option = click.option(
    "--ledger", required=True, type=PATH, metavar="FILE", help="The ledger that zhnorm clean wrote."
)
out_option = click.option(
    "-o", "--output", "out", type=PATH, metavar="OUT", help="File or folder to write; default: standard output."
)


def common_options(command: click.Command) -> click.Command:
    """`--color WHEN` and `--lang LANGUAGE`, for a command and those below it: whoever sets them in an alias sets them for all."""
    if not any(parameter.name == "color" for parameter in command.params):
        command.params += [_color_option(), _lang_option()]
        for below in command.commands.values() if isinstance(command, click.Group) else ():
            common_options(below)
    return command


def _color_option() -> click.Option:
    about = "Colours: auto, always or never; also NO_COLOR=1, FORCE_COLOR=1.  [default: on a terminal]"
    return click.Option(
        ["--color"],
        type=click.Choice(WHEN),
        metavar="WHEN",
        expose_value=False,
        is_eager=True,
        callback=lambda _, __, when: choose_color(when) if when else None,
        help=about,
    )


def _lang_option() -> click.Option:
    """What it says was found before the command line was parsed (`language.language_wanted`)."""
    about = f"Language of help and messages: {', '.join(LANGUAGES)}; also {VARIABLE}.  [default: that of the locale]"
    return click.Option(["--lang"], metavar="LANGUAGE", expose_value=False, help=about)


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config FILE` and `--no-config`: where settings come from, besides the command line."""
    command = click.option("--no-config", is_flag=True, help="Read no zhnorm.toml or pyproject.toml.")(command)
    about = (
        "Settings from FILE instead of zhnorm.toml (or pyproject.toml) in this folder or above it in the repository."
    )
    return click.option("--config", type=PATH, metavar="FILE", help=about)(command)


quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
rules_option = click.option(
    "--rules", multiple=True, type=PATH, metavar="FILE", help="A rule pack of your own (TOML); repeatable."
)
