"""Options that several commands have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

__all__ = ["PATH", "cleaned_ledger_option", "config_option", "out_option", "quiet_option", "rules_option"]

PATH = click.Path(path_type=str)
"""A path that need not be there."""

cleaned_ledger_option = click.option(
    "--ledger", required=True, type=PATH, metavar="FILE", help="The ledger that zhnorm clean wrote."
)
out_option = click.option(
    "-o", "--output", "out", type=PATH, metavar="OUT", help="File or folder to write; default: standard output."
)


def config_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--config FILE` and `--no-config`: where settings come from, besides the command line."""
    command = click.option("--no-config", is_flag=True, help="Read no zhnorm.toml.")(command)
    about = "Settings from FILE instead of zhnorm.toml in this folder or above it in the repository."
    return click.option("--config", type=PATH, metavar="FILE", help=about)(command)


quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
rules_option = click.option(
    "--rules", multiple=True, type=PATH, metavar="FILE", help="A rule pack of your own (TOML); repeatable."
)
