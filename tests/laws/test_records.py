"""Laws of files of records: whatever is around the document stays byte for byte, and everything can be taken back."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import tempfile
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.laws.pages import documents, settings
from zhnorm import Cleaner
from zhnorm.batch.job import Job, Outcome
from zhnorm.batch.run import Watcher, run
from zhnorm.errors import ReadError
from zhnorm.formats.opening import open_records
from zhnorm.formats.records import Batch, Layout, Record, RecordFormat
from zhnorm.ledger.read import Ledger
from zhnorm.ledger.replay import restore_file
from zhnorm.ledger.write import LedgerWriter, ledger_header

# Halves of character pairs: JSON may hold them as escapes, and an undecodable byte is carried as one.
_characters = st.characters(exclude_categories=[]) | st.sampled_from('"\\/\n\r\t,;\u2028\ud800\udc80\ufeff網络𠀀')
_texts = st.text(_characters, max_size=30)
_scalars = st.none() | st.booleans() | st.integers() | st.floats() | _texts
_values = st.recursive(
    _scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3), max_leaves=8
)
_cuts = st.lists(st.integers(0, 5000), max_size=6)


@st.composite
def _json_lines(draw: st.DrawFn) -> tuple[str, str]:
    """A file of JSON Lines as programs write them, and the field that holds the documents."""
    field = draw(st.sampled_from(["text", "a.b", "網"]))
    names = _texts.filter(lambda name: name not in (field, "a"))
    lines = []
    for _ in range(draw(st.integers(1, 5))):
        members = draw(st.dictionaries(names, _values, max_size=4))
        where = dict(
            draw(st.permutations([*members.items(), (field, draw(_texts | st.none() | st.lists(_texts, max_size=3)))]))
        )
        if field == "a.b" and draw(st.booleans()):
            where = {**where, "a": {"x": 1, "b": where.pop("a.b")}}
        plain = draw(st.booleans())
        line = json.dumps(where, ensure_ascii=not plain, separators=draw(st.sampled_from([(",", ":"), (", ", ": ")])))
        # Half of a character pair can only be written as an escape.
        line = "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in line)
        if not plain and draw(st.booleans()):
            line = line.replace("/", "\\/")
        lines.append(line + draw(st.sampled_from(["\n", "\r\n", "\n\n"])))
    return "".join(lines), field


def _opened(kind: str, text: str, layout: Layout, cuts: list[int]) -> tuple[RecordFormat, list[Record]]:
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    form, batches = open_records(kind, [text[start:stop] for start, stop in pairwise(places)], layout, "file")
    return form, [record for batch in batches for record in form.read(batch)]


def _without(members: dict[str, object], field: str) -> list[tuple[str, object]]:
    """What an object holds besides its document, in order."""
    if field in members or "." not in field:
        return [(key, value) for key, value in members.items() if key != field]
    first, _, rest = field.partition(".")
    inner = members.get(first)
    return [
        (key, _without(inner, rest) if key == first and isinstance(inner, dict) else value)
        for key, value in members.items()
    ]


@given(_json_lines(), _texts, _cuts)
def test_json_lines_keep_everything_else(file: tuple[str, str], text: str, cuts: list[int]) -> None:
    """Records put back unchanged give the file; with another document, only that is another one."""
    source, field = file
    form, records = _opened("jsonl", source, Layout(fields=(field,)), cuts)
    assert "".join(record.raw for record in records) == source
    for record in records:
        assert not record.problem
        assert form.put(record, [place.text for place in record.places]) == record.raw
        if record.text is None:
            assert form.put(record, [text] * len(record.places)) == record.raw
            continue
        (place,) = record.places
        put = form.put(record, [text])
        (again,) = form.read(Batch(1, put))
        assert again.text == text
        assert repr(_without(json.loads(put), field)) == repr(_without(json.loads(record.raw), field))
        assert put[: place.start] == record.raw[: place.start]
        assert put[again.places[0].stop :] == record.raw[place.stop :]
        assert form.put(record, [None]) == record.raw


@given(_json_lines(), _cuts)
def test_counts_are_added_and_taken_back(file: tuple[str, str], cuts: list[int]) -> None:
    source, field = file
    form, records = _opened("jsonl", source, Layout(fields=(field,), counts=True), cuts)
    for record in records:
        if record.text is None:
            continue
        put = form.put(record, [record.text], {"lines": 3, "removed": 1, "rewritten": 2})
        assert json.loads(put)["zhnorm"] == {"lines": 3, "removed": 1, "rewritten": 2}
        (again,) = form.read(Batch(2, put))
        if "zhnorm" not in json.loads(record.raw):
            assert form.take(again, [again.text]) == record.raw


@given(st.text(), _cuts)
def test_any_text_as_json_lines(text: str, cuts: list[int]) -> None:
    """Whatever is no JSON passes as it is, and is named."""
    source = '{"text": "甲"}\n' + text
    form, records = _opened("jsonl", source, Layout(), cuts)
    assert "".join(form.put(record, [place.text for place in record.places]) for record in records) == source


_cells = st.text(st.sampled_from('甲乙a"\n\r,;\t '), max_size=8)


_rows = st.lists(st.lists(_cells, min_size=2, max_size=2), max_size=6)


@given(_rows, st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]), _cells, _cuts)
def test_csv_as_programs_write_it(rows: list[list[str]], quoting: int, text: str, cuts: list[int]) -> None:
    """What Python's csv module writes is read as it reads it, and what is put is read by it."""
    file = io.StringIO(newline="")
    csv.writer(file, quoting=quoting).writerows([["id", "text"], *rows])
    form, records = _opened("csv", file.getvalue(), Layout(), cuts)
    assert "".join(record.raw for record in records) == file.getvalue()
    assert [record.text for record in records[1:]] == [row[1] for row in rows]
    put = "".join(form.put(record, [place.text and text for place in record.places]) for record in records)
    expected = [["id", "text"], *([row[0], row[1] and text] for row in rows)]
    assert list(csv.reader(io.StringIO(put, newline=""), strict=True)) == expected


_formula = st.text(st.sampled_from("=+-@＝\u200b\ufeff\u3000 &#61;(|甲1\n"), max_size=8)


@given(st.lists(_formula, max_size=6), st.sampled_from(["csv", "tsv"]))
def test_no_cell_becomes_a_formula(cells: list[str], kind: str) -> None:
    """A cell that was none for a spreadsheet is none in the output; rows keep their number, and the others are cleaned."""
    file = io.StringIO(newline="")
    delimiter = "," if kind == "csv" else "\t"
    csv.writer(file, delimiter=delimiter).writerows([["id", "text"], *([str(i), cell] for i, cell in enumerate(cells))])
    out = io.BytesIO()
    *_, outcome = run(
        Cleaner(), [Job("a.csv", io.BytesIO(file.getvalue().encode()), out)], layout=Layout(kind, ("text",))
    )
    assert isinstance(outcome, Outcome), outcome
    rows = list(csv.reader(io.StringIO(out.getvalue().decode(), newline=""), delimiter=delimiter))
    assert len(rows) == len(cells) + 1
    for before, (_, after) in zip(cells, rows[1:], strict=True):
        # What has a space in front of it is text.
        if after[:1] in ("=", "＝"):
            assert before[:1] in ("=", "＝")
        if after[:1] in ("+", "-", "@") and after != before:
            assert before[:1] in ("+", "-", "@") or not any(sign in after.split("\n")[0] for sign in "(|!")


@given(st.text(st.sampled_from('甲a"\n\r,\t'), max_size=40), _cuts, st.sampled_from(["csv", "tsv"]))
def test_any_text_as_csv(text: str, cuts: list[int], kind: str) -> None:
    """Nothing is lost of any file, wherever reads fall; what is put in a cell is read out of it again."""
    source = f"id{',' if kind == 'csv' else chr(9)}text\n" + text
    form, records = _opened(kind, source, Layout(), cuts)
    assert "".join(record.raw for record in records) == source
    _, whole = _opened(kind, source, Layout(), [])
    assert records == whole
    for record in records:
        assert form.put(record, [place.text for place in record.places]) == record.raw
        if record.text is not None:
            (again,) = form.read(Batch(2, form.put(record, ['x"\n,\t'])))
            assert again.text == 'x"\n,\t'


@given(
    st.lists(st.tuples(documents(most=8), st.booleans()), min_size=1, max_size=4), settings, st.booleans(), st.data()
)
def test_restored(pages: list[tuple[str, bool]], wish: dict[str, Any], counts: bool, data: st.DataObject) -> None:
    """The ledger gives the file of records back, byte for byte, whatever its documents and whatever is broken in it."""
    lines = [json.dumps({"text": text}, ensure_ascii=escaped) for text, escaped in pages]
    lines = ["".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in line) for line in lines]
    odd = st.sampled_from(
        ["", "{", '{"text": 5}', '{"text": null}', '{"zhnorm": 1, "text": "\\u005A\\u4E2d"}', '{"text":"網\\/"}']
    )
    source = "\n".join([*lines, *data.draw(st.lists(odd, max_size=3))]).encode()
    out, ledger = io.BytesIO(), io.BytesIO()
    watcher = Watcher(LedgerWriter, ledger.write)
    ledger.write(ledger_header(version="0", cleaner=""))
    wish = {key: value for key, value in wish.items() if key != "title"}
    job, layout = Job("a.jsonl", io.BytesIO(source), out), Layout("jsonl", ("text",), counts)
    *_, outcome = run(Cleaner(**wish), [job], [watcher], layout=layout, digests=True)
    assert isinstance(outcome, Outcome), outcome
    with tempfile.NamedTemporaryFile() as file:
        file.write(ledger.getvalue())
        file.flush()
        with Ledger(file.name) as opened:
            (entry,) = opened.entries
            assert b"".join(restore_file([out.getvalue()], opened, entry)) == source


def _escaped(value: object, plain: bool) -> str:
    """JSON in which halves of character pairs are escapes, as they can only be."""
    written = json.dumps(value, ensure_ascii=not plain)
    return "".join(f"\\u{ord(c):04x}" if "\ud800" <= c <= "\udfff" else c for c in written)


def _run_and_restore(source: bytes, layout: Layout, wish: dict[str, Any]) -> tuple[bytes, bytes]:
    """The output of a file of records, and what its ledger makes of that."""
    out, ledger = io.BytesIO(), io.BytesIO()
    ledger.write(ledger_header(version="0", cleaner=""))
    job, watcher = Job("a", io.BytesIO(source), out), Watcher(LedgerWriter, ledger.write)
    *_, outcome = run(Cleaner(**wish), [job], [watcher], layout=layout, digests=True)
    assert isinstance(outcome, Outcome), outcome
    with tempfile.NamedTemporaryFile() as file:
        file.write(ledger.getvalue())
        file.flush()
        with Ledger(file.name) as opened:
            (entry,) = opened.entries
            return out.getvalue(), b"".join(restore_file([out.getvalue()], opened, entry))


_page = documents(most=5)
_record = st.fixed_dictionaries(
    {"text": _page | _page.map(str.splitlines) | st.none() | st.just(5), "title": _page.map(lambda text: text[:30])},
    optional={"more": st.lists(_page, max_size=3) | st.just([1]) | _page, "zhnorm": st.just(1)},
)


@given(
    st.lists(_record, min_size=1, max_size=4), settings, st.booleans(), st.booleans(),
    st.sampled_from(["jsonl", "array", "objects"]), st.sampled_from([None, 1]),
)  # fmt: skip
def test_records_of_several_documents_are_restored(
    records: list[dict[str, object]], wish: dict[str, Any], counts: bool, plain: bool, shape: str, indent: int | None
) -> None:
    """Several fields, lists of paragraphs among them, in lines, in an array, or one object after the other."""
    records = [{"text": "甲", "more": "乙", "title": "丙"}, *records]
    objects = [_escaped(record, plain) for record in records]
    if shape == "array":
        source = "[\n" + ",\n".join(objects) + "\n]\n"
    else:
        source = ("\n" if shape == "jsonl" else " ").join(objects)
    named = {"title_field": "title", "url_field": "more"}
    layout = Layout("jsonl" if shape == "jsonl" else "json", ("text", "more"), counts, **named)
    out, back = _run_and_restore(source.encode(), layout, {key: value for key, value in wish.items() if key != "title"})
    assert back == source.encode()
    for before, after in zip(records, _loaded(out.decode(), shape), strict=True):
        assert {key: value for key, value in after.items() if key not in ("text", "more", "zhnorm")} == {
            key: value for key, value in before.items() if key not in ("text", "more", "zhnorm")
        }
        assert {key: type(value) for key, value in after.items() if key != "zhnorm"} == {
            key: type(value) for key, value in before.items() if key != "zhnorm"
        }


def _loaded(text: str, shape: str) -> list[dict[str, Any]]:
    if shape == "array":
        return json.loads(text)  # type: ignore[no-any-return]
    found, at = [], 0
    while at < len(text.rstrip()):
        value, at = json.JSONDecoder().raw_decode(text, at)
        found.append(value)
        at += len(text[at:]) - len(text[at:].lstrip())
    return found


@given(
    st.text(st.sampled_from('{}[]",: \n\\a甲') | st.characters(), max_size=40),
    _cuts,
    st.sampled_from(["[", "", "\ufeff["]),
)
def test_any_text_as_json(text: str, cuts: list[int], front: str) -> None:
    """Nothing is lost of any file that is read at all, and where reads fall makes no difference."""
    source = front + '{"text": "甲"},\n' * (front != "") + '{"text":\n "乙"}' + text
    try:
        form, records = _opened("json", source, Layout(), cuts)
    except ReadError:
        with pytest.raises(ReadError):
            _opened("json", source, Layout(), [])
        return
    assert records == _opened("json", source, Layout(), [])[1]
    assert "".join(form.put(record, [place.text for place in record.places]) for record in records) == source


@given(st.lists(st.lists(_cells, min_size=3, max_size=3), max_size=6), st.booleans(), st.booleans(), settings)
def test_tables_of_several_documents_are_restored(
    rows: list[list[str]], counts: bool, bom: bool, wish: dict[str, Any]
) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["text", "id", "note"], *rows])
    layout = Layout("csv", ("note", "1", "text"), counts, title_field="id", bom=bom)
    source = file.getvalue().encode()
    out, back = _run_and_restore(source, layout, {key: value for key, value in wish.items() if key != "title"})
    assert back == source
    assert out.startswith(b"\xef\xbb\xbf") == bom


@given(st.lists(st.tuples(documents(most=8), st.integers(0, 9)), min_size=1, max_size=4), settings)
def test_titles_belong_to_their_documents(pages: list[tuple[str, int]], wish: dict[str, Any]) -> None:
    """One cleaner gives each document what a cleaner with its title gives, and what it gives it leaves as it is."""
    lines = [(page, page.split("\n")) for page, _ in pages]
    titles = [rows[at % len(rows)] or None for (_, rows), (_, at) in zip(lines, pages, strict=True)]
    cleaner = Cleaner(**wish)
    together = list(cleaner.clean_many([page for page, _ in pages], titles=titles))
    for (page, _), title, clean in zip(pages, titles, together, strict=True):
        assert clean == cleaner.clean(page, title)
        assert clean == Cleaner(**{**wish, "title": title if title is not None else wish.get("title")}).clean(page)
        assert cleaner.clean(clean, title) == clean


@st.composite
def _warc(draw: st.DrawFn) -> bytes:
    """A WARC file with texts, other records, and broken ones."""
    pieces = []
    for _ in range(draw(st.integers(1, 5))):
        block = draw(st.binary(max_size=20) | st.text(max_size=8).map(lambda text: text.encode("utf-8", "ignore")))
        kind = draw(st.sampled_from(["conversion", "response", "warcinfo"]))
        digest = "sha1:" + base64.b32encode(hashlib.sha1(block).digest()).decode()
        head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: text/plain\r\nWARC-Block-Digest: {digest}\r\n"
        length = draw(st.sampled_from([len(block)] * 4 + [0, 50]))
        pieces.append(head.encode() + f"Content-Length: {length}\r\n\r\n".encode() + block + b"\r\n\r\n")
        pieces += draw(st.sampled_from([[]] * 3 + [[b"junk\r\n"], [b"WARC/x\n"]]))
    return b"".join(pieces)


_EMPTY = b"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: 0\r\n\r\n\r\n\r\n"


@given(_warc(), _cuts, st.text(max_size=5))
@example(2 * _EMPTY, [2 * len(_EMPTY) - 1], "")
def test_warc_keeps_everything_else(file: bytes, cuts: list[int], text: str) -> None:
    """Nothing is lost, wherever reads fall; a record with another text has its length and its digests right."""
    source = file.decode("latin-1")
    form, records = _opened("warc", source, Layout(), cuts)
    assert "".join(record.raw for record in records) == source
    assert [record.text for record in records] == [record.text for record in _opened("warc", source, Layout(), [])[1]]
    for record in records:
        if record.text is None:
            continue
        text = text.encode("utf-8", "ignore").decode()
        (again,) = form.read(Batch(1, form.put(record, [text])))
        assert (again.text, again.problem) == (text, "")
        digest = base64.b32encode(hashlib.sha1(text.encode()).digest()).decode()
        assert record.text == text or f"\r\nWARC-Block-Digest: sha1:{digest}\r\n" in again.raw
