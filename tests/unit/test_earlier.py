"""Lines of earlier blocks are found again by what they say, however many there are."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhnorm.stages.duplicates_search as module
from zhnorm import Cleaner
from zhnorm.arrays.character_table import PIECE_CHARS
from zhnorm.arrays.hashes import HashTable, PieceHashes
from zhnorm.conversion.fold import key
from zhnorm.stages.duplicates_search import Earlier, describe


@given(st.lists(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 1000)), max_size=60), max_size=8))
def test_a_table_keeps_the_first_number(rounds: list[list[tuple[int, int]]]) -> None:
    table, known = HashTable(), dict[int, int]()
    for pairs in rounds:
        hashes = np.array([one << 20 for one, _ in pairs], np.uint64)
        table.add(hashes, np.array([number for _, number in pairs], np.int64))
        for one, number in pairs:
            known.setdefault(one, number)
        asked = range(50)
        assert table.find(np.array([one << 20 for one in asked], np.uint64)).tolist() == [
            known.get(one, -1) for one in asked
        ]
    assert len(table) == len(known)


def test_a_table_grows() -> None:
    numbers = np.arange(30_000)
    hashes = PieceHashes("網絡安全" * 10_000).of(numbers, numbers + 1 + numbers % 7)
    table = HashTable()
    for start in range(0, 30_000, 7_000):
        table.add(hashes[start : start + 7_000], numbers[start : start + 7_000])
    assert len(table) == 4 * 7
    assert (hashes[table.find(hashes)] == hashes).all()


@given(st.text("天地玄黃", min_size=1, max_size=80), st.data())
def test_equal_pieces_and_no_others_have_equal_hashes(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    cuts = [sorted(data.draw(st.tuples(places, places))) for _ in range(8)]
    hashes = PieceHashes(text).of(np.array([start for start, _ in cuts]), np.array([stop for _, stop in cuts])).tolist()
    for one, (a, b) in zip(hashes, cuts, strict=True):
        for other, (c, d) in zip(hashes, cuts, strict=True):
            assert (one == other) == (text[a:b] == text[c:d])


def test_a_piece_has_one_hash_wherever_it_stands() -> None:
    piece = "".join(random.Random(5).choices("天地玄黃宇宙洪荒", k=PIECE_CHARS + 7))
    for before in (0, 1, PIECE_CHARS - 8, PIECE_CHARS, 3 * PIECE_CHARS - 1):
        hashes = PieceHashes("黃" * before + piece + piece)
        starts = np.array([before, before + len(piece), before])
        stops = starts + np.array([len(piece), len(piece), len(piece) - 1])
        first, again, shorter = hashes.of(starts, stops).tolist()
        assert first == again == PieceHashes(piece).of(np.array([0]), np.array([len(piece)])).tolist()[0]
        assert shorter != first


def _lines(count: int) -> list[str]:
    chance = random.Random(3)
    return [
        "".join(chance.choices("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏", k=30)) + "。" for _ in range(count)
    ]


@pytest.mark.parametrize("size", [10, 999, 1000, 5000])
def test_lines_are_found_whole_and_by_a_quarter(size: int) -> None:
    lines = _lines(5000)
    earlier = Earlier()
    for start in range(0, len(lines), size):
        part = enumerate(lines[start : start + size], start + 1)
        earlier.add([describe(number, line, key(line)) for number, line in part], alike=True)
    assert len(earlier) == len(lines)
    for at in (0, 1, 998, 999, 1000, 4999):
        said = key(lines[at])
        found = earlier.equal(said)
        assert found is not None
        assert (found.line, found.text) == (at + 1, lines[at])
        assert at + 1 in [line.line for line in earlier.alike(said[:20] + "错" + said[21:])]
    assert earlier.equal("没有这一行") is None
    assert earlier.alike("没" * 30) == ()


def test_what_is_said_without_decoration_is_found() -> None:
    earlier = Earlier()
    line = "【健康】台北的軟體公司昨天發表了新的程式，使用者可以在網路上下載。"
    earlier.add([describe(7, line, key(line))], alike=True)
    earlier.add([describe(number, text, key(text)) for number, text in enumerate(_lines(1000), 8)], alike=True)
    for said in (key(line), key(line).removeprefix("健康")):
        found = earlier.equal(said)
        assert found is not None
        assert found.line == 7
    assert earlier.equal("北京的软件公司") is None, "what a number finds is compared with the text"


def test_the_oldest_generation_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GENERATION_LINES", 2000)
    lines = _lines(9000)
    earlier = Earlier()
    for start in range(0, len(lines), 1000):
        part = enumerate(lines[start : start + 1000], start + 1)
        earlier.add([describe(number, line, key(line)) for number, line in part], alike=True)
        assert len(earlier) <= 4000
    assert earlier.equal(key(lines[0])) is None
    assert earlier.equal(key(lines[-1])) is not None


@pytest.mark.parametrize("profile", ["article", "gentle"])
def test_a_repeat_far_away_goes_and_cites_the_first(profile: str) -> None:
    lines = _lines(30_000)
    text = "\n".join([*lines, lines[17]])
    result = Cleaner(profile=profile).explain(text)
    change = result.lines[-1].changes[-1]
    assert change.rule == "duplicates/equal"
    assert change.evidence.line == 18  # type: ignore[union-attr]
