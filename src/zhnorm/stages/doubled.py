"""Before lines are compared: what a line says twice. A post pasted behind itself, a clause printed twice in a row, a sentence that comes back at
the end of its paragraph: it stays once.

People repeat themselves when they speak, and poets do; a program that repeats a clause prints it to the letter, with the same mark, in
the middle of prose. In 22,000 lines of novels, statutes, news and documentation no clause of five letters or more is doubled so outside of
speech and cries. In the other script a shorter one is sure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from re import escape
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.detect import in_two_scripts, script_of
from ..conversion.fold import key, letter_places
from ..line import Block, Span
from ..signs import (
    BULLETS,
    CLOSING_BRACKETS,
    CLOSING_QUOTES,
    CLOSING_TITLES,
    COLONS,
    COMMAS,
    CRIES,
    ELLIPSES,
    FULL_STOPS,
    OPENING_BRACKETS,
    OPENING_QUOTES,
    OPENING_TITLES,
    WAVES,
    without,
)
from ..text.shape import are_figures, ends_sentence, is_balanced, is_spoken
from ..text.tandems import SENTENCE_CHARS, Tandem, may_repeat, tandems
from .shared_repetition import AROUND_COPIES, DOUBLED_CHARS, in_verse
from .stage import Memory, Stage, Work
from .titles_lines import is_markup

__all__ = ["Doubled"]

_COMMAS = frozenset(COMMAS)
CLAUSE_CHARS, OTHER_SCRIPT_CHARS = 5, 4
CRY_CHARS = 16
"""What is called out twice is shorter."""
OWN_CHARS = 9
"""So is what somebody says to himself twice."""
TWO_CLAUSES_CHARS = 12
"""Two clauses of so many letters are never said twice in one breath."""
VERSE_CHARS = 11
"""No verse of so many letters stands behind itself in one line."""
QUESTION_CHARS = 10
"""Nobody asks a longer question twice in one breath, unless he is quoted."""
TAIL_CHARS = 10
"""The end of a clause comes back at the beginning of the next one as a figure of speech, if it is not longer than this."""
DISTINCT_CHARS = 5
HAN_CHARS = 3
MOST_CLAUSES = 16
"""A line that repeats more of its clauses than these does so on purpose."""
MOST_COMPARED = 64
"""In a line of more clauses no sentence is looked for that was printed before."""
# 〔 and 〕 stand around years and numbers, inside of sentences.
_ENDS = frozenset(f"{FULL_STOPS}!?{ELLIPSES}；;{COMMAS}{COLONS}{WAVES}、.．‧")
_STOPS = frozenset(f"{FULL_STOPS}!?{ELLIPSES}")
_CLOSES = frozenset(CLOSING_QUOTES + without(CLOSING_BRACKETS, "〕") + CLOSING_TITLES)
_OPENS = frozenset(OPENING_QUOTES + without(OPENING_BRACKETS, "〔") + OPENING_TITLES)
_QUOTES = {"“": 1, "”": -1, "「": 1, "」": -1, "『": 1, "』": -1}
_CRY = frozenset(CRIES)
_CLAUSE_ENDS = frozenset(f"{COMMAS}{FULL_STOPS}；")
_CLOSING = CLOSING_QUOTES + CLOSING_BRACKETS
_ASKS = frozenset("？?")
_BEHIND_MARKS = f"[{CLOSING_QUOTES}{escape(CLOSING_BRACKETS)}]*"
_SENTENCE_MARKS = f"{FULL_STOPS}?{ELLIPSES}"
_CLAUSE_MARKS = f"{_SENTENCE_MARKS}!；;、{COMMAS}{COLONS}"
_CLAUSE = expression(f"([^{_CLAUSE_MARKS}]+)[{_CLAUSE_MARKS}]*{_BEHIND_MARKS}")
_ENDS_SENTENCE = expression(f"[{_SENTENCE_MARKS}]{_BEHIND_MARKS}\\Z")
_NO_VERSE = frozenset(("title", "heading", "caption", "repeat"))
_ROW = frozenset(("row",))
_LISTED = _NO_VERSE | _ROW | {"item"}
_LEADS_ON = frozenset("的是在有和与與跟及为為叫从從到被把向对對给給比像如同")
"""Behind these a line goes on with what it began with."""
_SPEECH = expression("[“「][^”」]*[”」]")
_PERSON = frozenset("我你您咱俺妳")
_CLAUSES = expression(f"[{FULL_STOPS}!?{ELLIPSES}]+")
_NO_LABEL = f"\\s{COLONS}{COMMAS}{FULL_STOPS}!?；;{ELLIPSES}{OPENING_QUOTES}"
_LABEL_TWICE = expression(
    "(【[^【】\n]{2,24}】)(?:\\s*\\1)+"
    f"|(?<![^\\s{FULL_STOPS}!?{CLOSING_QUOTES}；;{COMMAS}])([^{_NO_LABEL}]{{4,24}}：)(?:\\s*\\2)+"
    f"|\\A([\u3400-\u9fff]{{6,24}})(?:\\s+\\3)+(?=\\s+[\u3400-\u9fff].*[{FULL_STOPS}!?]\\Z)"
)
_FIGURE = "[0-9一二三四五六七八九十]{0,3}"
_PICTURED = expression(
    f"\\s*[{escape(OPENING_BRACKETS)}]\\s*(?:插?[图圖]|[附表]){_FIGURE}(?:\\s*[{COLONS}]\\s*([^{escape(CLOSING_BRACKETS)}]+)[{escape(CLOSING_BRACKETS)}]|[{escape(CLOSING_BRACKETS)}](.+))\\s*$"
)
"""A caption behind its own words: （图：…）, （图1）…"""
_HAN = expression("[\u3400-\u9fff]")
_LINK = expression("https?|www\\.|\\]\\(")


class _Copies(NamedTuple):
    """Copies in a row: where the first, the second and the last begin, where what belongs to the last one ends, and whether a
    mark ends it."""

    first: int
    second: int
    last: int
    stop: int
    is_ended: bool


class _Single(list[str | None]):
    """The lines of the block in work, as they were found to say nothing twice in a row."""


class Doubled(Stage):
    """Prints once what a line says twice or more in a row."""

    name = "doubled"

    def run(self, work: Sequence[Work]) -> None:
        """Trim the lines of blocks that say the same twice in a row."""
        new = [(block, memory, _unknown(block, memory)) for block, memory in work]
        starts = [0, *accumulate(len(lines) for _, _, lines in new)]
        keys = [said for block, _, lines in new for said in _keys(block, lines)]
        repeating = may_repeat(keys)
        least = dict.fromkeys(repeating.in_a_row, CLAUSE_CHARS)
        # In the other script a shorter text is sure.
        mixed = [
            (start + at, block.raw[i])
            for (block, memory, lines), start in zip(new, starts, strict=False)
            if memory.looks.two_scripts
            for at, i in enumerate(lines)
        ]
        if mixed:
            both = in_two_scripts("\n".join([raw for _, raw in mixed]))
            least |= dict.fromkeys(
                (at for (at, _), is_mixed in zip(mixed, both, strict=True) if is_mixed), OTHER_SCRIPT_CHARS
            )
        for block, memory, lines in new:
            _trim_labels(block, [i for i in lines if block.key[i]])  # code has none
            memory.own(_Single)[:] = block.text

        def line_at(place: int) -> tuple[Block, Memory, int]:
            number = bisect_right(starts, place) - 1
            block, memory, lines = new[number]
            return block, memory, lines[place - starts[number]]

        for place in sorted(least):
            block, memory, i = line_at(place)
            if len(keys[place]) < 2 * least[place] or block.text[i] is None or i in block.opaque:
                continue
            if self._trim(block, i, memory, least[place]):
                memory.own(_Single)[i] = None
        for place in repeating.apart:
            block, memory, i = line_at(place)
            _trim_sentences(block, i)
            if _trim_listed(block, i, memory):
                memory.own(_Single)[i] = None

    def remember(self, block: Block, memory: Memory) -> None:
        """Lines are looked at one by one."""
        memory.own(_Single).clear()

    def _trim(self, block: Block, i: int, memory: Memory, least: int) -> bool:
        """Trim a line as long as it says something twice in a row; whether it did, or might where other lines are gone.

        Short copies hide the long ones that they are a part of, so they are looked for only if there is no long one.
        """
        known = block.text[i]
        touched = self._trim_all(block, i, memory, DOUBLED_CHARS)
        if least < DOUBLED_CHARS and block.text[i] is known:
            touched = self._trim_all(block, i, memory, least) or touched
        return touched or _trim_listed(block, i, memory)

    def _trim_all(self, block: Block, i: int, memory: Memory, least: int) -> bool:
        touched = False
        every = list(tandems(block.key[i], least))
        if len(every) > MOST_CLAUSES:
            return False
        for found in reversed(every):
            text = block.text[i] or ""
            if is_markup(text):
                return False
            letters = letter_places(text)
            if len(letters) != len(block.key[i]):
                return False
            is_all = found.start == 0 and found.stop == len(letters) and len(letters) % found.size == 0
            copies = next(_aligned(text, letters, found), None)
            if copies is None or not _is_meant_once(block, i, text, copies, found, letters, memory):
                continue
            if is_all and not ends_sentence(text) and _may_be_verse(block, i, memory, found.size):
                touched = True
                continue
            if is_all and _goes_on(text, letters, found.size):
                continue
            if is_all:
                span = Span(_behind(text, letters, found.size), len(text))
                rule = "duplicates/doubled"
            else:
                cut = (copies.first, copies.last) if copies.is_ended else (copies.second, copies.stop)
                span, rule = Span(*cut), "duplicates/clause"
            before, after = text[: span.start].rstrip(), text[span.stop :].lstrip()
            rest = (before.rstrip(AROUND_COPIES) if is_all else before) + after
            if is_balanced(text) and not is_balanced(rest):
                continue
            if rest != text and key(rest):
                block.rewrite(i, rest, key(rest), stage="duplicates", rule=rule, evidence=Span(span.start, span.stop))
                touched = True
        return touched


def _may_be_verse(block: Block, i: int, memory: Memory, size: int) -> bool:
    """Whether a line, which says something of so many letters twice, stands among short lines, and was not read as one that verse has none of."""
    kept = block.speaking()
    return size < VERSE_CHARS and in_verse(block, kept, kept.index(i)) and not memory.is_of(i, _NO_VERSE)


def _trim_labels(block: Block, lines: Sequence[int]) -> None:
    """Print once the labels and headings that stand twice in front of the same text, however short they are: 有人算过：有人算过：, 【合记】【合记】."""
    for i in lines:
        while (text := block.text[i]) and (span := _labels(text)) and i not in block.opaque:
            rest = text[: span.start] + text[span.stop :]
            block.rewrite(i, rest, key(rest), stage="duplicates", rule="duplicates/clause", evidence=span)


def _trim_sentences(block: Block, i: int) -> None:
    """Cut out each sentence of a line that was printed before in it, to the letter: as a whole, or as the end of a sentence, or as what one
    begins with, up to a comma. (In 140,000 lines of novels, statutes, news and documentation nobody writes so but in songs and cries.)"""
    while (text := block.text[i]) and (span := _said_before(text)) and i not in block.opaque:
        rest = text[: span.start].rstrip() + text[span.stop :]
        if not key(rest) or (is_balanced(text) and not is_balanced(rest)):
            return
        block.rewrite(i, rest, key(rest), stage="duplicates", rule="duplicates/clause", evidence=span)


def _said_before(text: str) -> Span | None:
    """The last sentence of a line that its clauses said before."""
    clauses = list(_CLAUSE.finditer(text))
    if len(clauses) <= MOST_COMPARED and len({found[1] for found in clauses}) < len(clauses) and not is_markup(text):
        said = [key(found[1]) for found in clauses]
        ends = [place + 1 for place, found in enumerate(clauses) if _ENDS_SENTENCE.search(found[0])]
        for first, stop in reversed(list(pairwise(dict.fromkeys((*ends, len(clauses)))))):
            copy, span = said[first:stop], Span(clauses[first].start(), clauses[stop - 1].end())
            if any(said[at : at + len(copy)] == copy for at in range(first - len(copy) + 1)) and _is_sentence(
                text[span.start : span.stop], "".join(copy)
            ):
                return span
    return None


def _is_sentence(text: str, said: str) -> bool:
    """Whether a text is long enough, says something, and is no cry."""
    han = sum(letter >= "\u3400" for letter in said)
    return len(said) >= SENTENCE_CHARS and han >= CLAUSE_CHARS and _CRY.isdisjoint(text) and _LINK.search(text) is None


def _trim_listed(block: Block, i: int, memory: Memory) -> bool:
    """Print once a heading, a caption or an item that stands behind itself, or whose beginning does; whether one did, or might
    be read as one where other lines are gone."""
    text, said = block.text[i] or "", block.key[i]
    found = _listed_twice(text, said)
    if found is None or i in block.opaque:
        return False
    if not memory.is_of(i, _LISTED) or (memory.is_of(i, _ROW) and _may_be_cells(text, found)):
        return True
    rest = text[:found].rstrip(AROUND_COPIES + BULLETS)
    if is_balanced(text) and not is_balanced(rest):
        return False
    block.rewrite(
        i, rest, key(rest), stage="duplicates", rule="duplicates/doubled", evidence=Span(len(rest), len(text))
    )
    return True


def _may_be_cells(text: str, found: int) -> bool:
    """Whether what a row says twice may be two of its cells, which say the same."""
    return text[found - 1].isspace() or len(_HAN.findall(text, 0, found)) < HAN_CHARS


def _listed_twice(text: str, said: str) -> int | None:
    """Where in a line that is no sentence all of it is printed once more, or what it begins with up to a comma or a space."""
    places = letter_places(text)
    if len(places) != len(said) or ends_sentence(text) or _LINK.search(text) or is_markup(text):
        return None
    if pictured := _PICTURED.search(text):
        before, copy = key(text[: pictured.start()]), key(pictured[1] or pictured[2])
        if len(copy) >= CLAUSE_CHARS and (before.endswith(copy) or before.startswith(copy)):
            return pictured.start()
    middle, is_odd = divmod(len(said), 2)
    if not is_odd and middle >= CLAUSE_CHARS and said[:middle] == said[middle:]:
        unit = text[: places[middle - 1] + 1]
        if not unit.isalnum() or len(_HAN.findall(unit)) >= HAN_CHARS:
            return places[middle]
    for size in range(middle, SENTENCE_CHARS - 1, -1):
        start = len(said) - size
        is_apart = places[size] > places[size - 1] + 1
        if is_apart and said.startswith(said[start:]) and text[places[start - 1]] not in _LEADS_ON:
            return places[start]
    return None


def _labels(text: str) -> Span | None:
    """Where the first label that stands in a line again and again does so behind its first copy; None if there is none."""
    if not _may_have_labels(text) or is_markup(text):
        return None
    found = _LABEL_TWICE.search(text)
    if found is None or len(_HAN.findall(found[found.lastindex or 0])) < HAN_CHARS - 1:
        return None
    return Span(found.end(found.lastindex or 0), found.end())


def _may_have_labels(text: str) -> bool:
    first = text.find(" ") if " " in text else text.find("\u3000")
    return text.count("：") > 1 or text.count("】") > 1 or (first > 0 and text.startswith(text[:first], first + 1))


def _unknown(block: Block, memory: Memory) -> Sequence[int]:
    """The lines, by their indices, that were not looked at as they are."""
    single = memory.own(_Single)
    if not single:
        return range(len(block))
    texts = zip(block.text, single, strict=True)
    return [i for i, (text, known) in enumerate(texts) if text is not known and text is not None]


def _keys(block: Block, lines: Sequence[int]) -> Sequence[str]:
    return block.key if len(lines) == len(block) else [block.key[i] for i in lines]


def _behind(text: str, letters: list[int], size: int) -> int:
    """Where the first `size` letters end, with the marks that belong to them."""
    return _end(text, letters[size - 1] + 1, letters[size])


def _goes_on(text: str, letters: list[int], size: int) -> bool:
    """Whether a sentence goes on from one copy to the next, and ends behind the last: its author says it again."""
    return not _COMMAS.isdisjoint(text[letters[size - 1] + 1 : letters[size]]) and ends_sentence(text)


def _end(text: str, start: int, stop: int) -> int:
    """Where the marks that end a text stop, between its last letter and the next one."""
    while start < stop and (text[start] in _ENDS or text[start] in _CLOSES):
        start += 1
    return start


def _aligned(text: str, letters: list[int], found: Tandem) -> Iterator[_Copies]:
    """The ways in which two copies stand between marks, the best first.

    What is printed twice can be read as beginning at any of its letters, if the letters around it agree, too.
    """
    size = found.size
    shifts = range(found.start, min(found.start + size, found.stop - 2 * size + 1))
    ways: list[tuple[int, int]] = []
    # Once for all shifts: a line may be nothing but copies of something long.
    places = range(found.start, shifts.stop + size)
    stops = [at for at in places if at == 0 or _is_stop(text, letters, at)]
    breaks = [at for at in places[1:] if at < len(letters) and _is_break(text, letters, at)]
    for start in shifts:
        opens = start == 0 or _is_break(text, letters, start)
        between = _is_break(text, letters, start + size)
        ends = start + 2 * size == len(letters) or _is_break(text, letters, start + 2 * size)
        if (
            _between(stops, start, start + size)
            and not _between(stops, start - 1, start + 1)
            and not (size >= CRY_CHARS and opens and between and ends)
        ):
            # What holds the end of a sentence begins with the next one, or behind another mark if all marks agree.
            continue
        if _between(stops, start + size - 1, start + size + 1) and not ends:
            # The next sentence begins like the one before, and goes on.
            continue
        rank = (
            0 if opens and between and ends
            else 1 if opens and ends
            else 2 if opens and between
            else 3 if between and ends and size >= TAIL_CHARS
            else 4 if opens and size >= DOUBLED_CHARS and not _between(breaks, start, start + size)
            else None
        )  # fmt: skip
        if rank is not None:
            ways.append((rank, start))
    edges = [*letters, len(text)]
    for _, start in sorted(ways):
        end = start + (found.stop - start) // size * size
        stop = _end(text, letters[end - 1] + 1, edges[end])
        is_ended = any(text[at] in _ENDS for at in range(letters[end - 1] + 1, stop))
        first, second, last = (_begin(text, letters, place) for place in (start, start + size, end - size))
        yield _Copies(first, second, last, stop, is_ended)


def _between(places: Sequence[int], low: int, high: int) -> bool:
    """Whether one of some places, which are in order, lies between two others."""
    at = bisect_right(places, low)
    return at < len(places) and places[at] < high


def _begin(text: str, letters: list[int], place: int) -> int:
    """Where a text begins that has this letter as its first one: with opening marks and spaces before it."""
    if place == 0:
        return 0
    return _end(text, letters[place - 1] + 1, letters[place])


def _is_break(text: str, letters: list[int], place: int) -> bool:
    """Whether a mark or a space stands before a letter."""
    gap = text[letters[place - 1] + 1 : letters[place]]
    return any(mark in _ENDS or mark.isspace() or mark > "\U0001f000" or mark in _CLOSES for mark in gap)


def _is_in_address(text: str, place: int) -> bool:
    """Whether a place is in the destination of a link, or in an address."""
    before = text[:place]
    return before.rfind("](") > before.rfind(")") or "://" in before.split(" ")[-1]


def _is_stop(text: str, letters: list[int], place: int) -> bool:
    """Whether a sentence ends before a letter."""
    return not _STOPS.isdisjoint(text[letters[place - 1] + 1 : letters[place]]) if place < len(letters) else True


def _is_meant_once(
    block: Block, i: int, text: str, copies: _Copies, found: Tandem, letters: list[int], memory: Memory
) -> bool:
    """Whether no writer would have said it twice here."""
    unit = text[copies.first : copies.second]
    said = key(unit)
    if len(set(said)) < (found.size if found.size < DOUBLED_CHARS else min(DISTINCT_CHARS, found.size)) or _LINK.search(
        text[copies.first : copies.stop]
    ):
        return False
    if _is_in_address(text, copies.first) or _leads_on(text, copies):
        return False
    if memory.looks.two_scripts and _in_two_scripts(block, i, found, letters, copies):
        return True
    han = sum(letter >= "\u3400" for letter in said)
    if found.size < DOUBLED_CHARS:
        if han < CLAUSE_CHARS or not _ends_alike(text, copies):
            return False
    elif han < HAN_CHARS or are_figures(said):
        return False
    copies_found = (found.stop - found.start) // found.size
    is_all = found.start == 0 and found.stop == len(letters)
    # What is called out again and again is one call.
    is_post = is_all and copies_found > 2 and len(_CLAUSES.findall(unit)) > 1
    if (
        found.size >= (TWO_CLAUSES_CHARS if _holds_comma(unit) else CRY_CHARS)
        or (copies_found > 2 and _CRY.isdisjoint(unit))
        or (is_all and _is_told(unit))
        or is_post
    ):
        return True
    if found.size >= QUESTION_CHARS and (unit.rstrip()[-1:] in _ASKS or text[copies.last : copies.stop][-1:] in _ASKS):
        return _QUOTES.keys().isdisjoint(text[: copies.first]) and not is_spoken(text)
    quoted = sum(_QUOTES.get(mark, 0) for mark in text[: copies.first]) > 0 or text[: copies.first].count('"') % 2 == 1
    if quoted or not _CRY.isdisjoint(unit) or not _CRY.isdisjoint(text[copies.last : copies.stop]):
        return False
    is_own = not _PERSON.isdisjoint(said)
    if is_spoken(text) and unit.lstrip()[:1] not in _OPENS and (is_own or found.size < DOUBLED_CHARS):
        return False
    return found.size >= OWN_CHARS or not is_own


def _ends_alike(text: str, copies: _Copies) -> bool:
    """Whether the same comma or stop stands behind both copies, as a program prints them."""
    mark = text[copies.first : copies.second].rstrip()[-1:]
    return mark in _CLAUSE_ENDS and text[copies.last : copies.stop].rstrip(_CLOSING)[-1:] == mark


def _leads_on(text: str, copies: _Copies) -> bool:
    """Whether the next sentence begins with what one ended with, or the next item of a list with all of the one before: …城乡规划。…城乡规划，是依据."""
    before, behind = text[: copies.last].rstrip()[-1:], text[: copies.stop].rstrip(_CLOSING)[-1:]
    return (before in _STOPS and behind in _COMMAS) or (
        before == "、" and text[copies.stop - 1 : copies.stop + 1].isalnum()
    )


def _holds_comma(unit: str) -> bool:
    return any(mark in _COMMAS for mark in unit.strip()[:-1])


def _is_told(unit: str) -> bool:
    """Whether a text is speech together with who says it, and all of both."""
    return is_balanced(unit) and _SPEECH.search(unit) is not None and len(key(_SPEECH.sub("", unit))) > 1


def _in_two_scripts(block: Block, i: int, found: Tandem, letters: list[int], copies: _Copies) -> bool:
    """Whether one copy was Traditional and the other one Simplified when the line was read, or still is."""
    # A line that was trimmed already is no longer what was read.
    raw = next((source for source in (block.raw[i], block.text[i] or "") if key(source) == block.key[i]), "")
    if not raw:
        return False
    places = [*letter_places(raw), len(raw)]
    start = next(at for at, place in enumerate(letters) if place >= copies.first)
    one = script_of(raw[places[start] : places[start + found.size]])
    two = script_of(raw[places[start + found.size] : places[start + 2 * found.size]])
    return one != two and "" not in (one, two)
