"""What parts a mark from text: sentence ends, brackets, bullets, emojis, `<br>`, spaces. All places are those of the fold."""

from __future__ import annotations

from ..text.expressions import expression
from ..text.shape import SENTENCE_ENDS

__all__ = ["AROUND_STOP", "BREAK", "CLOSERS", "EMOJI", "STOP", "around", "is_balanced", "widened"]

_DECORATION = "▼▲▽△►▶▸◄◀→↓↑⇩⇧★☆※◎●◆◇■□▍▎|丨│*=#·•>»›_\ufe0f\u200d\u200b\u20e3" + "-—"
EMOJI = "\U0001f300-\U0001faff\u2600-\u27bf"
CLOSERS = "”’」』\"')\\]】》〉"
STOP = f"(?:[{SENTENCE_ENDS}~]|\\.{{3,}})"
BREAK = expression(
    f"{STOP}+[{CLOSERS}]*\\s*|[)\\]】〕◢]\\s*|(?=[(\\[【〔◤])|<br\\s*/?>\\s*|[▼▲▽△►▶▸→↓↑⇩★☆※◎◆▍{EMOJI}\ufe0f]+\\s*|(?<![a-z0-9])\\s+(?![a-z0-9])|—{{2,}}|-{{2,}}"
)
AROUND_STOP = " ”’」』\"')]】》〉"
_PAIRS = ("()", "[]", "【】", "「」", "『』", "“”", "《》", "〔〕")
_PAIRED = expression("[()\\[\\]【】「」『』“”《》〔〕]")
_OPENERS = {")": "(", "]": "[", "】": "【", "〕": "〔", "◢": "◤"}
_MORE_PICTURES = expression("\\s*\\)?\\s*\\+[0-9]{1,3}(?![0-9.%])")
_BREAK_TAG = expression("<br\\s*/?\\Z")


def is_balanced(text: str) -> bool:
    """Whether the text closes as many brackets and quotations as it opens."""
    return _PAIRED.search(text) is None or all(text.count(pair[0]) == text.count(pair[1]) for pair in _PAIRS)


def widened(folded: str, start: int, stop: int) -> tuple[int, int]:
    """A match with what belongs to it: brackets on both sides, dots, bullets and arrows around it, and spaces."""
    left, right = around(folded, start, stop)
    while right < len(folded) and (folded[right] in ".…⋯~" or folded[right] in _DECORATION):
        right += 1
    if more := _MORE_PICTURES.match(folded, right):
        right = more.end()
    return around(folded, left, right)


def around(folded: str, start: int, stop: int) -> tuple[int, int]:
    while True:
        left, right = start, stop
        while left and (folded[left - 1].isspace() or folded[left - 1] in _DECORATION or _is_emoji(folded[left - 1])):
            left -= 1
        if tag := _BREAK_TAG.search(folded, max(0, left - 5), left + 1):
            left = tag.start()
        while right < len(folded) and (folded[right].isspace() or _is_emoji(folded[right])):
            right += 1
        if left > 0 and right < len(folded) and _OPENERS.get(folded[right]) == folded[left - 1]:
            start, stop = left - 1, right + 1
            continue
        return left, right


def _is_emoji(character: str) -> bool:
    return "\U0001f300" <= character <= "\U0001faff" or "\u2600" <= character <= "\u27bf"
