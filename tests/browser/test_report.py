"""The HTML report in a real browser. `python -m pytest -m browser`; needs chromium and chromedriver."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.driver import MISSING, Browser, browser
from tests.command import environment, zhnorm
from tests.hostile import hostile
from tests.trust.test_corpus import write_crawl
from tests.unit.test_html_report import report
from zhnorm.report.terminal import visible

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
    assert "90 to 100 %" in opened.run(TEXTS, ".bars > span:first-child, .bars > span")


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
    opened.run("document.querySelectorAll('.fold').forEach(fold => fold.click())")
    assert opened.run("return document.querySelectorAll('.page > div').length") == 66
    source, clean = opened.run(TEXTS, ".page .source"), opened.run(TEXTS, ".page .clean")
    article = (ROOT / "examples" / "article.txt").read_text("utf-8").rstrip("\n").split("\n")
    assert source == article
    wanted = (ROOT / "examples" / "article.clean.txt").read_text("utf-8").split("\n")
    assert [line for line in clean if line] == [line for line in wanted if line]
    opened.press("c")
    assert opened.run("return document.querySelectorAll('.page > div').length") < 60
    opened.run(
        "[...document.querySelectorAll('.chip')].find(chip => chip.textContent.startsWith('web/share-label ')).click()"
    )
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
    titles = opened.run(TEXTS, ".card .head a")
    assert 0 < len(titles) < every
    assert all(text.startswith("titles/") for text in titles)
    opened.run(choose, "stage", "")
    opened.run(choose, "rule", "web/share-label")
    assert sorted(opened.run(TEXTS, ".card .text")) == ["分享到:", "分享到：微博"]
    assert any("11 times in 11 documents" in text for text in opened.run(TEXTS, ".card .head"))
    opened.press("/", "p", "a", "g", "e", "1")
    assert len(opened.run(TEXTS, ".card")) == 1
    opened.press("\ue00c", "j", "\ue007")
    assert opened.run("return location.hash").startswith("#page-")
    assert opened.run(TEXTS, ".page .chosen .source") == ["分享到：微博"]


@pytest.fixture(scope="module", params=["run", "dry run"])
def corpus(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a small corpus."""
    folder = tmp_path_factory.mktemp("corpus")
    write_crawl(folder / "crawl")
    page = folder / "crawl/b.example/3.txt"
    page.write_text(page.read_text("utf-8").replace("。", "了。然後雨停了。", 1), "utf-8")
    more = ["--dry-run"] if request.param == "dry run" else []
    done = zhnorm(
        "corpus", "run", "crawl", "-o", "out", "--near", "0.8", "--html", "report.html", "-q", *more, cwd=folder
    )
    assert done.code == 0, done
    return folder / "report.html"


def test_sites_show_what_goes_from_them(window: Browser, corpus: Path) -> None:
    window.open(corpus)
    window.go("sites")
    tabs = window.run(TEXTS, "nav a")
    assert tabs in (["Overview", "Removals", "Files", "Rules", "Sites"], ["Sites"])
    assert window.run(TEXTS, ".tile b") == ["2", "4", "3", "1"]
    # The site with the near copy is the most doubtful one.
    assert window.run(TEXTS, "tbody .name") == ["a.example", "b.example"]
    window.run("document.querySelectorAll('th button')[3].click()")
    assert window.run(TEXTS, "tbody .name") == ["b.example", "a.example"]
    window.press("/", "a", ".")
    assert window.run(TEXTS, "tbody .name") == ["a.example"]
    window.press("\ue00c", "j", "\ue007")
    assert window.run("return location.hash") == "#site-0"
    assert "1 near copy" in window.run(TEXTS, ".soft")[0]
    assert sorted(window.run(TEXTS, ".lines td:first-child > :first-child")) == [
        "版权所有 甲地晚报",
        "甲地晚报 首页 新闻",
    ]
    (card,) = window.run(TEXTS, ".card")
    assert "a.example/3.txt" in card
    assert "said here, and not there in the same words:" in card
    assert window.run("return document.querySelectorAll('.card del').length") == 1
    window.press("n")
    assert window.run(TEXTS, "h2.name") == ["b.example"]
    assert len(window.run(TEXTS, ".card")) == 3
    window.press("\ue00c")
    assert window.run("return location.hash") == "#sites"
    assert window.errors() == []


def test_a_rule_shows_its_hits_in_all_files(opened: Browser) -> None:
    opened.press("4")
    assert opened.run("return location.hash") == "#rules"
    opened.run("[...document.querySelectorAll('td a')].find(link => link.textContent === 'web/share-label').click()")
    opened.run("return new Promise(done => setTimeout(done, 50))")
    assert opened.run(TEXTS, "h2") == ["web/share-label"]
    opened.run("document.querySelectorAll('button.inline').forEach(more => more.click())")
    names = {text.partition(":")[0] for text in opened.run(TEXTS, ".card .why:last-child a")}
    assert names == {"article.txt", *(f"page{number}.txt" for number in range(1, 12))}


def test_the_clean_text_stands_alone(opened: Browser) -> None:
    opened.go("page-0")
    opened.press("r")
    assert opened.run("return location.hash") == "#read-0"
    wanted = (ROOT / "examples" / "article.clean.txt").read_text("utf-8").split("\n")
    shown = opened.run(TEXTS, ".alone > p")
    assert [line for line in shown if line] == [line for line in wanted if line]
    assert opened.run(TEXTS, ".alone del") == []
    opened.run("document.querySelector('.gap').click()")
    assert opened.run(TEXTS, ".lost:not([hidden]) del")
    opened.press("r")
    assert opened.run("return location.hash") == "#page-0"


def test_languages_are_told(opened: Browser) -> None:
    language = "return document.querySelector(arguments[0]).lang"
    assert opened.run("return document.documentElement.lang") == "en"
    names = opened.run("return data.pages.map(page => data.names[page.name][0])")
    place = names.index("page1.txt")
    opened.go(f"page-{place}")
    assert opened.run(language, ".page .source") == "zh-Hant"
    assert opened.run(language, ".page .clean") == "zh-Hans"
    opened.go(f"read-{place}")
    assert opened.run(language, ".alone") == "zh-Hans"
    assert opened.run(language, ".gap") == "en"
    opened.go("removals")
    assert set(opened.run("return [...document.querySelectorAll('.card .text span')].map(e => e.lang)")) <= {
        "zh-Hans",
        "zh-Hant",
        "zh",
        "",
    }


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("width", "height"), [(390, 844), (1280, 900)])
def test_nothing_is_wider_than_the_window(window: Browser, page: Path, width: int, height: int, dark: bool) -> None:
    window.becomes(width, height, dark=dark)
    try:
        window.open(page)
        back = window.run("return getComputedStyle(document.body).backgroundColor")
        assert back == ("rgb(22, 24, 28)" if dark else "rgb(255, 255, 255)")
        places = len(window.run("return data.pages"))
        rules = len(window.run("return data.rules"))
        assert places > 3 < rules
        for place in (
            "overview",
            "removals",
            "files",
            "rules",
            "rule-0",
            f"rule-{rules - 1}",
            "page-0",
            "read-0",
            "page-3",
            "read-3",
        ):
            window.go(place)
            window.run("document.querySelectorAll('.fold, .gap, button.inline').forEach(more => more.click())")
            if place == "removals":
                window.run("document.querySelectorAll('.keep').forEach(keep => keep.click())")
                assert window.run("return document.getElementById('basket').hidden") is False
            assert window.run("return document.documentElement.scrollWidth <= innerWidth"), place
            wide = "return [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className || e.tagName)"
            assert window.run(wide) == [], place
        assert window.errors() == []
    finally:
        window.forget_sizes()


def test_dark_and_keys(opened: Browser) -> None:
    back = "return getComputedStyle(document.body).backgroundColor"
    light = opened.run(back)
    opened.press("d")
    assert opened.run(back) != light
    opened.press("?")
    assert opened.run("return document.getElementById('help').open")
    opened.press("\ue00c", "3")
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
        *("html", "head", "meta", "title", "style", "script", "noscript", "body", "header", "nav", "main", "dialog"),
        *("div", "section", "article", "h1", "h2", "p", "a", "b", "br", "span", "small", "q", "code", "del", "ins"),
        *("button", "input", "label", "select", "option", "table", "thead", "tbody", "tr", "th", "td"),
    }
    shown: set[str] = set()
    pages = window.run("return data.pages.length")
    assert pages == 20
    for place in [
        "overview",
        "files",
        "removals",
        "rules",
        "rule-0",
        "read-0",
        *(f"page-{number}" for number in range(pages)),
    ]:
        window.go(place)
        window.run("document.querySelectorAll('.fold, .gap').forEach(more => more.click())")
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


def run_in_shell(command: str, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """What happens if somebody types this."""
    here = f'zhnorm() {{ "{sys.executable}" -m zhnorm "$@"; }}\n{command}'
    return subprocess.run(
        ["bash", "-c", here], cwd=cwd, env=environment(), capture_output=True, timeout=120, check=False
    )


NAMES = [
    "plain.txt",
    "a b'c.txt",
    "$(touch hacked).txt",
    "-x.txt",
    "new\nline:2.txt",
    "\x1b[31m1.txt",
    "網頁 *.txt",
    'say "`ls`".txt',
    "~.txt",
]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with names that a shell would read otherwise, cleaned with a ledger and a report."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "in put").mkdir()
    for name in NAMES:
        (folder / "in put" / name).write_text(
            "雨中的貓睡著了，一直睡到天黑。\n分享到：微博\n第二天清晨，雨停了，貓也走了。\n相關文章\n·橋上的人\n",
            "utf-8",
        )
    done = zhnorm("clean", "in put", "-o", "out", "--ledger", "why it's.jsonl", "--html", "report.html", cwd=folder)
    assert done.code == 0, done
    return folder


def test_the_command_that_is_copied_keeps_what_was_chosen(window: Browser, odd: Path) -> None:
    window.open(odd / "report.html")
    window.go("removals")
    window.run(
        "[...document.querySelectorAll('.card')].find(card => card.querySelector('.text').textContent === '分享到：微博').querySelector('.keep').click()"
    )
    command = window.run("return document.getElementById('command').textContent")
    assert command.count("--except") == len(NAMES)
    window.run("[...document.querySelectorAll('#basket button')].find(button => button.textContent === 'Copy').click()")
    window.run("return new Promise(done => setTimeout(done, 100))")
    assert window.run(TEXTS, "#basket button")[0] in ("Copied", "Selected")
    done = run_in_shell(command, odd)
    assert (done.returncode, done.stdout) == (0, b""), done
    for name in NAMES:
        text = (odd / "kept" / name).read_text("utf-8")
        assert text == "雨中的猫睡着了，一直睡到天黑。\n分享到：微博\n第二天清晨，雨停了，猫也走了。\n", name
    assert not (odd / "hacked").exists()
    assert window.errors() == []


def test_a_whole_rule_is_kept_and_let_go_again(window: Browser, odd: Path) -> None:
    window.open(odd / "report.html")
    place = window.run("return data.rules.findIndex(rule => rule.rule === 'web/share-label')")
    window.go(f"rule-{place}")
    window.run("document.querySelector('.keep').click()")
    assert " --except web/share-label -o kept" in window.run("return document.getElementById('command').textContent")
    assert window.run("return document.querySelector('.keep').getAttribute('aria-pressed')") == "true"
    window.run("document.querySelector('.keep').click()")
    assert window.run("return document.getElementById('basket').hidden") is True


def test_a_lone_page_and_what_came_out(window: Browser, tmp_path: Path) -> None:
    """Lines need no name; from the outputs the inputs are made first; the command to explain works, too."""
    source = "雨中的貓睡著了，一直睡到天黑。\n分享到：微博\n複製鏈接\n第二天清晨，雨停了，貓也走了。\n"
    (tmp_path / "page.txt").write_text(source, "utf-8")
    assert zhnorm("clean", "page.txt", "-o", "clean.txt", "--ledger", "why.jsonl", cwd=tmp_path).code == 0
    for given in ("page.txt", "clean.txt"):
        done = zhnorm("explain", given, "--ledger", "why.jsonl", "--html", f"{given}.html", cwd=tmp_path)
        assert done.code == 0, done
        window.open(tmp_path / f"{given}.html")
        window.go("page-0")
        window.run("document.querySelectorAll('.page .keep').forEach(keep => keep.click())")
        command = window.run("return document.getElementById('command').textContent")
        assert command.endswith(" --except :2-3 -o kept.txt")
        done = run_in_shell(command, tmp_path)
        assert done.returncode == 0, done
        assert (tmp_path / "kept.txt").read_text("utf-8").split("\n")[1:3] == ["分享到：微博", "复制链接"]
        (tmp_path / "kept.txt").unlink()
        explain = window.run(TEXTS, ".copied code")[0]
        assert "web/share-label" in run_in_shell(explain, tmp_path).stdout.decode()


def test_thousands_of_changes_are_opened_a_part_at_a_time(window: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(40):
        gone = "".join(f"分享到：{number}號{line}\n" for line in range(200))
        (folder / f"{number}.txt").write_text(
            f"雨中的貓睡著了，一直睡到天黑。\n{gone}第{number}天清晨，雨停了，貓也走了。\n", "utf-8"
        )
    assert zhnorm("clean", "in", "-o", "out", "--html", "report.html", cwd=tmp_path).code == 0
    window.open(tmp_path / "report.html")
    assert window.run("return data.totals.removed") >= 8_000
    for place in ("overview", "removals", "files", "rules", "rule-0", "page-0", "read-0"):
        window.go(place)
        assert window.run("return document.querySelectorAll('*').length") < 4_000, place
    window.go("removals")
    assert window.run("return document.querySelectorAll('.card').length") == 200
    assert any("are shown: the most doubtful" in text for text in window.run(TEXTS, "p.soft"))
    window.run("document.querySelector('.more').click()")
    assert window.run("return document.querySelectorAll('.card').length") > 200
    window.go("page-0")
    assert len(window.run(TEXTS, ".fold")) == 1
    assert window.errors() == []
