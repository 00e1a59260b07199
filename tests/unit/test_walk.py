"""walk(): every regular file once, in the order of its name's bytes; the rest with a reason."""

import os
from pathlib import Path

from zhnorm.batch.walk import Found, Skipped, ignores_case, walk


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def names(folder: Path, prefix: str = "") -> list[str]:
    return [item.name for item in walk(str(folder), prefix) if isinstance(item, Found)]


def test_order_depends_on_names_alone(tmp_path: Path) -> None:
    files = ["b.txt", "a/z.txt", "a.txt", "甲.txt", "B.txt", "a/b/c.txt", "a-b.txt"]
    make(tmp_path / "one", *files)
    make(tmp_path / "two", *reversed(files))
    expected = ["B.txt", "a/b/c.txt", "a/z.txt", "a-b.txt", "a.txt", "b.txt", "甲.txt"]
    assert names(tmp_path / "one") == names(tmp_path / "two") == expected
    assert names(tmp_path / "one" / "a", "top/a") == ["top/a/b/c.txt", "top/a/z.txt"]


def test_what_is_not_a_file_is_skipped_with_a_reason(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", ".hidden", ".git/config")
    (tmp_path / "link.txt").symlink_to("a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    skipped = {item.name: item.reason for item in walk(str(tmp_path)) if isinstance(item, Skipped)}
    assert skipped == {
        ".git": "hidden",
        ".hidden": "hidden",
        "link.txt": "symbolic link",
        "loop": "symbolic link",
        "pipe": "FIFO",
    }
    assert names(tmp_path) == ["a.txt"]


def test_a_folder_that_is_gone_is_a_failure(tmp_path: Path) -> None:
    (item,) = walk(str(tmp_path / "nowhere"))
    assert isinstance(item, Skipped)
    assert item.failed
    assert "No such file" in item.reason


def test_names_that_are_not_utf8_and_deep_trees(tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/\xff\n\x1b.txt"
    with open(odd, "wb"):
        pass
    assert names(tmp_path) == ["\udcff\n\x1b.txt"]
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    make(deep, "x.txt")
    assert len(names(tmp_path)) == 2


def test_names_that_become_one_fail(tmp_path: Path) -> None:
    make(tmp_path, "A.txt", "a.txt", "b/É.txt", "b/e\u0301.txt", "B/x.txt", "c.txt")
    found = {item.name: getattr(item, "reason", "") for item in walk(str(tmp_path), one_case=True)}
    assert found == {
        "A.txt": "",
        "B/x.txt": "",
        "a.txt": "would be written to the same place as A.txt",
        "b": "would be written to the same place as B",
        "c.txt": "",
    }
    assert len(names(tmp_path)) == 6
    assert not ignores_case(str(tmp_path / "Not" / "There"))
    (tmp_path / "one").mkdir()
    (tmp_path / "ONE").symlink_to("one")
    assert ignores_case(str(tmp_path / "one" / "OUT"))
