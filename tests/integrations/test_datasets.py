from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import zhnorm
from zhnorm import NotTextError
from zhnorm.errors import ReadError, SettingsError, UsageError
from zhnorm.integrations.datasets import clean, explain

from . import HTML, TEXTS, TITLES, needs, wanted


def test_a_batch_without_the_library() -> None:
    batch = {"text": TEXTS, "title": TITLES}
    assert clean()(batch) == {"text": wanted(TEXTS)}
    assert clean(titles="title", to="keep")(batch) == {"text": wanted(TEXTS, TITLES, to="keep")}
    told = explain("text", "title")(batch)
    assert told["text"] == wanted(TEXTS, TITLES)
    assert sorted(told) == [
        "text",
        *(f"zhnorm_{name}" for name in ("lines", "most_by", "removed", "rewritten", "share_removed")),
    ]
    assert told["zhnorm_lines"] == [5, None, 1, 0, 5, 1]
    assert batch["text"] is TEXTS


def test_mistakes_are_named() -> None:
    with pytest.raises(UsageError, match=r"^no column 'body'\nthere are: text, title"):
        clean("body")({"text": [], "title": []})
    with pytest.raises(UsageError, match=r"^given a single row\nmap"):
        clean()({"text": "網絡"})
    with pytest.raises(NotTextError, match=r"^column 'text', row 1 of a batch"):
        clean()({"text": ["網", 7]})
    with pytest.raises(ReadError, match=r"^column 'text', row 0 of a batch .*a page of HTML"):
        clean()({"text": [HTML]})
    with pytest.raises(SettingsError, match="unknown setting 'pack'"):
        clean(pack=["web"])


def test_it_is_pickled_small_and_always_alike() -> None:
    function = clean("body", "title", to="tw", packs=["web"])
    pickled = pickle.dumps(function)
    again = pickle.loads(pickled)
    assert len(pickled) < 1000
    assert again == function
    assert hash(again) == hash(function)
    assert pickle.dumps(again) == pickled
    batch = {"body": TEXTS, "title": TITLES}
    assert again(batch) == function(batch)
    others = [
        clean("body", "title", to="tw"),
        clean("text", "title", to="tw", packs=["web"]),
        explain("body", "title", to="tw", packs=["web"]),
    ]
    assert len({pickle.dumps(other) for other in (function, *others)}) == 4


FINGERPRINTS = """
import pickle, sys
from datasets import Dataset
from zhnorm.integrations.datasets import clean, explain
if len(sys.argv) > 1:
    import zhnorm.cleaner
    zhnorm.cleaner.__version__ = sys.argv[1]
pages = Dataset.from_dict({"text": ["網絡", None], "title": ["題", None]})
functions = [
    clean(), clean(), pickle.loads(pickle.dumps(clean())), clean(keep={"note", "caption", "byline"}), clean(to="keep"), clean(titles="title"),
    clean(packs=["web"]), explain(),
]
print(*[pages.map(function, batched=True)._fingerprint for function in functions])
"""


def fingerprints(cache: Path, seed: str, *arguments: str) -> list[str]:
    """Fingerprints of the same data set after several functions, in a process of its own."""
    environment = {**os.environ, "HF_HOME": str(cache), "PYTHONHASHSEED": seed, "HF_DATASETS_OFFLINE": "1"}
    command = [sys.executable, "-c", FINGERPRINTS, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    return done.stdout.split()


@needs("datasets")
@pytest.mark.heavy
def test_fingerprints_depend_on_settings_and_version_alone(tmp_path: Path) -> None:
    one, other, newer = fingerprints(tmp_path, "1"), fingerprints(tmp_path, "2"), fingerprints(tmp_path, "1", "99.0")
    assert one == other
    assert one[0] == one[1] == one[2]
    assert len(set(one)) == len(one) - 2
    assert not set(one) & set(newer)


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    from datasets import Dataset, disable_progress_bars

    disable_progress_bars()
    return Dataset.from_dict({"text": TEXTS, "title": TITLES, "number": list(range(6))})


@needs("datasets")
@pytest.mark.heavy
@pytest.mark.parametrize("form", [None, "arrow", "pandas", "numpy", "polars"])
def test_map_in_every_format(pages: Any, form: str | None) -> None:
    if form == "polars":
        pytest.importorskip("polars")
    done = pages.with_format(form).map(clean(titles="title"), batched=True, batch_size=4).with_format(None)
    assert done["text"][:] == wanted(TEXTS, TITLES)
    assert done["title"][:] == TITLES
    assert done.column_names == pages.column_names
    told = pages.with_format(form).map(explain(), batched=True).with_format(None)
    assert told["text"][:] == wanted(TEXTS)
    assert told["zhnorm_lines"][:] == [5, None, 1, 0, 5, 1]
    assert told["number"][:] == list(range(6))
    with pytest.raises(UsageError, match=r"^no column 'body'\nthere are: text, title, number"):
        pages.with_format(form).map(clean("body"), batched=True)


@needs("datasets")
@pytest.mark.heavy
def test_map_with_processes_streams_and_explanations(pages: Any) -> None:
    assert pages.map(clean(), batched=True, num_proc=2)["text"][:] == wanted(TEXTS)
    stream = pages.to_iterable_dataset().map(clean(), batched=True)
    assert [row["text"] for row in stream] == wanted(TEXTS)
    told = pages.map(explain(), batched=True).filter(lambda row: (row["zhnorm_share_removed"] or 0) < 0.9)
    assert told["number"][:] == [0, 1, 2, 3, 4]
    with pytest.raises(UsageError, match="no column 'body'"):
        pages.map(clean("body"), batched=True)
    with pytest.raises(UsageError, match="given a single row"):
        pages.map(clean())


@needs("datasets")
@pytest.mark.heavy
def test_lists_of_paragraphs_come_back_as_lists() -> None:
    from datasets import Dataset

    data = Dataset.from_dict({"text": [["雨中的貓在屋簷下睡著了，一直睡到天黑。", "分享到：微博"], None]})
    assert data.map(clean(), batched=True)["text"][:] == [["雨中的猫在屋檐下睡着了，一直睡到天黑。"], None]
    assert zhnorm.__version__
