"""What lines were read as is told in the same words everywhere: by `read`, by `explain`, in the report, in the ledger."""

from __future__ import annotations

import json
from io import StringIO

from rich.console import Console

from zhnorm import Cleaner, explain, read
from zhnorm.ledger.read import DocumentRecords
from zhnorm.ledger.replay import stories
from zhnorm.ledger.write import LedgerWriter
from zhnorm.report.collection import Collection, PageRecorder
from zhnorm.report.html_report import render
from zhnorm.report.line_kinds import as_record, as_row, headline
from zhnorm.report.screen import Screen

PAGE = """雨中的貓在屋簷下睡著了，一直睡到天黑，沒有人叫醒它，也沒有人知道它從哪裡來。
———

第二天清晨，雨停了，貓也走了，屋簷下只剩下一片乾的地方，和一隻空了的碗。
Copyright © 2021 江畔网 版权所有 未经许可不得转载
京ICP备12345678号-1
"""


def test_lines_that_stay_and_lines_that_go_have_the_kind_that_read_gives() -> None:
    lines = explain(PAGE).lines
    assert [line.kind for line in lines] == [line.kind for line in read(PAGE)]
    assert [bool(line.kind) for line in lines] == [True, False, False, True, True, True]
    assert [line.number for line in lines if line.text is None] == [5, 6]


def test_what_is_not_read_has_no_kind() -> None:
    assert {line.kind for line in explain(PAGE, reading=False).lines} == {""}
    assert {line.kind for line in explain(PAGE * 3000).lines} == {""}


def test_lines_are_numbered_and_shown_without_their_ends() -> None:
    lines = read(PAGE.replace("\n", "\r\n").removesuffix("\r\n"))
    assert [line.text for line in lines] == PAGE.removesuffix("\n").split("\n")
    assert [line.number for line in lines] == [1, 2, 3, 4, 5, 6]
    assert read("") == []
    assert [(line.kind, line.told) for line in read("\n")] == [("", None)]


def test_probabilities_are_those_of_one_kind_and_of_all_that_go() -> None:
    for line in read(PAGE):
        if line.told:
            assert 0 < line.told.probability <= 1
            assert 0 <= line.told.goes <= 1
            assert line.told.reasons


def test_a_row_has_six_cells_whatever_stands_in_the_text() -> None:
    for line in read("甲\t乙\x1b[2J\u2028丙\\\n" + PAGE):
        row = as_row(line, "a\tb")
        assert (row.count("\t"), row.count("\n"), row.count("\x1b")) == (5, 1, 0)
        record = json.loads(as_record(line, "a\tb"))
        assert (record["line"], record["kind"] or "", record["text"]) == (line.number, line.kind, line.text)


def test_on_a_terminal_nothing_acts_and_every_line_stands() -> None:
    lines = read("标题[/b]\x1b]0;x\x07很长\n" + PAGE)
    screen = StringIO()
    Screen(drawn=True, console=Console(file=screen, width=100)).reading(lines, headline("page", lines))
    shown = screen.getvalue()
    assert "\x1b" not in shown
    assert "[/b]\\x1b]0;x\\x07" in shown
    assert all(f"{line.number} {line.kind}" in shown for line in lines)


def test_the_ledger_says_it_on_request_and_gives_it_back() -> None:
    def written(*, kinds: bool) -> list[dict[str, object]]:
        pieces: list[bytes] = []
        writer = LedgerWriter(pieces.append, kinds=kinds)
        writer.begin("page.txt")
        document = Cleaner().incremental(writer.block)
        document.feed(PAGE)
        document.finish()
        return [json.loads(line) for line in b"".join(pieces).splitlines()[1:]]

    asked, not_asked = written(kinds=True), written(kinds=False)
    assert [{key: value for key, value in record.items() if key != "kind"} for record in asked] == not_asked
    kinds = {line.number: line.kind for line in read(PAGE)}
    assert all(record.get("kind", "") == kinds[int(str(record["line"]))] for record in asked)
    told = {line.number: line.kind for line in stories(PAGE, DocumentRecords("page.txt", 6, asked)) if line.changes}
    assert told == {number: kinds[number] for number in told}
    assert {5, 6} <= set(told)


def test_the_report_shows_it_beside_each_line() -> None:
    collection = Collection()
    recorder = PageRecorder(collection.receive)
    recorder.begin("page.txt")
    recorder.lines(explain(PAGE + "长" * 3000 + "。\n").lines)
    recorder.end()
    page = render(collection, title="t", version="1", known={})
    data = json.loads(page.partition('type="application/json">')[2].partition("</script>")[0])
    kinds = [row[4] for row in data["pages"][0]["lines"]]
    assert kinds == [line.kind for line in read(PAGE + "长" * 3000 + "。\n")]
