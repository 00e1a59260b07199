"""Going along with a run: what people are told while it happens, and the exit code it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from zhnorm.batch.job import Failure, Outcome, Records
from zhnorm.errors import ExitCode
from zhnorm.formats.source import file_size
from zhnorm.limits import MOST_LOSSES, HeavyLoss
from zhnorm.messages import Message, counted, joined
from zhnorm.text.mojibake import LOST

from .streams import StandardOutput, is_terminal, make_room, say, title_of, warn_undecodable

if TYPE_CHECKING:
    from zhnorm.report.progress import FileBar
    from zhnorm.report.summary import Summary

    from .plan import Plan

__all__ = ["Counter", "Progress", "follow", "make_file_bar", "make_progress", "small_files"]

_MOST_RECORDS = 20
"""So many records of a file that failed are named; the ledger has all of them."""
_LARGE_BYTES = 1 << 22
"""What is smaller is read at once."""
_MANY_FILES = 10_000
_SMALL_BYTES = 1 << 14
"""On average, of files that are better packed."""
_MOST_NAMES = 3
"""So many files that were left out are named."""
_MOST_LOSSES = 3
"""So many documents of which most went are named; the report has all of them."""


class Counter(Protocol):
    """Whoever counts results: a summary, an account."""

    def receive(self, result: Outcome | Failure, /) -> None: ...


class Progress(Counter, Protocol):
    """A counter that shows what it counts."""

    def close(self) -> None: ...


def make_progress(plan: Plan) -> Progress:
    """A bar on a terminal, else a line now and then."""
    from zhnorm.report.progress import Lines

    if not is_terminal("stderr"):
        return Lines(say)
    from zhnorm.report.progress import Bar

    bar = Bar(*plan.measure())
    make_room(bar.hide)
    return bar


def make_file_bar(plan: Plan) -> FileBar | None:
    """A bar for a large file that is the only one; None if there is nothing to wait for, or nobody to see it.

    Standard output must be free for that: text on the same terminal would run into the bar.
    """
    only = plan.only
    if only is None or not is_terminal("stderr") or (isinstance(only.target, StandardOutput) and is_terminal("stdout")):
        return None
    size = file_size(only.source if isinstance(only.source, str) else only.source.fileno())
    if size is None or size < _LARGE_BYTES:
        return None
    from zhnorm.report.progress import FileBar

    bar = FileBar(size)
    make_room(bar.hide)
    return bar


def small_files(summary: Summary, left_alone: int) -> str:
    """What is said of very many small files, which cost more to open and to put in place than to clean; empty if they are not that.

    Args:
        summary: of the run.
        left_alone: files that were done before.
    """
    cleaned = summary.files - left_alone
    if cleaned < _MANY_FILES or summary.bytes_in > _SMALL_BYTES * summary.files:
        return ""
    return Message("{count:,} small files: as one file of records they are cleaned faster", count=cleaned)


def follow(
    results: Iterable[Outcome | Failure],
    counters: Iterable[Counter],
    *,
    many: bool,
    check: bool,
    quiet: bool,
    verbose: bool,
    warn_share: float | None = None,
    in_place: bool = False,
) -> ExitCode:
    """Go through the run, say what people must know, and find the exit code: the worst of what happened.

    Args:
        results: of the run.
        counters: told about each.
        many: a document that fails does not end the run.
        check: the exit code says whether any document would change.
        quiet: say nothing but errors.
        verbose: say more.
        warn_share: documents that lost a larger share of their letters are named; None if nothing is to be written.
        in_place: documents take the place of their input.
    """
    remarks: list[_Remark] = [] if quiet else [_LeftOut(), _Losses(warn_share), _PrivateUse()]
    counters = (*counters, *remarks)
    code = ExitCode.DONE
    found = False
    in_file = 0  # records of the file in hand that failed
    for result in results:
        found = True
        for counter in counters:
            counter.receive(result)
        if isinstance(result, Failure):
            if not many and not result.in_file:
                raise result.error
            in_file = in_file + 1 if result.in_file else 0
            if in_file <= _MOST_RECORDS and not result.is_media:
                _say_failure(result, check)
            code = max(code, result.exit_code)
            continue
        if not quiet:
            _warn_of_text(result)
        if verbose:
            _say_encoding(result)
        if result.records is not None:
            if in_file > _MOST_RECORDS:
                _say_more_failed(result.name, in_file)
            in_file = 0
            if verbose or (result.records.documents == 0 and not quiet):
                say(Message("{name}: {said}", name=title_of(result.name), said=_said(result.records)))
        if result.rewritten:
            code = max(code, ExitCode.WOULD_CHANGE if check else ExitCode.DONE)
            if (check and not quiet) or (in_place and verbose):
                say(Message("would change {name}" if check else "changed {name}", name=title_of(result.name)))
    for remark in remarks:
        remark.tell()
    if not found and not quiet:
        hint = "hidden files, symbolic links and what is excluded are not taken; -v lists them"
        say("no files found", hint=hint)
    return code


def _say_failure(result: Failure, check: bool) -> None:
    message = result.error.message
    say(Message("failed {message}", message=message) if check else message, hint=result.error.hint)


def _say_more_failed(name: str, count: int) -> None:
    said = "{name}: {count:,} records failed; these were the first {most}"
    say(Message(said, name=title_of(name), count=count, most=_MOST_RECORDS))


def _say_encoding(result: Outcome) -> None:
    if result.encoding and result.encoding.name != "utf-8":
        name, confidence, reason, _ = result.encoding
        say(
            Message(
                "{name}: {encoding} ({reason}, confidence {confidence:.2f})",
                name=title_of(result.name),
                encoding=name,
                reason=reason,
                confidence=confidence,
            )
        )


def _warn_of_text(result: Outcome) -> None:
    """What a document holds that is no text, or was not meant as it was read."""
    name = title_of(result.name)
    if result.undecodable:
        warn_undecodable(
            result.name, result.undecodable, result.first_undecodable, result.encoding, extracted=result.extracted
        )
    if result.lost:
        one = "{name}: {lost} stands where characters were"
        many = "{name}: {lost} ({count:,} times) stands where characters were"
        hint = "they were lost before this text was saved: fetch the page again, if it can be"
        say(counted(result.lost, one, many, name=name, lost=LOST), hint=hint)
    if result.only_returns:
        hint = r"make them LF: tr '\r' '\n' < OLD > NEW"
        say(Message("{name}: its lines end in CR alone, and were read as one line", name=name), hint=hint)
    if result.is_xml:
        say(
            Message("{name}: XML, cleaned as text, tags and all", name=name),
            hint="take the text out of its elements first; of a feed zhnorm pack does",
        )


class _Remark(Counter, Protocol):
    """A counter that says at the end what people should know of all documents together."""

    def tell(self) -> None: ...


class _LeftOut:
    """Pictures and the like among the files: of some of them the names, and how many there are."""

    def __init__(self) -> None:
        self._first: list[str] = []
        self._count = 0

    def receive(self, result: Outcome | Failure) -> None:
        if isinstance(result, Failure) and result.is_media:
            self._count += 1
            self._first += [result.name][: _MOST_NAMES - len(self._first)]

    def tell(self) -> None:
        if not self._count:
            return
        others = self._count - len(self._first)
        more = Message(" and {count:,} more", count=others) if others else ""
        one = "1 file that holds no text was left out: {names}{more}"
        many = "{count:,} files that hold no text were left out: {names}{more}"
        say(counted(self._count, one, many, names=", ".join(self._first), more=more))


class _Losses:
    """Documents of which most went: the first of them by name, and what can be done.

    Args:
        warn_share: of the letters of a document; None: nothing is said.
    """

    def __init__(self, warn_share: float | None) -> None:
        self._share = warn_share
        self._first: list[HeavyLoss] = []
        self._count = 0

    def receive(self, result: Outcome | Failure) -> None:
        if isinstance(result, Outcome):
            self._first += result.heavy[: _MOST_LOSSES - len(self._first)]
            self._count += len(result.heavy) + result.heavy_others

    def tell(self) -> None:
        if not self._first or self._share is None:
            return
        hint = "zhnorm explain shows why"
        if self._count == 1:
            name, share, rule = self._first[0]
            template = "{name}: {share:.0%} of its letters go, most of them by {rule}"
            say(Message(template, name=title_of(name), share=share, rule=rule), hint=hint)
            return
        each = [
            Message("{name} ({share:.0%}, {rule})", name=title_of(name), share=share, rule=rule)
            for name, share, rule in self._first
        ]
        others = self._count - len(each)
        more = Message("; and {count:,} more", count=others) if others else ""
        template = "{count:,} documents lose more than {share:.0%} of their letters: {named}{more}"
        message = Message(template, count=self._count, share=self._share, named=joined("; ", each), more=more)
        if more:
            hint = "zhnorm explain shows why; --report FILE names all of them"
        if self._count > MOST_LOSSES:
            hint = Message("--report FILE names the {most:,} that lose most, --ledger FILE all", most=MOST_LOSSES)
        say(message, hint=hint)


class _PrivateUse:
    """Documents with characters of private use, which pages with fonts of their own have by the thousand: so it is said once."""

    def __init__(self) -> None:
        self._first: Outcome | None = None
        self._documents = self._characters = 0

    def receive(self, result: Outcome | Failure) -> None:
        if isinstance(result, Outcome) and result.private:
            self._first = self._first or result
            self._documents += 1
            self._characters += result.private

    def tell(self) -> None:
        if self._first is None or self._first.first_private is None:
            return
        line, code = self._first.first_private
        place = {"name": title_of(self._first.name), "line": line, "code": code}
        hint = (
            "they stand for signs of one font, or of a character set that was not read right; nothing is done to them"
        )
        if self._documents == 1:
            one = "{name}: 1 character of private use, at line {line} ({code})"
            many = "{name}: {count:,} characters of private use, the first at line {line} ({code})"
            say(counted(self._characters, one, many, **place), hint=hint)
            return
        template = (
            "{documents:,} documents hold characters of private use ({count:,}), the first at {name}:{line} ({code})"
        )
        message = Message(template, documents=self._documents, count=self._characters, **place)
        say(message, hint=Message("{hint}; --report FILE names all of them", hint=Message(hint)))


def _said(records: Records) -> str:
    """What was found in a file of records."""
    what = Message("no documents")
    if records.documents:
        what = counted(records.documents, "1 document", "{count:,} documents")
    if records.fields:
        one, many = "{what} in the field {names}", "{what} in the fields {names}"
        what = counted(len(records.fields), one, many, what=what, names=", ".join(records.fields))
    if records.empty:
        one, many = "{what}, 1 record without one", "{what}, {count:,} records without one"
        what = counted(records.empty, one, many, what=what)
    return what
