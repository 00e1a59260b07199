"""What a page glues to its paragraphs: sentences of theirs, and what stands in brackets, are read one by one, and what is none of the text goes.

A sentence in the middle of a paragraph is taken for what it says alone, so it has to be nearly certain; and in a text that speaks of
sharing, following and the like itself nothing is cut.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from ..line import Block, Span
from ..reading.kinds import DROPPED, KINDS
from ..reading.read import read_alone
from ..rules.around import is_told
from ..rules.breaks import breaks, is_balanced
from ..text.fold import fold, key
from .memory import Memory, Work

__all__ = ["Glued"]

LEAST = 0.97
"""So likely it has to be that a sentence is none of the text,"""
REST = 0.5
"""and no more likely that what is left of the line is."""
LEAST_CHARS, MOST_CHARS = 4, 60
LEAST_REST = 8
SPEAKS = 0.15
"""A text in which so many of the paragraphs have such a sentence speaks of such things itself, or is no text."""
FEW = 3
"""So many of them say nothing about it."""
PARAGRAPH_CHARS = 20


class _Sentence(NamedTuple):
    """Characters `start:stop` of line `i` of a block; `keys` is what they say."""

    i: int
    start: int
    stop: int
    said: str


class Glued:
    """Cuts sentences of kinds that are no part of an article out of its paragraphs.

    Args:
        keep: kinds that stay.
    """

    name = "glued"

    def __init__(self, keep: Collection[str]) -> None:
        self.columns = [place for place, kind in enumerate(KINDS) if kind in DROPPED and kind not in keep]

    def run(self, work: Sequence[Work]) -> None:
        """Cut what is glued to the paragraphs of blocks."""
        found: list[tuple[Block, Memory, list[_Sentence], list[str]]] = []
        folds: list[str] = []
        keys: list[str] = []
        for block, memory in work:
            lines = [i for i in block.kept() if _may_be_cut(block, memory, i)]
            folded = fold("\n".join([block.text[i] or "" for i in lines])).split("\n")
            sentences = [each for i, line in zip(lines, folded, strict=False) for each in _sentences(i, line)]
            of_line = dict(zip(lines, folded, strict=False))
            texts = [of_line[each.i][each.start : each.stop] for each in sentences]
            found.append((block, memory, sentences, texts))
            folds += texts
            keys += [each.said for each in sentences]
        if not folds:
            return
        chances = read_alone(folds, keys)[:, self.columns]
        start = 0
        for block, memory, sentences, _ in found:
            here = chances[start : start + len(sentences)]
            start += len(sentences)
            self._cut(block, memory, sentences, here.sum(1).tolist(), here.argmax(1).tolist())

    def _cut(
        self, block: Block, memory: Memory, sentences: Sequence[_Sentence], chances: Sequence[float], kinds: Sequence[int]
    ) -> None:
        likely: dict[int, list[tuple[_Sentence, str]]] = {}
        for sentence, chance, kind in zip(sentences, chances, kinds, strict=True):
            if chance >= LEAST:
                likely.setdefault(sentence.i, []).append((sentence, KINDS[self.columns[kind]]))
        lines = len({sentence.i for sentence in sentences})
        if len(likely) > max(FEW, SPEAKS * lines):
            return
        for i, cuts in likely.items():
            text = block.text[i] or ""
            kept = len(block.key[i]) - sum(len(sentence.said) for sentence, _ in cuts)
            if kept < LEAST_REST or 2 * kept < len(block.key[i]):
                continue
            for sentence, kind in reversed(cuts):
                left, right = text[: sentence.start].rstrip(), text[sentence.stop :].lstrip()
                if not is_balanced(left) or is_told(fold(text), sentence.start):
                    continue
                rest = left + right
                evidence = Span(len(left), len(text) - len(right), text[sentence.start : sentence.stop].strip())
                block.rewrite(i, rest, key(rest), stage="reading", rule=f"reading/{kind}", evidence=evidence)
                text = rest

    def remember(self, block: Block, memory: Memory) -> None:
        """Each paragraph is read by itself."""


def _may_be_cut(block: Block, memory: Memory, i: int) -> bool:
    said = block.key[i]
    return (
        len(said) >= PARAGRAPH_CHARS
        and i not in block.opaque
        and i not in memory.asked_for
        and not memory.markup.is_markdown
        and not memory.looks.text[i] == 0
    )


def _sentences(i: int, folded: str) -> list[_Sentence]:
    """The sentences of a line, and what stands in its brackets."""
    places = list(dict.fromkeys([0, *breaks(folded), len(folded)]))
    if len(places) < 3:
        return []
    found = []
    for start, stop in zip(places, places[1:], strict=False):
        said = key(folded[start:stop])
        if LEAST_CHARS <= len(said) <= MOST_CHARS and is_balanced(folded[start:stop]):
            found.append(_Sentence(i, start, stop, said))
    return found
