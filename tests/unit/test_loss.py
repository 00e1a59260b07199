"""How much of a document went is counted alike by blocks and by lines, markup too."""

from __future__ import annotations

from zhnorm import Cleaner
from zhnorm.counts import Loss
from zhnorm.line import Block, Match

PAGE = """---
"og: title": 河边的渡口
---

# 河边的渡口

老木匠在渡口住了四十年，每天早上都要看一看河水涨了多少。

![渡口](images/ferry.png)

[责任编辑：小满]

## 相关文章

- [![桥](images/bridge.png)](bridge.html)
- [桥上的灯亮了一夜，没有人知道是谁点的](lamp.html)
- [下游的村子今年又种了三百亩藕](lotus.html)
"""


def test_blocks_and_lines_count_alike() -> None:
    by_block, by_line = Loss(), Loss()

    def count(block: Block) -> None:
        by_block.add(block)
        for line in block.lines():
            by_line.add_line(line)

    list(Cleaner().clean_many([PAGE], observe=count))
    assert (by_block.letters, by_block.removed) == (by_line.letters, by_line.removed)
    assert 0 < by_block.share < 1


def test_a_cut_that_leaves_more_letters_takes_none() -> None:
    """The key of a link is its text, and that of half a link holds where it leads."""
    block = Block.from_lines(["雨停了 ![橋](bridge.png)"])
    block.key = ["雨停了桥"]
    block.rewrite(0, "雨停了 (bridge.png)", "雨停了bridgepng", stage="boilerplate", rule="my/cut", evidence=Match("橋"))
    loss = Loss()
    loss.add(block)
    assert 0 <= loss.share <= 1
