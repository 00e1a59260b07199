"""What is made when the package is built: tables that take long to make (`src/zhnorm/conversion/prepared.py`), and man pages.

Without them the package works as well and starts more slowly, so nothing that goes wrong here keeps it from being built.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TABLES = "zhnorm/data/prepared"
MANUAL = "share/man/man1"


class MadeFiles(BuildHookInterface):
    """A wheel has what is made in it; a checkout that is installed as it stands gets the tables in its folder."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files before those of the package are collected."""
        source = Path(self.root, "src")
        self._temporary = TemporaryDirectory()
        tables, manual = (Path(self._temporary.name, name) for name in ("tables", "manual"))
        sys.path.insert(0, str(source))
        try:
            if version == "editable":
                self._make("tables, made at every start instead,", write_tables, source / TABLES)
                return
            self._make("tables, made at every start instead,", write_tables, tables)
            self._make("man pages", write_manual, manual)
        finally:
            sys.path.remove(str(source))
        build_data["force_include"] |= {str(path): f"{TABLES}/{path.name}" for path in tables.iterdir()}
        build_data["shared_data"] |= {str(path): f"{MANUAL}/{path.name}" for path in manual.iterdir()}

    def _make(self, what: str, write: Callable[[Path], None], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            write(folder)
        except Exception as error:  # noqa: BLE001
            self.app.display_warning(f"{what} could not be made: {error}")

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """What was made is in the wheel."""


def write_tables(folder: Path) -> None:
    """Make the tables."""
    importlib.import_module("zhnorm.cleaner")
    importlib.import_module("zhnorm.conversion.prepared").write_prepared(folder)


def write_manual(folder: Path) -> None:
    """Make a man page for each command of what its `--help` says."""
    import click
    from click_man.core import write_man_pages

    lazy = importlib.import_module("zhnorm.cli.commands").zhnorm
    context = click.Context(lazy)
    commands = {name: lazy.get_command(context, name) for name in lazy.list_commands(context)}
    whole = click.Group("zhnorm", commands, help=lazy.help, short_help=lazy.help.partition("\n")[0], params=lazy.params)
    write_man_pages("zhnorm", whole, version=importlib.import_module("zhnorm").__version__, target_dir=str(folder))
