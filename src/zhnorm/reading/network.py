"""From what is seen of lines to the probability of each kind: a small network in whole numbers.

First each line is read alone: the vectors of its words (`ngrams.py`) and its looks (`line_features.py`) become a few dozen numbers, and from
these follows what it is by itself. Then it is read in its place: its own numbers beside those of its neighbours, of the lines
near it, above it, below it, and of the whole page, and what stands around it (`surroundings.py`). What the lines become by that is read once
more in the same way: then a line sees what its neighbours are in their places, and they what theirs are.

Every number is a whole one, in parts of 1/256, and a sum of whole numbers is the same in whatever order it is made: so every
machine reads alike, however many lines it reads at once. The weights were learned by `python -m training`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.compiled import compiled
from ..arrays.matrices import packed, product
from ..arrays.weights import read_weights
from ..package_data import data_path
from .kinds import KINDS
from .ngrams import pieces, places_of, text_of
from .surroundings import OFFSETS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["LAYERS", "NEAR_LINES", "ONE", "Network", "Scores", "network"]

ONE = 256
"""A one, in the parts that numbers are counted in."""
NEAR_LINES = 10
_BLOCK = 500
"""What the arrays of so many lines need fits into a processor's cache."""
LAYERS = ("own", "kinds_alone", "neighbour", "mix", "again", "neighbour_again", "mix_again", "kinds", "names")
"""The layers: what a line says by itself; its kind by that; what its neighbours see of it; all that is known; what of that is read again, with
what neighbours see of it, and all that is known then; its kind; which of the kinds that go, or that stay, it is."""
_TABLE = "reading/weights.npy"


class Scores(NamedTuple):
    """How much speaks for each kind, a row for each line, in the order of `KINDS`: alone, in its place, and once it is known whether
    the line is of a kind that goes; and which of the numbers that this follows from are not 0: alone, in its place, of what is read
    again, and in its place then."""

    alone: NDArray[Any]
    placed: NDArray[Any]
    named: NDArray[Any]
    alone_active: NDArray[Any]
    mixed_active: NDArray[Any]
    again_active: NDArray[Any]
    placed_active: NDArray[Any]


class Network:
    """The weights, and what they make of lines.

    Args:
        arrays: by name: `marks` and `vectors` of the pieces of words, `unit` (what a one in a vector is worth), and for each layer
            its weights and constants.
    """

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        import numpy as np

        self.arrays = arrays
        self.marks = arrays["marks"]
        self.vectors = arrays["vectors"]
        self.unit = float(arrays["unit"])
        # Sums of whole numbers below 2^53 are exact in floating point, and numpy multiplies matrices of floats alone fast.
        known = [name for name in LAYERS if f"{name}_weights" in arrays]
        self.weights = {name: arrays[f"{name}_weights"].astype(np.float64) for name in known}
        self.around_size = (
            self.weights["mix"].shape[0]
            - 5 * self.weights["own"].shape[1]
            - len(OFFSETS) * self.weights["neighbour"].shape[1]
        )
        self.constants = {name: arrays[f"{name}_constants"].astype(np.float64) * ONE for name in known}
        self._packed = {name: packed(arrays[f"{name}_weights"]) for name in known}
        self._added = {name: arrays[f"{name}_constants"].astype(np.int32) for name in known}

    def alone(self, folds: Sequence[str], own: NDArray[Any]) -> NDArray[Any]:
        """The numbers that lines become by themselves.

        Args:
            folds: the lines.
            own: their features, a row for each line.
        """
        import numpy as np

        return self._layer("own", self._words(folds), np.rint(own.astype(np.float64) * ONE), bend=True)

    def scores(self, alone: NDArray[Any], around: NDArray[Any], starts: NDArray[Any], ends: NDArray[Any]) -> Scores:
        """How much speaks for each kind.

        Args:
            alone: what the lines become by themselves.
            around: the features of what stands around them, a row for each line.
            starts, ends: for each line the first one of its page, and the first one behind its page.
        """
        made = alone, *self._in_place(alone, around, starts, ends)
        placed = made[-1]
        named = self._layer("names", alone, placed)
        active = (numbers > 0 for numbers in made)
        return Scores(self._layer("kinds_alone", alone), self._layer("kinds", placed), named, *active)

    def in_place(
        self, alone: NDArray[Any], around: NDArray[Any], starts: NDArray[Any], ends: NDArray[Any]
    ) -> NDArray[Any]:
        """The numbers that lines become in their place; arguments as in `scores`."""
        return self._in_place(alone, around, starts, ends)[-1]

    def _in_place(
        self, alone: NDArray[Any], around: NDArray[Any], starts: NDArray[Any], ends: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """The same behind the numbers on the way there: of the first reading, and what of them is read again."""
        mixed = self._among("mix", alone, self._layer("neighbour", alone), around, starts, ends)
        again = self._layer("again", mixed, bend=True)
        seen = self._layer("neighbour_again", again)
        return mixed, again, self._among("mix_again", again, seen, around[:, :0], starts, ends)

    def _among(
        self,
        name: str,
        own: NDArray[Any],
        neighbours: NDArray[Any],
        around: NDArray[Any],
        starts: NDArray[Any],
        ends: NDArray[Any],
    ) -> NDArray[Any]:
        """What a layer makes of lines among those of their page: of their own numbers, what is around them, what their neighbours show, and means."""
        import numpy as np

        count, width = own.shape
        found = np.empty((count, self.weights[name].shape[1]))
        if part := compiled():
            pages = (starts == np.arange(count)).nonzero()[0]
            around = np.ascontiguousarray(around, np.float64)
            part.in_place(count, own, around, neighbours, pages, self._packed[name], self._added[name], found)
            return found
        sums = np.zeros((count + 1, width))
        own.cumsum(0, out=sums[1:])
        for some in _blocks(count):
            i, top, end = np.arange(count)[some, None], starts[some, None], ends[some, None]
            there = i + np.array(OFFSETS)
            near = neighbours.take(there, axis=0, mode="clip")
            near[(there < top) | (there >= end)] = 0
            # The means of the page, of what is above, of what is below, and of what is near.
            first = np.concatenate([top, top, i + 1, np.maximum(top, i - NEAR_LINES)], 1)
            behind = np.concatenate([end, i, end, np.minimum(end, i + NEAR_LINES + 1)], 1)
            means = sums.take(behind, axis=0)
            means -= sums.take(first, axis=0)
            means /= (behind - first + (0, 1, 1, 0))[:, :, None]
            np.rint(means, out=means)
            lines = len(i)
            parts = own[some], np.rint(around[some] * ONE), near.reshape(lines, -1), means.reshape(lines, -1)
            found[some] = self._layer(name, np.concatenate(parts, 1), bend=True)
        return found

    def pulls(self, scores: Scores, lines: NDArray[Any], kind: str) -> tuple[NDArray[Any], NDArray[Any]]:
        """How much each look of lines, and each thing around them, pulls them towards a kind: a row for each line, in the order of
        their columns, in whole numbers that are only for comparing."""
        import numpy as np

        size = len(self.weights["kinds_alone"])
        looks = self.weights["own"][self.vectors.shape[1] :]
        around = self.weights["mix"][size : size + self.around_size]
        again = self.weights["mix_again"][: self.weights["again"].shape[1]]
        own = scores.alone_active[lines] * _towards(self.weights["kinds_alone"], kind)
        # From the kind back through the second reading to the first; whole numbers again, small enough that their sums are exact.
        pull = product(scores.placed_active[lines] * _towards(self.weights["kinds"], kind), again.T)
        pull = np.rint(product(scores.again_active[lines] * pull, self.weights["again"].T) / ONE**2)
        return product(own, looks.T), product(scores.mixed_active[lines] * pull, around.T)

    def _layer(
        self, name: str, first: NDArray[Any], second: NDArray[Any] | None = None, *, bend: bool = False
    ) -> NDArray[Any]:
        """What a layer makes of numbers, which may come in two parts that stand side by side."""
        import numpy as np

        weights = self.weights[name]
        if part := compiled():
            made: NDArray[Any] = np.empty((len(first), weights.shape[1]))
            both = first, first[:, :0] if second is None else second
            part.layer(len(first), *both, self._packed[name], self._added[name], bend, made)
            return made
        found = product(first, weights[: first.shape[1]])
        found += self.constants[name]
        if second is not None:
            found += product(second, weights[first.shape[1] :])
        if bend:
            np.maximum(found, 0, out=found)
        found /= ONE
        np.rint(found, out=found)
        return found

    def _words(self, folds: Sequence[str]) -> NDArray[Any]:
        """The sum of the vectors of each line's pieces, over the root of how many it has."""
        import numpy as np

        found = np.empty((len(folds), self.vectors.shape[1]))
        if part := compiled():
            part.words("\n".join(folds), self.marks, self.vectors, self.unit, found)
            return found
        for some in _blocks(len(folds)):
            found[some] = self._words_of(folds[some])
        return found

    def _words_of(self, folds: Sequence[str]) -> NDArray[Any]:
        import numpy as np

        known = pieces(folds, self.marks)
        sums = np.zeros((len(folds), self.vectors.shape[1]), np.int16)
        counts = np.bincount(known.lines, minlength=len(folds))
        if len(known.lines):
            begins = counts.cumsum() - counts
            held = counts > 0
            # A line has so few pieces (`ngrams.MOST_CHARS`) that their sum fits into 16 bits.
            vectors = self.vectors.take(places_of(known.hashes)[0], axis=0).astype(np.int16)
            sums[held] = np.add.reduceat(vectors, begins[held], axis=0)
        found: NDArray[Any] = np.rint(sums.astype(np.float64) * self.unit / np.sqrt(counts + 1)[:, None])
        return found

    def strongest(self, groups: Sequence[Sequence[str]], kind: str, most: int) -> list[list[str]]:
        """The pieces that speak most for a kind, in each of some groups of lines: common ones before rare ones, and of those that hold
        each other the stronger one."""
        import numpy as np

        folds = [fold for group in groups for fold in group]
        if not folds:
            return [[] for _ in groups]
        group_of = np.repeat(np.arange(len(groups)), list(map(len, groups)))
        known = pieces(folds, self.marks)
        places, group, starts = places_of(known.hashes)[0], group_of[known.lines], known.starts
        _, first, times = np.unique(group << 32 | known.hashes, return_index=True, return_counts=True)
        pull = self.weights["own"][: self.vectors.shape[1]] @ _towards(self.weights["kinds_alone"], kind)
        worth = self.vectors[places[first]] @ pull * np.log1p(times)
        speaks = worth > 0
        first, worth = first[speaks], worth[speaks]
        text = text_of(folds)
        found: list[list[str]] = [[] for _ in groups]
        for at in first[np.lexsort((-worth, group[first]))].tolist():
            chosen = found[group[at]]
            piece = text[starts[at] : starts[at] + known.sizes[at]].strip("^$\x01 ")
            if len(chosen) < most and piece and not any(piece in other or other in piece for other in chosen):
                chosen.append(piece)
        return found


def _blocks(count: int) -> Iterator[slice]:
    """So many lines, a few hundred at a time."""
    return (slice(first, first + _BLOCK) for first in range(0, count, _BLOCK))


def _towards(weights: NDArray[Any], kind: str) -> NDArray[Any]:
    """What of a layer's numbers speaks for a kind more than for all kinds on average, times the number of kinds: whole numbers."""
    found: NDArray[Any] = len(KINDS) * weights[:, KINDS.index(kind)] - weights.sum(1)
    return found


@cache
def network() -> Network:
    """The network that comes with the package."""
    return Network(read_weights(data_path(_TABLE)))
