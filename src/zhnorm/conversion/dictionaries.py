"""Where the conversion dictionaries come from: the ones that opencc-python-reimplemented installs, and the user's.

The folder is found through the distribution's own list of files, never through `import opencc`: OpenCC's C++
wheel installs a module of the same name over it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache, lru_cache

from ..errors import SettingsError
from ..user_files import read_small_text

__all__ = ["bundled", "dictionary_folder", "read_dictionary"]

_NAMES = ("opencc-python-reimplemented", "opencc_python_reimplemented")
_MARK = "TSCharacters.txt"


@lru_cache(maxsize=1)
def dictionary_folder() -> str:
    """The folder that holds the dictionaries of opencc-python-reimplemented.

    Raises:
        SettingsError: the distribution is not installed, or its dictionaries are gone.
    """
    for path in _candidates():
        if os.path.isfile(path):
            return os.path.dirname(path)
    raise SettingsError(
        "the conversion dictionaries of opencc-python-reimplemented are missing",
        hint="pip install --force-reinstall opencc-python-reimplemented",
    )


def _candidates() -> Iterator[str]:
    # importlib.metadata costs as much to import as everything else here together: look by hand first.
    for entry in sys.path:
        root = entry or "."
        try:
            names = sorted(os.listdir(root), reverse=True)
        except OSError:
            continue
        for name in names:
            if name.startswith(_NAMES[1] + "-") and name.endswith(".dist-info"):
                yield from _recorded(root, os.path.join(root, name, "RECORD"))
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        found = distribution(_NAMES[0])
    except PackageNotFoundError:
        return
    for file in found.files or ():
        if file.name == _MARK:
            yield str(found.locate_file(file))


def _recorded(root: str, record: str) -> Iterator[str]:
    try:
        with open(record, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        return
    for line in lines:
        name = line.split(",", 1)[0]
        if name.endswith("/" + _MARK):
            yield os.path.join(root, name)


@cache
def bundled(name: str, alternatives: bool = False) -> dict[str, str]:
    """One of the installed dictionaries, by file name without its ending. Do not change what comes back.

    Args:
        name: "TSPhrases", "STCharacters" ...
        alternatives: keep all results of a phrase, separated by a space, not only the first, which is what counts.

    >>> bundled("TSCharacters")["國"]
    '国'

    Raises:
        SettingsError: there is no such dictionary.
    """
    path = os.path.join(dictionary_folder(), f"{name}.txt")
    try:
        with open(path, "rb") as file:
            text = file.read().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: cannot be read: {error}", hint="reinstall opencc-python-reimplemented") from error
    pairs = (line.strip().partition("\t") for line in text.split("\n") if line)
    if alternatives:
        return {key: value for key, _, value in pairs}
    return {key: value if " " not in value else value.split(" ", 1)[0] for key, _, value in pairs}


def read_dictionary(path: str | os.PathLike[str]) -> dict[str, str]:
    """The user's own phrases, in OpenCC's format: phrase, tab, result.

    Of several results, separated by spaces, the first counts. Blank lines, lines that begin with `#` and a byte order
    mark are passed over. A later line wins over an earlier one.

    Args:
        path: a UTF-8 text file.

    Raises:
        SettingsError: the file cannot be read, or a line is broken; the message names file and line, and shows neither.
    """
    text = read_small_text(path, SettingsError, hint="check the path of the dictionary")
    phrases = {}
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.rstrip("\r")
        if not line.strip() or line.startswith("#"):
            continue
        phrase, tab, result = line.partition("\t")
        if not tab or not phrase or "\t" in result or not result.strip(" "):
            raise SettingsError(
                f"{path}:{number}: expected a phrase, one tab and its conversion",
                hint="OpenCC's dictionary format: 網路<tab>网络",
            )
        phrases[phrase] = result.strip(" ").split(" ", 1)[0]
    return phrases
