"""The corpus on Apache Spark: the steps of `local`, with the same functions, over rows that Spark moves.

What is large (lines, bands, texts) stays with Spark. This process holds the sites, the templates, the pairs of candidates, and what is known of
the documents that go. Whatever is decided depends on the documents and their order alone, so that it comes out as it does on one
machine, however many partitions there are.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np
from pyspark import StorageLevel
from pyspark.sql import functions

from zhnorm.batch.write import make_folder
from zhnorm.errors import ExitCode, UsageError
from zhnorm.messages import Message

from . import near
from . import spark_maps as maps
from .cleaner import CorpusCleaner
from .columns import BUCKET_ROWS, look_up
from .copies import ranks
from .counts import CHOSEN
from .found import RULES, VERDICT, Found, verdicts_by, write_found
from .keys import digest
from .local import Aims
from .seen import LEAST_SHARE, Seen
from .spark_rows import TALLY, Cleaned, told
from .templates import Templates, as_templates, numbers_of_chosen

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pyspark.sql import DataFrame, SparkSession

    from zhnorm.limits import Limits
    from zhnorm.rules.model import Pack
    from zhnorm.settings import Settings

    from .spark_session import Input

__all__ = ["Spark", "Wrote"]

_SHOWN_FAILURES = 20
_OWN = ("told", "documents", "changed", "failed")
"""The columns that stand beside what is written; see `spark_rows.TALLY`."""


@dataclass(slots=True)
class Wrote:
    """What came of the cleaning.

    Attributes:
        documents: that were cleaned.
        changed: those of them that are others now.
        failed: that could not be cleaned.
        failures: name and reason of the first of them.
        code: how a command ends.
    """

    documents: int = 0
    changed: int = 0
    failed: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    code: ExitCode = ExitCode.DONE


class Spark:
    """The steps for one corpus; use it in a `with` statement.

    Args:
        session: of Spark.
        source: the documents.
        aims: what is to be found.
        limits: what one document may cost.
        settings: how documents are cleaned.
        own_packs: likewise.
        partitions: into how many pieces work is divided at least; None: as many as there are processes.
        tell: told what is done.
    """

    def __init__(
        self,
        session: SparkSession,
        source: Input,
        aims: Aims,
        *,
        limits: Limits,
        settings: Settings | None = None,
        own_packs: tuple[Pack, ...] = (),
        partitions: int | None = None,
        tell: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._session, self._source, self._aims, self._tell = session, source, aims, tell
        self._limits, self._settings, self._own_packs = limits, settings, own_packs
        self._least = partitions or session.sparkContext.defaultParallelism
        self._stack = ExitStack()
        self._folder = ""

    def __enter__(self) -> Spark:
        self._folder = self._stack.enter_context(TemporaryDirectory(prefix="zhnorm-"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @cached_property
    def templates(self) -> Templates:
        """The templates of the sites: those that were given, or those that were learned."""
        if self._aims.templates is not None:
            return self._aims.templates
        if self._aims.wanted is None or not len(self):
            return Templates()
        self._tell("templates")
        rows = self._mapped(self._survey, maps.LineRows(self._send(self._site_places)))
        lines = sum(row["lines"] for row in self._sites.values())
        of = np.array([row["pages"] for row in self._sites.values()], np.int64)
        chosen = self._over(rows, "line", lines, maps.Choose(self._aims.wanted, self._send(of)), CHOSEN)
        names = list(self._sites)
        return Templates(as_templates(chosen, names, self._examples(np.sort(numbers_of_chosen(chosen, names)))))

    @property
    def sites(self) -> list[str]:
        """The names of all sites; the first, "", is that of documents without."""
        return list(self._sites)

    def __len__(self) -> int:
        """How many documents there are."""
        return sum(row["documents"] for row in self._sites.values())

    def counts(self) -> dict[str, int]:
        """How many documents go by each rule."""
        found = self._found.counts()
        return {**found, "": len(self) - sum(found[rule] for rule in RULES if rule)}

    def write(self, out: str, ledger: str | None, *, overwrite: bool) -> Wrote:
        """Clean the documents.

        Args:
            out: a folder of Spark's, for the clean documents: Parquet for Parquet, and JSON Lines for all others.
            ledger: one for the ledger; None: none is wanted.
            overwrite: what is there may go.
        """
        self._tell("cleaning")
        frame, source = self._source.frame, self._source
        clean = Cleaned(source.rows, self._recipe(found=True), ledger is not None)
        done = self._mapped(frame, clean, f"{source.schema or 'line binary'}, {TALLY}")
        done = self._kept(done)
        writer = "overwrite" if overwrite else "errorifexists"
        columns = done.drop(*_OWN)
        if source.rows.kind == "parquet":
            columns.write.mode(writer).parquet(out)
        else:
            lines = columns.where("line is not null")
            lines.select(functions.col("line").cast("string")).write.mode(writer).text(out)
        if ledger is not None:
            head = _Head(self._cleaner.digest)
            lines = self._mapped(done.where("told is not null").select("told"), head)
            lines.select(functions.col("line").cast("string")).write.mode(writer).text(ledger)
        return _summed(done)

    def add_to_seen(self) -> int:
        """Add to the index of what was seen what stays; say how much it holds then."""
        gone = np.ascontiguousarray(self._verdicts["document"])
        with Seen(self._aims.seen) as seen:
            for place, numbers in self._said.select("place", "tell").toLocalIterator(prefetchPartitions=True):
                if look_up(np.array([place]), gone)[0] < 0:
                    seen.add_numbers(np.frombuffer(bytes(numbers), "<u8"))
            return len(seen)

    # What is below is asked for in the order in which it stands.

    @cached_property
    def _survey(self) -> DataFrame:
        self._tell("survey")
        return self._kept(self._mapped(self._source.frame, maps.Surveyed(self._source.rows)))

    @cached_property
    def _sites(self) -> dict[str, dict[str, int]]:
        """Of each site how many documents, different pages, and lines it has; the first is that of documents without."""
        counted = self._survey.groupBy("site").agg(
            functions.count("*").alias("documents"),
            functions.countDistinct("body").alias("pages"),
            functions.sum("lines").alias("lines"),
        )
        found = {told(row["site"]): row.asDict() for row in counted.collect()}
        none = {"documents": 0, "pages": 0, "lines": 0}
        return {"": none, **{site: found[site] for site in sorted(found)}}

    @cached_property
    def _site_places(self) -> dict[str, int]:
        return {site: place for place, site in enumerate(self._sites)}

    def _examples(self, wanted: NDArray[np.uint64]) -> dict[int, tuple[str, str]]:
        """The first document for each of some lines of sites, by their numbers, and how the line is written there."""
        lines = self._send(wanted)
        firsts = self._mapped(self._survey, maps.Firsts(lines)).groupBy("line").agg(functions.min("place"))
        places = np.unique(np.array([place for _, place in firsts.collect()], np.int64))
        rows = self._mapped(self._source.frame, maps.Examples(self._source.rows, lines, self._send(places)))
        found: dict[int, tuple[str, str]] = {}
        for _, line, name, text in sorted(rows.collect(), key=lambda row: row["place"]):
            found.setdefault(line & 0xFFFFFFFFFFFFFFFF, (told(name), told(text)))
        return found

    @cached_property
    def _said(self) -> DataFrame:
        """What documents say without templates."""
        index = ""
        if self._aims.seen and os.path.isdir(self._aims.seen):
            index = self._ship(self._aims.seen)
        return self._kept(self._mapped(self._survey, maps.Said(self._send(self.templates), index)))

    @cached_property
    def _verdicts(self) -> NDArray[Any]:
        """The documents that go, by their places, with the places of those that stay."""
        self._tell("copies")
        verdicts = [np.empty(0, VERDICT)]
        if self._aims.seen:
            seen = self._said.where(functions.col("share") >= LEAST_SHARE).select("place", "share").collect()
            places, shares = zip(*seen, strict=True) if seen else ((), ())
            verdicts.append(verdicts_by("corpus/seen", places, likeness=shares))
        said = self._said.where("number != 0").select("place", "number", "letters", "date")
        pairs = self._over(said, "number", len(self), maps.Copied(self._aims.keep), near.PAIR)
        verdicts.append(verdicts_by("corpus/copy", pairs["one"], pairs["other"]))
        if self._aims.near is not None:
            verdicts.append(self._near(np.sort(np.concatenate(verdicts)["document"]), self._aims.near))
        return np.sort(np.concatenate(verdicts), order="document")

    def _near(self, gone: NDArray[np.int64], least: float) -> NDArray[Any]:
        """The documents that nearly say what another one says."""
        self._tell("near copies")
        rows = self._source.rows
        bands = self._mapped(self._source.frame, maps.Bands(rows, self._send(self.templates), self._send(gone)))
        # Once for each pair, however many bands its documents share.
        pairs = np.unique(self._over(bands, "band", near.BANDS * len(self), maps.Candidates(least), near.PAIR))
        if not len(pairs):
            return np.empty(0, VERDICT)
        groups = list(near.groups(np.stack([pairs["one"], pairs["other"]], 1)))
        ranked, linked = self._ranked(groups), [group.pairs for group in groups]
        shingles = self._mapped(self._source.frame, maps.Shingled(rows, self._recipe(), self._send(ranked)))
        found = self._over(shingles, "group", len(ranked), maps.Resolved(self._send(linked), least), maps.LIKE)
        return verdicts_by("corpus/near", *(found[name] for name in maps.LIKE.names or ()))

    def _ranked(self, groups: Sequence[near.Group]) -> NDArray[Any]:
        """Candidates by their places, with their groups, and their places among those that may stay."""
        table = np.empty(sum(len(group.documents) for group in groups), maps.RANKED)
        table["place"] = np.concatenate([group.documents for group in groups])
        table["group"] = np.repeat(np.arange(len(groups)), [len(group.documents) for group in groups])
        table.sort(order="place")
        said = np.zeros(len(table), maps.Copied.SAID)
        for place, letters, date in self._of(table["place"], self._said, "letters", "date"):
            row = said[np.searchsorted(table["place"], place)]
            row["letters"], row["date"] = letters, date
        table["rank"] = ranks(self._aims.keep, said["letters"], said["date"])
        return table

    @cached_property
    def _found(self) -> Found:
        """What is known of the documents that go, and of those that stay in their places, for the cleaning."""
        folder = os.path.join(self._folder, "found")
        make_folder(folder)
        verdicts = self._verdicts.copy()
        places = np.unique(np.concatenate([verdicts["document"], verdicts["twin"][verdicts["twin"] >= 0]]))
        few = _Few(places, self._of(places, self._survey, "name", "id", "site"))
        verdicts["document"] = np.searchsorted(places, verdicts["document"])
        verdicts["twin"] = np.where(verdicts["twin"] >= 0, np.searchsorted(places, verdicts["twin"]), -1)
        write_found(folder, few, verdicts, self._aims.seen)
        return Found(folder)

    @cached_property
    def _cleaner(self) -> CorpusCleaner:
        return CorpusCleaner(self._settings, own_packs=self._own_packs, templates=self.templates, found=self._found)

    def _of(self, places: NDArray[np.int64], frame: DataFrame, *names: str) -> list[Any]:
        """Columns of a few documents, behind their places."""
        if not len(places):
            return []
        wanted = self._session.createDataFrame([(place,) for place in places.tolist()], "place long")
        rows: list[Any] = frame.join(functions.broadcast(wanted), "place").select("place", *names).collect()
        return rows

    def _recipe(self, *, found: bool = False) -> maps.Recipe:
        """What cleaners are made of; of those that are compared nothing is known yet."""
        where = self._ship(self._found.folder) if found else ""
        return maps.Recipe(
            uuid.uuid4().hex, self._settings, self._own_packs, self._limits, self._send(self.templates), where
        )

    def _ship(self, folder: str) -> str:
        """Send a folder to all machines, once; say what it is called there."""
        name = f"zhnorm-{uuid.uuid4().hex}"
        path = shutil.make_archive(os.path.join(self._folder, name), "zip", folder)
        self._session.sparkContext.addArchive(f"{path}#{name}")
        return name

    def _send(self, value: Any) -> Any:
        """Send something to all processes, once."""
        return self._session.sparkContext.broadcast(value)

    def _mapped(self, frame: DataFrame, work: Any, schema: str = "") -> DataFrame:
        return frame.mapInArrow(work.run, schema or work.SCHEMA)

    def _over(self, frame: DataFrame, key: str, rows: int, work: Any, kind: np.dtype[Any]) -> NDArray[Any]:
        """Bring equal rows together, do something with each partition, and fetch what comes of it, which is little.

        Args:
            frame: the rows.
            key: the column by which rows are equal.
            rows: about how many there are.
            work: is given a partition.
            kind: of what it gives.
        """
        partitions = max(self._least, rows // BUCKET_ROWS + 1)
        met = frame.repartition(partitions, functions.col(key))
        return maps.rows_written(self._mapped(met, work).collect(), kind)

    def _kept(self, frame: DataFrame) -> DataFrame:
        """Rows that are needed more than once, on the disks of the machines that made them."""
        kept = frame.persist(StorageLevel.DISK_ONLY)
        self._stack.callback(kept.unpersist)
        return kept


class _Few:
    """Some documents of a corpus; see `found.Documents`.

    Args:
        places: of the documents, in order.
        rows: place, name, id and site of each.
    """

    def __init__(self, places: NDArray[np.int64], rows: Sequence[Any]) -> None:
        self._places = places
        self._names = {place: (told(name), told(own)) for place, name, own, _ in rows}
        sites = {place: told(site) for place, _, _, site in rows}
        self.sites = sorted(set(sites.values()))
        self.documents: NDArray[Any] = np.zeros(len(places), [("name", "<u8"), ("site", "<u4")])
        self.documents["name"] = [digest(self._names[place][0]) for place in places.tolist()]
        numbers = {site: number for number, site in enumerate(self.sites)}
        self.documents["site"] = [numbers[sites[place]] for place in places.tolist()]

    def called(self, index: int) -> tuple[str, str]:
        """The name of a document, and what its record calls itself."""
        return self._names[int(self._places[index])]


@dataclass(frozen=True)
class _Head:
    """Puts the first line of a ledger in front of each part of it, so that each is one.

    Attributes:
        digest: of the cleaner.
    """

    digest: str
    SCHEMA = "line binary"

    def run(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Lines of a ledger become a ledger."""
        from zhnorm._version import __version__
        from zhnorm.ledger.write import ledger_header

        yield maps.made(line=[ledger_header(version=__version__, cleaner=self.digest).removesuffix(b"\n")])
        for batch in batches:
            yield maps.made(line=batch.column(0))


def _summed(done: DataFrame) -> Wrote:
    """What came of the rows that were cleaned."""
    wrote = Wrote()
    sums = done.agg(functions.sum("documents"), functions.sum("changed")).collect()[0]
    wrote.documents, wrote.changed = (int(number or 0) for number in sums)
    for (data,) in done.where("failed is not null").select("failed").toLocalIterator():
        for name, reason, code in json.loads(bytes(data)):
            wrote.failed += 1
            wrote.code = max(wrote.code, ExitCode(code))
            if len(wrote.failures) < _SHOWN_FAILURES:
                wrote.failures.append((name, reason))
    return wrote


def check_folder(session: SparkSession, path: str, what: str, *, overwrite: bool) -> str:
    """A folder that is to be written, as Spark wants it.

    Args:
        session: knows the file system.
        path: of the folder.
        what: the option that names it.
        overwrite: it may be there.

    Raises:
        UsageError: it is there.
    """
    from .spark_session import full_path

    full = full_path(path)
    java = session.sparkContext._jvm
    assert java is not None
    place = java.org.apache.hadoop.fs.Path(full)
    if not overwrite and place.getFileSystem(session.sparkContext._jsc.hadoopConfiguration()).exists(place):
        said = Message("{what} {path}: is there already", what=what, path=path)
        raise UsageError(said, hint="--force replaces it; or choose another name")
    return full
