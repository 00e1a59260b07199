"""Finding the lines on which rules act, at a cost that follows from the hits and not from the number of rules.

Most lines match nothing, so most of the work is to say so quickly. Every pattern is filed under one short literal
(an anchor) that a matching line must begin with, end with or hold. A line is looked up by its first and its last two
characters, and one scan over all short lines finds the anchors in the middle. Only a line that holds an anchor is
compared with the patterns filed there, and only then is an expression compiled.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from operator import attrgetter

from ..text.expressions import OneOf
from ..text.fold import fold
from ..text.gates import Gates
from ..text.kinds import LineArrays
from ..text.table import in_arrays
from .filing import Filing
from .fit import DIGITS, UNITS, Entry, Hit, try_entry
from .model import Rule

__all__ = ["Hit", "Matcher", "applies"]

_DIGITS = frozenset(DIGITS)
_RANK = attrgetter("rank")
_ORDER = {"drop": 0, "cut": 1, "trim-prefix": 3, "trim-suffix": 3}
_WORDS = 2
"""A heading may also be read as a row of words that go."""


class Matcher:
    """Rules made ready for lookup. Immutable, thread-safe, picklable.

    Args:
        rules: in the order in which they are tried; on one line a drop wins over a cut, that over a row of words, and
            that over a trim.
        filing: their patterns, or those of the first rules, if they are filed already.

    Raises:
        RulesError: a pattern holds no literal by which it could be filed.

    >>> from zhnorm.text.fold import key
    >>> rule = Rule("web/icp", "web", "icp", "", "drop", match=("*ICP备*号*",))
    >>> lines = ["正文在这里", "京ICP備12345678號-1"]
    >>> [(hit.index, hit.rule.name) for hit in Matcher([rule]).hits(lines, [key(s) for s in lines], 0, 2)]
    [(1, 'web/icp')]
    """

    def __init__(self, rules: Sequence[Rule], filing: Filing | None = None) -> None:
        self._rules = tuple(rules)
        if filing is None:
            filing = Filing.of(self._rules)
        elif len(filing.starts) < len(self._rules):
            filing = filing.and_of(self._rules[len(filing.starts) :])
        self._starts = filing.starts
        self._entries: dict[int, Entry] = {}
        self._exact, self._first, self._last, self._inside = filing.exact, filing.first, filing.last, filing.inside
        self._gate_first = frozenset(anchor[:2] for anchor in self._first) | frozenset(DIGITS)
        self._gate_last = frozenset(anchor[-2:] for anchor in self._last)
        self._single = frozenset(anchor for anchor in self._first if len(anchor) == 1) | frozenset(DIGITS)
        self._gate_inside = frozenset(anchor[:2] for anchor in self._inside)
        inside = [self._rules[self._place(number)] for numbers in self._inside.values() for number in numbers]
        self._line_chars = max((rule.max_chars for rule in inside if not rule.is_trim), default=0)
        self._tail_chars = max((rule.max_chars for rule in inside if rule.is_trim), default=0)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in the order in which they were given."""
        return self._rules

    def __reduce__(self) -> tuple[type[Matcher], tuple[tuple[Rule, ...]]]:
        return Matcher, (self._rules,)

    def hits(self, texts: Sequence[str], keys: Sequence[str], head_stop: int, tail_start: int) -> list[Hit]:
        """The lines on which a rule acts, at most one hit a line, in the order of the lines.

        Args:
            texts: the lines.
            keys: the key of each line (`text.fold.key`).
            head_stop: rules of the head apply to the lines before this index.
            tail_start: rules of the tail apply to the lines from this index on.
        """
        found = (
            next((hit for hit in fits if applies(hit.rule, index, head_stop, tail_start)), None)
            for index, fits in self.fits(texts, keys).items()
        )
        return [hit for hit in found if hit is not None]

    def fits(self, texts: Sequence[str], keys: Sequence[str]) -> dict[int, tuple[Hit, ...]]:
        """For each line that rules fit, all of these in the order in which they win, wherever the line stands."""
        able: dict[int, list[Entry]] = {}
        entries = self._entries
        for index, numbers in sorted(self._candidates(keys).items()):
            line_key = keys[index]
            mine = [
                entry
                for number in dict.fromkeys(numbers)
                if (entry := entries.get(number) or self._entry(number)).may_fit(line_key)
            ]
            if mine:
                able[index] = sorted(mine, key=_RANK) if len(mine) > 1 else mine
        folds = fold("\n".join([texts[index] for index in able])).split("\n")
        found = {}
        for (index, mine), folded in zip(able.items(), folds, strict=False):
            text, line_key = texts[index], keys[index]
            tried = [try_entry(entry, index, text, folded, line_key) for entry in mine]
            if hits := tuple([hit for hit in tried if hit is not None]):
                found[index] = hits
        return found

    def _place(self, number: int) -> int:
        """Which of the rules a pattern belongs to."""
        return bisect_right(self._starts, number) - 1

    def _entry(self, number: int) -> Entry:
        """A pattern that is asked for by its number the first time: of thousands, few ever are."""
        place = self._place(number)
        rule = self._rules[place]
        at = number - self._starts[place]
        order = _ORDER[rule.action] if at < len(rule.match) else max(_WORDS, _ORDER[rule.action])
        entry = self._entries[number] = Entry(rule, at, (order, number))
        return entry

    # ------------------------------------------------------------------ looking up

    @cached_property
    def _gates(self) -> Gates:
        words = (form[:2] for form in self._exact)
        return Gates({*self._gate_first, *self._single, *words}, self._gate_last, self._inside)

    @cached_property
    def _begin(self) -> OneOf:
        return OneOf(anchor[0] for anchor in self._inside)

    def _candidates(self, keys: Sequence[str]) -> dict[int, list[int]]:
        """For lines that hold an anchor the patterns filed there; twice if the line holds it twice."""
        joined = "\n".join(keys)
        candidates: dict[int, list[int]] = {}
        if in_arrays(len(joined)):
            lines = LineArrays(joined)
            begin, end = self._gates.at_ends(lines)
            inside: Iterable[tuple[int, int]] = self._gates.inside(lines, self._line_chars, self._tail_chars)
        else:
            begin, end = self._at_ends(keys)
            joined, inside = self._scan(keys)
        for index in begin:
            line_key = keys[index]
            numbers = list(self._exact.get(line_key, ()))
            start = line_key
            if line_key[:1] in _DIGITS:
                start = line_key.lstrip(DIGITS)
                if start[:1] in UNITS:
                    self._begin_with(start[1:], numbers)
            self._begin_with(start, numbers)
            if numbers:
                candidates[index] = numbers
        for index in end:
            line_key = keys[index]
            for anchor in (line_key[-2:], line_key[-3:], line_key[-4:]):
                if anchor in self._last:
                    candidates.setdefault(index, []).extend(self._last[anchor])
        for index, at in inside:
            for anchor in (joined[at : at + 2], joined[at : at + 3], joined[at : at + 4]):
                if anchor in self._inside:
                    candidates.setdefault(index, []).extend(self._inside[anchor])
        return candidates

    def _begin_with(self, start: str, numbers: list[int]) -> None:
        """Add the patterns with whose anchor a key begins."""
        if start[:1] in self._single:
            numbers += self._first.get(start[:1], ())
        if start[:2] in self._gate_first:
            for anchor in (start[:2], start[:3], start[:4]):
                if anchor in self._first:
                    numbers += self._first[anchor]

    def _at_ends(self, keys: Sequence[str]) -> tuple[list[int], list[int]]:
        """Lines that may begin, and lines that may end with an anchor."""
        exact, first, last, single = self._exact, self._gate_first, self._gate_last, self._single
        begin = [
            index
            for index, line_key in enumerate(keys)
            if line_key[:2] in first or line_key[:1] in single or line_key in exact
        ]
        return begin, [index for index, line_key in enumerate(keys) if line_key[-2:] in last]

    def _scan(self, keys: Sequence[str]) -> tuple[str, Iterator[tuple[int, int]]]:
        """Short lines, and the ends of long ones, in one text; and the lines in which an anchor may begin, and where."""
        most, tail = self._line_chars, self._tail_chars
        pieces = [line_key if len(line_key) <= most else line_key[-tail:] if tail else "" for line_key in keys]
        joined = "\n".join(pieces)
        places = [at for at in self._begin.places(joined) if joined[at : at + 2] in self._gate_inside]
        stops = list(accumulate(len(piece) + 1 for piece in pieces)) if places else []
        return joined, ((bisect_right(stops, at), at) for at in places)


def applies(rule: Rule, index: int, head_stop: int, tail_start: int) -> bool:
    """Whether a rule acts on the line at an index, given where the head stops and the tail starts."""
    if rule.where == "anywhere":
        return True
    return index < head_stop if rule.where == "head" else index >= tail_start
