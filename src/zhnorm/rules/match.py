"""Finding the lines on which rules act, at a cost that follows from the hits and not from the number of rules.

Most lines match nothing, so most of the work is to say so quickly. Every pattern is filed under one short literal
(an anchor) that a matching line must begin with, end with or hold. A line is looked up by its first and its last two
characters, and one scan over all short lines finds the anchors in the middle. Only a line that holds an anchor is
compared with the patterns filed there, and only then is an expression compiled.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..errors import RulesError
from ..text.fold import fold, key
from .model import Rule
from .pattern import REGEX_PREFIX, anchors, compile_pattern, literals, normalise

__all__ = ["Hit", "Matcher"]

_ANCHOR_CHARS = 4
_DIGITS = "0123456789"
_UNITS = "万亿千kw"
_COMMON = frozenset("的一是不了在人有我他这中大来上个国为和到说们时年要就出会可也你对生能而子那得于着下自之后作里")
_ORDER = {"drop": 0, "cut": 1, "trim-prefix": 2, "trim-suffix": 2}
# A regular expression written by hand is tried only on text of a bounded length.
_MARKS_PER_CHAR, _MARKS_SPARE = 4, 64

_CLOSERS = " \t\u3000'\"”’」』）)】]》〉"
_SENTENCE_MARKS = frozenset("。！？!?…⋯")
# Between a kept text and the trimmed part: marks that stay with the kept text, and marks that say the sentence goes on.
_KEPT_MARKS = frozenset("。!?…⋯”’\"'」』)]】》〉;.,、:，；：“‘「『《〈")
_GOES_ON = frozenset(",、:“‘「『《〈")
_GOES_ON_AFTER = frozenset("，,、。;!?！？；…")
_AFTER_PREFIX = frozenset(" 】])>:|/·•_-—–~»›")
_QUOTES = frozenset("“‘「『\"'《〈")
_QUOTATIONS = frozenset("“「『‘\"＂")
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


class _Entry:
    """One pattern of one rule (or all of its words), ready to be tried."""

    __slots__ = ("_expression", "form", "literals", "longest_word", "rule", "source", "words")

    def __init__(self, rule: Rule, source: str, form: str) -> None:
        self.rule, self.source, self.form = rule, source, form
        self.literals = literals(form) if form else ()
        self.words: frozenset[str] = frozenset()
        self.longest_word = 0
        self._expression: re.Pattern[str] | None = None

    @property
    def expression(self) -> re.Pattern[str]:
        if self._expression is None:
            self._expression = compile_pattern(self.form, self.rule.action, sentence=self.rule.sentence)
        return self._expression

    def accepts_key(self, line_key: str) -> bool:
        """Whether the key holds every literal of the pattern, in order."""
        at = 0
        for literal in self.literals:
            at = line_key.find(literal, at)
            if at < 0:
                return False
            at += len(literal)
        return True


class Matcher:
    """Rules made ready for lookup. Immutable, thread-safe, picklable.

    Args:
        rules: in the order in which they are tried; on one line a drop wins over a cut, and a cut over a trim.

    Raises:
        RulesError: a pattern holds no literal by which it could be filed.

    >>> from zhnorm.text.fold import key
    >>> rule = Rule("web/icp", "web", "icp", "", "drop", match=("*ICP备*号*",))
    >>> lines = ["正文在这里", "京ICP備12345678號-1"]
    >>> [(hit.index, hit.rule.name) for hit in Matcher([rule]).hits(lines, [key(s) for s in lines], 0, 2)]
    [(1, 'web/icp')]
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = tuple(rules)
        ordered = sorted(self._rules, key=lambda rule: _ORDER[rule.action])
        self._entries: list[_Entry] = []
        self._exact: dict[str, list[int]] = {}
        self._first: dict[str, list[int]] = {}
        self._last: dict[str, list[int]] = {}
        self._inside: dict[str, list[int]] = {}
        self._file_all(ordered)
        self._gate_first = frozenset(anchor[:2] for anchor in self._first) | frozenset(_DIGITS)
        self._gate_last = frozenset(anchor[-2:] for anchor in self._last)
        self._single = frozenset(anchor for anchor in self._first if len(anchor) == 1) | frozenset(_DIGITS)
        self._make_scanner()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in the order in which they were given."""
        return self._rules

    def __reduce__(self) -> tuple[type[Matcher], tuple[tuple[Rule, ...]]]:
        return Matcher, (self._rules,)

    def hits(
        self, texts: Sequence[str | None], keys: Sequence[str], head_stop: int, tail_start: int
    ) -> list[Hit]:
        """The lines on which a rule acts, at most one hit a line, in the order of the lines.

        Args:
            texts: the lines; None where a line is gone.
            keys: the key of each line (`text.fold.key`).
            head_stop: rules of the head apply to the lines before this index.
            tail_start: rules of the tail apply to the lines from this index on.
        """
        found = []
        for index, numbers in sorted(self._candidates(keys).items()):
            text = texts[index]
            if text is None:
                continue
            for number in sorted(numbers):
                entry = self._entries[number]
                if not _applies(entry.rule, index, head_stop, tail_start):
                    continue
                hit = _try(entry, index, text, keys[index])
                if hit is not None:
                    found.append(hit)
                    break
        return found

    # ------------------------------------------------------------------ filing

    def _file_all(self, ordered: list[Rule]) -> None:
        forms = iter(normalise([pattern for rule in ordered for pattern in rule.match]))
        vocabulary = iter(key("\n".join(word for rule in ordered for word in rule.words)).split("\n"))
        for rule in ordered:
            for pattern in rule.match:
                self._file(_Entry(rule, pattern, next(forms)))
            if rule.words:
                self._file_words(rule, [next(vocabulary) for _ in rule.words])

    def _file_words(self, rule: Rule, words: list[str]) -> None:
        entry = _Entry(rule, "", "")
        entry.words = frozenset(words)
        entry.longest_word = max(map(len, words))
        number = self._add(entry)
        for word in entry.words:
            _put(self._first, word[:_ANCHOR_CHARS], number)

    def _file(self, entry: _Entry) -> None:
        number = self._add(entry)
        first, last, longest = anchors(entry.form)
        action = entry.rule.action
        if action == "trim-suffix" or (action != "trim-prefix" and entry.form.startswith(REGEX_PREFIX)):
            first = ""
        elif action == "trim-prefix":
            last = longest = ""
        elif first == entry.form:
            _put(self._exact, entry.form, number)
            return
        if len(first) >= 2 and len(first) >= len(last):
            _put(self._first, first[:_ANCHOR_CHARS], number)
        elif len(last) >= 2:
            _put(self._last, last[-_ANCHOR_CHARS:], number)
        elif len(longest) >= 2:
            _put(self._inside, _rarest(longest), number)
        elif first:
            _put(self._first, first, number)
        else:
            raise RulesError(
                f"{entry.rule.name}: pattern {entry.source!r} has no two plain characters side by side",
                hint="add a word that every such line holds",
            )

    def _add(self, entry: _Entry) -> int:
        self._entries.append(entry)
        return len(self._entries) - 1

    def _make_scanner(self) -> None:
        filed = [self._entries[number].rule for numbers in self._inside.values() for number in numbers]
        self._line_chars = max((rule.max_chars for rule in filed if not rule.is_trim), default=0)
        self._tail_chars = max((rule.max_chars for rule in filed if rule.is_trim), default=0)
        self._gate_inside = frozenset(anchor[:2] for anchor in self._inside)
        first = "".join(sorted({re.escape(anchor[0]) for anchor in self._inside}))
        second = "".join(sorted({re.escape(anchor[1]) for anchor in self._inside}))
        self._scanner = re.compile(f"[{first}](?=[{second}])") if self._inside else None

    # ------------------------------------------------------------------ looking up

    def _candidates(self, keys: Sequence[str]) -> dict[int, set[int]]:
        exact, first, last, single = self._exact, self._gate_first, self._gate_last, self._single
        candidates: dict[int, set[int]] = {}
        for index in [
            index
            for index, line_key in enumerate(keys)
            if line_key[:2] in first or line_key[-2:] in last or line_key[:1] in single or line_key in exact
        ]:
            line_key = keys[index]
            numbers = set(exact.get(line_key, ()))
            start = line_key.lstrip(_DIGITS) if line_key[:1] in _DIGITS else line_key
            starts = (start, start[1:]) if start is not line_key and start[:1] in _UNITS else (start,)
            for text in starts:
                _gather(self._first, (text[:size] for size in range(1, _ANCHOR_CHARS + 1)), numbers)
            _gather(self._last, (line_key[-size:] for size in range(2, _ANCHOR_CHARS + 1)), numbers)
            if numbers:
                candidates[index] = numbers
        for index, anchor in self._scan(keys):
            candidates.setdefault(index, set()).update(self._inside[anchor])
        return candidates

    def _scan(self, keys: Sequence[str]) -> Iterator[tuple[int, str]]:
        """Line index and anchor for every anchor inside a short line, or near the end of a long one."""
        if self._scanner is None:
            return
        most, tail = self._line_chars, self._tail_chars
        pieces = [
            line_key if len(line_key) <= most else line_key[-tail:] if tail else "" for line_key in keys
        ]
        joined = "\n".join(pieces)
        stops: list[int] = []
        for at in [match.start() for match in self._scanner.finditer(joined)]:
            if joined[at : at + 2] not in self._gate_inside:
                continue
            for size in range(2, _ANCHOR_CHARS + 1):
                anchor = joined[at : at + size]
                if anchor in self._inside:
                    stops = stops or list(accumulate(len(piece) + 1 for piece in pieces))
                    yield bisect_right(stops, at), anchor


def _put(table: dict[str, list[int]], anchor: str, number: int) -> None:
    table.setdefault(anchor, []).append(number)


def _gather(table: dict[str, list[int]], anchors_: Iterable[str], numbers: set[int]) -> None:
    for anchor in anchors_:
        if anchor in table:
            numbers.update(table[anchor])


def _rarest(literal: str) -> str:
    """Up to four characters of the literal, not beginning with one of the most common characters if it can be helped."""
    for start in range(len(literal) - 1):
        if literal[start] not in _COMMON:
            return literal[start : start + _ANCHOR_CHARS]
    return literal[:_ANCHOR_CHARS]


def _applies(rule: Rule, index: int, head_stop: int, tail_start: int) -> bool:
    if rule.where == "anywhere":
        return True
    return index < head_stop if rule.where == "head" else index >= tail_start


# ---------------------------------------------------------------------- trying one pattern on one line


def _try(entry: _Entry, index: int, text: str, line_key: str) -> Hit | None:
    rule = entry.rule
    if rule.is_trim:
        if not entry.accepts_key(line_key):
            return None
        span = _prefix(entry, text) if rule.action == "trim-prefix" else _suffix(entry, text)
        if span is None:
            return None
        start, stop = span if key(text[: span[0]] + text[span[1] :]) else (0, len(text))
        return Hit(index, rule, entry.source, start, stop)
    if len(line_key) > rule.max_chars or (not rule.sentence and _ends_sentence(text)) or _is_mention(text):
        return None
    pattern = _spelled(entry, line_key) if entry.words else entry.source if _fits(entry, text, line_key) else None
    return None if pattern is None else Hit(index, rule, pattern, 0, len(text))


def _fits(entry: _Entry, text: str, line_key: str) -> bool:
    if line_key == entry.form:
        return True
    if not entry.accepts_key(line_key):
        return False
    if entry.form.startswith(REGEX_PREFIX) and len(text) > _longest_text(entry.rule):
        return False
    return entry.expression.match(fold(text)) is not None


def _longest_text(rule: Rule) -> int:
    return _MARKS_PER_CHAR * rule.max_chars + _MARKS_SPARE


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSERS)[-1:] in _SENTENCE_MARKS


def _is_mention(text: str) -> bool:
    """Whether the line begins with a quotation: then the phrase is spoken, or spoken of, and not used."""
    return text.lstrip()[:1] in _QUOTATIONS


def _spelled(entry: _Entry, line_key: str) -> str | None:
    """The words that the key consists of, numbers left out; None if it holds anything else or too few words."""
    ways: list[tuple[str, ...] | None] = [None] * (len(line_key) + 1)
    ways[0] = ()
    for at in range(len(line_key)):
        so_far = ways[at]
        if so_far is None:
            continue
        if line_key[at] in _DIGITS:
            _extend(ways, at + 1, so_far)
            if line_key[at + 1 : at + 2] in _UNITS:
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


def _prefix(entry: _Entry, text: str) -> tuple[int, int] | None:
    """The span that goes when the text begins with the pattern and something else follows."""
    folded = fold(text[: 2 * _longest_text(entry.rule)])
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


def _suffix(entry: _Entry, text: str) -> tuple[int, int] | None:
    """The span that goes when the text ends with the pattern and a whole sentence, or a mark, stands before it."""
    offset = max(0, len(text) - _longest_text(entry.rule))
    folded = fold(text[offset:])
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
    return all(text.count(opening) == text.count(closing) for opening, closing in _PAIRS)
