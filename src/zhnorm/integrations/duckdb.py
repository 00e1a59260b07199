"""DuckDB: `register_clean(connection)` and `register_explain(connection)` make functions for SQL, `zh_clean(text)` and `zh_explain(text)`.

They are given the texts some thousand rows at a time, through Arrow. Needs duckdb and pyarrow (`pip install 'zhnorm[duckdb]'`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from zhnorm.api import cleaner_for
from zhnorm.errors import NotTextError

from .columns import EXPLAINED, Rows, clean_column, explain_column, hints_in_messages, package_missing, split_arguments

try:
    import duckdb
    import pyarrow
except ImportError as error:
    raise package_missing("duckdb", error) from error

__all__ = ["register_clean", "register_explain"]

_SQL_KINDS = dict(zip(EXPLAINED, ("VARCHAR", "DOUBLE", "VARCHAR", *["BIGINT"] * 3), strict=True))
_KINDS = dict(
    zip(EXPLAINED, (pyarrow.string(), pyarrow.float64(), pyarrow.string(), *[pyarrow.int64()] * 3), strict=True)
)


def register_clean(connection: duckdb.DuckDBPyConnection, name: str = "zh_clean", **settings: Any) -> None:
    """Make a function for SQL that cleans texts: `name(text)`, or `name(text, title)`. NULL stays NULL; a title that is NULL is not known.

    Args:
        connection: which is to know the function; one of its own that has this name is replaced.
        name: of the function.
        settings: by name, see `zhnorm.Settings`; `own_packs` and `limits`, see `zhnorm.Cleaner`.

    Raises:
        SettingsError: a setting is unknown or out of range. What is wrong with a text is DuckDB's `InvalidInputException`.

    >>> connection = duckdb.connect()
    >>> register_clean(connection)
    >>> connection.sql("select zh_clean(t) from (values ('網絡'), (null)) as pages(t)").fetchall()
    [('网络',), (None,)]
    """
    cleaner = cleaner_for(**settings)

    def clean(texts: list[Any], titles: list[Any] | None) -> pyarrow.Array:
        return pyarrow.array(clean_column(cleaner, texts, titles, Rows("", part=True)), pyarrow.string())

    _register(connection, name, clean, "VARCHAR")


def register_explain(connection: duckdb.DuckDBPyConnection, name: str = "zh_explain", **settings: Any) -> None:
    """Make a function for SQL that tells what becomes of texts: `name(text)`, or `name(text, title)`, gives a struct of `text`,
    `share_removed` (of its letters, 0 to 1), `most_by` (the rule that took most of them), and how many `lines` it had, were `removed`, and
    `rewritten`. Arguments and errors are those of `register_clean`.

    >>> connection = duckdb.connect()
    >>> register_explain(connection, to="keep")
    >>> connection.sql("select unnest(zh_explain('雨停了。' || chr(10) || '分享到：微博'))").fetchall()
    [('雨停了。\\n', 0.625, 'web/share-label', 2, 1, 0)]
    """
    cleaner = cleaner_for(**settings)

    def explain(texts: list[Any], titles: list[Any] | None) -> pyarrow.Array:
        told = explain_column(cleaner, texts, titles, Rows("", part=True))
        return pyarrow.StructArray.from_arrays(
            [pyarrow.array(told[key], kind) for key, kind in _KINDS.items()], [*_KINDS]
        )

    _register(connection, name, explain, duckdb.struct_type(_SQL_KINDS))


def _register(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    work: Callable[[list[Any], list[Any] | None], pyarrow.Array],
    kind: Any,
) -> None:
    def function(*columns: pyarrow.ChunkedArray) -> pyarrow.Array:
        with hints_in_messages():
            texts, titles = split_arguments(name, columns)
            return work(_values(texts, name), None if titles is None else _values(titles, name))

    with suppress(duckdb.Error):  # there is none
        connection.remove_function(name)
    # Without special handling a title that is NULL would make the text NULL.
    connection.create_function(name, function, None, kind, type="arrow", null_handling="special")


def _values(column: pyarrow.ChunkedArray, name: str) -> list[Any]:
    """The values of a column that holds text or nothing."""
    kind = column.type
    if not (pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind) or pyarrow.types.is_null(kind)):
        raise NotTextError(f"{name}: expected text (VARCHAR), got {kind}", hint="cast(… as varchar) makes text of it")
    values: list[Any] = column.to_pylist()
    return values
