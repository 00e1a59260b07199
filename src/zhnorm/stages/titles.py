"""The title, once.

Scrapers turn every image of an article into a line with the image's alternative text, and that is the title: alone, in the
other script, with （圖1）, twice or three times in one line, in front of the next paragraph, with the site's name behind it.
The first line that says the title keeps it; the rest of them go, where they stand as captions do.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..conversion.fold import key
from ..line import Block, Span, Witness
from ..signs import CRIES
from .shared_looks import Looks
from .shared_repetition import AROUND_COPIES, end_of
from .stage import Memory, Stage
from .titles_captions import CAPTION_CHARS, SHORT_CHARS, Captions, Standing
from .titles_copies import copy_of
from .titles_in_line import places
from .titles_lines import MIN_TITLE_CHARS, Head, Title, candidates, heads

__all__ = ["Titles"]

REST_CHARS = 6
"""What is left of a line without the title has to be a line of its own."""


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
            title = self._find(block, memory.looks, standing)
        if title is None:
            return
        known.found = known.found or title
        page = Captions(block, memory.looks, title, standing)
        if title.line >= block.first:
            self._keep(block, title.line - block.first, title)
        copies = page.copies(anywhere=title.text in given)
        for place, copy in copies:
            if memory.markup.is_parent(page.lines[place], block.text):
                continue
            block.remove(page.lines[place], stage=self.name, rule=copy.rule, evidence=Witness(title.line, copy.score))
        for i in page.mentions:
            if block.text[i] is not None and block.first + i != title.line:
                is_prose = page.is_text(i)
                self._trim(block, i, title, sum(copy.is_full for _, copy in copies), is_prose=is_prose)

    def remember(self, block: Block, memory: Memory) -> None:
        """Carry the title over to the blocks that follow."""
        known = memory.own(_Known)
        known.title = known.title or known.found

    def _find(self, block: Block, looks: Looks, standing: Standing) -> Title | None:
        """The title and the line that says it first: the one of the lines at the head that comes back most often."""
        best: tuple[int, int, Title] | None = None
        for head in heads(block, looks, standing.keys):
            if "](" in head.text:
                # A table of contents says its headings beforehand.
                continue
            for shown in candidates(head.text):
                said = key(shown)
                middle = len(said) // 2
                # A slip leaves the one half or the other as it is.
                if max(standing.keys.count(said[:middle]), standing.keys.count(said[middle:])) < 2:
                    continue
                has_site = shown != head.text and head.text.startswith(shown)
                sure_chars = MIN_TITLE_CHARS if has_site else CAPTION_CHARS if head.marked or not head.rank else None
                title = Title(said, block.first + head.at, shown.strip(), sure_chars)
                copies = self._count(block, looks, title, head, standing)
                if copies and (best is None or (copies, len(said)) > best[:2]):
                    best = (copies, len(said), title)
        return best[2] if best else None

    def _count(self, block: Block, looks: Looks, title: Title, head: Head, standing: Standing) -> int:
        """How many lines show that this is the title; none if that is not enough."""
        page = Captions(block, looks, title, standing)
        found = [copy for _, copy in page.copies() if copy.is_full]
        others = (
            [i for i in page.mentions if block.first + i != title.line and page.is_text(i)] if not head.rank else []
        )
        in_line = sum(
            bool(places(block.text[i] or "", block.raw[i], title.key, title.text, len(found))) for i in others
        )
        count = len(found) + in_line
        needed = 1
        if head.rank and not head.marked and not (found and found[0].is_marked):
            needed = 2
        if len(title.key) < SHORT_CHARS and not any(copy.is_marked for copy in found):
            needed = 2 if head.rank or title.text.endswith(tuple(CRIES)) else 1
        return count if count >= needed else 0

    def _keep(self, block: Block, i: int, title: Title) -> None:
        """Trim the line that keeps the title, if it is doubled there or followed by the site's name."""
        text, said = block.text[i] or "", block.key[i]
        if said == title.key or not said.startswith(title.key):
            return
        rest = said.removeprefix(title.key)
        doubled = not rest.replace(title.key, "")
        site = any(key(each) == title.key for each in candidates(text))
        if not doubled and not site:
            return
        stop = len(text[: end_of(text, len(title.key))].rstrip(AROUND_COPIES))
        if key(text[:stop]) == title.key:
            evidence = Span(stop, len(text))
            block.rewrite(i, text[:stop], title.key, stage=self.name, rule="titles/doubled", evidence=evidence)

    def _trim(self, block: Block, i: int, title: Title, copies: int, *, is_prose: bool) -> None:
        """Take the title out of a line that says more, wherever it is no part of the sentence."""
        text = block.text[i] or ""
        if not is_prose and copies < 2:
            return
        for start, stop in reversed(places(text, block.raw[i], title.key, title.text, copies)):
            text = block.text[i] or ""
            before, after = text[:start].rstrip(), text[stop:].lstrip()
            needs_space = (
                before[-1:].isascii() and before[-1:].isalnum() and after[:1].isascii() and after[:1].isalnum()
            )
            rest = f"{before} {after}" if needs_space else before + after
            if len(key(rest)) >= REST_CHARS:
                evidence = Span(start, stop)
                block.rewrite(i, rest, key(rest), stage=self.name, rule="titles/in-line", evidence=evidence)


def _find_given(block: Block, title: str) -> Title | None:
    """A title that is known, and the first line that says it."""
    said = key(title)
    keeper = next((i for i in block.kept() if said in block.key[i] and _says(block, i, said)), None)
    return None if keeper is None else Title(said, block.first + keeper, title, MIN_TITLE_CHARS)


def _says(block: Block, i: int, title: str) -> bool:
    """Whether the line is the title, perhaps with a label, a site's name or counters."""
    text = block.text[i] or ""
    return copy_of(text, block.key[i], title, text, ()) is not None
