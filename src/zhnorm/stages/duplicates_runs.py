"""Which repeats go: they are judged in runs. Lines in a row that come back in a row go together or stay together. A chapter that was printed twice goes
with every short line in it. What an author says again stays: verse, dialogue, tables, lists, labels, and whatever returns below another heading,
behind another question, in another article of a statute, in other entries of a reference.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import NamedTuple

from ..line import Block, Witness
from ..signs import OPENING_QUOTES, without
from ..text.shape import ends_sentence, is_item, is_prose, is_spoken, numbers
from .shared_repetition import heads, in_enumeration, in_verse, introduces, under_another_heading

__all__ = ["Run", "Twin", "alone_repeats", "repeats"]

_SAID = without(OPENING_QUOTES, "‘") + '"'
"""With these begins what somebody says."""

PARAGRAPH_CHARS = 30
"""So many letters are a paragraph even if somebody says them."""
LONG_RUN_CHARS = 400
"""So much text is a copy wherever it stands."""
WHOLE_LINES = 10
"""Of a text of so many lines that was printed twice even verse is a copy."""
PLAIN_CHARS = 18
NEAR_LINES = 40
"""A short line is taken for a repeat within this many kept lines."""
LABEL_CHARS = 6
ENTRIES = 5
"""So many distances between repeats and their twins are those between entries."""
FIGURES = 3
"""A line with so many numbers is a row of a table."""
NEXT_LINES = 3
"""In an earlier block, so far behind a line stands the next one, blank lines between them."""


class Twin(NamedTuple):
    """The line above that a line repeats, where that stands among the kept lines (-1 if in an earlier block), and the rule."""

    line: int
    place: int
    rule: str
    witness: Witness


class Run(NamedTuple):
    """Lines in a row, by their places among the kept ones, that repeat lines in a row from `twin` on (-1: of an earlier block)."""

    start: int
    stop: int
    twin: int

    @property
    def is_behind_twin(self) -> bool:
        """Whether nothing stands between the lines and those that they repeat."""
        return self.twin >= 0 and self.stop - self.start >= self.start - self.twin


def repeats(
    block: Block,
    kept: Sequence[int],
    twins: Mapping[int, Twin],
    headings: Set[int],
    is_transcript: Callable[[], bool],
) -> list[int]:
    """The places of the lines that go, by what they repeat.

    Args:
        block: the block.
        kept: indices of its lines that are there and say something; a place is a number in this list.
        twins: what lines repeat, by their places in order.
        headings: indices of the headings of Markdown.
        is_transcript: whether it is what people said in turn.
    """
    found = [run for run in runs(twins) if not is_meant(block, kept, run, twins, headings)]
    if found and is_transcript():
        found = [run for run in found if _letters(block, kept, run) >= LONG_RUN_CHARS]
    if _are_entries(found):
        found = [run for run in found if run.is_behind_twin or _letters(block, kept, run) >= LONG_RUN_CHARS]
    return [place for run in found for place in range(run.start, run.stop)]


def alone_repeats(block: Block, kept: Sequence[int], twins: Mapping[int, Twin]) -> list[int]:
    """The same where each line is judged alone."""
    return [place for place in twins if not is_meant_alone(block, kept, place)]


def runs(twins: Mapping[int, Twin]) -> Iterator[Run]:
    """Repeats, by their places in order, in runs."""
    places = iter([*twins, -1])
    start = next(places)
    while start >= 0:
        stop = start + 1
        place = next(places)
        while place == stop and _goes_on(twins, start, stop):
            stop += 1
            place = next(places)
        yield Run(start, stop, twins[start].place)
        start = place


def _goes_on(twins: Mapping[int, Twin], start: int, place: int) -> bool:
    """Whether a repeat goes on a run: its twin is the next line behind those that the run repeats, or says the same as that."""
    first, twin = twins[start], twins[place]
    if first.place < 0:
        return twin.place < 0 and 0 < twin.line - twins[place - 1].line <= NEXT_LINES
    expected = first.place + place - start
    return twin.place == (twins[expected].place if expected in twins else expected)


def is_meant(block: Block, kept: Sequence[int], run: Run, twins: Mapping[int, Twin], headings: Set[int]) -> bool:
    """Whether the repeats of a run look like those that an author writes.

    Args:
        block: the block.
        kept: indices of its lines that are there and say something.
        run: places in `kept`.
        twins: of the places in the run, and of others.
        headings: indices of the headings of Markdown.
    """
    lines = [(block.text[i] or "", block.key[i]) for i in kept[run.start : run.stop]]
    if len(kept) == len(lines) + 1:
        return False
    if _letters(block, kept, run) < LONG_RUN_CHARS and _has_another_place(block, kept, run, headings):
        return True
    if any(_is_paragraph(text, said) and not is_item(text) for text, said in lines):
        return False
    if run.is_behind_twin and run.stop == len(kept) and run.twin <= 1 and len(lines) >= WHOLE_LINES:
        return False
    # Of a line that is printed a thousand times in a row one copy is judged for all.
    step = run.start - run.twin if run.is_behind_twin else len(lines)
    return any(_is_written(block, kept, place, twins[place]) for place in range(run.start, run.start + step))


def _letters(block: Block, kept: Sequence[int], run: Run) -> int:
    return sum(len(block.key[i]) for i in kept[run.start : run.stop])


def _are_entries(found: Sequence[Run]) -> bool:
    """Whether repeats come from all over a text, as in a reference, of which each entry says the same of its parts: what was printed twice
    comes back as far on as it is long."""
    ways = {run.start - run.twin for run in found if run.twin >= 0 and not run.is_behind_twin}
    return len(ways) >= ENTRIES


def is_meant_alone(block: Block, kept: Sequence[int], place: int) -> bool:
    """The same of one line, where it is not known what stands around it: only plain cases are none that an author writes."""
    text, said = block.text[kept[place]] or "", block.key[kept[place]]
    if is_item(text):
        return True
    return not _is_paragraph(text, said) and (len(said) < PLAIN_CHARS or bool(numbers(text)))


def _has_another_place(block: Block, kept: Sequence[int], run: Run, headings: Set[int]) -> bool:
    """Whether a run stands where the same may be said again of something else, as the lines around it show."""
    if run.twin < 0 or run.is_behind_twin:
        return False
    if under_another_heading(block, kept, run.start, run.twin, headings):
        return True
    if introduces(block, kept, run.stop - 1, run.twin + run.stop - 1 - run.start):
        return True
    if run.stop - run.start == 1 and heads(block, kept, run.start, run.twin):
        return True
    return in_enumeration(block, kept, run.start, run.twin)


def _is_written(block: Block, kept: Sequence[int], place: int, twin: Twin) -> bool:
    """Whether a short repeat looks like one that the author wrote."""
    text, said = block.text[kept[place]] or "", block.key[kept[place]]
    adjacent = twin.place >= 0 and twin.place == place - 1
    if (is_item(text) and not adjacent) or len(numbers(text)) >= FIGURES:
        return True
    if adjacent:
        return text[:1] in _SAID or in_verse(block, kept, place)
    # Far apart, or said by somebody: minutes, interviews and plays repeat what people say.
    far = twin.line < block.first + kept[max(0, place - NEAR_LINES)]
    if far or len(said) < LABEL_CHARS or is_spoken(text) or in_verse(block, kept, place):
        return True
    # A story comes back to a sentence, but not at once.
    return ends_sentence(text) and not (place and block.key[kept[place - 1]] == said)


def _is_paragraph(text: str, said: str) -> bool:
    return is_prose(text, said) and (len(said) >= PARAGRAPH_CHARS or not is_spoken(text))
