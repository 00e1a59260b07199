"""Tidying characters: what a scraper leaves in text that no reader would type.

Every tidier takes a block of lines in one string and gives it back with the same number of lines: nothing here
matches or makes a "\\n". Each has a cheap test first, because most blocks need none of them. Applying a tidier twice
is applying it once; `entities` repeats until nothing is left to decode.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_kinds import Kinds, LineArrays, code_points
from ..arrays.expressions import OneOf, expression
from .mojibake import repair, signs

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "HIDDEN", "PUNCTUATION_TIDIER", "TIDIERS", "Needs", "Tidier", "fold_compatibility", "full_punctuation", "quote_tidier",
    "without_hidden",
]  # fmt: skip


class Tidier(NamedTuple):
    """A named rewrite of a block of lines.

    Attributes:
        name: rule id in the ledger, such as `tidy/invisible`.
        about: what it does, for `zhnorm explain`.
        apply: block of lines to block of lines; gives back the same object if there is nothing to do.
        acts_on: a class of characters; a line that holds none of them stays as it is. A space in it stands for one at
            the end of a line or beside another space. "" if any line may change.
    """

    name: str
    about: str
    apply: Callable[[str], str]
    acts_on: str = ""


_INVISIBLE_CHARS = "\xad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0001-\U000e007f"
_JOINERS = "\u200c\u200d"
_BREAK_CHARS = "\r\v\f\x1c-\x1f\x85\u2028\u2029"
_CONTROL_CHARS = "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
_COMPATIBILITY_CHARS = "\u2e9f\u2ef3\u2f00-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f"
_WIDE_CHARS = "０-９Ａ-Ｚａ-ｚ"
_OTHER_SPACE_CHARS = "\xa0\u1680\u2000-\u200a\u202f\u205f"

_INVISIBLE = expression(f"[{_INVISIBLE_CHARS}]")
_BREAKS = expression(f"[{_BREAK_CHARS}]+")
_CONTROL = expression(f"[{_CONTROL_CHARS}]+")
_AMPERSANDS = expression("&(?:(?:amp|AMP|#0{0,5}38|#[xX]0{0,4}26);)+")
"""Text that was escaped again and again. At once, since one round for each time would be quadratic."""
_MOST_NESTED = 50
"""Entities inside of entities beyond this depth stay: only somebody who wants to waste time writes them."""
_ENTITY = expression("&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# Ideographs that exist a second time for the sake of old code pages, and the radicals that stand for whole characters.
_COMPATIBILITY = expression(f"[{_COMPATIBILITY_CHARS}]")
_WIDE = expression(f"[{_WIDE_CHARS}]+(?:[．][０-９]+)*")
_OTHER_SPACES = expression(f"[{_OTHER_SPACE_CHARS}]")
_EDGE_SPACES = expression("^[ \t\u3000]+|[ \t\u3000]+$", re.MULTILINE)
_SPACE_RUNS = expression("[ \t\u3000]{2,}")
_INVISIBLES, _CONTROLS, _WIDES, _RARE_SPACES = (
    OneOf(map(chr, code_points(each)))
    for each in (_INVISIBLE_CHARS, _BREAK_CHARS + _CONTROL_CHARS, _WIDE_CHARS, _OTHER_SPACE_CHARS)
)


HIDDEN = frozenset(map(chr, code_points(_INVISIBLE_CHARS + _CONTROL_CHARS + _JOINERS)))
"""Characters that do not show. Some of them mean something among others."""


def without_hidden(text: str) -> str:
    """Text as it shows.

    >>> without_hidden("\u200b## 安\xad裝")
    '## 安裝'
    """
    return _control(_invisible(text))


@cache
def _stray_joiner() -> re.Pattern[str]:
    # Joiners mean something in emoji sequences and in Arabic and Indic scripts; there they stay.
    joined = "\u0590-\u109f\u1780-\u18ff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
    return re.compile(f"(?<![{joined}])[\u200c\u200d]|[\u200c\u200d](?![{joined}])")


def _invisible(text: str) -> str:
    if _INVISIBLES.are_in(text):
        text = _INVISIBLE.sub("", text)
    while "\u200c" in text or "\u200d" in text:
        fewer = _stray_joiner().sub("", text)
        if fewer == text:
            break
        text = fewer
    return text


def _control(text: str) -> str:
    if not _CONTROLS.are_in(text):
        return text
    return _CONTROL.sub("", _BREAKS.sub(" ", text))


def _entities(text: str) -> str:
    for _ in range(_MOST_NESTED):
        if "&" not in text or ";" not in text:
            break
        decoded = _ENTITY.sub(_decode, _AMPERSANDS.sub("&", text))
        if decoded == text:
            break
        text = decoded
    return text


def _decode(found: re.Match[str]) -> str:
    import html

    text = html.unescape(found[0])
    if text == found[0]:
        return text
    # A decoded line break, control or invisible character would bring back what the other tidiers took out.
    return _CONTROL.sub("", _BREAKS.sub(" ", _invisible(text.replace("\n", " "))))


def fold_compatibility(text: str) -> str:
    """The text with ideographs in the place of their compatibility forms and of the radicals that look like them.

    >>> fold_compatibility("\uf9dc\u2f00")
    '隆一'
    """
    return _COMPATIBILITY.sub(_composed, text)


def _composed(found: re.Match[str]) -> str:
    import unicodedata

    return unicodedata.normalize("NFKC", found[0])


def _width(text: str) -> str:
    return _WIDE.sub(_composed, text) if _WIDES.are_in(text) else text


def _spaces(text: str) -> str:
    if _RARE_SPACES.are_in(text):
        text = _OTHER_SPACES.sub(" ", text)
    if (
        "  " in text
        or "\t" in text
        or "\u3000" in text
        or " \n" in text
        or "\n " in text
        or text[:1] == " "
        or text[-1:] == " "
    ):
        # Runs first: at the edges single spaces are left, and a gap inside a line is not gone through for each of its spaces.
        text = _EDGE_SPACES.sub("", _SPACE_RUNS.sub(_one_space, text))
    return text


def _one_space(found: re.Match[str]) -> str:
    run = found[0]
    return "\t" if "\t" in run else "\u3000" if "\u3000" in run else " "


TIDIERS = (
    Tidier(
        "tidy/mojibake", "Text that was read in a wrong encoding is taken back, where that is certain.", repair, signs()
    ),
    Tidier(
        "tidy/control",
        "Control characters go; stray line separators inside a line become a space.",
        _control,
        _BREAK_CHARS + _CONTROL_CHARS,
    ),
    Tidier(
        "tidy/invisible",
        "Zero-width, bidirectional and other invisible characters go.",
        _invisible,
        _INVISIBLE_CHARS + _JOINERS,
    ),
    Tidier("tidy/entities", "HTML entities become the characters they stand for.", _entities, "&"),
    Tidier(
        "tidy/compatibility",
        "Compatibility ideographs and radicals become the ordinary character.",
        fold_compatibility,
        _COMPATIBILITY_CHARS,
    ),
    Tidier("tidy/width", "Full-width letters and digits become half-width.", _width, _WIDE_CHARS),
    Tidier(
        "tidy/spaces",
        "Spaces at the ends of a line go; runs of spaces become one.",
        _spaces,
        f" \t\u3000{_OTHER_SPACE_CHARS}",
    ),
)
"""Always on, in this order: mojibake is made of what the others take for control characters; an invisible character can
hide an entity, an entity can hide a space."""


class Needs:
    """Which of some tidiers each line needs.

    Args:
        tidiers: at most as many as a number has bits.
        others: a class of characters that no tidier acts on and that is asked about all the same.

    Attributes:
        others: the bit of lines that hold one of these.

    >>> import numpy
    >>> Needs(TIDIERS).of_lines("天 地\\n天 \\nＡ&amp;").tolist() == [0, 64, 8 + 32]
    True
    """

    def __init__(self, tidiers: Sequence[Tidier], others: str = "") -> None:
        self.others = 1 << len(tidiers)
        self._kinds = Kinds(
            {1 << number: tidier.acts_on for number, tidier in enumerate(tidiers)} | {self.others: others}
        )
        self._spaces = sum(1 << number for number, tidier in enumerate(tidiers) if " " in tidier.acts_on)
        self._always = sum(1 << number for number, tidier in enumerate(tidiers) if not tidier.acts_on)

    def of_lines(self, text: str) -> NDArray[Any]:
        """For each line of the text a number, whose bits are the tidiers (1 for the first) that may change it."""
        lines = LineArrays(text)
        kinds = self._kinds.of_characters(lines)
        if self._spaces:
            import numpy as np

            # Alone among letters, a space is as it should be.
            plain = lines.codes == ord(" ")
            kinds[plain] &= ~self._spaces & 0xFF
            counts = np.zeros(len(kinds) + 1, bool)
            counts[lines.starts] = counts[lines.ends - 1] = True
            counts[1:-1] |= plain[:-1]
            places = plain.nonzero()[0]
            kinds[places[counts[places]]] |= self._spaces
        return lines.union(kinds) | self._always


_HALF = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_CORNERS = str.maketrans("「」『』", "“”‘’")
_CURLS = str.maketrans("“”‘’", "「」『』")


@cache
def _half_mark() -> re.Pattern[str]:
    han = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
    return re.compile(f"(?<=[{han}])[,;:?!()](?=[{han}\\n]|$)|(?<=[{han}])[(]|[)](?=[{han}])|(?<=[{han}])\\.(?=\\n|$)")


def full_punctuation(text: str) -> str:
    """Half-width marks between Han characters made full-width; marks in numbers, times and Latin text stay.

    >>> full_punctuation("你好,世界(3:00)")
    '你好，世界（3:00)'
    """
    return _half_mark().sub(lambda found: _HALF.get(found[0], "。"), text)


PUNCTUATION_TIDIER = Tidier(
    "tidy/punctuation", "Half-width marks between Han characters become full-width.", full_punctuation
)


def quote_tidier(style: str) -> Tidier:
    """The tidier for `curly` (“”) or `corner` (「」) quotation marks. An apostrophe between letters stays.

    >>> quote_tidier("curly").apply("「好」")
    '“好”'
    """
    if style == "curly":
        return Tidier(
            "tidy/quotes", "Corner brackets become curly quotation marks.", lambda text: text.translate(_CORNERS)
        )
    return Tidier("tidy/quotes", "Curly quotation marks become corner brackets.", _to_corners)


_APOSTROPHE = expression("(?<=[A-Za-z])’(?=[A-Za-z])")


def _to_corners(text: str) -> str:
    return "’".join([part.translate(_CURLS) for part in _APOSTROPHE.split(text)])
