"""A crawl without a network, in a process of its own: `python -m tests.integrations.crawl SETTINGS`, JSON on both sides.

A reactor runs only once in a process, so every crawl has one to itself.
"""

from __future__ import annotations

import dataclasses
import json
import logging
import sys
from typing import Any

import scrapy
from itemadapter import ItemAdapter
from scrapy.crawler import CrawlerProcess

from . import HTML, PAGE, TITLE

ITEMS = 300
"""So many more items follow the others."""


class Article(scrapy.Item):  # type: ignore[misc]
    text = scrapy.Field()
    title = scrapy.Field()
    url = scrapy.Field()


@dataclasses.dataclass
class Note:
    text: str | None
    summary: str | None = None


class Pages(scrapy.Spider):  # type: ignore[misc]
    name = "pages"
    start_urls = ("data:,",)

    def parse(self, response: object) -> Any:
        yield {"text": PAGE, "url": "u/dict"}
        yield Article(text=PAGE, title=TITLE, url="u/item")
        yield Note("網絡", summary="安全的網絡")
        yield Note(None)
        yield {"price": 7}
        yield {"text": ["雨中的貓在屋簷下睡著了，一直睡到天黑。", "分享到：微博"], "url": "u/list"}
        yield {"text": HTML, "url": "https://ferry.example/a"}
        yield {"text": "分享到：微博", "url": "u/empty"}
        yield {"text": 7, "url": "u/number"}
        for number in range(ITEMS):
            yield {"text": f"第{number}個\n", "number": number}


class Keep:
    """What came out, in its order."""

    items: list[dict[str, Any]] = []  # noqa: RUF012 - one crawl a process

    def process_item(self, item: Any, spider: object = None) -> Any:
        self.items.append(ItemAdapter(item).asdict() | {"": type(item).__name__})
        return item


def main() -> None:
    """Crawl, and print what came out, the statistics and the log."""
    said: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    pipelines = {"zhnorm.integrations.scrapy.ZhnormPipeline": 300, Keep: 400}
    settings = {
        "ITEM_PIPELINES": pipelines,
        "ZHNORM_FIELDS": ["text"],
        "TELNETCONSOLE_ENABLED": False,
        **json.loads(sys.argv[1]),
    }
    process = CrawlerProcess(settings)
    crawler = process.create_crawler(Pages)
    process.crawl(crawler)
    process.start()
    stats = {name: value for name, value in crawler.stats.get_stats().items() if isinstance(value, int)}
    print(json.dumps({"items": Keep.items, "stats": stats, "said": said}))


if __name__ == "__main__":
    main()
