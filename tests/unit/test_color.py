"""When colours are shown."""

import io

import pytest

from zhnorm.report import terminal
from zhnorm.report.terminal import When, choose_color, is_colored, is_plain


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_chosen", ["auto"])
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.setenv(name, "")  # so that they are as before when a test is over
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("variables", "when", "in_pipe", "on_terminal"),
    [
        ({}, "auto", False, True),
        ({"TERM": "dumb"}, "auto", False, False),
        ({"NO_COLOR": "1"}, "auto", False, False),
        ({"FORCE_COLOR": "1"}, "auto", True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False, False),
        ({"NO_COLOR": "1"}, "always", True, True),
        ({"FORCE_COLOR": "1"}, "never", False, False),
        ({}, "never", False, False),
        ({"TERM": "dumb"}, "always", True, True),
    ],
)
def test_who_wins(
    variables: dict[str, str], when: When, in_pipe: bool, on_terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    choose_color(when)
    assert (is_colored(io.StringIO()), is_colored(Terminal())) == (in_pipe, on_terminal)
    assert is_plain() == (when == "never")


def test_a_closed_stream_has_none() -> None:

    class Closed(io.StringIO):
        def isatty(self) -> bool:
            raise ValueError("closed")

    assert not is_colored(None)
    assert not is_colored(Closed())
