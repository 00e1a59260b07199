"""Paragraphs that were broken into lines of one width, as statutes, mails and old novels are kept: such a line is no text by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .shape import ends_sentence

__all__ = ["wrapped"]

LEAST_LINES = 4
"""So many lines of one width are no chance."""
LEAST_COLUMNS, NARROWER = 40, 2
WIDER_SHARE = 0.02
"""Few lines are wider, as rows of tables are."""
_WIDE = "\u1100"
"""From here on characters take two columns."""


def wrapped(texts: Sequence[str | None]) -> frozenset[int]:
    """The lines, by their indices, that go on in the next one or from the one before, because a paragraph was broken at one width.

    Width is counted in columns; a line may be narrower by two, where a wide character did not fit, and a space was tidied.

    >>> lines = ["公所報請市政府解除其職務，應補選者，並依", "法補選。", "本會議長、副議長辭職或死亡，本會應即報請", "備查。"]
    >>> sorted(wrapped(lines * 2))
    [0, 1, 2, 3, 4, 5, 6, 7]
    >>> wrapped(["渡口停航三天。", "對岸的菜農繞道石橋。"] * 9)
    frozenset()
    """
    lines = [(i, text.rstrip()) for i, text in enumerate(texts) if text and text.strip()]
    if sum(len(text) >= LEAST_COLUMNS // 2 and not ends_sentence(text) for _, text in lines) < LEAST_LINES:
        return frozenset()
    columns = [len(text) + sum(char >= _WIDE for char in text) for _, text in lines]
    counts = Counter(width for width in columns if width >= LEAST_COLUMNS)
    if not counts:
        return frozenset()
    width = max(counts, key=lambda width: (sum(counts[width - less] for less in range(NARROWER + 1)), width))
    is_full = [width - NARROWER <= own <= width for own in columns]
    if sum(is_full) < LEAST_LINES or sum(own > width for own in columns) > WIDER_SHARE * len(lines):
        return frozenset()
    found = set[int]()
    for (i, text), (below, _), full in zip(lines, lines[1:], is_full, strict=False):
        if full and not ends_sentence(text):
            found |= {i, below}
    return frozenset(found)
