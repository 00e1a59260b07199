"""Copies, near copies, what was seen before, and steps."""

from __future__ import annotations

import os
import random
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm.corpus import Learner, Seen, Templates, near
from zhnorm.corpus.copies import copies, ranks
from zhnorm.corpus.steps import Steps
from zhnorm.errors import NotTextError, ReadError, UsageError

LETTERS = [chr(0x4E00 + number) for number in range(2000)]


def text(chance: random.Random, size: int = 400) -> str:
    return "".join(chance.choices(LETTERS, k=size))


def changed(chance: random.Random, base: str, share: float) -> str:
    return "".join(chance.choice(LETTERS) if chance.random() < share else letter for letter in base)


@pytest.mark.parametrize(("keep", "stays"), [("longest", 2), ("first", 0), ("oldest", 1)])
def test_which_copy_stays(keep: str, stays: int) -> None:
    rank = ranks(keep, np.array([30, 20, 40]), np.array([0, 20200101000000, 20210101000000]))  # type: ignore[arg-type]
    gone, twins = copies(np.array([7, 7, 7], np.uint64), rank)
    assert set(twins.tolist()) == {stays}
    assert gone.tolist() == sorted({0, 1, 2} - {stays})


def banded(texts: list[str]) -> Any:
    """Rows of the kind `near.BANDED` of documents that are numbered from 0."""
    sketched = near.sketches_of(texts)
    rows = np.empty(sketched.bands.shape, near.BANDED)
    rows["band"], rows["glance"] = sketched.bands, sketched.glances
    rows["document"] = np.arange(len(texts))[:, None]
    return rows[sketched.there].reshape(-1)


@pytest.mark.parametrize(("size", "share"), [(400, 0.02), (60, 0.02), (3000, 0.02), (400, 0.01)])
def test_near_copies_are_candidates(size: int, share: float) -> None:
    chance = random.Random(1)
    pairs = [(base, changed(chance, base, share)) for base in (text(chance, size) for _ in range(300))]
    alike = np.array([near.likeness(*map(near.shingles_of, pair)) for pair in pairs])
    found = near.candidates(banded([side for pair in pairs for side in pair]), 0.8)
    assert (found["other"] == found["one"] + 1).all()
    assert (alike >= 0.8).sum() > 80
    assert np.isin(2 * np.flatnonzero(alike >= 0.8), found["one"]).mean() > 0.98
    assert not len(near.candidates(banded([text(chance, size) for _ in range(200)]), 0.8))


def test_a_notice_on_all_pages_makes_no_candidates_of_them_and_hides_none() -> None:
    chance = random.Random(4)
    notice = text(chance, 300)
    bases = [text(chance, 250) for _ in range(1000)]
    texts = [base + notice for base in bases] + [changed(chance, base, 0.01) + notice for base in bases[:100]]
    rows = banded(texts)
    found = near.candidates(rows, 0.8)
    assert np.isin(np.arange(100), found["one"][found["other"] == found["one"] + 1000]).mean() > 0.98
    assert len(found) < 130
    rows["glance"] = 0
    assert len(near.candidates(rows, 0.8)) > 800


def test_sketches_do_not_depend_on_what_else_is_asked() -> None:
    chance = random.Random(2)
    texts = [text(chance, size) for size in (60, 3, 5000, 0, 49, 50, 70_000, 120)]
    whole = near.sketches_of(texts)
    assert whole.there.tolist() == [len(item) >= near.LEAST_LETTERS for item in texts]
    for place in np.flatnonzero(whole.there).tolist():
        alone = near.sketches_of([texts[place]])
        assert (alone.bands[0] == whole.bands[place]).all()
        assert (alone.glances[0] == whole.glances[place]).all()


def test_a_band_that_all_have_costs_no_more_than_its_size() -> None:
    rows = np.zeros(5000, near.BANDED)
    rows["document"] = np.arange(5000)
    found = near.candidates(rows, 0.8)
    assert len(found) <= 2 * 5000
    groups = list(near.groups(np.stack([found["one"], found["other"]], 1)))
    assert [len(group.documents) for group in groups] == [near.MOST_TOGETHER] * 5
    assert all(np.isin(group.pairs, group.documents).all() for group in groups)
    assert [len(group.pairs) for group in groups] == [1997, *[999] * 4]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(lambda pair: pair[0] < pair[1]), max_size=60))
def test_groups_are_what_is_linked(pairs: list[tuple[int, int]]) -> None:
    found = list(near.groups(np.array(pairs, np.int64).reshape(-1, 2)))
    linked = {place: {place} for pair in pairs for place in pair}
    for one, other in pairs:
        both = linked[one] | linked[other]
        for place in both:
            linked[place] = both
    members = [tuple(group.documents.tolist()) for group in found]
    assert members == sorted({tuple(sorted(group)) for group in linked.values()})
    assert sorted(pair for group in found for pair in map(tuple, group.pairs.tolist())) == sorted(pairs)
    assert all(np.isin(group.pairs, group.documents).all() for group in found)


def test_a_chain_of_likeness_does_not_end_in_something_unlike() -> None:
    """Each is like the one before it, the last is not like the first: what goes is like what stays in its place."""
    chance = random.Random(3)
    texts = [text(chance, 300)]
    for _ in range(30):
        texts.append(changed(chance, texts[-1], 0.012))
    shingles = [near.shingles_of(item) for item in texts]
    (group,) = near.groups(np.array([(place, place + 1) for place in range(30)]))
    pairs = list(near.resolve(group, lambda place: place, shingles.__getitem__, 0.8))
    gone = {pair.gone for pair in pairs}
    stays = set(range(len(texts))) - gone
    assert len(stays) > 1
    assert len(gone) > 10
    for pair in pairs:
        assert pair.stays in stays
        assert pair.likeness == near.likeness(shingles[pair.gone], shingles[pair.stays]) >= 0.8
    assert all(near.likeness(shingles[one], shingles[other]) < 0.8 for one, other in combinations(sorted(stays), 2))


@pytest.mark.parametrize(("most", "few"), [(1 << 20, 8), (1 << 20, 1), (0, 8), (0, 1)])
def test_those_that_are_alike_are_told_from_those_that_only_were_candidates(
    monkeypatch: pytest.MonkeyPatch, most: int, few: int
) -> None:
    monkeypatch.setattr(near, "_MOST_SHINGLES", most)
    monkeypatch.setattr(near, "_FEW", few)
    chance = random.Random(5)
    one, other = text(chance), text(chance)
    texts = [one, other, changed(chance, one, 0.01), changed(chance, other, 0.01), "", "短"]
    shingles = [near.shingles_of(item) for item in texts]
    (group,) = near.groups(np.array([(0, 1), (0, 2), (1, 3), (3, 4), (4, 5)]))
    found = list(near.resolve(group, lambda place: place, shingles.__getitem__, 0.8))
    assert [(pair.gone, pair.stays) for pair in found] == [(2, 0), (3, 1)]
    assert [pair.likeness for pair in found] == [
        near.likeness(shingles[pair.gone], shingles[pair.stays]) for pair in found
    ]


PAGES = [
    f"{'天地玄黄宇宙洪荒日月盈昃辰宿列张'[number % 9 :]}第{number}回，寒来暑往，秋收冬藏，闰余成岁，律吕调阳，云腾致雨，露结为霜，金生丽水，玉出昆冈。"
    for number in range(300)
]


def test_an_index_grows_and_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhnorm.corpus.seen._FLUSH", 16)
    folder = str(tmp_path / "seen")
    for start in range(0, 200, 50):
        with Seen(folder) as seen:
            for page in PAGES[start : start + 50]:
                assert not seen.ask(page)
                seen.add(page)
                assert seen.ask(page)
    with Seen(folder, read_only=True) as seen:
        assert seen.ask_many(PAGES) == [True] * 200 + [False] * 100
        assert len(seen) == 400  # each page, and its paragraph
    runs = [os.path.getsize(tmp_path / "seen" / name) for name in os.listdir(folder)]
    assert len(runs) < 12
    assert sum(runs) < 20 * 400


def test_indexes_are_merged(tmp_path: Path) -> None:
    for name, pages in (("one", PAGES[:60]), ("other", PAGES[40:100])):
        with Seen(str(tmp_path / name)) as seen:
            for page in pages:
                seen.add(page)
    with Seen(str(tmp_path / "one")) as seen:
        seen.merge(str(tmp_path / "other"))
    with Seen(str(tmp_path / "one"), read_only=True) as seen:
        assert seen.ask_many(PAGES[:120]) == [True] * 100 + [False] * 20
        assert len(seen) == 200


@pytest.mark.parametrize("bits", [1, 9, 40, 63, 64])
def test_numbers_are_found_however_they_lie(tmp_path: Path, bits: int) -> None:
    """Digests lie evenly; others may not, and are found all the same, one by one and many at once."""
    chance = np.random.default_rng(bits)
    held, others = (chance.integers(0, 1 << bits, 3000, np.uint64) for _ in range(2))
    asked = np.concatenate([held[::3], others, np.array([0, (1 << 64) - 1], np.uint64)])
    with Seen(str(tmp_path / "seen")) as seen:
        for part in (held[:100], held[100:]):
            seen.add_numbers(part)
            seen._flush()
    with Seen(str(tmp_path / "seen"), read_only=True) as seen:
        known = np.isin(asked, held).tolist()
        assert seen.find(asked).tolist() == known
        assert [bool(seen.find(asked[place : place + 1])[0]) for place in range(len(asked))] == known


def test_a_page_of_which_most_was_seen_was_seen(tmp_path: Path) -> None:
    with Seen(str(tmp_path / "seen")) as seen:
        for page in PAGES[:10]:
            seen.add(page)
        assert seen.share("\n".join(PAGES[:9])) == 1.0
        assert seen.ask("\n".join([*PAGES[:9], "新的一句"]))
        assert not seen.ask("\n".join([*PAGES[:4], *PAGES[20:24]]))
        assert not seen.ask("短"), "too little to be anything"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: data[:-1], "damaged"), (lambda data: b"x" + data[1:], "no part"), (lambda data: data[:7], "no part"),
        (lambda data: data[:8] + b"\x09" + data[9:], "version 9"), (lambda data: data[:16] + b"\xff" * 8 + data[24:], "damaged"),
        (lambda data: data[:24] + data[-8:] + data[32:], "not in order"),
    ],
)  # fmt: skip
def test_a_damaged_index_is_refused(tmp_path: Path, damage: object, said: str) -> None:
    folder = tmp_path / "seen"
    with Seen(str(folder)) as seen:
        for page in PAGES[:20]:
            seen.add(page)
    (path,) = folder.glob("*.run")
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    with pytest.raises(ReadError, match=said):
        Seen(str(folder), read_only=True)


def test_an_index_that_is_not_there_is_no_empty_one(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no index"):
        Seen(str(tmp_path / "none"), read_only=True)


def test_an_index_that_is_read_only_or_closed_takes_nothing(tmp_path: Path) -> None:
    folder = str(tmp_path / "seen")
    with Seen(folder) as seen:
        seen.add(PAGES[0])
    with pytest.raises(UsageError, match="closed"):
        seen.add(PAGES[1])
    with pytest.raises(UsageError, match="closed"):
        seen.ask(PAGES[0])
    with Seen(folder, read_only=True) as seen, pytest.raises(UsageError, match="read alone"):
        seen.add(PAGES[1])


def test_what_was_just_added_is_known_at_once(tmp_path: Path) -> None:
    with Seen(str(tmp_path / "seen")) as seen:
        for page in PAGES[:10]:
            seen.add(page)
        assert seen.ask_many(PAGES[:12][::-1]) == [False] * 2 + [True] * 10


def test_no_text_is_refused_at_once(tmp_path: Path) -> None:
    nothing: Any = None
    for act in (Learner().add, lambda site, text: Templates().apply(text, site)):
        with pytest.raises(NotTextError):
            act("a.example", nothing)
    with Seen(str(tmp_path / "seen")) as seen, pytest.raises(NotTextError):
        seen.ask(nothing)


def test_a_failure_adds_nothing(tmp_path: Path) -> None:
    folder = str(tmp_path / "seen")
    with suppress(KeyError), Seen(folder) as seen:
        seen.add(PAGES[0])
        raise KeyError
    with Seen(folder) as seen:
        assert not seen.ask(PAGES[0])


def test_steps_are_done_once_and_belong_to_their_settings(tmp_path: Path) -> None:
    done = []

    def build(folder: str) -> None:
        done.append(folder)
        Path(folder, "x").write_text("x")
        if len(done) == 1:
            raise KeyboardInterrupt

    folder = str(tmp_path / "steps")
    with pytest.raises(KeyboardInterrupt), Steps(folder, {"share": 0.1}, "out") as steps:
        steps.step("count", build)
    for _ in range(2):
        with Steps(folder, {"share": 0.1}, "out") as steps:
            assert sorted(os.listdir(steps.step("count", build))) == ["seal.json", "x"]
    assert len(done) == 2
    with pytest.raises(UsageError, match=r"share \(0.1, now 0.2\)"), Steps(folder, {"share": 0.2}, "out"):
        pass
    with Steps(folder, {"share": 0.2}, "out", fresh=True) as steps:
        steps.step("count", build)
    assert len(done) == 3
    (tmp_path / "steps" / "run.json").write_text("{")
    with pytest.raises(UsageError, match="damaged"), Steps(folder, {"share": 0.2}, "out"):
        pass
