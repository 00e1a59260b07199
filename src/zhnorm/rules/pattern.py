"""The pattern language of rules, and how a pattern becomes a regular expression that cannot run away.

A pattern is compared with the fold of a line, so it is written once, in Simplified. Before anything else it is brought
to a normal form: marks and spaces gone, and each of the four wild cards one private character. Everything that a
matcher must know about a pattern before it compiles it (its literals, where it is anchored) is read off the normal form.

The expressions that patterns become use atomic groups and possessive quantifiers throughout: a literal once found is never
looked for again, so the time is linear in the length of the line. An expression that somebody wrote himself (`re:`) may try
ways without end. Nothing that looks at an expression can tell all of those from the good ones, so each try of it has a time limit
(`Limited`). Those of the built-in packs are known not to need one: the tests hold them against texts made to be slow.

An `Entry` is one pattern of a rule, or all of its words, made ready to be tried; by `Filed` the matcher reads a line as such words and nothing else, or
little else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from zhnorm.messages import Message

from ..arrays.expressions import expression
from ..conversion.fold import fold, key
from ..errors import LimitError
from ..limits import check_time, seconds_left
from ..signs import CLOSING_QUOTES, FOLDED_STOPS, OPENING_QUOTES, none_of, one_of, without
from .model import Rule

__all__ = [
    "BREAK",
    "COLON",
    "DIGITS",
    "NAME",
    "NUMBER",
    "REGEX_PREFIX",
    "STAR",
    "UNITS",
    "Entry",
    "Expression",
    "Filed",
    "Limited",
    "anchors",
    "compile_pattern",
    "is_label",
    "literals",
    "normalise",
    "spelled",
]

STAR, NUMBER, COLON, BREAK = "\ue000", "\ue001", "\ue002", "\ue003"
REGEX_PREFIX = "re:"

MOST_SECONDS = 0.25
"""An expression is tried on one line no longer than this. Good ones take some millionths of it."""

_WILD = str.maketrans("*#:|", STAR + NUMBER + COLON + BREAK)
_TOKENS = expression(f"([{STAR}{NUMBER}{COLON}{BREAK}])")

_GAP = r"[\W_]*+"
_COLONS = r":|/\\丨ㅣ¦∣】\])>»›→~﹕∶"
_BREAKS = _COLONS + r"\s·・•‧∙,、…_\-–—―<«‹(\[【&+"
_EXPRESSIONS = {
    # Bounded, since they may be tried from every place of a line.
    NUMBER: r"(?:[0-9][0-9.,]{0,60}+(?:[\W_]{0,60}+[万亿千kw]\+?)?|[〇零一二三四五六七八九十百千两]{1,60}+)",
    COLON: rf"(?>[\W_]{{0,60}}?[{_COLONS}])",
    BREAK: rf"(?>[\W_]{{0,60}}?[{_BREAKS}])",
}
_OPEN = r".*"
_WITHIN_SENTENCE = f"[^{FOLDED_STOPS}]*"
_WITHIN_PARAGRAPH = r"[^。]*"
_WITHIN_MARK = rf"[^\s{FOLDED_STOPS},;:()\[\]【】]{{0,12}}"
_NOT_QUOTED = f'(?<![{OPENING_QUOTES}"])'

_PLAIN_RUN = expression(r"(?<!\\)[a-z0-9\u3400-\u9fff]{2,}(?![*?{|])")
_GROUPS = expression(r"\[(?:\\.|[^\]\\])*\]|\\.")


def normalise(patterns: Iterable[str]) -> list[str]:
    """The patterns without marks and spaces, wild cards as single private characters; `re:` ones untouched.

    >>> [form.replace(STAR, "*") for form in normalise(["*ICP 備*號*", "版權所有。"])]
    ['*icp备*号*', '版权所有']
    """
    sources = list(patterns)
    if not sources:
        return []
    joined = "\n".join("" if source.startswith(REGEX_PREFIX) else source for source in sources)
    forms = key(fold(joined).translate(_WILD)).split("\n")
    return [form or source for form, source in zip(forms, sources, strict=True)]


def is_label(source: str) -> bool:
    """Whether a pattern, as it is written, is a label with anything behind its colon.

    >>> is_label("编辑：*"), is_label("*编辑*")
    (True, False)
    """
    return source.endswith(("：*", ":*"))


def literals(form: str) -> tuple[str, ...]:
    """The runs of ordinary characters that a line's key must hold, in order.

    >>> literals(normalise(["*ICP备*号*"])[0])
    ('icp备', '号')
    """
    if form.startswith(REGEX_PREFIX):
        return tuple(_plain_runs(form[len(REGEX_PREFIX) :]))
    return tuple(part for part in _TOKENS.split(form) if part and part not in _EXPRESSIONS and part != STAR)


def anchors(form: str) -> tuple[str, str, str]:
    """What the form begins with, what it ends with, and its longest literal; "" where it begins or ends with a wild card.

    A number at the beginning is passed over, because a matcher passes over the digits of a line in the same way.
    An `re:` pattern counts as beginning with its first plain run, which only trims of a prefix make use of.
    """
    inner = form.strip(STAR)
    if inner.isalnum():
        # One literal between stars at most: by far the most patterns, so they are told apart without taking them apart.
        return "" if form[0] == STAR else inner, "" if form[-1] == STAR else inner, inner
    runs = literals(form)
    longest = max(runs, key=len, default="")
    if form.startswith(REGEX_PREFIX):
        return "".join(runs[:1]), "", longest
    parts = _TOKENS.split(form)
    first = parts[2] if parts[0] == "" and len(parts) > 2 and parts[1] == NUMBER else parts[0]
    return first, parts[-1], longest


class Expression(Protocol):
    """What rules ask of a compiled expression."""

    def match(self, text: str, /) -> re.Match[str] | None: ...

    def search(self, text: str, start: int = 0, /) -> re.Match[str] | None: ...

    def finditer(self, text: str, /) -> Iterator[re.Match[str]]: ...


class Limited:
    """A compiled expression of which no try takes long. It says the same as the standard library's.

    Args:
        compiled: the expression, as the standard library has it.
        name: what messages call it.

    Raises:
        re.error: it is one for the standard library alone.

    >>> slow = Limited(re.compile("(?:a|aa)+b"), "my/rule")
    >>> slow.match("aaab").end()
    4
    >>> slow.match("a" * 100)
    Traceback (most recent call last):
    zhnorm.errors.LimitError: my/rule: the pattern '(?:a|aa)+b' finds no end in one line of 100 characters
    write it so that there is one way to read a line: no repeats in repeats, no choices that overlap
    """

    def __init__(self, compiled: re.Pattern[str], name: str) -> None:
        import regex  # 25 ms: only for expressions that are not built in

        try:
            self._compiled = regex.compile(compiled.pattern)
        except regex.error as error:
            raise re.error(str(error)) from error
        self._name = name

    def match(self, text: str, /) -> re.Match[str] | None:
        return next(self._tried("match", text), None)

    def search(self, text: str, start: int = 0, /) -> re.Match[str] | None:
        return next(self._tried("search", text, start), None)

    def finditer(self, text: str, /) -> Iterator[re.Match[str]]:
        return self._tried("finditer", text)

    def _tried(self, how: str, text: str, start: int = 0) -> Iterator[Any]:
        check_time()
        seconds = min(MOST_SECONDS, seconds_left())
        try:
            found = getattr(self._compiled, how)(text, start, timeout=seconds)
            if how == "finditer":
                yield from found
            elif found is not None:
                yield found
        except TimeoutError:
            check_time()
            message = Message(
                "{name}: the pattern {pattern!r} finds no end in one line of {count:,} characters",
                name=self._name,
                pattern=self._compiled.pattern,
                count=len(text),
            )
            hint = "write it so that there is one way to read a line: no repeats in repeats, no choices that overlap"
            raise LimitError(message, hint=hint) from None


def compile_pattern(form: str, action: str, *, sentence: bool) -> re.Pattern[str]:
    """The expression for a normal form: whole line for drop and cut, one end of it or any place in it for trims.

    Raises:
        re.error: an `re:` pattern is not a regular expression.
    """
    is_inside = action == "trim-inside"
    is_prefix, is_suffix = action == "trim-prefix", action == "trim-suffix"
    start = "" if is_suffix or is_inside else _GAP
    end = "" if is_prefix or is_inside else _GAP + r"\Z"
    if form.startswith(REGEX_PREFIX):
        # A bracket or another mark may be part of what the author of the pattern looks for.
        start = "" if is_suffix or is_inside else r"[\W_]*?"
        return re.compile(f"{start}(?:{form[len(REGEX_PREFIX) :]}){end}")
    within = _WITHIN_SENTENCE if is_prefix or is_suffix else _WITHIN_PARAGRAPH
    run = _WITHIN_MARK if is_inside else _OPEN if sentence else within
    return re.compile(start + _glob(form.split(STAR), run, ends_open=is_prefix or is_inside) + end)


def _glob(segments: list[str], run: str, *, ends_open: bool) -> str:
    """Segments with a run of anything between them. The leftmost fit of a segment is always good enough, except
    for the last one, which must stand at the end: it is looked for backwards.

    What stands before the first literal is never a whole sentence: that would be prose with a phrase glued to it.
    """
    first, *others = segments
    out = _segment(first)
    for position, segment in enumerate(others, 1):
        before = run if out else _WITHIN_PARAGRAPH
        body = _segment(segment)
        if not out and body:
            body = _NOT_QUOTED + body
        if not body:
            out += run
        elif position == len(others) and not ends_open:
            out += f"{before}{body}"
        else:
            out += f"(?>{before}?{body})"
    return out


def _segment(segment: str) -> str:
    """Characters with marks allowed between them; a wild card for a mark must see the marks before it itself."""
    out = ""
    for character in segment:
        gap = _GAP if out and character not in (COLON, BREAK) else ""
        out += gap + (_EXPRESSIONS.get(character) or re.escape(character))
    return out


def _plain_runs(expression: str) -> list[str]:
    """Literal runs outside of groups, classes and choices: what every match of the expression must hold."""
    flat = re.sub(r"\{[0-9,]*\}", "{", _GROUPS.sub("\0", expression))
    while (smaller := re.sub(r"\([^()]*\)", "\0", flat)) != flat:
        flat = smaller
    return [] if "|" in flat else _PLAIN_RUN.findall(flat)


DIGITS = "0123456789"
UNITS = "万亿千kw"
NAME = "\ue010"
"""Stands for a name in quotation marks, which rules with slack pass over as they pass over Latin letters."""
_ASCII = "".join(map(chr, range(128)))


class Entry:
    """One pattern of one rule (or all of its words), ready to be tried.

    Args:
        rule: the rule.
        source: the pattern as it is written; None for the words.
        form: its normal form.
        rank: of all patterns that fit a line the lowest one wins.
        is_builtin: whether the rule came with the package, and its expressions need no limit.

    Attributes:
        is_mark: whether the pattern takes a mark out of the middle of a line.
    """

    __slots__ = (
        "_expression", "_literals", "_sizes", "form", "is_builtin", "is_mark", "least_chars", "letters", "most_chars",
        "needs", "rank", "rule", "source", "words",
    )  # fmt: skip

    def __init__(
        self, rule: Rule, source: str | None, form: str, rank: tuple[int, int], *, is_builtin: bool = False
    ) -> None:
        self.rule, self.rank, self.is_builtin = rule, rank, is_builtin
        self.source, self.form = source or "", form
        words = key("\n".join(rule.words)).split("\n") if source is None and rule.words else []
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
        entries: gives patterns by their numbers.
        of_parts: whether they are tried on parts of a line, so that its length does not matter.
    """

    def __init__(
        self,
        numbers: Mapping[str, Sequence[int]],
        entries: Callable[[Sequence[int]], Sequence[Entry]],
        *,
        of_parts: bool = False,
    ) -> None:
        self.numbers, self._entries, self._of_parts = numbers, entries, of_parts
        self._ready: dict[str, list[tuple[Entry, str, int]]] = {}

    def at(self, anchor: str, line_key: str) -> list[Entry]:
        """The patterns under a literal that may fit a key which holds it: most others demand one more literal, or a shorter key."""
        ready = self._ready.get(anchor)
        if ready is None:
            ready = [
                (entry, "".join(entry.literals[-1:]), sys.maxsize if self._of_parts else entry.most_chars)
                for entry in self._entries(self.numbers.get(anchor, ()))
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
_GLUED_LETTER = expression("([a-z])[.]?\\1")
"""A button says A, and a bar of them A A A; in one word it is a rating, a battery or a cry, with dots an address."""
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
    said = "".join(best.words)
    if len(set(said)) == 1 and _GLUED_LETTER.search(folded):
        return None
    if len(best.words) == len(said) == 2 and said in folded:
        # Two sizes of letters that nothing parts are a word: 大小 heads a column.
        return None
    if slack and sum(len(word) > 1 for word in best.words) < entry.rule.min_words:
        return None
    if entry.needs and not any(need in word for word in best.words for need in entry.needs):
        return None
    if slack and sum(not word.isascii() and len(word) for word in best.words) < _LEAST_HAN:
        return None
    return " ".join(best.words) if _STRANGER * best.strange <= len(said) else None


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
