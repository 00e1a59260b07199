"""What a line of a page can be, and which kinds are no part of the article."""

from __future__ import annotations

__all__ = ["ABOUT", "CHROME", "CONTENT", "DROPPED", "KINDS"]

CONTENT = (
    "title", "lead", "heading", "prose", "quote", "dialogue", "verse", "item", "row", "code", "caption", "note", "qa", "sign",
)  # fmt: skip
"""The article."""
ABOUT = ("byline", "date", "credit", "tags")
"""What a page says about it."""
CHROME = (
    "nav", "tool", "share", "follow", "engage", "ad", "app", "related", "pager", "comment", "legal", "login", "filler", "repeat",
)  # fmt: skip
"""What every page of the site has around it."""
KINDS = (*CONTENT, *ABOUT, *CHROME)
DROPPED = frozenset(CHROME) - {"repeat"} | {"credit", "tags"}
"""Kinds that go by default. Whether a line says what another one says is decided by comparing them, not by reading."""
