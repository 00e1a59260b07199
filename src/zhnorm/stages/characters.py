"""Stages 1 and 2: tidy characters, convert the script, make the keys. All of it on whole blocks at once."""

from __future__ import annotations

from ..line import Block, Conversion
from ..text.convert import Converter
from ..text.fold import key
from ..text.tidy import Tidier

__all__ = ["Script", "Tidy"]


class Tidy:
    """Applies tidiers, each a sweep over the block if it changed anything."""

    name = "tidy"

    def __init__(self, tidiers: tuple[Tidier, ...]) -> None:
        self.tidiers = tidiers

    def run(self, block: Block) -> None:
        """Tidy every line of a fresh block."""
        text = "\n".join(block.raw)
        for tidier in self.tidiers:
            tidied = tidier.apply(text)
            if tidied != text:
                text = tidied
                after: list[str | None] = list(text.split("\n"))
                block.sweep(
                    after, stage=self.name, rule=tidier.name, evidence=Conversion(tidier.name.partition("/")[2])
                )


class Script:
    """Converts the script, then makes the keys. Without a converter it makes the keys alone."""

    name = "script"

    def __init__(self, converter: Converter | None, direction: str) -> None:
        self.converter = converter
        self.direction = direction

    def run(self, block: Block) -> None:
        """Convert every line of a block from which nothing was removed yet, and set its keys."""
        text = "\n".join(line or "" for line in block.text)
        if self.converter:
            converted = self.converter.convert(text)
            if converted != text:
                text = converted
                after: list[str | None] = list(text.split("\n"))
                block.sweep(
                    after, stage=self.name, rule=f"script/{self.direction}", evidence=Conversion(self.direction)
                )
        block.key = key("\n".join(line or "" for line in block.text) if block.opaque else text).split("\n")
