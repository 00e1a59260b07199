"""What is glued into a line: a tool, a call, an advertisement in the middle of its text, behind it or before it, that no list of phrases holds.

`...天热的时候早上浇,打开首页查看更多图片别在中午浇凉水。`: nothing, or nothing but a comma, parts such a piece from the text, so it is read
(`text.glued`). The weaker the marks around it, the surer it has to be; and a piece that the text quotes, tells of or points to stays. All places
are those of the fold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.division import division
from ..conversion.fold import folds_of, key
from ..signs import (
    BARS,
    BEHIND_STOPS,
    BOX_SIDES,
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    COMMAS,
    FOLDED_STOPS,
    OPENING_QUOTES,
    SENTENCE_ENDS,
    without,
)
from ..text.decoration import denies
from ..text.glued import Piece, tagger
from ..text.interface import names_part
from ..text.narration import has_narrator, is_narration
from .around import NAMED_BEHIND, has_han, is_balanced, is_told
from .parts import LEAST_REST

__all__ = ["DOUBT", "LEAST_READ", "Glued", "bits", "glued", "surest"]

LEAST_READ = 8
"""A line of fewer letters is not read."""

_BESIDE_TEXT = {"stop": 0, "sign": 0, "space": 10, "comma": 15, "letter": 60, "colon": 30, "list": 70}
"""How much surer a piece has to be, in tenths of a bit, by what stands before it where it begins."""
_LEAST, _BEFORE, _BEHIND, _GOES_ON, _SHORT, _SIGNED, _SENTENCE, _OF_TEXT, _TORN = 13, 25, 20, 70, 30, 40, 15, 80, -60
"""How sure it has to be at least; if it begins the line, as do the names of the places that reports come from; if text goes on behind it; if that
is parted from it by nothing; if it is a word or two; if it is a name in brackets, who wrote it; if it is a sentence; if it looks like a part of
the text; if it breaks a word or a number of the text in two."""
_FIRST = 90
"""So much surer is one that begins the line and ends with a word: so do headings and calls of the text."""
_SHORT_CHARS, _SENTENCE_CHARS = 6, 12
_QUOTED = 115
"""So sure is a piece inside of a quotation, or one that tells something."""
_CLAUSE = 140
"""So sure is one with a comma behind it: so do clauses of the text stand."""
_LEAST_OF_CHROME = 20
"""So sure it has to be in a line that would go whole otherwise."""
DOUBT = 15
"""A piece may be so much less sure where a page is full of such pieces."""
_CREDIT = expression(
    "^[^点看按戳查加载显]*(?:图片|照片|截图|资料图|影片|摄|提供|供图)[)】\\]]?$"
    "|^[(【\\[]?(?:图|文|图片|图源|照片|摄影|资料图|编译|记者)(?:来源)?[/:]|(?:(?<!资)讯|电|报道)[)】\\]]?$"
)
"""Whose picture or report it is, which belongs to a caption or a lead."""
_OPEN_END = ("...", "…", "‧‧", ",")
"""So text ends that goes on."""
_TEXT = expression(f"。|[{FOLDED_STOPS}…].*[{FOLDED_STOPS}…]")
_ENDS = expression(f"[{SENTENCE_ENDS}]")
_OF_WORDS, _OF_SENTENCE = 60, 50
"""So sure is a piece in a headline, a caption or an item, whose parts belong together: a line without the end of a sentence, or with one that is
not left at its end."""
_FIGURES = expression("[\\d年月日时分秒号_]*(?:[^\\w♡♥❤👍👎][\\d年月日时分秒号_]*)*")
"""A date or a number belongs to the text as often, unless it counts people who like it."""
_SUBHEADING, _ADDRESS = expression("[■◆●□|]"), expression("://|www\\.")
_SOURCE = expression("来源|来自|原文|本文|转自|转载|出处|source|via|摘自|首发|稿源|最新|更新")
_ADDRESSEE = expression(f"[\\W_]*(?:引用\\W*)?(?:原帖由|最初由|(?:回复|回应|引用)\\s)[^{FOLDED_STOPS}]*(?:发表|写道|:)")
"""At the front of a post: whom it quotes or answers."""
_BUTTON = expression("\\w[【\\[][^【】\\[\\]]+[】\\]]\\w")
_LINK_END = expression("\\]\\([^()\\s]*\\)\\s*\\Z")
_OWN_END = frozenset(f"{SENTENCE_ENDS})]】>→｜|")
_PARTICLES = frozenset("的地得了着过")
"""With these a sentence goes on behind its own word."""
_STOPS = frozenset(f"{SENTENCE_ENDS}{BEHIND_STOPS};")
_COMMAS = frozenset(COMMAS)
_BRACKETS = ")]】"
_BEHIND_MARK = expression("\\w{4,}(?:\\.{3}|[…>】!。])([^\\W\\da-z]{1,2})\\Z")
_BEHIND_CHARS = 9
"""So many characters are enough to see one: four, a mark, and what stands behind."""
_LABEL = expression("[\\W_]*\\w{1,8}\\s?:\\s*")
"""Behind a label with which a line begins there stands what it is a label of;"""
_CELL, _FEW_CELLS = expression("(?:^|\\s)\\w{1,8}:\\s?[^\\s:]"), 2
"""and several of them make a row of facts."""
_WISH = expression("[顺敬恭谨此]?祝|此致|敬礼")
"""So letters end."""
_TURN = expression(f"\\w{{1,8}}:.*[{SENTENCE_ENDS}]")
"""So a turn of a dialogue begins: a name, and what is said."""
_ROW = frozenset(f"|{BOX_SIDES}")
_REFERENCE = expression(
    "(?:第\\s?[0-9一二三四五六七八九十百千~至、第-]{1,12}\\s*条|全文\\s?[0-9]{1,4}\\s*条)(?![评留回])"
    "|第\\s?[0-9.]{1,8}\\s*[节章]|[a-z]\\([0-9]\\)|[(\\[][^()\\[\\]]{0,14}(?:一作|又作|亦作|通|音)[\\s:“「][^()\\[\\]]{1,24}[)\\]]"
)
"""An article of a statute, a section of a manual, a page of Unix's, or how editions read a word."""
_LINE_BREAK = expression("\\s*<(?:br|/?p|/?div|/?li)\\b[^<>]{0,80}>\\s*")
_SIGNATURE = expression("(?:[(\\[【][\\w·]{1,6}(?:[/ ][\\w·]{1,6})?[)\\]】])+")
_CODE = expression("[(\\[][0-9a-z.]+[)\\]]\\Z")
"""In brackets behind a name, a code belongs to it: 江西铜业(00358)."""
_GOES_ON_BEHIND = frozenset(f"{COMMAS}、:;")
# A single quotation mark may be an apostrophe.
_OPENERS, _CLOSERS = without(OPENING_QUOTES, "‘"), without(CLOSING_QUOTES, "’")


class Glued(NamedTuple):
    """A piece that goes: how much surer it is than it has to be (at least -DOUBT), from where to where, and how sure, in tenths of a bit."""

    spare: int
    start: int
    stop: int
    says: int


def glued(folds: Sequence[str]) -> list[list[Glued]]:
    """The pieces in lines that are none of their text, those of each line in order.

    >>> (found,) = glued(["刮风天多浇半瓢,立即下载客户端查看更多图片阴雨天不浇,把盆往里挪。"])
    >>> [(piece.start, piece.stop) for piece in found]
    [(8, 21)]
    """
    # A row of a table holds its parts in bars.
    able = [
        (at, start, text)
        for at, folded in enumerate(folds)
        for start, text in _lines_in(folded)
        if len(text) >= LEAST_READ and text.lstrip()[:1] not in _ROW
    ]
    found: list[list[Glued]] = [[] for _ in folds]
    for (at, start, text), pieces in zip(able, tagger().pieces([text for _, _, text in able]), strict=True):
        for one in (_weighed(text, piece) for piece in pieces):
            if one is not None:
                found[at].append(one._replace(start=start + one.start, stop=start + one.stop))
    return found


def _lines_in(folded: str) -> Iterator[tuple[int, str]]:
    """The lines that tags part a line into, each with where it begins: what one of them says is glued to none of the others."""
    start = 0
    for tag in _LINE_BREAK.finditer(folded) if "<" in folded else ():
        yield start, folded[start : tag.start()]
        start = tag.end()
    yield start, folded[start:]


def bits(says: int) -> str:
    """How sure a piece is, given in tenths of a bit, as the ledger says it."""
    return f"{says / 10:.1f} bits"


def surest(texts: Sequence[str]) -> list[Piece | None]:
    """The surest piece in each of some lines that would go whole, if it is set apart and leaves enough of the line.

    >>> part, whole = surest(["他也去了,等了半天才看到太阳 收藏 分享 举报", "回复 举报"])
    >>> (part.start, part.stop), whole
    ((14, 23), None)
    """
    folds = folds_of(texts)
    able = [
        len(folded) == len(text) and _LINE_BREAK.search(folded) is None
        for folded, text in zip(folds, texts, strict=True)
    ]
    pieces = tagger().pieces([folded if is_able else "" for folded, is_able in zip(folds, able, strict=True)])
    found = []
    for folded, mine in zip(folds, pieces, strict=True):
        fit = [piece for piece in mine if piece.says >= _LEAST_OF_CHROME and _leaves_text(folded, piece)]
        found.append(max(fit, key=lambda piece: piece.says, default=None))
    return found


def _leaves_text(folded: str, piece: Piece) -> bool:
    """Whether a space or a mark parts a piece from enough text on one side."""
    before, behind = folded[: piece.start], folded[piece.stop :]
    rest, ends = (before, behind) if key(before) else (behind, before)
    if key(ends) or len(key(rest)) < LEAST_REST or not has_han(rest):
        return False
    said = folded[piece.start : piece.stop]
    edge = before.rstrip()[-1:] + said[:1] if rest is before else said[-1:] + behind.lstrip()[:1]
    is_spaced = rest != (before.rstrip() if rest is before else behind.lstrip()) or said != said.strip()
    return is_spaced or not edge.isalnum()


def _weighed(folded: str, piece: Piece) -> Glued | None:
    """A piece as it goes, if the line sets it apart well enough for how sure it is."""
    # A bar in front of it parts it from the text.
    lead = folded[: piece.start].rstrip()
    start = len(lead.rstrip(BARS)) if lead.endswith(tuple(BARS)) else piece.start
    stop = _end(folded, piece)
    before, behind = folded[:start].rstrip(), folded[stop:].lstrip()
    least = _LEAST
    said = folded[start:stop].strip()
    is_behind_text = key(before) != ""
    if is_behind_text:
        least += _BESIDE_TEXT[_mark_before(before, is_spaced=folded[:start] != before)]
        least += _OF_TEXT * _is_of_text(folded, start, stop)
        least += _SIGNED * (_SIGNATURE.fullmatch(said) is not None)
        least += _SENTENCE * (said[-1:] in SENTENCE_ENDS and len(key(said)) >= _SENTENCE_CHARS)
    else:
        least += _BEFORE
    if key(behind):
        # Latin words have spaces around them, whatever they are in.
        is_spaced = stop < len(folded) - len(behind) or folded[stop - 1].isspace()
        is_parted = (said[-1:] in _OWN_END and _CODE.search(said) is None) or (is_spaced and not said[-1:].isascii())
        least += _BEHIND if is_parted else _GOES_ON
        least += _FIRST * (not is_behind_text and said[-1:].isalnum())
        if is_behind_text and len(key(said)) < _SHORT_CHARS:
            least += _SHORT
        if not is_parted and _is_torn(folded, start, stop):
            least += _TORN
    spare = piece.says - least
    if spare < -DOUBT or not key(said) or not _is_set_apart(folded, start, stop, piece.says):
        return None
    return Glued(spare, start, stop, piece.says)


def _end(folded: str, piece: Piece) -> int:
    """Where a piece ends: at its own mark, if hardly a word stands behind that, which then belongs to the text."""
    found = _BEHIND_MARK.search(folded, max(piece.start, piece.stop - _BEHIND_CHARS), piece.stop)
    goes_on = folded[piece.stop : piece.stop + 1].isalnum()
    return found.start(1) if found and goes_on else piece.stop


def _is_text(rest: str, says: int) -> bool:
    """Whether what is left of a line is text, as far as has to be known for how sure the piece is: a heading or an item begins with its own words,
    however sure it is."""
    if says >= _OF_WORDS or _TEXT.search(rest) is not None or rest.rstrip(BEHIND_STOPS)[-1:] in SENTENCE_ENDS:
        return True
    return says >= _OF_SENTENCE and _ENDS.search(rest) is not None


def _is_clause(folded: str, start: int, stop: int) -> bool:
    """Whether a piece goes on with a comma behind it."""
    last = folded[start:stop].rstrip()[-1:]
    return last in _GOES_ON_BEHIND or (folded[stop : stop + 1] in _GOES_ON_BEHIND and last not in _OWN_END)


def _is_of_text(folded: str, start: int, stop: int) -> bool:
    """Whether a piece behind text is a subheading, an address that the text gives, or ends between a number and what it counts."""
    said = folded[start:stop].strip()
    counts = said[-1:].isdigit() and folded[stop : stop + 1].isalnum()
    is_given = _ADDRESS.search(said) is not None and _SOURCE.search(said) is None
    return counts or is_given or _SUBHEADING.match(said) is not None


_LEAST_TEAR = 4
"""A shorter piece may be the middle of a term, as in 二叉搜索树: it breaks only numbers in two."""


def _is_torn(folded: str, start: int, stop: int) -> bool:
    """Whether a piece stands inside a word and breaks it in two."""
    before, behind = folded[:start], folded[stop:]
    if not (before[-1:].isalnum() and folded[start].isalnum() and behind[:1].isalnum()):
        return False
    return division().joins(before, behind, numbers_alone=stop - start < _LEAST_TEAR)


def _mark_before(before: str, *, is_spaced: bool) -> str:
    last = before[-1]
    if last in _BRACKETS and before.rstrip(_BRACKETS)[-1:] not in _STOPS and not is_spaced:
        # A sentence goes on behind its bracket.
        return "letter"
    if last in _STOPS or last in _CLOSERS:
        return "stop"
    if last == "、":
        return "list"
    if last == ":":
        return "colon"
    if last in _COMMAS:
        return "comma"
    if is_spaced:
        return "space"
    return "letter" if last.isalnum() else "sign"


def _is_set_apart(folded: str, start: int, stop: int, says: int) -> bool:
    """Whether the line is text without a piece, and does not speak of it."""
    rest = folded[:start] + folded[stop:]
    said = folded[start:stop].strip()
    if (
        len(key(rest)) < LEAST_REST
        or not has_han(rest)
        or not _is_text(rest, says if key(folded[:start]) else 0)
        or _LABEL.fullmatch(folded, 0, start) is not None
        or (_LABEL.match(folded) is not None and len(_CELL.findall(said)) >= _FEW_CELLS)
        or not is_balanced(said)
        or denies(said)
        or _REFERENCE.search(said) is not None
        or _WISH.match(said) is not None
        or (_FIGURES.fullmatch(said) is not None and not (says >= _QUOTED and folded[:start].rstrip()[-1:] in _STOPS))
        or is_told(folded, start)
        or (stop < len(folded) and folded[stop - 1].isalnum() and folded[stop] in _PARTICLES)
        or (says < _QUOTED and NAMED_BEHIND.match(folded, stop) is not None)
        or (said[-1:] in CLOSING_BRACKETS and names_part(folded, stop))
        or (not (start == 0 and says >= _QUOTED) and _CREDIT.search(said) is not None)
        or (start == 0 and (_ADDRESSEE.match(said) is not None or _TURN.fullmatch(said) is not None))
        or _BUTTON.fullmatch(folded, max(0, start - 1), stop + 1) is not None
        or tagger().is_strange(said)
    ):
        return False
    if stop < len(folded) and _LINK_END.search(said) is not None:
        # A sentence goes on behind its link.
        return False
    if says < _CLAUSE and _is_clause(folded, start, stop):
        return False
    if says >= _QUOTED:
        return True
    if said.endswith(_OPEN_END):
        return False
    before = folded[:start]
    opened = sum(map(before.count, _OPENERS)) - sum(map(before.count, _CLOSERS))
    return opened <= 0 and before.count('"') % 2 == 0 and not has_narrator(said) and not is_narration(said)
