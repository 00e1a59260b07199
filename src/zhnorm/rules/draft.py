"""A first version of a rule, made from lines that should go and lines that should stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from zhnorm.messages import Message

from ..arrays.expressions import expression
from ..conversion.fold import fold, key
from ..errors import RulesError
from ..signs import (
    BARS,
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    CLOSING_TITLES,
    COLONS,
    COMMAS,
    OPENING_BRACKETS,
    OPENING_QUOTES,
    OPENING_TITLES,
    SENTENCE_ENDS,
    STARS,
    STOPS,
    STRAIGHT_QUOTES,
    one_of,
    without,
)
from ..text.shape import CLOSERS
from .check import check, faults
from .model import Action, Pack, Rule

__all__ = ["draft_rule"]

_COMMON_CHARS = 4
"""Lines that begin (or end) with this many equal characters share a pattern with `*` for the rest."""
_MARK = one_of(
    *(
        OPENING_QUOTES,
        OPENING_BRACKETS,
        OPENING_TITLES,
        CLOSING_QUOTES,
        CLOSING_BRACKETS,
        CLOSING_TITLES,
        STRAIGHT_QUOTES,
    ),
    *(SENTENCE_ENDS, COMMAS, COLONS, BARS, without(STARS, "※"), "、．.·•*#/／>»▲▼●■-"),
)
_OUTSIDE = expression(f"^(?:\\s|{_MARK})+|(?:\\s|{_MARK})+$")
_NUMBER = expression("[0-9]+")


def draft_rule(name: str, removes: Sequence[str], keeps: Sequence[str], *, action: Action, about: str) -> Rule:
    """A rule that acts on all of the first lines and on none of the second.

    Lines that begin or end alike get one pattern between them, if it leaves the lines that stay alone; the others
    are taken whole, with `#` for numbers.

    Args:
        name: `pack/id`.
        removes: lines to act on, at least one; for trims ⟦ ⟧ marks the part that goes.
        keeps: lines to leave alone.
        action: what happens to a line that matches.
        about: what the phrase is, for readers.

    Raises:
        RulesError: no such rule can be made; the message names the line.

    >>> draft_rule("mine/app", ["下载青石App看全文", "下载青石App看视频"], ["他下载了一个App"], action="drop", about="").match
    ('下载青石app看*',)
    """
    pack, _, identifier = name.partition("/")
    spoken = {key(line.replace("⟦", "").replace("⟧", "")): line for line in removes}
    for line in keeps:
        if key(line) in spoken:
            raise RulesError(Message("{line!r} is to go and to stay", line=line), hint="the two lines say the same")
    parts = [_part(line, action) for line in removes]
    for line, part in zip(removes, parts, strict=True):
        if len(key(part)) < 2:
            raise RulesError(
                Message("{line!r}: says too little to be recognised", line=line),
                hint="give a line with two letters or more",
            )
    longest = max(len(key(part)) for part in parts)
    ends = any(line.rstrip(CLOSERS).endswith(STOPS) for line in removes)

    def rule(match: Sequence[str]) -> Rule:
        return Rule(
            *(name, pack, identifier, about, action),
            match=tuple(match),
            max_chars=max(longest + longest // 2, 12),
            sentence=ends,
            removes=tuple(removes),
            keeps=tuple(keeps),
        )

    whole = list(dict.fromkeys(parts))
    for match in (*(match for match in _shared(whole, action) if len(match) < len(whole)), whole):
        found = rule(match)
        wrong = faults(found) or check(Pack(pack, "", (found,)))
        if not wrong:
            return found
    raise RulesError(
        Message("no rule could be made: {reason}", reason=wrong[0]),
        hint="shorter lines, or a pattern by hand: docs/rules.md",
    )


def _part(line: str, action: Action) -> str:
    """What a pattern for this line alone says."""
    if action.startswith("trim"):
        start, stop = line.find("⟦"), line.find("⟧")
        if start < 0 or stop < start:
            raise RulesError(Message("{line!r}: which part goes?", line=line), hint="mark it: 灯灭了。⟦（编辑：小满）⟧")
        line = line[start + 1 : stop]
    return _NUMBER.sub("#", _OUTSIDE.sub("", fold(line)))


def _shared(parts: Sequence[str], action: Action) -> Iterator[list[str]]:
    """Patterns for groups of lines that begin alike, or end alike."""
    if action != "trim-prefix":
        yield _grouped(parts, lambda part: part[:_COMMON_CHARS], _beginning)
    if action != "trim-suffix":
        yield _grouped(parts, lambda part: part[-_COMMON_CHARS:], _ending)


def _grouped(
    parts: Sequence[str], group_of: Callable[[str], str], pattern_of: Callable[[Sequence[str]], str]
) -> list[str]:
    groups: dict[str, list[str]] = {}
    for part in parts:
        groups.setdefault(group_of(part), []).append(part)
    return [pattern_of(group) if len(group) > 1 else group[0] for group in groups.values()]


def _beginning(group: Sequence[str]) -> str:
    first, last = min(group), max(group)
    size = next((i for i, pair in enumerate(zip(first, last, strict=False)) if pair[0] != pair[1]), len(first))
    return first[:size].rstrip() + "*"


def _ending(group: Sequence[str]) -> str:
    return "*" + _beginning([part[::-1] for part in group])[:-1][::-1]
