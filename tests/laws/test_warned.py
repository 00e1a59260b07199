"""Warned: a document that loses more than a share of its letters is never written without a word, whatever door it takes."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st

from tests.laws.pages import CLUTTER, PROSE, TITLES, documents, settings
from zhnorm import Cleaner
from zhnorm.batch.job import Failure, Job, Outcome
from zhnorm.batch.run import Watcher, run
from zhnorm.cli.run_messages import follow
from zhnorm.conversion.fold import key
from zhnorm.errors import ReadError
from zhnorm.formats.decode import Decoder
from zhnorm.formats.looks import refuse_binary
from zhnorm.formats.records import Layout
from zhnorm.ledger.read import read_ledger
from zhnorm.ledger.write import LedgerWriter, ledger_header
from zhnorm.limits import Limits
from zhnorm.report.collection import PageRecord, PageRecorder
from zhnorm.report.summary import Account
from zhnorm.result import Result

_CHARACTERS = ("tidy", "script")
_cluttered = st.lists(st.sampled_from([*CLUTTER, *TITLES, PROSE[0], PROSE[0]]), max_size=12).map("\n".join)
_texts = documents(most=20) | _cluttered
_shares = st.sampled_from([0.0, 0.25, 0.5, 0.5, 0.9, 1.0])


@cache
def _made(wish: tuple[tuple[str, Any], ...]) -> Cleaner:
    return Cleaner(**dict(wish))


def _cleaner(wish: dict[str, Any]) -> Cleaner:
    return _made(tuple(sorted(wish.items())))


def _counted(result: Result) -> tuple[int, dict[str, int]]:
    """Letters of the input, and those that each rule took, counted line by line."""
    letters = 0
    taken: dict[str, int] = {}
    for line in result.lines:
        tidied = [line.raw, *(c.after or "" for c in takewhile(lambda c: c.stage in _CHARACTERS, line.changes))]
        letters += len(key(tidied[-1]))
        for change in line.changes:
            if change.stage not in _CHARACTERS:
                gone = len(key(change.before)) - len(key(change.after or ""))
                taken[change.rule] = taken.get(change.rule, 0) + gone
    return letters, taken


def _said(results: list[Outcome | Failure], share: float, *, many: bool, quiet: bool = False) -> str:
    """What the command says on standard error."""
    error = io.TextIOWrapper(io.BytesIO(), "utf-8")
    with contextlib.redirect_stderr(error):
        follow(results, (), many=many, check=False, quiet=quiet, verbose=False, warn_share=share)
    assert isinstance(error.buffer, io.BytesIO)
    return error.buffer.getvalue().decode("utf-8")


def _read(data: bytes) -> str:
    """A document as the command reads it. What is no text goes through no door."""
    try:
        refuse_binary(data, "page.txt")
        decoder = Decoder()
        return decoder.feed(data) + decoder.finish()
    except ReadError:
        reject()


@given(_texts, settings)
@example("分享到：微博\n雨停了。", {})
@example("李白著（责任编辑：小满）", {})
@example("&nbsp;&nbsp;&lt;\nＡＢＣ１２３\n\u200b\u200b\n網絡", {})
@example(f"{PROSE[0]}\n" * 5, {})
def test_share_removed(text: str, wish: dict[str, Any]) -> None:
    """The share is that of the letters of the lines; what tidying and conversion do is no loss."""
    result = _cleaner(wish).explain(text)
    letters, taken = _counted(result)
    assert result.loss.letters == letters
    assert result.loss.removed == {rule: gone for rule, gone in taken.items() if gone}
    assert result.share_removed == pytest.approx(sum(taken.values()) / letters if letters else 0.0)
    assert 0.0 <= result.share_removed <= 1.0
    if not any(change.stage not in _CHARACTERS and change.before for change in result.changes):
        assert result.share_removed == 0.0


@given(_texts, _shares)
@example("分享到：微博\n雨停了。", 0.5)
@example("分享到：微博\n雨停了。", 0.625)
def test_warned_alone(text: str, share: float) -> None:
    """In a pipe: standard error, ledger, report and HTML report all name it, or none does."""
    data = text.encode("utf-8", "surrogatepass")
    loss = _cleaner({}).explain(_read(data)).loss
    ledger, pages = io.BytesIO(), list[PageRecord]()
    ledger.write(ledger_header(version="0", cleaner=""))
    watchers = [Watcher(LedgerWriter, ledger.write), Watcher(PageRecorder, pages.append)]
    results = list(run(_cleaner({}), [Job("-", io.BytesIO(data), None)], watchers, limits=Limits(warn_share=share)))
    account = Account()
    account.receive(results[0])
    report = json.loads(account.as_json(version="0", cleaner="", vanished=[]))["heavy_losses"]
    (records,) = read_ledger(io.BytesIO(ledger.getvalue()))
    assert (records.share_removed, records.most_removed_by) == (pytest.approx(loss.share, abs=1e-4), loss.most_by)
    assert pages[0].loss == loss
    said = _said(results, share, many=False)
    if loss.share > share:
        assert f"{loss.share:.0%} of its letters go, most of them by {loss.most_by}" in said
        assert [(found["document"], found["rule"]) for found in report] == [("-", loss.most_by)]
        assert "letters" not in _said(results, share, many=False, quiet=True)
    else:
        assert "letters" not in said
        assert report == []


@given(st.lists(_texts, min_size=2, max_size=6), _shares)
def test_warned_among_others(texts: list[str], share: float) -> None:
    """In a folder, and in a file of records: each document that lost much is named in the report, and all are counted."""
    datas = [text.encode("utf-8", "surrogatepass") for text in texts]
    shares = [_cleaner({}).explain(_read(data)).share_removed for data in datas]
    limits = Limits(warn_share=share)
    with tempfile.TemporaryDirectory() as folder:
        jobs = []
        for number, data in enumerate(datas):
            path = Path(folder, f"{number}.txt")
            path.write_bytes(data)
            jobs.append(Job(str(number), str(path), None))
        of_files = list(run(_cleaner({}), jobs, limits=limits))
    lines = "".join(json.dumps({"text": _read(data)}) + "\n" for data in datas).encode()
    job = Job("-", io.BytesIO(lines), None)
    of_records = list(run(_cleaner({}), [job], layout=Layout("jsonl", ("text",), False, True), limits=limits))
    wanted = [number for number, found in enumerate(shares) if found > share]
    for results, names in ((of_files, map(str, wanted)), (of_records, (f"-:{number + 1}" for number in wanted))):
        named = [heavy.name for result in results if isinstance(result, Outcome) for heavy in result.heavy]
        assert named == list(names)
        said = _said(results, share, many=True)
        if len(wanted) > 1:
            assert f"{len(wanted)} documents lose more than {share:.0%} of their letters: {named[0]} (" in said
        assert ("letters" in said) == bool(wanted)


def test_quarantine_goes_by_the_same_share() -> None:
    text = "分享到：微博\n雨停了。"
    share = _cleaner({}).explain(text).share_removed
    for most, held in ((share, False), (share - 0.01, True)):
        (result,) = run(_cleaner({}), [Job("-", io.BytesIO(text.encode()), None)], limits=Limits(most_removed=most))
        assert isinstance(result, Failure) == held
