"""Which script a text is in, from the characters that only one script uses.

Traditional and Simplified share most of their characters, so the proof is in the few that they do not share:
國 這 說 are never Simplified, 国 这 说 never Traditional. Kana make a line Japanese when there are enough of them:
one の in a shop's name does not.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from typing import Literal, NamedTuple

from ..arrays.character_kinds import Kinds, LineArrays, code_points
from ..arrays.character_table import codes_of, in_arrays
from ..arrays.expressions import OneOf, expression
from ..errors import not_text
from ..signs import CLOSING_QUOTES, CLOSING_TITLES, OPENING_QUOTES, OPENING_TITLES, without
from .characters import simplified_only, traditional_only
from .prepared import prepared

__all__ = [
    "Detection",
    "Evidence",
    "Script",
    "Speaks",
    "detect",
    "documents_speak",
    "evidence",
    "has_kana",
    "in_two_scripts",
    "is_japanese",
    "japanese_titles",
    "line_proofs",
    "lines_with_kana",
    "prevailing",
    "proof_characters",
    "proves",
    "script_of",
]

Script = Literal["hans", "hant", "mixed", "neutral", "japanese", "other"]
Speaks = Callable[[int], str]
"""Tells the script of the document that a line of a text is in, by its number from 0: `hans`, `hant`, or "" if it has none."""

KANA = "ぁ-ゖァ-ヺｦ-ﾝ"
_KANA = OneOf(map(chr, code_points(KANA)))
_HAN = expression("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA_SHARE = 0.15
# Single quotation marks are apostrophes as often.
_OPENING, _CLOSING = without(OPENING_QUOTES, "‘") + OPENING_TITLES, without(CLOSING_QUOTES, "’") + CLOSING_TITLES
_QUOTED = expression(f"[{_OPENING}]([^{_OPENING}{_CLOSING}]+)[{_CLOSING}]")
_MIXED_SHARE = 0.1
_SPEAKS_SHARE, _LEAST_PROOFS, _HEAD_CHARS = 0.9, 10, 10_000
_SURE_CHARS = 5


class Evidence(NamedTuple):
    """How many characters of a text speak for something."""

    simplified: int
    traditional: int
    kana: int
    han: int


class Detection(NamedTuple):
    """What `detect` found.

    Attributes:
        script: `hans` or `hant`; `mixed` when at least a tenth of the evidence is for the other script;
            `neutral`: Chinese characters that both scripts write alike; `japanese`; `other`: no Chinese at all.
        share: the part of the evidence that speaks for the script (for `mixed`: for the stronger of the two).
        confidence: 0 to 1; grows with the number of characters that prove something.
    """

    script: Script
    share: float
    confidence: float


@cache
def proofs() -> tuple[OneOf, OneOf]:
    """The Simplified-only and the Traditional-only characters."""
    simplified, traditional = proof_characters()
    return OneOf(simplified), OneOf(traditional)


def proof_characters() -> tuple[str, str]:
    """The same as texts."""
    return _proofs()


@prepared
def _proofs() -> tuple[str, str]:
    # An expression looks characters of the plane up in a table, but the others one by one.
    simplified, traditional = ("".join(sorted(map(_bmp, found()))) for found in (simplified_only, traditional_only))
    return simplified, traditional


def evidence(text: str) -> Evidence:
    """Count the characters of a text that speak for a script.

    >>> evidence("這个")
    Evidence(simplified=1, traditional=1, kana=0, han=2)
    """
    return Evidence(*_count_proofs(text), _KANA.count(text), len(_HAN.findall(text)))


def _count_proofs(text: str) -> tuple[int, int]:
    """How many characters of a text are Simplified-only, and how many Traditional-only."""
    if in_arrays(len(text)):
        found = _scripts().table.take(codes_of(text))
        return int((found & 1).sum()), int((found & 2).sum()) // 2
    simplified, traditional = proofs()
    return simplified.count(text), traditional.count(text)


def has_kana(text: str) -> bool:
    """Whether there is kana in a text, without which nothing in it is Japanese.

    >>> has_kana("鮮の味"), has_kana("鮮味")
    (True, False)
    """
    return _KANA.are_in(text)


def is_japanese(line: str, titles: Sequence[tuple[int, int]] = ()) -> bool:
    """Whether enough of a line is kana: at least two, and 15 % of its Chinese characters and kana together.

    Args:
        line: one line.
        titles: parts of it that do not count.

    >>> is_japanese("彼は東京大学の学生です"), is_japanese("鮮の味日本料理開幕")
    (True, False)
    """
    for start, stop in reversed(titles):
        line = line[:start] + line[stop:]
    kana = _KANA.count(line)
    return kana >= 2 and kana >= _KANA_SHARE * (kana + len(_HAN.findall(line)))


def japanese_titles(line: str) -> list[tuple[int, int]]:
    """Where titles and words in Japanese stand in a line of another language, in quotation marks.

    >>> line = "歌名「会いたくて」譯為「想見你」"
    >>> [line[start:stop] for start, stop in japanese_titles(line)]
    ['会いたくて']
    """
    if not _KANA.are_in(line):
        return []
    found = [each.span(1) for each in _QUOTED.finditer(line) if _KANA.are_in(each[1])]
    return found if sum(stop - start for start, stop in found) < len(line) / 2 else []


def prevailing(text: str) -> str:
    """The script of a document that speaks for its lines: `hans` or `hant` if all characters that prove anything among its first
    10,000 say so, or nine tenths of at least ten; otherwise "".

    What is all in one script stays so, however few lines of it are left: so cleaning its output decides alike.

    >>> prevailing("這個國家的圖書館裡說話聲音很輕"), prevailing("上山下海")
    ('hant', '')
    """
    simplified, traditional = _count_proofs(text[:_HEAD_CHARS])
    total = simplified + traditional
    if not total or (total < _LEAST_PROOFS and simplified and traditional):
        return ""
    if simplified >= _SPEAKS_SHARE * total:
        return "hans"
    return "hant" if traditional >= _SPEAKS_SHARE * total else ""


def proves(lines: Iterable[str]) -> bool:
    """Whether a character in the lines proves to be of one script.

    >>> proves(["上山", "開門"]), proves(["上山", "下海"])
    (True, False)
    """
    simplified, traditional = proofs()
    return any(simplified.are_in(line) or traditional.are_in(line) for line in lines)


def documents_speak(text: str, sizes: Sequence[int] | None = None) -> Speaks:
    """What documents say about the lines in them that both scripts write alike.

    Args:
        text: the documents, one after the other.
        sizes: how many lines each of them has; None if there is only one.
    """
    known: dict[int, str] = {}
    lines = text.split("\n") if sizes is not None else []
    ends = list(accumulate(sizes)) if sizes is not None else []

    def speaks(line: int) -> str:
        number = bisect_right(ends, line) if ends else 0
        if number not in known:
            own = lines[ends[number] - sizes[number] : ends[number]] if sizes is not None else ()
            known[number] = prevailing("\n".join(own) if own else text)
        return known[number]

    return speaks


def in_two_scripts(lines: str) -> list[bool]:
    """Of each line whether it proves to be in both scripts.

    >>> in_two_scripts("这個\\n这\\n個")
    [True, False, False]
    """
    return [proof & 3 == 3 for proof in line_proofs(lines)]


def line_proofs(lines: str) -> list[int]:
    """Of each line what it proves: 1 for a Simplified-only character, 2 for a Traditional-only one, 3 for both.

    >>> line_proofs("这個\\n这\\n個\\n上")
    [3, 1, 2, 0]
    """
    if in_arrays(len(lines)):
        found: list[int] = _scripts().of_lines(LineArrays(lines)).tolist()
        return found
    simplified, traditional = proofs()
    return [simplified.are_in(line) + 2 * traditional.are_in(line) for line in lines.split("\n")]


def lines_with_kana(text: str) -> list[int]:
    """The numbers, from 0, of the lines with kana in them."""
    found: list[int] = []
    number = seen = 0
    for place in _KANA.places(text):
        number += text.count("\n", seen, place)
        seen = place
        if not found or found[-1] != number:
            found.append(number)
    return found


@cache
def _scripts() -> Kinds:
    simplified, traditional = _proofs()
    return Kinds({1: simplified, 2: traditional})


def _bmp(character: str) -> str:
    return character if character < "\U00010000" else ""


def detect(text: str) -> Detection:
    """The script of a text: of a line, or of a whole document.

    Raises:
        NotTextError: it is no text.

    >>> detect("這是繁體中文。").script, detect("这是简体中文。").script, detect("上山下海").script
    ('hant', 'hans', 'neutral')
    >>> detect("これは日本語です").script, detect("plain English").script
    ('japanese', 'other')
    """
    if not isinstance(text, str):
        raise not_text(text)
    found = evidence(text)
    if found.kana >= 2 and found.kana >= _KANA_SHARE * (found.kana + found.han):
        share = found.kana / (found.kana + found.han)
        return Detection("japanese", share, _confidence(found.kana))
    total = found.simplified + found.traditional
    if not total:
        return Detection("neutral", 0.0, 0.0) if found.han else Detection("other", 0.0, 1.0)
    stronger = max(found.simplified, found.traditional)
    share = stronger / total
    if 1 - share >= _MIXED_SHARE:
        return Detection("mixed", share, _confidence(total))
    return Detection("hans" if found.simplified == stronger else "hant", share, _confidence(total) * share)


def _confidence(proofs_found: int) -> float:
    return proofs_found / (proofs_found + _SURE_CHARS) if proofs_found < 20 * _SURE_CHARS else 1.0


def script_of(text: str) -> str:
    """The only script that characters of a text prove, `hans` or `hant`; "" if they prove none, or both.

    >>> script_of("这条河"), script_of("這條河"), script_of("這条河"), script_of("山水")
    ('hans', 'hant', '', '')
    """
    found = evidence(text)
    if (found.simplified > 0) == (found.traditional > 0):
        return ""
    return "hans" if found.simplified else "hant"
