"""The hooks for pre-commit, run by pre-commit in a repository."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.command import environment

pytest.importorskip("pre_commit")
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")

HOOKS = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
SCRAPED = "雨中的貓在屋簷下睡著了。\n分享到：微博\n"
CLEAN = "雨中的猫在屋檐下睡着了。\n"


def hooks() -> list[dict[str, Any]]:
    from pre_commit.clientlib import load_manifest

    return list(load_manifest(HOOKS))


class Repository:
    """A repository whose hooks are run with the command of this environment; pre-commit would install it anew for each."""

    def __init__(self, folder: Path, **wish: Any) -> None:
        self.folder = folder / "repository"
        self.folder.mkdir()
        programs = folder / "bin"
        programs.mkdir()
        (programs / "zhnorm").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m zhnorm "$@"\n')
        (programs / "zhnorm").chmod(0o755)
        self._environment = environment(
            PATH=f"{programs}:{environment()['PATH']}",
            PRE_COMMIT_HOME=str(folder / "cache"),
            GIT_CONFIG_GLOBAL="/dev/null",
        )
        self.run("git", "init", "-q")
        named = [{**hook, "language": "system", **wish} for hook in hooks()]
        wanted = [
            {key: hook[key] for key in ("id", "name", "entry", "language", "types_or", "require_serial", *wish)}
            for hook in named
        ]
        self.write(".pre-commit-config.yaml", json.dumps({"repos": [{"repo": "local", "hooks": wanted}]}))

    def write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        self.run("git", "add", name)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.folder, env=self._environment, capture_output=True, text=True, check=False, timeout=120
        )

    def hook(self, name: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "pre_commit", "run", name)


def test_both_hooks_are_there() -> None:
    assert [hook["id"] for hook in hooks()] == ["zhnorm-check", "zhnorm"]


def test_the_check_fails_where_a_text_would_change(tmp_path: Path) -> None:
    here = Repository(tmp_path)
    here.write("a/x.txt", SCRAPED)
    here.write("b/x.txt", SCRAPED)
    here.write("clean.md", CLEAN)
    here.write("program.py", SCRAPED)
    done = here.hook("zhnorm-check")
    assert done.returncode == 1
    assert "exit code: 1" in done.stdout
    assert "zhnorm: would change a/x.txt\nzhnorm: would change b/x.txt\n" in done.stdout
    assert "clean.md" not in done.stdout
    assert "program.py" not in done.stdout
    assert (here.folder / "a/x.txt").read_text("utf-8") == SCRAPED


def test_the_other_one_cleans_and_is_content_the_second_time(tmp_path: Path) -> None:
    here = Repository(tmp_path)
    here.write("x.txt", SCRAPED)
    done = here.hook("zhnorm")
    assert (done.returncode, "files were modified by this hook" in done.stdout) == (1, True)
    assert (here.folder / "x.txt").read_text("utf-8") == CLEAN
    here.run("git", "add", "x.txt")
    for name in ("zhnorm", "zhnorm-check"):
        assert here.hook(name).returncode == 0


def test_arguments_and_settings_of_the_project_count(tmp_path: Path) -> None:
    here = Repository(tmp_path, args=["--no-boilerplate", "--no-reading"])
    here.write("x.txt", SCRAPED)
    here.write("pyproject.toml", '[tool.zhnorm.clean]\nto = "keep"\n')
    assert here.hook("zhnorm-check").returncode == 0


def test_what_is_no_text_is_named(tmp_path: Path) -> None:
    here = Repository(tmp_path)
    (here.folder / "x.txt").write_bytes("這收，我們在台灣".encode("big5"))
    here.run("git", "add", "x.txt")
    done = here.hook("zhnorm-check")
    assert (done.returncode, "x.txt: the encoding cannot be told" in done.stdout) == (1, True), done.stdout
