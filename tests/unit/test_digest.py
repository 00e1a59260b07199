"""The digest of a cleaner changes with everything that the output depends on: a run that goes on from an earlier one goes by it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from zhnorm import Cleaner, cleaner
from zhnorm.rules.load import load_pack
from zhnorm.settings import Settings

DATA = Path(cleaner.__file__).parent / "data"
_NO_TABLES = {"locale", "packs", "prepared", "report"}
TABLES = sorted(
    str(path.relative_to(DATA))
    for path in DATA.rglob("*.*")
    if path.is_file() and path.relative_to(DATA).parts[0] not in _NO_TABLES and path.suffix != ".toml"
)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the data, which the cleaner takes for its own."""
    shutil.copytree(DATA, tmp_path / "data")
    monkeypatch.setattr(cleaner, "DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_each_table_counts(data: Path) -> None:
    assert {"reading/weights.npy", "reading/words.tsv", "words/words.tsv", "script/standard.tsv"} <= set(TABLES)
    digest = Cleaner().digest
    assert Cleaner().digest == digest
    for name in TABLES:
        table = data / name
        before = table.read_bytes()
        table.write_bytes(before[:-1] + bytes([before[-1] ^ 1]))
        assert Cleaner().digest != digest, name
        table.write_bytes(before)
    assert Cleaner().digest == digest


def test_what_only_tells_does_not_count(data: Path) -> None:
    digest = Cleaner().digest
    for name in ("stages.toml", "report/page.css", "locale/zh_Hans/LC_MESSAGES/zhnorm.po"):
        with open(data / name, "ab") as file:
            file.write(b"\n")
    assert Cleaner().digest == digest


def test_settings_and_rules_count(tmp_path: Path) -> None:
    pack = tmp_path / "own.toml"
    rule = 'about = "Own."\n[[rule]]\nid = "x"\nabout = "X."\naction = "drop"\nmatch = ["甲乙{}"]\nremoves = ["甲乙{}"]\nkeeps = ["丙"]\n'
    found = {Cleaner().digest}
    for end in ("丁", "戊"):
        pack.write_text(rule.format(end, end), encoding="utf-8")
        for boilerplate in (True, False):
            # Without boilerplate, too, rules are evidence for what a line is.
            made = Cleaner(Settings(boilerplate=boilerplate), own_packs=(load_pack(str(pack)),))
            found.add(made.digest)
    assert len(found) == 5
