"""The HTML report as a file: hostile text stays inside its block of JSON, samples are bounded and say so."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.hostile import hostile
from zhnorm import Cleaner
from zhnorm.line import Change, Evidence, Indexed, Line, Match, Recurring, Scored, Twin, Witness
from zhnorm.report import collection as collecting
from zhnorm.report.collection import (
    MOST_HITS,
    MOST_OF_RULE,
    MOST_PAGES,
    MOST_PLACES,
    MOST_REMOVALS,
    Collection,
    PageRecorder,
    chance_of,
    doubt_of,
)
from zhnorm.report.commands import Origin
from zhnorm.report.html_report import render
from zhnorm.report.sites import Gone, Printed, Site
from zhnorm.report.terminal import visible


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
        "main", "noscript", "p", "div", "dialog", "script", "script",
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
    assert collection.different_removals == 49
    assert sum(group.times for group in collection.removals()) == 2_000 * 49 // 50
    assert sum(collection.shares) == 2_000
    pages = collection.shown()
    assert len(pages) == MOST_PAGES
    doubts = [record.doubt for record in pages[: MOST_PAGES // 2]]
    assert doubts == sorted(doubts, reverse=True)
    assert min(doubts) >= max(record.doubt for record in collection.files if not record.page)
    assert len({record.name for record in pages}) == MOST_PAGES
    # Lines of pages that were not chosen are not held.
    assert sum(bool(record.page) for record in collection.files) <= 2 * MOST_PAGES
    data = data_of(collection)
    assert len(data["files"]) == 2_000
    assert sum(file[6] >= 0 for file in data["files"]) == MOST_PAGES
    assert all(len(group["places"]) <= MOST_PLACES for group in data["removals"])


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


def test_what_is_least_sure_and_longest_is_most_doubtful() -> None:
    text = "雨中的猫睡着了。"

    def chance(evidence: Evidence, kind: str = "", before: str = text, after: str | None = None) -> float:
        return chance_of(Change(1, "edges", "edges/x", before, after, evidence), kind)

    unsure, sure = chance(Scored(0.6, ())), chance(Scored(0.99, ()))
    alike, twin = chance(Witness(1, 91.0)), chance(Witness(1, 100.0))
    assert unsure > alike > twin > 0
    assert sure <= twin + 1e-9 < chance(Match("")) < chance(Match(""), "prose")
    # What stands elsewhere, or on every page of a site, is hardly lost.
    assert chance(Twin("other.txt", 0.8)) > chance(Twin("other.txt", 1.0)) == chance(Indexed("seen", 1.0)) == twin
    assert chance(Recurring(9, 10, "a.example")) < chance(Match(""))
    # A poem may come back on a tenth of the pages, and hardly on all of them.
    assert (
        chance(Recurring(2, 20, "a.example")) > chance(Recurring(20, 20, "a.example")) == chance(Recurring(1, 0, "x"))
    )
    assert chance(Recurring(2, 20, "a.example", sites=30)) == chance(Recurring(20, 20, "a.example"))
    # A rule and reading agree; a repeat of prose is prose, and a repeat all the same.
    assert chance(Match(""), "nav") == chance(Match(""))
    assert chance(Witness(1, 100.0), "prose") == twin
    assert chance(Match(""), before="分享到", after=None) < chance(Match("", under=3), before="分享到")
    assert (
        0
        == doubt_of(0, 500, 1)
        < doubt_of(0.1, 9, 0.01)
        < doubt_of(0.1, 9, 0.5)
        < doubt_of(0.1, 400, 0.5)
        < doubt_of(1, 400, 1)
        == 100
    )


def test_doubt_is_not_length_alone() -> None:
    """A long line that reading is sure of stands behind a short one that it is not."""
    collection = Collection()
    recorder = PageRecorder(collection.receive)
    recorder.begin("page.txt")
    texts = {"广告" * 300: 0.99, "第二章　归途": 0.5}
    changes = [
        Change(n, "reading", "reading/ad", text, None, Scored(score, ()))
        for n, (text, score) in enumerate(texts.items(), 1)
    ]
    recorder.lines([Line(change.line, change.before, "\n", None, (change,), "ad") for change in changes])
    recorder.end()
    assert [group.removal.change.before for group in collection.removals()] == ["第二章　归途", "广告" * 300]


def test_equal_removals_are_one_with_their_number_and_places() -> None:
    page = data_of(_equal(7))
    (group,) = [group for group in page["removals"] if group["pieces"][0][1] == "分享到"]
    assert (group["times"], group["documents"], group["isExact"]) == (14, 7, True)
    assert [(page["names"][name][0], line) for name, line in group["places"]] == [
        (f"{n}.txt", line) for n in range(7) for line in (1, 3)
    ]
    assert page["totals"]["different"] == 1 + 7
    (many,) = [group for group in data_of(_equal(30))["removals"] if group["pieces"][0][1] == "分享到"]
    assert (many["times"], len(many["places"])) == (60, MOST_PLACES)


def test_what_is_forgotten_in_between_is_counted_from_then_on_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "MOST_GROUPS", 100)
    monkeypatch.setattr(collecting, "MOST_OF_RULE", 2)
    collection = _equal(300)
    assert collection.different_removals <= 100
    often = next(group for group in collection.removals() if group.removal.change.before == "分享到")
    assert (often.times, often.is_exact) == (600, True)
    assert not all(group.is_exact for group in collection.removals())


def test_removals_are_sampled_from_every_rule() -> None:
    collection = Collection()
    recorder = PageRecorder(collection.receive)
    for number in range(1_000):
        recorder.begin(f"{number}.txt")
        long = Change(1, "reading", "reading/ad", f"{number}" + "长" * 90, None, Scored(0.5, ()))
        short = Change(2, "boilerplate", "web/x", f"第{number}页", None, Match(""))
        recorder.lines([Line(change.line, change.before, "\n", None, (change,)) for change in (long, short)])
        recorder.end()
    found = collection.removals()
    assert MOST_REMOVALS // 2 < len(found) <= MOST_REMOVALS + MOST_OF_RULE
    assert sum(group.removal.change.rule == "web/x" for group in found) >= MOST_OF_RULE
    doubts = [group.removal.doubt for group in found]
    assert doubts == sorted(doubts, reverse=True)


def test_rewriting_stands_apart_from_removing() -> None:
    collection = Collection()
    recorder = PageRecorder(collection.receive)
    for number in range(100):
        recorder.begin(f"{number}.txt")
        incremental = Cleaner().incremental(recorder.block)
        incremental.feed(f"第{number}天，這場雨還沒有停，橋邊的貓一直睡到天黑。\n分享到：微博\n")
        incremental.finish()
        recorder.end()
    data = data_of(collection)
    by_rule = {rule["rule"]: (rule["rewrites"], rule["lines"], rule["letters"]) for rule in data["rules"]}
    assert by_rule["script/hans"] == (True, 100, 0)
    assert by_rule["web/share-label"] == (False, 100, 500)
    place = [rule["rule"] for rule in data["rules"]].index("script/hans")
    assert len(data["hits"][place]) == MOST_HITS
    assert not any(group["rule"] == place for group in data["removals"])
    assert all(hit["lang"] == "zh-Hant" for hit in data["hits"][place])
    assert data["pages"][0]["langs"] == ["zh-Hant", "zh-Hans"]


def test_commands_name_what_was_given() -> None:
    collection = _equal(2)
    command = data_of(collection, Origin(["a b"], "it's.jsonl"))["command"]
    assert (command["apply"], command["target"]) == ("""zhnorm apply 'a b' --ledger 'it'"'"'s.jsonl'""", "-o kept.txt")
    assert (command["hasLedger"], command["isLone"], command["isPiped"], command["canApply"]) == (
        True,
        True,
        False,
        True,
    )
    restored = data_of(collection, Origin(["-out"], "why.jsonl", "output"))["command"]["apply"]
    assert (
        restored
        == "zhnorm restore ./-out --ledger why.jsonl -o source.txt && zhnorm apply source.txt --ledger why.jsonl"
    )
    assert data_of(collection, Origin(["-"]))["command"]["isPiped"]


def test_records_cannot_be_taken_back_line_by_line() -> None:
    collection = _equal(2, "pages:1.jsonl:{}")
    collection.of_records.add("pages:1.jsonl")
    data = data_of(collection)
    assert data["command"]["canApply"] is False
    assert {name[1] for name in data["names"]} == {None}


def _equal(documents: int, name: str = "{}.txt") -> Collection:
    """Documents in which a text goes twice, and one that is in no other goes once."""
    collection = Collection()
    recorder = PageRecorder(collection.receive)
    for number in range(documents):
        recorder.begin(name.format(number))
        texts = ["分享到", f"{number}", "分享到"]
        changes = [Change(n, "boilerplate", "web/x", text, None, Match("")) for n, text in enumerate(texts, 1)]
        recorder.lines([Line(change.line, change.before, "\n", None, (change,)) for change in changes])
        recorder.end()
    return collection


def data_of(collection: Collection, origin: Origin | None = None, sites: Sequence[Site] = ()) -> dict[str, Any]:
    """The data block of a report."""
    page = render(collection, title="", version="0", known={}, origin=origin, sites=sites)
    found: dict[str, Any] = json.loads(re.findall(r'application/json">(.*?)</script>', page)[0])
    return found


def test_failures_are_counted_and_named() -> None:
    from zhnorm.batch.job import Failure
    from zhnorm.errors import ReadError

    collection = Collection()
    PageRecorder(collection.receive).failed(Failure("bad.txt", ReadError("bad.txt: <no> text")))
    assert (collection.documents, collection.failures, collection.shown()) == (0, 1, [])
    assert "\\u003cno\\u003e" in render(collection, title="", version="0", known={})


def _site(name: str, share: float = 1.0, gone: Sequence[Gone] = ()) -> Site:
    lines = [
        Printed("晨报网首页", Recurring(40, 40, name)),
        Printed("床前风过竹影低。", Recurring(round(40 * share), 40, name), "a.txt"),
    ]
    return Site(name, 40, {"corpus/near": len(gone)}, lines, gone)


def test_sites_are_ranked_by_doubt_and_what_goes_of_each_likewise() -> None:
    near = [Gone("corpus/near", f"{n}.txt", Twin("b.txt", n / 10), "甲\n乙", "甲", ["乙"]) for n in (9, 8, 10)]
    data = data_of(Collection(), sites=[_site("sure"), _site("poems", 0.1), _site("copies", gone=near)])["sites"]
    assert [row["name"] for row in data["rows"]] == ["copies", "poems", "sure"]
    assert data["all"] == 3
    copies, poems, _ = data["rows"]
    assert [found["likeness"] for found in copies["examples"]] == [0.8, 0.9, 1.0]
    assert copies["gone"] == [0, 3, 0]
    assert poems["lines"][0][4] == "床前风过竹影低。"
    assert copies["examples"][0]["text"] == "甲\n乙"
    # The more of its pages go, the more doubtful a site.
    assert _site("x", gone=near * 5).doubt > _site("x", gone=near).doubt


def test_hostile_text_of_sites_stays_text() -> None:
    texts = hostile(400)
    sites = [
        Site(name, 9, {"corpus/copy": 1}, [Printed(name, Recurring(5, 9, name), name)],
             [Gone("corpus/copy", name, Twin(name, 1.0), name, name, [name]), Gone("corpus/seen", name, Indexed(name, 0.9))])
        for name in texts
    ]  # fmt: skip
    page = render(Collection(), title="", version="0", known={}, sites=sites)
    elements = Elements()
    elements.feed(page)
    assert [tag for tag, _ in elements.found].count("script") == 2
    assert not set("<>&") & set(elements.texts[-2])
    assert visible(page.replace("\n", "")) == page.replace("\n", "")
    rows = json.loads(elements.texts[-2])["sites"]["rows"]
    assert {row["name"] for row in rows} == {visible(name) for name in texts}


def test_of_very_many_sites_the_most_doubtful_are_shown_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhnorm.report.sites.MOST_SITES", 10)
    data = data_of(Collection(), sites=[_site(f"{n}.example", 1 - n / 40) for n in range(40)])["sites"]
    assert [row["name"] for row in data["rows"]] == [f"{n}.example" for n in range(39, 29, -1)]
    assert data["all"] == 40
