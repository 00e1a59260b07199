"""Numbers of networks in whole parts of a unit, as the package has them."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

__all__ = ["rounded", "whole"]


def rounded(values: Tensor, unit: int, most: int) -> Tensor:
    """Values in whole parts of a unit, through which what is learned passes as if they were not rounded."""
    kept = values.clamp(-most / unit, most / unit)
    return kept + (torch.round(kept * unit) / unit - kept).detach()


def whole(values: Tensor, unit: int, most: int) -> np.ndarray:
    """How many parts of a unit values have."""
    found: np.ndarray = torch.round((values.detach() * unit).clamp(-most, most)).numpy()
    return found
