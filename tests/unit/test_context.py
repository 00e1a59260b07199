"""The table of ambiguous characters: every word and every example of every row."""

from __future__ import annotations

from collections import Counter

import pytest

from zhnorm import convert
from zhnorm.text.characters import rows
from zhnorm.text.mainland import context_characters, expand

ROWS = rows("context")


def _examples() -> list[tuple[str, str]]:
    pairs = [pair.partition("=") for row in ROWS for field in row[3:5] for pair in field.split(" ") if field != "-"]
    return [(text, result) for text, _, result in pairs]


def _words(row: list[str]) -> dict[str, str]:
    """The words of a row, written out, and what each becomes."""
    character, becomes, words = row[:3]
    others = {ord(key): value for key, value in context_characters().items() if key != character}
    found = {}
    for word in words.split(" ") if words != "*" else ():
        pattern, _, result = word.partition("=")
        for each in expand(pattern):
            found[each] = result or each.translate(others | {ord(character): becomes})
    return found


def test_expand() -> None:
    assert list(expand("甲[乙丙]")) == ["甲乙", "甲丙"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}{row[1]}")
def test_rows_are_whole(row: list[str]) -> None:
    assert len(row) == 5
    assert len(row[0]) == len(row[1]) == 1
    assert all(row[0] in word for word in _words(row))
    assert "=" in row[3]
    assert row[4] == "-" or "=" in row[4]
    assert all(row[0] in pair for field in row[3:5] if field != "-" for pair in field.split(" "))


@pytest.mark.parametrize(("text", "result"), _examples(), ids=lambda value: value)
def test_examples(text: str, result: str) -> None:
    assert convert(text) == result
    assert convert(result) == result


@pytest.mark.parametrize("row", [row for row in ROWS if row[2] != "*"], ids=lambda row: f"{row[0]}{row[1]}")
def test_every_word_decides(row: list[str]) -> None:
    expected = _words(row)
    assert {word: convert(word) for word in expected} == expected
    among_others = {word: convert(f"國，{word}，國") for word in expected}
    assert among_others == {word: f"国，{result}，国" for word, result in expected.items()}
    assert {result: convert(result) for result in expected.values()} == {result: result for result in expected.values()}


def test_no_word_stands_in_the_table_twice() -> None:
    patterns = (word.partition("=")[0] for row in ROWS if row[2] != "*" for word in row[2].split(" "))
    count = Counter(word for pattern in patterns for word in expand(pattern))
    assert [word for word, times in count.items() if times > 1] == []
