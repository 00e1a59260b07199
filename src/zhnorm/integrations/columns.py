"""A column of texts, whatever library holds it: its texts are cleaned together, and what is missing stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from zhnorm.cleaner import Cleaner
from zhnorm.counts import Counts
from zhnorm.errors import LimitError, PackageError, ReadError, UsageError, ZhnormError, is_missing, not_text
from zhnorm.formats.jsonl import text_of
from zhnorm.line import Block, Change

__all__ = [
    "EXPLAINED",
    "Document",
    "Rows",
    "changes_of",
    "clean_column",
    "documents",
    "explain_column",
    "hints_in_messages",
    "like",
    "package_missing",
    "split_arguments",
]

_SHOWN_CHARS = 30

EXPLAINED = ("text", "share_removed", "most_by", "lines", "removed", "rewritten")
"""What is told of a text: as it is now, the share of its letters that went (0 to 1), the rule that took most of them ("" if none went),
and how many lines it had, lost, and keeps with another text."""


class Document(NamedTuple):
    """What became of one text of a column.

    Attributes:
        place: of the text in its column, from 0.
        text: the text, clean.
        blocks: its lines with what happened to them; empty unless they were asked for.
    """

    place: int
    text: str
    blocks: list[Block]

    def counts(self) -> Counts:
        """What happened to its lines, in numbers."""
        counts = Counts()
        for block in self.blocks:
            counts.add(block)
        return counts

    def changes(self) -> Iterator[Change]:
        """What happened to its lines, one after the other."""
        for block in self.blocks:
            yield from block.changes()


class Rows:
    """How the rows of a column are called in messages.

    Args:
        column: its name; "" if it has none.
        labels: of its rows; without them they are numbered from 0.
        part: whether the rows are a part of the column, so that their numbers say little, and the text is shown.

    >>> print(Rows("text", ["a", "b"]).called(1, "網絡"), Rows("text", part=True).called(1, "網絡"), sep="; ")
    column 'text', row 'b'; column 'text', row 1 of a batch ('網絡')
    """

    def __init__(self, column: object, labels: Sequence[object] | None = None, *, part: bool = False) -> None:
        self.column = column
        self._labels = labels
        self._part = part

    def called(self, place: int, value: object) -> str:
        """The row at `place`, which holds `value`."""
        label = place if self._labels is None else self._labels[place]
        row = f"row {label!r}"
        if self._part:
            more = "…" if len(repr(value)) > _SHOWN_CHARS else ""
            row += f" of a batch ({repr(value)[:_SHOWN_CHARS]}{more})"
        return row if self.column in ("", None) else f"column {self.column!r}, {row}"


def split_arguments(function: str, columns: Sequence[Any]) -> tuple[Any, Any | None]:
    """The column of texts and that of their titles, of those that a function of SQL was given.

    Args:
        function: its name, for messages.
        columns: what it was given.

    Raises:
        UsageError: these are not one or two.

    >>> split_arguments("zh_clean", ["a"]), split_arguments("zh_clean", ["a", "b"])
    (('a', None), ('a', 'b'))
    """
    if not 1 <= len(columns) <= 2:
        raise UsageError(f"{function}: {len(columns)} arguments", hint=f"{function}(text), or {function}(text, title)")
    return columns[0], columns[1] if len(columns) == 2 else None


def clean_column(
    cleaner: Cleaner, values: Sequence[Any], titles: Sequence[Any] | None = None, rows: Rows | None = None
) -> list[Any]:
    """The values of a column, clean. None and NaN stay what they are; a list of strings is a text whose lines they are.

    Args:
        cleaner: to be used.
        values: of the column.
        titles: of the texts, one for each; None or NaN where it is not known.
        rows: how to call them in messages.

    Raises:
        NotTextError: a value or a title is no text; the message names the row.
        UsageError: there are more or fewer titles than values.
        ReadError: a text is HTML.
        LimitError: a text takes more than it may.

    >>> clean_column(Cleaner(), ["網絡", None, ["網絡安全", "分享到：微博"]])
    ['网络', None, ['网络安全']]
    """
    cleaned = list(values)
    for place, text, _ in documents(cleaner, values, titles, rows):
        cleaned[place] = like(values[place], text)
    return cleaned


def explain_column(
    cleaner: Cleaner,
    values: Sequence[Any],
    titles: Sequence[Any] | None = None,
    rows: Rows | None = None,
    *,
    names: Sequence[str] | None = None,
) -> dict[str, list[Any]]:
    """The columns of `EXPLAINED` for the values of a column, with None where one is missing. Arguments and errors are those of
    `clean_column`; `names` are what a cleaner that knows documents calls the texts.

    >>> found = explain_column(Cleaner(), ["雨停了。\\n分享到：微博\\n", None])
    >>> found["text"], found["share_removed"], found["most_by"], found["removed"]
    (['雨停了。\\n', None], [0.625, None], ['web/share-label', None], [1, None])
    """
    told: list[tuple[Any, ...]] = [(None,) * len(EXPLAINED)] * len(values)
    for document in documents(cleaner, values, titles, rows, observed=True, names=names):
        counts = document.counts()
        text = like(values[document.place], document.text)
        lines = (counts.lines, counts.removed, counts.rewritten)
        told[document.place] = (text, counts.loss.share, counts.loss.most_by, *lines)
    return {name: [row[at] for row in told] for at, name in enumerate(EXPLAINED)}


def changes_of(
    cleaner: Cleaner, values: Sequence[Any], titles: Sequence[Any] | None = None, rows: Rows | None = None
) -> Iterator[tuple[int, Change]]:
    """Every change of the texts of a column, with the place of its text. Arguments and errors are those of `clean_column`.

    >>> [(place, change.line, change.rule) for place, change in changes_of(Cleaner(), ["雨停了。", "雨停了。\\n分享到：微博\\n"])]
    [(1, 2, 'web/share-label')]
    """
    for document in documents(cleaner, values, titles, rows, observed=True):
        for change in document.changes():
            yield document.place, change


def documents(
    cleaner: Cleaner,
    values: Sequence[Any],
    titles: Sequence[Any] | None = None,
    rows: Rows | None = None,
    *,
    observed: bool = False,
    names: Sequence[str] | None = None,
) -> Iterator[Document]:
    """The texts among the values of a column, clean, in their order.

    Arguments and errors are those of `clean_column`; `observed` asks for what happened to their lines, `names` are those of `explain_column`.
    """
    rows = rows or Rows("")
    texts = _texts(values, rows)
    known = _titles(titles, len(values), rows)
    order = list(texts)
    done = 0
    blocks: list[Block] = []
    observe = blocks.append if observed else None
    called = None if names is None else [names[place] for place in order]
    try:
        cleaned = cleaner.clean_many(texts.values(), observe, titles=[known(place) for place in order], names=called)
        for place, text in zip(order, cleaned, strict=True):
            done += 1
            yield Document(place, text, blocks[:])
            blocks.clear()
        return
    except ReadError as error:
        # Those before it were given out.
        raise _named(error, rows.called(order[done], values[order[done]])) from None
    except LimitError:
        # Of those that were cleaned together one takes too long; which one shows when each is cleaned by itself.
        blocks.clear()
    for place in order[done:]:
        try:
            own = None if names is None else [names[place]]
            (text,) = cleaner.clean_many([texts[place]], observe, titles=[known(place)], names=own)
        except (ReadError, LimitError) as error:
            raise _named(error, rows.called(place, values[place])) from None
        yield Document(place, text, blocks[:])
        blocks.clear()


def _texts(values: Sequence[Any], rows: Rows) -> dict[int, str]:
    """The texts of a column by their places; what is no text is found before anything is cleaned."""
    found = {}
    for place, value in enumerate(values):
        if is_missing(value):
            continue
        text = text_of(value)
        if text is None:
            raise not_text(value, rows.called(place, value))
        found[place] = text
    return found


def _titles(titles: Sequence[Any] | None, count: int, rows: Rows) -> Callable[[int], str | None]:
    """The title of a text by its place."""
    if titles is None:
        return lambda _: None
    if len(titles) != count:
        raise UsageError(f"{count} texts and {len(titles)} titles", hint="one title for each text")
    for place, title in enumerate(titles):
        if not (isinstance(title, str) or is_missing(title)):
            raise not_text(title, f"the title of {rows.called(place, title)}")
    return titles.__getitem__


def like(value: object, text: str) -> Any:
    """A text in the form in which it came: where that was a list, the lines that are left."""
    if not isinstance(value, list):
        return text
    # No line was behind the last one.
    text = text.removesuffix("\n")
    return text.split("\n") if text else []


def _named(error: ReadError | LimitError, where: str) -> ReadError | LimitError:
    return type(error)(f"{where}: {error.message}", hint=error.hint, details=error.details)


@contextmanager
def hints_in_messages() -> Iterator[None]:
    """Errors with their hints in their messages, for libraries that pass on nothing else.

    >>> with hints_in_messages():
    ...     Cleaner().clean(7)
    Traceback (most recent call last):
    zhnorm.errors.NotTextError: expected text, got int; a text is a str
    """
    try:
        yield
    except ZhnormError as error:
        if not error.hint:
            raise
        raise type(error)(f"{error.message}; {error.hint}", details=error.details) from None


def package_missing(extra: str, error: ImportError) -> PackageError:
    """The error for an integration whose package is not there.

    Args:
        extra: the name of zhnorm's extra that brings it.
        error: what Python said.

    >>> error = package_missing("polars", ModuleNotFoundError("No module named 'polars'", name="polars"))
    >>> print(error, error.hint, sep="; ")
    zhnorm.integrations.polars needs polars, which is not installed; pip install 'zhnorm[polars]'
    """
    if isinstance(error, ModuleNotFoundError) and error.name:
        said = f"needs {error.name.partition('.')[0]}, which is not installed"
    else:
        said = f"needs a package that cannot be loaded: {error}"
    return PackageError(f"zhnorm.integrations.{extra} {said}", hint=f"pip install 'zhnorm[{extra}]'")
