"""What a text that has no name looks like: JSON Lines, JSON, a table, or a text.

Standard input has no name to go by. JSON that is cleaned as text is broken (its records are repeats of each other, its keys are
converted), so it is taken for what it is; a table is not sure enough for that, and is only spoken of.
"""

from __future__ import annotations

from collections.abc import Collection

from zhnorm.arrays.expressions import expression

from .json_array import JsonArray, Scan
from .jsonl import JsonLines, ProblemError
from .records import GUESSES

__all__ = ["looks_like", "looks_like_table"]

_OBJECT = expression(r'\{\s*+"(?:[^"\\]++|\\.)*+"\s*+:')
_BEGINNING = expression(r'\s*+\{\s*+"')
_ARRAY = expression(r'\[\s*+\{\s*+"(?:[^"\\]++|\\.)*+"\s*+:')
_LEAST_BEHIND = 2
"""So many records at once behind a first line that is none make it a broken one."""
_MOST_OTHERS = 0.1
"""Of the lines of a file of JSON Lines so many may be no records at all."""


def looks_like(head: str) -> str:
    """The format that a text is surely in: jsonl, json, or nothing.

    Args:
        head: the beginning of it; a last line without end may go on.

    >>> looks_like('{"id": 1, "text": "網絡"}\\n{"id": 2, "te'), looks_like('[\\n{"text": "網'), looks_like("[網絡] 安全\\n")
    ('jsonl', 'json', '')
    >>> looks_like('{"@context": "https://schema.org"}\\n網絡安全宣傳周\\n')
    ''
    """
    text = head.removeprefix("\ufeff").lstrip()
    if _ARRAY.match(text):
        return "json" if _holds(JsonArray(()), text) else ""
    whole, _, _ = text.rpartition("\n")
    lines = [line for line in whole.split("\n") if line.strip()]
    if not _OBJECT.match(text):
        return "jsonl" if _begins_broken(lines) else ""
    if _is_json_lines(lines):
        return "jsonl"
    return "json" if not _is_object(lines[0]) and _holds(JsonArray((), in_array=False), text) else ""


def _is_json_lines(lines: list[str]) -> bool:
    """Whether lines are records, be it that some are broken: cut off, or by a line end in the middle, with their other half below."""
    spoilt = [line for line in lines if not _is_object(line)]
    cut = sum(_BEGINNING.match(line) is not None for line in spoilt)
    others = len(spoilt) - cut
    return 2 * len(spoilt) <= len(lines) and others <= max(cut, _MOST_OTHERS * len(lines))


def _begins_broken(lines: list[str]) -> bool:
    """Whether lines are records but for the first, of which the beginning is gone, or the end."""
    if len(lines) <= _LEAST_BEHIND or not all(map(_is_object, lines[1 : 1 + _LEAST_BEHIND])):
        return False
    first = lines[0].strip()
    return (first.startswith("{") or first.endswith("}")) and _is_json_lines(lines[1:])


def _is_object(line: str) -> bool:
    form = JsonLines(())
    try:
        form.members(line, form.begin(line, 1))
    except ProblemError:
        return False
    return True


def _holds(form: JsonArray, text: str) -> bool:
    """Whether the first record can be read, as far as it is there."""
    scan = Scan(is_open=False, in_array=form.in_array)
    end = next(scan.ends(text), 0) or (len(text) if scan.is_over else 0)
    if not end:
        return True
    try:
        form.members(text[:end], form.begin(text[:end], 1))
    except ProblemError:
        return False
    return True


def looks_like_table(head: str, wanted: Collection[str] = ()) -> str:
    """The name of the column that holds the text, if a text looks like CSV or TSV; empty if it does not.

    Args:
        head: the beginning of it.
        wanted: names of columns, or their numbers from 1, one of which has to be there; none: one that usually holds the text.

    >>> looks_like_table("編號,備註\\n1,網絡\\n", ["備註"]), looks_like_table("編號,備註\\n1,網絡\\n", ["3"])
    ('備註', '')
    >>> looks_like_table('id,url,content\\n1,http://example.com/1,"網絡')
    'content'
    >>> looks_like_table("網絡，安全，内容\\n")
    ''
    """
    first, end, _ = head.removeprefix("\ufeff").partition("\n")
    if not end:
        return ""
    for delimiter in ",\t;|":
        cells = [cell.strip().strip('"') for cell in first.rstrip("\r").split(delimiter)]
        numbers = map(str, range(1, len(cells) + 1))
        if wanted and len(cells) > 1 and (found := next((name for name in (*cells, *numbers) if name in wanted), "")):
            return found
        # A table that pandas wrote has no name for its index.
        if not wanted and len(cells) > 1 and all(cells[1:]) and len(set(cells)) == len(cells):
            return next((cell for cell in cells if cell.lower() in GUESSES), "")
    return ""
