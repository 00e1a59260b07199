"""Lists of names: whatever writes them, and whatever stands in them."""

from pathlib import Path

import pytest

from tests.command import tree, zhnorm
from zhnorm.cli.files_from import read_names
from zhnorm.cli.plan import make_plan
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


@pytest.mark.parametrize(
    ("others", "names"),
    [
        (["/etc/passwd"], ["a.txt", "passwd"]),
        (["/etc/passwd", "b/a.txt"], None),  # two are called alike
    ],
)
def test_paths_with_nothing_in_common_are_called_by_their_last_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: list[str], names: list[str] | None
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("b").mkdir()
    for path in ("a.txt", "b/a.txt"):
        Path(path).write_text("雨\n", encoding="utf-8")
    plan = make_plan(["a.txt", *others], "out", preview=False, skipped=lambda _: None)
    here = str(tmp_path).lstrip("/")
    wanted = names or sorted([f"{here}/a.txt", f"{here}/b/a.txt", "etc/passwd"])
    assert sorted(job.name for job in plan.jobs) == wanted


def test_what_lies_in_another_is_refused_wherever_that_is(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("雨\n", encoding="utf-8")
    root = "/" + tmp_path.parts[1]
    with pytest.raises(UsageError, match="lies in the other"):
        make_plan([root, str(tmp_path / "a.txt"), "/etc/passwd"], "/srv/out", preview=False, skipped=lambda _: None)
