"""One pattern of a rule, or all of its words, made ready to be tried; and a line read as such words and nothing else, or little else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..signs import CLOSING_QUOTES, OPENING_QUOTES, none_of, one_of, without
from .model import Rule
from .pattern import REGEX_PREFIX, Expression, Limited, compile_pattern, literals, normalise

__all__ = ["DIGITS", "NAME", "UNITS", "Entry", "Filed", "spelled"]

DIGITS = "0123456789"
UNITS = "万亿千kw"
NAME = "\ue010"
"""Stands for a name in quotation marks, which rules with slack pass over as they pass over Latin letters."""
_ASCII = "".join(map(chr, range(128)))


class Entry:
    """One pattern of one rule (or all of its words), ready to be tried.

    Args:
        rule: the rule.
        place: of the pattern among those of the rule; behind the last one for the words.
        rank: of all patterns that fit a line the lowest one wins.
        is_builtin: whether the rule came with the package, and its expressions need no limit.

    Attributes:
        is_mark: whether the pattern takes a mark out of the middle of a line.
    """

    __slots__ = (
        "_expression", "_literals", "_sizes", "form", "is_builtin", "is_mark", "least_chars", "letters", "most_chars",
        "needs", "rank", "rule", "source", "words",
    )  # fmt: skip

    def __init__(self, rule: Rule, place: int, rank: tuple[int, int], *, is_builtin: bool = False) -> None:
        self.rule, self.rank, self.is_builtin = rule, rank, is_builtin
        self.source, self.form, words = "", "", []
        if place < len(rule.match):
            self.source = rule.match[place]
            self.form = normalise([self.source])[0]
        else:
            words = key("\n".join(rule.words)).split("\n") if rule.words else []
        self._literals: tuple[str, ...] | None = None
        self.words = frozenset(words)
        passed = _ASCII + NAME if rule.slack else DIGITS
        self.letters = frozenset("".join(words) + UNITS + passed) if words else self.words
        self.needs = tuple(map(key, rule.needs)) if words or rule.action == "trim-inside" else ()
        self._sizes: dict[str, list[int]] | None = None
        self.least_chars = rule.min_words * min(map(len, words), default=0)
        self.is_mark = rule.action == "trim-inside"
        # A trim looks at a part of the line alone.
        self.most_chars = sys.maxsize if rule.is_trim else rule.max_chars
        self._expression: Expression | None = None

    @property
    def expression(self) -> Expression:
        if self._expression is None:
            compiled = compile_pattern(self.form, self.rule.action, sentence=self.rule.sentence)
            is_own = self.form.startswith(REGEX_PREFIX) and not self.is_builtin
            self._expression = Limited(compiled, self.rule.name) if is_own else compiled
        return self._expression

    @property
    def sizes(self) -> dict[str, list[int]]:
        """For each letter that a word begins with the lengths of these words."""
        if self._sizes is None:
            self._sizes = {}
            for letter, size in sorted({(word[0], len(word)) for word in self.words if word}):
                self._sizes.setdefault(letter, []).append(size)
        return self._sizes

    @property
    def literals(self) -> tuple[str, ...]:
        """The literals that a fitting key holds, in order."""
        if self._literals is None:
            self._literals = literals(self.form) if self.form else ()
        return self._literals

    def may_fit(self, line_key: str) -> bool:
        """Whether the key has a fitting length, and holds every literal of the pattern, in order, or the words' letters alone."""
        if not self.least_chars <= len(line_key) <= self.most_chars:
            return False
        if self.words and not self.rule.slack and not self.letters.issuperset(line_key):
            return False
        return self.holds(line_key)

    def holds(self, line_key: str) -> bool:
        """Whether the key holds every literal of the pattern, in order, or one of the words that are needed."""
        if self.needs:
            return any(map(line_key.__contains__, self.needs))
        at = 0
        for literal in self.literals:
            at = line_key.find(literal, at)
            if at < 0:
                return False
            at += len(literal)
        return True


class Filed:
    """Patterns under the literals that a fitting key holds, each made ready once a key holds its literal.

    Args:
        numbers: the numbers of the patterns under each literal.
        entry: gives a pattern by its number.
        of_parts: whether they are tried on parts of a line, so that its length does not matter.
    """

    def __init__(
        self, numbers: Mapping[str, Sequence[int]], entry: Callable[[int], Entry], *, of_parts: bool = False
    ) -> None:
        self.numbers, self._entry, self._of_parts = numbers, entry, of_parts
        self._ready: dict[str, list[tuple[Entry, str, int]]] = {}

    def at(self, anchor: str, line_key: str) -> list[Entry]:
        """The patterns under a literal that may fit a key which holds it: most others demand one more literal, or a shorter key."""
        ready = self._ready.get(anchor)
        if ready is None:
            entries = map(self._entry, self.numbers.get(anchor, ()))
            ready = [
                (entry, "".join(entry.literals[-1:]), sys.maxsize if self._of_parts else entry.most_chars)
                for entry in entries
            ]
            if ready:
                self._ready[anchor] = ready
        size = len(line_key)
        return [entry for entry, last, most in ready if size <= most and last in line_key]


_LEAST_HAN = 4
"""So many letters of the words are no Latin ones."""
_STRANGER = 3
"""Letters in no word are fewer than those in words, so many times."""
# What stands in round brackets explains a name.
_OPENING = f'{without(OPENING_QUOTES, "‘")}《【["'
_CLOSING = f'{without(CLOSING_QUOTES, "’")}》】]"'
_NAMED = expression(f"(?<![点按选击填]){one_of(_OPENING)}{none_of(_OPENING, _CLOSING)}{{1,16}}{one_of(_CLOSING)}")
"""A name in quotation marks."""
_GLUED_LETTER = expression("([a-z])\\1")
"""A button says A, and a bar of them A A A; in one word it is a rating, a battery or a cry."""
_OPENS = expression(one_of(_OPENING))


class _Way(NamedTuple):
    """How the beginning of a key is divided: letters in no word, and the words. The best way has the fewest letters and the most words."""

    strange: int
    words: tuple[str, ...]


def spelled(entry: Entry, folded: str, line_key: str) -> str | None:
    """The words that the key consists of, numbers left out; None if it holds too much else or too few words."""
    slack = entry.rule.slack
    if slack and _OPENS.search(folded) and _NAMED.search(folded):
        line_key = key(_NAMED.sub(NAME, folded))
    # Most lines and parts that are asked about are prose, and hold too many letters that no word has.
    strange = len(line_key) - sum(map(entry.letters.__contains__, line_key))
    if strange > slack or _STRANGER * strange > len(line_key) - strange:
        return None
    ways: list[_Way | None] = [None] * (len(line_key) + 1)
    ways[0] = _Way(0, ())
    for at, letter in enumerate(line_key):
        so_far = ways[at]
        if so_far is None:
            continue
        for size in _free(line_key, at, bool(slack)):
            _offer(ways, at + size, so_far.strange, so_far.words)
        if so_far.strange < slack:
            _offer(ways, at + 1, so_far.strange + 1, so_far.words)
        for size in entry.sizes.get(letter, ()):
            word = line_key[at : at + size]
            if word in entry.words:
                _offer(ways, at + len(word), so_far.strange, (*so_far.words, word))
    best = ways[-1]
    if best is None or len(best.words) < entry.rule.min_words:
        return None
    if len(set("".join(best.words))) == 1 and _GLUED_LETTER.search(folded):
        return None
    if slack and sum(len(word) > 1 for word in best.words) < entry.rule.min_words:
        return None
    if entry.needs and not any(need in word for word in best.words for need in entry.needs):
        return None
    if slack and sum(not word.isascii() and len(word) for word in best.words) < _LEAST_HAN:
        return None
    return " ".join(best.words) if _STRANGER * best.strange <= len("".join(best.words)) else None


def _offer(ways: list[_Way | None], at: int, strange: int, words: tuple[str, ...]) -> None:
    """Take a way to divide the key up to a place, if none is known that is as good."""
    other = ways[at]
    if other is None or strange < other.strange or (strange == other.strange and len(words) > len(other.words)):
        ways[at] = _Way(strange, words)


def _free(line_key: str, at: int, has_slack: bool) -> list[int]:
    """How many characters from a place on are no letters of words: a digit, perhaps with its unit; with slack a name or Latin."""
    character = line_key[at]
    if character in DIGITS:
        return [1, 2] if line_key[at + 1 : at + 2] in UNITS and at + 1 < len(line_key) else [1]
    return [1] if has_slack and (character.isascii() or character == NAME) else []
