"""The cleaner: settings made into stages, and documents led through them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from ._version import __version__
from .audit import audit
from .line import Block, Change, Line
from .rules.load import builtin_packs, load_pack
from .rules.match import Matcher
from .rules.model import Pack, Rule
from .settings import Settings
from .stages import Memory, Stage, settle
from .stages.blanks import Blanks
from .stages.boilerplate import Boilerplate
from .stages.characters import Script, Tidy
from .stages.duplicates import Duplicates
from .stages.edges import Edges
from .stages.titles import Titles
from .text.convert import Converter, converter
from .text.dictionaries import dictionary_folder
from .text.tidy import PUNCTUATION_TIDIER, TIDIERS, Tidier, quote_tidier

__all__ = ["Cleaner", "Incremental", "Result"]

WINDOW_CHARS = 500_000
"""A window of lines is full at this many characters, however few lines they are."""


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaned document with its ledger.

    Attributes:
        text: the output.
        lines: every line that came in, in order, with its changes.
        changes: every change, in the order in which they happened.
        counts: for each rule, how many lines it changed or removed.
    """

    text: str
    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    counts: dict[str, int]

    @property
    def removed(self) -> tuple[Line, ...]:
        """The lines that went."""
        return tuple(line for line in self.lines if line.text is None)


class Cleaner:
    """Cleans documents by fixed settings. Immutable; one cleaner may be used from many threads, and pickled to workers.

    Args:
        settings: what to do; by default `Settings()`.
        own_packs: rule packs of your own (`rules.load_pack`), tried after the built-in ones.
        overrides: settings by name, over those in `settings`.

    Raises:
        SettingsError: a setting is unknown or out of range, or the dictionaries are missing.
        RulesError: a pack is broken.

    >>> cleaner = Cleaner(to="keep")
    >>> cleaner.clean("雨中的貓在屋簷下睡著了，一直睡到天黑。\\n分享到：微博\\n")
    '雨中的貓在屋簷下睡著了，一直睡到天黑。\\n'
    """

    def __init__(self, settings: Settings | None = None, *, own_packs: Sequence[Pack] = (), **overrides: Any) -> None:
        self.settings = Settings.of(settings, **overrides)
        self.own_packs = tuple(own_packs)
        self._characters, self._stages = self._make()

    def __reduce__(self) -> tuple[Callable[[Settings, tuple[Pack, ...]], Cleaner], tuple[Settings, tuple[Pack, ...]]]:
        return _rebuild, (self.settings, self.own_packs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cleaner) and (self.settings, self.own_packs) == (other.settings, other.own_packs)

    def __hash__(self) -> int:
        return hash((self.settings, self.own_packs))

    def _make(self) -> tuple[tuple[Tidy | Script, ...], tuple[Stage, ...]]:
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
        stages: list[Stage] = []
        matcher = _matcher(self._pack_names, self.own_packs)
        if wish.body != "whole":
            from .stages.body import Body

            # What the rules know is a feature, whether or not their lines go.
            known = matcher if wish.boilerplate else _matcher(wish.packs or builtin_packs(), self.own_packs)
            stages.append(Body(known, only_pages=wish.body == "auto"))
        if wish.titles:
            stages.append(Titles(wish.title))
        if wish.boilerplate:
            stages.append(Boilerplate(matcher))
        if wish.duplicates:
            stages.append(Duplicates(fuzzy=wish.fuzzy, threshold=wish.threshold))
        if wish.edges:
            stages.append(Edges(matcher, datelines=wish.datelines))
        return (Tidy(tidiers), Script(convert, wish.to)), tuple(stages)

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
        """A name for everything that the output depends on besides the input: engine, settings, rules, dictionaries."""
        import hashlib
        import json

        parts = [__version__, _dictionaries(), json.dumps(self.settings.as_dict(), sort_keys=True), repr(self.rules)]
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def streams(self) -> bool:
        """Whether no stage looks ahead, so that lines come out as soon as they came in."""
        wish = self.settings
        return not (
            wish.body != "whole" or wish.titles or wish.boilerplate or wish.edges or (wish.duplicates and wish.fuzzy)
        )

    def clean(self, text: str) -> str:
        """The text, clean.

        Raises:
            AuditError: a bug; nothing is given out.
        """
        incremental = self.incremental()
        return incremental.feed(text) + incremental.finish()

    def explain(self, text: str) -> Result:
        """The text, clean, with the story of every line."""
        blocks: list[Block] = []
        incremental = self.incremental(blocks.append)
        output = incremental.feed(text) + incremental.finish()
        lines = tuple(line for block in blocks for line in block.lines())
        changes = tuple(change for block in blocks for change in block.changes())
        counts = Counter(rule for _, rule in {(change.line, change.rule) for change in changes})
        return Result(output, lines, changes, dict(sorted(counts.items())))

    def stream(self, pieces: Iterable[str]) -> Iterator[str]:
        """Clean one document that arrives in pieces, cut anywhere; give out what is ready.

        >>> "".join(Cleaner().stream(["網", "絡\\n安全"]))
        '网络\\n安全'
        """
        incremental = self.incremental()
        for piece in pieces:
            if ready := incremental.feed(piece):
                yield ready
        if ready := incremental.finish():
            yield ready

    def incremental(self, observe: Callable[[Block], None] | None = None) -> Incremental:
        """One document, fed piece by piece. `observe` is given every finished block of lines, in order."""
        return Incremental(self, observe)

    def _clean_block(self, block: Block, memory: Memory) -> None:
        raw, end = list(block.raw), list(block.end)
        for characters in self._characters:
            characters.run(block)
        if self._stages:
            settle(block, self._stages, memory)
        Blanks(most=self.settings.blank_lines, at_end=self.settings.edges).run(block, memory)
        audit(block, raw, end)


@lru_cache(maxsize=8)
def _matcher(names: tuple[str, ...], packs: tuple[Pack, ...]) -> Matcher:
    """The rules of built-in packs and of a user's own; cleaners of one process share it."""
    return Matcher([rule for pack in (*map(load_pack, names), *packs) for rule in pack.rules])


def _dictionaries() -> str:
    """A digest of the installed conversion dictionaries and of our own tables."""
    import hashlib

    digest = hashlib.sha256()
    for folder in (dictionary_folder(), Path(__file__).parent / "data" / "script"):
        for path in sorted(folder.iterdir()):
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _rebuild(settings: Settings, packs: tuple[Pack, ...]) -> Cleaner:
    return Cleaner(settings, own_packs=packs)


class Incremental:
    """One document on its way through a cleaner.

    Lines are cleaned a window at a time; the last window is never cut off before the end is known. A document of less
    than two windows is looked at as a whole. Where the text is cut into pieces makes no difference to the output.

    >>> document = Cleaner().incremental()
    >>> document.feed("網絡安") + document.feed("全\\n") + document.finish()
    '网络安全\\n'
    """

    def __init__(self, cleaner: Cleaner, observe: Callable[[Block], None] | None = None) -> None:
        self._cleaner = cleaner
        self._observe = observe
        self._memory = Memory()
        self._unfinished: list[str] = []
        self._lines: list[str] = []
        self._next = 1
        self._finished = False

    def feed(self, piece: str) -> str:
        """Take the next piece of the document; give out the text that is ready.

        Raises:
            ValueError: the document was finished already.
        """
        if self._finished:
            raise ValueError("the document is finished; begin another with Cleaner.incremental()")
        if "\n" not in piece:
            self._unfinished.append(piece)
            return ""
        lines = ("".join(self._unfinished) + piece).split("\n")
        self._unfinished = [lines.pop()]
        self._lines.extend(lines)
        if self._cleaner.streams:
            return self._take(len(self._lines), is_tail=False)
        out = []
        while (stop := self._window(0)) and self._window(stop):
            out.append(self._take(stop, is_tail=False))
        return "".join(out)

    def finish(self) -> str:
        """The document ends here; give out the rest."""
        if self._finished:
            return ""
        self._finished = True
        last = "".join(self._unfinished)
        self._lines.append(last)
        return self._take(len(self._lines), is_tail=True)

    def _window(self, start: int) -> int:
        """Where the window that begins at a line stops, 0 if the lines so far do not fill it."""
        stop = start + self._cleaner.settings.window_lines
        size = 0
        for index in range(start, min(stop, len(self._lines))):
            size += len(self._lines[index])
            if size >= WINDOW_CHARS:
                return index + 1
        return stop if stop <= len(self._lines) else 0

    def _take(self, stop: int, *, is_tail: bool) -> str:
        """Clean the first lines and give out what is left of them."""
        lines, self._lines = self._lines[:stop], self._lines[stop:]
        raw = [line.removesuffix("\r") for line in lines]
        end = ["\r\n" if line.endswith("\r") else "\n" for line in lines]
        if is_tail:
            # What follows the last "\n" is a line of its own, and none at all if it is empty.
            raw[-1], end[-1] = lines[-1], ""
            if not lines[-1]:
                raw, end = raw[:-1], end[:-1]
        if not raw:
            return ""
        block = Block.from_lines(raw, end, self._next)
        block.is_head, block.is_tail = self._next == 1, is_tail
        self._next += len(raw)
        self._cleaner._clean_block(block, self._memory)
        if self._observe:
            self._observe(block)
        return block.output()
