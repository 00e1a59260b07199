"""The documents of a corpus, read by as many processes as there are: files, and the records of files, with site, id and date.

What is done with them is up to a *study*, a function of some documents that gives back a small result, mostly arrays. Results come in the order
of the documents, whatever the number of processes. A document that cannot be read is passed over here; the cleaning says so.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from zhnorm.arrays.character_table import load_arrays
from zhnorm.arrays.expressions import expression
from zhnorm.batch.document import FileDocument
from zhnorm.batch.group import Item, grouped, weight
from zhnorm.batch.job import Failure, Job, record_format
from zhnorm.batch.parts import Part
from zhnorm.batch.pool import Died, Pool
from zhnorm.batch.records import file_class
from zhnorm.errors import ReadError, UsageError, ZhnormError
from zhnorm.formats.records import Layout, Record, RecordFormat, without_markup
from zhnorm.formats.warc import header_of
from zhnorm.limits import Limits, give_back_memory
from zhnorm.messages import Message

from .columns import look_up
from .keys import numbers_of
from .sites import site_of, site_of_name

if TYPE_CHECKING:
    from zhnorm.batch.pool import Tell

    from .keys import Numbers

__all__ = [
    "Document",
    "Fields",
    "Sources",
    "Study",
    "document_of",
    "documents_of",
    "layout_with",
    "missing_option",
    "sites_of",
]

Result = TypeVar("Result")
MOST_CHARS = 1 << 24
"""A longer document is no page: it is cleaned, and compared with nothing."""
_DIGITS = expression("[0-9]+")
_DATE_DIGITS = 14


class Document(NamedTuple):
    """A document as it came in.

    Attributes:
        name: as in ledgers.
        text: all of it; of HTML, the text in it.
        site: whose page it is; empty if nobody says so.
        id: what its record calls itself.
        date: when it was published, as a number such as 20240131000000; 0 if nobody says so.
    """

    name: str
    text: str
    site: str = ""
    id: str = ""
    date: int = 0


class Fields(NamedTuple):
    """Which fields of records say something about the document in them; None: none does.

    Attributes:
        site, id, date: the fields.
        whole: the site of all documents, whatever they say; empty: there is more than one.
    """

    site: str | None = None
    id: str | None = None
    date: str | None = None
    whole: str = ""

    @property
    def fields(self) -> tuple[str | None, ...]:
        """The fields of site, id and date."""
        return self[:3]

    @property
    def named(self) -> tuple[str, ...]:
        """Those that there are."""
        return tuple(field for field in self.fields if field is not None)


Study = Callable[[Sequence[Document]], Result]
"""What is done with documents; picklable. Whatever it needs is opened when it is first called."""
Watch = Callable[[int, int], object]


class Sources(NamedTuple):
    """Where documents are.

    Attributes:
        jobs: gives the files; it is called for each pass over them.
        layout: how files of records are read.
        fields: what records say of their documents.
        encoding: what all files are in; None finds it out for each.
        workers: how many processes read.
        limits: what one document may cost.
        watch: called for each pass over the documents, with how many there are, 0 if that is not known; what it gives back is told
            now and then how many more were read, and how many characters they have.
    """

    jobs: Callable[[], Iterable[Job | Failure]]
    layout: Layout
    fields: Fields = Fields()
    encoding: str | None = None
    workers: int = 1
    limits: Limits = Limits()
    watch: Callable[[int], Watch] = lambda _: lambda _documents, _chars: None

    def study(
        self,
        study: Study[Result],
        failed: Callable[[Failure], object] = lambda _: None,
        *,
        count: int = 0,
        among: Numbers | None = None,
    ) -> Generator[Result, None, None]:
        """Do something with all documents, or with some.

        Args:
            study: is given some of them at a time.
            failed: told about files that cannot be read.
            count: how many documents there are; 0: that is not known.
            among: numbers of the names of those that are wanted, in order; None: all are. Files of others are not opened.

        Yields:
            What it gave back, in the order of the documents.

        Raises:
            ZhnormError: nothing can be read at all: a field is not there, workers die.
        """
        start = _Reading(study, self.layout, self.fields, self.encoding, self.limits, among)
        groups = ([tuple(group)] for group in grouped(self._items(failed, among), self.workers))
        yield from self._run(start, groups, failed, self.watch(count if among is None else len(among)))

    def _run(
        self,
        start: _Reading[Result],
        groups: Iterable[list[_Bundle]],
        failed: Callable[[Failure], object],
        watch: Watch,
    ) -> Iterator[Result]:
        """Share bundles out. A bundle is one piece of work, so what was read of it is never lost with a worker, nor done twice."""
        give_back_memory()
        with Pool[_Bundle, _Answer[Result]](start, workers=self.workers, weigh=lambda group: weight(group[0])) as pool:
            for bundle, answer in pool.in_order(groups):
                if isinstance(answer, Died):
                    if len(bundle) > 1:
                        # Which of them it was is found out by doing them one by one.
                        yield from self._run(start, ([(item,)] for item in bundle), failed, watch)
                    else:
                        failed(_died(bundle[0], answer.reason))
                    continue
                for failure in answer.failures:
                    failed(failure)
                watch(answer.documents, answer.chars)
                yield from answer.results

    def _items(self, failed: Callable[[Failure], object], among: Numbers | None) -> Iterator[Item]:
        """Files that are documents, if they are wanted, and parts of files of records."""
        for job in self.jobs():
            if isinstance(job, Failure):
                failed(job)
                continue
            try:
                kind = record_format(job, self.layout)
                if not kind:
                    if _is_among(among, [job.name]):
                        yield job
                    continue
                yield from self._parts(job._replace(target=None, journal=False), kind)
            except ReadError as error:
                failed(Failure(job.name, error))

    def _parts(self, job: Job, kind: str) -> Iterator[Part]:
        layout = layout_with(self.layout, (), Fields())
        if kind != "warc" and self.fields.named:
            texts = layout.fields or _guessed(job, kind, layout, self.encoding)
            layout = layout_with(layout, texts, self.fields)
        file = file_class(kind)(job, kind, layout, encoding=self.encoding, digests=False)
        yield from (part for part in file.parts() if part.form is not None)
        result = file.end()
        if not isinstance(result, Failure):
            return
        if option := missing_option(result.error, self.fields):
            # Whoever names a field means it: without sites and dates something else would come out.
            raise UsageError(result.error.message, hint=Message("{option} NAME, or leave it out", option=option))
        raise ReadError(result.error.message, hint=result.error.hint)


def _guessed(job: Job, kind: str, layout: Layout, encoding: str | None) -> tuple[str, ...]:
    """The field that holds the documents, where nobody said which."""
    file = file_class(kind)(job, kind, layout, encoding=encoding, digests=False)
    form: RecordFormat | None = next((part.form for part in file.parts() if part.form is not None), None)
    file.abandon()
    return form.fields if form is not None else ()


def missing_option(error: ZhnormError, fields: Fields) -> str:
    """The option that names the field which cannot be read; empty if something else is wrong."""
    for option, field in zip(("--site-field", "--id-field", "--date-field"), fields.fields, strict=True):
        if field is not None and (repr(field) in error.message or f": {field} holds " in error.message):
            return option
    return ""


_Bundle = tuple[Item, ...]
"""Items that are studied together."""


def _died(item: Item, reason: str) -> Failure:
    title = item.name if isinstance(item, Failure) else item.title
    return Failure(
        item.name,
        ReadError(
            Message("{title}: two processes that were reading it ended early, {reason}", title=title, reason=reason)
        ),
    )


@dataclass(slots=True)
class _Answer(Generic[Result]):
    """What came of an item: no result for one without documents."""

    results: list[Result]
    failures: list[Failure]
    documents: int = 0
    chars: int = 0


@dataclass(frozen=True)
class _Reading(Generic[Result]):
    """What a worker needs to begin."""

    study: Study[Result]
    layout: Layout
    fields: Fields
    encoding: str | None
    limits: Limits
    among: Numbers | None

    def __call__(self) -> _Worker[Result]:
        return _Worker(self)


class _Worker(Generic[Result]):
    """One process that reads."""

    def __init__(self, start: _Reading[Result]) -> None:
        self._start = start
        load_arrays()

    def __call__(self, bundle: _Bundle, tell: Tell) -> _Answer[Result]:
        answer: _Answer[Result] = _Answer([], [])
        documents: list[Document] = []
        start = self._start
        for item in bundle:
            try:
                if isinstance(item, Part):
                    documents += (
                        document for _, document in documents_of(item, start.fields, start.limits, start.among)
                    )
                elif not isinstance(item, Failure):
                    form, site = start.layout.format, start.fields.whole
                    documents += document_of(item, start.encoding, start.limits, form, site)
            except ZhnormError as error:
                assert not isinstance(item, Part)
                answer.failures.append(Failure(item.name, error))
        answer.documents, answer.chars = len(documents), sum(len(document.text) for document in documents)
        if documents:
            answer.results.append(start.study(documents))
        return answer


def layout_with(layout: Layout, texts: tuple[str, ...], fields: Fields) -> Layout:
    """How records are read of which fields say something about the documents in them.

    Args:
        layout: how they are read without.
        texts: the fields with the documents.
        fields: those that say something.
    """
    layout = layout._replace(counts=False, title_field=None)
    return layout._replace(fields=(*texts, *fields.named), about=fields.named) if fields.named else layout


def document_of(job: Job, encoding: str | None, limits: Limits, form: str, site: str = "") -> list[Document]:
    """A file that is one document; none if it is too long.

    Args:
        job: the file.
        encoding: what it is in; None finds it out.
        limits: what it may cost.
        form: `text` or `html`; empty: it is looked at.
        site: whose page it is; empty: its name says it.

    Raises:
        ReadError: it cannot be read.
    """
    text = FileDocument(job, digests=False, encoding=encoding, limits=limits, form=form).read(4 * MOST_CHARS)
    is_page = text is not None and len(text) <= MOST_CHARS
    return [Document(job.name, text or "", site or site_of_name(job.name))] if is_page else []


def documents_of(
    part: Part, fields: Fields, limits: Limits, among: Numbers | None = None
) -> Iterator[tuple[int, Document]]:
    """The documents in some records of a file, each with a number that grows from document to document in the file.

    Args:
        part: the records, read with `layout_with`.
        fields: what they say of their documents.
        limits: what each may cost.
        among: numbers of the names of those that are wanted, in order; None: all are.
    """
    for record, names, (site, own, date) in _records(part, fields):
        if not _is_among(among, names):
            continue
        for index, (name, place) in enumerate(zip(names, without_markup(record, limits).places, strict=False)):
            text = place.document
            if text is not None and len(text) <= MOST_CHARS and (len(names) == 1 or _is_among(among, [name])):
                yield record.number * len(names) + index, Document(name, text, site, own, date)


def _is_among(among: Numbers | None, names: Sequence[str]) -> bool:
    """Whether one of some documents is wanted, by their names."""
    return among is None or bool((look_up(numbers_of(names), among) >= 0).any())


def sites_of(part: Part, fields: Fields) -> dict[str, str]:
    """The sites of the documents in some records, by the names of the documents; see `documents_of`."""
    return {name: site for _, names, (site, _, _) in _records(part, fields) for name in names}


def _records(part: Part, fields: Fields) -> Iterator[tuple[Record, list[str], tuple[str, str, int]]]:
    """The records that can be read, with the names of the documents in each, and with site, id and date."""
    assert part.form is not None
    is_warc = part.form.name == "warc"
    whole, fields = fields.whole, Fields() if is_warc else fields
    texts = 1 if is_warc else len(part.form.fields) - len(fields.named)
    for record in part.form.read(part.batch):
        if record.problem or record.filler:
            continue
        site, own, date = _said_of(record, fields, texts, is_warc=is_warc)
        endings = [f":{field}" for field in part.form.fields[:texts]] if texts > 1 else [""]
        names = [f"{part.name}:{record.number}{ending}" for ending in endings]
        yield record, names, (whole or site or site_of_name(part.name), own, date)


def _said_of(record: Record, fields: Fields, texts: int, *, is_warc: bool) -> tuple[str, str, int]:
    """Site, id and date that a record names."""
    if is_warc:
        return site_of(header_of(record.raw, "WARC-Target-URI")), header_of(record.raw, "WARC-Record-ID"), 0
    # What is no text, such as a number, is taken as it is written.
    found = iter(
        place.text if place.text is not None else record.raw[place.start : place.stop]
        for place in record.places[texts:]
    )
    site, own, date = ("" if field is None else next(found, "") for field in fields.fields)
    return site_of(site), own, date_of(date)


def date_of(written: str) -> int:
    """A date as a number that grows with time: its digits, year first; 0 if it is none.

    >>> date_of("2024-01-31T08:30:00Z"), date_of("2024年1月31日"), date_of("gestern")
    (20240131083000, 20240131000000, 0)
    """
    parts = _DIGITS.findall(written)
    if not parts or len(parts[0]) not in (4, 8, _DATE_DIGITS):
        return 0
    digits = parts[0] + "".join(part.zfill(2)[:2] for part in parts[1:])
    return int(digits[:_DATE_DIGITS].ljust(_DATE_DIGITS, "0"))
