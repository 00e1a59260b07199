"""One way for a document: what is told of it, what it may cost, and what becomes of what goes wrong."""

from __future__ import annotations

import errno
import io
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from zhnorm import Cleaner
from zhnorm.batch.document import Cleaned, FileDocument, Recorders, attempt, clean_one, clean_together, is_final
from zhnorm.batch.job import Failure, Job, Outcome
from zhnorm.batch.run import Watcher, run
from zhnorm.counts import Counts
from zhnorm.errors import AuditError, ReadError, WriteError
from zhnorm.limits import HeavyLoss, Limits, QuarantineError
from zhnorm.line import Block

CLEANER = Cleaner()
NO_LIMITS = Limits()
TEXT = "雨中的貓在屋簷下睡著了，一直睡到天黑。\n分享到：微博\n"
CLEAN = "雨中的猫在屋檐下睡着了，一直睡到天黑。\n"


class Log:
    """A recorder that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def begin(self, name: str) -> None:
        self.told.append(f"begin {name}")

    def block(self, block: Block) -> None:
        self.told.append(f"block {len(block)}")

    def done(self, outcome: Outcome) -> None:
        self.told.append(f"done {outcome.name}")

    def failed(self, failure: Failure) -> None:
        self.told.append(f"failed {failure.name}")


class Page:
    """A document in memory, which may go wrong at any point."""

    name = title = "page"
    in_file = False
    known_title: str | None = None

    def __init__(self, *pieces: str, wrong: dict[str, BaseException] | None = None) -> None:
        self._pieces, self._wrong = pieces, wrong or {}
        self.size = sum(map(len, pieces))
        self.out: list[str] = []

    def _at(self, place: str) -> None:
        if place in self._wrong:
            raise self._wrong[place]

    def pieces(self) -> Generator[str]:
        self._at("begin")
        yield from self._pieces
        self._at("end")

    def opened(self) -> AbstractContextManager[object]:
        self._at("open")
        return nullcontext()

    def write(self, text: str) -> None:
        self._at("write")
        self.out.append(text)

    def outcome(self, counts: Counts, heavy: HeavyLoss | None) -> Outcome:
        self._at("outcome")
        return Outcome(self.name, counts, self.size, 0, heavy=(heavy,) if heavy else ())


def told(page: Page, limits: Limits = NO_LIMITS, cleaned: Cleaned | None = None) -> tuple[Outcome | Failure, list[str]]:
    log = Log()
    return clean_one(CLEANER, page, Recorders([log]), limits, cleaned), log.told


def test_a_document_that_is_cleaned() -> None:
    for pieces in ([TEXT], list(TEXT), [], [""]):
        page = Page(*pieces)
        result, said = told(page)
        assert isinstance(result, Outcome)
        assert "".join(page.out) == (CLEAN if "".join(pieces) else "")
        assert said == ["begin page", *(["block 2"] if "".join(pieces) else []), "done page"]
        assert result.counts.lines == "".join(pieces).count("\n")


def test_cleaned_before_its_turn_it_is_told_the_same() -> None:
    cleaned = clean_together(CLEANER, [TEXT, "", TEXT])
    assert [each.text for each in cleaned] == [CLEAN, "", CLEAN]
    for each, text in zip(cleaned, [TEXT, "", TEXT], strict=True):
        page, alone = Page(text), Page(text)
        assert told(page, cleaned=each) == told(alone)
        assert "".join(page.out) == "".join(alone.out)


def test_nothing_is_cleaned_together_if_one_goes_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def clean_many(*_: object, **__: object) -> Generator[str]:
        yield CLEAN
        raise KeyError("x")

    monkeypatch.setattr(Cleaner, "clean_many", clean_many)
    assert clean_together(CLEANER, [TEXT, TEXT]) == []
    assert clean_together(CLEANER, []) == [], "and the engine is not run over nothing"


@pytest.mark.parametrize("place", ["begin", "end", "open", "write", "outcome"])
@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (ReadError("page: torn"), ReadError, "page: torn"),
        (WriteError("page: no"), WriteError, "page: no"),
        (MemoryError(), ReadError, "page: not enough memory for it"),
        (OSError(errno.EMFILE, ""), ReadError, "page: too many open files"),
        (KeyError("x"), AuditError, "page: a bug in zhnorm: KeyError: 'x'"),
    ],
)
def test_what_goes_wrong_costs_one_document(place: str, error: Exception, kind: type, words: str) -> None:
    result, said = told(Page(TEXT, wrong={place: error}))
    assert isinstance(result, Failure)
    assert isinstance(result.error, kind)
    assert result.error.message == words
    assert (said[0], said[-1]) == ("begin page", "failed page")


@pytest.mark.parametrize("error", [BrokenPipeError(), KeyboardInterrupt()])
def test_what_ends_the_run_is_no_failure(error: BaseException) -> None:
    with pytest.raises(type(error)):
        told(Page(TEXT, wrong={"write": error}))


def full(number: int) -> WriteError:
    error = WriteError("out: full")
    error.__cause__ = OSError(number, "")
    return error


def test_a_full_disk_ends_the_run() -> None:
    assert [is_final(full(number)) for number in (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)] == [
        True,
        True,
        True,
        False,
    ]
    with pytest.raises(WriteError):
        attempt("page", "page", raising(full(errno.ENOSPC)))
    assert isinstance(attempt("page", "page", raising(full(errno.EFBIG))), Failure)


def raising(error: Exception) -> Callable[[], object]:
    def do() -> object:
        raise error

    return do


def test_too_heavy_a_loss() -> None:
    page = Page("第一句話是一句完整的話。\n" + TEXT * 40)
    result, _ = told(page, Limits(warn_share=0.7))
    assert isinstance(result, Outcome)
    assert [loss.name for loss in result.heavy] == ["page"]
    result, said = told(page, Limits(most_removed=0.7))
    assert isinstance(result, Failure)
    assert isinstance(result.error, QuarantineError)
    assert said[-1] == "failed page"


def test_a_file_that_fails_when_it_is_read_early_is_read_again(tmp_path: Path) -> None:
    """Counts, digests and decoder begin anew; a name that is not there yet may be there when its turn comes."""
    path = tmp_path / "a.txt"
    document = FileDocument(Job("a.txt", str(path), None), digests=True, encoding=None, limits=Limits())
    with pytest.raises(ReadError, match="No such file"):
        document.read(1000)
    path.write_text(TEXT)
    assert document.read(10) is None, "it is larger"
    for early in (False, True):
        if early:
            assert document.read(1000) == TEXT
        result = clean_one(CLEANER, document, Recorders(), Limits())
        assert isinstance(result, Outcome)
        assert (result.bytes_in, result.bytes_out) == (len(TEXT.encode()), len(CLEAN.encode()))


def test_the_only_document_of_a_run_needs_no_pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a pool")

    monkeypatch.setattr("zhnorm.batch.pool.Pool.__init__", never)
    (tmp_path / "a.txt").write_text(TEXT)
    for source, name in ((str(tmp_path / "a.txt"), "a.txt"), (io.BytesIO(TEXT.encode()), "-")):
        log, out = Log(), io.BytesIO()
        watcher = Watcher(lambda _, log=log: log, lambda _: None)
        (result,) = run(CLEANER, [Job(name, source, out)], [watcher], workers=2)
        assert isinstance(result, Outcome)
        assert out.getvalue() == CLEAN.encode()
        assert log.told == [f"begin {name}", "block 2", f"done {name}"]


def test_a_small_file_is_looked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    names = [tmp_path / f"{number}.txt" for number in range(5)]
    for name in names:
        name.write_text(TEXT)
    looked: list[str] = []
    stat = os.stat

    def noted(path: Any, *rest: Any, **others: Any) -> os.stat_result:
        looked.append(str(path))
        return stat(path, *rest, **others)

    monkeypatch.setattr(os, "stat", noted)
    results = list(run(CLEANER, [Job(name.name, str(name), None) for name in names]))
    assert all(isinstance(result, Outcome) for result in results)
    assert [looked.count(str(name)) for name in names] == [1] * 5
