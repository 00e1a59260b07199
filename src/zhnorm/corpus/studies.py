"""What processes do with documents for the steps that need more of them than the numbers of their lines; see `documents.Study`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zhnorm.conversion.fold import key
from zhnorm.errors import ZhnormError

from . import near
from .columns import distinct, look_up
from .documents import Document
from .keys import EVERYWHERE, Lines, digest, lines_of, numbers_of, of_site, site_number, site_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .cleaner import CorpusCleaner
    from .keys import Numbers
    from .templates import Templates

__all__ = [
    "SHINGLED",
    "Examples",
    "Looked",
    "Quote",
    "Quotes",
    "Said",
    "Shingles",
    "Sketches",
    "hits_of",
    "look",
]

SHINGLED = np.dtype([("document", "<i8"), ("start", "<i8"), ("stop", "<i8")])
_QUOTED_LINES, _QUOTED_CHARS = 100, 300
PROSE_LETTERS = 16
"""A shorter line does not help to find copies: most of what pages have besides their text is short."""


class Looked(NamedTuple):
    """Documents, as name, id, site and date of each, and their lines."""

    documents: list[tuple[str, str, str, int]]
    lines: Lines


def look(documents: Sequence[Document]) -> Looked:
    """Look at the lines of documents."""
    lines = lines_of([document.text for document in documents])
    return Looked([(found.name, found.id, found.site, found.date) for found in documents], lines)


def _names(documents: Sequence[Document]) -> Numbers:
    return numbers_of(document.name for document in documents)


def _sites(documents: Sequence[Document]) -> Numbers:
    return site_numbers(document.site for document in documents)


def hits_of(lines: Lines, sites: Numbers, wanted: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which lines are wanted: for each its place among those that are, and its own, in order.

    Args:
        lines: of documents.
        sites: the number of the site of each document.
        wanted: numbers of lines with their sites (`keys.of_site`), in order; `keys.EVERYWHERE` is the site of those of many.
    """
    places: list[NDArray[np.int64]] = []
    indices: list[NDArray[np.int64]] = []
    for site in (np.repeat(sites, lines.counts), np.uint64(site_number(EVERYWHERE))):
        found = look_up(of_site(site, lines.forms), wanted)
        indices.append(np.flatnonzero((found >= 0) & (lines.forms != 0)))
        places.append(found[indices[-1]])
    order = np.argsort(np.concatenate(indices), kind="stable")
    return np.concatenate(places)[order], np.concatenate(indices)[order]


@dataclass(frozen=True)
class Said:
    """What documents say, for an index of what was seen (`seen.Seen.shares_of`).

    Attributes:
        templates: what is left aside.
    """

    templates: Templates

    def __call__(
        self, documents: Sequence[Document]
    ) -> tuple[tuple[list[str], list[bool]], Numbers, NDArray[np.int32], NDArray[np.int64]]:
        """Names of documents and whether they have a site, the keys of their lines, 0 for templates, the letters of each, and how many lines
        each document has."""
        lines = lines_of([document.text for document in documents])
        names = [document.name for document in documents], [document.site != "" for document in documents]
        return names, self.templates.left(lines, _sites(documents)), lines.letters, lines.counts


@dataclass(frozen=True)
class Examples:
    """How lines are written.

    Attributes:
        lines: numbers of the lines with their sites, in order.
    """

    lines: Numbers

    def __call__(self, documents: Sequence[Document]) -> list[tuple[int, tuple[str, str]]]:
        """The number of each line that is in some documents, the name of the document, and the line."""
        found: dict[int, tuple[str, str]] = {}
        lines = lines_of([document.text for document in documents])
        texts = [(document, line) for document in documents for line in document.text.split("\n")]
        for place, index in zip(*hits_of(lines, _sites(documents), self.lines), strict=True):
            document, text = texts[index]
            found.setdefault(int(self.lines[place]), (document.name, text))
        return list(found.items())


class Quote(NamedTuple):
    """What a document says besides the templates of its site.

    Attributes:
        lines: its first lines.
        keys: the numbers of the keys of all of them, in order.
    """

    lines: list[str]
    keys: Numbers


@dataclass(frozen=True)
class Quotes:
    """What some documents say, for people.

    Attributes:
        templates: of the sites.
    """

    templates: Templates

    def __call__(self, documents: Sequence[Document]) -> list[tuple[int, Quote]]:
        """The number of the name of each, and what it says."""
        lines = lines_of([document.text for document in documents])
        keys = self.templates.left(lines, _sites(documents))
        found: list[tuple[int, Quote]] = []
        at = 0
        for document in documents:
            texts = document.text.split("\n")
            own = keys[at : at + len(texts)]
            at += len(texts)
            said = np.flatnonzero(own)
            shown = [texts[index].strip()[:_QUOTED_CHARS] for index in said[:_QUOTED_LINES].tolist()]
            found.append((digest(document.name), Quote(shown, own[said])))
        return found


@dataclass(frozen=True)
class Sketches:
    """Bands of documents, by what they say in lines that are long enough, without the templates of their sites.

    Attributes:
        templates: of the sites.
    """

    templates: Templates

    def __call__(self, documents: Sequence[Document]) -> tuple[Numbers, NDArray[Any]]:
        """Numbers of the names of those that say enough, and rows of the kind `near.BANDED` without their documents: as many for each."""
        texts = [document.text for document in documents]
        gone = self.templates.find_many(texts, [document.site for document in documents])
        keys = key("\n".join(texts)).split("\n")
        prose: list[str] = []
        at = 0
        for text, templates in zip(texts, gone, strict=True):
            size = text.count("\n") + 1
            own = [line for index, line in enumerate(keys[at : at + size]) if index not in templates]
            long = "".join(line for line in own if len(line) >= PROSE_LETTERS)
            prose.append(long if len(long) >= near.LEAST_LETTERS else "".join(own))
            at += size
        sketched = near.sketches_of(prose)
        rows = np.zeros(sketched.bands[sketched.there].shape, near.BANDED)
        rows["band"], rows["glance"] = sketched.bands[sketched.there], sketched.glances[sketched.there]
        return _names(documents)[sketched.there], rows


@dataclass(frozen=True)
class Shingles:
    """Shingles of what is left of documents when they are cleaned. They are halved: whoever compares two documents needs no more.

    Attributes:
        cleaner: cleans them.
    """

    cleaner: CorpusCleaner

    def __call__(self, documents: Sequence[Document]) -> tuple[Numbers, NDArray[np.int64], NDArray[np.uint32]]:
        """Numbers of their names, how many shingles each has, and the shingles."""
        found = [_halved(near.shingles_of(near.letters_of(text))) for text in self._cleaned(documents)]
        sizes = np.array([len(shingles) for shingles in found], np.int64)
        return _names(documents), sizes, np.concatenate([np.empty(0, np.uint32), *found])

    def _cleaned(self, documents: Sequence[Document]) -> list[str]:
        """The documents, clean; one that cannot be cleaned says nothing, and so is like no other."""
        sited = self.cleaner.knowing({document.name: document.site for document in documents})
        try:
            names = [document.name for document in documents]
            return list(sited.on_trial().clean_many([document.text for document in documents], names=names))
        except ZhnormError:
            return [self._one(sited, document) for document in documents]

    def _one(self, cleaner: CorpusCleaner, document: Document) -> str:
        try:
            return next(cleaner.clean_many([document.text], names=[document.name]))
        except ZhnormError:
            return ""


def _halved(shingles: Numbers) -> NDArray[np.uint32]:
    return distinct((shingles >> np.uint64(32)).astype(np.uint32))
