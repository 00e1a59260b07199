"""Reading packs: the built-in ones quickly, a user's own with every mistake named.

A built-in pack is proved by the tests and read as it is, in a narrow form of TOML that turns into JSON with a few
substitutions: parsing all of them with `tomllib` would take longer than cleaning a hundred pages. A user's pack is
read by `tomllib`, checked field by field, and its examples are run: a rule that fails them does not run.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from ..arrays.expressions import expression
from ..conversion.prepared import prepared
from ..errors import LimitError, ReadError, RulesError, did_you_mean, near_names
from ..limits import Clock, check_time
from ..messages import Message, counted
from ..package_data import data_path
from ..user_files import read_small_text
from .filing import Filing, Numbers
from .model import Action, Below, Pack, Parts, Rule, Where

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["builtin_filing", "builtin_packs", "builtin_text", "check_names", "is_builtin", "load_pack", "parse_pack"]

_FOLDER = data_path("packs")

_LISTS = ("match", "words", "needs", "removes", "keeps")
_CHOICES: dict[str, tuple[str, ...]] = {
    "action": get_args(Action),
    "where": get_args(Where),
    "below": get_args(Below),
    "parts": get_args(Parts),
}
_FIELDS: dict[str, type] = {
    "id": str, "about": str, "action": str, "where": str, "match": list, "words": list, "min_words": int, "needs": list, "slack": int, "read": bool,
    "max_chars": int, "sentence": bool, "below": str, "parts": str, "call": bool, "removes": list, "keeps": list,
}  # fmt: skip
_REQUIRED = ("id", "about", "action", "removes", "keeps")
_KINDS = {str: "text in quotes", list: "a list of texts", int: "a number of 1 or more", bool: "true or false"}
MOST_BYTES, MOST_RULES, MOST_PATTERNS, MOST_SECONDS = 2 << 20, 2000, 20_000, 60.0
"""So large may a pack be, and so long may it take to read and prove it: thirty times what comes with zhnorm."""
MOST_PATTERN_CHARS, MOST_EXAMPLE_CHARS = 500, 10_000
_MOST_MESSAGE_CHARS = 700
_MOST = {"min_words": 100, "slack": 100, "max_chars": 1000}
_MOST_TRIM_CHARS = 200
"""What is longer is no mark that is glued to a line."""
_ID = expression(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")

_COMMENT = expression(r"^[ \t]*#.*\n", re.MULTILINE)
_FIELD = expression(r"^(\w+) = ", re.MULTILINE)
_LAST_COMMA = expression(r",\s*\n\s*\]")
_HEADER = expression(r"^[ \t]*\[\[[ \t]*rule[ \t]*\]\]", re.MULTILINE)


@cache
def builtin_packs() -> tuple[str, ...]:
    """The names of the packs that zhnorm ships, in alphabetical order.

    >>> "web" in builtin_packs()
    True
    """
    return tuple(sorted(name.removesuffix(".toml") for name in os.listdir(_FOLDER) if name.endswith(".toml")))


def is_builtin(path: str) -> bool:
    """Whether a file is one of the packs that zhnorm ships, where they lie: in a checkout people change them.

    >>> is_builtin(data_path("packs/web.toml")), is_builtin("web.toml")
    (True, False)
    """
    return os.path.dirname(os.path.realpath(path)) == os.path.realpath(_FOLDER)


def builtin_text(name: str) -> str:
    """A built-in pack as it is written: a starting point for one's own.

    Raises:
        KeyError: there is no such pack.
    """
    if name not in builtin_packs():
        raise KeyError(name)
    with open(os.path.join(_FOLDER, f"{name}.toml"), encoding="utf-8") as file:
        return file.read()


def load_pack(source: str | Path, text: str | None = None) -> Pack:
    """A pack by its name, from a file, or from its text.

    Args:
        source: the name of a built-in pack, or the path of a TOML file.
        text: the content, if the caller has read it already; then `source` only names the pack.

    Raises:
        RulesError: the pack is broken, too large or too slow, or a rule fails its own examples.
        ReadError: the file cannot be read, or is no regular one.

    >>> load_pack("web").name
    'web'
    """
    if text is None and isinstance(source, str) and source in builtin_packs():
        return _load_builtin(source)
    from pathlib import Path

    from .check import check

    hint: str
    if text is None:
        hint = Message(
            "a pack is a file of TOML (docs/rules.md); built-in packs: {names}", names=", ".join(builtin_packs())
        )
        text = read_small_text(source, ReadError, hint=hint, most_bytes=MOST_BYTES)
    try:
        with Clock(MOST_SECONDS).running():
            pack = parse_pack(Path(source).stem, text, where=str(source))
            failures = check(pack)
    except LimitError as error:
        hint = error.hint if ":" in error.message else "make several packs of it"
        said = (
            error.message
            if ":" in error.message
            else Message("its examples take more than {most_seconds:.0f} seconds", most_seconds=MOST_SECONDS)
        )
        raise RulesError(Message("{source}: {said}", source=source, said=said), hint=hint) from error
    if failures:
        raise RulesError(
            counted(
                len(failures),
                "{source}: 1 of the pack's own examples fails:",
                "{source}: {count} of the pack's own examples fail:",
                source=source,
            ),
            hint="correct the pattern or the example; see docs/rules.md",
            details=tuple(map(str, failures)),
        )
    return pack


def check_names(packs: Sequence[Pack]) -> None:
    """See that the rules of a user's own packs can be told from all others: a ledger cites them as `pack/id`.

    Args:
        packs: a user's own; the same one may be there twice.

    Raises:
        RulesError: one is called like a built-in pack, or two that differ are called alike.
    """
    known: dict[str, Pack] = {}
    for pack in packs:
        name = pack.name
        if name in builtin_packs():
            what = f"a pack called {name!r} is built in, and a ledger could not tell their rules apart ({name}/…)"
            raise RulesError(
                Message("{name}.toml: {what}", name=name, what=what),
                hint=Message("rename the file: mv {name}.toml my-{name}.toml", name=name),
            )
        if known.setdefault(name, pack) != pack:
            what = f"two packs are called {name!r}, and a ledger could not tell their rules apart ({name}/…)"
            raise RulesError(Message("{name}.toml: {what}", name=name, what=what), hint="rename one of the files")


@cache
def _load_builtin(name: str) -> Pack:
    about, rules = _builtin()[name]
    return Pack(name, about, tuple([Rule(*rule) for rule in rules]))


@prepared
def _builtin() -> dict[str, tuple[str, list[tuple[Any, ...]]]]:
    """What each built-in pack is about, and its rules."""
    packs = map(_read_builtin, builtin_packs())
    return {pack.name: (pack.about, [tuple(rule) for rule in pack.rules]) for pack in packs}


def builtin_filing() -> Filing:
    """The patterns of all built-in packs, in their order."""
    return Filing(*_filed())


@prepared
def _filed() -> tuple[list[int], int, Numbers, Numbers, Numbers, Numbers, Numbers]:
    rules = [rule for name in builtin_packs() for rule in load_pack(name).rules]
    return tuple(Filing.of(rules))  # type: ignore[return-value]


def _read_builtin(name: str) -> Pack:
    import json

    text = _LAST_COMMA.sub("]", _COMMENT.sub("", builtin_text(name)))
    head, *bodies = text.split("[[rule]]\n")
    objects = ["{" + _FIELD.sub(r',"\1":', body).replace(",", "", 1) + "}" for body in (head, *bodies)]
    about, *tables = json.loads("[" + ",".join(objects) + "]")
    return Pack(name, about["about"], tuple(_rule(name, table) for table in tables))


def _rule(pack: str, table: Mapping[str, Any]) -> Rule:
    lists = {field: tuple(table.get(field, ())) for field in _LISTS}
    return Rule(name=f"{pack}/{table['id']}", pack=pack, **{**table, **lists})


def parse_pack(name: str, text: str, *, where: str) -> Pack:
    """A pack from TOML, every field checked; its examples are not run.

    Args:
        name: name of the pack.
        text: the TOML.
        where: what the messages call the file.

    Raises:
        RulesError: what is wrong, in which rule, on which line.
    """
    from .check import faults

    about, tables = _parsed(text, where)
    place = _Place(where, text)
    rules: list[Rule] = []
    known: set[str] = set()
    patterns = 0
    for number, table in enumerate(tables):
        check_time()
        _check_table(table, number, place)
        patterns += sum(len(table.get(field, ())) for field in _LISTS)
        if number == MOST_RULES or patterns > MOST_PATTERNS:
            template = "more than {rules:,} rules, or {patterns:,} patterns, words and examples"
            message = Message(template, rules=MOST_RULES, patterns=MOST_PATTERNS)
            raise place.error(number, message, hint="make several packs of it")
        if table["id"] in known:
            message = Message("the id {id!r} is there twice", id=table["id"])
            raise place.error(number, message, field="id", hint="give each rule its own id")
        rule = _rule(name, table)
        for fault in faults(rule):
            raise place.error(number, Message("rule {id!r}: {fault}", id=rule.id, fault=fault), field="match")
        rules.append(rule)
        known.add(rule.id)
    return Pack(name, about, tuple(rules))


def _parsed(text: str, where: str) -> tuple[str, list[Any]]:
    """What a pack is about, and its tables, whatever stands in them."""
    import tomllib  # 30 ms: only for packs that are not built in

    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        said = str(error) if isinstance(error, tomllib.TOMLDecodeError) else "a number too large, or too many brackets"
        raise RulesError(
            Message("{where}: not TOML: {said}", where=where, said=Message(said)),
            hint="see docs/rules.md for a pack to start from",
        ) from error
    about = document.pop("about", "")
    tables = document.pop("rule", [])
    if not isinstance(about, str) or not isinstance(tables, list) or not tables:
        raise RulesError(
            Message('{where}: a pack is about = "..." and one or more [[rule]] tables', where=where),
            hint="see docs/rules.md",
        )
    if document:
        unknown = next(iter(document))
        raise RulesError(
            Message("{where}: unknown field {unknown!r} outside of a rule", where=where, unknown=unknown),
            hint=_nearest(unknown, ("about", "rule")),
        )
    return about, tables


class _Place:
    """Where in a file a rule stands, for messages."""

    def __init__(self, where: str, text: str) -> None:
        self._where, self._text = where, text
        self._starts = [match.start() for match in _HEADER.finditer(text)]

    def error(self, number: int, message: str, *, field: str = "", hint: str = "") -> RulesError:
        start = self._starts[number] if number < len(self._starts) else 0
        stop = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
        found = (
            re.compile(rf"^[ \t]*{re.escape(field)}[ \t]*=", re.MULTILINE).search(self._text, start, stop)
            if field
            else None
        )
        line = self._text.count("\n", 0, found.start() if found else start) + 1
        # A file that is no pack may hold anything, of any length.
        short = message if len(message) <= _MOST_MESSAGE_CHARS else f"{message[:_MOST_MESSAGE_CHARS]}…"
        return RulesError(
            Message("{where}:{line}: {short}", where=self._where, line=line, short=short),
            hint=hint or "see docs/rules.md",
        )


def _check_table(table: object, number: int, place: _Place) -> None:
    """Fields, types and choices of one `[[rule]]`; what they mean together is for `check.faults`."""
    if not isinstance(table, dict):
        raise place.error(
            number, Message("rule {number} is not a table", number=number + 1), hint="begin it with [[rule]]"
        )
    label = Message("rule {name!r}", name=table.get("id", number + 1))
    for field, value in table.items():
        kind = _FIELDS.get(field)
        if kind is None:
            raise place.error(
                number,
                Message("{label}: unknown field {field!r}", label=label, field=field),
                field=field,
                hint=_nearest(field, _FIELDS),
            )
        if not _is_kind(value, kind):
            raise place.error(
                number,
                Message("{label}: {field} must be {kind}", label=label, field=field, kind=Message(_KINDS[kind])),
                field=field,
            )
        if field in _CHOICES and value not in _CHOICES[field]:
            choices = ", ".join(_CHOICES[field])
            said = "{label}: {field} = {value!r} is none of {choices}"
            message = Message(said, label=label, field=field, value=value, choices=choices)
            raise place.error(number, message, field=field, hint=_nearest(str(value), _CHOICES[field]))
    _check_sizes(table, number, label, place)
    for field in _REQUIRED:
        if not table.get(field):
            raise place.error(number, Message("{label}: {field} is missing", label=label, field=field), field=field)
    if not _ID.match(table["id"]):
        raise place.error(
            number, Message("{label}: an id is small letters, digits and hyphens", label=label), field="id"
        )


def _check_sizes(table: Mapping[str, Any], number: int, label: str, place: _Place) -> None:
    for field in _LISTS:
        most = MOST_EXAMPLE_CHARS if field in ("removes", "keeps") else MOST_PATTERN_CHARS
        if any(len(item) > most for item in table.get(field, ())):
            raise place.error(
                number,
                Message(
                    "{label}: {field}: no text may have more than {most:,} characters",
                    label=label,
                    field=field,
                    most=most,
                ),
                field=field,
            )
    is_trim = str(table.get("action", "")).startswith("trim")
    for field, most in (_MOST | {"max_chars": _MOST_TRIM_CHARS} if is_trim else _MOST).items():
        if table.get(field, 1) > most:
            raise place.error(
                number,
                Message("{label}: {field} is at most {most:,}", label=label, field=field, most=most),
                field=field,
            )


def _is_kind(value: object, kind: type) -> bool:
    if kind is list:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool) and value >= 1
    return isinstance(value, kind)


def _nearest(word: str, known: Mapping[str, object] | tuple[str, ...]) -> str:
    return did_you_mean(near_names(word, known)) or "known: " + ", ".join(known)
