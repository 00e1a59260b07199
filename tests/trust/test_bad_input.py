"""Input that is not what it should be: each kind has one clear behaviour."""

import os
from pathlib import Path

import pytest

from tests.command import zhnorm

GOOD = "網絡上的一句話，說得很完整。\n".encode()
CLEAN = "网络上的一句话，说得很完整。\n".encode()


def test_undecodable_bytes_are_kept_and_reported() -> None:
    done = zhnorm("clean", stdin=GOOD + "另一句話\xff\n".encode("latin-1", "ignore") + b"ab\xff\xe7\x94\n" + GOOD[:-1])
    assert done.code == 0
    assert b"ab\xff\xe7\x94\n" in done.out
    assert "standard input: 3 bytes are not UTF-8" in done.err or "not UTF-8" in done.err
    assert "line 2" in done.err, done
    assert zhnorm("clean", "-q", stdin=b"\xff\n").err == ""


def test_another_encoding_is_found_out_or_refused() -> None:
    done = zhnorm("clean", stdin=GOOD.decode().encode("gb18030") * 4)
    assert (done.code, done.out) == (0, CLEAN)
    assert zhnorm("clean", stdin="新聞".encode("big5") * 4).refuses(4, "encoding cannot be told", "--encoding")
    done = zhnorm("clean", "--encoding", "big5", stdin="新聞\n".encode("big5"))
    assert (done.code, done.out) == (0, "新闻\n".encode())


def test_a_declared_encoding_is_strict() -> None:
    done = zhnorm("clean", "--encoding", "gbk", stdin=b"ab\nabc\xff\n")
    assert done.refuses(4, "standard input:2: byte 4 is not gb18030", "--encoding")
    assert zhnorm("clean", "--encoding", "klingon", stdin=b"").refuses(2, "no encoding 'klingon'", "gb18030")


def test_convert_keeps_undecodable_lines() -> None:
    done = zhnorm("convert", stdin=GOOD + b"\xff" + GOOD + GOOD)
    assert (done.code, done.out) == (0, CLEAN + b"\xff" + GOOD + CLEAN)
    assert "line 2, byte 1" in done.err


def test_a_stray_nul_is_tidied_and_binary_data_refused(tmp_path: Path) -> None:
    done = zhnorm("clean", stdin="網\0絡上的一句話，說得很完整。\n".encode())
    assert (done.code, done.out, done.err) == (0, CLEAN, "")
    assert zhnorm("clean", stdin=bytes(100_000)).refuses(4, "standard input: looks like binary data")
    (tmp_path / "x.txt").write_bytes(GOOD.decode().encode("utf-16"))
    assert zhnorm("clean", "x.txt", "-o", "y.txt", cwd=tmp_path).code == 0
    assert (tmp_path / "y.txt").read_bytes() == CLEAN


def test_line_ends_stay_as_they_are() -> None:
    crlf = GOOD.replace(b"\n", b"\r\n")
    assert zhnorm("clean", stdin=crlf).out == CLEAN.replace(b"\n", b"\r\n")
    assert zhnorm("convert", stdin=crlf).out == CLEAN.replace(b"\n", b"\r\n")
    assert zhnorm("clean", stdin=GOOD[:-1]).out == CLEAN[:-1]
    assert zhnorm("convert", stdin=GOOD + GOOD[:-1]).out == CLEAN + CLEAN[:-1]


def test_empty_input(tmp_path: Path) -> None:
    for command in ("clean", "convert"):
        done = zhnorm(command)
        assert (done.code, done.out, done.err) == (0, b"", "")
    (tmp_path / "empty.txt").write_bytes(b"")
    assert zhnorm("clean", "empty.txt", "-o", "out.txt", "--check", cwd=tmp_path).code == 0
    assert zhnorm("clean", "empty.txt", "-o", "out.txt", cwd=tmp_path).code == 0
    assert (tmp_path / "out.txt").read_bytes() == b""


def test_a_byte_order_mark_goes() -> None:
    assert zhnorm("clean", stdin=b"\xef\xbb\xbf" + GOOD).out == CLEAN


def test_hostile_names_and_text_never_reach_the_terminal_raw(tmp_path: Path) -> None:
    name = os.fsdecode(b"a\x1b]0;x\x07\n\xff.txt")
    (tmp_path / name).write_bytes(b"\xff\n")
    done = zhnorm("clean", name, "--check", "-v", cwd=tmp_path)
    assert "\x1b" not in done.err
    assert "a\\x1b]0;x\\x07\\n\\xff.txt" in done.err
    done = zhnorm("clean", "\x1b[31mmissing", cwd=tmp_path)
    assert done.refuses(4, "\\x1b[31mmissing")
    done = zhnorm("\x1b[31mmissing", cwd=tmp_path)
    assert done.refuses(2, "\\x1b[31mmissing") or "\x1b" not in done.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_that_may_not_be_read(tmp_path: Path) -> None:
    for name in ("page.txt", "mine.toml"):
        (tmp_path / name).write_bytes(GOOD)
        (tmp_path / name).chmod(0)
    assert zhnorm("clean", "page.txt", cwd=tmp_path).refuses(4, "page.txt: Permission denied")
    assert zhnorm("clean", "--rules", "mine.toml", cwd=tmp_path).refuses(2, "mine.toml: Permission denied")


def test_a_page_in_big5_with_pieces_of_utf8_comes_back(tmp_path: Path) -> None:
    lines = [f"第{number}天，新館向讀者開放，來了三千多人。\n".encode("big5") for number in range(40)]
    data = b"".join([*lines[:20], "新".encode("big5") + "衤葵月\n".encode()[:8] + b"\x80\n", *lines[20:]])
    (tmp_path / "in.txt").write_bytes(data)
    assert zhnorm("clean", "in.txt", "-o", "out.txt", "--ledger", "why", cwd=tmp_path).code == 0
    assert b"misread" in (tmp_path / "why").read_bytes()
    assert zhnorm("restore", "out.txt", "--ledger", "why", "-o", "back.txt", cwd=tmp_path).code == 0
    assert (tmp_path / "back.txt").read_bytes() == data
