"""JSON Lines: one object a line, and one of its strings is the document.

The line is walked through member by member with the standard library's scanner, which tells where each value ends.
The string is written again in the manner of the one it replaces (escapes for everything beyond ASCII, or none; `\\/`);
numbers, spaces, the order of keys and keys that come twice are not touched, for they are never written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError

from .records import BATCH_CHARS, LONGEST_CHARS, LOOK_RECORDS, Batch, Counts, Layout, Record, guess_field, listed

__all__ = ["JsonLines", "open_jsonl"]

_KEY = "zhnorm"
"""The member that holds the counts."""
# Numbers keep their digits, and raw control characters in a string, which scrapers write, are no reason to fail.
_SCAN = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str).raw_decode
_SPACE = expression(r"[ \t\r\n]*")
_RAW_BYTE = expression("[\udc80-\udcff]")
_LONE = expression("[\ud800-\udfff]")
_LONE_BUT_BYTES = expression("[\ud800-\udc7f\udd00-\udfff]")
_ESCAPE = expression(r"\\(?:u[0-9A-Fa-f]{4}|.)")
_FOREIGN_ESCAPE = expression(r"(?<!\\)(?:\\\\)*\\u(?!00[0-7])")
_UPPER = expression(r"\\u[0-9A-F]*[A-F]")


class _ProblemError(Exception):
    """Why a line cannot be cleaned, in words."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """JSON Lines with the document in one field.

    >>> pages = JsonLines("text")
    >>> (record,) = pages.read(Batch(1, '{"id": 1.50, "text":"\\\\u7db2\\\\u7d61"}\\n'))
    >>> record.text, pages.put(record, "网络")
    ('網絡', '{"id": 1.50, "text":"\\\\u7f51\\\\u7edc"}\\n')
    """

    field: str
    counts: bool = False
    name: str = "jsonl"
    codec: str = "utf-8"
    cut: bool = False

    def read(self, batch: Batch) -> Iterator[Record]:
        """The records of a batch, one for each line."""
        for number, line in enumerate(_lines(batch.text), batch.line):
            record = Record(number, line)
            begin = _begin(line, number)
            record.filler = begin == len(line)
            if not record.filler:
                try:
                    record.start, record.stop, record.text = _find(line, begin, self.field)
                except _ProblemError as problem:
                    record.problem = str(problem)
            yield record

    def danger(self, record: Record, text: str) -> str:
        """Nothing: nobody runs what stands there."""
        return ""

    def put(self, record: Record, text: str | None, counts: Counts | None = None) -> str:
        """The line with another document in it."""
        raw = _replaced(record, text)
        return raw if counts is None or text is None else _with_counts(raw, _begin(raw, record.number), counts)

    def take(self, record: Record, text: str | None) -> str:
        """The line as it was before `put`."""
        raw = _replaced(record, text)
        return _without_counts(raw, _begin(raw, record.number)) if self.counts and text is not None else raw


def open_jsonl(pieces: Iterable[str], layout: Layout, name: str) -> tuple[JsonLines, Iterator[Batch]]:
    """Look through the first lines for the field; see `opening.open_records`."""
    batches = _batches(pieces, name)
    held: list[Batch] = []
    names: dict[str, None] = {}
    first_problem = ""
    objects = lines = 0
    for batch in batches:
        held.append(batch)
        for number, line in enumerate(_lines(batch.text), batch.line):
            if (begin := _begin(line, number)) == len(line):
                continue
            lines += 1
            try:
                members = {key: value for key, _, _, value in _members(line, begin)}
            except _ProblemError as problem:
                first_problem = first_problem or f"{name}:{number}: {problem}"
                continue
            objects += 1
            names |= dict.fromkeys(members)
            field = _field(members, layout.field)
            if field is not None:
                return JsonLines(field, layout.counts), chain(held, batches)
            if lines >= LOOK_RECORDS:
                break
        if lines >= LOOK_RECORDS:
            break
    if not lines:
        return JsonLines(layout.field or "", layout.counts), chain(held, batches)
    if not objects:
        raise ReadError(first_problem, hint="one JSON object a line is needed: jq -c . FILE makes it so")
    if layout.field is None:
        # Every guess was tried on every line: this says what there is.
        field = guess_field([key for key in names if key], name)
        raise ReadError(f"{name}: the field {field} holds no text; {listed(list(names))}", hint="say it: --field NAME")
    raise ReadError(f"{name}: no field {layout.field!r}; {listed(list(names))}", hint="--field NAME, or a.b inside a")


def _field(members: dict[str, object], wanted: str | None) -> str | None:
    """The field of an object that was asked for or is usually the one; None if it is not in this object."""
    if wanted is not None:
        path = wanted.split(".")
        value: object = members
        if wanted in members:
            return wanted
        for key in path:
            if not isinstance(value, dict) or key not in value:
                return None
            value = value[key]
        return wanted
    texts = [key for key, value in members.items() if isinstance(value, str)]
    try:
        return guess_field(texts, "")
    except ReadError:
        return None


def _batches(pieces: Iterable[str], name: str) -> Iterator[Batch]:
    """Whole lines as they come, in batches of about `BATCH_CHARS`."""
    line = 1
    held: list[str] = []
    size = 0
    for piece in pieces:
        cut = piece.rfind("\n") + 1
        if not cut:
            held.append(piece)
            size += len(piece)
            if size > LONGEST_CHARS:
                raise ReadError(f"{name}:{line}: a line of more than {size:,} characters", hint="is it JSON Lines?")
            continue
        text = "".join(held) + piece[:cut] if held else piece[:cut]
        held, size = [piece[cut:]], len(piece) - cut
        start = 0
        while start < len(text):
            stop = text.find("\n", start + BATCH_CHARS) + 1 or len(text)
            batch = Batch(line, text[start:stop])
            yield batch
            line += batch.text.count("\n")
            start = stop
    if rest := "".join(held):
        yield Batch(line, rest)


def _lines(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        stop = text.find("\n", start) + 1 or len(text)
        yield text[start:stop]
        start = stop


def _begin(line: str, number: int) -> int:
    """Where the line says something: behind a byte order mark and spaces; its length if nowhere."""
    return _skip(line, 1 if number == 1 and line.startswith("\ufeff") else 0)


def _skip(line: str, at: int) -> int:
    found = _SPACE.match(line, at)
    assert found is not None
    return found.end()


def _members(line: str, at: int) -> list[tuple[str, int, int, object]]:
    """Key, place and value of each member of the object that is all of the line from `at` on."""
    if line[at] != "{":
        kind = "an array" if line[at] == "[" else "no object"
        raise _ProblemError(f"{kind}, and one JSON object a line is needed")
    members, stop = _object(line, at)
    if (end := _skip(line, stop)) < len(line):
        raise _ProblemError(f"not JSON: something stands behind the object at character {end + 1}")
    return members


def _object(line: str, at: int) -> tuple[list[tuple[str, int, int, object]], int]:
    """The members of the object that begins at `at`, and where it ends."""
    members: list[tuple[str, int, int, object]] = []
    at = _skip(line, at + 1)
    try:
        while line[at] != "}":
            if members:
                _expect(line, at, ",")
                at = _skip(line, at + 1)
            if line[at] != '"':
                _expect(line, at, '"')
            key, at = _SCAN(line, at)
            at = _skip(line, at)
            _expect(line, at, ":")
            start = _skip(line, at + 1)
            value, stop = _SCAN(line, start)
            members.append((key, start, stop, value))
            at = _skip(line, stop)
    except json.JSONDecodeError as error:
        raise _ProblemError(f"not JSON: {error.msg.removesuffix(' at')} at character {error.pos + 1}") from None
    except IndexError:
        raise _ProblemError("not JSON: the line ends inside the object") from None
    except RecursionError:
        raise _ProblemError("JSON nested too deeply") from None
    return members, at + 1


def _expect(line: str, at: int, mark: str) -> None:
    if line[at] != mark:
        raise _ProblemError(f"not JSON: expected {mark} at character {at + 1}")


def _find(line: str, at: int, field: str) -> tuple[int, int, str | None]:
    """Where the field's string stands, and what it says; None if the record has no such field, or null in it."""
    members = _members(line, at)
    path = [field] if any(key == field for key, *_ in members) else field.split(".")
    start, stop, value = 0, 0, None  # type: int, int, object
    for depth, wanted in enumerate(path):
        if depth:
            if not isinstance(value, dict):
                return 0, 0, None
            members = _object(line, start)[0]
        # A key that comes twice: the last one counts, as for every reader of JSON.
        found = [member for member in members if member[0] == wanted]
        if not found:
            return 0, 0, None
        _, start, stop, value = found[-1]
    if value is None:
        return 0, 0, None
    literal = line[start:stop]
    if literal[0] != '"':
        kind = {"[": "a list", "{": "an object", "t": "true", "f": "false"}.get(literal[0], "a number")
        raise _ProblemError(f"{field} holds {kind}, and not text")
    assert isinstance(value, str)
    if _RAW_BYTE.search(literal) and len(_LONE.findall(value)) > len(_RAW_BYTE.findall(literal)):
        raise _ProblemError(f"{field} holds both undecodable bytes and half of a character pair")
    return start, stop, value


def _replaced(record: Record, text: str | None) -> str:
    if text is None or record.text is None or text == record.text:
        return record.raw
    raw, start, stop = record.raw, record.start, record.stop
    return raw[:start] + _literal(text, raw[start:stop]) + raw[stop:]


def _literal(text: str, like: str) -> str:
    """The text as a JSON string, escaped in the manner of another one."""
    escapes = like.isascii() and _FOREIGN_ESCAPE.search(like) is not None
    literal = json.dumps(text, ensure_ascii=escapes)
    if escapes:
        # Escaped by now is what is beyond ASCII, and control characters.
        if _UPPER.search(like) and not re.search(r"\\u[0-9A-Fa-f]*[a-f]", like):
            literal = _ESCAPE.sub(lambda escape: escape[0][:2] + escape[0][2:].upper(), literal)
    elif _LONE.search(literal):
        # A byte that was no character comes out as that byte, and an escaped half of a pair as its escape.
        halves = _LONE_BUT_BYTES if _RAW_BYTE.search(like) else _LONE
        literal = halves.sub(lambda half: f"\\u{ord(half[0]):04x}", literal)
    if "\\/" in like and "/" not in like.replace("\\/", ""):
        literal = literal.replace("/", "\\/")
    return literal


def _with_counts(raw: str, at: int, counts: Counts) -> str:
    """The line with these counts as a member of its object."""
    members, _ = _object(raw, at)
    literal = json.dumps(dict(counts))
    for key, start, stop, _ in members:
        if key == _KEY:
            return raw[:start] + literal + raw[stop:]
    last = members[-1][2]
    return f'{raw[:last]}, "{_KEY}": {literal}{raw[last:]}'


def _without_counts(raw: str, at: int) -> str:
    members, _ = _object(raw, at)
    for before, (key, _, stop, _) in pairwise(members):
        if key == _KEY:
            return raw[: before[2]] + raw[stop:]
    return raw
