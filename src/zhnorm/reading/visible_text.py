"""What a reader sees of a line of Markdown, and how much of it is links."""

from __future__ import annotations

from ..arrays.expressions import expression
from ..conversion.fold import key
from ..markup.frame import DESTINATION, TAG

__all__ = ["visible"]

_MARKUP = expression(
    rf"!\[(?P<alt>(?:[^\[\]\n]|\[[^\[\]\n]*\])*)\](?:{DESTINATION}|\[[^\]\n]*\])"
    rf"|\[(?P<text>(?:[^\[\]\n]|!?\[[^\[\]\n]*\](?:{DESTINATION})?)*)\]{DESTINATION}"
    rf"|<(?P<address>https?://[^<>\s]+)>|{TAG}|(?P<mark>\*\*|__)"
)
_IMAGE = expression(rf"!\[([^\[\]\n]*)\](?:{DESTINATION})?")


def visible(line: str) -> tuple[str, float]:
    """What is seen of a line of Markdown, and which share of its letters is the text of links, 0 to 1.

    >>> visible("- [新橋通車](/a) 今天")
    ('- 新橋通車 今天', 0.6666666666666666)
    >>> visible("**走進**新館")
    ('走進新館', 0.0)
    """
    if "[" not in line and "<" not in line and "*" not in line and "_" not in line:
        return line, 0.0
    shown: list[str] = []
    linked = at = 0
    for found in _MARKUP.finditer(line):
        shown.append(line[at : found.start()])
        at = found.end()
        if (text := found["text"]) is not None:
            text = _IMAGE.sub(r"\1", text)
            linked += len(key(text))
            shown.append(text)
        elif found["address"]:
            linked += len(key(found["address"]))
            shown.append(found["address"])
        elif found["alt"]:
            shown.append(found["alt"])
    shown.append(line[at:])
    text = "".join(shown)
    return text, min(1.0, linked / max(1, len(key(text))))
