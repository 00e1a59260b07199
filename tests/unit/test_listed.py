"""Lists of names: whatever writes them, and whatever stands in them."""

from pathlib import Path

import pytest

from tests.command import tree, zhnorm
from zhnorm.cli.listed import read_names
from zhnorm.errors import UsageError


@pytest.mark.parametrize(
    ("data", "names"),
    [
        (b"", []),
        (b"\n\n", []),
        (b"a\nb", ["a", "b"]),
        (b"\xef\xbb\xbfa\r\nb c \r\n", ["a", "b c "]),
        (b"a\nb\0c\0", ["a\nb", "c"]),
        (b"a\r\0", ["a\r"]),
        ("雨.txt\n".encode(), ["雨.txt"]),
        (b"\xd3\xea.txt\n", ["\udcd3\udcea.txt"]),
    ],
)
def test_names(data: bytes, names: list[str], tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(data)
    assert read_names(str(tmp_path / "list")) == names


@pytest.mark.parametrize("data", ["a\n".encode("utf-16"), b"a\n-\n"])
def test_no_names(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "list").write_bytes(data)
    with pytest.raises(UsageError):
        read_names(str(tmp_path / "list"))


def test_many_names_and_names_that_are_no_text(tmp_path: Path) -> None:
    for number in range(300):
        folder = tmp_path / f"in/{number % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.txt").write_text("一碗魚湯\n", "utf-8")
    odd = tmp_path / "in" / b"\xd3\xea\n.txt".decode("utf-8", "surrogateescape")
    odd.write_text("一碗魚湯\n", "utf-8")
    names = "\0".join(str(path.relative_to(tmp_path)) for path in (tmp_path / "in").rglob("*.txt"))
    done = zhnorm(
        "clean", "--files-from", "-", "-o", "out", stdin=names.encode("utf-8", "surrogateescape"), cwd=tmp_path
    )
    assert (done.code, done.err) == (0, "")
    assert set(tree(tmp_path / "out")) == {f"in/{name}" for name in tree(tmp_path / "in")}
    assert set(tree(tmp_path / "out").values()) == {"一碗鱼汤\n".encode()}


def test_a_list_that_is_written_over_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("一碗魚湯\n", "utf-8")
    (tmp_path / "list").write_text("a.txt\nlist\n", "utf-8")
    done = zhnorm("clean", "-i", "--files-from", "list", cwd=tmp_path)
    assert (done.code, "would overwrite what this run reads" in done.err) == (3, True)
    assert (tmp_path / "list").read_text("utf-8") == "a.txt\nlist\n"
    assert (tmp_path / "a.txt").read_text("utf-8") == "一碗鱼汤\n"
