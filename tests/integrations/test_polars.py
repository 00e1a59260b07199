from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from zhnorm import NotTextError
from zhnorm.errors import ReadError, SettingsError, UsageError

from . import HTML, TEXTS, TITLES, needs, wanted

pytestmark = needs("polars")


@pytest.fixture
def polars() -> Any:
    import_module("zhnorm.integrations.polars")
    return import_module("polars")


@pytest.fixture
def table(polars: Any) -> Any:
    return polars.DataFrame({"text": TEXTS, "title": TITLES, "number": range(len(TEXTS))})


def test_a_series(polars: Any, table: Any) -> None:
    cleaned = table["text"].zhnorm.clean()
    assert (cleaned.to_list(), cleaned.name, cleaned.dtype) == (wanted(TEXTS), "text", polars.String)
    for titles in (table["title"], TITLES):
        assert table["text"].zhnorm.clean(titles=titles, to="keep").to_list() == wanted(TEXTS, TITLES, to="keep")
    assert table["text"].to_list() == TEXTS


@pytest.mark.parametrize("engine", ["eager", "in-memory", "streaming"])
def test_expressions(polars: Any, table: Any, engine: str) -> None:
    text = polars.col("text").zhnorm
    wishes = {
        "plain": text.clean(),
        "titled": text.clean(titles="title"),
        "kept": text.clean(titles=polars.col("title"), to="keep"),
    }
    if engine == "eager":
        done = table.select(**wishes)
    else:
        lazy = table.lazy().select(**wishes)
        assert dict(lazy.collect_schema()) == dict.fromkeys(wishes, polars.String)
        done = lazy.collect(engine=engine)
    assert done["plain"].to_list() == wanted(TEXTS)
    assert done["titled"].to_list() == wanted(TEXTS, TITLES)
    assert done["kept"].to_list() == wanted(TEXTS, TITLES, to="keep")


def test_a_column_keeps_its_name_and_others_stay(polars: Any, table: Any) -> None:
    done = table.with_columns(polars.col("text").zhnorm.clean(titles="title"))
    assert done.columns == table.columns
    assert done["text"].to_list() == wanted(TEXTS, TITLES)
    assert done["title"].to_list() == TITLES


def test_groups_and_empty_frames(polars: Any, table: Any) -> None:
    grouped = table.group_by("number", maintain_order=True).agg(polars.col("text").zhnorm.clean()).explode("text")
    assert grouped["text"].to_list() == wanted(TEXTS)
    assert table.clear().select(polars.col("text").zhnorm.clean())["text"].to_list() == []
    assert polars.Series("n", [None, None]).zhnorm.clean().to_list() == [None, None]


def test_categories_come_out_as_text(polars: Any) -> None:
    for kind in (polars.Categorical, polars.Enum(["網絡", "安全"])):
        cleaned = polars.Series("a", ["網絡", None, "安全"], kind).zhnorm.clean()
        assert (cleaned.to_list(), cleaned.dtype) == (["网络", None, "安全"], polars.String)


def test_explain(polars: Any, table: Any) -> None:
    told = table["text"].zhnorm.explain(table["title"])
    assert told["text"].to_list() == wanted(TEXTS, TITLES)
    assert told["lines"].to_list() == [5, None, 1, 0, 5, 1]
    assert told.row(5) == ("", 1.0, "web/share-label", 1, 1, 0)
    lazy = table.lazy().select(polars.col("text").zhnorm.explain("title"))
    assert dict(lazy.unnest("text").collect_schema()) == dict(told.schema)
    assert lazy.unnest("text").collect().equals(told)


def test_what_is_no_text_is_named(polars: Any, table: Any) -> None:
    said = r"column 'number': expected text, got Int64"
    with pytest.raises(NotTextError, match=rf"^{said}"):
        table["number"].zhnorm.clean()
    # polars passes on the message alone, so the hint stands in it.
    with pytest.raises(NotTextError, match=rf"^{said}; cast it first"):
        table.select(polars.col("number").zhnorm.clean())
    with pytest.raises(NotTextError, match="column 'number'"):
        table.select(polars.col("text").zhnorm.clean(titles="number"))
    with pytest.raises(ReadError, match=r"row 1 of a batch \('<html>.*a page of HTML, not text; zhnorm.clean_html"):
        polars.DataFrame({"a": ["網", HTML]}).select(polars.col("a").zhnorm.clean())


def test_mistakes_are_named(polars: Any, table: Any) -> None:
    with pytest.raises(polars.exceptions.ColumnNotFoundError, match="txt"):
        table.select(polars.col("txt").zhnorm.clean())
    with pytest.raises(polars.exceptions.ColumnNotFoundError, match="headline"):
        table.select(polars.col("text").zhnorm.clean(titles="headline"))
    with pytest.raises(SettingsError, match="unknown setting 'pack'"):
        polars.col("text").zhnorm.clean(pack=["web"])
    for wrong in ("title", polars.col("title"), 7):
        with pytest.raises(NotTextError, match="titles: expected a column"):
            table["text"].zhnorm.clean(titles=wrong)
    with pytest.raises(NotTextError, match="titles: expected an expression, got Series"):
        polars.col("text").zhnorm.clean(titles=table["title"])
    with pytest.raises(UsageError, match="6 texts and 1 titles"):
        table["text"].zhnorm.clean(titles=["題"])
