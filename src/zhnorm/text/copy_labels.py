"""What a program prints around a copy of another line, and takes along with it: brackets, 图为 in front of it, a counter or the name of the site behind it."""

from __future__ import annotations

from collections.abc import Sequence

from ..arrays.expressions import expression
from ..conversion.fold import fold
from ..signs import BARS, CLOSING_QUOTES, COMMAS, ELLIPSES, FULL_STOPS
from .glued import Piece, tagger

__all__ = ["with_labels", "with_pieces"]

_BRACKETS = {"【": "】", "[": "]", "(": ")"}
_LABEL = expression(
    f"(?:^|(?<=[\\s{FULL_STOPS}!?{ELLIPSES}{CLOSING_QUOTES}{COMMAS}]))[▲▼►●■◆]*\\s*"
    "(?:[(\\[【]\\s*(?:图文|组图|图集|多图|视频|图[0-9]{0,2})\\s*[)\\]】]|(?:图文|组图|图说?)\\s*[0-9]{0,2}\\s*[:/]|(?:原?标题|主题|re|回复)\\s*:|图片?为:?)?\\s*$"
)
"""What says that a copy follows: ▲, (图文), (图2), 图:, 图1:, 图为"""
_PICTURE = ("图/", "图:")
"""These say so behind any letter."""
_COUNTER = (
    "[(（\\[【]\\s*(?:图片?\\s*)?[0-9一二三四五六七八九十]{1,3}\\s*[)）\\]】]|图[0-9]{1,2}(?![0-9])"
    "|[-–—_]?\\s*第[0-9]{1,3}[张幅](?:图片?)?|\\+[0-9]{1,2}(?![0-9%])|\\.(?:jpe?g|png|gif|webp)(?![a-z])"
    "|步骤\\s?[0-9一二三四五六七八九十]{1,2}(?=\\s|$)|(?:图册|的做法|鉴赏)(?=\\s|$)|[-_][0-9]{1,2}$"
    "|(?:步骤|成品|完成|现场|示意|资料|实拍|配|封面|效果|宣传|剧照|海报)(?:图片?|照片?|影片|视频)[0-9]{0,2}(?=\\s|$)"
)
_BEHIND = expression(f"\\s*(?:(?:[-–—_|]\\s*)?(?:{_COUNTER}))?(?:\\s*[|｜_–—-]+(?=\\s)|[{BARS}])?\\s*")
_SITE = expression(
    f"(?:\\s*(?:[-_|–—@]+|::)\\s*(?:看板\\s)?[^\\s{FULL_STOPS}{COMMAS}.!?:@]{{2,12}})"
    f"(?:\\s+(?:[-_|–—@]+|::)\\s+[^\\s{FULL_STOPS}{COMMAS}.!?:@]{{2,12}}){{0,2}}(?:\\s*$|\\s+::\\s*|\\s+)"
)
"""The name of the site, with which the title of a page ends."""
_ASIDE = expression(f"[{FULL_STOPS}]?\\s*\\([^()]{{1,20}}\\)")
"""What stands in brackets belongs to what they stand behind."""
_WITHIN = f"[^()\\[\\]【】{FULL_STOPS}]{{0,8}}"
_OPENING, _CLOSING = expression(f"([(\\[【]){_WITHIN}$"), expression(f"{_WITHIN}([)\\]】])")
"""In brackets with a copy stands hardly more: (电锅鸡汤 步骤图)"""
_SAYS, _MOST_LABEL = 0, 24
"""So sure it has to be that something beside a copy is none of the text, in tenths of a bit; no label has more letters."""


def with_labels(text: str, start: int, stop: int) -> tuple[int, int]:
    """From where to where a copy goes that stands in a line from `start` to `stop`.

    >>> text = "船工说不开了。图为最后一班船码头上站着人。"
    >>> text[slice(*with_labels(text, 9, 14))]
    '图为最后一班船'
    """
    folded = fold(text)
    if label := _LABEL.search(folded, 0, start):
        start = label.start()
    elif folded.endswith(_PICTURE, 0, start):
        start -= len(_PICTURE[0])
    tail = _SITE.match(folded, stop) or _BEHIND.match(folded, stop)
    stop = tail.end() if tail else stop
    if aside := _ASIDE.match(folded, stop):
        stop = aside.end()
    opening, closing = _OPENING.search(folded, 0, start), _CLOSING.match(folded, stop)
    if opening and closing and _BRACKETS[opening[1]] == closing[1]:
        start, stop = opening.start(), closing.end()
    elif start and _BRACKETS.get(folded[start - 1], "\n") in folded[start:stop]:
        # What it begins with is in brackets here.
        start -= 1
    return start, stop


def with_pieces(copies: Sequence[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """The same with what is read as none of the text beside it, once it is gone: a credit, a button.

    Args:
        copies: the text of a line, and from where to where a copy goes that stands in it.

    >>> text = "船工说不开了。最后一班船 点击看大图"
    >>> ((start, stop),) = with_pieces([(text, 7, 12)])
    >>> text[start:stop]
    '最后一班船 点击看大图'
    """
    if not copies:
        # The network is not loaded for nothing.
        return []
    rests = [fold(text[:start] + text[stop:]) for text, start, stop in copies]
    return [
        _with_piece(*copy, pieces if len(rest) == len(copy[0]) - copy[2] + copy[1] else ())
        for copy, rest, pieces in zip(copies, rests, tagger().pieces(rests), strict=True)
    ]


def _with_piece(text: str, start: int, stop: int, pieces: Sequence[Piece]) -> tuple[int, int]:
    """The same of one copy, without which these pieces stand in its line."""
    beside = next((each for each in pieces if each.start <= start <= each.stop), None)
    if beside is None or beside.says < _SAYS or beside.stop - beside.start > _MOST_LABEL:
        return start, stop
    first, last = beside.start, stop + beside.stop - start
    # A clause does not begin with a label, nor end with one, without a mark.
    is_whole = all(_is_edge(text, at) for at in (first, last) if at not in (start, stop))
    return (first, last) if is_whole else (start, stop)


def _is_edge(text: str, at: int) -> bool:
    return not (text[at - 1 : at].isalnum() and text[at : at + 1].isalnum())
