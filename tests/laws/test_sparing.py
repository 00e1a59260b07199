"""Sparing: of text with nothing to remove nothing goes but exact copies of whole blocks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.laws.texts import PARTS, Blocks
from zhnorm import Cleaner, Line, convert
from zhnorm.conversion.fold import key


def _taken(lines: tuple[Line, ...]) -> Iterator[Line]:
    """Lines that lost letters, but for those of blocks of which an exact copy stays as it is."""
    blocks = [list(block) for blank, block in groupby(lines, lambda line: not line.raw.strip()) if not blank]
    whole = [[line.raw for line in block] for block in blocks if not any(map(_lost, block))]
    for block in blocks:
        if [line.raw for line in block] not in whole:
            yield from filter(_lost, block)


def _lost(line: Line) -> bool:
    """Whether a line lost letters. Those of the other script are no loss."""
    tidied = [change.after or "" for change in line.changes if change.stage in ("tidy", "script")] or [line.raw]
    return len(key(line.text or "")) < len(key(tidied[-1]))


def _text(blocks: Blocks) -> str:
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


@pytest.mark.parametrize("name", PARTS)
@given(data=st.data(), target=st.sampled_from(["hans", "keep"]), traditional=st.booleans())
def test_sparing(name: str, data: st.DataObject, target: str, traditional: bool) -> None:
    """Of each kind of text, in both scripts, alone or between others."""
    others = st.lists(st.sampled_from([kind for kind in PARTS if kind != name]), unique=True, max_size=2)
    kinds = data.draw(others.flatmap(lambda found: st.permutations([name, *found])))
    text = _text([block for kind in kinds for block in data.draw(PARTS[kind])])
    result = Cleaner(to=target).explain(convert(text, "tw") if traditional else text)
    assert list(_taken(result.lines)) == []


@given(st.sampled_from(["statutes", "tables"]).flatmap(PARTS.get))  # type: ignore[arg-type]
def test_a_line_that_goes_is_seen(blocks: Blocks) -> None:
    """The law sees a line that goes, and the half of one."""
    gone = ["末了还有一行（责任编辑：小满）", "分享到：微博"]
    text = _text([*blocks, *([line] for line in gone)])
    assert [line.raw for line in _taken(Cleaner().explain(text).lines)] == gone
