"""What was found out about the documents of a corpus before they are cleaned, in files that all processes map into memory."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from zhnorm.batch.write import open_target
from zhnorm.line import Evidence, Indexed, Twin

from .columns import Buckets, Column, look_up, parts, read_column
from .keys import digest

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["RULES", "VERDICT", "Documents", "Found", "verdicts_by", "write_found"]

_ROW = np.dtype([("name", "<u8"), ("site", "<u4"), ("rule", "u1"), ("likeness", "<f4"), ("twin", "<i8")])
_GONE = np.dtype([("place", "<i8"), ("rule", "u1"), ("likeness", "<f4"), ("twin", "<i8")])
"""A document that goes, by its place among all, in the order of the numbers of their names. Most stay, so that all that is known of each of these is its
name and its site: every process that cleans maps them into its memory."""
RULES = ("", "corpus/copy", "corpus/near", "corpus/seen")
"""By which a whole document goes; the first stands for one that stays."""


VERDICT = np.dtype([("document", "<i8"), ("rule", "u1"), ("twin", "<i8"), ("likeness", "<f4")])
"""A document that goes: its number in the corpus, from 0; the place of the rule in `RULES`; the number of the document that stays in its
place, -1 if it was seen before; how alike they are, 0 to 1, or the share of its letters that was seen."""


def verdicts_by(rule: str, documents: Any, twins: Any = -1, likeness: Any = 1.0) -> NDArray[Any]:
    """Rows of the kind `VERDICT`.

    >>> verdicts_by("corpus/copy", [4, 7], [1, 1]).tolist()
    [(4, 1, 1, 1.0), (7, 1, 1, 1.0)]
    """
    rows = np.empty(len(documents), VERDICT)
    rows["document"], rows["rule"], rows["twin"], rows["likeness"] = documents, RULES.index(rule), twins, likeness
    return rows


class Documents(Protocol):
    """Documents of a corpus; a `Survey`, or some of them.

    Attributes:
        documents: rows with their `name` and `site`.
        sites: names of all sites.
    """

    documents: NDArray[Any]
    sites: list[str]

    def called(self, index: int) -> tuple[str, str]:
        """The name of a document, and what its record calls itself."""


def write_found(folder: str, survey: Documents, verdicts: NDArray[Any], index: str) -> None:
    """Write what was found out.

    Args:
        folder: it is there, and empty.
        survey: all documents; or those that go, and those that stay in their places.
        verdicts: those that go, of the kind `VERDICT`.
        index: what evidence calls the index of what was seen before.
    """
    staying = np.unique(verdicts["twin"][verdicts["twin"] >= 0])
    starts = np.zeros(len(staying) + 1, np.int64)
    with open_target(os.path.join(folder, "twins.jsonl")) as file:
        for place, twin in enumerate(staying.tolist()):
            line = (json.dumps(survey.called(twin)) + "\n").encode()
            file.write(line)
            starts[place + 1] = starts[place] + len(line)
    verdicts = verdicts[np.argsort(verdicts["document"], kind="stable")]
    with Buckets(folder, _ROW, itemgetter("name"), len(survey.documents)) as buckets:
        for some in parts(len(survey.documents)):
            rows = np.zeros(some.stop - some.start, _ROW)
            rows["name"], rows["site"], rows["twin"] = *(survey.documents[name][some] for name in ("name", "site")), -1
            mine = verdicts[slice(*np.searchsorted(verdicts["document"], (some.start, some.stop)))]
            gone = mine["document"] - some.start
            for name in ("rule", "likeness"):
                rows[name][gone] = mine[name]
            rows["twin"][gone] = np.where(mine["twin"] >= 0, starts[np.searchsorted(staying, mine["twin"])], -1)
            buckets.add_rows(rows)
    with (
        Column(os.path.join(folder, "names"), "<u8") as names,
        Column(os.path.join(folder, "sites"), "<u4") as sites,
        Column(os.path.join(folder, "gone"), _GONE) as gone_rows,
    ):
        for rows in buckets:
            rows = rows[np.argsort(rows["name"], kind="stable")]  # noqa: PLW2901
            gone = np.flatnonzero(rows["rule"])
            table = np.empty(len(gone), _GONE)
            table["place"] = names.rows + gone
            for name in ("rule", "likeness", "twin"):
                table[name] = rows[name][gone]
            names.add(rows["name"])
            sites.add(rows["site"])
            gone_rows.add(table)
    with open_target(os.path.join(folder, "found.json")) as file:
        file.write(json.dumps({"sites": survey.sites, "index": index}).encode())


class Found:
    """What `write_found` wrote. Its files are opened when somebody asks: it goes to other processes as the name of a folder.

    Args:
        folder: into which it was written.
    """

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[type[Found], tuple[str]]:
        return Found, (self.folder,)

    @cached_property
    def _names(self) -> NDArray[np.uint64]:
        return read_column(os.path.join(self.folder, "names"), "<u8")

    @cached_property
    def _sites(self) -> NDArray[np.uint32]:
        return read_column(os.path.join(self.folder, "sites"), "<u4")

    @cached_property
    def _gone(self) -> NDArray[Any]:
        return read_column(os.path.join(self.folder, "gone"), _GONE)

    @cached_property
    def _gone_places(self) -> NDArray[np.int64]:
        return np.ascontiguousarray(self._gone["place"])

    @cached_property
    def _said(self) -> dict[str, Any]:
        with open(os.path.join(self.folder, "found.json"), encoding="utf-8") as file:
            said: dict[str, Any] = json.load(file)
            return said

    def _place(self, name: str) -> int:
        """The place of a document, by its name; -1: nothing is known of it."""
        number = np.uint64(digest(name))
        place = int(np.searchsorted(self._names, number))
        return place if place < len(self._names) and self._names[place] == number else -1

    @property
    def sites(self) -> list[str]:
        """The names of all sites."""
        sites: list[str] = self._said["sites"]
        return sites

    def site(self, name: str) -> str | None:
        """The site of a document, by its name; None if nothing is known of it."""
        place = self._place(name)
        return None if place < 0 else self._said["sites"][self._sites[place]]

    def verdict(self, name: str) -> tuple[str, Evidence] | None:
        """By which rule a document goes as a whole, and why; None if it stays."""
        place = self._place(name)
        among = int(np.searchsorted(self._gone_places, place))
        if place < 0 or among == len(self._gone_places) or self._gone_places[among] != place:
            return None
        row = self._gone[among]
        return RULES[row["rule"]], self.evidence(row)

    def evidence(self, row: np.void) -> Twin | Indexed:
        """Why a document goes, by its row, of those that `rows` gives."""
        likeness = round(float(row["likeness"]), 3)
        if row["twin"] < 0:
            return Indexed(self._said["index"], likeness)
        with open(os.path.join(self.folder, "twins.jsonl"), "rb") as file:
            file.seek(int(row["twin"]))
            document, own = json.loads(file.readline())
        return Twin(document, likeness, own or None)

    def rows(self, names: NDArray[np.uint64]) -> NDArray[Any]:
        """What is known of some documents, by the numbers of their names: `site`, `rule` (a place in `RULES`), `likeness` and `twin` of each."""
        found = np.zeros(len(names), _ROW)
        places = np.searchsorted(self._names, names)
        found["name"], found["site"] = names, self._sites[places]
        among = look_up(places, self._gone_places)
        for name in ("rule", "likeness", "twin"):
            found[name][among >= 0] = self._gone[name][among[among >= 0]]
        return found

    def staying(self, names: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Which of some documents stay, by the numbers of their names."""
        stays: NDArray[np.bool_] = self.rows(names)["rule"] == 0
        return stays

    def counts(self) -> dict[str, int]:
        """How many documents go by each rule."""
        found = np.bincount(self._gone["rule"], minlength=len(RULES))
        found[0] = len(self._names) - len(self._gone)
        return dict(zip(RULES, found.tolist(), strict=True))

    def parts(self) -> Iterator[bytes]:
        """Everything that decides about documents, for a digest."""
        for name in ("found.json", "names", "sites", "gone", "twins.jsonl"):
            with open(os.path.join(self.folder, name), "rb") as file:
                while part := file.read(1 << 20):
                    yield part
