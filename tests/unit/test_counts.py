"""Everybody who tells of a run says the same of it: the bar, the summary, the report, the statistics, the HTML report, the ledger."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.command import zhnorm
from zhnorm.batch.job import Failure, Outcome
from zhnorm.batch.run import run
from zhnorm.cleaner import Cleaner
from zhnorm.cli.plan import make_plan
from zhnorm.counts import Counts, Tally, TextCounts
from zhnorm.line import Block, Change, Line, Match, Span, Witness
from zhnorm.report.progress import Pace

PAGE = """\
老渡口今天下午重新开船
老渡口今天下午重新開船
船停了三年，绳子换过两回，掌船的人每天早上都要下去看一眼，今天下午终于又开了。
分享到：微博 微信

相关阅读
·第一座浮桥是怎样搭起来的
·江边的灯塔为什么还亮着
"""
PLAIN = "雨停了，河上没有船。\n第二天，摆渡的人回来了。\n"
RECORDS = [
    {"text": "雨中的貓在屋簷下睡著了，一直睡到天黑。\n分享到：微博\n"},
    {"text": PLAIN},
    {"id": 3},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pages, one of them as it should be, a file of records with a broken one, and a file that is no text."""
    found = tmp_path / "in"
    found.mkdir()
    (found / "page.txt").write_text(PAGE, "utf-8")
    (found / "plain.txt").write_text(PLAIN, "utf-8")
    lines = [json.dumps(record, ensure_ascii=False) for record in RECORDS] + ["{broken"]
    (found / "records.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    (found / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    return found


def _of_html(path: Path) -> dict[str, Any]:
    data = re.search(r'<script[^>]*id="data"[^>]*>(.*?)</script>', path.read_text("utf-8"), re.DOTALL)
    assert data is not None
    found: dict[str, Any] = json.loads(data[1])
    totals = found["totals"]
    rules: dict[str, int] = {}
    for rule in found["rules"]:
        rules[rule["rule"]] = rules.get(rule["rule"], 0) + rule["lines"]
    return {**totals, "failed": totals["failures"], "rules": rules}


def _of_statistics(text: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text)
    return {**found, "rules": {rule["rule"]: rule["lines"] for rule in found["rules"]}}


def _of_summary(text: str) -> dict[str, Any]:
    """The headline of the summary and the lines of the rules below it."""
    head = re.search(
        r"^(?P<documents>\d+) documents?, (?P<changed>\d+) changed.*?(?:, (?P<failed>\d+) failed)?"
        r": (?P<lines>\d+) lines, (?P<removed>\d+) removed, (?P<rewritten>\d+) rewritten$",
        text,
        re.MULTILINE,
    )
    assert head is not None, text
    rules = {rule: int(times) for times, rule in re.findall(r"^ +(\d+) (\S+/\S+)$", text, re.MULTILINE)}
    return {**{name: int(value or 0) for name, value in head.groupdict().items()}, "rules": rules}


def _common(found: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found[name] for name in ("documents", "changed", "failed", "lines", "removed", "rewritten", "rules")}


def test_everybody_says_the_same_of_a_run(folder: Path, tmp_path: Path) -> None:
    report, html = tmp_path / "report.json", tmp_path / "page.html"
    done = zhnorm("clean", folder, "-o", tmp_path / "out", "--report", report, "--html", html, "-v")
    account = _common(json.loads(report.read_text("utf-8")))
    assert (account["documents"], account["changed"], account["failed"]) == (4, 2, 2)
    assert account["removed"] > 0 < account["rewritten"]
    assert _common(_of_summary(done.err)) == account
    assert _common(_of_html(html)) == account
    assert _common(_of_statistics(zhnorm("stats", folder, "--json").out)) == account


def test_the_bar_says_what_the_summary_says(folder: Path, tmp_path: Path) -> None:
    plan = make_plan((str(folder),), str(tmp_path / "out"), preview=False, quiet=True, skipped=None)
    pace = Pace()
    results = list(run(Cleaner(), plan.jobs))
    for result in results:
        pace.receive(result)
    found = pace.so_far
    assert (found.documents, found.failures, found.files) == (4, 2, 4)
    assert found.bytes_in == sum(result.bytes_in for result in results if isinstance(result, Outcome))
    assert sum(isinstance(result, Failure) for result in results) == found.failures
    assert pace.words().startswith("4 documents, ")
    assert pace.words().endswith("2 failed")


def test_a_ledger_says_of_its_lines_what_the_run_said(folder: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "why.jsonl"
    zhnorm("clean", folder, "-o", tmp_path / "out", "--ledger", ledger)
    told = _of_statistics(zhnorm("stats", "--ledger", ledger, "--json").out)
    seen = _of_statistics(zhnorm("stats", folder, "--json").out)
    for name in ("documents", "changed", "lines", "removed", "rewritten", "repeats", "chars_removed", "rules"):
        assert told[name] == seen[name], name


def test_a_run_that_did_nothing_says_so(folder: Path, tmp_path: Path) -> None:
    (folder / "picture.txt").unlink()
    (folder / "records.jsonl").unlink()
    assert "nothing to do" not in zhnorm("clean", folder, "-o", tmp_path / "out").err
    again = zhnorm("clean", folder, "-o", tmp_path / "out")
    assert again.err == "zhnorm: nothing to do: 2 documents were done before and left alone\n"
    (folder / "new.txt").write_text(PLAIN, "utf-8")
    third = zhnorm("clean", folder, "-o", tmp_path / "out")
    assert third.err == "zhnorm: 2 documents were done before and left alone\n"
    plain = zhnorm("clean", folder / "plain.txt", "-v", "-o", tmp_path / "plain.txt")
    assert "1 document, 0 changed: 2 lines, 0 removed, 0 rewritten" in plain.err


def _block() -> Block:
    block = Block.from_lines(["甲甲甲甲", "乙乙（编辑：丙）", "", "甲甲甲甲"])
    block.rewrite(1, "乙乙", "乙乙", stage="boilerplate", rule="web/x", evidence=Span(2, 8))
    block.rewrite(1, "乙丁", "乙丁", stage="boilerplate", rule="web/x", evidence=Span(2, 8))
    block.remove(3, stage="duplicates", rule="duplicates/equal", evidence=Witness(1, 100.0))
    return block


def _by_block(block: Block) -> Counts:
    counts = Counts()
    counts.add(block)
    return counts


def _by_line(block: Block) -> Counts:
    counts = TextCounts()
    for line in block.lines():
        counts.add_line(line)
        counts.loss.add_line(line)
    return counts


@pytest.mark.parametrize("count", [_by_block, _by_line])
def test_lines_are_counted_alike_in_columns_and_one_by_one(count: Callable[[Block], Counts]) -> None:
    found = count(_block())
    assert (found.lines, found.removed, found.rewritten) == (4, 1, 1)
    # Two changes of a line by one rule are one line.
    assert found.rules == {"web/x": 1, "duplicates/equal": 1}
    assert found.in_short() == {"lines": 4, "removed": 1, "rewritten": 1}
    assert found.changed
    assert not found.is_page


def test_stories_tell_of_characters_and_stages() -> None:
    found = TextCounts()
    for line in _block().lines():
        found.add_line(line)
    assert (found.blank, found.repeats, found.chars, found.chars_removed) == (1, 1, 16, 4)
    assert found.acts == {("boilerplate", "web/x"): 1, ("duplicates", "duplicates/equal"): 1}
    assert found.by_stage() == {"boilerplate": 1, "duplicates": 1}
    assert found.tenths_removed == 3


def test_a_page_is_a_document_that_lost_many_lines_to_reading() -> None:
    tally = Tally()
    for size in (9, 10):
        counts = TextCounts()
        for number in range(1, size + 1):
            change = Change(number, "reading", "reading/nav", "首页", None, Match(""))
            counts.add_line(Line(number, "首页", "\n", None, (change,)))
        tally.add(counts)
    assert (tally.documents, tally.changed, tally.pages, tally.counts.removed) == (2, 2, 1, 19)


def test_counts_of_many_are_the_sum_of_each() -> None:
    one, two = TextCounts(), TextCounts()
    for line in _block().lines():
        one.add_line(line)
        two.add_line(line)
        two.add_line(line)
    one.merge(one)
    assert one == two
