"""A corpus of which everything is known: pages of sites of very different sizes, what each line of each page is, and which pages are copies.

Seven lines of a page are printed by its site, above and below the text; one of them has a date and a count in it. The text is made of sentences
of the training pages of this project. Some content comes back and must stay: subheads, ingredients, a poem that two sites love, and formulas of
greeting. Copies stand on other sites, in the other script, under another headline and source, with a word changed now and then.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from zhnorm import Converter

ROOT = Path(__file__).resolve().parents[1]
_NAMES = [
    "江岸",
    "新桥",
    "白鹭",
    "青石",
    "东湖",
    "南亭",
    "云溪",
    "北港",
    "松林",
    "长堤",
    "晨光",
    "海潮",
    "金穗",
    "高原",
    "银杏",
    "雁门",
    "清河",
    "石塘",
    "麦田",
    "竹山",
]
_KINDS = ["晚报", "新闻网", "生活网", "论坛", "日报"]
_SUBHEADS = ["做法步骤", "参考资料", "事件经过", "各方反应", "背景链接", "专家观点"]
_INGREDIENTS = ["盐 3克", "糖 10克", "酱油 2勺", "鸡蛋 2个", "清水 适量", "葱花 少许", "姜片 3片", "料酒 1勺"]
_POEM = ["床前风过竹影低", "檐下灯深客未归", "一夜江声推枕起", "满城新雨润芳菲"]
_GREETING = "各位读者朋友，大家好。"


class Page(NamedTuple):
    """A page.

    Attributes:
        url: where it stands.
        lines: what it says.
        kinds: of each line, T (printed by its site) or C (content).
        article: number of what it says; copies have one.
    """

    url: str
    lines: list[str]
    kinds: str
    article: int

    def record(self, number: int) -> str:
        """It as a line of JSON."""
        text = "\n".join(self.lines)
        return json.dumps({"id": f"d{number:07}", "url": self.url, "text": text}, ensure_ascii=False) + "\n"


class _Site:
    def __init__(self, number: int, chance: random.Random) -> None:
        name = f"{_NAMES[number % len(_NAMES)]}{_KINDS[number // len(_NAMES) % len(_KINDS)]}"
        self.host = f"www.site{number:03}.example"
        self.is_traditional = number % 3 == 0
        self.is_of_recipes = number % 7 == 1
        sections = chance.sample(
            ["国内", "国际", "社会", "财经", "体育", "娱乐", "健康", "教育", "房产", "汽车", "旅游", "美食"], 6
        )
        self.above = [f"{name} 首页 {' '.join(sections)} 登录 注册", f"当前位置：{name} > {sections[0]} > 正文"]
        self.date = chance.choice(
            ["发布时间：{0}-{1:02}-{2:02}　阅读：{3}", "{0}年{1}月{2}日　{3}人看过", "更新于 {0}/{1}/{2}，浏览 {3} 次"]
        )
        self.below = [
            f"分享到：微博 微信 QQ空间　{name}客户端",
            f"上一篇 下一篇 返回{sections[1]}频道",
            f"版权所有 © 2009-2024 {name}　未经许可不得转载",
            f"联系电话：0{number:02}-8{chance.randrange(10**6, 10**7)}　{name}编辑部",
        ]


def sentences() -> list[str]:
    """Sentences of prose of the training pages, in Simplified."""
    simplified = Converter("hans")
    found: dict[str, None] = {}
    for path in sorted((ROOT / "training" / "pages").glob("*.txt")):
        for line in path.read_text("utf-8").split("\n"):
            kind, _, text = line.partition("\t")
            if kind == "prose":
                parts = re.findall(r"[^。！？]{10,60}[。！？]", simplified.convert(text.strip()))
                found |= dict.fromkeys(parts)
    return list(found)


def pages(
    count: int, sites: int = 60, copies: float = 0.08, paragraphs: range = range(5, 13), seed: int = 18
) -> Iterator[Page]:
    """Pages, in the order in which they were fetched.

    Args:
        count: how many.
        sites: of how many sites, the first of which has most.
        copies: the share of them that are copies of earlier ones.
        paragraphs: how many a page may have.
        seed: of chance.
    """
    chance = random.Random(seed)
    pool = sentences()
    places = [_Site(number, chance) for number in range(sites)]
    weights = [1 / (number + 1) for number in range(sites)]
    traditional = Converter("hant")
    earlier: list[tuple[int, list[str]]] = []
    for number in range(count):
        site = chance.choices(places, weights)[0]
        is_copy = bool(earlier) and chance.random() < copies
        if is_copy:
            article, body = chance.choice(earlier)
            other = next(
                place
                for place in iter(lambda: chance.choice(places), None)
                if place.is_traditional != site.is_traditional
            )
            # Where the first one stood is not remembered: its script is that of its number.
            site = other if (article % 2 == 0) == site.is_traditional else site
            body = _retold(body, chance)
        else:
            article, body = number, _body(site, pool, paragraphs, chance)
            if len(earlier) < 20_000:
                earlier.append((article, body))
        title = f"{chance.choice(pool)[:14]}{number % 997}"
        source = f"来源：{chance.choice(_NAMES)}社　记者 {chance.choice('王李张刘陈杨赵黄')}{chance.choice('明芳伟娜强敏静磊')}"
        date = site.date.format(
            chance.randrange(2015, 2025), chance.randrange(1, 13), chance.randrange(1, 29), chance.randrange(10**5)
        )
        lines = [*site.above, title, date, source, *body, *site.below]
        kinds = "TTCTC" + "C" * len(body) + "TTTT"
        if site.is_traditional:
            lines = traditional.convert("\n".join(lines)).split("\n")
        yield Page(f"https://{site.host}/{number}.html", lines, kinds, article)


def _body(site: _Site, pool: list[str], paragraphs: range, chance: random.Random) -> list[str]:
    """Paragraphs, and what comes back among them."""
    body = ["".join(chance.choices(pool, k=chance.randrange(2, 6))) for _ in range(chance.choice(paragraphs))]
    if chance.random() < 0.3:
        body.insert(chance.randrange(1, max(2, len(body))), chance.choice(_SUBHEADS))
    if chance.random() < 0.01:
        body.insert(1, _GREETING)
    if chance.random() < 0.002:
        body[2:2] = _POEM
    if site.is_of_recipes:
        body[2:2] = chance.sample(_INGREDIENTS, 4)
    return body


def _retold(body: list[str], chance: random.Random) -> list[str]:
    """The same text, a character of it changed here and there."""
    if chance.random() < 0.5:
        return body
    found = list(body)
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(found))
        found[place] = found[place].replace(chance.choice("的了在是有"), "", 1)
    return found
