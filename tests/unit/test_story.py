"""What `zhnorm explain` shows of hostile text: nothing acts on a terminal, and JSON stays JSON."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.command import zhnorm
from zhnorm import Cleaner
from zhnorm.report.story import Reader, plain
from zhnorm.report.terminal import visible

HOSTILE = (
    "雨中的貓在屋簷下\x1b[2J睡著了\u202e，一直\u200b睡到天黑也沒有醒來。\n[/b][red]分享到：\x1b]0;x\x07微博[/red]\n\udcff\udcfe網絡\n"
    "<script>alert(1)</script>\n\u2028\x85\x9b31m\n'\"\\u0000\\\n雨中的貓在屋簷下\x1b[2J睡著了\u202e，一直\u200b睡到天黑也沒有醒來。\n"
)
DATA = HOSTILE.encode("utf-8", "surrogateescape")
NAME = "a\x1b[31m\u202eb\n.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / NAME).write_bytes(DATA)
    return tmp_path


@pytest.mark.parametrize("color", ["", "1"])
@pytest.mark.parametrize("more", [[], ["--line", "1"], ["--line", "3"], ["--profile", "gentle"]])
def test_nothing_acts_on_the_terminal(folder: Path, more: list[str], color: str) -> None:
    done = zhnorm("explain", NAME, *more, cwd=folder, FORCE_COLOR=color)
    assert done.code == 0, done
    shown = (done.out.decode("utf-8") + done.err).replace("\n", "")
    # What rich writes itself: colours, and nothing but colours.
    assert visible(re.sub("\x1b\\[[0-9;]*m", "", shown) if color else shown) in (
        re.sub("\x1b\\[[0-9;]*m", "", shown),
        shown,
    )


def test_json_holds_every_byte(folder: Path) -> None:
    done = zhnorm("explain", NAME, "--json", cwd=folder)
    records = [json.loads(line) for line in done.out.decode("utf-8").splitlines()]
    assert "".join(record["raw"] + record["end"] for record in records).encode("utf-8", "surrogateescape") == DATA
    assert {record["document"] for record in records} == {NAME}
    assert visible(done.out.decode("utf-8").replace("\n", "")) == done.out.decode("utf-8").replace("\n", "")
    assert records[-1]["text"] is None


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not installed")
def test_jq_reads_it(folder: Path) -> None:
    done = zhnorm("explain", NAME, "--json", cwd=folder)
    read = subprocess.run(["jq", "-c", ".line"], input=done.out, capture_output=True, check=True)
    assert read.stdout.split() == [b"1", b"2", b"3", b"4", b"5", b"6", b"7"]


def test_a_cited_line_is_quoted_across_windows() -> None:
    text = "".join(f"第{n}天，江上的船都停了，没有人知道为什么，只有摆渡的老人还在等。\n" for n in range(150))
    first = "他修到天亮，没有收钱，只说表和人一样，急不得，急了就要出错。\n"
    blocks = []
    incremental = Cleaner(window_lines=50).incremental(blocks.append)
    incremental.feed(first + text + first)
    incremental.finish()
    assert len(blocks) > 2
    reader = Reader()
    rows = [row for block in blocks for row in reader.read(block.lines())]
    assert plain(rows[-1]).endswith(
        "says what line 1 says: 他修到天亮，没有收钱，只说表和人一样，急不得，急了就要出错。]"
    )
    assert reader.lines == 152
    assert reader.removed == 1
