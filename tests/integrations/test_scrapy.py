from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import zhnorm

from . import PAGE, TITLE, needs

pytestmark = needs("scrapy")

ROOT = Path(__file__).resolve().parents[2]
CLEAN = zhnorm.clean(PAGE)
TITLED = zhnorm.clean(PAGE, TITLE)


def crawled(**settings: Any) -> dict[str, Any]:
    """What a crawl gives: items, statistics, log."""
    return _crawled(json.dumps(settings))


@cache
def _crawled(settings: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.integrations.crawl", settings]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode or not done.stdout:
        return {"said": [done.stderr]}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def by_url(crawl: dict[str, Any]) -> dict[str, Any]:
    return {item.get("url"): item for item in crawl["items"]}


def test_items_of_every_kind_come_out_clean() -> None:
    pytest.importorskip("trafilatura")
    crawl = crawled()
    items = by_url(crawl)
    assert items["u/dict"]["text"] == CLEAN
    assert items["u/item"]["text"] == CLEAN
    assert items["u/item"][""] == "Article"
    assert items["u/item"]["title"] == TITLE
    assert items["u/list"]["text"] == ["雨中的猫在屋檐下睡着了，一直睡到天黑。"]
    assert items["https://ferry.example/a"]["text"] == "老陶把磨好的豆腐摆上船头。\n"
    assert items["u/empty"]["text"] == ""
    # What has no text waits for nobody.
    assert [item["text"] for item in crawl["items"] if item[""] == "Note"] == [None, "网络"]
    assert {"price": 7, "": "dict"} in crawl["items"]


def test_items_keep_their_order() -> None:
    numbered = [item for item in crawled()["items"] if "number" in item]
    assert [item["number"] for item in numbered] == list(range(300))
    assert [item["text"] for item in numbered] == [zhnorm.clean(f"第{number}個\n") for number in range(300)]


def test_statistics_say_what_was_done() -> None:
    stats = crawled()["stats"]
    assert stats["zhnorm/items"] == 306
    assert stats["zhnorm/items_without_text"] == 2
    assert stats["zhnorm/failed"] == 1
    assert stats["zhnorm/losses"] == 1
    assert stats["zhnorm/lines_removed"] >= 4
    assert stats["zhnorm/lines_rewritten"] >= 300
    assert stats["item_scraped_count"] == 308


def test_an_item_that_is_no_text_is_named_and_hurts_no_other() -> None:
    said = crawled()["said"]
    assert any("Error processing" in line and "u/number" in line for line in said)
    assert any("text of u/empty loses 100% of its letters, most by web/share-label" in line for line in said)


@pytest.mark.parametrize("reactor", ["asyncioreactor.AsyncioSelectorReactor", "selectreactor.SelectReactor"])
def test_titles_and_settings(reactor: str) -> None:
    crawl = crawled(
        TWISTED_REACTOR=f"twisted.internet.{reactor}",
        ZHNORM_FIELDS="text, summary",
        ZHNORM_TITLE_FIELD="title",
        ZHNORM_SETTINGS={"to": "keep", "duplicates": False},
    )
    cleaner = zhnorm.Cleaner(to="keep", duplicates=False)
    items = by_url(crawl)
    assert items["u/item"]["text"] == cleaner.clean(PAGE, TITLE)
    assert items["u/dict"]["text"] == cleaner.clean(PAGE)
    assert {"text": "網絡", "summary": "安全的網絡", "": "Note"} in crawl["items"]


def test_an_item_that_loses_too_much_is_dropped_with_a_reason() -> None:
    crawl = crawled(ZHNORM_ON_LOSS="drop", ZHNORM_MOST_REMOVED=0.9)
    assert "u/empty" not in by_url(crawl)
    assert "u/dict" in by_url(crawl)
    assert any("Dropped: zhnorm: text of u/empty loses 100% of its letters, most by" in line for line in crawl["said"])
    assert crawl["stats"]["item_dropped_count"] == 1


def test_or_left_as_it_was() -> None:
    crawl = crawled(ZHNORM_ON_LOSS="raw")
    assert by_url(crawl)["u/empty"]["text"] == "分享到：微博"
    assert any("it stays as it was scraped" in line for line in crawl["said"])


def test_an_item_of_which_nothing_is_left_is_dropped_on_demand() -> None:
    crawl = crawled(ZHNORM_ON_EMPTY="drop", ZHNORM_MOST_REMOVED=1)
    assert "u/empty" not in by_url(crawl)
    assert any("Dropped: zhnorm: nothing is left of text of u/empty" in line for line in crawl["said"])
    assert crawl["stats"]["item_dropped_count"] == 1


def test_a_field_that_no_item_has_is_named() -> None:
    crawl = crawled(ZHNORM_FIELDS="body")
    assert by_url(crawl)["u/dict"]["text"] == PAGE
    said = "zhnorm cleaned nothing: no item has a field of ZHNORM_FIELDS (body); there are: number, price, summary, text, title, url"
    assert any(said in line for line in crawl["said"])


def test_a_title_field_that_no_item_has_is_named() -> None:
    crawl = crawled(ZHNORM_TITLE_FIELD="titel")
    said = "no item has the field ZHNORM_TITLE_FIELD (titel); there are: number, price, summary, text, title, url"
    assert any(said in line for line in crawl["said"])
    assert not any("ZHNORM_TITLE_FIELD" in line for line in crawled(ZHNORM_TITLE_FIELD="title")["said"])


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"ZHNORM_FIELDS": []},
            'ZHNORM_FIELDS is not set\nname the fields of your items that hold text: ZHNORM_FIELDS = ["text"]',
        ),
        ({"ZHNORM_FIELD": "text"}, "unknown setting ZHNORM_FIELD\ndid you mean ZHNORM_FIELDS?"),
        ({"ZHNORM_SETTINGS": {"pack": ["web"]}}, "ZHNORM_SETTINGS: unknown setting 'pack'\ndid you mean packs?"),
        ({"ZHNORM_SETTINGS": "to=keep"}, "ZHNORM_SETTINGS: "),
        ({"ZHNORM_RULES": ["nowhere.toml"]}, "nowhere.toml"),
        ({"ZHNORM_MOST_REMOVED": 50}, "ZHNORM_MOST_REMOVED: 50 is no share\na number from 0 to 1"),
        ({"ZHNORM_ON_LOSS": "ignore"}, "ZHNORM_ON_LOSS: 'ignore' is none of warn, raw, drop"),
        ({"ZHNORM_ON_EMPTY": "yes"}, "ZHNORM_ON_EMPTY: 'yes' is none of keep, drop"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, Any], said: str) -> None:
    from scrapy.settings import Settings

    from zhnorm import ZhnormError
    from zhnorm.integrations.scrapy import Wishes

    with pytest.raises(ZhnormError) as caught:
        Wishes.of(Settings({"ZHNORM_FIELDS": ["text"], **settings}))
    assert said in f"{caught.value.message}\n{caught.value.hint}"


def test_rules_of_ones_own(tmp_path: Path) -> None:
    from scrapy.settings import Settings

    from zhnorm.integrations.scrapy import Wishes

    pack = tmp_path / "ferry.toml"
    pack.write_text(
        'about = "A ferry\'s site."\n[[rule]]\nid = "buy"\nabout = "A call to buy tickets."\naction = "drop"\nmatch = ["买船票：*"]\n'
        'removes = ["买船票：点这里"]\nkeeps = ["他去买船票：要两张。"]\nmax_chars = 12\n',
        encoding="utf-8",
    )
    wishes = Wishes.of(Settings({"ZHNORM_FIELDS": ["text"], "ZHNORM_RULES": [str(pack)]}))
    assert [rule.name for rule in wishes.cleaner.rules if rule.pack == "ferry"] == ["ferry/buy"]
    assert wishes.cleaner.clean("網絡\n買船票：點這裡\n") == "网络\n"


def test_the_settings_of_the_page_are_understood() -> None:
    from scrapy.settings import Settings

    from zhnorm.integrations.scrapy import _NAMES, Wishes

    page = (ROOT / "docs" / "integrations.md").read_text("utf-8").partition("## Scrapy\n")[2].partition("\n## ")[0]
    given: dict[str, Any] = {}
    exec(page.partition("```py\n")[2].partition("```")[0], {}, given)
    wishes = Wishes.of(Settings(given))
    assert (wishes.fields, wishes.title_field, wishes.cleaner) == (("text",), "title", zhnorm.Cleaner(to="hans"))
    assert re.findall(r"^\| `(\w+)`", page, re.MULTILINE) == list(_NAMES)
