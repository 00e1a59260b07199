"""WARC: headers that are too long or without end cost their record, and time in proportion to their size."""

from __future__ import annotations

import time

import pytest

from zhnorm.formats.records import Layout, Record, open_records

RECORD = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\n{}Content-Length: 2\r\n\r\nok\r\n\r\n"


def read(source: str, piece: int = 1 << 18) -> list[Record]:
    pieces = (source[at : at + piece] for at in range(0, len(source), piece))
    form, batches = open_records("warc", pieces, Layout(), "pages.wet")
    found = [record for batch in batches for record in form.read(batch)]
    assert "".join(record.raw for record in found) == source
    return found


@pytest.mark.parametrize("size", [60_000, 66_000, 3_000_000])
def test_a_long_header_costs_its_record(size: int) -> None:
    first, second = read(RECORD.format("X: " + "a" * size + "\r\n") + RECORD.format(""))
    assert (second.text, second.problem) == ("ok", "")
    if size == 60_000:
        assert (first.text, first.problem) == ("ok", "")
    else:
        assert first.text is None
        assert first.problem == "headers of more than 65,536 bytes"


def test_many_headers_are_no_fault() -> None:
    (found,) = read(RECORD.format("".join(f"X-{number}: a\r\n" for number in range(2000))))
    assert found.text == "ok"


@pytest.mark.parametrize("line", ["a" * (1 << 23), "a\r\n" * (1 << 21), "WARC/1\r\n" * (1 << 17)])
def test_time_grows_with_the_size_alone(line: str) -> None:
    begun = time.process_time()
    source = "WARC/1.0\r\n" + line
    assert all(record.text is None for record in read(source, 1 << 13))
    # Gone through anew for each piece this takes minutes.
    assert time.process_time() - begun < 20
