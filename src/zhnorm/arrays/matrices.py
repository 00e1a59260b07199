"""Products of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["packed", "packed_by_four", "product"]

_ONE_THREAD = 1 << 18
"""What OpenBLAS, which numpy multiplies with, does in one thread: so many products of two numbers."""

_LANES = 8
"""In the compiled part so many outputs stand side by side."""
_MOST_BYTE = 127


def product(values: NDArray[Any], weights: NDArray[Any]) -> NDArray[Any]:
    """The product of two matrices, so many rows at a time that it is made by one thread: several would wait for each other longer than
    they work, and as long as that if the machine is busy.

    >>> import numpy as np
    >>> product(np.ones((2, 3), np.float32), np.ones((3, 1), np.float32)).tolist()
    [[3.0], [3.0]]
    """
    import numpy as np

    rows = max(1, _ONE_THREAD // weights.size)
    found: NDArray[Any] = np.empty((len(values), weights.shape[1]), np.result_type(values, weights))
    for first in range(0, len(values), rows):
        np.matmul(values[first : first + rows], weights, out=found[first : first + rows])
    return found


def packed(weights: NDArray[Any]) -> NDArray[Any]:
    """Weights for the compiled part, of 16 bits each: of two inputs at a time those of all outputs, filled up with zeros to an even number
    of inputs and a multiple of eight outputs."""
    import numpy as np

    inputs, outputs = weights.shape
    found: NDArray[Any] = np.zeros((-(-inputs // 2), -(-outputs // _LANES) * _LANES, 2), np.int16)
    for place in (0, 1):
        rows = weights[place::2]
        found[: len(rows), :outputs, place] = rows
        if not np.array_equal(found[: len(rows), :outputs, place], rows):
            raise ValueError("weights of more than 16 bits")
    return found


def packed_by_four(weights: NDArray[Any]) -> NDArray[Any]:
    """The same of 8 bits each: of four inputs at a time those of all outputs. Inputs are a multiple of four, outputs one of eight."""
    import numpy as np

    inputs, outputs = weights.shape
    found: NDArray[Any] = np.ascontiguousarray(weights.reshape(inputs // 4, 4, outputs).swapaxes(1, 2)).astype(np.int8)
    if outputs % _LANES or np.abs(weights).max() > _MOST_BYTE:
        raise ValueError("weights of more than 8 bits, or an odd number of outputs")
    return found
