"""The corpus on one machine: each step reads what the ones before it left on disk, and needs no more memory for a million documents.

    survey      all documents are read, by all processes: numbers of lines, in columns on disk
    templates   lines are counted in buckets; the templates, each with an example
    said        what each document says without them; copies, and what was seen before
    near        sketches of documents without templates; candidates; candidates cleaned, and compared
    found       what goes, for the cleaning
    sites       what goes from each site, with examples, for the report

Then the documents are cleaned as by `zhnorm clean`, with a cleaner that knows what was found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

from zhnorm.batch.job import Failure
from zhnorm.limits import Limits

from . import near, studies
from .cleaner import CorpusCleaner
from .columns import Buckets, Column, look_up, parts, read_column, read_part
from .copies import SAYING, Keep, copies, preferences, said_by
from .counts import ROWS, Wanted, line_of_site, rows_of
from .found import RULES, VERDICT, Found, verdicts_by, write_found
from .keys import site_numbers
from .seen import LEAST_SHARE, Seen
from .site_report import read_sites, write_sites
from .survey import Survey, make_survey
from .templates import Templates, as_templates, numbers_of_chosen

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from zhnorm.report.sites import Site
    from zhnorm.rules.model import Pack
    from zhnorm.settings import Settings

    from .documents import Sources
    from .steps import Steps

__all__ = ["Aims", "Local"]

Failed = Callable[[Failure], object]
_SAID = {"numbers": "<u8", "letters": "<i8"}
_NAMED = np.dtype([("name", "<u8"), ("document", "<u4")])


@dataclass(frozen=True, slots=True)
class Aims:
    """What is to be found.

    Attributes:
        wanted: what makes a line a template; None: none is learned.
        templates: those that go; None: none are given.
        keep: which document of several that say the same stays.
        near: how alike documents must be to be copies of each other, over 0 to 1; None: only those that say the same.
        seen: the index of what was seen before; empty: none.
    """

    wanted: Wanted | None = Wanted()
    templates: Templates | None = None
    keep: Keep = "longest"
    near: float | None = None
    seen: str = ""


class Local:
    """The steps for one corpus.

    Args:
        sources: where the documents are.
        aims: what is to be found.
        steps: where results are kept.
        settings: how candidates are cleaned before they are compared.
        own_packs: likewise.
        failed: told about documents that cannot be read, once.
        reports: `sites` is asked for once documents are found.
    """

    def __init__(
        self,
        sources: Sources,
        aims: Aims,
        steps: Steps,
        *,
        settings: Settings | None = None,
        own_packs: tuple[Pack, ...] = (),
        failed: Failed = lambda _: None,
        reports: bool = False,
    ) -> None:
        self._reports = reports
        self._sources, self._aims, self._steps, self._failed = sources, aims, steps, failed
        self._settings, self._own_packs = settings, own_packs

    @cached_property
    def survey(self) -> Survey:
        """What is known of all documents after one pass."""
        return Survey(self._steps.step("survey", lambda folder: make_survey(self._sources, folder, self._failed)))

    @cached_property
    def templates(self) -> Templates:
        """The templates of the sites: those that were given, or those that were learned."""
        if self._aims.templates is not None:
            return self._aims.templates
        if self._aims.wanted is None:
            return Templates()
        return Templates.load(os.path.join(self._steps.step("templates", self._learn), "templates.jsonl"))

    @cached_property
    def found(self) -> Found:
        """What is known of the documents for the cleaning. Afterwards what only led to it is thrown away."""
        found = Found(self._steps.step("found", self._find))
        if self._reports:
            self._sum_up(found)
        self.__dict__.pop("survey", None)  # what is mapped of it is counted as memory of this process
        if not self._aims.seen:
            self._clear_up()
        return found

    @cached_property
    def sites(self) -> list[Site]:
        """What the report shows of each site."""
        return read_sites(self._sum_up(self.found), self.templates)

    def _sum_up(self, found: Found) -> str:
        return self._steps.step("sites", lambda folder: write_sites(folder, self.survey, found, self._quotes))

    def _quotes(self, names: NDArray[np.uint64]) -> dict[int, studies.Quote]:
        """What some documents say, by the numbers of their names, which are in order."""
        parts = self._sources.study(studies.Quotes(self.templates), among=names) if len(names) else ()
        return dict(quote for part in parts for quote in part)

    def cleaner(self, limits: Limits) -> CorpusCleaner:
        """What cleans the documents, knowing what was found."""
        return CorpusCleaner(
            self._settings,
            own_packs=self._own_packs,
            limits=Limits(seconds=limits.seconds),
            templates=self.templates,
            found=self.found,
        )

    def add_to_seen(self) -> int:
        """Add to the index of what was seen what stays, once the documents are cleaned; say how much it holds then."""
        self._steps.step("added", self._add)
        self._clear_up()
        with Seen(self._aims.seen, read_only=True) as seen:
            return len(seen)

    def _clear_up(self) -> None:
        for name in ("survey", "said", "names", "candidates", "shingles"):
            self._steps.forget(name)

    def _learn(self, folder: str) -> None:
        """Count lines, and write the templates among them."""
        survey, wanted = self.survey, self._aims.wanted or Wanted()
        of = survey.pages(folder)
        rows = int(survey.documents["lines"].sum(dtype=np.int64))
        with Buckets(folder, ROWS, line_of_site, rows) as shared:
            for chunk in survey.chunks():
                found = rows_of(chunk.lines, chunk.documents["site"])
                shared.add_rows(found[found["site"] > 0])
        found = wanted.choose_in(shared, of)
        examples = self._examples(np.sort(numbers_of_chosen(found, survey.sites)))
        Templates(as_templates(found, survey.sites, examples)).save(os.path.join(folder, "templates.jsonl"))

    def _examples(self, wanted: NDArray[np.uint64]) -> Mapping[int, tuple[str, str]]:
        """A document for each of some lines of sites, by their numbers, and how the line is written there."""
        sites = site_numbers(self.survey.sites)
        first = np.full(len(wanted), -1, np.int64)
        for chunk in self.survey.chunks():
            documents = chunk.first + np.repeat(np.arange(len(chunk.documents)), chunk.lines.counts)
            places, hits = studies.hits_of(chunk.lines, sites[chunk.documents["site"]], wanted)
            new = first[places] < 0
            # From the end, so that the first one stays.
            first[places[new][::-1]] = documents[hits[new][::-1]]
        names = np.sort(self.survey.documents["name"][np.unique(first[first >= 0])])
        found: dict[int, tuple[str, str]] = {}
        with closing(self._sources.study(studies.Examples(wanted), among=names)) as study:
            for part in study:
                for number, example in part:
                    found.setdefault(number, example)
                if len(found) == np.count_nonzero(first >= 0):
                    break  # most are on the first pages of their sites, and nobody waits for the rest of the corpus
        return found

    def _said(self, folder: str) -> None:
        """What each document says without the templates of its site."""
        survey, templates = self.survey, self.templates
        sites = site_numbers(survey.sites)
        with (
            Column(os.path.join(folder, "keys"), "<u8") as keys,
            Column(os.path.join(folder, "numbers"), _SAID["numbers"]) as numbers,
            Column(os.path.join(folder, "letters"), _SAID["letters"]) as letters,
        ):
            for chunk in survey.chunks():
                left = templates.left(chunk.lines, sites[chunk.documents["site"]])
                said = said_by(left, chunk.lines.letters, chunk.lines.counts)
                for column, found in ((keys, left), (numbers, said.numbers), (letters, said.letters)):
                    column.add(found)

    def _find(self, folder: str) -> None:
        """Decide which documents go."""
        survey = self.survey
        said = self._steps.step("said", self._said)
        verdicts = [np.concatenate([np.empty(0, VERDICT), *self._seen_before(said)])]
        verdicts.append(self._copies(folder, said, verdicts[0]["document"]))
        if self._aims.near is not None:
            left = np.ones(len(survey), bool)
            for part in verdicts:
                left[part["document"]] = False
            verdicts.append(np.fromiter(self._near(left, said, self._aims.near), VERDICT))
        write_found(folder, survey, np.concatenate(verdicts), self._aims.seen)

    def _copies(self, folder: str, said: str, seen: NDArray[np.int64]) -> NDArray[Any]:
        """The documents that say what another one says, which was not seen before."""
        numbers, letters = (read_column(os.path.join(said, name), kind) for name, kind in _SAID.items())
        with Buckets(folder, SAYING, itemgetter("said"), len(numbers)) as shared:
            for some in parts(len(numbers)):
                rows = np.empty(some.stop - some.start, SAYING)
                rows["said"], rows["preference"] = numbers[some], self._preferences(letters, some)
                rows["document"] = np.arange(some.start, some.stop)
                rows["said"][seen[(seen >= some.start) & (seen < some.stop)] - some.start] = 0
                shared.add_rows(rows[rows["said"] != 0])
        found = [np.empty(0, VERDICT)]
        for rows in shared:
            gone, twins = (rows["document"][places] for places in copies(rows["said"], rows["preference"]))
            found.append(verdicts_by("corpus/copy", gone, twins))
        return np.concatenate(found)

    def _preferences(self, letters: NDArray[np.int64], some: slice) -> NDArray[np.int64]:
        """Which of some documents are preferred to others that say the same, given with the letters of all."""
        return preferences(self._aims.keep, letters[some], self.survey.documents["date"][some])

    def _seen_before(self, said: str) -> Iterator[NDArray[Any]]:
        """The documents that an index knows."""
        if not (self._aims.seen and os.path.isdir(self._aims.seen)):
            return
        with Seen(self._aims.seen, read_only=True) as seen:
            for first, keys, letters, counts in self._lines_said(said):
                shares = seen.shares_of(keys, letters, counts)
                known = np.flatnonzero(shares >= LEAST_SHARE)
                yield verdicts_by("corpus/seen", first + known, likeness=shares[known])

    def _lines_said(self, said: str) -> Iterator[tuple[int, NDArray[Any], NDArray[Any], NDArray[Any]]]:
        """Lines without templates: the number of the first document, keys, letters, and how many lines each document has."""
        line = 0
        for chunk in self.survey.chunks():
            stop = line + len(chunk.lines.keys)
            keys = read_part(os.path.join(said, "keys"), "<u8", line, stop)
            yield chunk.first, keys, chunk.lines.letters, chunk.lines.counts
            line = stop

    def _add(self, _: str) -> None:
        """Add what stays to the index of what was seen."""
        with Seen(self._aims.seen) as seen:
            for first, keys, letters, counts in self._lines_said(self._steps.step("said", self._said)):
                some = self.found.staying(self.survey.documents["name"][first : first + len(counts)])
                lines = np.repeat(some, counts)
                seen.add_lines(keys[lines], letters[lines], counts[some])

    def _names(self, folder: str) -> None:
        """Write the numbers of the names of all documents in order, and which document each is of."""
        survey = self.survey
        with Buckets(folder, _NAMED, itemgetter("name"), len(survey)) as shared:
            for some in parts(len(survey)):
                rows = np.empty(some.stop - some.start, _NAMED)
                rows["name"], rows["document"] = survey.documents["name"][some], np.arange(some.start, some.stop)
                shared.add_rows(rows)
        with (
            Column(os.path.join(folder, "names"), "<u8") as names,
            Column(os.path.join(folder, "order"), "<u4") as order,
        ):
            for rows in shared:
                rows = rows[np.argsort(rows["name"], kind="stable")]  # noqa: PLW2901
                names.add(rows["name"])
                order.add(rows["document"])

    def _near(self, left: NDArray[np.bool_], said: str, least: float) -> Iterator[tuple[int, int, int, float]]:
        """The documents that nearly say what another one says, as rows of the kind `VERDICT`."""
        named = self._steps.step("names", self._names)
        names, order = (
            read_column(os.path.join(named, "names"), "<u8"),
            read_column(os.path.join(named, "order"), "<u4"),
        )

        def documents_called(found: NDArray[np.uint64]) -> NDArray[np.int64]:
            """Documents by the numbers of their names; -1: one that was not there before."""
            places = look_up(found, names)
            return np.where(places >= 0, order[places].astype(np.int64), -1)

        step = self._steps.step("candidates", lambda folder: self._candidates(folder, left, documents_called, least))
        found = read_column(os.path.join(step, "pairs"), near.PAIR)
        if not len(found):
            return
        pairs = np.stack([found["one"], found["other"]], 1)
        folder = self._steps.step("shingles", lambda folder: self._compare(folder, np.unique(pairs), documents_called))
        shingles = read_column(os.path.join(folder, "shingles"), "<u4")
        rows = np.sort(read_column(os.path.join(folder, "documents"), studies.SHINGLED), order="document")
        compared = np.ascontiguousarray(rows["document"])

        def shingles_of(document: int) -> NDArray[np.uint32]:
            place = int(np.searchsorted(compared, document))
            if place == len(compared) or compared[place] != document:
                return np.empty(0, np.uint32)  # it was not there any more
            return np.array(shingles[rows["start"][place] : rows["stop"][place]])

        letters = read_column(os.path.join(said, "letters"), _SAID["letters"])

        def preference(document: int) -> int:
            return int(self._preferences(letters, slice(document, document + 1))[0])

        rule = RULES.index("corpus/near")
        for group in near.groups(pairs):
            for gone, stays, alike in near.resolve(group, preference, shingles_of, least):
                yield gone, rule, stays, alike

    def _candidates(
        self,
        folder: str,
        left: NDArray[np.bool_],
        documents_called: Callable[[NDArray[np.uint64]], NDArray[np.int64]],
        least: float,
    ) -> None:
        """Write pairs of documents that may be alike, among those that are left."""
        with Buckets(folder, near.BANDED, itemgetter("band"), near.BANDS * int(left.sum())) as shared:
            for names, rows in self._sources.study(studies.Sketches(self.templates), count=len(self.survey)):
                documents = documents_called(names)
                rows["document"] = documents[:, None]
                shared.add_rows(rows[(documents >= 0) & left[documents]].reshape(-1))
        with Column(os.path.join(folder, "shared"), near.PAIR) as column:
            for bucket in shared:
                column.add(near.candidates(bucket, least))
        # Once for each pair, however many bands its documents share.
        found = read_column(os.path.join(folder, "shared"), near.PAIR)
        with Buckets(folder, near.PAIR, near.pair_number, len(found)) as shared:
            for some in parts(len(found)):
                shared.add_rows(np.array(found[some]))
        with Column(os.path.join(folder, "pairs"), near.PAIR) as column:
            for bucket in shared:
                column.add(np.unique(bucket))
        os.unlink(os.path.join(folder, "shared"))

    def _compare(
        self,
        folder: str,
        documents: NDArray[np.int64],
        documents_called: Callable[[NDArray[np.uint64]], NDArray[np.int64]],
    ) -> None:
        """Clean the candidates, and write the shingles of what is left of them."""
        names = np.sort(self.survey.documents["name"][documents])
        cleaner = CorpusCleaner(
            self._settings, own_packs=self._own_packs, limits=self._sources.limits, templates=self.templates
        )
        at = 0
        with (
            Column(os.path.join(folder, "shingles"), "<u4") as column,
            Column(os.path.join(folder, "documents"), studies.SHINGLED) as table,
        ):
            for found, sizes, shingles in self._sources.study(studies.Shingles(cleaner), among=names):
                rows = np.empty(len(found), studies.SHINGLED)
                rows["document"], rows["stop"] = documents_called(found), at + np.cumsum(sizes)
                rows["start"] = rows["stop"] - sizes
                at += int(sizes.sum())
                column.add(shingles)
                table.add(rows)


def ask_seen(
    sources: Sources, index: str, templates: Templates, *, add: bool, failed: Failed
) -> Iterator[tuple[str, float, bool]]:
    """Ask an index for documents.

    Args:
        sources: where they are.
        index: its folder.
        templates: what is left aside of them.
        add: add them, once all were asked for.
        failed: told about documents that cannot be read.

    Yields:
        The name of each, how much of it was seen, 0 to 1, and whether anybody says of which site it is.
    """
    if add:
        Seen(index).close()
    study = studies.Said(templates)
    with Seen(index, read_only=True) as seen:
        for (names, sited), keys, letters, counts in sources.study(study, failed):
            yield from zip(names, seen.shares_of(keys, letters, counts).tolist(), sited, strict=True)
    if add:
        with Seen(index) as seen:
            for _, keys, letters, counts in sources.study(study):
                seen.add_lines(keys, letters, counts)
