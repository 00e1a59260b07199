"""Named arrays in one file: weights that were learned.

The file is one record in numpy's own format, which is read in one go. An archive of arrays (`numpy.savez`) takes ten milliseconds more of
every process: one header an array, and what opens archives.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["read_weights", "write_weights"]


def write_weights(path: str | os.PathLike[str], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write arrays to a file. The same ones give the same bytes.

    >>> import io, numpy as np
    >>> file = io.BytesIO()
    >>> write_weights(file, {"weights": np.ones((2, 3), np.int8), "unit": np.float64(0.5)})
    >>> _ = file.seek(0)
    >>> {name: array.tolist() for name, array in read_weights(file).items()}
    {'weights': [[1, 1, 1], [1, 1, 1]], 'unit': 0.5}
    """
    import numpy as np

    every = {name: np.asarray(array) for name, array in arrays.items()}
    record = np.zeros((), np.dtype([(name, array.dtype, array.shape) for name, array in every.items()], align=True))
    for name, array in every.items():
        record[name] = array
    np.save(path, record, allow_pickle=False)


def read_weights(path: str | os.PathLike[str]) -> dict[str, NDArray[Any]]:
    """The arrays of a file, by their names.

    Raises:
        OSError: the file cannot be read.
        ValueError: it holds something else.
    """
    import numpy as np

    record = np.load(path, allow_pickle=False)
    return {name: record[name] for name in record.dtype.names or ()}
