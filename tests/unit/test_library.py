"""What scripts and notebooks call: titles that are known, what is no text, and results for programs and people."""

from __future__ import annotations

import asyncio
import copy
import json
import pickle
from html.parser import HTMLParser
from pathlib import Path

import pytest

import zhnorm
from zhnorm import Cleaner, NotTextError, Settings, ZhnormError
from zhnorm.errors import SettingsError, UsageError
from zhnorm.limits import Limits

FIRST = "管磨坊的老葛说，水轮一年要换三回木齿，换一回要歇两天，歇的时候连鸭子都不往这边游。"
SECOND = "镇上的孩子放学以后来看水轮，老葛怕他们掉下去，就在边上插了一圈竹竿，竹竿上系着红布条。"
TITLE = "磨坊的水轮又转了一个冬天"
OTHER = "渡口的灯夜里为什么不灭"
PAGE = f"{TITLE}\n{FIRST}\n{OTHER}\n{SECOND}\n{OTHER}\n{TITLE}\n"
"""Both titles come back once; which of them is the title cannot be known from the page alone."""


def repeats(result: zhnorm.Result) -> list[str]:
    return [change.before for change in result.changes if change.rule.startswith("titles/")]


def test_one_cleaner_takes_the_title_of_each_document() -> None:
    cleaner = Cleaner(duplicates=False, reading=False)
    for title in (TITLE, OTHER, TITLE):
        assert repeats(cleaner.explain(PAGE, title)) == [title]
        assert cleaner.clean(PAGE, title).count(title) == 1
    assert list(cleaner.clean_many([PAGE, PAGE, PAGE], titles=[OTHER, None, TITLE])) == [
        cleaner.clean(PAGE, OTHER),
        cleaner.clean(PAGE),
        cleaner.clean(PAGE, title=TITLE),
    ]


def test_every_way_in_takes_a_title() -> None:
    cleaner = Cleaner()
    clean = cleaner.clean(PAGE, OTHER)
    assert "".join(cleaner.stream([PAGE[:30], PAGE[30:]], title=OTHER)) == clean
    document = cleaner.incremental(title=OTHER)
    assert document.feed(PAGE) + document.finish() == clean
    assert zhnorm.clean(PAGE, title=OTHER) == zhnorm.explain(PAGE, title=OTHER).text == clean
    assert list(zhnorm.clean_many([PAGE], titles=(title for title in [OTHER]))) == [clean]
    assert Cleaner(title=OTHER).clean(PAGE) == clean
    assert Cleaner(title=TITLE).clean(PAGE, OTHER) == clean


def test_a_document_larger_than_windows_knows_its_title() -> None:
    page = "".join(f"第{i}句说的是水轮转了{i * 7}圈，{FIRST}\n{OTHER}\n" for i in range(300))
    cleaner = Cleaner(window_lines=50, duplicates=False, reading=False)
    assert cleaner.clean(page, OTHER).count(OTHER) == 1
    assert list(cleaner.clean_many([page], titles=[OTHER])) == [cleaner.clean(page, OTHER)]


@pytest.mark.parametrize(
    "given", [f"{TITLE}_磨坊网", f"{TITLE} - 河边晚报", f"  {TITLE}\n", "磨坊的水輪又轉了一個冬天"]
)
def test_a_title_may_have_the_name_of_its_site_behind_it(given: str) -> None:
    assert repeats(Cleaner(duplicates=False, reading=False).explain(PAGE, given)) == [TITLE]


def test_a_title_that_is_not_on_the_page_is_no_reason_to_find_none() -> None:
    page = f"{TITLE}\n{FIRST}\n{TITLE}\n{SECOND}\n"
    cleaner = Cleaner(duplicates=False, reading=False)
    assert cleaner.clean(page, "首页") == cleaner.clean(page) == f"{TITLE}\n{FIRST}\n{SECOND}\n"


@pytest.mark.parametrize("missing", [None, float("nan"), ""])
def test_a_title_that_is_missing_is_found(missing: str | None) -> None:
    assert Cleaner().clean(PAGE, missing) == Cleaner().clean(PAGE)


@pytest.mark.parametrize(
    ("value", "said", "hint"),
    [
        (None, "expected text, got None", 'give "" for a page without text'),
        (float("nan"), "expected text, got nan", "dropna"),
        (b"\xcd\xf8", "expected text, got bytes", "decode"),
        (["網絡"], "expected text, got list", "clean_many"),
        (Path("page.txt"), f"expected text, got {type(Path()).__name__}", "read_text"),
        (7, "expected text, got int", "a str"),
    ],
)
def test_what_is_no_text_is_refused(value: str, said: str, hint: str) -> None:
    cleaner = Cleaner()
    for call in (
        zhnorm.clean, zhnorm.clean_html, zhnorm.extract_html, zhnorm.explain, zhnorm.read, zhnorm.convert, zhnorm.detect, cleaner, cleaner.clean, cleaner.explain,
        cleaner.incremental().feed, lambda value: list(cleaner.stream([value])),
    ):  # fmt: skip
        with pytest.raises(NotTextError) as caught:
            call(value)
        assert caught.value.message == said
        assert hint in caught.value.hint
    with pytest.raises(TypeError, match=r"texts\[2\]: expected text"):
        list(cleaner.clean_many(["甲", "", value]))
    assert isinstance(pickle.loads(pickle.dumps(caught.value)), ZhnormError)


def test_what_came_before_it_is_given_out() -> None:
    given = Cleaner().clean_many(["網絡", "安全", None, "程式"])  # type: ignore[list-item]
    assert [next(given), next(given)] == ["网络", "安全"]
    with pytest.raises(NotTextError, match=r"texts\[2\]"):
        next(given)


def test_a_feed_that_is_no_text_spoils_nothing() -> None:
    document = Cleaner().incremental()
    assert document.feed("網") == ""
    with pytest.raises(NotTextError):
        document.feed(None)  # type: ignore[arg-type]
    assert document.feed("絡") + document.finish() == "网络"


class _Table(list):  # type: ignore[type-arg]
    columns = ("text",)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ("網絡", "texts: expected many texts, got one text"),
        (b"abc", "texts: expected many texts, got one bytes"),
        (None, "texts: expected texts, got NoneType"),
        ({"a": "網絡"}, "texts: expected texts, got dict"),
        (_Table(), "texts: expected texts, got _Table"),
    ],
)
def test_one_text_is_not_many(texts: list[str], said: str) -> None:
    for many in (zhnorm.clean_many, Cleaner().clean_many):
        with pytest.raises(NotTextError, match=f"^{said}\n"):
            many(texts)  # at once, and not when somebody asks for the first one


@pytest.mark.parametrize(("texts", "titles"), [(2, 1), (1, 2), (0, 1), (1, 0)])
def test_there_are_as_many_titles_as_texts(texts: int, titles: int) -> None:
    with pytest.raises(UsageError, match=r"more (texts|titles)"):
        list(zhnorm.clean_many(["網"] * texts, [None] * titles))


def test_titles_are_many_too() -> None:
    with pytest.raises(NotTextError, match="titles: expected many texts, got one text"):
        zhnorm.clean_many(["網", "絡"], titles="網絡")
    with pytest.raises(NotTextError, match=r"titles\[1\]: expected text, got int"):
        list(zhnorm.clean_many(["網", "絡"], titles=[None, 5]))  # type: ignore[list-item]
    with pytest.raises(NotTextError, match="title: expected text, got bytes"):
        zhnorm.clean("網", b"x")  # type: ignore[arg-type]


def test_a_list_does_where_a_tuple_is_kept() -> None:
    for one, other in (
        ({"packs": ["web"]}, {"packs": ("web",)}),
        ({"keep": {"comment", "byline"}}, {"keep": ("byline", "comment")}),
        ({"protect": ["程式"], "drop": []}, {"protect": ("程式",)}),
        ({"dictionary": {"软件": "軟體"}}, {"dictionary": (("软件", "軟體"),)}),
        ({"dictionary": [["软件", "軟體"]]}, {"dictionary": (("软件", "軟體"),)}),
    ):
        assert Settings.of(**one) == Settings.of(**other)  # type: ignore[arg-type]
        assert Cleaner(**one).digest == Cleaner(**other).digest  # type: ignore[arg-type]
        assert zhnorm.clean(PAGE, **one) == zhnorm.clean(PAGE, **other)  # type: ignore[arg-type]


@pytest.mark.parametrize("setting", [{"packs": "web"}, {"keep": "comment"}, {"protect": "程式"}])
def test_one_text_is_no_list(setting: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="expected a list of") as caught:
        Settings.of(**setting)
    (value,) = setting.values()
    assert caught.value.hint == f"write it as a list: [{value!r}]"


@pytest.mark.parametrize("value", [["软件"], [("软件",)], "软件", [1], {"软件": 2}, [("a", "b", "c")]])
def test_what_is_no_dictionary(value: object) -> None:
    with pytest.raises(SettingsError, match="expected pairs"):
        Settings.of(dictionary=value)


def test_clean_takes_what_a_cleaner_takes() -> None:
    with pytest.raises(zhnorm.errors.LimitError):
        zhnorm.clean("網絡", limits=Limits(most_bytes=2))
    assert zhnorm.clean("網絡", to="keep") == "網絡"
    with pytest.raises(SettingsError, match="unknown setting 'pack'"):
        zhnorm.clean("網絡", pack=["web"])


def test_a_result_in_one_line_and_for_json() -> None:
    result = zhnorm.explain(PAGE + "分享到：微博\n" + FIRST * 50, title=TITLE)
    assert len(repr(result)) < 150
    assert "\n" not in repr(result)
    assert "7 lines" in repr(result) or "8 lines" in repr(result)
    back = json.loads(json.dumps(result.to_dict()))
    assert back["text"] == result.text
    assert back["counts"] == result.counts
    assert 0 < back["share_removed"] == result.share_removed < 1
    assert "".join(line["text"] + line["end"] for line in back["lines"] if line["text"] is not None) == result.text
    gone = [line for line in back["lines"] if line["text"] is None]
    assert [line["line"] for line in gone] == [line.number for line in result.removed]
    assert all(line["changes"][-1]["after"] is None and line["changes"][-1]["evidence"]["kind"] for line in gone)
    assert repr(zhnorm.explain("")) == "<Result '': 0 lines, 0 removed, 0 rewritten, 0% of the letters went>"
    assert pickle.loads(pickle.dumps(result)) == copy.deepcopy(result) == result


class _Tags(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_notebook_shows_what_went_and_why() -> None:
    page = f"{TITLE}\n{FIRST}<script>alert(1)</script>&amp;\n分享到：<b>微博</b>\n{SECOND}\n分享到：微博\n"
    shown = _Tags(zhnorm.explain(page)._repr_html_())
    assert not shown.open
    assert "script" not in shown.seen
    assert "web/share-label" in shown.text
    assert "分享到：微博" in shown.text
    assert SECOND in shown.text
    many = zhnorm.explain(FIRST + "\n" + "".join(f"分享到：微博{'！' * n}\n" for n in range(1, 260)))
    if len(many.removed) > 100:
        assert f"and {len(many.removed) - 100} more" in _Tags(many._repr_html_()).text
    # Bytes that are no characters cannot stand in a page.
    zhnorm.explain("網\udcff絡\n")._repr_html_().encode()


def test_the_colours_of_a_notebook_are_its_own() -> None:
    shown = zhnorm.explain(PAGE)._repr_html_()
    assert "color" not in shown
    assert "http" not in shown


def test_async_pages_are_cleaned_beside_the_loop() -> None:
    cleaner = Cleaner()

    async def work() -> list[str]:
        return await asyncio.gather(*(asyncio.to_thread(cleaner.clean, PAGE, title) for title in (TITLE, OTHER)))

    assert asyncio.run(work()) == [cleaner.clean(PAGE, TITLE), cleaner.clean(PAGE, OTHER)]
