"""Trying one pattern on one line: whether it fits, and which part of the line goes."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from ..text.expressions import expression
from ..text.fold import key
from .model import Rule
from .pattern import REGEX_PREFIX, compile_pattern, literals, normalise

__all__ = ["DIGITS", "UNITS", "Entry", "Hit", "longest_text", "try_entry"]

DIGITS = "0123456789"
UNITS = "万亿千kw"
# A regular expression written by hand is tried only on text of a bounded length.
_MARKS_PER_CHAR, _MARKS_SPARE = 4, 64

_CLOSERS = " \t\u3000'\"”’」』）)】]》〉"
_SENTENCE_MARKS = frozenset("。！？!?…⋯；;")
# Between a kept text and the trimmed part: marks that stay with the kept text, and marks that say the sentence goes on.
_KEPT_MARKS = frozenset("。!?…⋯”’\"'」』)]】》〉;.,、:，；：“‘「『《〈")
_GOES_ON = frozenset(",、:“‘「『《〈")
_GOES_ON_AFTER = frozenset("，,、。;!?！？；…")
_AFTER_PREFIX = frozenset(" 】])>:|/·•_-—–~»›")
_QUOTES = frozenset("“‘「『\"'《〈")
_QUOTATIONS = frozenset('“「『‘"＂')
_STATUTE = expression(
    "\\s*(?:[(（][一二三四五六七八九十]{1,3}[)）]|第[0-9一二三四五六七八九十百千\\s]{1,8}[条條章节節款])"
)
_PAIRS = ("()", "[]", "【】", "「」", "『』", "“”", "《》", "〔〕")


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule acts on the line at `index`.

    Attributes:
        index: which of the texts.
        rule: the rule.
        pattern: the pattern that matched, as written in the pack, or the words that were recognised.
        start: first character that goes.
        stop: end of what goes. A trim that would leave nothing covers the whole line: then the line goes.
    """

    index: int
    rule: Rule
    pattern: str
    start: int
    stop: int


class Entry:
    """One pattern of one rule (or all of its words), ready to be tried.

    Args:
        rule: the rule.
        place: of the pattern among those of the rule; behind the last one for the words.
        rank: of all patterns that fit a line the lowest one wins.
    """

    __slots__ = (
        "_expression", "_literals", "form", "least_chars", "letters", "longest_word", "most_chars", "rank", "rule", "source",
        "words",
    )  # fmt: skip

    def __init__(self, rule: Rule, place: int, rank: tuple[int, int]) -> None:
        self.rule, self.rank = rule, rank
        self.source, self.form, words = "", "", []
        if place < len(rule.match):
            self.source = rule.match[place]
            self.form = normalise([self.source])[0]
        else:
            words = key("\n".join(rule.words)).split("\n")
        self._literals: tuple[str, ...] | None = None
        self.words = frozenset(words)
        self.letters = frozenset("".join(words) + DIGITS + UNITS) if words else self.words
        self.longest_word = max(map(len, words), default=0)
        self.least_chars = rule.min_words * min(map(len, words), default=0)
        # A trim looks at a part of the line alone.
        self.most_chars = sys.maxsize if rule.is_trim else rule.max_chars
        self._expression: re.Pattern[str] | None = None

    @property
    def expression(self) -> re.Pattern[str]:
        if self._expression is None:
            self._expression = compile_pattern(self.form, self.rule.action, sentence=self.rule.sentence)
        return self._expression

    def may_fit(self, line_key: str) -> bool:
        """Whether the key has a fitting length, and holds every literal of the pattern, in order, or the words' letters alone."""
        if not self.least_chars <= len(line_key) <= self.most_chars:
            return False
        if self.words:
            return self.letters.issuperset(line_key)
        if self._literals is None:
            self._literals = literals(self.form) if self.form else ()
        at = 0
        for literal in self._literals:
            at = line_key.find(literal, at)
            if at < 0:
                return False
            at += len(literal)
        return True


def try_entry(entry: Entry, index: int, text: str, folded: str, line_key: str) -> Hit | None:
    """What the pattern does to a line, given with its fold and its key, that it may fit; None if it does not."""
    rule = entry.rule
    if rule.is_trim:
        span = _prefix(entry, text, folded) if rule.action == "trim-prefix" else _suffix(entry, text, folded)
        if span is None:
            return None
        start, stop = span if key(text[: span[0]] + text[span[1] :]) else (0, len(text))
        return Hit(index, rule, entry.source, start, stop)
    if (not rule.sentence and _ends_sentence(text)) or _is_mention(text):
        return None
    pattern = _spelled(entry, line_key) if entry.words else entry.source if _fits(entry, folded, line_key) else None
    return None if pattern is None else Hit(index, rule, pattern, 0, len(text))


def _fits(entry: Entry, folded: str, line_key: str) -> bool:
    if line_key == entry.form:
        return True
    if entry.form.startswith(REGEX_PREFIX) and len(folded) > longest_text(entry.rule):
        return False
    return entry.expression.match(folded) is not None


def longest_text(rule: Rule) -> int:
    """How many characters at the end of a line a trim of its end looks at; at the beginning it looks at twice as many."""
    return _MARKS_PER_CHAR * rule.max_chars + _MARKS_SPARE


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in _SENTENCE_MARKS


def _is_mention(text: str) -> bool:
    """Whether the line begins with a quotation, or as an item of a statute: then the phrase is spoken of, not used."""
    return text.lstrip()[:1] in _QUOTATIONS or _STATUTE.match(text) is not None


def _spelled(entry: Entry, line_key: str) -> str | None:
    """The words that the key consists of, numbers left out; None if it holds anything else or too few words."""
    ways: list[tuple[str, ...] | None] = [None] * (len(line_key) + 1)
    ways[0] = ()
    for at in range(len(line_key)):
        so_far = ways[at]
        if so_far is None:
            continue
        if line_key[at] in DIGITS:
            _extend(ways, at + 1, so_far)
            if line_key[at + 1 : at + 2] in UNITS:
                _extend(ways, at + 2, so_far)
        for size in range(1, min(entry.longest_word, len(line_key) - at) + 1):
            word = line_key[at : at + size]
            if word in entry.words:
                _extend(ways, at + size, (*so_far, word))
    words = ways[-1]
    return None if words is None or len(words) < entry.rule.min_words else " ".join(words)


def _extend(ways: list[tuple[str, ...] | None], at: int, words: tuple[str, ...]) -> None:
    if at < len(ways):
        known = ways[at]
        if known is None or len(words) > len(known):
            ways[at] = words


def _prefix(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """The span that goes when the text begins with the pattern and something else follows."""
    folded = folded[: 2 * longest_text(entry.rule)]
    match = entry.expression.match(folded)
    if match is None or match.end() == 0:
        return None
    stop = match.end()
    after = folded[stop : stop + 1]
    ends_with_word = _is_word(folded[stop - 1])
    if ends_with_word and after and (_is_word(after) or after in _GOES_ON_AFTER):
        return None
    if any(mark in _QUOTES for mark in _leading_marks(folded)) or len(key(text[:stop])) > entry.rule.max_chars:
        return None
    while stop < len(folded) and folded[stop] in _AFTER_PREFIX:
        stop += 1
    return 0, stop


def _suffix(entry: Entry, text: str, folded: str) -> tuple[int, int] | None:
    """The span that goes when the text ends with the pattern and a whole sentence, or a mark, stands before it."""
    offset = max(0, len(text) - longest_text(entry.rule))
    folded = folded[offset:]
    span = None
    match = entry.expression.search(folded)
    while match is not None:
        start = _suffix_start(folded, match.start(), offset)
        if start is not None and len(key(folded[start:])) <= entry.rule.max_chars and _is_balanced(folded[start:]):
            span = offset + start, len(text)
        match = entry.expression.search(folded, match.start() + 1)
    return span


def _suffix_start(folded: str, begin: int, offset: int) -> int | None:
    """Where the trimmed part begins: the match with the bullets, spaces and opening brackets before it."""
    start = begin
    while start and not _is_word(folded[start - 1]) and folded[start - 1] not in _KEPT_MARKS:
        start -= 1
    if start == 0:
        return None if offset else 0
    before = folded[start - 1]
    if before in _GOES_ON or (_is_word(before) and start == begin):
        return None
    return start


def _leading_marks(folded: str) -> str:
    for at, character in enumerate(folded):
        if _is_word(character):
            return folded[:at]
    return folded


def _is_word(character: str) -> bool:
    return character.isalnum()


def _is_balanced(text: str) -> bool:
    return all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)
