"""Every knob of the cleaner, once: name, type, unit, range, default, and what turning it can cost.

The command line, the configuration file, the documentation and `Settings` all come from the fields below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from .conversion.directions import direction_named
from .errors import SettingsError, did_you_mean, near_names
from .messages import Message
from .reading.kinds import KINDS

__all__ = ["PROFILES", "Profile", "Settings", "Target"]

Target = Literal["hans", "hant", "tw", "hk", "keep", "t2s", "tw2s", "tw2sp", "hk2s", "s2t", "s2tw", "s2twp", "s2hk"]
Profile = Literal["auto", "article", "page", "forum", "gentle"]
Caution = Literal["careful", "even", "strict"]
Quotes = Literal["keep", "curly", "corner"]
Punctuation = Literal["keep", "full"]

# What a profile sets; a setting given beside the profile wins over it.
PROFILES: dict[str, dict[str, Any]] = {
    "auto": {},
    "article": {"caution": "careful"},
    "page": {"caution": "strict"},
    "forum": {"edges": False, "keep": ("comment",)},
    "gentle": {"reading": False, "titles": False, "boilerplate": False, "edges": False, "fuzzy": False},
}


def _knob(default: Any, about: str, *, danger: str = "", low: float | None = None, high: float | None = None) -> Any:
    whole = isinstance(default, int)
    return field(default=default, metadata={"about": about, "danger": danger, "low": low, "high": high, "whole": whole})


@dataclass(frozen=True, slots=True)
class Settings:
    """What the cleaner does. Immutable; make another with `Settings.of` or `dataclasses.replace`.

    Where a tuple is kept a list or a set may be given, and for `dictionary` a mapping.

    Raises:
        SettingsError: a value is of the wrong type or out of range.

    >>> Settings.of(profile="gentle").boilerplate
    False
    >>> Settings.of(profile="gentle", boilerplate=True).boilerplate
    True
    >>> Settings(packs=["web"], dictionary={"软件": "軟體"}).packs
    ('web',)
    """

    profile: Profile = _knob(
        "auto",
        "kind of text: auto (whatever it is), article (a hint: little has to go), page (a hint: a whole page dumped to text), "
        "forum (replies are text), gentle (only repeats and characters)",
    )
    to: Target = _knob(
        "hans", "script of the output: hans, hant, tw, hk, a direction such as s2twp, or keep (convert nothing)"
    )
    protect: tuple[str, ...] = _knob((), "terms that no conversion changes")
    dictionary: tuple[tuple[str, str], ...] = _knob(
        (), "phrases of your own with their results; they win over the others"
    )
    corrections: bool = _knob(
        True, "decide ambiguous characters by context (著 着, 乾 干 …) and leave Simplified lines alone"
    )
    convert_code: bool = _knob(
        False,
        "convert the strings and comments of code and front matter too",
        danger="a program that compares or writes Traditional text does something else",
    )
    title: str | None = _knob(
        None,
        "title of the page; without it the line that comes back is found",
        danger="lines that repeat it are removed",
    )
    tidy: bool = _knob(
        True,
        "take mojibake back, remove invisible and control characters, decode entities, unify letters, digits and spaces",
    )
    reading: bool = _knob(
        True,
        "read what kind of line each is, and remove menus, tools, calls, lists of links and the like around the text",
    )
    caution: Caution = _knob(
        "even",
        "how sure it has to be that a line is none of the text: careful, even, strict (removes more)",
        danger="strict removes lines of the text now and then",
    )
    keep: tuple[str, ...] = _knob((), "kinds of lines that stay whatever rules know of them, such as comment or credit")
    drop: tuple[str, ...] = _knob(
        (), "kinds of lines that go as well, such as caption, note or byline", danger="lines of the text are lost"
    )
    quotes: Quotes = _knob("keep", "quotation marks: keep, curly “”, corner 「」")
    punctuation: Punctuation = _knob("keep", "half-width marks between Han characters: keep, or full (,→，)")
    titles: bool = _knob(True, "keep the title once: drop its repeats, trim it where it is doubled in a line")
    boilerplate: bool = _knob(True, "apply the rules of the packs")
    packs: tuple[str, ...] | None = _knob(None, "built-in rule packs to use; default: all")
    duplicates: bool = _knob(True, "collapse repeated lines")
    fuzzy: bool = _knob(
        True, "collapse nearly equal lines too", danger="lines that differ in a word or two can be merged"
    )
    threshold: float = _knob(
        90.0, "likeness from which lines count as nearly equal, percent", low=70.0, high=100.0,
        danger="below 85 lines that differ in what they say are merged",
    )  # fmt: skip
    datelines: bool = _knob(
        True, "remove the line that says when and where a text was published", danger="dates and sources are lost"
    )
    edges: bool = _knob(True, "peel navigation from the top, link lists and comments from the bottom")
    blank_lines: int = _knob(1, "most blank lines kept in a row", low=0, high=1000)
    window_lines: int = _knob(
        4000, "lines of a document looked at together; longer documents are cleaned window by window", low=50, high=1_000_000,
        danger="memory grows with it; below 500 titles and edges of long pages are missed",
    )  # fmt: skip

    def __post_init__(self) -> None:
        if isinstance(self.to, str):
            object.__setattr__(self, "to", direction_named(self.to))
        for name in _COLLECTIONS:
            object.__setattr__(self, name, _as_tuple(name, getattr(self, name)))
        for knob in fields(self):
            _check(knob.name, getattr(self, knob.name), knob.metadata)

    @classmethod
    def of(cls, settings: Settings | None = None, /, **overrides: Any) -> Settings:
        """Settings with some values replaced; a `profile` among them is applied first, the other values over it: kinds to keep come to those that
        it keeps.

        Raises:
            SettingsError: an unknown name, a wrong type, or a value out of range.
        """
        known = {knob.name for knob in fields(cls)}
        for name in overrides:
            if name not in known:
                others = Message("known settings: {known}", known=", ".join(sorted(known)))
                hint = _MEANT.get(name) or did_you_mean(near_names(name, known)) or others
                raise SettingsError(Message("unknown setting {name!r}", name=name), hint=hint)
        chosen = overrides.get("profile")
        base = settings or cls()
        if chosen is not None:
            if not isinstance(chosen, str) or chosen not in PROFILES:
                raise SettingsError(
                    Message("profile: {shown} is none of {names}", shown=_shown(chosen), names=", ".join(PROFILES))
                )
            preset = PROFILES[chosen]
            base = replace(base, **preset)
            overrides |= _kept_beside(preset.get("keep", ()), overrides)
        return replace(base, **overrides) if overrides else base

    def as_dict(self) -> Mapping[str, Any]:
        """Names and values, in the order of the fields."""
        return asdict(self)


def _kept_beside(kinds: tuple[str, ...], overrides: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The kinds that a profile keeps, beside those that the user keeps, and without those that the user drops."""
    given = {name: _as_tuple(name, overrides[name]) for name in ("keep", "drop") if name in overrides}
    if not all(isinstance(value, tuple) for value in given.values()) or not (kinds and given):
        return {}
    left = [kind for kind in kinds if kind not in given.get("drop", ())]
    return {"keep": tuple(dict.fromkeys((*left, *given.get("keep", ()))))}


_MEANT = {
    "strict": Message('caution="strict" removes more'),
    "careful": Message('caution="careful" removes less'),
    **dict.fromkeys(
        ("lang", "language", "script", "target"), Message('to="hans", to="hant" …: the script of the output')
    ),
}
"""What is said instead of settings that there are not."""
_COLLECTIONS = ("protect", "dictionary", "keep", "drop", "packs")


def _as_tuple(name: str, value: Any) -> Any:
    """A collection as it is kept; what is none is left for `_check` to refuse."""
    if name == "dictionary":
        if isinstance(value, Mapping):
            value = value.items()
        elif not isinstance(value, (list, tuple)):
            return value
        return tuple(tuple(pair) if isinstance(pair, list) else pair for pair in value)
    if isinstance(value, (set, frozenset)):
        # In an order of their own, so that equal settings have equal digests.
        return tuple(sorted(value, key=repr))
    return tuple(value) if isinstance(value, list) else value


_CHOICES = {
    "profile": get_args(Profile),
    "to": get_args(Target),
    "caution": get_args(Caution),
    "quotes": get_args(Quotes),
    "punctuation": get_args(Punctuation),
}


_MOST_SHOWN_CHARS = 60


def _shown(value: object) -> str:
    """A value in a message: what a file says may be of any size."""
    try:
        text = f"{value:g}" if isinstance(value, float) else repr(value)
    except (ValueError, RecursionError):
        return f"something too large ({type(value).__name__})"
    return text if len(text) <= _MOST_SHOWN_CHARS else f"{text[:_MOST_SHOWN_CHARS]}…"


def _check(name: str, value: Any, knob: Mapping[str, Any]) -> None:
    if name in _CHOICES:
        if not isinstance(value, str) or value not in _CHOICES[name]:
            hint = "hans is Simplified, hant Traditional; keep converts nothing" if name == "to" else ""
            raise SettingsError(
                Message(
                    "{name}: {shown} is none of {names}",
                    name=name,
                    shown=_shown(value),
                    names=", ".join(_CHOICES[name]),
                ),
                hint=hint,
            )
    elif name == "title":
        if not (value is None or isinstance(value, str)):
            hint = "one title is a str; titles=… takes one for each of many" if hasattr(value, "__iter__") else ""
            raise SettingsError(
                Message("{name}: expected text, got {shown}", name=name, shown=_shown(value)), hint=hint
            )
    elif name in ("keep", "drop"):
        _check_kinds(name, value)
    elif name in ("packs", "protect"):
        if not _is_tuple_of(value, str) and not (name == "packs" and value is None):
            raise SettingsError(
                Message("{name}: expected a list of texts, got {shown}", name=name, shown=_shown(value)),
                hint=_in_a_list(value),
            )
    elif name == "dictionary":
        if not _is_tuple_of(value, tuple) or not all(len(pair) == 2 and _is_tuple_of(pair, str) for pair in value):
            raise SettingsError(
                Message(
                    "{name}: expected pairs of a phrase and its result, got {shown}", name=name, shown=_shown(value)
                )
            )
    elif knob["low"] is None:
        if not isinstance(value, bool):
            raise SettingsError(Message("{name}: expected true or false, got {shown}", name=name, shown=_shown(value)))
    else:
        _check_number(name, value, knob)


def _check_kinds(name: str, value: Any) -> None:
    if not _is_tuple_of(value, str):
        raise SettingsError(
            Message("{name}: expected a list of kinds, got {shown}", name=name, shown=_shown(value)),
            hint=_in_a_list(value),
        )
    for kind in value:
        if kind not in KINDS:
            raise SettingsError(
                Message("{name}: {shown} is no kind of line", name=name, shown=_shown(kind)),
                hint=Message("kinds: {names}", names=", ".join(KINDS)),
            )


def _check_number(name: str, value: Any, knob: Mapping[str, Any]) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SettingsError(Message("{name}: expected a number, got {shown}", name=name, shown=_shown(value)))
    if not knob["low"] <= value <= knob["high"]:
        raise SettingsError(
            Message(
                "{name}: {shown} is not between {low:g} and {high:g}",
                name=name,
                shown=_shown(value),
                low=knob["low"],
                high=knob["high"],
            )
        )
    if knob["whole"] and not isinstance(value, int):
        raise SettingsError(Message("{name}: expected a whole number, got {value!r}", name=name, value=value))


def _in_a_list(value: object) -> str:
    """What to do about one text where several belong."""
    return Message("write it as a list: [{shown}]", shown=_shown(value)) if isinstance(value, str) else ""


def _is_tuple_of(value: Any, kind: type) -> bool:
    return isinstance(value, tuple) and all(isinstance(item, kind) for item in value)
