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


PROSE = (
    "那年冬天雪下得很早，河面上结了一层薄冰，渡船停了半个月。\n村里的人把船拖到岸上，用稻草盖好，等着开春再用。\n"
    "老周的儿子从县城赶回来，在河边站了整整一个下午。\n没有人知道他在想什么，只看见他把一块石头扔进了河里。\n"
)


@pytest.mark.parametrize(
    ("rows", "stay"),
    [
        ("时间：2019年11月3日\n地点：三楼会议室\n主持：王大力\n", True),
        ("地点：渡口茶馆\n日期：2019-05-02\n", True),
        ("时间：2019-11-03 10:20\n来源：江岸网\n", False),
        ("日期：2019-11-03\n浏览：123\n", False),
    ],
)
def test_the_time_of_a_record_is_no_dateline(rows: str, stay: bool) -> None:
    assert (rows in Cleaner().clean(f"会议纪要\n\n{rows}\n{PROSE}")) is stay
