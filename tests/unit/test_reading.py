"""What kind of line each line is, and what goes by it."""

from __future__ import annotations

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import zhnorm.arrays.matrices
from zhnorm import Cleaner
from zhnorm.conversion.fold import key
from zhnorm.line import Scored
from zhnorm.markup.frame import visible
from zhnorm.reader import read_lines
from zhnorm.reading.headline import headline
from zhnorm.reading.kinds import ABOUT, CHROME, CONTENT, DROPPED, KINDS
from zhnorm.reading.line_features import OWN, Hits
from zhnorm.reading.ngrams import MOST_CHARS, TABLE_BITS, pieces, places_of, text_of
from zhnorm.reading.read import Lines, read
from zhnorm.reading.reasons import WORDS, in_words, tell
from zhnorm.reading.surroundings import AROUND_NAMES

SECTIONS = ["新闻", "财经", "体育", "娱乐", "论坛", "视频"]
TEXT = [
    "钟表铺在老街的尽头，门口没有招牌，只有一只停在三点一刻的挂钟。铺主姓邱，今年七十一岁。",
    "他说只收过一次急件：一位新娘在婚礼前一天送来父亲的怀表，希望第二天走红毯的时候它能响。",
    "街坊都说他的手慢，可是送来的表从来没有返修过。邱师傅听了只是笑，说表和人一样，急不得。",
]
PAGE = [
    *["老街最后的钟表铺_江畔网", *SECTIONS, "首页 > 人物 > 正文", "老街最后的钟表铺", "2021年03月14日 09:20", *TEXT],
    *["分享到：", "――――", "相关新闻", "渡口的摆渡人退休了", "一座桥和它的三任看守", "网站地图", "联系我们"],
]


def _lines(*pages: list[str], hits: Hits | None = None) -> Lines:
    lines = Lines()
    for page in pages:
        said = [line for line in page if key(line)]
        lines.add(said, [key(line) for line in said], hits or {})
    return lines


def test_every_line_has_every_feature_in_range() -> None:
    readings = read(_lines(PAGE, hits={0: ("drop", True), 13: ("cut", True)}))
    assert readings.seen.own.shape[1] == len(OWN)
    assert readings.around.shape[1] == len(AROUND_NAMES)
    seen = (readings.seen.own, readings.around)
    assert all(math.isfinite(value) and 0 <= value < 16 for part in seen for row in part for value in row)


def test_lines_that_were_read_before_are_read_the_same() -> None:
    lines = _lines(PAGE, hits={0: ("drop", True)})
    first = read(lines).placed
    again = _lines(["灯灭了，他走了。", *PAGE[2:], *PAGE[:1]], hits={0: ("cut", True), 3: ("drop", False)})
    alone = read(again).placed
    again.known = lines.known
    assert np.array_equal(read(again).placed, alone)
    assert np.array_equal(read(lines).placed, first)


@pytest.mark.parametrize("page", [["甲"], ["甲乙丙丁"] * 3, TEXT, ["12"], ["http://a.b/"]])
def test_small_pages_are_read(page: list[str]) -> None:
    chances = read(_lines(page)).placed
    assert chances.shape == (len(page), len(KINDS))
    assert chances.sum(1) == pytest.approx(1, abs=0.01)


def test_pages_together_are_read_as_each_alone() -> None:
    pages = [PAGE, TEXT, ["甲"], PAGE[1:], [*PAGE[:10], *TEXT, *PAGE[10:]]]
    together = read(_lines(*pages))
    start = 0
    for page in pages:
        alone = read(_lines(page))
        size = len(alone.placed)
        assert (alone.placed == together.placed[start : start + size]).all()
        assert (alone.alone == together.alone[start : start + size]).all()
        start += size


def test_headline_is_none_without_a_title() -> None:
    assert headline(["首页", "新闻", "正文"], []) is None


def test_kinds_are_told_once() -> None:
    assert len({*CONTENT, *ABOUT, *CHROME}) == len(KINDS)
    assert set(KINDS) > DROPPED
    assert not DROPPED & set(CONTENT)


@pytest.mark.parametrize("profile", ["auto", "page", "article"])
def test_only_the_article_is_left(profile: str) -> None:
    result = Cleaner(profile=profile).explain("\n".join(PAGE))
    assert result.text.split() == ["老街最后的钟表铺", *TEXT]
    scored = [change for change in result.changes if isinstance(change.evidence, Scored)]
    assert scored
    assert all(change.rule.removeprefix("reading/") in DROPPED for change in scored)
    assert all(0 <= change.evidence.score <= 1 for change in scored if isinstance(change.evidence, Scored))


def test_nothing_is_read_twice_as_chrome() -> None:
    once = Cleaner().clean("\n".join(PAGE))
    assert not Cleaner().explain(once).changes


def test_every_reason_has_words() -> None:
    assert set(WORDS) >= set(OWN)
    told = tell(*(lambda lines: (lines, read(lines)))(_lines(PAGE)))
    for reason in (reason for line in told for reason in line.reasons):
        assert (
            reason[0] == "“"
            or in_words(reason) in WORDS.values()
            or re.match("[1-3] lines? (above|below): ", in_words(reason))
        )
    assert in_words("dropped-1") == "1 line above: known as boilerplate"
    assert in_words("of a later version") == "of a later version"


def test_without_boilerplate_the_page_is_read_as_well() -> None:
    result = Cleaner(boilerplate=False).explain("\n".join(PAGE))
    assert result.counts["reading/nav"] >= len(SECTIONS) - 1
    assert all(line in result.text for line in TEXT)


def test_a_kind_that_is_wanted_stays_and_an_unwanted_one_goes() -> None:
    text = "\n".join(PAGE)
    kinds = {line.text: line.kind for line in read_lines(text)}
    assert kinds["财经"] in DROPPED
    assert "财经" not in Cleaner().clean(text)
    assert "财经" in Cleaner(keep=(kinds["财经"],)).clean(text)
    assert TEXT[0] not in Cleaner(drop=(kinds[TEXT[0]],)).clean(text)


def test_caution_moves_the_odds() -> None:
    from typing import get_args

    from zhnorm.settings import Caution

    sizes = [len(Cleaner(caution=caution).clean("\n".join(PAGE))) for caution in get_args(Caution)]
    assert get_args(Caution) == ("careful", "even", "strict")
    assert all(one >= other for one, other in pairwise(sizes))


def test_pieces_are_where_they_say() -> None:
    folds = ["阅读 12,345", "", "灯" * 100]
    text = text_of(folds)
    first: set[str] = set()
    by_hash: dict[int, set[str]] = {}
    for value, line, start, size in zip(*(column.tolist() for column in pieces(folds)), strict=True):
        piece = text[start : start + size]
        assert "\n" not in piece
        by_hash.setdefault(value, set()).add(piece)
        if line == 0:
            first.add(piece)
    assert {"^阅读 ", "0,0$"} <= first
    assert all(len(found) == 1 for found in by_hash.values())


def test_a_line_without_words_has_the_pieces_of_its_ends() -> None:
    assert [column.tolist() for column in pieces([""])[1:]] == [[0, 0, 0], [0, 0, 1], [1, 2, 1]]


def test_of_a_table_only_the_pieces_that_it_knows_are_found() -> None:
    folds = ["阅读 12,345", "", "灯灭了"]
    marks = np.zeros(1 << TABLE_BITS, np.uint8)
    only = pieces(["灯"])
    place, mark = places_of(only.hashes[(only.starts == 1) & (only.sizes == 1)])
    marks[place] = mark
    known = pieces(folds, marks)
    assert [column.tolist() for column in known[1:]] == [[2], [text_of(folds).index("灯")], [1]]


@given(st.lists(st.text(st.sampled_from("灯a1 9\t\x1c\u3000。^"), max_size=90), min_size=1))
def test_a_line_is_read_with_its_numbers_and_spaces_as_one_character_each(folds: list[str]) -> None:
    wanted = []
    for line in folds:
        said = re.sub("[0-9]+", "0", re.sub("\\s+", " ", line)).strip()
        short = said if len(said) <= 2 * MOST_CHARS else f"{said[:MOST_CHARS]}\x01{said[-MOST_CHARS:]}"
        wanted.append(f"^{short}$")
    assert text_of(folds).split("\n") == wanted


def test_products_are_the_same_for_however_many_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = Lines()
    lines.add(PAGE, list(map(key, PAGE)), {})
    whole = read(lines)
    monkeypatch.setattr(zhnorm.arrays.matrices, "_ONE_THREAD", 1)
    again = Lines()
    again.add(PAGE, list(map(key, PAGE)), {})
    assert all((one == other).all() for one, other in zip(whole.scores, read(again).scores, strict=True))


@pytest.mark.parametrize(
    ("line", "shown", "share"),
    [
        ("灯灭了。", "灯灭了。", 0.0),
        ("[首頁](/)[新聞](/n)", "首頁新聞", 1.0),
        ("* [![橋](a.png) 新橋通車](/a)", "* 桥 新橋通車".replace("桥", "橋"), 1.0),
        ("<https://a.b/c>", "https://a.b/c", 1.0),
        ("**走進**[新館](/x)", "走進新館", 0.5),
    ],
)
def test_what_is_seen_of_markdown(line: str, shown: str, share: float) -> None:
    assert visible(line) == (shown, pytest.approx(share))


def test_weights_are_whole_numbers() -> None:
    from zhnorm.reading.network import network

    for name, array in network().arrays.items():
        assert name == "unit" or np.issubdtype(array.dtype, np.integer)


def test_a_page_of_one_line_stays_and_its_kind_is_told() -> None:
    result = Cleaner().explain("版权声明与免责条款\n")
    assert result.text == "版权声明与免责条款\n"
    assert [line.kind for line in result.lines] == [read_lines(result.text)[0].kind]
    assert Cleaner(drop=(result.lines[0].kind,)).clean(result.text) == ""


def test_a_line_with_bytes_that_are_no_characters_stays() -> None:
    page = (
        "城東圖書館新館開放，首日迎來三千讀者",
        "今天上午，城東圖書館的新館正式向讀者開放，館長說第一天來了三千多人，比預想的多了一倍。",
        "分享到：微博",
        "乾隆年間的地方志和近代的著作，都收藏在四樓的恆溫書庫裡。",
        "\udce7睻\udce7\udc94",
    )
    assert Cleaner().clean("\n".join(page)).split("\n")[-1] == page[-1]
