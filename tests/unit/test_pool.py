"""The pool of worker processes: order, bounds, deaths."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from zhnorm.batch.pool import LOOK_AHEAD, Died, Hold, Pool
from zhnorm.errors import ReadError, ZhnormError

Work = Callable[[int, Callable[[Any], object]], Any]


def square() -> Work:
    return lambda item, _: item * item


def groups(count: int, size: int = 3) -> list[list[int]]:
    return [list(range(start, min(start + size, count))) for start in range(0, count, size)]


@pytest.mark.parametrize("workers", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 3, 4, 100])
def test_results_come_in_order(workers: int, count: int) -> None:
    def start() -> Work:
        def work(item: int, tell: Callable[[Any], object]) -> int:
            time.sleep(0.003 * (item % 7 == 0))
            tell(("part", item))
            return item * item

        return work

    told: list[tuple[str, int]] = []
    with Pool(start, workers=workers) as pool:
        for item, result in pool.in_order(groups(count), told.append):
            assert result == item * item
            assert told[-1] == ("part", item), "the parts of an item come before its result"
    assert told == [("part", item) for item in range(count)]


def test_a_program_with_threads_is_not_forked() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        with Pool(_pickled_start, workers=2) as pool:
            assert [result for _, result in pool.in_order(groups(7))] == [str(item) for item in range(7)]
    finally:
        stop.set()
        thread.join()


def _pickled_start() -> Work:
    return _pickled_work


def _pickled_work(item: int, _: Callable[[Any], object]) -> str:
    return str(item)


def test_no_more_is_taken_than_is_needed() -> None:
    taken = 0

    def source() -> Iterator[list[int]]:
        nonlocal taken
        for number in range(10_000):
            taken = number
            yield [number]

    with Pool(square, workers=2) as pool:
        for item, _ in pool.in_order(source()):
            assert taken - item <= 2 * LOOK_AHEAD + 2
            if item == 500:
                break


def test_only_the_item_that_kills_is_lost(tmp_path: Path) -> None:
    def start() -> Work:
        def work(item: int, tell: Callable[[Any], object]) -> int:
            tell(item)
            (tmp_path / f"{item}-{os.getpid()}").touch()
            if item in (4, 50):
                os.kill(os.getpid(), signal.SIGKILL)
            return item

        return work

    told: list[int] = []
    dead: list[int] = []
    with Pool(start, workers=2, died=lambda item, _: dead.append(item)) as pool:
        results = dict(pool.in_order(groups(60, size=10), told.append))
    assert [item for item, result in results.items() if isinstance(result, Died)] == [4, 50]
    assert results[4] == Died("killed by SIGKILL")
    assert [item for item, result in results.items() if result == item] == [i for i in range(60) if i not in (4, 50)]
    assert told == [item for item in range(60) if item not in (4, 50)], "nothing is heard of a result half told"
    assert sorted(dead) == [4, 4, 50, 50], "each is tried twice"
    assert list(results) == list(range(60))


def test_what_kills_when_a_group_is_prepared_costs_one_item(tmp_path: Path) -> None:
    class Work:
        def __init__(self) -> None:
            self.ready: list[int] = []

        def prepare(self, items: list[int]) -> None:
            self.ready = [self(item, print)[0] for item in items]

        def __call__(self, item: int, _: Callable[[Any], object]) -> tuple[int, bool]:
            if item == 14:
                os.kill(os.getpid(), signal.SIGKILL)
            return item, item in self.ready

    with Pool(Work, workers=2) as pool:
        results = dict(pool.in_order(groups(30, size=10)))
    alone = {item: (item, not 10 <= item < 20) for item in range(30)}
    assert results == alone | {14: Died("killed by SIGKILL")}


def test_a_kill_from_outside_costs_nothing(tmp_path: Path) -> None:
    def start() -> Work:
        def work(item: int, _: Callable[[Any], object]) -> int:
            if item == 7 and not (tmp_path / "once").exists():
                (tmp_path / "once").touch()
                os.kill(os.getpid(), signal.SIGKILL)
            return item

        return work

    with Pool(start, workers=2) as pool:
        assert [result for _, result in pool.in_order(groups(20))] == list(range(20))


def test_workers_that_die_at_once_end_the_run() -> None:
    def start() -> Work:
        os._exit(7)

    with pytest.raises(ZhnormError, match="exit code 7"), Pool(start, workers=2) as pool:
        list(pool.in_order(groups(1000)))


def test_what_work_raises_is_raised() -> None:
    def start() -> Work:
        def work(item: int, _: Callable[[Any], object]) -> int:
            if item == 5:
                raise ReadError("five: no", hint="try six")
            return item

        return work

    with pytest.raises(ReadError) as caught, Pool(start, workers=2) as pool:
        list(pool.in_order(groups(20)))
    assert (caught.value.message, caught.value.hint) == ("five: no", "try six")


def test_nobody_is_left_behind() -> None:
    def start() -> Work:
        def work(item: int, _: Callable[[Any], object]) -> int:
            if item > 1:
                time.sleep(60)
            return os.getpid()

        return work

    begun = time.monotonic()
    with Pool(start, workers=3) as pool:
        workers = [result for _, result in zip(range(2), (pid for _, pid in pool.in_order(groups(9))), strict=False)]
    assert time.monotonic() - begun < 5
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def test_what_waits_is_held_in_a_file_if_it_is_much() -> None:
    hold = Hold(memory_bytes=1000)
    for _ in range(2):
        messages = [bytes([number]) * (number * 20) for number in range(50)]
        tickets = [hold.put(message) for message in messages]
        assert sum(isinstance(ticket, bytes) for ticket in tickets) < 20
        assert [hold.take(ticket) for ticket in tickets] == messages
    hold.close()


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_a_dismissal_that_a_finalizer_swallows_comes_again() -> None:
    code = """
import os, signal, time
from zhnorm.batch import pool

class Finalized:
    def __del__(self):
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.001)

pool._heed_dismissal()
try:
    Finalized()
    time.sleep(5)
except pool._Dismissed:
    print("ended")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert (done.stdout, done.stderr) == ("ended\n", "")
