"""Where copies of a title stand: as captions do, or in verse, lists and tables, where a line comes back on purpose."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from ..line import Block
from ..text.shape import LONG_CHARS, ends_sentence
from .shared_looks import Looks
from .shared_repetition import script_of
from .titles_copies import Copy, copy_of, halves
from .titles_lines import Title, fenced, is_markup

__all__ = ["CAPTION_CHARS", "SHORT_CHARS", "Captions", "Standing"]

SHORT_CHARS = 8
"""A shorter title is a word or two, which come back by themselves."""
LONG_TITLE_CHARS = 16
"""No refrain is as long as this."""
CAPTION_CHARS = 12
"""A title of this many letters is known again wherever it stands."""
NEAR_LINES = 4
"""Between the title and its copy above the text stand a date, a name and a source at most."""
VERSE_CHARS = 26
_NO_VERSE = frozenset("：:|｜/>_#")
"""Bylines, paths and menus are short, too."""


class Standing:
    """The lines of a block that say something and are still there, with their keys as one text: of a long page few lines hold any
    part of a title, and they are found without looking at the others.

    Attributes:
        lines: their indices. A place is a number in this list.
        prose: the places of paragraphs.
        keys: their keys, one a line.
    """

    def __init__(self, block: Block, looks: Looks) -> None:
        self.lines = [
            i for i, (text, said) in enumerate(zip(block.text, block.key, strict=True)) if said and text is not None
        ]
        self.prose = [place for place, i in enumerate(self.lines) if looks.prose[i]]
        self._block = block
        said = [block.key[i] for i in self.lines]
        self.keys = "\n".join(said)
        self._stops = list(accumulate(len(each) + 1 for each in said))

    @cached_property
    def code(self) -> frozenset[int]:
        """Indices of the lines of code."""
        return fenced(self._block)

    def holding(self, title: str, parts: Sequence[str]) -> list[int]:
        """The places of lines that hold a title, or one of its parts, or begin or end as it does."""
        keys = f"\n{self.keys}\n"
        found = {bisect_right(self._stops, at) for at in _places(keys, "\n" + title[:2])}
        found |= {bisect_right(self._stops, at) for at in _places(keys, title[-2:] + "\n")}
        return sorted(
            found.union(
                *({bisect_right(self._stops, at - 1) for at in _places(keys, each)} for each in (title, *parts))
            )
        )


def _places(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _free_places(taken: Sequence[int]) -> tuple[dict[int, int], dict[int, int]]:
    """For each place that is taken, given in order, the next one above it and the next one below it that is not."""
    over: dict[int, int] = {}
    under: dict[int, int] = {}
    for place in taken:
        over[place] = over.get(place - 1, place - 1)
    for place in reversed(taken):
        under[place] = under.get(place + 1, place + 1)
    return over, under


class Captions:
    """The lines of a block as copies of one title, and what stands around them.

    Attributes:
        lines: those that stand (see `Standing`).
        mentions: indices of the lines that hold the title, or half of it, and more.
    """

    def __init__(self, block: Block, looks: Looks, title: Title, standing: Standing) -> None:
        self.block, self.looks, self.title = block, looks, title
        self.lines, self._prose = standing.lines, standing.prose
        self.mentions: list[int] = []
        self._copies: list[tuple[int, Copy]] = []
        self._full: set[int] = set()
        size = len(title.key)
        own = title.line - block.first
        parts = halves(title.text)
        for place in standing.holding(title.key, parts):
            i = self.lines[place]
            if i == own:
                continue
            if i in standing.code or (i not in block.opaque and is_markup(block.text[i] or "")):
                continue
            text, said = block.text[i] or "", block.key[i]
            copy = copy_of(text, said, title.key, title.text, parts) if len(said) <= 8 * size + LONG_CHARS else None
            if copy:
                self._copies.append((place, copy))
                if copy.is_full:
                    self._full.add(place)
            elif i not in block.opaque and (title.key in said or any(half in said for half in parts)):
                self.mentions.append(i)

    def is_text(self, i: int) -> bool:
        """Whether a line is a paragraph, or has a sentence at least: in any other the title may be an entry."""
        text = self.block.text[i] or ""
        return bool(self.looks.prose[i]) or "。" in text or ends_sentence(text)

    def copies(self, *, anywhere: bool = False) -> list[tuple[int, Copy]]:
        """The copies that stand where captions do, or, if the title is known, wherever they stand."""
        if not self._copies:
            return []
        own = (
            bisect_left(self.lines, self.title.line - self.block.first) if self.title.line >= self.block.first else None
        )
        taken = sorted({*(place for place, _ in self._copies), *(() if own is None else (own,))})
        over, under = _free_places(taken)
        others = [place for place in self._prose if place not in over]
        first_text = next((place for place in others if own is not None and place > own), len(self.lines))
        above = [place for place, _ in self._copies if own is not None and own < place < first_text]
        first_mark = self._first_mark(self.lines[own or 0], self.lines[above[-1]]) if above else 0
        found = []
        for place, copy in self._copies:
            near_title = False
            if own is not None and own < place < first_text:
                if self.lines[place] >= first_mark:
                    continue
                between = place - bisect_left(taken, place) - own + bisect_left(taken, own)
                near_title = between <= NEAR_LINES
            near, next_ = over[place], under[place]
            around = (
                [each for each in (over.get(near - 1, near - 1), near) if each >= 0],
                [each for each in (next_, under.get(next_ + 1, next_ + 1)) if each < len(self.lines)],
            )
            if (anywhere and copy.is_full) or self._stands(
                place, copy, around, near_title=near_title, is_prose_page=bool(others)
            ):
                found.append((place, copy))
        return found

    def _first_mark(self, start: int, stop: int) -> int:
        """The first line behind one, up to another, that is a rule or a comment, where something else begins; both are indices."""
        texts = self.block.text
        marks = (i for i in range(start + 1, stop + 1) if (text := texts[i]) and is_markup(text))
        return next(marks, len(texts))

    def _stands(
        self,
        place: int,
        copy: Copy,
        around: tuple[Sequence[int], Sequence[int]],
        *,
        near_title: bool,
        is_prose_page: bool,
    ) -> bool:
        """Whether a copy stands where captions do: between paragraphs, above the text, below it, beside another copy."""
        if not copy.is_marked and self._are_verse(place):
            return False
        text = self.block.text[self.lines[place]] or ""
        size = len(self.title.key)
        is_next = place > 0 and self.lines[place - 1] == self.title.line - self.block.first
        if near_title and (size >= SHORT_CHARS or is_next) and (is_prose_page or copy.is_marked):
            return True
        if _is_heading(text):
            return False
        is_sure = self.title.sure_chars is not None and size >= self.title.sure_chars
        if is_sure and copy.is_full and (is_prose_page or size >= LONG_TITLE_CHARS):
            return not self._is_refrain(place)
        above, below = ([self._is_prose(other) for other in side] for side in around)
        # Below the text what remains of a page stands between.
        over, under = above[-1:] == [True] or (not below and any(above)), below[:1] == [True]
        if not copy.is_full:
            beside = any(place + step in self._full for step in (-1, 1))
            if copy.rule == "titles/half":
                # Between paragraphs it may be a subheading.
                return is_prose_page and (copy.is_marked or beside or (over and under and self._in_other_script(place)))
            return over or under or beside
        if copy.is_marked:
            return is_prose_page
        if not over and not under:
            return False
        if self._is_short(around[0]) or self._is_short(around[1]):
            return size >= CAPTION_CHARS and over
        return True

    def _is_refrain(self, place: int) -> bool:
        """Whether the short line above or below stands beside the title, too."""
        if self.title.line < self.block.first:
            return False
        own = bisect_left(self.lines, self.title.line - self.block.first)
        beside = [at for at in (place - 1, place + 1) if 0 <= at < len(self.lines)]
        if any(self._is_prose(at) for at in beside):
            return False
        return any(
            self._said(at) == self._said(own + at - place) != self.title.key for at in beside if own + at - place >= 0
        )

    def _are_verse(self, place: int) -> bool:
        """Whether both the title and the line stand in verse: beside two lines about as long as the title."""
        own = self.title.line - self.block.first
        if own < 0 or len(self.title.key) >= LONG_TITLE_CHARS:
            return False
        return self._is_in_verse(place) and self._is_in_verse(bisect_left(self.lines, own))

    def _is_in_verse(self, place: int) -> bool:
        sides = self.lines[max(0, place - 2) : place], self.lines[place + 1 : place + 3]
        return any(len(side) == 2 and all(map(self._is_verse, side)) for side in sides)

    def _is_verse(self, i: int) -> bool:
        text, size = self.block.text[i] or "", len(self.title.key)
        return (
            size <= 2 * len(self.block.key[i]) <= 4 * size
            and not self.looks.prose[i]
            and _NO_VERSE.isdisjoint(text)
            and not any(map(str.isdigit, text))
        )

    def _said(self, place: int) -> str:
        return self.block.key[self.lines[place]] if place < len(self.lines) else ""

    def _in_other_script(self, place: int) -> bool:
        """Whether the line came in another script than the title."""
        if self.title.line < self.block.first:
            return False
        scripts = {script_of(self.block.raw[i]) for i in (self.lines[place], self.title.line - self.block.first)}
        return scripts == {"hans", "hant"}

    def _is_prose(self, place: int) -> bool:
        return bool(self.looks.prose[self.lines[place]])

    def _is_short(self, side: Sequence[int]) -> bool:
        """Whether two lines on one side are short and no prose, as in verse, lists, tables and dialogue."""
        return len(side) == 2 and all(
            not self._is_prose(place) and len(self.block.key[self.lines[place]]) <= VERSE_CHARS for place in side
        )


def _is_heading(text: str) -> bool:
    return text.startswith(("#", "<h", "<H"))
