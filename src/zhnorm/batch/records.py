"""Cleaning files of records: one process reads and writes a file, all of them clean what is in it.

A file becomes parts, each a batch of whole records. A worker cleans the documents in a part and gives back the text of
the part; parts come back in the order of the file. A record that is broken is a failure of its own, and stands in the
output as it stood in the input.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from zhnorm.errors import ReadError, ZhnormError
from zhnorm.formats.records import BATCH_CHARS, Batch, Layout, Record, RecordFormat, format_of
from zhnorm.limits import HeavyLoss, Limits
from zhnorm.text.table import load_arrays

from .attempt import attempt
from .count import Counts
from .job import Failure, Job, Outcome, Records

if TYPE_CHECKING:
    from zhnorm.cleaner import Cleaner
    from zhnorm.line import Block

    from .cleaning import Recorder

__all__ = ["CleanedPart", "Part", "clean_part", "died_part", "record_format"]

_NO_LIMITS = Limits()


def record_format(job: Job, layout: Layout) -> str:
    """The format of records that a job's input is in; empty if it is text.

    Raises:
        ReadError: its name says that it is something else.
    """
    if layout.format:
        return "" if layout.format == "text" else layout.format
    return format_of(job.source) if isinstance(job.source, str) else ""


class Part(NamedTuple):
    """Some records of a file, for a worker.

    Attributes:
        name: of the file, as in its job.
        title: what messages call the file.
        form: its format; None at the beginning and at the end of a file, where there is nothing to clean.
        batch: the records.
    """

    name: str
    title: str
    form: RecordFormat | None = None
    batch: Batch = Batch(1, "")


@dataclass(slots=True, eq=False, repr=False)
class CleanedPart:
    """What became of a part: its records as text, those that failed or lost much, and everything in numbers."""

    texts: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    heavy: list[HeavyLoss] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    records: Records = field(default_factory=Records)


def clean_part(
    cleaner: Cleaner, part: Part, recorders: Sequence[Recorder], *, check: bool, limits: Limits = _NO_LIMITS
) -> CleanedPart:
    """Clean the documents in some records.

    Args:
        cleaner: the cleaner.
        part: what to clean.
        recorders: told about every document.
        check: find out whether each record can be made again of its output; if not, recorders are given it.
        limits: what one document may cost.
    """
    if part.form is None:
        return CleanedPart()
    return _PartCleaner(cleaner, part, part.form, recorders, check, limits).clean()


class _Output(NamedTuple):
    """A clean document, and its blocks."""

    text: str
    blocks: list[Block]


class _PartCleaner(NamedTuple):
    cleaner: Cleaner
    part: Part
    form: RecordFormat
    recorders: Sequence[Recorder]
    check: bool
    limits: Limits

    def clean(self) -> CleanedPart:
        cleaned = CleanedPart()
        records = list(self.form.read(self.part.batch))
        ready = self._together([record.text for record in records if record.text is not None])
        for record in records:
            if record.text is None and not record.problem:
                cleaned.texts.append(self.form.put(record, None))
                cleaned.records.empty += not record.filler
                continue
            output = next(ready, None) if record.text is not None else None
            result = self._record(record, output, cleaned.texts)
            if isinstance(result, Failure):
                cleaned.failures.append(result)
                cleaned.records.failed += 1
                cleaned.texts.append(record.raw)
                for recorder in self.recorders:
                    recorder.failed(result)
                continue
            cleaned.counts.merge(result.counts)
            cleaned.records.add(result.counts)
            cleaned.heavy += result.heavy
            for recorder in self.recorders:
                recorder.done(result)
        return cleaned

    def _together(self, texts: list[str]) -> Iterator[_Output]:
        """Documents cleaned together, which is much faster; none if one of them goes wrong, so that it does so alone."""
        blocks: list[Block] = []
        outputs = []
        if len(self.part.batch.text) >= BATCH_CHARS:
            # A full part is hardly the only one.
            load_arrays()
        try:
            for text in self.cleaner.on_trial().clean_many(texts, blocks.append):
                outputs.append(_Output(text, blocks.copy()))
                blocks.clear()
        except Exception:  # noqa: BLE001 - whatever it is, it comes again, and costs one document
            return iter(())
        return iter(outputs)

    def _record(self, record: Record, output: _Output | None, texts: list[str]) -> Outcome | Failure:
        """One document; its record goes to `texts`, if it did not fail."""
        name, title = f"{self.part.name}:{record.number}", f"{self.part.title}:{record.number}"

        def clean() -> Outcome:
            if record.text is None:
                raise ReadError(f"{title}: {record.problem}")
            size = _size(record.text)
            self.limits.check_bytes(size, title)
            counts = Counts()

            def observe(block: Block) -> None:
                counts.add(block)
                for recorder in self.recorders:
                    recorder.block(block)

            for recorder in self.recorders:
                recorder.begin(name)
            text = self._text(record.text, output, observe)
            trimmed = _surplus_end(record.text, text)
            text = text.removesuffix(trimmed)
            heavy = self.limits.check_loss(counts.loss, name, title)
            put = self.form.put(record, text, counts.in_short() if self.form.counts else None)
            raw = "" if not self.check or _comes_back(self.form, record, put) else record.raw
            texts.append(put)
            return Outcome(name, counts, size, _size(text), raw=raw, trimmed=trimmed, heavy=(heavy,) if heavy else ())

        result = attempt(name, title, clean)
        return result._replace(in_file=True) if isinstance(result, Failure) else result

    def _text(self, text: str, output: _Output | None, observe: Callable[[Block], None]) -> str:
        if output is not None:
            for block in output.blocks:
                observe(block)
            return output.text
        incremental = self.cleaner.incremental(observe)
        return incremental.feed(text) + incremental.finish()


def died_part(part: Part, error: ZhnormError, recorders: Sequence[Recorder]) -> CleanedPart:
    """What becomes of a part on which workers died: nothing in it is changed, and every document in it has failed."""
    cleaned = CleanedPart([part.batch.text])
    for record in part.form.read(part.batch) if part.form else ():
        if record.text is not None or record.problem:
            cleaned.failures.append(Failure(f"{part.name}:{record.number}", error, in_file=True))
    cleaned.records.failed = len(cleaned.failures)
    for failure in cleaned.failures:
        for recorder in recorders:
            recorder.failed(failure)
    return cleaned


def _surplus_end(before: str, after: str) -> str:
    """The line end that stands at the end of a document since its last line went; in a field it means nothing."""
    if before.endswith("\n") or not after.endswith("\n"):
        return ""
    return "\r\n" if after.endswith("\r\n") else "\n"


def _comes_back(form: RecordFormat, record: Record, put: str) -> bool:
    """Whether the record can be made of its output and its document alone."""
    again = list(form.read(Batch(record.number, put)))
    return len(again) == 1 and again[0].text is not None and form.take(again[0], record.text) == record.raw


def _size(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))
