"""Learning where texts break off: the places that are drawn, and weights that the package can use."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="learning needs torch: pip install torch")

import numpy as np
import torch
from training import seams as learning

from zhnorm.arrays.weights import read_weights, write_weights
from zhnorm.text.seams import REACH, Seams

PAGE: learning.Lines = [
    ("渡口的最后一班船", True),
    ("船工说,明天起这里不再开船了。码头上站着二十多人,谁也没有说话。", False),
    ("老船工在甲板上收缆绳", True),
    ("新桥离渡口不到一里路,上个月通了车,从那以后坐船的人一天比一天少。", False),
]


@pytest.fixture
def places() -> learning.Places:
    pages = [PAGE, PAGE[1:]]
    return learning.Places(pages, learning._alphabet(pages))


def test_half_of_the_places_are_seams(places: learning.Places) -> None:
    numbers, is_torn = places.draw(np.random.default_rng(1), 200, 0.0)
    assert numbers.shape == (200, 2 * REACH)
    assert is_torn.tolist() == [0.0] * 100 + [1.0] * 100
    inner = numbers[:, REACH - 1 : REACH + 1]
    assert bool((inner > 0).all()), "text stands on both sides of every place"


def test_a_text_goes_on_where_it_is_whole(places: learning.Places) -> None:
    numbers, _ = places.draw(np.random.default_rng(2), 200, 0.0)
    text = "\n".join(line for line, _ in PAGE)
    known = "".join(map(chr, places.numbers))
    for row in numbers[:100].tolist():
        near = "".join(map(chr, row[REACH - 2 : REACH + 2]))
        assert near in known, text


def test_rounded_weights_say_what_was_learned(places: learning.Places, tmp_path: Path) -> None:
    """The network in whole numbers gives the evidence of the one in floating point, and a file of it can be read."""
    torch.manual_seed(0)
    alphabet = learning._alphabet([PAGE])
    net = learning._Net(alphabet)
    learning._learn(net, places, places, 20)
    write_weights(tmp_path / "seams.npy", net.arrays())
    seams = Seams(read_weights(tmp_path / "seams.npy"))
    net.eval()
    sides = [("船工说,明天起", "这里不再开船了"), ("老船工在甲板", "码头上站着")]
    numbers = np.stack([alphabet.numbers(f"{before:\n>{REACH}}{behind:\n<{REACH}}") for before, behind in sides])
    with torch.no_grad():
        floating = net(torch.from_numpy(numbers)).numpy() * 10 / np.log(2)
    found = seams.evidence(sides)
    assert all(abs(evidence - wanted) < 1 for evidence, wanted in zip(found, floating, strict=True) if evidence)
