"""Hypothesis profiles: `default` for every run, with the same examples each time, so that a failure is the change's; `thorough` (10,000 new
examples a law) for the long one."""

from __future__ import annotations

import os
import signal
import threading

import pytest
from hypothesis import HealthCheck, settings

_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("default", max_examples=60, derandomize=True, deadline=None, suppress_health_check=_CHECKS)
settings.register_profile("thorough", max_examples=10_000, deadline=None, suppress_health_check=_CHECKS)
settings.load_profile(os.environ.get("ZHNORM_LAWS", "default"))


def _have_signals() -> None:
    """Have commands that tests begin end by the signals that tests send, also where whoever began pytest ignores them (nohup, a
    shell's `&`): what is ignored is inherited, and what is caught is not."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


_have_signals()


@pytest.fixture
def workers_fork(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have workers know what a test has changed: they do if they are forked, which is done where there are no threads. Those of
    pytest-xdist, and of libraries in other tests, wait and hold nothing."""
    monkeypatch.setattr(threading, "active_count", lambda: 1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have the tests of integrations come last: the packages that they load leave threads behind, and a process that has some is not to
    be forked."""
    items.sort(key=lambda item: "integrations" in item.nodeid)
