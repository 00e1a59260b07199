"""JSON that is no JSON Lines: an array of objects, or objects one after the other over any number of lines.

Each object is a record, with the comma and the spaces around it, and is treated as a line of JSON Lines is. Where an object
ends is found by its brackets alone, outside of strings; so one that is broken inside costs only itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from zhnorm.arrays.expressions import expression
from zhnorm.errors import ReadError
from zhnorm.messages import Message

from .jsonl import JsonLines, Member, ProblemError, find_fields, object_members, open_jsonl
from .records import BATCH_CHARS, LONGEST_CHARS, Batch, Layout

__all__ = ["JsonArray", "Scan", "open_json"]

_TOKEN = expression(r'"(?:[^"\\]++|\\.)*+("?)|[{}\[\],]', 16)  # 16 is re.DOTALL
_FRONT = expression(r"\ufeff?[ \t\r\n]*+")
_BEHIND = expression(r"[ \t\r\n]*+")
_LOOK_CHARS = 1 << 16


@dataclass(frozen=True, slots=True)
class JsonArray(JsonLines):
    """Objects of an array, or one after the other, with a document in each of some fields.

    >>> pages = JsonArray(("text",))
    >>> records = list(pages.read(Batch(1, '[{"text": "網絡"}, {"text": "安全"}]')))
    >>> [record.text for record in records], [pages.put(record, ["网"]) for record in records]
    (['網絡', '安全'], ['[{"text": "网"},', ' {"text": "网"}]'])
    """

    name: str = "json"
    in_array: bool = True

    def split(self, batch: Batch) -> Iterator[str]:
        """The records of a batch as they stand there."""
        scan = Scan(is_open=batch.line > 1, in_array=self.in_array)
        start = 0
        for stop in chain(scan.ends(batch.text), (len(batch.text),)):
            if stop > start:
                yield batch.text[start:stop]
            start = stop

    def begin(self, raw: str, number: int) -> int:
        """Where the object begins; the length of the record if there is none."""
        front = _FRONT.match(raw)
        at = front.end() if front else 0
        if self.in_array and number == 1 and raw[at : at + 1] == "[":
            at = _past(raw, at + 1)
        # Spaces, and the end of the array, stand behind the last comma of some.
        return len(raw) if raw[at:].strip(" \t\r\n") in ("", "]") else at

    def members(self, raw: str, at: int) -> list[Member]:
        """The members of the object that begins at `at`, with nothing but what belongs to the array behind it."""
        if raw[at] != "{":
            raise ProblemError(
                Message(
                    "{kind}, and an array of objects is needed",
                    kind=Message("an array" if raw[at] == "[" else "no object"),
                )
            )
        members, stop = object_members(raw, at)
        rest = raw[stop:].strip(" \t\r\n")
        if rest not in ((",", "]") if self.in_array else ("",)):
            raise ProblemError("not JSON: something stands behind the object")
        return members


class Scan:
    """Finds where records end, in a text that may go on.

    Args:
        is_open: the array has begun.
        in_array: there is one.

    Attributes:
        at: how far it was looked.
        is_over: the end of the array was found.
    """

    def __init__(self, *, is_open: bool, in_array: bool) -> None:
        self._base = 1 if in_array else 0
        self._depth = 1 if in_array and is_open else 0
        self.is_over = False
        self.at = 0

    @property
    def is_closed(self) -> bool:
        """Whether the array, if there is one, has come to its end."""
        return self.is_over or not self._base

    def ends(self, text: str) -> Iterator[int]:
        """The places behind records: behind a comma of the array, or behind an object that stands in none."""
        while not self.is_over and (found := _TOKEN.search(text, self.at)):
            sign = found[0]
            if sign[0] == '"' and not found[1]:
                # Looked at again when there is more of it.
                return
            self.at = found.end()
            if sign in "{[":
                self._depth += 1
            elif sign in "}]":
                self._depth -= 1
                if self._depth < self._base and self._base:
                    # Whatever stands behind the array is a part of its last record.
                    self.is_over = True
                elif not self._depth and not self._base:
                    yield self._with_space(text)
            elif sign == "," and self._depth == self._base == 1:
                yield self.at

    def _with_space(self, text: str) -> int:
        self.at = _past(text, self.at)
        return self.at


def open_json(pieces: Iterable[str], layout: Layout, name: str) -> tuple[JsonLines, Iterator[Batch]]:
    """Find out what kind of JSON it is, and look through the first records for the fields; see `opening.open_records`."""
    source = iter(pieces)
    held = ""
    for piece in source:
        held += piece
        if len(held) >= _LOOK_CHARS or held.rstrip().count("\n"):
            break
    rest = chain([held], source)
    first = held[_past(held, held.startswith("\ufeff")) :]
    if not first:
        return JsonArray(layout.fields, layout.counts), iter([Batch(1, held)] if held else [])
    if first[0] not in "[{":
        raise ReadError(
            Message("{name}: no JSON: neither an array nor an object", name=name), hint="is it text? --format text"
        )
    if first[0] == "{" and _is_line(first):
        return open_jsonl(rest, layout, name)
    in_array = first[0] == "["
    form = JsonArray(layout.fields, layout.counts, layout.title_field, layout.url_field, in_array=in_array)
    return find_fields(form, _batches(form, rest, name), layout, name)


def _is_line(text: str) -> bool:
    """Whether the first line is an object: then a line that is broken costs only itself."""
    try:
        JsonLines(()).members(text.partition("\n")[0], 0)
    except ProblemError:
        return False
    return True


def _is_closed(scan: Scan, rest: str) -> bool:
    """Whether the array, if there is one, ends in what is left."""
    for _ in scan.ends(rest):
        pass
    return scan.is_closed


def _past(text: str, at: int) -> int:
    found = _BEHIND.match(text, at)
    assert found is not None
    return found.end()


def _batches(form: JsonArray, pieces: Iterable[str], name: str) -> Iterator[Batch]:
    """Whole records as they come, in batches of about `BATCH_CHARS`."""
    scan = Scan(is_open=False, in_array=form.in_array)
    number = 1
    held = ""
    wanted = 0  # before so much is there it is of no use to look
    for piece in pieces:
        held += piece
        if len(held) < wanted:
            continue
        start = count = stop = 0
        for stop in scan.ends(held):
            count += 1
            if stop - start >= BATCH_CHARS:
                yield Batch(number, held[start:stop])
                number, count, start = number + count, 0, stop
        if count:
            yield Batch(number, held[start:stop])
            number, start = number + count, stop
        held = held[start:]
        scan.at -= start
        # A long object that was looked at in vain is looked at again when there is twice as much of it.
        wanted = 2 * len(held) if len(held) > _LOOK_CHARS else 0
        if len(held) > LONGEST_CHARS:
            said = "{name}:{number}: an object of more than {most:,} characters"
            raise ReadError(Message(said, name=name, number=number, most=LONGEST_CHARS), hint="is it JSON?")
    if not _is_closed(scan, held):
        said = "{name}:{number}: the array is not closed: a ], a bracket or a quote is missing"
        raise ReadError(Message(said, name=name, number=number), hint="is the file whole?")
    if held:
        yield Batch(number, held)
