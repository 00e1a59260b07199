"""Patterns that choose files of a tree."""

import pytest

from zhnorm.batch.walk import Choice

CASES = [
    ("*.txt", ["a.txt", "x/a.txt", "甲.txt"], ["a.txt.gz", "txt"]),
    ("a.txt", ["a.txt", "x/y/a.txt"], ["ba.txt", "a-txt"]),
    ("/a.txt", ["a.txt"], ["x/a.txt"]),
    ("x/*.txt", ["x/a.txt"], ["x/y/a.txt", "z/x/a.txt"]),
    ("x/**/*.txt", ["x/a.txt", "x/y/z/a.txt"], ["a.txt"]),
    ("x/**", ["x/a", "x/y/a"], ["y/a"]),
    ("**/y/*", ["y/a", "x/y/a"], ["y"]),
    ("news", ["news", "news/a.txt", "x/news/a.txt"], ["newsy/a.txt"]),
    ("news/", ["news/a.txt", "x/news/b/a.txt"], ["newsy"]),
    ("page[0-9].t?t", ["page7.txt"], ["pageX.txt", "page7.tt"]),
    ("[!a]*", ["b.txt"], ["a.txt"]),
    ("[]x]", ["]", "x"], ["y"]),
    ("a[b", ["a[b"], ["ab"]),
    ("a+(b).txt", ["a+(b).txt"], ["aab.txt"]),
    ("*\n*", ["a\nb"], ["ab"]),
    ("[^a]", ["^", "a"], ["b"]),
    ("a?c", ["abc"], ["a/c"]),
    ("a[!b]c", ["axc"], ["a/c", "abc"]),
]


@pytest.mark.parametrize(("pattern", "fits", "others"), CASES, ids=[case[0] for case in CASES])
def test_pattern(pattern: str, fits: list[str], others: list[str]) -> None:
    choice = Choice(include=[pattern])
    assert [name for name in fits if not choice.takes(name)] == []
    assert [name for name in others if choice.takes(name)] == []
    assert [name for name in fits if Choice(exclude=[pattern]).takes(name)] == []
