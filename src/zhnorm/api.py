"""The functions that most scripts need."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from .cleaner import Cleaner, Result
from .reader import LineRead, read_lines

__all__ = ["clean", "explain", "read"]


@lru_cache(maxsize=16)
def _cleaner(overrides: tuple[tuple[str, Any], ...]) -> Cleaner:
    return Cleaner(**dict(overrides))


def clean(text: str, **settings: Any) -> str:
    """The text of one scraped page, clean.

    Args:
        text: the page; lines end in "\\n" or "\\r\\n".
        settings: by name, see `zhnorm.Settings`.

    Raises:
        SettingsError: a setting is unknown or out of range.

    >>> import zhnorm
    >>> zhnorm.clean("雨中的貓在屋簷下睡著了，一直睡到天黑。\\n分享到：微博\\n")
    '雨中的猫在屋檐下睡着了，一直睡到天黑。\\n'
    """
    return _cleaner(tuple(sorted(settings.items()))).clean(text)


def explain(text: str, **settings: Any) -> Result:
    """The text, clean, with the story of every line: what happened to it, by which rule, on what evidence.

    >>> import zhnorm
    >>> result = zhnorm.explain("雨中的貓在屋簷下睡著了，一直睡到天黑。\\n分享到：微博\\n")
    >>> [(change.line, change.rule) for change in result.changes if change.after is None]
    [(2, 'web/share-label')]
    """
    return _cleaner(tuple(sorted(settings.items()))).explain(text)


def read(text: str) -> list[LineRead]:
    """What kind of line each line of a page is, how likely that is, and why. Nothing is removed.

    Args:
        text: the page; lines end in "\\n" or "\\r\\n".

    >>> import zhnorm
    >>> page = "第二天清晨，雨停了，猫也走了，屋檐下只剩下一片干的地方。\\n版权所有，未经许可不得转载。\\n"
    >>> [(line.number, line.kind) for line in zhnorm.read(page)]
    [(1, 'lead'), (2, 'legal')]
    """
    return read_lines(text, _cleaner(()))
