"""What a program printed into a line that another line of the page says: the title, a heading, the caption of a picture, a sentence of the post above.

What a line holds of another one, and how likely it was printed there, is told by `reading.copies`. Here it is taken out, with what belongs to it.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..conversion.fold import key
from ..line import Block, Span
from ..reading.copies import Copy, copies
from ..reading.copy_signs import GROUPS, TITLE_LINES, Page
from ..signs import COLONS, COMMAS, CRIES, FULL_STOPS
from ..text.copy_labels import with_pieces
from ..text.shape import is_balanced, needs_space
from ..text.wrapping import wrapped
from .stage import Memory, Stage, Work

__all__ = ["Inserted"]

EVIDENCE, MORE = 15, 18
"""So many tenths of a bit have to speak for it that a copy was printed; and so many for parts of titles, and for what a line begins with that is no title: so do
sentences begin that say what their heading does."""
REST_CHARS = 4
"""So much of a line is left that it is one."""
_MARKS = frozenset(f"{FULL_STOPS}{CRIES}{COMMAS}{COLONS}；;、")


class Inserted(Stage):
    """Takes out of lines what was printed into them of other ones.

    Args:
        titles: copies of the title go.
        others: those of other lines do.
    """

    name = "inserted"

    def __init__(self, *, titles: bool, others: bool) -> None:
        self._titles = titles
        self._others = others

    def run(self, work: Sequence[Work]) -> None:
        """Trim the lines of blocks that hold what other lines say."""
        work = [(block, memory) for block, memory in work if not memory.markup.is_markdown]
        lines = [[i for i in block.speaking() if i not in block.verbatim] for block, _ in work]
        found = copies([_page(block, memory, mine) for (block, memory), mine in zip(work, lines, strict=True)])
        for (block, _), mine, every in zip(work, lines, found, strict=True):
            wanted = [copy for copy in every if (self._titles if copy.is_title else self._others)]
            sure = [copy for copy in wanted if copy.evidence >= _asked(copy)]
            if sure:
                parts = wrapped(block.text)
                sure = [copy for copy in sure if mine[copy.line] not in parts]
            spans = with_pieces([(block.text[mine[copy.line]] or "", copy.start, copy.stop) for copy in sure])
            touched: set[int] = set()
            # Of two lines that hold the same the one goes for which more speaks; the next round sees the other as it is then.
            for copy, (start, stop) in sorted(zip(sure, spans, strict=True), key=lambda each: -each[0].evidence):
                line, source = mine[copy.line], mine[copy.source]
                goes = copy._replace(start=start, stop=stop)
                if touched.isdisjoint((line, source)) and _trim(block, line, source, goes):
                    touched.add(line)


def _asked(copy: Copy) -> int:
    """How much has to speak for a copy."""
    return EVIDENCE if (copy.is_whole if copy.is_title else copy.start) else MORE


def _trim(block: Block, i: int, source: int, copy: Copy) -> bool:
    """Take a copy out of its line; whether it was."""
    text = block.text[i] or ""
    before, behind = text[: copy.start].rstrip(), text[copy.stop :].lstrip()
    if behind[:1] in _MARKS and (not before or before[-1] in _MARKS):
        # The sentence in front of the copy has its mark: this one is the copy's.
        behind = behind[1:].lstrip()
    span = Span(copy.start, len(text) - len(behind))
    rest = f"{before} {behind}" if needs_space(before, behind) else before + behind
    said = key(rest)
    if (
        i in block.opaque
        or len(said) < REST_CHARS
        or said in block.key[source]
        or not is_balanced(text[span.start : span.stop])
    ):
        # What says nothing else is a copy as a whole, however much of it is cut off.
        return False
    if copy.is_title:
        block.rewrite(i, rest, said, stage="titles", rule="titles/in-line", evidence=span)
    else:
        rule = "duplicates/clause" if i == source else "duplicates/inserted"
        block.rewrite(i, rest, said, stage="duplicates", rule=rule, evidence=span)
    return True


def _page(block: Block, memory: Memory, lines: Sequence[int]) -> Page:
    """The lines of a block, given by their indices, as `reading.copies` takes them."""

    groups: dict[int, str] = {}

    def group_of(line: int) -> str:
        if line not in groups:
            group = next((group for group, kinds in GROUPS.items() if memory.is_of(lines[line], kinds)), "other")
            groups[line] = group if memory.kinds() else ""
        return groups[line]

    texts = [block.text[i] or "" for i in lines]
    raw = [block.raw[i] for i in lines] if memory.looks.two_scripts else None
    return Page(texts, raw, group_of, TITLE_LINES if block.is_head else 0)
