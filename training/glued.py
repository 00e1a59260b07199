"""Learn what pages print into lines of text: makes `data/reading/glued.npy`.

    pip install -e . torch
    python -m training.glued [--more FOLDER] [--steps N]

The lines are made: a paragraph, a heading, a caption or an item of the labelled pages, and into it, behind it or before it what other labelled lines
say that are no text, and what sites call their tools (`buttons.tsv`), with the brackets, signs and spaces that pages print around such things; and
those lines of our own in which such a piece is marked. What a network cannot have seen on any page, such as addresses and numbers, is drawn by
chance. Nothing is learned from copies of titles and sentences: what is said twice is found by comparing.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from zhnorm.arrays.weights import write_weights
from zhnorm.conversion.fold import fold
from zhnorm.package_data import data_path
from zhnorm.reading.kinds import CHROME, CONTENT
from zhnorm.text.alphabet import CLASSES, HAN, Alphabet
from zhnorm.text.glued import (
    ALPHABET_SIZE,
    GLANCE,
    LAYERS,
    MOST_SAID,
    PAIRS,
    TABLE,
    UNIT,
    WEIGHT_UNIT,
    edges_of,
    pairs_of,
)

from .labelled import GONE, Page, buttons, marked_lines, more, ours, pieces_alone
from .rounding import rounded, whole

WEIGHTS = Path(data_path(TABLE))
SEED = 0
STEPS, BATCH, RATE = 19200, 64, 6e-3
SEQUENCES_FROM = 0.75
"""From this share of the steps on whole sequences are learned, before that one letter after the other."""
VECTOR, PAIR_VECTOR, SIZE, GLANCE_SIZE = 32, 16, 64, 8
GLANCE_SHARE = 0.5
"""So much of what is wrong at a glance counts beside what the network says."""
LEAST, LONGEST, MOST_PIECE = 16, 160, 60
DROPPED_OUT, HIDDEN = 0.1, 0.1
"""Shares: of what the network says to itself that is left out, and of Chinese characters that it is shown as unknown ones, so that it learns what stands
around them; without that it learns the lines by heart from some 10,000 steps on."""
MARKED, OWN, GLUED_TEXTS, CLEAN, ONCE = 0.3, 0.55, 0.12, 0.5, 0.9
"""Shares: of lines of our own with a marked piece, of paragraphs of our own, of two paragraphs in one line, of lines without a piece, of those with one piece."""
SHORT, SHORT_OWN, SHORT_CHARS = 0.3, 0.75, 60
"""So many of the lines, marked ones and others, are headings, captions, items and short posts: of fewer letters, and no sentence in them. So many of
these are our own."""
AT_END, AT_START, COUNTER, TWO_PARTS, SAID, SIGNED = 0.84, 0.08, 0.12, 0.3, 0.35, 0.04
"""Of what is glued to such a line so much stands at its end, at its start; and so much is a counter. Of those to which nothing is glued so many
have two parts, in so many of which somebody says the second; and so many are signed."""
SPEAKERS = [
    "专家", "專家", "网友", "網友", "官方", "家属", "家屬", "医生", "醫師", "校方", "警方", "老板", "業者", "村民", "馆长", "館方", "店主", "律師", "教练",
    "球迷", "当地回应", "店家回應", "業主", "妈妈", "里長", "外交部", "教育局", "记者", "读者", "粉絲", "導演", "作者", "学者", "氣象署", "港鐵", "消委會", "議員",
    "房东", "乘客", "公司",
]  # fmt: skip
DASHES = ["——", "——", " ——", "\u3000——", "—— ", " —— ", "--", " -- ", "─", "－－"]
SIGNERS = [
    "李商隐", "苏轼", "張籍", "白居易", "納蘭性德", "鲁迅", "木心", "余光中", "泰戈爾", "里尔克", "佚名", "《诗经》", "《世說新語》", "宋·陆游", "唐 王維", "孔子",
    "老舍", "沈從文", "海子", "顾城", "一位母亲", "外婆", "某讀者", "林徽因", "三毛", "聶魯達", "博尔赫斯", "辛棄疾", "陈小满", "周伯", "無名氏", "记于灯下",
]  # fmt: skip
DRAWN, HEADED, BARS, SHORT_BARS, SITE = 0.14, 0.05, 0.06, 0.15, 0.05
"""So many pieces are drawn by chance; so many are a head with what it heads; so many are several buttons; so many of those of a short line; and so many of these are the name of a
site."""
BUTTONS, BUTTON_CHARS = ("tool", "engage", "share", "follow", "app", "login", "pager"), 8
"""What buttons are, and how many letters they have."""
BETWEEN = [" ", " ", "  ", "\u3000", "", " | ", "｜", " · ", "/", "\xa0"]
SITES = [
    "新浪网", "腾讯网", "网易订阅", "搜狐", "知乎", "简书", "掘金", "CSDN博客", "百度百科", "百度知道", "豆瓣", "哔哩哔哩", "维基百科，自由的百科全书", "凤凰网", "人民网", "新华网",
    "維基百科，自由的百科全書", "ETtoday新聞雲", "自由時報", "聯合新聞網", "巴哈姆特", "Mobile01", "Dcard", "看板 Gossiping", "批踢踢實業坊", "痞客邦", "HK01", "LIHKG 討論區", "Medium",
    "今日头条", "少数派", "虎嗅网", "36氪", "下厨房", "大众点评", "天涯社区", "百度贴吧", "中央社 CNA", "Yahoo奇摩新聞", "TVBS新聞網", "方格子", "iCook 愛料理", "博客园", "起点中文网", "明報新聞網",
]  # fmt: skip
HEADS = {
    "related": [
        "延伸閱讀", "延伸阅读", "相关阅读", "相關閱讀", "推荐阅读", "推薦閱讀", "更多新聞", "更多新闻", "看更多", "相关新闻", "相關新聞", "相关文章", "相關文章",
        "相关链接", "相關連結", "猜你喜欢", "猜你喜歡", "同場加映", "你可能還想看", "你可能也喜歡", "上一篇", "下一篇", "往期回顾", "往期精选", "熱門文章", "點我看",
        "也可以看", "專題", "影音", "独家", "獨家", "READ MORE", "Related", "更多", "接著看", "戳", "详见", "最新消息",
    ],
    "ad": ["广告", "廣告", "推广", "赞助", "贊助", "贊助商廣告", "AD", "Advertisement", "ADVERTISEMENT", "Sponsored", "Ads by", "商品", "好物", "限时", "限時"],
}  # fmt: skip
"""What stands in front of other articles, and of what is for sale."""
HEAD_SIGNS = [
    ("", "："), ("【", "】"), ("〔", "〕"), ("", "｜"), ("", " "), ("", "》"), ("※ ", "》"), ("（", "）"), ("[", "]"), ("▶ ", "："), (">>", "："),
    ("", "→"), ("", ""), ("📖", "："), ("", " | "), ("《", "》"), ("", "："), ("【", "】"), ("", ":"),
]  # fmt: skip
NOISE = frozenset(CHROME) - {"repeat"} | {"credit", "tags"}
STRAY, TORN = 0.3, 0.15
"""Of pieces between two words so many are clauses of other texts; so many of those stand inside of a word."""
SHARES = {
    "marked": 6, "nav": 1, "related": 2, "lines": 3, "tool": 4, "legal": 2, "comment": 2, "ad": 4, "follow": 4, "account": 2, "filler": 3,
    "engage": 4, "share": 3, "login": 1, "credit": 2, "tags": 1.5, "pager": 2.5, "app": 4, "date": 1, "byline": 1.5,
}  # fmt: skip
"""How often each kind of line is drawn as a piece."""
SHORT_SHARES = {
    kind: share for kind, share in SHARES.items() if kind not in ("marked", "nav", "related", "lines", "date", "byline")
} | {"marked_short": 6}
"""The same of what is glued to a heading, a caption or an item. Another headline behind it is none: so do headlines go on."""
SIGNS = [
    ("(", ")"), ("（", "）"), ("【", "】"), ("[", "]"), ("《", "》"), ("--", "--"), ("— ", " —"), ("▼", "▼"), ("<", ">"), ("～", "～"),
    ("", ">>"), (">> ", ""), ("→", ""), ("▲", ""), ("* ", ""), ("☞", ""), ("｜", ""), ("", "｜"), ("- ", ""), ("", "↓"), ("👉", ""), ("♡", ""),
    ("☆", ""), ("※", ""), ("◎", ""), ("← ", ""), ("▶ ", ""), ("---", "---"),
]  # fmt: skip
SPACES = [" ", "  ", "\u3000", "\xa0", " "]
TOPICS = [
    "美食", "旅行", "生活", "科技", "攝影", "上海", "高雄", "面馆", "周末", "親子", "健康", "读书", "猫", "露營", "理财", "民宿", "陶艺", "收纳", "單車",
    "种菜",
]  # fmt: skip
MORE_TOPICS = ["", "", "日记", "推薦", "景點", "2023", "好物", "控", "地图"]
COUNTERS = [
    "{}", "({})", "赞({})", "讚 {}", "{} 讚", "♡ {}", "❤ {}", "👍{}", "{} likes", "回覆 {}", "{}樓", "#{}", "B{}", "推 {}", "踩({})", "{}赞", "喜欢 {}",
    "{}条评论", "{} 則回覆", "浏览 {}", "[{}]", "顶[{}]", "▲{}", "{}楼", "分享({})", "收藏 {}",
]  # fmt: skip
_STOP = re.compile("[。！？!?…；;][”」』）)]*")
_COMMA = re.compile("[，,：:、]")
_CLAUSE = re.compile("[^，,。！？!?；;：:、…「」『』“”（）()《》\\s]{7,24}")


def main() -> None:
    """Learn, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m training.glued", description="Learn what is glued into lines.")
    parser.add_argument("--more", type=Path, help="a folder of labelled pages from elsewhere")
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    _seed()
    lines = Lines(ours(), more(options.more) if options.more else [])
    net = _Net(lines.alphabet)
    _learn(net, lines, options.steps)
    write_weights(WEIGHTS, net.arrays())


def _seed() -> None:
    torch.manual_seed(SEED)
    random.seed(SEED)


class Lines:
    """Paragraphs, and what is printed into them."""

    def __init__(self, own: list[Page], others: list[Page]) -> None:
        marked = list(marked_lines())
        self.marked = [parts for parts in marked if any(is_piece for _, is_piece in parts)]
        self.own = ["".join(text for text, _ in parts) for parts in marked if len(parts) == 1]
        self.others = [
            text.strip()
            for page in others
            # In lines of the last of these pieces are not marked.
            if not page.alone and not page.source.startswith(("markdown", "dump", "wild"))
            for text, wanted in zip(page.texts, page.wanted, strict=True)
            if len(text) >= LEAST and wanted and (not wanted & GONE or wanted >= set(CONTENT))
        ] or self.own
        self.marked_short = [
            parts for parts in self.marked if _is_short("".join(text for text, gone in parts if not gone))
        ]
        self.own_short, self.others_short = ([*filter(_is_short, texts)] for texts in (self.own, self.others))
        self.pieces: dict[str, list[str]] = {kind: [] for kind in SHARES}
        for name, lines in (("marked", self.marked), ("marked_short", self.marked_short)):
            self.pieces[name] = [text for parts in lines for text, is_piece in parts if is_piece]
        for kind, text in (*_pieces(own, others), *pieces_alone(), *buttons()):
            self.pieces[kind].append(text)
        self.buttons = [text for kind in BUTTONS for text in self.pieces[kind] if len(text) <= BUTTON_CHARS]
        counts: Counter[str] = Counter(map(chr, range(33, 127)))
        for text in self.own + self.others:
            counts.update(_masked(text))
        for texts in self.pieces.values():
            for text in texts:
                counts.update(dict.fromkeys(_masked(text), 3))
        common = [
            sign
            for sign, _ in counts.most_common(ALPHABET_SIZE - CLASSES)
            if ord(sign) < 1 << 16 and not sign.isspace()
        ]
        self.alphabet = Alphabet(np.array(sorted(map(ord, common)), np.uint32))
        self._is_han = np.zeros(ALPHABET_SIZE, bool)
        codes = self.alphabet.codes
        self._is_han[CLASSES : CLASSES + len(codes)] = (codes >= 0x3400) & (codes < 0xA000)

    def draw(self) -> tuple[str, list[bool]]:
        """A line, and for each letter whether it is none of the text."""
        chance, is_short = random.random(), random.random() < SHORT
        if chance < MARKED:
            return _joined(random.choice(self.marked_short if is_short else self.marked))
        if is_short:
            return _joined(self._short())
        text = random.choice(self.own if chance < OWN else self.others).strip()
        if random.random() < GLUED_TEXTS:
            text += random.choice(["", " ", "\u3000"]) + random.choice(self.own).strip()
        if len(text) > LONGEST and 0 < (cut := text.find("。", LONGEST - 60)) < LONGEST:
            text = text[: cut + 1]
        parts = [(text, False)]
        if random.random() < CLEAN:
            return _joined(parts)
        for _ in range(1 if random.random() < ONCE else 2):
            longest = max(range(len(parts)), key=lambda at: 0 if parts[at][1] else len(parts[at][0]))
            parts[longest : longest + 1] = self._with_piece(parts[longest][0])
        return _joined(parts)

    def numbers(self, folded: str) -> np.ndarray:
        """The number of each letter of a line, and some that are hidden."""
        numbers = self.alphabet.numbers(folded)
        is_hidden = (torch.rand(len(numbers)).numpy() < HIDDEN) & self._is_han[numbers]
        return np.where(is_hidden, HAN, numbers)

    def _short(self) -> list[tuple[str, bool]]:
        """A heading, a caption, an item, with a piece or without one."""
        text = random.choice(self.own_short if random.random() < SHORT_OWN else self.others_short).strip()
        if random.random() < CLEAN:
            return [(self._whole(text), False)]
        before, behind = (random.choice(SPACES) if random.random() < 0.45 else "" for _ in range(2))
        chance = random.random()
        if chance < AT_END:
            at, behind = len(text), ""
        elif chance < AT_END + AT_START:
            at, before = 0, ""
        else:
            at = _anywhere(text)
        chance = random.random()
        if chance < COUNTER:
            piece = _counter()
        elif chance < COUNTER + SITE:
            piece = random.choice([" - ", "_", " | ", "-", " – ", "｜", "_"]) + random.choice(SITES)
        else:
            piece = self._piece(SHORT_SHARES)
        return [(text[:at], False), (f"{before}{piece}{behind}", True), (text[at:], False)]

    def _whole(self, text: str) -> str:
        """Such a line with what may stand behind it: the second part of a headline, in which somebody says something now and then, or a signature."""
        chance = random.random()
        if chance < SIGNED:
            return f"{text}{random.choice(DASHES)}{random.choice(SIGNERS)}"
        if chance < SIGNED + TWO_PARTS:
            said = f"{random.choice(SPEAKERS)}{random.choice('：：:')}" if random.random() < SAID else ""
            return f"{text}{random.choice(SPACES)}{said}{random.choice(self.own_short).strip()}"
        return text

    def _with_piece(self, text: str) -> list[tuple[str, bool]]:
        stops, commas = (
            [found.end() for found in sign.finditer(text) if found.end() < len(text)] for sign in (_STOP, _COMMA)
        )
        before, behind = (random.choice(SPACES) if random.random() < 0.35 else "" for _ in range(2))
        chance = random.random()
        piece = ""
        if chance < 0.36:
            at, behind = len(text), ""
        elif chance < 0.5:
            at, before = 0, ""
        elif chance < 0.64 and stops:
            at = random.choice(stops)
        elif chance < 0.82 and commas:
            at = random.choice(commas)
        else:
            at = _anywhere(text)
            if random.random() < STRAY:
                piece = self._clause()
        return [(text[:at], False), (f"{before}{piece or self._piece()}{behind}", True), (text[at:], False)]

    def _clause(self) -> str:
        """A clause of another text: what breaks a sentence is none of it, whatever it says."""
        found = _CLAUSE.findall(random.choice(self.own if random.random() < 0.5 else self.others))
        return random.choice(found) if found else ""

    def _one(self, shares: Mapping[str, float]) -> str:
        kind = random.choices(list(shares), list(shares.values()))[0]
        return re.sub(
            r"\d", lambda _: random.choice("0123456789"), random.choice(self.pieces[kind] or self.pieces["marked"])
        )

    def _bar(self) -> str:
        """Several buttons in a row."""
        return random.choice(BETWEEN).join(random.choices(self.buttons, k=random.choice([2, 2, 3, 3, 4, 5])))

    def _headed(self) -> str:
        """A line that says what follows, and what does: another article, or what is for sale."""
        kind = random.choices(list(HEADS), [3, 1])[0]
        left, right = random.choice(HEAD_SIGNS)
        text = random.choice(self.pieces[kind] or self.pieces["marked"])
        return f"{left}{random.choice(HEADS[kind])}{right}{text}"

    def _piece(self, shares: Mapping[str, float] = SHARES) -> str:
        chance = random.random()
        if chance < DRAWN:
            text = _drawn()
        elif chance < DRAWN + HEADED:
            text = self._headed()
        elif chance < DRAWN + HEADED + (BARS if shares is SHARES else SHORT_BARS):
            text = self._bar()
        else:
            text = self._one(shares)
        if random.random() < 0.08:
            text += random.choice([" ", "\u3000", " | ", "｜", "，", ""]) + self._one(shares)
        if random.random() < 0.25:
            left, right = random.choice(SIGNS)
            text = left + text + right
        if random.random() < 0.12:
            text = text.rstrip("。") + random.choice(["。", "！", "~", "...", "!", ">>", "，"])
        return text[: MOST_PIECE + 20]


def _is_short(text: str) -> bool:
    return len(text.strip()) >= 3 and len(text) < SHORT_CHARS and _STOP.search(text) is None


def _anywhere(text: str) -> int:
    """A place in a text, in most cases one where a word ends."""
    folded = fold(text)
    if len(folded) != len(text) or random.random() < TORN:
        return random.randint(0, len(text))
    return random.choice(sorted(edges_of(folded)))


def _pieces(own: list[Page], others: list[Page]) -> Iterator[tuple[str, str]]:
    """Short lines that are no text, each with its kind."""
    for page in own:
        if page.name.startswith("pieces"):
            continue
        for text, wanted in zip(page.texts, page.wanted, strict=True):
            kind = next(iter(wanted)) if len(wanted) == 1 else "lines" if page.alone and wanted == GONE else ""
            if (kind in NOISE or kind == "lines") and 2 <= len(text) <= MOST_PIECE:
                yield kind, text.strip()
    for page in others:
        if page.source.startswith(("wechat", "wild")):
            for text, wanted in zip(page.texts, page.wanted, strict=True):
                if wanted and wanted <= GONE and "repeat" not in wanted and 3 <= len(text) <= MOST_PIECE:
                    yield (
                        next((kind for kind in sorted(wanted) if len(wanted) == 1 and kind in SHARES), "account"),
                        text.strip(),
                    )


def _address() -> str:
    name = "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(random.randint(3, 9)))
    end = random.choice([".com", ".cn", ".net", ".com.tw", ".org", ".tw", ".hk", ".cc", ".my", ".info"])
    number, year = random.randint(1, 99999), random.randint(2005, 2025)
    path = random.choice(
        ["", "/", f"/a/{number}.html", f"/{year}/{number % 12 + 1:02}/{name}", f"/news/{number}.shtml", f"/?p={number}"]
    )
    whole = random.choice(["https://www.", "http://", "www.", "m.", ""]) + name + end + path
    if random.random() < 0.1:
        whole = random.choice([" ", ".", "·"]).join(f"{name}{end}")
    return whole


def _drawn() -> str:
    """What changes from page to page: an address, a file, code, topics, pages, counters."""
    number, other = random.randint(1, 9999), random.randint(2, 40)
    topics = [random.choice(TOPICS) + random.choice(MORE_TOPICS) for _ in range(random.randint(1, 4))]
    sign = random.choice("#＃")
    file = random.choice(
        ["img_", "dsc_", "p", "", "photo-", "wx", "screenshot_", "未命名", "image", "how-to-", "banner-"]
    ) + random.choice([f"{number}", f"{number}-1", f"guide-{number}-768x432", f"20190{number % 1000:03}_0{number}"])
    return random.choice(
        [
            random.choice(["", "本文链接", "来源", "原文", "文章来源：", "本文地址：", "转自", "更多内容", "出处：", "原文網址：", "via ", "source:",
                           "网址", "详见", "首发于", "首發", "本站", "摘自", "參考：", "最快更新", "无弹窗"]) + random.choice([" ", "：", ""]) + _address(),
            random.choice(["", "图", "(" ]) + file + random.choice([".jpg", ".png", ".jpeg", ".gif", ".webp", ".JPG"]),
            random.choice(["&nbsp;", "&nbsp;&nbsp;", "undefined", "null", "NaN", "[object Object]", "<br>", "<br/>", "</p>", 'alt=""', "{{title}}",
                           "<!-- ad -->", 'document.write("");', "var _hmt = _hmt || [];", f'console.log("load {number}");', "&lt;p&gt;",
                           "(adsbygoogle = window.adsbygoogle || []).push({});", "$(function(){});", f"googletag.display('ad-{number}');"]),
            sign + random.choice([f" {sign}", " ", sign, f"　{sign}"]).join(topics),
            random.choice(["标签：", "Tags: ", "標籤 ", "分類：", "关键词：", "Tag："]) + random.choice([", ", "、", " ", " / "]).join(topics),
            random.choice([f"{number % 9 + 1} / {other}", f"第{number % 9 + 1}页 共{other}页", f"({number % 9 + 1}/{other})", f"第 {other} 頁",
                           f"{number % 9 + 1} of {other}", f"-- {number % 9 + 1}/{other} --"]) + random.choice(["", " 下一页", "下頁", " Next", " >"]),
            random.choice(["阅读 {}", "{} 次浏览", "人气 {}", "👍 {}", "❤ {}", "评论 {}", "喜歡 {}", "已有 {} 人參與", "{} 則留言", "分享 {}", "收藏 {}",
                           "热度 {}", "回复 {} 查看 99", "瀏覽：{}", "点赞 {} 在看 3", "累積人氣 {}", "♡ {}"]).format(number),
        ]
    )  # fmt: skip


def _counter() -> str:
    return random.choice(COUNTERS).format(random.randint(0, random.choice([99, 9999])))


def _joined(parts: list[tuple[str, bool]]) -> tuple[str, list[bool]]:
    return "".join(text for text, _ in parts), [is_piece for text, is_piece in parts for _ in text]


def _masked(text: str) -> str:
    return re.sub(r"\d", "0", fold(text))


# ------------------------------------------------------------------ the network

_MAY_FOLLOW = torch.tensor([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1], [1, 1, 0, 0]])
"""Text, the first letter of a piece, its other letters, the first letter behind it: which may stand behind which."""
_NEVER = -1e4


class _Net(nn.Module):
    """The network of `zhnorm.text.glued` in floating point, rounded as that is."""

    def __init__(self, alphabet: Alphabet) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.letters, self.pairs = nn.Embedding(ALPHABET_SIZE, VECTOR), nn.Embedding(PAIRS, PAIR_VECTOR)
        sizes = [VECTOR + PAIR_VECTOR, *[SIZE] * (len(LAYERS) - 1)]
        self.layers = nn.ModuleList(
            [nn.Linear((2 * reach + 1) * size, SIZE) for size, (reach, _) in zip(sizes, LAYERS, strict=True)]
        )
        self.tags = nn.Linear(SIZE, 4)
        self.glance_near, self.glance_tag = (
            nn.Linear((2 * GLANCE[0] + 1) * SIZE, GLANCE_SIZE),
            nn.Linear(GLANCE_SIZE, 1),
        )
        self.follow = nn.Parameter(torch.zeros(4, 4))
        self.some = nn.Dropout(DROPPED_OUT)

    def forward(self, letters: Tensor, pairs: Tensor, there: Tensor) -> tuple[Tensor, Tensor]:
        """How well each letter goes with each tag, and what a glance says."""
        there = there[:, :, None]
        vectors = [self.letters(letters), self.pairs(pairs)]
        values = self.some(rounded(torch.cat(vectors, 2), UNIT, 127)) * there
        total = torch.zeros(())
        glance = torch.zeros(())
        for number, (layer, seen) in enumerate(zip(self.layers, LAYERS, strict=True)):
            values = _near(values, there, seen, layer)  # type: ignore[arg-type]
            total = total + values
            if not number:
                glance = _last(_near(values, there, GLANCE, self.glance_near), self.glance_tag)[:, :, 0]
        return _last(self.some(total), self.tags), glance

    def arrays(self) -> dict[str, np.ndarray]:
        """The weights in whole numbers."""
        found = {
            "alphabet": self.alphabet.codes,
            "letters": whole(self.letters.weight, UNIT, 127).astype(np.int8),
            "pairs": whole(self.pairs.weight, UNIT, 127).astype(np.int8),
            "follow": whole(self.follow, UNIT * WEIGHT_UNIT, 1 << 20).astype(np.int32),
        }
        layers = {f"near{number}": layer for number, layer in enumerate(self.layers)}
        layers |= {"tags": self.tags, "glance_near": self.glance_near, "glance_tag": self.glance_tag}
        for name, layer in layers.items():
            found[f"{name}_weights"] = whole(layer.weight.T, WEIGHT_UNIT, 127).astype(np.int8)  # type: ignore[operator,union-attr]
            found[f"{name}_constants"] = whole(layer.bias, UNIT * WEIGHT_UNIT, 1 << 20).astype(np.int32)  # type: ignore[arg-type]
        _check_first(found)
        return found


def _near(values: Tensor, there: Tensor, seen: tuple[int, int], layer: nn.Linear) -> Tensor:
    """What a layer makes of letters and those on both sides of each."""
    count, dilation = values.shape[1], seen[1]
    reach = seen[0] * dilation
    padded = functional.pad(values, (0, 0, reach, reach))
    near = torch.cat([padded[:, at : at + count] for at in range(0, 2 * reach + 1, dilation)], 2)
    weights, constants = rounded(layer.weight, WEIGHT_UNIT, 127), rounded(layer.bias, UNIT * WEIGHT_UNIT, 1 << 20)
    return rounded(functional.linear(near, weights, constants).clamp(min=0), UNIT, 255) * there


def _last(values: Tensor, layer: nn.Linear) -> Tensor:
    return functional.linear(values, rounded(layer.weight, WEIGHT_UNIT, 127), layer.bias)


def _check_first(arrays: dict[str, np.ndarray]) -> None:
    """The rows of the first layer's table have to fit their numbers."""
    weights = arrays["near0_weights"].astype(np.int64).reshape(2 * LAYERS[0][0] + 1, VECTOR + PAIR_VECTOR, SIZE)
    for name, part in (("letters", weights[:, :VECTOR]), ("pairs", weights[:, VECTOR:])):
        most = max(int(np.abs(arrays[name].astype(np.int64) @ place).max()) for place in part)
        print(f"the most that {name} say: {most:,} of {MOST_SAID:,}", flush=True)
        if most > MOST_SAID:
            raise SystemExit(f"what {name} say does not fit the table of the first layer: learn with another SEED")


def _learn(net: _Net, lines: Lines, steps: int) -> None:
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE / 2, weight_decay=1e-2)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    usual = 0.0
    for step in range(steps):
        letters, pairs, wanted, there = _batch(lines)
        scores, glance = net(letters, pairs, there)
        if step < SEQUENCES_FROM * steps:
            loss = (functional.cross_entropy(scores.transpose(1, 2), wanted, reduction="none") * there).sum() / BATCH
        else:
            loss = _loss_of_sequences(scores, net.follow, wanted, there)
        is_piece = ((wanted == 1) | (wanted == 2)).float()
        missed = functional.binary_cross_entropy_with_logits(glance, is_piece, reduction="none") * there
        loss = loss + GLANCE_SHARE * missed.sum() / BATCH
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        rates.step()
        usual = 0.98 * usual + 0.02 * loss.item() if step else loss.item()
        if step % 200 == 0:
            print(f"step {step} of {steps}: loss {usual:.2f}", flush=True)


def _batch(lines: Lines) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Lines: the numbers of their letters and pairs, what each letter is, and where there are any."""
    drawn: list[tuple[np.ndarray, list[int]]] = []
    while len(drawn) < BATCH:
        text, mask = lines.draw()
        if len(text) > LONGEST:
            # What is looked at is a stretch of a long line, too.
            first = random.choice([0, len(text) - LONGEST, random.randint(0, len(text) - LONGEST)])
            text, mask = text[first : first + LONGEST], mask[first : first + LONGEST]
        if len(text) >= 6 and not all(mask) and len(folded := fold(text)) == len(text):
            before = [False, *mask]
            tags = [(2 if before[at] else 1) if is_piece else 3 * before[at] for at, is_piece in enumerate(mask)]
            drawn.append((lines.numbers(folded), tags))
    size = max(len(tags) for _, tags in drawn)
    letters, wanted = np.zeros((2, BATCH, size), np.int64)
    pairs, there = np.zeros((BATCH, size), np.int64), np.zeros((BATCH, size), np.float32)
    for row, (numbers, tags) in enumerate(drawn):
        letters[row, : len(tags)], wanted[row, : len(tags)], there[row, : len(tags)] = numbers, tags, 1
        pairs[row, : len(tags)] = pairs_of(numbers)
    return torch.from_numpy(letters), torch.from_numpy(pairs), torch.from_numpy(wanted), torch.from_numpy(there)


def _loss_of_sequences(scores: Tensor, follow: Tensor, wanted: Tensor, there: Tensor) -> Tensor:
    """How unlikely the right sequences are among all that may be."""
    steps = follow.masked_fill(_MAY_FOLLOW == 0, _NEVER)
    every = scores[:, 0] + torch.tensor([0.0, 0.0, _NEVER, _NEVER])
    right = scores[:, 0].gather(1, wanted[:, :1])[:, 0]
    for at in range(1, scores.shape[1]):
        is_there = there[:, at, None] > 0
        following = torch.logsumexp(every[:, :, None] + steps, 1) + scores[:, at]
        every = torch.where(is_there, following, every)
        one = scores[:, at].gather(1, wanted[:, at : at + 1])[:, 0] + steps[wanted[:, at - 1], wanted[:, at]]
        right = right + one * is_there[:, 0]
    return (torch.logsumexp(every, 1) - right).mean()


if __name__ == "__main__":
    main()
