"""Apache Spark: `frame.withColumn("text", clean("text"))`, and functions for SQL.

Texts go to Python in batches, through Arrow, by a pandas UDF. Rules and tables are made ready once in each of Spark's Python processes. Needs pyspark
3.5 or later, pandas and pyarrow (`pip install 'zhnorm[spark]'`), and zhnorm where the executors run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from zhnorm.api import cleaner_for

from .columns import EXPLAINED, Rows, clean_column, explain_column, package_missing, split_arguments

try:
    import pandas
    from pyspark.sql import functions
except ImportError as error:
    raise package_missing("spark", error) from error

if TYPE_CHECKING:
    from pyspark.sql import Column, SparkSession

__all__ = ["clean", "explain", "register_clean", "register_explain"]

_EXPLAINED = ", ".join(
    f"{name} {kind}" for name, kind in zip(EXPLAINED, ("string", "double", "string", *["bigint"] * 3), strict=True)
)
_Make = Callable[[list[Any], list[Any] | None], Any]


def clean(text: Column | str, titles: Column | str | None = None, **settings: Any) -> Column:
    """A column of texts, clean. Null stays null.

    Args:
        text: the column, or its name.
        titles: the column with their titles, or its name; null where one is not known.
        settings: by name, see `zhnorm.Settings`; `own_packs` and `limits`, see `zhnorm.Cleaner`.

    Raises:
        SettingsError: a setting is unknown or out of range. What is wrong with a text is Spark's `PythonException`.
    """
    return _applied(_cleaning("clean", _column_name(text), settings), text, titles)


def explain(text: Column | str, titles: Column | str | None = None, **settings: Any) -> Column:
    """What becomes of a column of texts, as a struct: `text`, `share_removed` (of its letters, 0 to 1), `most_by` (the rule that took most of
    them), and how many `lines` it had, were `removed`, and `rewritten`. Arguments and errors are those of `clean`.
    """
    return _applied(_explaining("explain", _column_name(text), settings), text, titles)


def register_clean(session: SparkSession, name: str = "zh_clean", **settings: Any) -> None:
    """Make a function for SQL that does what `clean` does: `name(text)`, or `name(text, title)`.

    Args:
        session: which is to know the function.
        name: of the function.
        settings: see `clean`.
    """
    session.udf.register(name, _cleaning(name, "", settings))


def register_explain(session: SparkSession, name: str = "zh_explain", **settings: Any) -> None:
    """Make a function for SQL that does what `explain` does. Arguments are those of `register_clean`."""
    session.udf.register(name, _explaining(name, "", settings))


def _column_name(column: Column | str) -> str:
    return column if isinstance(column, str) else ""


def _applied(function: Any, text: Column | str, titles: Column | str | None) -> Column:
    return function(text) if titles is None else function(text, titles)


def _cleaning(name: str, column: str, settings: dict[str, Any]) -> Any:
    cleaner = cleaner_for(**settings)
    rows = Rows(column, part=True)

    def make(texts: list[Any], titles: list[Any] | None) -> pandas.Series:
        return pandas.Series(clean_column(cleaner, texts, titles, rows), dtype=object)

    return functions.pandas_udf(_over_batches(name, make), "string")


def _explaining(name: str, column: str, settings: dict[str, Any]) -> Any:
    cleaner = cleaner_for(**settings)
    rows = Rows(column, part=True)

    def make(texts: list[Any], titles: list[Any] | None) -> pandas.DataFrame:
        return pandas.DataFrame(explain_column(cleaner, texts, titles, rows), dtype=object)

    return functions.pandas_udf(_over_batches(name, make), _EXPLAINED)


def _over_batches(name: str, make: _Make) -> Callable[..., Any]:
    """A function of batches of one or two columns, typed so that Spark knows what it is."""

    def over(batches: Iterator[tuple[pandas.Series, ...]]) -> Iterator[pandas.Series]:
        for batch in batches:
            # Of one column Spark gives no tuple.
            texts, titles = split_arguments(name, batch if isinstance(batch, tuple) else (batch,))
            yield make(texts.tolist(), None if titles is None else titles.tolist())

    over.__name__ = name  # which Spark calls the column by
    return over
