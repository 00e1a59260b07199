"""Files of records: memory that does not grow with the file, and what a second process brings.

    python benchmarks/records.py [RECORDS]

Writes JSON Lines of 10,000 and of RECORDS (1,000,000) records, cleans both, and prints the largest memory of any process
and the time; then the longer file's first tenth with one process and with two, in turns.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

WORDS = [
    "新館",
    "今天",
    "向讀者",
    "開放",
    "館長",
    "說",
    "第一天",
    "來了",
    "三千多人",
    "比預想的",
    "多了一倍",
    "書還是那些書",
]
ROUNDS = 3


def write(path: Path, records: int) -> None:
    """A file of short records, all of them different."""
    dice = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        for number in range(records):
            lines = ["，".join(dice.choices(WORDS, k=6)) + "。" for _ in range(4)]
            text = "\n".join([*lines, "分享到：微博 微信"])
            file.write(json.dumps({"id": number, "text": text, "n": 1.50}, ensure_ascii=bool(number % 2)) + "\n")


def clean(source: Path, target: Path, jobs: int) -> tuple[float, int]:
    """Seconds, and kilobytes of the largest process."""
    begin = time.perf_counter()
    command = [sys.executable, "-m", "zhnorm", "clean", str(source), "-o", str(target), "--jobs", str(jobs)]
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    assert status == 0
    return time.perf_counter() - begin, usage.ru_maxrss


def main() -> None:
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jsonl", Path(folder) / "out.jsonl"
        for records in (10_000, many):
            write(source, records)
            seconds, kilobytes = clean(source, target, 2)
            size = source.stat().st_size / 1e6
            print(f"{records:>9,} records, {size:,.0f} MB: {kilobytes / 1000:,.0f} MB of memory, {seconds:,.1f} s")
        write(source, max(10_000, many // 10))
        times: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(ROUNDS):
            for jobs, found in times.items():
                found.append(clean(source, target, jobs)[0])
        print(f"two processes: {min(times[1]) / min(times[2]):.2f} times as fast as one")


if __name__ == "__main__":
    main()
