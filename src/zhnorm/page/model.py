"""Where the article in a page begins and ends: every line is weighed by its features, then the best division is found.

A page is a run of lines in five states: above the article, the headline, lines between headline and text (a dateline,
tools), the text, and below it. A multinomial logistic regression gives each line a probability for every state; of all
divisions in which the states follow each other in this order the most probable one is taken (Viterbi 1967), so that a
paragraph in a list of other articles cannot outweigh the whole list around it. The weights are numbers in
`data/page/body.tsv`, learned from labelled news pages by `benchmarks/page.py`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import compress, islice
from operator import itemgetter, mul
from pathlib import Path
from typing import Literal

from .features import GUESSED, NAMES

__all__ = ["STATES", "Model", "State", "body_model"]

State = Literal["above", "headline", "between", "text", "below"]
_TABLE = Path(__file__).parents[1] / "data" / "page" / "body.tsv"
STATES: tuple[State, ...] = ("above", "headline", "between", "text", "below")
_CAME_FROM: tuple[tuple[int, ...], ...] = ((0,), (0, 1, 2), (1, 2, 0), (0, 1, 2, 3), (3, 4))
"""For each state those that may stand on the line before. Headline and the lines below it may take turns."""
_LAST = (3, 4)
_SIZE_POWER = 0.5
_MOST_CHARS = 120
_MOST_FEATURES = 3
_OTHERS = range(2, len(NAMES))
_TITLE = NAMES.index("is-title")
_NEVER = -50.0
"""A headline that the page's title confirms is neither above nor below the article."""
_LEAST = math.log(1e-5)
"""No line alone rules a division out."""


@dataclass(frozen=True)
class Model:
    """Weights: for each state one for every feature, in the order of `NAMES`, and a constant."""

    weights: tuple[tuple[float, ...], ...]
    constants: tuple[float, ...]

    def states(self, rows: Sequence[Sequence[float]], sizes: Sequence[int]) -> list[tuple[State, float]]:
        """The state of each line in the best division, and how likely it is for the line alone, 0 to 1.

        Args:
            rows: the features of each line (see `features`), at least one line.
            sizes: the characters of each line's key: a long line counts for more than a short one.
        """
        alone = [self._chances(row) for row in rows]
        best: list[float] = []
        came: list[tuple[int, ...]] = []
        for chances, size in zip(alone, sizes, strict=True):
            weight = float(min(size, _MOST_CHARS)) ** _SIZE_POWER
            if not came:
                came.append(tuple(range(len(STATES))))
                best = [chance * weight for chance in chances]
                best[-1] = -math.inf  # there is some text, so nothing is below it on the first line
                continue
            step = tuple(max(befores, key=best.__getitem__) for befores in _CAME_FROM)
            best = [best[before] + chance * weight for before, chance in zip(step, chances, strict=True)]
            came.append(step)
        state = max(_LAST, key=best.__getitem__)
        found: list[tuple[State, float]] = []
        for chances, step in zip(reversed(alone), reversed(came), strict=True):
            found.append((STATES[state], math.exp(chances[state])))
            state = step[state]
        return found[::-1]

    def reasons(self, row: Sequence[float], state: State) -> tuple[str, ...]:
        """The features that spoke most for this state against the text, with their weights."""
        place = STATES.index(state)
        text = STATES.index("text")
        pull = sorted(
            ((value * (self.weights[place][n] - self.weights[text][n]), NAMES[n]) for n, value in enumerate(row)),
            reverse=True,
        )
        return tuple(f"{name} {value:+.2f}" for value, name in pull[:_MOST_FEATURES] if value > 0)

    @cached_property
    def _pairs(self) -> list[tuple[float, tuple[float, ...]]]:
        return list(zip(self.constants, self.weights, strict=True))

    def _chances(self, row: Sequence[float]) -> list[float]:
        """Logarithms of the probabilities of the states."""
        # Two features of three are zero, and what is zero adds nothing.
        present = itemgetter(0, 1, *compress(_OTHERS, islice(row, 2, None)))
        values = present(row)
        scores = [constant + sum(map(mul, values, present(weights))) for constant, weights in self._pairs]
        most = max(scores)
        total = most + math.log(sum(math.exp(score - most) for score in scores))
        chances = [max(_LEAST, score - total) for score in scores]
        if row[_TITLE] > GUESSED:
            chances[0] = chances[-1] = _NEVER
        return chances


@cache
def body_model() -> Model:
    """The model that comes with the package.

    >>> len(body_model().weights) == len(STATES)
    True
    """
    table = _TABLE.read_text("utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    weights = {row[0]: [float(cell) for cell in row[1:]] for row in rows[1:]}
    constants = weights.pop("(constant)")
    return Model(tuple(zip(*(weights[name] for name in NAMES), strict=True)), tuple(constants))
