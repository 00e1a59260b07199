"""The network of `zhnorm.reading.network`, learned.

It has the same layers in floating point. While it learns, words, rules' hits and surroundings are hidden from it now and then, so that it relies
on none of them alone; after a few passes it would learn the pages by heart, and stops.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from zhnorm.reading.kinds import KINDS
from zhnorm.reading.network import LAYERS, NEAR_LINES, ONE, Network
from zhnorm.reading.ngrams import TABLE_BITS
from zhnorm.reading.surroundings import OFFSETS

from .seen import Sample, Seen, without_hits

__all__ = ["learn"]

VECTOR, OWN_SIZE, SEEN_SIZE, MIX_SIZE = 32, 40, 20, 64
PASSES = 12
RATE = 3e-3
VECTOR_RATE = 5e-4
"""Words are what a network learns by heart, so they are learned slowly."""
BATCH_LINES = 1500
LONG_PAGE = 50
"""Text without chrome is shown in pieces of so many lines."""
HIDDEN = 0.1
HIDDEN_HITS = 0.2
DROPPED_OUT = 0.3
NAMING_STEPS = 300
ALONE_COUNTS = 0.4
"""What a line is by itself counts for so much of what it is in its place."""
_VECTOR_BYTE = 127


class _Floating(nn.Module):
    def __init__(self, seen: Seen, around: int) -> None:
        super().__init__()
        self.vectors = nn.EmbeddingBag(1 << TABLE_BITS, VECTOR, mode="sum", include_last_offset=True)
        nn.init.normal_(self.vectors.weight, 0, 0.05)
        self.own = nn.Linear(VECTOR + seen.own.shape[1], OWN_SIZE)
        self.kinds_alone = nn.Linear(OWN_SIZE, len(KINDS))
        self.neighbour = nn.Linear(OWN_SIZE, SEEN_SIZE)
        self.mix = nn.Linear(5 * OWN_SIZE + around + len(OFFSETS) * SEEN_SIZE, MIX_SIZE)
        self.again = nn.Linear(MIX_SIZE, OWN_SIZE)
        self.neighbour_again = nn.Linear(OWN_SIZE, SEEN_SIZE)
        self.mix_again = nn.Linear(5 * OWN_SIZE + len(OFFSETS) * SEEN_SIZE, MIX_SIZE)
        self.kinds = nn.Linear(MIX_SIZE, len(KINDS))
        self.some = nn.Dropout(DROPPED_OUT)

    def forward(self, places: Tensor, begins: Tensor, sample: Sample) -> tuple[Tensor, Tensor]:
        own, around = torch.from_numpy(sample.own), torch.from_numpy(sample.around)
        starts, ends = torch.from_numpy(sample.starts), torch.from_numpy(sample.ends)
        words = self.vectors(places, begins) / torch.sqrt(begins.diff() + 1)[:, None]
        if self.training:
            words = words * (torch.rand(len(own), 1) > HIDDEN)
        alone = torch.relu(self.own(self.some(torch.cat([words, own], 1))))
        around = _among(alone, self.neighbour(alone), starts, ends, around)
        mixed = self._mixed(self.mix, alone, around)
        again = torch.relu(self.again(self.some(mixed)))
        mixed = self._mixed(self.mix_again, again, _among(again, self.neighbour_again(again), starts, ends))
        return self.kinds_alone(alone), self.kinds(mixed)

    def _mixed(self, layer: nn.Linear, own: Tensor, around: Tensor) -> Tensor:
        """What a layer makes of lines and of what is around them, which is hidden now and then."""
        if self.training:
            around = around * (torch.rand(len(own), 1) > HIDDEN)
        return torch.relu(layer(self.some(torch.cat([own, around], 1))))


def _among(own: Tensor, seen: Tensor, starts: Tensor, ends: Tensor, *more: Tensor) -> Tensor:
    """What is around lines: what else is known of that, what neighbours show, and the means of the page, of what is above, below and near."""
    count = len(own)
    i = torch.arange(count)
    near = []
    for offset in OFFSETS:
        there = i + offset
        inside = (there >= starts) & (there < ends)
        near.append(seen[there.clamp(0, count - 1)] * inside[:, None])
    sums = torch.cat([torch.zeros(1, own.shape[1]), own.cumsum(0)])

    def mean(first: Tensor, stop: Tensor, others: int) -> Tensor:
        return (sums[stop] - sums[first]) / (stop - first + others)[:, None]

    low, high = torch.maximum(starts, i - NEAR_LINES), torch.minimum(ends, i + NEAR_LINES + 1)
    means = mean(starts, ends, 0), mean(starts, i, 1), mean(i + 1, ends, 1), mean(low, high, 0)
    return torch.cat([*more, *near, *means], 1)


def learn(seen: Seen, pages: list[int], seed: int = 0, *, say: bool = False) -> Network:
    """A network, learned from pages.

    Args:
        seen: what is seen of them.
        pages: their numbers.
        seed: of all chance.
        say: print how far it is.
    """
    random.seed(seed)
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(True)
    dice = np.random.default_rng(seed)
    table = seen.table(pages)
    known, begins = seen.pieces(table)
    net = _Floating(seen, seen.sample(pages[:1]).around.shape[1])
    dense = [weights for name, weights in net.named_parameters() if name != "vectors.weight"]
    steps = torch.optim.AdamW(
        [
            {"params": [net.vectors.weight], "weight_decay": 0.0, "rate": VECTOR_RATE},
            {"params": dense, "weight_decay": 0.01, "rate": RATE},
        ]
    )
    done, total = 0, PASSES * len(list(_batches(seen, pages)))
    for number in range(PASSES):
        loss_sum = 0.0
        batches = list(_batches(seen, pages))
        for batch in batches:
            sample = seen.sample(
                batch, dice, LONG_PAGE if all(seen.pages[p].name.startswith("plain") for p in batch) else 10**9
            )
            without_hits(sample.own, dice, HIDDEN_HITS)
            lines = sample.lines
            here = torch.from_numpy(np.append(0, np.cumsum(begins[lines + 1] - begins[lines])))
            places = torch.from_numpy(np.concatenate([known[begins[line] : begins[line + 1]] for line in lines]))
            net.train()
            alone, placed = net(places, here, sample)
            wanted, weight = torch.from_numpy(seen.wanted[lines]), torch.from_numpy(seen.weight[lines])
            in_place = weight * torch.from_numpy(~seen.alone[lines])
            loss = (ALONE_COUNTS * weight * _loss(alone, wanted) + in_place * _loss(placed, wanted)).sum() / (
                weight.sum() + 1
            )
            for group in steps.param_groups:
                group["lr"] = group["rate"] * min(1.0, (done + 1) / 50) * max(0.02, 1 - done / total)
            steps.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            steps.step()
            done += 1
            loss_sum += loss.item()
        if say:
            print(f"pass {number + 1} of {PASSES}: loss {loss_sum / len(batches):.3f}", flush=True)
    arrays = _rounded(net, table)
    return Network(arrays | _names(Network(arrays), seen, pages))


def _loss(scores: Tensor, wanted: Tensor) -> Tensor:
    """How unlikely it is found that a line is of one of the kinds that are right.

    Where several are, all of them are moved alike: which of them it is was not said, and the likeliest would always win.
    """
    mean = (scores * wanted).sum(1, keepdim=True) / wanted.sum(1, keepdim=True).clamp(min=1)
    scores = torch.where(wanted > 0, mean + (scores - mean).detach(), scores)
    return -torch.logsumexp(functional.log_softmax(scores, 1) + torch.log(wanted + 1e-9), 1)


def _batches(seen: Seen, pages: list[int]) -> Iterator[list[int]]:
    """All pages in a new order, so many at a time that they have enough lines; lines without a page are spread among them."""
    alone = [page for page in pages if seen.pages[page].alone]
    whole = [page for page in pages if not seen.pages[page].alone]
    random.shuffle(alone)
    random.shuffle(whole)
    batches: list[list[int]] = [[]]
    lines = 0
    for page in whole:
        batches[-1].append(page)
        lines += min(int(seen.first[page + 1] - seen.first[page]), 300)
        if lines >= BATCH_LINES:
            batches.append([])
            lines = 0
    batches = [batch for batch in batches if batch]
    for number, page in enumerate(alone):
        batches[number % len(batches)].append(page)
    yield from batches


def _names(net: Network, seen: Seen, pages: list[int]) -> dict[str, NDArray[Any]]:
    """The layer that tells kinds apart, learned from lines of which the kind was said, rare kinds counting for more. The others stay as they are."""
    values, kinds = [], []
    whole = [page for page in pages if not seen.pages[page].alone]
    for start in range(0, len(whole), 50):
        sample = seen.sample(whole[start : start + 50])
        said = seen.wanted[sample.lines].sum(1) == 1
        if said.any():
            folds = [seen.lines.folds[line] for line in sample.lines]
            alone = net.alone(folds, sample.own)
            placed = net.in_place(alone, sample.around, sample.starts, sample.ends)
            values.append(np.hstack([alone, placed])[said] / ONE)
            kinds.append(seen.wanted[sample.lines][said].argmax(1))
    wanted = torch.from_numpy(np.concatenate(kinds))
    numbers = np.concatenate(values)
    middle, width = numbers.mean(0), numbers.std(0) + 0.1
    given = torch.from_numpy(((numbers - middle) / width).astype(np.float32))
    rarity = 1 / torch.sqrt(torch.bincount(wanted, minlength=len(KINDS)) + 10.0)
    layer = nn.Linear(given.shape[1], len(KINDS))
    steps = torch.optim.Adam(layer.parameters(), lr=0.05, weight_decay=1e-4)
    for _ in range(NAMING_STEPS):
        steps.zero_grad()
        functional.cross_entropy(layer(given), wanted, weight=rarity / rarity.mean()).backward()  # type: ignore[no-untyped-call]
        steps.step()
    weights = layer.weight.detach().numpy() / width
    constants = layer.bias.detach().numpy() - weights @ middle
    return {
        "names_weights": np.rint(weights.T * ONE).astype(np.int32),
        "names_constants": np.rint(constants * ONE).astype(np.int32),
    }


def _rounded(net: _Floating, table: NDArray[np.uint8]) -> dict[str, NDArray[Any]]:
    """The weights in whole numbers."""
    vectors = net.vectors.weight.detach().numpy() * (table > 0)[:, None]
    most = float(np.quantile(np.abs(vectors[table > 0]), 0.9999))
    arrays: dict[str, NDArray[Any]] = {
        "marks": table,
        "vectors": np.clip(np.rint(vectors / most * _VECTOR_BYTE), -_VECTOR_BYTE, _VECTOR_BYTE).astype(np.int8),
        "unit": np.array(most / _VECTOR_BYTE * ONE),
    }
    for name in LAYERS[:-1]:
        layer = getattr(net, name)
        arrays[f"{name}_weights"] = np.rint(layer.weight.detach().numpy().T * ONE).astype(np.int16)
        arrays[f"{name}_constants"] = np.rint(layer.bias.detach().numpy() * ONE).astype(np.int16)
    return arrays
