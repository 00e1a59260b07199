"""Rules from packs. A line goes, or loses what stands before or after its text."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Mapping, Sequence, Set
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from ..arrays.expressions import expression
from ..conversion.division import division
from ..conversion.fold import key
from ..line import Block, Match, Span
from ..rules.around import has_han
from ..rules.glued import DOUBT
from ..rules.match import Hit, Matcher, applies
from ..rules.pattern import is_label
from ..text.interface import is_manual, lines_that_hold
from ..text.shape import ends_sentence, is_spoken
from ..text.wrapping import wrapped
from .shared_looks import Looks, read_on
from .stage import Memory, Stage, Work, once

__all__ = ["Boilerplate", "zones"]

FEW_LINES = 10
MOST_TRIMS = 30
TURNS = 2
"""So many turns of others next to a line make it a turn of a dialogue."""
FEW_SPEAKING, SPEAKING_SHARE = 3, 0.18
"""A text speaks of accounts, codes or comments itself if so many of its paragraphs do, and such a share of them."""
FEW_LITTERED = 2
"""Where pages print things into the text, so many paragraphs show it."""
FEW_TEXT, FEW_TEXT_SPARE = 4, 20
"""A text of fewer paragraphs does not show whether it does."""
LEAST_HEADING = 3
BUTTON_CHARS = 8
"""What a button says has so many characters."""
_ITEM = expression("\\s*(?:[-*+•·]\\s|[(（]?([0-9]{1,2})[)）.、．])\\s*\\S")
LEAST_SENTENCE = 10
"""A sentence below a heading has so many letters."""


class _Trim(NamedTuple):
    """A hit, where in the line what goes meets what stays, and from where to where the line is left."""

    hit: Hit
    cut: int
    start: int
    stop: int


class _Page(NamedTuple):
    """A block in work and what is known of its document, where its head stops and its tail starts, what a piece that was read has to say
    beyond what its line asks of it, for each rule, the lines on which rules act, those that are parts of paragraphs (see `text.wrapping`), and
    whether it is a manual."""

    block: Block
    memory: Memory
    head: int
    tail: int
    least: Mapping[str, int]
    hits: Sequence[tuple[int, Hit]]
    wrapped: Callable[[], Set[int]]
    is_manual: Callable[[], bool]


_Fits = Mapping[tuple[str, bool], Sequence[Hit]]
"""What rules fit texts, each with whether it is Markdown."""


class Boilerplate(Stage):
    """Applies every rule that drops or trims; a line that heads a list (`cut`) is left to the edges."""

    name = "boilerplate"

    def __init__(self, matcher: Matcher) -> None:
        self.matcher = matcher
        # So much of an end decides whether it is trimmed.
        self._reach = 1 + max((2 * rule.longest_text for rule in matcher.rules if rule.is_trim), default=0)

    def run(self, work: Sequence[Work]) -> None:
        """Remove and trim the lines that a rule matches."""
        read_on(((block, memory.looks) for block, memory in work), self.matcher)
        pages = [self._page(block, memory) for block, memory in work]
        known = self._fits_of_rests(pages)
        for page in pages:
            for i, hit in page.hits:
                self._apply(page, i, hit, known)

    def _page(self, block: Block, memory: Memory) -> _Page:
        head, tail = zones(block, memory.looks)
        least = self._least_spares(block, memory)
        hits = memory.looks.hits(block, self.matcher, head, tail, least, memory.is_sure_text)
        parts, manual = once(lambda: wrapped(block.text)), once(lambda: is_manual(block.key[i] for i in block.kept()))
        return _Page(block, memory, head, tail, least, hits, parts, manual)

    def _apply(self, page: _Page, i: int, hit: Hit, known: _Fits) -> None:
        """Do what a rule says about a line."""
        block, memory = page.block, page.memory
        text = block.text[i] or ""
        if i in memory.asked_for:
            return
        if memory.markup.is_markdown and text[hit.start : hit.stop].lstrip().startswith("<"):
            # There a tag is markup.
            return
        if (
            (hit.rule.read or hit.stop - hit.start <= BUTTON_CHARS)
            and not self.matcher.is_own(hit.rule)
            and page.is_manual()
        ):
            return
        if hit.rule.read and hit.start == 0 and memory.is_title(i):
            # What a title begins with is a part of it: [宜兰], 【星云】.
            return
        if i in block.opaque and hit.stop - hit.start < len(text):
            return
        if hit.rule.read and ((hit.stop == len(text) and _is_broken(block, i)) or i in page.wrapped()):
            return
        if hit.start > 0 and hit.stop < len(text):
            self._cut_out(page, i, hit)
        elif hit.stop - hit.start < len(text):
            self._trim(block, i, self._trims(page, i, hit, known))
        elif hit.rule.action != "cut" and not (
            memory.markup.is_parent(i, block.text) or self._belongs_to_text(block, memory.looks, i, hit)
        ):
            block.remove(i, stage=self.name, rule=hit.rule.name, evidence=Match(hit.pattern))

    def _fits_of_rests(self, pages: Sequence[_Page]) -> _Fits:
        """What rules fit what is left of lines at an end that is trimmed: asked for all pages at once, line by line takes much longer."""
        rests: dict[tuple[str, bool], None] = {}
        for page in pages:
            for i, hit in page.hits:
                text = page.block.text[i] or ""
                if (hit.start > 0) != (hit.stop < len(text)):
                    rests[self._rest(text, 0, len(text), hit, 0)[3], page.memory.markup.is_markdown] = None
        if not rests:
            return {}
        texts = [text for text, _ in rests]
        keys = key("\n".join(texts)).split("\n")
        fits = self.matcher.fits(texts, keys, [is_markdown for _, is_markdown in rests])
        return {rest: fits.get(place, ()) for place, rest in enumerate(rests)}

    def _rest(self, text: str, start: int, stop: int, hit: Hit, at: int) -> tuple[int, int, int, str]:
        """What is left of a line, from `start` to before `stop`, once a rule has trimmed what was looked at from `at` on: from where to where,
        where what decides about the next trim begins, and what that says."""
        if at_end := hit.start > 0:
            stop = at + hit.start
            while stop > start and text[stop - 1].isspace():
                stop -= 1
        else:
            start = at + hit.stop
            while start < stop and text[start].isspace():
                start += 1
        at = max(start, stop - self._reach) if at_end else start
        return start, stop, at, text[at : min(stop, at + self._reach)]

    def _least_spares(self, block: Block, memory: Memory) -> Mapping[str, int]:
        """What a piece that was read has to say beyond what its line asks of it, for each rule: less where the page prints such pieces
        all over the text, more where the text is short, and nothing is enough where it speaks of such things itself."""
        fits = memory.looks.fits[self.matcher]
        read = [hit.rule for i, hits in fits.items() if block.text[i] is not None for hit in hits if hit.rule.read]
        rules = {rule.name: rule for rule in read}
        if not rules:
            return {}
        lines = [i for i in block.kept() if memory.looks.text[i]]
        littered = sum(
            any(hit.spare >= 0 and hit.stop - hit.start < len(block.text[i] or "") for hit in fits.get(i, ()))
            for i in lines
        )
        usual = FEW_TEXT_SPARE if len(lines) < FEW_TEXT else -DOUBT if littered >= FEW_LITTERED else 0
        least = {}
        said = "\n".join([block.key[i] for i in lines if i not in fits])
        for name, rule in rules.items():
            speaking = lines_that_hold(said, _keys_of(rule.needs))
            speaks = speaking > 0 if rule.match else speaking >= max(FEW_SPEAKING, SPEAKING_SHARE * len(lines))
            least[name] = sys.maxsize if speaks or memory.markup.is_markdown else usual
        return least

    def _belongs_to_text(self, block: Block, looks: Looks, i: int, hit: Hit) -> bool:
        """Whether the lines around say that the line is text, whatever its own words: a turn of a dialogue, a heading with text below it, an
        item of a list that the text introduces."""
        if _is_introduced(block, i, looks.fits[self.matcher]):
            return True
        if is_label(hit.pattern) and is_spoken(block.text[i] or ""):
            return _is_dialogue(block, i)
        if hit.rule.where != "tail" or hit.pattern not in hit.rule.match or not hit.pattern.isalpha():
            return False
        fits = looks.fits[self.matcher]
        below = next((j for j in range(i + 1, len(block)) if block.text[j] is not None and block.key[j]), None)
        return below is not None and below not in fits and _is_sentence(block.text[below] or "", block.key[below])

    def _cut_out(self, page: _Page, i: int, hit: Hit | None) -> None:
        """Take what is no text out of the middle of the line, from one part to the next, till there is none."""
        block, cuts = page.block, 0
        while hit is not None:
            text = block.text[i] or ""
            left, right = text[: hit.start].rstrip(), text[hit.stop :].lstrip()
            if text[len(left)].isspace() and left[-1:].isascii() and right[:1].isascii():
                left = text[: len(left) + 1]
            evidence = Span(len(left), len(text) - len(right), hit.pattern)
            rest = left + right
            block.rewrite(i, rest, key(rest), stage=self.name, rule=hit.rule.name, evidence=evidence)
            # Of a line with hundreds of `<br>` not all is looked at again for each.
            again = self.matcher.again(hit, rest, block.key[i]) if (cuts := cuts + 1) >= MOST_TRIMS else None
            hit = again or next(
                (hit for hit in self._fits(page, rest) if applies(hit, i, page.head, page.tail, page.least)), None
            )
            if hit is not None and not 0 < hit.start < hit.stop < len(rest):
                # The ends have their own way, in the next round.
                hit = None

    def _fits(self, page: _Page, text: str) -> Sequence[Hit]:
        """What rules fit a text that is left of a line."""
        return self.matcher.fits([text], [key(text)], [page.memory.markup.is_markdown]).get(0, ())

    def _trim(self, block: Block, i: int, trims: list[_Trim]) -> None:
        text = block.text[i] or ""
        start, stop = 0, len(text)
        for hit, cut, left, right in trims:
            rest = text[left:right]
            evidence = Span(cut - start if hit.start else 0, (stop if hit.start else cut) - start, hit.pattern)
            block.rewrite(i, rest, key(rest), stage=self.name, rule=hit.rule.name, evidence=evidence)
            start, stop = left, right

    def _trims(self, page: _Page, i: int, hit: Hit, fits: _Fits) -> list[_Trim]:
        """A trim of the line `i`, and those that its rest is given at the same end after it.

        Only that end is looked at again, equal ends once, and beyond a few dozen trims are put together: or else the time and
        the memory for a line of nothing but share bars would grow with the square of its length.
        """
        text = page.block.text[i] or ""
        at_end = hit.start > 0
        trims: list[_Trim] = []
        known: dict[str, Hit | None] = {}
        start, stop, at = 0, len(text), 0
        found: Hit | None = hit
        while found is not None:
            cut = at + (found.start if at_end else found.stop)
            start, stop, at, piece = self._rest(text, start, stop, found, at)
            if len(trims) == MOST_TRIMS:
                trims[-1] = _Trim(trims[-1].hit, cut, start, stop)
            else:
                trims.append(_Trim(found, cut, start, stop))
            if piece not in known:
                known[piece] = self._next(piece, page, i, at_end, fits)
            found = known[piece]
        return trims

    def _next(self, piece: str, page: _Page, i: int, at_end: bool, known: _Fits) -> Hit | None:
        """The rule that acts on this end of the line and on no more of it. What stood beside something that is no text has less to say."""
        fits = known.get((piece, page.memory.markup.is_markdown))
        if fits is None:
            fits = self._fits(page, piece)
        beside = {name: spare - DOUBT for name, spare in page.least.items()}
        hit = next((hit for hit in fits if applies(hit, i, page.head, page.tail, beside)), None)
        if hit is None or (hit.start > 0) != at_end or (hit.stop == len(piece)) != at_end:
            return None
        return hit


@lru_cache(maxsize=64)
def _keys_of(words: tuple[str, ...]) -> list[str]:
    return [*map(key, words)]


def zones(block: Block, looks: Looks) -> tuple[int, int]:
    """Where the head of the document ends and its tail begins: before the first and after the last paragraph of prose.

    Both are indices into the block. A document without prose has a head and a tail only if it has many lines, a third
    each; a block in the middle of a document has neither.
    """
    head, last = _first_text(block, looks), _last_text(block, looks)
    tail = last + 1
    if head < 0:
        kept = block.speaking()
        head, tail = (kept[len(kept) // 3], kept[-(len(kept) // 3)]) if len(kept) >= FEW_LINES else (0, len(block))
    return (head if block.is_head else 0), (tail if block.is_tail else len(block))


def _is_broken(block: Block, i: int) -> bool:
    """Whether the line breaks off in a word, with which the next one goes on."""
    text = block.text[i] or ""
    below = next((other.lstrip() for j in range(i + 1, len(block)) if block.key[j] and (other := block.text[j])), "")
    return has_han(text[-1:]) and has_han(below[:1]) and division().joins(text, below)


def _is_sentence(text: str, said: str) -> bool:
    return len(said) >= LEAST_SENTENCE and ends_sentence(text)


def _is_introduced(block: Block, i: int, known: Container[int]) -> bool:
    """Whether the line is an item of a list below a line that no rule knows, and that ends in a colon; or has any below which the items are
    numbered from one on."""
    item = _ITEM.match(block.text[i] or "")
    if item is None:
        return False
    is_from_one = item[1] == "1"
    for j in range(i - 1, -1, -1):
        text = block.text[j]
        if text is None or not block.key[j]:
            continue
        above = _ITEM.match(text)
        if above is None:
            is_told = j not in known and len(block.key[j]) >= LEAST_HEADING
            return is_told and (text.rstrip().endswith(("：", ":")) or (bool(item[1]) and is_from_one))
        is_from_one = above[1] == "1"
    return False


def _is_dialogue(block: Block, i: int) -> bool:
    """Whether the lines next to a line with a speaker are turns of others, who speak in sentences."""
    speaker = _speaker(block.text[i] or "")
    turns = 0
    for step in (-1, 1):
        near = islice((j for j in range(i + step, len(block) if step > 0 else -1, step) if block.key[j]), TURNS)
        texts = [block.text[j] or "" for j in near]
        turns += sum(is_spoken(text) and ends_sentence(text) and _speaker(text) != speaker for text in texts)
    return turns >= TURNS


def _speaker(text: str) -> str:
    return text.replace("：", ":").partition(":")[0].strip()


def _first_text(block: Block, looks: Looks) -> int:
    i = looks.text.find(1)
    while i >= 0 and block.text[i] is None:
        i = looks.text.find(1, i + 1)
    return i


def _last_text(block: Block, looks: Looks) -> int:
    i = looks.text.rfind(1)
    while i >= 0 and block.text[i] is None:
        i = looks.text.rfind(1, 0, i)
    return i
