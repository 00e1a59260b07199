"""Conversion: exactness against the package the dictionaries come from, closure, and what the default decides."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from importlib.metadata import distribution
from importlib.util import module_from_spec, spec_from_file_location
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhnorm import Converter, convert
from zhnorm.conversion.convert import DIRECTIONS
from zhnorm.conversion.detect import prevailing
from zhnorm.conversion.dictionaries import bundled, dictionary_folder
from zhnorm.errors import SettingsError

INTO_SIMPLIFIED = ["hans", "t2s", "tw2s", "hk2s", "tw2sp"]
CONFIGURED = ["t2s", "tw2s", "tw2sp", "hk2s", "s2t", "s2tw", "s2twp", "s2hk", "t2tw", "t2hk"]
# The package has the dictionaries for these and the engine, but no configuration.
ASSEMBLED = {
    "tw2t": ["TWVariantsRevPhrases", "TWVariantsRev"],
    "hk2t": ["HKVariantsRevPhrases", "HKVariantsRev"],
    "t2jp": ["JPVariants"],
    "jp2t": ["JPVariants reversed"],
}
REFERENCE = [*CONFIGURED, *ASSEMBLED]


@cache
def words() -> list[str]:
    """Every word of every installed dictionary, and every result."""
    found = set()
    for path in sorted(Path(dictionary_folder()).glob("*.txt")):
        for word, result in bundled(path.stem).items():
            found |= {word, result}
    return sorted(found)


@cache
def package() -> Any:
    """The package itself, found by its own file list: OpenCC's wheel may stand over its name."""
    path = Path(str(distribution("opencc-python-reimplemented").locate_file("opencc/opencc.py")))
    spec = spec_from_file_location("reference_opencc", path)
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.OpenCC


def reference(direction: str) -> Callable[[str], str]:
    """The package's conversion."""
    if direction in CONFIGURED:
        converter = package()(direction)
    else:
        converter = package()()
        converter._dict_chain_data = [[_as_the_package_reads(name) for name in ASSEMBLED[direction]]]
        converter._dict_init_done = True
    convert_line: Callable[[str], str] = converter.convert
    return convert_line


def _as_the_package_reads(name: str) -> tuple[int, int, dict[str, str]]:
    found = bundled(name.split(" ")[0], alternatives=True)
    if name.endswith(" reversed"):
        found = {value.split(" ")[0]: key for key, value in reversed(found.items())}
    return max(map(len, found)), min(map(len, found)), found


def sample() -> list[str]:
    """Strings in which words meet and overlap."""
    draw = random.Random(20)
    pool = words()
    return ["".join(draw.choices(pool, k=draw.randint(1, 6))) for _ in range(1500)]


@pytest.mark.parametrize("direction", REFERENCE)
def test_exact_is_byte_for_byte(direction: str) -> None:
    other = reference(direction)
    texts = words()[::7] + sample()
    ours = Converter(direction, exact=True).convert("\n".join(texts)).split("\n")
    assert [(text, got) for text, got in zip(texts, ours, strict=True) if got != other(text)] == []


@pytest.mark.long
@pytest.mark.parametrize("direction", REFERENCE)
def test_exact_over_all_words(direction: str) -> None:
    other = reference(direction)
    ours = Converter(direction, exact=True).convert("\n".join(words())).split("\n")
    assert [(text, got) for text, got in zip(words(), ours, strict=True) if got != other(text)] == []


def test_exact_t2s_over_all_words() -> None:
    other = reference("t2s")
    ours = Converter("t2s", exact=True).convert("\n".join(words())).split("\n")
    assert [(text, got) for text, got in zip(words(), ours, strict=True) if got != other(text)] == []


@pytest.mark.parametrize("direction", INTO_SIMPLIFIED)
def test_converting_twice_is_converting_once(direction: str) -> None:
    converter = Converter(direction)
    once = converter.convert("\n".join(words() + sample()))
    twice = converter.convert(once)
    assert [pair for pair in zip(once.split("\n"), twice.split("\n"), strict=True) if pair[0] != pair[1]] == []


SIMPLIFIED = [
    "乾隆年间，他在乾清宫里读完了这部著作，又登上瞭望台看了一会儿雪。",
    "这位学者著述丰富，杯盘狼藉的书桌上摆着他刚写完的论著，是对自己最大的慰藉。",
    "宫、商、角、徵、羽是五个音，这张琴的徵音有些低。",
    "樊於期的故事出自《史记》，颠覆了他对英雄的想象。",
    "钱锺书说，沈先生的么妹从乾县来，带了一只像样的箱子。",
]


@pytest.mark.parametrize("line", SIMPLIFIED)
def test_simplified_lines_stay(line: str) -> None:
    assert convert(line) == line


def test_what_taiwan_and_hong_kong_write_too_keeps_no_line_from_being_converted() -> None:
    assert convert("妳好，祢，牠，您。") == "你好，祢，它，您。"
    assert convert("多謝晒，餸好好食") == "多谢晒，餸好好食"


def test_japanese_lines_are_left_alone() -> None:
    line = "東京の図書館で、新しい本を読んでいます。"
    assert convert(line) == line
    assert convert(f"{line}\n東京的圖書館") == f"{line}\n东京的图书馆"


_pieces = st.one_of(
    st.sampled_from(
        [
            "乾隆",
            "著作",
            "看著",
            "裡面",
            "里面",
            "後来",
            "皇后",
            "头发",
            "頭髮",
            "國家",
            "这个",
            "の",
            "http://a.tw/乾?b",
            "@國",
            "，",
        ]
    ),
    st.text(st.characters(exclude_characters="\n"), max_size=4),
    st.sampled_from(["\x00", "\ud800", "\udc80", "\ue000", "\U0010ffff", "\U00020000", "\u0378"]),
)
_lines = st.lists(_pieces, max_size=8).map("".join)


@given(st.lists(_lines, max_size=6), st.sampled_from(["hans", "hant", "t2s", "s2twp", "hk"]))
def test_a_block_is_its_lines(lines: list[str], direction: str) -> None:
    converter, text = Converter(direction), "\n".join(lines)
    # The document speaks for lines that both scripts write alike.
    script = prevailing(text)
    assert converter.convert(text).split("\n") == [converter.convert(line, script=script) for line in lines or [""]]


@given(_lines, st.sampled_from(["hans", "t2s", "s2t"]))
def test_large_and_small_texts_take_the_same_decisions(line: str, direction: str) -> None:
    # A million characters go through arrays, a line goes through a string table.
    converter = Converter(direction)
    filler = "\n" + "字" * 400_000
    assert converter.convert(line + filler * 3) == converter.convert(line) + filler * 3


@given(_lines)
def test_default_is_closed(line: str) -> None:
    once = convert(line)
    assert convert(once) == once


def test_what_is_not_text_passes_through() -> None:
    strange = "\x00\x01\ud800\udfff\udc80\ue000\U000f0000\u0378\U0010ffff"
    for direction in DIRECTIONS:
        assert Converter(direction).convert(strange) == strange


def test_protected_text() -> None:
    assert (
        convert("見 https://zh.example.org/wiki/臺灣 與 @張小姐 說")
        == "见 https://zh.example.org/wiki/臺灣 与 @張小姐 说"
    )
    assert Converter(protect=["臺灣"]).convert("臺灣的說法") == "臺灣的说法"


def test_user_dictionary_wins(tmp_path: Path) -> None:
    path = tmp_path / "mine.txt"
    path.write_text("乾媽\t干妈\n網路\t网络 网路\n", "utf-8")
    assert Converter(dictionary=path).convert("乾媽上網路") == "干妈上网络"


def test_unknown_direction() -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        Converter("nowhere")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_converters_travel(direction: str) -> None:
    converter = Converter(direction, dictionary={"乾媽": "干妈"}, protect=["臺灣"])
    converter.convert("網" * 3000)  # what it has built does not go along
    parcel = pickle.dumps(converter)
    assert len(parcel) < 500
    assert pickle.loads(parcel).convert("臺灣乾媽說头发") == converter.convert("臺灣乾媽說头发")


def test_a_worker_process_gets_a_converter_by_its_settings() -> None:
    converter = Converter("s2twp", protect=["软件"])
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        assert pool.submit(converter.convert, "软件和鼠标").result() == converter.convert("软件和鼠标") == "软件和滑鼠"
