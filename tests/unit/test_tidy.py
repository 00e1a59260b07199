"""Tidiers: what each does, that it does it where it says so and nowhere else, and that doing it twice is doing it once."""

from __future__ import annotations

import unicodedata

import pytest

from zhnorm.arrays.character_kinds import code_points
from zhnorm.text.tidy import PUNCTUATION_TIDIER, TIDIERS, Needs, Tidier, full_punctuation, quote_tidier

BY_NAME = {tidier.name.partition("/")[2]: tidier for tidier in TIDIERS}
ALL = (*TIDIERS, PUNCTUATION_TIDIER, quote_tidier("curly"), quote_tidier("corner"))
CASES = [
    ("control", "雨\x00停\x07了", "雨停了"),
    ("control", "雨停了\u2028天晴了", "雨停了 天晴了"),
    ("control", "雨停了\x0b\x0c天晴了", "雨停了 天晴了"),
    ("invisible", "分\u200b享\ufeff到\u2060", "分享到"),
    ("invisible", "他说\u200e你好\u200f", "他说你好"),
    ("invisible", "一\u200d家", "一家"),
    ("invisible", "👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
    ("entities", "甲&amp;乙", "甲&乙"),
    ("entities", "甲&amp;amp;lt;乙", "甲<乙"),
    ("entities", "&#x5929;&#22320;", "天地"),
    ("entities", "A&B公司；C&D", "A&B公司；C&D"),
    ("entities", "雨&#10;停", "雨 停"),
    ("entities", "分&#8203;享", "分享"),
    ("compatibility", "\uf9dc重\u2f00夜", "隆重一夜"),
    ("width", "ＡＢＣ１２３", "ABC123"),
    ("width", "价格１２．５元", "价格12.5元"),
    ("width", "第一．第二", "第一．第二"),
    ("width", "甲，乙：丙！", "甲，乙：丙！"),
    ("spaces", "  雨停了　", "雨停了"),
    ("spaces", "雨  停　　了", "雨 停　了"),
    ("spaces", "雨\xa0停\u2003了", "雨 停 了"),
    ("spaces", "甲 \t乙", "甲\t乙"),
    ("spaces", "雨 停 了", "雨 停 了"),
]


@pytest.mark.parametrize(("name", "before", "after"), CASES)
def test_what_a_tidier_does(name: str, before: str, after: str) -> None:
    assert BY_NAME[name].apply(before) == after


@pytest.mark.parametrize(("name", "before", "after"), CASES)
def test_lines_are_tidied_alike_alone_and_among_others(name: str, before: str, after: str) -> None:
    apply = BY_NAME[name].apply
    assert apply(f"天晴了\n{before}\n\n{before}") == f"天晴了\n{after}\n\n{after}"


@pytest.mark.parametrize("tidier", ALL, ids=lambda tidier: tidier.name)
def test_twice_is_once(tidier: Tidier) -> None:
    text = "\n".join(before for _, before, _ in CASES) + "\n他说,「你好」(“再见”)don’t.\n"
    once = tidier.apply(text)
    assert tidier.apply(once) == once


@pytest.mark.parametrize(
    "tidier", [each for each in TIDIERS if each.name != "tidy/mojibake"], ids=lambda each: each.name
)
def test_a_tidier_changes_no_line_without_a_character_that_it_acts_on(tidier: Tidier) -> None:
    acts_on = set(code_points(tidier.acts_on))
    others = [chr(code) for code in range(0x20, 0x30000) if code not in acts_on and not 0xD800 <= code < 0xE000]
    # Each between letters, where spaces and marks are as they should be.
    text = "\n".join(f"甲{char}乙" for char in others)
    assert tidier.apply(text) == text


@pytest.mark.parametrize("tidier", [each for each in TIDIERS if each.name.endswith(("control", "invisible", "width", "compatibility"))], ids=lambda each: each.name)  # fmt: skip
def test_a_tidier_leaves_none_of_the_characters_that_it_acts_on(tidier: Tidier) -> None:
    for code in code_points(tidier.acts_on):
        # A few in these ranges have no ordinary form: they are ordinary themselves, or are no characters yet.
        has_form = tidier.name != "tidy/compatibility" or unicodedata.normalize("NFKC", chr(code)) != chr(code)
        assert (chr(code) in tidier.apply(f"甲{chr(code)}乙")) != has_form, hex(code)


def test_needs_name_every_tidier_that_would_change_a_line() -> None:
    lines = [before for _, before, _ in CASES] + ["雨停了。", "", "雨 停", " ", "a b"]
    needs = Needs(TIDIERS).of_lines("\n".join(lines)).tolist()
    for line, need in zip(lines, needs, strict=True):
        for number, tidier in enumerate(TIDIERS):
            if tidier.apply(line) != line:
                assert need & 1 << number, (line, tidier.name)
    assert needs[lines.index("雨停了。")] == needs[lines.index("雨 停")] == 0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("你好,世界!", "你好，世界！"),
        ("雨停了.", "雨停了。"),
        ("雨停了.天晴了", "雨停了.天晴了"),
        ("比分3:1,他笑了", "比分3:1,他笑了"),
        ("他说(小声)走吧", "他说（小声）走吧"),
        ("see you, soon", "see you, soon"),
        ("真的?\n真的!", "真的？\n真的！"),
    ],
)
def test_marks_between_chinese_characters_become_full_width(before: str, after: str) -> None:
    assert full_punctuation(before) == after


def test_quotation_marks_of_either_kind_and_apostrophes() -> None:
    curly, corner = quote_tidier("curly"), quote_tidier("corner")
    assert curly.apply("他说：「『雨』停了。」") == "他说：“‘雨’停了。”"
    assert corner.apply("他说：“‘雨’停了。”") == "他说：「『雨』停了。」"
    assert corner.apply("“don’t”，‘rock’n’roll’") == "「don’t」，『rock’n’roll』"
    assert corner.apply("雨停了。") == curly.apply("雨停了。") == "雨停了。"
