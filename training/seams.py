"""Learn where texts break off: makes `data/reading/seams.npy`.

    pip install -e . torch
    python -m training.seams [--more FOLDER] [--steps N]

The places are made of what stays of the labelled pages. A text goes on between two of its words, and behind the marks of its clauses. It does not where such a mark is
left out, and where a heading, a caption or a clause of the same page begins, or ends, in its middle, at its end or in front of it.
"""

from __future__ import annotations

import argparse
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from zhnorm.arrays.weights import write_weights
from zhnorm.conversion.fold import fold
from zhnorm.package_data import data_path
from zhnorm.reading.kinds import CONTENT
from zhnorm.signs import COMMAS, CRIES, ELLIPSES, FULL_STOPS
from zhnorm.text.alphabet import CLASSES, HAN, NOTHING, Alphabet
from zhnorm.text.glued import edges_of
from zhnorm.text.seams import MOST, REACH, TABLE, UNIT, WEIGHT_UNIT

from .labelled import marked_pages, more, parts_of
from .rounding import rounded, whole

WEIGHTS = Path(data_path(TABLE))
SEED = 0
STEPS, BATCH, RATE = 20000, 1024, 4e-3
ALPHABET_SIZE, VECTOR, SIZE = 3600, 24, 64
HIDDEN, DROPPED_OUT = 0.05, 0.1
"""Shares: of Chinese characters that are shown as unknown ones, of what the network says to itself that is left out."""
APART = 10
"""One page of so many is not learned, and tells how well the network does."""
ANYWHERE, WORDS = 0.25, 0.35
"""Shares: of the places where a text goes on that stand anywhere, and at the edges of words. All others stand behind marks."""
MARK_LEFT_OUT, IN_FRONT = 0.35, 0.35
"""Shares: of the seams where a mark is left out, of those in front of another text. The others stand behind another text."""
CLAUSE, SHORT, NO_MARK, AT_EDGE, IN_WORDS = 0.35, 0.75, 0.5, 0.25, 0.08
"""Shares: of other texts that are a clause, and of the others those that are a heading or a caption; of texts that lose the mark before a seam; of seams at the end of a
line, or its beginning, and between two words."""
SHORT_KINDS = frozenset(("title", "heading", "caption"))
_MARKS = re.compile(f"[{FULL_STOPS}{CRIES}{ELLIPSES}{COMMAS}；;：:、]+")


def main() -> None:
    """Learn, and write the weights."""
    parser = argparse.ArgumentParser(prog="python -m training.seams", description="Learn where texts break off.")
    parser.add_argument("--more", type=Path, help="a folder of labelled pages from elsewhere")
    parser.add_argument("--steps", type=int, default=STEPS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    pages = [*_ours(), *(_others(options.more) if options.more else ())]
    apart = [page for name, page in pages if zlib.crc32(name.encode()) % APART == 0]
    learned = [page for name, page in pages if zlib.crc32(name.encode()) % APART]
    alphabet = _alphabet(learned)
    net = _Net(alphabet)
    _learn(net, Places(learned, alphabet), Places(apart, alphabet), options.steps)
    write_weights(WEIGHTS, net.arrays())


Lines = list[tuple[str, bool]]
"""The folded lines of a page, and whether each is a heading or a caption."""


def _ours() -> Iterator[tuple[str, Lines]]:
    """What our own pages say, without what is printed into their lines. Pages from which copies are learned (`training.copies`) are not among them."""
    for name, lines in marked_pages():
        if name.startswith("copies"):
            continue
        found: Lines = []
        for line in lines:
            if line.kind in CONTENT:
                own = [text.strip() for text, is_piece in parts_of(line) if not is_piece]
                found += [(fold(text), line.kind in SHORT_KINDS) for text in own if text]
        yield name, found


def _others(folder: Path) -> Iterator[tuple[str, Lines]]:
    for page in more(folder):
        if not page.alone and not page.source.startswith("wild"):
            lines = zip(page.texts, page.wanted, strict=True)
            yield (
                page.name,
                [(fold(text.strip()), False) for text, wanted in lines if text.strip() and wanted & set(CONTENT)],
            )


def _alphabet(pages: list[Lines]) -> Alphabet:
    counts = Counter(sign for lines in pages for text, _ in lines for sign in text)
    common = [
        sign
        for sign, _ in counts.most_common()
        if ord(sign) < 1 << 16 and not sign.isspace() and sign not in "123456789"
    ]
    return Alphabet(np.array(sorted(map(ord, common[: ALPHABET_SIZE - CLASSES])), np.uint32))


class Places:
    """Places in lines of pages, from which those with a seam and those without one are drawn."""

    def __init__(self, pages: list[Lines], alphabet: Alphabet) -> None:
        gap = "\n" * REACH
        text, at = [gap], REACH
        words: list[int] = []
        anywhere: list[int] = []
        clauses: list[tuple[int, int, int, int]] = []
        lines: list[tuple[int, int, int, int]] = []
        short: list[tuple[int, int, int, int]] = []
        for number, page in enumerate(pages):
            for line, is_short in page:
                inner = [place for place in range(1, len(line)) if line[place - 1 : place + 1].isalnum()]
                edges = edges_of(line)
                anywhere += [at + place for place in inner]
                words += [at + place for place in inner if place in edges]
                for found in _MARKS.finditer(line, 2, max(2, len(line) - 2)):
                    behind = len(line) - len(line[found.end() :].lstrip())
                    clauses.append((number, at + found.start(), at + found.end(), at + behind))
                said = len(_MARKS.sub("", line[-2:])) - len(line[-2:]) + len(line)
                row = (number, at + said, at + len(line), at)
                lines.append(row)
                if is_short:
                    short.append(row)
                text += [line, gap]
                at += len(line) + REACH
        self.numbers = alphabet.numbers("".join(text))
        self._words, self._anywhere = np.array(words), np.array(anywhere)
        self._clauses, self._lines = np.array(clauses), np.array(lines)
        short = short or lines
        # Where a page has neither headings nor captions all its lines stand for them.
        with_short = {row[0] for row in short}
        self._short = np.array(sorted([*short, *(row for row in lines if row[0] not in with_short)]))
        self._is_han = np.zeros(CLASSES + len(alphabet.codes), bool)
        self._is_han[CLASSES:] = (alphabet.codes >= 0x3400) & (alphabet.codes < 0xA000)
        every = np.arange(len(pages) + 1)
        self._bounds = {
            id(rows): np.searchsorted(rows[:, 0], every) for rows in (self._clauses, self._lines, self._short)
        }

    def draw(self, chance: np.random.Generator, count: int, hidden: float) -> tuple[Tensor, Tensor]:
        """The letters around places, half of which are seams, and which are."""
        whole_places = self._whole(chance, count // 2)
        torn = self._torn(chance, count - count // 2)
        before, behind = (np.concatenate(sides) for sides in zip(whole_places, torn, strict=True))
        sides = np.concatenate([before[:, None] + np.arange(-REACH, 0), behind[:, None] + np.arange(REACH)], 1)
        numbers = self.numbers[sides]
        is_hidden = (chance.random(numbers.shape) < hidden) & self._is_han[numbers]
        is_torn = np.repeat([0.0, 1.0], [count // 2, count - count // 2]).astype(np.float32)
        return torch.from_numpy(np.where(is_hidden, HAN, numbers)), torch.from_numpy(is_torn)

    def _whole(self, chance: np.random.Generator, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where a text goes on."""
        kind = chance.random(count)
        clauses = chance.choice(self._clauses, count)
        inner = np.where(kind < ANYWHERE, chance.choice(self._anywhere, count), chance.choice(self._words, count))
        is_inner = kind < ANYWHERE + WORDS
        return np.where(is_inner, inner, clauses[:, 2]), np.where(is_inner, inner, clauses[:, 3])

    def _torn(self, chance: np.random.Generator, count: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where it does not."""
        kind, mark = chance.random(count), chance.random(count) < NO_MARK
        clauses = chance.choice(self._clauses, count)
        page = clauses[:, 0]
        edge, other = self._of_page(chance, self._lines, page), self._other(chance, page)
        is_edge, is_inner = chance.random(count) < AT_EDGE, chance.random(count) < IN_WORDS
        host = np.where(is_edge[:, None], edge, clauses)
        words = chance.choice(self._words, count)
        own_end = np.where(is_inner, words, np.where(mark & is_edge, host[:, 1], host[:, 2]))
        own_start = np.where(is_inner, words, host[:, 3])
        end = np.where(mark, other[:, 1], other[:, 2])
        left_out, in_front = kind < MARK_LEFT_OUT, kind < MARK_LEFT_OUT + IN_FRONT
        return (
            np.where(left_out, clauses[:, 1], np.where(in_front, own_end, end)),
            np.where(left_out, clauses[:, 3], np.where(in_front, other[:, 3], own_start)),
        )

    def _other(self, chance: np.random.Generator, page: NDArray[np.int64]) -> NDArray[np.int64]:
        """Another text of each page."""
        kind = chance.random(len(page))
        clause, short, line = (self._of_page(chance, rows, page) for rows in (self._clauses, self._short, self._lines))
        is_clause, is_short = kind < CLAUSE, kind < CLAUSE + (1 - CLAUSE) * SHORT
        return np.where(is_clause[:, None], clause, np.where(is_short[:, None], short, line))

    def _of_page(
        self, chance: np.random.Generator, rows: NDArray[np.int64], page: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        bounds = self._bounds[id(rows)]
        first, stop = bounds[page], bounds[page + 1]
        return rows[first + (chance.random(len(page)) * (stop - first)).astype(np.int64)]


class _Net(nn.Module):
    """The network of `zhnorm.text.seams` in floating point, rounded as that is."""

    def __init__(self, alphabet: Alphabet) -> None:
        super().__init__()
        self.alphabet = alphabet
        self.letters = nn.Embedding(ALPHABET_SIZE, VECTOR)
        nn.init.normal_(self.letters.weight, std=0.3)
        self.near, self.last = nn.Linear(2 * REACH * VECTOR, SIZE), nn.Linear(SIZE, 1)
        self.some = nn.Dropout(DROPPED_OUT)

    def forward(self, numbers: Tensor) -> Tensor:
        vectors = rounded(self.letters(numbers), UNIT, 127) * (numbers != NOTHING)[:, :, None]
        said = _layer(vectors.flatten(1), self.near).clamp(min=0)
        found: Tensor = _layer(self.some(rounded(said, UNIT, MOST)), self.last)
        return found[:, 0]

    def arrays(self) -> dict[str, np.ndarray]:
        """The weights in whole numbers."""
        found = {
            "alphabet": self.alphabet.codes.astype(np.uint16),
            "letters": whole(self.letters.weight, UNIT, 127).astype(np.int8),
        }
        for name, layer in (("near", self.near), ("last", self.last)):
            found[f"{name}_weights"] = whole(layer.weight.T, WEIGHT_UNIT, 127).astype(np.int8)
            found[f"{name}_constants"] = whole(layer.bias, UNIT * WEIGHT_UNIT, 1 << 20).astype(np.int32)
        return found


def _layer(values: Tensor, layer: nn.Linear) -> Tensor:
    weights, constants = rounded(layer.weight, WEIGHT_UNIT, 127), rounded(layer.bias, UNIT * WEIGHT_UNIT, 1 << 20)
    return functional.linear(values, weights, constants)


def _learn(net: _Net, places: Places, apart: Places, steps: int) -> None:
    optimizer = torch.optim.AdamW(net.parameters(), lr=RATE / 2, weight_decay=1e-2)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, steps)
    chance = np.random.default_rng(SEED)
    unknown = apart.draw(np.random.default_rng(SEED + 1), 20 * BATCH, 0)
    for step in range(1, steps + 1):
        numbers, is_torn = places.draw(chance, BATCH, HIDDEN)
        loss = functional.binary_cross_entropy_with_logits(net(numbers), is_torn)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        rates.step()
        if step % 1000 == 0 or step == steps:
            net.eval()
            with torch.no_grad():
                found = net(unknown[0])
            net.train()
            missed = functional.binary_cross_entropy_with_logits(found, unknown[1])
            right = ((found > 0) == (unknown[1] > 0)).float().mean()
            print(
                f"step {step} of {steps}: {missed:.3f} nats, {right:.1%} right on pages that are not learned",
                flush=True,
            )


if __name__ == "__main__":
    main()
