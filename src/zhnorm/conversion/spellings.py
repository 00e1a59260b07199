"""How words are written: the tables in data/script/simplified and data/script/traditional, read and written out.

A row says what a character becomes in some words (`docs/conversion.md` has the format). A `Spelling` is one word of it: what it
becomes as a whole, and what has to stand before and behind it, if the row asks for something. These are the signs in which a row
says what words it is about, and what has to stand around them:

[甲乙]      one of these characters ([^甲乙]: one that is none of these)
{name}      one of the words of a class (data/script/classes.tsv)
甲?         perhaps
(…)         at the beginning or the end of a word: what stands before it or behind it; inside, a group
|           or
.  _        any letter; a space
⟨ ⟩         an opening bracket, a closing one
^ $         there is no letter before, behind (the edge of a clause)
¶           the edge of a line
/           at the inner end of a context: and a word ends here
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import NamedTuple

from ..errors import SettingsError
from ..package_data import data_path
from .characters import character_map, rows
from .lexicon import names, read_words

__all__ = ["Row", "Spelling", "expand", "expression", "neighbours", "read_rows", "spellings", "split_context"]

_SIGN = re.compile(r"\[[^]]+\]\??|\{\w+\}\??|.\??")
_MEANINGS = {
    "^": r"(?<!\w)", "$": r"(?!\w)", ".": r"\w", "_": r"[ \u3000]", "⟨": "[（(]", "⟩": "[）)]", "|": "|", "(": "(?:", ")": ")",
}  # fmt: skip


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    """The named classes, longest members first."""
    return {name: tuple(sorted(members.split(" "), key=len, reverse=True)) for name, members in rows("classes")}


def expand(pattern: str) -> Iterator[str]:
    """The words that a pattern without contexts stands for.

    >>> list(expand("[甲乙]丙[丁戊]"))
    ['甲丙丁', '甲丙戊', '乙丙丁', '乙丙戊']
    """
    parts: list[tuple[str, ...]] = []
    for sign, optional in _signs(pattern):
        choices = tuple(sign[1:-1]) if sign[0] == "[" else _classes()[sign[1:-1]] if sign[0] == "{" else (sign,)
        parts.append((*choices, "") if optional else choices)
    return map("".join, product(*parts))


def split_context(pattern: str) -> tuple[str, str, str]:
    """What stands in brackets before a word, the word, and what stands in brackets behind it.

    >>> split_context("(第[一二])里($)")
    ('第[一二]', '里', '$')

    Raises:
        ValueError: a bracket is not closed.
    """
    before, word, after = "", pattern, ""
    if word.startswith("("):
        stop = _closing(word, 0)
        before, word = word[1:stop], word[stop + 1 :]
    if word.endswith(")"):
        start = word.index("(")
        word, after = word[:start], word[start + 1 : -1]
    return before, word, after


def expression(context: str, behind: bool) -> str:
    """A context as a regular expression; a "/" stays where the context has one.

    >>> expression("第[一二]/", behind=False)
    '第[一二]/'
    """
    if behind:
        found = _expression(context.removeprefix("/")).replace("¶", r"(?![^\n])")
        return "/" + found if context.startswith("/") else found
    found = _expression(context.removesuffix("/")).replace("¶", r"(?<![^\n])")
    return found + "/" if context.endswith("/") else found


def _expression(context: str) -> str:
    found = []
    for sign, optional in _signs(context):
        found.append(_meaning(sign) + "?" * optional)
    return "".join(found)


def _meaning(sign: str) -> str:
    if sign[0] == "{":
        return f"(?:{'|'.join(map(re.escape, _classes()[sign[1:-1]]))})"
    if sign[0] == "[" or sign == "¶":
        return sign
    return _MEANINGS.get(sign) or re.escape(sign)


def neighbours(context: str, behind: bool) -> frozenset[str] | None:
    """The characters that can stand next to a word in a context; None if that can be any, or none at all.

    >>> sorted(neighbours("第[一二]|甲乙?", behind=False))
    ['一', '乙', '二', '甲']
    """
    context = context.removeprefix("/") if behind else context.removesuffix("/")
    found: set[str] = set()
    for sequence in _alternatives(context):
        for sign, optional in sequence if behind else reversed(sequence):
            near = _edge(sign, behind)
            if near is None:
                return None
            found |= near
            if not optional:
                break
        else:
            return None
    return frozenset(found)


def _edge(sign: str, behind: bool) -> frozenset[str] | None:
    if sign[0] == "(":
        return neighbours(sign[1:-1], behind)
    if sign[0] == "{":
        return frozenset(word[0 if behind else -1] for word in _classes()[sign[1:-1]])
    if sign[0] == "[":
        return None if sign[1] == "^" else frozenset(sign[1:-1])
    plain = {"⟨": "（(", "⟩": "）)", "_": " \u3000"}.get(sign, sign)
    return None if sign in "^$¶." else frozenset(plain)


def _alternatives(context: str) -> list[list[tuple[str, bool]]]:
    """The alternatives of a context, each as a sequence of signs; a group is one sign."""
    sequences: list[list[tuple[str, bool]]] = [[]]
    place = 0
    while place < len(context):
        if context[place] == "(":
            stop = _closing(context, place) + 1
            sign = context[place:stop]
        else:
            match = _SIGN.match(context, place)
            assert match
            sign = match[0].removesuffix("?") if len(match[0]) > 1 else match[0]
            stop = place + len(sign)
        if sign == "|":
            sequences.append([])
        else:
            sequences[-1].append((sign, context[stop : stop + 1] == "?"))
        place = stop + (context[stop : stop + 1] == "?")
    return sequences


def _signs(pattern: str) -> Iterator[tuple[str, bool]]:
    """The signs of a pattern, and whether each is optional."""
    for sign in _SIGN.findall(pattern):
        optional = len(sign) > 1 and sign.endswith("?")
        yield (sign.removesuffix("?") if optional else sign), optional


def _closing(pattern: str, start: int) -> int:
    """Where the bracket that opens at `start` is closed."""
    depth = 0
    for place in range(start, len(pattern)):
        depth += (pattern[place] == "(") - (pattern[place] == ")")
        if not depth:
            return place
    raise ValueError(f"an open bracket: {pattern}")


_DATA = data_path("script")


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
        elif entry[0] == "@":
            yield from _of_names(row, _classes()[entry[2:-1]])
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


def _of_names(row: Row, others: tuple[str, ...]) -> Iterator[Spelling]:
    """The names of the lexicon, of three characters or more, that hold the character and beside it some of a class alone."""
    around = {row.character, *others}
    for word in names():
        if row.character in word and len(word) > 2 and around.issuperset(word):
            yield Spelling("", word, "", "", row)


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
