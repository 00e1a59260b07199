"""Filing patterns: each under one short literal (an anchor) that a matching line must begin with, end with or hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zhnorm.messages import Message

from ..conversion.fold import key
from ..errors import RulesError
from .model import Rule
from .pattern import COLON, REGEX_PREFIX, STAR, anchors, normalise

__all__ = ["Filing", "Numbers"]

_ANCHOR_CHARS = 4
_PART_CHARS = 2
"""A pattern is tried on parts if it has a literal of so many characters: two stand in every other sentence."""
_COMMON = frozenset("的一是不了在人有我他这中大来上个国为和到说们时年要就出会可也你对生能而子那得于着下自之后作里")

Numbers = dict[str, list[int]]
"""The patterns filed under each literal."""


class Filing(NamedTuple):
    """The patterns of some rules, in plain data, and which of them may fit a line. Patterns are numbered in the order of
    the rules; the words of a rule count as one pattern, behind its others.

    Attributes:
        starts: the number of each rule's first pattern.
        size: how many patterns there are.
        exact: patterns that are plain characters, by these.
        first: by what a line must begin with.
        last: by what it must end with.
        inside: by what it must hold.
        anywhere: those that may act on a part of a line, by what that must hold.
    """

    starts: list[int]
    size: int
    exact: Numbers
    first: Numbers
    last: Numbers
    inside: Numbers
    anywhere: Numbers

    @classmethod
    def of(cls, rules: Sequence[Rule]) -> Filing:
        """File the patterns of rules.

        Raises:
            RulesError: a pattern holds no literal by which it could be filed.
        """
        return cls([], 0, {}, {}, {}, {}, {}).and_of(rules)

    def and_of(self, rules: Sequence[Rule]) -> Filing:
        """These patterns and those of further rules, which are tried after them."""
        filing = Filing(self.starts.copy(), self.size, *(_copy(table) for table in self[2:]))
        forms = iter(normalise([pattern for rule in rules for pattern in rule.match]))
        vocabulary = iter(key("\n".join(word for rule in rules for word in rule.words)).split("\n"))
        number = self.size
        for rule in rules:
            filing.starts.append(number)
            in_parts, alone = rule.parts != "none" or rule.read, rule.parts != "only" and not rule.read
            for pattern in rule.match:
                form = next(forms)
                if rule.action == "trim-inside" and rule.needs:
                    for need in map(key, rule.needs):
                        _put(filing.anywhere, need[:_ANCHOR_CHARS], number)
                else:
                    filing._file(rule, number, pattern, form)
                number += 1
            for _ in rule.words:
                word = next(vocabulary)
                if alone and not rule.needs:
                    _put(filing.first, word[:_ANCHOR_CHARS], number)
                if in_parts and not rule.needs and len(word) > 1:
                    _put(filing.anywhere, word[:_ANCHOR_CHARS], number)
            # What a rule reads stands under no word.
            for need in map(key, rule.needs if rule.words else ()):
                for table, is_asked in ((filing.inside, alone), (filing.anywhere, in_parts)):
                    if is_asked:
                        _put(table, need[:_ANCHOR_CHARS], number)
            number += bool(rule.words or not rule.match)
        return filing._replace(size=number)

    def _file(self, rule: Rule, number: int, source: str, form: str) -> None:
        action = rule.action
        is_list = action == "cut" and not form.endswith(COLON + STAR)
        if action == "trim-inside" or (rule.parts != "none" and not form.startswith(REGEX_PREFIX) and not is_list):
            # The heading of a list is a part only with a headline behind it.
            longest = anchors(form)[2]
            if len(longest) >= (_PART_CHARS if rule.parts != "none" else 2):
                _put(self.anywhere, _rarest(longest), number)
            elif action == "trim-inside":
                raise _unfiled(rule, source)
        if action == "trim-inside" or rule.parts == "only":
            return
        if form.isalnum() and not rule.is_trim:
            # Most patterns are plain words: no anchor has to be worked out for them.
            _put(self.exact, form, number)
            return
        first, last, longest = anchors(form)
        if action == "trim-suffix" or (action != "trim-prefix" and form.startswith(REGEX_PREFIX)):
            first = ""
        elif action == "trim-prefix":
            last = longest = ""
        elif first == form:
            _put(self.exact, form, number)
            return
        if len(first) >= 2 and len(first) >= len(last):
            _put(self.first, first[:_ANCHOR_CHARS], number)
        elif len(last) >= 2:
            _put(self.last, last[-_ANCHOR_CHARS:], number)
        elif len(longest) >= 2:
            _put(self.inside, _rarest(longest), number)
        elif first:
            _put(self.first, first, number)
        else:
            raise _unfiled(rule, source)


def _unfiled(rule: Rule, source: str) -> RulesError:
    return RulesError(
        Message("{name}: pattern {source!r} has no two plain characters side by side", name=rule.name, source=source),
        hint="add a word that every such line holds",
    )


def _copy(table: Numbers) -> Numbers:
    return {anchor: numbers.copy() for anchor, numbers in table.items()}


def _put(table: Numbers, anchor: str, number: int) -> None:
    numbers = table.setdefault(anchor, [])
    if number not in numbers[-1:]:
        numbers.append(number)


def _rarest(literal: str) -> str:
    """Up to four characters of the literal, not beginning with one of the most common characters if it can be helped."""
    for start in range(len(literal) - 1):
        if literal[start] not in _COMMON:
            return literal[start : start + _ANCHOR_CHARS]
    return literal[:_ANCHOR_CHARS]
