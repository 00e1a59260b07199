"""The markup of a block of lines, and what the lines so far leave open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .elements import VERBATIM, Kind

__all__ = ["UNKNOWN", "Markup", "MarkupState"]

UNKNOWN = -1


@dataclass(slots=True)
class MarkupState:
    """What the lines so far leave open.

    Attributes:
        is_new: no line was read yet.
        is_markdown: the document holds what only Markdown has.
        fence: the marks that opened a fence, "" outside of one.
        front: inside front matter.
        table: inside a table.
        in_list: indented lines belong to a list.
        in_program: the line above is one of a program.
        below_blank: the line above is blank, or indented code.
        above: the line above.
    """

    is_new: bool = True
    is_markdown: bool = False
    fence: str = ""
    front: bool = False
    table: bool = False
    in_list: bool = False
    in_program: bool = False
    below_blank: bool = True
    above: str = ""

    @property
    def is_open(self) -> bool:
        """Whether the next line may be markup though nothing in it says so."""
        return bool(self.fence) or self.front or self.table or self.in_program

    def pass_text(self, lines: Sequence[str]) -> None:
        """Go past lines that hold no markup."""
        if lines:
            self.is_new = False
            self.above = lines[-1]
            self.below_blank = not self.above.strip()
            self.in_list = self.in_list and all(line[:1] in ("", " ", "\t") for line in lines)


@dataclass(frozen=True, slots=True)
class Markup:
    """The markup of a block of lines.

    Attributes:
        kinds: what each line is that is no text, by its index.
        is_markdown: spaces before and behind a line mean something.
        since: the index of the first line for which they do.
        signs: the lines of the block that say so; empty if an earlier block does.
        verbatim: indices of the lines that stay to the letter.
        silent: indices of the lines that say nothing that could be compared, or that a rule could know.
        headings: indices of the headings.
        indented: indices of the lines that are code because they are indented, in Markdown alone.
        items: items of lists with lines of their own, and where these stop; `UNKNOWN` if more may come.
    """

    kinds: Mapping[int, Kind] = field(default_factory=dict)
    is_markdown: bool = False
    since: int = 0
    signs: frozenset[int] = frozenset()
    verbatim: frozenset[int] = frozenset()
    silent: frozenset[int] = frozenset()
    headings: frozenset[int] = frozenset()
    indented: frozenset[int] = frozenset()
    items: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        kinds: Mapping[int, Kind],
        is_markdown: bool,
        since: int,
        signs: frozenset[int],
        indented: frozenset[int],
        items: Mapping[int, int],
    ) -> Markup:
        """The markup of lines of these kinds."""
        verbatim = frozenset([i for i, kind in kinds.items() if kind in VERBATIM])
        headings = frozenset([i for i, kind in kinds.items() if kind is Kind.HEADING])
        silent = frozenset(kinds) - headings
        return cls(kinds, is_markdown, since, signs, verbatim, silent, headings, indented, items)

    def is_left(self, texts: Sequence[str | None]) -> bool:
        """Whether a line is left that says that the document is Markdown, if the block has any."""
        return not self.signs or any(texts[i] is not None for i in self.signs)

    def is_parent(self, i: int, texts: Sequence[str | None]) -> bool:
        """Whether others belong to a line: it is a heading, or an item of which lines are left."""
        stop = self.items.get(i, 0)
        return (i in self.headings or stop == UNKNOWN or any(texts[i + 1 : stop])) and self.is_left(texts)

    def children(self, i: int, texts: Sequence[str | None]) -> list[int]:
        """Lines that are left of an item of a list and would be something else without it, but for its images: these go along."""
        lines = range(i + 1, self.items.get(i, 0))
        return [j for j in lines if (texts[j] or "").strip() and self.kinds.get(j) is not Kind.IMAGE]
