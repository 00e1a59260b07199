"""Statistics: sums, and lines that several documents have."""

from __future__ import annotations

import json
from array import array

import pytest

from zhnorm import Cleaner
from zhnorm.report import statistics
from zhnorm.report.statistics import Figures, Statistics, StatisticsRecorder, plain


def _record(texts: list[str]) -> Statistics:
    found = Statistics()
    recorder = StatisticsRecorder(found.receive)
    for text in texts:
        recorder.begin("")
        incremental = Cleaner().incremental(recorder.block)
        incremental.feed(text)
        incremental.finish()
        recorder.end()
    return found


def test_lines_in_several_documents_count_once_each_whatever_their_script() -> None:
    one = "雨中的貓在屋簷下睡著了，一直睡到天黑。\n\n第二天清晨，雨停了，貓也走了。\n"
    other = "雨中的猫在屋檐下睡着了，一直睡到天黑。\n好的\n"
    found = _record([one, other, other, "好的\n"])
    assert found.shared_lines == 1
    assert found.scripts == {"hant": 1, "neutral": 3}
    assert json.loads(json.dumps(found.as_record()))["blank"] == 1


def test_many_different_lines_are_sampled_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statistics, "MOST_DIGESTS", 2_000)
    found = Statistics()
    digests = [statistics._digest(str(number)) for number in range(20_000)]
    for _ in range(2):
        found.receive(Figures(lines=10_000, digests=array("Q", digests[:10_000])))
    found.receive(Figures(lines=10_000, digests=array("Q", digests[10_000:])))
    assert found.sampled
    assert found.shared_lines == pytest.approx(10_000, rel=0.2)
    assert any("(estimated)" in line for line in plain(found))


def test_nothing_at_all() -> None:
    assert "".join(plain(Statistics())).startswith("0 documents\n")
    assert Statistics().as_record()["rules"] == []
