"""Stages 1 and 2: tidy characters, convert the script, make the keys. All of it on the lines of many blocks at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from ..line import Block, Conversion, Evidence
from ..text.convert import Converter
from ..text.fold import key
from ..text.table import in_arrays
from ..text.tidy import Needs, Tidier

__all__ = ["Script", "Tidy"]


class Tidy:
    """Applies tidiers, each to the lines that hold a character it acts on."""

    name = "tidy"

    def __init__(self, tidiers: tuple[Tidier, ...]) -> None:
        self.tidiers = tidiers
        self._needs = Needs(tidiers)

    def run(self, blocks: Sequence[Block]) -> None:
        """Tidy every line of fresh blocks."""
        lines: list[str] = list(chain.from_iterable(block.raw for block in blocks))
        while changed := self._round(blocks, lines):
            # Without a control character in it a line may be mojibake that it was not before.
            texts = [lines[place] for place in changed]
            text = "\n".join(texts)
            if in_arrays(len(text)):
                acted_on = (self._needs.of_lines(text) & 1).nonzero()[0].tolist()
                text = "\n".join([texts[place] for place in acted_on])
            if self.tidiers[0].apply(text) == text:
                return

    def _round(self, blocks: Sequence[Block], lines: list[str]) -> set[int]:
        """Every tidier once; gives back which lines are others now."""
        touched: set[int] = set()
        text = "\n".join(lines)
        needs = self._needs.of_lines(text) if self.tidiers and in_arrays(len(text)) else None
        for number, tidier in enumerate(self.tidiers):
            places: Sequence[int] = range(len(lines))
            if needs is not None:
                places = (needs & (1 << number)).nonzero()[0].tolist()
                if not places:
                    continue
            before = "\n".join([lines[place] for place in places])
            after = tidier.apply(before)
            if after == before:
                continue
            found = zip(places, after.split("\n"), strict=True)
            changed = {place: line for place, line in found if line != lines[place]}
            for place, line in changed.items():
                lines[place] = line
            _sweep(blocks, changed, self.name, tidier.name, Conversion(tidier.name.partition("/")[2]))
            if needs is not None:
                # A decoded entity can be a wide letter, and what is left of a line can begin with a space.
                needs[list(changed)] |= self._needs.of_lines("\n".join(changed.values()))
            touched.update(changed)
        return touched


class Script:
    """Converts the script, then makes the keys. Without a converter it makes the keys alone."""

    name = "script"

    def __init__(self, converter: Converter | None, direction: str) -> None:
        self.converter = converter
        self.direction = direction

    def run(self, blocks: Sequence[Block]) -> None:
        """Convert every line of blocks from which nothing was removed yet, and set their keys."""
        text = _text(blocks)
        if self.converter:
            converted = self.converter.convert(text, [len(block) for block in blocks])
            if converted != text:
                lines = chain.from_iterable(block.text for block in blocks)
                found = enumerate(zip(lines, converted.split("\n"), strict=True))
                changed = {place: after for place, (before, after) in found if after != before}
                _sweep(blocks, changed, self.name, f"script/{self.direction}", Conversion(self.direction))
                text = _text(blocks) if any(block.opaque for block in blocks) else converted
        keys = key(text).split("\n")
        start = 0
        for block in blocks:
            block.key = keys[start : start + len(block)]
            start += len(block)


def _text(blocks: Iterable[Block]) -> str:
    return "\n".join([line or "" for block in blocks for line in block.text])


def _sweep(blocks: Sequence[Block], changed: dict[int, str], stage: str, rule: str, evidence: Evidence) -> None:
    """Give the lines their new texts; the places count through all the blocks, and are in order."""
    found = iter(changed.items())
    place, line = next(found, (-1, ""))
    start = 0
    for block in blocks:
        stop = start + len(block)
        if start <= place < stop:
            mine: dict[int, str] = {}
            while start <= place < stop:
                mine[place - start] = line
                place, line = next(found, (-1, ""))
            block.sweep(mine, stage=stage, rule=rule, evidence=evidence)
        start = stop
