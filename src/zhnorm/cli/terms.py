"""Terms to protect and phrases of one's own, from the command line and from files."""

from __future__ import annotations

import os
from collections.abc import Iterable

from zhnorm.errors import SettingsError

__all__ = ["read_phrases", "read_terms"]


def read_terms(values: Iterable[str]) -> tuple[str, ...]:
    """Terms; a value that is the path of a file stands for the terms in it, one a line.

    Raises:
        SettingsError: a file cannot be read.
    """
    terms: list[str] = []
    for value in values:
        if os.path.isfile(value):
            terms += _lines_of(value)
        elif value:
            terms.append(value)
    return tuple(dict.fromkeys(terms))


def read_phrases(paths: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The phrases of dictionaries in OpenCC's format; a later file wins over an earlier one.

    Raises:
        SettingsError: a file cannot be read, or a line is broken; the message names file and line.
    """
    from zhnorm.text.dictionaries import read_dictionary

    phrases: dict[str, str] = {}
    for path in paths:
        phrases |= read_dictionary(path)
    return tuple(sorted(phrases.items()))


def _lines_of(path: str) -> list[str]:
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path}: {error.strerror or error}", hint="check the path of the terms") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not UTF-8 at byte {error.start + 1}", hint="save it as UTF-8") from error
    return [line.strip() for line in text.split("\n") if line.strip()]
