"""JSON Lines: one object a line, and a string in it is a document, or a list of strings, which are its lines.

The line is walked through member by member with the standard library's scanner, which tells where each value ends.
The string is written again in the manner of the one it replaces (escapes for everything beyond ASCII, or none; `\\/`);
numbers, spaces, the order of keys and keys that come twice are not touched, for they are never written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import TypeVar

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError
from zhnorm.messages import Message

from .records import (
    BATCH_CHARS,
    LONGEST_CHARS,
    LOOK_RECORDS,
    Batch,
    Counts,
    Layout,
    Place,
    Record,
    Texts,
    guess_field,
    listed,
    option_of,
    wanted_fields,
)

__all__ = [
    "DEEPEST",
    "JsonLines",
    "Member",
    "ProblemError",
    "find_fields",
    "object_members",
    "open_jsonl",
    "text_of",
    "written_like",
]

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
_STRING = r'"(?:[^"\\]++|\\.)*+"'
_LIST = expression(
    rf"\[(?P<before>\s*+)(?:{_STRING}(?:(?P<between>\s*+,\s*+){_STRING}(?:\s*+,\s*+{_STRING})*+)?(?P<behind>\s*+))?\]",
    re.DOTALL,
)
"""A list of strings, and the spaces in it."""

DEEPEST = 3
"""So many objects inside one another are looked into for the names of fields."""
_LINES_HINT = Message("one JSON object a line is needed; --format json reads an array, and objects over several lines")

_KINDS = {"[": "a list of other things", "{": "an object", "t": "true", "f": "false"}
"""What a value is that is no text, by how it begins; others are numbers."""

Member = tuple[str, int, int, object]
"""Key, place and value of a member of an object."""


class ProblemError(Exception):
    """Why a line cannot be cleaned, in words."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """JSON Lines with a document in each of some fields.

    >>> pages = JsonLines(("text",))
    >>> (record,) = pages.read(Batch(1, '{"id": 1.50, "text":"\\\\u7db2\\\\u7d61"}\\n'))
    >>> record.text, pages.put(record, ["网络"])
    ('網絡', '{"id": 1.50, "text":"\\\\u7f51\\\\u7edc"}\\n')
    """

    fields: tuple[str, ...]
    counts: bool = False
    title_field: str | None = None
    url_field: str | None = None
    name: str = "jsonl"
    codec: str = "utf-8"
    cut: bool = False

    def read(self, batch: Batch) -> Iterator[Record]:
        """The records of a batch, one for each line."""
        for number, line in enumerate(self.split(batch), batch.line):
            record = Record(number, line)
            begin = self.begin(line, number)
            record.filler = begin == len(line)
            if not record.filler:
                try:
                    members = self.members(line, begin)
                except ProblemError as problem:
                    record.problem = problem.args[0]
                else:
                    record.places = tuple(_place(line, members, field) for field in self.fields)
                    said = (_said(line, members, field) for field in (self.title_field, self.url_field))
                    record.tell(*said)
            yield record

    def split(self, batch: Batch) -> Iterator[str]:
        """The records of a batch as they stand there: its lines."""
        return _lines(batch.text)

    def begin(self, raw: str, number: int) -> int:
        """Where a record says something: behind a byte order mark and spaces; its length if nowhere."""
        return _skip(raw, 1 if number == 1 and raw.startswith("\ufeff") else 0)

    def members(self, raw: str, at: int) -> list[Member]:
        """The members of the object that is all of the record from `at` on."""
        if raw[at] != "{":
            kind = Message("an array" if raw[at] == "[" else "no object")
            raise ProblemError(Message("{kind}, and one JSON object a line is needed", kind=kind))
        members, stop = object_members(raw, at)
        if (end := _skip(raw, stop)) < len(raw):
            raise ProblemError(
                Message("not JSON: something stands behind the object at character {number}", number=end + 1)
            )
        return members

    def danger(self, place: Place, text: str) -> str:
        """Nothing: nobody runs what stands there."""
        return ""

    def put(self, record: Record, texts: Texts, counts: Counts | None = None) -> str:
        """The line with other documents in it."""
        raw = _replaced(record, texts)
        return raw if counts is None else _with_counts(raw, self.begin(raw, record.number), counts)

    def take(self, record: Record, texts: Texts) -> str:
        """The line as it was before `put`."""
        raw = _replaced(record, texts)
        is_counted = self.counts and any(text is not None for text in texts)
        return _without_counts(raw, self.begin(raw, record.number)) if is_counted else raw


def open_jsonl(pieces: Iterable[str], layout: Layout, name: str) -> tuple[JsonLines, Iterator[Batch]]:
    """Look through the first lines for the fields; see `opening.open_records`."""
    form = JsonLines(layout.fields, layout.counts, layout.title_field, layout.url_field)
    return find_fields(form, _batches(pieces, name), layout, name)


Form = TypeVar("Form", bound=JsonLines)


def find_fields(form: Form, batches: Iterator[Batch], layout: Layout, name: str) -> tuple[Form, Iterator[Batch]]:
    """Look through the first records for the fields; see `opening.open_records`.

    Raises:
        ReadError: a field is in none of them, or no record can be read.
    """
    held: list[Batch] = []
    names: dict[str, None] = {}
    missing = dict.fromkeys(wanted_fields(layout))
    first_problem = ""
    objects = seen = 0
    for number, raw in _records(form, batches, held):
        begin = form.begin(raw, number)
        if begin == len(raw):
            continue
        seen += 1
        try:
            members = {key: value for key, _, _, value in form.members(raw, begin)}
        except ProblemError as problem:
            where = f"{name}:{number}"
            first_problem = first_problem or Message("{where}: {problem}", where=where, problem=problem.args[0])
        else:
            objects += 1
            names |= dict.fromkeys(_names(members))
            missing = {field: None for field in missing if not _has(members, field)}
            field = "" if layout.fields else _guess(members)
            if not missing and (layout.fields or field):
                return replace(form, fields=layout.fields or (field,)), chain(held, batches)
        if seen >= LOOK_RECORDS:
            break
    if not seen:
        return form, chain(held, batches)
    if not objects:
        raise ReadError(first_problem, hint=_LINES_HINT)
    for field in missing:
        hint = Message("{option} NAME, or a.b inside a", option=option_of(field, layout))
        raise ReadError(
            Message("{name}: no field {field!r}; {there}", name=name, field=field, there=listed(list(names))), hint=hint
        )
    # Every guess was tried on every line: this says what there is.
    field = guess_field([key for key in names if key], name)
    raise ReadError(
        Message("{name}: the field {field} holds no text; {there}", name=name, field=field, there=listed(list(names))),
        hint="say it: --field NAME",
    )


def _records(form: JsonLines, batches: Iterator[Batch], held: list[Batch]) -> Iterator[tuple[int, str]]:
    """Records with their numbers, of batches that are held."""
    for batch in batches:
        held.append(batch)
        yield from enumerate(form.split(batch), batch.line)


def _has(members: dict[str, object], wanted: str) -> bool:
    """Whether an object has a field, as it stands or inside others."""
    value: object = members
    if wanted in members:
        return True
    for key in wanted.split("."):
        if not isinstance(value, dict) or key not in value:
            return False
        value = value[key]
    return True


def _names(members: dict[str, object], inside: str = "") -> Iterator[str]:
    """What fields an object has, as they are asked for: those of an object inside it instead of that one."""
    for key, value in members.items():
        if isinstance(value, dict) and value and inside.count(".") < DEEPEST:
            yield from _names(value, f"{inside}{key}.")
        else:
            yield inside + key


def _guess(members: dict[str, object]) -> str:
    """The field of an object that usually holds the text; empty if it is not in this one."""
    try:
        return guess_field([key for key, value in members.items() if text_of(value) is not None], "")
    except ReadError:
        return ""


def text_of(value: object) -> str | None:
    """The document that a value is: a string, or a list of strings, which are its lines.

    >>> text_of("甲"), text_of(["甲", "乙"]), text_of([]), text_of(["甲", None])
    ('甲', '甲\\n乙', '', None)
    """
    if isinstance(value, list):
        return "\n".join(value) if all(isinstance(item, str) for item in value) else None
    return value if isinstance(value, str) else None


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
                raise ReadError(
                    Message("{name}:{line}: a line of more than {size:,} characters", name=name, line=line, size=size),
                    hint="is it JSON Lines?",
                )
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


def _skip(line: str, at: int) -> int:
    found = _SPACE.match(line, at)
    assert found is not None
    return found.end()


def object_members(line: str, at: int) -> tuple[list[Member], int]:
    """The members of the object that begins at `at`, and where it ends."""
    members: list[Member] = []
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
        raise ProblemError(
            Message("not JSON: {said} at character {number}", said=error.msg.removesuffix(" at"), number=error.pos + 1)
        ) from None
    except IndexError:
        raise ProblemError("not JSON: the line ends inside the object") from None
    except RecursionError:
        raise ProblemError("JSON nested too deeply") from None
    return members, at + 1


def _expect(line: str, at: int, mark: str) -> None:
    if line[at] != mark:
        raise ProblemError(Message("not JSON: expected {mark} at character {number}", mark=mark, number=at + 1))


def _find(line: str, members: list[Member], field: str) -> tuple[int, int, object]:
    """Where the field's value stands, and what it is; None if the record has no such field, or null in it."""
    path = [field] if any(key == field for key, *_ in members) else field.split(".")
    start, stop, value = 0, 0, None  # type: int, int, object
    for depth, wanted in enumerate(path):
        if depth:
            if not isinstance(value, dict):
                return 0, 0, None
            members = object_members(line, start)[0]
        # A key that comes twice: the last one counts, as for every reader of JSON.
        found = [member for member in members if member[0] == wanted]
        if not found:
            return 0, 0, None
        _, start, stop, value = found[-1]
    return start, stop, value


def _place(line: str, members: list[Member], field: str) -> Place:
    """The place of the document in a field."""
    try:
        start, stop, value = _find(line, members, field)
    except ProblemError as problem:
        return Place(problem=problem.args[0])
    if value is None:
        return Place()
    literal, text = line[start:stop], text_of(value)
    # Numbers were read as strings, to keep their digits.
    if text is None or literal[0] not in '"[' or (literal[0] == "[" and not _LIST.fullmatch(literal)):
        kind = Message(_KINDS.get(literal[0], "a number"))
        return Place(None, start, stop, problem=Message("{field} holds {kind}, and not text", field=field, kind=kind))
    if _RAW_BYTE.search(literal) and len(_LONE.findall(text)) > len(_RAW_BYTE.findall(literal)):
        return Place(problem=Message("{field} holds both undecodable bytes and half of a character pair", field=field))
    return Place(text, start, stop)


def _said(line: str, members: list[Member], field: str | None) -> str | None:
    """What a field says, in one line; None if it holds no text."""
    if field is None:
        return None
    place = _place(line, members, field)
    return place.text.replace("\n", " ") if place.text else None


def _replaced(record: Record, texts: Texts) -> str:
    raw = record.raw
    # From the end, so that places in front stay where they are.
    for place, text in sorted(zip(record.places, texts, strict=True), key=lambda pair: -pair[0].start):
        if text is not None and place.text not in (None, text):
            literal = raw[place.start : place.stop]
            put = _list_like(text, literal) if literal[0] == "[" else written_like(text, literal)
            raw = raw[: place.start] + put + raw[place.stop :]
    return raw


def _list_like(text: str, like: str) -> str:
    """The lines of a text as a list of JSON strings, with spaces and escapes in the manner of another one."""
    if not text:
        return "[]"
    found = _LIST.fullmatch(like)
    spaces = found.groupdict() if found else {}
    before, between, behind = spaces.get("before") or "", spaces.get("between") or ", ", spaces.get("behind") or ""
    items = [written_like(line, like) for line in text.split("\n")]
    return f"[{before}{between.join(items)}{behind}]"


def written_like(text: str, like: str) -> str:
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
    members, _ = object_members(raw, at)
    literal = json.dumps(dict(counts))
    for key, start, stop, _ in members:
        if key == _KEY:
            return raw[:start] + literal + raw[stop:]
    last = members[-1][2]
    return f'{raw[:last]}, "{_KEY}": {literal}{raw[last:]}'


def _without_counts(raw: str, at: int) -> str:
    members, _ = object_members(raw, at)
    for before, (key, _, stop, _) in pairwise(members):
        if key == _KEY:
            return raw[: before[2]] + raw[stop:]
    return raw
