"""Stages run until none of them finds anything, also where one of them tells the others something."""

from __future__ import annotations

from zhnorm.line import Block, Match
from zhnorm.stages.settle import settle
from zhnorm.stages.shared_looks import look
from zhnorm.stages.stage import Memory, Stage


class _Teller(Stage):
    """Removes the first line, and tells in the next round that the last one was a title."""

    name = "reading"

    def __init__(self) -> None:
        self.told: list[bool] = []
        self.heard: list[bool] = []

    def clean(self, block: Block, memory: Memory) -> None:
        self.heard, self.told = self.told, [block.text[0] is None]
        memory.kinds = {2: "title"}.copy if self.told[0] else dict
        if block.text[0] is not None:
            block.remove(0, stage=self.name, rule="reading/nav", evidence=Match("甲"))

    def reconsider(self, block: Block, memory: Memory) -> bool:
        differ, self.heard = self.heard != self.told, self.told
        return differ


class _Listener(Stage):
    """Removes titles."""

    name = "titles"

    def clean(self, block: Block, memory: Memory) -> None:
        for i in memory.kinds():
            if block.text[i] is not None:
                block.remove(i, stage=self.name, rule="titles/repeat", evidence=Match("丙"))


def test_what_a_stage_tells_only_once_it_finds_nothing_more_is_heard() -> None:
    block = Block.from_lines(["甲", "乙", "丙"])
    memory = Memory()
    (memory.looks,) = look([block], [False], [])
    settle([(block, memory)], [_Teller(), _Listener()])
    assert block.text == [None, "乙", None]
