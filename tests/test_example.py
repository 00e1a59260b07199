"""The example article: what the README promises about it, through every door."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import zhnorm

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
ARTICLE = EXAMPLES / "article.txt"
CLEAN = (EXAMPLES / "article.clean.txt").read_bytes()
COMMAND = [sys.executable, "-m", "zhnorm", "clean"]


def test_the_same_bytes_through_every_door(tmp_path: Path) -> None:
    pipe = subprocess.run(COMMAND, input=ARTICLE.read_bytes(), capture_output=True, check=True).stdout
    file = subprocess.run([*COMMAND, str(ARTICLE)], capture_output=True, check=True).stdout
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "article.txt").write_bytes(ARTICLE.read_bytes())
    subprocess.run([*COMMAND, str(tmp_path / "in"), "-o", str(tmp_path / "out")], capture_output=True, check=True)
    folder = (tmp_path / "out" / "article.txt").read_bytes()
    library = zhnorm.clean(ARTICLE.read_text("utf-8")).encode()
    assert pipe == file == folder == library == CLEAN


def test_one_title_every_paragraph_no_boilerplate() -> None:
    text = CLEAN.decode()
    title = "「网络安全」网络安全宣传周,一份领导干部管网治网攻略请您查收!"
    assert text.count(title) == 1
    assert text.startswith(title)
    assert "分享到" not in text
    assert "相关文章" not in text
    source = zhnorm.convert(ARTICLE.read_text("utf-8"))
    paragraphs = [line for line in source.split("\n") if line and title not in line]
    assert [line for line in text.split("\n") if line][1:] == [
        line for line in paragraphs if line not in ("分享到:", "相关文章:") and not line.startswith("主办:")
    ]


def test_cleaning_again_changes_nothing() -> None:
    assert zhnorm.clean(CLEAN.decode()).encode() == CLEAN
