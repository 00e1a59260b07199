"""What a line of a dumped page looks like, in numbers.

Every feature is a number between about 0 and 1, or the logarithm of a size, so that weights can be read side by side. A
feature sees the line, its neighbours, the prose around it, the page's headline and the lines that rules know; it never
sees a site's name. The names below are those in `data/page/body.tsv` and in the ledger.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from .context import AROUND, OFFSETS, SHARED, around_features
from .own import OWN, Hits, own_features

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["NAMES", "Hits", "features"]

NAMES = (*OWN, *(f"{name}{offset:+d}" for offset in OFFSETS for name in SHARED), *AROUND)
"""The features, in the order of their numbers."""


def features(texts: Sequence[str], keys: Sequence[str], hits: Hits, starts: Sequence[int] = (0,)) -> NDArray[Any]:
    """The features of every line of one page or of several: a row for each line, its columns in the order of `NAMES`.

    Args:
        texts: the lines, tidied, in Simplified characters, none of them blank.
        keys: their keys (see `text.fold`).
        hits: the lines that a rule matches.
        starts: the index of each page's first line, in order. No page is empty.

    >>> rows = features(["青石网", "今天下午，市图书馆的新馆向读者开放了。"], ["青石网", "今天下午市图书馆的新馆向读者开放了"], {})
    >>> [float(row[NAMES.index("full-stop")]) for row in rows]
    [0.0, 1.0]
    """
    import numpy as np

    # Column by column, as they are worked out and weighed.
    rows = np.zeros((len(texts), len(NAMES)), order="F")
    if texts:
        own = own_features(texts, keys, hits)
        columns = own | around_features(texts, keys, hits, own, starts)
        for number, name in enumerate(NAMES):
            rows[:, number] = columns[name]
    return rows
