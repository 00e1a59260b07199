"""The report for the browser, which is written when all documents were seen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zhnorm._version import __version__
from zhnorm.batch.write import open_target
from zhnorm.limits import USUAL_LIMITS

from .streams import title_of

if TYPE_CHECKING:
    from zhnorm.report.collection import Collection
    from zhnorm.report.commands import Origin
    from zhnorm.report.sites import Site
    from zhnorm.rules import Pack

__all__ = ["html_report"]


@contextmanager
def html_report(
    path: str,
    origin: Origin,
    own_packs: Sequence[Pack],
    *,
    warn_share: float = USUAL_LIMITS.warn_share,
    sites: Sequence[Site] = (),
) -> Iterator[Collection]:
    """What a report is made of; when the block ends well, the report appears.

    Args:
        path: where.
        origin: the inputs and the ledger, for its title and for the commands in it.
        own_packs: rules besides the built-in ones.
        warn_share: documents that lost a larger share of their letters are marked.
        sites: of a corpus, what goes from the pages of each of its sites.
    """
    from zhnorm.report.collection import Collection
    from zhnorm.report.help import help_pages
    from zhnorm.report.html_report import render

    with open_target(path) as file:
        collection = Collection(warn_share=warn_share)
        yield collection
        title = f"zhnorm: {', '.join(map(title_of, origin.paths or [origin.listed or '-']))}"
        known = help_pages(own_packs)
        page = render(collection, title=title, version=__version__, known=known, origin=origin, sites=sites)
        file.write(page.encode("utf-8"))
