"""What lines of a page say that stands on it elsewhere: where it is found, and where it is not."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhnorm.conversion.fold import key
from zhnorm.text.recurring import LEAST_CHARS, LEAST_REST, said_twice

CLAUSE = "老船工在甲板上收缆绳"


def _found(*lines: str) -> list[tuple[int, str, list[int]]]:
    return [
        (found.line, lines[found.line][found.start : found.stop], [source.line for source in found.sources])
        for found in said_twice([lines])[0]
    ]


def test_a_line_in_another_one_is_found_without_anything_around_it() -> None:
    assert _found(CLAUSE, f"船工说不开了{CLAUSE}人都站着。") == [(1, CLAUSE, [0])]


def test_marks_and_script_do_not_matter() -> None:
    assert _found("老船工，在甲板上收纜繩", f"船工说不开了。{CLAUSE}人都站着。") == [(1, CLAUSE, [0])]


def test_a_copy_begins_and_ends_where_a_clause_of_its_source_does() -> None:
    source = f"傍晚，{CLAUSE}，天黑了。"
    assert (1, CLAUSE, [0]) in _found(source, f"船工说不开了。{CLAUSE}天黑人都站着。")
    assert _found(source, "船工说不开了。甲板上收缆绳的人都站着。") == []


def test_a_line_that_is_said_again_as_a_whole_is_none() -> None:
    assert _found(CLAUSE, f"{CLAUSE}。") == []


def test_a_line_that_says_its_own_clause_again_is_found_at_both_places() -> None:
    line = f"{CLAUSE}，船就停着，{CLAUSE}，天黑了。"
    assert [(line_number, said) for line_number, said, _ in _found(line)] == [(0, CLAUSE), (0, CLAUSE)]


def test_pages_are_apart() -> None:
    first, second = said_twice([[CLAUSE, "别的一行字在这里"], [f"船工说不开了{CLAUSE}人都站着。"]])
    assert not first
    assert not second


def test_a_formula_has_no_source() -> None:
    lines = [f"第{number}条说的是{CLAUSE}的人。" for number in "一二三四五六七八九十百千万"]
    assert _found(CLAUSE, *lines) == []


def test_nothing_is_said_by_no_page() -> None:
    assert said_twice([]) == []
    assert said_twice([[], [""], ["。", "……"]]) == [[], [], []]


@given(st.lists(st.lists(st.text("船工在甲板上收缆绳，。 a1\u3000", max_size=40), max_size=6), max_size=9))
def test_what_is_found_is_there_twice(pages: list[list[str]]) -> None:
    for lines, every in zip(pages, said_twice(pages), strict=True):
        for found in every:
            said = key(lines[found.line][found.start : found.stop])
            assert len(said) == found.size >= LEAST_CHARS
            assert found.before + found.after >= LEAST_REST
            assert found.before + found.size + found.after == len(key(lines[found.line]))
            for source in found.sources:
                assert key(lines[source.line][source.start : source.stop]) == said
                assert (source.line, source.start) != (found.line, found.start)


def test_many_pages_are_as_each_alone() -> None:
    pages = [[CLAUSE, f"{chr(0x4E00 + number)}说不开了{CLAUSE}人都站着。"] for number in range(64)]
    assert said_twice(pages) == [said_twice([page])[0] for page in pages]
