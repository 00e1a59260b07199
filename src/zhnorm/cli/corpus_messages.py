"""What the command of a corpus says and keeps, whichever engine does the work; and how fast a corpus is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from zhnorm.errors import ExitCode
from zhnorm.messages import Message, in_language
from zhnorm.report.terminal import visible

from .streams import StandardOutput, say

if TYPE_CHECKING:
    from zhnorm.corpus.local import Aims
    from zhnorm.corpus.templates import Templates

__all__ = ["Pace", "add_to_seen", "resumable", "tell_asked", "tell_found", "tell_learned"]

_QUIET_SECONDS = 30.0


class Pace:
    """Says now and then how much was read, how fast, and how long it will take.

    Args:
        count: how many documents there are; 0: that is not known.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._documents = self._chars = 0
        self._begun = self._said = time.monotonic()

    def read(self, documents: int, chars: int) -> None:
        """So many more were read."""
        self._documents += documents
        self._chars += chars
        now = time.monotonic()
        if now - self._said >= _QUIET_SECONDS:
            self._said = now
            say(self._told(now - self._begun))

    def _told(self, seconds: float) -> Message:
        pace = self._documents / seconds
        rate = Message("{pace:,.0f} a second, {chars:,.1f} M characters", pace=pace, chars=self._chars / seconds / 1e6)
        if not self._count:
            return Message("read {documents:,} documents, {rate}", documents=self._documents, rate=rate)
        left = (self._count - self._documents) / max(pace, 1e-9)
        time_left = Message("{left:,.0f} min", left=left / 60) if left >= 100 else Message("{left:.0f} s", left=left)
        return Message(
            "read {documents:,} of {count:,} documents, {rate}, {left} left",
            documents=self._documents, count=self._count, rate=rate, left=time_left,
        )  # fmt: skip


@contextmanager
def resumable(*, quiet: bool) -> Iterator[None]:
    """Steps that whoever interrupts them is told about."""
    try:
        yield
    except BaseException as error:
        if not (isinstance(error, Exception) or quiet):
            say("interrupted; the same command goes on from there")
        raise


def tell_learned(options: dict[str, Any], templates: Templates, *, documents: int, sites: int) -> None:
    """Show templates that were learned, and keep them.

    Args:
        options: of the command.
        templates: what was learned.
        documents: how many there are.
        sites: how many, that of documents without a site among them.
    """
    _show(templates)
    if options["out"] is not None:
        templates.save(options["out"])
    if not (documents or options["quiet"]):
        say("no documents found")
    elif not (sites > 1 or options["quiet"]):
        say(_NO_SITES, hint=_SITES)


_NO_SITE = Message("no document says whose page it is, so no template goes but those of all sites")
_NO_SITES = Message("no document says whose page it is, so there are no templates")
_SITES = Message("folders of a folder are sites; of records, --site-field NAME says it; --site NAME is that of all")


def tell_asked(templates: Templates, sites: Collection[bool]) -> None:
    """Say what was asked of an index.

    Args:
        templates: what was left aside.
        sites: whether each document has a site.
    """
    if not sites:
        say("no documents found")
    elif len(templates) and not any(sites):
        say(_NO_SITE, hint=_SITES)


def tell_found(
    options: dict[str, Any], templates: Templates, counts: Mapping[str, int], sites: Sequence[str], *, learned: bool
) -> None:
    """Say what documents have in common, before they are cleaned, and keep the templates.

    Args:
        options: of the command.
        templates: what was found.
        counts: how many documents go by each rule.
        sites: of the documents.
        learned: templates were looked for, and not given.
    """
    from zhnorm.corpus.overview import summed_up

    if not (any(counts.values()) or options["quiet"]):
        say("no documents found")
    elif not options["quiet"]:
        say(summed_up(templates, counts))
        _tell_sites(templates, {site for site in sites if site}, learned=learned)
    if options["save_templates"] is not None:
        templates.save(options["save_templates"])
    if options["dry_run"]:
        _show(templates)


def _tell_sites(templates: Templates, sites: Collection[str], *, learned: bool) -> None:
    """Say why no template goes, if it is for the sites."""
    from zhnorm.corpus.keys import EVERYWHERE

    named = {row.site for row in templates}
    if learned:
        if not sites and not named:
            say(_NO_SITES, hint=_SITES)
    elif not named:
        say("no templates were given", hint="--templates FILE; zhnorm corpus run learns them, and cleans")
    elif not sites:
        say(_NO_SITE, hint=_SITES)
    elif EVERYWHERE not in named and named.isdisjoint(sites):
        here, there = min(sites), min(named)
        say(
            Message("the templates are of other sites than the documents: {there}, not {here}", there=there, here=here),
            hint="is it the right file? --site-field NAME says whose page a record is",
        )


def add_to_seen(aims: Aims, code: int, add: Callable[[], object]) -> None:
    """Add to the index of what was seen, if there is one and all documents were cleaned."""
    if aims.seen and code == ExitCode.DONE:
        add()
    elif aims.seen:
        said = Message("{seen}: nothing was added, because documents failed", seen=aims.seen)
        say(said, hint="the same command tries them again")


def _show(templates: Templates) -> None:
    from zhnorm.corpus.overview import overview

    StandardOutput().write_text("".join(f"{visible(in_language(line))}\n" for line in overview(templates)))
