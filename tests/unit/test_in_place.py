"""Files that take their own place: nothing is lost, nothing changes that need not, and there is a way back."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.command import COMMAND, TooLateError, environment, still_runs, while_it_runs, zhnorm
from zhnorm.batch.job import InPlace, Job
from zhnorm.batch.write import Replacement, open_output
from zhnorm.errors import WriteError

TEXT = "雨中的貓在屋簷下睡著了，一直睡到天黑。\n分享到：微博\n"
CLEAN = "雨中的猫在屋檐下睡着了，一直睡到天黑。\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(TEXT, "utf-8")
    return path


def replaced(path: Path, data: bytes, backup: str = "") -> None:
    with open_output(Job("page", str(path), str(path), in_place=InPlace(backup))) as sink:
        assert sink is not None
        sink.write(data)


def test_the_same_content_leaves_the_file(page: Path) -> None:
    before = page.stat()
    replaced(page, TEXT.encode(), "~")
    assert page.stat() == before
    assert [path.name for path in page.parent.iterdir()] == ["page.txt"]


@pytest.mark.parametrize("data", [b"", TEXT.encode()[:-1], TEXT.encode() + b"\n", TEXT.encode().replace(b"\n", b" ")])
def test_other_content_replaces_it(page: Path, data: bytes) -> None:
    page.chmod(0o640)
    replaced(page, data, ".bak")
    assert (page.read_bytes(), page.stat().st_mode & 0o777) == (data, 0o640)
    assert page.with_name("page.txt.bak").read_text("utf-8") == TEXT
    assert page.with_name("page.txt.bak").stat().st_nlink == 1


def test_a_change_meanwhile_is_not_overwritten(page: Path) -> None:
    file = Replacement(str(page)).__enter__()
    file.write(b"other")
    page.write_bytes(b"from somebody else")
    with pytest.raises(WriteError, match="changed while it was read"):
        file.__exit__(None, None, None)
    assert page.read_bytes() == b"from somebody else"
    assert len(list(page.parent.iterdir())) == 1


def test_a_backup_from_a_run_that_was_killed_counts(page: Path) -> None:
    os.link(page, f"{page}~")
    replaced(page, b"other", "~")
    assert (page.read_bytes(), Path(f"{page}~").read_text("utf-8")) == (b"other", TEXT)


def test_without_hard_links_the_backup_is_a_copy(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    page.chmod(0o600)
    replaced(page, b"other", "~")
    assert Path(f"{page}~").read_text("utf-8") == TEXT
    assert Path(f"{page}~").stat().st_mode & 0o777 == 0o600


def test_a_full_disk_leaves_the_file_and_no_trace(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteError, match="No space left"):
        replaced(page, b"other")
    assert page.read_text("utf-8") == TEXT
    assert len(list(page.parent.iterdir())) == 1


def test_a_write_protected_file_is_left(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page.chmod(0o444)
    if os.geteuid() == 0:  # who may write everything
        monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK)
    with pytest.raises(WriteError, match="write-protected"):
        replaced(page, b"other")
    assert page.read_text("utf-8") == TEXT


def test_extended_attributes_stay(page: Path) -> None:
    try:
        os.setxattr(page, "user.origin", b"spider")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes here")
    replaced(page, b"other")
    assert os.getxattr(page, "user.origin") == b"spider"


def test_several_files_of_one_name(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text(TEXT, "utf-8")
    done = zhnorm("clean", "--check", "a/x.txt", "b/x.txt", cwd=tmp_path)
    assert (done.code, done.err) == (1, "zhnorm: would change a/x.txt\nzhnorm: would change b/x.txt\n")
    assert zhnorm("clean", "-i", "a/x.txt", "b/x.txt", "--ledger", "why.jsonl", cwd=tmp_path).code == 0
    assert [(tmp_path / folder / "x.txt").read_text("utf-8") for folder in ("a", "b")] == [CLEAN, CLEAN]
    assert zhnorm("restore", "-i", "a/x.txt", "b/x.txt", "--ledger", "why.jsonl", cwd=tmp_path).code == 0
    assert [(tmp_path / folder / "x.txt").read_text("utf-8") for folder in ("a", "b")] == [TEXT, TEXT]


def test_html_stays_what_it_is(tmp_path: Path) -> None:
    pytest.importorskip("trafilatura")
    html = "<html><body><h1>雨夜的猫</h1><p>雨中的猫在屋檐下睡着了，一直睡到天黑。</p></body></html>"
    for name in ("p.html", "q.txt"):
        (tmp_path / name).write_text(html, "utf-8")
        done = zhnorm("clean", "-i", name, cwd=tmp_path)
        assert done.refuses(4, "is HTML"), done
        assert (tmp_path / name).read_text("utf-8") == html


def test_a_heavy_loss_is_held_back(tmp_path: Path) -> None:
    path = tmp_path / "bar.txt"
    path.write_text("分享到：微博\n分享到：微信\n", "utf-8")
    assert zhnorm("clean", "-i", "--quarantine", "0.5", path).code == 3
    assert path.read_text("utf-8").startswith("分享到：微博")


def test_a_parquet_file_in_which_nothing_changes_is_not_packed_anew(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "t.parquet"
    parquet.write_table(pyarrow.table({"text": ["干净的一句话"]}), path, compression="brotli")
    before = path.read_bytes()
    assert zhnorm("clean", "-i", path).code == 0
    assert path.read_bytes() == before
    assert zhnorm("clean", "--check", path).code == 0
    parquet.write_table(pyarrow.table({"text": ["一碗魚湯"]}), path)
    assert zhnorm("clean", "-i", path).code == 0
    assert parquet.read_table(path)["text"].to_pylist() == ["一碗鱼汤"]


@while_it_runs
def test_an_interrupted_run_can_be_undone(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(3000):
        (folder / f"{number:04}.txt").write_text(f"第{number}頁。\n{TEXT}" * 5, "utf-8")
    command = [*COMMAND, "clean", "-q", "-j1", "-i", "pages", "--ledger", "why.jsonl"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.DEVNULL)
    while (folder / "0100.txt").read_text("utf-8").startswith("第100頁"):
        still_runs(process)
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    process.wait(60)
    if process.returncode == 0:
        raise TooLateError
    changed = [path for path in folder.iterdir() if "頁" not in path.read_text("utf-8")]
    assert len(changed) > 50
    zhnorm("restore", "-q", "-i", folder, "--ledger", tmp_path / "why.jsonl")
    lost = [path for path in changed if "頁" not in path.read_text("utf-8")]
    assert len(lost) <= 1  # the one in hand
