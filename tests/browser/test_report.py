"""The HTML report in a real browser. `python -m pytest -m browser`; needs chromium and chromedriver."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.driver import MISSING, Browser, browser
from tests.command import zhnorm
from tests.hostile import hostile
from tests.unit.test_html_report import report
from zhnorm.report.terminal_text import visible

pytestmark = [pytest.mark.browser, pytest.mark.skipif(MISSING is not None, reason=str(MISSING))]
ROOT = Path(__file__).resolve().parents[2]
TEXTS = "return [...document.querySelectorAll(arguments[0])].map(element => element.textContent)"


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with browser(tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a small folder."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "in").mkdir()
    for number in range(12):
        text = f"第{number}天，雨中的貓在屋簷下睡著了，一直睡到天黑。\n分享到：微博\n第二天清晨，雨停了，貓也走了。\n相關文章\n·橋上的人\n"
        (folder / "in" / f"page{number}.txt").write_text(text * (number > 0), "utf-8")
    (folder / "in" / "article.txt").write_bytes((ROOT / "examples" / "article.txt").read_bytes())
    done = zhnorm("clean", "in", "-o", "out", "--html", "report.html", cwd=folder)
    assert done.code == 0, done
    return folder / "report.html"


@pytest.fixture
def opened(window: Browser, page: Path) -> Iterator[Browser]:
    window.open(page)
    yield window
    assert window.errors() == []


def test_the_overview_has_totals_bars_and_a_plot(opened: Browser) -> None:
    assert opened.run(TEXTS, ".tile b")[0] == "13"
    stages = opened.run(TEXTS, ".bars > span:first-child")
    assert stages
    widths = opened.run("return [...document.querySelectorAll('.bar')].map(bar => bar.getBoundingClientRect().width)")
    assert max(widths) > 300
    assert min(widths) >= 2
    assert opened.run(TEXTS, "svg text")[-1] == "to 100 %"


def test_files_are_sorted_and_searched(opened: Browser) -> None:
    opened.go("files")
    assert opened.run(TEXTS, "tbody .name")[0] == "article.txt"
    opened.run("document.querySelectorAll('th button')[1].click()")
    lines = [int(text) for text in opened.run(TEXTS, "tbody td:nth-child(2)")]
    assert lines == sorted(lines, reverse=True)
    opened.run("document.querySelectorAll('th button')[1].click()")
    lines = [int(text) for text in opened.run(TEXTS, "tbody td:nth-child(2)")]
    assert lines == sorted(lines)
    opened.press("/", "a", "r", "t")
    assert opened.run(TEXTS, "tbody .name") == ["article.txt"]
    assert opened.run(TEXTS, ".tools .soft") == ["1 of 13 files"]


def test_a_page_stands_side_by_side_and_is_filtered(opened: Browser) -> None:
    opened.go("page-0")
    assert opened.run(TEXTS, "h2") == ["article.txt"]
    assert opened.run("return document.querySelectorAll('.page > div').length") == 66
    source, clean = opened.run(TEXTS, ".page .source"), opened.run(TEXTS, ".page .clean")
    article = (ROOT / "examples" / "article.txt").read_text("utf-8").rstrip("\n").split("\n")
    assert source == article
    wanted = (ROOT / "examples" / "article.clean.txt").read_text("utf-8").split("\n")
    assert [line for line in clean if line] == [line for line in wanted if line]
    opened.press("c")
    assert opened.run("return document.querySelectorAll('.page > div').length") < 60
    opened.run("[...document.querySelectorAll('.chip')].find(chip => chip.textContent === 'web/share-label').click()")
    assert opened.run(TEXTS, ".page .source") == ["分享到:"]
    opened.press("n")
    assert opened.run("return location.hash") == "#page-1"
    opened.press("\ue00c")
    assert opened.run("return location.hash") == "#files"


def test_removals_are_filtered_by_stage_rule_and_text(opened: Browser) -> None:
    opened.go("removals")
    every = len(opened.run(TEXTS, ".card"))
    choose = "const box = document.getElementById(arguments[0]); box.value = arguments[1]; box.dispatchEvent(new Event('change'))"
    opened.run(choose, "stage", "titles")
    titles = opened.run(TEXTS, ".card .why:last-child")
    assert 0 < len(titles) < every
    assert all("titles/" in text for text in titles)
    opened.run(choose, "stage", "")
    opened.run(choose, "rule", "web/share-label")
    assert len(opened.run(TEXTS, ".card")) == 12
    opened.press("/", "p", "a", "g", "e", "1", "1")
    assert len(opened.run(TEXTS, ".card")) == 1
    opened.press("\ue00c", "j", "\ue007")
    assert opened.run("return location.hash").startswith("#page-")
    assert opened.run(TEXTS, ".page .chosen .source") == ["分享到：微博"]


def test_a_rule_shows_its_hits_in_all_files(opened: Browser) -> None:
    opened.press("4")
    assert opened.run("return location.hash") == "#rules"
    opened.run("[...document.querySelectorAll('td a')].find(link => link.textContent === 'web/share-label').click()")
    opened.run("return new Promise(done => setTimeout(done, 50))")
    assert opened.run(TEXTS, "h2") == ["web/share-label"]
    names = {text.split(" · ")[-2].partition(":")[0] for text in opened.run(TEXTS, ".card .why:last-child")}
    assert names == {"article.txt", *(f"page{number}.txt" for number in range(1, 12))}


def test_dark_and_keys(opened: Browser) -> None:
    back = "return getComputedStyle(document.body).backgroundColor"
    light = opened.run(back)
    opened.press("d")
    assert opened.run(back) != light
    opened.press("?")
    assert opened.run("return document.getElementById('help').open")
    opened.press("\ue00c", "2")
    assert opened.run("return location.hash") == "#files"


def test_nothing_is_asked_of_the_network(opened: Browser) -> None:
    loaded = opened.run("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name for name in loaded if not name.startswith("data:")] == []


def test_ten_thousand_hostile_strings_stay_text(window: Browser, tmp_path: Path) -> None:
    texts = hostile(10_000)
    (tmp_path / "report.html").write_text(report(texts)[0], "utf-8")
    window.open(tmp_path / "report.html")
    elements = (
        "return [...new Set([...document.querySelectorAll('*')].map(element => element.tagName.toLowerCase()))].sort()"
    )
    allowed = {
        *(
            "html",
            "head",
            "meta",
            "title",
            "style",
            "script",
            "noscript",
            "body",
            "header",
            "nav",
            "main",
            "dialog",
            "div",
        ),
        *("h1", "h2", "p", "a", "b", "br", "span", "del", "ins", "button", "input", "label", "select", "option"),
        *("table", "thead", "tbody", "tr", "th", "td", "svg", "rect", "text"),
    }
    shown: set[str] = set()
    pages = window.run("return data.pages.length")
    assert pages == 20
    for place in ["overview", "files", "removals", "rules", "rule-0", *(f"page-{number}" for number in range(pages))]:
        window.go(place)
        assert set(window.run(elements)) <= allowed
        assert window.run("return document.querySelectorAll('script').length") == 2
        handlers = "return [...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => /^on|^src|^style$|^srcdoc/.test(a.name)).map(a => a.name)"
        assert set(window.run(handlers)) <= {"style"}
        assert all(
            href.startswith("#")
            for href in window.run("return [...document.querySelectorAll('[href]')].map(e => e.getAttribute('href'))")
        )
        shown.update(window.run(TEXTS, ".page .source"))
    assert window.run("return typeof hacked") == "undefined"
    assert shown == {visible(text) for text in texts}
    assert window.errors() == []
