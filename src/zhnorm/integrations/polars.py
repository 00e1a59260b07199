"""polars: `import zhnorm.integrations.polars` gives every Series and expression of texts `.zhnorm.clean()` and `.explain()`.

Needs polars (`pip install 'zhnorm[polars]'`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from zhnorm.api import cleaner_for
from zhnorm.cleaner import Cleaner
from zhnorm.errors import NotTextError

from .columns import EXPLAINED, Rows, clean_column, explain_column, hints_in_messages, package_missing

try:
    import polars
except ImportError as error:
    raise package_missing("polars", error) from error

__all__ = ["ExpressionTexts", "SeriesTexts"]

_KINDS = dict(zip(EXPLAINED, (polars.String, polars.Float64, polars.String, *[polars.Int64] * 3), strict=True))
_EXPLAINED = polars.Struct(_KINDS)


def _clean(cleaner: Cleaner, texts: polars.Series, titles: polars.Series | None, *, part: bool) -> polars.Series:
    values = clean_column(cleaner, *_values(texts, titles), Rows(texts.name, part=part))
    return polars.Series(texts.name, values, polars.String)


def _explain(cleaner: Cleaner, texts: polars.Series, titles: polars.Series | None, *, part: bool) -> polars.Series:
    told = explain_column(cleaner, *_values(texts, titles), Rows(texts.name, part=part))
    return polars.DataFrame(told, _KINDS).to_struct(texts.name)


def _values(texts: polars.Series, titles: polars.Series | None) -> tuple[list[Any], list[Any] | None]:
    """The values of columns that hold text or nothing."""
    for column in (texts, titles):
        if column is not None and column.dtype not in (polars.String, polars.Categorical, polars.Enum, polars.Null):
            raise NotTextError(
                f"column {column.name!r}: expected text, got {column.dtype}", hint="cast it first: .cast(polars.String)"
            )
    return texts.to_list(), None if titles is None else titles.to_list()


class SeriesTexts:
    """The texts of a Series, as `series.zhnorm`.

    >>> polars.Series(["網絡\\n分享到：微博\\n", None]).zhnorm.clean().to_list()
    ['网络\\n', None]
    """

    def __init__(self, series: polars.Series) -> None:
        self._series = series

    def clean(self, titles: polars.Series | Sequence[str | None] | None = None, **settings: Any) -> polars.Series:
        """The texts, clean; null stays null.

        Args:
            titles: of the texts: another column, or a list; null where it is not known.
            settings: by name, see `zhnorm.Settings`; `own_packs` and `limits`, see `zhnorm.Cleaner`.

        Raises:
            SettingsError: a setting is unknown or out of range.
            NotTextError: a column holds no text.
            UsageError: there are more or fewer titles than texts.
            ReadError: a text is HTML.
            LimitError: a text takes more than it may.

        >>> titles = polars.Series(["貓在屋簷下"])
        >>> polars.Series(["貓在屋簷下\\n貓醒了。\\n貓在屋簷下\\n"]).zhnorm.clean(titles, to="keep").to_list()
        ['貓在屋簷下\\n貓醒了。\\n']
        """
        return _clean(cleaner_for(**settings), self._series, _column(titles), part=False)

    def explain(self, titles: polars.Series | Sequence[str | None] | None = None, **settings: Any) -> polars.DataFrame:
        """What became of each text, as a table: `text`, `share_removed` (of its letters, 0 to 1), `most_by` (the rule that took most of
        them), and how many `lines` it had, were `removed`, and `rewritten`. Arguments and errors are those of `clean`.

        >>> polars.Series(["雨停了。\\n分享到：微博\\n"]).zhnorm.explain().row(0)
        ('雨停了。\\n', 0.625, 'web/share-label', 2, 1, 0)
        """
        return _explain(cleaner_for(**settings), self._series, _column(titles), part=False).struct.unnest()


def _column(titles: Any) -> polars.Series | None:
    """Titles as a column."""
    if titles is None or isinstance(titles, polars.Series):
        return titles
    if isinstance(titles, str | bytes | polars.Expr) or not isinstance(titles, Sequence):
        hint = 'give the column itself: table["title"]; in an expression its name does'
        raise NotTextError(f"titles: expected a column of titles, got {titles!r}", hint=hint)
    return polars.Series("titles", titles)


class ExpressionTexts:
    """The texts that an expression gives, as `polars.col("text").zhnorm`, for frames that are lazy, streamed or neither.

    >>> table = polars.DataFrame({"text": ["網絡\\n分享到：微博\\n", None]})
    >>> table.with_columns(polars.col("text").zhnorm.clean())["text"].to_list()
    ['网络\\n', None]
    """

    def __init__(self, expression: polars.Expr) -> None:
        self._expression = expression

    def clean(self, titles: polars.Expr | str | None = None, **settings: Any) -> polars.Expr:
        """The texts, clean; null stays null.

        Args:
            titles: of the texts: an expression, or the name of a column; null where it is not known.
            settings: by name, see `zhnorm.Settings`; `own_packs` and `limits`, see `zhnorm.Cleaner`.

        Raises:
            SettingsError: a setting is unknown or out of range. What is wrong with a text shows when the frame is collected.

        >>> table = polars.DataFrame({"title": ["貓在屋簷下"], "text": ["貓在屋簷下\\n貓醒了。\\n貓在屋簷下\\n"]})
        >>> table.select(polars.col("text").zhnorm.clean(titles="title", to="keep")).item()
        '貓在屋簷下\\n貓醒了。\\n'
        """
        return self._over(_clean, polars.String(), titles, cleaner_for(**settings))

    def explain(self, titles: polars.Expr | str | None = None, **settings: Any) -> polars.Expr:
        """What became of each text, as a struct with the columns of `SeriesTexts.explain`. Arguments and errors are those of `clean`.

        >>> table = polars.LazyFrame({"text": ["雨停了。\\n分享到：微博\\n"]})
        >>> table.select(polars.col("text").zhnorm.explain()).unnest("text").collect().row(0)
        ('雨停了。\\n', 0.625, 'web/share-label', 2, 1, 0)
        """
        return self._over(_explain, _EXPLAINED, titles, cleaner_for(**settings))

    def _over(
        self, work: Callable[..., polars.Series], kind: Any, titles: polars.Expr | str | None, cleaner: Cleaner
    ) -> polars.Expr:
        """What is made of the texts, batch by batch, as polars cuts them."""

        def over(columns: Sequence[polars.Series]) -> polars.Series:
            texts, *more = columns
            with hints_in_messages():
                return work(cleaner, texts, more[0] if more else None, part=True)

        expressions = [self._expression] if titles is None else [self._expression, _expression(titles)]
        return polars.map_batches(expressions, over, kind, is_elementwise=True)


def _expression(titles: Any) -> polars.Expr:
    if isinstance(titles, str):
        return polars.col(titles)
    if not isinstance(titles, polars.Expr):
        hint = 'the name of a column, or polars.col("title"); a Series goes with series.zhnorm'
        raise NotTextError(f"titles: expected an expression, got {type(titles).__name__}", hint=hint)
    return titles


polars.api.register_series_namespace("zhnorm")(SeriesTexts)
polars.api.register_expr_namespace("zhnorm")(ExpressionTexts)
