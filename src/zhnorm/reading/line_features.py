"""What a line looks like by itself, for the lines of many pages at once.

The characters are looked up and counted for all lines together; an expression is run only over lines which hold
the characters that it looks for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from ..arrays.character_kinds import SPACES, Kinds, LineArrays
from ..arrays.compiled import compiled
from ..signs import BARS, COMMAS, EMOJI, FULL_STOPS, SENTENCE_ENDS, WAVES, without
from ..text.shape import (
    BULLET_STARTS,
    CLOSERS,
    LINK_CHARS,
    LONG_CHARS,
    NO_LINK_ENDS,
    PROSE_CHARS,
    ends_sentence,
    is_link_like,
    starts_with_bullet,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["OWN", "Columns", "Hits", "in_rows", "marked", "own_features", "share"]

Hits = dict[int, tuple[str, bool]]
"""For lines that a rule matches: its action, and whether articles end with such a line."""

OWN = (
    "size", "short", "brief", "headline", "long", "marks", "stops", "ends", "full-stop", "prose", "link", "bullet",
    "digits", "latin", "date", "bars", "spaces", "colon", "particles", "bracket", "quote", "site-words", "picture",
    "dropped", "heads-list", "trimmed", "emoji", "arrow", "address", "exclaims", "asks", "hash", "longer", "link-share",
)  # fmt: skip

_DATE = re.compile("[0-9]{1,4}\\s*[-年/.月]\\s*[0-9]{1,2}|[0-9]{1,2}:[0-9]{2}")
_SITE_WORD_LIST = "关注|订阅|专页|粉丝|客户端|下载|点击|登录|登入|注册|版权|转载|声明|本站|本网|网友|http|www|微信|微博|免费|热线|邮箱|投稿|评论|推荐|更多"
_SITE_WORDS = re.compile(_SITE_WORD_LIST)

(
    _MARK, _STOP, _BAR, _PARTICLE, _BLANK, _QUOTE, _COMMA, _SENTENCE, _DIGIT, _DATE_SIGN, _PICTURE, _MATERIAL, _WHITE,
    _EMOJI, _ARROW, _SLASH, _CLOSER, _FULL_STOP, _NO_LINK_END, _BULLET_START, _COLON, _OPENING, _EXCLAIMS, _ASKS, _HASH,
    _WAVE,
) = (1 << bit for bit in range(26))  # fmt: skip
# What the weights were learned with: where a sign is missing here, one more would change what lines look like to the network.
_KINDS = Kinds(
    {
        _MARK: f"{FULL_STOPS}!?…；;{COMMAS}、：“”「」『』《》",
        _STOP: FULL_STOPS,
        _BAR: f"{BARS}>›»·[]【】/",
        _PARTICLE: "的了是在和与也就都而及着",
        _BLANK: " ",
        _QUOTE: "“「",
        _COMMA: f"{COMMAS}。",
        _SENTENCE: without(SENTENCE_ENDS, "⋯‥"),
        _DIGIT: "0-9",
        _DATE_SIGN: "年/.月:-",
        _PICTURE: "图摄",
        _MATERIAL: "资",
        _WHITE: SPACES,
        _EMOJI: EMOJI,
        _ARROW: "▲▼△▽↑↓→►▶👇👆👈👉》>›»",
        _SLASH: "/.",
        _CLOSER: CLOSERS,
        _FULL_STOP: "。",
        _NO_LINK_END: "".join(NO_LINK_ENDS),
        # In a class of characters "-" makes a range.
        _BULLET_START: "-" + "".join(sorted(BULLET_STARTS - {"-"})),
        _COLON: "：:",
        _OPENING: "（(",
        _EXCLAIMS: "!！",
        _ASKS: "?？",
        _HASH: "#＃",
        _WAVE: WAVES,
    }
)
_KEY_DIGIT, _KEY_LATIN, _WORD_FIRST, _WORD_SECOND = (1 << bit for bit in range(4))
_KEY_KINDS = Kinds(
    {
        _KEY_DIGIT: "0-9",
        _KEY_LATIN: "a-z",
        _WORD_FIRST: "".join(sorted({word[0] for word in _SITE_WORD_LIST.split("|")})),
        _WORD_SECOND: "".join(sorted({word[1] for word in _SITE_WORD_LIST.split("|")})),
    }
)
_ENDS, _PROSE, _BULLET, _SITE_WORD = map(OWN.index, ("ends", "prose", "bullet", "site-words"))
_ASK_ENDS, _ASK_BULLET, _ASK_SITE_WORDS = 1, 2, 4
_OF_RULES = {"drop": "dropped", "cut": "heads-list", "trim": "trimmed"}
"""With what the action of a rule begins, and the feature of lines on which such a rule acts."""
Columns = dict[str, "NDArray[Any]"]
"""Features of lines: for each name a value for every line."""


def own_features(
    texts: Sequence[str], keys: Sequence[str], hits: Hits, links: Sequence[float] | None = None
) -> NDArray[Any]:
    """The features of lines by themselves: a row for each line, in the order of `OWN`.

    Args:
        texts: the lines, tidied, in Simplified characters, none of them blank.
        keys: their keys (see `conversion.fold`).
        hits: the lines that a rule matches.
        links: which share of each is the text of links, 0 to 1, if that is known.
    """
    found = _compiled_looks(texts, keys) if compiled() else in_rows(_looks(texts, keys), OWN)
    for i, (action, _) in hits.items():
        for wanted, name in _OF_RULES.items():
            if action.startswith(wanted):
                found[i, OWN.index(name)] = 1
    if links is not None:
        found[:, OWN.index("link-share")] = links
    return found


def _compiled_looks(texts: Sequence[str], keys: Sequence[str]) -> NDArray[Any]:
    """What `_looks` finds, in rows. All but what takes an expression is seen in C."""
    import numpy as np

    part = compiled()
    assert part
    found = np.empty((len(texts), len(OWN)))
    asked = np.empty(len(texts), np.uint32)
    part.looks("\n".join(texts), "\n".join(keys), _KINDS.table, _KEY_KINDS.table, found, asked)
    found[:, 0] = np.log1p(found[:, 0].copy())
    places = asked.nonzero()[0]
    for i, bits in zip(places.tolist(), asked[places].tolist(), strict=True):
        if bits & _ASK_ENDS and ends_sentence(texts[i]):
            found[i, _ENDS] = 1
            if len(keys[i]) >= PROSE_CHARS:
                found[i, _PROSE] = 1
        if bits & _ASK_BULLET:
            found[i, _BULLET] = starts_with_bullet(texts[i])
        if bits & _ASK_SITE_WORDS:
            found[i, _SITE_WORD] = share(len(_SITE_WORDS.findall(keys[i])), 3)
    return found


def _looks(texts: Sequence[str], keys: Sequence[str]) -> Columns:
    import numpy as np

    lines, said = LineArrays("\n".join(texts)), LineArrays("\n".join(keys))
    characters, letters = _KINDS.of_characters(lines), _KEY_KINDS.of_characters(said)
    holds = lines.union(characters)
    size = said.ends - said.starts
    first, last = characters[lines.starts], characters[lines.ends - 1]
    spaced = (first | last) & _WHITE != 0

    def count(bit: int) -> NDArray[Any]:
        return lines.count(characters & bit != 0)

    def ask(known: NDArray[Any], unsure: NDArray[Any], question: Callable[[int], bool]) -> NDArray[Any]:
        """What is known, and the answers to a question about the lines for which nothing is."""
        places = unsure.nonzero()[0]
        known[places] = [question(i) for i in places.tolist()]
        return known

    closed = last & _CLOSER != 0
    sentence = last & _STOP != 0
    ends = ask(sentence.copy(), ~sentence & (holds & _SENTENCE != 0), lambda i: ends_sentence(texts[i]))
    prose = (size >= PROSE_CHARS) & (ends | ((size >= LONG_CHARS) & (holds & _COMMA != 0)))
    link = (size > 0) & (size <= LINK_CHARS) & (last & _NO_LINK_END == 0)
    dated = (holds & _DIGIT != 0) & (holds & _DATE_SIGN != 0)
    words = ((letters[:-1] & _WORD_FIRST != 0) & (letters[1:] & _WORD_SECOND != 0)).nonzero()[0]
    site_words = np.zeros(len(texts))
    for i in dict.fromkeys((said.starts.searchsorted(words, "right") - 1).tolist()):
        site_words[i] = len(_SITE_WORDS.findall(keys[i]))
    spaces = count(_BLANK)
    for i in (spaced & (spaces > 0)).nonzero()[0].tolist():
        spaces[i] = texts[i].strip().count(" ")
    return {
        "size": np.log1p(size),
        "short": size <= 6,
        "brief": (size > 6) & (size <= 14),
        "headline": (size > 14) & (size <= 30),
        "long": size >= 60,
        "marks": share(count(_MARK) / (size + 1), 0.25),
        "stops": share(count(_STOP), 5),
        "ends": ends,
        "full-stop": ask(last & _FULL_STOP != 0, closed, lambda i: texts[i].rstrip(CLOSERS).endswith("。")),
        "prose": prose,
        "link": ask(link, closed & (size > 0), lambda i: is_link_like(texts[i], keys[i])),
        "bullet": ask(
            np.zeros(len(texts), np.bool_),
            (first & _BULLET_START != 0) | spaced,
            lambda i: starts_with_bullet(texts[i]),
        ),
        "digits": share(said.count(letters & _KEY_DIGIT != 0) / (size + 1), 0.5),
        "latin": said.count(letters & _KEY_LATIN != 0) / (size + 1),
        "date": ask(np.zeros(len(texts), np.bool_), dated, lambda i: _DATE.search(texts[i]) is not None),
        "bars": share(count(_BAR), 6),
        "spaces": share(spaces, 8),
        "colon": ask(last & _COLON != 0, spaced, lambda i: texts[i].rstrip()[-1:] in ("：", ":")),
        "particles": share(count(_PARTICLE) / (size + 1), 0.15),
        "bracket": ask(first & _OPENING != 0, spaced, lambda i: texts[i].lstrip()[:1] in ("（", "(")),
        "quote": holds & _QUOTE != 0,
        "site-words": share(site_words, 3),
        "picture": ask(
            holds & _PICTURE != 0, holds & (_PICTURE | _MATERIAL) == _MATERIAL, lambda i: "资料照" in texts[i]
        ),
        **dict.fromkeys((*_OF_RULES.values(), "link-share"), np.zeros(len(texts))),
        "emoji": share(count(_EMOJI), 3),
        "arrow": holds & _ARROW != 0,
        "address": ask(
            np.zeros(len(texts), np.bool_), holds & _SLASH != 0, lambda i: "http" in texts[i] or "www." in texts[i]
        ),
        "exclaims": last & _EXCLAIMS != 0,
        "asks": last & _ASKS != 0,
        "hash": first & _HASH != 0,
        "longer": share(size, 150),
    }


def in_rows(columns: Columns, names: Sequence[str]) -> NDArray[Any]:
    """Columns side by side, in the order of some names: a row for each line."""
    import numpy as np

    found = np.empty((len(columns[names[0]]), len(names)))
    for place, name in enumerate(names):
        found[:, place] = columns[name]
    return found


def share(values: Any, most: float) -> Any:
    """Values as shares of the most that counts, 0 to 1."""
    import numpy as np

    return np.minimum(values, most) / most


def marked(places: Sequence[int], size: int) -> NDArray[np.bool_]:
    """True at some of so many places."""
    import numpy as np

    found = np.zeros(size, np.bool_)
    found[list(places)] = True
    return found
