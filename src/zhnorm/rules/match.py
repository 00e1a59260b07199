"""Finding the lines on which rules act, at a cost that follows from the hits and not from the number of rules.

Most lines match nothing, so most of the work is to say so quickly. Every pattern is filed under one short literal
(an anchor) that a matching line must begin with, end with or hold. A line is looked up by its first and its last two
characters, and one scan over all short lines finds the anchors in the middle. Only a line that holds an anchor is
compared with the patterns filed there, and only then is an expression compiled.

Most lines are never divided into parts, either (`reach_of_parts`). What `parts` finds stands in brackets, in the sentences at the line's end,
or in the one at its beginning. So a phrase in the middle of a paragraph belongs to none, and that is seen by counting: of one line
from its text, of thousands in arrays.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import accumulate, repeat
from operator import add, attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from ..arrays.character_kinds import SPACES, Kinds, LineArrays, among
from ..arrays.character_table import in_arrays
from ..arrays.expressions import expression
from ..arrays.literals import Gates
from ..conversion.fold import folds_of, key
from ..signs import CLOSING_BRACKETS, none_of, one_of
from .around import AROUND_STOP
from .filing import Filing
from .fit import Hit, line_hits
from .glued import LEAST_READ, Glued, bits, glued
from .model import Rule
from .parts import LEAST_CHARS, LONG_CHARS, OPENING_MARKS, PARTING_MARKS, may_have_parts
from .pattern import DIGITS, UNITS, Entry, Filed, normalise

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Hit", "Matcher", "applies", "reach_of_parts", "within_reach"]

_CLOSING = f"{CLOSING_BRACKETS}］◢"
_HELD = expression(f"{one_of(OPENING_MARKS)}{none_of(OPENING_MARKS, _CLOSING)}{{2,90}}{one_of(_CLOSING)}")
_MOST_CLOSERS = 4
"""So many at the ends of lines are looked for in arrays."""
_STOP, _CLOSER, _PARTING, _TWICE, _SPACE, _OPENING = (1 << bit for bit in range(6))
_KINDS = Kinds(
    {
        _STOP: "。",
        _CLOSER: AROUND_STOP,
        # A tag may begin.
        _PARTING: f"{PARTING_MARKS}<",
        _TWICE: "—.-",
        _SPACE: SPACES,
        _OPENING: OPENING_MARKS,
    }
)


class Reach(NamedTuple):
    """In so many letters at a line's beginning, and in so many at its end, parts may stand; everything else is in brackets."""

    front: int
    back: int


def reach_of_parts(text: str, line_key: str) -> Reach:
    """Where parts of a line may stand, given with its key, found without dividing it.

    >>> reach_of_parts("灯灭了。他走了，河上没有船。关注我们", "灯灭了他走了河上没有船关注我们")
    Reach(front=3, back=4)
    """
    last = len(text.rstrip(AROUND_STOP)) - 1
    first = text.find("。", 0, last)
    if first < 0:
        return Reach(len(line_key), 0)
    return Reach(first, len(text) - 1 - text.rfind("。", 0, last))


def bracketed(text: str) -> str:
    """The key of what the brackets of a line hold.

    >>> bracketed("灯灭了（責編：方晴），他走了。")
    '责编方晴'
    """
    return key("".join(_HELD.findall(text)))


def within_reach(
    texts: Sequence[str], keys: LineArrays, lines: NDArray[Any], places: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Of places in the keys of lines which are within reach of parts, and which may be if brackets hold them.

    Args:
        texts: the lines.
        keys: their keys.
        lines: for each place its line, in order.
        places: indices in all keys together.

    >>> import numpy as np
    >>> found = within_reach(["灯灭了。他（小方）走了，河上没有船。关注"], LineArrays("灯灭了他小方走了河上没有船关注"), np.zeros(3, int), np.array([0, 4, 13]))
    >>> [each.tolist() for each in found]
    [[True, False, True], [True, True, True]]
    """
    import numpy as np

    all_lines = LineArrays("\n".join(texts))
    codes, starts, ends = all_lines.codes, all_lines.starts, all_lines.ends
    sizes = keys.ends - keys.starts
    kinds = _KINDS.of_characters(all_lines)
    # A mark at the end, with what closes behind it, parts nothing from anything.
    at = np.flatnonzero(kinds & (_STOP | _PARTING | _TWICE | _SPACE))
    owner = np.searchsorted(starts, at, "right") - 1
    inner = at < _last(texts, all_lines, kinds)[owner]
    at, owner = at[inner], owner[inner]
    kind = kinds[at]
    stops, of_stops = at[(kind & _STOP) != 0], owner[(kind & _STOP) != 0]
    front, back = sizes.copy(), np.zeros_like(sizes)
    front[of_stops[::-1]] = (stops - starts[of_stops])[::-1]
    back[of_stops] = ends[of_stops] - 1 - stops
    parts = (kind & _PARTING) != 0
    parts |= ((kind & _SPACE) != 0) & (sizes[owner] >= LONG_CHARS)
    parts |= ((kind & _TWICE) != 0) & (codes[at] == codes[at + 1])
    has_brackets = (all_lines.union(kinds) & _OPENING) != 0
    may_part = has_brackets.copy()
    may_part[owner[parts]] = True
    offsets = places - keys.starts[lines]
    near = (offsets <= front[lines]) | (offsets >= sizes[lines] - back[lines])
    near &= may_part[lines]
    return near, near | has_brackets[lines]


def places_in_reach(
    texts: Sequence[str], keys: LineArrays, lines: NDArray[Any], places: NDArray[Any], marks: Sequence[int]
) -> list[tuple[int, int, bool]]:
    """Of places those that are within reach of parts or may be in brackets, or where one of some marks, given by the code points of
    their first characters, may begin; each with its line, and whether it is within reach. The arguments are those of `within_reach`."""
    near, able = within_reach(texts, keys, lines, places)
    able |= among(keys.codes[places], marks)
    return list(zip(lines[able].tolist(), places[able].tolist(), near[able].tolist(), strict=True))


def _last(texts: Sequence[str], lines: LineArrays, kinds: NDArray[Any]) -> NDArray[Any]:
    """The index of each line's last character that does not close anything; one before the line if there is none."""
    last = lines.ends - 1
    for _ in range(_MOST_CLOSERS):
        closes = (last >= lines.starts) & ((kinds[last] & _CLOSER) != 0)
        if not closes.any():
            return last
        last -= closes
    for i in closes.nonzero()[0].tolist():
        last[i] = lines.starts[i] + len(texts[i].rstrip(AROUND_STOP)) - 1
    return last


_DIGITS = frozenset(DIGITS)
_RANK = attrgetter("rank")
_ORDER = {"drop": 0, "cut": 1, "trim-prefix": 3, "trim-suffix": 3, "trim-inside": 4}
_WORDS = 2
"""A heading may also be read as a row of words that go."""


class Matcher:
    """Rules made ready for lookup. Immutable, thread-safe, picklable.

    Args:
        rules: in the order in which they are tried; on one line a drop wins over a cut, that over a row of words, that
            over a trim, and that over what fits parts of the line.
        filing: their patterns, or those of the first rules, if they are filed already.
        builtin: so many of the first rules came with the package: their expressions need no limit.

    Raises:
        RulesError: a pattern holds no literal by which it could be filed.

    >>> from zhnorm.conversion.fold import key
    >>> rule = Rule("web/icp", "web", "icp", "", "drop", match=("*ICP备*号*",))
    >>> lines = ["正文在这里", "京ICP備12345678號-1"]
    >>> [(hit.index, hit.rule.name) for hit in Matcher([rule]).hits(lines, [key(s) for s in lines], 0, 2)]
    [(1, 'web/icp')]
    """

    def __init__(self, rules: Sequence[Rule], filing: Filing | None = None, *, builtin: int = 0) -> None:
        self._rules = tuple(rules)
        self._builtin = builtin
        self._reads = [rule for rule in self._rules if rule.read and not rule.match]
        self._own = frozenset(rule.name for rule in self._rules[builtin:])
        if filing is None:
            filing = Filing.of(self._rules)
        elif len(filing.starts) < len(self._rules):
            filing = filing.and_of(self._rules[len(filing.starts) :])
        self._starts = filing.starts
        self._entries: dict[int, Entry] = {}
        self._exact, self._first, self._last, self._inside = (
            Filed(table, self._made) for table in (filing.exact, filing.first, filing.last, filing.inside)
        )
        self._anywhere = Filed(filing.anywhere, self._made, of_parts=True)
        self._gate_first = frozenset(anchor[:2] for anchor in filing.first) | frozenset(DIGITS)
        self._gate_last = frozenset(anchor[-2:] for anchor in filing.last)
        self._single = frozenset(anchor for anchor in filing.first if len(anchor) == 1) | frozenset(DIGITS)
        self._gate_inside = frozenset(anchor[:2] for anchor in filing.inside)
        marks = frozenset(
            number
            for rule, start in zip(self._rules, self._starts, strict=True)
            if rule.action == "trim-inside"
            for number in range(start, start + max(1, len(rule.match)))
        )
        self._marks_begin = sorted(
            {ord(anchor[0]) for anchor, numbers in filing.anywhere.items() if not marks.isdisjoint(numbers)}
        )
        self._gate_anywhere = frozenset(anchor[:2] for anchor in filing.anywhere)
        places = {self._place(number) for numbers in filing.inside.values() for number in numbers}
        inside = [self._rules[place] for place in places]
        self._line_chars = max((rule.max_chars for rule in inside if not rule.is_trim), default=0)
        self._tail_chars = max((rule.max_chars for rule in inside if rule.is_trim), default=0)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, in the order in which they were given."""
        return self._rules

    def is_own(self, rule: Rule) -> bool:
        """Whether a rule is the user's own, and did not come with the package."""
        return rule.name in self._own

    def __reduce__(self) -> tuple[Callable[..., Matcher], tuple[tuple[Rule, ...], int]]:
        return _rebuild, (self._rules, self._builtin)

    def hits(self, texts: Sequence[str], keys: Sequence[str], head_stop: int, tail_start: int) -> list[Hit]:
        """The lines on which a rule acts, at most one hit a line, in the order of the lines.

        Args:
            texts: the lines.
            keys: the key of each line (`conversion.fold.key`).
            head_stop: rules of the head apply to the lines before this index.
            tail_start: rules of the tail apply to the lines from this index on.
        """
        found = (
            next((hit for hit in fits if applies(hit, index, head_stop, tail_start)), None)
            for index, fits in self.fits(texts, keys).items()
        )
        return [hit for hit in found if hit is not None]

    def fits(
        self, texts: Sequence[str], keys: Sequence[str], unread: Iterable[bool] = repeat(False)
    ) -> dict[int, tuple[Hit, ...]]:
        """For each line that rules fit, those that win somewhere, in the order in which they win: behind a rule that acts anywhere no
        other one does.

        Args:
            texts, keys: as in `hits`.
            unread: whether rules that read do not act in each line, as in those of Markdown: then it is read only if other rules may.
        """
        # Pages of a site share their menus, and one page its blank lines: what is there many times is looked at once.
        numbers: dict[tuple[str, str, bool], int] = {}
        lines = [numbers.setdefault(line, len(numbers)) for line in zip(texts, keys, unread)]  # noqa: B905 - it may have no end
        found = self._fits([line[0] for line in numbers], [line[1] for line in numbers], [line[2] for line in numbers])
        return {
            index: tuple([hit if index == number else replace(hit, index=index) for hit in found[number]])
            for index, number in enumerate(lines)
            if number in found
        }

    def read(self, texts: Sequence[str], keys: Sequence[str]) -> dict[int, tuple[Hit, ...]]:
        """What rules that read fit in lines that no other rule may fit, by their indices."""
        numbers: dict[str, list[int]] = {}
        if self._reads:
            for index, (text, line_key) in enumerate(zip(texts, keys, strict=True)):
                if len(line_key) >= LEAST_READ:
                    numbers.setdefault(text, []).append(index)
        folds = folds_of(list(numbers))
        found = {}
        for (text, indices), folded, pieces in zip(numbers.items(), folds, glued(folds), strict=True):
            for index in indices if pieces else ():
                if hits := line_hits(index, text, folded, keys[index], (), (), self._read_hits(index, pieces)):
                    found[index] = tuple(hits)
        return found

    def again(self, hit: Hit, text: str, line_key: str) -> Hit | None:
        """Where in what is left of a line a mark stands once more that was taken out of its middle: looking for nothing else takes much less time."""
        if hit.rule.action != "trim-inside" or hit.pattern not in hit.rule.match:
            return None
        number = self._starts[self._places[hit.rule.name]] + hit.rule.match.index(hit.pattern)
        (folded,) = folds_of([text])
        return next(iter(line_hits(hit.index, text, folded, line_key, (), self._made([number]))), None)

    def _fits(self, texts: Sequence[str], keys: Sequence[str], unread: Sequence[bool]) -> dict[int, list[Hit]]:
        """The same as `fits` for lines that differ."""
        candidates, held = self._candidates(texts, keys)
        able: dict[int, list[Entry]] = {}
        for index, entries in candidates.items():
            line_key = keys[index]
            mine = [entry for entry in dict.fromkeys(entries) if entry.may_fit(line_key)]
            if mine:
                able[index] = sorted(mine, key=_RANK) if len(mine) > 1 else mine
        long = [index for index, said in enumerate(keys) if len(said) >= LEAST_READ] if self._reads else []
        # Of what is read there the part that another rule would take may be only a piece.
        long = [index for index in long if not unread[index] or index in able or index in held]
        asked = sorted({*able, *held, *long})
        folds = dict(zip(asked, folds_of([texts[index] for index in asked]), strict=True))
        read = dict(zip(long, glued([folds[index] for index in long]), strict=True)) if long else {}
        found = {}
        for index in sorted({*able, *held, *(index for index, pieces in read.items() if pieces)}):
            pieces = self._read_hits(index, read.get(index, ()))
            hits = line_hits(
                index, texts[index], folds[index], keys[index], able.get(index, ()), held.get(index, ()), pieces
            )
            if hits:
                found[index] = hits
        return found

    def _read_hits(self, index: int, pieces: Sequence[Glued]) -> list[Hit]:
        """The pieces of a line as rules that read take them."""
        return [
            Hit(index, rule, bits(piece.says), piece.start, piece.stop, piece.spare)
            for rule in self._reads
            for piece in pieces
        ]

    def _place(self, number: int) -> int:
        """Which of the rules a pattern belongs to."""
        return bisect_right(self._starts, number) - 1

    def _source(self, number: int, place: int) -> str | None:
        """A pattern as it is written in its rule; None for the words of the rule."""
        patterns, at = self._rules[place].match, number - self._starts[place]
        return patterns[at] if at < len(patterns) else None

    def _made(self, numbers: Sequence[int]) -> list[Entry]:
        """Patterns by their numbers. Those that are asked for the first time are made ready together: of thousands, few ever are."""
        new = [(number, self._place(number)) for number in numbers if number not in self._entries]
        sources = [self._source(number, place) for number, place in new]
        forms = normalise([source or "" for source in sources])
        for (number, place), source, form in zip(new, sources, forms, strict=True):
            rule = self._rules[place]
            order = max(_WORDS, _ORDER[rule.action]) if source is None else _ORDER[rule.action]
            self._entries[number] = Entry(rule, source, form, (order, number), is_builtin=place < self._builtin)
        return [self._entries[number] for number in numbers]

    @cached_property
    def _places(self) -> dict[str, int]:
        return {rule.name: place for place, rule in enumerate(self._rules)}

    # ------------------------------------------------------------------ looking up

    @cached_property
    def _gates(self) -> Gates:
        words = (form[:2] for form in self._exact.numbers)
        return Gates(
            {*self._gate_first, *self._single, *words}, self._gate_last, self._inside.numbers, self._anywhere.numbers
        )

    def _candidates(
        self, texts: Sequence[str], keys: Sequence[str]
    ) -> tuple[dict[int, list[Entry]], dict[int, list[Entry]]]:
        """For lines that hold an anchor the patterns filed there that may fit, and those filed for parts of lines; twice if the line
        holds it twice."""
        joined = "\n".join(keys)
        candidates: dict[int, list[Entry]] = {}
        if in_arrays(len(joined)):
            lines = LineArrays(joined)
            begin, end = self._gates.at_ends(lines)
            inside, held = self._gates.held(lines, self._line_chars, self._tail_chars, LEAST_CHARS)
            anywhere = places_in_reach(texts, lines, *held, self._marks_begin)
        else:
            begin, end = self._at_ends(keys)
            inside, anywhere = self._scan(joined, texts, keys)
        for index in begin:
            line_key = keys[index]
            entries = self._exact.at(line_key, line_key) if line_key in self._exact.numbers else []
            start = line_key
            if line_key[:1] in _DIGITS:
                start = line_key.lstrip(DIGITS)
                if start[:1] in UNITS:
                    entries += self._begin_with(start[1:], line_key)
            entries += self._begin_with(start, line_key)
            if entries:
                candidates[index] = entries
        for index in end:
            line_key = keys[index]
            for anchor in (line_key[-2:], line_key[-3:], line_key[-4:]):
                if anchor in self._last.numbers and (entries := self._last.at(anchor, line_key)):
                    candidates.setdefault(index, []).extend(entries)
        for index, at in inside:
            for anchor in (joined[at : at + 2], joined[at : at + 3], joined[at : at + 4]):
                if anchor in self._inside.numbers and (entries := self._inside.at(anchor, keys[index])):
                    candidates.setdefault(index, []).extend(entries)
        return candidates, self._held(texts, keys, joined, anywhere)

    def _held(
        self, texts: Sequence[str], keys: Sequence[str], joined: str, places: Sequence[tuple[int, int, bool]]
    ) -> dict[int, list[Entry]]:
        """For lines that hold an anchor at some places of the joined keys, which are in order, what may fit parts of them."""
        held: dict[int, list[Entry]] = {}
        known, inside = -1, ""
        asked: set[tuple[int, str, bool]] = set()
        for index, at, is_near in places:
            place = index, joined[at : at + 4], is_near
            if place in asked:
                continue
            asked.add(place)
            entries: list[Entry] = []
            longest = ""
            for anchor in (joined[at : at + 2], joined[at : at + 3], joined[at : at + 4]):
                if anchor in self._anywhere.numbers and (mine := self._anywhere.at(anchor, keys[index])):
                    entries += mine
                    longest = longest or anchor
            if not entries:
                continue
            if not is_near:
                # Between the ends there are only brackets.
                if index != known:
                    known, inside = index, bracketed(texts[index])
                if longest not in inside:
                    entries = [entry for entry in entries if entry.is_mark]
            if entries:
                held.setdefault(index, []).extend(entries)
        able = {}
        for index, entries in held.items():
            if mine := [entry for entry in dict.fromkeys(entries) if entry.needs or entry.holds(keys[index])]:
                if not may_have_parts(texts[index], keys[index]):
                    mine = [entry for entry in mine if entry.is_mark]
                if mine:
                    able[index] = mine
        return able

    def _begin_with(self, start: str, line_key: str) -> list[Entry]:
        """The patterns with whose anchor a key begins, behind its number."""
        entries = self._first.at(start[:1], line_key) if start[:1] in self._single else []
        if start[:2] in self._gate_first:
            for anchor in (start[:2], start[:3], start[:4]):
                if anchor in self._first.numbers:
                    entries += self._first.at(anchor, line_key)
        return entries

    def _at_ends(self, keys: Sequence[str]) -> tuple[list[int], list[int]]:
        """Lines that may begin, and lines that may end with an anchor."""
        exact, first, last, single = self._exact.numbers, self._gate_first, self._gate_last, self._single
        begin = [
            index
            for index, line_key in enumerate(keys)
            if line_key[:2] in first or line_key[:1] in single or line_key in exact
        ]
        return begin, [index for index, line_key in enumerate(keys) if line_key[-2:] in last]

    def _scan(
        self, joined: str, texts: Sequence[str], keys: Sequence[str]
    ) -> tuple[list[tuple[int, int]], list[tuple[int, int, bool]]]:
        """The lines in which an anchor may begin, and where: in short lines and at the ends of long ones; and anywhere, and whether a
        part may be there."""
        most, tail = self._line_chars, self._tail_chars
        inside, anywhere = self._gate_inside, self._gate_anywhere
        pairs = map(add, joined, joined[1:])
        places = [(at, pair) for at, pair in enumerate(pairs) if pair in inside or pair in anywhere]
        stops = list(accumulate(len(line_key) + 1 for line_key in keys)) if places else []
        near, held = [], []
        reach: dict[int, Reach] = {}
        for at, pair in places:
            index = bisect_right(stops, at)
            if pair in anywhere and len(keys[index]) >= LEAST_CHARS:
                front, back = reach.get(index) or reach.setdefault(index, reach_of_parts(texts[index], keys[index]))
                held.append((index, at, not front < at + 1 + len(keys[index]) - stops[index] < len(keys[index]) - back))
            if pair in inside and (len(keys[index]) <= most or at >= stops[index] - 1 - tail):
                near.append((index, at))
        return near, held


def _rebuild(rules: tuple[Rule, ...], builtin: int) -> Matcher:
    return Matcher(rules, builtin=builtin)


def applies(hit: Hit, index: int, head_stop: int, tail_start: int, least: Mapping[str, int] | None = None) -> bool:
    """Whether a rule that fits a line acts on it at an index, given where the head stops and the tail starts; and what a piece that was
    read by each rule has to spare: nothing, if that is left out. A rule that is not among them fits what another one has just left of a
    line: it acts in the next round, which knows."""
    rule = hit.rule
    if rule.read and hit.spare < (0 if least is None else least.get(rule.name, sys.maxsize)):
        return False
    if rule.where == "anywhere":
        return True
    return index < head_stop if rule.where == "head" else index >= tail_start
