from __future__ import annotations

from typing import Any

import pytest

from zhnorm.errors import SettingsError

from . import HTML, TEXTS, TITLES, needs, wanted

pytestmark = [needs("duckdb"), needs("pyarrow", "duckdb")]


@pytest.fixture
def connection() -> Any:
    import duckdb

    from zhnorm.integrations.duckdb import register_clean, register_explain

    with duckdb.connect() as connection:
        connection.execute("create table pages (number integer, text varchar, title varchar)")
        connection.executemany(
            "insert into pages values (?, ?, ?)", [[*row] for row in zip(range(6), TEXTS, TITLES, strict=True)]
        )
        register_clean(connection)
        register_explain(connection)
        yield connection


def column(connection: Any, query: str) -> list[Any]:
    return [row[0] for row in connection.execute(query).fetchall()]


def test_texts_with_and_without_titles(connection: Any) -> None:
    assert column(connection, "select zh_clean(text) from pages order by number") == wanted(TEXTS)
    assert column(connection, "select zh_clean(text, title) from pages order by number") == wanted(TEXTS, TITLES)
    assert column(connection, "select zh_clean(text, null) from pages order by number") == wanted(TEXTS)
    assert column(connection, "select zh_clean(null)") == [None]


def test_more_rows_than_a_batch_holds(connection: Any) -> None:
    connection.execute("create table many as select i, '第' || i || '個\n' as text from range(5000) as numbers(i)")
    found = column(connection, "select zh_clean(text) from many order by i")
    assert found == wanted([f"第{i}個\n" for i in range(5000)])


def test_explain_is_a_struct(connection: Any) -> None:
    told = connection.execute("select unnest(zh_explain(text, title)) from pages order by number").fetchall()
    assert [row[0] for row in told] == wanted(TEXTS, TITLES)
    assert told[1] == (None,) * 6
    assert told[5] == ("", 1.0, "web/share-label", 1, 1, 0)
    assert column(connection, "select zh_explain(text).share_removed > 0.9 from pages where number = 5") == [True]


def test_settings_and_names_are_ones_own(connection: Any) -> None:
    from zhnorm.integrations.duckdb import register_clean

    register_clean(connection, "zh_keep", to="keep")
    assert column(connection, "select zh_keep(text) from pages order by number") == wanted(TEXTS, to="keep")
    # A cell of a notebook is run again.
    register_clean(connection, "zh_keep", to="tw")
    assert column(connection, "select zh_keep('网络')") == ["網路"] or column(connection, "select zh_keep('网络')") == [
        "網絡"
    ]
    with pytest.raises(SettingsError, match="unknown setting 'pack'"):
        register_clean(connection, pack=["web"])


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select zh_clean(number) from pages", r"zh_clean: expected text \(VARCHAR\), got int32; cast"),
        ("select zh_clean(text, number) from pages", r"expected text \(VARCHAR\), got int32"),
        (
            "select zh_clean(text, title, title) from pages",
            r"zh_clean: 3 arguments; zh_clean\(text\), or zh_clean\(text, title\)",
        ),
        (f"select zh_clean('{HTML}')", r"row 0 of a batch \('<html>.*a page of HTML, not text; zhnorm.clean_html"),
    ],
)
def test_what_is_no_text_is_named(connection: Any, query: str, said: str) -> None:
    import duckdb

    with pytest.raises(duckdb.InvalidInputException, match=said):
        connection.execute(query).fetchall()
    with pytest.raises(duckdb.BinderException):
        connection.execute("select zh_clean(txt) from pages")
