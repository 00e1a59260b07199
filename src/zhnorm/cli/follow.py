"""Going along with a run: what people are told while it happens, and the exit code it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Protocol

from zhnorm.batch.job import Failure, Outcome
from zhnorm.errors import AuditError, ExitCode

from .streams import is_terminal, make_room, say, title_of, warn_undecodable

if TYPE_CHECKING:
    from .plan import Plan

__all__ = ["Counter", "Progress", "follow", "make_progress"]


class Counter(Protocol):
    """Whoever counts results: a summary, an account."""

    def add(self, result: Outcome | Failure, /) -> None: ...


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
) -> ExitCode:
    """Go through the run, say what people must know, and find the exit code: the worst of what happened."""
    counters = tuple(counters)
    code = ExitCode.DONE
    found = False
    for result in results:
        found = True
        for counter in counters:
            counter.add(result)
        if isinstance(result, Failure):
            if not many:
                raise result.error
            say(f"{'failed ' if check else ''}{result.error.message}", hint=result.error.hint)
            worse = ExitCode.AUDIT if isinstance(result.error, AuditError) else ExitCode.SOME_FAILED
            code = max(code, worse)
            continue
        if result.undecodable and not quiet:
            warn_undecodable(result.name, result.undecodable, result.first_undecodable, result.encoding)
        if verbose and result.encoding and result.encoding.name != "utf-8":
            name, confidence, reason, _ = result.encoding
            say(f"{title_of(result.name)}: {name} ({reason}, confidence {confidence:.2f})")
        if check and result.counts.changed:
            code = max(code, ExitCode.WOULD_CHANGE)
            if not quiet:
                say(f"would change {title_of(result.name)}")
    if not found and not quiet:
        hint = "hidden files, symbolic links and what is excluded are not taken; -v lists them"
        say("no files found", hint=hint)
    return code
