"""Where one word ends and the next begins, in text of either script.

The lexicon has its words in Simplified characters (`conversion/lexicon.py`). Here each of them, and each word that the conversion
tables know, is folded: every form of a character becomes one of them, whatever script or region it is from. So one set of
words divides text of both scripts, converted or not, and always at the same places: that is why converting twice is converting
once. The most probable division of a few characters around a place decides whether a word may be read there.

A few places are divided one by one (`Lexicon.cheapest`), the many places of a large text all at once (`conversion/lattice.py`).
Both know the same words and prefer the same division.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property
from itertools import pairwise
from math import log2
from typing import TYPE_CHECKING

from ..arrays.character_table import CharacterTable
from .characters import folded_map, rows
from .dictionaries import bundled
from .lattice import LONGEST, Lattice, make_joints, make_slots
from .lexicon import UNITS, WORDS, Lexicon, read_words
from .patterns import split_context
from .prepared import prepared
from .spellings import read_rows, spellings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Division", "division"]

AROUND = 5
"""How many characters on each side of a word are divided with it."""
_MEMORY = 20_000
_TORN = 6 * UNITS
"""Two pieces of a word cost so much more than the word."""
_NUMERALS = frozenset("〇零一二三四五六七八九十百千万")
_RARE = 3
"""How often a word of the tables is thought to occur that the lexicon has not."""


class Division:
    """Divides text around a word, and remembers what it did.

    >>> division().holds("他写着作业", 2, 4), division().holds("他的着作很多", 2, 4)
    (False, True)
    """

    def __init__(self, words: Lexicon, fold: dict[int, int]) -> None:
        self._words = words
        self.fold = fold
        """Every form of a character to the one that words are kept in."""
        self._known: dict[str, tuple[int, ...]] = {}

    @cached_property
    def _lattice(self) -> Lattice:
        return Lattice(_slots(), _joints(), self._words.unknown, AROUND)

    @cached_property
    def _fold_table(self) -> CharacterTable:
        return CharacterTable(self.fold)

    def holds(self, text: str, start: int, stop: int, open_before: bool = False, open_after: bool = False) -> bool:
        """Whether the characters from `start` to `stop` may be read as a word: it ends where words end, or is part of one.

        Args:
            text: some text, its characters folded or not.
            start: where the word begins.
            stop: where it ends.
            open_before: whether what stands in front of it may be part of the same word.
            open_after: the same, behind it.
        """
        first = max(0, start - AROUND)
        ends = self._ends(text[first : stop + AROUND])
        start, stop = start - first, stop - first
        if (open_before or start in ends) and (open_after or stop in ends):
            return True
        return not (open_before or open_after or any(start < end < stop for end in ends))

    def hold(self, codes: NDArray[np.uint32], asked: Sequence[tuple[int, int, bool, bool]]) -> list[bool]:
        """The same of many words of one text, given as its code points; of each word what `holds` asks for."""
        return self._lattice.hold(codes, asked, self._fold_table.look_up)

    def words(self, text: str, place: int) -> tuple[tuple[str, ...], str]:
        """The words around a place, as they stand in the text: up to three of them; and the one that it is in."""
        first = max(0, place - AROUND)
        around = text[first : place + 1 + AROUND]
        ends = self._ends(around)
        pieces = [around[a:b] for a, b in pairwise(ends)]
        here = next(i for i, end in enumerate(ends[1:]) if end > place - first)
        return tuple(piece for piece in pieces[max(0, here - 1) : here + 2] if piece.strip()), pieces[here]

    def joins(self, before: str, after: str, *, numbers_alone: bool = False) -> bool:
        """Whether the end of one text and the beginning of another are one number, or else one word, that cost more apart.

        >>> division().joins("那一盏挂在药", "铺门口"), division().joins("他走了", "铺门口")
        (True, False)
        """
        before, after = before[-AROUND:], after[:AROUND]
        if before[-1:] in _NUMERALS and after[:1] in _NUMERALS:
            return True
        if numbers_alone or len(before) in self._ends(before + after):
            return False
        together, *apart = (
            self._words.cheapest(text.translate(self.fold))[0] for text in (before + after, before, after)
        )
        return sum(apart) - together >= _TORN

    def _ends(self, around: str) -> tuple[int, ...]:
        if (known := self._known.get(around)) is None:
            if len(self._known) >= _MEMORY:
                self._known.clear()
            ends = [0]
            folded = around.translate(self.fold)
            for word in self._words.cheapest(folded)[1]:
                ends.append(ends[-1] + len(word))
            known = self._known[around] = tuple(ends)
        return known


@cache
def division() -> Division:
    """The one Division of this process."""
    import marisa_trie

    body, costs = _tables()
    trie = marisa_trie.Trie()
    trie.frombytes(body)
    return Division(Lexicon(trie, costs), folded_map())


@prepared(of=(WORDS,))
def _tables() -> tuple[bytes, bytes]:
    """The folded words as a trie, and their costs."""
    import marisa_trie

    words = _costs()
    trie = marisa_trie.Trie(words)
    costs = bytearray(len(words))
    for word, cost in words.items():
        costs[trie[word]] = cost
    return trie.tobytes(), bytes(costs)


@prepared(of=(WORDS,))
def _slots() -> bytes:
    """The folded words as a lattice finds them."""
    return make_slots(_costs())


@prepared(of=(WORDS,))
def _joints() -> bytes:
    """Which characters stand side by side in words."""
    return make_joints(_costs())


@cache
def _costs() -> dict[str, int]:
    """The folded words, and what each costs."""
    counts: dict[str, int] = {}
    fold = folded_map()
    words = read_words()
    for word, count in zip("\n".join(words).translate(fold).split("\n"), words.values(), strict=True):
        counts[word] = counts.get(word, 0) + count
    total = sum(counts.values())
    for word, result in _table_words():
        folded = word.translate(fold)
        if folded not in counts:
            counts[folded] = counts.get(result.translate(fold), _RARE)
    return {
        word: min(255, round(UNITS * log2(total / max(1, count))))
        for word, count in counts.items()
        if len(word) <= LONGEST
    }


def _table_words() -> list[tuple[str, str]]:
    """Every word of the conversion tables, and how it is written in the lexicon, if that is another way."""
    found = [(word, word) for name in ("STPhrases", "TSPhrases", "TWPhrases", "TWPhrasesRev") for word in bundled(name)]
    for script in ("simplified", "traditional"):
        for row in read_rows(script):
            found += [
                (each.word, each.result or each.word.replace(row.character, row.becomes))
                for each in spellings(row)
                if len(each.word) > 1
            ]
    for here, there, *_ in rows("taiwan"):
        found += [(word, word) for word in (split_context(here)[1], there) if len(word) > 1]
    return found
