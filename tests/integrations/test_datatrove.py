from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import zhnorm
from zhnorm.corpus import Seen, Template, Templates

from . import HTML, PAGE, TITLE, needs

pytestmark = [pytest.mark.heavy, needs("datatrove"), pytest.mark.filterwarnings("ignore")]

FURNITURE = "晨報網 首頁 新聞 財經 天氣"
STORY = "渡船改道以後，老陶把磨好的豆腐摆上船头，等雾散了才解缆，船走得比往年慢。對岸的孩子們在石階上數船，數到第三條就跑回家去叫大人。"
SIMPLIFIED = zhnorm.Converter("hans").convert(STORY)
OTHER = "山上的果園今年收成不好，連着下了三個星期的雨，梨子還沒有熟就落了一地，果農說明年要把溝挖得深一些，再種一排擋風的樹。"


def _write(folder: Path, *rows: dict[str, Any]) -> str:
    """Two files, so that there is work for two tasks."""
    folder.mkdir()
    for number in range(2):
        lines = [json.dumps(row, ensure_ascii=False) for row in rows[number::2]]
        (folder / f"{number}.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return str(folder)


def _run(folder: Path, *blocks: Any, tasks: int = 2) -> list[dict[str, Any]]:
    """Run blocks over what was written, in processes; what comes out by ids, with metadata beside it."""
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    out = str(folder / "out")
    pipeline = [JsonlReader(str(folder / "in")), *blocks, JsonlWriter(out, compression=None)]
    LocalPipelineExecutor(pipeline, tasks=tasks, workers=tasks, logging_dir=str(folder / "logs")).run()
    return _read(folder / "out")


def _read(folder: Path) -> list[dict[str, Any]]:
    rows = [json.loads(line) for path in folder.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
    return sorted(rows, key=lambda row: str(row["id"]))


def test_texts_are_clean_and_what_is_empty_or_fails_is_left_out(tmp_path: Path) -> None:
    from datatrove.pipeline.writers import JsonlWriter

    from zhnorm.integrations.datatrove import CleanText

    rows = [
        {"id": "a", "text": PAGE, "title": TITLE},
        {"id": "b", "text": "分享到：微博"},
        {"id": "c", "text": HTML},
        {"id": "d", "text": OTHER},
    ]
    _write(tmp_path / "in", *rows)
    left_out = JsonlWriter(str(tmp_path / "left"), compression=None)
    found = _run(tmp_path, CleanText(title_field="title", explains=True, exclusion_writer=left_out))
    assert [row["text"] for row in found] == [zhnorm.clean(PAGE, TITLE), zhnorm.clean(OTHER)]
    assert found[0]["metadata"]["zhnorm_lines"] == 5
    assert found[0]["metadata"]["zhnorm_share_removed"] > 0
    left = _read(tmp_path / "left")
    assert [(row["id"], row["metadata"]["filter_reason"]) for row in left] == [("b", "empty"), ("c", "failed")]
    assert left[1]["text"] == HTML


def test_templates_of_sites_go(tmp_path: Path) -> None:
    from zhnorm.integrations.datatrove import CleanText

    templates = str(tmp_path / "templates.tsv")
    Templates([Template("news.example", "晨报网首页新闻财经天气", 9, 9)]).save(templates)
    rows = [
        {"id": "a", "text": f"{FURNITURE}\n{STORY}", "metadata": {"url": "https://www.news.example/1"}},
        {"id": "b", "text": f"{FURNITURE}\n{OTHER}", "metadata": {"url": "https://blog.example/2"}},
        {"id": "c", "text": f"{FURNITURE}\n{OTHER}"},
    ]
    _write(tmp_path / "in", *rows)
    block = CleanText(templates=templates, reading=False, boilerplate=False, edges=False)
    assert len(pickle.dumps(block)) < 3000
    found = {row["id"]: row["text"].split("\n")[0] for row in _run(tmp_path, block)}
    assert found == {"a": SIMPLIFIED, "b": "晨报网 首页 新闻 财经 天气", "c": "晨报网 首页 新闻 财经 天气"}


def test_what_was_seen_is_left_out(tmp_path: Path) -> None:
    from zhnorm.integrations.datatrove import SkipSeen

    with Seen(str(tmp_path / "index")) as seen:
        seen.add(SIMPLIFIED)
    templates = str(tmp_path / "templates.tsv")
    Templates([Template("news.example", "晨报网首页新闻财经天气", 9, 9)]).save(templates)
    url = {"url": "https://news.example/1"}
    rows = [{"id": "a", "text": f"{FURNITURE}\n{STORY}", "metadata": url}, {"id": "b", "text": OTHER}]
    _write(tmp_path / "in", *rows)
    assert [row["id"] for row in _run(tmp_path, SkipSeen(str(tmp_path / "index"), templates=templates))] == ["b"]


def test_copies_in_another_script_have_the_same_key_and_signature(tmp_path: Path) -> None:
    from datatrove.data import Document
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.dedup.minhash import (
        MinhashConfig,
        MinhashDedupBuckets,
        MinhashDedupCluster,
        MinhashDedupFilter,
    )
    from datatrove.pipeline.readers import JsonlReader

    from zhnorm.integrations.datatrove import KeySignature, said

    assert (
        said(Document(STORY, "a")) == said(Document(SIMPLIFIED.replace("，", ", "), "b")) != said(Document(OTHER, "c"))
    )
    texts = [STORY, OTHER, SIMPLIFIED + "完", "分享到：微博", "分享到：微信", "分享到：微博"]
    _write(tmp_path / "in", *({"id": f"{number}", "text": text} for number, text in enumerate(texts)))
    config, here = MinhashConfig(), str(tmp_path)
    stages: list[tuple[int, list[Any]]] = [
        (2, [JsonlReader(f"{here}/in"), KeySignature(f"{here}/signatures", config)]),
        (config.num_buckets, [MinhashDedupBuckets(f"{here}/signatures", f"{here}/buckets", config=config)]),
        (1, [MinhashDedupCluster(f"{here}/buckets", f"{here}/clusters", config=config)]),
    ]
    for number, (tasks, stage) in enumerate(stages):
        LocalPipelineExecutor(stage, tasks=tasks, workers=2, logging_dir=f"{here}/logs{number}").run()
    left = [row["id"] for row in _run(tmp_path, MinhashDedupFilter(f"{here}/clusters"))]
    assert set(left) >= {"1", "3", "4", "5"}
    assert len(left) == 5


def test_a_wrong_setting_is_said_at_once() -> None:
    from zhnorm.errors import SettingsError
    from zhnorm.integrations.datatrove import CleanText

    with pytest.raises(SettingsError, match="unknown setting 'pack'"):
        CleanText(pack=["web"])
