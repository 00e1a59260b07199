"""Learning to read, on a few pages: from labelled pages to weights that the package can use."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="learning needs torch: pip install torch")

import numpy as np
from training import __main__ as command
from training import learn as learning
from training.labelled import ours
from training.seen import Seen

from zhnorm.arrays.weights import read_weights, write_weights
from zhnorm.reading.kinds import KINDS
from zhnorm.reading.network import Network

PAGES = 20


@pytest.fixture(scope="module")
def seen() -> Seen:
    """Pages of several sites: words of a single one are not learned."""
    pages = [page for page in ours() if not page.alone and len(set(page.wanted)) > 5]
    return Seen(pages[:: len(pages) // PAGES])


def _right(seen: Seen, net: Network) -> float:
    """The share of the lines of one kind that are taken for it."""
    found = np.concatenate([command._found(seen, net, page) for page in range(len(seen.pages))])
    wanted = seen.wanted[found[:, 1].astype(int)]
    single = wanted.sum(1) == 1
    return float((wanted[np.arange(len(found)), found[:, 4].astype(int)] > 0)[single].mean())


@pytest.mark.heavy
def test_a_network_learns_what_it_is_shown(seen: Seen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    every = list(range(len(seen.pages)))
    monkeypatch.setattr(learning, "BATCH_LINES", 100)
    monkeypatch.setattr(learning, "PASSES", 1)
    before = _right(seen, learning.learn(seen, every))
    monkeypatch.setattr(learning, "PASSES", 20)
    net = learning.learn(seen, every)
    assert _right(seen, net) > before + 0.25

    write_weights(tmp_path / "weights.npy", net.arrays)
    again = Network(read_weights(tmp_path / "weights.npy"))
    for page in every:
        assert np.array_equal(command._found(seen, net, page), command._found(seen, again, page))


@pytest.mark.heavy
def test_the_strongest_words_can_be_read(seen: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "PASSES", 1)
    summary = command._summary(seen, learning.learn(seen, list(range(len(seen.pages)))))
    assert [row.partition("\t")[0] for row in summary.split("\n")[1:-1]] == list(KINDS)
