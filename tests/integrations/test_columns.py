"""What all integrations share: columns of texts."""

from __future__ import annotations

import math
import subprocess
import sys
from importlib.util import find_spec

import pytest

from zhnorm import Cleaner, NotTextError
from zhnorm.errors import LimitError, PackageError, ReadError, UsageError
from zhnorm.integrations.columns import EXPLAINED, Rows, changes_of, clean_column, explain_column
from zhnorm.limits import Limits

from . import HTML, OTHER, PAGE, TEXTS, TITLES, wanted


def test_texts_come_out_as_clean_gives_them() -> None:
    assert clean_column(Cleaner(), TEXTS) == wanted(TEXTS)
    assert clean_column(Cleaner(), TEXTS, TITLES) == wanted(TEXTS, TITLES)
    assert clean_column(Cleaner(to="keep"), TEXTS) == wanted(TEXTS, to="keep")
    assert clean_column(Cleaner(), []) == []


def test_what_is_missing_stays_what_it_is() -> None:
    nan = float("nan")
    cleaned = clean_column(Cleaner(), [nan, "網", None], [None, nan, None])
    assert cleaned[0] is nan
    assert cleaned[1:] == ["网", None]


def test_a_list_of_strings_is_one_text() -> None:
    lines = ["雨中的貓在屋簷下睡著了，一直睡到天黑。", "分享到：微博"]
    assert clean_column(Cleaner(), [lines, [], ["分享到：微博"]]) == [
        ["雨中的猫在屋檐下睡着了，一直睡到天黑。"],
        [],
        [],
    ]
    assert lines[1] == "分享到：微博"


@pytest.mark.parametrize("value", [7, b"x", 1.5, {"a": 1}, ["甲", None], ("甲",)])
def test_what_is_no_text_is_named_before_anything_is_cleaned(value: object) -> None:
    with pytest.raises(NotTextError, match=r"^column 'body', row 'c': expected text, got ") as caught:
        clean_column(Cleaner(limits=Limits(most_bytes=1)), ["網絡", None, value], None, Rows("body", ["a", "b", "c"]))
    assert caught.value.hint
    with pytest.raises(NotTextError, match=r"^the title of row 1: expected text, got int"):
        clean_column(Cleaner(), ["網絡", "安全"], [None, 7])


def test_there_is_one_title_for_each_value() -> None:
    with pytest.raises(UsageError, match="2 texts and 1 titles"):
        clean_column(Cleaner(), ["網", None], ["題"])


def test_html_is_refused_by_its_row() -> None:
    with pytest.raises(ReadError, match=r"^row 3: a page of HTML") as caught:
        clean_column(Cleaner(), ["網絡", None, "安全", HTML, "網"])
    assert "clean_html" in caught.value.hint
    with pytest.raises(ReadError, match=r"^row 3 of a batch \('<html><body>.*…\): a page of HTML"):
        clean_column(Cleaner(), ["網絡", None, "安全", HTML], None, Rows("", part=True))


def test_a_text_that_costs_too_much_is_named() -> None:
    cleaner = Cleaner(limits=Limits(most_bytes=100))
    with pytest.raises(LimitError, match=r"^row 2: "):
        clean_column(cleaner, ["網絡", None, "安" * 50, "全"])
    assert clean_column(cleaner, ["網絡", "安"]) == ["网络", "安"]


def test_what_is_told_is_what_explain_tells() -> None:
    cleaner = Cleaner()
    told = explain_column(cleaner, TEXTS, TITLES)
    assert tuple(told) == EXPLAINED
    for place, (text, title) in enumerate(zip(TEXTS, TITLES, strict=True)):
        row = {name: told[name][place] for name in EXPLAINED}
        if text is None:
            assert set(row.values()) == {None}
            continue
        result = cleaner.explain(text, title)
        assert row["text"] == result.text
        assert math.isclose(row["share_removed"], result.share_removed)
        assert row["most_by"] == result.loss.most_by
        assert (row["lines"], row["removed"]) == (len(result.lines), len(result.removed))
        assert row["rewritten"] == sum(line.text not in (None, line.raw) for line in result.lines)


def test_changes_are_those_of_explain() -> None:
    cleaner = Cleaner()
    found = list(changes_of(cleaner, TEXTS))
    for place, text in enumerate(TEXTS):
        mine = sorted(change for at, change in found if at == place)
        assert mine == (sorted(cleaner.explain(text).changes) if text else [])
    assert {place for place, _ in found} == {0, 2, 4, 5}


def test_a_document_of_several_windows_is_one_document() -> None:
    long = "".join(f"第{i}句說的是渡船走了{i * 7}里，{OTHER}" for i in range(200))
    cleaner = Cleaner(window_lines=50)
    told = explain_column(cleaner, [OTHER, long, OTHER])
    assert told["text"] == [cleaner.clean(text) for text in (OTHER, long, OTHER)]
    assert told["lines"] == [1, 200, 1]


@pytest.mark.parametrize(
    ("module", "package"),
    [
        ("pandas", "pandas"), ("polars", "polars"), ("duckdb", "duckdb"), ("duckdb", "pyarrow"), ("scrapy", "scrapy"), ("spark", "pyspark"),
    ],
)  # fmt: skip
def test_a_missing_package_is_named_with_what_installs_it(module: str, package: str) -> None:
    code = (
        f"import sys; sys.modules[{package!r}] = None\n"
        f"from zhnorm.errors import ZhnormError\n"
        f"try: import zhnorm.integrations.{module}\n"
        f"except ImportError as error: print(isinstance(error, ZhnormError), error.message, error.hint, sep='|')\n"
    )
    if package in ("pyarrow", "pyspark", "scrapy"):
        first = {"pyarrow": "duckdb", "pyspark": "pandas", "scrapy": "itemadapter"}[package]
        if find_spec(first) is None:
            pytest.skip(f"{first}, which is looked for first, is not installed")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    said = f"True|zhnorm.integrations.{module} needs {package}, which is not installed|pip install 'zhnorm[{module}]'"
    assert done.stdout.strip() == said
    assert issubclass(PackageError, ImportError)


def test_importing_zhnorm_loads_no_integration() -> None:
    code = "import zhnorm, sys; zhnorm.clean('網絡'); print(*[name for name in sys.modules if 'integrations' in name])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
    assert PAGE
