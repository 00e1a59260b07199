"""Mojibake is taken back where it is certain, and nothing else is touched."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm import Cleaner
from zhnorm.text.mojibake import LOST, repair

LINES = [
    "今天下午，新馆开放，来了三千人。",
    "今天下午，新館開放，來了三千人。",
    "图书馆的新馆（共5层）在江边，气温20℃。",
    "不是不敢。”他说，“是不想。”谢谢。完",
    "「書還是那些書」，他說，「人已經換了三代」。",
]


def _windows(data: bytes) -> str:
    """Bytes as a browser reads Windows-1252."""
    return "".join(bytes((byte,)).decode("cp1252", "ignore") or chr(byte) for byte in data)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "big5"])
@pytest.mark.parametrize("read", [_windows, lambda data: data.decode("latin-1")], ids=["windows-1252", "latin-1"])
def test_read_as_latin(line: str, encoding: str, read) -> None:  # type: ignore[no-untyped-def]
    try:
        data = line.encode(encoding)
    except UnicodeEncodeError:
        return
    assert repair(read(data)) == line


@pytest.mark.parametrize("line", LINES)
def test_utf8_read_as_gbk(line: str) -> None:
    """Whole if nothing was lost; else all but the characters that were, or nothing, but never another character."""
    for codec, mark in (("gb18030", "\ufffd"), ("gbk", "\ufffd"), ("gb18030", "?")):
        read = line.encode().decode(codec, "replace").replace("\ufffd", mark)
        better = repair(read)
        if better == read and "€" in read:
            continue
        kept = better.rstrip("?").split("\ufffd")
        assert 2 * sum(map(len, kept)) > len(line)
        assert all(part in line for part in kept)
        if mark == "\ufffd" and mark not in read:
            assert better == line


def test_twice_is_taken_back_twice() -> None:
    assert repair(_windows(_windows(LINES[0].encode()).encode())) == LINES[0]


@pytest.mark.parametrize(
    "text",
    [
        *LINES,
        "銆是一个很少见的字，锛也是。",
        "他的名字叫涓生，她叫子君。",
        "“Un café”… é»° naïveté, garçon; Ærøskøbing — ångström",
        "Ça coûte 5 € à Besançon, où l'été dure.",
        "price £¬ 5 µÄ",
        "拼音：nǐ hǎo, lǜ sè, é, è, ā",
        f"{LOST}{LOST}你好，这里是{LOST}",
        "ПРИВЕТ, мир — это тест",
        "こんにちは、世界。今日はいい天気ですね。",
    ],
)
def test_what_is_no_mojibake_stays(text: str) -> None:
    assert repair(text) == text


_pieces = st.one_of(
    st.sampled_from(LINES).map(lambda line: line.encode().decode("gb18030", "replace")),
    st.sampled_from(LINES).map(lambda line: _windows(line.encode())),
    st.sampled_from([*LINES, "\n", "?", "\ufffd", "€", "锛", "\udc80"]),
    st.text(max_size=6),
)


@given(st.lists(_pieces, max_size=8))
def test_it_settles_and_keeps_lines_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    once = repair(text)
    assert repair(once) == once
    assert once.count("\n") == text.count("\n")


def test_the_ledger_says_so_and_gives_the_input_back() -> None:
    lines = LINES[1:]
    text = "\n".join(_windows(line.encode()) for line in lines)
    result = Cleaner(to="keep").explain(text)
    assert result.text == "\n".join(lines)
    assert result.counts["tidy/mojibake"] == len(lines)
    assert "\n".join(line.raw for line in result.lines) == text


def test_what_is_mojibake_for_sure_only_once_it_is_converted_stays() -> None:
    line = "title: 鐠扮媭绶╄\ue522鍗€"
    assert repair(line) == line
    assert Cleaner().clean(f"{line}\n") == f"{line}\n"
