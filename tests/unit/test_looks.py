"""What standard input is taken for: JSON is recognised wherever the beginning is cut, and no text is taken for it."""

from __future__ import annotations

import json

import pytest

from zhnorm.formats.looks import looks_like, looks_like_table

RECORDS = [{"id": n, "text": f"第{n}句：網絡{{安全}}\n“說得[很]完整”"} for n in range(40)]
LINES = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in RECORDS)
SHAPES = [
    (LINES, "jsonl"),
    (LINES.replace("\n", "\r\n"), "jsonl"),
    ("\ufeff" + LINES, "jsonl"),
    (LINES.replace("}\n", "\n", 2), "jsonl"),  # two of forty are broken
    (json.dumps(RECORDS), "json"),
    (json.dumps(RECORDS, indent=2), "json"),
    ("[\n" + ",\n".join(LINES.splitlines()) + "\n]\n", "json"),
    (json.dumps(RECORDS[0], indent=1, ensure_ascii=False), "json"),
    ("\n".join(json.dumps(record, indent=1) for record in RECORDS), "json"),
    ("".join(LINES.splitlines(keepends=True)[:3]).replace("}\n", "\n", 1), "jsonl"),  # one of three is cut off
    (LINES[:60] + "\n" + LINES[60:], "jsonl"),  # a line end in the middle of a record
    (LINES[14:], "jsonl"),  # the beginning of the first is gone
    ('{"id": 1, "te\n' + LINES, "jsonl"),
    ("{'id': 1}\n" + LINES, "jsonl"),
    (
        "".join(line[:30] + "\n" + line for line in LINES.splitlines(keepends=True)),
        "jsonl",
    ),  # every other one is cut off
]


@pytest.mark.parametrize(("text", "kind"), SHAPES)
def test_json_is_recognised(text: str, kind: str) -> None:
    assert looks_like(text) == kind


@pytest.mark.parametrize(("text", "kind"), [SHAPES[0], SHAPES[4], SHAPES[5], SHAPES[6], SHAPES[8]])
@pytest.mark.parametrize("size", [60, 200, 701, 1500])
def test_wherever_the_beginning_is_cut(text: str, kind: str, size: int) -> None:
    assert looks_like(text[:size]) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[",
        "網絡安全\n",
        "{{cite}}\n網絡安全\n",
        "[網絡] 安全\n[1] 註釋\n",
        '["網絡", "安全"]\n',
        '{"@context": "https://schema.org"}\n網絡安全\n程式設計\n',
        '{"@context": "https://schema.org"}\n{"網絡\n網絡安全\n',
        'function f() {"use strict": 1}\n',
        "{網絡: 安全}\n",
        '{"網絡": 安全}\n',
        '"網絡": {"a": 1}\n',
        "記錄\n" + LINES,
        '安全"}\n{"id": 1}\n網絡安全\n',
        "{{cite}}\n" + LINES.splitlines()[0] + "\n網絡安全\n",
    ],
)
def test_no_text_is_taken_for_it(text: str) -> None:
    assert looks_like(text) == ""


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("id,text\n1,網\n", "text"),
        ('"id";"Content"\r\n1;網\r\n', "Content"),
        ("\ufeff編號\t內容\n", "內容"),
        ("text\n網\n", ""),
        ("id,text", ""),
        ("text,,id\n", ""),
        ("網絡,安全,程式\n", ""),
        ("The text, and more\n", ""),
    ],
)
def test_a_table_is_spoken_of(text: str, column: str) -> None:
    assert looks_like_table(text) == column
