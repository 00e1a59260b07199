"""Settings from a TOML file: `--config FILE`, or the nearest `zhnorm.toml`.

    [clean]
    to = "hans"
    threshold = 92
    rules = ["mine.toml"]
    dictionary = ["mine.txt"]

    [protect]
    terms = ["臺灣"]
    files = ["names.txt"]

The same may stand in `pyproject.toml`, with `tool.zhnorm.` before the names of tables: `[tool.zhnorm.clean]`. Of two files in one folder
`zhnorm.toml` counts; a `pyproject.toml` that says nothing of zhnorm is none.

Paths are relative to the configuration file. Whoever fills a folder can put such a file there, so it is named when it is used;
what it says can be wrong in every way; and what stands in it, or in a file that it names, is shown no further than it takes to
correct it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from zhnorm.errors import SettingsError, UsageError, did_you_mean, near_names
from zhnorm.messages import Message
from zhnorm.settings import Settings
from zhnorm.user_files import read_small_text

from .options import read_phrases, read_terms
from .streams import say

__all__ = ["Config", "find_config", "read_config"]

_NAME = "zhnorm.toml"
_PROJECT = "pyproject.toml"
_OURS = "zhnorm"
_MOST_BYTES = 1 << 20
_MOST_NAME_CHARS = 40


class Config(NamedTuple):
    """What a configuration file says.

    Attributes:
        path: the file; empty if there is none.
        settings: by name.
        rules: paths of rule packs.
        files: paths of all that was read, and of the rule packs: nothing may be written there.
    """

    path: str
    settings: dict[str, Any]
    rules: tuple[str, ...]
    files: tuple[str, ...] = ()


def find_config(options: Mapping[str, Any], *, verbose: bool = False) -> Config:
    """The file that `--config` names, or the nearest `zhnorm.toml` or `pyproject.toml` with settings, or nothing.

    One that is found is named on stderr, unless `--quiet` was said: it may be somebody else's.

    Args:
        options: of the command: config, no_config, and, if it has that, quiet.
        verbose: name the file also if the user did.

    Raises:
        SettingsError: the file cannot be read, or is broken; the message names it.
        UsageError: `--config` and `--no-config` at once.
    """
    path = options["config"]
    if path is not None and options["no_config"]:
        raise UsageError("--config and --no-config at the same time", hint="leave one of them out")
    if options["no_config"] or path == os.devnull:
        return Config("", {}, ())
    try:
        config = _nearest_config() if path is None else read_config(path)
    except SettingsError as error:
        if path is not None:
            raise
        raise SettingsError(
            error.message, hint=Message("{hint}; or --no-config", hint=error.hint) if error.hint else "--no-config"
        ) from error
    if config.path and (verbose or (path is None and not options.get("quiet"))):
        say(Message("settings from {path}", path=config.path))
    return config


def _nearest_config() -> Config:
    """What the nearest file says that says something; no settings if there is none."""
    for path in _candidates():
        # The word alone says nothing, but where it is missing nothing has to be parsed.
        if not path.endswith(_PROJECT) or (_OURS in _text(path) and _OURS in _tools(_parsed(path))):
            return read_config(path)
    return Config("", {}, ())


def _candidates() -> Iterator[str]:
    """Where `zhnorm.toml` or `pyproject.toml` is: in the current folder, or in one above it as far as the root of the repository.
    Where there is no repository folders above have nothing to do with this one."""
    try:
        folder = os.getcwd()
    except OSError:
        return
    above = [folder]
    while not os.path.lexists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            del above[1:]
            break
        folder = parent
        above.append(folder)
    for place in above:
        for name in (_NAME, _PROJECT):
            path = os.path.join(place, name)
            if os.path.lexists(path):
                yield os.path.relpath(path)


def read_config(path: str) -> Config:
    """Read and check a configuration file.

    Raises:
        SettingsError: unreadable, not TOML, an unknown table or setting, or a value out of range.
    """
    table, files = _clean_table(path)
    rules = table.pop("rules", [])
    if not (isinstance(rules, list) and all(isinstance(rule, str) for rule in rules)):
        raise SettingsError(Message("{path}: rules: expected a list of files", path=path), hint='rules = ["mine.toml"]')
    known = {knob.name for knob in fields(Settings)} | {"rules"}
    for name in table:
        if name not in known:
            raise SettingsError(
                Message("{path}: unknown setting {short}", path=path, short=_short(name)), hint=_nearest(name, known)
            )
    folder = os.path.dirname(path)
    for name in ("packs", "keep", "drop"):
        if isinstance(table.get(name), list):
            table[name] = tuple(table[name])
    if "dictionary" in table:
        dictionaries = [os.path.join(folder, name) for name in _texts(path, "dictionary", table["dictionary"])]
        table["dictionary"] = read_phrases(dictionaries)
        files += dictionaries
    try:
        Settings.of(**table)
    except SettingsError as error:
        raise SettingsError(Message("{path}: {message}", path=path, message=error.message), hint=error.hint) from error
    packs = tuple(os.path.join(folder, rule) for rule in rules)
    return Config(path, table, packs, (path, *files, *packs))


def _clean_table(path: str) -> tuple[dict[str, Any], list[str]]:
    """What stands under `[clean]`, with the terms to protect, and the files that these were read from."""
    document, prefix = _parsed(path), ""
    if os.path.basename(path) == _PROJECT:
        found, prefix = _tools(document).get(_OURS), f"tool.{_OURS}."
        if not isinstance(found, dict):
            wrong = "{path}: says nothing of zhnorm" if found is None else "{path}: tool.zhnorm: expected a table"
            raise SettingsError(
                Message(wrong, path=path),
                hint=Message("[{prefix}clean] on a line of its own", prefix=prefix),
            )
        document = found
    for name in document:
        if name not in ("clean", "protect"):
            known = {knob.name for knob in fields(Settings)} | {"rules"}
            hint = (
                Message("put it under [{prefix}clean]", prefix=prefix)
                if name in known
                else _nearest(name, {"clean", "protect"}, Message("tables"))
            )
            raise SettingsError(Message("{path}: unknown entry {short}", path=path, short=_short(name)), hint=hint)
    table = document.get("clean", {})
    if not isinstance(table, dict):
        raise SettingsError(
            Message("{path}: clean: expected a table", path=path),
            hint=Message("[{prefix}clean] on a line of its own", prefix=prefix),
        )
    if "protect" in table:
        hint = Message("[{prefix}protect], then terms = [...]", prefix=prefix)
        raise SettingsError(Message("{path}: terms to protect have a table of their own", path=path), hint=hint)
    terms, files = _protected(path, document.get("protect", {}))
    if terms:
        table["protect"] = terms
    return table, files


def _text(path: str) -> str:
    return read_small_text(path, SettingsError, hint="check the path of the configuration", most_bytes=_MOST_BYTES)


def _tools(document: dict[str, Any]) -> dict[str, Any]:
    """What a `pyproject.toml` says to tools."""
    tools = document.get("tool", {})
    return tools if isinstance(tools, dict) else {}


def _parsed(path: str) -> dict[str, Any]:
    import tomllib

    text = _text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            Message("{path}: not TOML: {error}", path=path, error=error), hint='settings look like this: to = "hans"'
        ) from error
    except (ValueError, RecursionError) as error:
        raise SettingsError(
            Message("{path}: a number too large, or too many brackets", path=path),
            hint='settings look like this: to = "hans"',
        ) from error


def _protected(path: str, table: object) -> tuple[tuple[str, ...], list[str]]:
    if not isinstance(table, dict) or not set(table) <= {"terms", "files"}:
        raise SettingsError(
            Message("{path}: protect: unknown entry", path=path), hint="[protect] has terms = [...] and files = [...]"
        )
    folder = os.path.dirname(path)
    files = [os.path.join(folder, name) for name in _texts(path, "protect.files", table.get("files", []))]
    for name in files:
        if not os.path.isfile(name):
            raise SettingsError(
                Message("{path}: {name}: no such file", path=path, name=name), hint="check the path of the terms"
            )
    return tuple(_texts(path, "protect.terms", table.get("terms", []))) + read_terms(files), files


def _texts(path: str, name: str, value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise SettingsError(
            Message("{path}: {name}: expected a list of texts", path=path, name=name), hint='["one", "another"]'
        )
    return value


def _short(name: str) -> str:
    return repr(name if len(name) <= _MOST_NAME_CHARS else f"{name[:_MOST_NAME_CHARS]}…")


def _nearest(name: str, known: Iterable[str], what: str = Message("settings")) -> str:
    near = near_names(name[:_MOST_NAME_CHARS].replace("-", "_"), sorted(known))
    return did_you_mean(near) or Message("known {what}: {names}", what=what, names=", ".join(sorted(known)))
