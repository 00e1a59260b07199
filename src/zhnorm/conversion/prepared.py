"""Tables that take long to make, made when the package is built.

Rules are filed, and dictionaries read, joined and ordered, before a first line can be cleaned: a tenth of a second for
each process. A wheel brings along what comes of it, in `data/prepared/`, under a digest of everything it was made of. Where
that is not the same any more (a pack was edited, other dictionaries are installed), or a file is missing or broken, the
table is made as if there were none, which takes longer and gives the same. One wheel is for every CPython: they all
marshal plain data alike.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any, NamedTuple, TypeVar, overload

from .._version import __version__
from ..errors import SettingsError
from ..package_data import data_path
from .dictionaries import dictionary_folder

__all__ = ["missing", "prepared", "write_prepared"]

Plain = TypeVar("Plain")

_PACKAGE = os.path.dirname(os.path.dirname(__file__))
FOLDER = data_path("prepared")
_TEXT = (
    "arrays",
    "conversion",
    "markup",
    "text",
    os.path.join("data", "script"),
    os.path.join("data", "script", "simplified"),
    os.path.join("data", "script", "traditional"),
)
_RULES = ("rules", os.path.join("data", "packs"))
_FORMAT = 4
"""Of `marshal`: every CPython from 3.4 on reads it."""
_PIECE_BYTES = 1 << 18
"""So much of a file is read at once for its digest: some are as large as all that stays in memory."""
DICTIONARIES = (
    "HKVariants", "HKVariantsRev", "STCharacters", "STPhrases", "TSCharacters", "TSPhrases", "TWPhrases", "TWPhrasesRev",
    "TWVariants", "TWVariantsRev",
)  # fmt: skip


class _Maker(NamedTuple):
    """How a table is made, and of what."""

    make: Callable[[], Any]
    of: tuple[str, ...]
    alone: bool


_makers: dict[str, _Maker] = {}


@overload
def prepared(make: Callable[[], Plain], /) -> Callable[[], Plain]: ...
@overload
def prepared(*, of: tuple[str, ...], alone: bool = False) -> Callable[[Callable[[], Plain]], Callable[[], Plain]]: ...
def prepared(make: Callable[[], Plain] | None = None, /, *, of: tuple[str, ...] = (), alone: bool = False) -> Any:
    """A decorator for a function without arguments that gives the same whenever it is called, in plain data: texts, bytes,
    numbers, and lists, tuples, sets and dictionaries of them. It is called once in a process, or not at all.

    Args:
        make: the function.
        of: files of the package, by their paths in it, that this table alone is made of: they are large, and read for their
            digest only if the table is asked for.
        alone: the table is made of these files and of nothing else.

    >>> @prepared(of=("data/words/shapes.tsv",), alone=True)
    ... def squares() -> list[int]:
    ...     return [number**2 for number in range(4)]
    >>> squares()
    [0, 1, 4, 9]
    """
    if make is None:
        return partial(_prepared, of=of, alone=alone)
    return _prepared(make, of=of, alone=alone)


def _prepared(make: Callable[[], Plain], *, of: tuple[str, ...], alone: bool) -> Callable[[], Plain]:
    name = f"{make.__module__.rpartition('.')[2]}.{make.__name__.strip('_')}"
    _makers[name] = _Maker(make, of, alone)

    @cache
    def made() -> Plain:
        found: Plain | None = _read(name)
        return make() if found is None else found

    return made


def write_prepared(folder: str | os.PathLike[str]) -> None:
    """Make the tables of all modules that are loaded, for a package that is being built."""
    os.makedirs(folder, exist_ok=True)
    for name, maker in _makers.items():
        body = marshal.dumps(maker.make(), _FORMAT)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(_head(body, maker) + body)


def missing() -> list[str]:
    """The tables that have to be made, of all modules that are loaded."""
    return [name for name in _makers if _read(name) is None]


def _read(name: str) -> Any:
    """A table; None if it has to be made."""
    try:
        with open(os.path.join(FOLDER, name), "rb") as file:
            head, body = file.readline(), file.read()
        known = head == _head(body, _makers[name])
    except (OSError, SettingsError):
        return None
    return marshal.loads(body) if known else None  # noqa: S302 - as safe as the .pyc files beside it


def _head(body: bytes, maker: _Maker) -> bytes:
    from zlib import crc32

    paths = [os.path.join(_PACKAGE, path) for path in maker.of]
    if maker.alone:
        own = _digest([*paths, maker.make.__code__.co_filename], 0)
    else:
        # Rules are compared with texts, and no text with a rule: a pack that is edited leaves the other tables as they are.
        own = _digest(paths, _sources(rules=".rules." in maker.make.__module__))
    return b"%08x %08x\n" % (own, crc32(body))


@cache
def _sources(*, rules: bool) -> int:
    """A digest of all that tables of texts, or of rules, are made of. It is there for mistakes: who can forge it can change the
    code as well."""
    from zlib import crc32

    if rules:
        return _digest(_files(_RULES), _sources(rules=False))
    found = crc32(f"{__version__} {sys.implementation.name}".encode())
    dictionaries = [os.path.join(dictionary_folder(), f"{name}.txt") for name in DICTIONARIES]
    return _digest([*_files(_TEXT), os.path.join(_PACKAGE, "signs.py"), *dictionaries], found)


def _files(folders: tuple[str, ...]) -> list[str]:
    # What is compiled changes no table, and its source is not in a wheel.
    return [
        os.path.join(folder, name)
        for folder in [os.path.join(_PACKAGE, folder) for folder in folders]
        for name in sorted(os.listdir(folder))
        if "." in name and not name.startswith("_compiled.")
    ]


def _digest(paths: Iterable[str], found: int) -> int:
    from zlib import crc32

    for path in paths:
        found = crc32(b"%08x" % _digest_of(path), found)
    return found


@cache
def _digest_of(path: str) -> int:
    """A digest of a file, which several tables may be made of, and which may be large."""
    from zlib import crc32

    found = 0
    with open(path, "rb", buffering=0) as file:
        while piece := file.read(_PIECE_BYTES):
            found = crc32(piece, found)
    return found
