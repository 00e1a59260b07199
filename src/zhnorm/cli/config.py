"""Settings from a TOML file: `--config FILE`, or `zhnorm.toml` in the current folder.

    [clean]
    to = "hans"
    threshold = 92
    rules = ["mine.toml"]
    dictionary = ["mine.txt"]

    [protect]
    terms = ["臺灣"]
    files = ["names.txt"]

Paths are relative to the configuration file.
"""

from __future__ import annotations

import os
from dataclasses import fields
from typing import Any, NamedTuple

from zhnorm.errors import SettingsError
from zhnorm.settings import Settings

from .terms import read_phrases, read_terms

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
    folder = os.path.dirname(path)
    for name in ("packs", "keep", "drop"):
        if isinstance(table.get(name), list):
            table[name] = tuple(table[name])
    if "dictionary" in table:
        files = _texts(path, "dictionary", table["dictionary"])
        table["dictionary"] = read_phrases(os.path.join(folder, name) for name in files)
    try:
        Settings.of(**table)
    except SettingsError as error:
        raise SettingsError(f"{path}: {error.message}", hint=error.hint) from error
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
        if name not in ("clean", "protect"):
            known = {knob.name for knob in fields(Settings)} | {"rules"}
            hint = "put it under [clean]" if name in known else "the tables are [clean] and [protect]"
            raise SettingsError(f"{path}: unknown entry {name!r}", hint=hint)
    table = document.get("clean", {})
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: clean: expected a table", hint="[clean] on a line of its own")
    if "protect" in table:
        raise SettingsError(f"{path}: terms to protect have a table of their own", hint="[protect], then terms = [...]")
    if terms := _protected(path, document.get("protect", {})):
        table["protect"] = terms
    return table


def _protected(path: str, table: object) -> tuple[str, ...]:
    if not isinstance(table, dict) or not set(table) <= {"terms", "files"}:
        raise SettingsError(f"{path}: protect: unknown entry", hint="[protect] has terms = [...] and files = [...]")
    folder = os.path.dirname(path)
    files = [os.path.join(folder, name) for name in _texts(path, "protect.files", table.get("files", []))]
    for name in files:
        if not os.path.isfile(name):
            raise SettingsError(f"{path}: {name}: no such file", hint="check the path of the terms")
    return tuple(_texts(path, "protect.terms", table.get("terms", []))) + read_terms(files)


def _texts(path: str, name: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SettingsError(f"{path}: {name}: expected a list of texts, got {value!r}")
    return value


def _nearest(name: str, known: set[str]) -> str:
    import difflib

    near = difflib.get_close_matches(name.replace("-", "_"), sorted(known), 1)
    return f"did you mean {near[0]!r}?" if near else f"known settings: {', '.join(sorted(known))}"
