"""Documents longer than a window: what is found in the first one holds for the rest."""

from __future__ import annotations

from zhnorm import Cleaner

TITLE = "江上的渡船還在開，船夫說要開到九十歲"


def _long_page(paragraphs: int) -> str:
    lines = [TITLE, f"{TITLE}（图1）"]
    for number in range(paragraphs):
        lines.append(f"第{number}天的清晨，渡船照常從東岸開出，船上坐著{number + 3}個挑菜的人和一條不肯下船的狗。")
    return "\n".join([*lines, TITLE, lines[5], ""])


def test_title_and_repeats_are_found_in_later_windows() -> None:
    page = _long_page(400)
    out = Cleaner(window_lines=50).clean(page).split("\n")
    assert len(out) == 402
    assert out[0] == "江上的渡船还在开，船夫说要开到九十岁"
    assert not any("船夫" in line for line in out[1:])


def test_text_comes_out_before_the_end() -> None:
    document = Cleaner(window_lines=50).incremental()
    assert document.feed(_long_page(400))


def test_nothing_is_held_back_when_no_stage_looks_ahead() -> None:
    document = Cleaner(profile="gentle").incremental()
    assert document.feed("網絡\n") == "网络\n"
    assert document.feed("安") == ""
    assert document.finish() == "安"
