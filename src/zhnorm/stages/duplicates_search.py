"""Which lines may repeat another one, above them in their block or in an earlier one: every line is looked at once, and no two are compared.

Lines can only be repeats if they share a trait: what they say, the beginning of it, or one of its pieces (`pieces`). The traits of many
documents are numbers, and looked at all at once; those of a short one are texts. `Seen` holds the lines of a block that stayed.

A document may have millions of lines. So of its earlier blocks (`Earlier`) the text of the lines is one string, and what they say, whole and
by pieces, is numbers in two tables (`arrays.hashes`); a line that the numbers find is made again from its text and compared. Lines are
remembered in two generations: once the later one is full, the earlier one is forgotten.
"""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.expressions import expression
from ..arrays.hashes import HashTable, PieceHashes
from ..conversion.fold import key
from ..line import Witness
from ..text.decoration import core
from ..text.similar import MAX_CHARS, SLIP_CHARS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "CUT_OFF_CHARS",
    "PIECES",
    "Core",
    "Earlier",
    "Kept",
    "Repeat",
    "Seen",
    "candidates",
    "candidates_from_earlier",
    "candidates_of_many",
    "cores",
    "describe",
    "may_be_alike",
    "own_pieces",
    "pieces",
    "places_of_pieces",
]

MOST_FOUND = 8
"""Of lines that share a piece only so many are compared: the search stays linear."""
_HALVES = ((32, 16), (24, 12), (16, 8), (12, 6), (10, 5), (SLIP_CHARS, 4))
_QUARTERS = ((80, 16), (48, 12))
"""From how many letters on a line's pieces have how many: short lines have three that overlap, long ones four that do not."""
_SHORT_CHARS = 16
_END_CHARS = 12
"""A label or a note makes a line so much longer that all its other pieces are cut otherwise: its first and last letters stay."""
_FIGURES = expression("[0-9]+")
_OTHERWISE = expression("[0-9](?:[百千万亿w点时成]|年[0-9]{1,2}月[0-9]{1,2}[日号])")
"""Numbers, times and dates that have other figures if they are written in another way: 1.5万, 8千, 下午2点30分."""
PIECES = 4


def may_be_alike(said: str) -> bool:
    """Whether lines that say this are compared with others that do not say quite the same. Figures and Latin words are no slips."""
    return SLIP_CHARS <= len(said) <= MAX_CHARS and not said.isascii()


class Piece(NamedTuple):
    """Letters `start` to before `stop` of a key; pieces of one `place` of two keys may be the same."""

    place: int
    start: int
    stop: int


@lru_cache(maxsize=4096)
def own_pieces(size: int) -> tuple[Piece, ...]:
    """The pieces of a key of so many letters: from its beginning, and from its end. Whatever stands between them, or in front of
    those from the end, may have been put in or left out; of a few characters that were exchanged one piece is free."""
    return _cut(size, *_chars(size))


@lru_cache(maxsize=4096)
def _pieces(size: int) -> tuple[Piece, ...]:
    """The pieces of a key, those that it would have if it were a little longer or shorter, and both its ends."""
    near = 1 if size < _SHORT_CHARS else 3
    kinds = dict.fromkeys(_chars(max(SLIP_CHARS, other)) for other in (size, size - near, size + near))
    found = [piece for kind in kinds for piece in _cut(size, *kind) if 0 <= piece.start <= piece.stop <= size]
    if size >= _SHORT_CHARS:
        first, _, last = _cut(size, _END_CHARS, False)
        found += (first, last)
    return tuple(dict.fromkeys(found))


def _chars(size: int) -> tuple[int, bool]:
    """How many letters the pieces of a key have, and whether they are quarters."""
    for least, chars in (*_QUARTERS, *_HALVES):
        if size >= least:
            return chars, least >= _QUARTERS[-1][0]
    raise ValueError(size)


def _cut(size: int, chars: int, are_quarters: bool) -> tuple[Piece, ...]:
    first, last = Piece(8 * chars, 0, chars), Piece(8 * chars + 1, size - chars, size)
    if are_quarters:
        start, stop = chars, size - chars
        return first, Piece(8 * chars + 2, start, start + chars), Piece(8 * chars + 3, stop - chars, stop), last
    middle = (size - chars) // 2
    return first, Piece(8 * chars + 4, middle, middle + chars), last


def pieces(said: str) -> list[tuple[int, str]]:
    """Pieces of a key, each with the number of its place: lines that are nearly alike share one of them.

    >>> pieces("天地玄黄宇宙洪荒日月")[:3]
    [(40, '天地玄黄宇'), (44, '玄黄宇宙洪'), (41, '宙洪荒日月')]
    """
    return [(place, said[start:stop]) for place, start, stop in _pieces(len(said))]


def places_of_pieces(sizes: Sequence[int]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """The pieces of keys of so many letters: whose they are, and their places, starts and stops, an array of each."""
    import numpy as np

    found = [_pieces(size) for size in sizes]
    owners = np.repeat(np.arange(len(found)), [len(each) for each in found])
    flat = np.fromiter(chain.from_iterable(map(_flat, sizes)), np.int64).reshape(-1, 3)
    return owners, flat[:, 0], flat[:, 1], flat[:, 2]


@lru_cache(maxsize=4096)
def _flat(size: int) -> tuple[int, ...]:
    return tuple(chain.from_iterable(_pieces(size)))


class Kept(NamedTuple):
    """A line that stayed, with its core (see `text.decoration.core`), the core's key, and its list number, if it has one."""

    line: int
    text: str
    key: str
    core: str
    core_key: str
    item: str

    def said(self) -> Iterator[str]:
        """What the line says, in each way that is not the one before."""
        yield self.key
        if self.core_key is not self.key:
            yield self.core_key


class Repeat(NamedTuple):
    """A line that was looked for among those above it: its text, and by which rule it repeats one of them, if it does."""

    text: str
    found: tuple[str, Witness] | None


class Core(NamedTuple):
    """A line without its decoration (see `text.decoration.core`), its key, and the line's list number, if it has one."""

    text: str
    key: str
    item: str


def cores(texts: Sequence[str], keys: Sequence[str]) -> list[Core]:
    """The cores of lines, given with their keys."""
    found = [core(text) for text in texts]
    bare = [own for text, (own, _) in zip(texts, found, strict=True) if own is not text]
    known = dict(zip(bare, key("\n".join(bare)).split("\n"), strict=True)) if bare else {}
    return [Core(own, known.get(own) or said, item) for said, (own, item) in zip(keys, found, strict=True)]


def describe(line: int, text: str, said: str, own: Core | None = None) -> Kept:
    """A line, given with its key, and with its core if that is known."""
    if own is None:
        (own,) = cores([text], [said])
    return Kept(line, text, said, own.text, own.key, own.item)


class Seen:
    """Lines that stayed, found again by what they say: whole, or a piece of it.

    A line with figures is compared with lines of the same figures, and with those that have none or may have others: they may be
    written in numerals, or in another way. In a table of thousands of rows that differ in a number no two are compared.
    """

    def __init__(self) -> None:
        self._equal: dict[str, Kept] = {}
        self._pieces: dict[tuple[int, str], list[Kept]] = {}
        self._of_figures: dict[str, dict[tuple[int, str], list[Kept]]] = {}

    def add(self, line: Kept, *, alike: bool) -> None:
        """Remember a line; with `alike` also by its pieces. The first line with a key stays the one that is found."""
        for said in line.said():
            self._equal.setdefault(said, line)
        if alike and may_be_alike(line.core_key):
            kinds = {_figures(line.core_key)}
            if _OTHERWISE.search(line.core_key):
                kinds.add("")
            tables = [self._pieces, *(self._of_figures.setdefault(kind, {}) for kind in kinds)]
            for piece in pieces(line.core_key):
                for table in tables:
                    found = table.setdefault(piece, [])
                    if len(found) < MOST_FOUND:
                        found.append(line)

    def equal(self, line_key: str) -> Kept | None:
        """The first line that says this."""
        return self._equal.get(line_key)

    def alike(self, core_key: str) -> Iterator[Kept]:
        """Lines that share a piece with this one, by the keys of their cores, each once."""
        if not self._pieces:
            return
        tried = set()
        figures = _figures(core_key)
        if figures and not _OTHERWISE.search(core_key):
            kinds = [self._of_figures.get(kind, {}) for kind in (figures, "")]
        else:
            kinds = [self._pieces]
        for piece in pieces(core_key):
            for table in kinds:
                for line in table.get(piece, ()):
                    if line.line not in tried:
                        tried.add(line.line)
                        yield line


def _figures(said: str) -> str:
    """The figures in a key, one number after the other."""
    return " ".join(_FIGURES.findall(said))


GENERATION_LINES = 1 << 16
GENERATION_CHARS = 2_500_000
"""A generation is full with so many lines, or so many characters."""
RECENT_LINES = 1000
"""Fewer lines are not worth an array."""
_MIXER = 0x9E3779B97F4A7C15


class Earlier:
    """Lines that stayed in earlier blocks, found again by what they say."""

    def __init__(self) -> None:
        self._recent: list[Kept] = []
        self._seen = Seen()
        self._generations: list[_Generation] = []
        self._equal: dict[str, Kept | None] = {}
        self._alike: dict[str, tuple[Kept, ...]] = {}

    def __len__(self) -> int:
        return len(self._recent) + sum(map(len, self._generations))

    def add(self, lines: Sequence[Kept], *, alike: bool) -> None:
        """Remember the lines of a block; with `alike` also by their pieces."""
        self._equal.clear()
        self._alike.clear()
        self._recent += lines
        if len(self._recent) < RECENT_LINES:
            for line in lines:
                self._seen.add(line, alike=alike)
            return
        if not self._generations or self._generations[-1].is_full:
            self._generations = [*self._generations[-1:], _Generation()]
        self._generations[-1].add(self._recent, alike=alike)
        self._recent, self._seen = [], Seen()

    def equal(self, said: str) -> Kept | None:
        """The first line that says this."""
        if not (self._recent or self._generations):
            return None
        if said not in self._equal:
            self.look_up([said], [])
        return self._equal[said]

    def alike(self, said: str) -> tuple[Kept, ...]:
        """Lines that share a piece with this one, by the keys of their cores: for each piece the first."""
        if not (self._recent or self._generations):
            return ()
        if said not in self._alike:
            self.look_up([], [said])
        return self._alike[said]

    def look_up(self, equal: Iterable[str], alike: Iterable[str]) -> None:
        """Find what `equal` and `alike` will be asked for, all at once: one by one it takes much longer."""
        whole = [said for said in dict.fromkeys(equal) if said not in self._equal]
        self._equal.update(zip(whole, map(self._seen.equal, whole), strict=True))
        long = [said for said in dict.fromkeys(alike) if said not in self._alike]
        others: dict[str, tuple[Kept, ...]] = dict.fromkeys(long, ())
        # What the oldest lines say counts.
        for generation in reversed(self._generations):
            self._equal.update(generation.equal(whole))
        for generation in self._generations:
            for said, line in generation.alike(long):
                others[said] += (line,)
        for said in long:
            self._alike[said] = (*others[said], *self._seen.alike(said))


class _Generation:
    """Lines of one document, up to a number."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._chars = 0
        self._texts: list[str] = []
        self._first: list[int] = []
        self._stops: list[NDArray[Any]] = []
        self._whole = HashTable()
        self._pieces = HashTable()

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def is_full(self) -> bool:
        return len(self._numbers) >= GENERATION_LINES or self._chars >= GENERATION_CHARS

    def add(self, lines: Sequence[Kept], *, alike: bool) -> None:
        import numpy as np

        first = len(self._numbers)
        text = "".join([line.text for line in lines])
        self._numbers.extend([line.line for line in lines])
        self._first.append(first)
        self._texts.append(text)
        self._stops.append(np.cumsum([len(line.text) for line in lines]))
        self._chars += len(text)
        said = [(words, place) for place, line in enumerate(lines, first) for words in line.said()]
        self._whole.add(_hashes([words for words, _ in said]), np.array([place for _, place in said]))
        if alike:
            able = [(line.core_key, place) for place, line in enumerate(lines, first) if may_be_alike(line.core_key)]
            places = np.repeat(np.array([place for _, place in able], np.int64), PIECES)
            self._pieces.add(_piece_hashes([words for words, _ in able]), places)

    def equal(self, said: Sequence[str]) -> Iterator[tuple[str, Kept]]:
        """Those that a line says, each with the first such line."""
        places = self._whole.find(_hashes(said)).tolist() if said else ()
        for words, place in zip(said, places, strict=True):
            if place >= 0:
                text = self._text(place)
                line = describe(self._numbers[place], text, key(text))
                if words in (line.key, line.core_key):
                    yield words, line

    def alike(self, said: Sequence[str]) -> Iterator[tuple[str, Kept]]:
        """Those that share a piece with a line, for each piece with the first such line."""
        if not said or not len(self._pieces):
            return
        found = self._pieces.find(_piece_hashes(said)).reshape(-1, PIECES).tolist()
        places = sorted({place for each in found for place in each if place >= 0})
        texts = [self._text(place) for place in places]
        lines = {
            place: describe(self._numbers[place], text, own)
            for place, text, own in zip(places, texts, key("\n".join(texts)).split("\n"), strict=False)
        }
        for words, each in zip(said, found, strict=True):
            for place in dict.fromkeys(each):
                if place >= 0:
                    yield words, lines[place]

    def _text(self, place: int) -> str:
        chunk = bisect_right(self._first, place) - 1
        stops = self._stops[chunk]
        at = place - self._first[chunk]
        return self._texts[chunk][stops[at - 1] if at else 0 : stops[at]]


def _hashes(texts: Sequence[str]) -> NDArray[Any]:
    import numpy as np

    stops = np.cumsum([len(text) for text in texts])
    starts = np.append(0, stops[:-1])
    return PieceHashes("".join(texts)).of(starts, stops)


def _piece_hashes(keys: Sequence[str]) -> NDArray[Any]:
    """The hashes of the pieces of keys (see `own_pieces`), `PIECES` for each key, the last ones twice if it has fewer."""
    import numpy as np

    sizes = np.array([len(said) for said in keys], np.int64)
    first = (np.cumsum(sizes) - sizes).repeat(PIECES)
    kinds, kind = np.unique(sizes, return_inverse=True)
    of_kinds = [own_pieces(size) for size in kinds.tolist()]
    table = np.array([(each + each[-1:])[:PIECES] for each in of_kinds], np.int64)
    places, starts, stops = table[kind].reshape(-1, 3).T
    hashes = PieceHashes("".join(keys)).of(first + starts, first + stops)
    hashes ^= places.astype(np.uint64) * np.uint64(_MIXER)
    return hashes


CUT_OFF_CHARS = 8
"""A line that says no more than this is no teaser."""
_HEAD, _PLACE, _DOCUMENT = 0xC2B2AE3D27D4EB4F, 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93
"""Traits of different kinds, places and documents have different numbers."""


def candidates(said: Sequence[str], bare: Sequence[str]) -> list[int]:
    """The lines of a document that share a trait with another one, in order.

    Args:
        said: the key of each line.
        bare: the same without the line's decoration; often the same objects.

    >>> candidates(["桥通车了", "渡口停航", "桥通车了"], ["桥通车了", "渡口停航", "桥通车了"])
    [0, 2]
    """
    long = [place for place, key in enumerate(bare) if len(key) >= CUT_OFF_CHARS]
    shared = _sharing([bare[place][:CUT_OFF_CHARS] for place in long], long)
    also = [
        (own, place) for place, (own, key) in enumerate(zip(bare, said, strict=True)) if own is not key and own != key
    ]
    shared |= _sharing([*said, *(own for own, _ in also)], [*range(len(said)), *(place for _, place in also)])
    able = [place for place in long if may_be_alike(bare[place])]
    parts = [pieces(bare[place]) for place in able]
    shared |= _sharing(
        [*chain.from_iterable(parts)], [place for place, own in zip(able, parts, strict=True) for _ in own]
    )
    return sorted(shared)


def candidates_from_earlier(said: Sequence[str], bare: Sequence[str], earlier: Earlier) -> set[int]:
    """The lines of a block that share a trait with a line of an earlier one; the arguments as in `candidates`.

    >>> candidates_from_earlier(["桥通车了"], ["桥通车了"], Earlier())
    set()
    """
    if not len(earlier):
        return set()
    earlier.look_up(chain(said, bare), filter(may_be_alike, bare))
    return {
        place
        for place, (own, key) in enumerate(zip(said, bare, strict=True))
        if earlier.equal(own) or earlier.equal(key) or (may_be_alike(key) and earlier.alike(key))
    }


def candidates_of_many(said: Sequence[Sequence[str]], bare: Sequence[Sequence[str]]) -> list[list[int]]:
    """What `candidates` gives for each of many documents, all at once; the arguments as there, for each.

    >>> one, other = ["桥通车了", "渡口停航", "桥通车了"], ["桥通车了"]
    >>> candidates_of_many([one, other], [one, other])
    [[0, 2], []]
    """
    import numpy as np

    keys = [*chain.from_iterable(bare)]
    numbers = np.repeat(np.arange(len(bare)), [len(each) for each in bare])
    others = [
        (own, place)
        for place, (own, key) in enumerate(zip(chain.from_iterable(said), keys, strict=True))
        if own is not key and own != key
    ]
    lines = np.concatenate([np.arange(len(keys)), np.array([place for _, place in others], np.int64)])
    texts = [*keys, *(own for own, _ in others)]
    stops = np.cumsum([len(text) for text in texts])
    starts = stops - np.array([len(text) for text in texts])
    hashes = PieceHashes("".join(texts))
    long = [place for place, key in enumerate(keys) if len(key) >= CUT_OFF_CHARS]
    able = [place for place in long if may_be_alike(keys[place])]
    owners, places, first, last = places_of_pieces([len(keys[place]) for place in able])
    owners = np.array(able, np.int64)[owners]
    heads = np.array(long, np.int64)
    traits = np.concatenate(
        [
            hashes.of(starts, stops),
            hashes.of(starts[heads], starts[heads] + CUT_OFF_CHARS) ^ np.uint64(_HEAD),
            hashes.of(starts[owners] + first, starts[owners] + last) ^ (places.astype(np.uint64) * np.uint64(_PLACE)),
        ]
    )
    owner = np.concatenate([lines, heads, owners])
    traits ^= (numbers[owner].astype(np.uint64) + np.uint64(1)) * np.uint64(_DOCUMENT)
    order = np.argsort(traits, kind="stable")
    same = np.flatnonzero(traits[order[1:]] == traits[order[:-1]])
    shared = np.flatnonzero(np.bincount(owner[np.concatenate([order[same], order[same + 1]])]))
    found: list[list[int]] = [[] for _ in bare]
    sizes = np.cumsum([0, *(len(each) for each in bare)])
    for place in shared.tolist():
        number = int(numbers[place])
        found[number].append(place - int(sizes[number]))
    return found


def _sharing(traits: Sequence[Hashable], places: Sequence[int]) -> set[int]:
    """The places of lines that share a trait, given with the trait of each."""
    # A set tells at once whether any two are equal, as they hardly ever are.
    if len(set(traits)) == len(traits):
        return set()
    times = Counter(traits)
    return {place for trait, place in zip(traits, places, strict=True) if times[trait] > 1}
