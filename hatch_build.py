"""What is made when the package is built: tables that take long to make (`src/zhnorm/conversion/prepared.py`), man pages, the
catalogs of messages as gettext reads them (`translations/`), and the compiled part (`src/zhnorm/arrays/_compiled.c`).

Without the tables the package works as well and starts more slowly, without the catalogs it speaks English, and without its compiled
part it takes longer to read pages and to convert, so nothing that goes wrong here keeps it from being built. A wheel with the compiled part is for one
platform, and for every Python from 3.11 on. Where there is no compiler, or with ZHNORM_PURE=1, it is left out, and the wheel is for all.
"""

from __future__ import annotations

import importlib
import os
import shlex
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TABLES = "zhnorm/data/prepared"
CATALOGS = "zhnorm/data/locale"
MANUAL = "share/man/man1"
SOURCE = "src/zhnorm/arrays/_compiled.c"
COMPILED = "zhnorm/arrays/_compiled.abi3.so"


class MadeFiles(BuildHookInterface):
    """A wheel has what is made in it; a checkout that is installed as it stands gets tables and catalogs in its folders."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the files before those of the package are collected."""
        source = Path(self.root, "src")
        self._temporary = TemporaryDirectory()
        made, manual = (Path(self._temporary.name, name) for name in ("made", "manual"))
        if version == "editable":
            made = source
        is_compiled = compile_part(Path(self.root, SOURCE), made / COMPILED)
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
        if is_compiled:
            build_data["pure_python"] = False
            build_data["tag"] = f"cp311-abi3-{platform_tag()}"
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


def compile_part(source: Path, library: Path) -> bool:
    """Compile the part of the package that is in C; whether that was done. One that is there from before goes."""
    library.unlink(missing_ok=True)
    if os.environ.get("ZHNORM_PURE") or sys.implementation.name != "cpython" or os.name != "posix":
        return False
    linked = ["-bundle", "-undefined", "dynamic_lookup"] if sys.platform == "darwin" else ["-shared", "-Wl,-s"]
    command = [
        *shlex.split(os.environ.get("CC", "cc")),
        # Each sum and product is rounded by itself, as in Python.
        *("-std=c11", "-O3", "-fPIC", "-ffp-contract=off", "-fno-math-errno"),
        *(f"-I{sysconfig.get_path(name)}" for name in ("include", "platinclude")),
        *(*linked, str(source), "-lm", "-o", str(library)),
    ]
    library.parent.mkdir(parents=True, exist_ok=True)
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


def platform_tag() -> str:
    """The platform that is compiled for, without a word on which C library it needs: `.ci/release` finds that out."""
    from packaging.tags import sys_tags

    return next(tag.platform for tag in sys_tags() if "many" not in tag.platform and "musl" not in tag.platform)


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
