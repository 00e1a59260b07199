"""What Spark's Python processes do with rows, a batch of Arrow at a time. Everything that is decided is decided by the functions that
`local` calls; here they are given what they need, and what they give is made rows of.

Each class is one step: its fields are sent to the processes, `run` is given to `mapInArrow`, and `SCHEMA` is what it makes. A document is known by
its *place*, a number that grows from document to document of the corpus, so that steps find the same first one as `local` does, in
whatever order rows come. Texts that people wrote travel as bytes: they may hold lone surrogates. Numbers of 64 bits without a sign
are those with one that have the same bits. Arrays travel as bytes as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow
from pyspark import SparkFiles

from zhnorm.arrays.character_kinds import new_runs

from . import near, studies
from .columns import distinct, look_up
from .copies import Keep, copies, ranks, said_by
from .counts import CHOSEN, ROWS, Wanted, rows_of
from .keys import LINE_KINDS, Lines, numbers_of, site_numbers
from .seen import LEAST_SHARE, Seen, are_paragraphs
from .spark_rows import MetRows, told

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyspark import Broadcast

    from zhnorm.limits import Limits
    from zhnorm.rules.model import Pack
    from zhnorm.settings import Settings

    from .cleaner import CorpusCleaner
    from .keys import Numbers
    from .templates import Templates

__all__ = [
    "Bands",
    "Candidates",
    "Choose",
    "Copied",
    "Examples",
    "Firsts",
    "LineRows",
    "Recipe",
    "Resolved",
    "Said",
    "Shingled",
    "Surveyed",
    "written",
]

Batches = Iterable[Any]
LIKE = np.dtype([("gone", "<i8"), ("stays", "<i8"), ("likeness", "<f8")])
RANKED = np.dtype([("place", "<i8"), ("group", "<i8"), ("rank", "<i8")])


def made(**columns: Any) -> Any:
    """A batch of rows."""
    arrays = [
        pyarrow.array(_signed(column) if isinstance(column, np.ndarray) else column) for column in columns.values()
    ]
    return pyarrow.RecordBatch.from_arrays(arrays, names=list(columns))


def _signed(numbers: NDArray[Any]) -> NDArray[Any]:
    if numbers.dtype.kind != "u":
        return np.ascontiguousarray(numbers)
    return np.ascontiguousarray(numbers).view(f"i{numbers.itemsize}")


def numbers_in(batch: Any, name: str, kind: str = "<i8") -> NDArray[Any]:
    """A column of numbers; as numbers without a sign, if that is their kind."""
    return batch.column(batch.schema.names.index(name)).to_numpy(zero_copy_only=False).view(kind)  # type: ignore[no-any-return]


def gathered(batches: Batches, kind: np.dtype[Any]) -> NDArray[Any]:
    """All rows of a partition, with the columns that have the names of a kind of rows."""
    assert kind.names is not None
    parts = []
    for batch in batches:
        rows = np.empty(batch.num_rows, kind)
        for name in kind.names:
            rows[name] = numbers_in(batch, name, kind[name].str)
        parts.append(rows)
    return np.concatenate([np.empty(0, kind), *parts])


def written(rows: NDArray[Any]) -> Iterator[Any]:
    """Rows as one row that holds their bytes; none for none."""
    if len(rows):
        yield made(rows=[np.ascontiguousarray(rows).tobytes()])


def _parts(sizes: NDArray[Any]) -> list[tuple[int, int]]:
    """Where each of some parts that stand one behind the other begins and ends."""
    return list(pairwise([0, *np.cumsum(sizes).tolist()]))


class Chunk(NamedTuple):
    """Some documents of the survey: their places, the names of their sites, and their lines."""

    places: NDArray[np.int64]
    sites: list[str]
    lines: Lines

    @classmethod
    def of(cls, batch: Any) -> Chunk:
        parts = {
            name: np.frombuffer(b"".join(batch.column(batch.schema.names.index(name)).to_pylist()), kind)
            for name, kind in LINE_KINDS.items()
        }
        sites = batch.column(batch.schema.names.index("site")).to_pylist()
        lines = Lines(numbers_in(batch, "lines"), bodies=numbers_in(batch, "body", "<u8"), **parts)
        return cls(numbers_in(batch, "place"), [told(site) for site in sites], lines)

    def numbers(self) -> Numbers:
        """The numbers of their sites."""
        return site_numbers(self.sites)


@dataclass(frozen=True)
class Surveyed:
    """Looks at documents, as `survey.make_survey` does."""

    rows: MetRows
    SCHEMA = (
        "place long, name binary, id binary, site binary, date long, body long, lines long, "
        "forms binary, keys binary, letters binary, before binary, behind binary"
    )

    def run(self, batches: Batches) -> Iterator[Any]:
        """Documents become rows with the numbers of their lines."""
        for places, documents in self.rows.documents(batches):
            found = studies.look(documents).lines
            parts = _parts(found.counts)
            columns: dict[str, list[bytes]] = {}
            for name, kind in LINE_KINDS.items():
                data, size = np.ascontiguousarray(getattr(found, name), kind).tobytes(), np.dtype(kind).itemsize
                columns[name] = [data[size * start : size * stop] for start, stop in parts]
            yield made(
                place=places,
                name=[written_text(document.name) for document in documents],
                id=[written_text(document.id) for document in documents],
                site=[written_text(document.site) for document in documents],
                date=np.array([document.date for document in documents], np.int64),
                body=found.bodies,
                lines=found.counts.astype(np.int64),
                **columns,
            )


def written_text(text: str) -> bytes:
    """A text as bytes, whatever is in it; `told` reads it."""
    return text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True)
class LineRows:
    """Makes rows of the kind `ROWS` of the lines of documents.

    Attributes:
        sites: the place of each site, by its name.
    """

    sites: Broadcast[dict[str, int]]
    SCHEMA = "line long, body long, site int, at int, before int, behind int"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Documents of the survey become their lines."""
        for batch in batches:
            chunk = Chunk.of(batch)
            rows = rows_of(chunk.lines, np.array([self.sites.value[site] for site in chunk.sites], np.uint32))
            rows = rows[rows["site"] > 0]
            yield made(**{name: rows[name] for name in ROWS.names or ()})


@dataclass(frozen=True)
class Choose:
    """Chooses templates; all rows of a line are in one partition.

    Attributes:
        wanted: what makes a line a template.
        of: how many different pages each site has, by its place.
    """

    wanted: Wanted
    of: Broadcast[NDArray[np.int64]]
    SCHEMA = "rows binary"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Rows of the kind `ROWS` become some of the kind `CHOSEN`."""
        of_sites, of_many = self.wanted.choose(gathered(batches, ROWS), self.of.value)
        yield from written(np.concatenate([np.empty(0, CHOSEN), of_sites, of_many]))


@dataclass(frozen=True)
class Firsts:
    """Finds documents that have lines.

    Attributes:
        wanted: numbers of lines with their sites, in order.
    """

    wanted: Broadcast[Numbers]
    SCHEMA = "line int, place long"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Of each line that is wanted the place of the first document of a batch that has it."""
        for batch in batches:
            chunk = Chunk.of(batch)
            found, hits = studies.hits_of(chunk.lines, chunk.numbers(), self.wanted.value)
            documents = np.repeat(chunk.places, chunk.lines.counts)[hits]
            order = np.lexsort((documents, found))
            order = order[new_runs(found[order])]
            yield made(line=found[order].astype(np.int32), place=documents[order])


@dataclass(frozen=True)
class Examples:
    """Finds out how lines are written.

    Attributes:
        wanted: numbers of lines with their sites, in order.
        places: of the documents that are looked at, in order.
    """

    rows: MetRows
    wanted: Broadcast[Numbers]
    places: Broadcast[NDArray[np.int64]]
    SCHEMA = "place long, line long, name binary, text binary"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Documents become lines that are wanted."""
        for places, documents in self.rows.documents(batches, among=self.places.value):
            # Rows come in any order, and the first document is to show how a line is written.
            ordered = [documents[index] for index in np.argsort(places).tolist()]
            found = studies.Examples(self.wanted.value)(ordered)
            by_name = dict(zip([document.name for document in documents], places.tolist(), strict=True))
            yield made(
                place=np.array([by_name[name] for _, (name, _) in found], np.int64),
                line=np.array([number for number, _ in found], np.uint64),
                name=[written_text(name) for _, (name, _) in found],
                text=[written_text(text) for _, (_, text) in found],
            )


@lru_cache(maxsize=1)
def _index(name: str) -> Seen:
    """The index of what was seen, which was sent to this machine; opened once in a process."""
    return Seen(SparkFiles.get(name), read_only=True)


@dataclass(frozen=True)
class Said:
    """Finds out what documents say without templates, and how much of it was seen.

    Attributes:
        templates: what is left aside.
        index: what the index of what was seen is called on each machine; empty if there is none.
    """

    templates: Broadcast[Templates]
    index: str
    SCHEMA = "place long, number long, letters long, date long, share double, tell binary"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Documents of the survey become rows of what they say; `tell` is what an index that grows is told of each."""
        for batch in batches:
            chunk = Chunk.of(batch)
            keys = self.templates.value.left(chunk.lines, chunk.numbers())
            counts, letters = chunk.lines.counts, chunk.lines.letters
            said = said_by(keys, letters, counts)
            shares = np.zeros(len(counts))
            if self.index:
                shares = _index(self.index).shares_of(keys, letters, counts)
            yield made(
                place=chunk.places,
                # What was seen is nobody's copy.
                number=np.where(shares >= LEAST_SHARE, np.uint64(0), said.numbers),
                letters=said.letters.astype(np.int64),
                date=numbers_in(batch, "date"),
                share=shares,
                tell=list(_told_apart(said.numbers, np.where(are_paragraphs(keys, letters), keys, 0), counts)),
            )


def _told_apart(numbers: Numbers, paragraphs: Numbers, counts: NDArray[np.int64]) -> Iterator[bytes]:
    """What an index is told of each document: its number and those of its long paragraphs, where they are not 0."""
    for number, (start, stop) in zip(numbers, _parts(counts), strict=True):
        own = np.append(number, paragraphs[start:stop])
        yield own[own != 0].tobytes()


@dataclass(frozen=True)
class Copied:
    """Finds copies; all documents that say the same are in one partition.

    Attributes:
        keep: which of several stays.
    """

    keep: Keep
    SCHEMA = "rows binary"
    SAID = np.dtype([("place", "<i8"), ("number", "<u8"), ("letters", "<i8"), ("date", "<i8")])

    def run(self, batches: Batches) -> Iterator[Any]:
        """What documents say becomes pairs: the one that goes, and the one that stays."""
        rows = np.sort(gathered(batches, self.SAID), order="place")
        gone, stays = copies(rows["number"], ranks(self.keep, rows["letters"], rows["date"]))
        found = np.empty(len(gone), near.PAIR)
        found["one"], found["other"] = rows["place"][gone], rows["place"][stays]
        yield from written(found)


@dataclass(frozen=True)
class Bands:
    """Sketches documents.

    Attributes:
        templates: what is left aside.
        gone: places of documents that go, in order.
    """

    rows: MetRows
    templates: Broadcast[Templates]
    gone: Broadcast[NDArray[np.int64]]
    SCHEMA = "band long, glance long, document long"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Documents become their bands, a row each."""
        for places, documents in self.rows.documents(batches, without=self.gone.value):
            names, rows = studies.Sketches(self.templates.value)(documents)
            own = numbers_of(document.name for document in documents)
            order = np.argsort(own)
            rows["document"] = places[order[look_up(names, own[order])]][:, None]
            yield made(**{name: rows[name].reshape(-1) for name in near.BANDED.names or ()})


@dataclass(frozen=True)
class Candidates:
    """Finds documents that share a band; all that have it are in one partition.

    Attributes:
        least: how alike they must be, over 0 to 1.
    """

    least: float
    SCHEMA = "rows binary"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Bands become pairs of documents."""
        yield from written(near.candidates(gathered(batches, near.BANDED), self.least))


@dataclass(frozen=True)
class Recipe:
    """What cleaners are made of in each process.

    Attributes:
        name: of this recipe, like no other: by it alone recipes are told apart.
        settings: what to do.
        own_packs: rule packs of a user's own.
        limits: what one document may cost.
        templates: what goes from the pages of sites.
        found: what the files with what is known of documents are called on each machine; empty: nothing is known.
    """

    name: str
    settings: Settings | None = field(compare=False)
    own_packs: tuple[Pack, ...] = field(compare=False)
    limits: Limits = field(compare=False)
    templates: Broadcast[Templates] = field(compare=False)
    found: str = field(default="", compare=False)

    def cleaner(self) -> CorpusCleaner:
        """The cleaner of this process."""
        return _cleaner(self)


@lru_cache(maxsize=2)
def _cleaner(recipe: Recipe) -> CorpusCleaner:
    from zhnorm.limits import Limits

    from .cleaner import CorpusCleaner
    from .found import Found

    return CorpusCleaner(
        recipe.settings,
        own_packs=recipe.own_packs,
        limits=Limits(seconds=recipe.limits.seconds),
        templates=recipe.templates.value,
        found=Found(SparkFiles.get(recipe.found)) if recipe.found else None,
    )


@dataclass(frozen=True)
class Shingled:
    """Cleans candidates.

    Attributes:
        recipe: of the cleaner.
        ranked: the candidates with their groups and ranks, by their places.
    """

    rows: MetRows
    recipe: Recipe
    ranked: Broadcast[NDArray[Any]]
    SCHEMA = "place long, group long, rank long, shingles binary"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Documents become the shingles of what is left of them."""
        ranked = self.ranked.value
        for places, documents in self.rows.documents(batches, among=ranked["place"]):
            _, sizes, shingles = studies.Shingles(self.recipe.cleaner())(documents)
            of = ranked[look_up(places, ranked["place"])]
            yield made(
                place=places,
                group=of["group"],
                rank=of["rank"],
                shingles=[shingles[start:stop].tobytes() for start, stop in _parts(sizes)],
            )


@dataclass(frozen=True)
class Resolved:
    """Decides which candidates go; all documents of a group are in one partition.

    Attributes:
        pairs: those of each group.
        least: how alike they must be, over 0 to 1.
    """

    pairs: Broadcast[list[NDArray[np.int64]]]
    least: float
    SCHEMA = "rows binary"

    def run(self, batches: Batches) -> Iterator[Any]:
        """Shingles become documents that go, the ones that stay, and how alike they are."""
        shingles: dict[int, bytes] = {}
        rows = [np.empty(0, RANKED)]
        for batch in batches:
            rows.append(gathered([batch], RANKED))
            shingles |= zip(rows[-1]["place"].tolist(), batch.column(3).to_pylist(), strict=True)
        table = np.sort(np.concatenate(rows), order=["group", "place"])
        rank = dict(zip(table["place"].tolist(), table["rank"].tolist(), strict=True))
        found: list[near.Pair] = []
        for number in distinct(table["group"]).tolist():
            members = table["place"][table["group"].searchsorted(number) : table["group"].searchsorted(number, "right")]
            group = near.Group(members, self.pairs.value[number])
            found += near.resolve(
                group, rank.__getitem__, lambda place: np.frombuffer(shingles[place], "<u4"), self.least
            )
        yield from written(np.array([tuple(pair) for pair in found], LIKE))


def rows_written(rows: Sequence[Any], kind: np.dtype[Any]) -> NDArray[Any]:
    """Rows that `written` made bytes of."""
    return np.concatenate([np.empty(0, kind), *(np.frombuffer(bytes(row[0]), kind) for row in rows)])
