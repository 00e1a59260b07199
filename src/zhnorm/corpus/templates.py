"""Templates: the lines that a site prints on many of its pages, whatever they say.

Which lines are templates is decided by numbers alone (`counts.Wanted`), so it can be said of each why it is one. What is decided is a
table of lines to be read, edited and given back (`template_files`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from zhnorm.arrays.hashes import HashTable
from zhnorm.conversion.fold import key

from .columns import look_up
from .counts import ROWS, Wanted, counts_of, rows_of
from .keys import (
    EVERYWHERE,
    check_texts,
    digest,
    form,
    forms_of,
    lines_of,
    numbers_of,
    of_site,
    site_number,
    site_numbers,
)
from .sites import site_of
from .template_files import Template, load_templates, save_templates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .keys import Lines, Numbers

__all__ = ["Learner", "Template", "Templates", "as_templates", "numbers_of_chosen"]

_HEADLINE_LETTERS = 8
"""A shorter line is no headline."""
_TOGETHER = 256
"""Documents that are looked at together."""
_EXAMPLE_CHARS = 200
_PAGE = np.dtype([("site", "<u4"), ("body", "<u8")])


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
        return cls(load_templates(path))

    def save(self, path: str) -> None:
        """Write the templates to a file that people can read and edit: JSON Lines, a table with tabs (`.tsv`) or Parquet (`.parquet`,
        which needs pyarrow), by its name.

        Raises:
            WriteError: it cannot be written.
            ReadError: pyarrow is missing.
        """
        save_templates(path, self)

    def apply(self, text: str, address: str = "") -> str:
        """A document without the templates of its site.

        Args:
            text: the document.
            address: its address, or the name of its site.

        Raises:
            NotTextError: it is no text.
        """
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
        return self.find_many([text], [site])[0]

    def find_many(self, texts: Sequence[str], sites: Sequence[str]) -> list[dict[int, Template]]:
        """The same for several documents, at once."""
        check_texts(texts)
        found: list[dict[int, Template]] = [{} for _ in texts]
        if not (len(self) and texts):
            return found
        lines = numbers_of(forms_of(key("\n".join(texts))))
        counts = np.array([text.count("\n") + 1 for text in texts])
        starts = (np.cumsum(counts) - counts).tolist()
        documents = np.repeat(np.arange(len(texts)), counts)
        places = self.places(lines, site_numbers(sites)[documents], documents)
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
        places = look_up(of_site(sites, lines), self._numbers)
        # What is a template everywhere has its say where the site has none.
        places = np.where(places < 0, look_up(of_site(site_number(EVERYWHERE), lines), self._numbers), places)
        places[lines == 0] = -1
        hits = np.flatnonzero(places >= 0)
        hits = hits[self._usual[places[hits]] > 0]
        both, times = np.unique(
            documents[hits] * (len(self) + 1) + places[hits], return_inverse=True, return_counts=True
        )[1:]
        places[hits[times[both] > self._usual[places[hits]]]] = -1
        return places

    def left(self, lines: Lines, sites: Numbers) -> Numbers:
        """The numbers of the keys of lines, 0 for those that are templates.

        Args:
            lines: of documents.
            sites: the number of the site of each document.
        """
        documents = np.repeat(np.arange(len(lines.counts)), lines.counts)
        gone = self.places(lines.forms, sites[documents], documents) >= 0
        return np.where(gone, np.uint64(0), lines.keys)

    @property
    def digest(self) -> int:
        """A number for everything that is decided by them."""
        return digest(
            "\n".join(f"{row.site}\t{row.line}\t{row.pages}\t{row.of}\t{row.sites}\t{row.times}" for row in self._rows)
        )


def numbers_of_chosen(chosen: NDArray[Any], sites: Sequence[str]) -> Numbers:
    """The numbers of templates with their sites; see `keys.of_site`.

    Args:
        chosen: of the kind `CHOSEN`.
        sites: the names of all sites, by their places.
    """
    numbers = site_numbers(sites)
    own = np.where(chosen["sites"] > 0, np.uint64(site_number(EVERYWHERE)), numbers[chosen["site"]])
    return of_site(own, chosen["line"])


def as_templates(
    chosen: NDArray[Any], sites: Sequence[str], examples: Mapping[int, tuple[str, str]]
) -> Iterator[Template]:
    """Templates with how they are written in the first document that has each.

    Args:
        chosen: of the kind `CHOSEN`.
        sites: the names of all sites, by their places.
        examples: a document for each, by the numbers of templates with their sites, and how the line is written there.
    """
    for row, number in zip(chosen, numbers_of_chosen(chosen, sites).tolist(), strict=True):
        if number not in examples:
            continue  # the document was there a moment ago
        document, text = examples[number]
        site = EVERYWHERE if row["sites"] else sites[row["site"]]
        yield Template(site, form(text), *counts_of(row), example=text.strip()[:_EXAMPLE_CHARS], document=document)


class Learner:
    """Learns templates of documents as they come, for a program that goes on for days: ask it for `templates` now and then.

    It keeps 40 bytes or so of each line of each document, and the text of what came at least twice.

    Args:
        wanted: what makes a line a template.

    >>> learner = Learner(Wanted(min_pages=3, share=0.5))
    >>> for number in "甲乙丙丁":
    ...     learner.add("https://news.example/", f"首頁 新聞 財經\\n{number}地今天下雨。")
    >>> [(row.line, row.pages, row.of) for row in learner.templates()]
    [('首页新闻财经', 4, 4)]
    """

    def __init__(self, wanted: Wanted | None = None) -> None:
        self._wanted = (wanted or Wanted()).checked()
        self._sites: dict[str, int] = {}
        self._waiting: list[tuple[str, str]] = []
        self._rows = [np.empty(0, ROWS)]
        self._pages = [np.empty(0, _PAGE)]
        self._seen = HashTable()
        self._examples: dict[int, str] = {}

    def add(self, address: str, text: str) -> None:
        """One more document, with its address or the name of its site. One without a site teaches nothing.

        Raises:
            NotTextError: it is no text.
        """
        check_texts([text])
        if site := site_of(address):
            self._waiting.append((site, text))
        if len(self._waiting) >= _TOGETHER:
            self._take()

    def templates(self) -> Templates:
        """The templates of what came so far."""
        self._take()
        if not self._sites:
            return Templates()
        self._rows, self._pages = [np.concatenate(self._rows)], [np.concatenate(self._pages)]
        of = np.bincount(np.unique(self._pages[0])["site"], minlength=len(self._sites))
        of_sites, of_many = self._wanted.choose(self._rows[0], of)
        names = list(self._sites)
        return Templates(self._template(row, names) for row in (*of_sites, *of_many))

    def _template(self, row: np.void, names: list[str]) -> Template:
        site = EVERYWHERE if row["sites"] else names[row["site"]]
        example = self._examples[of_site(site_number(site), row["line"]).item()]
        return Template(site, form(example), *counts_of(row), example=example[:_EXAMPLE_CHARS])

    def _take(self) -> None:
        """Look at the documents that wait."""
        if not self._waiting:
            return
        lines = lines_of([text for _, text in self._waiting])
        sites = np.array([self._sites.setdefault(site, len(self._sites)) for site, _ in self._waiting], np.uint32)
        self._rows.append(rows_of(lines, sites))
        pages = np.empty(len(sites), _PAGE)
        pages["site"], pages["body"] = sites, lines.bodies
        self._pages.append(pages)
        numbers = site_numbers(site for site, _ in self._waiting)
        self._keep_examples(of_site(np.repeat(numbers, lines.counts), lines.forms), lines.forms)
        self._waiting.clear()

    def _keep_examples(self, numbers: Numbers, found: Numbers) -> None:
        """Keep the text of lines that came before on their site: it is needed if they become templates."""
        texts = [line for _, text in self._waiting for line in text.split("\n")]
        first = np.zeros(len(numbers), bool)
        first[np.unique(numbers, return_index=True)[1]] = True
        again = ~first | (self._seen.find(numbers) >= 0)
        self._seen.add(numbers, np.zeros(len(numbers), np.int32))
        everywhere = of_site(site_number(EVERYWHERE), found).tolist()
        for index in np.flatnonzero(again & (found != 0)).tolist():
            self._examples.setdefault(int(numbers[index]), texts[index])
            self._examples.setdefault(everywhere[index], texts[index])
