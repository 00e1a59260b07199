"""What a profile sets, and what comes of a setting beside it."""

from __future__ import annotations

import pytest

from zhnorm import Cleaner
from zhnorm.settings import Settings

THREAD = """求推荐一款安静的键盘
办公室里的人都怕吵，键盘一响就回头看我，求推荐一款安静的，预算五百左右。
回复
楼主可以看看静音轴，我用了两年，隔壁的同事从来没有抱怨过。
谢谢大家，已经下单了，到货再来汇报。
+1
"""


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({}, {"comment"}),
        ({"keep": ["note"]}, {"comment", "note"}),
        ({"drop": ["comment"]}, set()),
        ({"keep": ["note"], "drop": ["comment"]}, {"note"}),
    ],
)
def test_kinds_to_keep_come_to_those_of_the_profile(given: dict[str, list[str]], kept: set[str]) -> None:
    assert set(Settings.of(profile="forum", **given).keep) == kept


def test_replies_are_text_in_a_forum() -> None:
    """Also those that say next to nothing."""
    cleaned = Cleaner(profile="forum").clean(THREAD)
    assert "到货再来汇报" in cleaned
    assert "+1" in cleaned
