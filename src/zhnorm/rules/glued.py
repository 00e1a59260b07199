"""What is glued into a line: a tool, a call, an advertisement in the middle of its text, that no list of phrases holds.

`...天热的时候早上浇,打开首页查看更多图片别在中午浇凉水。`: nothing, or nothing but a comma, parts such a piece from the text, so it is read. Around a
word that the rule needs each stretch is weighed that begins where a clause does, in brackets, or inside a word that it breaks in two: by
what its words say (`text.chrome`), by whether such pieces end with its last word, and by whether text begins with what stands behind it.
The weaker the marks around it, the more its words have to say. All places are those of the fold.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.division import division
from ..conversion.fold import key
from ..signs import CLOSING_QUOTES, FOLDED_STOPS, OPENING_QUOTES, without
from ..text.chrome import Token, tokens, weights
from ..text.narration import has_narrator, is_narration
from .around import HAN, is_balanced, is_spoken_of
from .entry import Entry
from .parts import LEAST_REST, LONG_CHARS

__all__ = ["DOUBT", "Glued", "glued"]

_BEFORE, _BEHIND = 24, 32
"""A piece is looked for in so many characters before and behind a word that is needed."""
_WORTH = 38
"""What the words of a stretch have to say together, or else no piece of it says enough."""
_LENGTH = 4
"""What each word costs, in tenths of a bit: the pieces are short."""
_TELLING = 28
"""From so much on a word tells of chrome; a piece has one."""
# These are rows of the table of words, in which signs that say the same are one.
_STOPS, _GOES_ON, _OWN = frozenset(f"{FOLDED_STOPS}…~"), frozenset(",、;:"), frozenset("~!☺→)…?")
_START, _STOP, _COMMA, _BRACKET, _SPACE, _WORD, _TORN = "start", "stop", "comma", "bracket", "space", "word", "torn"
_GLUED, _CLOSED, _END, _SENTENCE = "glued", "closed", "end", "sentence"
_LEAST = {
    (_START, _GLUED): 110, (_START, _CLOSED): 95, (_STOP, _GLUED): 65, (_STOP, _CLOSED): 45, (_STOP, _END): 58, (_STOP, _SENTENCE): 85,
    (_COMMA, _GLUED): 70, (_COMMA, _CLOSED): 65, (_BRACKET, _BRACKET): 35, (_SPACE, _END): 85, (_SPACE, _GLUED): 105,
    (_SPACE, _CLOSED): 85, (_WORD, _CLOSED): 55, (_WORD, _END): 55, (_WORD, _GLUED): 85, (_TORN, _GLUED): 25,
}  # fmt: skip
"""What a piece has to say, in tenths of a bit, by what stands before and behind it."""
_LEAST_TEAR = 4
"""A shorter piece may be the middle of a term, as in 二叉搜索树: it breaks only numbers in two."""
DOUBT = 25
"""A piece may have so much less to say where a page is full of such pieces."""
_LOWEST = min(_LEAST.values()) - DOUBT
_EDGES = 60
"""The edges of a piece say no more."""
_CANDIDATES = 12
_LABEL = 4
"""So many words before a colon at the beginning of a line are a label: `答:`, `Q6:`."""
_OPENING, _ENDING = 5, 5
"""So much the first word has to say, and so much the last one of a piece that no mark ends."""
_DENSE = 3
"""Of such a piece one letter in so many is in a word that tells."""
_CLAUSE = 4
"""So many letters has the clause behind such a piece."""
_CREDIT = expression("^[^点看按戳查加载显]*(?:图片|照片|截图|资料图|影片|摄|提供|供图)[)】\\]]?$")
"""Whose picture it is, which belongs to a caption."""
_CLAUSE_END = expression(f"[{FOLDED_STOPS},;:]")
_CUE = expression("[点戳扫领请您]|打开|查看|更多|立即|马上|未经|本[文帖章站]|[(\\[【][^)\\]】]{2,30}[)\\]】]|[>~👉▼]")
_TAKE_OBJECTS = frozenset(["关注", "分享", "播放", "授权", "收藏", "转载", "评论", "搜索", "查看", "打开", "点击", "转发", "发表", "注册", "推荐", "加入", "浏览", "阅读"])  # fmt: skip
"""What stands behind such a word may be what it is about: there a piece does not end, unless all of it is a call to press something."""
_WHOLE_CALLS = frozenset(["点击", "立即", "马上", "免费", "点我", "一键"])
_ENUMERATION = expression("、[^、,;:\\s]{1,8}\\Z")
_LINK_END = expression("\\]\\([^()\\s]*\\)\\s*\\Z")
_LEADS, _NEVER_FIRST = frozenset("(☺→"), _STOPS | _GOES_ON | frozenset(" )")
_BUTTON = expression("\\w[【\\[][^【】\\[\\]]+[】\\]]\\w")
# A single quotation mark may be an apostrophe.
_OPENERS, _CLOSERS = without(OPENING_QUOTES, "‘"), without(CLOSING_QUOTES, "’")


class Glued(NamedTuple):
    """A piece that goes: how much more it says than it has to (at least -DOUBT), from where to where, and the words that tell."""

    spare: int
    start: int
    stop: int
    words: tuple[str, ...]


def glued(entry: Entry, folded: str) -> Glued | None:
    """The piece of a line that is surest to be none of its text; None if no piece is sure enough."""
    if len(folded) < LONG_CHARS or _CLAUSE_END.search(folded) is None:
        return None
    found: dict[tuple[int, int], Glued] = {}
    for start, stop in _stretches(entry, folded):
        words = tokens(folded, start, stop)
        if sum(max(0, weights(token.word).inside - _LENGTH) for token in words if token.is_word) >= _WORTH:
            for piece in _pieces(folded, words, start, stop, 2 * entry.rule.max_chars):
                found[piece.start, piece.stop] = piece
    for piece in sorted(found.values(), reverse=True)[:_CANDIDATES]:
        if _is_set_apart(folded, piece.start, piece.stop):
            return piece
    return None


def _stretches(entry: Entry, folded: str) -> Iterator[tuple[int, int]]:
    """The stretches of a line around its needed words: one for words that are near each other. A word alone is most often one of the text:
    something near it has to make a piece likely."""
    start = stop = count = 0
    for need in entry.needed.finditer(folded):
        if count and need.start() - _BEFORE > stop:
            if count > 1 or _CUE.search(folded, start, stop):
                yield start, stop
            count = 0
        if not count:
            start = max(0, need.start() - _BEFORE, folded.rfind("。", 0, need.start()))
        end = folded.find("。", need.end(), need.end() + _BEHIND)
        stop = end + 1 if end >= 0 else min(len(folded), need.end() + _BEHIND)
        count += 1
    if count > 1 or (count and _CUE.search(folded, start, stop)):
        yield start, stop


def _is_set_apart(folded: str, start: int, stop: int) -> bool:
    """Whether the line is text without a piece, and does not speak of it."""
    rest = folded[:start] + folded[stop:]
    said = folded[start:stop]
    if (
        len(key(rest)) < LEAST_REST
        or HAN.search(rest) is None
        or not is_balanced(said)
        or is_spoken_of(folded, start, stop)
    ):
        return False
    if (
        has_narrator(said)
        or is_narration(said)
        or _CREDIT.search(said) is not None
        or _BUTTON.search(folded, max(0, start - 1), stop + 1) is not None
    ):
        return False
    if _ENUMERATION.search(said) is not None and folded[stop : stop + 1].isalnum():
        # What is enumerated goes on behind it: 移动文物、历史|建筑.
        return False
    if stop < len(folded) and _LINK_END.search(said) is not None:
        # A sentence goes on behind its link.
        return False
    before = folded[:start]
    opened = sum(map(before.count, _OPENERS)) - sum(map(before.count, _CLOSERS))
    return opened <= 0 and before.count('"') % 2 == 0


def _is_torn(folded: str, start: int, stop: int) -> bool:
    """Whether a piece stands inside a word and breaks it in two."""
    before, behind = folded[:start], folded[stop:]
    if not (before[-1:].isalnum() and folded[start].isalnum() and behind[:1].isalnum()):
        return False
    return division().joins(before, behind, numbers_alone=stop - start < _LEAST_TEAR)


def _pieces(folded: str, words: list[Token], start: int, stop: int, most: int) -> Iterator[Glued]:
    """The pieces in a stretch of a line that say enough."""
    said_by = [weights(token.word) for token in words]
    leading = 0 if start else next((at for at, token in enumerate(words) if token.is_word), len(words))
    for first, token in enumerate(words):
        edge = said_by[first]
        is_opening = edge.inside + edge.first // 2 >= _OPENING if token.is_word else token.word in _LEADS
        if not is_opening and (token.word in _NEVER_FIRST or first == 0 or words[first - 1].word != "("):
            continue
        opens = _before(words, first, start, leading)
        if opens is None or (first == 0 and start > 0):
            continue
        said = edge.first if token.is_word else 0
        telling: list[str] = []
        for last in range(first, len(words)):
            behind = words[last]
            if behind.word == "。" or behind.stop - token.start > most:
                break
            weight = said_by[last]
            said += weight.inside - _LENGTH
            if weight.inside >= _TELLING and behind.is_word:
                telling.append(behind.word)
            if not telling or not (behind.is_word or behind.word in _OWN):
                continue
            if said + _EDGES < _LOWEST:
                continue
            closes = _behind(folded, words, last, opens, stop)
            least = _LEAST.get((opens, closes or ""))
            if least is None:
                continue
            total = said
            if closes != _CLOSED and behind.is_word:
                total += weight.last
            left, right = token.start, behind.stop
            if closes == _GLUED:
                if _DENSE * sum(map(len, set(telling))) < behind.stop - token.start:
                    continue
                beyond = last + 1 + (words[last + 1].word == " ")
                total += said_by[beyond].begins
                right = words[beyond].start
            elif closes == _BRACKET:
                left, right = words[first - 1].start, words[last + 1].stop
            if total >= least - DOUBT and (opens != _TORN or _is_torn(folded, left, right)):
                yield Glued(total - least, left, right, tuple(dict.fromkeys(telling)))


def _before(words: list[Token], first: int, start: int, leading: int) -> str | None:
    """What stands before a word with which a piece might begin."""
    at = first - 1
    while at >= 0 and words[at].word == " ":
        at -= 1
    if at < leading:
        return _START if start == 0 else None
    before = words[at].word
    if before == "(":
        return _BRACKET if at == first - 1 else None
    if before in _STOPS or before in _CLOSERS or before in _OWN:
        return _STOP
    if before in _GOES_ON:
        is_label = before == ":" and start == 0 and at <= _LABEL
        return _START if is_label else None if before == "、" else _COMMA
    if at < first - 1:
        return _SPACE
    if not words[at].is_word:
        return None
    return _TORN if words[first].is_word else _WORD


def _behind(folded: str, words: list[Token], last: int, opens: str, stop: int) -> str | None:
    """What stands behind a word with which a piece might end; None if no piece ends there."""
    word = words[last].word
    at = last + 1
    if at == len(words):
        return _END if stop == len(folded) else None
    behind = words[at].word
    if behind == ")":
        return _BRACKET if opens == _BRACKET else None
    if behind in _GOES_ON or (word == behind and word in _OWN):
        return None
    if word in _OWN:
        return _CLOSED
    if behind in _STOPS:
        return _SENTENCE if opens == _STOP else None
    if behind == " ":
        at += 1
    if at == len(words) or not (words[at].is_word or folded[words[at].start] in f"{_OPENERS}《"):
        return None
    if opens == _TORN:
        return _GLUED if words[last + 1].is_word else None
    # What goes on behind it is text.
    clause = _CLAUSE_END.split(folded[words[at].start :], maxsplit=1)
    is_text = len(clause) > 1 and len(key(clause[0])) >= _CLAUSE
    wants_more = word in _TAKE_OBJECTS and words[last - 1].word not in _WHOLE_CALLS
    return _GLUED if is_text and weights(word).inside >= _ENDING and not wants_more else None
