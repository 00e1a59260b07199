"""The stage of repeated lines: what goes, what is cited, across blocks, and what it keeps of a document."""

from __future__ import annotations

import pytest

from zhnorm import Cleaner
from zhnorm.line import Block, Witness
from zhnorm.stages.duplicates import Duplicates
from zhnorm.stages.stage import Memory
from zhnorm.windows import block_of

CLEANER = Cleaner(reading=False, titles=False, boilerplate=False, edges=False, duplicates=False)
FIRST = "城北的老渡口停了三年，船还拴在柳树下，绳子换过两回。"
SECOND = "掌船的人每天早上都要下去看一眼，看完了就回屋里烧水。"
THIRD = "今年夏天雨水多，河面比往年宽了一半，对岸的人都在等。"
SLIP = "掌船的人每天早上都要下去看一眼，看完了就回屋里浇水。"
STAGE = Duplicates(fuzzy=True, threshold=90.0)


def _ready(lines: list[str], memory: Memory, first: int = 1) -> Block:
    block = block_of(lines, first, is_tail=True)
    CLEANER.look_at([block], [memory])
    return block


def _run(lines: list[str], stage: Duplicates = STAGE) -> list[tuple[int, str, int, float]]:
    """Line, rule, witness and score of each removal."""
    memory = Memory()
    block = _ready(lines, memory)
    stage.run([(block, memory)])
    return _removals(block)


def _removals(block: Block) -> list[tuple[int, str, int, float]]:
    found = []
    for change in block.changes(block.last_sweep()):
        assert isinstance(change.evidence, Witness)
        found.append((change.line, change.rule, change.evidence.line, change.evidence.score))
    return found


def test_every_repeat_cites_the_first_line_that_says_it() -> None:
    assert _run([FIRST, SECOND, FIRST, THIRD, FIRST]) == [
        (3, "duplicates/equal", 1, 100.0),
        (5, "duplicates/equal", 1, 100.0),
    ]


def test_a_line_in_the_other_script_or_with_a_bullet_is_a_repeat() -> None:
    other = "·城北的老渡口停了三年，船還拴在柳樹下，繩子換過兩回。"
    assert [line for line, *_ in _run([FIRST, SECOND, other, THIRD])] == [3]


def test_a_page_without_repeats_stays() -> None:
    assert _run([FIRST, SECOND, THIRD, ""]) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # other figures, other destinations of links, another list number
        (
            "票价三十元，十二岁以下的孩子和六十岁以上的老人半价，",
            "票价五十元，十二岁以下的孩子和六十岁以上的老人半价，",
        ),
        (f"[{FIRST}](https://example.org/1)", f"[{FIRST}](https://example.org/2)"),
        (f"1. {FIRST}", f"2. {FIRST}"),
    ],
)
def test_lines_that_differ_in_what_counts_stay(one: str, other: str) -> None:
    assert _run([THIRD, one, SECOND, other, "雨停了。"]) == []


def test_a_teaser_goes_in_favour_of_the_line_that_goes_on_wherever_it_stands() -> None:
    teaser = f"{FIRST[:20]}……"
    for lines, gone, witness in (([teaser, SECOND, FIRST], 1, 3), ([FIRST, SECOND, teaser], 3, 1)):
        ((line, rule, cited, score),) = _run(lines)
        assert (line, rule, cited) == (gone, "duplicates/cut-off", witness)
        assert 0 < score < 100


def test_without_fuzziness_only_equal_lines_are_repeats() -> None:
    exact = Duplicates(fuzzy=False, threshold=90.0)
    lines = [FIRST, SECOND, SLIP, f"{FIRST[:20]}……", FIRST]
    assert _run(lines, exact) == [(5, "duplicates/equal", 1, 100.0)]
    assert {line for line, *_ in _run(lines)} == {4, 5}


def test_the_threshold_decides_about_slips() -> None:
    slip = SECOND.replace("每天", "毎天")
    assert [rule for _, rule, *_ in _run([FIRST, SECOND, THIRD, slip])] in (["duplicates/alike"], ["duplicates/equal"])
    strict = Duplicates(fuzzy=True, threshold=100.0)
    worse = "掌船的人每天早上都要下去看一眼，看完了就回屋里烧氺。"
    ((*_, score),) = _run([FIRST, SECOND, THIRD, worse])
    assert 90 <= score < 100
    assert _run([FIRST, SECOND, THIRD, worse], strict) == []


def test_lines_of_earlier_blocks_are_witnesses_by_their_numbers() -> None:
    memory = Memory()
    one = _ready([FIRST, SECOND], memory)
    STAGE.run([(one, memory)])
    STAGE.remember(one, memory)
    two = _ready([THIRD, FIRST, SLIP.replace("浇", "烧")], memory, first=3)
    STAGE.run([(two, memory)])
    assert [(line, cited) for line, _, cited, _ in _removals(two)] == [(4, 1), (5, 2)]


def test_what_went_in_an_earlier_block_is_no_witness() -> None:
    memory = Memory()
    one = _ready([FIRST, SECOND], memory)
    one.remove(0, stage="boilerplate", rule="web/x", evidence=Witness(2, 100.0))
    STAGE.run([(one, memory)])
    STAGE.remember(one, memory)
    two = _ready([THIRD, FIRST], memory, first=3)
    STAGE.run([(two, memory)])
    assert _removals(two) == []


def test_after_a_block_was_rewound_it_is_searched_anew() -> None:
    memory = Memory()
    block = _ready([FIRST, SECOND, FIRST], memory)
    start = block.mark()
    STAGE.run([(block, memory)])
    assert [line for line, *_ in _removals(block)] == [3]
    block.rewind(start)
    STAGE.rewound(memory)
    # With the first line gone nothing is a repeat.
    block.remove(0, stage="boilerplate", rule="web/x", evidence=Witness(3, 100.0))
    STAGE.run([(block, memory)])
    assert block.text == [None, SECOND, FIRST]


def test_documents_are_told_apart_and_found_alike_together_and_alone() -> None:
    pages = [[FIRST, SECOND, FIRST], [FIRST, THIRD], [SECOND, THIRD, f"（1）{SECOND}"], [THIRD]]
    # Many pages are searched as arrays, few as texts.
    for times in (1, 60):
        work = []
        for lines in pages * times:
            memory = Memory()
            work.append((_ready(lines, memory), memory))
        STAGE.run(work)
        assert [_removals(block) for block, _ in work] == [_run(lines) for lines in pages] * times


def test_what_is_known_of_one_document_is_not_known_of_another() -> None:
    one, other = Memory(), Memory()
    block = _ready([FIRST, SECOND], one)
    STAGE.run([(block, one)])
    STAGE.remember(block, one)
    fresh = _ready([FIRST, SECOND], other)
    STAGE.run([(fresh, other)])
    assert _removals(fresh) == []
