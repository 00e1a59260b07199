"""What a page prints into a line of text: tools, calls, advertisements, notices, addresses, in its middle, behind it or before it.

A small network reads the letters of a line, each with those up to 32 letters away, and says of each how well it goes with text, with the
first letter of a piece that is none, with the other letters of such a piece, and with the first letter behind one. The likeliest
sequence of these is the line's division. How much likelier it is than that all is text, a piece says in tenths of a bit.

Its first layer sees five letters and pairs of letters, and every line is read by it. Most lines are text and nothing else, and a glance at what it
says of some letters in a row tells so. Only what stands near letters that may be of a piece is read by the other layers.

All numbers are whole ones, so that every machine reads alike (as in `reading/network.py`): vectors and what the layers say are in parts of 1/32, the
weights in parts of 1/64, and no sum exceeds what single precision holds exactly. They were learned by `python -m training.glued`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.compiled import compiled
from ..arrays.expressions import expression
from ..arrays.matrices import packed, packed_by_four, product
from ..arrays.weights import read_weights
from ..conversion.lexicon import lexicon
from ..package_data import data_path
from ..signs import CLOSING_QUOTES, ELLIPSES, FOLDED_STOPS
from .alphabet import HAN, NOTHING, Alphabet

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "ALPHABET_SIZE",
    "GLANCE",
    "LAYERS",
    "MOST_SAID",
    "PAIRS",
    "TABLE",
    "UNIT",
    "WEIGHT_UNIT",
    "Piece",
    "Tagger",
    "are_edges",
    "edges_of",
    "pairs_of",
    "tagger",
]

TABLE = "reading/glued.npy"
ALPHABET_SIZE, PAIRS = 3600, 1 << 13
UNIT, WEIGHT_UNIT = 32, 64
LAYERS = ((2, 1), (1, 2), (1, 4), (1, 8), (1, 16))
"""Each layer sees so many letters on both sides, each so far from the next."""
GLANCE = (2, 2)
"""So does a glance at what the first layer says."""
MOST_SAID = (1 << 15) - 1
"""What a letter says to another one at most: the compiled part has a table of that, which holds no larger number."""
_GAP, _LINE_GAP = max(reach * dilation for reach, dilation in LAYERS), GLANCE[0] * GLANCE[1]
"""So far apart are stretches, and lines of which the first layer says something: none sees another one."""
_BATCH_CHARS = 1 << 15
"""So many letters are read together: each takes a hundred bytes meanwhile."""
_NEAR = 24
"""So many letters around one that may be of a piece are read."""
_MAY_BE = 0
"""From so much on that a glance says of a letter what is near it is read, in parts of 1/2048 of a nat: from even odds on."""
_FEW_STRANGE = 4
"""So many letters that the network does not know are more than a name."""
_TAGS = 4
_TENTHS_OF_BIT = 10 / 0.6931471805599453 / (UNIT * WEIGHT_UNIT)
_WORTH = UNIT * WEIGHT_UNIT // 2
"""So much more than for text the letters of a piece say for it at least."""
_NEVER = -1e9
_MIDDLE = 128
"""Added to each number of a vector none is below 0, as the compiled part takes them; the constants take it off again."""
_BEFORE = ((0, 3), (0, 3), (1, 2), (1, 2))
"""Which tags may come before each."""
_SENTENCE_GAIN, _WORDS_GAIN = 100, 60
"""A sentence with which a piece begins, or words before a space, belong to the text unless they make it so much surer, in tenths of a bit."""
_INNER = expression(f"(?:([{FOLDED_STOPS}{ELLIPSES}])[{CLOSING_QUOTES})\\]】]*\\s*|\\s+)(?=\\S)")
_SAYS = expression("[^\\W_]")
_RUN = expression("[\u3400-\u9fff]+|[a-z]+|[0-9]+|.")


class Piece(NamedTuple):
    """Letters `start` to before `stop` of a line are none of its text; `says` tells how sure that is, in tenths of a bit."""

    start: int
    stop: int
    says: int


def pairs_of(numbers: NDArray[Any]) -> NDArray[Any]:
    """For each letter the place, in a table, of the pair that it makes with the one before it; before the first there is none."""
    import numpy as np

    before = np.zeros_like(numbers)
    before[1:] = numbers[:-1]
    found: NDArray[Any] = (before * 1000003 + numbers * 7919) % PAIRS
    return found


class _Likely(NamedTuple):
    """A stretch of a line that may hold pieces: the line, from where to where, how well each letter goes with each tag, and the likeliest tags."""

    line: int
    start: int
    stop: int
    scores: NDArray[Any]
    tags: Sequence[int]


class Tagger:
    """The weights, and the pieces that they find."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        import numpy as np

        self._alphabet = Alphabet(arrays["alphabet"])
        self._letters = arrays["letters"].astype(np.int16)
        self._letters[NOTHING] = 0
        pairs = arrays["pairs"].astype(np.int16)
        self._pairs = np.concatenate([pairs, np.zeros((1, pairs.shape[1]), np.int16)])
        self._first, *self._layers = (_Layer.of(arrays, f"near{number}") for number in range(len(LAYERS)))
        self._tags, self._glance_near, self._glance_tag = (
            _Layer.of(arrays, name) for name in ("tags", "glance_near", "glance_tag")
        )
        self._follow = arrays["follow"].astype(np.float64)
        self._steps: list[list[float]] = self._follow.tolist()
        self._sizes = self._pairs.shape[1], LAYERS[0][0], *GLANCE, _NEAR, _WORTH

    def pieces(self, folds: Sequence[str]) -> list[list[Piece]]:
        """The pieces in lines, given by their folds, in order.

        >>> (found,) = tagger().pieces(["摆渡的人把船系好,走上了岸,夜里又下起了雨。点击下载客户端查看更多图片"])
        >>> [(piece.start, piece.stop) for piece in found]
        [(22, 35)]
        """
        found: list[list[Piece]] = [[] for _ in folds]
        for stretch in self._likely(folds):
            text = folds[stretch.line][stretch.start : stretch.stop]
            for piece in self._divide(text, stretch.scores, stretch.tags):
                found[stretch.line].append(Piece(piece.start + stretch.start, piece.stop + stretch.start, piece.says))
        return found

    def is_strange(self, folded: str) -> bool:
        """Whether a quarter of some folded text, and a few letters at least, are Chinese characters that are in no alphabet of a few thousand: so
        looks broken text, of which the network can say nothing.

        >>> tagger().is_strange("辫栌刖?聿毙?恍枵"), tagger().is_strange("点击查看更多")
        (True, False)
        """
        strange = int((self._alphabet.numbers(folded) == HAN).sum())
        return strange >= max(_FEW_STRANGE, len(folded) / 4)

    def _likely(self, folds: Sequence[str]) -> Iterator[_Likely]:
        """The stretches of lines whose likeliest tags show a piece."""
        import numpy as np

        if (part := compiled()) is not None:
            for line, start, stop, scores, tags in part.glued(list(folds), self._sizes, *self._packed):
                yield _Likely(line, start, stop, np.frombuffer(scores).reshape(-1, _TAGS).copy(), tags)
            return
        first = 0
        while first < len(folds):
            stop, size = first + 1, len(folds[first])
            while stop < len(folds) and size + len(folds[stop]) <= _BATCH_CHARS:
                size += len(folds[stop])
                stop += 1
            for stretch in self._read_together(folds[first:stop]):
                yield stretch._replace(line=first + stretch.line)
            first = stop

    @cached_property
    def _packed(self) -> tuple[NDArray[Any], ...]:
        """The weights, and all else that is learned, as the compiled part takes them."""
        import numpy as np

        near, tag = self._glance_near, self._glance_tag
        letters, pairs = self._letters.astype(np.float32), (self._pairs + _MIDDLE).astype(np.uint8)
        places = self._first.weights.reshape(2 * LAYERS[0][0] + 1, -1, len(self._first.constants))
        # All that a letter says to those near it, side by side, and below the same of a glance.
        sides = np.concatenate([*places[:, : letters.shape[1]]], axis=1)
        of_letters = product(letters, sides).astype(np.int16).reshape(len(letters), *places.shape[::2])
        of_pairs = places[:, letters.shape[1] :].reshape(-1, places.shape[2])
        of_glance = np.concatenate([*near.weights.reshape(2 * GLANCE[0] + 1, -1, near.weights.shape[1])], axis=1)
        of_layers = [layer.weights for layer in self._layers]
        return (
            *(self._alphabet.table.astype(np.uint16), of_letters, pairs, packed_by_four(of_pairs)),
            self._first.constants - _MIDDLE * of_pairs.sum(0).astype(np.int32),
            *(packed_by_four(of_glance), near.constants),
            np.append(tag.weights[:, 0], tag.constants - _MAY_BE).astype(np.int32),
            np.stack([packed_by_four(weights) for weights in of_layers]),
            np.stack([layer.constants for layer in self._layers]),
            np.array([dilation for _, dilation in LAYERS[1:]], np.int64),
            *(packed(self._tags.weights), self._tags.constants, self._follow),
            *(packed(of_pairs), packed(of_glance), np.stack([packed(weights) for weights in of_layers])),
        )

    def first(self, numbers: NDArray[Any], there: NDArray[Any]) -> NDArray[Any]:
        """What the first layer says of letters, given by their numbers and whether there are any."""
        import numpy as np

        pairs = np.where(there, pairs_of(numbers), PAIRS)
        return _near_layer(
            np.concatenate([self._letters[numbers], self._pairs[pairs]], 1), there, LAYERS[0], self._first
        )

    def _read_together(self, folds: Sequence[str]) -> Iterator[_Likely]:
        """The same of lines that are read together."""
        import numpy as np

        gap = "\n" * _LINE_GAP
        numbers = self._alphabet.numbers(f"{gap}{gap.join(folds)}{gap}")
        starts = np.cumsum([_LINE_GAP, *(len(folded) + _LINE_GAP for folded in folds)]).tolist()
        there = numbers != NOTHING
        values = self.first(numbers, there)
        near = _near_layer(values, there, GLANCE, self._glance_near)
        at = np.flatnonzero((self._glance_tag.scores(near)[:, 0] >= _MAY_BE) & there)
        stretches = list(_stretches(folds, starts, at))
        for some in (stretches[at : at + 64] for at in range(0, len(stretches), 64)):
            rows = [values[starts[line] + start : starts[line] + stop] for line, start, stop in some]
            for (line, start, stop), found in zip(some, self._scores(rows), strict=True):
                # A piece begins and ends at some cost: its letters have to be worth that.
                gains = np.append(0, (found[:, 1:3].max(1) - found[:, 0]).cumsum())
                if (gains - np.minimum.accumulate(gains)).max() >= _WORTH:
                    scores = found.astype(np.float64)
                    if 1 in (tags := _likeliest(scores, self._follow)):
                        yield _Likely(line, start, stop, scores, tags)

    def _scores(self, rows: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """For each letter of stretches, of which the first layer said something, how well it goes with each tag."""
        import numpy as np

        starts = np.cumsum([_GAP, *(len(each) + _GAP for each in rows)]).tolist()
        values = np.zeros((starts[-1], rows[0].shape[1]), np.int16)
        there = np.zeros(starts[-1], bool)
        for start, each in zip(starts, rows, strict=False):
            values[start : start + len(each)] = each
            there[start : start + len(each)] = True
        total = values.copy()
        for layer, seen in zip(self._layers, LAYERS[1:], strict=True):
            values = _near_layer(values, there, seen, layer)
            total += values
        scores = self._tags.scores(total)
        return [scores[start : start + len(each)] for start, each in zip(starts, rows, strict=False)]

    def _divide(self, text: str, scores: NDArray[Any], tags: Sequence[int]) -> list[Piece]:
        """The pieces of a text, given with its likeliest tags, each by how much likelier it is than that it is text. Their edges are those of
        words."""
        if not are_edges(text, [at for at, tag in enumerate(tags) if tag in (1, 3)]):
            inner = sorted(set(range(1, len(tags))) - edges_of(text))
            scores[inner, 1] = scores[inner, 3] = _NEVER
            tags = _likeliest(scores, self._follow)
        found = []
        for start in (at for at, tag in enumerate(tags) if tag == 1):
            stop = next((at for at in range(start + 1, len(tags)) if tags[at] != 2), len(tags))
            more = self._worth(scores[start : stop + 1].tolist(), tags[max(0, start - 1) : stop + 1])
            piece = Piece(start, stop, round(more * _TENTHS_OF_BIT))
            found.append(self._without_text(text, piece, scores, tags))
        return found

    def _without_text(self, text: str, piece: Piece, scores: NDArray[Any], tags: Sequence[int]) -> Piece:
        """A piece without what it begins with, if that hardly makes it surer: short sentences of the text look like those of others."""
        start, stop, says = piece
        best = piece
        inner = [
            (found.end(), _SENTENCE_GAIN if found[1] else _WORDS_GAIN)
            for found in _INNER.finditer(text, start, stop - 1)
            if _SAYS.search(text, start, found.end()) and _SAYS.search(text, found.end(), stop)
        ]
        if inner:
            gains = self._gains(scores[start:stop], tags[start - 1] if start else None, tags[stop : stop + 1])
            for at, most in inner:
                gain = round(gains[at - start] * _TENTHS_OF_BIT)
                if gain <= most:
                    best = Piece(at, stop, says - gain)
        return best

    def _gains(self, rows: NDArray[Any], before: int | None, behind: Sequence[int]) -> list[float]:
        """How much better a piece goes with its tags than what begins at each of its letters; the first is of no use."""
        import numpy as np

        steps = self._follow
        letters = rows[:, 2] - rows[:, 0]
        letters[0] = rows[0, 1] - rows[0, 0]
        sums = np.append(0, letters.cumsum())[:-1] + rows[:, 2] - rows[:, 1]
        follow = steps[1, 2] - steps[0, 1] + (steps[2, 2] - steps[0, 0]) * np.arange(-1, len(rows) - 1)
        if before is not None:
            follow += steps[before, 1] - steps[before, 0]
        next_tags = [*[2] * (len(rows) - 1), *behind]
        follow[: len(next_tags)] += [steps[2, tag] - steps[1, tag] for tag in next_tags]
        found: list[float] = (sums + follow).tolist()
        return found

    def _worth(self, rows: list[list[float]], tags: Sequence[int]) -> float:
        """How much better a piece, with the first letter behind it, goes with its tags than with those of text; the tag of the letter before it
        stands before its own, if there is one."""
        letters = sum([row[tag] - row[0] for row, tag in zip(rows, tags[-len(rows) :], strict=True)])
        steps = sum([self._steps[one][other] for one, other in pairwise(tags)])
        of_text = self._steps[0][0] * (len(rows) - 1) + (self._steps[tags[0]][0] if len(tags) > len(rows) else 0)
        return letters + steps - of_text


def _stretches(folds: Sequence[str], starts: Sequence[int], glanced: NDArray[Any]) -> Iterator[tuple[int, int, int]]:
    """Where something may be glued to the text: of each line from where to where it is read on.

    Args:
        folds: the lines.
        starts: where each begins among the letters of all.
        glanced: letters, in order, of which a glance says so.
    """
    import numpy as np

    bounds = np.searchsorted(glanced, starts).tolist()
    for line, folded in enumerate(folds):
        start = stop = 0
        for place in (glanced[bounds[line] : bounds[line + 1]] - starts[line]).tolist():
            if place - _NEAR > stop:
                if stop:
                    yield line, start, stop
                start = max(0, place - _NEAR)
            stop = min(len(folded), place + _NEAR)
        if stop:
            yield line, start, stop


class _Layer(NamedTuple):
    """The weights of a layer, a column for each output, and its constants."""

    weights: NDArray[Any]
    constants: NDArray[Any]

    @classmethod
    def of(cls, arrays: dict[str, NDArray[Any]], name: str) -> _Layer:
        import numpy as np

        return cls(arrays[f"{name}_weights"].astype(np.float32), arrays[f"{name}_constants"].astype(np.int32))

    def scores(self, values: NDArray[Any]) -> NDArray[Any]:
        """What the layer makes of values, not rounded."""
        import numpy as np

        found: NDArray[Any] = product(values.astype(np.float32), self.weights) + self.constants
        return found


def _near_layer(values: NDArray[Any], there: NDArray[Any], seen: tuple[int, int], layer: _Layer) -> NDArray[Any]:
    """What a layer makes of letters and so many on both sides of each, so far from each other; nothing where no letter is."""
    import numpy as np

    reach, dilation = seen
    count = len(values)
    edge = reach * dilation
    padded = np.zeros((count + 2 * edge, values.shape[1]), np.float32)
    padded[edge : edge + count] = values
    said = layer.scores(np.concatenate([padded[at : at + count] for at in range(0, 2 * edge + 1, dilation)], 1))
    return _rounded(said, there)


def _rounded(sums: NDArray[Any], there: NDArray[Any]) -> NDArray[Any]:
    """What a layer says, from its sums; nothing where no letter is."""
    import numpy as np

    said = np.rint(sums / np.float32(WEIGHT_UNIT))
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


def are_edges(text: str, places: Sequence[int]) -> bool:
    """Whether some places of a text, in order, are edges of words, numbers or signs: no more words are looked up than those around them.

    >>> are_edges("摆渡的人,走上岸", [2, 4]), are_edges("摆渡的人,走上岸", [1])
    (True, False)
    """
    left = [place for place in places if 0 < place < len(text)]
    for run in _RUN.finditer(text):
        if not left:
            break
        start, stop = run.span()
        inner = [place for place in left if start < place < stop]
        if inner and (run[0][0] < "\u3400" or not set(inner) <= set(_word_ends(run[0], start))):
            return False
        left = [place for place in left if place > stop]
    return True


def edges_of(text: str) -> set[int]:
    """Where words, numbers and signs of a text begin and end."""
    edges = {0, len(text)}
    for run in _RUN.finditer(text):
        place = run.start()
        edges.add(place)
        if run[0][0] >= "\u3400":
            edges.update(_word_ends(run[0], place))
        edges.add(run.end())
    return edges


def _word_ends(text: str, start: int) -> Iterator[int]:
    """Where words of a text end that begins at `start`."""
    return accumulate((len(word) for word in lexicon().cheapest(text)[1]), initial=start)


@cache
def tagger() -> Tagger:
    """The tagger that comes with the package."""
    return Tagger(read_weights(data_path(TABLE)))
