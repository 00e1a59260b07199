"""What lines say, as numbers: what everything is counted and compared by, whatever script, width and marks a line is written in.

A key is made of a line as it came in (`conversion.fold.key`), so nothing has to be cleaned before it is counted. In a *form* every
run of digits of the key is a 0 as well: `发布时间：2024-01-02` and `發佈時間: 2023-11-09` have one form. Forms are for templates; copies are
compared by keys, or 第1章 would be 第2章. Digits are masked when marks are gone, so that the form of a form is itself: people copy forms
into files of templates, and lines as well.

The numbers are BLAKE2b of 64 bits, the same on every machine and for every engine. 0 stands for a line that says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from heapq import nlargest
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zhnorm.arrays.expressions import expression
from zhnorm.conversion.fold import key
from zhnorm.errors import not_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint64]

__all__ = [
    "EVERYWHERE",
    "LINE_KINDS",
    "MOST_LETTERS",
    "Lines",
    "check_texts",
    "digest",
    "form",
    "forms_of",
    "is_form",
    "keys_of",
    "lines_of",
    "numbers_of",
    "of_site",
    "site_number",
    "site_numbers",
]

MOST_LETTERS = 120
"""A line of more letters is content, whatever comes back."""
LEAST_LETTERS = 2
EVERYWHERE = "*"
"""The site of a line that stands on many sites."""
_EDGE = np.uint32(0xFFFFFFFF)
_DIGITS = expression("[0-9]+")
_LETTER = expression("[^0-9]")
_MIX_SITE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xD6E8FEB86659FD93)
_HALF = np.uint64(32)


def digest(text: str) -> int:
    """The number of a text.

    >>> hex(digest("网络"))
    '0xa7ca3306e695659b'
    """
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def numbers_of(texts: Iterable[str]) -> Numbers:
    """The numbers of several texts; that of an empty one is 0."""
    found = [
        blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() if text else _NOTHING for text in texts
    ]
    return np.frombuffer(b"".join(found), "<u8")


_NOTHING = bytes(8)


def form(line: str) -> str:
    """The form of one line, in which templates are counted and written.

    >>> form("發佈時間: 2023-11-09") == form("发布时间：2024-01-02"), form("发布时间：2024-01-02")
    (True, '发布时间0')
    >>> form(form("第 3,500 號")) == form("第 3,500 號")
    True
    """
    return forms_of(key(line.replace("\n", " ")))[0]


def forms_of(keys: str) -> list[str]:
    """The forms of keys, one a line; "" for a line that can belong to no template, because it is too long or says too little."""
    return [found if is_form(found) else "" for found in _DIGITS.sub("0", keys).split("\n")]


def is_form(found: str) -> bool:
    """Whether a form can belong to a template: two to 120 letters, not all of them digits.

    >>> is_form("首页"), is_form("0"), is_form("")
    (True, False, False)
    """
    return LEAST_LETTERS <= len(found) <= MOST_LETTERS and _LETTER.search(found) is not None


def site_number(site: str) -> int:
    """The number of a site."""
    return digest(f"site\0{site}")


def site_numbers(sites: Iterable[str]) -> Numbers:
    """The numbers of several sites."""
    return np.array([site_number(site) for site in sites], np.uint64)


def of_site(site: Any, lines: Any) -> Numbers:
    """The numbers of lines of a site, so that one number says both.

    Args:
        site: number of the site, or of that of each line.
        lines: numbers of lines.
    """
    # Always arrays: numpy warns of single numbers that overflow, which is what is wanted here.
    mixed: Numbers = np.atleast_1d(np.asarray(lines, np.uint64)) ^ (
        np.atleast_1d(np.asarray(site, np.uint64)) * _MIX_SITE
    )
    mixed ^= mixed >> _HALF
    mixed *= _MIX
    mixed ^= mixed >> _HALF
    return mixed


LINE_KINDS = {"forms": "<u8", "keys": "<u8", "letters": "<i4", "before": "<u4", "behind": "<u4"}
"""The columns of `Lines` with a number for each line, and how these are written."""


class Lines(NamedTuple):
    """The lines of some documents in columns.

    Attributes:
        counts: how many lines each document has.
        forms: numbers of the forms of all lines; 0: no form.
        keys: numbers of their keys; 0: the line says nothing.
        letters: how many letters each key has.
        before: half a number for what stands above each line, blank lines aside, or for the edge of the document;
        behind: and for what stands below it.
        bodies: a number for what each document says besides its templates (see `lines_of`).
    """

    counts: NDArray[np.int64]
    forms: Numbers
    keys: Numbers
    letters: NDArray[np.int32]
    before: NDArray[np.uint32]
    behind: NDArray[np.uint32]
    bodies: Numbers

    def of_none(self) -> Lines:
        """The lines of no document."""
        return Lines(*(column[:0] for column in self))  # type: ignore[arg-type]


def lines_of(texts: Sequence[str]) -> Lines:
    """The lines of documents.

    A page that was fetched seven times, each time with another counter and other teasers, must count once, or what it says would
    become a template of its site. Its body tells it: its two longest lines, if the first of them is too long for any template, or else all
    of its lines. (Two, because a legal notice may be longer than any paragraph.)

    Args:
        texts: the documents as they came in.

    >>> lines = lines_of(["首頁\\n2024年", "首页\\n2023年"])
    >>> lines.counts.tolist(), lines.letters.tolist(), len(set(lines.forms.tolist())), len(set(lines.keys.tolist()))
    ([2, 2], [2, 5, 2, 5], 2, 3)
    """
    if not texts:
        return lines_of([""]).of_none()
    keys, counts = keys_of(texts)
    found = forms_of("\n".join(keys))
    stops = np.cumsum(counts).tolist()
    bodies = [
        _body(keys[stop - count : stop], found[stop - count : stop])
        for stop, count in zip(stops, counts.tolist(), strict=True)
    ]
    letters = np.fromiter(map(len, keys), np.int32, len(keys))
    form_numbers, key_numbers = numbers_of(found), numbers_of(keys)
    before, behind = _neighbours(
        np.where(form_numbers != 0, form_numbers, key_numbers), np.repeat(np.arange(len(texts)), counts)
    )
    return Lines(counts, form_numbers, key_numbers, letters, before, behind, numbers_of(bodies))


def keys_of(texts: Sequence[str]) -> tuple[list[str], NDArray[np.int64]]:
    """The keys of all lines of documents, and how many lines each document has.

    Args:
        texts: the documents as they came in.
    """
    check_texts(texts)
    # As one text: the tables are looked up once.
    keys = key("\n".join(texts)).split("\n") if texts else []
    return keys, np.array([text.count("\n") + 1 for text in texts], np.int64)


def check_texts(texts: Sequence[str]) -> None:
    """See that texts are texts.

    Raises:
        NotTextError: one is not, such as None, which extractors give for an empty page.
    """
    for text in texts:
        if not isinstance(text, str):
            raise not_text(text)


def _neighbours(numbers: Numbers, documents: NDArray[np.int64]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """What stands above and below each line that says something."""
    there = np.flatnonzero(numbers)
    above = np.full(len(numbers), _EDGE)
    below = above.copy()
    halves, same = numbers[there].astype(np.uint32), documents[there[1:]] == documents[there[:-1]]
    above[there[1:][same]] = halves[:-1][same]
    below[there[:-1][same]] = halves[1:][same]
    return above, below


def _body(keys: Sequence[str], found: Sequence[str]) -> str:
    longest = nlargest(2, keys, key=len)
    return "\n".join(longest if len(longest[0]) > MOST_LETTERS else found)
