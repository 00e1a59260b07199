"""Which script a text is in, from the characters that only one script uses.

Traditional and Simplified share most of their characters, so the proof is in the few that they do not share:
國 這 說 are never Simplified, 国 这 说 never Traditional. Kana make a line Japanese when there are enough of them:
one の in a shop's name does not.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, NamedTuple

from .characters import simplified_only, traditional_only
from .expressions import OneOf, expression
from .kinds import Kinds, LineArrays, code_points
from .prepared import prepared
from .table import in_arrays

__all__ = ["Detection", "Evidence", "Script", "detect", "evidence", "in_two_scripts", "is_japanese"]

Script = Literal["hans", "hant", "mixed", "neutral", "japanese", "other"]

KANA = "ぁ-ゖァ-ヺｦ-ﾝ"
_KANA = OneOf(map(chr, code_points(KANA)))
_HAN = expression("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA_SHARE = 0.2
_MIXED_SHARE = 0.1
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
    simplified, traditional = _proofs()
    return OneOf(simplified), OneOf(traditional)


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
    simplified, traditional = proofs()
    return Evidence(simplified.count(text), traditional.count(text), _KANA.count(text), len(_HAN.findall(text)))


def is_japanese(line: str) -> bool:
    """Whether enough of a line is kana: at least two, and a fifth of its Chinese characters and kana together.

    >>> is_japanese("彼は東京大学の学生です"), is_japanese("鮮の味日本料理開幕")
    (True, False)
    """
    kana = _KANA.count(line)
    return kana >= 2 and kana >= _KANA_SHARE * (kana + len(_HAN.findall(line)))


def in_two_scripts(lines: str) -> list[bool]:
    """Of each line whether it proves to be in both scripts.

    >>> in_two_scripts("这個\\n这\\n個")
    [True, False, False]
    """
    if in_arrays(len(lines)):
        both: list[bool] = (_scripts().of_lines(LineArrays(lines)) == 3).tolist()
        return both
    return [all(proof.are_in(line) for proof in proofs()) for line in lines.split("\n")]


@cache
def _scripts() -> Kinds:
    simplified, traditional = _proofs()
    return Kinds({1: simplified, 2: traditional})


def _bmp(character: str) -> str:
    return character if character < "\U00010000" else ""


def detect(text: str) -> Detection:
    """The script of a text: of a line, or of a whole document.

    >>> detect("這是繁體中文。").script, detect("这是简体中文。").script, detect("上山下海").script
    ('hant', 'hans', 'neutral')
    >>> detect("これは日本語です").script, detect("plain English").script
    ('japanese', 'other')
    """
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
