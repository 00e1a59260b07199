"""What was seen before: an index in a folder, which grows, and is asked for many things at once.

It holds numbers of 64 bits, of whole documents and of their long paragraphs, in runs: files of sorted numbers, each of them once, mapped into
memory and never changed. What is added becomes a new run, and runs of like size are merged, so there are few. A run begins with a name, a
version and its size, and is believed only if its length is what that says; the order of its numbers is looked at when it is opened.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from zhnorm.arrays.character_kinds import new_runs
from zhnorm.batch.folder_lock import claim, remove_leftovers
from zhnorm.batch.write import is_temporary, make_folder, open_target
from zhnorm.errors import ReadError, UsageError, system_says
from zhnorm.messages import Message

from .columns import look_up
from .copies import said_by
from .keys import keys_of, numbers_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .keys import Numbers

__all__ = ["LEAST_SHARE", "PARAGRAPH_LETTERS", "Seen", "are_paragraphs"]

LEAST_SHARE = 0.9
"""A document of which so many letters stand in paragraphs that were seen was seen."""
PARAGRAPH_LETTERS = 40
"""A line of so many letters is a paragraph that is known again by itself."""
_VERSION = 1
_HEAD = np.dtype([("name", "S8"), ("version", "<u4"), ("unused", "<u4"), ("size", "<u8")])
_NAME = b"zhnormSI"
_END = ".run"
_FLUSH = 1 << 16
_MOST_BITS = 17
"""A table of beginnings takes a megabyte at most."""
_EACH_BITS = 6
"""As long as it is no larger, some 64 numbers begin alike."""
_FEW = 32
"""So many numbers are sooner looked for one by one."""


def are_paragraphs(keys: Numbers, letters: NDArray[Any]) -> NDArray[np.bool_]:
    """Which lines are so long that an index knows them again by themselves.

    Args:
        keys: numbers of the keys of lines, 0 where one says nothing or is a template.
        letters: of each line.
    """
    found: NDArray[np.bool_] = (keys != 0) & (letters >= PARAGRAPH_LETTERS)
    return found


class Seen:
    """An index of what was seen. It is kept in a folder; what was added is there for others after `close`.

    Args:
        folder: of the index; made if it is missing.
        read_only: nothing is to be added; then it must be there.

    Raises:
        ReadError: it is missing, or no index, or damaged.
        UsageError: somebody else is adding to it; or something is added to one that is read only, or asked of one that is closed.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Seen(f"{folder}/seen") as seen:
    ...         seen.add("新橋今天正式通車了，江邊來了許多人。")
    ...         seen.ask("新桥今天正式通车了！江边来了许多人"), seen.ask("新桥明天正式通车，江边会来许多人。")
    (True, False)
    """

    def __init__(self, folder: str, *, read_only: bool = False) -> None:
        self._folder = folder
        self._lock: int | None = None
        self._closed = False
        self._runs: list[_Run] = []
        self._new: set[int] = set()
        if not read_only:
            make_folder(folder)
            _runs_in(folder)
            self._lock = claim(folder, folder)
            remove_leftovers(folder)
        elif not os.path.isdir(folder):
            raise ReadError(
                Message("{folder}: no index of what was seen", folder=folder), hint="zhnorm corpus run --seen makes one"
            )
        for name in sorted(_runs_in(folder)):
            self._runs.append(_Run(name, _open_run(os.path.join(folder, name))))

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._release()

    def __len__(self) -> int:
        """How many documents and paragraphs it holds."""
        return sum(len(run.numbers) for run in self._runs) + len(self._new)

    def ask(self, text: str) -> bool:
        """Whether a document was seen: as it is, or at least nine tenths of its letters, in long paragraphs.

        Args:
            text: the document, best without the templates of its site (`Templates.apply`).
        """
        return self.share(text) >= LEAST_SHARE

    def ask_many(self, texts: Sequence[str]) -> list[bool]:
        """The same for several documents, sooner."""
        found: list[bool] = (self.shares_of(*_columns(texts)) >= LEAST_SHARE).tolist()
        return found

    def share(self, text: str) -> float:
        """How much of a document was seen, 0 to 1."""
        return float(self.shares_of(*_columns([text]))[0])

    def shares_of(self, keys: Numbers, letters: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.float64]:
        """How much of each of some documents was seen.

        Args:
            keys: numbers of the keys of all their lines, 0 where one says nothing or is a template.
            letters: of each line.
            counts: how many lines each document has.
        """
        said = said_by(keys, letters, counts)
        long = are_paragraphs(keys, letters)
        known = np.zeros(len(keys), bool)
        known[long] = self.find(keys[long])
        sums = np.concatenate([[0], np.cumsum(np.where(known, letters, 0))])
        stops = np.cumsum(counts)
        shares = (sums[stops] - sums[stops - counts]) / np.maximum(said.letters, 1)
        return np.where(said.numbers == 0, 0.0, np.where(self.find(said.numbers), 1.0, shares))

    def add(self, text: str) -> None:
        """A document was seen, and what it says in long paragraphs."""
        self.add_lines(*_columns([text]))

    def add_lines(self, keys: Numbers, letters: NDArray[Any], counts: NDArray[Any]) -> None:
        """The same for several documents, by their lines; see `shares_of`."""
        documents = said_by(keys, letters, counts).numbers
        self.add_numbers(np.concatenate([documents[documents != 0], keys[are_paragraphs(keys, letters)]]))

    def add_numbers(self, numbers: Numbers) -> None:
        """Add numbers."""
        if self._lock is None:
            raise UsageError(
                Message(
                    "{folder}: {kind}: nothing can be added",
                    folder=self._folder,
                    kind=Message("closed" if self._closed else "opened to be read alone"),
                )
            )
        self._new.update(numbers.tolist())
        if len(self._new) >= _FLUSH:
            self._flush()

    def find(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Which numbers it holds."""
        if self._closed:
            raise UsageError(Message("{folder}: closed: nothing can be asked", folder=self._folder))
        found = np.zeros(len(numbers), bool)
        for run in self._runs:
            found |= run.holds(numbers)
        if self._new:
            found |= np.fromiter((number in self._new for number in numbers.tolist()), bool, len(numbers))
        return found

    def merge(self, folder: str) -> None:
        """Add all that another index holds."""
        with Seen(folder, read_only=True) as other:
            for run in other._runs:
                for start in range(0, len(run.numbers), _FLUSH):
                    part = run.numbers[start : start + _FLUSH]
                    self._write(part[~self.find(part)])

    def close(self) -> None:
        """Write what was added, and let others add."""
        try:
            self._flush()
        finally:
            self._release()

    def _release(self) -> None:
        self._runs, self._closed = [], True
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _flush(self) -> None:
        new = np.sort(np.fromiter(self._new, np.uint64, len(self._new)))
        self._new = set()
        if len(new):
            self._write(new[~self.find(new)])

    def _write(self, numbers: Numbers) -> None:
        """Make a run of sorted numbers that are not there yet; merge it with those that are not much larger."""
        if not len(numbers):
            return
        old = []
        while self._runs and len(self._runs[-1].numbers) < 2 * len(numbers):
            run = self._runs.pop()
            old.append(run.name)
            numbers = _merged(numbers, run.numbers)
        last = max((int(name.removesuffix(_END)) for name in [*old, *(run.name for run in self._runs)]), default=0)
        name = f"{last + 1:08}{_END}"
        head = np.zeros(1, _HEAD)
        head["name"], head["version"], head["size"] = _NAME, _VERSION, len(numbers)
        with open_target(os.path.join(self._folder, name)) as file:
            file.write(head.tobytes())
            for start in range(0, len(numbers), 1 << 20):
                file.write(numbers[start : start + (1 << 20)].astype("<u8").tobytes())
        # From here on what the old ones hold stands twice at most, which is no harm.
        for gone in old:
            os.unlink(os.path.join(self._folder, gone))
        self._runs.append(_Run(name, _open_run(os.path.join(self._folder, name))))


class _Run:
    """Sorted numbers that are asked for many at a time. They are digests, so their first bits tell about where one stands: a table says where
    those begin that begin alike, and these few are halved, for all numbers that are asked for at once.

    Args:
        name: of the file.
        numbers: in order, each once.

    >>> run = _Run("", np.arange(5, 500, 5, dtype=np.uint64))
    >>> run.holds(np.array([3, 5, 495, 500], np.uint64)).tolist()
    [False, True, True, False]
    """

    def __init__(self, name: str, numbers: Numbers) -> None:
        self.name, self.numbers = name, numbers
        bits = min(_MOST_BITS, max(1, len(numbers).bit_length() - _EACH_BITS))
        self._shift = np.uint64(64 - bits)
        beginnings = np.arange(1 << bits, dtype=np.uint64) << self._shift
        self._edges = np.append(np.searchsorted(numbers, beginnings), len(numbers))
        self._halvings = int(np.diff(self._edges).max()).bit_length()

    def holds(self, numbers: Numbers) -> NDArray[np.bool_]:
        """Which numbers are there."""
        if len(numbers) < _FEW:
            return look_up(numbers, self.numbers) >= 0
        places = (numbers >> self._shift).astype(np.int64)
        low, high = self._edges[places], self._edges[places + 1]
        for step in (1 << power for power in reversed(range(self._halvings))):
            ahead = low + step
            is_before = self.numbers[np.minimum(ahead, high) - 1] < numbers
            low = np.where(is_before & (ahead <= high), ahead, low)
        found: NDArray[np.bool_] = (low < high) & (self.numbers[np.minimum(low, len(self.numbers) - 1)] == numbers)
        return found


def _columns(texts: Sequence[str]) -> tuple[Numbers, NDArray[Any], NDArray[Any]]:
    keys, counts = keys_of(texts)
    return numbers_of(keys), np.fromiter(map(len, keys), np.int32, len(keys)), counts


def _merged(one: Numbers, other: Numbers) -> Numbers:
    """Two sorted runs as one."""
    places = np.searchsorted(one, other)
    merged = np.insert(one, places, other)
    return merged[new_runs(merged)]


def _runs_in(folder: str) -> list[str]:
    """The names of the runs in a folder.

    Raises:
        ReadError: other things are in it, so it is no index.
    """
    names = os.listdir(folder)
    runs = [name for name in names if name.endswith(_END)]
    if len(runs) < len([name for name in names if not is_temporary(name)]):
        raise ReadError(
            Message("{folder}: no index of what was seen: other files are in it", folder=folder),
            hint="is it the right folder?",
        )
    return runs


def _open_run(path: str) -> Numbers:
    """The numbers of a run.

    Raises:
        ReadError: it is none, or damaged.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(_HEAD.itemsize)
        size = os.path.getsize(path)
    except OSError as error:
        raise ReadError(
            Message("{path}: {strerror}", path=path, strerror=system_says(error)), hint="check who may read it"
        ) from error
    head = np.frombuffer(data, _HEAD)[0] if len(data) == _HEAD.itemsize else None
    if head is None or head["name"] != _NAME:
        raise ReadError(
            Message("{path}: no part of an index of what was seen", path=path), hint="is it the right folder?"
        )
    if head["version"] != _VERSION:
        raise ReadError(
            Message(
                "{path}: version {given}; this zhnorm reads {version}",
                path=path,
                given=head["version"],
                version=_VERSION,
            ),
            hint="use a newer zhnorm",
        )
    rows = int(head["size"])
    if not rows or size != _HEAD.itemsize + 8 * rows:
        raise ReadError(
            Message(
                "{path}: damaged: {size:,} bytes, and {rows:,} numbers are promised", path=path, size=size, rows=rows
            ),
            hint="make it anew",
        )
    # As a plain array: one that knows its file takes longer to ask.
    run: Numbers = np.asarray(np.memmap(path, "<u8", "r", _HEAD.itemsize, (rows,)))
    step = 1 << 20
    if not all(
        bool(np.all(part[1:] > part[:-1])) for start in range(0, rows, step) for part in [run[start : start + step + 1]]
    ):
        raise ReadError(Message("{path}: damaged: its numbers are not in order", path=path), hint="make it anew")
    return run
