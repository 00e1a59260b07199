"""Going along with a run: what people are told while it happens, and the exit code it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from zhnorm.batch.job import Failure, Outcome, Records
from zhnorm.errors import ExitCode
from zhnorm.limits import HeavyLoss
from zhnorm.text.mojibake import LOST

from .streams import is_terminal, make_room, say, title_of, warn_undecodable

if TYPE_CHECKING:
    from .plan import Plan

__all__ = ["Counter", "Progress", "follow", "make_progress"]

_MOST_RECORDS = 20
"""So many records of a file that failed are named; the ledger has all of them."""
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
    from zhnorm.report.bar import Bar

    bar = Bar(*plan.measure())
    make_room(bar.hide)
    return bar


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
    counters = tuple(counters)
    code = ExitCode.DONE
    found = False
    in_file = 0  # records of the file in hand that failed
    heavy: list[HeavyLoss] = []
    losses = 0
    for result in results:
        found = True
        for counter in counters:
            counter.receive(result)
        if isinstance(result, Failure):
            if not many and not result.in_file:
                raise result.error
            in_file = in_file + 1 if result.in_file else 0
            if in_file <= _MOST_RECORDS:
                say(f"{'failed ' if check else ''}{result.error.message}", hint=result.error.hint)
            code = max(code, result.exit_code)
            continue
        heavy += result.heavy[: _MOST_LOSSES - len(heavy)]
        losses += len(result.heavy)
        if not quiet:
            _warn_of_text(result)
        if verbose:
            _say_encoding(result)
        if result.records is not None:
            if in_file > _MOST_RECORDS:
                say(f"{title_of(result.name)}: {in_file:,} records failed; these were the first {_MOST_RECORDS}")
            in_file = 0
            if verbose or (result.records.documents == 0 and not quiet):
                say(f"{title_of(result.name)}: {_said(result.records)}")
        if result.rewritten:
            code = max(code, ExitCode.WOULD_CHANGE if check else ExitCode.DONE)
            if (check and not quiet) or (in_place and verbose):
                say(f"{'would change' if check else 'changed'} {title_of(result.name)}")
    if heavy and warn_share is not None and not quiet:
        message, hint = _said_of_losses(heavy, losses, warn_share)
        say(message, hint=hint)
    if not found and not quiet:
        hint = "hidden files, symbolic links and what is excluded are not taken; -v lists them"
        say("no files found", hint=hint)
    return code


def _say_encoding(result: Outcome) -> None:
    if result.encoding and result.encoding.name != "utf-8":
        name, confidence, reason, _ = result.encoding
        say(f"{title_of(result.name)}: {name} ({reason}, confidence {confidence:.2f})")


def _warn_of_text(result: Outcome) -> None:
    """What a document holds that is no text, or was not meant as it was read."""
    name = title_of(result.name)
    if result.undecodable:
        warn_undecodable(result.name, result.undecodable, result.first_undecodable, result.encoding)
    if result.lost:
        times = "" if result.lost == 1 else f" ({result.lost:,} times)"
        hint = "they were lost before this text was saved: fetch the page again, if it can be"
        say(f"{name}: {LOST}{times} stands where characters were", hint=hint)
    if result.only_returns:
        hint = r"make them LF: tr '\r' '\n' < OLD > NEW"
        say(f"{name}: its lines end in CR alone, and were read as one line", hint=hint)
    if result.xml == "feed":
        hint = "clean what it lists instead: a feed reader such as feedparser takes it out"
        say(f"{name}: a feed (RSS, Atom or a site map), cleaned as text, tags and all", hint=hint)
    elif result.xml == "xml":
        say(f"{name}: XML, cleaned as text, tags and all", hint="take the text out of its elements first")


def _said_of_losses(heavy: Sequence[HeavyLoss], losses: int, warn_share: float) -> tuple[str, str]:
    """The documents of which most went, the first of them by name, and what can be done."""
    if losses == 1:
        name, share, rule = heavy[0]
        return f"{title_of(name)}: {share:.0%} of its letters go, most of them by {rule}", "zhnorm explain shows why"
    named = "; ".join(f"{title_of(name)} ({share:.0%}, {rule})" for name, share, rule in heavy)
    more = f"; and {losses - len(heavy):,} more" if losses > len(heavy) else ""
    hint = "zhnorm explain shows why; --report FILE names all of them" if more else "zhnorm explain shows why"
    return f"{losses:,} documents lose more than {warn_share:.0%} of their letters: {named}{more}", hint


def _said(records: Records) -> str:
    """What was found in a file of records."""
    few = ("no documents", "1 document")
    what = few[records.documents] if records.documents < len(few) else f"{records.documents:,} documents"
    if records.fields:
        what += f" in the field{'s' if len(records.fields) > 1 else ''} {', '.join(records.fields)}"
    empty = "1 record" if records.empty == 1 else f"{records.empty:,} records"
    return f"{what}, {empty} without one" if records.empty else what
