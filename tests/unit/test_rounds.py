"""Stages run until none of them finds anything, also where one of them tells the others something."""

from __future__ import annotations

from zhnorm import Cleaner
from zhnorm.line import Block, Match
from zhnorm.stages.rounds import settle
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


def test_a_page_that_was_printed_many_times_loses_each_of_its_lists() -> None:
    """Each heading of a list is the witness of the next one, and goes when the list below it is known for one."""
    page = "\n".join(
        [
            "零失败的葱油饼，关键只有一个字：懒",
            "我家的葱油饼是跟外婆学的。外婆是那种做菜从来不量的人，盐是抓的，水是看的，火候是听的，我只好站在旁边一样一样地记下来。",
            "外婆还有一个口头禅：做饼要懒。当年我不懂，后来才明白，面团要的不是力气，是时间，揉完了就该去做别的事情。",
            "外婆去年过世了。整理厨房的时候，我在柜子里找到她用了四十年的那个碗，拿去秤了一下，刚好是三百公克面粉，一点也不差。",
            "延伸阅读",
            "·一座桥和它的三任看守",
            "图书馆的新规定从下个月一号开始实施，每人可以借阅十五本书，逾期不再罚款。",
        ]
    )
    cleaner = Cleaner()
    once = cleaner.clean(f"{page}\n" * 12)
    assert once.splitlines() == [*page.splitlines()[:4], page.splitlines()[-1]]
    assert cleaner.clean(once) == once
