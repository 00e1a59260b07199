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
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .features import NAMES
from .headline import GUESSED

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["STATES", "Model", "State", "body_model"]

State = Literal["above", "headline", "between", "text", "below"]
_TABLE = Path(__file__).parents[1] / "data" / "page" / "body.tsv"
STATES: tuple[State, ...] = ("above", "headline", "between", "text", "below")
_ABOVE, _HEADLINE, _BETWEEN, _TEXT, _BELOW = range(len(STATES))
_BEFORE_BETWEEN = (_HEADLINE, _BETWEEN, _ABOVE)
_BEFORE_OTHERS = (_ABOVE, _HEADLINE, _BETWEEN)
"""What may stand above a line of the head and the first line of the text; of equals the first is taken."""
_SIZE_POWER = 0.5
_MOST_CHARS = 120
_MOST_FEATURES = 3
_TITLE = NAMES.index("is-title")
_NEVER = -50.0
"""A headline that the page's title confirms is neither above nor below the article."""
_LEAST = math.log(1e-5)
"""No line alone rules a division out."""
_UNIT = 1 << 24
"""Divisions are compared in whole numbers of these parts, so that the order of additions decides nothing."""
_PIECE_LINES = 4096


@dataclass(frozen=True)
class Model:
    """Weights: for each state one for every feature, in the order of `NAMES`, and a constant."""

    weights: tuple[tuple[float, ...], ...]
    constants: tuple[float, ...]

    def states(
        self, rows: NDArray[Any], sizes: Sequence[int], starts: Sequence[int] = (0,)
    ) -> list[tuple[State, float]]:
        """The state of each line in the best division of its page, and how likely it is for the line alone, 0 to 1.

        Args:
            rows: the features of each line (see `features`), at least one line.
            sizes: the characters of each line's key: a long line counts for more than a short one.
            starts: the index of each page's first line, in order. No page is empty.
        """
        import numpy as np

        chances = self._chances(rows)
        weights = np.minimum(np.array(sizes, np.float64), _MOST_CHARS) ** _SIZE_POWER
        scores = np.rint(chances * weights * _UNIT).astype(np.int64)
        states = np.concatenate([_divide(scores[:, start:stop]) for start, stop in pairwise([*starts, len(rows)])])
        likely = np.exp(chances[states, np.arange(len(states))])
        return [(STATES[state], value) for state, value in zip(states.tolist(), likely.tolist(), strict=True)]

    def reasons(self, row: NDArray[Any], state: State) -> tuple[str, ...]:
        """The features that spoke most for this state against the text, with their weights."""
        place = STATES.index(state)
        text = STATES.index("text")
        pull = sorted(
            (
                (value * (self.weights[place][n] - self.weights[text][n]), NAMES[n])
                for n, value in enumerate(row.tolist())
            ),
            reverse=True,
        )
        return tuple(f"{name} {value:+.2f}" for value, name in pull[:_MOST_FEATURES] if value > 0)

    def _chances(self, rows: NDArray[Any]) -> NDArray[Any]:
        """Logarithms of the probabilities: for each state those of all lines."""
        import numpy as np

        # Feature by feature: how many lines are weighed together must not change what a line weighs.
        scores: NDArray[np.float64] = np.zeros((len(STATES), len(rows)))
        for start in range(0, len(rows), _PIECE_LINES):
            piece = scores[:, start : start + _PIECE_LINES]
            for values, weights in zip(
                rows[start : start + _PIECE_LINES].T, zip(*self.weights, strict=True), strict=True
            ):
                piece += np.array(weights)[:, None] * values
        scores += np.array(self.constants)[:, None]
        most = scores.max(0)
        total = most + np.log(np.exp(scores - most).sum(0))
        chances: NDArray[np.float64] = np.maximum(_LEAST, scores - total)
        chances[[[_ABOVE], [_BELOW]], rows[:, _TITLE] > GUESSED] = _NEVER
        return chances


def _divide(scores: NDArray[Any]) -> NDArray[Any]:
    """The states of a page's lines in the division with the highest score, from the scores of each state's lines.

    Above comes first, then headline and lines between, which may take turns, then the text, then what is below; any of the
    first three may be missing. The best score of a state on a line is its own there and the best of what may stand on
    the line before; along a run of one state that is a running maximum, and no line has to wait for the one before.
    """
    import numpy as np

    above, headline, between, text, below = scores
    count = len(above)
    best_above = np.cumsum(above)
    best_head = _run(np.maximum(headline, between), np.append(0, best_above[:-1]))
    came = np.append(0, np.maximum(best_above, best_head)[:-1])
    best_text = _run(text, came)
    # There is some text, so nothing is below it on the first line.
    best_below = _run(below[1:], best_text[:-1])
    states = np.full(count, _TEXT)
    stop = count
    if count > 1 and best_below[-1] > best_text[-1]:
        # It began on the last line before which the text was as good.
        later = best_text[1:-1] >= best_below[:-1]
        stop = 2 + int(np.flatnonzero(later)[-1]) if later.any() else 1
        states[stop:] = _BELOW
    earlier = np.flatnonzero(came[1:stop] >= best_text[: stop - 1])
    start = 1 + int(earlier[-1]) if len(earlier) else 0
    state = _TEXT
    for i in range(start - 1, -1, -1):
        best = (best_above[i], headline[i] + came[i], between[i] + came[i])
        state = max(_BEFORE_BETWEEN if state == _BETWEEN else _BEFORE_OTHERS, key=best.__getitem__)
        if state == _ABOVE:
            states[: i + 1] = _ABOVE
            break
        states[i] = state
    return states


def _run(own: NDArray[Any], before: NDArray[Any]) -> NDArray[Any]:
    """The best scores of a run of one state that may begin on any line, after the best score of what stands before it."""
    import numpy as np

    total = np.cumsum(own)
    found: NDArray[Any] = total + np.maximum.accumulate(before - (total - own))
    return found


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
