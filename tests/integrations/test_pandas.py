from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from zhnorm import NotTextError
from zhnorm.errors import ReadError, SettingsError, UsageError

from . import HTML, TEXTS, TITLES, needs, wanted

pytestmark = needs("pandas")


@pytest.fixture
def pandas() -> Any:
    import_module("zhnorm.integrations.pandas")
    return import_module("pandas")


def plain(series: Any) -> list[Any]:
    """The values of a Series, with None for whatever stands for nothing."""
    return [None if missing else value for value, missing in zip(series.tolist(), series.isna(), strict=True)]


@pytest.mark.parametrize(
    "kind", ["object", "str", "string", "string[python]", "string[pyarrow]", "large_string[pyarrow]"]
)
def test_index_name_and_type_stay(pandas: Any, kind: str) -> None:
    if "pyarrow" in kind:
        pytest.importorskip("pyarrow")
    labels = list("abcdef")
    series = pandas.Series(TEXTS, labels, kind, "body") if kind != "str" else pandas.Series(TEXTS, labels, name="body")
    for titles in (None, TITLES):
        cleaned = series.zhnorm.clean(titles=titles)
        assert plain(cleaned) == wanted(TEXTS, titles)
        assert cleaned.dtype == series.dtype
        assert cleaned.index.equals(series.index)
        assert cleaned.name == "body"
    assert plain(series) == TEXTS


def test_titles_come_from_another_column(pandas: Any) -> None:
    table = pandas.DataFrame({"text": TEXTS, "title": TITLES}, index=range(10, 16))
    assert plain(table["text"].zhnorm.clean(titles=table["title"], to="keep")) == wanted(TEXTS, TITLES, to="keep")
    with pytest.raises(UsageError, match="their index is not that of the texts"):
        table["text"].zhnorm.clean(titles=table["title"].sort_index(ascending=False))
    for wrong in ("title", table[["title"]], 7):
        with pytest.raises(NotTextError, match="titles: expected a column of titles") as caught:
            table["text"].zhnorm.clean(titles=wrong)
        assert 'table["title"]' in caught.value.hint


def test_categories_are_made_of_what_comes_out(pandas: Any) -> None:
    series = pandas.Series(["網絡", "網絡", None, "安全"], dtype="category")
    cleaned = series.zhnorm.clean()
    assert plain(cleaned) == ["网络", "网络", None, "安全"]
    assert sorted(cleaned.cat.categories) == ["安全", "网络"]


def test_a_column_of_nothing_passes(pandas: Any) -> None:
    for series in (
        pandas.Series([float("nan")] * 2),
        pandas.Series([], dtype=object),
        pandas.Series([pandas.NA, pandas.NaT], dtype=object),
    ):
        assert series.zhnorm.clean().equals(series)
        assert len(series.zhnorm.explain()) == len(series)
        assert len(series.zhnorm.changes()) == 0


def test_values_that_are_no_text_are_named_by_column_and_index(pandas: Any) -> None:
    with pytest.raises(NotTextError, match=r"^column 'body', row 'y': expected text, got int"):
        pandas.Series(["網", 7], ["x", "y"], name="body").zhnorm.clean()
    with pytest.raises(NotTextError, match=r"^row 0: expected text, got int"):
        pandas.Series([7, 8]).zhnorm.clean()
    with pytest.raises(ReadError, match=r"^row 1: a page of HTML"):
        pandas.Series(["網", HTML]).zhnorm.clean()


def test_a_wrong_setting_is_named(pandas: Any) -> None:
    with pytest.raises(SettingsError, match="unknown setting 'pack'") as caught:
        pandas.Series(["網"]).zhnorm.clean(pack=["web"])
    assert caught.value.__notes__ == ["did you mean packs?"]


def test_explain_is_a_table_beside_the_texts(pandas: Any) -> None:
    series = pandas.Series(TEXTS, list("abcdef"))
    told = series.zhnorm.explain(titles=TITLES)
    assert told.index.equals(series.index)
    assert plain(told["text"]) == wanted(TEXTS, TITLES)
    assert told["text"].dtype == series.dtype
    assert told.loc["f", "share_removed"] == 1
    assert told.loc["f", "most_by"] == "web/share-label"
    assert plain(told["lines"]) == [5, None, 1, 0, 5, 1]
    assert told["share_removed"].dtype == "float64"


def test_changes_are_a_ledger(pandas: Any) -> None:
    import zhnorm

    ledger = pandas.Series(TEXTS, list("abcdef")).zhnorm.changes()
    for label, text in zip("abcdef", TEXTS, strict=True):
        mine = ledger[ledger.index == label]
        changes = zhnorm.explain(text or "").changes
        assert sorted(zip(mine["line"], mine["rule"], mine["before"], strict=True)) == sorted(
            (c.line, c.rule, c.before) for c in changes
        )
    assert ledger["evidence"].map(lambda evidence: bool(evidence["kind"])).all()
    gone = ledger[ledger["after"].isna()]
    assert set(gone["rule"]) >= {"web/share-label"}
