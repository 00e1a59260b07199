"""The lines that may repeat another one are the same, whether their traits are texts or numbers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from zhnorm.stages.duplicates_search import candidates, candidates_of_many, pieces

KEYS = st.text("天地玄黄1a", min_size=1, max_size=90)


@st.composite
def documents(draw: st.DrawFn) -> list[list[str]]:
    """Documents of lines, some of which repeat a line of their own or another document, whole or in part."""
    found: list[list[str]] = []
    for _ in range(draw(st.integers(1, 4))):
        lines = draw(st.lists(KEYS, min_size=1, max_size=8))
        known = [line for each in [*found, lines] for line in each]
        for line in draw(st.lists(st.sampled_from(known), max_size=4)):
            at = draw(st.integers(0, len(line)))
            lines.append(line[:at] + draw(st.text("天1", max_size=2)) + line[at + draw(st.integers(0, 2)) :] or "天")
        found.append(draw(st.permutations(lines)))
    return found


@given(documents(), st.data())
def test_texts_and_numbers_agree(said: list[list[str]], data: st.DataObject) -> None:
    cut = [[data.draw(st.integers(0, 1)) for _ in each] for each in said]
    bare = [[key[at:] or key for key, at in zip(each, own, strict=True)] for each, own in zip(said, cut, strict=True)]
    one_by_one = [candidates(keys, own) for keys, own in zip(said, bare, strict=True)]
    assert candidates_of_many(said, bare) == one_by_one


@given(st.text("天地玄黄宇宙", min_size=8, max_size=120), st.data())
def test_a_character_or_two_leave_a_piece(key: str, data: st.DataObject) -> None:
    """One character in a short line, two in a longer one may be another, and one may be more."""
    at = data.draw(st.integers(0, len(key) - 1))
    changed = key[:at] + "日" + key[at + data.draw(st.integers(0, 1)) :]
    if len(key) >= 48:
        other = data.draw(st.integers(0, len(key) - 1))
        changed = changed[:other] + "月" + changed[other + 1 :]
    assert {*pieces(key)} & {*pieces(changed)}


@given(st.text("天地玄黄宇宙", min_size=16, max_size=120), st.text("日月盈昃", max_size=40))
def test_a_label_and_a_note_leave_a_piece(key: str, more: str) -> None:
    """However long they are."""
    assert {*pieces(key)} & {*pieces(more + key)}
    assert {*pieces(key)} & {*pieces(key + more)}
