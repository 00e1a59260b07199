"""Learning what is glued into lines: the lines that are drawn, and weights that the package can use."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="learning needs torch: pip install torch")

import numpy as np
import torch
from training import glued as learning
from training.labelled import ours

from zhnorm.arrays.weights import read_weights, write_weights
from zhnorm.conversion.fold import fold
from zhnorm.text.glued import Tagger


@pytest.fixture(scope="module")
def lines() -> learning.Lines:
    random.seed(1)
    return learning.Lines(ours(), [])


@pytest.mark.heavy
def test_lines_are_drawn_with_and_without_pieces(lines: learning.Lines) -> None:
    drawn = [lines.draw() for _ in range(200)]
    assert all(len(text) == len(mask) for text, mask in drawn)
    assert 60 < sum(any(mask) for _, mask in drawn) < 160


@pytest.mark.heavy
def test_rounded_weights_say_what_was_learned(
    lines: learning.Lines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network in whole numbers gives the scores of the one in floating point, and a file of it can be read."""
    torch.manual_seed(0)
    net = learning._Net(lines.alphabet)
    monkeypatch.setattr(learning, "BATCH", 8)
    learning._learn(net, lines, 12)
    write_weights(tmp_path / "glued.npy", net.arrays())
    tagger = Tagger(read_weights(tmp_path / "glued.npy"))
    net.eval()
    texts = [fold("雨停了。点击下载客户端>>他把伞收起来，走了。"), fold("他把门关上，回头看了一眼。")]
    for text in texts:
        numbers = lines.alphabet.numbers(text)
        there = np.ones(len(text), bool)
        (scores,) = tagger._scores([tagger.first(numbers, there)])
        batch = (
            torch.from_numpy(each)[None] for each in (numbers, learning.pairs_of(numbers), there.astype(np.float32))
        )
        with torch.no_grad():
            floating, _ = net(*batch)
        assert np.abs(floating[0].numpy() * 2048 - scores).max() < 40
