"""Text to learn from, out of packages of documentation and of poems."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

pytest.importorskip("lxml", reason="pages of HTML are read with lxml")

from training import documents

PAGE = """<html><head><title>手册</title></head><body><div class="navheader">上一页 下一页</div><h1>5.1. 登录</h1>
<p>值班员用自己的<b>工号</b>登录系统。</p>{more}<h2>相关主题</h2><p>打印</p><footer>目录</footer></body></html>"""
SENTENCES = "<p>值班系统每天零点把前一天的记录送到打印机，值班员签字以后装订成册。</p>" * 12


def test_pages_become_lines_without_navigation() -> None:
    assert list(documents.text_of(PAGE.format(more="").encode())) == ["5.1. 登录", "值班员用自己的工号登录系统。"]


def test_packages_become_pieces_of_text(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    manual, poems = tmp_path / "in" / "manual-zh-cn", tmp_path / "in" / "chinese-poetry"
    manual.mkdir(parents=True)
    poems.mkdir()
    (manual / "a.html.gz").write_bytes(gzip.compress(PAGE.format(more=SENTENCES).encode()))
    (manual / "short.html").write_text(PAGE.format(more=""), "utf-8")
    (manual / "notes.txt").write_text("渡口", "utf-8")
    every = [{"title": f"渡口第{n}首", "author": "魏子云", "paragraphs": ["柳色青青水拍堤。"]} for n in range(30)]
    (poems / "poems.json").write_text(json.dumps(every), "utf-8")
    monkeypatch.setattr("sys.argv", ["documents", str(tmp_path / "in"), str(tmp_path / "more")])
    documents.main()
    assert capsys.readouterr().out == "chinese-poetry: 1 of 1 pages\nmanual-zh-cn: 1 of 1 pages\n"
    found = {path.parent.name: path.read_text("utf-8").split("\n") for path in tmp_path.glob("more/plain/*/*.txt")}
    assert found["manual-zh-cn"][:2] == ["5.1. 登录", "值班员用自己的工号登录系统。"]
    assert len(found["manual-zh-cn"]) == 14
    assert found["chinese-poetry"][:3] == ["渡口第0首", "魏子云", "柳色青青水拍堤。"]
    assert len(found["chinese-poetry"]) == 3 * documents.POEMS
