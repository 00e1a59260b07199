"""Classes of characters say the same whether they are looked up one by one or by an expression."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from zhnorm.arrays.expressions import OneOf

TEXTS = st.text(
    st.sampled_from("a-]^\\[\0\x01\n天地玄\U000e0001\U000e0002\U0010ffff\ud800") | st.characters(), max_size=30
)


@given(TEXTS, TEXTS)
def test_a_class_finds_its_characters_early_and_late(characters: str, text: str) -> None:
    some = OneOf(characters)
    early = some.places(text), some.count(text), some.are_in(text)
    assert early[0] == [at for at, character in enumerate(text) if character in characters]
    some.places("x" * 100_000)
    assert some._class is not None
    assert (some.places(text), some.count(text), some.are_in(text)) == early


def test_ranges_are_ranges() -> None:
    """One by one, characters beyond the first plane would make the expression many times slower."""
    codes = list(range(0xE0001, 0xE0080))
    random.Random(1).shuffle(codes)
    some = OneOf(map(chr, codes))
    some.count("x" * 100_000)
    assert some._class is not None
    assert some._class.pattern == "[\U000e0001-\U000e007f]"
