"""Which line is the title, in one of the first three lines that say something or marked as the heading; and in what forms it comes back on a line of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import fold, key
from ..line import Block
from ..signs import (
    BARS,
    BOX_SIDES,
    CLOSING_QUOTES,
    COLONS,
    COMMAS,
    FULL_STOPS,
    OPENING_QUOTES,
    SQUARE_CLOSING,
    SQUARE_OPENING,
    WAVES,
    none_of,
    one_of,
    without,
)
from ..text.decoration import core, cut_off
from ..text.interface import is_section_heading
from ..text.shape import CLOSERS, LONG_CHARS, MENU_CHARS, is_bar, is_breadcrumb, is_spoken
from ..text.similar import alike, same_figures
from ..text.slips import possible_slip
from .shared_looks import Looks
from .shared_repetition import AROUND_COPIES, end_of, period_of

__all__ = [
    "MAX_TITLE_CHARS",
    "MIN_TITLE_CHARS",
    "Copy",
    "Head",
    "Title",
    "behind_site",
    "candidates",
    "copy_of",
    "halves",
    "has_tail",
    "heads",
    "is_markup",
]

MIN_TITLE_CHARS, MAX_TITLE_CHARS = 5, 100
TITLE_LINES = 3
HEAD_LINES = 12
"""Paths, menus and short names above the title do not count, but it is looked for no further down than this."""
MOST_CANDIDATES = 8
"""Keys that one line is tried with: a row of keywords may be cut in hundreds of ways."""
SITE_CHARS = 24
NAME_CHARS = 14
LABEL_CHARS = 10
MENU_CELLS = 5
CREDIT_CHARS = 20

_HEADING = expression("\\s*(?:#\\s+|<h1[^>]*>\\s*|(?:标题|title)\\s*[:：]\\s*)")
_HEADING_STARTS = frozenset("#＃<标標tTｔＴ \u3000")
_CLOSING_TAG = expression("\\s*(?:</h1>\\s*|#+\\s*)$")
_UNDERLINE = expression("\\s*={3,}\\s*$")
_MARKUP = ("<", "```", "~~~", "!!!", "!", "|", "---", "***", "[!", ":::", *BOX_SIDES)
_OPTION = expression(
    "\\s*(?:[(（]?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3}|[a-z])[)）、.．]|\\S{1,2}\\s*\\S{0,2}[：:\u3000])"
)
_QUOTED = expression(f'\\s*[{OPENING_QUOTES}"][^{CLOSING_QUOTES}"]*[{CLOSING_QUOTES}"]\\s*$')
_CREDIT = expression(
    "(?:图片?|照片|摄影|摄|文|来源|记者|通讯员|视频|插图)+(?:由|为|来自|取自|均为|均由)\\w{0,14}|\\w{0,8}(?:记者|通讯员|作者|编辑)\\w{0,8}|\\w{0,16}(?:提供|供图|摄|翻摄|摄影|资料图|资料照|示意图|现场图片)"
)
"""A credit comes back below every picture, and is nobody's title."""
# Keywords of pages are set apart by these whatever they are; a dash or a bar stands in titles too, so a name has to follow.
_UNDERSCORE = expression("\\s*_+\\s*")
_BAR = expression("\\s*[|｜]\\s*|\\s+[-–－]\\s+|[-－](?=[^-－\\d]{2,12}$)|\\s+—\\s+(?=\\S{2,12}$)")
_NAME = expression(
    "\\w*(?:网|报|社|台|视|频道|新闻|周刊|杂志|月刊|在线|论坛|社区|讨论区|博客|贴吧|百科|文库|平台|官网|门户|资讯|头条|客户端|中文|公众号|专栏|时报|日报|传媒|学院|图书馆)|\\w*[a-z]{2}\\w*"
)
_OWNER = expression(
    "\\w{2,12}(?:网|报|频道|新闻|周刊|杂志|论坛|政府|[局处厅所馆]|大学|学院|公所|基金会|协会|委员会|讨论区)"
)
_SIGNATURE = expression("\\s+by\\s+\\S{1,12}$")
_POWERED = expression("\\W*powered by .*$")
_SHORT_NAME = expression("(?!\\w*[上中下][篇集部卷]|.*[一二三四五六七八九十])\\w{2,4}")
# In round brackets stand years and seconds, in 《》 works, which belong to their title.
_LABEL_STARTS = f"{SQUARE_OPENING}〈{without(OPENING_QUOTES, '‘')}"
_LABEL_STOPS = f"{SQUARE_CLOSING}〉{without(CLOSING_QUOTES, '’')}"
_LABEL = expression(
    f"\\s*(?:{one_of(_LABEL_STARTS)}{none_of(_LABEL_STOPS)}{{1,10}}{one_of(_LABEL_STOPS)}|[^\\s{BARS}/]{{1,8}}\\s*[{BARS}/])\\s*"
)
_BARS_AND_DASHES = frozenset("|｜-－–—")
_LABEL_BARS = frozenset(f"{BARS}/")


class Title(NamedTuple):
    """The page's title: its key, the number of the line that keeps it, how it stands there, and
    from how many letters on its place, a mark or a site's name behind it leave no doubt (None: there is always some)."""

    key: str
    line: int
    text: str
    sure_chars: int | None


class Head(NamedTuple):
    """A line that may be the title: its index in the block, the text without the marks of a heading, whether it has such marks, and how
    many others of the kind stand above it."""

    at: int
    text: str
    marked: bool
    rank: int


def heads(block: Block, looks: Looks, everything: str) -> Iterator[Head]:
    """The lines among which the title stands, up to the first paragraph: those of which something may come back.

    Args:
        block: the block.
        looks: the looks of its lines.
        everything: the keys of the lines that are still there, one a line.
    """
    lines = _first_lines(block, looks)
    recurring = {i for i in lines if _may_come_back(block.text[i] or "", block.key[i], everything)}
    if not recurring:
        return
    rank = 0
    is_first = True
    for i in lines:
        text, said = block.text[i] or "", block.key[i]
        mark = _HEADING.match(fold(text)) if text[0] in _HEADING_STARTS else None
        if mark or (i + 1 < len(block) and _UNDERLINE.match(block.text[i + 1] or "")):
            yield Head(i, _CLOSING_TAG.sub("", text[mark.end() :]) if mark else text, True, 0)
            rank += 1
        elif i not in recurring and len(said) <= MENU_CHARS:
            # It is neither the title nor does it count.
            is_first = is_first and is_markup(text)
        elif not (is_markup(text) or is_breadcrumb(text) or is_bar(text, MENU_CELLS)):
            if i in recurring and not _is_no_title(text, said, rank, is_first=is_first):
                yield Head(i, text, False, rank)
            rank += len(said) > MENU_CHARS
            is_first = False
        if rank == TITLE_LINES:
            return


def _first_lines(block: Block, looks: Looks) -> list[int]:
    found: list[int] = []
    for i, text in enumerate(block.text):
        said = block.key[i]
        if text is None or not said or i in block.opaque:
            continue
        if looks.prose[i] and (len(said) > LONG_CHARS or text.rstrip(CLOSERS + WAVES).endswith("。")):
            break
        found.append(i)
        if len(found) == HEAD_LINES:
            break
    return found


def _may_come_back(text: str, said: str, everything: str) -> bool:
    """Whether the line's beginning comes back, or the title may begin behind a label."""
    if everything.count(said[:MIN_TITLE_CHARS]) > 1 or text[0] in _LABEL_STARTS or text[0] in _HEADING_STARTS:
        return True
    if not _LABEL_BARS.isdisjoint(text[:LABEL_CHARS]):
        return True
    return any(everything.count(key(text[start:])[:MIN_TITLE_CHARS]) > 1 for start in behind_site(text))


def is_markup(text: str) -> bool:
    """Whether the line is a tag, a comment, an image, a row of a table or another mark of Markdown or HTML.

    >>> is_markup("<!-- more -->"), is_markup("![桥](a.png)"), is_markup("<h1>桥</h1>"), is_markup("桥")
    (True, True, False, False)
    """
    return text.startswith(_MARKUP) and not text.startswith(("<h1", "<H1"))


def _is_no_title(text: str, said: str, rank: int, *, is_first: bool) -> bool:
    """Whether the line is an option, a label, a sentence, speech, the heading of a section with its number, or the credit of a picture."""
    if _QUOTED.match(text) or "首页" in said or (len(said) <= CREDIT_CHARS and _CREDIT.fullmatch(said)):
        return True
    if is_section_heading(text):
        # The table of contents says it beforehand.
        return True
    if text.endswith("。") and (is_spoken(text) or not is_first):
        # A sentence below the name of a song or a year.
        return True
    return rank > 0 and _OPTION.match(fold(text)) is not None


@lru_cache(maxsize=64)
def candidates(text: str) -> tuple[str, ...]:
    """What the title of a line may be: the whole line, what stands before the name of a site or its author, and behind a label or a site.

    >>> candidates("城东图书馆开放_城东网"), candidates("【图文】城东图书馆开放")
    (('城东图书馆开放', '城东图书馆开放_城东网'), ('城东图书馆开放', '【图文】城东图书馆开放'))
    >>> candidates("江城旧事 - 一座码头的三十年")
    ('江城旧事 - 一座码头的三十年',)
    """
    if len(text) > 2 * MAX_TITLE_CHARS:
        return ()
    folded = fold(text)
    found = [text[: cut.start()] for cut in _UNDERSCORE.finditer(folded) if _is_section(folded[cut.end() :])]
    found += [text[: cut.start()] for cut in _BAR.finditer(folded) if _is_name(folded[cut.end() :])]
    found += [text[stop:] for stop in behind_site(text)]
    found += [text[: cut.start()] for cut in _SIGNATURE.finditer(folded)]
    label = _LABEL.match(folded)
    if label:
        found.append(text[label.end() :])
    period = period_of(key(text))
    if period:
        found.append(text[: end_of(text, period)].rstrip(AROUND_COPIES))
    return tuple(
        each for each in [*found[: MOST_CANDIDATES - 1], text] if MIN_TITLE_CHARS <= len(key(each)) <= MAX_TITLE_CHARS
    )


def behind_site(text: str) -> list[int]:
    """Where the title of a line may begin, behind the name of a site or an office and a bar or a dash.

    >>> behind_site("青石县政府农业处 - 老树认养开跑"), behind_site("江城旧事 - 一座码头的三十年")
    ([11], [])
    """
    if _BARS_AND_DASHES.isdisjoint(text):
        return []
    cut = _BAR.search(fold(text))
    return [cut.end()] if cut and _OWNER.fullmatch(fold(text[: cut.start()])) else []


def has_tail(text: str, title: str) -> bool:
    """Whether the line is the title, of which this is the key, and behind a bar, a dash or the like a few words.

    >>> has_tail("城东图书馆开放-科普中心", "城东图书馆开放"), has_tail("城东图书馆开放，人来了", "城东图书馆开放")
    (True, False)
    """
    if len(text) > 2 * MAX_TITLE_CHARS:
        return False
    cuts = [*_UNDERSCORE.finditer(text), *_BAR.finditer(text)]
    return any(len(key(text[cut.end() :])) <= SITE_CHARS and key(text[: cut.start()]) == title for cut in cuts)


def _is_section(text: str) -> bool:
    """Whether the rest of a line can be the names of a section and of a site: of both at most two lines of a sign long."""
    return 0 < len(key(text)) <= SITE_CHARS and not any(map(str.isdigit, text))


def _is_name(text: str) -> bool:
    """Whether the rest of a line is the name of a site, perhaps with its section before it."""
    parts = [said for part in _BAR.split(_POWERED.sub("", text)) if (said := key(part))]
    if not parts or any(len(part) > NAME_CHARS for part in parts):
        return False
    return _NAME.fullmatch(parts[-1]) is not None or (len(parts) == 1 and _SHORT_NAME.fullmatch(parts[0]) is not None)


SIMILAR_CHARS = 9
SLIP_CHARS = 12
"""In a shorter title one other character may be another matter."""
MOST_SLIPS = 2
JUNK_CHARS = 24
LONG_NAME_CHARS = 8
"""What is shorter may be the name of a paper, which stands before the name of a photographer."""
HALF_CHARS = 7
MOST_PARTS = 5
LEAST_LIKENESS = 88.0
LEAST_SHARED = 3
"""What shares less than a third of its letters with the title has no slip or two: most lines that begin alike are seen off that way."""

_JUNK = expression(
    "(?:(?:附|组|配|题)?图(?:片|为|集|说|文)?[0-9一二三四五六七八九十]{0,3}|原标题|标题|转载|组图|图文|视频|快讯|独家|责编|来源)*"
    "(?:第?[0-9]{1,3}[页张幅]?(?:共?[0-9]{1,3}[页张幅])?(?:图片?)?)?(?:jpe?g|png|gif|webp)?"
    "(?:(?:图|图片|照片|资料照?|示意图|记者|摄影|通讯员|取自|翻摄|来源)+\\w{0,14}(?:摄|提供|摄影|翻摄|资料照|资料图|示意图|供图)?|\\w{0,8}(?:摄|提供|供图)|图[a-z0-9]{2,14})?"
)
_SIGNED = expression("记者|摄|提供|供图|通讯员")
_PARTS = expression(f"\\s+|[{COMMAS}{COLONS}；;{BARS}]\\s*|(?<=[{FULL_STOPS}!?\\]】])\\s*|—{{2,}}")


class Copy(NamedTuple):
    """A line that says the title again: by which rule it goes, how like it is (0 to 100), whether it is marked as the
    caption of a picture (a counter, a credit), and whether it says all of the title."""

    rule: str
    score: float
    is_marked: bool
    is_full: bool


def copy_of(text: str, said: str, title: str, shown: str, parts: Sequence[str]) -> Copy | None:
    """How a line says the title and nothing else that matters; None if it does not.

    Args:
        text: the line.
        said: its key.
        title: the key of the title.
        shown: the title as it stands on its line.
        parts: its `halves`.
    """
    if title in said:
        rest = said.replace(title, "")
        if not rest:
            return Copy("titles/repeat", 100.0, False, True) if said != title or same_figures(text, shown) else None
        if (
            len(rest) <= JUNK_CHARS
            and (len(title) >= LONG_NAME_CHARS or not _SIGNED.search(rest))
            and _JUNK.fullmatch(rest)
        ):
            return Copy("titles/repeat", 100.0, True, True)
        if said.startswith(title) and has_tail(text, title):
            return Copy("titles/site", 100.0, False, True)
        if said.endswith(title) and any(key(each) == title for each in candidates(text)):
            return Copy("titles/label", 100.0, False, True)
        return None
    return _cut_off(text, title) or _with_slips(text, said, title, shown) or _half(said, len(title), parts)


def _cut_off(text: str, title: str) -> Copy | None:
    cut = cut_off(text)
    start = key(cut) if cut is not None else ""
    if len(start) >= max(SIMILAR_CHARS, len(title) // 2) and title.startswith(start):
        return Copy("titles/cut-off", round(100.0 * len(start) / len(title), 1), False, False)
    return None


def _with_slips(text: str, said: str, title: str, shown: str) -> Copy | None:
    """The title, once or several times, with a slip or two."""
    size = len(title)
    if size < SLIP_CHARS:
        return None
    if len(said) != size and (bare := core(text)[0]) is not text:
        # A counter is no slip.
        text, said = bare, key(bare)
    times = max(1, round(len(said) / size))
    if abs(len(said) - times * size) > 2 * times or (said[:2] != title[:2] and said[-2:] != title[-2:]):
        return None
    if times > 1 and len(said) != times * size:
        return None
    pieces = [said[start : start + size] for start in range(0, times * size, size)] if times > 1 else [said]
    scores = [_likeness(piece, title, strict=text.endswith("。")) for piece in pieces]
    if all(scores) and same_figures(text, shown * times):
        return Copy("titles/similar", min(scores), False, True)
    return None


@lru_cache(maxsize=1024)
def _likeness(said: str, title: str, *, strict: bool) -> float:
    """How like a title a key is, 0 if it is not: where copies stand any character that is mistaken for another one is a slip, but
    in a sentence (`strict`)."""
    letters, others = set(said), set(title)
    if LEAST_SHARED * len(letters & others) < min(len(letters), len(others)):
        return 0.0
    if found := alike(said, title, LEAST_LIKENESS):
        return found.score
    if strict or len(said) != len(title):
        return 0.0
    slips = [place for place, letter in enumerate(said) if letter != title[place]]
    if len(slips) > MOST_SLIPS or not all(possible_slip(said, title, place) for place in slips):
        return 0.0
    return round(100 - 50 * len(slips) / len(title), 1)


def _half(said: str, size: int, parts: Sequence[str]) -> Copy | None:
    for half in parts:
        if half in said:
            rest = said.replace(half, "", 1)
            if not rest or (len(rest) <= JUNK_CHARS and _JUNK.fullmatch(rest)):
                return Copy("titles/half", round(100.0 * len(half) / size, 1), bool(rest), False)
    return None


@lru_cache(maxsize=1024)
def halves(shown: str) -> tuple[str, ...]:
    """The keys of some parts in a row of a title that has more of them, the longest first, if they say enough.

    >>> halves("夜市牛排为什么便宜一半？老板自己说破了")
    ('夜市牛排为什么便宜一半', '老板自己说破了')
    """
    said = key("\n".join(_PARTS.split(fold(shown)))).split("\n")
    parts = [part for part in said if part][:MOST_PARTS]
    spans = ((first, last) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
    found = ["".join(parts[first:last]) for first, last in spans if last - first < len(parts)]
    return tuple(sorted((half for half in dict.fromkeys(found) if len(half) >= HALF_CHARS), key=len, reverse=True))
