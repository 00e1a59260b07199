"""A part of a file of records, and what a worker does with it: every document in it is cleaned, and put into its record again."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.arrays.character_table import load_arrays
from zhnorm.counts import Counts
from zhnorm.errors import ReadError, ZhnormError
from zhnorm.formats.records import BATCH_CHARS, COUNTED, Batch, Place, Record, RecordFormat, without_markup
from zhnorm.limits import USUAL_LIMITS, HeavyLoss, Limits, QuarantineError
from zhnorm.messages import Message

from .document import Cleaned, Recorders, clean_one, clean_together
from .job import Failure, Outcome, Records

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner

__all__ = ["CleanedPart", "Part", "clean_part", "died_part"]


class Part(NamedTuple):
    """Some records of a file, for a worker.

    Attributes:
        name: of the file, as in its job.
        title: what messages call the file.
        form: its format; None at the beginning and at the end of a file, where there is nothing to clean.
        batch: the records.
        known: where the journal of the file says what came of them; 0 if it does not.
    """

    name: str
    title: str
    form: RecordFormat | None = None
    batch: Batch = Batch(1, "")
    known: int = 0


@dataclass(slots=True, eq=False, repr=False)
class CleanedPart:
    """What became of a part: its records as text, those that failed or lost much, and everything in numbers."""

    texts: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    heavy: list[HeavyLoss] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    records: Records = field(default_factory=Records)

    def add(self, result: Outcome | Failure) -> None:
        """What became of one of its documents."""
        if isinstance(result, Failure):
            self.failures.append(result)
            self.records.failed += 1
            return
        self.counts.merge(result.counts)
        self.records.add(result.counts)
        self.heavy += result.heavy


def clean_part(
    cleaner: Cleaner, part: Part, recorders: Recorders, *, check: bool, limits: Limits = USUAL_LIMITS
) -> CleanedPart:
    """Clean the documents in some records.

    Args:
        cleaner: the cleaner.
        part: what to clean.
        recorders: told about every document.
        check: find out whether each record can be made again of its output; if not, recorders are given it.
        limits: what one document may cost.
    """
    cleaned = CleanedPart()
    if part.form is None or part.known:
        return cleaned
    if len(part.batch.text) >= BATCH_CHARS:
        # A full part is hardly the only one.
        load_arrays()
    records = [without_markup(record, limits) for record in part.form.read(part.batch)]
    found = [_documents(part, part.form, record, check=check) for record in records]
    ready = iter(_cleaned_together(cleaner, [document for documents in found for document in documents]))
    for record, documents in zip(records, found, strict=True):
        if not documents:
            cleaned.texts.append(part.form.put(record, [None] * len(record.places)))
            cleaned.records.empty += not record.filler
            continue
        for document in documents:
            output = next(ready, None) if document.is_text else None
            if (refusal := document.refusal(limits)) is not None:
                result: Outcome | Failure = Failure(document.name, refusal, in_file=True)
                recorders.end(result)
            else:
                result = clean_one(cleaner, document, recorders, limits, output)
            cleaned.add(result)
        cleaned.texts.append(_put(part.form, record, documents))
    return cleaned


def _cleaned_together(cleaner: Cleaner, documents: Sequence[RecordDocument]) -> list[Cleaned]:
    """Those of some documents that hold text, cleaned before their turn; none if anything goes wrong with one."""
    texts = [document for document in documents if document.is_text]
    titles = [document.known_title for document in texts]
    return clean_together(cleaner, [document.text for document in texts], titles, [document.name for document in texts])


def _documents(part: Part, form: RecordFormat, record: Record, *, check: bool = False) -> list[RecordDocument]:
    """The documents in a record, in the order of the fields; one that says why if the record cannot be read."""
    if record.problem:
        return [RecordDocument(part, form, record, None, check=check)]
    wanted = [index for index, place in enumerate(record.places) if not place.is_empty]
    return [RecordDocument(part, form, record, index, check=check) for index in wanted]


def _put(form: RecordFormat, record: Record, documents: Sequence[RecordDocument]) -> str:
    """A record with those of its documents that were cleaned, and with what happened to all of them."""
    texts: list[str | None] = [None] * len(record.places)
    counts = dict.fromkeys(COUNTED, 0)
    for document in documents:
        if document.index is not None and document.put is not None:
            texts[document.index] = document.put
            for name, number in document.counts.items():
                counts[name] += number
    if all(text is None for text in texts):
        return record.raw
    return form.put(record, texts, counts if form.counts else None)


class RecordDocument:
    """A document in a record on its way.

    Args:
        part: which holds the record.
        form: its format.
        record: the record.
        index: the place of the document in the record; None if the record cannot be read.
        check: find out whether the record can be made again of its output.

    Attributes:
        text: the document as it came in.
        put: the clean document, once there is one.
        counts: what happened to its lines.
    """

    in_file = True

    def __init__(self, part: Part, form: RecordFormat, record: Record, index: int | None, *, check: bool) -> None:
        # Where a record holds several the name says which.
        field = f":{form.fields[index]}" if index is not None and len(form.fields) > 1 else ""
        self.name, self.title = f"{part.name}:{record.number}{field}", f"{part.title}:{record.number}{field}"
        self.index, self.known_title = index, record.title
        self.put: str | None = None
        self.counts: Mapping[str, int] = {}
        self._form, self._record, self._check = form, record, check
        self._place = Place(problem=record.problem) if index is None else record.places[index]
        self.text = self._place.document or ""
        self.size = _size(self._place.text or "")
        self._texts: list[str] = []

    @property
    def is_text(self) -> bool:
        """Whether there is a text to clean."""
        return self._place.text is not None

    def refusal(self, limits: Limits) -> ReadError | None:
        """Why it is not even opened; None if it can be."""
        if self._place.problem:
            return ReadError(
                Message("{title}: {problem}", title=self.title, problem=self._place.problem), hint=self._place.hint
            )
        try:
            limits.check_bytes(self.size, self.title)
        except ReadError as error:
            return error
        return None

    def pieces(self) -> Generator[str]:
        """Its text; see `Document`."""
        yield self.text

    def opened(self) -> AbstractContextManager[object]:
        """Nothing needs to be opened: its place is in the record."""
        return nullcontext()

    def write(self, text: str) -> None:
        """Add clean text at its end."""
        self._texts.append(text)

    def outcome(self, counts: Counts, heavy: HeavyLoss | None) -> Outcome:
        """See that the clean text can be put into the record; see `Document`."""
        text = "".join(self._texts)
        trimmed = _surplus_end(self.text, text)
        text = text.removesuffix(trimmed)
        if danger := self._form.danger(self._place, text):
            hint = "if it is to be one, write it without what is in front of it"
            raise QuarantineError(Message("{title}: {danger}", title=self.title, danger=danger), hint=hint)
        self.put, self.counts = text, counts.in_short()
        extracted = self._place.extracted is not None
        raw = self._record.raw if self._check and (extracted or not self._comes_back(text)) else ""
        return Outcome(
            self.name,
            counts,
            self.size,
            _size(text),
            raw=raw,
            trimmed=trimmed,
            heavy=(heavy,) if heavy else (),
            extracted=extracted,
        )

    def _comes_back(self, text: str) -> bool:
        """Whether the record can be made of its output and its document alone."""
        form, record = self._form, self._record
        assert self.index is not None
        put = form.put(record, self._alone(text), self.counts if form.counts else None)
        again = list(form.read(Batch(record.number, put)))
        there = len(again) == 1 and len(again[0].places) == len(record.places)
        if not there or again[0].places[self.index].text is None:
            return False
        return form.take(again[0], self._alone(self.text)) == record.raw

    def _alone(self, text: str) -> list[str | None]:
        """A text in the place of this document, and nothing in those of the others."""
        return [text if index == self.index else None for index in range(len(self._record.places))]


def died_part(part: Part, error: ZhnormError, recorders: Recorders) -> CleanedPart:
    """What becomes of a part on which workers died: nothing in it is changed, and every document in it has failed."""
    cleaned = CleanedPart([part.batch.text])
    if part.form is not None and not part.known:
        for record in part.form.read(part.batch):
            for document in _documents(part, part.form, record):
                cleaned.failures.append(failure := Failure(document.name, error, in_file=True))
                recorders.end(failure)
    cleaned.records.failed = len(cleaned.failures)
    return cleaned


def _surplus_end(before: str, after: str) -> str:
    """The line end that stands at the end of a document since its last line went; in a field it means nothing."""
    if before.endswith("\n") or not after.endswith("\n"):
        return ""
    return "\r\n" if after.endswith("\r\n") else "\n"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
