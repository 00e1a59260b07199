"""The pattern language of rules, and how a pattern becomes a regular expression that cannot run away.

A pattern is compared with the fold of a line, so it is written once, in Simplified. Before anything else it is brought
to a normal form: marks and spaces gone, and each of the four wild cards one private character. Everything that a
matcher must know about a pattern before it compiles it (its literals, where it is anchored) is read off the normal form.

The expressions that patterns become use atomic groups and possessive quantifiers throughout: a literal once found is never
looked for again, so the time is linear in the length of the line. An expression that somebody wrote himself (`re:`) may try
ways without end. Nothing that looks at an expression can tell all of those from the good ones, so each try of it has a time limit
(`Limited`). Those of the built-in packs are known not to need one: the tests hold them against texts made to be slow.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from zhnorm.messages import Message

from ..arrays.expressions import expression
from ..conversion.fold import fold, key
from ..errors import LimitError
from ..limits import check_time, seconds_left
from ..signs import FOLDED_STOPS, OPENING_QUOTES

__all__ = [
    "BREAK",
    "COLON",
    "NUMBER",
    "REGEX_PREFIX",
    "STAR",
    "Expression",
    "Limited",
    "anchors",
    "compile_pattern",
    "is_label",
    "literals",
    "normalise",
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
