"""What a page prints into a line of text: tools, calls, advertisements, notices, addresses, in its middle, behind it or before it.

A small network reads the letters of a line, each with those up to fourteen letters away, and says of each how well it goes with text, with the
first letter of a piece that is none, with the other letters of such a piece, and with the first letter behind one. The likeliest
sequence of these is the line's division. How much likelier it is than that all is text, a piece says in tenths of a bit.

Most lines are text and nothing else, and show it: they end with the end of a sentence, have no sign that writers don't use, and
no pair of letters after another that is commoner in what pages print. Only what stands near such a sign is read by the network.

All numbers are whole ones, so that every machine reads alike (as in `reading/network.py`): vectors and what the layers say are in parts of 1/32, the
weights in parts of 1/64, and no sum exceeds what single precision holds exactly. They were learned by `python -m training.glued`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_table import codes_of
from ..arrays.compiled import compiled
from ..arrays.expressions import expression
from ..arrays.products import packed, product
from ..conversion.lexicon import lexicon
from ..signs import BEHIND_STOPS, EMOJI, SENTENCE_ENDS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "ALPHABET_SIZE",
    "CLASSES",
    "DILATIONS",
    "GLANCE_REACH",
    "PAIRS",
    "REACH",
    "TABLE",
    "UNIT",
    "WEIGHT_UNIT",
    "Alphabet",
    "Piece",
    "Tagger",
    "pairs_of",
    "tagger",
]

TABLE = "data/reading/glued.npz"
ALPHABET_SIZE, PAIRS = 3600, 1 << 13
CLASSES = 8
"""The first numbers: no letter, spaces, and letters and signs that are in no alphabet of a few thousand, by what they are."""
UNIT, WEIGHT_UNIT = 32, 64
GLANCE_REACH = 3
REACH, DILATIONS = 2, (1, 2, 4)
"""A layer sees so many letters on both sides, each so far from the next."""
_NOTHING, _SPACE, _HAN, _LETTER, _EMOJI, _SIGN = range(6)
_GAP = REACH * max(DILATIONS)
_NEAR = 24
"""So many letters around a sign that something is glued to the text are read."""
_MAY_BE = 3000
"""From so much on that a glance says of a letter it is read, in parts of 1/2048 of a nat."""
_TENTHS_OF_BIT = 10 / 0.6931471805599453 / (UNIT * WEIGHT_UNIT)
_WORTH = UNIT * WEIGHT_UNIT // 2
"""So much more than for text the letters of a piece say for it at least."""
_NEVER = -1e9
_BEFORE = ((0, 3), (0, 3), (1, 2), (1, 2))
"""Which tags may come before each."""
_RUN = expression("[\u3400-\u9fff]+|[a-z]+|[0-9]+|.")
_SHOWS = expression(
    f"[{SENTENCE_ENDS}；;][{BEHIND_STOPS}~]*[ ]*(?=[^{SENTENCE_ENDS}]{{2,}}\\Z)"
    f"|[\\[\\]【】<>|_=#*@&→←▲▼►☞♡♥◇◆■□●★☆\\\\{EMOJI}]|https?|www|\\.(?:com|cn|net|tw|hk|jpg|png)|--"
    "|(?<=[^\\x00-\\x7f]) +(?=\\S)|  +"
)


class Piece(NamedTuple):
    """Letters `start` to before `stop` of a line are none of its text; `says` tells how sure that is, in tenths of a bit."""

    start: int
    stop: int
    says: int


class Alphabet:
    """The letters and signs that have a number of their own.

    Args:
        codes: their code points, in order.
    """

    def __init__(self, codes: NDArray[Any]) -> None:
        import numpy as np

        self.codes = codes
        table = np.full(1 << 16, _SIGN, np.int64)
        table[0xC0:0x2000] = table[0x2E80:0x3400] = _LETTER
        table[0x3400:0xA000] = _HAN
        table[0x2600:0x27C0] = _EMOJI
        table[codes] = np.arange(CLASSES, CLASSES + len(codes))
        table[ord("1") : ord("9") + 1] = table[ord("0")]
        table[[ord(space) for space in " \t\u3000\xa0\u2002\u2003"]] = _SPACE
        table[ord("\n")] = _NOTHING
        self._table = table

    def numbers(self, folded: str) -> NDArray[Any]:
        """The number of each letter of folded text; a line end is none.

        >>> import numpy as np
        >>> Alphabet(np.array([48, 0x8239], np.uint32)).numbers("7船渡").tolist()
        [8, 9, 2]
        """
        import numpy as np

        codes = codes_of(folded)
        found: NDArray[Any] = self._table.take(codes, mode="clip")
        beyond = np.flatnonzero(codes > 0xFFFF)
        if len(beyond):
            found[beyond] = np.where(codes[beyond] < 0x20000, _EMOJI, _HAN)
        return found


def pairs_of(numbers: NDArray[Any]) -> NDArray[Any]:
    """The place of each pair of letters side by side in a table, one before the first letter and one behind the last with none."""
    import numpy as np

    padded = np.zeros(len(numbers) + 2, np.int64)
    padded[1:-1] = numbers
    found: NDArray[Any] = (padded[:-1] * 1000003 + padded[1:] * 7919) % PAIRS
    return found


class Tagger:
    """The weights, and the pieces that they find."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        import numpy as np

        self._alphabet = Alphabet(arrays["alphabet"])
        self._letters, self._pairs, self._glance_pairs = (
            arrays[name].astype(np.int16) for name in ("letters", "pairs", "glance_pairs")
        )
        self._layers = [_Layer.of(arrays, f"near{number}") for number in range(len(DILATIONS))]
        self._tags, self._glance_near, self._glance_tag = (
            _Layer.of(arrays, name) for name in ("tags", "glance_near", "glance_tag")
        )
        self._follow = arrays["follow"].astype(np.float64)

    def pieces(self, folds: Sequence[str]) -> list[list[Piece]]:
        """The pieces in lines, given by their folds, in order.

        >>> (found,) = tagger().pieces(["摆渡的人把船系好,走上了岸,夜里又下起了雨。点击下载客户端查看更多图片"])
        >>> [(piece.start, piece.stop) for piece in found]
        [(22, 35)]
        """
        found: list[list[Piece]] = [[] for _ in folds]
        stretches = list(self._stretches(folds))
        for first in range(0, len(stretches), 64):
            some = stretches[first : first + 64]
            texts = [folds[line][start:stop] for line, start, stop in some]
            for (line, start, _), text, scores in zip(some, texts, self._scores(texts), strict=True):
                for piece in self._divide(text, scores):
                    found[line].append(Piece(piece.start + start, piece.stop + start, piece.says))
        return found

    def _stretches(self, folds: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Where something may be glued to the text: of each line from where to where it is read."""
        import numpy as np

        # No line is seen from another one.
        numbers = self._alphabet.numbers(("\n" * GLANCE_REACH).join(folds))
        starts = np.cumsum([0, *(len(folded) + GLANCE_REACH for folded in folds)])
        at = np.flatnonzero(self._glance(numbers) >= _MAY_BE)
        bounds = np.searchsorted(at, starts).tolist()
        for line, folded in enumerate(folds):
            glanced = (at[bounds[line] : bounds[line + 1]] - starts[line]).tolist()
            places = sorted([*glanced, *(found.end() for found in _SHOWS.finditer(folded))])
            start = stop = 0
            for place in places:
                if place - _NEAR > stop:
                    if stop:
                        yield line, start, stop
                    start = max(0, place - _NEAR)
                stop = min(len(folded), place + _NEAR)
            if stop:
                yield line, start, stop

    def _glance(self, numbers: NDArray[Any]) -> NDArray[Any]:
        """How much the pairs near each letter say for a piece there; where there is no letter, nothing does."""
        import numpy as np

        there = numbers != _NOTHING
        values = self._glance_pairs.take(pairs_of(numbers)[:-1], axis=0)
        values *= there[:, None]
        said = self._glance_tag.scores(_near_layer(values, there, 1, GLANCE_REACH, self._glance_near))
        found: NDArray[Any] = np.where(there, said[:, 0], _NEVER)
        return found

    def _scores(self, texts: Sequence[str]) -> list[NDArray[Any]]:
        """For each letter of texts how well it goes with each tag."""
        import numpy as np

        gap = "\n" * _GAP
        numbers = self._alphabet.numbers(gap + gap.join(texts) + gap)
        pairs = self._pairs.take(pairs_of(numbers), axis=0)
        there = numbers != _NOTHING
        values = np.concatenate([self._letters.take(numbers, axis=0), pairs[:-1], pairs[1:]], 1)
        values *= there[:, None]
        total = np.zeros((len(numbers), len(self._layers[0].constants)), np.int16)
        for layer, dilation in zip(self._layers, DILATIONS, strict=True):
            values = _near_layer(values, there, dilation, REACH, layer)
            total += values
        scores = self._tags.scores(total)
        found, at = [], _GAP
        for text in texts:
            found.append(scores[at : at + len(text)])
            at += len(text) + _GAP
        return found

    def _divide(self, text: str, scores: NDArray[Any]) -> list[Piece]:
        """The pieces of the likeliest division of a text, each by how much likelier it is than that it is text."""
        import numpy as np

        # A piece begins and ends at some cost: its letters have to be worth that.
        gains = np.append(0, (scores[:, 1:3].max(1) - scores[:, 0]).cumsum())
        if (gains - np.minimum.accumulate(gains)).max() < _WORTH:
            return []
        scores = scores.astype(np.float64)
        tags = _likeliest(scores, self._follow)
        if 1 not in tags:
            return []
        edges = _edges(text)
        if any(tags[at] in (1, 3) and at not in edges for at in range(len(tags))):
            inner = sorted(set(range(1, len(tags))) - edges)
            scores[inner, 1] = scores[inner, 3] = _NEVER
            tags = _likeliest(scores, self._follow)
        rows = scores.tolist()
        found = []
        for start in (at for at, tag in enumerate(tags) if tag == 1):
            stop = next((at for at in range(start + 1, len(tags)) if tags[at] != 2), len(tags))
            last = min(stop, len(tags) - 1)
            plain = [*tags[:start], *[0] * (last + 1 - start)]
            more = self._sum(rows, tags, start, last) - self._sum(rows, plain, start, last)
            found.append(Piece(start, stop, round(more * _TENTHS_OF_BIT)))
        return found

    def _sum(self, rows: list[list[float]], tags: list[int], first: int, last: int) -> float:
        """How well a stretch goes with its tags."""
        steps = sum(self._follow[tags[at - 1], tags[at]] for at in range(max(1, first), last + 1))
        return float(steps) + sum(rows[at][tags[at]] for at in range(first, last + 1))


class _Layer(NamedTuple):
    """The weights of a layer, a column for each output, and as the compiled part takes them; and its constants."""

    weights: NDArray[Any]
    packed: NDArray[Any]
    constants: NDArray[Any]

    @classmethod
    def of(cls, arrays: dict[str, NDArray[Any]], name: str) -> _Layer:
        import numpy as np

        weights = arrays[f"{name}_weights"]
        return cls(weights.astype(np.float32), packed(weights), arrays[f"{name}_constants"].astype(np.int32))

    def scores(self, values: NDArray[Any]) -> NDArray[Any]:
        """What the layer makes of values, not rounded."""
        import numpy as np

        found: NDArray[Any] = product(values.astype(np.float32), self.weights) + self.constants
        return found


def _near_layer(values: NDArray[Any], there: NDArray[Any], dilation: int, reach: int, layer: _Layer) -> NDArray[Any]:
    """What a layer makes of letters and so many on both sides of each, so far from each other; nothing where no letter is."""
    import numpy as np

    count = len(values)
    if (part := compiled()) is not None and count:
        found = np.empty((count, len(layer.constants)), np.int16)
        values = np.ascontiguousarray(values)
        part.near_layer(values, there.view(np.uint8), dilation, reach, layer.packed, layer.constants, found)
        return found
    edge = reach * dilation
    padded = np.zeros((count + 2 * edge, values.shape[1]), np.float32)
    padded[edge : edge + count] = values
    said = layer.scores(np.concatenate([padded[at : at + count] for at in range(0, 2 * edge + 1, dilation)], 1))
    said /= WEIGHT_UNIT
    np.rint(said, out=said)
    rounded: NDArray[Any] = np.clip(said, 0, 255).astype(np.int16)
    rounded *= there[:, None]
    return rounded


def _likeliest(scores: NDArray[Any], follow: NDArray[Any]) -> list[int]:
    """The likeliest tags: of text (0) or the first letter behind a piece (3) either more text or the first letter of a piece (1) follows, of a
    piece (1, 2) its next letter (2) or the first one behind it."""
    import numpy as np

    if (part := compiled()) is not None:
        found = np.empty(len(scores), np.uint8)
        part.likeliest(np.ascontiguousarray(scores), follow, found)
        return found.tolist()
    rows, steps = scores.tolist(), follow.tolist()
    sums = [rows[0][0], rows[0][1], _NEVER, _NEVER]
    before: list[list[int]] = []
    for row in rows[1:]:
        before.append(
            [
                one if sums[one] + steps[one][tag] >= sums[other] + steps[other][tag] else other
                for tag, (one, other) in enumerate(_BEFORE)
            ]
        )
        sums = [sums[last] + steps[last][tag] + row[tag] for tag, last in enumerate(before[-1])]
    tags = [sums.index(max(sums))]
    for step in reversed(before):
        tags.append(step[tags[-1]])
    return tags[::-1]


def _edges(text: str) -> set[int]:
    """Where words, numbers and signs of a text begin and end."""
    edges = {0, len(text)}
    for run in _RUN.finditer(text):
        place = run.start()
        edges.add(place)
        if run[0][0] >= "\u3400":
            for word in lexicon().cheapest(run[0])[1]:
                place += len(word)
                edges.add(place)
        edges.add(run.end())
    return edges


@cache
def tagger() -> Tagger:
    """The tagger that comes with the package."""
    import numpy as np

    with np.load(Path(__file__).parents[1] / TABLE) as arrays:
        return Tagger({name: arrays[name] for name in arrays.files})
