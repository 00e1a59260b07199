"""Makes the tables that take long to make (`src/zhnorm/conversion/prepared.py`) when the package is built.

Without them the package works as well and starts more slowly, so nothing that goes wrong here keeps it from being built.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

TABLES = "zhnorm/data/prepared"


class PreparedTables(BuildHookInterface):
    """A wheel has the tables in it; a checkout that is installed as it stands gets them in its folder."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the tables before the files of the package are collected."""
        source = Path(self.root, "src")
        self._temporary = TemporaryDirectory()
        folder = source / TABLES if version == "editable" else Path(self._temporary.name)
        sys.path.insert(0, str(source))
        try:
            importlib.import_module("zhnorm.cleaner")
            importlib.import_module("zhnorm.conversion.prepared").write_prepared(folder)
        except Exception as error:  # noqa: BLE001
            self.app.display_warning(f"tables are made at every start, for they could not be made now: {error}")
            return
        finally:
            sys.path.remove(str(source))
        if version != "editable":
            build_data["force_include"] |= {str(path): f"{TABLES}/{path.name}" for path in folder.iterdir()}

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """The tables are in the wheel."""
        self._temporary.cleanup()
