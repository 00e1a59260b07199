"""Whether colours are shown: as somebody chose for this process, or else as the environment and the terminal say."""

from __future__ import annotations

import os
from typing import IO, Literal, get_args

__all__ = ["WHEN", "When", "choose_color", "is_colored", "is_plain"]

When = Literal["auto", "always", "never"]
WHEN: tuple[When, ...] = get_args(When)

_chosen: list[When] = ["auto"]


def choose_color(when: When) -> None:
    """From now on show colours `always`, `never`, or (`auto`) on a terminal that can, as NO_COLOR and FORCE_COLOR allow."""
    _chosen[:] = [when]
    if when == "auto":
        return
    # What draws (rich) goes by the environment; so do commands that this one may start.
    os.environ.pop("NO_COLOR" if when == "always" else "FORCE_COLOR", None)
    os.environ["FORCE_COLOR" if when == "always" else "NO_COLOR"] = "1"


def is_plain() -> bool:
    """Whether nothing is wanted that a terminal would have to understand."""
    return _chosen == ["never"]


def is_colored(stream: IO[str] | None) -> bool:
    """Whether a stream shows colours: it is a terminal that can and may, or FORCE_COLOR says so."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    try:
        return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:
        return False
