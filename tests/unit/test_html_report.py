"""The HTML report as a file: hostile text stays inside its block of JSON, samples are bounded and say so."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

from tests.hostile import hostile
from zhnorm import Cleaner
from zhnorm.line import Change, Line, Match, Witness
from zhnorm.report.collection import MOST_HITS, MOST_PAGES, MOST_REMOVALS, Collection
from zhnorm.report.page import render
from zhnorm.report.recorder import PageRecorder, risk_of
from zhnorm.report.terminal_text import visible


class Elements(HTMLParser):
    """The elements of a page, and the text of those whose text counts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.texts.append("")
        self._open = True

    def handle_endtag(self, tag: str) -> None:
        self._open = False

    def handle_data(self, data: str) -> None:
        if self.texts and self._open:
            self.texts[-1] += data


def _lines(texts: list[str]) -> list[Line]:
    lines = []
    for number, text in enumerate(texts, 1):
        kinds = [Change(number, "boilerplate", "web/x", text, None, Match(text)), *[None] * 2]
        change = kinds[number % 3]
        if number % 3 == 1:
            change = Change(number, "edges", text[:40], text, text[1:] + "新", Match(text))
        lines.append(Line(number, text, "\n", change.after if change else text, (change,) if change else ()))
    return lines


def report(texts: list[str], each: int = 500) -> tuple[str, Collection]:
    """A report whose names, lines, rules and reasons are these texts."""
    collection = Collection()
    recorder = PageRecorder(collection.receive)
    for start in range(0, len(texts), each):
        recorder.begin(texts[start])
        recorder.lines(_lines(texts[start : start + each]))
        recorder.end()
    return render(collection, title=texts[0], version="0", known={}), collection


def test_ten_thousand_hostile_strings_stay_text() -> None:
    texts = hostile(10_000)
    page, _ = report(texts)
    elements = Elements()
    elements.feed(page)
    assert [tag for tag, _ in elements.found] == [
        "html", "head", "meta", "meta", "meta", "meta", "title", "style", "body", "header", "h1", "nav", "button", "button",
        "main", "noscript", "p", "dialog", "script", "script",
    ]  # fmt: skip
    data = elements.texts[-2]
    assert not set("<>&") & set(data)
    assert visible(page.replace("\n", "")) == page.replace("\n", "")
    shown = {
        "".join(piece[1] for piece in line[2] if piece[0] != 1)
        for item in json.loads(data)["pages"]
        for line in item["lines"]
    }
    assert shown == {visible(text) for text in texts}


def test_the_policy_names_this_style_and_this_script() -> None:
    elements = Elements()
    elements.feed(report(["甲"])[0])
    content = {name: text for (name, _), text in zip(elements.found, elements.texts, strict=True)}
    policy = next(attributes["content"] or "" for _, attributes in elements.found if "http-equiv" in attributes)
    assert policy.startswith("default-src 'none'; ")
    for kind in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(content[kind].encode("utf-8")).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_the_script_makes_no_markup_of_text() -> None:
    script = report(["甲"])[0].rpartition("<script>")[2]
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\(|import\(|fetch\(|XMLHttp", script
    )


def test_samples_are_bounded_and_the_numbers_are_not() -> None:
    collection = Collection()
    recorder = PageRecorder(collection.receive)
    for number in range(2_000):
        recorder.begin(f"{number}.txt")
        recorder.lines([
            Line(1, "甲" * (number % 50), "\n", None, (Change(1, "edges", "edges/x", "甲" * (number % 50), None, Match("")),)),
            Line(2, "乙", "\n", "乙", ()),
        ])  # fmt: skip
        recorder.end()
    assert (collection.documents, collection.counts.lines, collection.counts.removed) == (2_000, 4_000, 2_000)
    assert collection.counts.acts == {("edges", "edges/x"): 2_000}
    assert len(collection.removals()) == MOST_REMOVALS
    assert len(collection.hits("edges/x")) == MOST_HITS
    assert sum(collection.shares) == 2_000
    pages = collection.shown()
    assert len(pages) == MOST_PAGES
    risks = [record.risk for record in pages[: MOST_PAGES // 2]]
    assert risks == sorted(risks, reverse=True)
    assert min(risks) >= max(record.risk for record in collection.files if not record.page)
    assert len({record.name for record in pages}) == MOST_PAGES
    # Lines of pages that were not chosen are not held.
    assert sum(bool(record.page) for record in collection.files) <= 2 * MOST_PAGES
    data = json.loads(
        re.findall(r'application/json">(.*?)</script>', render(collection, title="", version="0", known={}))[0]
    )
    assert len(data["files"]) == 2_000
    assert sum(file[7] >= 0 for file in data["files"]) == MOST_PAGES


def test_a_run_gives_the_same_report_again() -> None:
    def run() -> str:
        collection = Collection()
        recorder = PageRecorder(collection.receive)
        for number in range(300):
            recorder.begin(f"{number}.txt")
            incremental = Cleaner().incremental(recorder.block)
            incremental.feed(f"第{number}天，雨中的貓在屋簷下睡著了，一直睡到天黑。\n分享到：微博\n")
            incremental.finish()
            recorder.end()
        return render(collection, title="", version="0", known={})

    assert run() == run()


def test_what_a_witness_says_is_hardly_lost() -> None:
    lost = risk_of(Change(1, "edges", "edges/x", "雨中的猫睡着了。", None, Match("")))
    twin = risk_of(Change(1, "duplicates", "duplicates/equal", "雨中的猫睡着了。", None, Witness(1, 100.0)))
    alike = risk_of(Change(1, "duplicates", "duplicates/alike", "雨中的猫睡着了。", None, Witness(1, 91.0)))
    part = risk_of(
        Change(1, "titles", "titles/in-line", "标题 雨中的猫睡着了。", "雨中的猫睡着了。", Witness(1, 100.0))
    )
    assert lost > alike > twin > part > 0


def test_failures_are_counted_and_named() -> None:
    from zhnorm.batch.job import Failure
    from zhnorm.errors import ReadError

    collection = Collection()
    PageRecorder(collection.receive).failed(Failure("bad.txt", ReadError("bad.txt: <no> text")))
    assert (collection.documents, collection.failures, collection.shown()) == (0, 1, [])
    assert "\\u003cno\\u003e" in render(collection, title="", version="0", known={})
