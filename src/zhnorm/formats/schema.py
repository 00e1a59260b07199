"""JSON that may have been damaged or forged: parsed without trust, and held against a schema before anything is done with it.

A schema is made of checks: functions that say of any value whether it is of the kind that is wanted. Journals and ledgers are full
of lone surrogates, which stand for bytes that are no characters, so the usual libraries for this do not take them.

    >>> point = fields({"x": is_count}, {"name": is_text})
    >>> point({"x": 3, "name": "甲"}), point({"x": -3}), point({"x": 3, "y": 1})
    (True, False, False)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import Any

from zhnorm.arrays.expressions import expression

from .encoding import canonical

__all__ = [
    "Check",
    "Object",
    "fields",
    "is_count",
    "is_digest",
    "is_encoding",
    "is_flag",
    "is_line",
    "is_number",
    "is_share",
    "is_text",
    "list_of",
    "map_of",
    "one_of",
    "optional",
    "parsed",
    "row",
    "wrong_field",
]

Check = Callable[[Any], bool]
Object = dict[str, Any]

_MOST = 1 << 53
"""No file has so many bytes, lines or records; every reader of JSON has whole numbers up to it."""
_DIGEST = expression("[0-9a-f]{64}")


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


_DECODER = json.JSONDecoder(parse_constant=_refused)


def parsed(line: bytes) -> Object:
    """The object that a line of JSON Lines holds.

    Raises:
        ValueError: it holds none: no UTF-8, no JSON, nested too deeply, a number of thousands of digits, NaN, or another value.

    >>> parsed(b'{"line": 3}')
    {'line': 3}
    """
    try:
        found = _DECODER.decode(line.decode("utf-8"))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(found, dict):
        raise ValueError("expected a JSON object")
    return found


def wrong_field(record: object, required: Mapping[str, Check], others: Mapping[str, Check]) -> str:
    """The first field of an object that is missing or of another kind; empty if all are right. Fields that no check is about may
    be there: a newer version may have written them.

    >>> wrong_field({"line": "3"}, {"line": is_count}, {})
    'line'
    """
    if not isinstance(record, dict):
        return "object"
    for name, check in required.items():
        if name not in record or not check(record[name]):
            return name
    return next((name for name, check in others.items() if name in record and not check(record[name])), "")


def fields(required: Mapping[str, Check], others: Mapping[str, Check]) -> Check:
    """An object with these fields, and no others."""

    def check(value: object) -> bool:
        if not isinstance(value, dict) or not value.keys() <= {*required, *others}:
            return False
        return not wrong_field(value, required, others)

    return check


def list_of(check: Check) -> Check:
    """A list of any length."""
    return lambda value: isinstance(value, list) and all(map(check, value))


def row(*checks: Check) -> Check:
    """A list with exactly these values."""
    return lambda value: (
        isinstance(value, list)
        and len(value) == len(checks)
        and all(check(part) for check, part in zip(checks, value, strict=True))
    )


def map_of(name: Check, check: Check) -> Check:
    """An object with any fields, given what their names and their values are."""
    return lambda value: isinstance(value, dict) and all(name(key) and check(found) for key, found in value.items())


def optional(check: Check) -> Check:
    """Null, or what the check says."""
    return lambda value: value is None or check(value)


def one_of(values: Collection[str]) -> Check:
    """One of some texts."""
    return lambda value: isinstance(value, str) and value in values


def is_text(value: object) -> bool:
    """Any text."""
    return isinstance(value, str)


def is_line(value: object) -> bool:
    """A text without a line end."""
    return isinstance(value, str) and "\n" not in value


def is_flag(value: object) -> bool:
    """True or false."""
    return isinstance(value, bool)


def is_count(value: object) -> bool:
    """A whole number from 0 on.

    >>> is_count(3), is_count(True), is_count(3.0), is_count(-1)
    (True, False, False, False)
    """
    return type(value) is int and 0 <= value <= _MOST


def is_number(value: object) -> bool:
    """A whole number from 1 on, as lines are numbered."""
    return is_count(value) and value != 0


def is_share(most: float = 1.0) -> Check:
    """A number from 0 to `most`."""
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most


def is_digest(value: object) -> bool:
    """A SHA-256 in hexadecimal."""
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def is_encoding(value: object) -> bool:
    """The name of an encoding that can be read."""
    return isinstance(value, str) and value.isascii() and canonical(value) is not None
