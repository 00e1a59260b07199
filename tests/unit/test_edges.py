"""Lists below headings: many headings cost little more than one."""

import time

import pytest

from zhnorm import Cleaner

LINES = {
    "相關文章：": ("短行{}", "第{}段說的是河邊的事情，船夫和擺渡的人都在，說得很完整，誰也沒有走。"),
    "最新評論": ("渡口的船夫說今天有霧{}", "第{}段說的是河邊的事情，船夫和擺渡的人都在，說得很完整，誰也沒有走。"),
}


@pytest.mark.parametrize("heading", LINES)
def test_time_grows_with_the_headings_and_no_faster(heading: str) -> None:
    cleaner = Cleaner(reading=False, duplicates=False)

    def seconds(count: int) -> float:
        text = "".join(f"{heading}\n" + "".join(f"{line.format(n)}\n" for line in LINES[heading]) for n in range(count))
        begun = time.process_time()
        cleaner.clean(text)
        return time.process_time() - begun

    seconds(100)
    # Four times the lines took sixteen times as long.
    assert min(seconds(1200), seconds(1200)) < 9 * max(0.02, min(seconds(300), seconds(300)))
