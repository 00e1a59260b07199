"""`zhnorm unpack`, which is the other half of `zhnorm pack`."""

from __future__ import annotations

from .pack import unpack

__all__ = ["unpack"]
