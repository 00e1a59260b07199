"""What one document may cost, in every door: time, size, and patterns that find no end."""

import gc
import pickle
import signal
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

import zhnorm.limits
import zhnorm.windows
from zhnorm import Cleaner, Limits, ZhnormError
from zhnorm.errors import LimitError, SettingsError
from zhnorm.limits import Clock, check_time
from zhnorm.reader import read_lines
from zhnorm.rules import load_pack

PROSE = "第{}段說的是河邊的事情，船夫和擺渡的人都在，說得很完整。\n"
LONG = "".join(map(PROSE.format, range(3000)))
SLOW_PACK = (
    '[[rule]]\nid = "slow"\nabout = "Slow."\naction = "drop"\nmatch = ["re:xy(?:a|aa){1,200}b"]\n'
    'max_chars = 400\nremoves = ["xyaab"]\nkeeps = ["一句不相干的话，说得很完整。"]\n'
)
SLOW_LINE = "xy" + "a" * 300 + "c\n"


@pytest.fixture
def slow() -> Cleaner:
    """A cleaner with a pattern that is good on its examples and finds no end on SLOW_LINE."""
    return Cleaner(own_packs=[load_pack("slow.toml", SLOW_PACK)], window_lines=50)


@pytest.fixture(autouse=True)
def _nobody_looks_on() -> Iterator[None]:
    """Hypothesis looks on when rubbish is collected, and the error that an alarm raises there is a warning, which fails a test."""
    before = gc.callbacks[:]
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = before


def in_a_thread(act: Callable[[], Any]) -> Any:
    """What a call gives, or raises, in a thread that is not the main one."""
    found: list[Any] = []

    def work() -> None:
        try:
            found.append(act())
        except ZhnormError as error:
            found.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if isinstance(found[0], ZhnormError):
        raise found[0]
    return found[0]


DOORS: dict[str, Callable[[Cleaner], object]] = {
    "clean": lambda cleaner: cleaner.clean(LONG),
    "explain": lambda cleaner: cleaner.explain(LONG),
    "stream": lambda cleaner: list(cleaner.stream([LONG])),
    "clean_many": lambda cleaner: list(cleaner.clean_many([LONG[:90_000]])),
    "read": lambda cleaner: read_lines(LONG, cleaner),
}


@pytest.mark.parametrize("where", ["main thread", "thread"])
@pytest.mark.parametrize("door", DOORS)
def test_time_is_bounded_in_every_door_of_the_library(door: str, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zhnorm.limits, "SECONDS_PER_BYTE", 0.0)
    if where == "thread" and door == "read":
        pytest.skip("reading is one step, which the alarm of the main thread alone ends")
    cleaner = Cleaner(limits=Limits(seconds=0.005))
    act = DOORS[door]
    with pytest.raises(LimitError, match=r"given up after .* s of computing"):
        in_a_thread(lambda: act(cleaner)) if where == "thread" else act(cleaner)
    assert signal.getsignal(signal.SIGVTALRM) is signal.SIG_DFL
    monkeypatch.undo()
    assert cleaner.clean(LONG), "the next document has its own time"


def test_time_grows_with_the_document() -> None:
    cleaner = Cleaner(limits=Limits(seconds=0.001))
    assert cleaner.clean(LONG), "a hundred seconds a megabyte are more than it takes"


def test_waiting_is_no_computing() -> None:
    clock = Clock(0.05)
    for _ in range(3):
        with clock.running():
            time.sleep(0.05)
            check_time()
    assert clock.left > 0


def test_the_alarm_ends_what_asks_nobody() -> None:
    with pytest.raises(LimitError), Clock(0.02).running():
        any(False for _ in count())
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)


def test_an_alarm_that_nobody_heard_comes_again() -> None:
    def spin(times: int) -> None:
        for _ in range(times):
            with suppress(BaseException):  # as in a finalizer
                any(False for _ in count())
        any(False for _ in count())

    with pytest.raises(LimitError), Clock(0.02).running():
        spin(1)


def spin() -> None:
    any(False for _ in count())


class Finalized:
    def __del__(self) -> None:
        spin()


class Watched:
    pass


def test_an_alarm_that_nobody_can_hear_is_not_spoken_of(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python prints what is raised in a callback of the collection of garbage, in a finalizer and in a callback of a weak reference, and goes on."""
    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: said.append(lost.exc_type))
    watched = [Watched()]
    _reference = weakref.ref(watched[0], lambda _: spin())

    def in_a_callback(phase: str, _: dict[str, int]) -> None:
        if phase == "stop" and gc.callbacks:
            gc.callbacks.remove(in_a_callback)
            spin()

    def run(act: Callable[[], object]) -> None:
        act()
        spin()

    gc.callbacks.append(in_a_callback)
    for act in (gc.collect, Finalized, watched.pop):
        with pytest.raises(LimitError), Clock(0.02).running():
            run(act)
    assert said == []


def test_what_others_lose_is_spoken_of(monkeypatch: pytest.MonkeyPatch) -> None:
    class Failing:
        def __del__(self) -> None:
            raise ValueError("lost")

    said: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda lost: said.append(lost.exc_type))
    with Clock(1).running():
        Failing()
    assert said == [ValueError]


def test_an_alarm_of_somebody_else_is_left_alone() -> None:
    rung: list[int] = []
    before = signal.signal(signal.SIGVTALRM, lambda number, _: rung.append(number))
    try:
        with Clock(5.0).running():
            assert signal.getsignal(signal.SIGVTALRM) is not signal.SIG_DFL
            signal.raise_signal(signal.SIGVTALRM)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert rung == [signal.SIGVTALRM]


@pytest.mark.parametrize("where", ["main thread", "thread"])
def test_a_pattern_without_end_is_given_up(where: str, slow: Cleaner) -> None:
    begun = time.thread_time()
    with pytest.raises(LimitError, match=r"slow/slow: the pattern .* finds no end in one line of 30[0-9] characters"):
        in_a_thread(lambda: slow.clean(SLOW_LINE)) if where == "thread" else slow.clean(SLOW_LINE)
    assert time.thread_time() - begun < 10


def test_what_was_given_out_is_as_it_would_have_been(slow: Cleaner) -> None:
    lines = list(map(PROSE.format, range(400)))
    whole = slow.clean("".join(lines))
    out: list[str] = []
    document = slow.incremental()
    with pytest.raises(LimitError):
        out.extend(map(document.feed, [*lines[:300], SLOW_LINE, *lines[300:]]))
    assert "".join(out)
    assert whole.startswith("".join(out))
    with pytest.raises(ValueError, match="finished"):
        document.feed("還有一行。\n")
    assert document.finish() == "", "the rest of a document that failed is withheld"


def test_bytes_are_counted_over_all_pieces() -> None:
    cleaner = Cleaner(limits=Limits(most_bytes=10))
    assert "".join(cleaner.stream(["網絡", "安\n"])) == "网络安\n"
    with pytest.raises(LimitError, match="more than 10 bytes"):
        list(cleaner.stream(["網絡", "安全"]))
    with pytest.raises(LimitError, match="more than 10 bytes"):
        list(cleaner.clean_many(["網絡", "網絡安全"]))


def test_a_line_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zhnorm.windows, "MOST_LINE_CHARS", 100)
    document = Cleaner().incremental()
    document.feed("走" * 100)
    with pytest.raises(LimitError, match="a line of more than 100 characters"):
        document.feed("走")
    assert Cleaner().clean(("走" * 99 + "\n") * 9)


def test_limits_travel_with_the_cleaner() -> None:
    limits = Limits(seconds=7, most_bytes=99)
    cleaner = pickle.loads(pickle.dumps(Cleaner(limits=limits)))
    assert cleaner.limits == limits
    assert cleaner.on_trial().limits == Limits(seconds=0.7, most_bytes=99)
    assert Cleaner(limits=Limits(seconds=None)).on_trial().limits.seconds is None


@pytest.mark.parametrize(
    "wrong", [{"seconds": 0}, {"seconds": -1}, {"seconds": "9"}, {"most_bytes": 0}, {"most_removed": 2}, {"warn_share": -0.1}, {"memory_bytes": True}]
)  # fmt: skip
def test_limits_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        Limits(**wrong)


def test_a_whole_pack_has_a_time_limit(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("zhnorm.rules.load.MOST_SECONDS", 1e-6)
    (tmp_path / "mine.toml").write_text(SLOW_PACK)
    with pytest.raises(ZhnormError, match=r"mine\.toml: its examples take more than"):
        load_pack(tmp_path / "mine.toml")


@pytest.mark.parametrize("seconds", [1e9, 1e20, 1e308, 10**400])
def test_time_beyond_what_the_system_can_count(seconds: float) -> None:
    assert Cleaner(limits=Limits(seconds=seconds)).clean("網絡\n") == "网络\n"
