"""A sentence that ends in an ellipsis, of whatever kind, or with a wave behind its full stop, ends as one with a full stop does."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from zhnorm import Cleaner, Result
from zhnorm.conversion.fold import key
from zhnorm.line import Change, Match
from zhnorm.report.collection import chance_of
from zhnorm.signs import BEHIND_STOPS, CLOSING_QUOTES, FOLDED_STOPS, FULL_STOPS, OPENING_QUOTES, SENTENCE_ENDS
from zhnorm.text.decoration import cut_off, undress
from zhnorm.text.shape import ends_sentence, is_link_like, is_prose, is_teaser

ROOT = Path(__file__).resolve().parents[2] / "src" / "zhnorm"
ELLIPSES = ("……", "⋯⋯", "⋯", "‥‥", "．．．", "‧‧‧")
ENDS = ("。", *ELLIPSES, "。～", "！～", "。⋯⋯")
FIRST = "城北的老渡口停了三年，船还拴在柳树下，绳子换过两回，掌船的人每天早上都要下去看一眼"
SECOND = "小满说她小时候坐这条船上学，风大的时候要等到中午，老师从来不怪他们迟到，只问船稳不稳"

BELOW = ("后来我又一个人去过一次，那里已经没有船也没有人", "柳树还在，只是比从前老了许多，风一吹就有枝子落下来")


def _explain(*lines: str) -> Result:
    return Cleaner(reading=False).explain("".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize("end", ENDS)
def test_a_paragraph_is_prose_whatever_ends_it(end: str) -> None:
    for text in (FIRST + end, f"他说：“{FIRST}{end}”", f"{FIRST}{end}（江岸报记者）"):
        assert ends_sentence(text), text
        assert is_prose(text, key(text))


@pytest.mark.parametrize("end", ["。～", "。~", "。～～", "。」～"])
def test_a_wave_behind_a_sentence_makes_no_headline_of_it(end: str) -> None:
    assert is_link_like("城北的老渡口", key("城北的老渡口"))
    assert not is_link_like(f"船又开了{end}", "船又开了")


@pytest.mark.parametrize("end", ENDS)
def test_a_credit_goes_and_the_end_of_the_sentence_stays(end: str) -> None:
    result = _explain("渡口往事", f"{FIRST}{end}（责任编辑：方晴）", f"{SECOND}{end}")
    assert result.text == f"渡口往事\n{FIRST}{end}\n{SECOND}{end}\n"
    assert result.counts == {"news/editor-tail": 1}


@pytest.mark.parametrize("end", ENDS)
def test_a_call_goes_and_the_end_of_the_sentence_stays(end: str) -> None:
    result = _explain("渡口往事", f"{FIRST}{end}欢迎关注我们的公众号", f"{SECOND}{end}")
    assert result.text == f"渡口往事\n{FIRST}{end}\n{SECOND}{end}\n"
    assert result.counts == {"calls/follow-tail": 1}


@pytest.mark.parametrize("end", [end for end in ENDS if "！" not in end])
def test_a_sentence_printed_twice_stays_once(end: str) -> None:
    clause = f"掌船的人说今年夏天就要开船了{end}"
    result = _explain("渡口往事", f"{FIRST}{end}{clause}{clause}{SECOND}{end}")
    assert result.text == f"渡口往事\n{FIRST}{end}{clause}{SECOND}{end}\n"


@pytest.mark.parametrize("end", ENDS)
def test_text_below_a_heading_that_heads_lists_stays(end: str) -> None:
    lines = (
        "渡口往事",
        f"{FIRST}{end}",
        f"{SECOND}{end}",
        "延伸阅读",
        *(f"{text}{end}" for text in BELOW),
    )
    assert _explain(*lines).text.splitlines() == list(lines)


@pytest.mark.parametrize("end", [*ELLIPSES, "...", "……〔全文〕", "⋯（更多）"])
def test_what_a_page_cut_off_is_found_without_its_ellipsis(end: str) -> None:
    assert cut_off(f"青石大桥昨天通车{end}") == "青石大桥昨天通车"


@pytest.mark.parametrize("end", ["…", "⋯", "‥", "...", "⋯全文"])
def test_one_sign_of_an_ellipsis_is_a_teaser_and_two_are_a_writer(end: str) -> None:
    assert is_teaser(f"青石大桥昨天通车{end}")
    assert not any(is_teaser(f"他没有回答{writers}") for writers in ("……", "⋯⋯", "‥‥", "．．．", "‧‧‧"))


@pytest.mark.parametrize("end", ["……", "⋯⋯", "‥‥"])
def test_an_invitation_to_read_on_goes_with_its_ellipsis(end: str) -> None:
    assert undress(f"青石大桥昨天通车了{end}阅读全文").text == "青石大桥昨天通车了"


@pytest.mark.parametrize("end", ENDS)
def test_a_sentence_that_went_counts_twice(end: str) -> None:
    def chance(text: str) -> float:
        return chance_of(Change(1, "boilerplate", "web/x", text, None, Match("x")))

    assert chance(f"船又开了{end}") == 2 * chance("老渡口")


def test_kinds_do_not_overlap() -> None:
    assert not set(SENTENCE_ENDS) & set(BEHIND_STOPS)
    assert not set(OPENING_QUOTES) & set(CLOSING_QUOTES)
    assert len(set(SENTENCE_ENDS)) == len(SENTENCE_ENDS)


@pytest.mark.parametrize("path", sorted(ROOT.rglob("*.py")), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_reader_has_signs_of_its_own(path: Path) -> None:
    """Three ends of sentences in a row, or three quotation marks, are a kind, and stand in `signs`."""
    if path.relative_to(ROOT).as_posix() in ("signs.py", "conversion/phrases.py", "text/tidy.py"):
        # The separators of phrases in dictionaries, and tables from one kind of quotation mark to another.
        return
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            for kind in (FULL_STOPS, FOLDED_STOPS, OPENING_QUOTES, CLOSING_QUOTES):
                assert _longest_run(node.value, kind) < 3, f"{path}:{node.lineno}: take {kind} from text.signs"


def _longest_run(text: str, signs: str) -> int:
    """How many different signs of a kind stand beside each other in a text."""
    longest, run = 0, set[str]()
    for character in text:
        run = run | {character} if character in signs else set()
        longest = max(longest, len(run))
    return longest
