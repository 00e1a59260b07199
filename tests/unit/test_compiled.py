"""The compiled part and its twins in Python say the same, bit for bit; and what does not fit together is refused."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm import Cleaner
from zhnorm.arrays.character_table import GONE, CharacterTable, codes_of
from zhnorm.arrays.compiled import compiled, is_built, twins_alone
from zhnorm.conversion.fold import fold, key
from zhnorm.reading.article import Pages, articles
from zhnorm.reading.chances import chances, weigh
from zhnorm.reading.decision import going
from zhnorm.reading.headline import Pairs
from zhnorm.reading.line_features import OWN, own_features
from zhnorm.reading.network import network
from zhnorm.reading.read import Lines, read
from zhnorm.reading.surroundings import AROUND_NAMES
from zhnorm.text.glued import _likeliest, tagger
from zhnorm.text.tandems import may_repeat

from ..test_cases import FILES
from ..test_cases import read as read_case

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not is_built(), reason="the package was built without its compiled part")

PIECES = [
    *"天地玄黄宇宙洪荒的了在图摄资年月。，！？…；：、~～“”「」（）()【】[]|>»·-—#＃*/.:0123456789azAZ \t\u3000\u2028\u00a0\x1c\x00\U0001f300\U00020000\ud800",
    *(
        "http",
        "www.",
        "资料照",
        "资料照片",
        "关注",
        "版权",
        "下载",
        "2021年3月4日",
        "12:30",
        "1 - 2",
        "。”",
        "。）",
        "首页 > 正文",
    ),
    *("灯灭了，他走了。", "今天下午，市图书馆的新馆向读者开放，第一天就来了三千多人。", "甲乙丙丁戊己庚辛" * 9),
]
texts = st.lists(st.sampled_from(PIECES), min_size=1, max_size=14).map("".join)
pages = st.lists(texts, min_size=1, max_size=40)
HITS = [None, None, None, ("drop", False), ("drop", True), ("cut", True), ("cut", False), ("trim-suffix", False)]


def _same(one: Any, other: Any) -> bool:
    """Whether what was found is the same, down to the last bit."""
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(np.array_equal(one, other)) and one.dtype == other.dtype


def _lines(pages: list[list[str]], hits: list[Any] | None = None) -> Lines:
    lines = Lines()
    number = 0
    for page in pages:
        said = [line for line in page if key(line)]
        if said:
            own = {}
            for i in range(len(said)):
                number += 1
                if hits and (hit := hits[number % len(hits)]):
                    own[i] = hit
            lines.add(said, [key(line) for line in said], own, [i % 3 / 2 for i in range(len(said))])
    return lines


def _check(pages: list[list[str]], hits: list[Any] | None = None) -> None:
    lines, again = _lines(pages, hits), _lines(pages, hits)
    if not lines.starts:
        return
    found = read(lines)
    goes = going(lines, found, (), (), "even")
    with twins_alone():
        wanted = read(again)
        assert goes == going(again, wanted, (), (), "even")
    for name, one, other in zip(found._fields, found, wanted, strict=True):
        assert _same(tuple(one) if isinstance(one, tuple) else one, other), name


@given(st.lists(st.text(max_size=20) | texts, max_size=20).map("".join), st.booleans())
def test_characters_become_the_same(text: str, deletes: bool) -> None:
    mapping = {
        ord("天"): ord("地"),
        ord("a"): 0x20000,
        0x1F300: ord("b"),
        0xD800: ord("c"),
        ord("~"): GONE if deletes else 0x3000,
    }
    table, other = CharacterTable(mapping), CharacterTable(mapping)
    table.look_up(codes_of(text))
    with twins_alone():
        wanted = other.apply(text)
        assert wanted == other.apply(f"{text}{'黄' * 2000}")[: len(wanted)]
    assert table.apply(text) == wanted


def test_all_pages_that_were_learned_are_read_the_same() -> None:
    labelled = pytest.importorskip("training.labelled", reason="what is learned from is in the repository alone")
    found = labelled.ours()
    _check([page.texts for page in found if not page.alone], HITS)
    _check([page.texts for page in found if page.alone][::20])


def test_cases_are_read_the_same() -> None:
    _check([read_case(path).lines for path in FILES], HITS)


@given(st.lists(pages, min_size=1, max_size=3), st.lists(st.sampled_from(HITS), min_size=1, max_size=9))
def test_pages_are_read_the_same(some: list[list[str]], hits: list[Any]) -> None:
    _check(some, hits)


@given(st.lists(texts, min_size=1, max_size=20))
def test_lines_look_the_same(some: list[str]) -> None:
    folds, keys = fold("\n".join(some)).split("\n"), [key(text) for text in some]
    if len(folds) != len(keys):
        return
    found = own_features(folds, keys, {0: ("drop", True)})
    with twins_alone():
        assert _same(found, own_features(folds, keys, {0: ("drop", True)}))


@given(pages, st.integers(0, 2**31))
def test_pairs_are_shared_by_the_same_lines(some: list[str], seed: int) -> None:
    chance = np.random.default_rng(seed)
    keys = [key(text) for text in some]
    of_line = np.sort(chance.integers(0, 3, len(keys)))
    of_line -= of_line[0]
    known = chance.random(len(keys)) < 0.4
    pairs = Pairs(keys, of_line)
    with twins_alone():
        twin = Pairs(keys, of_line)
    for name in ("in_common", "in_others"):
        assert _same(getattr(pairs, name)(known), getattr(twin, name)(known)), name
    assert _same(pairs.counts, twin.counts)


@pytest.mark.parametrize("size", [1.0, 300.0, 40_000.0, 3e7])
def test_layers_are_exact_however_large_numbers_are(size: float) -> None:
    net = network()
    chance = np.random.default_rng(1)
    alone, around = chance.normal(0, size, (30, 40)).round(), chance.normal(0, 1, (30, len(AROUND_NAMES)))
    starts = np.repeat([0, 12, 13], [12, 1, 17])
    ends = np.repeat([12, 13, 30], [12, 1, 17])
    found = net.scores(alone, around, starts, ends)
    with twins_alone():
        assert _same(tuple(found), tuple(net.scores(alone, around, starts, ends)))


@given(st.lists(st.lists(st.integers(-9000, 9000), min_size=32, max_size=32), min_size=1, max_size=6))
def test_chances_are_the_same(rows: list[list[int]]) -> None:
    scores = np.array(rows, float)
    placed = chances(scores, scores[::-1].copy())
    best, together = weigh(placed, {1, 5, 31})
    with twins_alone():
        assert _same(placed, chances(scores, scores[::-1].copy()))
        assert _same((best, together), weigh(placed, {1, 5, 31}))
    assert abs(placed.sum(1) - 1).max() < 0.01


@given(st.integers(0, 2**31), st.lists(st.integers(1, 30), min_size=1, max_size=5))
def test_articles_are_the_same(seed: int, sizes: list[int]) -> None:
    chance = np.random.default_rng(seed)
    count = sum(sizes)
    pages = Pages(np.cumsum([0, *sizes[:-1]]), count)
    letters = chance.integers(1, 200, count)
    arguments = chance.normal(0, 3, count).round(), letters, letters > 80, chance.random(count) < 0.1
    found = articles(pages, *arguments)
    with twins_alone():
        assert _same(tuple(vars(found).values()), tuple(vars(articles(pages, *arguments)).values()))


@given(st.lists(st.text("天地玄黄", max_size=40), min_size=30, max_size=60))
def test_the_same_lines_may_repeat_themselves(keys: list[str]) -> None:
    # So much text is looked at in arrays, compiled or not.
    keys += ["日月盈昃辰宿列张寒来暑往秋收冬藏" * 80, "日月盈昃辰宿列张寒来暑往秋收冬藏" * 2]
    found = may_repeat(keys)
    with twins_alone():
        assert found == may_repeat(keys)
    assert len(keys) - 1 in found.in_a_row
    assert len(keys) - 1 in found.apart


@given(st.lists(texts, max_size=6))
def test_the_same_is_glued_into_lines(some: list[str]) -> None:
    lines = [fold(line) for path in FILES[::9] for line in read_case(path).lines] if len(some) == 1 else map(fold, some)
    folds = [line for text in lines for line in text.split("\n")]
    found = tagger().pieces(folds)
    with twins_alone():
        assert found == tagger().pieces(folds)


@given(st.lists(st.tuples(*[st.integers(-9, 9)] * 4), min_size=1, max_size=30), st.integers(0, 1000))
def test_the_likeliest_tags_are_the_same(scores: list[tuple[int, ...]], seed: int) -> None:
    """Equal ones among them, too."""
    follow = np.random.default_rng(seed).integers(-3, 4, (4, 4)).astype(float)
    rows = np.array(scores, float)
    found = _likeliest(rows, follow)
    with twins_alone():
        assert found == _likeliest(rows, follow)


def test_documents_come_out_the_same() -> None:
    documents = ["\n".join(read_case(path).lines) for path in FILES]
    cleaner = Cleaner()
    digest = cleaner.digest
    found = [result.changes for result in map(cleaner.explain, documents[::7])], list(cleaner.clean_many(documents))
    with twins_alone():
        assert compiled() is None
        assert Cleaner().digest == digest
        assert found == (
            [result.changes for result in map(cleaner.explain, documents[::7])],
            list(cleaner.clean_many(documents)),
        )


def _part() -> ModuleType:
    part = compiled()
    assert part
    return part


def _floats(*shape: int) -> Any:
    return np.zeros(shape)


def _calls() -> Iterator[tuple[str, list[Any]]]:
    """A call of each function that works."""
    ints, whole = (lambda *shape: np.zeros(shape, np.int64)), (lambda *shape: np.zeros(shape, np.int32))
    small, bits = (lambda *shape: np.zeros(shape, np.int16)), (lambda *shape: np.zeros(shape, np.uint8))
    yield "translate", ["ab", np.zeros(0x110000, np.uint32), True]
    yield "looks", ["a\nb", "a\nb", np.zeros(0x110000, np.uint32), bits(0x110000), _floats(2, len(OWN)), whole(2)]
    yield "words", ["a\nb", bits(1 << 16), bits(1 << 16, 8), 1.0, _floats(2, 8)]
    yield "layer", [2, _floats(2, 32), _floats(2, 0), small(16, 8, 2), whole(4), True, _floats(2, 4)]
    yield "in_place", [2, _floats(2, 1), _floats(2, 5), _floats(2, 1), ints(1), small(8, 8, 2), whole(4), _floats(2, 4)]
    yield "pairs", ["ab\nc", ints(2), whole(4), whole(4)]
    yield "in_common", [whole(3), whole(3), bits(2), True, ints(2)]
    yield "recurring", ["ab\nc", bits(2)]
    yield "stretches", [_floats(2, len(OWN)), bits(2), ints(1), ints(2), ints(2), ints(2)]
    lines = [_floats(2, len(OWN)), ints(2), bits(2), bits(2), bits(2), bits(2), _floats(2), _floats(2)]
    stretch = [ints(1), ints(1) + 1]
    yield "around", [*lines, ints(1), ints(1), _floats(1), *stretch, _floats(2, len(AROUND_NAMES))]
    yield "chances", [_floats(2, 32), _floats(2, 32), _floats(9) + 1, bits(32), _floats(2, 32)]
    yield "weigh", [_floats(2, 32), bits(32), ints(2), _floats(2)]
    byte = np.int8
    first = [np.zeros(1 << 16, np.uint16), small(3, 5, 8), bits(3, 4), np.zeros((5, 8, 4), byte), whole(8)]
    glance = [np.zeros((2, 40, 4), byte), whole(8), whole(9)]
    near, tags = [np.zeros((2, 6, 8, 4), byte), whole(2, 8), ints(2) + 1], [small(4, 8, 2), whole(4), _floats(4, 4)]
    wide = [small(10, 8, 2), small(4, 40, 2), small(2, 12, 8, 2)]
    yield "glued", [["ab", "", "\U00020000c"], (4, 2, 2, 2, 24, 9.0), *first, *glance, *near, *tags, *wide]
    yield "likeliest", [_floats(3, 4), _floats(4, 4), bits(3)]
    yield "best_runs", [ints(2), ints(2), bits(2), bits(2), ints(1), ints(1, 5)]


@pytest.mark.parametrize(
    "sizes", [
        (0, 2, 2, 2, 24, 9.0), (4, -1, 2, 2, 24, 9.0), (4, 2, 9, 9, 24, 9.0), (4, 2, 2, 0, 24, 9.0), (4, 2, 2, 2, 0, 9.0), (4, 999, 2, 2, 24, 9.0),
        (1 << 40, 2, 2, 2, 24, 9.0), (4, 2, 1 << 62, 4, 24, 9.0),
    ],
)  # fmt: skip
def test_sizes_that_are_none_are_refused(sizes: tuple[float, ...]) -> None:
    call = dict(_calls())["glued"]
    with pytest.raises(ValueError, match="glued"):
        _part().glued(call[0], sizes, *call[2:])


def test_lines_that_are_no_texts_are_refused() -> None:
    call = dict(_calls())["glued"]
    for dilations in (np.array([1, 0]), np.array([1, 1 << 40])):
        with pytest.raises(ValueError, match="glued"):
            _part().glued(*call[:12], dilations, *call[13:])
    with pytest.raises(ValueError, match="glued"):
        _part().glued([b"ab"], *call[1:])


@pytest.mark.parametrize(("name", "call"), list(_calls()), ids=lambda value: value if isinstance(value, str) else "")
def test_sizes_that_do_not_fit_are_refused(name: str, call: list[Any]) -> None:
    function = getattr(_part(), name)
    function(*call)
    for place, value in enumerate(call):
        if isinstance(value, np.ndarray) and value.size:
            for wrong in (value[:-1].copy(), np.concatenate([value, value])):
                # Of some arrays more, or other sizes that fit together, are no fault.
                one = [*call[:place], wrong, *call[place + 1 :]]
                if (name, place) not in ROOMY:
                    with pytest.raises(ValueError, match=name):
                        function(*one)
        elif isinstance(value, str) and name != "translate":
            with pytest.raises(ValueError, match=name):
                function(*call[:place], value + "\n", *call[place + 1 :])
    with pytest.raises(TypeError):
        function(*call, 1)


ROOMY = {("pairs", 2), ("pairs", 3), ("chances", 2), ("glued", 3), ("glued", 4)}


@pytest.mark.parametrize("starts", [[-1], [1], [0, 9], [0, 2], [0, 0], [1, 0], [0, -1]])
@pytest.mark.parametrize(("name", "place"), [("in_place", 4), ("stretches", 2), ("best_runs", 4), ("around", 8)])
def test_pages_that_lie_elsewhere_are_refused(name: str, place: int, starts: list[int]) -> None:
    call = dict(_calls())[name]
    call[place] = np.array(starts)
    of_pages = {"stretches": [(5, (len(starts) + 1,))], "best_runs": [(5, (len(starts), 5))]}
    of_pages["around"] = [(9, (len(starts),)), (10, (len(starts),))]
    for other, shape in of_pages.get(name, []):
        call[other] = np.zeros(shape, call[other].dtype)
    with pytest.raises(ValueError, match=name):
        getattr(_part(), name)(*call)


@pytest.mark.parametrize(("place", "value"), [(9, 2), (11, -1), (11, 1), (12, 3)])
def test_headlines_and_stretches_that_lie_elsewhere_are_refused(place: int, value: int) -> None:
    call = dict(_calls())["around"]
    call[place] = np.array([value])
    with pytest.raises(ValueError, match="around"):
        _part().around(*call)


def test_places_that_lie_elsewhere_are_refused() -> None:
    lines, found = np.array([0, 7], np.int32), np.zeros(2, np.int64)
    for line, group in ((lines, lines * 0), (lines * 0, lines), (-lines, lines * 0)):
        with pytest.raises(ValueError, match="places"):
            _part().in_common(line, group, np.ones(2, bool), False, found)


def _hook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_cannot_be_compiled_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook = _hook()
    source, library = ROOT / hook.SOURCE, tmp_path / "made" / "part.so"
    for name, value in (("CC", "no-such-compiler"), ("CC", "false"), ("ZHNORM_PURE", "1")):
        with monkeypatch.context() as patch:
            patch.setenv(name, value)
            assert not hook.compile_part(source, library)
            assert not library.exists()


def test_where_it_is_not_there_pages_are_cleaned_as_well() -> None:
    code = (
        "import sys; sys.modules['zhnorm.arrays._compiled'] = None\n"
        "from zhnorm import Cleaner\nfrom zhnorm.arrays.compiled import compiled\n"
        "text = '首页\\n财经\\n体育\\n灯灭了，他走了，河上没有船，只有一盏灯。\\n他第二天又来了，还是没有船，也没有灯。\\n分享到：'\n"
        "assert compiled() is None; print(ascii(Cleaner().clean(text)))"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert found.strip() == ascii(Cleaner().clean(code.split("'")[3].replace("\\n", "\n")))
