"""WholeFile: the old file or the new one, never a part of one, and with an ordinary mode."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from zhnorm.batch.write import WholeFile, make_folder
from zhnorm.errors import WriteError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_appears_only_when_complete(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    with WholeFile(str(path)) as file:
        file.write(b"one")
        file.write(b"two")
        assert not path.exists()
    assert path.read_bytes() == b"onetwo"
    assert os.listdir(tmp_path) == ["page.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_exception_leaves_the_old_file_and_no_trace(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "page.txt"
    path.write_bytes(b"old")
    with pytest.raises(error), WholeFile(str(path)) as file:  # noqa: PT012
        file.write(b"new")
        raise error
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["page.txt"]


def test_modes(tmp_path: Path) -> None:
    path = tmp_path / "page.txt"
    before = os.umask(0o022)
    try:
        with WholeFile(str(path)):
            pass
        assert mode(path) == 0o644
        path.chmod(0o600)
        with WholeFile(str(path)):
            pass
        assert mode(path) == 0o600, "the mode of the file that stood there is kept"
    finally:
        os.umask(before)


def test_devices_and_fifos_are_written_to_not_replaced(tmp_path: Path) -> None:
    with WholeFile("/dev/null") as file:
        file.write(b"x")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    with pytest.raises(WriteError, match="No space left"), WholeFile("/dev/full") as file:
        file.write(b"x" * 100_000)


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_bytes(b"old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    with WholeFile(str(tmp_path / "link.txt")) as file:
        file.write(b"new")
    assert (tmp_path / "real.txt").read_bytes() == b"new"
    assert (tmp_path / "link.txt").is_symlink()


def test_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="No such file") as caught, WholeFile(str(tmp_path / "no" / "page.txt")):
        pass
    assert "mkdir -p" in caught.value.hint
    with pytest.raises(WriteError, match="is a folder"), WholeFile(str(tmp_path)):
        pass
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WriteError):
        make_folder(str(tmp_path / "file" / "below"))


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    with WholeFile(str(path)) as file:
        file.write(b"x")
    assert path.read_bytes() == b"x"


def test_a_redirected_stream_is_added_to(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"before\n")
    with log.open("ab") as stream, WholeFile(f"/dev/fd/{stream.fileno()}") as file:
        file.write(b"after\n")
    assert log.read_bytes() == b"before\nafter\n"


def test_a_signal_while_the_file_is_being_made_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: Any, **options: Any) -> int:
        os.close(opened(*arguments, **options))
        raise KeyboardInterrupt

    opened = os.open
    monkeypatch.setattr(os, "open", interrupted)
    with pytest.raises(KeyboardInterrupt), WholeFile(str(tmp_path / "page.txt")):
        pytest.fail("it was never opened")
    assert list(tmp_path.iterdir()) == []


def _abandoned(folder: Path, process: int) -> Path:
    path = folder / f".zhnorm-{process}-5fd31c02aa7e9b10.tmp"
    path.write_bytes(b"half")
    return path


@pytest.mark.skipif(os.name != "posix", reason="files are locked otherwise")
def test_what_a_killed_process_left_goes_when_the_next_file_is_written_beside_it(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    left, own = _abandoned(tmp_path, dead.pid), _abandoned(tmp_path, os.getpid())
    others = [tmp_path / ".zhnorm-notes.tmp", tmp_path / f".zhnorm-{dead.pid}-x.tmp"]
    for other in others:
        other.write_bytes(b"mine")
    with WholeFile(str(tmp_path / "page.txt")):
        assert not left.exists()
    assert own.exists()
    assert all(other.exists() for other in others)


@pytest.mark.skipif(os.name != "posix", reason="files are locked otherwise")
def test_what_somebody_writes_elsewhere_stays(tmp_path: Path) -> None:
    """In another container a process may have any number."""
    import fcntl

    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    path = _abandoned(tmp_path, dead.pid)
    with path.open("rb+") as file:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX)
        with WholeFile(str(tmp_path / "page.txt")):
            pass
    assert path.exists()
