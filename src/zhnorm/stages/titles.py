"""The title, once.

Scrapers turn every image of an article into a line with the image's alternative text, and that is the title: alone, in the
other script, with （圖1）, twice or three times in one line, in front of the next paragraph, with the site's name behind it.
The first line that says the title keeps it; the rest of them go, where they stand as captions do, and not in verse, lists and
tables, where a line comes back on purpose.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from ..conversion.detect import script_of
from ..conversion.fold import key
from ..line import Block, Span, Witness
from ..signs import CRIES
from ..text.shape import LONG_CHARS
from ..text.wrapping import wrapped
from .shared_looks import Looks
from .shared_repetition import AROUND_COPIES, end_of
from .stage import Memory, Stage
from .titles_lines import (
    MIN_TITLE_CHARS,
    Copy,
    Head,
    Title,
    behind_site,
    candidates,
    copy_of,
    halves,
    heads,
    is_markup,
)

__all__ = ["Titles"]

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
        self.lines = block.speaking()
        self.prose = [place for place, i in enumerate(self.lines) if looks.prose[i]]
        said = [block.key[i] for i in self.lines]
        self.keys = "\n".join(said)
        self._stops = list(accumulate(len(each) + 1 for each in said))

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
    """

    def __init__(self, block: Block, looks: Looks, title: Title, standing: Standing) -> None:
        self.block, self.looks, self.title = block, looks, title
        self.lines, self._prose = standing.lines, standing.prose
        self._copies: list[tuple[int, Copy]] = []
        self._full: set[int] = set()
        size = len(title.key)
        own = title.line - block.first
        parts = halves(title.text)
        for place in standing.holding(title.key, parts):
            i = self.lines[place]
            if i == own:
                continue
            if i not in block.opaque and is_markup(block.text[i] or ""):
                continue
            text, said = block.text[i] or "", block.key[i]
            copy = copy_of(text, said, title.key, title.text, parts) if len(said) <= 8 * size + LONG_CHARS else None
            if copy:
                self._copies.append((place, copy))
                if copy.is_full:
                    self._full.add(place)

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

    def are_of_entries(self, places: Sequence[int]) -> bool:
        """Whether the title and several copies of it stand below short lines that differ, or above such lines: the name of an author below the
        titles of works, the title of a song above the names of those who wrote one."""
        every = (bisect_left(self.lines, self.title.line - self.block.first), *places)
        if len(places) < 2 or any(place + 1 in every for place in every):
            return False
        return any(self._are_short_and_differ([place + step for place in every]) for step in (-1, 1))

    def _are_short_and_differ(self, places: Sequence[int]) -> bool:
        if places[0] < 0 or places[-1] >= len(self.lines) or len({self._said(place) for place in places}) < len(places):
            return False
        return all(not self._is_prose(place) and len(self._said(place)) <= VERSE_CHARS for place in places)

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


@dataclass(slots=True, eq=False)
class _Known:
    """What is known of a document.

    Attributes:
        title: the title, once a block with it was settled.
        found: the title that was found in the block in work: once its repeats are gone, nothing shows it.
    """

    title: Title | None = None
    found: Title | None = None


class Titles(Stage):
    """Finds the title (or takes the given one), keeps its first line, drops and trims the others.

    Args:
        usual: the title of documents that bring none with them; None if it is to be found.
    """

    name = "titles"

    def __init__(self, usual: str | None) -> None:
        self._usual = usual

    def _given(self, memory: Memory) -> tuple[str, ...]:
        """The title that somebody gave, and what it may be without a site's name or a label; nothing if nobody did."""
        given = self._usual if memory.title is None else memory.title
        return tuple(dict.fromkeys((given, *candidates(given)))) if given and key(given) else ()

    def clean(self, block: Block, memory: Memory) -> None:
        """Remove every repeat of the title in the block."""
        known = memory.own(_Known)
        given = self._given(memory)
        if known.title is None and not block.is_head and not given:
            return
        standing = Standing(block, memory.looks)
        title = known.title or next(filter(None, (_find_given(block, each) for each in given)), None)
        if title is None and block.is_head:
            title = self._find(block, memory, standing)
        if title is None:
            return
        known.found = known.found or title
        page = Captions(block, memory.looks, title, standing)
        if title.line >= block.first:
            self._keep(block, title.line - block.first, title)
        copies = page.copies(anywhere=title.text in given)
        parts = wrapped(block.text) if copies else frozenset()
        for place, copy in copies:
            if memory.markup.is_parent(page.lines[place], block.text) or page.lines[place] in parts:
                continue
            block.remove(page.lines[place], stage=self.name, rule=copy.rule, evidence=Witness(title.line, copy.score))

    def remember(self, block: Block, memory: Memory) -> None:
        """Carry the title over to the blocks that follow."""
        known = memory.own(_Known)
        known.title = known.title or known.found

    def _find(self, block: Block, memory: Memory, standing: Standing) -> Title | None:
        """The title and the line that says it first: the one of the lines at the head that comes back most often."""
        best: tuple[int, int, Title] | None = None
        for head in heads(block, memory.looks, standing.keys):
            if "](" in head.text:
                # A table of contents says its headings beforehand.
                continue
            for shown in candidates(head.text):
                said = key(shown)
                middle = len(said) // 2
                # A slip leaves the one half or the other as it is.
                if max(map(standing.keys.count, (said[:middle], said[middle:], *halves(shown)))) < 2:
                    continue
                has_site = shown != head.text and head.text.startswith(shown)
                sure_chars = MIN_TITLE_CHARS if has_site else CAPTION_CHARS if head.marked or not head.rank else None
                title = Title(said, block.first + head.at, shown.strip(), sure_chars)
                copies = self._count(block, memory.looks, title, head, standing)
                if copies and (best is None or (copies, len(said)) > best[:2]):
                    best = (copies, len(said), title)
        return best[2] if best else None

    def _count(self, block: Block, looks: Looks, title: Title, head: Head, standing: Standing) -> int:
        """How many lines show that this is the title; none if that is not enough."""
        page = Captions(block, looks, title, standing)
        places = [(place, copy) for place, copy in page.copies() if copy.is_full]
        found = [copy for _, copy in places]
        if not head.marked and page.are_of_entries([place for place, _ in places]):
            return 0
        needed = 1
        if head.rank and not head.marked and not (found and found[0].is_marked):
            needed = 2
        if len(title.key) < SHORT_CHARS and not any(copy.is_marked for copy in found):
            needed = 2 if head.rank or title.text.endswith(tuple(CRIES)) else 1
        return len(found) if len(found) >= needed else 0

    def _keep(self, block: Block, i: int, title: Title) -> None:
        """Trim the line that keeps the title, if it is doubled there, or the name of the site stands behind it or before it."""
        text, said = block.text[i] or "", block.key[i]
        for start in behind_site(text):
            if key(text[start:]) == title.key:
                block.rewrite(
                    i, text[start:], title.key, stage=self.name, rule="titles/doubled", evidence=Span(0, start)
                )
                return
        if said == title.key or not said.startswith(title.key):
            return
        rest = said.removeprefix(title.key)
        doubled = not rest.replace(title.key, "")
        site = any(key(each) == title.key for each in candidates(text))
        if not doubled and not site:
            return
        stop = len(text[: end_of(text, len(title.key))].rstrip(AROUND_COPIES))
        if key(text[:stop]) == title.key:
            span = Span(stop, len(text))
            block.rewrite(i, text[:stop], title.key, stage=self.name, rule="titles/doubled", evidence=span)


def _find_given(block: Block, title: str) -> Title | None:
    """A title that is known, and the first line that says it."""
    said = key(title)
    keeper = next((i for i in block.kept() if said in block.key[i] and _says(block, i, said)), None)
    return None if keeper is None else Title(said, block.first + keeper, title, MIN_TITLE_CHARS)


def _says(block: Block, i: int, title: str) -> bool:
    """Whether the line is the title, perhaps with a label, a site's name or counters."""
    text = block.text[i] or ""
    return copy_of(text, block.key[i], title, text, ()) is not None
