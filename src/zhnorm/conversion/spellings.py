"""How words are written: the tables in data/script/simplified and data/script/traditional, read and written out.

A row says what a character becomes in some words (`docs/conversion.md` has the format, `conversion/patterns.py` the signs). A
`Spelling` is one word of it: what it becomes as a whole, and what has to stand before and behind it, if the row asks for something.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from ..errors import SettingsError
from .characters import character_map, rows
from .lexicon import read_words
from .patterns import expand, split_context

__all__ = ["Row", "Spelling", "read_rows", "spellings"]

_DATA = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "script")


class Row(NamedTuple):
    """One line of a table.

    Attributes:
        table: the name of its file.
        character: what the row is about.
        becomes: what it becomes.
        words: in which words; `*` for everywhere else.
        examples: texts that the row fixes, with what comes out.
        counterexamples: texts in which the character must become something else.
        standards: the standards that it holds for (`tw`, `hk`, `t`), all of them if there is none.
    """

    table: str
    character: str
    becomes: str
    words: tuple[str, ...]
    examples: tuple[tuple[str, str], ...]
    counterexamples: tuple[tuple[str, str], ...]
    standards: tuple[str, ...]


class Spelling(NamedTuple):
    """A word and what it becomes.

    Attributes:
        before: what has to stand in front of it, as a pattern; "" for anything.
        word: as it is found.
        after: what has to stand behind it.
        result: what it becomes; "" means that the row's character becomes what the row says, and the rest what it becomes anyway.
        row: where it comes from.
    """

    before: str
    word: str
    after: str
    result: str
    row: Row


@cache
def read_rows(script: str) -> tuple[Row, ...]:
    """The rows of all tables of a script, `simplified` or `traditional`, in the order of their files' names.

    Raises:
        SettingsError: a row has too few fields.
    """
    found = []
    for name in sorted(os.listdir(os.path.join(_DATA, script))):
        table = name.removesuffix(".tsv")
        for fields in rows(f"{script}/{table}"):
            if len(fields) < 5:
                raise SettingsError(f"{name}: a row has 5 fields: {fields}", hint="docs/conversion.md")
            character, becomes, words, examples, counterexamples, *standards = fields
            given = tuple(standards[0].split(" ")) if standards else ()
            found.append(
                Row(
                    table, character, becomes, tuple(words.split(" ")), _pairs(examples), _pairs(counterexamples), given
                )
            )
    return tuple(found)


def _pairs(field: str) -> tuple[tuple[str, str], ...]:
    if field == "-":
        return ()
    return tuple((text, result) for text, _, result in (pair.partition("=") for pair in field.split(" ")))


def spellings(row: Row) -> Iterator[Spelling]:
    """The words of a row, written out."""
    for entry in row.words:
        if entry == "+":
            yield from _of_lexicon(row)
        elif entry not in ("*", "!"):
            pattern, _, result = entry.partition("=")
            before, word, after = split_context(pattern)
            for each in expand(word):
                yield Spelling(before, each, after, result, row)


def _of_lexicon(row: Row) -> Iterator[Spelling]:
    """The words of the lexicon that are written so, unless they are more often written with the character itself."""
    words = read_words()
    usual = chr(character_map()[ord(row.character)]) if ord(row.character) in character_map() else row.character
    for word, count in words.items():
        if row.becomes in word and len(word) > 1 and words.get(word.replace(row.becomes, usual), 0) < count:
            for written in _in_traditional(word.replace(row.becomes, row.character)):
                yield Spelling("", written, "", word, row)


def _in_traditional(word: str) -> Iterator[str]:
    """A word of the lexicon as it is, and with the characters that other rows turn into its own: 沈着 and 沈著."""
    forms = _turned_into()
    return map("".join, product(*((c, *forms.get(c, ())) for c in word)))


@cache
def _turned_into() -> dict[str, list[str]]:
    """Under each Simplified character the others that become it where no word decides."""
    found: dict[str, list[str]] = {}
    for row in read_rows("simplified"):
        if row.table != "usage" and "*" in row.words and row.becomes != row.character:
            found.setdefault(row.becomes, []).append(row.character)
    return found
