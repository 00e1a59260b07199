"""What JSON from elsewhere is held against."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.formats import schema


@pytest.mark.parametrize(
    "line",
    [
        b"", b"x", b"[1]", b"7", b"null", b'"\xff"', b'{"a": NaN}', b'{"a": -Infinity}', b"[" * 100_000, b'{"a":' * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}", b'{"a": 1} {}', "{}".encode("utf-16"), b'{"a": "\xed\xa0\x80"}',
    ],
)  # fmt: skip
def test_what_is_no_object_is_refused(line: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - messages are those of the decoder
        schema.parsed(line)


def test_halves_of_pairs_and_large_numbers_are_read() -> None:
    found = schema.parsed(b'{"a": "\\ud800\\udc80 \\udcff", "b": 1e999}')
    assert found["a"] == "\U00010080 \udcff"
    assert not schema.is_share()(found["b"])


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(_json)
def test_checks_are_certain_of_any_value(value: object) -> None:
    assert schema.is_count(value) == (type(value) is int and 0 <= value <= 1 << 53)
    assert not schema.is_number(0)
    assert schema.is_flag(value) == (value is True or value is False)
    assert schema.is_text(value) == isinstance(value, str)
    assert schema.optional(schema.is_text)(value) == (value is None or isinstance(value, str))
    for check in (
        schema.is_digest, schema.is_encoding, schema.is_line, schema.is_share(), schema.one_of(["x"]),
        schema.row(schema.is_count), schema.list_of(schema.is_flag), schema.map_of(schema.is_text, schema.is_count),
        schema.fields({"a": schema.is_count}, {}),
    ):  # fmt: skip
        assert check(value) in (True, False)


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (schema.is_share(), [0, 0.5, 1], [-0.1, 1.1, True, float("nan"), float("inf"), 10**400, "1"]),
        (schema.is_digest, ["0" * 64], ["0" * 63, "0" * 65, "A" * 64, "", None, "0" * 64 + "\n"]),
        (schema.is_encoding, ["utf-8", "big5hkscs", "utf-16-le"], ["klingon", "zlib", "hz", "x" * 5000, "a\0", "\udcff", 5]),
        (schema.is_line, ["", "甲\r"], ["甲\n乙", None]),
        (schema.row(schema.is_count, schema.is_text), [[1, ""]], [[1], [1, "", 2], ["", 1], {}, "1"]),
        (schema.fields({"a": schema.is_count}, {"b": schema.is_text}), [{"a": 1}, {"a": 1, "b": ""}], [{}, {"a": 1, "c": 1}, []]),
        (schema.map_of(schema.is_text, schema.is_count), [{}, {"x": 1}], [{"x": -1}, []]),
    ],
)  # fmt: skip
def test_kinds(check: schema.Check, good: list[object], bad: list[object]) -> None:
    assert [value for value in good if not check(value)] == []
    assert [value for value in bad if check(value)] == []


def test_fields_of_a_newer_version_may_be_there() -> None:
    required = {"line": schema.is_number}
    assert schema.wrong_field({"line": 1, "new": {}}, required, {"kind": schema.is_text}) == ""
    assert schema.wrong_field({"line": 1, "kind": 3}, required, {"kind": schema.is_text}) == "kind"
    assert schema.wrong_field({}, required, {}) == "line"
    assert schema.wrong_field([], required, {}) == "object"
