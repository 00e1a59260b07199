"""Documents made from others: pages, broken in the ways in which scraped pages are broken, and in all others."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

__all__ = ["mutated"]

_SNIPPETS = (
    *(text.encode() for text in ("\u200b", "\ufeff", "\u202e", "\u3000", "\U0001f600", "乾", "…", "「", "）", "分享到：", "&#x4E7E;", "&amp;&lt", "<br>")),
    b"\xff", b"\x80", b"\xe4\xb9", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\xaf", b"\0", b"\x1b[2J", b"\r", b"\r\n", b"\n", b"\n\n\n", b"\x0b", b"\x85", b"  ", b"\t",
)  # fmt: skip
_MARKS = tuple(
    text.encode()
    for text in (
        "# ", "## ", "- ", "1. ", "> ", "    ", "\t", "```", "```\n", "`", "| ", "|---|\n", "---\n", "===\n", "<!-- ", " -->", "![](a.png)", "[橋](/a)", "[1]: /a",
        "<div>", "&lt;b&gt;", "&#35; ", "&#96;", "git pull origin main", "x = 1", "}", "!!! note", "**", "  ",
    )
)  # fmt: skip
_ENCODINGS = ("gb18030", "big5hkscs", "cp950", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1")
_WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")


def mutated(seeds: Sequence[bytes], dice: random.Random) -> bytes:
    """One more document.

    Args:
        seeds: pages to begin with.
        dice: decides everything; the same state gives the same document.
    """
    data = dice.choice(seeds)
    for _ in range(dice.randrange(1, 9)):
        data = dice.choice(_ACTS)(data, seeds, dice)[:200_000]
    return data


def _insert(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    place = dice.randrange(len(data) + 1)
    return data[:place] + dice.choice(_SNIPPETS) * dice.choice((1, 1, 1, 2, 50)) + data[place:]


def _flip(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    if not data:
        return data
    place = dice.randrange(len(data))
    return data[:place] + bytes([data[place] ^ (1 << dice.randrange(8))]) + data[place + 1 :]


def _cut(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    start, stop = sorted(dice.randrange(len(data) + 1) for _ in range(2))
    return data[:start] + data[stop:] if dice.random() < 0.7 else data[start:stop]


def _lines(data: bytes, seeds: Sequence[bytes], dice: random.Random) -> bytes:
    """Lines repeated, moved, joined, or taken from another page."""
    lines = data.split(b"\n")
    act = dice.randrange(5)
    if act == 0:
        lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))
    elif act == 1:
        dice.shuffle(lines)
    elif act == 2:
        place = dice.randrange(len(lines))
        lines[place : place + 2] = [b"".join(lines[place : place + 2])]
    elif act == 3:
        lines += dice.choice(seeds).split(b"\n")
    else:
        place = dice.randrange(len(lines))
        lines[place] *= dice.choice((2, 3, 20))
    return b"\n".join(lines)


def _marked(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    """Marks of Markdown and code at the beginning or the end of some lines, or in place of them."""
    lines = data.split(b"\n")
    for _ in range(dice.randrange(1, 6)):
        place, mark = dice.randrange(len(lines)), dice.choice(_MARKS)
        lines[place] = dice.choice((mark + lines[place], mark + lines[place], lines[place] + mark, mark))
    return b"\n".join(lines)


def _many(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    return data * dice.choice((2, 2, 3, 8))


def _recoded(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    return data.decode("utf-8", "replace").encode(dice.choice(_ENCODINGS), "ignore")


def _ends(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    return data.replace(b"\n", dice.choice((b"\r\n", b"\r", b"\n\n", b"\xe2\x80\xa8")), dice.choice((1, 5, -1)))


def _odd_end(data: bytes, _: Sequence[bytes], dice: random.Random) -> bytes:
    """An encoding of two or four bytes for each character, cut off or gone on with inside of one."""
    wide = data.decode("utf-8", "replace").encode(dice.choice(_WIDE))
    return wide[: len(wide) - dice.randrange(4)] + dice.randbytes(dice.choice((0, 0, 1, 2, 3)))


_Act = Callable[[bytes, Sequence[bytes], random.Random], bytes]
_ACTS: tuple[_Act, ...] = (
    _insert,
    _insert,
    _flip,
    _flip,
    _cut,
    _lines,
    _lines,
    _lines,
    _marked,
    _marked,
    _many,
    _recoded,
    _odd_end,
    _ends,
)
