"""The laws of the ledger, over documents of every kind. `ZHNORM_LAWS=thorough pytest tests/laws` tries 10,000 of each."""

from __future__ import annotations

import pickle
from functools import cache
from itertools import pairwise
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from tests.laws.pages import CLUTTER, PROSE, TITLES, documents, settings, unsure_lines
from zhnorm import Block, Cleaner
from zhnorm.arrays.character_table import load_arrays
from zhnorm.audit import replayed, undone
from zhnorm.line import Witness
from zhnorm.settings import PROFILES


@cache
def _made(wish: tuple[tuple[str, Any], ...]) -> Cleaner:
    return Cleaner(**dict(wish))


def _cleaner(wish: dict[str, Any]) -> Cleaner:
    return _made(tuple(sorted(wish.items())))


@given(documents(), settings)
def test_undone(text: str, wish: dict[str, Any]) -> None:
    """The lines' raw texts and ends are the input."""
    assert undone(_cleaner(wish).explain(text).lines) == text


@given(documents(), settings)
def test_conserved(text: str, wish: dict[str, Any]) -> None:
    """Lines are numbered from 1 without gaps, in order, and only the last one may lack an end."""
    lines = _cleaner(wish).explain(text).lines
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert all(line.end in ("\n", "\r\n") for line in lines[:-1])
    assert not any("\n" in line.raw for line in lines)


@given(documents(), settings)
def test_chained(text: str, wish: dict[str, Any]) -> None:
    """Each line's changes lead from its raw text to its output, and nothing happens after a removal."""
    for line in _cleaner(wish).explain(text).lines:
        state: str | None = line.raw
        for change in line.changes:
            assert change.line == line.number
            assert change.before == state
            assert change.after != change.before
            state = change.after
        assert state == line.text


@given(documents(), settings)
def test_replayed(text: str, wish: dict[str, Any]) -> None:
    """The recorded changes, applied to the input, give the output."""
    result = _cleaner(wish).explain(text)
    assert replayed(text, result.changes) == result.text


@given(documents(), settings)
def test_witnessed(text: str, wish: dict[str, Any]) -> None:
    """A line that is cited as a twin is in the output."""
    result = _cleaner(wish).explain(text)
    for change in result.changes:
        if isinstance(change.evidence, Witness):
            assert result.lines[change.evidence.line - 1].text is not None
            assert change.evidence.line != change.line
            assert 0 < change.evidence.score <= 100


@given(documents(), settings)
def test_opaque(text: str, wish: dict[str, Any]) -> None:
    """A line with undecodable bytes is gone or byte for byte as it was."""
    for line in _cleaner(wish).explain(text).lines:
        if any("\ud800" <= character <= "\udfff" for character in line.raw):
            assert line.text in (None, line.raw)


@given(documents(), settings)
@example("\n".join([*TITLES, *PROSE, *CLUTTER]), {})
@example("\n\n".join([*CLUTTER, *TITLES, *PROSE, *CLUTTER]), {})
@example(
    f"{TITLES[0]}\n走過來\n走過去\n{TITLES[2]}\n"
    + f"{TITLES[0]}\n" * 3
    + f"{PROSE[0]}\n0\n{TITLES[0]}\n走過來\n{TITLES[2]}",
    {},
)
@example(f"{PROSE[0]}{PROSE[0]}\n{PROSE[1]}", {})
@example("螢幕的解析度提高了一倍，滑鼠和印表機明年換新。" * 2 + "\n屏幕的分辨率提高了一倍，鼠标和打印机明年换新。", {})
@example("甲\n" + "走\n" * 50, {})
@example(f"{TITLES[0]}\n{TITLES[0]}\n著", {})
@example("分享到：微博\n李白著（责任编辑：小满）\n著", {})
@example("\xa4\x1b@\xa4@\xc3@ \xa4@\xa4@\xc3@ \xa4@\xa4@\xc3@", {})
@example(f"# 橋\n\n{PROSE[0]}\n\n- ![橋](a.png)\n\n分享到：微博\n\n    第二 行 \n\n{PROSE[1]}\n", {})
@example(
    f"{PROSE[0]}\n河口的灯塔上星期换了新灯，守塔人爬上去...\n河口的灯塔上星期换了新灯，守塔人爬上去看了一天。\n", {}
)
@example("`" + "\0" * 600 + "甲`乙\0`\n", {})
@example(f"   \ufeff ```c\n橋\n```\n{PROSE[0]}\n", {"profile": "gentle"})
@example(f"- `x`：{PROSE[0]}\n\n```- `x`：{PROSE[0]}\n" + f"- `z`：{PROSE[1]}" * 3, {})
@example(
    "竹筍為什麼要連殼\n樣。住下上山挖回來的筍連泥帶殼一起他說這樣。\n竹笋什么要壳煮老农出三个理由竹笋什么要壳煮？老农出三个理由\n竹為什麼要?由(圖3\n省事他笑說殼煮過以後一剝就掉不用刀也不傷手。\n"
    "相關文章\n竹笋什么要壳煮？老农一层白色的可以做涼拌菜。\n第三個理由最簡單：省事他笑著說殼煮過以後一剝就掉不用刀，也不傷手。",
    {},
)
@example(
    "6qNfUDD\ufffd6qNfUDD\nh\n0\nPX\n年\n说明写在最后要换行就写br要分段就空一行。\n木匠量了梁又量了柱子一根一梹都记在本子上。",
    {"profile": "page"},
)
@example("le.or/1.jpg\nle.og.jpg", {"profile": "page"})
def test_settled(text: str, wish: dict[str, Any]) -> None:
    """Cleaning the output changes nothing."""
    cleaner = _cleaner(wish)
    once = cleaner.clean(text)
    assert cleaner.clean(once) == once


RAIN = "今年夏天雨水多，河面比往年寬了一半，對岸的人都在等。"
CLOSED = ["hans", "hant", "tw", "hk", "keep", "t2s", "tw2s", "tw2sp", "hk2s"]
"""Targets whose conversion, done twice, gives what it gives once."""


@given(st.lists(st.one_of(unsure_lines(), st.sampled_from(PROSE)), min_size=1, max_size=6), settings, st.data())
@example(["李白著（责任编辑：小满）"], {}, None)
@example(["古老的后人（責任編輯：小滿）"], {"to": "hant"}, None)
@example(["走了三天.（责任编辑：小满）", PROSE[1]], {"punctuation": "full"}, None)
@example(["李白著（责任编辑：小满）", "後來的人後來的人三里後來的人後來的人三里（责任编辑：小满）"], {}, None)
def test_settled_trimmed(lines: list[str], wish: dict[str, Any], data: st.DataObject | None) -> None:
    """A line that was trimmed is tidied and converted as it is read from the output, and each step is in the ledger."""
    if data is not None:
        wish = {**wish, "to": data.draw(st.sampled_from(CLOSED))}
    cleaner = _cleaner(wish)
    text = "\n".join(lines)
    result = cleaner.explain(text)
    assert cleaner.clean(result.text) == result.text
    assert replayed(text, result.changes) == result.text
    assert undone(result.lines) == text


@given(documents(), settings, st.lists(st.integers(0, 2000), max_size=8))
@example(f"{RAIN}\n![](a.png){RAIN}\n{RAIN}\n", {"profile": "gentle"}, [len(RAIN) + 1])
def test_seamless(text: str, wish: dict[str, Any], cuts: list[int]) -> None:
    """Cutting the input into reads anywhere gives the same output."""
    cleaner = _cleaner(wish)
    places = sorted({0, len(text), *(cut % (len(text) + 1) for cut in cuts)})
    pieces = [text[start:stop] for start, stop in pairwise(places)]
    assert "".join(cleaner.stream(pieces)) == cleaner.clean(text)


MARKED = [
    "1. 雨停了，大家出門去。", "1. 雨停了，大家出門去看河水漲了多少，一直看到天黑。", "- 雨停了", "   雨停了，大家出門去。", "    print('雨')", "# 雨停了",
    "雨停了", "```", "---", "title: 雨", "| 雨 | 停 |", "|---|---|", "![](a.png)", "<div>", "<!-- 雨", "-->", "> 雨停了", "===", "def f(x):", "    return x",
]  # fmt: skip
"""Lines that mean something by what stands around them."""


@given(
    st.one_of(documents(most=30), st.lists(st.sampled_from([*MARKED, "", PROSE[0]]), max_size=12).map("\n".join)),
    st.sampled_from(list(PROFILES)),
    st.none() | st.lists(st.integers(0, 20_000), max_size=12),
)
@example("1. 雨停了，大家出門去。\n1. 雨停了，大家出門去。", "gentle", None)
@example("# 雨\n- 雨停了\n   雨停了，大家出門去。\n- 雨停了\n   雨停了，大家出門去。", "gentle", None)
@example("- 甲\n![](a.png)\n\n    雨  停了", "gentle", None)
@example("!!! note\n| 雨  停 |", "gentle", None)
def test_streamed(text: str, profile: str, cuts: list[int] | None) -> None:
    """A document of many windows is cleaned the same in every profile whether it comes line by line, in reads that end anywhere,
    or whole; every law holds in it."""
    cleaner = _cleaner({"profile": profile, "window_lines": 50})
    long = (text + "\n") * 8
    pieces = long.splitlines(keepends=True)
    if cuts is not None:
        places = sorted({0, len(long), *(cut % (len(long) + 1) for cut in cuts)})
        pieces = [long[start:stop] for start, stop in pairwise(places)]
    blocks: list[Block] = []
    document = cleaner.incremental(blocks.append)
    out = "".join(map(document.feed, pieces)) + document.finish()
    assert out == cleaner.clean(long) == "".join(block.output() for block in blocks)
    assert "".join(raw + end for block in blocks for raw, end in zip(block.raw, block.end, strict=True)) == long


@given(st.lists(documents(most=20), max_size=5), settings)
def test_together(texts: list[str], wish: dict[str, Any]) -> None:
    """Documents that are cleaned together come out as each of them alone, text and ledger, whatever stands beside them."""
    load_arrays()
    cleaner = _cleaner(wish)
    many = [*texts, "".join(f"第{number}天下了雨，河水漲了。\n" for number in range(200))]
    blocks: list[Block] = []
    assert list(cleaner.clean_many(many, blocks.append)) == [cleaner.clean(text) for text in many]
    changes = [change for text in many for change in cleaner.explain(text).changes]
    assert [change for block in blocks for change in block.changes()] == changes


@given(st.lists(documents(most=10), min_size=1, max_size=5))
def test_local(texts: list[str]) -> None:
    """A document gives what it gives alone, whatever the same cleaner did before."""
    fresh = [pickle.loads(pickle.dumps(_cleaner({}))).clean(text) for text in texts[:1]]
    shared = [_cleaner({}).clean(text) for text in texts]
    again = [_cleaner({}).clean(text) for text in reversed(texts)]
    assert shared[:1] == fresh
    assert shared == again[::-1]
