"""What speaks for it that a line of a page was printed into another one: the table, and how it is used."""

from __future__ import annotations

import pytest

from zhnorm.reading.copies import ALWAYS, Copy, _weights, copies, signs_of
from zhnorm.reading.copy_signs import GROUPS, Page
from zhnorm.reading.kinds import CONTENT
from zhnorm.text.recurring import said_twice

TITLE = "渡口的最后一班船，开走了六十年"
CAPTION = "老船工在甲板上收缆绳"
ABOVE = "新桥离渡口不到一里路，上个月通了车，从那以后坐船的人一天比一天少。"


def _page(*lines: str, raw: tuple[str, ...] | None = None) -> Page:
    return Page(
        lines, raw, lambda line: "sentences" if "。" in lines[line][:-1] else "title" if not line else "caption"
    )


def _found(*lines: str, raw: tuple[str, ...] | None = None) -> list[Copy]:
    return copies([_page(*lines, raw=raw)])[0]


def _evidence(line: str) -> int:
    """What speaks for it most that something was printed into a line below a title and a caption."""
    return max([copy.evidence for copy in _found(TITLE, ABOVE, CAPTION, line) if copy.line == 3], default=-99)


def test_every_sign_has_a_weight() -> None:
    page = _page(TITLE, ABOVE, CAPTION, f"船工说不开了。{CAPTION}码头上站着送行的人。", f"{TITLE}。{ABOVE}")
    signs = {sign for every in signs_of(page, said_twice([page.texts])[0]) for sign in every}
    assert signs
    assert signs <= set(_weights())
    assert ALWAYS in _weights()


def test_groups_are_of_kinds_of_text() -> None:
    kinds = [kind for members in GROUPS.values() for kind in members]
    assert len(kinds) == len(set(kinds))
    assert set(kinds) - {"repeat"} <= set(CONTENT)


@pytest.mark.parametrize(
    ("printed", "written"),
    [
        (f"船工说不开了。{CAPTION}码头上站着送行的人。", f"船工说{CAPTION}的时候，码头上站着送行的人。"),
        (f"{TITLE}今天一早，码头上站满了送行的人。", f"他以《{TITLE}》为题写了一篇文章，登在第二天的报上。"),
    ],
)
def test_what_was_printed_has_more_evidence_than_what_was_written(printed: str, written: str) -> None:
    assert _evidence(printed) > 0 > _evidence(written)


def test_a_copy_takes_the_marks_along_that_stand_on_both_lines() -> None:
    line = f"船工说不开了。《渡船》：{CAPTION}。码头上站着送行的人。"
    (copy,) = [copy for copy in _found(TITLE, ABOVE, f"《渡船》：{CAPTION}。", line) if copy.line == 3]
    assert line[copy.start : copy.stop] == f"《渡船》：{CAPTION}。"


def test_another_script_speaks_for_a_copy() -> None:
    simplified = "老船工在甲板上拉缆绳"
    lines = (TITLE, ABOVE, simplified, f"船工说不开了，{simplified}码头上站着送行的人，谁也没有说话。")
    line = f"船工說不開了，{simplified}碼頭上站著送行的人，誰也沒有說話。"
    ((alike,), (other,)) = (_found(*lines), _found(*lines, raw=(*lines[:3], line)))
    assert other.evidence > alike.evidence


def test_the_title_is_one_of_the_first_lines() -> None:
    page = _page(TITLE, ABOVE, f"船工说不开了。{TITLE}码头上站着送行的人。")
    assert [copy.is_title for copy in copies([page])[0] if copy.line == 2] == [True]
    assert [copy.is_title for copy in copies([page._replace(titles=0)])[0] if copy.line == 2] == [False]


@pytest.mark.parametrize(
    "line",
    [
        f"{TITLE}的消息传到对岸，有人连夜坐船过来送行。",
        f"参考文献：叶青.{TITLE}[J].渡口研究,2018.",
        f"他喊了两声：{CAPTION}，{CAPTION}，没有人答应。",
    ],
)
def test_what_a_sentence_needs_is_no_copy(line: str) -> None:
    assert all(copy.evidence < 0 for copy in _found(TITLE, ABOVE, line) if copy.line == 2)


@pytest.mark.parametrize(
    ("torn", "whole"),
    [
        (f"码头上站着二十多人，{CAPTION}都来送行。", f"码头上站着二十多人，{CAPTION}，都来送行。"),
        (f"码头上站着二十{CAPTION}多人，都来送行。", f"码头上站着二十多人，看着{CAPTION}，都不说话。"),
    ],
)
def test_a_sentence_that_does_not_go_on_speaks_for_a_copy(torn: str, whole: str) -> None:
    """The same words in the same line, with and without what makes them a part of it."""
    assert _evidence(torn) > _evidence(whole)


def test_what_is_cut_off_is_the_beginning_of_what_goes_on_with_it() -> None:
    assert (
        _found("船工说明天起这里不再开船了，码头上…", "船工说明天起这里不再开船了，码头上站着送行的人，谁也没有说话。")
        == []
    )
