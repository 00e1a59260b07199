"""Keys, counts and templates."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from zhnorm.corpus import Learner, Template, Templates
from zhnorm.corpus.columns import Buckets
from zhnorm.corpus.counts import ROWS, Wanted, line_of_site
from zhnorm.corpus.documents import date_of
from zhnorm.corpus.keys import MOST_LETTERS, form, is_form, lines_of
from zhnorm.corpus.sites import site_of, site_of_name
from zhnorm.errors import RulesError, SettingsError

SITE = "news.example"
HEAD, DATE, FOOT = "晨報網 首頁 新聞", "發布時間：2024-01-{:02} 閱讀 {}", "版權所有 晨報網"
PROSE = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"


def body(number: int, lines: int = 3) -> list[str]:
    """Lines that no other page has, be it that digits are masked."""
    own = "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in str(number))
    return [f"{own}篇第{line}段，{PROSE[line : line + 20]}。" for line in range(lines)]


def page(number: int, *, inside: tuple[str, ...] = ()) -> str:
    text = body(number)
    return "\n".join([HEAD, DATE.format(number % 28 + 1, number * 13), text[0], *inside, *text[1:], FOOT])


def learned(pages: list[str], **wanted: float) -> set[str]:
    return {row.line for row in Templates.learn([(SITE, text) for text in pages], **wanted)}  # type: ignore[arg-type]


FURNITURE = {form(HEAD), form(DATE), form(FOOT)} - {""}


def test_what_a_site_prints_is_found_whatever_it_says() -> None:
    assert learned([page(number) for number in range(20)]) == {form(HEAD), form(DATE.format(1, 1)), form(FOOT)}


def test_forms_know_neither_script_nor_marks_nor_numbers() -> None:
    assert form("發佈時間：2024-01-02　閱讀（88）") == form("发布时间 2023/11/9, 阅读 7")
    assert form("第１章") == form("第12章")
    for line in ("第 3,500 號", "2024-01-02 更新", "ＡＢＣ 首頁"):
        assert form(form(line)) == form(line)


@pytest.mark.parametrize(
    ("line", "is_one"),
    [("首页", True), ("页", False), ("2024-01-02", False), ("，。", False), ("字" * 120, True), ("字" * 121, False)],
)
def test_what_can_be_a_template(line: str, is_one: bool) -> None:
    assert is_form(form(line)) == is_one


def test_a_page_fetched_again_and_again_counts_once() -> None:
    pages = [page(number) for number in range(10)]
    # The paragraph is too long for a template: it tells that the other lines are the same page as well.
    long = "\n".join([HEAD, "只此一頁的小標題", "長" * (MOST_LETTERS + 1), "另一段不變的文字", FOOT])
    again = [
        f"{long}\n{teaser}"
        for teaser in ("看更多甲", "看更多乙", "看更多丙", "看更多丁", "看更多戊", "看更多己", "看更多庚")
    ]
    assert form("只此一頁的小標題") not in learned(pages + again)
    assert form(HEAD) in learned(pages + again)


def test_lines_that_come_back_among_changing_lines_stay_unless_nearly_all_pages_have_them() -> None:
    half = [page(number, inside=("盐 3克",) if number % 2 else ()) for number in range(20)]
    assert form("盐 3克") not in learned(half)
    everywhere = [page(number, inside=("字号：大 中 小",)) for number in range(20)]
    assert form("字号：大 中 小") in learned(everywhere)


def test_a_poem_on_a_few_pages_of_many_stays() -> None:
    poem = ("床前风过竹影低", "檐下灯深客未归")
    pages = [page(number, inside=poem if number < 8 else ()) for number in range(120)]
    assert not learned(pages) & {form(line) for line in poem}


def test_a_headline_that_other_pages_link_to_stays_on_its_own_page() -> None:
    headlines = [f"{name}地新桥今天通车市民前往" for name in "江河湖海溪潭泉浦"]
    pages = [
        "\n".join([HEAD, headlines[number], *body(number), headlines[number], "热门文章", *headlines, FOOT])
        for number in range(8)
    ]
    templates = Templates.learn([(SITE, text) for text in pages])
    gone = templates.find(pages[3], SITE)
    kept = [line for index, line in enumerate(pages[3].split("\n")) if index not in gone]
    assert kept == [headlines[3], *body(3), headlines[3], headlines[3]]


def test_what_is_a_template_of_many_sites_goes_from_all() -> None:
    documents = [(f"site{site}.example", page(site * 10 + number)) for site in range(6) for number in range(3)]
    templates = Templates.learn(documents, min_sites=5)
    assert {(row.site, row.sites) for row in templates} == {("*", 6)}
    assert templates.apply(page(999), "http://unknown.example/") == "\n".join(body(999))


def test_a_document_without_a_site_teaches_nothing_and_loses_nothing() -> None:
    assert not len(Templates.learn([("", page(number)) for number in range(20)]))
    assert Templates.learn([(SITE, page(number)) for number in range(20)]).apply(page(3)) == page(3)


@pytest.mark.parametrize("wanted", [{"min_pages": 1}, {"share": 0}, {"share": 1.5}, {"min_sites": 1}])
def test_numbers_that_make_no_sense_are_refused(wanted: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        Templates.learn([], **wanted)  # type: ignore[arg-type]


def test_counting_in_buckets_is_counting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(5)
    rows = np.zeros(5000, ROWS)
    rows["line"] = chance.integers(1, 40, 5000).astype(np.uint64) * np.uint64(0x0654_3210_FEDC_BA97)
    rows["site"], rows["body"] = chance.integers(1, 4, 5000), chance.integers(0, 300, 5000)
    of = np.array([0, 60, 60, 60])
    wanted = Wanted(2, 0.01, 3)
    whole = np.concatenate(wanted.choose(rows, of))
    monkeypatch.setattr("zhnorm.corpus.columns.BUCKET_ROWS", 100)
    with Buckets(str(tmp_path), ROWS, line_of_site, 5000) as buckets:
        for part in np.array_split(rows, 7):
            buckets.add_rows(part)
    found = wanted.choose_in(buckets, of)
    assert len(found[found["sites"] > 0])
    assert len(list(tmp_path.iterdir())) == 0
    assert sorted(found.tolist()) == sorted(whole.tolist())


def test_templates_are_what_a_learner_learns_in_any_order() -> None:
    pages = [(SITE, page(number)) for number in range(30)]
    one, other = Learner(), Learner()
    for address, text in pages:
        one.add(address, text)
    for address, text in reversed(pages):
        other.add(address, text)
        other.templates()  # asked in between, it goes on
    assert [row[:6] for row in one.templates()] == [row[:6] for row in other.templates()]


@pytest.mark.parametrize("end", ["tsv", "jsonl", "parquet"])
def test_templates_come_back_from_files(tmp_path: Path, end: str) -> None:
    templates = Templates.learn([(SITE, page(number)) for number in range(20)])
    path = str(tmp_path / f"t.{end}")
    templates.save(path)
    assert list(Templates.load(path)) == list(templates)
    assert Templates.load(path).digest == templates.digest


def test_people_edit_files_of_templates(tmp_path: Path) -> None:
    path = tmp_path / "t.tsv"
    path.write_text(f"site\tline\r\nhttps://www.{SITE}/\t「廣告」　請勿相信\r\n*\t{HEAD}\n\n", "utf-8")
    templates = Templates.load(str(path))
    assert templates.apply(f"{HEAD}\n广告：请勿相信\n正文", SITE) == "正文"
    assert templates.apply(f"{HEAD}\n广告：请勿相信\n正文", "b.example") == "广告：请勿相信\n正文"


FORGED = [
    ("t.jsonl", '{"site": "a", "line": 5}\n', "'line'"),
    ("t.jsonl", '{"site": "a", "line": "首页", "pages": -1}\n', "'pages'"),
    ("t.jsonl", "[1]\n", ":1"),
    ("t.jsonl", '{"site": "a", "line"\n', "not JSON"),
    ("t.jsonl", '{"site": "", "line": "首页"}\n', "no site"),
    ("t.jsonl", json.dumps({"site": "a", "line": "字" * 500}) + "\n", "no template"),
    ("t.jsonl", '{"site": "a", "line": "2024"}\n', "no template"),
    ("t.tsv", "a\tb\n", "first row"),
    ("t.tsv", "site\tline\na\n", "1 cells"),
    ("t.tsv", "site\tline\tpages\na\t首页\t1e9\n", "'pages'"),
    ("t.parquet", "PAR1 no", "no Parquet"),
    ("t.txt", "", "which format"),
]


@pytest.mark.parametrize(("name", "text", "said"), FORGED)
def test_forged_files_of_templates_are_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(RulesError, match=said):
        Templates.load(str(path))


def test_sites() -> None:
    assert site_of("HTTP://WWW.News.Example:8080/a?b") == site_of("news.example") == "news.example"
    assert site_of("m.news.example") == "news.example"
    assert site_of("www.example") == "www.example" or site_of("www.example") == "example"
    assert site_of("http://[::1") == "http://[::1"
    assert site_of("") == ""
    assert site_of_name("a.example/b/c.txt") == "a.example"


@pytest.mark.parametrize(
    ("written", "number"), [("20240131", 20240131000000), ("2024", 20240000000000), ("31.1.2024", 0), ("", 0)]
)
def test_dates(written: str, number: int) -> None:
    assert date_of(written) == number


def test_lines_of_no_documents() -> None:
    assert [len(column) for column in lines_of([])] == [0] * 7


def test_a_template_says_why() -> None:
    evidence = Template(SITE, "首页", 9, 10).evidence
    assert evidence == (9, 10, SITE, None)
