"""What many lines at once are told by is what each of them is told by alone."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.arrays.character_kinds import LineArrays
from zhnorm.conversion.fold import key
from zhnorm.rules.match import reach_of_parts, within_reach
from zhnorm.rules.parts import has_brackets, may_have_parts
from zhnorm.text.tandems import may_repeat, tandems

_LINES = st.lists(st.text("他走了河边灯。！，（）()【】「”） a1…—-.<\u3000", max_size=40), min_size=1, max_size=6)


@given(_LINES)
def test_places_within_reach_are_the_same_in_arrays(texts: list[str]) -> None:
    keys = [key(text) for text in texts]
    arrays = LineArrays("\n".join(keys))
    lines = np.array([i for i, said in enumerate(keys) for _ in said], np.int64)
    places = np.array([int(arrays.starts[i]) + at for i, said in enumerate(keys) for at in range(len(said))], np.int64)
    near, able = (found.tolist() for found in within_reach(texts, arrays, lines, places))
    for number, (line, place) in enumerate(zip(lines.tolist(), places.tolist(), strict=True)):
        text, said = texts[line], keys[line]
        front, back = reach_of_parts(text, said)
        at = place - int(arrays.starts[line])
        if may_have_parts(text, said):
            assert near[number] == (not front < at < len(said) - back)
        if near[number]:
            assert not front < at < len(said) - back
        assert able[number] == (near[number] or has_brackets(text))


@given(
    st.lists(
        st.tuples(
            st.text("甲乙丙丁戊己庚辛", max_size=12),
            st.text("甲乙丙丁戊", min_size=1, max_size=20),
            st.text("子丑寅", max_size=9),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_no_line_that_repeats_itself_is_passed_over(lines: list[tuple[str, str, str]]) -> None:
    keys = [before + twice * 2 + behind for before, twice, behind in lines]
    # So much text is looked at in arrays.
    filler = "".join(map(chr, range(0x4E00 + 100, 0x4E00 + 2200)))
    found = may_repeat([*keys, filler])
    assert isinstance(found.in_a_row, list)
    assert {i for i, said in enumerate(keys) if any(tandems(said, 5))} <= set(found.in_a_row)
    assert len(keys) not in found.in_a_row
