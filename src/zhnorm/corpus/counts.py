"""Counting lines: which of them a site prints on so many of its pages that they are templates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zhnorm.errors import SettingsError
from zhnorm.messages import Message

from .columns import runs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .keys import Lines

__all__ = ["CHOSEN", "ROWS", "Wanted", "counts_of", "line_of_site", "rows_of"]


class Wanted(NamedTuple):
    """What makes a line a template.

    Attributes:
        min_pages: pages of the site that it stands on at least.
        share: the share of the pages of the site that it stands on at least.
        min_sites: or it comes back on pages of so many sites.

    >>> Wanted(min_pages=5, share=0.1).least(400)
    40
    """

    min_pages: int = 5
    share: float = 0.1
    min_sites: int = 20

    def checked(self) -> Wanted:
        """The same.

        Raises:
            SettingsError: a number makes no sense.
        """
        if self.min_pages < 2 or self.min_sites < 2 or not 0 < self.share <= 1:
            raise SettingsError(
                Message("templates: min_pages {min_pages}, share {share:g}, min_sites {min_sites}", **self._asdict()),
                hint="pages and sites are 2 or more, a share is more than 0 and at most 1",
            )
        return self

    def least(self, pages: Any) -> Any:
        """On how many pages of a site a line must stand, by how many pages there are; numbers or arrays of them."""
        least = np.maximum(self.min_pages, np.ceil(self.share * np.asarray(pages) - 1e-9).astype(np.int64))
        return least if np.ndim(pages) else int(least)

    def choose(self, rows: NDArray[Any], of: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The templates among some lines.

        What a site prints on its pages stands among other things that it prints: above or below such a line there is nearly always the
        same. Salt in recipes, a subhead, a formula of greeting come back among lines that change; they go only if they stand on nearly
        all pages.

        Args:
            rows: of the kind `ROWS`, one for each line of each page, in any order. All rows of a line are there.
            of: how many different pages each site has.

        Returns:
            The templates of sites, and those of many sites, of the kind `CHOSEN`.
        """
        own, usual = self._choose_of_sites(rows, of)
        return own, self._choose_of_many(usual, of)

    def choose_in(self, buckets: Iterable[NDArray[Any]], of: NDArray[np.int64]) -> NDArray[Any]:
        """The templates of sites and of many sites; see `choose`.

        Args:
            buckets: rows, some at a time; all rows of a line of a site are in one (`line_of_site`).
            of: as there.
        """
        found, usual = [np.empty(0, CHOSEN)], [np.empty(0, CHOSEN)]
        for rows in buckets:
            own, most = self._choose_of_sites(rows, of)
            found.append(own)
            usual.append(most)
        return np.concatenate([*found, self._choose_of_many(np.concatenate(usual), of)])

    def _choose_of_sites(self, rows: NDArray[Any], of: NDArray[np.int64]) -> tuple[NDArray[Any], NDArray[Any]]:
        """The templates of sites, and the lines that stand on most pages of their sites; see `choose`.

        Args:
            rows: as there; all rows of a line of a site are there.
            of: as there.
        """
        # Of equal bodies the row that stands first counts, whoever counts, and in whatever order rows come.
        first = rows["at"].astype(np.uint64) << np.uint64(32) | rows["before"]
        rows = rows[np.lexsort((rows["behind"], first, rows["body"], rows["site"], rows["line"]))]
        starts, times = runs(rows, "line", "site", "body")
        rows = rows[starts]
        starts, pages = runs(rows, "line", "site")
        lines = np.empty(len(starts), CHOSEN)
        for name in ("line", "site"):
            lines[name] = rows[name][starts]
        lines["pages"], lines["of"], lines["sites"], lines["times"] = pages, of[lines["site"]], 0, 0
        share = pages / lines["of"]
        usual = (pages > 1) & (share >= _MOST)
        likely = (pages >= self.least(lines["of"])) | usual
        kept = np.repeat(likely, pages)
        rows, times, lines, usual, share = rows[kept], times[kept], lines[likely], usual[likely], share[likely]
        starts = np.cumsum(lines["pages"]) - lines["pages"]
        lines["times"] = _middles(rows, times, starts, lines["pages"])
        steady = np.maximum(*(_steadiness(rows, name, starts, lines["pages"]) for name in ("before", "behind")))
        steady = (steady > _STEADY) | (share >= _NEARLY_ALL)
        return lines[steady & (lines["pages"] >= self.least(lines["of"]))], lines[usual & steady]

    def _choose_of_many(self, lines: NDArray[Any], of: NDArray[np.int64]) -> NDArray[Any]:
        """The templates of many sites.

        Args:
            lines: those that stand on most pages of their sites, of all sites.
            of: how many different pages each site has.
        """
        lines = lines[np.argsort(lines["line"], kind="stable")]
        starts, sites = runs(lines, "line")
        many = np.zeros(len(starts), CHOSEN)
        many["line"], many["sites"], many["of"] = lines["line"][starts], sites, of.sum()
        for name, how in (("pages", np.add), ("times", np.minimum)):
            many[name] = how.reduceat(lines[name], starts) if len(starts) else 0
        return many[many["sites"] >= self.min_sites]


ROWS = np.dtype(
    [("line", "<u8"), ("body", "<u8"), ("site", "<u4"), ("at", "<u4"), ("before", "<u4"), ("behind", "<u4")]
)
"""A line of a page: numbers of its form, of the body of the page and of what stands above and below it; the place of its site, and its own
in the page."""
CHOSEN = np.dtype(
    [("line", "<u8"), ("site", "<u4"), ("pages", "<i8"), ("of", "<i8"), ("sites", "<i8"), ("times", "<i8")]
)
"""A template; its fields are those of `Template`."""


def counts_of(row: np.void) -> tuple[int, int, int, int]:
    """The numbers of a row of the kind `CHOSEN`, in the order of those of a `Template`."""
    return int(row["pages"]), int(row["of"]), int(row["sites"]), int(row["times"])


def line_of_site(rows: NDArray[Any]) -> NDArray[np.uint64]:
    """A number for each line with its site, of which all bits are alike: what stands everywhere does not fill one bucket."""
    numbers: NDArray[np.uint64] = rows["line"] + rows["site"].astype(np.uint64) * _MIX
    return numbers


def rows_of(lines: Lines, sites: NDArray[np.uint32]) -> NDArray[Any]:
    """The lines of documents as rows of the kind `ROWS`; those without a form are left out.

    Args:
        lines: of the documents.
        sites: the place of the site of each document.
    """
    rows = np.empty(len(lines.forms), ROWS)
    rows["line"], rows["before"], rows["behind"] = lines.forms, lines.before, lines.behind
    rows["site"], rows["body"] = np.repeat(sites, lines.counts), np.repeat(lines.bodies, lines.counts)
    rows["at"] = np.arange(len(rows)) - np.repeat(np.cumsum(lines.counts) - lines.counts, lines.counts)
    formed: NDArray[Any] = rows[rows["line"] != 0]
    return formed


_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEADY = 0.5
"""On more than this share of its pages a template has the same line above it, or below."""
_NEARLY_ALL = 0.8
"""On so many pages of its site stands what goes wherever it stands."""
_MOST = 0.5
"""On so many pages of a site stands what is counted for other sites."""


def _middles(rows: NDArray[Any], numbers: NDArray[Any], starts: NDArray[Any], sizes: NDArray[Any]) -> NDArray[Any]:
    """The median of numbers in each of some runs of rows that are in order by line and site."""
    order = np.lexsort((numbers, rows["site"], rows["line"]))
    middles: NDArray[Any] = numbers[order][starts + sizes // 2] if len(starts) else numbers[:0]
    return middles


def _steadiness(rows: NDArray[Any], name: str, starts: NDArray[Any], sizes: NDArray[Any]) -> NDArray[np.float64]:
    """How large a share of each run has the same number, if that is more than half: such a number is the median."""
    middles = np.repeat(_middles(rows, rows[name], starts, sizes), sizes)
    same = np.add.reduceat(rows[name] == middles, starts, dtype=np.int64) if len(starts) else sizes
    shares: NDArray[np.float64] = same / np.maximum(sizes, 1)
    return shares
