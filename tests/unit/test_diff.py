"""Unified diffs: `patch` makes the output from the input with them."""

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhnorm.line import Block, Match
from zhnorm.report import diff
from zhnorm.report.diff import DiffWriter
from zhnorm.report.terminal import visible


def diff_of(lines: list[str], seed: int, *, final_end: bool = True, chance: float = 0.2) -> tuple[str, str, str]:
    dice = random.Random(seed)
    ends = ["\n"] * len(lines)
    if lines and not final_end:
        ends[-1] = ""
    block = Block.from_lines(lines, ends)
    for index in range(len(lines)):
        if dice.random() < chance:
            if dice.random() < 0.5:
                block.remove(index, stage="s", rule="s/r", evidence=Match(""))
            else:
                block.rewrite(index, f"{lines[index]}+", "", stage="s", rule="s/r", evidence=Match(""))
    pieces: list[str] = []
    writer = DiffWriter(pieces.append)
    writer.begin("page.txt")
    writer.block(block)
    writer.close()
    return "".join(line + end for line, end in zip(lines, ends, strict=True)), block.output(), "".join(pieces)


def apply(before: str, text: str) -> str:
    """The output, from the input and its diff, by the letter: every number and every context line must be right."""
    lines = before.splitlines(keepends=True)
    out: list[str] = []
    at = 0
    added = False
    for row in text.splitlines(keepends=True)[2:]:
        if row.startswith("@@"):
            old, new = (part[1:].split(",") for part in row.split()[1:3])
            start = int(old[0]) - (old[1:] != ["0"])
            out += lines[at:start]
            at = start
            assert len(out) == int(new[0]) - (new[1:] != ["0"])
        elif row.startswith("\\"):
            if added:
                out[-1] = out[-1].removesuffix("\n")
        elif row.startswith("+"):
            out.append(row[1:])
            added = True
        else:
            assert lines[at].removesuffix("\n") == row[1:].removesuffix("\n")
            out += [lines[at]] if row.startswith(" ") else []
            at += 1
            added = False
    return "".join(out + lines[at:])


SIZES, SEEDS, CHANCES = st.integers(0, 60), st.integers(0, 1 << 30), st.sampled_from([0.05, 0.3, 1.0])


@given(SIZES, SEEDS, st.booleans(), CHANCES, st.sampled_from([5, 20_000]))
def test_the_diff_leads_to_the_output(size: int, seed: int, final_end: bool, chance: float, longest: int) -> None:
    with pytest.MonkeyPatch.context() as patching:
        patching.setattr(diff, "_LONGEST", longest)
        lines = [f"line {number}" for number in range(size)]
        before, after, text = diff_of(lines, seed, final_end=final_end, chance=chance)
    assert (text == "") == (before == after)
    assert apply(before, text) == after


@pytest.mark.skipif(shutil.which("patch") is None, reason="needs patch(1)")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SIZES, SEEDS, st.booleans(), CHANCES)
def test_patch_agrees(tmp_path: Path, size: int, seed: int, final_end: bool, chance: float) -> None:
    lines = [f"line {number}" for number in range(size)]
    before, after, text = diff_of(lines, seed, final_end=final_end, chance=chance)
    if text:
        (tmp_path / "page.txt").write_text(before)
        command = ["patch", "--posix", "-s", "-o", "-", "page.txt"]
        done = subprocess.run(command, input=text.encode(), cwd=tmp_path, capture_output=True, check=False)
        assert (done.returncode, done.stdout.decode()) == (0, after), text


def test_a_terminal_sees_no_escapes() -> None:
    block = Block.from_lines(["\x1b[2J", "甲\r"], ["\n", "\n"])
    block.remove(0, stage="s", rule="s/r", evidence=Match(""))
    pieces: list[str] = []
    writer = DiffWriter(pieces.append, safe=True)
    writer.begin("a\x1b.txt")
    writer.block(block)
    writer.close()
    assert "".join(pieces) == "--- a\\x1b.txt\n+++ a\\x1b.txt\tcleaned\n@@ -1,2 +1 @@\n-\\x1b[2J\n 甲\\r\n"


def test_colours_and_nothing_else_act_on_a_terminal() -> None:
    block = Block.from_lines(["甲\x1b[2J", "乙\u202e", "丙"])
    block.rewrite(1, "乙", "乙", stage="s", rule="s/r", evidence=Match(""))
    pieces: list[str] = []
    writer = DiffWriter(pieces.append, safe=True, colored=True)
    writer.begin("page\x1b.txt")
    writer.block(block)
    writer.close()
    shown = "".join(pieces)
    assert "\x1b[31m-乙\\u202e\x1b[m\n\x1b[32m+乙\x1b[m\n" in shown
    plain = re.sub("\x1b\\[[0-9]*m|\n|\t", "", shown)
    assert visible(plain) == plain
