"""What is made when the package is built: tables that take long to make (`src/zhnorm/conversion/prepared.py`), man pages, and the
catalogs of messages as gettext reads them (`translations/`).

Without the tables the package works as well and starts more slowly, and without the catalogs it speaks English, so nothing that
goes wrong here keeps it from being built.
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
CATALOGS = "zhnorm/data/locale"
MANUAL = "share/man/man1"


class MadeFiles(BuildHookInterface):
    """A wheel has what is made in it; a checkout that is installed as it stands gets tables and catalogs in its folders."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files before those of the package are collected."""
        source = Path(self.root, "src")
        self._temporary = TemporaryDirectory()
        made, manual = (Path(self._temporary.name, name) for name in ("made", "manual"))
        if version == "editable":
            made = source
        sys.path[:0] = [str(source), self.root]
        try:
            self._make("tables, made at every start instead,", write_tables, made / TABLES)
            self._make("catalogs, without which messages are in English,", write_catalogs, made / CATALOGS)
            if version == "editable":
                return
            self._make("man pages", write_manual, manual)
        finally:
            del sys.path[:2]
        files = [path for path in made.rglob("*") if path.is_file()]
        build_data["force_include"] |= {str(path): str(path.relative_to(made)) for path in files}
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


def write_catalogs(folder: Path) -> None:
    """Compile the catalogs of messages."""
    importlib.import_module("translations.catalogs").compile_catalogs(folder)


def write_manual(folder: Path) -> None:
    """Make a man page for each command of what its `--help` says."""
    import click
    from click_man.core import write_man_pages

    lazy = importlib.import_module("zhnorm.cli.commands").zhnorm
    context = click.Context(lazy)
    commands = {name: lazy.get_command(context, name) for name in lazy.list_commands(context)}
    whole = click.Group("zhnorm", commands, help=lazy.help, short_help=lazy.help.partition("\n")[0], params=lazy.params)
    write_man_pages("zhnorm", whole, version=importlib.import_module("zhnorm").__version__, target_dir=str(folder))
