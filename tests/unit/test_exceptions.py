"""Leaving out changes of a ledger, and what builds on them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhnorm.ledger.exceptions import Exceptions, carried, parse_unwanted
from zhnorm.ledger.read import DocumentRecords

texts = st.text("貓猫在 ab1", max_size=8)


def _change(line: int, stage: str, rule: str, before: str, after: str | None) -> dict[str, object]:
    return {"line": line, "stage": stage, "rule": rule, "before": before, "after": after, "end": "\n"}


@given(texts, texts)
def test_edits_carried_to_the_text_they_are_about_give_the_result(before: str, after: str) -> None:
    assert carried(before, after, before) == (after, 0)


@given(texts, texts, texts)
def test_edits_are_made_or_counted(before: str, after: str, text: str) -> None:
    made, lost = carried(before, after, text)
    if before == after:
        assert (made, lost) == (text, 0)
    elif made == text:
        # Nothing was done: every edit is counted, or it does what was done already.
        assert lost or before != text


@given(texts, texts, texts)
def test_an_edit_does_not_touch_what_stands_around(head: str, tail: str, middle: str) -> None:
    """A change of the middle, carried to a text with another head and tail."""
    if middle and not set(middle) & set(head + tail):
        made, lost = carried(f"{head}|{middle}|{tail}", f"{head}||{tail}", f"<{head}|{middle}|{tail}>")
        assert (made, lost) == (f"<{head}||{tail}>", 0)


def test_a_line_is_left_out_but_for_its_characters() -> None:
    changes = [
        _change(1, "script", "script/hans", "貓 分享", "猫 分享"),
        _change(1, "boilerplate", "web/share", "猫 分享", "猫"),
        _change(2, "boilerplate", "web/share", "分享", None),
    ]
    records = DocumentRecords("page.txt", 2, changes)
    for written, wanted in (
        ("page.txt:1", "猫 分享\n"),
        (":1:script/*", "貓\n"),
        (":1-2:*", "貓 分享\n分享\n"),
        ("web/share", "猫 分享\n分享\n"),
        ("other.txt:1", "猫\n"),
    ):
        assert Exceptions([parse_unwanted(written)]).apply("貓 分享\n分享\n", records) == wanted, written


def test_what_builds_on_a_change_that_is_left_out_is_left_out_where_it_overlaps() -> None:
    changes = [
        _change(1, "tidy", "tidy/entities", "&lt;貓", "<貓"),
        _change(1, "titles", "titles/in-line", "<貓", "貓"),
        _change(1, "script", "script/hans", "貓", "猫"),
    ]
    exceptions = Exceptions([parse_unwanted("tidy/entities")])
    assert exceptions.apply("&lt;貓\n", DocumentRecords("page.txt", 1, changes)) == "&lt;猫\n"
    assert exceptions.edits == 1


def test_names_may_hold_colons() -> None:
    found = parse_unwanted("http://a:80/b.txt:3")
    assert (found.name, found.first, found.last, found.rule) == ("http://a:80/b.txt", 3, 3, "")
