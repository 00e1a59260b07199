"""The cleaner: settings made into stages, and documents led through them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import repeat, takewhile
from typing import Any

from ._version import __version__
from .arrays.character_table import load_arrays
from .audit import audit
from .conversion.convert import Converter, converter
from .conversion.dictionaries import dictionary_folder
from .errors import NotTextError, ReadError, UsageError, not_text
from .html.recognition import refuse_markup
from .limits import USUAL_LIMITS, Clock, Limits
from .line import Block
from .package_data import DATA
from .result import Result
from .rules.load import builtin_filing, builtin_packs, check_names, load_pack
from .rules.match import Matcher
from .rules.model import Pack, Rule
from .settings import Settings
from .stages.blanks import Blanks
from .stages.boilerplate import Boilerplate
from .stages.characters import Rewritten, Script, Tidy
from .stages.doubled import Doubled
from .stages.duplicates import Duplicates
from .stages.edges import Edges
from .stages.inserted import Inserted
from .stages.markup import Remnants, read_blocks
from .stages.reading import Reading
from .stages.rounds import settle
from .stages.shared_looks import look
from .stages.stage import Memory, Stage, Work
from .stages.titles import Titles
from .text.tidy import PUNCTUATION_TIDIER, TIDIERS, Tidier, quote_tidier
from .windows import WINDOW_CHARS, Incremental, block_of, checked_title

__all__ = ["Cleaner"]

_NO_TABLES = ("locale", "packs", "prepared", "report")
"""Folders of data that are no tables: messages; rules, known by what they say; and what is prepared, made of the others."""
TOGETHER_CHARS = 200_000
"""So many characters of small documents are cleaned together."""


class Cleaner:
    """Cleans documents by fixed settings. Immutable; one cleaner may be used from many threads, and pickled to workers.

    Args:
        settings: what to do; by default `Settings()`.
        own_packs: rule packs of your own (`rules.load_pack`), tried after the built-in ones.
        limits: what one document may cost; by default a minute of computing, and 100 seconds for each megabyte of it.
        overrides: settings by name, over those in `settings`.

    Raises:
        SettingsError: a setting is unknown or out of range, or the dictionaries are missing.
        RulesError: a pack is broken, or is called like another one.

    >>> cleaner = Cleaner(to="keep")
    >>> cleaner.clean("雨中的貓在屋簷下睡著了，一直睡到天黑。\\n分享到：微博\\n")
    '雨中的貓在屋簷下睡著了，一直睡到天黑。\\n'
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        own_packs: Sequence[Pack] = (),
        limits: Limits = USUAL_LIMITS,
        **overrides: Any,
    ) -> None:
        self.settings = Settings.of(settings, **overrides)
        self.own_packs = tuple(own_packs)
        check_names(self.own_packs)
        self.limits = limits
        self._matchers: set[Matcher] = set()
        self._characters, self._stages = self._make()

    def __reduce__(self) -> tuple[Callable[..., Cleaner], tuple[Settings, tuple[Pack, ...], Limits]]:
        return _rebuild, (self.settings, self.own_packs, self.limits)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cleaner) and (self.settings, self.own_packs) == (other.settings, other.own_packs)

    def __hash__(self) -> int:
        return hash((self.settings, self.own_packs))

    def _make(self) -> tuple[tuple[Tidy, Script], tuple[Stage, ...]]:
        wish = self.settings
        tidiers: tuple[Tidier, ...] = TIDIERS if wish.tidy else ()
        if wish.punctuation == "full":
            tidiers += (PUNCTUATION_TIDIER,)
        if wish.quotes != "keep":
            tidiers += (quote_tidier(wish.quotes),)
        convert = None
        if wish.to == "keep":
            pass
        elif wish.dictionary:
            convert = Converter(
                wish.to, corrections=wish.corrections, dictionary=dict(wish.dictionary), protect=wish.protect
            )
        else:
            convert = converter(wish.to, corrections=wish.corrections, protect=wish.protect)
        tidy, script = (
            Tidy(tidiers),
            Script(convert, wish.to, convert_code=wish.convert_code, line_by_line=self.streams),
        )
        stages = self._judging_stages()
        if stages:
            stages = [Rewritten(tidy, script), *stages, Remnants(ahead=not self.streams)]
        return (tidy, script), tuple(stages)

    def _judging_stages(self) -> list[Stage]:
        """The stages that judge lines, in their order."""
        wish, stages = self.settings, list[Stage]()
        matcher = _matcher(self._pack_names, self.own_packs)
        if wish.reading:
            known = self.known_rules
            stages.append(Reading(known, wish.keep, wish.drop, wish.caution, rules_act=wish.boilerplate))
            self._matchers.add(known)
        if wish.titles:
            stages.append(Titles(wish.title))
        fuzzy = wish.duplicates and wish.fuzzy
        if fuzzy or wish.titles:
            stages.append(Inserted(titles=wish.titles, others=fuzzy))
        if wish.boilerplate:
            stages.append(Boilerplate(matcher))
        if fuzzy:
            stages.append(Doubled())
        if wish.duplicates:
            stages.append(Duplicates(fuzzy=wish.fuzzy, threshold=wish.threshold))
        if wish.edges:
            stages.append(Edges(matcher, datelines=wish.datelines))
        if wish.boilerplate or wish.edges:
            self._matchers.add(matcher)
        return stages

    def on_trial(self) -> Cleaner:
        """The same cleaner with a tenth of the time: for documents that are cleaned together, and then alone if that takes too long."""
        # Not `copy`, which makes a plain cleaner of settings and packs, as for another process.
        trial = object.__new__(type(self))
        trial.__dict__.update(self.__dict__)
        if self.limits.seconds is not None:
            trial.limits = replace(self.limits, seconds=self.limits.seconds / 10)
        return trial

    @property
    def known_rules(self) -> Matcher:
        """The rules that are evidence for what a line is, whether or not their lines go."""
        wish = self.settings
        return _matcher(self._pack_names if wish.boilerplate else wish.packs or builtin_packs(), self.own_packs)

    @property
    def _pack_names(self) -> tuple[str, ...]:
        if not self.settings.boilerplate:
            return ()
        return builtin_packs() if self.settings.packs is None else self.settings.packs

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force, in the order in which they are tried."""
        return _matcher(self._pack_names, self.own_packs).rules

    @cached_property
    def digest(self) -> str:
        """A name for everything that the output depends on besides the input: engine, settings, rules, dictionaries, and what was
        learned."""
        import hashlib
        import json

        rules = self.known_rules.rules if self.settings.reading else self.rules
        parts = [__version__, _tables(), json.dumps(self.settings.as_dict(), sort_keys=True), repr(rules)]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def streams(self) -> bool:
        """Whether no stage looks ahead, so that lines come out as soon as they came in."""
        wish = self.settings
        return not (wish.reading or wish.titles or wish.boilerplate or wish.edges or (wish.duplicates and wish.fuzzy))

    def clean(self, text: str, title: str | None = None) -> str:
        """The text, clean.

        Args:
            text: the document.
            title: of the document, which is then not guessed; None if it is not known.

        Raises:
            NotTextError: it is no text.
            ReadError: it is HTML (`clean_html`). What is given to `stream` or `incremental` is taken for text.
            LimitError: it takes more than it may.
            AuditError: a bug; nothing is given out.
        """
        refuse_markup(text)
        incremental = self.incremental(title=title)
        return incremental.feed(text) + incremental.finish()

    def __call__(self, text: str) -> str:
        """The same as `clean`, for those who want a function of one text: `map`, pandas, DuckDB.

        >>> list(map(Cleaner(), ["網絡", "安全"]))
        ['网络', '安全']
        """
        return self.clean(text)

    def explain(self, text: str, title: str | None = None) -> Result:
        """The text, clean, with the story of every line. Arguments and errors are those of `clean`."""
        refuse_markup(text)
        blocks: list[Block] = []
        incremental = self.incremental(blocks.append, title)
        output = incremental.feed(text) + incremental.finish()
        lines = tuple(line for block in blocks for line in block.lines())
        changes = tuple(change for block in blocks for change in block.changes())
        counts = Counter(rule for _, rule in {(change.line, change.rule) for change in changes})
        return Result(output, lines, changes, dict(sorted(counts.items())))

    def stream(self, pieces: Iterable[str], title: str | None = None) -> Iterator[str]:
        """Clean one document that arrives in pieces, cut anywhere; give out what is ready.

        >>> "".join(Cleaner().stream(["網", "絡\\n安全"]))
        '网络\\n安全'
        """
        incremental = self.incremental(title=title)
        for piece in pieces:
            if ready := incremental.feed(piece):
                yield ready
        if ready := incremental.finish():
            yield ready

    def clean_many(
        self,
        texts: Iterable[str],
        observe: Callable[[Block], None] | None = None,
        *,
        titles: Iterable[str | None] | None = None,
        names: Iterable[str] | None = None,
    ) -> Iterator[str]:
        """Many documents, clean, in their order: each as `clean` gives it, and small ones much faster.

        The characters of many documents are looked up as one text, so that nothing is paid per document that can
        be paid once. About 200,000 characters are taken in before the first text comes out.

        Args:
            texts: the documents.
            observe: given every finished block of lines, in order; `Block.is_head` tells where a document begins.
            titles: of the documents, one for each, None for those that are not known.
            names: what the documents are called, one for each.

        Raises:
            NotTextError: what is given is one text, or something else than texts; or, once the texts before it were given out, one of
                them is none, and the message says which.
            UsageError: there are more texts than titles, or more titles than texts.
            ReadError: a document is HTML; see `clean`.
            LimitError: a document, or those that are cleaned together, take more than one may. Which one it is, `clean` tells.
            AuditError: a bug; nothing is given out.

        >>> list(Cleaner().clean_many(["網絡", "安全"]))
        ['网络', '安全']
        """
        _check_many("texts", texts)
        if titles is not None:
            _check_many("titles", titles)
        called = repeat("") if names is None else names
        documents = ((text, Memory(title, name)) for (text, title), name in zip(_titled(texts, titles), called))  # noqa: B905
        return self._clean_many(documents, observe)

    def _clean_many(
        self, documents: Iterable[tuple[str, Memory]], observe: Callable[[Block], None] | None
    ) -> Iterator[str]:
        """Clean documents with what is known of them, the small ones together."""
        waiting: list[tuple[str, Memory]] = []
        chars = 0
        try:
            for text, memory in documents:
                refuse_markup(text)
                if self.streams or len(text) >= WINDOW_CHARS or text.count("\n") >= self.settings.window_lines:
                    yield from self._clean_together(waiting, observe)
                    waiting, chars = [], 0
                    incremental = self.incremental(observe, memory.title, memory.name)
                    yield incremental.feed(text) + incremental.finish()
                    continue
                waiting.append((text, memory))
                chars += len(text)
                if chars >= TOGETHER_CHARS:
                    load_arrays()
                    yield from self._clean_together(waiting, observe)
                    waiting, chars = [], 0
        except (UsageError, ReadError):
            # What came before the one that is no text is given out all the same.
            yield from self._clean_together(waiting, observe)
            raise
        yield from self._clean_together(waiting, observe)

    def _clean_together(
        self, documents: Sequence[tuple[str, Memory]], observe: Callable[[Block], None] | None
    ) -> Iterator[str]:
        """Clean documents that are one block each."""
        if not documents:
            return
        for text, _ in documents:
            self.limits.check_text(text)
        blocks = [block_of(text.split("\n"), 1, is_tail=True) for text, _ in documents]
        with Clock(self.limits.seconds).running(sum(len(text) for text, _ in documents)):
            self.clean_blocks(blocks, [memory for _, memory in documents])
        for block in blocks:
            if observe and block.raw:
                observe(block)
            yield block.output()

    def incremental(
        self, observe: Callable[[Block], None] | None = None, title: str | None = None, name: str = ""
    ) -> Incremental:
        """One document, fed piece by piece. `observe` is given every finished block of lines, in order; `name` is what it is called."""
        return Incremental(self, observe, title, name)

    def clean_blocks(self, blocks: Sequence[Block], memories: Sequence[Memory]) -> None:
        """Clean blocks of different documents, each with the memory of its own."""
        kept = [(list(block.raw), list(block.end)) for block in blocks]
        work = self.look_at(blocks, memories, *self._matchers)
        blanks = Blanks(most=self.settings.blank_lines, at_end=self.settings.edges)
        if self._stages:
            settle([pair for pair in work if pair[0].raw], self._stages)
        blanks.run(work)
        for block, (raw, end) in zip(blocks, kept, strict=True):
            audit(block, raw, end)

    def look_at(self, blocks: Sequence[Block], memories: Sequence[Memory], *matchers: Matcher) -> list[Work]:
        """Tidy and convert fresh blocks, and look at their lines."""
        read_blocks(blocks, memories, ahead=not self.streams)
        work = list(zip(blocks, memories, strict=True))
        tidy, script = self._characters
        tidy.run(work)
        script.run(work)
        are_markdown = [memory.markup.is_markdown for memory in memories]
        for memory, looks in zip(memories, look(blocks, are_markdown, matchers), strict=True):
            memory.looks = looks
        return work


def _check_many(name: str, values: object) -> None:
    """Refuse one text where many belong: its characters would be cleaned one by one, and the keys of a table in place of its texts."""
    if isinstance(values, str | bytes):
        kind = "text" if isinstance(values, str) else type(values).__name__
        hint = (
            "clean(text) cleans one; several are a list: [text]"
            if name == "texts"
            else "titles are a list, one for each text"
        )
        raise NotTextError(f"{name}: expected many texts, got one {kind}", hint=hint)
    if isinstance(values, Mapping) or hasattr(values, "columns"):
        hint = 'give what holds the texts: values.values() of a mapping, table["text"] of a table'
        raise NotTextError(f"{name}: expected texts, got {type(values).__name__}", hint=hint)
    if not hasattr(values, "__iter__"):
        raise NotTextError(
            f"{name}: expected texts, got {type(values).__name__}", hint="a list of them, or a generator"
        )


def _titled(texts: Iterable[str], titles: Iterable[str | None] | None) -> Iterator[tuple[str, str | None]]:
    """Texts with their titles, each of them looked at."""
    end = object()
    given = None if titles is None else iter(titles)
    place = 0
    for place, text in enumerate(texts, 1):
        if not isinstance(text, str):
            raise not_text(text, f"texts[{place - 1}]")
        title = None if given is None else next(given, end)
        if title is end:
            raise UsageError(
                f"{place - 1} titles and more texts", hint="one title for each text; None if it is not known"
            )
        yield text, checked_title(title, f"titles[{place - 1}]")
    if given is not None and next(given, end) is not end:
        raise UsageError(f"{place} texts and more titles", hint="one title for each text")


@lru_cache(maxsize=8)
def _matcher(names: tuple[str, ...], packs: tuple[Pack, ...]) -> Matcher:
    """The rules of built-in packs and of a user's own; cleaners of one process share it."""
    rules = [rule for pack in (*map(load_pack, names), *packs) for rule in pack.rules]
    builtin = sum(len(load_pack(name).rules) for name in takewhile(builtin_packs().__contains__, names))
    return Matcher(rules, builtin_filing() if names == builtin_packs() else None, builtin=builtin)


def _tables() -> str:
    """A digest of the installed conversion dictionaries and of all tables of our own."""
    import hashlib

    digest = hashlib.sha256()
    walked = [folder for folder, _, _ in os.walk(DATA)]
    own = [folder for folder in walked if os.path.relpath(folder, DATA).split(os.sep)[0] not in _NO_TABLES]
    for folder in (dictionary_folder(), *sorted(own)):
        # The texts of help pages, and a licence, decide nothing.
        for name in sorted(name for name in os.listdir(folder) if "." in name and not name.endswith(".toml")):
            with open(os.path.join(folder, name), "rb") as file:
                digest.update(name.encode() + file.read())
    return digest.hexdigest()


def _rebuild(settings: Settings, packs: tuple[Pack, ...], limits: Limits) -> Cleaner:
    return Cleaner(settings, own_packs=packs, limits=limits)
