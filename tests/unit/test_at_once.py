"""Conversion in C and its twins in Python say the same, character by character; and what does not fit together is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm import Converter
from zhnorm.arrays.compiled import compiled, is_built, twins_alone
from zhnorm.conversion import at_once
from zhnorm.conversion.at_once import ALL_LINES, AtOnce
from zhnorm.conversion.convert import DIRECTIONS
from zhnorm.conversion.directions import GUARDED, SPELLED
from zhnorm.conversion.division import dividing
from zhnorm.conversion.lexicon import read_words
from zhnorm.conversion.orthography import tables
from zhnorm.conversion.spellings import read_rows

from ..test_cases import FILES

pytestmark = pytest.mark.skipif(not is_built(), reason="the package was built without its compiled part")

IN_C = ("hans", *GUARDED, *SPELLED)


@pytest.fixture(autouse=True, scope="module")
def from_the_first_character() -> None:
    """No text is too short for it."""
    for direction in IN_C:
        Converter(direction).convert("上" * (at_once._TWIN_CHARS + 1))


def agree(direction: str, text: str, **more: object) -> None:
    converter = Converter(direction)
    found = converter.convert(text, **more)  # type: ignore[arg-type]
    with twins_alone():
        assert found == converter.convert(text, **more)  # type: ignore[arg-type]


def pieces() -> list[str]:
    """What texts are made of: words that decide, what stands around them, what other lines hold."""
    found = [
        *"乾著瞭藉徵覆於么里面发后只干系复余几台斗谷松云注签准卷冲表历制，。；：“”「」《》()（）0Az_ \t\u3000\n\n\n"
    ]
    for script in ("simplified", "traditional"):
        for row in read_rows(script):
            found += [text for pair in (*row.examples, *row.counterexamples) for text in pair]
    for plain in map(tables, ("hans", "s2twp")):
        found += list(plain[3])
        found += [
            re.sub(r"[^\u4e00-\u9fff]", "", part)[:4] for each in plain[3].values() for sides in each for part in sides
        ]
        found += [lines.split("\n")[1] for lines in list(plain[2][0].values())[::40]]
    found += [word for number, word in enumerate(read_words()) if number % 3000 == 7]
    found += [
        "かな",
        "「かな」",
        "の",
        "http://例.com/臺灣",
        "@張小姐",
        "www.",
        "](",
        "⿰亻國",
        "國\ufe00",
        "\ud800",
        "\0",
        "𠮶",
        "國家",
        "国家",
    ]
    return [piece for piece in dict.fromkeys(found) if piece]


PIECES = pieces()
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=12).map("".join)


@pytest.mark.parametrize("direction", IN_C)
@given(text=texts)
def test_texts(direction: str, text: str) -> None:
    agree(direction, text)


@pytest.mark.parametrize("direction", IN_C)
def test_everything_together(direction: str) -> None:
    for separator in ("\n", "，", ""):
        agree(direction, separator.join(PIECES))
    agree(direction, "\n".join(path.read_text("utf-8", "surrogateescape") for path in FILES))


@pytest.mark.parametrize("direction", ["hans", "tw", "hk", "hant"])
@given(lines=st.lists(texts, min_size=2, max_size=6), script=st.sampled_from(["hans", "hant", ""]))
def test_documents_and_scripts(direction: str, lines: list[str], script: str) -> None:
    lines = [line.replace("\n", "") for line in lines]
    agree(direction, "\n".join(lines), documents=[1, len(lines) - 1])
    agree(direction, "\n".join(lines), script=script)


@pytest.mark.parametrize("direction", ["hans", "tw", "s2twp"])
def test_words_that_overlap(direction: str) -> None:
    for text in ("灰蒙蒙" * 50, "蒙" * 300, "乾乾淨淨" * 40, "发" * 400, "面" * 200 + "里" * 200, "一只只" * 60):
        agree(direction, text)


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_what_has_to_be_looked_at_first(direction: str) -> None:
    for text in (
        "見https://zh.example.org/wiki/臺灣 國",
        "⿰亻國國",
        "國\U000e0100家",
        "「かな」國\n國",
        "これは国です\n國",
        "",
    ):
        agree(direction, text)


def test_what_does_not_fit_is_refused() -> None:
    part = compiled()
    assert part is not None
    fold, slots, joints, unknown = dividing()
    division = part.division(fold, slots, joints, unknown)
    told = ("",) * 7
    for wrong in ((fold, b"", joints, 1), (fold, slots, b"", 1), (fold, slots, joints, 0), ({-1: 0}, slots, joints, 1)):
        with pytest.raises(ValueError, match=r"division|codes"):
            part.division(*wrong)
    with pytest.raises(ValueError, match="pairs"):
        part.speller(division, 0, {}, {}, {"甲乙": "0\n甲\n1\n乙"}, {}, "甲", "", None, told)
    with pytest.raises(ValueError, match="pairs"):
        part.speller(division, 0, {}, {}, {"甲乙": "0\n甲乙\n1"}, {}, "甲", "", None, told)
    with pytest.raises(ValueError, match="codes"):
        part.speller(division, 0, {1 << 30: 1}, {}, {}, {}, "", "", None, told)
    with pytest.raises(ValueError, match="PyCapsule"):
        part.spell(division, "甲", None, None)


@pytest.mark.parametrize("context", ["甲*", "(?=甲)", "[甲", "(?:甲", "甲)", "\\d", "\\"])
def test_a_context_in_other_signs_is_for_the_twin(context: str) -> None:
    plain = {0x4E59: 0x4E19}, {}, ({}, [], []), {"乙": [("", context, "丁")]}, ["乙"]
    each = AtOnce(plain, ALL_LINES)  # type: ignore[arg-type]
    assert each.document("乙甲" * at_once._TWIN_CHARS) is None
