"""The Chinese pages are in step: README in three languages, the pages of docs/zh-Hans and docs/zh-Hant with each other.

A page is cut at its headings. Sections in the same place have to hold the same commands and code, options and names, figures
and links; only what is said around them differs. What differs is named.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("zh-Hans", "zh-Hant")
PAGES = sorted(path.name for path in (ROOT / "docs" / "zh-Hans").glob("*.md"))

BLOCK = re.compile(r"^```(\S*).*?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FIGURE = re.compile(r"(\d[\d,.]*\d|\d)\s*(million|万|萬)?")
TIMES = {"million": 1_000_000, "万": 10_000, "萬": 10_000, "": 1}


class Section(NamedTuple):
    """What has to be the same in a section of every language."""

    level: int
    blocks: list[str]
    code: Counter[str]
    figures: Counter[float]
    links: Counter[str]
    rows: int


def sections(page: str) -> list[Section]:
    """A page, cut at its headings."""
    blocks: list[str] = []

    def take(found: re.Match[str]) -> str:
        blocks.append(_bare(found[1], found[2]))
        return f"@@{len(blocks) - 1}@@"

    parts = re.split(r"^(?=#+ )", BLOCK.sub(take, page), flags=re.MULTILINE)
    return [_section(part, blocks) for part in parts if part]


def _section(text: str, blocks: list[str]) -> Section:
    inside = [blocks[int(place)] for place in re.findall(r"@@(\d+)@@", text)]
    text = re.sub(r"@@\d+@@", "", text)
    links = Counter(_english(target) for target in re.findall(r"\]\(([^)]+)\)", text))
    text = re.sub(r"!?\[((?:`[^`]*`|[^\]])*)\]\([^)]+\)", "", text)
    code = Counter(span for span in re.findall(r"`([^`]+)`", text) if span.isascii())
    prose = re.sub(r"`[^`]+`", "", text)
    figures = Counter(float(number.replace(",", "")) * TIMES[times] for number, times in FIGURE.findall(prose))
    level = len(text) - len(text.lstrip("#"))
    return Section(level, inside, code, figures, links, len(re.findall(r"^\|", text, re.MULTILINE)))


def _bare(kind: str, block: str) -> str:
    """A block without what is in a language: comments, texts that are Chinese, and the script that its readers want."""
    lines = [line.partition("  # ")[0].rstrip() for line in block.split("\n")]
    lines = [line.replace(" --to tw", "").replace(', to="tw"', "").replace('to="tw"', 'to="hans"') for line in lines]
    if kind == "console":
        lines = [line for line in lines if line.startswith(("$ ", "["))]
    elif kind not in ("sh", "python"):
        lines = lines[:0]
    return "\n".join([kind, *(re.sub(r"[^\x00-\x7f]+", "…", line) for line in lines)])


def _english(target: str) -> str:
    """The link, be it to the page in another language."""
    return re.sub(r"zh-Han[st]", "zh", target)


def differences(ours: str, theirs: str) -> list[str]:
    """What the sections of two pages don't have in common, in words."""
    mine, others = sections(ours), sections(theirs)
    if [one.level for one in mine] != [one.level for one in others]:
        return [f"headings: levels {[one.level for one in mine]}, not {[one.level for one in others]}"]
    found = []
    for place, (one, other) in enumerate(zip(mine, others, strict=True)):
        for name in Section._fields:
            here, there = getattr(one, name), getattr(other, name)
            if isinstance(here, Counter):
                here, there = sorted((here - there).elements(), key=str), sorted((there - here).elements(), key=str)
            if here != there:
                found.append(f"section {place} ({name}): {here}, not {there}")
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_readme_is_in_step(language: str) -> None:
    english = (ROOT / "README.md").read_text("utf-8")
    chinese = (ROOT / f"README.{language}.md").read_text("utf-8")
    # Each leads to the two others; and the Chinese one to the pages there are in Chinese.
    names = ["README.md", *(f"README.{name}.md" for name in LANGUAGES)]
    for page, own in ((english, "README.md"), (chinese, f"README.{language}.md")):
        switch = page.split("\n")[2]
        assert [name for name in names if f"]({name})" in switch] == [name for name in names if name != own]
    pages = " · ".join(rf"\[[^\]]+\]\(docs/{language}/{name}\)" for name in PAGES)
    assert re.search(pages, chinese), "the README has to name every page in its language"
    without = re.sub(pages, "", re.sub(r"^.*\]\(README\..*$", "", chinese, flags=re.MULTILINE))
    assert not differences(without, re.sub(r"^.*\]\(README\..*$", "", english, flags=re.MULTILINE))


@pytest.mark.parametrize("name", PAGES)
def test_the_pages_are_in_step(name: str) -> None:
    hans, hant = ((ROOT / "docs" / language / name).read_text("utf-8") for language in LANGUAGES)
    assert not differences(hant, hans)


def test_both_languages_have_the_same_pages() -> None:
    assert PAGES
    assert sorted(path.name for path in (ROOT / "docs" / "zh-Hant").glob("*.md")) == PAGES


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("# A\n\n`--to tw`\n\n## B\n", "headings"),
        ("# A\n\n`--to hk` 4,000\n", "--to hk"),
        ("# A\n\n`--to tw` 400\n", "400"),
        ("# A\n\n`--to tw` 4,000 [x](y.md)\n", "y.md"),
        ("# A\n\n`--to tw` 4,000\n\n```sh\nzhnorm clean\n```\n", "zhnorm clean"),
    ],
)
def test_what_differs_is_named(changed: str, said: str) -> None:
    (difference,) = differences(changed, "# A\n\n`--to tw` 4,000\n")
    assert said in difference


def test_figures_are_compared_by_their_value() -> None:
    assert not differences("# 甲\n\n250 万 `a`\n", "# A\n\n2.5 million `a`\n")


PRONE = {
    "zh-Hans": "檔案 資料 程式 預設 軟體 選項 設定 網路 記憶體 伺服器 默認 終端機",
    "zh-Hant": "文件夹 默认 软件 程序 内存 网络 設置 默認 文檔 文件夾 軟件 內存 終端里 字符 信息 視頻 質量 用戶 鏈接 缺省",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_those_of_the_region(language: str) -> None:
    """A page that was only converted from the other one shows it in such words."""
    for path in [ROOT / f"README.{language}.md", *(ROOT / "docs" / language).glob("*.md")]:
        prose = re.sub(r"`[^`]+`", "", BLOCK.sub("", path.read_text("utf-8")))
        assert not [word for word in PRONE[language].split() if word in prose], path.name
