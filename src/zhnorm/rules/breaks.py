"""What parts a mark from text: sentence ends, brackets, bullets, emojis, `<br>`, spaces. All places are those of the fold."""

from __future__ import annotations

from collections.abc import Iterator

from ..arrays.expressions import expression
from ..signs import (
    BEHIND_STOPS,
    DOTS,
    ELLIPSES,
    EMOJI,
    SENTENCE_ENDS,
    SHAPES,
    STARS,
    TRIANGLES,
    one_of,
    without,
)

__all__ = ["AROUND_STOP", "BEHIND_STOP", "CALLS", "STOP", "around", "breaks", "is_balanced", "widened"]

CALLS = f"{TRIANGLES}→↓↑⇩{STARS}◎◆▍"
"""Signs that pages print around calls, and no writer in a sentence."""
# ・ stands in names; a half and a middle of a name are no decoration.
_DECORATION = f"{CALLS}{without(SHAPES, '○')}{without(DOTS, '・')}◄◀⇧▎|丨│*=#>»›_\ufe0f\u200d\u200b\u20e3-—"
BEHIND_STOP = one_of(BEHIND_STOPS)
"""The class of what may stand behind the end of a sentence, and belongs to it."""
STOP = f"(?:[{SENTENCE_ENDS}~]|\\.{{3,}}|‧{{3,}})"
_MAY_BREAK = expression(f"[{SENTENCE_ENDS}~.‧()\\[\\]【】〔〕◤◢<{CALLS}{EMOJI}\ufe0f\\s—-]")
"""What a break begins with. Looking for one of these characters is much faster than trying the expression at every letter."""
_BREAK = expression(
    f"{STOP}+{BEHIND_STOP}*\\s*|[)\\]】〕◢]\\s*|(?=[(\\[【〔◤])|<br\\s*/?>\\s*|[{CALLS}{EMOJI}\ufe0f]+\\s*|(?<![a-z0-9])\\s+(?![a-z0-9])|—{{2,}}|-{{2,}}"
)
AROUND_STOP = f" {BEHIND_STOPS}"
_PAIRS = ("()", "[]", "【】", "「」", "『』", "“”", "《》", "〔〕")
_PAIRED = expression("[()\\[\\]【】「」『』“”《》〔〕]")
_OPENERS = {")": "(", "]": "[", "】": "【", "〕": "〔", "◢": "◤"}
_MORE_PICTURES = expression("\\s*\\)?\\s*\\+[0-9]{1,3}(?![0-9.%])")
_BREAK_TAG = expression("<br\\s*/?>\\Z")
_TAG = expression("<[^<>]*>\\Z")
_LONGEST_TAG = 80


def breaks(folded: str, start: int = 0) -> Iterator[int]:
    """Where the breaks of a line end, from a place on.

    >>> list(breaks("灯灭了。(责编:方晴)他走了"))
    [4, 4, 11]
    """
    while begin := _MAY_BREAK.search(folded, start):
        start = begin.start()
        if found := _BREAK.match(folded, start):
            yield found.end()
            start = max(found.end(), start + 1)
        else:
            start += 1


def is_balanced(text: str) -> bool:
    """Whether the text closes as many brackets and quotations as it opens."""
    return _PAIRED.search(text) is None or all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)


def widened(folded: str, start: int, stop: int) -> tuple[int, int]:
    """A match with what belongs to it: brackets on both sides, dots, bullets and arrows around it, and spaces."""
    left, right = around(folded, start, stop)
    while right < len(folded) and (folded[right] in f"{ELLIPSES}.‧~" or folded[right] in _DECORATION):
        right += 1
    if more := _MORE_PICTURES.match(folded, right):
        right = more.end()
    return around(folded, left, right)


def around(folded: str, start: int, stop: int) -> tuple[int, int]:
    while True:
        left, right = start, stop
        while left and (folded[left - 1].isspace() or folded[left - 1] in _DECORATION or _is_emoji(folded[left - 1])):
            if folded[left - 1] == ">" and (tag := _TAG.search(folded, max(0, left - _LONGEST_TAG), left)):
                if not _BREAK_TAG.match(folded, tag.start(), left):
                    break
                left = tag.start()
            else:
                left -= 1
        while right < len(folded) and (folded[right].isspace() or _is_emoji(folded[right])):
            right += 1
        if left > 0 and right < len(folded) and _OPENERS.get(folded[right]) == folded[left - 1]:
            start, stop = left - 1, right + 1
            continue
        return left, right


def _is_emoji(character: str) -> bool:
    return "\U0001f300" <= character <= "\U0001faff" or "\u2600" <= character <= "\u27bf"
