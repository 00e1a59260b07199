"""The ledger file: valid JSON for every text, and enough to go back and forth."""

import json
import random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zhnorm.batch.job import Failure, Outcome
from zhnorm.counts import Counts
from zhnorm.errors import ReadError
from zhnorm.ledger.read import DocumentRecords, read_ledger
from zhnorm.ledger.replay import replay, restore, split_lines
from zhnorm.ledger.write import LedgerWriter, ledger_header
from zhnorm.line import Block, Conversion, Match, Neighbours, Span, Witness

EVIDENCE = [
    *[Conversion("t2s"), Match("甲*"), Match("乙", under=3)],
    *[Span(0, 2, "x"), Witness(1, 97.5), Neighbours("tail", 4)],
]
TEXT = st.text(st.characters(exclude_characters="\n"), max_size=8)


def blocks_of(text: str, chance: random.Random) -> list[Block]:
    """A document in blocks of three lines, with random changes."""
    lines = split_lines(text)
    blocks = []
    for start in range(0, len(lines), 3):
        part = lines[start : start + 3]
        ends = ["\r\n" if line.endswith("\r\n") else "\n" if line.endswith("\n") else "" for line in part]
        raw = [line[: len(line) - len(end)] for line, end in zip(part, ends, strict=True)]
        block = Block.from_lines(raw, ends, start + 1)
        # Only the engine's manner of text: "\r" at the end of a line belongs to the line's end.
        block.sweep({i: f"{text}甲" for i, text in enumerate(raw) if chance.random() < 0.5}, **by(chance))
        for index in range(len(raw)):
            if chance.random() < 0.3:
                block.rewrite(index, chance.choice(["", "乙", "\x1b\u202e"]), "", **by(chance))
            if chance.random() < 0.3:
                block.remove(index, **by(chance))
        blocks.append(block)
    return blocks


def by(chance: random.Random) -> dict[str, Any]:
    return {"stage": "boilerplate", "rule": "web/x", "evidence": chance.choice(EVIDENCE)}


def ledger_of(name: str, blocks: list[Block]) -> bytes:
    pieces: list[bytes] = [ledger_header(version="0.1.0", cleaner="5f1c")]
    writer = LedgerWriter(pieces.append)
    writer.begin(name)
    for block in blocks:
        writer.block(block)
    writer.done(Outcome(name, Counts(), 0, 0, input_sha256=64 * "a", output_sha256=64 * "b"))
    return b"".join(pieces)


@example(["\ud800", "\udc80"], "\n", "", 0)
@given(st.lists(TEXT, max_size=9), st.sampled_from(["", "\n", "\r\n"]), TEXT, st.integers(0, 1 << 30))
def test_there_and_back(lines: list[str], last: str, name: str, seed: int) -> None:
    chance = random.Random(seed)
    source = "".join(line + chance.choice(["\n", "\r\n"]) for line in lines[:-1]) + "".join(lines[-1:]) + last
    blocks = blocks_of(source, chance)
    output = "".join(block.output() for block in blocks)
    ledger = ledger_of(name, blocks)
    ledger.decode("utf-8")
    (records,) = read_ledger(ledger.splitlines(keepends=True))
    assert records.name == name
    assert records.lines == len(split_lines(source))
    assert replay(source, records) == output
    assert restore(output, records) == source


def test_the_records_are_as_documented() -> None:
    block = Block.from_lines(["網", "\udcff"], ["\r\n", ""])
    block.sweep({0: "网", 1: "replaced"}, stage="script", rule="script/hans", evidence=Conversion("t2s"))
    block.remove(1, stage="boilerplate", rule="web/x", evidence=Match("*", under=1))
    header, opened, first, second, done = map(json.loads, ledger_of("page\udcff.txt", [block]).splitlines())
    assert header == {"schema": 1, "zhnorm": "0.1.0", "cleaner": "5f1c"}
    assert opened == {"document": "page\udcff.txt"}
    assert first == {
        "line": 1, "stage": "script", "rule": "script/hans", "before": "網", "after": "网",
        "evidence": {"kind": "conversion", "table": "t2s"},
    }  # fmt: skip
    assert second == {
        "line": 2, "stage": "boilerplate", "rule": "web/x", "before": "\udcff", "after": None, "end": "",
        "evidence": {"kind": "match", "pattern": "*", "under": 1},
    }  # fmt: skip
    assert done == {
        "done": "page\udcff.txt", "lines": 2, "changes": 2, "input_sha256": 64 * "a", "output_sha256": 64 * "b",
    }  # fmt: skip


def test_documents_that_failed_or_were_cut_off_are_left_out() -> None:
    pieces: list[bytes] = [ledger_header(version="0.1.0", cleaner="5f1c")]
    writer = LedgerWriter(pieces.append)
    writer.failed(Failure("a", ReadError("a: no such file")))
    writer.begin("b")
    block = Block.from_lines(["甲"])
    block.remove(0, stage="x", rule="x/y", evidence=Match("甲"))
    writer.block(block)
    writer.failed(Failure("b", ReadError("b: broken")))
    writer.begin("c")
    writer.done(Outcome("c", Counts(), 0, 0))
    writer.begin("d")
    writer.block(block)
    assert [(found.name, found.changes) for found in read_ledger(pieces)] == [("c", [])]


@pytest.mark.parametrize(
    ("ledger", "words"),
    [
        (b"no json\n", "x:1: not JSON"),
        (b"[1]\n", "expected a JSON object"),
        (b'{"a": 1}\n', "no schema number"),
        (b'{"schema": 99}\n', "schema 99"),
        (b'{"schema": 1}\n{"done": "a"}\n', "x:2: a broken record"),
    ],
)
def test_files_that_are_no_ledger(ledger: bytes, words: str) -> None:
    with pytest.raises(ReadError, match=words):
        list(read_ledger(ledger.splitlines(keepends=True), "x"))


def test_a_ledger_of_another_document_is_refused() -> None:
    change = {"line": 1, "before": "甲", "after": "乙"}
    with pytest.raises(ReadError, match="is not what"):
        replay("丙\n", DocumentRecords("x", 1, [change]))
    with pytest.raises(ReadError, match="is not what"):
        restore("丙\n", DocumentRecords("x", 1, [change]))
    with pytest.raises(ReadError, match="lines"):
        replay("甲\n甲\n", DocumentRecords("x", 1, [change]))
    with pytest.raises(ReadError, match="more lines"):
        restore("乙\n乙\n", DocumentRecords("x", 1, [change]))
