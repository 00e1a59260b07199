"""Conversion between Traditional and Simplified Chinese, and between their regional standards.

The directions are OpenCC's (t2s, s2twp ...), made from the dictionaries that opencc-python-reimplemented installs, and
four targets for cleaning, which take any Chinese text: `hans` (mainland Simplified), `hant`, `tw`, `hk`.

Lines end at "\\n". A block of lines converts as its lines would one by one, so a whole file can be done at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Protocol

from ..arrays.character_table import in_arrays, load_arrays
from ..errors import not_text
from .at_once import ALL_LINES, AtOnce
from .characters import character_map
from .detect import Speaks, documents_speak
from .dictionaries import read_dictionary
from .directions import DIRECTIONS, GUARDED, SPELLED, direction_named, plain_steps, speller
from .orthography import TAIWAN_TO_OPENCC
from .protect import Pins, are_unusual, around_selectors, descriptions
from .targets import Regional, mainland

if TYPE_CHECKING:
    from .ambiguity import Ambiguity

__all__ = ["DIRECTIONS", "Converter", "character_map", "convert", "converter", "read_dictionary"]

_PIECE_CHARS = 1 << 18


class Engine(Protocol):
    """Converts text of any number of lines."""

    def convert(self, text: str, speaks: Speaks) -> str:
        """The text, converted; `speaks` tells the script of the document that each of its lines is in."""

    @property
    def at_once(self) -> AtOnce | None:
        """The same in C."""


class _Whole:
    """Converts every line, whatever it is in."""

    def __init__(self, convert: Callable[[str], str], at_once: AtOnce | None = None) -> None:
        self._convert = convert
        self.at_once = at_once

    def convert(self, text: str, speaks: Speaks) -> str:
        if self.at_once is not None:
            found = self.at_once.lines(text, speaks, lambda line, _number: self._convert(line))
            if found is not None:
                return found
        return self._convert(text)


def _standardize(direction: str) -> Callable[[str], str]:
    """Traditional text of any region in the standard that a direction leads to."""
    convert = plain_steps(direction).convert
    if direction != "t2hk":
        return convert
    table = str.maketrans(TAIWAN_TO_OPENCC)
    return lambda text: convert(text.translate(table))


def _standard(direction: str) -> dict[int, int]:
    """The same as a table: these steps know no words."""
    convert = _standardize(direction)
    characters = {*TAIWAN_TO_OPENCC, *map(chr, plain_steps(direction).steps[0].codes)}
    return {ord(character): ord(convert(character)) for character in characters}


@cache
def _engine(direction: str, exact: bool) -> Engine:
    if direction == "hans" and not exact:
        return mainland()
    if direction in GUARDED and not exact:
        standard = GUARDED[direction][1]
        if standard is None:
            return Regional(speller(direction), None, None)
        return Regional(speller(direction), _standardize(standard), _standard(standard))
    if direction in SPELLED and not exact:
        step = speller(direction)
        return _Whole(step.convert, AtOnce(step.tables, ALL_LINES))
    return _Whole(plain_steps(direction).convert)


class Converter:
    """Converts text. Immutable, safe to share between threads; pickled by its arguments, so cheap to send to a worker.

    Args:
        direction: one of `DIRECTIONS`, or a name that OpenCC, BCP 47 or zhconv has for it (`zh-TW`, `s2twp.json`).
        exact: what opencc-python-reimplemented gives, byte for byte. Otherwise a direction into Simplified is closed
            (converting twice is converting once), and `hans`, `hant`, `tw` and `hk` decide line by line what has to be
            converted.
        corrections: False is the same as `exact=True`.
        dictionary: the user's phrases, which win over all others, or the path of a file of them in OpenCC's format.
        protect: terms that stay as they are. Web addresses and @mentions do in any case, unless `exact`.

    Raises:
        SettingsError: there is no such direction; a dictionary is missing or broken.

    >>> Converter("hans").convert("徐乾學著書，曬乾著作")
    '徐乾学著书，晒干著作'
    >>> Converter("s2twp").convert("鼠标和软件")
    '滑鼠和軟體'
    >>> Converter("hans", dictionary={"乾媽": "Auntie"}, protect=["臺灣"]).convert("臺灣乾媽")
    '臺灣Auntie'
    """

    __slots__ = ("_arguments", "_engine", "_is_plain", "pins")

    def __init__(
        self,
        direction: str = "hans",
        exact: bool = False,
        corrections: bool = True,
        dictionary: Mapping[str, str] | str | os.PathLike[str] | None = None,
        protect: Iterable[str] = (),
    ) -> None:
        direction = direction_named(direction)
        if direction not in DIRECTIONS:
            from ..errors import SettingsError

            raise SettingsError(f"no direction {direction!r}", hint=f"directions: {', '.join(DIRECTIONS)}")
        exact = exact or not corrections
        if isinstance(dictionary, (str, os.PathLike)):
            dictionary = read_dictionary(dictionary)
        phrases = dict(dictionary or {})
        protect = (protect,) if isinstance(protect, str) else tuple(protect)
        self._arguments = (direction, exact, True, phrases, protect)
        if not exact:
            phrases = {value: value for value in phrases.values() if value} | phrases
        # Which pieces of a text are settled before the conversion begins.
        self.pins = Pins(phrases | {term: term for term in protect}, web=not exact)
        self._engine: Engine | None = None
        self._is_plain = not (phrases or protect)

    def __reduce__(self) -> tuple[type[Converter], tuple[str, bool, bool, dict[str, str], tuple[str, ...]]]:
        return type(self), self._arguments

    def __repr__(self) -> str:
        return f"Converter({self.direction!r}, exact={self.exact})"

    @property
    def direction(self) -> str:
        """The direction it was made for."""
        return self._arguments[0]

    @property
    def exact(self) -> bool:
        """Whether it does exactly what opencc-python-reimplemented does."""
        return self._arguments[1]

    def to(self, direction: str) -> Converter:
        """The same in another direction."""
        return self if direction == self.direction else Converter(direction, *self._arguments[1:])

    def convert(self, text: str, documents: Sequence[int] | None = None, script: str | None = None) -> str:
        """The converted text. "\\n" never moves; lone surrogates, NUL and unassigned characters pass through.

        A line that both scripts write alike is taken for what its document is.

        Args:
            text: a document, or several.
            documents: how many lines each of several documents has.
            script: of the document that the text is a part of: `hans`, `hant` or "" for neither.

        Raises:
            NotTextError: the text is none.
        """
        if not isinstance(text, str):
            raise not_text(text)
        if self._engine is None:
            self._engine = _engine(self.direction, self.exact)
        if documents is None and script is None and self._is_plain and (at_once := self._engine.at_once) is not None:
            found = at_once.document(text)
            if found is not None:
                return found
        speaks = documents_speak(text, documents) if script is None else lambda _line: script
        if not in_arrays(len(text)) or len(text) <= _PIECE_CHARS:
            return self._around(text, speaks, 0)
        load_arrays()
        converted = []
        line = 0
        for piece in _pieces(text):
            converted.append(self._around(piece, speaks, line))
            line += piece.count("\n")
        return "".join(converted)

    def _around(self, text: str, speaks: Speaks, first: int) -> str:
        """The text from line `first` on, converted around what is settled."""
        assert self._engine is not None
        engine = self._engine

        def convert(part: str) -> str:
            return engine.convert(part, lambda line: speaks(first + line))

        if not self.exact and are_unusual(text):
            return self.pins.around(text, lambda part: around_selectors(part, convert), descriptions(text))
        return self.pins.around(text, convert)

    def ambiguities(self, text: str) -> Iterator[Ambiguity]:
        """Where a character had more than one possible result: what was chosen, and why.

        >>> [(found.source, found.chosen, found.reason) for found in Converter("hans").ambiguities("乾隆乾杯")]
        [('乾', '乾', 'word: 乾隆'), ('乾', '干', 'word: 乾杯')]
        """
        from .ambiguity import ambiguities

        return ambiguities(self, text)


def _pieces(text: str) -> Iterator[str]:
    """Whole lines, so many that what is done once for each piece does not count."""
    start = 0
    while start < len(text):
        stop = text.find("\n", start + _PIECE_CHARS) + 1 or len(text)
        yield text[start:stop]
        start = stop


@lru_cache(maxsize=32)
def converter(
    direction: str = "hans", exact: bool = False, corrections: bool = True, protect: tuple[str, ...] = ()
) -> Converter:
    """A shared Converter; arguments as there."""
    return Converter(direction, exact, corrections, None, protect)


def convert(text: str, direction: str = "hans") -> str:
    """The text, converted.

    >>> convert("網路上的資訊"), convert("头发发白", "tw")
    ('网路上的资讯', '頭髮發白')
    """
    return converter(direction).convert(text)
