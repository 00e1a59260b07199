"""The words of Chinese, with how much each of them costs: what a line says, divided into words, is what costs least.

The words and their counts stand in `data/words/words.tsv`, in Simplified characters. A word's cost is its surprise, the negative
logarithm of its share of running text; a character that is no word costs as much as one that was hardly ever seen. The
words are kept in a trie (marisa-trie) that is made when the package is built, and read when the first line is in doubt.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from functools import cache, cached_property
from math import log2
from typing import TYPE_CHECKING

from ..arrays.expressions import expression
from ..package_data import data_path
from .prepared import prepared

if TYPE_CHECKING:
    import marisa_trie

__all__ = ["LONGEST", "UNITS", "UNKNOWN", "WORDS", "Lexicon", "lexicon", "names", "read_words"]

UNITS = 8
"""Costs are counted in eighths of a bit, as integers, so that sums are the same on every machine."""
UNKNOWN = 8 * UNITS
"""What a character that is no word costs beyond the rarest word."""
LONGEST = 16
"""No word has more characters."""
_NEVER = 1 << 60
_MOST = 255
_NEVER_CHOSEN = 1 << 20
"""No word costs more than the one, and all words of a line together cost less than the other."""
_SURROGATES = expression("[\ud800-\udfff]")
WORDS = os.path.join("data", "words", "words.tsv")
"""Where the words and their counts stand, in the package."""


class Lexicon:
    """Words in Simplified characters, found by where they begin.

    Args:
        trie: the words.
        costs: of each its cost, by its number in the trie; 0 where it does not count.
        names: of each whether it is a name.
        more: other words, each trie with its costs.
    """

    def __init__(
        self,
        trie: marisa_trie.Trie,
        costs: bytes | array[int],
        names: bytes = b"",
        more: tuple[tuple[marisa_trie.Trie, bytes], ...] = (),
    ) -> None:
        self._trie = trie
        self._costs = costs
        self._names = names
        self._sources = (trie, costs), *more
        self.unknown = min(max(max(found) for _, found in self._sources), _MOST) + UNKNOWN
        """The cost of a character that is no word."""

    def cost(self, word: str) -> int | None:
        """What a word costs, in eighths of a bit; None if it is no word.

        >>> lexicon().cost("网络") < lexicon().cost("网罗"), lexicon().cost("络网")
        (True, None)
        """
        place = self._trie.get(word)
        return None if place is None else self._costs[place]

    def words(self) -> dict[str, int]:
        """Every word, and its number."""
        return dict(self._trie.items())

    def beside(self, costs: bytes, words: bytes, more: bytes) -> Lexicon:
        """The same words with other costs, and beside them more words, given as the bytes of a trie and their costs."""
        import marisa_trie

        trie = marisa_trie.Trie()
        trie.frombytes(words)
        return Lexicon(self._trie, costs, more=((trie, more),))

    @cached_property
    def without_names(self) -> Lexicon:
        """The words that are no names.

        >>> lexicon().without_names.cheapest("省人民法院")[1]
        ['省', '人民', '法院']
        """
        costs = array("I", list(self._costs))
        for number, is_name in enumerate(self._names):
            if is_name:
                costs[number] = _NEVER_CHOSEN
        return Lexicon(self._trie, costs)

    def is_name(self, word: str) -> bool:
        """Whether a word is the name of a person, a place or a body.

        >>> lexicon().is_name("李建国"), lexicon().is_name("国家")
        (True, False)
        """
        place = self._trie.get(word)
        return place is not None and self._names[place : place + 1] == b"\1"

    def cheapest(self, text: str, *, apart: bool = False) -> tuple[int, list[str]]:
        """The least that a text costs, in eighths of a bit, and the words it is then divided into.

        Args:
            text: what to divide.
            apart: not as one word.

        >>> lexicon().cheapest("研究生命的起源")[1]
        ['研究', '生命', '的', '起源']
        >>> lexicon().cheapest("启发式")[1], lexicon().cheapest("启发式", apart=True)[1]
        (['启发式'], ['启发', '式'])
        """
        # A byte that is no character is no word.
        text = _SURROGATES.sub("\0", text)
        sources = [(trie.iter_prefixes_with_ids, costs) for trie, costs in self._sources]
        unknown = self.unknown
        least = [0, *[_NEVER] * len(text)]
        begins = [0] * (len(text) + 1)
        for start in range(len(text)):
            so_far = least[start]
            is_word = False
            here = text[start : start + LONGEST]
            for words_from, costs in sources:
                for word, number in words_from(here):
                    size, cost = len(word), costs[number]
                    if not cost or (apart and size == len(text)):
                        continue
                    is_word = is_word or size == 1
                    if so_far + cost < least[start + size]:
                        least[start + size], begins[start + size] = so_far + cost, start
            if not is_word and so_far + unknown < least[start + 1]:
                least[start + 1], begins[start + 1] = so_far + unknown, start
        words = []
        stop = len(text)
        while stop:
            words.append(text[begins[stop] : stop])
            stop = begins[stop]
        return least[-1], words[::-1]


@cache
def lexicon() -> Lexicon:
    """The lexicon, read once in a process."""
    import marisa_trie

    trie = marisa_trie.Trie()
    body, costs, names = _tables()
    trie.frombytes(body)
    return Lexicon(trie, costs, names)


@prepared(of=(WORDS,), alone=True)
def _tables() -> tuple[bytes, bytes, bytes]:
    """The trie; the cost of each word, and 1 for each name, by its number in the trie."""
    import marisa_trie

    rows = list(_rows())
    trie = marisa_trie.Trie([word for word, _, _ in rows])
    total = sum(count for _, count, _ in rows)
    costs, names = bytearray(len(rows)), bytearray(len(rows))
    for word, count, is_name in rows:
        costs[trie[word]] = round(UNITS * log2(total / max(1, count)))
        names[trie[word]] = is_name
    return trie.tobytes(), bytes(costs), bytes(names)


def read_words() -> dict[str, int]:
    """Every word, and how often it was counted."""
    return {word: count for word, count, _ in _rows()}


def names() -> Iterator[str]:
    """Every word that is a name."""
    return (word for word, _, is_name in _rows() if is_name)


def _rows() -> Iterator[tuple[str, int, bool]]:
    """Every word, how often it was counted, and whether it is a name."""
    with open(data_path("words", "words.tsv"), encoding="utf-8") as file:
        for line in file:
            if line[0] != "#":
                word, count, *kind = line.rstrip("\n").split("\t")
                yield word, int(count), kind == ["name"]
