"""Fixtures of the trust tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trust.calls import Caller


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Caller:
    """The command, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    return Caller(tmp_path, capfd)
