"""Hugging Face datasets: `dataset.map(clean("text"), batched=True)`.

What `clean` gives is pickled in a few hundred bytes, the same ones in every process, so that `map` finds in its cache what was cleaned with the
same settings and the same version of zhnorm. Needs nothing but zhnorm; `pip install 'zhnorm[datasets]'` brings a fitting `datasets`.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from typing import Any

from zhnorm.api import cleaner_for
from zhnorm.cleaner import Cleaner
from zhnorm.errors import UsageError, is_missing

from .columns import EXPLAINED, Rows, clean_column, explain_column

__all__ = ["BatchedTexts", "clean", "explain"]


def clean(column: str = "text", titles: str | None = None, **settings: Any) -> BatchedTexts:
    """A function for `map(…, batched=True)` that cleans a column. None stays None.

    Args:
        column: with the texts, which are replaced.
        titles: the name of the column with their titles, None where one is not known.
        settings: by name, see `zhnorm.Settings`; `own_packs` and `limits`, see `zhnorm.Cleaner`.

    Raises:
        SettingsError: a setting is unknown or out of range.

    >>> clean("text", to="keep")({"text": ["網絡\\n分享到：微博\\n", None]})
    {'text': ['網絡\\n', None]}
    """
    return BatchedTexts(cleaner_for(**settings), column, titles)


def explain(column: str = "text", titles: str | None = None, **settings: Any) -> BatchedTexts:
    """The same with what became of each text in columns beside it: `zhnorm_share_removed` (of its letters, 0 to 1), `zhnorm_most_by` (the
    rule that took most of them), and how many `zhnorm_lines` it had, were `zhnorm_removed`, and `zhnorm_rewritten`.

    >>> explain()({"text": ["雨停了。\\n分享到：微博\\n"]})["zhnorm_share_removed"]
    [0.625]
    """
    return BatchedTexts(cleaner_for(**settings), column, titles, explains=True)


class BatchedTexts:
    """A function of a batch, as `clean` and `explain` make it.

    Args:
        cleaner: to be used.
        column: with the texts.
        titles: the name of the column with their titles.
        explains: whether columns are added that tell what became of each text.

    >>> pickle.loads(pickle.dumps(clean("body", to="tw"))) == clean("body", to="tw")
    True
    """

    def __init__(self, cleaner: Cleaner, column: str, titles: str | None = None, *, explains: bool = False) -> None:
        self.cleaner = cleaner
        self.column = column
        self.titles = titles
        self.explains = explains

    def __reduce__(self) -> tuple[Callable[[bytes], BatchedTexts], tuple[bytes]]:
        # `map` hashes what it would pickle. A pickle depends on which equal objects are one, unless it remembers none; and bytes are
        # pickled the same way by everybody. The digest, which nobody reads, stands for the version, the tables and the rules.
        settings = dict(self.cleaner.settings.as_dict())
        made_of = (self.cleaner.digest, settings, self.cleaner.own_packs, self.cleaner.limits)
        buffer = io.BytesIO()
        pickler = pickle.Pickler(buffer, 4)
        pickler.fast = True
        pickler.dump((made_of, self.column, self.titles, self.explains))
        return _restored, (buffer.getvalue(),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, BatchedTexts) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def _parts(self) -> tuple[object, ...]:
        return self.cleaner, self.column, self.titles, self.explains

    def __call__(self, batch: Any) -> Any:
        """The columns of a batch that become others, or the whole batch if it is a table.

        Raises:
            UsageError: the batch has no such column, or is a single row.
            NotTextError: a value or a title is no text; the message names the row.
            ReadError: a text is HTML.
            LimitError: a text takes more than it may.
        """
        rows = Rows(self.column, part=True)
        titles = None if self.titles is None else _values(batch, self.titles)
        texts = _values(batch, self.column)
        if not self.explains:
            return _beside(batch, {self.column: clean_column(self.cleaner, texts, titles, rows)})
        told = explain_column(self.cleaner, texts, titles, rows)
        beside = {f"zhnorm_{name}": told[name] for name in EXPLAINED if name != "text"}
        return _beside(batch, {self.column: told["text"], **beside})


def _restored(pickled: bytes) -> BatchedTexts:
    (_, settings, own_packs, limits), column, titles, explains = pickle.loads(pickled)  # noqa: S301 - a part of what is being unpickled
    cleaner = cleaner_for(own_packs, limits, **settings)
    return BatchedTexts(cleaner, column, titles, explains=explains)


def _beside(batch: Any, made: dict[str, list[Any]]) -> Any:
    """What was made of a batch, and beside it what `map` does not keep by itself: of a dictionary all other columns stay, of a table none."""
    if isinstance(batch, Mapping):
        return made
    if hasattr(batch, "assign"):  # of pandas
        return batch.assign(**made)
    if hasattr(batch, "with_columns"):  # of polars
        import polars

        return batch.with_columns(
            *(polars.Series(name, values, batch.schema.get(name)) for name, values in made.items())
        )
    import pyarrow

    columns = dict(zip(batch.column_names, batch.columns, strict=True))
    for name, values in made.items():
        columns[name] = pyarrow.array(values, columns[name].type if name in columns else None)
    return pyarrow.table(columns)


def _values(batch: Any, column: str) -> list[Any]:
    """A column of a batch, in whichever format the data set gives it."""
    names = list(batch) if isinstance(batch, Mapping) else list(getattr(batch, "column_names", batch.columns))
    if column not in names:
        raise UsageError(f"no column {column!r}", hint=f"there are: {', '.join(map(str, names))}")
    values = batch[column]
    if values is None or isinstance(values, str):
        raise UsageError("given a single row", hint="map(…, batched=True) gives many at once")
    for name in ("to_pylist", "to_list", "tolist"):
        if hasattr(values, name):
            values = getattr(values, name)()
            break
    # In the format of pandas null is NaN, and no text.
    return [None if is_missing(value) else value for value in values]
