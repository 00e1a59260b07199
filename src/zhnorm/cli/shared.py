"""Options that several commands have in common."""

from __future__ import annotations

import click

__all__ = ["PATH", "cleaned_ledger_option", "config_option", "out_option", "quiet_option", "rules_option"]

PATH = click.Path(path_type=str)
"""A path that need not be there."""

cleaned_ledger_option = click.option(
    "--ledger", required=True, type=PATH, metavar="FILE", help="The ledger that zhnorm clean wrote."
)
config_option = click.option("--config", type=PATH, metavar="FILE", help="Settings from FILE instead of ./zhnorm.toml.")
out_option = click.option(
    "-o", "out", type=PATH, metavar="OUT", help="File or folder to write; default: standard output."
)
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
rules_option = click.option(
    "--rules", multiple=True, type=PATH, metavar="FILE", help="A rule pack of your own (TOML); repeatable."
)
