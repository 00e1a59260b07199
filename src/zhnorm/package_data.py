"""Where the tables are that come with the package."""

from __future__ import annotations

import os

__all__ = ["DATA", "data_path"]

DATA = os.path.join(os.path.dirname(__file__), "data")
"""The folder of all tables."""


def data_path(*names: str) -> str:
    """The path of a file or folder in it, given by the names that lead there.

    >>> os.path.relpath(data_path("words", "sounds.tsv"), DATA) == os.path.join("words", "sounds.tsv")
    True
    """
    return os.path.join(DATA, *names)
