"""Conversion between Traditional and Simplified Chinese."""

from __future__ import annotations

from zhnorm.text.characters import character_map

__all__ = ["character_map"]
