"""Settings from a TOML file: `--config FILE`, or `zhnorm.toml` in the current folder.

    [clean]
    to = "hans"
    threshold = 92
    rules = ["mine.toml"]

Paths of rules are relative to the configuration file.
"""

from __future__ import annotations

import os
from dataclasses import fields
from typing import Any, NamedTuple

from zhnorm.errors import SettingsError
from zhnorm.settings import Settings

__all__ = ["Config", "find_config", "read_config"]

_NAME = "zhnorm.toml"


class Config(NamedTuple):
    """What a configuration file says.

    Attributes:
        path: the file; empty if there is none.
        settings: by name.
        rules: paths of rule packs.
    """

    path: str
    settings: dict[str, Any]
    rules: tuple[str, ...]


def find_config(path: str | None) -> Config:
    """The file that was named, or `zhnorm.toml` in the current folder, or nothing.

    Raises:
        SettingsError: the file cannot be read, or is broken; the message names it.
    """
    if path is None and not os.path.lexists(_NAME):
        return Config("", {}, ())
    return read_config(_NAME if path is None else path)


def read_config(path: str) -> Config:
    """Read and check a configuration file.

    Raises:
        SettingsError: unreadable, not TOML, an unknown table or setting, or a value out of range.
    """
    table = _clean_table(path)
    rules = table.pop("rules", [])
    if not (isinstance(rules, list) and all(isinstance(rule, str) for rule in rules)):
        raise SettingsError(f"{path}: rules: expected a list of files, got {rules!r}", hint='rules = ["mine.toml"]')
    known = {knob.name for knob in fields(Settings)} | {"rules"}
    for name in table:
        if name not in known:
            raise SettingsError(f"{path}: unknown setting {name!r}", hint=_nearest(name, known))
    if isinstance(table.get("packs"), list):
        table["packs"] = tuple(table["packs"])
    try:
        Settings.of(**table)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error.message}", hint=error.hint) from error
    folder = os.path.dirname(path)
    return Config(path, table, tuple(os.path.join(folder, rule) for rule in rules))


def _clean_table(path: str) -> dict[str, Any]:
    import tomllib

    try:
        with open(path, "rb") as file:
            document = tomllib.loads(file.read().decode("utf-8-sig"))
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}", hint="check the path of the configuration") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 at byte {error.start + 1}", hint="save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: not TOML: {error}", hint='settings look like this: to = "hans"') from error
    for name in document:
        if name != "clean":
            known = {knob.name for knob in fields(Settings)} | {"rules"}
            hint = "put it under [clean]" if name in known else "the only table is [clean]"
            raise SettingsError(f"{path}: unknown entry {name!r}", hint=hint)
    table = document.get("clean", {})
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: clean: expected a table", hint="[clean] on a line of its own")
    return table


def _nearest(name: str, known: set[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name.replace("-", "_"), sorted(known), 1)
    return f"did you mean {near[0]!r}?" if near else f"known settings: {', '.join(sorted(known))}"
