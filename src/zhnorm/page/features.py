"""What a line of a dumped page looks like, in numbers.

Every feature is a number between about 0 and 1, or the logarithm of a size, so that weights can be read side by side. A
feature sees the line, its neighbours, the prose around it, the page's headline and the lines that rules know; it never
sees a site's name. The names below are those in `data/page/body.tsv` and in the ledger.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate
from operator import itemgetter

from ..text.expressions import expression
from ..text.shape import ends_sentence, is_link_like, is_prose, starts_with_bullet

__all__ = ["NAMES", "features", "headline"]

_MARKS = expression("[，。、；：！？“”「」『』《》,;!?…]")
_STOPS = expression("[。！？]")
_DATE = expression("[0-9]{1,4}\\s*[-年/.月]\\s*[0-9]{1,2}|[0-9]{1,2}:[0-9]{2}")
_FULL_DATE = expression("[0-9]{4}\\s*[-年/.]\\s*[0-9]{1,2}\\s*[-月/.]\\s*[0-9]{1,2}")
_BARS = expression("[|｜>›»·\\[\\]【】/]")
_PARTICLES = expression("[的了是在和与也就都而及着]")
_DIGITS = expression("[0-9]")
_LATIN = expression("[a-z]")
_SITE_WORDS = expression(
    "关注|订阅|专页|粉丝|客户端|下载|点击|登录|登入|注册|版权|转载|声明|本站|本网|网友|http|www|微信|微博|免费|热线|邮箱|投稿|评论|推荐|更多"
)
_PICTURE = expression("[图摄]|资料照|供图")

_NEAR = 12
"""Distances in lines are counted up to this many."""
_GAP = 2
"""Paragraphs with no more than this many lines between them form one stretch of prose."""
_TITLE_CHARS = (5, 60)
GUESSED = 0.5
"""What `is-title` is for a headline that no page title confirms."""
_ABOVE = 14
"""A headline stands within so many lines above its text."""
_NO_TITLE = expression("[0-9]{4}\\s*[-年/.]|[0-9]:[0-9]|[：:]\\s*$|^\\s*[（(【\\[·▲]|[。，]$|[图摄]|www|http")
_OWN = (
    "size", "short", "brief", "headline", "long", "marks", "stops", "ends", "full-stop", "prose", "link", "bullet",
    "digits", "latin", "date", "bars", "spaces", "colon", "particles", "bracket", "quote", "site-words", "picture",
    "dropped", "heads-list", "trimmed",
)  # fmt: skip
_SHARED = ("size", "ends", "prose", "link", "date", "dropped", "heads-list", "site-words")
_OFFSETS = (-3, -2, -1, 1, 2, 3)
_CONTEXT = (
    "mass-2", "mass-5", "mass-10", "share-5", "prose-above", "prose-below", "own-share", "place", "links-above",
    "links-below", "short-above", "short-below", "hits-above", "hits-below", "far-from-prose-above",
    "far-from-prose-below", "within-prose", "stretch", "stretch-size", "stretch-share", "stretch-largest",
    "stretch-of-title", "above-largest", "below-largest", "above-first", "below-first", "ends-since-title",
    "ends-ahead", "is-title", "below-title", "near-title", "no-title", "like-title", "topic", "repeated", "first",
    "below-dateline", "link-run",
)  # fmt: skip
NAMES = (*_OWN, *(f"{name}{offset:+d}" for offset in _OFFSETS for name in _SHARED), *_CONTEXT)
"""The features, in the order of their numbers."""

Hits = dict[int, tuple[str, bool]]
"""For lines that a rule matches: its action, and whether articles end with such a line."""


def features(texts: Sequence[str], keys: Sequence[str], hits: Hits) -> list[list[float]]:
    """The features of every line of a page, in the order of `NAMES`.

    Args:
        texts: the lines, tidied, in Simplified characters, none of them blank.
        keys: their keys (see `text.fold`).
        hits: the lines that a rule matches.

    >>> rows = features(["青石网", "今天下午，市图书馆的新馆向读者开放了。"], ["青石网", "今天下午市图书馆的新馆向读者开放了"], {})
    >>> [row[NAMES.index("full-stop")] for row in rows]
    [0.0, 1.0]
    """
    if not texts:
        return []
    shared_places = itemgetter(*map(_OWN.index, _SHARED))
    own = [_own(text, said, hits.get(i)) for i, (text, said) in enumerate(zip(texts, keys, strict=True))]
    shared = [shared_places(row) for row in own]
    nothing = (0.0,) * len(_SHARED)
    context = _context(texts, keys, hits, own)
    rows = []
    for i, row in enumerate(own):
        line = list(row)
        for offset in _OFFSETS:
            line += shared[i + offset] if 0 <= i + offset < len(own) else nothing
        rows.append(line + context[i])
    return rows


def headline(keys: Sequence[str], paragraphs: Sequence[int]) -> int | None:
    """The line below the first one that says most of what the first one says: a page's first line is its title, with
    the site's name behind it, and the article's headline says it again; if more than once, then where text is near.

    Args:
        keys: the keys of the lines.
        paragraphs: the indices of those that are prose.

    >>> headline(["月全食今晚登场青石网", "首页", "月全食今晚登场", "正文"], [])
    2
    """
    low, high = _TITLE_CHARS
    said = [i for i in range(1, len(keys)) if low <= len(keys[i]) <= high and keys[i] in keys[0]]
    longest = max((len(keys[i]) for i in said), default=0)

    def to_text(i: int) -> int:
        place = bisect_left(paragraphs, i + 1)
        return paragraphs[place] - i if place < len(paragraphs) else len(keys)

    return min((i for i in said if len(keys[i]) == longest), key=to_text, default=None)


def _likely_headline(texts: Sequence[str], keys: Sequence[str], stretches: Sequence[tuple[int, int]]) -> int | None:
    """Where no first line tells it: the line above one of the longest stretches of prose that says most of its words."""
    best, found = 0.0, None
    for start, stop in sorted(stretches, key=lambda stretch: sum(map(len, keys[stretch[0] : stretch[1]])))[-2:]:
        size = sum(map(len, keys[start:stop]))
        topic = set().union(*map(_pairs, keys[start:stop]))
        for i in range(max(0, start - _ABOVE), start):
            if len(keys[i]) < _TITLE_CHARS[0] or len(keys[i]) > _TITLE_CHARS[1] or _NO_TITLE.search(texts[i]):
                continue
            pairs = _pairs(keys[i])
            common = len(pairs & topic)
            weight = common * common / len(pairs) * math.sqrt(size)
            if common >= 4 and common >= 0.4 * len(pairs) and weight > best:
                best, found = weight, i
    return found


def _share(value: float, most: float) -> float:
    return (min(most, value)) / most


def _own(text: str, said: str, hit: tuple[str, bool] | None) -> list[float]:
    size = len(said)
    action = hit[0] if hit else ""
    return [
        math.log1p(size), float(size <= 6), float(6 < size <= 14), float(14 < size <= 30), float(size >= 60),
        _share(len(_MARKS.findall(text)) / (size + 1), 0.25), _share(len(_STOPS.findall(text)), 5),
        float(ends_sentence(text)), float(text.rstrip("”’」』）)】 ").endswith("。")), float(is_prose(text, said)),
        float(is_link_like(text, said)), float(starts_with_bullet(text)),
        _share(len(_DIGITS.findall(said)) / (size + 1), 0.5), len(_LATIN.findall(said)) / (size + 1),
        float(_DATE.search(text) is not None), _share(len(_BARS.findall(text)), 6), _share(text.strip().count(" "), 8),
        float(text.rstrip()[-1:] in ("：", ":")), _share(len(_PARTICLES.findall(text)) / (size + 1), 0.15),
        float(text.lstrip()[:1] in ("（", "(")), float("“" in text or "「" in text),
        _share(len(_SITE_WORDS.findall(said)), 3), float(_PICTURE.search(text) is not None),
        float(action == "drop"), float(action == "cut"), float(action.startswith("trim")),
    ]  # fmt: skip


def _context(texts: Sequence[str], keys: Sequence[str], hits: Hits, own: list[list[float]]) -> list[list[float]]:
    """What stands around each line."""
    count = len(keys)
    prose = [bool(row[_OWN.index("prose")]) for row in own]
    links = [bool(row[_OWN.index("link")]) and not is_text for row, is_text in zip(own, prose, strict=True)]
    known = [i in hits and not hits[i][0].startswith("trim") for i in range(count)]
    chars = [len(said) if is_text else 0 for said, is_text in zip(keys, prose, strict=True)]
    mass, link_count, short_count, hit_count = (
        [0, *accumulate(values)] for values in (chars, links, (len(said) <= 6 for said in keys), known)
    )
    total = mass[-1] + 1
    paragraphs = [i for i in range(count) if prose[i]]
    stretches = _stretches(prose, known)
    title = headline(keys, paragraphs)
    sure = 1.0 if title is not None else GUESSED
    if title is None:
        title = _likely_headline(texts, keys, stretches)
    title_pairs = _pairs(keys[0 if title is None else title])
    topic: set[str] = set()
    shared_topic: set[str] = set()
    for i in paragraphs:
        pairs = _pairs(keys[i])
        shared_topic |= topic & pairs
        topic |= pairs
    sizes = [mass[stop] - mass[start] for start, stop in stretches]
    largest = max(range(len(sizes)), key=sizes.__getitem__) if sizes else None
    first = next((n for n, (start, _) in enumerate(stretches) if title is not None and start > title), None)
    starts = [start for start, _ in stretches]
    times = Counter(keys)
    ends = [i for i in range(count) if i in hits and hits[i][1]]
    since_date, run = 30, 0
    rows = []
    for i, said in enumerate(keys):
        above, below = max(0, i - 10), min(count, i + 11)
        place = bisect_left(paragraphs, i)
        far_above = min(_NEAR, i - paragraphs[place - 1]) if place else _NEAR
        later = place + (place < len(paragraphs) and paragraphs[place] == i)
        far_below = min(_NEAR, paragraphs[later] - i) if later < len(paragraphs) else _NEAR
        if prose[i]:
            far_above = far_below = 0
        n = bisect_left(starts, i + 1) - 1
        inside = n if n >= 0 and i < stretches[n][1] else None
        pairs = _pairs(said)
        others = shared_topic if prose[i] else topic
        ended = bisect_left(ends, i)
        next_end = ends[bisect_left(ends, i + 1)] - i if bisect_left(ends, i + 1) < len(ends) else 15
        rows.append([
            math.log1p(mass[min(count, i + 3)] - mass[max(0, i - 2)]),
            math.log1p(mass[min(count, i + 6)] - mass[max(0, i - 5)]),
            math.log1p(mass[below] - mass[above]),
            (mass[min(count, i + 6)] - mass[max(0, i - 5)]) / total,
            mass[i] / total, (total - mass[i + 1]) / total, chars[i] / total, i / count,
            (link_count[i] - link_count[above]) / 10, (link_count[below] - link_count[i + 1]) / 10,
            (short_count[i] - short_count[above]) / 10, (short_count[below] - short_count[i + 1]) / 10,
            _share(hit_count[i] - hit_count[max(0, i - 5)], 3), _share(hit_count[min(count, i + 6)] - hit_count[i + 1], 3),
            far_above / _NEAR, far_below / _NEAR, float(far_above < _NEAR and far_below < _NEAR),
            float(inside is not None),
            math.log1p(sizes[inside]) if inside is not None else 0.0,
            sizes[inside] / max(sizes) if inside is not None else 0.0,
            float(inside is not None and inside == largest), float(inside is not None and inside == first),
            float(largest is not None and i < stretches[largest][0]),
            float(largest is not None and i >= stretches[largest][1]),
            float(first is not None and i < stretches[first][0]), float(first is not None and i >= stretches[first][1]),
            _share(ended - bisect_left(ends, title or 0), 3) if i > (title or 0) else 0.0, _share(next_end, 15),
            sure * (i == title), float(title is not None and i > title),
            float(title is not None and 0 < i - title <= 6), float(title is None),
            len(pairs & title_pairs) / (len(pairs) + 1), len(pairs & others) / (len(pairs) + 1),
            float(times[said] > 1), float(i == 0), since_date / 30, _share(run, 8),
        ])  # fmt: skip
        since_date = 0 if _FULL_DATE.search(texts[i]) and not prose[i] else min(30, since_date + 1)
        run = run + 1 if links[i] else 0
    return rows


def _pairs(said: str) -> set[str]:
    return {said[i : i + 2] for i in range(len(said) - 1)}


def _stretches(prose: Sequence[bool], known: Sequence[bool]) -> list[tuple[int, int]]:
    """Where prose goes on with few lines between the paragraphs, none of which a rule knows: start and stop."""
    found: list[tuple[int, int]] = []
    gap = _GAP + 1
    for i, is_text in enumerate(prose):
        if known[i]:
            gap = _GAP + 1
        elif not is_text:
            gap += 1
        else:
            found.append((found.pop()[0] if gap <= _GAP else i, i + 1))
            gap = 0
    return found
