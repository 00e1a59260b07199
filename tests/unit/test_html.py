"""HTML: what is recognised as such, and what comes out of it. Pages of tests/html have the wanted text beside them."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhnorm
from tests.command import zhnorm as command
from zhnorm.errors import LimitError, ReadError
from zhnorm.html.extraction import Door, extract
from zhnorm.html.recognition import declared_encoding, markup_of, may_be_markup, refuse_markup

PAGES = sorted((Path(__file__).parents[1] / "html").glob("*.html"))

PAGE = [
    "<!DOCTYPE html><html><body><p>雨停了。</p></body></html>",
    "\ufeff\r\n<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>\n<HTML><BODY>雨停了。</BODY></HTML>",
    '<?xml version="1.0" encoding="utf-8"?>\n<!-- 由某某生成 -->\n<html xmlns="http://www.w3.org/1999/xhtml"><body><p>雨</p></body></html>',
    "<html>\n<head><title>雨</title></head>\n<body>雨停了。<br>猫也走了。<br>",  # cut off
    "<head><meta charset=utf-8></head><body><p>雨停了。</p>",
    "<body bgcolor=white><center>雨停了。</center></body>",
    "<!DOCTYPE html><html><body>"
    + "雨停了，猫也走了。<br>\n" * 500
    + "</body></html>\n<!-- 12 queries -->\n<script>count('雨停了')</script>",
]
PIECE = [
    "<p>雨停了。</p>",
    "<p>雨停了，<br />\n猫也走了。</p>\n<p>屋檐下干了。</p>\n",
    "<div class='a'><h2>做法</h2><ul><li>切丝</li></ul></div>",
    "<table><tr><td>早一</td><td>06:30</td></tr></table>",
    # The empty line is one of the program.
    "<div><p>先数一数。</p><pre><code>import re\n\nprint(1 < 2)\n</code></pre>\n<p>再看结果。</p></div>",
]
TEXT = [
    "",
    "雨停了。",
    "a < b，b > c",
    "<",
    "<3 雨停了",
    "<雨停了>",
    "# HTML 入门\n\n网页以 `<!DOCTYPE html>` 开头，接着是 `<html>` 和 `<head>`。\n",
    "```html\n<!DOCTYPE html>\n<html><body></body></html>\n```\n\n这就是一个网页。\n",
    # It begins by showing a page, and goes on to speak of it.
    "<!DOCTYPE html>\n<html>\n<body>\n<p>雨</p>\n</body>\n</html>\n\n上面是一个最小的网页，第一行说的是文档类型，后面才是内容，浏览器从上往下读。\n",
    "<html>\n<body>\n" + "这一章讲的是网页的开头，先写什么，后写什么，为什么要这样写，都在下面。\n" * 60,
    "<p align='center'><img src='logo.png'></p>\n\n# 雨具\n\n一个小工具。\n",
    "<div align='center'>\n\n# 雨具\n\n</div>\n",
    "<div>\n\n雨停了。\n\n</div>\n",
    "<details>\n<summary>雨</summary>\n\n停了。\n\n</details>\n",
    "<br/>\n雨停了。\n",
    "<p>雨停了。</p>\n猫也走了。\n",
    "<p>用 <pre> 写程序。</p>\n\n这一段在外面。\n\n<p>还有一段。</p>\n",
    "<p>雨</p>\n<pre>一\n\n二</pre>\n\n这一段在外面。\n\n<p>停了。</p>\n",
    "<!-- 草稿 -->\n雨停了。\n",
    "<speaker>甲</speaker>\n<speaker>乙</speaker>\n",
    "<https://rain.example/>\n",
    "<feed>\n雨停了。\n</feed>\n",
]
FEED = [
    '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>雨</title></channel></rss>',
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>雨</title></feed>',
    '<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>',
]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, "page") for text in PAGE),
        *((text, "piece") for text in PIECE),
        *((text, "") for text in TEXT),
        *((text, "map" if "urlset" in text else "feed") for text in FEED),
        ('<?xml version="1.0"?><book><p>雨停了。</p></book>', "xml"),
    ],
)
def test_what_it_is(text: str, kind: str) -> None:
    assert markup_of(text) == kind
    if kind in ("page", "piece", "feed"):
        with pytest.raises(ReadError, match="not text"):
            refuse_markup(text)
    else:
        refuse_markup(text)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_pages_are_pages_and_their_texts_are_not(page: Path) -> None:
    assert markup_of(page.read_text("utf-8")) == "page"
    assert markup_of(page.with_suffix(".txt").read_text("utf-8")) == ""


@pytest.mark.parametrize("text", [*PAGE, *PIECE, *FEED])
def test_no_beginning_of_markup_is_taken_for_text(text: str) -> None:
    assert all(may_be_markup(text[:cut]) is not False for cut in range(min(len(text), 1000)))


@given(st.sampled_from(TEXT), st.lists(st.integers(0, 60), max_size=5))
def test_text_goes_through_the_door_as_it_is(text: str, cuts: list[int]) -> None:
    door = Door("page.txt")
    assert "".join(door.pieces(_cut(text, cuts))) == text
    assert not door.extracted


def test_text_is_not_held_back() -> None:
    """The first piece of a text comes out before the second one is asked for."""
    pieces = Door("page.txt").pieces(iter(["雨停了。\n", "猫也走了。\n"]))
    assert next(pieces) == "雨停了。\n"


@given(st.sampled_from([page.read_text("utf-8") for page in PAGES[:3]]), st.lists(st.integers(0, 3000), max_size=4))
def test_html_is_the_same_wherever_it_is_cut(page: str, cuts: list[int]) -> None:
    pytest.importorskip("trafilatura")
    door = Door("page.html")
    assert "".join(door.pieces(_cut(page, cuts))) == extract(page).text
    assert door.extracted


def _cut(text: str, cuts: list[int]) -> list[str]:
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    return [text[start:stop] for start, stop in pairwise(places)]


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_cleaning_is_never_worse_than_extraction_alone(page: Path) -> None:
    trafilatura = pytest.importorskip("trafilatura")
    from benchmarks.extraction import score

    html, wanted = page.read_text("utf-8"), page.with_suffix(".txt").read_text("utf-8")
    cleaned = score(zhnorm.clean_html(html), wanted)
    assert cleaned.f >= score(extract(html).text, wanted).f
    assert cleaned.f >= score(trafilatura.extract(html) or "", wanted).f
    assert cleaned.recall > 0.8


def test_what_is_kept_of_a_page() -> None:
    pytest.importorskip("trafilatura")
    page = """<html><head><title>雨中的貓 - 某站</title></head><body><article>
        <p>貓在<a href="/eaves">屋簷</a>下睡著了，第一行<br>第二行，一直睡到天黑，雨也沒有停，誰也沒有出門。</p>
        <h2>第二天</h2><p>清晨雨停了，貓也走了，屋簷下只剩下一片乾的地方，旁邊是昨天的報紙和半碗清水。</p>
        <figure><img src="cat.jpg" alt="貓"><figcaption>貓睡過的地方，報紙是昨天的。</figcaption></figure>
        <ol><li>先掃地，掃得慢一點</li><li>再開門，門外沒有人</li></ol>
        <table><tr><th>日</th><th>雨</th></tr><tr><td>一</td><td>大</td></tr></table></article></body></html>"""
    text = extract(page, url="https://rain.example/cat").text
    assert "[屋簷](https://rain.example/eaves)" in text
    assert "## 第二天" in text
    assert "![貓](https://rain.example/cat.jpg)" in text or "![貓](cat.jpg)" in text
    assert "\n貓睡過的地方，報紙是昨天的。" in text
    assert "1. 先掃地" in text
    assert "| 日 | 雨 |" in text
    assert "第一行\n" in text.replace("  \n", "\n")
    assert text.startswith("# 雨中的貓")


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<html><head><title>雨中的貓</title></head><body><p>貓在屋簷下睡著了。</p></body></html>", "雨中的貓"),
        ("<html><body><h1>雨中的貓</h1><p>貓在屋簷下睡著了。</p></body></html>", "雨中的貓"),
        ("<p>貓在屋簷下睡著了。</p>", None),
    ],
)
def test_the_title_stands_above_the_text_once(html: str, title: str | None) -> None:
    pytest.importorskip("trafilatura")
    found = extract(html)
    assert found.title == title
    assert found.text.count("雨中的貓") == (title is not None)
    assert "貓在屋簷下睡著了。" in found.text


@pytest.mark.parametrize(
    "html",
    [
        "<html><body></body></html>",
        "<html><body><script>var a='雨停了'</script></body></html>",
        "<html><body><p>——</p></body></html>",
    ],
)
def test_a_page_without_text_is_refused(html: str) -> None:
    pytest.importorskip("trafilatura")
    with pytest.raises(ReadError, match="without text") as found:
        zhnorm.clean_html(html)
    assert found.value.hint


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><p>雨\0停\ud800了。</p></body></html>",
        '<?xml version="1.0" encoding="gb2312"?><html><head><meta charset="big5"></head><body><p>雨停了。</p></body></html>',
        "<html><body>" + "<div>" * 1500 + "雨停了。",
        "<html><body>"
        + "".join(f"<font><p>第{day}天，雪還沒有化。</p>" for day in range(400))
        + "<p>最後一天雨停了，貓也走了，屋簷下乾了。</p>",
        '<!DOCTYPE html><html lang="zh"/><body><p>雨停了。</p></body></html>',
        "<html><body><p>雨停了。" + "<p" * 1000,
    ],
    ids=["not characters", "says another encoding", "deep", "never closed", "closed at once", "broken"],
)
def test_hostile_pages_give_their_text(html: str) -> None:
    pytest.importorskip("trafilatura")
    assert "雨" in extract(html).text


def test_what_is_nested_too_deep_is_refused() -> None:
    """Nothing below a depth that the parser does not reach is lost silently."""
    pytest.importorskip("trafilatura")
    with pytest.raises(ReadError, match="nested too deep"):
        extract("<html><body><p>雨停了。</p>" + "<div>" * 5000 + "猫也走了。")


def test_who_takes_it_for_text_says_so() -> None:
    cleaner = zhnorm.Cleaner()
    for take in (cleaner.clean, cleaner.explain, zhnorm.clean, zhnorm.explain, zhnorm.read):
        with pytest.raises(ReadError, match="not text") as found:
            take(PAGE[0])
        assert "clean_html" in found.value.hint
    with pytest.raises(ReadError, match="not text"):
        list(cleaner.clean_many(["雨停了。", PAGE[0]]))
    assert "".join(cleaner.stream([PAGE[0]]))


def test_settings_reach_the_cleaner() -> None:
    pytest.importorskip("trafilatura")
    page = "<html><body><p>貓在屋簷下睡著了，一直睡到天黑。</p></body></html>"
    assert zhnorm.clean_html(page, to="keep") == "貓在屋簷下睡著了，一直睡到天黑。\n"
    assert zhnorm.clean_html(page) == "猫在屋檐下睡着了，一直睡到天黑。\n"


def test_nothing_is_imported_for_text(tmp_path: Path) -> None:
    """Only HTML costs the import of what reads it."""
    (tmp_path / "trafilatura.py").write_text("raise SystemExit('imported')")
    done = command("clean", stdin="雨停了。\n".encode(), PYTHONPATH=str(tmp_path))
    assert (done.code, done.out.decode()) == (0, "雨停了。\n")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b'<html><head><meta charset="GBK">', "gbk"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=Big5">', "big5"),
        (b'\xef\xbb\xbf<?xml version="1.0" encoding="gb2312"?><html>', "gb2312"),
        (b"<html><head><title>charset=big5</title>", None),
        (b"charset=big5", None),
        (b"", None),
    ],
)
def test_the_encoding_that_a_page_names(data: bytes, name: str | None) -> None:
    assert declared_encoding(data) == name


def test_taking_the_text_out_is_under_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zhnorm.limits, "SECONDS_PER_BYTE", 0.0)
    page = "<html><body>" + "<p>雨停了，猫也走了。</p>" * 2000 + "</body></html>"
    with pytest.raises(LimitError, match="of computing"):
        zhnorm.clean_html(page, limits=zhnorm.Limits(seconds=0.001))


CODE = "def a():\n    return 1\n\n\ndef b():\n    # <b>\n    return 2"


@pytest.mark.parametrize(
    "inside", ["<pre>{}</pre>", "<pre><code>{}</code></pre>", '<pre><span class="k">{}</span></pre>']
)
def test_code_keeps_its_empty_lines(inside: str) -> None:
    before, behind = (
        "下面这段程序里有两个函数，中间空着两行，读起来更清楚。",
        "空行没有了，这两个函数就连在一起，读者要自己找出边界。",
    )
    code = inside.format(CODE.replace("<", "&lt;"))
    page = f"<html><body><article><h1>两个函数</h1><p>{before}</p>{code}<p>{behind}</p></article></body></html>"
    assert CODE in extract(page).text
    assert CODE in zhnorm.clean_html(page)
    assert CODE in zhnorm.clean_html(page.replace("\n", "\r\n"))


@pytest.mark.parametrize("html", ["", " \r\n", "\ufeff"])
def test_where_nothing_stands_is_no_text(html: str) -> None:
    """As an empty file is an empty text."""
    assert zhnorm.clean_html(html) == ""
    assert zhnorm.extract_html(html) == ("", None)
