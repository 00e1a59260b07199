"""The dictionaries that are installed, and the user's."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from zhnorm.conversion.dictionaries import bundled, dictionary_folder, read_dictionary
from zhnorm.errors import SettingsError


@pytest.fixture
def nothing_known() -> Iterator[None]:
    """The folder is looked for anew, before the test and after it."""
    dictionary_folder.cache_clear()
    yield
    dictionary_folder.cache_clear()


@pytest.mark.parametrize(
    ("content", "phrases"),
    [
        ("網路\t网络\n", {"網路": "网络"}),
        ("\ufeff網路\t网络", {"網路": "网络"}),
        ("網路\t网络\r\n資訊\t信息\r\n", {"網路": "网络", "資訊": "信息"}),
        ("# 註\n\n   \n網路\t网络 网路\n", {"網路": "网络"}),
        ("網路\t网路\n網路\t网络\n", {"網路": "网络"}),
        ("乾 媽\t干妈 \n", {"乾 媽": "干妈"}),
        ("", {}),
    ],
    ids=["plain", "byte order mark", "CRLF", "comments and alternatives", "the later line", "spaces", "empty"],
)
def test_user_dictionary(tmp_path: Path, content: str, phrases: dict[str, str]) -> None:
    path = tmp_path / "mine.txt"
    path.write_bytes(content.encode())
    assert read_dictionary(path) == read_dictionary(str(path)) == phrases


@pytest.mark.parametrize("line", ["沒有分隔", "\t网络", "網路\t", "網路\t  ", "網路\t网络\t多", "網路 网络"])
def test_broken_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "mine.txt"
    path.write_text(f"資訊\t信息\n# 註\n{line}\n", "utf-8")
    with pytest.raises(SettingsError, match=r"mine\.txt:3: expected a phrase, one tab"):
        read_dictionary(path)


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not-there"):
        read_dictionary(tmp_path / "not-there.txt")
    with pytest.raises(SettingsError, match="directory"):
        read_dictionary(tmp_path)
    path = tmp_path / "big5.txt"
    path.write_bytes("ab\t網路\n".encode("big5"))
    with pytest.raises(SettingsError, match=r"big5\.txt: not UTF-8 at byte 4"):
        read_dictionary(path)


def test_bundled() -> None:
    assert bundled("STCharacters")["发"] == "發"
    assert bundled("STCharacters", alternatives=True)["发"] == "發 髮"
    with pytest.raises(SettingsError, match="NoSuchWords"):
        bundled("NoSuchWords")


@pytest.mark.usefixtures("nothing_known")
def test_the_folder_is_found_by_the_list_of_installed_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "opencc_python_reimplemented-9.9.dist-info"
    info.mkdir()
    (info / "RECORD").write_text("opencc/opencc.py,,\nelsewhere/dictionary/TSCharacters.txt,sha256=x,7\n", "utf-8")
    monkeypatch.setattr(sys, "path", [str(tmp_path / "not-there"), str(tmp_path), *sys.path])
    assert tmp_path not in Path(dictionary_folder()).parents  # listed, but not there
    folder = tmp_path / "elsewhere" / "dictionary"
    folder.mkdir(parents=True)
    (folder / "TSCharacters.txt").write_text("國\t国\n", "utf-8")
    dictionary_folder.cache_clear()
    assert dictionary_folder() == str(folder)


@pytest.mark.usefixtures("nothing_known")
def test_missing_dictionaries_say_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    with pytest.raises(SettingsError, match="are missing") as caught:
        dictionary_folder()
    assert "pip install" in str(caught.value.hint)
