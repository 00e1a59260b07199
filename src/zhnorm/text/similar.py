"""Likeness of two lines: whether they say the same, and by what evidence.

Lines that differ are different lines, unless every difference is explained. It is decoration; or a number that is written
otherwise; or a word that another region has for the same thing; or a slip: a character that is mistaken for another one
(`text.slips`), two that changed places, a character or word that was doubled, a particle that was dropped. Numbers, words in Latin
letters, and whatever reads well on both sides (北 南, 张 李, 权利 权力) are no slips. There is no list of what changes the meaning.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from operator import ne
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.fold import fold, key
from ..conversion.regions import one_region
from .decoration import undress
from .numerals import Number, numbers_in
from .slips import is_particle, left_out, slip, swapped

__all__ = [
    "MAX_CHARS",
    "SLIP_CHARS",
    "WORDS",
    "Likeness",
    "Said",
    "Wording",
    "alike",
    "compare",
    "have_much_in_common",
    "same_figures",
    "says",
]

MAX_CHARS = 2000
"""Longer lines are compared for equality only: the time of an edit distance grows with the square of the length."""
SLIP_CHARS = 8
"""A shorter line says too little for one of its letters to be a slip."""
WORDS = "words of regions"
"""What is said of lines that differ in nothing but words of two regions, or in how words are written."""
SIMILAR = 60
"""Keys that have less in common than this, in percent, are not compared."""
PARTS = 3
SPACED = 3
"""A text in which one character of so many is a space is spaced out."""
DOUBLED_CHARS = 4
_FIRST_TOKEN = 0xF0000
"""Numbers and Latin words are compared as one character each, from here on."""
_MOST_TOKENS = 0x1FFF0
_LATIN = expression("[a-z]+")
_SPACE = expression("(?<=[^\\x00-\\x7f]) (?=[^\\x00-\\x7f])")
_SIGNS = expression("[<>=≤≥≠≈±×÷√✓✔✗✘★☆↑↓↗↘]")
_TAG = expression("</?[a-z][a-z0-9]*")
_FIGURES = expression("[0-9]+")
_PART_OF_HOUR = expression("[0-9][点时](?:半|[一三]刻)")
_NUMBERS = expression("[0-9o〇一二三四五六七八九零两十百千万亿廿卅成w]+")
"""An O may be a zero that was read wrong (see `text.numerals`)."""
_NUMERALS = frozenset("〇一二三四五六七八九零两十百千万亿廿卅成")


class Likeness(NamedTuple):
    """Two lines say the same.

    Attributes:
        score: of 100; a letter that is explained as a slip costs half a letter.
        differences: what was taken for no difference, such as "报/抱 (sound)".
    """

    score: float
    differences: tuple[str, ...]


class Wording(NamedTuple):
    """The keys of what a line says. Numbers and Latin words are one private character each.

    Attributes:
        bare: without what stands around the text.
        lead: what stands around it and says something, such as a dateline.
        whole: the text with that.
    """

    bare: str
    lead: str
    whole: str


class Said:
    """What a line says, made ready for comparing.

    Attributes:
        own: in its own words.
        signs: signs of arithmetic, rating and direction, and tags.
        folded: the fold of the text.
        numbers: the private characters of its numbers,
        long: and of those that are more than one numeral.
    """

    def __init__(
        self, said: str, signs: tuple[str, ...], folded: str, numbers: Sequence[Number], tokens: dict[str, str]
    ) -> None:
        self._said, self._tokens = said, tokens
        self.signs, self.folded = signs, folded
        self.own = _wording(said, tokens)
        found = [(tokens.get(number.value), _is_one_numeral(number, folded)) for number in numbers]
        self.numbers = frozenset([token for token, _ in found if token])
        self.long = frozenset([token for token, is_short in found if token and not is_short])

    @cached_property
    def in_one_region(self) -> Wording:
        """In the words of one region."""
        return _wording(one_region(self._said), self._tokens)


def says(text: str, tokens: dict[str, str]) -> Said:
    """What a line says.

    Args:
        text: the line, of at most `MAX_CHARS` characters.
        tokens: the private character of each number and Latin word, which lines that are compared have to share; it grows.
    """
    line = undress(text)
    folded = _folded(line.text)
    numbers = [*numbers_in(folded)]
    whole = _folded(line.whole) if line.lead else ""
    around = _with_tokens(whole, numbers_in(whole), tokens)
    said = key(f"{_with_tokens(folded, numbers, tokens)}\n{line.lead}\n{around}")
    return Said(said, _signs(folded, fold(text)), folded, numbers, tokens)


def _wording(said: str, tokens: dict[str, str]) -> Wording:
    bare, lead, whole = _LATIN.sub(lambda found: _token(found[0], tokens), said).split("\n")
    return Wording(bare, lead, whole or bare)


def compare(one: Said, other: Said, threshold: float) -> Likeness | None:
    """Whether two lines say the same; None if they do not, or are less alike than the threshold, in percent."""
    if one.signs != other.signs and one.signs and other.signs:
        return None
    if not (one.own.lead or other.own.lead or (one.long <= other.numbers and other.long <= one.numbers)):
        # Nothing explains a number that only one of them has.
        return None
    a, b = _both(one.in_one_region, other.in_one_region)
    own, others = _both(one.own, other.own)
    if a == b and own != others:
        found: Likeness | None = Likeness(100.0, (WORDS,))
    else:
        # A slip in a word for which another region has another one is seen in its own words only.
        found = _likeness(a, b) or (_likeness(own, others) if (a, b) != (own, others) else None)
    if found is None and one.long == other.long and abs(len(a) - len(b)) <= 1 and _is_one_numeral_apart(a, b):
        # A numeral of one character may be misread, or be the misreading.
        tokens: dict[str, str] = {}
        found = _likeness(*(key(_with_numerals(each.folded, tokens)) for each in (one, other)))
    return found if found and found.score >= threshold else None


def _both(one: Wording, other: Wording) -> tuple[str, str]:
    """What is compared of two lines: all of it if each says something around its text, and not the same."""
    return (one.whole, other.whole) if one.lead and other.lead and one.lead != other.lead else (one.bare, other.bare)


def alike(a: str, b: str, threshold: float) -> Likeness | None:
    """Whether two lines say the same; None if they do not, or are less alike than the threshold, in percent.

    >>> alike("市政府将于下周三通报水质检测结果。", "据悉，市政府将于下周三通抱水质检测结果", 90)
    Likeness(score=96.9, differences=('报/抱 (sound)',))
    >>> alike("本次列车由北京开往上海，途经六个车站。", "本次列车由南京开往上海，途经六个车站。", 90) is None
    True
    """
    if max(len(a), len(b)) > MAX_CHARS:
        return None
    tokens: dict[str, str] = {}
    return compare(says(a, tokens), says(b, tokens), threshold)


def have_much_in_common(one_key: str, other_key: str) -> bool:
    """Whether two lines may say the same at all, by their keys: decoration and words of regions take no more from them, and
    figures stay the same, unless one of them is written in numerals."""
    from rapidfuzz import fuzz

    if not fuzz.ratio(one_key, other_key, score_cutoff=SIMILAR):
        return False
    figures, others = _FIGURES.findall(one_key), _FIGURES.findall(other_key)
    # A counter stands before or behind one of them, or one of them says the half hour in words.
    return (
        len(figures) != len(others)
        or figures == others
        or _may_be_numerals(one_key, other_key)
        or bool(_PART_OF_HOUR.search(one_key)) != bool(_PART_OF_HOUR.search(other_key))
    )


def _may_be_numerals(one_key: str, other_key: str) -> bool:
    """Whether numerals may say what figures say in the other one of two keys: there are some, and they stand where figures differ."""
    if _NUMERALS.isdisjoint(one_key) and _NUMERALS.isdisjoint(other_key):
        return False
    numbers, others = _NUMBERS.findall(one_key), _NUMBERS.findall(other_key)
    return len(numbers) != len(others) or not any(map(_are_other_figures, numbers, others))


def _are_other_figures(one: str, other: str) -> bool:
    """Whether two numbers are both written in figures, and not the same; 07 is 7 in a date."""
    return one.isdecimal() and other.isdecimal() and one.lstrip("0") != other.lstrip("0")


def _likeness(a: str, b: str) -> Likeness | None:
    """The likeness of two keys."""
    if a == b:
        return Likeness(100.0, ()) if a else None
    size = max(len(a), len(b))
    found = _differences(a, b, _allowed(size))
    if found is None:
        return None
    cost, differences = found
    return Likeness(round(100 - 50 * cost / size, 1), differences)


def _is_one_numeral_apart(a: str, b: str) -> bool:
    """Whether one of two keys has a number where the other one has a character, and they differ in little else."""
    numbers = [sum(map(_is_token, each)) for each in (a, b)]
    if abs(numbers[0] - numbers[1]) != 1:
        return False
    from rapidfuzz.distance import Levenshtein

    return Levenshtein.distance(a, b, score_cutoff=PARTS) <= PARTS


def same_figures(a: str, b: str) -> bool:
    """Whether two lines hold the same numbers in the same order, however they are written, and the same signs that count:
    their keys do not tell 2.8 from 28, nor < from >.

    >>> same_figures("共2.8万人", "共28000人"), same_figures("比分1:0", "比分10"), same_figures("★★★☆", "★★☆☆")
    (True, False, False)
    """
    if a == b:
        return True
    a, b = _folded(a), _folded(b)
    signs, others = _signs(a, a), _signs(b, b)
    if signs and others and signs != others:
        return False
    return [number.value for number in numbers_in(a)] == [number.value for number in numbers_in(b)]


def _folded(text: str) -> str:
    """The fold of a text, without the spaces of one that is spaced out: a scanner reads 九 点 半 where 九点半 is printed."""
    folded = fold(text)
    return _SPACE.sub("", folded) if folded.count(" ") * SPACED >= len(folded) else folded


def _signs(bare: str, whole: str) -> tuple[str, ...]:
    """The signs that count in the fold of a line: of the bare one, and the tags of the whole one."""
    signs = _SIGNS.findall(bare)
    return (*signs, *_TAG.findall(whole)) if "<" in whole else tuple(signs)


def _with_tokens(folded: str, numbers: Iterable[Number], tokens: dict[str, str]) -> str:
    """The fold of a line with one private character for each of some numbers in it."""
    parts, at = [], 0
    for number in numbers:
        parts += [folded[at : number.start], _token(number.value, tokens)]
        at = number.stop
    return "".join([*parts, folded[at:]])


def _with_numerals(folded: str, tokens: dict[str, str]) -> str:
    """The same for all numbers but those that are one numeral."""
    return _with_tokens(folded, [each for each in numbers_in(folded) if not _is_one_numeral(each, folded)], tokens)


def _is_one_numeral(number: Number, folded: str) -> bool:
    """Whether a number in the fold of a line is a numeral of one character."""
    return number.stop - number.start == 1 and not folded[number.start].isascii()


def _token(said: str, tokens: dict[str, str]) -> str:
    # With more of them than there are private characters, what is left is compared as it is written.
    return tokens.setdefault(said, chr(_FIRST_TOKEN + len(tokens))) if len(tokens) < _MOST_TOKENS else said


def _allowed(size: int) -> int:
    """How many slips lines of so many letters may have."""
    if size < 2 * SLIP_CHARS:
        return size // SLIP_CHARS
    return max(2, min(8, size // 16))


def _differences(a: str, b: str, allowed: int) -> tuple[int, tuple[str, ...]] | None:
    """What tells two keys apart, and how many letters that are; None if there is too much of it, or some is no slip."""
    cost = 0
    found: list[str] = []
    for start, stop, other, other_stop in _parts(a, b, allowed):
        one, another = a[start:stop], b[other:other_stop]
        reason = "" if len(found) == allowed else _reason(a, b, start, stop, other, other_stop)
        if not reason:
            return None
        cost += max(len(one), len(another))
        found.append(f"{one}/{another} ({reason})")
    return (cost, tuple(found)) if found else None


def _parts(a: str, b: str, allowed: int) -> Iterator[tuple[int, int, int, int]]:
    """The parts in which two keys differ: from where to where in the one, and in the other. One that cannot be explained
    if there are too many."""
    if len(a) == len(b):
        places = [place for place, differs in enumerate(map(ne, a, b)) if differs]
        if len(places) <= 2 * allowed:
            while places:
                start = stop = places.pop(0)
                while places and places[0] == stop + 1:
                    stop = places.pop(0)
                yield start, stop + 1, start, stop + 1
            return
    from rapidfuzz.distance import Levenshtein

    if Levenshtein.distance(a, b, score_cutoff=2 * allowed + DOUBLED_CHARS) > 2 * allowed + DOUBLED_CHARS:
        yield 0, len(a), 0, len(b)
        return
    part: tuple[int, int, int, int] | None = None
    for op in Levenshtein.opcodes(a, b):
        if op.tag == "equal":
            if part:
                yield part
            part = None
        elif part:
            part = part[0], op.src_end, part[2], op.dest_end
        else:
            part = op.src_start, op.src_end, op.dest_start, op.dest_end
    if part:
        yield part


def _reason(a: str, b: str, start: int, stop: int, other: int, other_stop: int) -> str:
    """Why a part of `a` and one of `b` say the same: "sound", "shape", "swapped" …; "" if they do not."""
    one, another = a[start:stop], b[other:other_stop]
    if one and another:
        # A numeral may be misread, but not as another one.
        if any(map(_is_token, one + another)) or not (_NUMERALS.isdisjoint(one) or _NUMERALS.isdisjoint(another)):
            return ""
        if len(one) != len(another) or len(one) > 2:
            return ""
        if len(one) == 2 and one == another[::-1]:
            return "swapped" if start == other and swapped(a, b, start) else ""
        return slip(a, b, start, other, len(one))
    longer, shorter, at, more = (a, b, start, one) if one else (b, a, other, another)
    size = len(more)
    if size <= DOUBLED_CHARS and more in (longer[max(0, at - size) : at], longer[at + size : at + 2 * size]):
        if all(_is_token(char) or char in _NUMERALS for char in more):
            return ""
        return "doubled"
    if size > 1 or _is_token(more) or more in _NUMERALS:
        return ""
    if is_particle(longer, at):
        return "particle"
    return "left out" if left_out(longer, shorter, at) else ""


def _is_token(char: str) -> bool:
    return ord(char) >= _FIRST_TOKEN
