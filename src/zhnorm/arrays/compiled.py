"""The compiled part, where it is: inner loops in C (`_compiled.c`), made when the package is built if there is a compiler.

Each of its functions has a twin in Python, beside the place where it is called, that gives the same numbers and is used where it is
not there. So nothing but time depends on it. `_compiled.pyi` says what the functions take.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType

__all__ = ["compiled", "is_built", "twins_alone"]


class _Switch:
    is_on = True


def compiled() -> ModuleType | None:
    """The functions in C; None where the package was built without them, or they are switched off."""
    return _built() if _Switch.is_on else None


def is_built() -> bool:
    """Whether the package was built with its compiled part."""
    return _built() is not None


@contextmanager
def twins_alone() -> Iterator[None]:
    """Use what is in Python alone, as where there is no compiled part: for tests and benchmarks, of the whole process.

    >>> with twins_alone():
    ...     compiled() is None
    True
    """
    before, _Switch.is_on = _Switch.is_on, False
    try:
        yield
    finally:
        _Switch.is_on = before


@cache
def _built() -> ModuleType | None:
    try:
        from . import _compiled
    except ImportError:
        return None
    return _compiled
