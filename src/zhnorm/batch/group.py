"""Jobs put together in groups, so that workers are neither kept waiting nor left without work."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from .job import Failure, Job
from .records import Part

__all__ = ["grouped", "weight"]

MOST_JOBS = 64
MOST_BYTES = 1 << 20
_PART_WEIGHT = 16
"""A part of a file of records is there as text before and after it is cleaned; of a file there is only its name."""


def grouped(jobs: Iterable[Job | Failure | Part], workers: int) -> Iterator[list[Job | Failure | Part]]:
    """Consecutive jobs in groups of at most 64 and of about a megabyte.

    The first groups are small, so that a handful of files is shared among all workers.

    Args:
        jobs: looked at as they are needed.
        workers: how many there are.

    >>> jobs = [Job(f"{number}.txt", "", None) for number in range(20)]
    >>> [len(group) for group in grouped(jobs, 2)]
    [1, 1, 2, 2, 4, 4, 6]
    """
    group: list[Job | Failure | Part] = []
    size = given = 0
    for job in jobs:
        group.append(job)
        size += _size(job)
        if size >= MOST_BYTES or len(group) >= min(MOST_JOBS, 1 << min(16, given // workers)):
            yield group
            group, size = [], 0
            given += 1
    if group:
        yield group


def weight(group: Sequence[Job | Failure | Part]) -> int:
    """As how many groups of files a group counts by the memory that it needs while it is under way."""
    return max([_PART_WEIGHT if isinstance(job, Part) and job.batch.text else 1 for job in group])


def _size(job: Job | Failure | Part) -> int:
    if isinstance(job, Part):
        return MOST_BYTES if job.batch.text else 0
    if isinstance(job, Failure) or not isinstance(job.source, str):
        return 0
    try:
        return os.stat(job.source).st_size
    except OSError:
        return 0
