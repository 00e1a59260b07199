"""One word where there are several: 软体 and 软件, 身分 and 身份 say the same, though no table of characters tells.

Only comparisons use this; text keeps its words. The pairs come from the installed dictionary of Taiwan's words (OpenCC's
TWPhrasesRev), from our own `data/script/vocabulary.tsv` (words of regions) and `data/script/spellings.tsv` (two ways to write a word).
"""

from __future__ import annotations

from functools import cache

from .characters import rows
from .dictionaries import bundled
from .fold import key
from .phrases import Plain, Step, StepTables
from .prepared import prepared

__all__ = ["one_region"]


def one_region(keys: str) -> str:
    """Keys (see `fold.key`), one a line, with the mainland's words for those of Taiwan and Hong Kong.

    >>> one_region(key("這套軟體要更新"))
    '这套软件要更新'
    """
    return _step().convert(keys)


@cache
def _step() -> Step:
    return Step(StepTables.of_plain(_tables()))


@prepared
def _tables() -> Plain:
    words: dict[str, str] = {}
    for word, names in bundled("TWPhrasesRev", alternatives=True).items():
        first, *others = key(names.replace(" ", "\n")).split("\n")
        words |= {other: first for other in (key(word), *others) if len(other) > 1}
    words |= dict(rows("vocabulary")) | dict(rows("spellings"))
    # A word that stands for another may have one itself.
    one = {word: words.get(name, name) for word, name in words.items() if word != words.get(name, name)}
    return StepTables.of([one]).as_plain()
