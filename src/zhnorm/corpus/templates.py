"""Templates: the lines that a site prints on many of its pages, whatever they say.

Which lines are templates is decided by numbers alone (`Wanted.choose`), so it can be said of each why it is one. What is decided is a
table of lines to be read, edited and given back (`Templates`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zhnorm.conversion.fold import key
from zhnorm.errors import SettingsError
from zhnorm.line import Recurring

from .columns import runs
from .keys import EVERYWHERE, digest, forms_of, numbers_of, of_site, site_number

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .keys import Lines, Numbers

__all__ = ["CHOSEN", "ROWS", "Template", "Templates", "Wanted", "counts_of", "rows_of"]


class Template(NamedTuple):
    """A line that goes.

    Attributes:
        site: on whose pages; `*` on those of all.
        line: its form: what it says, without marks, digits masked.
        pages: on how many pages of the site it stands; for `*`, of all sites.
        of: how many pages there are; 0 if that is not known.
        sites: of how many sites it is a template, for `*`.
        times: how often it stands on such a page, as a rule; 0 if that is not known.
        example: how it is written on one page.
        document: which page that is.
    """

    site: str
    line: str
    pages: int
    of: int
    sites: int = 0
    times: int = 0
    example: str = ""
    document: str = ""

    @property
    def evidence(self) -> Recurring:
        """Why it goes, for a ledger."""
        return Recurring(self.pages, self.of, self.site, self.sites or None)


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
                f"templates: min_pages {self.min_pages}, share {self.share:g}, min_sites {self.min_sites}",
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
            rows: of the kind `ROWS`, one for each line of each page. All rows of a line are there.
            of: how many different pages each site has.

        Returns:
            The templates of sites, and those of many sites, of the kind `CHOSEN`.
        """
        rows = rows[np.lexsort((rows["body"], rows["site"], rows["line"]))]
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
        many = _of_many(lines[usual & steady], of)
        return lines[steady & (lines["pages"] >= self.least(lines["of"]))], many[many["sites"] >= self.min_sites]


ROWS = np.dtype([("line", "<u8"), ("body", "<u8"), ("site", "<u4"), ("before", "<u4"), ("behind", "<u4")])
"""A line of a page: numbers of its form, of the body of the page and of what stands above and below it; and the place of its site."""
CHOSEN = np.dtype(
    [("line", "<u8"), ("site", "<u4"), ("pages", "<i8"), ("of", "<i8"), ("sites", "<i8"), ("times", "<i8")]
)
"""A template; its fields are those of `Template`."""


def counts_of(row: np.void) -> tuple[int, int, int, int]:
    """The numbers of a row of the kind `CHOSEN`, in the order of those of a `Template`."""
    return int(row["pages"]), int(row["of"]), int(row["sites"]), int(row["times"])


def rows_of(lines: Lines, sites: NDArray[np.uint32]) -> NDArray[Any]:
    """The lines of documents as rows of the kind `ROWS`; those without a form are left out.

    Args:
        lines: of the documents.
        sites: the place of the site of each document.
    """
    rows = np.empty(len(lines.forms), ROWS)
    rows["line"], rows["before"], rows["behind"] = lines.forms, lines.before, lines.behind
    rows["site"], rows["body"] = np.repeat(sites, lines.counts), np.repeat(lines.bodies, lines.counts)
    formed: NDArray[Any] = rows[rows["line"] != 0]
    return formed


_HEADLINE_LETTERS = 8
"""A shorter line is no headline."""
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


def _of_many(lines: NDArray[Any], of: NDArray[np.int64]) -> NDArray[Any]:
    """Lines that stand on most pages of a site, by how many sites that is so of."""
    starts, sites = runs(lines, "line")
    many = np.zeros(len(starts), CHOSEN)
    many["line"], many["sites"], many["of"] = lines["line"][starts], sites, of.sum()
    for name, how in (("pages", np.add), ("times", np.minimum)):
        many[name] = how.reduceat(lines[name], starts) if len(starts) else 0
    return many


class Templates:
    """Templates of sites: learned from documents, looked through by people, and applied to documents.

    Args:
        rows: the templates.

    >>> pages = [(f"https://news.example/{n}", f"晨報網 首頁 > 新聞\\n這是第{n}篇報道的正文。" + "新橋" * n) for n in range(1, 9)]
    >>> templates = Templates.learn(pages)
    >>> [(row.site, row.line, row.pages, row.of) for row in templates]
    [('news.example', '晨报网首页新闻', 8, 8)]
    >>> templates.apply("晨报网　首页 > 新闻\\n新桥今天通车。\\n", "http://www.news.example/9")
    '新桥今天通车。\\n'
    """

    def __init__(self, rows: Iterable[Template] = ()) -> None:
        found: dict[int, Template] = {}
        for row in rows:
            number = int(of_site(site_number(row.site), digest(row.line))[0])
            found[number] = row
        self._numbers: Numbers = np.sort(np.fromiter(found, np.uint64, len(found)))
        self._rows = [found[number] for number in self._numbers.tolist()]
        usual = (row.times if len(row.line) >= _HEADLINE_LETTERS else 0 for row in self._rows)
        self._usual = np.fromiter(usual, np.int64, len(found))

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Template]:
        """All of them: by site, the most frequent first."""
        return iter(sorted(self._rows, key=lambda row: (row.site != EVERYWHERE, row.site, -row.pages, row.line)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Templates) and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment]

    @classmethod
    def learn(
        cls, documents: Iterable[tuple[str, str]], *, min_pages: int = 5, share: float = 0.1, min_sites: int = 20
    ) -> Templates:
        """Learn templates from documents, all of them in memory but for their text: of each line 16 bytes. (`zhnorm corpus learn`
        keeps them on disk.)

        Args:
            documents: the address of each, or the name of its site, and its text.
            min_pages: pages of a site that a line must stand on to be one of its templates; at least 2.
            share: share of the pages of a site that it must stand on, over 0 to 1.
            min_sites: a line that comes back on pages of so many sites is a template everywhere; at least 2.

        Raises:
            SettingsError: a number makes no sense.
        """
        from .learner import Learner

        learner = Learner(Wanted(min_pages, share, min_sites).checked())
        for address, text in documents:
            learner.add(address, text)
        return learner.templates()

    @classmethod
    def load(cls, path: str) -> Templates:
        """Templates from a file; see `save`.

        Raises:
            RulesError: it cannot be read, or a row of it makes no sense; the message says which.
        """
        from .template_files import load_templates

        return cls(load_templates(path))

    def save(self, path: str) -> None:
        """Write the templates to a file that people can read and edit: JSON Lines, a table with tabs (`.tsv`) or Parquet (`.parquet`,
        which needs pyarrow), by its name.

        Raises:
            WriteError: it cannot be written.
            ReadError: pyarrow is missing.
        """
        from .template_files import save_templates

        save_templates(path, self)

    def apply(self, text: str, address: str = "") -> str:
        """A document without the templates of its site.

        Args:
            text: the document.
            address: its address, or the name of its site.
        """
        from .sites import site_of

        gone = self.find(text, site_of(address))
        if not gone:
            return text
        return "\n".join(line for index, line in enumerate(text.split("\n")) if index not in gone)

    def find(self, text: str, site: str) -> dict[int, Template]:
        """The lines of a document that are templates of its site, by their indices.

        Args:
            text: the document as it came in.
            site: as `sites.site_of` gives it.
        """
        return self.find_many([text], [site])[0] if len(self) else {}

    def find_many(self, texts: Sequence[str], sites: Sequence[str]) -> list[dict[int, Template]]:
        """The same for several documents, at once."""
        found: list[dict[int, Template]] = [{} for _ in texts]
        if not (len(self) and texts):
            return found
        lines = numbers_of(forms_of(key("\n".join(texts))))
        counts = np.array([text.count("\n") + 1 for text in texts])
        starts = (np.cumsum(counts) - counts).tolist()
        documents = np.repeat(np.arange(len(texts)), counts)
        places = self.places(lines, np.array([site_number(site) for site in sites], np.uint64)[documents], documents)
        for index in np.flatnonzero(places >= 0).tolist():
            document = int(documents[index])
            found[document][index - starts[document]] = self._rows[places[index]]
        return found

    def places(self, lines: Numbers, sites: Numbers, documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Which template each line is, -1 if it is none.

        A headline that all other pages link to is furniture on those, and not on its own page, where it stands more often.

        Args:
            lines: numbers of the forms of lines, 0 for those without.
            sites: numbers of their sites.
            documents: a number for the document of each; all lines of a document are there.
        """
        if not len(self):
            return np.full(len(lines), -1)
        places = self._look_up(of_site(sites, lines))
        # What is a template everywhere has its say where the site has none.
        places = np.where(places < 0, self._look_up(of_site(site_number(EVERYWHERE), lines)), places)
        places[lines == 0] = -1
        hits = np.flatnonzero((places >= 0) & (self._usual[places] > 0))
        both, times = np.unique(
            documents[hits] * (len(self) + 1) + places[hits], return_inverse=True, return_counts=True
        )[1:]
        places[hits[times[both] > self._usual[places[hits]]]] = -1
        return places

    def _look_up(self, numbers: Numbers) -> NDArray[np.int64]:
        """The place of each number among the templates, -1 if it is none."""
        found = np.searchsorted(self._numbers, numbers)
        found[found == len(self._numbers)] = 0
        return np.where(self._numbers[found] == numbers, found, -1)

    @property
    def digest(self) -> int:
        """A number for everything that is decided by them."""
        return digest(
            "\n".join(f"{row.site}\t{row.line}\t{row.pages}\t{row.of}\t{row.sites}\t{row.times}" for row in self._rows)
        )
