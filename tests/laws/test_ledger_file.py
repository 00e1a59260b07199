"""Laws of the ledger file: with the output it gives the input, with the input the output, byte for byte."""

from __future__ import annotations

import importlib.util
import io
import tempfile
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from hypothesis import example, given, reject
from hypothesis import strategies as st

from tests.laws.pages import documents, settings
from zhnorm import Cleaner
from zhnorm.batch.job import Failure, Job, Outcome
from zhnorm.batch.run import Watcher, run
from zhnorm.errors import ReadError
from zhnorm.formats.compression import CompressedFile
from zhnorm.formats.decode import Decoder, encoded
from zhnorm.formats.looks import refuse_binary
from zhnorm.formats.records import Layout
from zhnorm.formats.text import encode
from zhnorm.ledger.exceptions import Exceptions, parse_unwanted
from zhnorm.ledger.read import Ledger, read_ledger
from zhnorm.ledger.replay import lines_and_ends, replay, restore, restore_file
from zhnorm.ledger.write import LedgerWriter, ledger_header

REPLAY = Path(__file__).resolve().parents[2] / "examples" / "replay.py"


@cache
def _cleaner(wish: tuple[tuple[str, Any], ...]) -> Cleaner:
    return Cleaner(**dict(wish))


@cache
def _script() -> ModuleType:
    found = importlib.util.spec_from_file_location("replay", REPLAY)
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _text(data: bytes, encoding: str = "utf-8") -> str:
    decoder = Decoder(encoding)
    return decoder.feed(data) + decoder.finish()


def _assume_text(data: bytes) -> None:
    """What is no text has no ledger."""
    try:
        refuse_binary(data, "page.txt")
        decoder = Decoder()
        decoder.feed(data)
        decoder.finish()
    except ReadError:
        reject()


ENCODINGS = [
    "utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be", "gb18030", "big5hkscs", "cp950", "shift_jis", "cp932",
    "euc_jis_2004", "johab", "cp1252", "cp037",
]  # fmt: skip
_ODD_BYTES = [
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\x80",
    b"\xd8\x80",
    b"\x81\x30\x81",
    b"\xa2\xcc",
    b"\xa1\xfe",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
]
_PAGE = "城東圖書館新館開放，首日迎來三千讀者。\n分享到：微博\n今天上午，城東圖書館的新館正式向讀者開放，館長說第一天來了三千多人。\n"


@st.composite
def _bytes(draw: st.DrawFn, text: str | None = None) -> tuple[bytes, str | None]:
    """A document in some encoding, with or without a mark, damaged a little; and what is said of its encoding."""
    encoding = draw(st.sampled_from(ENCODINGS))
    if text is None:
        text = draw(st.sampled_from(["", "\ufeff"])) + draw(st.sampled_from(["", _PAGE])) + draw(documents(most=6))
    data = text.encode(encoding, "ignore")
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.sampled_from([0, len(data)]) | st.integers(0, len(data)))
        gone = draw(st.sampled_from([0, 0, 1, 2, 3]))
        data = data[:at] + draw(st.sampled_from(_ODD_BYTES) | st.binary(max_size=4)) + data[at + gone :]
    return data, draw(st.sampled_from([None, None, encoding]))


def _write(data: bytes, name: str, wish: dict[str, Any], encoding: str | None) -> tuple[bytes, bytes] | None:
    """Output and ledger of a document as the command writes them; None if it was refused with a message."""
    out, ledger = io.BytesIO(), io.BytesIO()
    cleaner = _cleaner(tuple(sorted(wish.items())))
    ledger.write(ledger_header(version="0", cleaner=cleaner.digest))
    layout = Layout(format=name.partition(".")[2].replace("txt", "text"))
    job, watcher = Job(name, io.BytesIO(data), out), Watcher(LedgerWriter, ledger.write)
    *_, outcome = run(cleaner, [job], [watcher], digests=True, encoding=encoding, layout=layout)
    if isinstance(outcome, Failure):
        assert isinstance(outcome.error, ReadError), outcome.error
        return None
    return out.getvalue(), ledger.getvalue()


@given(_bytes(), settings, st.sampled_from(["", "gzip", "zstd"]))
@example(((_PAGE + "x").encode("utf-16-le")[:-1] + b"\xd8", None), {}, "")
@example(("\ufeff".encode("utf-32-be") + _PAGE.encode("utf-32-be") + b"\xff\xff\xff", None), {}, "gzip")
@example((_PAGE.encode("gb18030") + b"\x81\x30\x81", None), {}, "")
@example((b"", "utf-16"), {}, "")
def test_any_bytes_come_back(file: tuple[bytes, str | None], wish: dict[str, Any], compression: str) -> None:
    """Output and ledger give back the bytes of any document that was cleaned, or it was refused with a message."""
    data, encoding = file
    sent = io.BytesIO()
    if compression:
        compressed = CompressedFile(sent, compression)
        compressed.write(data)
        compressed.end()
    else:
        sent.write(data)
    if (written := _write(sent.getvalue(), "page.txt", wish, encoding)) is None:
        return
    output, ledger = written
    (records,) = read_ledger(io.BytesIO(ledger))
    assert encoded(restore(_text(output), records), records.encoding, records.variants) == data


_RECORDS = {
    "csv": 'id,text\r\n1,網絡／卅≒\r\n2,"分享到：微博\n雨停了"\r\n',
    "tsv": "text\tid\n網絡\t3\n\t\n",
    "jsonl": '{"text": "網絡安全\\n分享到：微博"}\n{"text": 5}\n\n{"text": "\\ud83d"}\n',
    "warc": "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\n網絡\r\n\r\n",
}


@given(st.sampled_from(list(_RECORDS)).flatmap(lambda kind: st.tuples(st.just(kind), _bytes(_RECORDS[kind]))))
def test_any_bytes_of_records_come_back(file: tuple[str, tuple[bytes, str | None]]) -> None:
    """Likewise of files of records."""
    kind, (data, encoding) = file
    if (written := _write(data, f"pages.{kind}", {}, None if kind == "warc" else encoding)) is None:
        return
    output, ledger = written
    with tempfile.NamedTemporaryFile() as named:
        named.write(ledger)
        named.flush()
        with Ledger(named.name) as opened:
            (entry,) = opened.entries
            assert b"".join(restore_file([output], opened, entry)) == data


def _run(data: bytes, wish: dict[str, Any]) -> tuple[bytes, bytes]:
    """Output and ledger, written as the command writes them."""
    out, ledger = io.BytesIO(), io.BytesIO()
    cleaner = _cleaner(tuple(sorted(wish.items())))
    ledger.write(ledger_header(version="0", cleaner=cleaner.digest))
    watcher = Watcher(LedgerWriter, ledger.write)
    (outcome,) = run(cleaner, [Job("page.txt", io.BytesIO(data), out)], [watcher], digests=True)
    assert isinstance(outcome, Outcome), outcome
    return out.getvalue(), ledger.getvalue()


@given(documents(), st.binary(max_size=4), settings)
def test_restored_and_replayed(text: str, tail: bytes, wish: dict[str, Any]) -> None:
    """Restore gives the input from output and ledger; replay, and a script without zhnorm, the output from input and
    ledger."""
    data = text.encode("utf-8", "surrogatepass") + tail
    _assume_text(data)
    output, ledger = _run(data, wish)
    (records,) = read_ledger(io.BytesIO(ledger))
    assert encoded(restore(_text(output), records), records.encoding, records.variants) == data
    assert encode(replay(_text(data, records.encoding), records)) == output
    assert _script().replay(data, ledger.splitlines(keepends=True)) == output


@given(documents(), settings, st.randoms(use_true_random=False))
def test_excepted(text: str, wish: dict[str, Any], chance: Random) -> None:
    """Without the changes of a rule or a line the other lines are as in the output; without any change, as in the input."""
    data = text.encode("utf-8", "surrogatepass")
    _assume_text(data)
    output, ledger = _run(data, wish)
    (records,) = read_ledger(io.BytesIO(ledger))
    source = _text(data, records.encoding)

    def without(written: str) -> str:
        return Exceptions([parse_unwanted(written)]).apply(source, records)

    assert encode(without("no/such")) == output
    assert encoded(without("*"), records.encoding, records.variants) == data
    if records.changes:
        chosen = chance.choice(records.changes)
        after = {change["line"]: change["after"] for change in records.changes}
        for written, key in ((chosen["rule"], "rule"), (f":{chosen['line']}", "line")):
            touched = {change["line"] for change in records.changes if change[key] == chosen[key]}
            texts, _ = Exceptions([parse_unwanted(written)]).texts(source, records)
            for number, (raw, text) in enumerate(zip(lines_and_ends(source)[0], texts, strict=True), 1):
                assert number in touched or text == after.get(number, raw)
                assert text is not None or after[number] is None


def test_the_script_does_not_need_zhnorm() -> None:
    source = REPLAY.read_text("utf-8")
    assert len(source.splitlines()) <= 45
    assert not [line for line in source.splitlines() if line.startswith(("import zhnorm", "from zhnorm"))]
