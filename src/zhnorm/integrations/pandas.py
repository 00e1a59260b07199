"""pandas: `import zhnorm.integrations.pandas` gives every Series of texts `.zhnorm.clean()`, `.explain()` and `.changes()`.

Needs pandas (`pip install 'zhnorm[pandas]'`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from zhnorm.api import cleaner_for
from zhnorm.errors import NotTextError, UsageError
from zhnorm.line import evidence_record

from .columns import Rows, changes_of, clean_column, explain_column, package_missing

try:
    import pandas
except ImportError as error:
    raise package_missing("pandas", error) from error

__all__ = ["SeriesTexts"]


class SeriesTexts:
    """The texts of a Series, as `series.zhnorm`.

    >>> table = pandas.DataFrame({"text": ["網絡\\n分享到：微博\\n", None]})
    >>> table["text"].zhnorm.clean().tolist()[0]
    '网络\\n'
    """

    def __init__(self, series: pandas.Series) -> None:
        self._series = series

    def clean(self, titles: pandas.Series | Sequence[str | None] | None = None, **settings: Any) -> pandas.Series:
        """The texts, clean: a Series with the same index, name and type. What is missing stays so.

        Args:
            titles: of the texts: another column (`table["title"]`), or a list; what is missing in it is not known.
            settings: by name, see `zhnorm.Settings`; `own_packs` and `limits`, see `zhnorm.Cleaner`.

        Raises:
            SettingsError: a setting is unknown or out of range.
            NotTextError: a value or a title is no text; the message names the row.
            UsageError: the titles have another index, or another length.
            ReadError: a text is HTML.
            LimitError: a text takes more than it may.

        >>> table = pandas.DataFrame({"title": ["貓在屋簷下"], "text": ["貓在屋簷下\\n貓醒了。\\n貓在屋簷下\\n"]}, index=["a"])
        >>> table["text"].zhnorm.clean(titles=table["title"], to="keep")["a"]
        '貓在屋簷下\\n貓醒了。\\n'
        """
        cleaned = clean_column(cleaner_for(**settings), *self._given(titles))
        return self._alike(cleaned)

    def explain(self, titles: pandas.Series | Sequence[str | None] | None = None, **settings: Any) -> pandas.DataFrame:
        """What became of each text, as a table with the same index: `text`, `share_removed` (of its letters, 0 to 1), `most_by` (the rule
        that took most of them), and how many `lines` it had, were `removed`, and `rewritten`. Arguments and errors are those of `clean`.

        >>> pages = pandas.Series(["雨停了。\\n分享到：微博\\n"])
        >>> pages.zhnorm.explain()[["share_removed", "most_by", "removed"]].values.tolist()
        [[0.625, 'web/share-label', 1]]
        """
        told = explain_column(cleaner_for(**settings), *self._given(titles))
        table = pandas.DataFrame({**told, "text": self._alike(told["text"])}, self._series.index)
        numbers = dict.fromkeys(("lines", "removed", "rewritten"), "Int64")
        return table.astype({"share_removed": "float64", **numbers})

    def changes(self, titles: pandas.Series | Sequence[str | None] | None = None, **settings: Any) -> pandas.DataFrame:
        """The ledger: a row for every change of a line, with the index of its text: `line` (from 1), `stage`, `rule`, `before`, `after`
        (None if the line went) and `evidence`. Arguments and errors are those of `clean`.

        >>> pages = pandas.Series(["雨停了。\\n分享到：微博\\n"], index=["a"])
        >>> pages.zhnorm.changes()[["line", "rule", "after"]].values.tolist()
        [[2, 'web/share-label', None]]
        """
        found = list(changes_of(cleaner_for(**settings), *self._given(titles)))
        columns = ("line", "stage", "rule", "before", "after")
        told: dict[str, Any] = {
            name: pandas.Series(
                [getattr(change, name) for _, change in found], dtype="int64" if name == "line" else object
            )
            for name in columns
        }
        told["evidence"] = pandas.Series([evidence_record(change.evidence) for _, change in found], dtype=object)
        table = pandas.DataFrame(told)
        table.index = self._series.index.take([place for place, _ in found])
        return table

    def _alike(self, texts: list[Any]) -> pandas.Series:
        """Texts as a Series like that which they came from."""
        kind = self._series.dtype
        if isinstance(kind, pandas.CategoricalDtype):
            # Its categories are the texts as they came.
            kind = "category"
        return pandas.Series(texts, self._series.index, kind, self._series.name)

    def _given(self, titles: Any) -> tuple[list[Any], list[Any] | None, Rows]:
        """Values, titles, and how to call the rows."""
        rows = Rows(self._series.name, self._series.index)
        return self._series.tolist(), self._titles(titles), rows

    def _titles(self, titles: Any) -> list[Any] | None:
        if titles is None:
            return None
        if isinstance(titles, str | bytes) or not isinstance(titles, Iterable):
            hint = 'give the column itself: titles=table["title"]'
            raise NotTextError(f"titles: expected a column of titles, got {titles!r}", hint=hint)
        if isinstance(titles, pandas.DataFrame):
            raise NotTextError(
                "titles: expected a column of titles, got a table", hint='give one: titles=table["title"]'
            )
        if isinstance(titles, pandas.Series) and not titles.index.equals(self._series.index):
            hint = "take both from one table, or give titles.tolist() if their order is that of the texts"
            raise UsageError("titles: their index is not that of the texts", hint=hint)
        return list(titles)


pandas.api.extensions.register_series_accessor("zhnorm")(SeriesTexts)
