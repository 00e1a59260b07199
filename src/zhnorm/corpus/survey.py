"""What is known of all documents of a corpus after one pass: their lines as numbers, in columns on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zhnorm.batch.write import open_target

from . import studies
from .columns import Buckets, Column, parts, read_column, read_part
from .documents import Sources
from .keys import LINE_KINDS, Lines, digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from zhnorm.batch.job import Failure

__all__ = ["Survey", "make_survey"]

DOCUMENT = np.dtype(
    [("name", "<u8"), ("site", "<u4"), ("lines", "<u4"), ("body", "<u8"), ("date", "<i8"), ("written", "<u8")]
)
"""A document: numbers of its name and its body, the place of its site, how many lines it has, its date, and where its name stands."""
_PAGE = np.dtype([("body", "<u8"), ("site", "<u4")])
_CHUNK_LINES = 1 << 17


def make_survey(sources: Sources, folder: str, failed: Callable[[Failure], object] = lambda _: None) -> None:
    """Read all documents, and write what is known of them into a folder."""
    sites: dict[str, int] = {"": 0}
    with ExitStack() as stack:
        columns = {
            name: stack.enter_context(Column(os.path.join(folder, name), kind)) for name, kind in LINE_KINDS.items()
        }
        rows = stack.enter_context(Column(os.path.join(folder, "documents"), DOCUMENT))
        names = stack.enter_context(open_target(os.path.join(folder, "names.jsonl")))
        written = 0
        for found in sources.study(studies.look, failed):
            for name, column in columns.items():
                column.add(getattr(found.lines, name))
            table = np.empty(len(found.documents), DOCUMENT)
            table["lines"], table["body"] = found.lines.counts, found.lines.bodies
            for row, (name, own, site, date) in zip(table, found.documents, strict=True):
                row["name"], row["date"], row["site"] = digest(name), date, sites.setdefault(site, len(sites))
                line = (json.dumps([name, own]) + "\n").encode()
                row["written"], written = written, written + len(line)
                names.write(line)
            rows.add(table)
    with open_target(os.path.join(folder, "sites.json")) as file:
        file.write(json.dumps(list(sites)).encode())


class Chunk(NamedTuple):
    """Some documents with their lines.

    Attributes:
        first: the number of the first of them in the corpus, from 0.
        documents: rows of the kind `DOCUMENT`.
        lines: their lines.
    """

    first: int
    documents: NDArray[Any]
    lines: Lines


class Survey:
    """What `make_survey` wrote.

    Args:
        folder: into which it was written.

    Attributes:
        documents: rows of the kind `DOCUMENT`, mapped into memory.
        sites: names of all sites; the first, "", is that of documents without.
    """

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self.documents = read_column(os.path.join(folder, "documents"), DOCUMENT)
        with open(os.path.join(folder, "sites.json"), encoding="utf-8") as file:
            self.sites: list[str] = json.load(file)

    def __len__(self) -> int:
        return len(self.documents)

    def chunks(self) -> Iterator[Chunk]:
        """All documents with their lines, in order, some at a time."""
        columns = {name: (os.path.join(self._folder, name), kind) for name, kind in LINE_KINDS.items()}
        line = 0
        for some in parts(len(self)):
            stops = line + np.cumsum(self.documents["lines"][some], dtype=np.int64)
            first = 0
            while first < len(stops):
                last = max(first + 1, int(np.searchsorted(stops, line + _CHUNK_LINES, side="right")))
                stop = int(stops[last - 1])
                part = {name: read_part(*column, line, stop) for name, column in columns.items()}
                documents = np.array(self.documents[some.start + first : some.start + last])
                counts = documents["lines"].astype(np.int64)
                yield Chunk(some.start + first, documents, Lines(counts, bodies=documents["body"].copy(), **part))
                first, line = last, stop

    def pages(self, folder: str) -> NDArray[np.int64]:
        """How many different pages each site has, found out in a folder."""
        found = np.zeros(len(self.sites), np.int64)
        with Buckets(folder, _PAGE, itemgetter("body"), len(self)) as buckets:
            for some in parts(len(self)):
                rows = np.empty(some.stop - some.start, _PAGE)
                for name in ("body", "site"):
                    rows[name] = self.documents[name][some]
                buckets.add_rows(rows)
        for rows in buckets:
            found += np.bincount(np.unique(rows)["site"], minlength=len(found))
        return found

    def called(self, index: int) -> tuple[str, str]:
        """The name of a document, and what its record calls itself."""
        with open(os.path.join(self._folder, "names.jsonl"), "rb") as file:
            file.seek(int(self.documents[index]["written"]))
            name, own = json.loads(file.readline())
            return name, own
