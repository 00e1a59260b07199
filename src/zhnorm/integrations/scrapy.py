"""Scrapy: an item pipeline, `ITEM_PIPELINES = {"zhnorm.integrations.scrapy.ZhnormPipeline": 300}`.

Items wait for one another: while some are cleaned, in a thread, others come, and then these are cleaned together. Needs Scrapy
(`pip install 'zhnorm[scrapy]'`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from zhnorm.api import cleaner_for
from zhnorm.cleaner import Cleaner
from zhnorm.counts import Counts
from zhnorm.errors import SettingsError, ZhnormError, did_you_mean, is_missing, near_names, not_text
from zhnorm.formats.jsonl import text_of
from zhnorm.html.extraction import extract
from zhnorm.html.recognition import markup_of
from zhnorm.rules.load import load_pack

from .columns import documents, like, package_missing

try:
    from itemadapter import ItemAdapter
    from scrapy.exceptions import DropItem
except ImportError as error:
    raise package_missing("scrapy", error) from error

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings

__all__ = ["NothingLeft", "TooMuchRemoved", "Wishes", "ZhnormPipeline"]

logger = logging.getLogger(__name__)

_NAMES = (
    "ZHNORM_FIELDS", "ZHNORM_TITLE_FIELD", "ZHNORM_URL_FIELD", "ZHNORM_SETTINGS", "ZHNORM_RULES", "ZHNORM_MOST_REMOVED", "ZHNORM_ON_LOSS",
    "ZHNORM_ON_EMPTY",
)  # fmt: skip
_MOST_SEEN = 100
"""Names of fields that are remembered for a message."""
_ON_LOSS = ("warn", "raw", "drop")
_ON_EMPTY = ("keep", "drop")


class NothingLeft(DropItem):  # type: ignore[misc]
    """The item is dropped because its fields are empty. Scrapy counts the reasons by the names of these classes."""


class TooMuchRemoved(DropItem):  # type: ignore[misc]
    """The item is dropped because a field would lose too much."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """The settings of a Scrapy project that are zhnorm's.

    Attributes:
        fields: `ZHNORM_FIELDS`, of items, that hold text: a list, or their names with commas.
        title_field: `ZHNORM_TITLE_FIELD`, which holds the title of the page; None to find it.
        url_field: `ZHNORM_URL_FIELD`, which holds its address, for messages, and to make links in HTML whole.
        cleaner: made of `ZHNORM_SETTINGS`, by the names of `zhnorm.Settings`, and `ZHNORM_RULES`, paths of packs.
        most_removed: `ZHNORM_MOST_REMOVED`: a field that loses a larger share of its letters (0 to 1) is a loss.
        on_loss: `ZHNORM_ON_LOSS`: `warn` of it, leave the field `raw` as it was scraped, or `drop` the item.
        on_empty: `ZHNORM_ON_EMPTY`: `keep` or `drop` an item in whose fields nothing is left.
    """

    fields: tuple[str, ...]
    title_field: str | None
    url_field: str
    cleaner: Cleaner
    most_removed: float
    on_loss: str
    on_empty: str

    @classmethod
    def of(cls, settings: BaseSettings) -> Wishes:
        """Read them.

        Raises:
            SettingsError: `ZHNORM_FIELDS` is not set, or one of them is unknown or cannot be used.
        """
        for name in settings:
            if name.startswith("ZHNORM_") and name not in _NAMES:
                hint = did_you_mean(near_names(name, _NAMES)) or f"there are: {', '.join(_NAMES)}"
                raise SettingsError(f"unknown setting {name}", hint=hint)
        fields = tuple(name.strip() for name in settings.getlist("ZHNORM_FIELDS"))
        if not fields:
            hint = 'name the fields of your items that hold text: ZHNORM_FIELDS = ["text"]'
            raise SettingsError("ZHNORM_FIELDS is not set", hint=hint)
        return cls(
            fields,
            settings.get("ZHNORM_TITLE_FIELD"),
            settings.get("ZHNORM_URL_FIELD", "url"),
            _cleaner(settings),
            _share(settings),
            _choice(settings, "ZHNORM_ON_LOSS", _ON_LOSS),
            _choice(settings, "ZHNORM_ON_EMPTY", _ON_EMPTY),
        )


def _cleaner(settings: BaseSettings) -> Cleaner:
    try:
        wishes = settings.getdict("ZHNORM_SETTINGS")
        packs = [load_pack(path) for path in settings.getlist("ZHNORM_RULES")]
        return cleaner_for(packs, **wishes)
    except ValueError as error:
        raise SettingsError(f"ZHNORM_SETTINGS: {error}", hint="a dict, or on the command line JSON") from None
    except SettingsError as error:
        raise SettingsError(f"ZHNORM_SETTINGS: {error.message}", hint=error.hint) from None


def _share(settings: BaseSettings) -> float:
    given = settings.get("ZHNORM_MOST_REMOVED", 0.5)
    try:
        share = float(given)
    except (TypeError, ValueError):
        share = -1.0
    if not 0 <= share <= 1:
        raise SettingsError(f"ZHNORM_MOST_REMOVED: {given!r} is no share", hint="a number from 0 to 1, such as 0.5")
    return share


def _choice(settings: BaseSettings, name: str, choices: Sequence[str]) -> str:
    given = settings.get(name, choices[0])
    if given not in choices:
        raise SettingsError(f"{name}: {given!r} is none of {', '.join(choices)}")
    return str(given)


class _Job(NamedTuple):
    """One text of an item."""

    text: str
    title: str | None
    url: str | None


_Jobs = Sequence[_Job]


class _Done(NamedTuple):
    """What became of a text."""

    text: str
    counts: Counts


class ZhnormPipeline:
    """Cleans the fields of items, and counts in the crawler's statistics, under `zhnorm/`, what it did.

    Items that have none of the fields, or None there, pass as they are. A field that holds HTML goes by `zhnorm.extract_html` first.
    Items that end in an error are lost, as with every pipeline, and Scrapy logs why.

    Args:
        wishes: what to do.
        count: called with the name of a number and what to add to it.
    """

    def __init__(self, wishes: Wishes, count: Callable[[str, int], None]) -> None:
        self._wishes = wishes
        self._count = count
        self._together = _Together(self._clean_all)
        self._seen: set[str] = set()
        self._found = self._titled = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ZhnormPipeline:
        """As Scrapy makes it."""
        stats = crawler.stats
        return cls(Wishes.of(crawler.settings), lambda name, more: stats.inc_value(f"zhnorm/{name}", more))

    async def process_item(self, item: Any, spider: object = None) -> Any:
        """The item, clean.

        Raises:
            DropItem: too much of it would go, or nothing is left, and the settings say so.
            NotTextError: a field holds something else than text.
            ReadError: a field holds HTML that has no text, or trafilatura is missing.
            LimitError: a text takes more than it may.
        """
        adapter = ItemAdapter(item)
        fields = [name for name in self._wishes.fields if not is_missing(adapter.get(name))]
        self._found = self._found or any(name in adapter for name in self._wishes.fields)
        self._titled = self._titled or self._wishes.title_field is None or self._wishes.title_field in adapter
        if not (self._found and self._titled) and len(self._seen) < _MOST_SEEN:
            self._seen.update(adapter.keys())
        if not fields:
            self._count("items_without_text", 1)
            return item
        try:
            jobs = [self._job(adapter, name) for name in fields]
            done = await self._together.result(jobs)
        except ZhnormError:
            self._count("failed", 1)
            raise
        for name, found in zip(fields, done, strict=True):
            self._put(adapter, name, found)
        if self._wishes.on_empty == "drop" and not any(text_of(adapter[name]) for name in fields):
            raise NothingLeft(f"zhnorm: nothing is left of {', '.join(fields)}{self._place(adapter)}")
        self._count("items", 1)
        return item

    def close_spider(self, spider: object = None) -> None:
        """Say so if no item had the fields that were named."""
        self._together.close()
        there = ", ".join(sorted(self._seen))
        if there and not self._found:
            named = ", ".join(self._wishes.fields)
            logger.warning(
                "zhnorm cleaned nothing: no item has a field of ZHNORM_FIELDS (%s); there are: %s", named, there
            )
        elif there and not self._titled:
            logger.warning(
                "zhnorm looked for titles itself: no item has the field ZHNORM_TITLE_FIELD (%s); there are: %s",
                self._wishes.title_field,
                there,
            )

    def _job(self, adapter: ItemAdapter, name: str) -> _Job:
        """A field, to be cleaned."""
        text = text_of(adapter[name])
        if text is None:
            raise not_text(adapter[name], f"{name}{self._place(adapter)}")
        title = adapter.get(self._wishes.title_field) if self._wishes.title_field else None
        return _Job(text, title if isinstance(title, str) and title else None, self._url(adapter))

    def _url(self, adapter: ItemAdapter) -> str | None:
        url = adapter.get(self._wishes.url_field)
        return url if isinstance(url, str) else None

    def _place(self, adapter: ItemAdapter) -> str:
        """Where an item comes from, for messages."""
        url = self._url(adapter)
        return f" of {url}" if url else ""

    def _put(self, adapter: ItemAdapter, name: str, done: _Done) -> None:
        """A clean text in its field, unless it lost too much."""
        counts = done.counts
        if counts.loss.share > self._wishes.most_removed:
            self._count("losses", 1)
            said = f"{name}{self._place(adapter)} loses {counts.loss.share:.0%} of its letters, most by {counts.loss.most_by}"
            if self._wishes.on_loss == "drop":
                raise TooMuchRemoved(f"zhnorm: {said}")
            if self._wishes.on_loss == "raw":
                logger.warning("zhnorm: %s; it stays as it was scraped", said)
                return
            logger.warning("zhnorm: %s", said)
        self._count("lines", counts.lines)
        self._count("lines_removed", counts.removed)
        self._count("lines_rewritten", counts.rewritten)
        adapter[name] = like(adapter[name], done.text)

    def _clean_all(self, items: Sequence[_Jobs]) -> list[list[_Done] | Exception]:
        """The texts of many items; where one of them fails, each item by itself."""
        try:
            done = iter(self._cleaned([job for jobs in items for job in jobs]))
            return [list(islice(done, len(jobs))) for jobs in items]
        except ZhnormError as error:
            if len(items) == 1:
                return [error]
        return [done for jobs in items for done in self._clean_all([jobs])]

    def _cleaned(self, jobs: _Jobs) -> Iterator[_Done]:
        texts = [_text_in(job) for job in jobs]
        for document in documents(self._wishes.cleaner, texts, [job.title for job in jobs], observed=True):
            yield _Done(document.text, document.counts())


def _text_in(job: _Job) -> str:
    """A text, taken out of its markup if it is HTML."""
    return extract(job.text, url=job.url).text if markup_of(job.text) in ("page", "piece") else job.text


class _Together:
    """Does in a thread what is asked for in the reactor, everything at once that was asked for in the meantime.

    Args:
        work: given all that waits; gives for each of them a result, or an error.
    """

    def __init__(self, work: Callable[[Sequence[_Jobs]], list[list[_Done] | Exception]]) -> None:
        self._work = work
        self._waiting: list[tuple[_Jobs, Callable[[Any], object]]] = []
        self._busy = False
        self._thread = ThreadPoolExecutor(1, "zhnorm")

    async def result(self, jobs: _Jobs) -> list[_Done]:
        """What comes of the texts of an item.

        Raises:
            ZhnormError: that is an error.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            # One of Twisted's reactors that knows nothing of asyncio.
            from twisted.internet import defer, reactor

            promise: Any = defer.Deferred()
            answer, soon = promise.callback, reactor.callFromThread
        else:
            promise = loop.create_future()
            answer, soon = _answer(promise), loop.call_soon_threadsafe
        self._waiting.append((jobs, answer))
        if not self._busy:
            self._busy = True
            # Not at once, so that those which come in the same moment come along.
            soon(self._start, soon)
        done: list[_Done] | Exception = await promise
        if isinstance(done, Exception):
            raise done
        return done

    def close(self) -> None:
        """Let go of the thread."""
        self._thread.shutdown(wait=False)

    def _start(self, soon: Callable[..., object]) -> None:
        taken, self._waiting = self._waiting, []
        work = self._thread.submit(self._work, [jobs for jobs, _ in taken])
        work.add_done_callback(lambda done: soon(self._finish, done, [answer for _, answer in taken], soon))

    def _finish(
        self,
        work: Future[list[list[_Done] | Exception]],
        answers: Sequence[Callable[[Any], object]],
        soon: Callable[..., object],
    ) -> None:
        error = work.exception()
        results: Iterable[Any] = work.result() if error is None else [error] * len(answers)
        self._busy = bool(self._waiting)
        if self._busy:
            self._start(soon)
        for answer, result in zip(answers, results, strict=True):
            answer(result)


def _answer(promise: asyncio.Future[Any]) -> Callable[[Any], None]:
    """What fulfils a promise, unless nobody waits for it any more."""

    def answer(result: Any) -> None:
        if not promise.done():
            promise.set_result(result)

    return answer
