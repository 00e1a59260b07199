"""What would go, in a few lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from zhnorm.messages import Message, counted, joined

from .keys import EVERYWHERE
from .templates import Templates

__all__ = ["overview", "summed_up"]

_SHOWN = 8
_EXAMPLE_CHARS = 60


def overview(templates: Templates) -> Iterator[str]:
    """The templates by sites: of each the most frequent, with how many of its pages have it."""
    for site, rows in groupby(templates, key=lambda row: row.site):
        found = list(rows)
        lines = counted(len(found), "1 line", "{count:,} lines")
        if site == EVERYWHERE:
            yield Message("all sites: {lines}", lines=lines)
        else:
            pages = counted(found[0].of, "1 page", "{count:,} pages")
            yield Message("{site}: {lines}, {pages}", site=site, lines=lines, pages=pages)
        for row in found[:_SHOWN]:
            example = row.example or row.line
            example = f"{example[:_EXAMPLE_CHARS]}{'…' if len(example) > _EXAMPLE_CHARS else ''}"
            if row.sites:
                yield Message("  {sites:>5,} sites  {example}", sites=row.sites, example=example)
            else:
                share = row.pages / max(row.of, 1)
                yield Message(
                    "  {pages:>5,} pages {share:>4.0%}  {example}", pages=row.pages, share=share, example=example
                )
        if len(found) > _SHOWN:
            yield Message("  and {count:,} more", count=len(found) - _SHOWN)


def summed_up(templates: Templates, counts: Mapping[str, int]) -> Message:
    """What was found in a corpus, in one line.

    Args:
        templates: of the sites.
        counts: how many documents go by each rule (`found.RULES`).

    >>> summed_up(Templates(), {"": 90, "corpus/copy": 7, "corpus/near": 0, "corpus/seen": 1})
    '98 documents: no templates; 7 are copies, 1 was seen before'
    """
    documents = counted(sum(counts.values()), "1 document", "{count:,} documents")
    copies, near, seen = (counts.get(f"corpus/{rule}", 0) for rule in ("copy", "near", "seen"))
    found = [
        *([counted(copies, "1 is a copy", "{count:,} are copies")] if copies else []),
        *([counted(near, "1 is a near copy", "{count:,} are near copies")] if near else []),
        *([counted(seen, "1 was seen before", "{count:,} were seen before")] if seen else []),
    ]
    parts = [_templates(templates), *([joined(", ", found)] if found else [])]
    return Message("{documents}: {found}", documents=documents, found=joined("; ", parts))


def _templates(templates: Templates) -> Message:
    if not len(templates):
        return Message("no templates")
    sites = counted(len({row.site for row in templates}), "1 site", "{count:,} sites")
    lines = counted(len(templates), "1 template", "{count:,} templates")
    return Message("{lines} of {sites}", lines=lines, sites=sites)
