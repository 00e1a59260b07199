"""The pattern language of rules, and how a pattern becomes a regular expression that cannot run away.

A pattern is compared with the fold of a line, so it is written once, in Simplified. Before anything else it is brought
to a normal form: marks and spaces gone, and each of the four wild cards one private character. Everything that a
matcher must know about a pattern before it compiles it (its literals, where it is anchored) is read off the normal form.

Expressions use atomic groups and possessive quantifiers throughout: a literal once found is never looked for again,
so the time is linear in the length of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..text.expressions import expression
from ..text.fold import fold, key
from ..text.signs import FOLDED_STOPS, OPENING_QUOTES

__all__ = [
    "BREAK",
    "COLON",
    "NUMBER",
    "REGEX_PREFIX",
    "STAR",
    "anchors",
    "compile_pattern",
    "is_label",
    "literals",
    "normalise",
]

STAR, NUMBER, COLON, BREAK = "\ue000", "\ue001", "\ue002", "\ue003"
REGEX_PREFIX = "re:"

_WILD = str.maketrans("*#:|", STAR + NUMBER + COLON + BREAK)
_TOKENS = expression(f"([{STAR}{NUMBER}{COLON}{BREAK}])")

_GAP = r"[\W_]*+"
_COLONS = r":|/\\丨ㅣ¦∣】\])>»›→~﹕∶"
_BREAKS = _COLONS + r"\s·・•‧∙,、…_\-–—―<«‹(\[【&+"
_EXPRESSIONS = {
    NUMBER: r"(?:[0-9][0-9.,]*+(?:[\W_]*+[万亿千kw]\+?)?|[〇零一二三四五六七八九十百千两]++)",
    COLON: rf"(?>[\W_]*?[{_COLONS}])",
    BREAK: rf"(?>[\W_]*?[{_BREAKS}])",
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
