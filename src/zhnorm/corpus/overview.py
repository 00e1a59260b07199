"""What would go, in a few lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from .keys import EVERYWHERE
from .templates import Templates

__all__ = ["overview", "summed_up"]

_SHOWN = 8
_EXAMPLE_CHARS = 60


def overview(templates: Templates) -> Iterator[str]:
    """The templates by sites: of each the most frequent, with how many of its pages have it."""
    for site, rows in groupby(templates, key=lambda row: row.site):
        found = list(rows)
        lines = _several(len(found), "line")
        if site == EVERYWHERE:
            yield f"all sites: {lines}"
        else:
            yield f"{site}: {lines}, {_several(found[0].of, 'page')}"
        for row in found[:_SHOWN]:
            where = (
                f"{row.sites:>5,} sites" if row.sites else f"{row.pages:>5,} pages {row.pages / max(row.of, 1):>4.0%}"
            )
            example = row.example or row.line
            yield f"  {where}  {example[:_EXAMPLE_CHARS]}{'…' if len(example) > _EXAMPLE_CHARS else ''}"
        if len(found) > _SHOWN:
            yield f"  and {len(found) - _SHOWN:,} more"


def summed_up(templates: Templates, counts: Mapping[str, int]) -> str:
    """What was found in a corpus, in one line.

    Args:
        templates: of the sites.
        counts: how many documents go by each rule (`found.RULES`).

    >>> summed_up(Templates(), {"": 90, "corpus/copy": 7, "corpus/near": 0, "corpus/seen": 1})
    '98 documents: no templates; 7 are copies, 1 was seen before'
    """
    sites = len({row.site for row in templates})
    lines = f"{_several(len(templates), 'template')} of {_several(sites, 'site')}" if len(templates) else "no templates"
    said = {"corpus/copy": "copies", "corpus/near": "near copies", "corpus/seen": "seen before"}
    found = []
    for rule, what in said.items():
        number = counts.get(rule, 0)
        if number and rule == "corpus/seen":
            found.append(f"{number:,} {'was' if number == 1 else 'were'} {what}")
        elif number:
            found.append(
                f"{number:,} {'is a ' + {'copies': 'copy', 'near copies': 'near copy'}[what] if number == 1 else 'are ' + what}"
            )
    total = sum(counts.values())
    return f"{_several(total, 'document')}: {lines}" + (f"; {', '.join(found)}" if found else "")


def _several(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
