"""The parts of a line that can be judged alone: what stands in brackets, and sentences at its end and its beginning.

Pages glue calls, credits and marks to the text. Such a part is parted from the text by a sentence end, a bracket, a bullet, an
emoji, a `<br>` or a space, and a rule for whole lines (`parts = true`) reads it as if it were one. All places are those of the fold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..signs import CLOSING_BRACKETS, EMOJI, FOLDED_STOPS, OPENING_BRACKETS, SENTENCE_ENDS, WAVES, one_of, without
from .around import AROUND_STOP, BEHIND_STOP, CALLS, NAMED_BEHIND, STOP, around, breaks, has_han, is_balanced, is_told

__all__ = [
    "LEAST_CHARS",
    "LEAST_REST",
    "LONG_CHARS",
    "OPENING_MARKS",
    "PARTING_MARKS",
    "Extent",
    "Part",
    "extent",
    "fits_alone",
    "has_brackets",
    "may_have_parts",
    "parts",
]

LEAST_REST = 4
"""So many letters have to be left of a line, or else the line was no text with something glued to it."""
LEAST_CHARS = 2 * LEAST_REST
"""A line with something glued to its text has so many letters."""
_REACH = 200
"""Parts at the ends of a line are looked for in so many characters."""
_MOST_BREAKS = 60
"""A line with more breaks is no paragraph with a few marks in it: its ends alone are looked at."""
_AT_END, _AT_START = 6, 3
"""So many breaks are tried at the end and at the beginning."""
_LEAST_BEHIND_SPACE = 5
"""A part that nothing but a space parts from the text has at least so many letters."""
_STRONG = expression(f"(?:{STOP}{BEHIND_STOP}*|[)\\]】〕◢]|<br\\s*/?>|[{EMOJI}{CALLS}\ufe0f])\\s*\\Z")
_CALLED = expression(f"(?:{STOP}{BEHIND_STOP}*|<br\\s*/?>|[{EMOJI}{CALLS}\ufe0f])\\s*\\Z")
# In a line that is not folded; `]` comes first, as classes have it.
PARTING_MARKS = f"]{without(SENTENCE_ENDS, '；;')}{WAVES}{without(CLOSING_BRACKETS, ']')}］◢{CALLS}{EMOJI}"
OPENING_MARKS = f"{OPENING_BRACKETS}［◤"
# They begin with the class of all first characters, for which a text is searched fastest.
_WHOLE = "(?:(?<![—.<-])|(?<=—)—|(?<=\\.)\\.\\.|(?<=<)br|(?<=-)-)"
_PARTING = expression(f"[{PARTING_MARKS}—.<-]{_WHOLE}")
_PARTING_OR_SPACE = expression(f"[{PARTING_MARKS}\\s—.<-]{_WHOLE}")
_OPENED = expression(one_of(OPENING_MARKS))
_WORD = expression("\\w")
LONG_CHARS = 16
"""In a line with fewer letters a space parts a headline, names or figures, and no call from text."""
_BRACKETED = expression(
    "\\(([^()\n]{2,90})\\)|\\[([^\\[\\]\n]{2,90})\\]|【([^【】\n]{2,90})】|〔([^〔〕\n]{2,90})〕|◤([^◤◢\n]{2,40})◢"
)
_DECORATIONS = frozenset(CALLS)
_LINK = expression("\\]\\(")
"""What stands between the text and the destination of a link in Markdown."""
_GOES_ON = f",、;:{FOLDED_STOPS}"


class Part(NamedTuple):
    """A part of a line: what is judged, and whether it is what brackets hold."""

    start: int
    stop: int
    is_bracketed: bool = False


class Extent(NamedTuple):
    """What goes with a part: the brackets and the decoration around it.

    Attributes:
        left, right: what goes.
        is_parted: whether a sentence end, a bracket or a mark stands between the part and the text; or else a space.
    """

    left: int
    right: int
    is_parted: bool


def may_have_parts(text: str, line_key: str) -> bool:
    """Whether a line, given with its key, is long enough for text with something glued to it, and has anything that parts them.

    >>> may_have_parts("灯灭了，他走了。", "灯灭了他走了"), may_have_parts("灯灭了，他走了。关注我们", "灯灭了他走了关注我们")
    (False, True)
    """
    size = len(line_key)
    if size < LEAST_CHARS:
        return False
    mark = (_PARTING if size < LONG_CHARS else _PARTING_OR_SPACE).search(text)
    if mark is not None and _WORD.search(text, mark.end()) is not None:
        return True
    word = _WORD.search(text)
    return word is not None and _OPENED.search(text, word.end()) is not None


def has_brackets(text: str) -> bool:
    """Whether a bracket opens in the text."""
    return _OPENED.search(text) is not None


def parts(folded: str) -> Iterator[Part]:
    """The parts of a line, given by its fold.

    >>> line = "灯灭了。(责任编辑:方晴)他走了。关注我们"
    >>> [line[part.start : part.stop] for part in parts(line)]
    ['责任编辑:方晴', '灯灭了。', '关注我们']
    """
    size = len(folded)
    places = list(dict.fromkeys(at for at in breaks(folded) if 0 < at < size))
    if not places:
        return
    if len(places) <= _MOST_BREAKS and has_brackets(folded):
        for found in _BRACKETED.finditer(folded):
            if not _LINK.match(folded, found.end() - 1) and not _LINK.match(folded, max(0, found.start() - 1)):
                yield Part(*found.span(found.lastindex or 0), True)
    # A call is a sentence; that of two one is a call does not say what the other one is.
    last = len(folded.rstrip(AROUND_STOP)) - 1
    first = folded.find("。", 0, last)
    for at in places[:_AT_START]:
        if at > _REACH or 0 <= first < len(folded[:at].rstrip(AROUND_STOP)) - 1:
            break
        yield Part(0, at)
    least = max(size - _REACH, folded.rfind("。", 0, last) + 1)
    for at in reversed(places[-_AT_END:]):
        if at < least:
            break
        yield Part(at, size)


def extent(folded: str, part: Part) -> Extent | None:
    """What goes with a part of a line; None if the line does not set it apart: if a quotation or a bracket is cut in two, or one in the
    line, which is a part of its own, comes first or last."""
    start, stop, is_bracketed = part
    size = len(folded)
    if is_bracketed:
        return Extent(*around(folded, start, stop), True)
    if not is_balanced(folded[start:stop]):
        return None
    if start == 0:
        if not _CALLED.search(folded, max(0, stop - 8), stop):
            return None
        # What stands on both sides of a call belongs to it.
        while folded[0] in _DECORATIONS and folded.startswith(folded[0], stop):
            stop += 1
        return Extent(0, stop, True)
    if folded[start] in _GOES_ON or _LINK.match(folded, start - 1):
        return None
    bracket = _BRACKETED.match(folded, start)
    if bracket is not None and len(key(folded[bracket.end() :])) >= LEAST_REST:
        return None
    left, _ = around(folded, start, size)
    is_parted = folded[left:start].strip() != "" or _STRONG.search(folded, max(0, start - 8), start) is not None
    return Extent(left, size, is_parted)


def fits_alone(folded: str, part: Part, span: Extent) -> bool:
    """Whether a part that a rule fits is set apart from its line well enough to go.

    A short word in brackets may be a label of the text, or a button that the text tells how to press; one behind a space may be
    the end of a headline.
    """
    left, right, is_parted = span
    said, rest = len(key(folded[part.start : part.stop])), folded[:left] + folded[right:]
    rest_chars = len(key(rest))
    if rest_chars < LEAST_REST or not has_han(rest):
        return False
    if not is_parted and (said < _LEAST_BEHIND_SPACE or rest_chars < 2 * LEAST_REST):
        return False
    if left and is_told(folded, left):
        return False
    if right == len(folded):
        return said >= LEAST_REST or (is_parted and folded[left - 1] in AROUND_STOP + SENTENCE_ENDS)
    if folded[right] in _GOES_ON:
        return left > 0 and part.start > left
    return said >= LEAST_REST and NAMED_BEHIND.match(folded, right) is None
