"""Laws of the ledger file: with the output it gives the input, with the input the output, byte for byte."""

from __future__ import annotations

import importlib.util
import io
from functools import cache
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from hypothesis import given, reject
from hypothesis import strategies as st

from tests.laws.pages import documents, settings
from zhnorm import Cleaner
from zhnorm.batch.job import Job, Outcome
from zhnorm.batch.run import Watcher, run
from zhnorm.errors import ReadError
from zhnorm.formats.binary import refuse_binary
from zhnorm.formats.decode import Decoder, encoded
from zhnorm.formats.text import encode
from zhnorm.report.exceptions import Exceptions, parse_unwanted
from zhnorm.report.ledger import LedgerWriter, ledger_header
from zhnorm.report.records import read_ledger
from zhnorm.report.replay import lines_and_ends, replay, restore

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
