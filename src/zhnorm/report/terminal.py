"""What may reach a terminal: the one door for scraped text, and whether colours do.

A scraped page can hold escape sequences that recolour, rename or reprogram a terminal, and bidirectional controls
that make a line read as something else. Whatever zhnorm shows on a screen comes through `visible`. The ranges are written out: Python's
own tables change from version to version, and this must not.

Colours are shown as somebody chose for this process, or else as the environment and the terminal say.
"""

from __future__ import annotations

import os
import re
from typing import IO, Literal, get_args

from zhnorm.arrays.expressions import expression

__all__ = ["WHEN", "When", "choose_color", "escape", "is_colored", "is_plain", "visible"]

_CONTROL = ((0x0000, 0x001F),)  # ESC among them
_REST = (
    (0x007F, 0x009F),  # DEL and the C1 controls, CSI and OSC among them
    (0x00AD, 0x00AD),  # soft hyphen
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x0600, 0x0605),  # Arabic number signs
    (0x061C, 0x061C),  # Arabic letter mark
    (0x06DD, 0x06DD),
    (0x070F, 0x070F),
    (0x0890, 0x0891),
    (0x08E2, 0x08E2),
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),  # Mongolian selectors and vowel separator
    (0x200B, 0x200F),  # zero-width characters, direction marks
    (0x2028, 0x202E),  # separators, bidirectional embeddings and overrides
    (0x2060, 0x206F),  # word joiner, bidirectional isolates, deprecated format characters
    (0x3164, 0x3164),
    (0xD800, 0xDFFF),  # surrogates
    (0xFDD0, 0xFDEF),  # noncharacters
    (0xFEFF, 0xFEFF),  # byte order mark
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),  # unassigned, interlinear annotation
    (0xFFFE, 0xFFFF),
)
_BEYOND = (
    (0x110BD, 0x110BD),
    (0x110CD, 0x110CD),
    (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),  # tags and supplementary selectors
    *((plane * 0x10000 + 0xFFFE, plane * 0x10000 + 0xFFFF) for plane in range(1, 17)),
)
# Ranges beyond the first plane make a class of characters ten times slower, for every character of a text. So all
# of the rare characters beyond it are looked at one by one.
_PLANES = ((0x10000, 0x10FFFF),)


def _matching(*ranges: tuple[int, int]) -> re.Pattern[str]:
    return expression("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges) + "]")


_SUSPECT = _matching(*_CONTROL, *_REST, *_PLANES)
_SUSPECT_IN_JSON = _matching(*_REST, *_PLANES)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


def visible(text: str) -> str:
    """`text` with every control, format, surrogate and bidirectional character written as an escape.

    Undecodable bytes are shown as the byte they were. A backslash in the text stays one: this is for eyes only.

    >>> print(visible("甲\\x1b[2J\\u202e乙\\udcff\\n"))
    甲\\x1b[2J\\u202e乙\\xff\\n
    """
    return _SUSPECT.sub(_show, text)


def _show(found: re.Match[str]) -> str:
    char = found[0]
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x10000:
        return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    return f"\\U{code:08x}" if _is_unsafe(code) else char


def _is_unsafe(code: int) -> bool:
    """For characters beyond the first plane."""
    return any(low <= code <= high for low, high in _BEYOND)


def escape(text: str) -> str:
    """Finished JSON text with the same characters as JSON escapes, so that it stays valid, readable and reversible.

    JSON escapes the C0 controls itself; a raw "\\n" stands between records.

    >>> import json
    >>> json.loads(escape('"甲\\u202e\\udcff\\U000e0001"')) == "甲\\u202e\\udcff\\U000e0001"
    True
    """
    return _SUSPECT_IN_JSON.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    if not _is_unsafe(code):
        return found[0]
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


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
