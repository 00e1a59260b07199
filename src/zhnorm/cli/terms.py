"""Terms to protect and phrases of one's own, from the command line and from files."""

from __future__ import annotations

import os
from collections.abc import Iterable

from zhnorm.errors import SettingsError
from zhnorm.user_files import read_small_text

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
    from zhnorm.conversion.dictionaries import read_dictionary

    phrases: dict[str, str] = {}
    for path in paths:
        phrases |= read_dictionary(path)
    return tuple(sorted(phrases.items()))


def _lines_of(path: str) -> list[str]:
    text = read_small_text(path, SettingsError, hint="check the path of the terms")
    return [line.strip() for line in text.split("\n") if line.strip()]
