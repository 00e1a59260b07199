"""Learning templates in a program, document by document, as they come."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zhnorm.arrays.hashes import HashTable

from .keys import EVERYWHERE, form, lines_of, of_site, site_number
from .sites import site_of
from .templates import ROWS, Template, Templates, Wanted, counts_of, rows_of

if TYPE_CHECKING:
    from .keys import Numbers

__all__ = ["Learner"]

_TOGETHER = 256
"""Documents that are looked at together."""
_EXAMPLE_CHARS = 200
_PAGE = np.dtype([("site", "<u4"), ("body", "<u8")])


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
        """One more document, with its address or the name of its site. One without a site teaches nothing."""
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
        numbers = np.array([site_number(site) for site, _ in self._waiting], np.uint64)
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
